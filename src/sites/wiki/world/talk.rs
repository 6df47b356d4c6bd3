//! What was said on talk pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::plus_days;
use crate::sites::wiki::state::{Book, Comment, CommentNo, Page, PageId};

/// Pages that are talked about.
const TALKED: usize = 28;

const TOPICS: [(&str, [&str; 3]); 7] = [
    (
        "Source for the opening",
        [
            "Where is the first sentence from? I could not find it in the yearbook.",
            "From the harbour books, volume three. I will add it.",
            "Thank you, that was quick.",
        ],
    ),
    (
        "Too long?",
        [
            "I find the middle part hard to read. Could it be two sections?",
            "It could. I would leave the history where it is, though.",
            "Let us wait for a third opinion.",
        ],
    ),
    (
        "Spelling of names",
        [
            "We spell names as the islanders do, also when the map does not.",
            "Agreed, and redirects help those who have the map.",
            "There are some left, I will go through them.",
        ],
    ),
    (
        "A picture",
        [
            "A picture would help here. Does anybody have one?",
            "I took some last summer, but all in fog.",
            "Fog is fine, it is the isles.",
        ],
    ),
    (
        "Figures",
        [
            "The figures in the box and in the list should be the same.",
            "They were when I looked in January.",
            "Then somebody has corrected one of them. I will check.",
        ],
    ),
    (
        "Move this page?",
        [
            "The title is not what people search for.",
            "It is the name on the sign, so I would keep it.",
            "Then at least a redirect.",
        ],
    ),
    (
        "Merge",
        [
            "Much of this is in the list already.",
            "The list has figures, this page has reasons.",
            "Convinced.",
        ],
    ),
];

/// Comments on some of the pages.
pub(super) fn comments(
    rng: &mut ChaCha8Rng,
    book: &Book,
    pages: &BTreeMap<PageId, Page>,
) -> BTreeMap<CommentNo, Comment> {
    let authors = super::book::authors(book);
    let mut chosen: Vec<PageId> = pages
        .values()
        .filter(|page| page.content.document.redirect.is_none())
        .map(|page| page.id)
        .collect();
    chosen.shuffle(rng);
    chosen.truncate(TALKED);
    let mut drafts = Vec::new();
    for page in chosen {
        let (topic, lines) = TOPICS[rng.random_range(0..TOPICS.len())];
        let mut day = plus_days(date(2025, 2, 3), rng.random_range(0..390));
        for line in &lines[..rng.random_range(1..=lines.len())] {
            let at = day.at(rng.random_range(8..19), rng.random_range(0..60), 0, 0);
            let author = Arc::clone(&authors[rng.random_range(0..authors.len())]);
            drafts.push((at, page, topic, author, *line));
            day = plus_days(day, rng.random_range(1..4));
        }
    }
    drafts.sort_by_key(|(at, page, ..)| (*at, *page));
    drafts
        .into_iter()
        .zip(1..)
        .map(|((at, page, topic, author, text), no)| {
            let comment = Comment {
                no,
                page,
                topic: topic.to_owned(),
                author,
                at,
                text: text.to_owned(),
            };
            (no, comment)
        })
        .collect()
}
