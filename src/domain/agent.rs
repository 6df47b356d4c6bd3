//! What acts: an agent, its revisions and its settings.

mod llm;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{AgentId, AgentRevisionId, UserId};
use crate::domain::model_proxy::ModelProxyConfig;
use crate::domain::time::Timestamp;

pub use llm::{
    ActionMode, LlmConfig, MemoryMode, ObservationMode, ReasoningEffort, ScreenshotMode, Wrapper,
    default_call_timeout_ms, default_context_tokens, default_memory_steps, default_retries,
};

crate::named_values! {
    /// What kind of thing decides.
    AgentKind {
        /// A policy that ships with the arena.
        Builtin = "builtin",
        /// A prompted model that we call.
        Llm = "llm",
        /// An agent behind an address that we call each turn.
        Webhook = "webhook",
        /// An agent that calls us.
        Remote = "remote",
        /// A program on the arena's own machine.
        Command = "command",
    }
}

crate::named_values! {
    /// The policies that ship with the arena.
    BuiltinPolicy {
        /// Plays the task's reference solution. Shows that the task can be done; never a contender.
        Oracle = "oracle",
        /// Does nothing and says it is done.
        Null = "null",
        /// Acts at random, by seed.
        Random = "random",
        /// Picks by overlap of words between the goal and the page.
        Heuristic = "heuristic",
        /// Answers with everything that it saw, in a form by seed.
        Spam = "spam",
        /// Gives an answer that is always the same, which one by seed.
        Constant = "constant",
        /// Reports at once that it cannot be done, with a code by seed.
        Infeasible = "infeasible",
        /// Looks at twenty pages at random, then reports that it cannot be done, with a code by seed.
        Wanderer = "wanderer",
    }
}

/// How much of what an agent spends on models goes through the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metering {
    /// All of it.
    Whole,
    /// What it calls through the arena's model proxy; what it may call besides, nobody here knows.
    Proxied,
    /// None of it.
    Nothing,
}

impl AgentKind {
    /// Whether somebody else wrote it: then a cost is that of its calls through the arena, and what
    /// it may have called elsewhere is not part of it.
    pub const fn is_foreign(self) -> bool {
        match self {
            Self::Builtin | Self::Llm => false,
            Self::Webhook | Self::Remote | Self::Command => true,
        }
    }
}

impl BuiltinPolicy {
    /// Whether it exists for the gate alone: to show that a task can be done, or that what does
    /// not do it never passes. Never a contender.
    pub const fn is_for_the_gate(self) -> bool {
        matches!(
            self,
            Self::Oracle | Self::Spam | Self::Constant | Self::Infeasible | Self::Wanderer
        )
    }
}

crate::named_values! {
    /// Which model interface is spoken.
    Provider {
        /// OpenAI chat completions, at OpenAI or any compatible base URL.
        OpenAi = "openai",
        /// Anthropic's Messages API.
        Anthropic = "anthropic",
    }
}

impl Provider {
    /// The provider's own address.
    pub const fn own_address(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com",
        }
    }

    /// The provider's name for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::OpenAi => "OpenAI-compatible",
            Self::Anthropic => "Anthropic",
        }
    }

    /// Most tokens of a reply where an agent sets none; none: the provider bounds them, or nobody.
    pub const fn max_output_tokens(self) -> Option<u32> {
        match self {
            Self::OpenAi => None,
            Self::Anthropic => Some(ANTHROPIC_MAX_OUTPUT_TOKENS),
        }
    }

    /// The highest sampling temperature that is taken.
    pub const fn most_temperature(self) -> f32 {
        match self {
            Self::OpenAi => 2.0,
            Self::Anthropic => 1.0,
        }
    }
}

/// An agent over all its revisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    /// Id.
    pub id: AgentId,
    /// Who owns it. The built-in agents belong to the arena itself and have none.
    pub user_id: Option<UserId>,
    /// Unique among the owner's agents, without regard to case; 1 to 100 characters.
    pub name: String,
    /// What it is for, in the owner's words; at most 2,000 characters.
    pub description: String,
    /// The newest revision.
    pub revision: AgentRevision,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its newest revision was made.
    pub updated_at: Timestamp,
}

impl Agent {
    /// A new agent with its first revision, not stored yet.
    pub fn new(
        user_id: Option<UserId>,
        name: String,
        description: String,
        config: AgentConfig,
    ) -> Self {
        let (id, now) = (AgentId::new(), Timestamp::now());
        Self {
            id,
            user_id,
            name,
            description,
            revision: AgentRevision {
                id: AgentRevisionId::new(),
                agent_id: id,
                number: 1,
                config,
                created_at: now,
            },
            created_at: now,
            updated_at: now,
        }
    }
}

/// What an agent was at one time. Immutable: every change makes a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentRevision {
    /// Id.
    pub id: AgentRevisionId,
    /// The agent.
    pub agent_id: AgentId,
    /// Counts from 1.
    pub number: u32,
    /// How it decides.
    pub config: AgentConfig,
    /// When it was made.
    pub created_at: Timestamp,
}

/// How an agent decides. The JSON form is the API's `configuration`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AgentConfig {
    /// A policy that ships with the arena.
    Builtin {
        /// Which one.
        policy: BuiltinPolicy,
    },
    /// A prompted model.
    Llm(LlmConfig),
    /// An agent behind an address.
    Webhook(WebhookConfig),
    /// An agent that calls us.
    Remote(RemoteConfig),
    /// A program on the arena's own machine.
    Command(CommandConfig),
}

impl AgentConfig {
    /// The kind alone.
    pub const fn kind(&self) -> AgentKind {
        match self {
            Self::Builtin { .. } => AgentKind::Builtin,
            Self::Llm(_) => AgentKind::Llm,
            Self::Webhook(_) => AgentKind::Webhook,
            Self::Remote(_) => AgentKind::Remote,
            Self::Command(_) => AgentKind::Command,
        }
    }

    /// The models that a foreign agent may call through the arena; none when it may call none.
    pub fn model_proxy(&self) -> Option<&ModelProxyConfig> {
        let proxy = match self {
            Self::Builtin { .. } | Self::Llm(_) => return None,
            Self::Webhook(config) => &config.model_proxy,
            Self::Remote(config) => &config.model_proxy,
            Self::Command(config) => &config.model_proxy,
        };
        (!proxy.is_off()).then_some(proxy)
    }

    /// How much of what it spends on models is known here.
    pub fn metering(&self) -> Metering {
        match self {
            Self::Builtin { .. } | Self::Llm(_) => Metering::Whole,
            _ if self.model_proxy().is_some() => Metering::Proxied,
            Self::Webhook(_) | Self::Remote(_) | Self::Command(_) => Metering::Nothing,
        }
    }
}

/// Settings of an agent behind an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookConfig {
    /// Where each turn is posted to.
    pub url: String,
    /// Whether the picture goes along.
    #[serde(default)]
    pub screenshots: bool,
    /// How long one reply may take, in milliseconds.
    #[serde(default = "default_turn_timeout_ms")]
    pub turn_timeout_ms: u64,
    /// Number of the signing secret, from 1. Another number makes another secret.
    #[serde(default = "first_secret")]
    pub secret_number: u32,
    /// Which models it may call through the arena.
    #[serde(default, skip_serializing_if = "ModelProxyConfig::is_off")]
    pub model_proxy: ModelProxyConfig,
}

/// Settings of an agent that calls us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RemoteConfig {
    /// Whether the picture goes along.
    #[serde(default)]
    pub screenshots: bool,
    /// How long one reply may take, in milliseconds.
    #[serde(default = "default_turn_timeout_ms")]
    pub turn_timeout_ms: u64,
    /// How long an episode waits for somebody to claim it, in milliseconds.
    #[serde(default = "default_claim_timeout_ms")]
    pub claim_timeout_ms: u64,
    /// How long the agent may be silent while it thinks, in milliseconds; absent: as long as a
    /// reply may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat_timeout_ms: Option<u64>,
    /// Number of the token, from 1. Another number makes another token and ends the old one.
    #[serde(default = "first_secret")]
    pub secret_number: u32,
    /// Which models it may call through the arena.
    #[serde(default, skip_serializing_if = "ModelProxyConfig::is_off")]
    pub model_proxy: ModelProxyConfig,
}

impl Default for RemoteConfig {
    fn default() -> Self {
        Self {
            screenshots: false,
            turn_timeout_ms: default_turn_timeout_ms(),
            claim_timeout_ms: default_claim_timeout_ms(),
            heartbeat_timeout_ms: None,
            secret_number: first_secret(),
            model_proxy: ModelProxyConfig::default(),
        }
    }
}

/// Time for claiming an episode when nothing else is said: a minute.
pub const fn default_claim_timeout_ms() -> u64 {
    60_000
}

/// Settings of a program on the arena's own machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommandConfig {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// Whether the picture goes along.
    #[serde(default)]
    pub screenshots: bool,
    /// How long one reply may take, in milliseconds.
    #[serde(default = "default_turn_timeout_ms")]
    pub turn_timeout_ms: u64,
    /// Which models it may call through the arena.
    #[serde(default, skip_serializing_if = "ModelProxyConfig::is_off")]
    pub model_proxy: ModelProxyConfig,
}

/// Time for one turn of a foreign agent when nothing else is said: two minutes.
pub const fn default_turn_timeout_ms() -> u64 {
    120_000
}

const fn first_secret() -> u32 {
    1
}

/// Most tokens of one reply of Anthropic's when nothing else is said: room for the thinking that
/// newer models count against it, and below what every current model can do.
pub const ANTHROPIC_MAX_OUTPUT_TOKENS: u32 = 16_000;
