//! Tests of the base worlds: sizes, soundness, and that texts are whole.

use std::collections::BTreeSet;

use super::*;
use crate::sites::forum::queries::feed;
use crate::sites::forum::queries::thread::{comment_count, depth_of};
use crate::sites::forum::state::{ReportStatus, Standing};
use crate::sites::forum::{invariants, records};

fn world(number: u32) -> ForumState {
    base(&People::of(number), number)
}

#[test]
fn the_same_number_gives_the_same_world_and_another_gives_another() {
    assert_eq!(world(1), world(1));
    assert_ne!(records::of(&world(1)), records::of(&world(2)));
}

#[test]
fn the_base_breaks_no_invariant() {
    for number in 1..=3 {
        let state = world(number);
        assert_eq!(invariants::broken(&state, &state), Vec::<String>::new());
    }
}

#[test]
fn there_is_enough_of_everything() {
    for number in 1..=3 {
        let state = world(number);
        assert_eq!(state.board.communities.len(), 18);
        assert!(state.board.members.len() >= 200);
        assert!(state.posts.len() >= 650, "{} posts", state.posts.len());
        assert!(
            state.comments.len() >= 3000,
            "{} comments",
            state.comments.len()
        );
        let threads = state.messages.values().filter(|one| one.thread.is_none());
        assert!(threads.count() >= 38);
        let open = state
            .reports
            .values()
            .filter(|one| one.status == ReportStatus::Open);
        assert_eq!(open.count(), 10);
        let deepest = state
            .comments
            .values()
            .map(|one| depth_of(&state, one))
            .max();
        assert_eq!(deepest, Some(7));
        let longest = state
            .posts
            .keys()
            .map(|no| comment_count(&state, *no))
            .max();
        assert!(longest.is_some_and(|longest| longest >= 300));
        for standing in Standing::ALL {
            assert!(state.posts.values().any(|post| post.standing == *standing));
        }
    }
}

#[test]
fn nothing_comes_from_the_future_and_no_text_has_holes() {
    let state = world(1);
    for post in state.posts.values() {
        assert!(post.written_at <= crate::sites::clock::NOW, "{}", post.no);
        for text in [&post.title, &post.text] {
            assert!(!text.contains(['{', '}']) && !text.is_empty(), "{text}");
        }
    }
    for comment in state.comments.values() {
        assert!(
            comment.written_at <= crate::sites::clock::NOW,
            "{}",
            comment.no
        );
        assert!(!comment.text.contains(['{', '}']) && !comment.text.is_empty());
    }
    for message in state.messages.values() {
        assert!(!message.text.contains(['{', '}']));
    }
}

#[test]
fn two_communities_are_closed_and_the_sizes_of_all_differ() {
    let state = world(1);
    let closed = state.board.communities.values();
    let closed: Vec<_> = closed
        .filter(|one| !feed::may_read(&state, &one.id))
        .collect();
    assert_eq!(closed.len(), 2);
    let sizes: BTreeSet<usize> = state
        .board
        .communities
        .values()
        .map(|one| one.others.len())
        .collect();
    assert_eq!(sizes.len(), 18);
}

#[test]
fn what_is_wrong_stands_in_its_texts_once() {
    for said in mistakes::SAID {
        for (wrong, right) in said.wrong {
            for text in [said.own, said.theirs] {
                assert_eq!(text.matches(wrong).count(), 1, "{wrong}: {text}");
                assert!(!text.contains(right), "{right}: {text}");
            }
        }
    }
    for twice in mistakes::TWICE {
        for (wrong, right) in twice.wrong {
            assert_eq!(twice.text.matches(wrong).count(), 1, "{wrong}");
            assert!(!twice.text.contains(right) && !twice.title.contains(wrong));
        }
    }
}
