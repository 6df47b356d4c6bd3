//! Links that lead to the wrong one of several pages of a name: somebody will ask to set them
//! right.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::super::draft::{Chunk, Draft, link};
use super::super::isles::Isles;

/// What of a place is named, and what is said of it a second time.
const PLANTED: [(&str, &str, &str); 4] = [
    (
        "quay",
        "Stone for the walls was landed at",
        "In winter, however, nothing could be landed at",
    ),
    (
        "road",
        "The carts came along",
        "Even so the mayor complained about",
    ),
    ("store", "Nets were lent out by", "A fire in 1911 destroyed"),
    (
        "choir",
        "The verses were written down by",
        "For many years there was only one bass in",
    ),
];

/// How many pages that anyone may write get one, and how many a protected page gets.
const HOSTS: usize = 24;
const ON_PROTECTED: usize = 3;

pub(super) fn wrong_links(rng: &mut ChaCha8Rng, isles: &Isles, drafts: &mut [Draft]) {
    let mut hosts: Vec<usize> = (0..drafts.len())
        .filter(|at| {
            !drafts[*at].protected
                && drafts[*at]
                    .sections
                    .iter()
                    .any(|part| part.heading == "Notes")
        })
        .collect();
    hosts.shuffle(rng);
    hosts.truncate(HOSTS);
    let protected: Vec<usize> = (0..drafts.len())
        .filter(|at| drafts[*at].protected)
        .collect();
    for host in hosts {
        let first = rng.random_range(0..PLANTED.len());
        plant(rng, isles, &mut drafts[host], first);
    }
    for host in protected {
        for kind in 0..ON_PROTECTED {
            plant(rng, isles, &mut drafts[host], kind);
        }
    }
}

fn plant(rng: &mut ChaCha8Rng, isles: &Isles, draft: &mut Draft, kind: usize) {
    let free: Vec<&String> = isles
        .shared
        .iter()
        .filter(|name| !draft.title.starts_with(name.as_str()))
        .collect();
    let name = free[rng.random_range(0..free.len())];
    let senses = ["island", "village", "saltworks"];
    let sense = senses[rng.random_range(0..senses.len())];
    let (thing, once, again) = PLANTED[kind];
    let words = format!("the {name} {thing}");
    let target = format!("{name} ({sense})");
    let para = Chunk::para([
        format!("{once} {}.", link(&target, &words)),
        format!("{again} {words}."),
    ]);
    if !draft.sections.iter().any(|part| part.heading == "Notes") {
        *draft = std::mem::take(draft).section("Notes", Vec::new());
    }
    if let Some(notes) = draft
        .sections
        .iter_mut()
        .find(|part| part.heading == "Notes")
    {
        notes.chunks.push(para);
    }
}
