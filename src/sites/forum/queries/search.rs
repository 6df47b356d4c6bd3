//! Search over posts: title, text, author and community. Case and accents do not matter.

use std::cell::OnceCell;
use std::cmp::Reverse;

use crate::sites::folding::{fold, has_word, words};
use crate::sites::forum::queries::Paged;
use crate::sites::forum::queries::feed::{community_name, is_visible};
use crate::sites::forum::queries::thread::{comment_count, post_score};
use crate::sites::forum::state::{ForumState, Post};
use crate::sites::forum::view::{Search, SearchSort};

/// Posts on a page of results.
pub const RESULTS_PER_PAGE: usize = 20;

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
    let title = fold(&post.title);
    let rest = OnceCell::new();
    let rest = || {
        rest.get_or_init(|| {
            let place = community_name(state, &post.community);
            fold(&format!("{} {} {place}", post.text, post.author))
        })
    };
    wanted.iter().try_fold(0, |misses, word| {
        if has_word(&title, word) {
            Some(misses)
        } else {
            has_word(rest(), word).then_some(misses + 1)
        }
    })
}
