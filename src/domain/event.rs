//! The append-only, numbered log of an episode. Live view and replay both read it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::outcome::{Outcome, PlaygroundKind};
use crate::domain::time::Timestamp;
use crate::domain::verdict::Verdict;

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// Counts from 1 within the submission, over all its episodes, without gaps.
    pub seq: u32,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub body: EventBody,
}

/// SHA-256 of an artifact's bytes, as lower-case hex: its name.
pub type ArtifactHash = String;

/// What happened. Large payloads are artifacts, stored once and named here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum EventBody {
    /// An episode began.
    EpisodeStarted {
        /// Which try this is, from 1.
        attempt: u32,
        /// What executes it.
        playground: PlaygroundKind,
        /// Browser and driver with versions.
        browser: String,
        /// The arena's rules as the agent is told them.
        #[serde(default)]
        preamble: String,
        /// The goal as the agent is told it.
        goal: String,
        /// What the goal names, as pairs of key and value; only some benchmarks say so.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fields: Vec<(String, String)>,
        /// The first address.
        start_url: String,
        /// Time for making place and page, which may be ahead of the episode.
        #[serde(default)]
        prepared_ms: f64,
        /// From taking the prepared page to the started episode.
        #[serde(default)]
        reset_ms: f64,
    },
    /// The page was read.
    Observed {
        /// Step, from 1.
        step: u32,
        /// Address.
        url: String,
        /// Title.
        title: String,
        /// Number of tabs.
        tabs: u32,
        /// The observation as JSON.
        observation: ArtifactHash,
        /// The picture, a PNG.
        screenshot: Option<ArtifactHash>,
        /// Number of interactive elements.
        elements: u32,
        /// Time for reading the page, without the picture.
        duration_ms: f64,
    },
    /// One call to a model.
    ModelCalled {
        /// Step, from 1.
        step: u32,
        /// Which try of this step's decision, from 1.
        attempt: u32,
        /// Model as asked for.
        model: String,
        /// Tokens and money.
        usage: Usage,
        /// HTTP status, absent when no answer came.
        status: Option<u16>,
        /// What went wrong.
        error: Option<String>,
        /// Request without secrets, and reply, as JSON.
        exchange: Option<ArtifactHash>,
        /// Time for the call.
        duration_ms: f64,
    },
    /// The agent decided.
    Decided {
        /// Step, from 1.
        step: u32,
        /// The action in canonical form, e.g. `click('12')`.
        action: String,
        /// What it acts on, in words: role and name.
        target: Option<String>,
        /// The target's left, top, width, height.
        target_bbox: Option<[f64; 4]>,
        /// The agent's own words.
        reasoning: Option<String>,
        /// Time for deciding.
        duration_ms: f64,
    },
    /// The action was carried out, or refused.
    Acted {
        /// Step, from 1.
        step: u32,
        /// Whether it was carried out.
        ok: bool,
        /// What happened, or why not and what to do: what the agent is told.
        message: String,
        /// Time for acting.
        act_ms: f64,
        /// Time until the page was quiet.
        settle_ms: f64,
        /// Address afterwards.
        url: String,
    },
    /// The agent tried what the arena forbids.
    PolicyViolated {
        /// Step, from 1.
        step: u32,
        /// The rule.
        rule: String,
        /// What was tried.
        detail: String,
    },
    /// A page opened a dialog; it was answered.
    DialogAnswered {
        /// Step, from 1.
        step: u32,
        /// `alert`, `confirm`, `prompt` or `beforeunload`.
        kind: String,
        /// What it said.
        message: String,
        /// Whether it was accepted.
        accepted: bool,
    },
    /// The agent ended its episode.
    AgentEnded {
        /// Step, from 1.
        step: u32,
        /// `answer` or `infeasible`.
        how: String,
        /// The message.
        message: String,
    },
    /// The place ended the episode.
    PlaceEnded {
        /// Step, from 1.
        step: u32,
        /// Why.
        message: String,
    },
    /// The evaluators spoke.
    Evaluated {
        /// What they said.
        verdict: Verdict,
        /// What they looked at, as JSON.
        evidence: ArtifactHash,
        /// Time for evaluating.
        duration_ms: f64,
    },
    /// Something that a reader should know.
    Noted {
        /// In words.
        message: String,
        /// More, for machines.
        details: Value,
    },
    /// The episode is over.
    EpisodeEnded {
        /// How.
        outcome: Outcome,
        /// Why, in one sentence.
        reason: String,
        /// Steps taken.
        steps: u32,
        /// From the first observation to the end.
        duration_ms: f64,
    },
}

impl EventBody {
    /// The type's name, as in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::EpisodeStarted { .. } => "episode_started",
            Self::Observed { .. } => "observed",
            Self::ModelCalled { .. } => "model_called",
            Self::Decided { .. } => "decided",
            Self::Acted { .. } => "acted",
            Self::PolicyViolated { .. } => "policy_violated",
            Self::DialogAnswered { .. } => "dialog_answered",
            Self::AgentEnded { .. } => "agent_ended",
            Self::PlaceEnded { .. } => "place_ended",
            Self::Evaluated { .. } => "evaluated",
            Self::Noted { .. } => "noted",
            Self::EpisodeEnded { .. } => "episode_ended",
        }
    }
}

/// Tokens and money of one model call, or of several together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Whether the provider said how many tokens it counted. When not, the counts are 0 because
    /// they are unknown, and the cost is absent.
    #[serde(default)]
    pub reported: bool,
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// Of the tokens sent, those read from the provider's cache.
    pub cache_read_tokens: u64,
    /// Of the tokens received, those spent on reasoning.
    pub reasoning_tokens: u64,
    /// Millionths of a dollar; none when a price is unknown, never 0 instead.
    pub cost_microusd: Option<u64>,
}
