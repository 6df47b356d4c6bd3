//! What evaluators may look at: everything about an ended episode that was read on the server
//! side. Stored whole, so that a verdict can be computed again from it, byte for byte.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What an episode left behind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// How it ended; absent when it did not end by itself (a limit).
    pub ending: Option<Ending>,
    /// The address of the active tab at the end.
    pub final_url: Option<String>,
    /// What the active tab's address means to the bundled sites; absent when it is none of theirs.
    pub final_view: Option<View>,
    /// Every difference of primary state to the base, in order of collection and key.
    pub changes: Vec<Change>,
    /// What the sites served to the run, in order.
    pub journal: Vec<JournalEntry>,
    /// Broken invariants of derived state; a sound site never has one.
    pub broken_invariants: Vec<String>,
    /// What the task's page paid; absent where pages pay nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reward: Option<PageReward>,
    /// What the arena looked up itself after the end, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lookups: Vec<Lookup>,
    /// What a model said when it was asked, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judgements: Vec<Judgement>,
}

/// Something that the arena looked up itself after the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// The evaluator that it is for: its place in the task, e.g. `0`, or `2.1` within another.
    pub evaluator: String,
    /// The address of the page that was looked at; absent when none was reached.
    pub url: Option<String>,
    /// What was found.
    pub found: Found,
}

/// What a look found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum Found {
    /// This text.
    Text(String),
    /// Nothing: no such element, no such value.
    Nothing,
    /// It could not be looked up, for this reason.
    Failed(String),
}

/// What a model said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The evaluator that asked: its place in the task.
    pub evaluator: String,
    /// What it was asked.
    pub asked: Asked,
    /// What it replied; absent when it gave none, for the reason given.
    pub reply: Option<String>,
    /// Why there is no reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What a model is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// By which rule.
    pub rule: JudgeRule,
    /// What the agent said.
    pub prediction: String,
    /// What would be right; for `ua_match`, why the task cannot be done.
    pub reference: String,
    /// The task's own words, or the criterion.
    pub question: String,
}

crate::named_values! {
    /// What a model decides.
    JudgeRule {
        /// WebArena: whether an answer means the same as the reference.
        FuzzyMatch = "fuzzy_match",
        /// WebArena: whether a report gives the reason why the task cannot be done.
        UaMatch = "ua_match",
        /// Whether a criterion is met; the reply is a strict JSON verdict.
        Criterion = "criterion",
    }
}

/// What a task's page paid, as the arena saw it happen; the page's own variables are not believed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PageReward {
    /// The reward before any decay over time; 0 while the page has not ended the episode.
    pub raw: f64,
    /// The reward as the page's clock decayed it.
    pub env: f64,
    /// Whether the page ended the episode.
    pub done: bool,
    /// The page's own words about the end, if it has any.
    pub reason: Option<String>,
    /// How many episodes the page has ended: 0, or 1 when it is over.
    pub episode_id: u32,
    /// Why nothing that the page pays counts, e.g. because the agent left it.
    pub void: Option<String>,
}

/// How an episode came to its own end, not to one of its limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "message", rename_all = "snake_case")]
pub enum Ending {
    /// It says it is done; the message is the answer, perhaps empty.
    Answer(String),
    /// It says the task cannot be done; the first word is the code.
    Infeasible(String),
    /// The place ended it, e.g. because its page paid a reward; the message says why.
    Place(String),
}

crate::named_values! {
    /// What happened to a record.
    ChangeOp {
        /// It is new.
        Add = "add",
        /// It is gone.
        Remove = "remove",
        /// Some of its fields differ.
        Change = "change",
    }
}

/// One record that differs from the base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What happened.
    pub op: ChangeOp,
    /// The collection, e.g. `shop.orders`.
    pub collection: String,
    /// The record's key within it.
    pub key: String,
    /// Changed fields, or all fields of an added or removed record.
    pub fields: BTreeMap<String, FieldChange>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Value in the base; null when there was none.
    pub before: Value,
    /// Value at the end; null when there is none.
    pub after: Value,
}

/// What an address of the bundled sites means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The route, e.g. `shop.category`.
    pub route: String,
    /// Typed parameters, path and query alike, defaults left out.
    pub params: BTreeMap<String, Value>,
    /// Parameters that the route does not know.
    pub unknown: Vec<String>,
}

/// One request that the sites answered for the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Counts from 1.
    pub n: u32,
    /// HTTP method.
    pub method: String,
    /// Path and query as asked for.
    pub path: String,
    /// What it means; absent for an unknown path.
    pub view: Option<View>,
    /// HTTP status.
    pub status: u16,
    /// Whether the browser asked for a page to show (`Sec-Fetch-Dest: document`).
    pub document: bool,
    /// Records (`collection/key`) that the page showed.
    pub shown: Vec<String>,
    /// An attempt that breaks a rule of the arena, in words.
    pub violation: Option<String>,
}
