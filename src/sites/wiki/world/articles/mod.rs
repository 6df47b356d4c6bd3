//! Articles of the encyclopaedia, written from facts.

mod crossings;
mod lists;
mod notes;
mod overview;
mod people;
mod places;

use rand_chacha::ChaCha8Rng;

use super::draft::{Draft, link};
use super::isles::Isles;

/// All articles, in the order of their numbers.
pub(super) fn all(rng: &mut ChaCha8Rng, isles: &Isles) -> Vec<Draft> {
    let mut drafts = Vec::new();
    drafts.extend(overview::drafts(rng, isles));
    drafts.extend(places::islands(rng, isles));
    drafts.extend(places::villages(rng, isles));
    drafts.extend(places::works(rng, isles));
    drafts.extend(crossings::bridges(rng, isles));
    drafts.extend(crossings::ferries(rng, isles));
    drafts.extend(people::people(rng, isles));
    drafts.extend(people::festivals(rng, isles));
    drafts.extend(lists::drafts(isles));
    drafts.extend(overview::disambiguations(isles));
    notes::wrong_links(rng, isles, &mut drafts);
    drafts
}

/// A link to an island by its short name.
fn island(isles: &Isles, at: usize) -> String {
    link(&isles.islands[at].title, &isles.islands[at].name)
}

/// A number with commas, as articles write it.
fn grouped(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
