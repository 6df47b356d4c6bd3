//! Primary state of the desk as records: the contract between the desk and the evaluators.
//!
//! | collection | key | fields |
//! |---|---|---|
//! | `desk.issues` | key, `WEB-1040` | `title`, `description`, `kind`, `status`, `resolution`, `priority`, `severity`, `component`, `labels`, `milestone` (id), `assignees`, `watchers` (short names, sorted), `due`, `points`, `estimate_min`, `confidential` |
//! | `desk.board` | `WEB/in_progress` | `order`: null while nobody moved a card, else the keys of the column from top to bottom |
//! | `desk.comments` | number | `on` (`WEB-1040` or `WEB!31`), `author`, `text`, `internal`, `deleted` |
//! | `desk.links` | `WEB-3 blocks WEB-9` | `from`, `kind`, `to` |
//! | `desk.work` | number | `issue`, `member`, `day`, `minutes`, `note` |
//! | `desk.milestones` | id | `project`, `title`, `about`, `start`, `due`, `state` |
//! | `desk.merge_requests` | `WEB!31` | `state`, `approved_by`, `squashed`, `branch_deleted` |
//! | `desk.members` | `WEB/jonas.weil` | `project`, `member`, `role`, `until` |
//! | `desk.filters` | number | `name`, `query` |
//!
//! Absent values are null, empty texts are empty texts; the two are never equal. The order of a
//! column is compared with the order that it would have if nobody had moved a card, so that a
//! change of status alone is no change of order.

use serde_json::{Value, json};

use crate::sites::desk::queries::board;
use crate::sites::desk::state::{Comment, DeskState, Issue, Status};
use crate::sites::diff::{Record, Records};

/// All primary records of a state.
pub fn of(state: &DeskState) -> Records {
    let mut records = Records::new();
    let mut add = |collection: &str, key: String, record: Record| {
        records.insert((format!("desk.{collection}"), key), record);
    };
    for entry in state.issues.values() {
        add("issues", entry.id.to_string(), issue(entry));
    }
    for project in state.order.keys() {
        for status in Status::COLUMNS {
            let order = board::column(state, *project, status);
            let order = (order != board::natural(state, *project, status)).then(|| {
                order
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<String>>()
            });
            add(
                "board",
                format!("{project}/{status}"),
                fields([("order", json!(order))]),
            );
        }
    }
    for entry in state.comments.values() {
        add("comments", entry.no.to_string(), comment(entry));
    }
    for link in state.links.iter() {
        let record = fields([
            ("from", json!(link.from.to_string())),
            ("kind", json!(link.kind)),
            ("to", json!(link.to.to_string())),
        ]);
        add("links", link.key(), record);
    }
    for (no, entry) in state.work.iter() {
        let record = fields([
            ("issue", json!(entry.issue.to_string())),
            ("member", json!(entry.member)),
            ("day", json!(entry.day)),
            ("minutes", json!(entry.minutes)),
            ("note", json!(entry.note)),
        ]);
        add("work", no.to_string(), record);
    }
    for (key, record) in projects(state) {
        add(key.0, key.1, record);
    }
    records
}

/// Records of milestones, merge requests, members and filters.
fn projects(state: &DeskState) -> Vec<((&'static str, String), Record)> {
    let mut records = Vec::new();
    for entry in state.milestones.values() {
        let record = fields([
            ("project", json!(entry.project.as_str())),
            ("title", json!(entry.title)),
            ("about", json!(entry.about)),
            ("start", json!(entry.start)),
            ("due", json!(entry.due)),
            ("state", json!(entry.state)),
        ]);
        records.push((("milestones", entry.id.to_string()), record));
    }
    for entry in state.merges.values() {
        let record = fields([
            ("state", json!(entry.state)),
            ("approved_by", json!(entry.approved_by)),
            ("squashed", json!(entry.squashed)),
            ("branch_deleted", json!(entry.branch_deleted)),
        ]);
        records.push((("merge_requests", entry.id.to_string()), record));
    }
    for ((project, member), entry) in state.memberships.iter() {
        let record = fields([
            ("project", json!(project.as_str())),
            ("member", json!(member)),
            ("role", json!(entry.role)),
            ("until", json!(entry.until)),
        ]);
        records.push((("members", format!("{project}/{member}")), record));
    }
    for (no, entry) in state.filters.iter() {
        let record = fields([("name", json!(entry.name)), ("query", json!(entry.query))]);
        records.push((("filters", no.to_string()), record));
    }
    records
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Record {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// An issue as evaluators compare it.
pub fn issue(issue: &Issue) -> Record {
    fields([
        ("title", json!(issue.title)),
        ("description", json!(issue.description)),
        ("kind", json!(issue.kind)),
        ("status", json!(issue.status)),
        ("resolution", json!(issue.resolution)),
        ("priority", json!(issue.priority)),
        ("severity", json!(issue.severity)),
        ("component", json!(issue.component)),
        ("labels", json!(issue.labels)),
        ("milestone", json!(issue.milestone)),
        ("assignees", json!(issue.assignees)),
        ("watchers", json!(issue.watchers)),
        ("due", json!(issue.due)),
        ("points", json!(issue.points)),
        ("estimate_min", json!(issue.estimate_min)),
        ("confidential", json!(issue.confidential)),
    ])
}

fn comment(comment: &Comment) -> Record {
    fields([
        ("on", json!(comment.on.to_string())),
        ("author", json!(comment.author)),
        ("text", json!(comment.text)),
        ("internal", json!(comment.internal)),
        ("deleted", json!(comment.deleted)),
    ])
}
