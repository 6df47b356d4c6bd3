//! Links between issues: what blocks what is overdue, what has to do with what, duplicates that
//! were closed, and numbers of issues that moved to another project.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::sites::desk::state::{
    Event, Happening, Issue, IssueId, Link, LinkKind, Milestone, MilestoneId, Resolution, Status,
};
use crate::sites::desk::world::issues::Made;
use crate::sites::desk::world::milestones::WINTER;

/// Blocking links of the overdue milestones, and some between others.
pub(super) fn links(
    rng: &mut ChaCha8Rng,
    made: &mut Made,
    milestones: &BTreeMap<MilestoneId, Milestone>,
) -> BTreeSet<Link> {
    let mut links = BTreeSet::new();
    for milestone in milestones.values().filter(|one| one.title == WINTER) {
        overdue(rng, made, milestone, &mut links);
    }
    let in_winter = |issue: &Issue| {
        let milestone = issue.milestone.as_ref().and_then(|id| milestones.get(id));
        milestone.is_some_and(|milestone| milestone.title == WINTER)
    };
    let free: Vec<IssueId> = made
        .issues
        .values()
        .filter(|issue| !in_winter(issue) && !issue.confidential)
        .map(|issue| issue.id)
        .collect();
    for _ in 0..60 {
        let (Some(one), Some(two)) = (free.choose(rng), free.choose(rng)) else {
            break;
        };
        let kind = if rng.random_ratio(1, 4) {
            LinkKind::Blocks
        } else {
            LinkKind::Relates
        };
        let same_family = made
            .families
            .iter()
            .any(|family| family.contains(one) || family.contains(two));
        if one.project == two.project && one != two && !same_family {
            links.insert(Link::new(*one, kind, *two));
        }
    }
    links
}

/// Of the open issues of an overdue milestone, two to four wait for an open one and one or two
/// for a closed one.
fn overdue(
    rng: &mut ChaCha8Rng,
    made: &mut Made,
    milestone: &Milestone,
    links: &mut BTreeSet<Link>,
) {
    let of_project = |issue: &&Issue| {
        issue.id.project == milestone.project
            && !issue.confidential
            && !made
                .families
                .iter()
                .any(|family| family.contains(&issue.id))
    };
    let (mut inside, mut open, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    for issue in made.issues.values().filter(of_project) {
        let is_inside = issue.milestone.as_ref() == Some(&milestone.id);
        match (issue.is_open(), is_inside) {
            (true, true) => inside.push(issue.id),
            (true, false) => open.push(issue.id),
            (false, _) => closed.push(issue.id),
        }
    }
    for ids in [&mut inside, &mut open, &mut closed] {
        ids.shuffle(rng);
    }
    let (by_open, by_closed) = (rng.random_range(2..=4), rng.random_range(1..=2));
    let mut inside = inside.into_iter();
    for (waits, blocker) in inside.by_ref().take(by_open).zip(open) {
        links.insert(Link::new(blocker, LinkKind::Blocks, waits));
    }
    for (waits, blocker) in inside.take(by_closed).zip(closed) {
        links.insert(Link::new(blocker, LinkKind::Blocks, waits));
    }
}

/// Some closed issues were the same as another.
pub(super) fn duplicates(
    rng: &mut ChaCha8Rng,
    issues: &mut BTreeMap<IssueId, Issue>,
    links: &BTreeSet<Link>,
) -> BTreeSet<Link> {
    let linked = |id: IssueId| links.iter().any(|link| link.from == id || link.to == id);
    let closed: Vec<IssueId> = issues
        .values()
        .filter(|issue| !issue.is_open() && !linked(issue.id) && !issue.confidential)
        .map(|issue| issue.id)
        .collect();
    let mut found = BTreeSet::new();
    for id in &closed {
        if !rng.random_ratio(1, 16) {
            continue;
        }
        let same: Vec<IssueId> = closed
            .iter()
            .copied()
            .filter(|other| other.project == id.project && other.no < id.no)
            .collect();
        let Some(kept) = same.choose(rng) else {
            continue;
        };
        if let Some(issue) = issues.get_mut(id) {
            issue.resolution = Some(Resolution::Duplicate);
        }
        found.insert(Link::new(*id, LinkKind::Duplicates, *kept));
    }
    found
}

/// Old numbers of issues that came from another project.
pub(super) fn moved(rng: &mut ChaCha8Rng, made: &mut Made) -> BTreeMap<IssueId, IssueId> {
    let mut moved = BTreeMap::new();
    let mut gaps = made.gaps.clone();
    gaps.shuffle(rng);
    for old in gaps.into_iter().take(12) {
        let others: Vec<IssueId> = made
            .issues
            .values()
            .filter(|issue| {
                issue.id.project != old.project
                    && issue.status != Status::Closed
                    && !issue.confidential
                    && issue.events.len() == 1
                    && issue.id.project.as_str() != "SEC"
                    && old.project.as_str() != "SEC"
            })
            .map(|issue| issue.id)
            .collect();
        let Some(issue) = others.choose(rng).and_then(|id| made.issues.get_mut(id)) else {
            continue;
        };
        issue.events.push(Event {
            at: issue.created_at,
            by: issue.reporter.clone(),
            what: Happening::MovedFrom(old),
        });
        moved.insert(old, issue.id);
    }
    moved
}
