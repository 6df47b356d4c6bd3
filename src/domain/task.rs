//! What is to be done: a task as the arena stores and runs it. Immutable once used; a change
//! makes a new revision. How task files are written is `docs/tasks.md`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::criteria::{CombinedSpec, DomSpec, JudgeSpec, RequestSpec, WeightedSpec};
use crate::domain::ids::{SuiteId, TaskId};
use crate::domain::time::Timestamp;
use crate::domain::viewport::Viewport;
use crate::domain::webarena::{ProgramHtmlSpec, StringMatchSpec, UrlMatchSpec};

crate::named_values! {
    /// What the result of a task is.
    TaskKind {
        /// A value, given as the final message; state must stay as it was.
        Info = "info",
        /// A change of state; the final message is not scored.
        State = "state",
        /// The page left open; state must stay.
        Navigation = "navigation",
        /// A justified report that it cannot be done; state must stay.
        Infeasible = "infeasible",
        /// What the task's page itself pays; the page says when it is over, and the final message
        /// is not scored.
        Reward = "reward",
    }
}

crate::named_values! {
    /// How hard a task is, from its points (`docs/tasks.md`).
    Difficulty {
        /// 0 to 4 points.
        Easy = "easy",
        /// 5 to 9 points.
        Medium = "medium",
        /// 10 points and more.
        Hard = "hard",
        /// No points were given, as by a benchmark that does not say how hard its tasks are.
        Unrated = "unrated",
    }
}

/// One revision of a task, with what the arena keeps beside the specification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Id of this revision.
    pub id: TaskId,
    /// The suite it belongs to.
    pub suite_id: SuiteId,
    /// Name within the suite, the same for all revisions, e.g. `shop-001`.
    pub key: String,
    /// Counts from 1.
    pub revision: u32,
    /// What is to be done.
    pub spec: TaskSpec,
    /// A task that is not active takes no new submissions.
    pub active: bool,
    /// When this revision was made.
    pub created_at: Timestamp,
}

/// What is to be done, complete: two equal specifications are the same task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskSpec {
    /// The template that it is an instance of, e.g. `S07`.
    pub template: String,
    /// The number of the draw that filled the template, from 0.
    pub draw: u32,
    /// For lists.
    pub title: String,
    /// What the agent is told.
    pub goal: String,
    /// What the result is.
    pub kind: TaskKind,
    /// How hard.
    pub difficulty: Difficulty,
    /// Points by feature letter, e.g. `{"S": 1, "L": 1}`.
    pub points: std::collections::BTreeMap<String, u32>,
    /// Skill tags.
    pub skills: Vec<String>,
    /// Where it happens.
    pub environment: EnvironmentSpec,
    /// What counts. All must pass; the score is the product.
    pub evaluators: Vec<EvaluatorSpec>,
    /// Bounds on one episode.
    pub limits: Limits,
    /// The reference solution, one instruction a line (`docs/tasks.md`).
    pub solution: Vec<String>,
    /// Values that filled the template, for authors and evidence; never shown to an agent.
    pub draw_values: Value,
}

/// Where a task happens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EnvironmentSpec {
    /// The bundled sites.
    Site {
        /// Sites that the agent may visit, e.g. `["shop"]`.
        sites: Vec<String>,
        /// Who the agent is signed in as.
        persona: String,
        /// Which seeded world.
        world: u32,
        /// Where it starts: a path on the sites' listener, e.g. `/shop/`.
        start: String,
    },
    /// One page of an imported collection, which words its goal and judges by itself
    /// (`docs/miniwob.md`).
    Static {
        /// The task's name in its benchmark, e.g. `click-test`.
        task: String,
        /// The collection of pages: a folder below `pages/` in the data directory, and below
        /// `/pages/` on the sites' listener, e.g. `miniwob-0a1b2c3d4e5f6071`.
        pages: String,
        /// SHA-256 over all files of the collection, lower-case hex.
        sha256: String,
        /// Where the pages come from, e.g. `miniwob 1.1.0`.
        source: String,
        /// The page within the collection, e.g. `miniwob/click-test.html`.
        page: String,
        /// The window that its benchmark shows it in; the arena's own size when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        viewport: Option<Viewport>,
    },
    /// Sites that someone else runs, at given addresses (`docs/webarena.md`).
    Web {
        /// The map of sites that the task was imported with: a file below `web/` in the data
        /// directory, which says how to sign in and reset. It may hold passwords, so it is no
        /// part of the task.
        map: String,
        /// Where the sites are, by name, without a slash at the end.
        sites: std::collections::BTreeMap<String, String>,
        /// Sites that the agent is signed in to, by name.
        logins: Vec<String>,
        /// Where it starts: one tab each, the first of which is the active one.
        start: Vec<String>,
        /// Where the task comes from, with its version.
        source: String,
    },
}

impl EnvironmentSpec {
    /// The size that its pages are shown in.
    pub fn viewport(&self) -> Viewport {
        match self {
            Self::Static { viewport, .. } => viewport.unwrap_or_default(),
            Self::Site { .. } | Self::Web { .. } => Viewport::STANDARD,
        }
    }
}

impl TaskSpec {
    /// Whether the task is scored as one of the reference benchmarks scores it, with its rules
    /// for how an episode may end.
    pub fn follows_reference(&self) -> bool {
        self.evaluators.iter().any(|one| match one {
            EvaluatorSpec::StringMatch(spec) => spec.compat.is_reference(),
            EvaluatorSpec::UrlMatch(spec) => spec.compat.is_reference(),
            EvaluatorSpec::ProgramHtml(spec) => spec.compat.is_reference(),
            _ => false,
        })
    }
}

/// Bounds on one episode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Most steps.
    pub steps: u32,
    /// Most time from the first observation to the end, in milliseconds.
    pub time_ms: u64,
}

/// One criterion of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum EvaluatorSpec {
    /// The final message, read as a typed value (`evaluators::answer`).
    Answer(AnswerSpec),
    /// The final message is a report that the task cannot be done, with the right code and the
    /// blocking fact seen (`evaluators::infeasible`).
    Infeasible(InfeasibleSpec),
    /// The page left open (`evaluators::url`).
    Url(UrlSpec),
    /// The complete change of primary state (`evaluators::state`).
    State(StateSpec),
    /// The raw reward that the task's page paid, which must be 1 (`evaluators::reward`).
    Reward(RewardSpec),
    /// The final message, by WebArena's rules (`evaluators::string_match`).
    StringMatch(StringMatchSpec),
    /// The address of the tab left open, by WebArena's rules (`evaluators::url_match`).
    UrlMatch(UrlMatchSpec),
    /// What pages show, by WebArena's rules (`evaluators::program_html`).
    ProgramHtml(ProgramHtmlSpec),
    /// What a page shows in a session of its own (`evaluators::dom`).
    Dom(DomSpec),
    /// What was requested of the sites (`evaluators::request`).
    Request(RequestSpec),
    /// What a model thinks of the final message (`evaluators::judge`).
    Judge(JudgeSpec),
    /// All of several criteria (`evaluators::combine`).
    All(CombinedSpec),
    /// At least one of several criteria (`evaluators::combine`).
    Any(CombinedSpec),
    /// Several criteria with weights (`evaluators::combine`).
    Weighted(WeightedSpec),
}

crate::named_values! {
    /// How a final message is read.
    AnswerType {
        /// A number.
        Number = "number",
        /// An amount of money: minor units and currency.
        Money = "money",
        /// A share in per cent: a number, with or without its sign.
        Percent = "percent",
        /// A calendar date.
        Date = "date",
        /// A time of day.
        Time = "time",
        /// A date with a time of day, in UTC.
        DateTime = "date_time",
        /// A length of time in hours, minutes and seconds.
        Duration = "duration",
        /// One of a closed collection of names.
        Entity = "entity",
        /// Text, equal after folding white space, case and quotes.
        Text = "text",
        /// Items in order.
        List = "list",
        /// Items in any order.
        Set = "set",
        /// Several parts of different types.
        Record = "record",
    }
}

/// What the final message must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerSpec {
    /// How it is read.
    pub answer: AnswerType,
    /// The right value in canonical form: a number; money as `"45.20 USD"`; a date as
    /// `"2026-03-18"`, with a time as `"2026-03-18 14:05"`; a length of time as `"1 h 30 min"`; a
    /// name; an array for list and set; for a record an array of objects
    /// `{name, answer, expected, ...}`.
    pub expected: Value,
    /// For a number: the unit that may stand behind it. Absent: none may. For a length of time:
    /// the unit of a bare number. Absent: none is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// For a number: which way it must go. Absent: words of direction say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// For an entity, and for items of list and set: every name of the collection with its
    /// aliases, so that a second name in the message is seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

/// A name of a closed collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The name as the pages show it.
    pub name: String,
    /// Other right spellings: keys, article numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

crate::named_values! {
    /// What words such as "rose" and "fell" do to a number.
    Direction {
        /// A change with its sign: "fell by 3" is -3.
        Signed = "signed",
        /// The size of a rise: "fell by 3" is another value.
        Rise = "rise",
        /// The size of a fall: "rose by 3" is another value, and -3 is 3.
        Fall = "fall",
    }
}

crate::named_values! {
    /// Why a task cannot be done. Exactly these; there is no "unknown".
    InfeasibleCode {
        /// The thing asked for does not exist.
        NotFound = "NOT_FOUND",
        /// This user may not.
        PermissionDenied = "PERMISSION_DENIED",
        /// Nobody may, by rule or by the record's condition.
        ActionNotAllowed = "ACTION_NOT_ALLOWED",
        /// The given data breaks a rule.
        DataValidation = "DATA_VALIDATION",
    }
}

/// What a report of infeasibility must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InfeasibleSpec {
    /// Every defensible code.
    pub codes: Vec<InfeasibleCode>,
    /// Alternatives: one of them must have been served to this run.
    pub seen: Vec<Sighting>,
}

/// A page that shows the blocking fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sighting {
    /// The route that served it, e.g. `shop.order`; absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route: Option<String>,
    /// Parameters that the request must have had.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub params: std::collections::BTreeMap<String, Value>,
    /// The request had no further parameters but order and page: a list that is narrowed further
    /// proves nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub exact: bool,
    /// Status of the answer; absent: 200. A refusal (403) may itself be the blocking fact.
    #[serde(
        default = "Sighting::shown_whole",
        skip_serializing_if = "Sighting::is_shown_whole"
    )]
    pub status: u16,
    /// Records (`collection/key`) that must all have been shown, over one or several pages
    /// that match route and parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<String>,
}

impl Sighting {
    const fn shown_whole() -> u16 {
        200
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    const fn is_shown_whole(status: &u16) -> bool {
        *status == Self::shown_whole()
    }
}

/// Which page must be open at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrlSpec {
    /// The route, e.g. `shop.category`.
    pub route: String,
    /// All its parameters in typed form, defaults left out; an array is a set. What is not
    /// named here must not be there.
    #[serde(default)]
    pub params: std::collections::BTreeMap<String, Value>,
}

/// That the task's page paid the full raw reward. There is nothing to set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RewardSpec {}

/// The complete change of primary state. That nothing else changed is always part of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateSpec {
    /// Every change that must be there; empty: none may be.
    #[serde(default)]
    pub expect: Vec<ExpectedChange>,
    /// Changes that may be there.
    #[serde(default)]
    pub allow: Vec<AllowedChange>,
}

/// One change, or several alike, of primary state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedChange {
    /// What happened to the record.
    pub op: crate::domain::evidence::ChangeOp,
    /// The collection, e.g. `shop.orders`.
    pub collection: String,
    /// The record's key; absent for an added record, which is matched by content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How many records; more or fewer fail.
    #[serde(default = "one")]
    pub count: u32,
    /// For an added record all its fields, for a changed one the changed fields with their new
    /// values. `{"any": true}` accepts every value, `{"one_of": [..]}` one of several,
    /// `{"set": [..]}` an array in any order.
    #[serde(default)]
    pub fields: std::collections::BTreeMap<String, Value>,
}

/// A change that may be there beside the expected ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllowedChange {
    /// What may happen to the record.
    pub op: crate::domain::evidence::ChangeOp,
    /// The collection.
    pub collection: String,
    /// The record's key; absent: any record of the collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// For a change: the fields that may differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// At most how many records.
    #[serde(default = "one")]
    pub at_most: u32,
    /// Why, for reviewers.
    pub why: String,
}

const fn one() -> u32 {
    1
}
