//! Money before calls: the most that a call can cost is held first, and replaced by its cost
//! afterwards. Where the money is kept is not known here.

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::budget::{MostCost, OverBudget};
use crate::domain::ids::RowId;
use crate::domain::price::Tariff;
use crate::llm::{CallResult, ChatError, ChatModel, ChatRequest, Message, ModelCall};

/// Tokens that a provider may add to a request for each message and each tool, beyond their text:
/// marks between them, and the instructions for calling tools, which no provider describes in full.
/// Anthropic names at most 804 for its instructions
/// (<https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing>).
pub(super) const ADDED_TOKENS: u64 = 2_000;
pub(super) const ADDED_TOKENS_EACH: u64 = 32;

/// Where the money for calls is kept.
#[async_trait]
pub trait Ledger: Send + Sync {
    /// Holds the most that a call can cost.
    async fn hold(&self, most: MostCost) -> Result<RowId, HoldError>;

    /// Puts a call's cost in the place of what was held; a cost that is not known leaves it held.
    async fn settle(&self, held: RowId, cost_microusd: Option<u64>) -> Result<(), LedgerError>;
}

/// Why nothing is held.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoldError {
    /// A budget does not have it.
    #[error("{0}")]
    Over(OverBudget),
    /// The ledger failed.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// The ledger failed. Its text is safe to show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the ledger of costs cannot be written: {0}")]
pub struct LedgerError(pub String);

/// A model whose calls are paid for in advance.
pub(super) struct Budgeted {
    pub(super) model: Arc<dyn ChatModel>,
    pub(super) ledger: Arc<dyn Ledger>,
    pub(super) tariff: Tariff,
    /// Most tokens of a reply; none when nothing bounds them.
    pub(super) max_output_tokens: Option<u32>,
}

#[async_trait]
impl ChatModel for Budgeted {
    fn provider(&self) -> &str {
        self.model.provider()
    }

    fn model(&self) -> &str {
        self.model.model()
    }

    async fn call(&self, request: &ChatRequest) -> CallResult {
        let most = MostCost::of(
            &self.tariff,
            most_input_tokens(request, self.provider()),
            self.max_output_tokens.map(u64::from),
        );
        let held = match self.ledger.hold(most).await {
            Ok(held) => held,
            Err(HoldError::Over(over)) => return self.not_made(ChatError::OverBudget(over)),
            Err(HoldError::Ledger(error)) => {
                let message = error.to_string();
                return self.not_made(ChatError::Unbooked { message });
            }
        };
        let mut result = self.model.call(request).await;
        if let Err(error) = self.ledger.settle(held, result.record.charge()).await {
            // The money stays held, so that no budget is overdrawn.
            tracing::error!(%error, "the cost of a call to a model was not stored");
            let message = error.to_string();
            result.reply = Err(ChatError::Unbooked { message });
        }
        result
    }
}

impl Budgeted {
    fn not_made(&self, error: ChatError) -> CallResult {
        CallResult {
            record: ModelCall {
                provider: self.provider().to_owned(),
                model: self.model().to_owned(),
                error: Some(error.to_string()),
                ..ModelCall::default()
            },
            reply: Err(error),
        }
    }
}

/// The most tokens that a request can have. Tokenizers of bytes, which all providers use, make at
/// most one token of each byte (byte pair encoding: Sennrich et al. 2016,
/// <https://aclanthology.org/P16-1162/>); a picture has as many as the provider may count for its
/// size.
pub fn most_input_tokens(request: &ChatRequest, provider: &str) -> u64 {
    let bytes = |text: &str| u64::try_from(text.len()).unwrap_or(u64::MAX);
    let messages = request.messages.iter().map(|message| match message {
        Message::User(text) | Message::Assistant(text) => bytes(text),
        Message::Seen { text, picture } => {
            bytes(text).saturating_add(picture.most_tokens(provider))
        }
    });
    let tools = request.tools.iter().map(|tool| {
        let parameters = tool.parameters.to_string();
        bytes(&tool.name) + bytes(&tool.description) + bytes(&parameters)
    });
    messages
        .chain(tools)
        .map(|part| part.saturating_add(ADDED_TOKENS_EACH))
        .fold(
            bytes(&request.system).saturating_add(ADDED_TOKENS),
            u64::saturating_add,
        )
}
