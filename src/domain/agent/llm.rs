//! Settings of an agent that prompts a model. What is not said has the value that earlier versions
//! had, and stays out of the JSON form: a revision that was stored before a setting came to be
//! reads, and hashes, as it did.

use serde::{Deserialize, Serialize};

use super::Provider;
use crate::domain::ids::ProviderKeyId;
use crate::domain::price::Price;

crate::named_values! {
    /// How a model says what it does.
    ActionMode {
        /// It calls one of the tools that it is offered.
        Tools = "tools",
        /// It writes the action; the prompt lists the actions, and no tools are sent.
        Text = "text",
    }
}

crate::named_values! {
    /// Whether a model sees a picture of the page.
    ScreenshotMode {
        /// It sees none.
        None = "none",
        /// It sees the page as it is.
        Plain = "plain",
        /// It sees the page with a box and the id drawn on every element that can be used.
        Marks = "marks",
    }
}

crate::named_values! {
    /// Which pages a prompt holds.
    ObservationMode {
        /// The newest one, whole.
        Full = "full",
        /// Those of all steps that are remembered, each as its difference to the one before where
        /// that is shorter.
        Diff = "diff",
    }
}

crate::named_values! {
    /// What a model is told of past steps.
    MemoryMode {
        /// All steps.
        Full = "full",
        /// The newest steps.
        Window = "window",
        /// The newest steps, and notes that the model keeps of those before.
        Summary = "summary",
    }
}

crate::named_values! {
    /// How hard a reasoning model thinks.
    ReasoningEffort {
        /// Not at all.
        None = "none",
        /// As little as it can.
        Minimal = "minimal",
        /// A little.
        Low = "low",
        /// As it does by itself, mostly.
        Medium = "medium",
        /// Much.
        High = "high",
        /// Very much.
        Xhigh = "xhigh",
        /// As much as it can.
        Max = "max",
    }
}

impl ReasoningEffort {
    /// Whether a provider's interface has a word for it; not every model takes every one.
    pub const fn is_known_to(self, provider: Provider) -> bool {
        match provider {
            Provider::OpenAi => true,
            Provider::Anthropic => !matches!(self, Self::None | Self::Minimal),
        }
    }
}

/// What stands around the agent: baselines that ask the same model more often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Wrapper {
    /// The model is asked several times in each step, and what most replies say is done.
    Vote {
        /// How many times.
        samples: u32,
    },
    /// When the model wants to end, it is asked to check its own work, and goes on when it finds
    /// something missing.
    Retry {
        /// How many times it may go on in an episode.
        attempts: u32,
    },
}

impl Wrapper {
    /// The kind alone.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vote { .. } => "vote",
            Self::Retry { .. } => "retry",
        }
    }
}

/// Settings of an agent that prompts a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LlmConfig {
    /// Which interface is spoken.
    pub provider: Provider,
    /// The model's name at the provider.
    pub model: String,
    /// Where the provider is; absent: the provider's own address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Which stored key is used; absent: none is sent (local models).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_key_id: Option<ProviderKeyId>,
    /// Sampling temperature, 0 to 2, or to 1 at Anthropic; absent: the provider's default. Many
    /// reasoning models take none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f32>,
    /// Most tokens of one reply; absent: the provider's default, at Anthropic, which has none,
    /// [`ANTHROPIC_MAX_OUTPUT_TOKENS`](super::ANTHROPIC_MAX_OUTPUT_TOKENS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Text put before the arena's own instructions; absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    /// How many past steps the prompt holds, where not all of them.
    #[serde(default = "default_memory_steps")]
    pub memory_steps: u32,
    /// How long one call may take, in milliseconds.
    #[serde(default = "default_call_timeout_ms")]
    pub call_timeout_ms: u64,
    /// How the model says what it does.
    #[serde(default, skip_serializing_if = "ActionMode::is_default")]
    pub actions: ActionMode,
    /// Whether the model sees a picture of the page.
    #[serde(default, skip_serializing_if = "ScreenshotMode::is_default")]
    pub screenshot: ScreenshotMode,
    /// Which pages the prompt holds.
    #[serde(default, skip_serializing_if = "ObservationMode::is_default")]
    pub observation: ObservationMode,
    /// What the model is told of past steps.
    #[serde(default, skip_serializing_if = "MemoryMode::is_default")]
    pub memory: MemoryMode,
    /// Whether the model makes a plan before the first step, which it may revise later.
    #[serde(default, skip_serializing_if = "is_off")]
    pub plan: bool,
    /// Whether the model is asked to write what it thinks before it acts.
    #[serde(default, skip_serializing_if = "is_off")]
    pub think: bool,
    /// How hard a reasoning model thinks; absent: nothing is said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reasoning_effort: Option<ReasoningEffort>,
    /// Most tokens that a model of Anthropic's may think with; absent: nothing is said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thinking_tokens: Option<u32>,
    /// How often the model is asked again for one decision when its reply is no action.
    #[serde(
        default = "default_retries",
        skip_serializing_if = "is_default_retries"
    )]
    pub retries: u32,
    /// Most tokens of one request, as estimated; what is older is left out to keep to it.
    #[serde(
        default = "default_context_tokens",
        skip_serializing_if = "is_default_context_tokens"
    )]
    pub context_tokens: u32,
    /// What stands around the agent; absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapper: Option<Wrapper>,
    /// Price of input in millionths of a dollar per million tokens; absent: the price list's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_price_microusd_per_mtok: Option<u64>,
    /// Price of output; absent: the price list's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_price_microusd_per_mtok: Option<u64>,
    /// Price of input read from the provider's cache; absent: the price list's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read_price_microusd_per_mtok: Option<u64>,
    /// Price of input written to the provider's cache; absent: the price list's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_price_microusd_per_mtok: Option<u64>,
}

impl LlmConfig {
    /// An agent that prompts this model, and is otherwise as nothing is said.
    pub fn new(provider: Provider, model: impl Into<String>) -> Self {
        Self {
            provider,
            model: model.into(),
            base_url: None,
            provider_key_id: None,
            temperature: None,
            max_output_tokens: None,
            system_prompt: None,
            memory_steps: default_memory_steps(),
            call_timeout_ms: default_call_timeout_ms(),
            actions: ActionMode::default(),
            screenshot: ScreenshotMode::default(),
            observation: ObservationMode::default(),
            memory: MemoryMode::default(),
            plan: false,
            think: false,
            reasoning_effort: None,
            thinking_tokens: None,
            retries: default_retries(),
            context_tokens: default_context_tokens(),
            wrapper: None,
            input_price_microusd_per_mtok: None,
            output_price_microusd_per_mtok: None,
            cache_read_price_microusd_per_mtok: None,
            cache_write_price_microusd_per_mtok: None,
        }
    }

    /// The agent's own prices.
    pub const fn own_price(&self) -> Price {
        Price {
            input_microusd_per_mtok: self.input_price_microusd_per_mtok,
            output_microusd_per_mtok: self.output_price_microusd_per_mtok,
            cache_read_microusd_per_mtok: self.cache_read_price_microusd_per_mtok,
            cache_write_microusd_per_mtok: self.cache_write_price_microusd_per_mtok,
        }
    }
}

/// What a named setting is when nothing is said.
macro_rules! defaults {
    ($($name:ident: $value:ident),+ $(,)?) => {
        $(impl Default for $name {
            fn default() -> Self {
                Self::$value
            }
        }

        impl $name {
            /// Whether it is what it is when nothing is said.
            fn is_default(&self) -> bool {
                *self == Self::default()
            }
        })+
    };
}

defaults!(
    ActionMode: Tools,
    ScreenshotMode: None,
    ObservationMode: Full,
    MemoryMode: Window,
);

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_off(on: &bool) -> bool {
    !*on
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_default_retries(retries: &u32) -> bool {
    *retries == default_retries()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
const fn is_default_context_tokens(tokens: &u32) -> bool {
    *tokens == default_context_tokens()
}

/// Past steps in the prompt when nothing else is said.
pub const fn default_memory_steps() -> u32 {
    6
}

/// Time for one model call when nothing else is said: two minutes.
pub const fn default_call_timeout_ms() -> u64 {
    120_000
}

/// How often a model is asked again when nothing else is said.
pub const fn default_retries() -> u32 {
    2
}

/// Most tokens of a request when nothing else is said: what models of the last years take, with
/// room for the reply.
pub const fn default_context_tokens() -> u32 {
    100_000
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_revision_of_an_older_version_reads_and_writes_as_it_did() {
        let stored = json!({ "provider": "openai", "model": "m", "memorySteps": 6,
            "callTimeoutMs": 120_000 });
        let config: LlmConfig = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!(config, LlmConfig::new(Provider::OpenAi, "m"));
        assert_eq!(
            serde_json::to_string(&config).unwrap(),
            stored.to_string(),
            "its hash is kept in manifests"
        );
    }

    #[test]
    fn every_setting_round_trips() {
        let given = json!({ "provider": "anthropic", "model": "m", "memorySteps": 3,
            "callTimeoutMs": 1_000, "actions": "text", "screenshot": "marks",
            "observation": "diff", "memory": "summary", "plan": true, "think": true,
            "reasoningEffort": "xhigh", "thinkingTokens": 2_048, "retries": 0,
            "contextTokens": 8_000, "wrapper": { "kind": "vote", "samples": 5 } });
        let config: LlmConfig = serde_json::from_value(given.clone()).unwrap();
        assert_eq!(config.wrapper, Some(Wrapper::Vote { samples: 5 }));
        assert_eq!(serde_json::to_value(&config).unwrap(), given);
        let unknown = json!({ "provider": "openai", "model": "m", "wrapper": { "kind": "pray" } });
        assert!(serde_json::from_value::<LlmConfig>(unknown).is_err());
    }
}
