//! Everything a member can do that changes the forum, with its rules. A refusal says why in
//! plain words and leaves the state as it was.

pub mod circle;
pub mod messages;
pub mod moderation;
pub mod writing;

pub use crate::sites::refusal::{FieldError, Refusal, RefusalKind};

use crate::sites::forum::queries::feed::may_read;
use crate::sites::forum::state::{Comment, ForumState, Post, Standing, Target};

/// A post that can be read.
fn readable_post(state: &ForumState, no: u32) -> Result<&Post, Refusal> {
    state
        .posts
        .get(&no)
        .map(AsRef::as_ref)
        .filter(|post| post.standing == Standing::Up && may_read(state, &post.community))
        .ok_or_else(|| Refusal::not_found("There is no such post."))
}

/// A comment that can be read, with its post.
fn readable_comment(state: &ForumState, no: u32) -> Result<(&Comment, &Post), Refusal> {
    let missing = || Refusal::not_found("There is no such comment.");
    let comment = state.comments.get(&no).ok_or_else(missing)?;
    if comment.standing != Standing::Up {
        return Err(missing());
    }
    let post = readable_post(state, comment.post)?;
    Ok((comment, post))
}

/// Who wrote what a target names; refused when it cannot be read.
fn author_of(
    state: &ForumState,
    target: Target,
) -> Result<&crate::sites::forum::state::MemberId, Refusal> {
    match target {
        Target::Post(no) => readable_post(state, no).map(|post| &post.author),
        Target::Comment(no) => readable_comment(state, no).map(|(comment, _)| &comment.author),
    }
}

/// A text with its outer blanks gone; noted as wrong when it is empty or too long.
fn checked<'a>(
    field: &'static str,
    what: &str,
    text: &'a str,
    most: usize,
    wrong: &mut Vec<FieldError>,
) -> &'a str {
    let text = text.trim();
    let length = text.chars().count();
    let message = if length == 0 {
        format!("Enter {what}.")
    } else if length > most {
        format!("At most {most} characters, please; this has {length}.")
    } else {
        return text;
    };
    wrong.push(FieldError {
        field: field.into(),
        message,
    });
    text
}

#[cfg(test)]
mod tests;
