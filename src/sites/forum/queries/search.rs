//! Search over posts: title, text, author and community. Case and accents do not matter.

use std::cmp::Reverse;

use unicode_normalization::UnicodeNormalization;

use crate::sites::forum::queries::Paged;
use crate::sites::forum::queries::feed::{community_name, is_visible};
use crate::sites::forum::queries::thread::{comment_count, post_score};
use crate::sites::forum::state::{ForumState, Post};
use crate::sites::forum::view::{Search, SearchSort};

/// Posts on a page of results.
pub const RESULTS_PER_PAGE: usize = 20;

/// The words of a text, folded.
pub fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfd()
        .filter(|letter| !('\u{300}'..='\u{36f}').contains(letter))
        .flat_map(char::to_lowercase)
        .collect();
    plain
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// All posts that fit a search, in its order.
pub fn all<'a>(state: &'a ForumState, search: &Search) -> Vec<&'a Post> {
    let wanted = words(search.q.as_deref().unwrap_or(""));
    let mut found: Vec<(usize, &Post)> = state
        .posts
        .values()
        .map(AsRef::as_ref)
        .filter(|post| is_visible(state, post))
        .filter(|post| {
            let place = search.community.as_deref();
            place.is_none_or(|place| post.community.as_str() == place)
        })
        .filter(|post| {
            let author = search.author.as_deref();
            author.is_none_or(|author| post.author.as_str() == author)
        })
        .filter_map(|post| Some((misses(state, post, &wanted)?, post)))
        .collect();
    match search.sort {
        SearchSort::Relevance => {
            found.sort_by_key(|(misses, post)| (*misses, Reverse((post.written_at, post.no))));
        }
        SearchSort::New => found.sort_by_key(|(_, post)| Reverse((post.written_at, post.no))),
        SearchSort::Top => {
            found.sort_by_key(|(_, post)| (Reverse(post_score(state, post)), Reverse(post.no)));
        }
        SearchSort::Comments => {
            found.sort_by_key(|(_, post)| {
                (Reverse(comment_count(state, post.no)), Reverse(post.no))
            });
        }
    }
    found.into_iter().map(|(_, post)| post).collect()
}

/// A page of them.
pub fn results<'a>(state: &'a ForumState, search: &Search) -> Paged<&'a Post> {
    Paged::cut(all(state, search), search.page, RESULTS_PER_PAGE)
}

/// Words that stand in the title are worth more than those elsewhere; none when one is nowhere.
fn misses(state: &ForumState, post: &Post, wanted: &[String]) -> Option<usize> {
    let title = words(&post.title);
    let rest = words(&format!(
        "{} {} {}",
        post.text,
        post.author,
        community_name(state, &post.community)
    ));
    let begins = |known: &[String], word: &str| known.iter().any(|one| one.starts_with(word));
    wanted.iter().try_fold(0, |misses, word| {
        if begins(&title, word) {
            Some(misses)
        } else {
            begins(&rest, word).then_some(misses + 1)
        }
    })
}
