//! A call to a model in the words of the pages: replay, tries and tests of keys show the same.

use crate::agents::ModelCall;
use crate::domain::event::{EventBody, Usage};
use crate::domain::spend::why_unpriced;
use crate::web::ui::format::{self, Cost};

/// One model call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Which try of the decision, from 1.
    pub attempt: u32,
    /// Model as asked for.
    pub model: String,
    /// Model as the provider named it.
    pub returned_model: Option<String>,
    /// Where the prices are from.
    pub price_version: Option<String>,
    /// Tokens and money.
    pub usage: Usage,
    /// HTTP status.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: Option<String>,
    /// Where request and reply are kept.
    pub exchange: Option<String>,
    /// Time for the call.
    pub duration_ms: f64,
}

impl Call {
    /// Model as asked for, and as the provider named it where that is another name.
    pub fn names(&self) -> String {
        match &self.returned_model {
            Some(returned) if *returned != self.model => {
                format!("{}, answered as {returned}", self.model)
            }
            _ => self.model.clone(),
        }
    }

    /// The call as it was made outside of an episode.
    pub fn of(call: &ModelCall) -> Self {
        Self {
            attempt: call.attempt,
            model: call.model.clone(),
            returned_model: call.returned_model.clone(),
            price_version: call.booked.version.clone(),
            usage: call.usage,
            status: call.status,
            error: call.error.clone(),
            exchange: None,
            duration_ms: call.duration_ms,
        }
    }

    /// Whether the provider refused it with an error status, which it does not charge for.
    pub fn is_refused(&self) -> bool {
        self.usage.cost_microusd.is_none() && self.status.is_some_and(|status| status >= 400)
    }

    /// Tokens and money as they count in a sum: a refused call adds nothing.
    pub fn counted(&self) -> Usage {
        if self.is_refused() {
            Usage::NOTHING
        } else {
            self.usage
        }
    }

    /// What the call cost.
    pub fn cost(&self) -> Cost {
        Cost::exact(self.usage.cost_microusd)
    }

    /// Why it has no cost; none when it has one, or was refused.
    pub fn why_unpriced(&self) -> Option<String> {
        why_unpriced(&self.usage, self.status, self.price_version.as_deref())
    }

    /// Time for the call.
    pub fn duration(&self) -> String {
        format::duration(self.duration_ms)
    }

    /// Tokens both ways, with those that have a price of their own and those spent on reasoning.
    pub fn tokens(&self) -> String {
        if !self.usage.reported {
            return "not reported by the provider".to_owned();
        }
        kinds_in_words(&self.usage)
    }

    /// The call that an event tells of; none for other events.
    pub fn of_event(body: &EventBody) -> Option<Self> {
        let EventBody::ModelCalled {
            attempt,
            model,
            returned_model,
            price_version,
            usage,
            status,
            error,
            exchange,
            duration_ms,
            ..
        } = body
        else {
            return None;
        };
        Some(Self {
            attempt: *attempt,
            model: model.clone(),
            returned_model: returned_model.clone(),
            price_version: price_version.clone(),
            usage: *usage,
            status: *status,
            error: error.clone(),
            exchange: exchange.clone(),
            duration_ms: *duration_ms,
        })
    }
}

/// Tokens both ways, or that they are not known.
pub fn tokens_in_words(usage: &Usage) -> String {
    if !usage.reported {
        return "tokens not reported".to_owned();
    }
    let (sent, got) = (usage.input_tokens, usage.output_tokens);
    format!("{} in, {} out", format::count(sent), format::count(got))
}

/// Tokens both ways, and of them those of each further kind that there are any of.
pub fn kinds_in_words(usage: &Usage) -> String {
    let mut words = tokens_in_words(usage);
    let kinds = [
        (usage.cache_read_tokens, "from cache"),
        (usage.cache_write_tokens, "to cache"),
        (usage.reasoning_tokens, "for reasoning"),
    ];
    for (tokens, which) in kinds.into_iter().filter(|(tokens, _)| *tokens > 0) {
        words.push_str(&format!(", {} {which}", format::count(tokens)));
    }
    words
}
