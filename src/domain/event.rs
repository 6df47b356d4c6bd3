//! The append-only, numbered log of an episode. Live view and replay both read it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::outcome::{AgentErrorKind, Outcome, PlaygroundKind};
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

crate::named_values! {
    /// What a model was called for.
    CallPurpose {
        /// To decide, for the agent and at its cost.
        Act = "act",
        /// To judge the result, for the arena and at its operator's cost.
        Judge = "judge",
        /// To try an agent or a key, outside of any submission and at the person's own cost.
        Try = "try",
    }
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
        /// Model as the provider named it in its answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        returned_model: Option<String>,
        /// Where the prices are from, as in [`Booked`](crate::domain::price::Booked).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        price_version: Option<String>,
        /// Tokens and money.
        usage: Usage,
        /// HTTP status, absent when no answer came.
        status: Option<u16>,
        /// What went wrong.
        error: Option<String>,
        /// Request without secrets, and reply, as JSON.
        exchange: Option<ArtifactHash>,
        /// The picture that the request showed, a PNG, which the exchange names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<ArtifactHash>,
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
        /// What the agent did wrong, where the outcome is that it did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent_error: Option<AgentErrorKind>,
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

/// Tokens and money of one model call, or of several together. The counts mean the same for every
/// provider; clients convert what theirs reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    /// Whether the provider said how many tokens it counted. When not, the counts are 0 because
    /// they are unknown, and the cost is absent.
    #[serde(default)]
    pub reported: bool,
    /// All tokens sent, those read from and written to the provider's cache included.
    pub input_tokens: u64,
    /// All tokens received, those spent on reasoning included.
    pub output_tokens: u64,
    /// Of the tokens sent, those read from the provider's cache.
    pub cache_read_tokens: u64,
    /// Of the tokens sent, those written to the provider's cache.
    #[serde(default)]
    pub cache_write_tokens: u64,
    /// Of the tokens received, those spent on reasoning.
    pub reasoning_tokens: u64,
    /// Millionths of a dollar; none when a price is unknown, never 0 instead.
    pub cost_microusd: Option<u64>,
}

/// More tokens than any model takes or writes in one call: a count above it is a fault of whoever
/// counted.
pub const MOST_TOKENS_OF_A_CALL: u64 = 1_000_000_000;

impl Usage {
    /// The counts of one call as a provider reported them. Counts that no call can have tell
    /// nothing: they are as good as none.
    #[must_use]
    pub fn believed(self) -> Self {
        let counts = [
            self.input_tokens,
            self.output_tokens,
            self.cache_read_tokens,
            self.cache_write_tokens,
            self.reasoning_tokens,
        ];
        if counts.iter().all(|count| *count <= MOST_TOKENS_OF_A_CALL) {
            self
        } else {
            Self::default()
        }
    }

    /// No call: nothing counted, nothing spent.
    pub const NOTHING: Self = Self {
        reported: true,
        input_tokens: 0,
        output_tokens: 0,
        cache_read_tokens: 0,
        cache_write_tokens: 0,
        reasoning_tokens: 0,
        cost_microusd: Some(0),
    };

    /// Both together. One unpriced call makes the sum unpriced, one uncounted call makes it
    /// uncounted.
    #[must_use]
    pub fn plus(self, more: &Self) -> Self {
        Self {
            reported: self.reported && more.reported,
            // Old records hold counts that nobody had checked.
            input_tokens: self.input_tokens.saturating_add(more.input_tokens),
            output_tokens: self.output_tokens.saturating_add(more.output_tokens),
            cache_read_tokens: self
                .cache_read_tokens
                .saturating_add(more.cache_read_tokens),
            cache_write_tokens: self
                .cache_write_tokens
                .saturating_add(more.cache_write_tokens),
            reasoning_tokens: self.reasoning_tokens.saturating_add(more.reasoning_tokens),
            cost_microusd: self
                .cost_microusd
                .zip(more.cost_microusd)
                .map(|(a, b)| a.saturating_add(b)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_that_no_call_can_have_are_not_believed() {
        let counted = Usage {
            reported: true,
            input_tokens: MOST_TOKENS_OF_A_CALL,
            output_tokens: 7,
            ..Usage::default()
        };
        assert_eq!(counted.believed(), counted);
        for absurd in [
            Usage {
                input_tokens: MOST_TOKENS_OF_A_CALL + 1,
                ..counted
            },
            Usage {
                output_tokens: u64::MAX,
                ..counted
            },
            Usage {
                cache_write_tokens: 1 << 62,
                ..counted
            },
        ] {
            assert_eq!(absurd.believed(), Usage::default());
            assert_eq!(absurd.plus(&absurd).input_tokens, 2 * absurd.input_tokens);
        }
        let most = Usage {
            input_tokens: u64::MAX,
            cost_microusd: Some(u64::MAX),
            ..counted
        };
        assert_eq!(most.plus(&most).cost_microusd, Some(u64::MAX));
    }

    #[test]
    fn an_event_of_an_older_version_is_read() {
        let stored = r#"{"type":"model_called","step":1,"attempt":1,"model":"m","usage":
            {"reported":true,"inputTokens":5,"outputTokens":1,"cacheReadTokens":2,
             "reasoningTokens":0,"costMicrousd":9},
            "status":200,"error":null,"exchange":null,"durationMs":1.0}"#;
        let EventBody::ModelCalled {
            usage,
            returned_model,
            price_version,
            ..
        } = serde_json::from_str(stored).unwrap()
        else {
            panic!("a call of a model");
        };
        assert_eq!((usage.cache_read_tokens, usage.cache_write_tokens), (2, 0));
        assert_eq!((returned_model, price_version), (None, None));
    }
}
