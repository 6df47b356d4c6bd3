//! Draws about many issues at once.

use serde_json::{Value, json};

use super::parts::{
    ensure, open_issue, open_milestones, open_tab, project_name, projects_with, quoted,
};
use super::reading::seen_of;
use crate::sites::clock::TODAY;
use crate::sites::desk::queries::issues::matching;
use crate::sites::desk::queries::links::{blockers, is_blocked};
use crate::sites::desk::queries::milestones::by_title;
use crate::sites::desk::state::{DeskState, Issue, Milestone, Project, Right};
use crate::sites::desk::view::{IssueQuery, NONE, StatusFilter};
use crate::sites::tasks::draw::Drawn;

/// Changes that put issues into a milestone.
fn moves(issues: &[&Issue], milestone: &str) -> Vec<Value> {
    issues
        .iter()
        .map(|issue| {
            json!({
                "op": "change",
                "collection": "desk.issues",
                "key": issue.id.to_string(),
                "fields": {"milestone": milestone},
            })
        })
        .collect()
}

/// The open, unassigned issues of a project with a label, and what looks like them.
struct Labelled<'a> {
    set: Vec<&'a Issue>,
    closed: &'a Issue,
    assigned: &'a Issue,
    filter: Vec<String>,
}

fn labelled<'a>(
    state: &'a DeskState,
    project: &Project,
    label: &str,
) -> Result<Labelled<'a>, String> {
    let query = IssueQuery {
        label: Some(label.to_owned()),
        ..IssueQuery::of(project.key)
    };
    let of = |assignee: Option<&str>, status| {
        let query = IssueQuery {
            assignee: assignee.map(str::to_owned),
            status,
            ..query.clone()
        };
        matching(state, &query)
    };
    let set = of(Some(NONE), StatusFilter::NotClosed);
    ensure((3..=12).contains(&set.len()), "not 3 to 12 issues")?;
    let closed = of(None, StatusFilter::Closed).into_iter().next();
    let assigned = of(None, StatusFilter::NotClosed)
        .into_iter()
        .find(|issue| !issue.assignees.is_empty());
    let mut filter = open_tab(state, project.key, "Issues");
    filter.push("click button 'More filters'".to_owned());
    filter.push(format!("select 'Label' '{}'", quoted(label)));
    filter.push("select 'Assignee' 'Assignee: nobody'".to_owned());
    filter.push("click button 'Apply'".to_owned());
    Ok(Labelled {
        set,
        closed: closed.ok_or("none with the label is closed")?,
        assigned: assigned.ok_or("none with the label is assigned")?,
        filter,
    })
}

/// D06: what bears a label and nobody does, into a milestone.
pub(super) fn move_labelled(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::Edit) {
        for label in &project.labels {
            for milestone in open_milestones(state, project.key) {
                drawn.push(one_label(state, project, &label.name, milestone));
            }
        }
    }
    drawn
}

fn one_label(state: &DeskState, project: &Project, label: &str, milestone: &Milestone) -> Drawn {
    let found = labelled(state, project, label)?;
    ensure(milestone.due >= TODAY, "the milestone is overdue")?;
    let outside = |issue: &Issue| issue.milestone.as_ref() != Some(&milestone.id);
    let moving: Vec<&Issue> = found
        .set
        .iter()
        .copied()
        .filter(|issue| outside(issue))
        .collect();
    ensure(moving.len() >= 3, "fewer than 3 are elsewhere")?;
    ensure(
        outside(found.closed) && outside(found.assigned),
        "a look-alike is there",
    )?;
    let mut steps = found.filter;
    steps.push(format!("choose 'All {} of the list'", found.set.len()));
    steps.push(format!(
        "select 'Set milestone' '{}'",
        quoted(&milestone.title)
    ));
    steps.push("click button 'Change issues'".to_owned());
    let other = open_milestones(state, project.key)
        .into_iter()
        .find(|other| other.id != milestone.id)
        .ok_or("it has one milestone only")?;
    Ok(json!({
        "label": label,
        "project": project.name,
        "milestone": {"title": milestone.title, "id": milestone.id},
        "other_milestone": other.id,
        "expect": moves(&moving, &milestone.id),
        "closed": found.closed.id.to_string(),
        "assigned": found.assigned.id.to_string(),
        "steps": steps,
    }))
}

/// N07: the same when the milestone is another project's, and this one has one like it.
pub(super) fn move_to_foreign(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::Edit) {
        for label in &project.labels {
            for milestone in state.milestones.values() {
                if milestone.project != project.key {
                    drawn.push(one_foreign(state, project, &label.name, milestone));
                }
            }
        }
    }
    drawn
}

fn one_foreign(state: &DeskState, project: &Project, label: &str, milestone: &Milestone) -> Drawn {
    let found = labelled(state, project, label)?;
    ensure(
        by_title(state, project.key, &milestone.title).is_none(),
        "the project has it too",
    )?;
    let word = milestone.title.split(' ').next().unwrap_or("");
    let near = open_milestones(state, project.key)
        .into_iter()
        .find(|own| own.title.starts_with(word) && own.title != milestone.title)
        .ok_or("no milestone of the project is like it")?;
    let near_change = moves(&found.set[..1], &near.id);
    Ok(json!({
        "label": label,
        "project": project.name,
        "project_key": project.key.as_str(),
        "milestone": {"title": milestone.title, "id": milestone.id},
        "near": {"title": near.title, "id": near.id},
        "near_change": near_change,
        "about": near.about,
        "start": near.start,
        "due": near.due,
        "steps": open_tab(state, project.key, "Milestones"),
    }))
}

/// Comments on what stays behind.
const STAYS: [&str; 4] = [
    "Stays here until what blocks it is done.",
    "Still blocked, so it was not moved.",
    "Waits for another issue and stays in this milestone.",
    "Left behind on purpose: it is blocked.",
];

/// D07: an overdue milestone is emptied, but for what is blocked.
pub(super) fn end_milestone(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::Edit) {
        let open = open_milestones(state, project.key);
        for from in open.iter().filter(|milestone| milestone.due < TODAY) {
            for to in open.iter().filter(|milestone| milestone.due >= TODAY) {
                for text in STAYS {
                    drawn.push(one_end(state, project, from, to, text));
                }
            }
        }
    }
    drawn
}

fn one_end(
    state: &DeskState,
    project: &Project,
    from: &Milestone,
    to: &Milestone,
    text: &str,
) -> Drawn {
    let mut inside: Vec<&Issue> = seen_of(state, project.key)
        .filter(|issue| issue.is_open() && issue.milestone.as_ref() == Some(&from.id))
        .collect();
    inside.sort_by_key(|issue| issue.id);
    let (stay, go): (Vec<&Issue>, Vec<&Issue>) = inside
        .iter()
        .copied()
        .partition(|issue| is_blocked(state, issue.id));
    ensure((2..=4).contains(&stay.len()), "not 2 to 4 are blocked")?;
    ensure((4..=9).contains(&go.len()), "not 4 to 9 are free")?;
    let once_blocked = go
        .iter()
        .find(|issue| !blockers(state, issue.id).is_empty())
        .ok_or("none was blocked by what is closed")?;
    let mut expect = moves(&go, &to.id);
    let comment = |issue: &Issue| {
        json!({
            "op": "add",
            "collection": "desk.comments",
            "fields": {
                "on": issue.id.to_string(),
                "author": state.fixed.me,
                "text": text,
                "internal": false,
                "deleted": false,
            },
        })
    };
    expect.extend(stay.iter().map(|issue| comment(issue)));
    let at = go.iter().position(|issue| issue.id == once_blocked.id);
    let mut steps = open_tab(state, project.key, "Issues");
    steps.push("click button 'More filters'".to_owned());
    steps.push(format!("select 'Milestone' '{}'", quoted(&from.title)));
    steps.push("click button 'Apply'".to_owned());
    for issue in &go {
        steps.push(format!("check 'Choose {}'", issue.id));
    }
    steps.push(format!("select 'Set milestone' '{}'", quoted(&to.title)));
    steps.push("click button 'Change issues'".to_owned());
    for issue in &stay {
        steps.extend(open_issue(issue.id));
        steps.push("see 'Is blocked by'".to_owned());
        steps.push(format!("fill 'Comment' '{}'", quoted(text)));
        steps.push("click button 'Add comment'".to_owned());
    }
    Ok(json!({
        "from": from.title,
        "to": to.title,
        "project": project_name(state, project.key),
        "text": text,
        "expect": expect,
        "once_blocked": at,
        "first_comment": go.len(),
        "stays": stay[0].id.to_string(),
        "stays_change": moves(&stay[..1], &to.id),
        "again": comment(stay[0]),
        "steps": steps,
    }))
}
