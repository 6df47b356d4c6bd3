//! Fills the patterns of texts with words of a field.

use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::plan::PLANS;
use super::words::{
    ASIDES, CLOSINGS, COFFEE, COMMENTS, Lexicon, MIDDLES, OPENINGS, THANKS, TITLES, TOWNS,
};
use crate::sites::forum::state::CommunityId;

/// The words of a community.
pub(super) fn lexicon(community: &CommunityId) -> &'static Lexicon {
    PLANS
        .iter()
        .find(|plan| plan.id == community.as_str())
        .map_or(&COFFEE, |plan| plan.lexicon)
}

/// One of several; they are never empty.
pub(super) fn pick<T: Copy>(rng: &mut ChaCha8Rng, all: &[T]) -> T {
    all.choose(rng).copied().unwrap_or(all[0])
}

/// Fills in `{thing}`, `{Thing}`, `{other}`, `{aspect}`, `{Aspect}`, `{purpose}`, `{fault}`,
/// `{town}`, `{count}` and `{price}`.
pub(super) fn fill(
    rng: &mut ChaCha8Rng,
    pattern: &str,
    lexicon: &Lexicon,
    thing: &str,
    aspect: &str,
) -> String {
    let mut other = pick(rng, lexicon.things);
    while other == thing {
        other = pick(rng, lexicon.things);
    }
    pattern
        .replace("{thing}", thing)
        .replace("{Thing}", &capital(thing))
        .replace("{other}", other)
        .replace("{aspect}", aspect)
        .replace("{Aspect}", &capital(aspect))
        .replace("{purpose}", pick(rng, lexicon.purposes))
        .replace("{fault}", pick(rng, lexicon.faults))
        .replace("{town}", pick(rng, TOWNS))
        .replace("{count}", &rng.random_range(3..12).to_string())
        .replace("{price}", &(rng.random_range(3..40) * 5).to_string())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Title and text of a post.
pub(super) fn post(
    rng: &mut ChaCha8Rng,
    lexicon: &Lexicon,
    thing: &str,
    situation: usize,
) -> (String, String) {
    let aspect = pick(rng, lexicon.aspects);
    let title = pick(rng, TITLES[situation]);
    let title = fill(rng, title, lexicon, thing, aspect);
    let mut sentences = vec![pick(rng, OPENINGS[situation])];
    for _ in 0..rng.random_range(1..4) {
        let next = pick(rng, MIDDLES);
        if !sentences.contains(&next) {
            sentences.push(next);
        }
    }
    sentences.push(pick(rng, CLOSINGS));
    let text: Vec<String> = sentences
        .into_iter()
        .map(|sentence| {
            let aspect = pick(rng, lexicon.aspects);
            fill(rng, sentence, lexicon, thing, aspect)
        })
        .collect();
    (title, text.join(" "))
}

/// A comment about an aspect.
pub(super) fn comment(
    rng: &mut ChaCha8Rng,
    lexicon: &Lexicon,
    thing: &str,
    aspect: &str,
) -> String {
    let pattern = pick(rng, COMMENTS);
    let mut text = fill(rng, pattern, lexicon, thing, aspect);
    for _ in 0..rng.random_range(0..3) {
        let aside = pick(rng, ASIDES);
        let aside = fill(rng, aside, lexicon, thing, aspect);
        if !text.contains(&aside) {
            text.push(' ');
            text.push_str(&aside);
        }
    }
    text
}

/// What the author of a post says to a comment about an aspect.
pub(super) fn thanks(rng: &mut ChaCha8Rng, lexicon: &Lexicon, thing: &str, aspect: &str) -> String {
    let pattern = pick(rng, THANKS);
    fill(rng, pattern, lexicon, thing, aspect)
}
