//! What calls to models came to, by model: tokens of each kind, money, and what is not known.

use crate::domain::event::{CallPurpose, Usage};

/// The calls of one purpose to one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSpend {
    /// What they were made for.
    pub purpose: CallPurpose,
    /// Which interface, e.g. `openai`.
    pub provider: String,
    /// Model as asked for.
    pub model: String,
    /// Model as the provider named it; none when it did not.
    pub returned_model: Option<String>,
    /// How many, and what for.
    pub spend: Spend,
}

/// What a number of calls came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spend {
    /// Calls, failed ones included.
    pub calls: u64,
    /// Of these, those that were not the first of their step, for whatever reason: a try after a
    /// failure, another vote, notes, a further call of an agent's own.
    pub later: u64,
    /// Of these, without a reply that could be used.
    pub failed: u64,
    /// All tokens sent that providers have counted.
    pub input_tokens: u64,
    /// Of the tokens sent, those read from caches.
    pub cache_read_tokens: u64,
    /// Of the tokens sent, those written to caches.
    pub cache_write_tokens: u64,
    /// All tokens received that providers have counted.
    pub output_tokens: u64,
    /// Of the tokens received, those spent on reasoning.
    pub reasoning_tokens: u64,
    /// The known costs together, in millionths of a dollar.
    pub known_microusd: u64,
    /// Calls whose tokens are known, and a price that they need is not.
    pub unpriced: u64,
    /// Calls that were answered without counts, or cut off: what they cost nobody knows.
    pub unreported: u64,
}

impl Spend {
    /// Both together.
    #[must_use]
    pub const fn plus(self, more: &Self) -> Self {
        Self {
            calls: self.calls.saturating_add(more.calls),
            later: self.later.saturating_add(more.later),
            failed: self.failed.saturating_add(more.failed),
            input_tokens: self.input_tokens.saturating_add(more.input_tokens),
            cache_read_tokens: self
                .cache_read_tokens
                .saturating_add(more.cache_read_tokens),
            cache_write_tokens: self
                .cache_write_tokens
                .saturating_add(more.cache_write_tokens),
            output_tokens: self.output_tokens.saturating_add(more.output_tokens),
            reasoning_tokens: self.reasoning_tokens.saturating_add(more.reasoning_tokens),
            known_microusd: self.known_microusd.saturating_add(more.known_microusd),
            unpriced: self.unpriced.saturating_add(more.unpriced),
            unreported: self.unreported.saturating_add(more.unreported),
        }
    }

    /// Several together.
    pub fn sum<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        all.into_iter().fold(Self::default(), Self::plus)
    }

    /// What they cost; none when a part of it is not known, never the known part instead.
    pub const fn cost_microusd(&self) -> Option<u64> {
        if self.unpriced > 0 || self.unreported > 0 {
            return None;
        }
        Some(self.known_microusd)
    }
}

/// Why a call has no cost; none when it has one, or costs nothing because the provider refused it.
pub fn why_unpriced(
    usage: &Usage,
    status: Option<u16>,
    price_version: Option<&str>,
) -> Option<String> {
    if usage.cost_microusd.is_some() || status.is_some_and(|status| status >= 400) {
        return None;
    }
    Some(match (usage.reported, price_version) {
        (false, _) if status.is_none() => {
            "no answer came, so nobody knows what the provider charges".to_owned()
        }
        (false, _) => "the provider did not say how many tokens it counted".to_owned(),
        (true, None) => "the model has no price".to_owned(),
        (true, Some(version)) => {
            format!("the prices {version} lack one that these tokens need")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_known_only_when_every_part_is() {
        let known = Spend {
            calls: 2,
            known_microusd: 7,
            ..Spend::default()
        };
        assert_eq!(known.cost_microusd(), Some(7));
        let unknown = Spend {
            calls: 1,
            unreported: 1,
            ..Spend::default()
        };
        let both = Spend::sum([&known, &unknown]);
        assert_eq!((both.calls, both.known_microusd), (3, 7));
        assert_eq!(both.cost_microusd(), None);
        assert_eq!(Spend::default().cost_microusd(), Some(0));
    }

    #[test]
    fn a_reason_says_what_is_missing() {
        let counted = Usage {
            reported: true,
            ..Usage::default()
        };
        let why = |usage, status, version| why_unpriced(&usage, status, version);
        assert_eq!(why(Usage::NOTHING, Some(200), None), None);
        assert_eq!(why(Usage::default(), Some(429), None), None, "not charged");
        for (usage, status, version, words) in [
            (counted, Some(200), None, "has no price"),
            (counted, Some(200), Some("own"), "the prices own lack"),
            (Usage::default(), Some(200), None, "did not say"),
            (Usage::default(), None, None, "no answer"),
        ] {
            let said = why(usage, status, version).unwrap();
            assert!(said.contains(words), "{said}");
        }
    }
}
