//! Draws about merge requests and duplicates.

use std::collections::BTreeSet;

use serde_json::json;

use super::parts::{ensure, open_issue, pick_label, quoted};
use crate::sites::desk::queries::access::{may, visible};
use crate::sites::desk::queries::merges::{closes, merge_refused, naming};
use crate::sites::desk::state::{DeskState, Issue, IssueId, Merge, Right, Username};
use crate::sites::tasks::draw::Drawn;

/// D09: the request that closes an issue, next to one that only names it.
pub(super) fn merge_closing(state: &DeskState) -> Vec<Drawn> {
    state
        .issues
        .values()
        .map(|issue| one_merge(state, issue))
        .collect()
}

fn one_merge(state: &DeskState, issue: &Issue) -> Drawn {
    ensure(
        visible(state, issue.id).is_some() && issue.is_open(),
        "it is closed or unseen",
    )?;
    let (closing, mentions): (Vec<&Merge>, Vec<&Merge>) = naming(state, issue.id)
        .into_iter()
        .filter(|merge| merge.ended.is_none())
        .partition(|merge| closes(merge) == [issue.id]);
    let ([right], [other]) = (closing.as_slice(), mentions.as_slice()) else {
        return Err("not one request closes it and one mentions it".into());
    };
    ensure(merge_refused(state, right).is_none(), "it cannot be merged")?;
    ensure(
        merge_refused(state, other).is_none(),
        "the other cannot be merged",
    )?;
    let mut steps = open_issue(issue.id);
    steps.push(format!(
        "click link '{} {}'",
        right.id,
        quoted(&right.title)
    ));
    steps.push("see 'closed when this is merged'".to_owned());
    steps.push("check 'Squash commits'".to_owned());
    steps.push("check 'Delete branch'".to_owned());
    steps.push("click button 'Merge'".to_owned());
    Ok(json!({
        "key": issue.id.to_string(),
        "request": right.id.to_string(),
        "mention": other.id.to_string(),
        "steps": steps,
    }))
}

/// D10: three issues that report the same problem.
pub(super) fn same_problem(state: &DeskState) -> Vec<Drawn> {
    state
        .fixed
        .families
        .iter()
        .map(|family| one_problem(state, *family))
        .collect()
}

fn one_problem(state: &DeskState, mut group: [IssueId; 3]) -> Drawn {
    group.sort();
    ensure(
        may(state, group[0].project, Right::Edit),
        "they may not be edited",
    )?;
    let issues: Vec<&Issue> = group.iter().filter_map(|id| visible(state, *id)).collect();
    let [a, b, c] = issues.as_slice() else {
        return Err("one of them is not seen".into());
    };
    let kept = issues
        .iter()
        .min_by_key(|issue| issue.created_at)
        .ok_or("nothing is kept")?;
    ensure(kept.id != a.id, "the lowest number is the earliest")?;
    let others: Vec<&&Issue> = issues.iter().filter(|issue| issue.id != kept.id).collect();
    let union: BTreeSet<&Username> = issues.iter().flat_map(|issue| &issue.watchers).collect();
    let missing: Vec<&Username> = union
        .iter()
        .copied()
        .filter(|one| !kept.watchers.contains(one))
        .collect();
    ensure(
        (1..=4).contains(&missing.len()),
        "not 1 to 4 watchers are missing",
    )?;
    ensure(missing.len() < union.len() - 1, "watchers do not overlap")?;
    let mut steps = Vec::new();
    steps.extend(open_issue(kept.id));
    for one in &missing {
        let member = state.fixed.members.get(*one).ok_or("no account")?;
        steps.push("click link 'Change watchers'".to_owned());
        steps.push(format!("fill 'Find people' '{one}'"));
        steps.push("click button 'Find'".to_owned());
        steps.push(format!("check '{}'", quoted(&pick_label(member))));
        steps.push("click button 'Save'".to_owned());
    }
    for other in &others {
        steps.extend(open_issue(other.id));
        steps.push("click link 'Close issue'".to_owned());
        steps.push("select 'Reason' 'Duplicate of another issue'".to_owned());
        steps.push(format!("fill 'Duplicate of' '{}'", kept.id));
        steps.push("click button 'Close issue'".to_owned());
    }
    let fewer: Vec<&Username> = union
        .iter()
        .copied()
        .filter(|one| **one != *missing[0])
        .collect();
    let link = |other: &Issue| format!("{} duplicates {}", other.id, kept.id);
    Ok(json!({
        "k1": a.id.to_string(),
        "k2": b.id.to_string(),
        "k3": c.id.to_string(),
        "kept": kept.id.to_string(),
        "first": others[0].id.to_string(),
        "second": others[1].id.to_string(),
        "first_link": link(others[0]),
        "second_link": link(others[1]),
        "turned_link": format!("{} duplicates {}", kept.id, others[0].id),
        "watchers": union,
        "fewer": fewer,
        "steps": steps,
    }))
}
