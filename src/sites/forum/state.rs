//! The typed state of the forum: what one run works on.
//!
//! Collections sit behind [`Arc`], and so do posts, comments and messages in them: a new run is
//! a clone of pointers, and a write copies pointers and the one record that it changes. Every
//! field is one of four kinds, and its doc says which:
//! - **primary**: what members decide; compared by [`crate::sites::diff`],
//! - **derived**: computed from primary state; checked by
//!   [`crate::sites::forum::invariants`], never compared,
//! - **incidental**: what was just done, counters; neither compared nor checked,
//! - **fixed**: communities, members, other people's votes, which no action changes.
//!
//! Times are in UTC.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Arc<str>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        /// Lets maps be asked with a plain text.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )+};
}

text_ids! {
    /// A community's address part, e.g. `espresso-bar`.
    CommunityId,
    /// A member's name in the forum, e.g. `brew_anna`.
    MemberId,
}

/// A post's number.
pub type PostNo = u32;
/// A comment's number.
pub type CommentNo = u32;
/// A message's number.
pub type MessageNo = u32;
/// A report's number.
pub type ReportNo = u32;

/// Everything that one run of the forum holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ForumState {
    /// Fixed: communities and members.
    pub board: Arc<Board>,
    /// Primary (`forum.posts`): deleted and removed ones included.
    pub posts: Arc<BTreeMap<PostNo, Arc<Post>>>,
    /// Primary (`forum.comments`): deleted and removed ones included.
    pub comments: Arc<BTreeMap<CommentNo, Arc<Comment>>>,
    /// Primary (`forum.votes`): how the persona voted.
    pub votes: Arc<BTreeMap<Target, Vote>>,
    /// Primary (`forum.memberships`): communities that the persona joined.
    pub joined: Arc<BTreeSet<CommunityId>>,
    /// Primary (`forum.saved`): what the persona keeps, with its place in the list.
    pub saved: Arc<BTreeMap<Target, u32>>,
    /// Primary (`forum.mutes`): muted communities, with the last day of it; none: until changed.
    pub mutes: Arc<BTreeMap<CommunityId, Option<Date>>>,
    /// Primary (`forum.blocks`): members whose posts, comments and messages are hidden.
    pub blocks: Arc<BTreeSet<MemberId>>,
    /// Primary (`forum.messages`): private messages from and to the persona.
    pub messages: Arc<BTreeMap<MessageNo, Arc<Message>>>,
    /// Primary (`forum.reports`): what was reported to moderators.
    pub reports: Arc<BTreeMap<ReportNo, Report>>,
    /// Derived: comments of each post, in the order of their numbers.
    pub threads: Arc<BTreeMap<PostNo, Vec<CommentNo>>>,
    /// Incidental.
    pub incidental: Incidental,
}

/// What no action changes.
#[derive(Debug, PartialEq)]
pub struct Board {
    /// The seed of the world.
    pub world: u32,
    /// The persona.
    pub me: MemberId,
    /// All communities by id.
    pub communities: BTreeMap<CommunityId, Community>,
    /// All members by id.
    pub members: BTreeMap<MemberId, Member>,
}

/// A community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Community {
    /// Its address part.
    pub id: CommunityId,
    /// Its name, e.g. `Espresso Bar`.
    pub name: String,
    /// One line below the name.
    pub tagline: String,
    /// Topics that it is tagged with.
    pub topics: Vec<String>,
    /// Rules in order; the first is rule 1.
    pub rules: Vec<Rule>,
    /// Flairs of its posts.
    pub flairs: Vec<Flair>,
    /// The flair that the form for a post starts with.
    pub suggested_flair: String,
    /// Members who look after it.
    pub moderators: Vec<MemberId>,
    /// Posts are shown to those who joined only.
    pub members_only: bool,
    /// Members besides the persona.
    pub others: BTreeSet<MemberId>,
    /// When it was founded.
    pub founded: Date,
    /// Number of its colour in the style sheet, 1 to 6.
    pub colour: u8,
}

/// A rule of a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// In a few words.
    pub title: String,
    /// In full.
    pub text: String,
}

/// A mark of posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flair {
    /// Its name, e.g. `Workbench`.
    pub name: String,
    /// When the rules ask for it, e.g. `something you own no longer works`.
    pub when: String,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Name in the forum.
    pub id: MemberId,
    /// Name as the profile shows it.
    pub name: String,
    /// One line about them; may be empty.
    pub about: String,
    /// When they joined the forum.
    pub since: Date,
    /// The account was closed.
    pub deactivated: bool,
}

/// What can be voted on, saved and reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A post.
    Post(PostNo),
    /// A comment.
    Comment(CommentNo),
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Post(no) => write!(f, "post-{no}"),
            Self::Comment(no) => write!(f, "comment-{no}"),
        }
    }
}

/// A text that names no post and no comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a target is written `post-7` or `comment-7`")]
pub struct NoTarget;

impl std::str::FromStr for Target {
    type Err = NoTarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, no) = text.split_once('-').ok_or(NoTarget)?;
        let no = no.parse().map_err(|_| NoTarget)?;
        match kind {
            "post" => Ok(Self::Post(no)),
            "comment" => Ok(Self::Comment(no)),
            _ => Err(NoTarget),
        }
    }
}

crate::named_values! {
    /// A vote.
    Vote {
        /// One point more.
        Up = "up",
        /// One point less.
        Down = "down",
    }
}

crate::named_values! {
    /// Whether something written can be read.
    Standing {
        /// It can.
        Up = "up",
        /// Its author deleted it.
        Deleted = "deleted",
        /// A moderator removed it.
        Removed = "removed",
    }
}

crate::named_values! {
    /// What became of a report.
    ReportStatus {
        /// Nobody has looked at it.
        Open = "open",
        /// What was reported stays.
        Approved = "approved",
        /// What was reported was removed.
        Removed = "removed",
    }
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Number.
    pub no: PostNo,
    /// Where.
    pub community: CommunityId,
    /// By whom.
    pub author: MemberId,
    /// Title, at most [`TITLE_LENGTH`] characters.
    pub title: String,
    /// Text, at most [`TEXT_LENGTH`] characters.
    pub text: String,
    /// Its mark.
    pub flair: Option<String>,
    /// What the attached picture shows.
    pub picture: Option<String>,
    /// Moderators put it on top.
    pub pinned: bool,
    /// Whether it can be read.
    pub standing: Standing,
    /// Incidental: when it was written.
    pub written_at: DateTime,
    /// Incidental: when it was last changed.
    pub edited_at: Option<DateTime>,
    /// Fixed: points by everyone else.
    pub others_score: i32,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Number.
    pub no: CommentNo,
    /// Under which post.
    pub post: PostNo,
    /// The comment that it answers; none: the post itself.
    pub parent: Option<CommentNo>,
    /// By whom.
    pub author: MemberId,
    /// Text, at most [`COMMENT_LENGTH`] characters.
    pub text: String,
    /// Whether it can be read.
    pub standing: Standing,
    /// Incidental: when it was written.
    pub written_at: DateTime,
    /// Incidental: when it was last changed.
    pub edited_at: Option<DateTime>,
    /// Fixed: points by everyone else.
    pub others_score: i32,
}

/// A private message. A thread is a message that begins it and the messages that name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Number.
    pub no: MessageNo,
    /// The message that began the thread; none: this one does.
    pub thread: Option<MessageNo>,
    /// Who wrote it.
    pub from: MemberId,
    /// Who gets it.
    pub to: MemberId,
    /// Subject of the thread.
    pub subject: String,
    /// Text, at most [`COMMENT_LENGTH`] characters.
    pub text: String,
    /// Incidental: when it was sent.
    pub sent_at: DateTime,
}

/// A report to the moderators of a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Number.
    pub no: ReportNo,
    /// What was reported.
    pub target: Target,
    /// Where it stands.
    pub community: CommunityId,
    /// Who reported it.
    pub by: MemberId,
    /// The rule that it is said to break, from 1.
    pub rule: u8,
    /// What the reporter adds.
    pub note: String,
    /// What became of it.
    pub status: ReportStatus,
    /// The rule for which it was removed.
    pub removed_for: Option<u8>,
    /// Incidental: when it was reported.
    pub at: DateTime,
}

/// Most characters of a title.
pub const TITLE_LENGTH: usize = 140;
/// Most characters of a post's text.
pub const TEXT_LENGTH: usize = 8000;
/// Most characters of a comment or a message.
pub const COMMENT_LENGTH: usize = 4000;
/// Most characters of a report's note.
pub const NOTE_LENGTH: usize = 300;

/// What is neither compared nor checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incidental {
    /// What was just done, for the next page.
    pub flash: Option<String>,
    /// The post that was just deleted, for "Undo".
    pub deleted: Option<PostNo>,
    /// Threads of messages that were opened.
    pub read: BTreeSet<MessageNo>,
    /// Number of the next post.
    pub next_post: PostNo,
    /// Number of the next comment.
    pub next_comment: CommentNo,
    /// Number of the next message.
    pub next_message: MessageNo,
    /// Number of the next report.
    pub next_report: ReportNo,
    /// Place of the next saved thing.
    pub next_saved: u32,
}
