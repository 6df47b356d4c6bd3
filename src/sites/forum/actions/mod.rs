//! Everything a member can do that changes the forum, with its rules. A refusal says why in
//! plain words and leaves the state as it was.

pub mod circle;
pub mod messages;
pub mod moderation;
pub mod writing;

use crate::sites::forum::queries::feed::may_read;
use crate::sites::forum::state::{Comment, ForumState, Post, Standing, Target};

/// Why something was not done. The state is as before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// How the page answers.
    pub kind: RefusalKind,
    /// One sentence for the top of the page.
    pub message: String,
    /// Fields that are wrong, in the order of the form.
    pub fields: Vec<FieldError>,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: &'static str,
    /// What would be right.
    pub message: String,
}

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// There is no such record: 404.
    NotFound,
    /// This member may not: 403.
    Forbidden,
    /// A rule of the forum or the record's condition forbids it: 409.
    NotAllowed,
    /// What was entered is wrong: 422.
    Invalid,
}

impl Refusal {
    fn plain(kind: RefusalKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    /// There is no such record.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::plain(RefusalKind::NotFound, message)
    }

    /// This member may not.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::plain(RefusalKind::Forbidden, message)
    }

    /// A rule forbids it.
    pub fn not_allowed(message: impl Into<String>) -> Self {
        Self::plain(RefusalKind::NotAllowed, message)
    }

    /// Fields are wrong.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let message = match fields.as_slice() {
            [only] => only.message.clone(),
            _ => format!("Please check {} fields below.", fields.len()),
        };
        Self {
            kind: RefusalKind::Invalid,
            message,
            fields,
        }
    }

    /// One field is wrong.
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError {
            field,
            message: message.into(),
        }])
    }

    /// Status of the answer.
    pub const fn status(&self) -> u16 {
        match self.kind {
            RefusalKind::NotFound => 404,
            RefusalKind::Forbidden => 403,
            RefusalKind::NotAllowed => 409,
            RefusalKind::Invalid => 422,
        }
    }
}

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
    wrong.push(FieldError { field, message });
    text
}

#[cfg(test)]
mod tests;
