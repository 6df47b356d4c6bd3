//! The actions of the tracker, tried on the base state.

use super::*;
use crate::sites::desk::queries::board::column;
use crate::sites::desk::queries::merges::closes;
use crate::sites::desk::state::{
    IssueKind, MergeState, Resolution, Role, Status, Subject, Username,
};
use crate::sites::desk::{invariants, records, world};
use crate::sites::diff::changes;
use crate::sites::people::People;

fn start() -> DeskState {
    world::base(1, &People::of(1))
}

fn web() -> ProjectKey {
    "WEB".parse().unwrap()
}

/// An open issue of a project that anybody there sees.
fn open_issue(state: &DeskState, project: ProjectKey) -> IssueId {
    let found = state
        .issues
        .values()
        .find(|issue| issue.id.project == project && issue.is_open() && !issue.confidential);
    found.unwrap().id
}

/// What differs from the start, as `op collection`; the state must be sound.
fn differs(base: &DeskState, state: &DeskState) -> Vec<String> {
    assert_eq!(invariants::broken(base, state), Vec::<String>::new());
    changes(&records::of(base), &records::of(state))
        .into_iter()
        .map(|change| format!("{} {}", change.op, change.collection))
        .collect()
}

#[test]
fn a_new_issue_goes_to_the_owner_of_its_component() {
    let (base, mut state) = (start(), start());
    let component = base
        .fixed
        .projects
        .iter()
        .find(|project| project.key == web())
        .unwrap()
        .components[1]
        .clone();
    let form = issues::NewIssue {
        project: "WEB".into(),
        kind: "bug".into(),
        title: "Results flicker".into(),
        component: component.name.clone(),
        severity: "major".into(),
        priority: "normal".into(),
        assignee: issues::OWNER.into(),
        ..issues::NewIssue::default()
    };
    let id = issues::create(&mut state, &form).unwrap();
    assert_eq!(state.issues[&id].assignees, [component.owner]);
    assert_eq!(differs(&base, &state), ["add desk.issues"]);

    let without = issues::NewIssue {
        severity: String::new(),
        title: " ".trim().into(),
        ..form.clone()
    };
    let refusal = issues::create(&mut state, &without).unwrap_err();
    assert!(refusal.of("severity").is_some() && refusal.of("title").is_some());
    let foreign = issues::NewIssue {
        milestone: "hlp-spring-2026".into(),
        ..form
    };
    assert!(
        issues::create(&mut state, &foreign)
            .unwrap_err()
            .of("milestone")
            .is_some()
    );
}

#[test]
fn a_role_without_the_right_is_refused() {
    let mut state = start();
    let pay = open_issue(&state, "PAY".parse().unwrap());
    let refusal = life::close(&mut state, pay, "done", "").unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Forbidden);
    assert!(refusal.message.contains("developer"), "{}", refusal.message);
    talk::comment(&mut state, Subject::Issue(pay), "May I?", false).unwrap();
    let sec = open_issue(&state, "SEC".parse().unwrap());
    let refusal = talk::comment(&mut state, Subject::Issue(sec), "Hello", false).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotFound);
    let refusal = members::add(&mut state, web(), "mara", "guest", "").unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::Forbidden);
}

#[test]
fn a_duplicate_is_linked_and_reopening_takes_the_link_away() {
    let (base, mut state) = (start(), start());
    let family = base.fixed.families[0];
    life::close(&mut state, family[1], "duplicate", &family[0].to_string()).unwrap();
    assert_eq!(
        differs(&base, &state),
        ["change desk.issues", "add desk.links"]
    );
    let key = format!("{} duplicates {}", family[1], family[0]);
    assert!(links::remove(&mut state, family[1], &key).is_err());
    let turned = life::close(&mut state, family[0], "duplicate", &family[1].to_string());
    assert!(turned.unwrap_err().of("duplicate_of").is_some());
    life::reopen(&mut state, family[1]).unwrap();
    // The status before it was closed is not kept.
    let left = differs(&base, &state);
    assert!(
        left.is_empty() || left == ["change desk.issues"],
        "{left:?}"
    );
    for wrong in ["", "WEB", "WEB-99999"] {
        assert!(life::close(&mut state, family[1], "duplicate", wrong).is_err());
    }
}

#[test]
fn cards_move_and_the_way_back_leads_to_the_old_order() {
    let (base, mut state) = (start(), start());
    let cards = column(&base, web(), Status::InProgress);
    let todo = column(&base, web(), Status::Todo)[2];
    life::move_card(&mut state, todo, "in_progress", "top").unwrap();
    let mut wanted = vec![todo];
    wanted.extend(&cards);
    assert_eq!(column(&state, web(), Status::InProgress), wanted);
    life::move_card(&mut state, todo, "in_progress", "down").unwrap();
    assert_eq!(column(&state, web(), Status::InProgress)[1], todo);
    life::move_card(&mut state, todo, "in_progress", "up").unwrap();
    assert_eq!(column(&state, web(), Status::InProgress), wanted);
    let next = column(&base, web(), Status::Todo)[3].to_string();
    life::move_card(&mut state, todo, "todo", &next).unwrap();
    assert_eq!(differs(&base, &state), Vec::<String>::new());
    assert!(life::move_card(&mut state, todo, "closed", "top").is_err());
    assert!(life::move_card(&mut state, todo, "todo", "WEB-99999").is_err());
}

#[test]
fn many_issues_change_together_or_not_at_all_and_can_be_undone() {
    let (base, mut state) = (start(), start());
    let ids: Vec<IssueId> = base
        .issues
        .values()
        .filter(|issue| issue.id.project == web() && issue.is_open() && issue.milestone.is_none())
        .map(|issue| issue.id)
        .take(3)
        .collect();
    let change = bulk::Change {
        milestone: "web-summer-2026".into(),
        ..bulk::Change::default()
    };
    assert_eq!(bulk::apply(&mut state, &ids, &change).unwrap(), 3);
    assert_eq!(differs(&base, &state), ["change desk.issues"; 3]);
    assert_eq!(bulk::undo(&mut state).unwrap(), 3);
    assert_eq!(differs(&base, &state), Vec::<String>::new());
    assert!(bulk::undo(&mut state).is_err());

    let mut mixed = ids.clone();
    mixed.push(open_issue(&base, "PAY".parse().unwrap()));
    assert!(bulk::apply(&mut state, &mixed, &change).is_err());
    assert_eq!(differs(&base, &state), Vec::<String>::new());
    assert!(bulk::apply(&mut state, &[], &change).is_err());
    assert!(bulk::apply(&mut state, &ids, &bulk::Change::default()).is_err());
}

#[test]
fn only_members_can_be_assigned() {
    let (base, mut state) = (start(), start());
    let app: ProjectKey = "APP".parse().unwrap();
    let id = open_issue(&base, app);
    let outsider = base
        .fixed
        .members
        .keys()
        .find(|username| !base.memberships.contains_key(&(app, (*username).clone())))
        .unwrap();
    let refusal = picks::assign(&mut state, id, &[outsider.as_ref()]).unwrap_err();
    assert!(
        refusal
            .of("people")
            .is_some_and(|text| text.contains("no member"))
    );
    picks::assign(&mut state, id, &["mara", "mara"]).unwrap();
    assert_eq!(state.issues[&id].assignees, [Username::from("mara")]);
    picks::watch(&mut state, id, true).unwrap();
    picks::watch(&mut state, id, false).unwrap();
    picks::set_watchers(&mut state, id, &["mara"]).unwrap();
    assert_eq!(state.issues[&id].watchers, [Username::from("mara")]);
    assert!(picks::set_labels(&mut state, id, &["no such label"]).is_err());
    assert_eq!(invariants::broken(&base, &state), Vec::<String>::new());
}

#[test]
fn merging_closes_what_the_description_closes() {
    let (base, mut state) = (start(), start());
    let merge = base
        .merges
        .values()
        .find(|merge| {
            merge.ended.is_none()
                && merge.id.project == web()
                && !merge.draft
                && !closes(merge).is_empty()
        })
        .unwrap();
    let closed = merges::merge(&mut state, merge.id, true, true).unwrap();
    assert_eq!(closed, closes(merge));
    let issue = &state.issues[&closed[0]];
    assert_eq!(issue.resolution, Some(Resolution::Done));
    assert_eq!(state.merges[&merge.id].state, MergeState::Merged);
    assert_eq!(
        differs(&base, &state),
        ["change desk.issues", "change desk.merge_requests"]
    );
    assert!(merges::merge(&mut state, merge.id, true, true).is_err());
    let draft = base
        .merges
        .values()
        .find(|merge| merge.draft && merge.id.project == web());
    let refusal = merges::merge(&mut state, draft.unwrap().id, false, false).unwrap_err();
    assert_eq!(refusal.kind, RefusalKind::NotAllowed);
}

#[test]
fn work_and_comments_are_logged_and_taken_back() {
    let (base, mut state) = (start(), start());
    let id = open_issue(&base, web());
    let work = |time: &str, day: &str| talk::Work {
        time: time.into(),
        day: day.into(),
        note: String::new(),
    };
    for (time, day) in [
        ("1.45", "2026-03-17"),
        ("1h", "2026-03-19"),
        ("0m", "2026-03-17"),
    ] {
        assert!(
            talk::log(&mut state, id, &work(time, day)).is_err(),
            "{time} {day}"
        );
    }
    let no = talk::log(&mut state, id, &work("1h 45m", "2026-03-17")).unwrap();
    assert_eq!(state.work[&no].minutes, 105);
    talk::unlog(&mut state, no).unwrap();
    assert_eq!(differs(&base, &state), Vec::<String>::new());
    let no = talk::comment(&mut state, Subject::Issue(id), "On it.", false).unwrap();
    talk::delete_comment(&mut state, no).unwrap();
    assert_eq!(differs(&base, &state), ["add desk.comments"], "it was sent");
    let others = base.comments.keys().next().copied().unwrap();
    assert!(talk::delete_comment(&mut state, others).is_err());
}

#[test]
fn a_maintainer_lets_people_in_and_makes_milestones() {
    let (base, mut state) = (start(), start());
    let hlp: ProjectKey = "HLP".parse().unwrap();
    let outsider = base
        .fixed
        .members
        .values()
        .find(|member| {
            !member.deactivated
                && !base
                    .memberships
                    .contains_key(&(hlp, member.username.clone()))
        })
        .unwrap();
    members::add(
        &mut state,
        hlp,
        &outsider.username,
        "reporter",
        "2026-04-30",
    )
    .unwrap();
    let added = state.memberships[&(hlp, outsider.username.clone())];
    assert_eq!((added.role, added.until.is_some()), (Role::Reporter, true));
    assert!(members::add(&mut state, hlp, &outsider.username, "guest", "").is_err());
    assert!(members::remove(&mut state, hlp, "mara").is_err());
    members::remove(&mut state, hlp, &outsider.username).unwrap();
    let form = milestones::Form {
        title: "Autumn 2026".into(),
        about: String::new(),
        start: "2026-09-01".into(),
        due: "2026-11-30".into(),
    };
    milestones::create(&mut state, hlp, &form).unwrap();
    assert_eq!(differs(&base, &state), ["add desk.milestones"]);
    assert!(
        milestones::create(&mut state, hlp, &form).is_err(),
        "the title is taken"
    );
}

#[test]
fn a_bug_that_becomes_a_task_loses_its_severity() {
    let (base, mut state) = (start(), start());
    let bug = base
        .issues
        .values()
        .find(|issue| {
            issue.kind == IssueKind::Bug && issue.id.project == web() && !issue.confidential
        })
        .unwrap();
    let form = issues::Text {
        kind: "task".into(),
        title: bug.title.clone(),
        description: bug.description.clone(),
        component: bug.component.clone().unwrap_or_default(),
        severity: "minor".into(),
        estimate: String::new(),
        confidential: false,
    };
    assert!(
        issues::edit(&mut state, bug.id, &form)
            .unwrap_err()
            .of("severity")
            .is_some()
    );
    let form = issues::Text {
        severity: String::new(),
        ..form
    };
    issues::edit(&mut state, bug.id, &form).unwrap();
    assert_eq!(differs(&base, &state), ["change desk.issues"]);
}
