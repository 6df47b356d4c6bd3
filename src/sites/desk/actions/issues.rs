//! Reporting and editing issues.

use std::sync::Arc;

use jiff::civil::Date;

use crate::sites::clock::NOW;
use crate::sites::desk::actions::{DAY, Refusal, Wrong, issue_with, need, note, write_issue};
use crate::sites::desk::queries::access::project;
use crate::sites::desk::state::{
    DeskState, Event, Happening, Issue, IssueId, IssueKind, MilestoneId, MilestoneState, Priority,
    ProjectKey, Right, Severity, Status, Username,
};

/// The longest title, in characters.
pub const TITLE_LENGTH: usize = 120;
/// The longest description, in characters.
pub const TEXT_LENGTH: usize = 8_000;
/// The highest estimate in points.
pub const MOST_POINTS: u32 = 100;

/// The word in the form for "the component's owner".
pub const OWNER: &str = "owner";
/// The word in the form for "me".
pub const ME: &str = "me";

/// What is entered about a new issue. All as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewIssue {
    /// Field `project`.
    pub project: String,
    /// Field `kind`.
    pub kind: String,
    /// Field `title`.
    pub title: String,
    /// Field `description`.
    pub description: String,
    /// Field `component`; empty for none.
    pub component: String,
    /// Field `severity`; of a bug.
    pub severity: String,
    /// Field `priority`.
    pub priority: String,
    /// Field `milestone`: its id; empty for none.
    pub milestone: String,
    /// Field `assignee`: [`OWNER`], [`ME`] or empty for nobody.
    pub assignee: String,
    /// Field `due`; empty for none.
    pub due: String,
    /// Field `points`; empty for none.
    pub points: String,
    /// Field `labels`.
    pub labels: Vec<String>,
    /// Field `confidential`.
    pub confidential: bool,
}

/// Reports an issue.
pub fn create(state: &mut DeskState, form: &NewIssue) -> Result<IssueId, Refusal> {
    let key: ProjectKey = form
        .project
        .parse()
        .map_err(|_| Refusal::field("project", "Choose a project."))?;
    need(state, key, Right::Create)?;
    let mut wrong = Wrong::default();
    let kind: Option<IssueKind> = wrong.choice("kind", &form.kind);
    let priority: Option<Priority> = wrong.choice("priority", &form.priority);
    wrong.needs("title", &form.title, TITLE_LENGTH);
    wrong.at_most("description", &form.description, TEXT_LENGTH);
    let severity = severity(kind, &form.severity, &mut wrong);
    let component = component(state, key, &form.component, &mut wrong);
    let milestone = milestone(state, key, &form.milestone, None, &mut wrong);
    let due: Option<Date> = wrong.perhaps("due", &form.due, DAY);
    let points = points(&form.points, &mut wrong);
    let known = project(state, key).is_some_and(|project| {
        let has = |label: &String| project.labels.iter().any(|one| one.name == *label);
        form.labels.iter().all(has)
    });
    if !known {
        wrong.say("labels", "Choose among the project's labels.");
    }
    wrong.none()?;
    let (Some(kind), Some(priority)) = (kind, priority) else {
        return Err(Refusal::field("kind", "Choose a kind and a priority."));
    };
    let assignees = first_assignee(state, key, component.as_deref(), &form.assignee);
    let id = next_id(state, key);
    let mut labels = form.labels.clone();
    labels.sort();
    labels.dedup();
    let me = state.fixed.me.clone();
    let issue = Issue {
        id,
        title: form.title.clone(),
        description: form.description.clone(),
        kind,
        status: Status::Todo,
        resolution: None,
        priority,
        severity,
        component,
        labels,
        milestone,
        assignees,
        watchers: Vec::new(),
        due,
        points,
        estimate_min: None,
        confidential: form.confidential,
        reporter: me.clone(),
        created_at: NOW,
        updated_at: NOW,
        events: vec![Event {
            at: NOW,
            by: me,
            what: Happening::Reported,
        }],
    };
    Arc::make_mut(&mut state.issues).insert(id, Arc::new(issue));
    let order = Arc::make_mut(&mut state.order).entry(key).or_default();
    Arc::make_mut(order).push(id);
    Ok(id)
}

fn next_id(state: &mut DeskState, project: ProjectKey) -> IssueId {
    let next = state.incidental.next_issue.entry(project).or_insert(1);
    let no = *next;
    *next += 1;
    IssueId { project, no }
}

fn first_assignee(
    state: &DeskState,
    key: ProjectKey,
    component: Option<&str>,
    wanted: &str,
) -> Vec<Username> {
    match wanted {
        ME => vec![state.fixed.me.clone()],
        OWNER => project(state, key)
            .and_then(|project| {
                let mut components = project.components.iter();
                components.find(|one| Some(one.name.as_str()) == component)
            })
            .map(|component| component.owner.clone())
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

fn severity(kind: Option<IssueKind>, text: &str, wrong: &mut Wrong) -> Option<Severity> {
    if kind == Some(IssueKind::Bug) {
        return wrong.choice("severity", text);
    }
    if !text.is_empty() {
        wrong.say("severity", "Only bugs have a severity.");
    }
    None
}

fn component(state: &DeskState, key: ProjectKey, text: &str, wrong: &mut Wrong) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let known = project(state, key)
        .is_some_and(|project| project.components.iter().any(|one| one.name == text));
    if !known {
        wrong.say("component", "Choose one of the project's components.");
    }
    Some(text.to_owned())
}

/// Reads a milestone's id: one of the project that is open, or the one that it had.
pub(super) fn milestone(
    state: &DeskState,
    key: ProjectKey,
    text: &str,
    had: Option<&MilestoneId>,
    wrong: &mut Wrong,
) -> Option<MilestoneId> {
    if text.is_empty() {
        return None;
    }
    let found = state
        .milestones
        .get(text)
        .filter(|milestone| milestone.project == key);
    match found {
        Some(milestone)
            if milestone.state == MilestoneState::Open || had == Some(&milestone.id) =>
        {
            Some(milestone.id.clone())
        }
        Some(_) => {
            wrong.say("milestone", "This milestone is over.");
            None
        }
        None => {
            wrong.say("milestone", "Choose one of the project's milestones.");
            None
        }
    }
}

fn points(text: &str, wrong: &mut Wrong) -> Option<u32> {
    let right = "Points are a whole number from 0 to 100.";
    let points: Option<u32> = wrong.perhaps("points", text, right);
    if points.is_some_and(|points| points > MOST_POINTS) {
        wrong.say("points", right);
    }
    points
}

/// What stands beside an issue and can be changed at once. All as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties {
    /// Field `status`: any but closed.
    pub status: String,
    /// Field `priority`.
    pub priority: String,
    /// Field `milestone`: its id; empty for none.
    pub milestone: String,
    /// Field `due`; empty for none.
    pub due: String,
    /// Field `points`; empty for none.
    pub points: String,
}

/// Changes what stands beside an issue.
pub fn set_properties(
    state: &mut DeskState,
    id: IssueId,
    form: &Properties,
) -> Result<(), Refusal> {
    let issue = issue_with(state, id, Right::Edit)?;
    let mut wrong = Wrong::default();
    let is_open = issue.is_open();
    let status = if is_open {
        wrong.choice::<Status>("status", &form.status)
    } else {
        Some(Status::Closed)
    };
    if is_open && status == Some(Status::Closed) {
        wrong.say("status", "Use \"Close issue\", which asks for the reason.");
    }
    let priority: Option<Priority> = wrong.choice("priority", &form.priority);
    let had = issue.milestone.clone();
    let milestone = milestone(state, id.project, &form.milestone, had.as_ref(), &mut wrong);
    let due: Option<Date> = wrong.perhaps("due", &form.due, DAY);
    let points = points(&form.points, &mut wrong);
    wrong.none()?;
    let me = state.fixed.me.clone();
    let issue = write_issue(state, id)?;
    let before = issue.clone();
    issue.status = status.unwrap_or(issue.status);
    issue.priority = priority.unwrap_or(issue.priority);
    issue.milestone = milestone;
    issue.due = due;
    issue.points = points;
    say_changes(&before, issue, &me);
    Ok(())
}

/// Writes down what differs, in words.
pub(super) fn say_changes(before: &Issue, issue: &mut Issue, me: &Username) {
    let mut said = Vec::new();
    if before.status != issue.status {
        said.push(format!("set the status to {}", issue.status.label()));
    }
    if before.priority != issue.priority {
        said.push(format!("set the priority to {}", issue.priority.label()));
    }
    if before.milestone != issue.milestone {
        said.push("changed the milestone".to_owned());
    }
    if before.due != issue.due {
        said.push("changed the due date".to_owned());
    }
    if before.points != issue.points {
        said.push("changed the points".to_owned());
    }
    if before.labels != issue.labels {
        said.push("changed the labels".to_owned());
    }
    if before.assignees != issue.assignees {
        said.push("changed the assignees".to_owned());
    }
    if before.watchers != issue.watchers {
        said.push("changed the watchers".to_owned());
    }
    if said.is_empty() && before != issue {
        said.push("edited the issue".to_owned());
    }
    if !said.is_empty() {
        note(issue, me, Happening::Changed(said.join(", ")));
    }
}

/// What an issue says about itself. All as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Field `kind`.
    pub kind: String,
    /// Field `title`.
    pub title: String,
    /// Field `description`.
    pub description: String,
    /// Field `component`; empty for none.
    pub component: String,
    /// Field `severity`; of a bug.
    pub severity: String,
    /// Field `estimate`: hours and minutes; empty for none.
    pub estimate: String,
    /// Field `confidential`.
    pub confidential: bool,
}

/// Changes what an issue says about itself.
pub fn edit(state: &mut DeskState, id: IssueId, form: &Text) -> Result<(), Refusal> {
    issue_with(state, id, Right::Edit)?;
    let mut wrong = Wrong::default();
    let kind: Option<IssueKind> = wrong.choice("kind", &form.kind);
    wrong.needs("title", &form.title, TITLE_LENGTH);
    wrong.at_most("description", &form.description, TEXT_LENGTH);
    let severity = severity(kind, &form.severity, &mut wrong);
    let component = component(state, id.project, &form.component, &mut wrong);
    let estimate = if form.estimate.is_empty() {
        None
    } else {
        let minutes = super::talk::minutes(&form.estimate);
        if minutes.is_none() {
            wrong.say("estimate", super::talk::HOW_LONG);
        }
        minutes
    };
    wrong.none()?;
    let me = state.fixed.me.clone();
    let issue = write_issue(state, id)?;
    let before = issue.clone();
    issue.kind = kind.unwrap_or(issue.kind);
    issue.title.clone_from(&form.title);
    issue.description.clone_from(&form.description);
    issue.component = component;
    issue.severity = severity;
    issue.estimate_min = estimate;
    issue.confidential = form.confidential;
    say_changes(&before, issue, &me);
    Ok(())
}
