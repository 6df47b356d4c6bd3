//! Draws of questions about what happened when.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use serde_json::json;

use super::parts::{
    ensure, goes_by_first_name, has_own_name, open_tab, project_name, projects_with, quoted,
};
use crate::sites::clock::{TODAY, day_text, month_name, plus_days};
use crate::sites::desk::queries::issues::matching;
use crate::sites::desk::queries::milestones::{BurnDay, burndown};
use crate::sites::desk::queries::people::name;
use crate::sites::desk::queries::{PER_PAGE, short_day};
use crate::sites::desk::state::{
    DeskState, Issue, IssueKind, Milestone, Project, ProjectKey, Right,
};
use crate::sites::desk::view::{IssueQuery, StatusFilter};
use crate::sites::tasks::draw::{Drawn, spread};

/// A part of a project's issues, in words and as its filter.
struct Part<'a> {
    words: String,
    query: IssueQuery,
    /// Chooses the part in the list of the project's issues.
    step: Option<(&'a str, String)>,
}

/// All issues of a project, its bugs, and those of each component.
fn parts_of(project: &Project) -> Vec<Part<'_>> {
    let name = &project.name;
    let query = IssueQuery {
        status: StatusFilter::Closed,
        ..IssueQuery::of(project.key)
    };
    let mut parts = vec![
        Part {
            words: format!("{name} issues"),
            query: query.clone(),
            step: None,
        },
        Part {
            words: format!("{name} bugs"),
            query: IssueQuery {
                kind: Some(IssueKind::Bug),
                ..query.clone()
            },
            step: Some(("Kind", IssueKind::Bug.label())),
        },
    ];
    parts.extend(project.components.iter().map(|component| Part {
        words: format!("issues of {name}'s component \"{}\"", component.name),
        query: IssueQuery {
            component: Some(component.name.clone()),
            ..query.clone()
        },
        step: Some(("Component", component.name.clone())),
    }));
    parts
}

/// Some months in a row, in words and with their first and last day.
struct Span {
    words: String,
    from: Date,
    to: Date,
}

/// One, two, three and six months in a row, all of them over.
fn spans() -> Vec<Span> {
    let span = |from: Date, months: i64| {
        let to = plus_days(from, 31 * (months - 1)).last_of_month();
        let end = format!("{} {}", month_name(to.month()), to.year());
        let start = month_name(from.month());
        let words = if months == 1 {
            format!("in {end}")
        } else if from.year() == to.year() {
            format!("from {start} to the end of {end}")
        } else {
            format!("from {start} {} to the end of {end}", from.year())
        };
        Span { words, from, to }
    };
    let mut spans = Vec::new();
    let mut first = date(2025, 1, 1);
    while first < TODAY.first_of_month() {
        spans.extend([1, 2, 3, 6].map(|months| span(first, months)));
        first = plus_days(first, 31).first_of_month();
    }
    spans.retain(|span| span.to < TODAY);
    spans
}

/// D03: who closed most, or second most, of what is closed now, in some months, and how many.
pub(super) fn most_closed(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::Edit) {
        for part in parts_of(project) {
            for span in spans() {
                for rank in [1, 2] {
                    drawn.push(one_ranking(state, project.key, &part, &span, rank));
                }
            }
        }
    }
    spread(drawn, "answer")
}

/// Names by how often they come, most first; none when one of the first, or the one behind them,
/// comes as often as the next.
fn most<'a>(names: impl Iterator<Item = &'a str>, first: usize) -> Option<Vec<(&'a str, usize)>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in names {
        *counts.entry(one).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let strict = counts.windows(2).take(first).all(|two| two[0].1 > two[1].1);
    (counts.len() > first && strict).then_some(counts)
}

fn one_ranking(
    state: &DeskState,
    key: ProjectKey,
    part: &Part<'_>,
    span: &Span,
    rank: usize,
) -> Drawn {
    let query = IssueQuery {
        closed_from: Some(span.from),
        closed_to: Some(span.to),
        ..part.query.clone()
    };
    let found: Vec<&Issue> = matching(state, &query);
    ensure(
        (5..=PER_PAGE * 2).contains(&found.len()),
        "not 5 to 50 issues",
    )?;
    let closers = found
        .iter()
        .filter_map(|issue| issue.closing())
        .map(|closing| &*closing.by);
    let counts = most(closers, rank).ok_or("two closed as many")?;
    let (winner, times) = counts[rank - 1];
    ensure(
        !goes_by_first_name(state, winner),
        "the user name is a first name",
    )?;
    ensure(times >= 2, "who is asked for closed only one")?;
    ensure(
        counts.iter().all(|(who, _)| has_own_name(state, who)),
        "two people bear the name",
    )?;
    let (neighbour, neighbours) = counts[2 - rank];
    let assigned = most(
        found
            .iter()
            .filter_map(|issue| issue.assignees.first().map(|one| &**one)),
        rank,
    );
    let by_assignee = assigned
        .map(|counts| counts[rank - 1].0)
        .filter(|who| *who != winner && has_own_name(state, who))
        .unwrap_or(counts[rank].0);
    Ok(json!({
        "what": part.words,
        "rank": if rank == 1 { "the most" } else { "the second most" },
        "period": span.words,
        "answer": format!("{}, {times}", name(state, winner)),
        "winner": name(state, winner),
        "count": times,
        "neighbour": name(state, neighbour),
        "neighbours": neighbours,
        "by_assignee": name(state, by_assignee),
        "steps": ranking_steps(state, key, part, span, &found, rank),
    }))
}

/// Narrows the list of a project's issues and reads who closed each.
fn ranking_steps(
    state: &DeskState,
    key: ProjectKey,
    part: &Part<'_>,
    span: &Span,
    found: &[&Issue],
    rank: usize,
) -> Vec<String> {
    let mut steps = open_tab(state, key, "Issues");
    steps.push("select 'Status' 'Status: closed'".to_owned());
    steps.push("click button 'More filters'".to_owned());
    if let Some((filter, value)) = &part.step {
        steps.push(format!("select '{filter}' '{}'", quoted(value)));
    }
    steps.push(format!("fill 'Closed from' '{}'", span.from));
    steps.push(format!("fill 'Closed until' '{}'", span.to));
    steps.push("click button 'Apply'".to_owned());
    let (mut closers, mut pairs) = (String::new(), String::new());
    for (at, issue) in found.iter().enumerate() {
        if at == PER_PAGE {
            steps.push("click link 'Next page'".to_owned());
        }
        let day = issue
            .closing()
            .map_or(span.from, |closing| closing.at.date());
        steps.push(format!(
            "read c{at} after '{}' within '{}'",
            short_day(day),
            issue.id
        ));
        closers.push_str(&format!(" $c{at}"));
        pairs.push_str(&format!(" '$most, $c{at}' $c{at}"));
    }
    if rank == 1 {
        steps.push(format!("set name most '1'{closers}"));
    } else {
        // The first two, and the one of them who is not the first.
        steps.push(format!("set most most '1'{closers}"));
        steps.push(format!("set two most '2'{closers}"));
        steps.push(format!("set name pick $two{pairs}"));
    }
    steps.push(format!("set count times $name{closers}"));
    steps
}

/// D11: the day on which the remaining work fell most, of all days of a milestone, of a month, or of
/// half or two thirds of one.
pub(super) fn steepest_day(state: &DeskState) -> Vec<Drawn> {
    let mine = projects_with(state, Right::View);
    let mut drawn = Vec::new();
    for milestone in state.milestones.values() {
        if !mine.iter().any(|project| project.key == milestone.project) {
            continue;
        }
        let days = burndown(state, milestone);
        let mut months: Vec<Date> = days.iter().map(|day| day.day.first_of_month()).collect();
        months.dedup();
        drawn.push(one_burndown(state, milestone, &days, None));
        for first in months {
            let last = first.last_of_month();
            let middle = plus_days(first, 14);
            let parts = [
                (first, last),
                (first, middle),
                (plus_days(middle, 1), last),
                (first, plus_days(first, 19)),
                (plus_days(first, 10), last),
            ];
            for (from, to) in parts {
                drawn.push(one_burndown(state, milestone, &days, Some((from, to))));
            }
        }
    }
    spread(drawn, "answer")
}

/// Days in words, with what stands before them: ` in March 2026`, ` from 1 to 15 March 2026, both
/// included,`.
fn days_words((from, to): (Date, Date)) -> String {
    let month = format!("{} {}", month_name(to.month()), to.year());
    if to == from.last_of_month() && from == to.first_of_month() {
        format!(" in {month}")
    } else {
        format!(
            " from {} to {} {month}, both included,",
            from.day(),
            to.day()
        )
    }
}

/// The day on which the work grew most, if it ever grew.
fn steepest_rise(days: &[BurnDay]) -> Option<&BurnDay> {
    let most = days.iter().max_by_key(|day| day.change);
    most.filter(|day| day.change > 0)
}

fn one_burndown(
    state: &DeskState,
    milestone: &Milestone,
    all: &[BurnDay],
    part: Option<(Date, Date)>,
) -> Drawn {
    let asked = |day: &&BurnDay| part.is_none_or(|(from, to)| (from..=to).contains(&day.day));
    let days: Vec<BurnDay> = all.iter().filter(asked).copied().collect();
    ensure(days.len() >= 10, "fewer than 10 days")?;
    ensure(
        part.is_none() || days.len() < all.len(),
        "the part is all there is",
    )?;
    let mut by_change: Vec<&BurnDay> = days.iter().collect();
    by_change.sort_by_key(|day| day.change);
    let (steepest, second) = (by_change[0], by_change[1]);
    ensure(steepest.change < second.change, "two falls are as large")?;
    ensure(steepest.change <= -4, "the fall is small")?;
    ensure(second.change < 0, "it fell on one day only")?;
    let of_all = all.iter().min_by_key(|day| day.change);
    let tempting = of_all.filter(|_| part.is_some()).unwrap_or(second);
    ensure(
        tempting.day != steepest.day,
        "it is the largest fall of all",
    )?;
    let rise = steepest_rise(&days)
        .or_else(|| steepest_rise(all))
        .ok_or("it never rises")?;
    let mut steps = open_tab(state, milestone.project, "Milestones");
    steps.push(format!(
        "click link '{}' within 'Milestones'",
        quoted(&milestone.title)
    ));
    steps.push("click button 'View as table'".to_owned());
    let (mut pairs, mut values) = (String::new(), String::new());
    for (at, day) in days.iter().enumerate() {
        let text = day_text(day.day);
        steps.push(format!("read c{at} cell 3 within '{text}'"));
        pairs.push_str(&format!(" '{text}' $c{at}"));
        values.push_str(&format!(" $c{at}"));
    }
    steps.push(format!("set day lowest{pairs}"));
    steps.push(format!("set points fall{values}"));
    Ok(json!({
        "project": project_name(state, milestone.project),
        "milestone": milestone.title,
        "when": part.map_or_else(String::new, days_words),
        "answer": format!("{}, {}", steepest.day, -steepest.change),
        "day": steepest.day,
        "fall": -steepest.change,
        "rise_day": rise.day,
        "rise": rise.change,
        "second_day": second.day,
        "second": -second.change,
        "tempting_day": tempting.day,
        "tempting": -tempting.change,
        "next_day": plus_days(steepest.day, 1),
        "steps": steps,
    }))
}
