//! Makes the client of a provider: the one place that knows them all.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::agent::{LlmConfig, Provider, ReasoningEffort};
use crate::domain::price::{Personal, Price, Tariff};
use crate::llm::anthropic::AnthropicModel;
use crate::llm::gate::Gates;
use crate::llm::ledger::{Budgeted, Ledger};
use crate::llm::openai::OpenAiModel;
use crate::llm::prices::PriceList;
use crate::llm::{ChatError, ChatModel};

/// What is said to a reasoning model; absent: nothing, and the provider's defaults hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reasoning {
    /// How hard it thinks.
    pub effort: Option<ReasoningEffort>,
    /// Most tokens that it thinks with, at Anthropic.
    pub tokens: Option<u32>,
}

impl Reasoning {
    /// What an agent's settings say.
    pub const fn of(config: &LlmConfig) -> Self {
        Self {
            effort: config.reasoning_effort,
            tokens: config.thinking_tokens,
        }
    }
}

/// What a model at one address needs.
pub struct ModelOptions {
    /// The model's name at the provider.
    pub model: String,
    /// Where the provider is; absent: its own address.
    pub base_url: Option<String>,
    /// The provider's key; absent: none is sent.
    pub key: Option<String>,
    /// Sampling temperature; absent: none is sent, and the provider's default holds.
    pub temperature: Option<f32>,
    /// Most tokens of one reply; absent: the provider's default, or ours where it has none.
    pub max_output_tokens: Option<u32>,
    /// What is said to a reasoning model.
    pub reasoning: Reasoning,
    /// How long one call may take.
    pub timeout: Duration,
    /// The agent's own prices, which stand over all others.
    pub own_price: Price,
    /// The prices of whoever pays, which stand over those of the price list.
    pub personal_price: Option<Personal>,
    /// Whether loopback and private addresses may be called.
    pub allow_private: bool,
    /// Where the money for the calls is held; absent: they are not budgeted.
    pub ledger: Option<Arc<dyn Ledger>>,
}

impl ModelOptions {
    /// Where the provider is.
    pub(super) fn address(&self, provider: Provider) -> &str {
        self.base_url
            .as_deref()
            .unwrap_or_else(|| provider.own_address())
    }

    /// What calls are booked with.
    pub(super) fn tariff(&self, provider: Provider) -> Result<Tariff, ChatError> {
        let list = PriceList::bundled().map_err(|error| ChatError::lasting(error.to_string()))?;
        let base_url = self.base_url.as_deref();
        Ok(Tariff {
            personal: self.personal_price,
            ..list.tariff(provider, base_url, &self.model, self.own_price)
        })
    }
}

/// The model behind a provider's interface. No more calls to one address are under way at once
/// than the gates let through, and none while its circuit is open.
pub fn connect(
    provider: Provider,
    options: ModelOptions,
    gates: &Gates,
) -> Result<Arc<dyn ChatModel>, ChatError> {
    let gate = gates.at(provider, options.address(provider));
    let timeout = options.timeout;
    let (ledger, tariff) = (options.ledger.clone(), options.tariff(provider)?);
    let max_output_tokens = options.max_output_tokens.or(provider.max_output_tokens());
    let model: Arc<dyn ChatModel> = match provider {
        Provider::OpenAi => Arc::new(OpenAiModel::new(options)?),
        Provider::Anthropic => Arc::new(AnthropicModel::new(options)?),
    };
    let Some(ledger) = ledger else {
        return Ok(gate.guard(model, timeout));
    };
    // Behind the gate: a call that waits for its turn holds no money.
    let budgeted = Budgeted {
        model,
        ledger,
        tariff,
        max_output_tokens,
    };
    Ok(gate.guard(Arc::new(budgeted), timeout))
}
