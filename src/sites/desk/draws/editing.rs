//! Draws about single issues: a new one, its card, work on it.

use jiff::civil::{Date, Weekday};
use serde_json::json;

use super::parts::{
    ensure, issues_of, open_issue, open_milestones, open_tab, project_name, projects_with, quoted,
};
use super::reading::seen_of;
use crate::sites::clock::{TODAY, plus_days};
use crate::sites::desk::queries::board::{column, natural};
use crate::sites::desk::queries::people::name;
use crate::sites::desk::queries::short_day;
use crate::sites::desk::state::{
    Component, DeskState, Issue, IssueId, MilestoneState, Project, Right, Severity, Status,
};
use crate::sites::tasks::draw::Drawn;

/// Bugs that nobody has reported yet.
const BUGS: [&str; 4] = [
    "Flickers while it loads",
    "Shows the same entry twice",
    "Loses the first letter on slow days",
    "Cannot be printed on one page",
];

/// D05: a new bug, due two working days before the milestone that ends next.
pub(super) fn new_bug(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::Create) {
        for (at, component) in project.components.iter().enumerate() {
            for (number, title) in BUGS.iter().enumerate() {
                let severity = Severity::ALL[(at + number) % Severity::ALL.len()];
                drawn.push(one_bug(state, project, component, title, severity));
            }
        }
    }
    drawn
}

fn working_days_before(day: Date, count: usize) -> Date {
    let mut day = day;
    let mut left = count;
    while left > 0 {
        day = plus_days(day, -1);
        if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            left -= 1;
        }
    }
    day
}

fn one_bug(
    state: &DeskState,
    project: &Project,
    component: &Component,
    words: &str,
    severity: Severity,
) -> Drawn {
    let key = project.key;
    let title = format!("{}: {}", component.name, words.to_lowercase());
    ensure(
        !issues_of(state, key).any(|issue| issue.title == title),
        "it was reported before",
    )?;
    let open = open_milestones(state, key);
    let mut coming = open.iter().filter(|milestone| milestone.due >= TODAY);
    let (next, after) = (
        coming.next().ok_or("no milestone is ahead")?,
        coming.next().ok_or("only one milestone is ahead")?,
    );
    ensure(next.due < after.due, "two end on the same day")?;
    let overdue = open
        .iter()
        .find(|milestone| milestone.due < TODAY && milestone.state == MilestoneState::Open)
        .ok_or("none is overdue")?;
    ensure(
        matches!(next.due.weekday(), Weekday::Monday | Weekday::Tuesday),
        "it does not end on a Monday or Tuesday",
    )?;
    let due = working_days_before(next.due, 2);
    let other = project
        .components
        .iter()
        .find(|other| other.name != component.name && other.owner != component.owner)
        .or_else(|| {
            project
                .components
                .iter()
                .find(|other| other.name != component.name)
        })
        .ok_or("it has one component only")?;
    let label = format!(
        "{} (owner {})",
        component.name,
        name(state, &component.owner)
    );
    let milestone = format!("{} (ends {})", next.title, short_day(next.due));
    let steps = vec![
        "click link 'New issue'".to_owned(),
        format!("select 'Project' '{} ({key})'", project.name),
        "click button 'Continue'".to_owned(),
        "select 'Kind' 'Bug'".to_owned(),
        format!("fill 'Title' '{}'", quoted(&title)),
        format!("select 'Component' '{}'", quoted(&label)),
        format!("select 'Severity' '{}'", severity.label()),
        format!("select 'Milestone' '{}'", quoted(&milestone)),
        format!("fill 'Due date' '{due}'"),
        "click button 'Report issue'".to_owned(),
    ];
    Ok(json!({
        "project": project.name,
        "title": title,
        "component": component.name,
        "other_component": other.name,
        "owner": component.owner,
        "severity": severity,
        "milestone": next.id,
        "overdue": overdue.id,
        "due": due,
        "calendar": plus_days(next.due, -2),
        "ends": next.due,
        "steps": steps,
    }))
}

/// D08: a card to the top of a column.
pub(super) fn card_to_top(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::Edit) {
        for issue in seen_of(state, project.key) {
            for status in Status::COLUMNS {
                drawn.push(one_card(state, project, issue, status));
            }
        }
    }
    drawn
}

fn texts(ids: &[IssueId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn one_card(state: &DeskState, project: &Project, issue: &Issue, status: Status) -> Drawn {
    ensure(
        issue.is_open() && issue.status != status,
        "it is closed or there",
    )?;
    let others = column(state, project.key, status);
    ensure(others.len() >= 6, "fewer than 6 cards")?;
    let alike = |other: &&Issue| {
        let tail = |title: &str| -> Vec<String> {
            title
                .split(' ')
                .map(str::to_lowercase)
                .filter(|word| word.len() > 5)
                .collect()
        };
        let own = tail(&issue.title);
        other.id != issue.id
            && other.is_open()
            && other.status == issue.status
            && tail(&other.title)
                .iter()
                .filter(|word| own.contains(word))
                .count()
                >= 1
    };
    let near = seen_of(state, project.key)
        .find(alike)
        .ok_or("no card has a title like it")?;
    let mut wanted = vec![issue.id];
    wanted.extend(&others);
    // The order that the card would have without a move.
    let mut trial = state.clone();
    let moved =
        crate::sites::desk::actions::life::move_card(&mut trial, issue.id, status.as_str(), "top");
    ensure(moved.is_ok(), "it cannot be moved")?;
    let order = column(&trial, project.key, status);
    ensure(order == wanted, "the page puts it elsewhere")?;
    ensure(
        natural(&trial, project.key, status) != order,
        "it stands there anyway",
    )?;
    let mut second = wanted.clone();
    second.swap(0, 1);
    let mut bottom = others.clone();
    bottom.push(issue.id);
    let mut steps = open_tab(state, project.key, "Board");
    steps.push(format!("click link 'Move {}'", issue.id));
    steps.push(format!("select 'Column' '{}'", status.label()));
    steps.push("select 'Place' 'Top of the column'".to_owned());
    steps.push("click button 'Move card'".to_owned());
    Ok(json!({
        "project": project_name(state, project.key),
        "key": issue.id.to_string(),
        "near": near.id.to_string(),
        "column": {"id": status, "label": status.label()},
        "record": format!("{}/{status}", project.key),
        "order": texts(&wanted),
        "second": texts(&second),
        "bottom": texts(&bottom),
        "other_column": Status::COLUMNS.iter().find(|other| **other != status && **other != issue.status),
        "steps": steps,
    }))
}

/// Lengths of work as people say and enter them, with their minutes and a wrong reading.
const LENGTHS: [(&str, &str, u32, u32); 4] = [
    ("1 h 45 min", "1h 45m", 105, 87),
    ("2 h 15 min", "2h 15m", 135, 129),
    ("3 h 30 min", "3h 30m", 210, 198),
    ("1 h 20 min", "1h 20m", 80, 72),
];

/// D13: work of yesterday.
pub(super) fn log_work(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::Edit) {
        for issue in seen_of(state, project.key) {
            for length in LENGTHS {
                drawn.push(one_work(state, issue, length));
            }
        }
    }
    drawn
}

fn one_work(state: &DeskState, issue: &Issue, length: (&str, &str, u32, u32)) -> Drawn {
    let (spoken, typed, minutes, wrong) = length;
    ensure(issue.is_open(), "it is closed")?;
    ensure(issue.assignees.contains(&state.fixed.me), "it is not mine")?;
    let other = seen_of(state, issue.id.project)
        .find(|other| {
            other.is_open() && other.id.no.abs_diff(issue.id.no) <= 10 && other.id != issue.id
        })
        .ok_or("no open issue is near")?;
    let mut steps = open_issue(issue.id);
    steps.push("click link 'Log work'".to_owned());
    steps.push(format!("fill 'Time spent' '{typed}'"));
    steps.push(format!("fill 'Day' '{}'", plus_days(TODAY, -1)));
    steps.push("click button 'Log work'".to_owned());
    Ok(json!({
        "key": issue.id.to_string(),
        "neighbour": other.id.to_string(),
        "spoken": spoken,
        "minutes": minutes,
        "wrong": wrong,
        "yesterday": plus_days(TODAY, -1),
        "today": TODAY,
        "steps": steps,
    }))
}
