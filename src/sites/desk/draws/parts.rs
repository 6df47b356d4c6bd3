//! What several draws need.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::sites::desk::queries::access::{may, project};
use crate::sites::desk::queries::milestones::of_project;
use crate::sites::desk::queries::people::name;
use crate::sites::desk::state::{
    DeskState, Issue, IssueId, Member, Milestone, MilestoneState, Project, ProjectKey, Right,
};
use crate::sites::tasks::draw::Drawn;

/// The name that two people bear.
pub(super) const TWICE: &str = "Anna Kowalski";

/// Throws the draw away, with the reason, unless the condition holds.
pub(super) fn ensure(holds: bool, reason: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

/// A text for an instruction of a solution.
pub(super) fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// Projects in which who is signed in has a right.
pub(super) fn projects_with(state: &DeskState, right: Right) -> Vec<&Project> {
    state
        .fixed
        .projects
        .iter()
        .filter(|project| may(state, project.key, right))
        .collect()
}

/// Issues of a project.
pub(super) fn issues_of(state: &DeskState, key: ProjectKey) -> impl Iterator<Item = &Issue> {
    state
        .issues
        .values()
        .map(AsRef::as_ref)
        .filter(move |issue| issue.id.project == key)
}

/// Open milestones of a project, by last day.
pub(super) fn open_milestones(state: &DeskState, key: ProjectKey) -> Vec<&Milestone> {
    of_project(state, key)
        .into_iter()
        .filter(|milestone| milestone.state == MilestoneState::Open)
        .collect()
}

/// The name of a project.
pub(super) fn project_name(state: &DeskState, key: ProjectKey) -> String {
    project(state, key).map_or_else(String::new, |project| project.name.clone())
}

/// A person as pickers write them.
pub(super) fn pick_label(member: &Member) -> String {
    format!("{} ({}, {})", member.name, member.team, member.username)
}

/// Instructions that lead from anywhere to an issue.
pub(super) fn open_issue(id: IssueId) -> Vec<String> {
    vec![
        format!("fill 'Search issues' '{id}'"),
        "click button 'Search'".to_owned(),
        format!("click link '{id}'"),
    ]
}

/// Instructions that lead from anywhere to a tab of a project.
pub(super) fn open_tab(state: &DeskState, key: ProjectKey, tab: &str) -> Vec<String> {
    let project = project_name(state, key);
    vec![
        format!("click link '{project}' within 'Projects'"),
        format!("click link '{tab}' within '{project}'"),
    ]
}

/// Whether the whole name of somebody means one person only.
pub(super) fn has_own_name(state: &DeskState, username: &str) -> bool {
    let whole = name(state, username);
    let same = state.fixed.members.values().filter(|one| one.name == whole);
    same.count() == 1
}

/// Draws that a template needs; of as many, one may have a given answer.
const TWENTY: usize = 20;

/// Throws away draws whose answer too many have, so that no answer is right in more than one of
/// twenty of those that stay. Where there are too few answers for that, twenty stay.
pub(super) fn spread(drawn: Vec<Drawn>, answer: &str) -> Vec<Drawn> {
    let text = |values: &Value| values[answer].to_string();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for values in drawn.iter().flatten() {
        *times.entry(text(values)).or_default() += 1;
    }
    let stay = |each: usize| times.values().map(|all| each.min(*all)).sum::<usize>();
    let most = times.values().copied().max().unwrap_or(1);
    let each = (1..=most)
        .rev()
        .find(|each| stay(*each) >= each * TWENTY)
        .or_else(|| (1..=most).find(|each| stay(*each) >= TWENTY))
        .unwrap_or(most);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut keep = |values: Value| {
        let answer = text(&values);
        let all = times.get(&answer).copied().unwrap_or(1).max(1);
        let at = seen.entry(answer).or_default();
        // From all over the list, not its first ones.
        let part = |at: usize| at * each.min(all) / all;
        *at += 1;
        if part(*at - 1) < part(*at) {
            Ok(values)
        } else {
            Err(format!("draws beyond {each} with its answer"))
        }
    };
    drawn
        .into_iter()
        .map(|one| one.and_then(&mut keep))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn draws_of(answers: &[(&str, usize)]) -> Vec<Drawn> {
        answers
            .iter()
            .flat_map(|(answer, times)| (0..*times).map(move |_| Ok(json!({"who": answer}))))
            .collect()
    }

    fn those_of(drawn: &[Drawn], answer: &str) -> usize {
        let wanted = json!({"who": answer});
        drawn
            .iter()
            .filter(|one| one.as_ref() == Ok(&wanted))
            .count()
    }

    #[test]
    fn no_answer_stays_more_often_than_once_in_twenty() {
        let names: Vec<String> = (0..30).map(|at| format!("n{at}")).collect();
        let mut answers: Vec<(&str, usize)> = names.iter().map(|name| (&**name, 2)).collect();
        answers[0].1 = 40;
        let stay = spread(draws_of(&answers), "who");
        let all = stay.iter().flatten().count();
        assert_eq!(those_of(&stay, "n0"), all / TWENTY);
        assert_eq!(those_of(&stay, "n1"), 2);
        assert_eq!(all, 61);
    }

    #[test]
    fn twenty_stay_where_there_are_few_answers() {
        let stay = spread(draws_of(&[("a", 30), ("b", 30), ("c", 4)]), "who");
        assert_eq!(those_of(&stay, "a"), those_of(&stay, "b"));
        assert_eq!(stay.iter().flatten().count(), TWENTY);
    }
}
