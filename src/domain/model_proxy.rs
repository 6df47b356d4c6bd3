//! Which models a foreign agent may call through the arena: with which of its owner's keys, at
//! which address, and at what prices.

use serde::{Deserialize, Serialize};

use crate::domain::agent::Provider;
use crate::domain::ids::ProviderKeyId;
use crate::domain::price::Price;

/// The providers that an agent may call through the arena. Without any, it calls its models
/// itself, and what they cost is not known here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelProxyConfig {
    /// OpenAI, or an address that speaks its chat completions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openai: Option<ProxiedProvider>,
    /// Anthropic, or an address that speaks its Messages API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anthropic: Option<ProxiedProvider>,
}

/// One provider that an agent may call through the arena.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProxiedProvider {
    /// Which of the owner's stored keys is used; absent: none is sent (local models).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_key_id: Option<ProviderKeyId>,
    /// Where the provider is; absent: the provider's own address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Most tokens of a reply where the agent's request sets none; absent: its request goes on as
    /// it is, which no budget lets through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Prices of models, which stand over those of the price list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<ModelPrice>,
}

/// What the tokens of one model cost, in millionths of a dollar per million. Absent: the price
/// list's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ModelPrice {
    /// The model's name as the agent asks for it.
    pub model: String,
    /// Of input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_price_microusd_per_mtok: Option<u64>,
    /// Of output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_price_microusd_per_mtok: Option<u64>,
    /// Of input read from the provider's cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read_price_microusd_per_mtok: Option<u64>,
    /// Of input written to the provider's cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_price_microusd_per_mtok: Option<u64>,
}

impl ModelProxyConfig {
    /// Whether the agent may call no model through the arena.
    pub const fn is_off(&self) -> bool {
        self.openai.is_none() && self.anthropic.is_none()
    }

    /// What it may do at a provider.
    pub const fn of(&self, provider: Provider) -> Option<&ProxiedProvider> {
        match provider {
            Provider::OpenAi => self.openai.as_ref(),
            Provider::Anthropic => self.anthropic.as_ref(),
        }
    }

    /// All providers that it may call.
    pub fn providers(&self) -> impl Iterator<Item = (Provider, &ProxiedProvider)> {
        let all = Provider::ALL.iter();
        all.filter_map(|provider| Some((*provider, self.of(*provider)?)))
    }
}

impl ModelPrice {
    /// The prices alone.
    pub const fn price(&self) -> Price {
        Price {
            input_microusd_per_mtok: self.input_price_microusd_per_mtok,
            output_microusd_per_mtok: self.output_price_microusd_per_mtok,
            cache_read_microusd_per_mtok: self.cache_read_price_microusd_per_mtok,
            cache_write_microusd_per_mtok: self.cache_write_price_microusd_per_mtok,
        }
    }
}
