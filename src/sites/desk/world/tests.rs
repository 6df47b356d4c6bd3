//! The world of the tracker: the same for the same seed, and whole.

use std::collections::BTreeSet;

use crate::sites::clock::TODAY;
use crate::sites::desk::queries::access::{may, my_role};
use crate::sites::desk::queries::merges::closes;
use crate::sites::desk::state::{MilestoneState, Resolution, Right, Role};
use crate::sites::desk::{invariants, records};
use crate::sites::people::People;

use super::*;

fn made(world: u32) -> DeskState {
    base(world, &People::of(world))
}

#[test]
fn a_world_is_always_the_same_and_others_differ() {
    assert_eq!(made(1), made(1));
    assert_ne!(records::of(&made(1)), records::of(&made(2)));
}

#[test]
fn every_world_is_sound_and_large_enough_to_search_in() {
    for world in 1..4 {
        let state = made(world);
        assert_eq!(invariants::broken(&state, &state), Vec::<String>::new());
        assert_eq!(state.fixed.members.len(), 48);
        assert!(state.issues.len() > 700, "{}", state.issues.len());
        assert!(state.comments.len() > 1_500, "{}", state.comments.len());
        assert!(state.merges.len() > 90, "{}", state.merges.len());
        assert!(state.work.len() > 200, "{}", state.work.len());
        assert!(state.fixed.moved.len() > 5, "{}", state.fixed.moved.len());
        let titles: BTreeSet<_> = state
            .issues
            .values()
            .map(|issue| (issue.id.project, issue.title.as_str()))
            .collect();
        assert_eq!(titles.len(), state.issues.len(), "a title stands twice");
    }
}

#[test]
fn the_persona_has_every_role_somewhere() {
    let state = made(1);
    let count = |role| {
        let projects = state.fixed.projects.iter();
        projects
            .filter(|project| my_role(&state, project.key) == role)
            .count()
    };
    assert_eq!(count(Some(Role::Maintainer)), 2);
    assert_eq!(count(Some(Role::Developer)), 4);
    assert_eq!(count(Some(Role::Reporter)), 2);
    assert_eq!(count(None), 1);
    let sec = "SEC".parse().unwrap();
    assert!(!may(&state, sec, Right::View));
}

#[test]
fn labels_are_spelt_in_two_ways_across_projects() {
    let state = made(1);
    let names: BTreeSet<&str> = state
        .fixed
        .projects
        .iter()
        .flat_map(|project| project.labels.iter().map(|label| label.name.as_str()))
        .collect();
    for label in ["follow up", "needs design", "data loss"] {
        assert!(names.contains(label), "{label}");
        assert!(names.contains(label.replace(' ', "-").as_str()), "{label}");
    }
    assert!(names.len() >= 36, "{}", names.len());
}

#[test]
fn every_project_has_an_overdue_milestone_with_open_issues() {
    let state = made(2);
    for project in &state.fixed.projects {
        if my_role(&state, project.key) < Some(Role::Developer) {
            continue;
        }
        let overdue = state.milestones.values().find(|milestone| {
            milestone.project == project.key
                && milestone.state == MilestoneState::Open
                && milestone.due < TODAY
        });
        let overdue = overdue.expect("one is overdue");
        let open = state
            .issues
            .values()
            .filter(|issue| issue.is_open() && issue.milestone.as_ref() == Some(&overdue.id));
        assert!(open.count() >= 6, "{}", project.key);
    }
}

#[test]
fn the_lowest_number_of_a_group_is_never_the_earliest() {
    let state = made(1);
    assert!(state.fixed.families.len() >= 20);
    for family in &state.fixed.families {
        let first = family.iter().min_by_key(|id| state.issues[id].created_at);
        assert_ne!(first, family.iter().min());
        assert!(family.iter().all(|id| state.issues[id].is_open()));
    }
}

#[test]
fn some_requests_close_and_some_only_mention() {
    let state = made(1);
    let open = || state.merges.values().filter(|merge| merge.ended.is_none());
    assert!(open().filter(|merge| !closes(merge).is_empty()).count() >= 20);
    assert!(open().filter(|merge| closes(merge).is_empty()).count() >= 20);
    let duplicates = state
        .issues
        .values()
        .filter(|issue| issue.resolution == Some(Resolution::Duplicate));
    assert!(duplicates.count() > 5);
}
