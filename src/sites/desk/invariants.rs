//! What must hold whatever was done. A sound desk never breaks one; a broken one is a fault of
//! the site, never the agent's.

use std::collections::BTreeSet;

use crate::sites::desk::queries::access::project;
use crate::sites::desk::state::{
    DeskState, Issue, IssueKind, MOST_ASSIGNEES, MergeState, Resolution, Subject,
};

/// Every broken invariant, in words; empty when all hold.
pub fn broken(_base: &DeskState, state: &DeskState) -> Vec<String> {
    let mut broken = Vec::new();
    for issue in state.issues.values() {
        one_issue(state, issue, &mut broken);
    }
    orders(state, &mut broken);
    links(state, &mut broken);
    for merge in state.merges.values() {
        let ended = merge.state != MergeState::Open;
        if ended != merge.ended.is_some() {
            broken.push(format!("{} does not know when it ended", merge.id));
        }
        if !ended && (merge.squashed || merge.branch_deleted) {
            broken.push(format!("{} is open and has lost its branch", merge.id));
        }
    }
    for comment in state.comments.values() {
        let there = match comment.on {
            Subject::Issue(id) => state.issues.contains_key(&id),
            Subject::Merge(id) => state.merges.contains_key(&id),
        };
        if !there {
            broken.push(format!("comment {} is on nothing", comment.no));
        }
    }
    for (no, entry) in state.work.iter() {
        if entry.minutes == 0 || !state.issues.contains_key(&entry.issue) {
            broken.push(format!("logged work {no} is of no issue or no length"));
        }
    }
    broken
}

fn one_issue(state: &DeskState, issue: &Issue, broken: &mut Vec<String>) {
    let id = issue.id;
    let mut say = |what: &str| broken.push(format!("{id} {what}"));
    if issue.is_open() == issue.resolution.is_some() {
        say("is closed without a reason, or open with one");
    }
    if issue.is_open() != issue.closing().is_none() {
        say("is closed, and nobody closed it");
    }
    if (issue.kind == IssueKind::Bug) != issue.severity.is_some() {
        say("has a severity and is no bug, or the other way round");
    }
    for list in [&issue.assignees, &issue.watchers] {
        if !list.windows(2).all(|pair| pair[0] < pair[1]) {
            say("has people twice or out of order");
        }
    }
    if issue.assignees.len() > MOST_ASSIGNEES {
        say("has too many assignees");
    }
    let Some(project) = project(state, id.project) else {
        say("is of no project");
        return;
    };
    let known = |label: &String| project.labels.iter().any(|one| one.name == *label);
    if !issue.labels.iter().all(known) || !issue.labels.is_sorted() {
        say("bears labels that its project does not have");
    }
    let own = issue.milestone.as_ref().is_none_or(|milestone| {
        let milestone = state.milestones.get(milestone);
        milestone.is_some_and(|milestone| milestone.project == id.project)
    });
    if !own {
        say("is in a milestone of another project");
    }
}

fn orders(state: &DeskState, broken: &mut Vec<String>) {
    for (project, order) in state.order.iter() {
        let listed: BTreeSet<_> = order.iter().copied().collect();
        let there: BTreeSet<_> = state
            .issues
            .keys()
            .copied()
            .filter(|id| id.project == *project)
            .collect();
        if listed != there || listed.len() != order.len() {
            broken.push(format!(
                "the board of {project} does not hold each issue once"
            ));
        }
    }
}

fn links(state: &DeskState, broken: &mut Vec<String>) {
    for link in state.links.iter() {
        if link.from == link.to
            || !state.issues.contains_key(&link.from)
            || !state.issues.contains_key(&link.to)
        {
            broken.push(format!("the link `{}` has no two ends", link.key()));
        }
    }
    for issue in state.issues.values() {
        let links = state.links.iter().any(|link| {
            link.from == issue.id && link.kind == crate::sites::desk::state::LinkKind::Duplicates
        });
        if issue.resolution == Some(Resolution::Duplicate) && !links {
            broken.push(format!("{} is a duplicate of nothing", issue.id));
        }
    }
}
