//! Draws of questions that a list or an issue answers.

use serde_json::{Value, json};

use super::parts::{
    ensure, goes_by_first_name, has_own_name, issues_of, open_issue, open_tab, project_name,
    projects_with, quoted,
};
use crate::sites::desk::queries::access::{may, sees};
use crate::sites::desk::queries::issues::count;
use crate::sites::desk::queries::merges::matching;
use crate::sites::desk::queries::milestones::of_project;
use crate::sites::desk::queries::people::name;
use crate::sites::desk::state::{DeskState, Issue, IssueId, ProjectKey, Right};
use crate::sites::desk::view::{IssueQuery, MergeQuery, MergeSort, MergeStateFilter, StatusFilter};
use crate::sites::tasks::draw::{Drawn, spread};

/// D01: who an issue is assigned to, and when it is due.
pub(super) fn assignee_and_due(state: &DeskState) -> Vec<Drawn> {
    state
        .issues
        .values()
        .map(|issue| one_assignee(state, issue))
        .collect()
}

/// The key with its last two digits swapped.
fn swapped(id: IssueId) -> IssueId {
    let (tens, ones) = (id.no / 10 % 10, id.no % 10);
    IssueId {
        no: id.no - tens * 10 - ones + ones * 10 + tens,
        ..id
    }
}

fn one_assignee(state: &DeskState, issue: &Issue) -> Drawn {
    ensure(
        sees(state, issue) && issue.is_open(),
        "it is closed or unseen",
    )?;
    let [assignee] = issue.assignees.as_slice() else {
        return Err("not one assignee".into());
    };
    ensure(
        !goes_by_first_name(state, assignee),
        "the user name is a first name",
    )?;
    let due = issue.due.ok_or("it has no due date")?;
    ensure(has_own_name(state, assignee), "two people bear the name")?;
    ensure(
        has_own_name(state, &issue.reporter),
        "two people bear the reporter's name",
    )?;
    ensure(issue.reporter != *assignee, "the reporter does it")?;
    let other = state
        .issues
        .get(&swapped(issue.id))
        .filter(|other| other.id != issue.id && sees(state, other))
        .ok_or("no issue has the digits swapped")?;
    let other_who = other.assignees.first().unwrap_or(&other.reporter);
    ensure(other_who != assignee, "the other is assigned to the same")?;
    let reported = issue.created_at.date();
    Ok(json!({
        "key": issue.id.to_string(),
        "who": name(state, assignee),
        "due": due,
        "reporter": name(state, &issue.reporter),
        "reported": reported,
        "other_who": name(state, other_who),
        "other_due": other.due.unwrap_or(reported),
        "steps": open_issue(issue.id),
    }))
}

/// D02: how many open or closed issues, or of both, of a project or of one of its milestones, bear a label
/// and not another.
pub(super) fn label_count(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::View) {
        let titles = of_project(state, project.key)
            .into_iter()
            .map(|milestone| Some(milestone.title.as_str()));
        for milestone in titles.chain([None]) {
            for status in [
                StatusFilter::NotClosed,
                StatusFilter::Closed,
                StatusFilter::All,
            ] {
                for with in &project.labels {
                    for without in &project.labels {
                        let query = IssueQuery {
                            status,
                            milestone: milestone.map(ToOwned::to_owned),
                            label: Some(with.name.clone()),
                            without: Some(without.name.clone()),
                            ..IssueQuery::of(project.key)
                        };
                        drawn.push(one_count(state, project.key, &query));
                    }
                }
            }
        }
    }
    spread(drawn, "count")
}

fn one_count(state: &DeskState, key: ProjectKey, query: &IssueQuery) -> Drawn {
    ensure(query.label != query.without, "it is the same label")?;
    let right = count(state, query);
    ensure((12..=90).contains(&right), "not 12 to 90 issues")?;
    let milestone = query.milestone.as_deref();
    ensure(
        !milestone.is_some_and(|title| title.contains(&right.to_string())),
        "the title holds the number",
    )?;
    let elsewhere = |title: &str| {
        let mut all = state.milestones.values();
        all.any(|other| other.title == title && other.project != key)
    };
    ensure(
        milestone.is_none_or(elsewhere),
        "the title is the project's own",
    )?;
    let (what, other_status) = match query.status {
        StatusFilter::All => ("issues", StatusFilter::NotClosed),
        StatusFilter::Closed => ("closed issues", StatusFilter::All),
        _ => ("open issues", StatusFilter::All),
    };
    let of_other_status = IssueQuery {
        status: other_status,
        ..query.clone()
    };
    let with_both = IssueQuery {
        without: None,
        ..query.clone()
    };
    let wider = IssueQuery {
        project: query.project.filter(|_| milestone.is_some()),
        milestone: None,
        ..query.clone()
    };
    let others = [of_other_status, with_both, wider].map(|other| count(state, &other));
    ensure(others[0] != right, "all of them have the status")?;
    ensure(others[1] != right, "none bears both")?;
    ensure(others[2] != right, "there are none beside them")?;
    let project = project_name(state, key);
    let place = milestone.map_or_else(
        || format!("of {project}"),
        |title| format!("in the milestone \"{title}\" of {project}"),
    );
    let both = match query.status {
        StatusFilter::All => ", open or closed,",
        _ => "",
    };
    Ok(json!({
        "what": what,
        "place": format!("{place}{both}"),
        "with": query.label,
        "without": query.without,
        "count": right,
        "of_other_status": others[0],
        "with_both": others[1],
        "wider": others[2],
        "steps": count_steps(state, key, query),
    }))
}

/// Narrows the list of a project's issues.
fn count_steps(state: &DeskState, key: ProjectKey, query: &IssueQuery) -> Vec<String> {
    let mut steps = open_tab(state, key, "Issues");
    let status = match query.status {
        StatusFilter::Closed => Some("closed"),
        StatusFilter::All => Some("all"),
        _ => None,
    };
    steps.extend(status.map(|status| format!("select 'Status' 'Status: {status}'")));
    steps.push("click button 'More filters'".to_owned());
    let chosen = [
        ("Label", &query.label),
        ("Without label", &query.without),
        ("Milestone", &query.milestone),
    ];
    for (filter, value) in chosen {
        if let Some(value) = value {
            steps.push(format!("select '{filter}' '{}'", quoted(value)));
        }
    }
    steps.push("click button 'Apply'".to_owned());
    steps
}

/// D14: a list of merge requests by reviewer, oldest first.
pub(super) fn review_list(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::View) {
        drawn.push(one_review_list(state, Some(project.key), &state.fixed.me));
    }
    for username in state.fixed.members.keys() {
        drawn.push(one_review_list(state, None, username));
    }
    drawn
}

fn one_review_list(state: &DeskState, project: Option<ProjectKey>, reviewer: &str) -> Drawn {
    let mine = *reviewer == *state.fixed.me;
    ensure(has_own_name(state, reviewer), "two people bear the name")?;
    let query = MergeQuery {
        project,
        reviewer: Some(reviewer.to_owned()),
        sort: MergeSort::Oldest,
        ..MergeQuery::start()
    };
    let found = matching(state, &query);
    ensure(found.len() >= 2, "fewer than 2 requests")?;
    ensure(
        found
            .iter()
            .all(|merge| may(state, merge.id.project, Right::View)),
        "one of them is not seen",
    )?;
    let all = MergeQuery {
        state: MergeStateFilter::All,
        ..query
    };
    ensure(matching(state, &all).len() > found.len(), "none is merged")?;
    let whole = name(state, reviewer);
    let whose = if mine {
        "my review".to_owned()
    } else {
        format!("{whole}'s review")
    };
    let place = project.map_or_else(String::new, |key| {
        format!(" of {}", project_name(state, key))
    });
    let mut params = json!({"reviewer": reviewer, "sort": "oldest"});
    let mut steps = vec!["click link 'Merge requests' within 'More'".to_owned()];
    if let Some(key) = project {
        params["project"] = Value::String(key.to_string());
        steps.push(format!(
            "select 'Project' 'Project: {}'",
            project_name(state, key)
        ));
    }
    let team = state
        .fixed
        .members
        .get(reviewer)
        .map_or("", |member| member.team.as_str());
    steps.push(format!(
        "select 'Reviewer' 'Reviewer: {} ({team})'",
        quoted(whole)
    ));
    steps.push("select 'Sort by' 'Oldest first'".to_owned());
    steps.push("click button 'Apply'".to_owned());
    Ok(json!({
        "whose": whose,
        "place": place,
        "reviewer": reviewer,
        "params": params,
        "count": found.len(),
        "steps": steps,
    }))
}

/// Issues of a project that who is signed in sees.
pub(super) fn seen_of(state: &DeskState, key: ProjectKey) -> impl Iterator<Item = &Issue> {
    issues_of(state, key).filter(move |issue| sees(state, issue))
}
