//! Primary state of the forum as records: the contract between the forum and the evaluators.
//!
//! | collection | key | fields |
//! |---|---|---|
//! | `forum.posts` | number | `community`, `author`, `title`, `text`, `flair`, `picture`, `pinned`, `status` (`up`, `deleted`, `removed`) |
//! | `forum.comments` | number | `post`, `parent` (number or null), `author`, `text`, `status` |
//! | `forum.votes` | `post-7` or `comment-7` | `target` (the same), `vote` (`up`, `down`) |
//! | `forum.memberships` | community | `community` |
//! | `forum.saved` | `post-7` or `comment-7` | `target` |
//! | `forum.mutes` | community | `community`, `until` (`2026-04-30`, or null: until it is changed) |
//! | `forum.blocks` | member | `member` |
//! | `forum.messages` | number | `thread` (number of the message that began it; null: this one does), `from`, `to`, `subject`, `text` |
//! | `forum.reports` | number | `target`, `community`, `by`, `rule`, `note`, `status` (`open`, `approved`, `removed`), `removed_for` (rule or null) |
//!
//! Points, times of writing and what was read are left out.

use serde_json::{Value, json};

use crate::sites::diff::{Record, Records};
use crate::sites::forum::state::{Comment, ForumState, Message, Post, Report};

/// All primary records of a state.
pub fn of(state: &ForumState) -> Records {
    let mut records = Records::new();
    let mut add = |collection: &str, key: String, record: Record| {
        records.insert((format!("forum.{collection}"), key), record);
    };
    for entry in state.posts.values() {
        add("posts", entry.no.to_string(), post(entry));
    }
    for entry in state.comments.values() {
        add("comments", entry.no.to_string(), comment(entry));
    }
    for (target, vote) in state.votes.iter() {
        let target = target.to_string();
        let record = fields([("target", json!(target)), ("vote", json!(vote))]);
        add("votes", target, record);
    }
    for community in state.joined.iter() {
        let record = fields([("community", json!(community))]);
        add("memberships", community.to_string(), record);
    }
    for target in state.saved.keys() {
        let target = target.to_string();
        let record = fields([("target", json!(target))]);
        add("saved", target, record);
    }
    for (community, until) in state.mutes.iter() {
        let until = until.map(|day| day.to_string());
        let record = fields([("community", json!(community)), ("until", json!(until))]);
        add("mutes", community.to_string(), record);
    }
    for member in state.blocks.iter() {
        let record = fields([("member", json!(member))]);
        add("blocks", member.to_string(), record);
    }
    for entry in state.messages.values() {
        add("messages", entry.no.to_string(), message(entry));
    }
    for entry in state.reports.values() {
        add("reports", entry.no.to_string(), report(entry));
    }
    records
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Record {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn post(entry: &Post) -> Record {
    fields([
        ("community", json!(entry.community)),
        ("author", json!(entry.author)),
        ("title", json!(entry.title)),
        ("text", json!(entry.text)),
        ("flair", json!(entry.flair)),
        ("picture", json!(entry.picture)),
        ("pinned", json!(entry.pinned)),
        ("status", json!(entry.standing)),
    ])
}

fn comment(entry: &Comment) -> Record {
    fields([
        ("post", json!(entry.post)),
        ("parent", json!(entry.parent)),
        ("author", json!(entry.author)),
        ("text", json!(entry.text)),
        ("status", json!(entry.standing)),
    ])
}

fn message(entry: &Message) -> Record {
    fields([
        ("thread", json!(entry.thread)),
        ("from", json!(entry.from)),
        ("to", json!(entry.to)),
        ("subject", json!(entry.subject)),
        ("text", json!(entry.text)),
    ])
}

fn report(entry: &Report) -> Record {
    fields([
        ("target", json!(entry.target.to_string())),
        ("community", json!(entry.community)),
        ("by", json!(entry.by)),
        ("rule", json!(entry.rule)),
        ("note", json!(entry.note)),
        ("status", json!(entry.status)),
        ("removed_for", json!(entry.removed_for)),
    ])
}
