//! Draws of questions about what happened when.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use serde_json::json;

use super::parts::{ensure, has_own_name, open_tab, project_name, projects_with, quoted};
use crate::sites::clock::{TODAY, day_text, month_name, plus_days};
use crate::sites::desk::queries::issues::matching;
use crate::sites::desk::queries::milestones::{BurnDay, burndown};
use crate::sites::desk::queries::people::name;
use crate::sites::desk::queries::{PER_PAGE, short_day};
use crate::sites::desk::state::{DeskState, Issue, Milestone, ProjectKey, Right};
use crate::sites::desk::view::{IssueQuery, StatusFilter};
use crate::sites::tasks::draw::Drawn;

/// D03: who closed most of what is closed now, in a month.
pub(super) fn most_closed(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::Edit) {
        let mut first = date(2025, 3, 1);
        while first < date(TODAY.year(), TODAY.month(), 1) {
            drawn.push(one_month(state, project.key, first));
            first = plus_days(first, 31).first_of_month();
        }
    }
    drawn
}

/// Names by how often they come, most first; none when the first two tie.
fn most<'a>(names: impl Iterator<Item = &'a str>) -> Option<Vec<(&'a str, usize)>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in names {
        *counts.entry(one).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    (counts.len() >= 2 && counts[0].1 > counts[1].1).then_some(counts)
}

fn one_month(state: &DeskState, key: ProjectKey, first: Date) -> Drawn {
    let query = IssueQuery {
        status: StatusFilter::Closed,
        closed_from: Some(first),
        closed_to: Some(first.last_of_month()),
        ..IssueQuery::of(key)
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
    let counts = most(closers).ok_or("two closed as many")?;
    let (winner, times) = counts[0];
    ensure(times >= 2, "nobody closed two")?;
    ensure(has_own_name(state, winner), "two people bear the name")?;
    let assigned = most(
        found
            .iter()
            .filter_map(|issue| issue.assignees.first().map(|one| &**one)),
    );
    let by_assignee = assigned
        .and_then(|counts| counts.first().map(|(who, _)| *who))
        .filter(|who| *who != winner && has_own_name(state, who))
        .unwrap_or(counts[1].0);
    let mut steps = open_tab(state, key, "Issues");
    steps.push("select 'Status' 'Status: closed'".to_owned());
    steps.push("click button 'More filters'".to_owned());
    steps.push(format!("fill 'Closed from' '{first}'"));
    steps.push(format!("fill 'Closed until' '{}'", first.last_of_month()));
    steps.push("click button 'Apply'".to_owned());
    let mut closers = Vec::new();
    for (at, issue) in found.iter().enumerate() {
        if at == PER_PAGE {
            steps.push("click link 'Next page'".to_owned());
        }
        let day = issue.closing().map_or(first, |closing| closing.at.date());
        steps.push(format!(
            "read c{at} after '{}' within '{}'",
            short_day(day),
            issue.id
        ));
        closers.push(format!("$c{at}"));
    }
    steps.push(format!("set name most '1' {}", closers.join(" ")));
    Ok(json!({
        "project": project_name(state, key),
        "month": month_name(first.month()),
        "year": first.year(),
        "winner": name(state, winner),
        "second": name(state, counts[1].0),
        "by_assignee": name(state, by_assignee),
        "count": times,
        "steps": steps,
    }))
}

/// D11: the day on which the remaining work fell most.
pub(super) fn steepest_day(state: &DeskState) -> Vec<Drawn> {
    let mine = projects_with(state, Right::View);
    state
        .milestones
        .values()
        .filter(|milestone| mine.iter().any(|project| project.key == milestone.project))
        .map(|milestone| one_burndown(state, milestone))
        .collect()
}

fn one_burndown(state: &DeskState, milestone: &Milestone) -> Drawn {
    let days = burndown(state, milestone);
    ensure(days.len() >= 10, "fewer than 10 days")?;
    let mut by_change: Vec<&BurnDay> = days.iter().collect();
    by_change.sort_by_key(|day| day.change);
    let (steepest, second) = (by_change[0], by_change[1]);
    ensure(steepest.change < second.change, "two falls are as large")?;
    ensure(steepest.change <= -6, "the fall is small")?;
    let rise = by_change[by_change.len() - 1];
    ensure(rise.change > 0, "it never rises")?;
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
        "day": steepest.day,
        "fall": -steepest.change,
        "rise_day": rise.day,
        "rise": rise.change,
        "second_day": second.day,
        "second": -second.change,
        "next_day": plus_days(steepest.day, 1),
        "steps": steps,
    }))
}
