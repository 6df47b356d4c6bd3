//! Communities with their members, and the members themselves.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::plan::{COMMON_RULES, FLAIRS, MODERATED, PLANS, Plan, SITUATIONS, SWAP_RULES};
use super::words::ABOUTS;
use crate::sites::clock::{TODAY, plus_days};
use crate::sites::forum::state::{Board, Community, CommunityId, Flair, Member, MemberId, Rule};
use crate::sites::people::People;

/// Communities and members of a world.
pub(super) fn board(rng: &mut ChaCha8Rng, people: &People, world: u32) -> Board {
    let me = MemberId::from(people.mara().username.as_str());
    let members: BTreeMap<MemberId, Member> = people
        .in_forum()
        .map(|person| {
            let id = MemberId::from(person.username.as_str());
            let about = ABOUTS.choose(rng).copied().unwrap_or("");
            let member = Member {
                id: id.clone(),
                name: person.name.clone(),
                about: about.to_owned(),
                since: plus_days(TODAY, -rng.random_range(430..1800)),
                deactivated: !person.is_active,
            };
            (id, member)
        })
        .collect();
    let others: Vec<MemberId> = members
        .values()
        .filter(|member| member.id != me && !member.deactivated)
        .map(|member| member.id.clone())
        .collect();
    let mut sizes = sizes(rng, others.len());
    let communities = PLANS
        .iter()
        .enumerate()
        .map(|(at, plan)| {
            let size = sizes.pop().unwrap_or(40);
            let community = community(rng, plan, at, &me, &others, size);
            (community.id.clone(), community)
        })
        .collect();
    Board {
        world,
        me,
        communities,
        members,
    }
}

/// A different number of members for each community.
fn sizes(rng: &mut ChaCha8Rng, most: usize) -> Vec<usize> {
    let mut sizes: Vec<usize> = (0..PLANS.len())
        .map(|at| 44 + at * (most.saturating_sub(60)) / PLANS.len() + rng.random_range(0..5))
        .collect();
    sizes.shuffle(rng);
    sizes
}

fn community(
    rng: &mut ChaCha8Rng,
    plan: &Plan,
    at: usize,
    me: &MemberId,
    others: &[MemberId],
    size: usize,
) -> Community {
    let mut drawn = others.to_vec();
    drawn.shuffle(rng);
    drawn.truncate(size);
    let mut moderators: Vec<MemberId> = drawn.iter().take(2).cloned().collect();
    if plan.id == MODERATED {
        moderators.insert(0, me.clone());
    }
    let flairs: Vec<Flair> = FLAIRS[plan.flairs]
        .iter()
        .zip(SITUATIONS)
        .map(|(name, when)| Flair {
            name: (*name).to_owned(),
            when: when.to_owned(),
        })
        .collect();
    Community {
        id: CommunityId::from(plan.id),
        name: plan.name.to_owned(),
        tagline: plan.tagline.to_owned(),
        topics: plan
            .topics
            .iter()
            .map(|topic| (*topic).to_owned())
            .collect(),
        rules: rules(plan, &flairs),
        suggested_flair: flairs[5].name.clone(),
        flairs,
        moderators,
        members_only: plan.members_only,
        others: drawn.into_iter().collect::<BTreeSet<_>>(),
        founded: founded(rng),
        colour: u8::try_from(at % 6 + 1).unwrap_or(1),
    }
}

fn founded(rng: &mut ChaCha8Rng) -> Date {
    plus_days(TODAY, -rng.random_range(500..1900))
}

/// The last rule says when which flair is right.
fn rules(plan: &Plan, flairs: &[Flair]) -> Vec<Rule> {
    let own: &[(&str, &str)] = if plan.id == MODERATED {
        &SWAP_RULES
    } else {
        &COMMON_RULES
    };
    let mut rules: Vec<Rule> = own
        .iter()
        .map(|(title, text)| Rule {
            title: (*title).to_owned(),
            text: (*text).to_owned(),
        })
        .collect();
    let list: Vec<String> = flairs
        .iter()
        .map(|flair| format!("{} when {}", flair.name, flair.when))
        .collect();
    rules.push(Rule {
        title: "Choose the right flair".to_owned(),
        text: format!("Use {}.", list.join("; ")),
    });
    rules
}
