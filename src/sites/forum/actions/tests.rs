//! Tests of the forum's rules: what is done, what is refused, and that derived state stays sound.

use jiff::civil::date;

use super::moderation::Decision;
use super::{RefusalKind, circle, messages, moderation, writing};
use crate::sites::diff;
use crate::sites::forum::queries::feed::{self, may_read};
use crate::sites::forum::queries::thread::post_score;
use crate::sites::forum::state::{ForumState, Post, ReportStatus, Standing, Target, Vote};
use crate::sites::forum::{invariants, records, world};
use crate::sites::people::People;

fn base() -> ForumState {
    world::base(&People::of(1), 1)
}

/// What an act changed, after proving that the forum is sound.
fn changed(base: &ForumState, state: &ForumState) -> Vec<String> {
    assert_eq!(invariants::broken(base, state), Vec::<String>::new());
    diff::changes(&records::of(base), &records::of(state))
        .into_iter()
        .map(|change| format!("{} {}", change.op, change.collection))
        .collect()
}

fn a_post(state: &ForumState, mine: bool) -> Post {
    let found = state.posts.values().find(|post| {
        (post.author == state.board.me) == mine
            && feed::is_visible(state, post)
            && !state.votes.contains_key(&Target::Post(post.no))
            && !state.saved.contains_key(&Target::Post(post.no))
    });
    found.unwrap().as_ref().clone()
}

#[test]
fn a_vote_counts_once_and_the_same_again_takes_it_back() {
    let base = base();
    let mut state = base.clone();
    let post = a_post(&state, false);
    let target = Target::Post(post.no);
    writing::vote(&mut state, target, Vote::Up).unwrap();
    assert_eq!(post_score(&state, &post), post.others_score + 1);
    assert_eq!(changed(&base, &state), ["add forum.votes"]);
    writing::vote(&mut state, target, Vote::Down).unwrap();
    assert_eq!(post_score(&state, &post), post.others_score - 1);
    writing::vote(&mut state, target, Vote::Down).unwrap();
    assert_eq!(changed(&base, &state), Vec::<String>::new());
    let own = Target::Post(a_post(&state, true).no);
    let refused = writing::vote(&mut state, own, Vote::Up).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::NotAllowed);
}

#[test]
fn a_comment_stands_under_what_it_answers() {
    let base = base();
    let mut state = base.clone();
    let post = a_post(&state, false);
    let first = writing::comment(&mut state, post.no, None, "  One. ").unwrap();
    let second = writing::comment(&mut state, post.no, Some(first), "Two.").unwrap();
    assert_eq!(state.comments[&first].text, "One.");
    assert_eq!(state.comments[&second].parent, Some(first));
    assert_eq!(changed(&base, &state), ["add forum.comments"; 2]);
    let other = state
        .posts
        .keys()
        .find(|no| **no != post.no)
        .copied()
        .unwrap();
    assert!(writing::comment(&mut state, other, Some(first), "Three.").is_err());
    let empty = writing::comment(&mut state, post.no, None, "   ").unwrap_err();
    assert_eq!(empty.kind, RefusalKind::Invalid);
    writing::edit_comment(&mut state, first, "One!").unwrap();
    writing::delete_comment(&mut state, second).unwrap();
    assert_eq!(state.comments[&second].standing, Standing::Deleted);
    assert_eq!(changed(&base, &state), ["add forum.comments"; 2]);
}

#[test]
fn a_post_needs_a_membership_a_title_and_a_flair_that_exists() {
    let base = base();
    let mut state = base.clone();
    let form = |flair: &str| writing::PostForm {
        title: "A title".to_owned(),
        text: "A text".to_owned(),
        flair: flair.to_owned(),
    };
    let refused = writing::post(&mut state, "knife-block", &form("")).unwrap_err();
    assert_eq!(refused.kind, RefusalKind::NotAllowed);
    let refused = writing::post(&mut state, "espresso-bar", &form("Nonsense")).unwrap_err();
    assert_eq!(refused.fields[0].field, "flair");
    let no = writing::post(&mut state, "espresso-bar", &form("Fault")).unwrap();
    assert_eq!(changed(&base, &state), ["add forum.posts"]);
    writing::delete_post(&mut state, no).unwrap();
    assert_eq!(state.posts[&no].standing, Standing::Deleted);
    assert_eq!(writing::undo_delete(&mut state), Ok(no));
    assert_eq!(state.posts[&no].standing, Standing::Up);
    assert!(writing::undo_delete(&mut state).is_err());
}

#[test]
fn nobody_changes_what_others_wrote() {
    let base = base();
    let mut state = base.clone();
    let post = a_post(&state, false);
    let refused = writing::edit_post(&mut state, post.no, "Mine", "Mine").unwrap_err();
    assert_eq!(refused.kind, RefusalKind::Forbidden);
    assert!(refused.message.contains(post.author.as_str()));
    assert!(writing::delete_post(&mut state, post.no).is_err());
    let own = a_post(&state, true);
    writing::edit_post(&mut state, own.no, &own.title, "Changed").unwrap();
    assert_eq!(changed(&base, &state), ["change forum.posts"]);
}

#[test]
fn a_closed_community_is_read_after_joining() {
    let base = base();
    let mut state = base.clone();
    let closed = state
        .board
        .communities
        .values()
        .find(|one| one.members_only);
    let closed = closed.unwrap().id.clone();
    assert!(!may_read(&state, &closed));
    circle::join(&mut state, closed.as_str()).unwrap();
    circle::join(&mut state, closed.as_str()).unwrap();
    assert!(may_read(&state, &closed));
    assert_eq!(changed(&base, &state), ["add forum.memberships"]);
    circle::leave(&mut state, closed.as_str()).unwrap();
    assert_eq!(changed(&base, &state), Vec::<String>::new());
    assert!(circle::leave(&mut state, "equipment-swap").is_err());
}

#[test]
fn mutes_end_in_the_future_and_blocked_members_are_hidden() {
    let base = base();
    let mut state = base.clone();
    let past = circle::mute(&mut state, "knife-block", Some(date(2026, 3, 17))).unwrap_err();
    assert_eq!(past.fields[0].field, "until");
    circle::mute(&mut state, "knife-block", Some(date(2026, 4, 30))).unwrap();
    let post = a_post(&state, false);
    circle::block(&mut state, post.author.as_str()).unwrap();
    assert!(!feed::is_visible(&state, &post));
    assert!(messages::begin(&mut state, post.author.as_str(), "Hello", "Hello").is_err());
    assert!(circle::block(&mut state, "nobody-of-this-name").is_err());
    assert_eq!(
        changed(&base, &state),
        ["add forum.blocks", "add forum.mutes"]
    );
    circle::unblock(&mut state, post.author.as_str());
    circle::save(&mut state, Target::Post(post.no)).unwrap();
    circle::unmute(&mut state, "knife-block").unwrap();
    assert_eq!(changed(&base, &state), ["add forum.saved"]);
}

#[test]
fn an_answer_goes_into_its_thread() {
    let base = base();
    let mut state = base.clone();
    let first = state
        .messages
        .values()
        .find(|one| one.thread.is_none())
        .unwrap();
    let (no, subject) = (first.no, first.subject.clone());
    messages::answer(&mut state, no, "12 April 2026").unwrap();
    let sent = state.messages.values().next_back().unwrap().clone();
    assert_eq!((sent.thread, &sent.subject), (Some(no), &subject));
    assert!(
        messages::answer(&mut state, sent.no, "x").is_err(),
        "no first message"
    );
    let someone = a_post(&base, false).author;
    messages::begin(&mut state, someone.as_str(), "Hello", "A text").unwrap();
    assert_eq!(changed(&base, &state), ["add forum.messages"; 2]);
    let wrong = messages::begin(&mut state, "mara", "", "").unwrap_err();
    assert_eq!(wrong.fields.len(), 3);
}

#[test]
fn reports_are_settled_by_moderators_all_or_none() {
    let base = base();
    let mut state = base.clone();
    let open: Vec<u32> = state
        .reports
        .values()
        .filter(|report| report.status == ReportStatus::Open)
        .map(|report| report.no)
        .collect();
    let here = "equipment-swap";
    let no_rule = Decision::Remove { rule: "" };
    assert!(moderation::settle(&mut state, here, &open, no_rule).is_err());
    assert!(moderation::settle(&mut state, here, &[], Decision::Approve).is_err());
    assert!(moderation::settle(&mut state, "knife-block", &open, Decision::Approve).is_err());
    let mut too_many = open.clone();
    too_many.push(1);
    assert!(moderation::settle(&mut state, here, &too_many, Decision::Approve).is_err());
    assert_eq!(changed(&base, &state), Vec::<String>::new());
    let rule = Decision::Remove { rule: "3" };
    moderation::settle(&mut state, here, &open[..2], rule).unwrap();
    moderation::settle(&mut state, here, &open[2..], Decision::Approve).unwrap();
    let mut expected = vec!["change forum.posts"; 2];
    expected.extend(vec!["change forum.reports"; open.len()]);
    assert_eq!(changed(&base, &state), expected);
    let again = moderation::settle(&mut state, here, &open[..1], Decision::Approve);
    assert_eq!(again.unwrap_err().kind, RefusalKind::NotFound);
}

#[test]
fn a_report_names_a_rule_and_is_made_once() {
    let base = base();
    let mut state = base.clone();
    let target = Target::Post(a_post(&state, false).no);
    assert!(moderation::report(&mut state, target, "99", "").is_err());
    moderation::report(&mut state, target, "1", "Look").unwrap();
    assert!(moderation::report(&mut state, target, "1", "Again").is_err());
    assert_eq!(changed(&base, &state), ["add forum.reports"]);
    let own = Target::Post(a_post(&state, true).no);
    assert!(moderation::report(&mut state, own, "1", "").is_err());
}
