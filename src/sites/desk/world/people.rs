//! Accounts of the colleagues whom the roster puts on the desk, and who belongs to which project.

use std::collections::BTreeMap;

use jiff::civil::date;
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::sites::desk::state::{Member, Membership, ProjectKey, Role, Username};
use crate::sites::desk::world::plan::Plan;
use crate::sites::people::{MARA, People, Team};

/// Short name of who is signed in.
pub(super) const ME: &str = MARA.username;
/// The name that two people bear.
pub(super) const TWICE: &str = "Anna Kowalski";

const TITLES: [&str; 6] = [
    "Engineer",
    "Analyst",
    "Designer",
    "Team lead",
    "Specialist",
    "Tester",
];

/// Everyone with an account.
pub(super) fn members(rng: &mut ChaCha8Rng, people: &People) -> BTreeMap<Username, Member> {
    people
        .on_desk()
        .map(|person| {
            let username: Username = person.username.as_str().into();
            let title = TITLES.choose(rng).copied().unwrap_or(TITLES[0]);
            let member = Member {
                username: username.clone(),
                name: person.name.clone(),
                team: person.team.map_or("", Team::label).to_owned(),
                title: if person.username == ME {
                    "Store manager"
                } else {
                    title
                }
                .to_owned(),
                email: person.email.clone(),
                has_picture: person.has_picture,
                deactivated: !person.is_active,
            };
            (username, member)
        })
        .collect()
}

/// Who belongs to a project, with the first of its own team as maintainers.
pub(super) fn memberships(
    rng: &mut ChaCha8Rng,
    plan: &Plan,
    members: &BTreeMap<Username, Member>,
) -> BTreeMap<Username, Membership> {
    let (mut own, mut others): (Vec<&Member>, Vec<&Member>) = members
        .values()
        .filter(|member| !member.deactivated && &*member.username != ME && member.name != TWICE)
        .partition(|member| member.team == plan.team);
    own.shuffle(rng);
    others.shuffle(rng);
    let mut belongs = BTreeMap::new();
    let mut add = |username: &Username, role, until| {
        belongs.insert(username.clone(), Membership { role, until });
    };
    for (at, member) in own.iter().enumerate() {
        let role = if at < 2 {
            Role::Maintainer
        } else {
            Role::Developer
        };
        add(&member.username, role, None);
    }
    let wanted = if plan.size < 30 {
        4
    } else {
        rng.random_range(11..16)
    };
    for (at, member) in others.iter().take(wanted).enumerate() {
        let role = match at {
            0..6 => Role::Developer,
            6..10 => Role::Reporter,
            _ => Role::Guest,
        };
        let until = (at == 7).then(|| date(2026, 6, 30));
        add(&member.username, role, until);
    }
    for (there, team) in [
        (plan.annas.0, Team::Logistics),
        (plan.annas.1, Team::Support),
    ] {
        let anna = members
            .values()
            .find(|member| member.name == TWICE && member.team == team.label());
        if let Some(anna) = anna.filter(|_| there) {
            add(&anna.username, Role::Developer, None);
        }
    }
    if let Some(role) = plan.mine {
        add(&ME.into(), role, None);
    }
    belongs
}

/// Members of a project who work: developers and maintainers, without who is signed in.
pub(super) fn workers(
    memberships: &BTreeMap<(ProjectKey, Username), Membership>,
    project: ProjectKey,
) -> Vec<Username> {
    memberships
        .iter()
        .filter(|((of, username), membership)| {
            *of == project && membership.role >= Role::Developer && &**username != ME
        })
        .map(|((_, username), _)| username.clone())
        .collect()
}
