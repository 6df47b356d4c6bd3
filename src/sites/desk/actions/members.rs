//! Who belongs to a project.

use std::sync::Arc;

use jiff::civil::Date;

use crate::sites::clock::TODAY;
use crate::sites::desk::actions::{DAY, Refusal, Wrong, need};
use crate::sites::desk::queries::people::full_name;
use crate::sites::desk::state::{DeskState, Membership, ProjectKey, Right, Role};

fn read(role: &str, until: &str) -> Result<Membership, Refusal> {
    let mut wrong = Wrong::default();
    let role: Option<Role> = wrong.choice("role", role);
    let until: Option<Date> = wrong.perhaps("until", until, DAY);
    if until.is_some_and(|until| until < TODAY) {
        wrong.say("until", "This day is over.");
    }
    wrong.none()?;
    let role = role.ok_or_else(|| Refusal::field("role", "Choose a role."))?;
    Ok(Membership { role, until })
}

/// Lets somebody into a project. Fields: `member`, `role`, `until` (empty: without end).
pub fn add(
    state: &mut DeskState,
    project: ProjectKey,
    username: &str,
    role: &str,
    until: &str,
) -> Result<(), Refusal> {
    need(state, project, Right::Members)?;
    let Some(member) = state.fixed.members.get(username) else {
        return Err(Refusal::field("member", "Choose a person."));
    };
    if member.deactivated {
        return Err(Refusal::field("member", "This account is deactivated."));
    }
    let key = (project, member.username.clone());
    if state.memberships.contains_key(&key) {
        return Err(Refusal::field(
            "member",
            format!("{} is a member already.", full_name(state, username)),
        ));
    }
    let membership = read(role, until)?;
    Arc::make_mut(&mut state.memberships).insert(key, membership);
    Ok(())
}

/// Changes what somebody is in a project, and until when.
pub fn change(
    state: &mut DeskState,
    project: ProjectKey,
    username: &str,
    role: &str,
    until: &str,
) -> Result<(), Refusal> {
    other(state, project, username)?;
    let membership = read(role, until)?;
    Arc::make_mut(&mut state.memberships).insert((project, username.into()), membership);
    Ok(())
}

/// Puts somebody out of a project. What is assigned to them stays so.
pub fn remove(state: &mut DeskState, project: ProjectKey, username: &str) -> Result<(), Refusal> {
    other(state, project, username)?;
    Arc::make_mut(&mut state.memberships).remove(&(project, username.into()));
    Ok(())
}

/// Refuses for who is no member, and for oneself: a project must not lose its last maintainer.
fn other(state: &DeskState, project: ProjectKey, username: &str) -> Result<(), Refusal> {
    need(state, project, Right::Members)?;
    if !state.memberships.contains_key(&(project, username.into())) {
        return Err(Refusal::not_found(format!(
            "{} is no member of {project}.",
            full_name(state, username)
        )));
    }
    if *username == *state.fixed.me {
        return Err(Refusal::not_allowed(
            "You cannot change your own membership.",
        ));
    }
    Ok(())
}
