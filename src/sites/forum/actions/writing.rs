//! Posts, comments and votes.

use std::sync::Arc;

use super::{Refusal, author_of, checked, readable_comment, readable_post};
use crate::sites::clock::NOW;
use crate::sites::forum::queries::feed;
use crate::sites::forum::state::{
    COMMENT_LENGTH, Comment, CommentNo, CommunityId, ForumState, Post, PostNo, Standing,
    TEXT_LENGTH, TITLE_LENGTH, Target, Vote,
};

/// Votes; the same vote again takes it back. Nobody votes on what they wrote.
pub fn vote(state: &mut ForumState, target: Target, vote: Vote) -> Result<(), Refusal> {
    if *author_of(state, target)? == state.board.me {
        return Err(Refusal::not_allowed("You cannot vote on what you wrote."));
    }
    let votes = Arc::make_mut(&mut state.votes);
    if votes.get(&target) == Some(&vote) {
        votes.remove(&target);
    } else {
        votes.insert(target, vote);
    }
    Ok(())
}

/// A post as its form sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostForm {
    /// Field `title`.
    pub title: String,
    /// Field `text`.
    pub text: String,
    /// Field `flair`; empty for none.
    pub flair: String,
}

/// Writes a post into a community that was joined.
pub fn post(state: &mut ForumState, community: &str, form: &PostForm) -> Result<PostNo, Refusal> {
    let Some(place) = feed::community(state, community) else {
        return Err(Refusal::not_found("There is no such community."));
    };
    if !state.joined.contains(&place.id) {
        return Err(Refusal::not_allowed(format!(
            "Join {} before you post there.",
            place.name
        )));
    }
    let mut wrong = Vec::new();
    let title = checked("title", "a title", &form.title, TITLE_LENGTH, &mut wrong);
    let text = checked("text", "a text", &form.text, TEXT_LENGTH, &mut wrong);
    let flair = Some(form.flair.trim()).filter(|flair| !flair.is_empty());
    if flair.is_some_and(|flair| !place.flairs.iter().any(|known| known.name == flair)) {
        wrong.push(super::FieldError {
            field: "flair".into(),
            message: "Choose one of the flairs of this community.".to_owned(),
        });
    }
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    let no = state.incidental.next_post;
    let entry = Post {
        no,
        community: CommunityId::from(community),
        author: state.board.me.clone(),
        title: title.to_owned(),
        text: text.to_owned(),
        flair: flair.map(str::to_owned),
        picture: None,
        pinned: false,
        standing: Standing::Up,
        written_at: NOW,
        edited_at: None,
        others_score: 1,
    };
    state.incidental.next_post += 1;
    Arc::make_mut(&mut state.posts).insert(no, Arc::new(entry));
    Arc::make_mut(&mut state.threads).insert(no, Vec::new());
    Ok(no)
}

/// The persona's own post, to be changed.
pub fn own_post(state: &ForumState, no: PostNo) -> Result<&Post, Refusal> {
    let post = readable_post(state, no)?;
    if post.author == state.board.me {
        Ok(post)
    } else {
        Err(Refusal::forbidden(format!(
            "Only {} can change this post.",
            post.author
        )))
    }
}

/// The persona's own comment, to be changed.
pub fn own_comment(state: &ForumState, no: CommentNo) -> Result<&Comment, Refusal> {
    let (comment, _) = readable_comment(state, no)?;
    if comment.author == state.board.me {
        Ok(comment)
    } else {
        Err(Refusal::forbidden(format!(
            "Only {} can change this comment.",
            comment.author
        )))
    }
}

/// Changes title and text of the persona's own post.
pub fn edit_post(
    state: &mut ForumState,
    no: PostNo,
    title: &str,
    text: &str,
) -> Result<(), Refusal> {
    own_post(state, no)?;
    let mut wrong = Vec::new();
    let title = checked("title", "a title", title, TITLE_LENGTH, &mut wrong);
    let text = checked("text", "a text", text, TEXT_LENGTH, &mut wrong);
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    change_post(state, no, |post| {
        if post.title != title || post.text != text {
            title.clone_into(&mut post.title);
            text.clone_into(&mut post.text);
            post.edited_at = Some(NOW);
        }
    });
    Ok(())
}

/// Deletes the persona's own post; it can be taken back once.
pub fn delete_post(state: &mut ForumState, no: PostNo) -> Result<(), Refusal> {
    own_post(state, no)?;
    change_post(state, no, |post| post.standing = Standing::Deleted);
    state.incidental.deleted = Some(no);
    Ok(())
}

/// Takes back the last deletion of a post.
pub fn undo_delete(state: &mut ForumState) -> Result<PostNo, Refusal> {
    let nothing = || Refusal::not_allowed("There is nothing to take back.");
    let no = state.incidental.deleted.take().ok_or_else(nothing)?;
    change_post(state, no, |post| post.standing = Standing::Up);
    Ok(no)
}

/// Answers a post, or a comment under it.
pub fn comment(
    state: &mut ForumState,
    post: PostNo,
    parent: Option<CommentNo>,
    text: &str,
) -> Result<CommentNo, Refusal> {
    readable_post(state, post)?;
    if let Some(parent) = parent
        && readable_comment(state, parent)?.0.post != post
    {
        return Err(Refusal::not_found("There is no such comment."));
    }
    let mut wrong = Vec::new();
    let text = checked("text", "a text", text, COMMENT_LENGTH, &mut wrong);
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    let no = state.incidental.next_comment;
    let entry = Comment {
        no,
        post,
        parent,
        author: state.board.me.clone(),
        text: text.to_owned(),
        standing: Standing::Up,
        written_at: NOW,
        edited_at: None,
        others_score: 1,
    };
    state.incidental.next_comment += 1;
    Arc::make_mut(&mut state.comments).insert(no, Arc::new(entry));
    Arc::make_mut(&mut state.threads)
        .entry(post)
        .or_default()
        .push(no);
    Ok(no)
}

/// Changes the text of the persona's own comment.
pub fn edit_comment(state: &mut ForumState, no: CommentNo, text: &str) -> Result<(), Refusal> {
    own_comment(state, no)?;
    let mut wrong = Vec::new();
    let text = checked("text", "a text", text, COMMENT_LENGTH, &mut wrong);
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    change_comment(state, no, |comment| {
        if comment.text != text {
            text.clone_into(&mut comment.text);
            comment.edited_at = Some(NOW);
        }
    });
    Ok(())
}

/// Deletes the persona's own comment.
pub fn delete_comment(state: &mut ForumState, no: CommentNo) -> Result<(), Refusal> {
    own_comment(state, no)?;
    change_comment(state, no, |comment| comment.standing = Standing::Deleted);
    Ok(())
}

pub(super) fn change_post(state: &mut ForumState, no: PostNo, change: impl FnOnce(&mut Post)) {
    if let Some(post) = Arc::make_mut(&mut state.posts).get_mut(&no) {
        change(Arc::make_mut(post));
    }
}

pub(super) fn change_comment(
    state: &mut ForumState,
    no: CommentNo,
    change: impl FnOnce(&mut Comment),
) {
    if let Some(comment) = Arc::make_mut(&mut state.comments).get_mut(&no) {
        change(Arc::make_mut(comment));
    }
}
