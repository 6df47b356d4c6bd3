//! What tokens cost: rates, where they are from, and the one formula. A rate that is not known is
//! absent, and a cost that needs it is absent too, never 0.

use crate::domain::event::Usage;

/// The highest price that is taken: a million dollars per million tokens.
pub const MAX_MICROUSD_PER_MTOK: u64 = 1_000_000_000_000;

/// The most that one call is believed to cost: a million dollars, the highest budget. Sums of such
/// costs stay far below what the database can hold.
pub const MAX_CALL_MICROUSD: u64 = 1_000_000_000_000;

/// Prices of a model in millionths of a dollar per million tokens. Absent: unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    /// Of tokens sent that the provider's cache has no part in.
    pub input_microusd_per_mtok: Option<u64>,
    /// Of tokens received, those spent on reasoning included.
    pub output_microusd_per_mtok: Option<u64>,
    /// Of tokens read from the provider's cache.
    pub cache_read_microusd_per_mtok: Option<u64>,
    /// Of tokens written to the provider's cache.
    pub cache_write_microusd_per_mtok: Option<u64>,
}

impl Price {
    /// What the tokens cost, rounded up once to the millionth of a dollar. None when a rate that
    /// is needed is unknown, when the provider did not count, when its counts contradict each
    /// other, or when they come to more than any call costs. A rate is needed when there are tokens that it is for.
    pub fn cost_microusd(self, usage: &Usage) -> Option<u64> {
        if !usage.reported {
            return None;
        }
        let plain = usage
            .input_tokens
            .checked_sub(usage.cache_read_tokens)?
            .checked_sub(usage.cache_write_tokens)?;
        let parts = [
            (plain, self.input_microusd_per_mtok),
            (usage.output_tokens, self.output_microusd_per_mtok),
            (usage.cache_read_tokens, self.cache_read_microusd_per_mtok),
            (usage.cache_write_tokens, self.cache_write_microusd_per_mtok),
        ];
        let mut total = 0_u128;
        for (tokens, rate) in parts {
            if tokens > 0 {
                total = total.checked_add(u128::from(tokens) * u128::from(rate?))?;
            }
        }
        let cost = u64::try_from(total.div_ceil(1_000_000)).ok();
        cost.filter(|cost| *cost <= MAX_CALL_MICROUSD)
    }

    /// Whether a rate is higher than any that is taken.
    pub fn is_absurd(self) -> bool {
        let rates = [
            self.input_microusd_per_mtok,
            self.output_microusd_per_mtok,
            self.cache_read_microusd_per_mtok,
            self.cache_write_microusd_per_mtok,
        ];
        let mut known = rates.into_iter().flatten();
        known.any(|rate| rate > MAX_MICROUSD_PER_MTOK)
    }

    /// These rates, and another's where they are unknown.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            input_microusd_per_mtok: self
                .input_microusd_per_mtok
                .or(other.input_microusd_per_mtok),
            output_microusd_per_mtok: self
                .output_microusd_per_mtok
                .or(other.output_microusd_per_mtok),
            cache_read_microusd_per_mtok: self
                .cache_read_microusd_per_mtok
                .or(other.cache_read_microusd_per_mtok),
            cache_write_microusd_per_mtok: self
                .cache_write_microusd_per_mtok
                .or(other.cache_write_microusd_per_mtok),
        }
    }
}

/// The prices that a call was booked with, and where they are from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Booked {
    /// The rates.
    pub price: Price,
    /// Where the rates are from, those that stand over others last: the price list's version,
    /// `personal-N` for the person's prices, `own` for the agent's own, e.g. `2026-11-23+own`.
    /// None when no price is known.
    pub version: Option<String>,
}

/// A row of the price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The rates.
    pub price: Price,
    /// Version of the list.
    pub version: String,
    /// Calls with more input than this are charged otherwise, and stay unpriced; none: no bound.
    pub up_to_input_tokens: Option<u64>,
}

/// What a model costs by its owner's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Personal {
    /// The rates.
    pub price: Price,
    /// Which of the person's changes it is, from 1.
    pub version: u32,
}

/// What calls of one agent are booked with: its own prices, then its owner's, then the list's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tariff {
    /// The agent's own prices.
    pub own: Price,
    /// Its owner's; none when they have set none for the model.
    pub personal: Option<Personal>,
    /// The list's; none when it does not know the model at that address.
    pub listed: Option<Listed>,
}

impl Tariff {
    /// The prices for a call, and its cost put into the usage. `standard` says whether the call
    /// was served as the list assumes: at the provider's standard tier.
    pub fn book(&self, usage: &mut Usage, standard: bool) -> Booked {
        let listed = self.listed_for(usage.input_tokens).filter(|_| standard);
        let layers = [
            Some((self.own, "own".to_owned())),
            self.personal
                .map(|personal| (personal.price, format!("personal-{}", personal.version))),
            listed.map(|listed| (listed.price, listed.version.clone())),
        ];
        let mut price = Price::default();
        let mut sources = Vec::new();
        for (below, source) in layers.into_iter().flatten() {
            let with = price.or(below);
            if with != price {
                sources.insert(0, source);
            }
            price = with;
        }
        usage.cost_microusd = price.cost_microusd(usage);
        Booked {
            price,
            version: (!sources.is_empty()).then(|| sources.join("+")),
        }
    }

    /// The prices for a call with so many tokens of input, served at the standard tier.
    pub fn price_for(&self, input_tokens: u64) -> Price {
        let listed = self.listed_for(input_tokens).map(|listed| listed.price);
        let personal = self.personal.map(|personal| personal.price);
        self.own
            .or(personal.unwrap_or_default())
            .or(listed.unwrap_or_default())
    }

    fn listed_for(&self, input_tokens: u64) -> Option<&Listed> {
        let fits = |most: u64| input_tokens <= most;
        let listed = self.listed.as_ref();
        listed.filter(|listed| listed.up_to_input_tokens.is_none_or(fits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICE: Price = Price {
        input_microusd_per_mtok: Some(3_000_000),
        output_microusd_per_mtok: Some(15_000_000),
        cache_read_microusd_per_mtok: Some(300_000),
        cache_write_microusd_per_mtok: Some(3_750_000),
    };

    fn usage(input: u64, output: u64, read: u64, write: u64) -> Usage {
        Usage {
            reported: true,
            input_tokens: input,
            output_tokens: output,
            cache_read_tokens: read,
            cache_write_tokens: write,
            ..Usage::default()
        }
    }

    #[test]
    fn every_kind_of_token_has_its_own_rate() {
        // 100 plain at 3, 1,000 read at 0.3, 200 written at 3.75, 30 received at 15 dollars.
        let cost = PRICE.cost_microusd(&usage(1_300, 30, 1_000, 200));
        assert_eq!(cost, Some(300 + 300 + 750 + 450));
        assert_eq!(PRICE.cost_microusd(&usage(0, 0, 0, 0)), Some(0));
    }

    #[test]
    fn the_sum_is_rounded_up_and_each_part_is_not() {
        let cents = Price {
            input_microusd_per_mtok: Some(400_000),
            output_microusd_per_mtok: Some(400_000),
            ..Price::default()
        };
        // 0.4 + 0.4 millionths of a dollar are one; rounded apart they were two.
        assert_eq!(cents.cost_microusd(&usage(1, 1, 0, 0)), Some(1));
        assert_eq!(cents.cost_microusd(&usage(2, 1, 0, 0)), Some(2));
    }

    #[test]
    fn an_unknown_rate_or_count_is_never_zero() {
        let half = Price {
            input_microusd_per_mtok: Some(1),
            ..Price::default()
        };
        assert_eq!(half.cost_microusd(&usage(10, 1, 0, 0)), None);
        assert_eq!(half.cost_microusd(&usage(10, 0, 0, 0)), Some(1));
        assert_eq!(half.cost_microusd(&usage(10, 0, 4, 0)), None);
        assert_eq!(half.cost_microusd(&usage(10, 0, 0, 4)), None);
        let uncounted = Usage {
            reported: false,
            ..usage(10, 10, 0, 0)
        };
        assert_eq!(PRICE.cost_microusd(&uncounted), None);
    }

    #[test]
    fn counts_that_contradict_each_other_or_overflow_have_no_cost() {
        assert_eq!(PRICE.cost_microusd(&usage(10, 0, 8, 3)), None);
        assert_eq!(PRICE.cost_microusd(&usage(10, 0, 11, 0)), None);
        let dear = Price {
            input_microusd_per_mtok: Some(u64::MAX),
            output_microusd_per_mtok: Some(u64::MAX),
            ..Price::default()
        };
        assert_eq!(dear.cost_microusd(&usage(u64::MAX, u64::MAX, 0, 0)), None);
        assert_eq!(dear.cost_microusd(&usage(1_000_000, 0, 0, 0)), None);
        let dearest = Price {
            input_microusd_per_mtok: Some(MAX_MICROUSD_PER_MTOK),
            ..Price::default()
        };
        assert_eq!(
            dearest.cost_microusd(&usage(1_000_000, 0, 0, 0)),
            Some(MAX_CALL_MICROUSD)
        );
        assert_eq!(dearest.cost_microusd(&usage(1_000_001, 0, 0, 0)), None);
    }

    fn tariff(own: Price) -> Tariff {
        let listed = Listed {
            price: PRICE,
            version: "2026-11-23".to_owned(),
            up_to_input_tokens: Some(1_000),
        };
        Tariff {
            own,
            personal: None,
            listed: Some(listed),
        }
    }

    #[test]
    fn a_persons_prices_stand_between_the_agents_and_the_list() {
        let personal = Price {
            input_microusd_per_mtok: Some(11),
            output_microusd_per_mtok: Some(12),
            ..Price::default()
        };
        let own = Price {
            input_microusd_per_mtok: Some(7),
            ..Price::default()
        };
        let tariff = Tariff {
            personal: Some(Personal {
                price: personal,
                version: 3,
            }),
            ..tariff(own)
        };
        let booked = tariff.book(&mut usage(10, 1, 0, 0), true);
        assert_eq!(booked.price.input_microusd_per_mtok, Some(7));
        assert_eq!(booked.price.output_microusd_per_mtok, Some(12));
        assert_eq!(booked.price.cache_read_microusd_per_mtok, Some(300_000));
        assert_eq!(booked.version.as_deref(), Some("2026-11-23+personal-3+own"));
        assert_eq!(tariff.price_for(10), booked.price);
        let beyond = tariff.book(&mut usage(1_001, 1, 0, 0), true);
        assert_eq!(beyond.version.as_deref(), Some("personal-3+own"));
        let hidden = Tariff {
            own: PRICE,
            ..tariff
        };
        let booked = hidden.book(&mut usage(10, 1, 0, 0), true);
        assert_eq!(booked.version.as_deref(), Some("own"));
    }

    #[test]
    fn own_prices_stand_over_the_list_rate_by_rate() {
        let booked = tariff(Price::default()).book(&mut usage(10, 1, 0, 0), true);
        assert_eq!(booked.price, PRICE);
        assert_eq!(booked.version.as_deref(), Some("2026-11-23"));
        let own = Price {
            input_microusd_per_mtok: Some(7),
            ..Price::default()
        };
        let booked = tariff(own).book(&mut usage(10, 1, 0, 0), true);
        assert_eq!(booked.price.input_microusd_per_mtok, Some(7));
        assert_eq!(booked.price.output_microusd_per_mtok, Some(15_000_000));
        assert_eq!(booked.version.as_deref(), Some("2026-11-23+own"));
        let booked = tariff(PRICE).book(&mut usage(10, 1, 0, 0), true);
        assert_eq!(booked.version.as_deref(), Some("own"));
        let unknown = Tariff::default().book(&mut usage(10, 1, 0, 0), true);
        assert_eq!(unknown, Booked::default());
    }

    #[test]
    fn what_the_list_does_not_cover_stays_unpriced() {
        for (input, standard) in [(1_001, true), (10, false)] {
            let mut counted = usage(input, 1, 0, 0);
            let booked = tariff(Price::default()).book(&mut counted, standard);
            assert_eq!(booked, Booked::default());
            assert_eq!(counted.cost_microusd, None);
        }
    }
}
