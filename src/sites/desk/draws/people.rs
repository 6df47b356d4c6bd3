//! Draws about people: namesakes, who belongs to a project, who may what.

use serde_json::json;

use super::parts::{
    TWICE, ensure, open_issue, open_tab, pick_label, project_name, projects_with, quoted,
};
use crate::sites::clock::{TODAY, plus_days};
use crate::sites::desk::queries::access::{allows, may, membership, sees};
use crate::sites::desk::state::{DeskState, Issue, Member, Priority, Project, Right, Role};
use crate::sites::folding::fold;
use crate::sites::tasks::draw::Drawn;

fn namesakes(state: &DeskState) -> Vec<&Member> {
    state
        .fixed
        .members
        .values()
        .filter(|member| member.name == TWICE)
        .collect()
}

/// Every issue with either of the namesakes.
fn gifts(state: &DeskState, one: impl Fn(&Issue, &Member, &Member) -> Drawn) -> Vec<Drawn> {
    let annas = namesakes(state);
    let [first, second] = annas.as_slice() else {
        return vec![Err("not two people bear the name".into())];
    };
    state
        .issues
        .values()
        .enumerate()
        .map(|(at, issue)| {
            let (wanted, other) = if at % 2 == 0 {
                (first, second)
            } else {
                (second, first)
            };
            one(issue, wanted, other)
        })
        .collect()
}

/// Somebody else works on it, and it has another priority.
fn gift(state: &DeskState, issue: &Issue, wanted: &Member, other: &Member) -> Drawn {
    ensure(
        sees(state, issue) && issue.is_open(),
        "it is closed or unseen",
    )?;
    ensure(
        may(state, issue.id.project, Right::Edit),
        "it may not be edited",
    )?;
    let [now] = issue.assignees.as_slice() else {
        return Err("not one assignee".into());
    };
    ensure(
        ![&wanted.username, &other.username].contains(&now),
        "it is one of the namesakes' already",
    )?;
    let priority = if matches!(issue.priority, Priority::High | Priority::Urgent) {
        Priority::Low
    } else {
        Priority::High
    };
    let wrong = if priority == Priority::Low {
        "normal"
    } else {
        "urgent"
    };
    ensure(
        issue.priority.as_str() != wrong,
        "it has the wrong priority",
    )?;
    let holder = state.fixed.members.get(now).ok_or("nobody has it")?;
    let mut both = [now.to_string(), wanted.username.to_string()];
    both.sort();
    let mut steps = open_issue(issue.id);
    steps.push("click link 'Change assignees'".to_owned());
    steps.push(format!("fill 'Find people' '{}'", quoted(&wanted.name)));
    steps.push("click button 'Find'".to_owned());
    let mut give = steps.clone();
    give.push(format!("uncheck '{}'", quoted(&pick_label(holder))));
    give.push(format!("check '{}'", quoted(&pick_label(wanted))));
    give.push("click button 'Save'".to_owned());
    give.push(format!("select 'Priority' '{}'", priority.label()));
    give.push("click button 'Save properties'".to_owned());
    Ok(json!({
        "key": issue.id.to_string(),
        "project": issue.id.project.as_str(),
        "person": {"name": wanted.name, "team": wanted.team, "username": wanted.username},
        "namesake": other.username,
        "both": both,
        "priority": {"id": priority, "label": priority.as_str()},
        "wrong_priority": wrong,
        "find": steps,
        "give": give,
    }))
}

/// D04: an issue for one of two namesakes who both belong to the project.
pub(super) fn give_to_namesake(state: &DeskState) -> Vec<Drawn> {
    gifts(state, |issue, wanted, other| {
        for one in [wanted, other] {
            ensure(
                membership(state, issue.id.project, &one.username).is_some(),
                "one of them does not belong to the project",
            )?;
        }
        gift(state, issue, wanted, other)
    })
}

/// N06: the same when the wanted one does not belong to the project and may not be added.
pub(super) fn give_to_outsider(state: &DeskState) -> Vec<Drawn> {
    gifts(state, |issue, first, second| {
        let belongs = |one: &Member| membership(state, issue.id.project, &one.username).is_some();
        let (wanted, other) = match (belongs(first), belongs(second)) {
            (false, true) => (first, second),
            (true, false) => (second, first),
            _ => return Err("not one of them belongs to the project".into()),
        };
        ensure(
            !may(state, issue.id.project, Right::Members),
            "they can be added",
        )?;
        gift(state, issue, wanted, other)
    })
}

/// D12: access for somebody new, with the rights that one role alone has.
pub(super) fn grant_access(state: &DeskState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for project in projects_with(state, Right::Members) {
        for member in state.fixed.members.values() {
            for days in DAYS {
                drawn.push(one_access(state, project, member, days));
            }
        }
    }
    drawn
}

/// Days of access, from today.
const DAYS: [i64; 5] = [30, 44, 61, 75, 103];

fn one_access(state: &DeskState, project: &Project, member: &Member, days: i64) -> Drawn {
    let key = project.key;
    ensure(!member.deactivated, "the account is deactivated")?;
    ensure(
        !state
            .memberships
            .contains_key(&(key, member.username.clone())),
        "they belong to it",
    )?;
    let wanted: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| {
            allows(project, *role, Right::Comment)
                && allows(project, *role, Right::Label)
                && !allows(project, *role, Right::Confidential)
        })
        .collect();
    let [role] = wanted.as_slice() else {
        return Err("not one role fits".into());
    };
    let words = |member: &Member| -> Vec<String> {
        fold(&member.name).split(' ').map(str::to_owned).collect()
    };
    let own = words(member);
    let alike = state
        .fixed
        .members
        .values()
        .find(|other| {
            let shared = words(other).iter().any(|word| {
                own.iter()
                    .any(|own| own.starts_with(word.as_str()) || word.starts_with(own.as_str()))
            });
            other.username != member.username && shared && !other.deactivated
        })
        .ok_or("nobody has a name like it")?;
    let until = plus_days(TODAY, days);
    let wrong = if *role == Role::Guest {
        Role::Reporter
    } else {
        Role::Guest
    };
    let spoken = if member.name == TWICE {
        format!("{} from {}", member.name, member.team)
    } else {
        member.name.clone()
    };
    let mut steps = open_tab(state, key, "Rights");
    steps.push(format!("click link 'Members' within '{}'", project.name));
    steps.push("click link 'Add member'".to_owned());
    steps.push(format!("fill 'Find people' '{}'", quoted(&member.name)));
    steps.push("click button 'Find'".to_owned());
    steps.push(format!("choose '{}'", quoted(&pick_label(member))));
    steps.push(format!("select 'Role' '{}'", role.label()));
    steps.push(format!("fill 'Last day' '{until}'"));
    steps.push("click button 'Add to project'".to_owned());
    Ok(json!({
        "person": spoken,
        "username": member.username,
        "alike": alike.username,
        "project": project_name(state, key),
        "project_key": key.as_str(),
        "record": format!("{key}/{}", member.username),
        "alike_record": format!("{key}/{}", alike.username),
        "until": until,
        "day_later": plus_days(until, 1),
        "role": role,
        "wrong_role": wrong,
        "steps": steps,
    }))
}
