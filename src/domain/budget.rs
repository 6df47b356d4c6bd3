//! What may be spent on calls to models. Money is held before a call is made, with the most that
//! the call can cost, and counted with its cost afterwards; a call whose cost never became known
//! goes on counting with the most that it could have cost.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::ids::{EpisodeId, ExperimentId, SubmissionId, UserId};
use crate::domain::price::Tariff;
use crate::domain::time::Timestamp;

crate::named_values! {
    /// What a budget is for.
    BudgetScope {
        /// One call to a model.
        Call = "call",
        /// One episode: an attempt of a submission.
        Episode = "episode",
        /// A submission, all its attempts together.
        Submission = "submission",
        /// An experiment.
        Experiment = "experiment",
        /// Everything of a user.
        User = "user",
        /// Everything of a user in one month, in UTC.
        Month = "month",
    }
}

impl BudgetScope {
    /// Whether reaching it says something about the agent. What call, episode and submission may
    /// cost is a condition of the work, as its steps are; that an owner's money has run out is not.
    pub const fn is_scored(self) -> bool {
        matches!(self, Self::Call | Self::Episode | Self::Submission)
    }

    const fn of_what(self) -> &'static str {
        match self {
            Self::Call => "one call",
            Self::Episode => "the episode",
            Self::Submission => "the submission",
            Self::Experiment => "the experiment",
            Self::User => "its owner",
            Self::Month => "its owner for this month",
        }
    }
}

/// What a submission may cost, in millionths of a dollar. Absent: no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmissionBudget {
    /// Each call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_microusd: Option<u64>,
    /// Each episode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episode_microusd: Option<u64>,
    /// All episodes together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission_microusd: Option<u64>,
}

/// What all submissions of a user may cost, in millionths of a dollar. Absent: no bound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UserBudget {
    /// Ever.
    pub total_microusd: Option<u64>,
    /// In one calendar month, in UTC.
    pub month_microusd: Option<u64>,
}

/// On whose account a call goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Who submitted.
    pub user_id: UserId,
    /// The experiment; none when submitted alone.
    pub experiment_id: Option<ExperimentId>,
    /// The submission; none when something is only tried.
    pub submission_id: Option<SubmissionId>,
    /// The episode; none when something is only tried.
    pub episode_id: Option<EpisodeId>,
}

impl Account {
    /// The account of a person who tries something.
    pub const fn of_a_try(user_id: UserId) -> Self {
        Self {
            user_id,
            experiment_id: None,
            submission_id: None,
            episode_id: None,
        }
    }

    /// The sums that a call counts in, each with the subject that it is kept under.
    pub fn subjects(&self, at: Timestamp) -> Vec<(BudgetScope, String)> {
        let of = |scope, id: Option<String>| id.map(|id| (scope, id));
        [
            of(
                BudgetScope::Episode,
                self.episode_id.map(|id| id.to_string()),
            ),
            of(
                BudgetScope::Submission,
                self.submission_id.map(|id| id.to_string()),
            ),
            of(BudgetScope::User, Some(self.user_id.to_string())),
            of(BudgetScope::Month, Some(month_subject(self.user_id, at))),
            of(
                BudgetScope::Experiment,
                self.experiment_id.map(|id| id.to_string()),
            ),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What a user's month is kept under.
pub fn month_subject(user_id: UserId, at: Timestamp) -> String {
    format!("{user_id} {}", month(at))
}

/// The calendar month in UTC, e.g. `2026-11`.
pub fn month(at: Timestamp) -> String {
    at.to_rfc3339().chars().take(7).collect()
}

/// What is held for calls that no cost is known of: under way, cut off, or never answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    /// The most that they can cost, together.
    pub microusd: u64,
    /// How many.
    pub calls: u64,
}

/// How far a budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetState {
    /// Less than 80 % is spent, or there is no bound.
    Fine,
    /// 80 % or more.
    Near,
    /// All of it.
    Spent,
}

impl BudgetState {
    /// How a bound stands after so much was spent.
    pub fn of(spent_microusd: u64, limit_microusd: Option<u64>) -> Self {
        let is_near = |limit: u64| u128::from(spent_microusd) * 5 >= u128::from(limit) * 4;
        match limit_microusd {
            Some(limit) if spent_microusd >= limit => Self::Spent,
            Some(limit) if is_near(limit) => Self::Near,
            _ => Self::Fine,
        }
    }
}

/// What was spent so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// Costs, and for calls whose cost is not known the most that they can cost.
    pub microusd: u64,
    /// Calls.
    pub calls: u64,
    /// Calls among them whose cost has no known bound.
    pub uncounted: u64,
}

/// The most that a call can cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MostCost {
    /// So much, in millionths of a dollar.
    Known(u64),
    /// The model has no price.
    Unpriced,
    /// Nothing bounds the reply.
    Unbounded,
}

/// The most that is held for one call: a thousand million dollars. What could cost more is as good
/// as unbounded, and sums of holds stay within what the database can hold.
const MAX_HELD_MICROUSD: u64 = 1_000_000_000_000_000;

impl MostCost {
    /// For a request of at most so many tokens and a reply of at most so many. Each token is taken
    /// at the dearest rate that it may be charged at.
    pub fn of(tariff: &Tariff, input_tokens: u64, output_tokens: Option<u64>) -> Self {
        let Some(output_tokens) = output_tokens else {
            return Self::Unbounded;
        };
        let price = tariff.price_for(input_tokens);
        let input = [
            price.cache_read_microusd_per_mtok,
            price.cache_write_microusd_per_mtok,
        ]
        .into_iter()
        .flatten()
        .chain(price.input_microusd_per_mtok)
        .max();
        let (Some(input), Some(output), Some(_)) = (
            input,
            price.output_microusd_per_mtok,
            price.input_microusd_per_mtok,
        ) else {
            return Self::Unpriced;
        };
        let part = |tokens: u64, rate: u64| u128::from(tokens) * u128::from(rate);
        let sum = part(input_tokens, input).checked_add(part(output_tokens, output));
        sum.and_then(|sum| u64::try_from(sum.div_ceil(1_000_000)).ok())
            .filter(|most| *most <= MAX_HELD_MICROUSD)
            .map_or(Self::Unbounded, Self::Known)
    }
}

/// A call is not made, because it could cost more than is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverBudget {
    /// Which budget.
    pub scope: BudgetScope,
    /// It.
    pub limit_microusd: u64,
    /// What counts against it already.
    pub spent_microusd: u64,
    /// The most that the call can cost.
    pub most: MostCost,
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = Dollars(self.limit_microusd);
        write!(f, "the budget of {} is {limit}", self.scope.of_what())?;
        match self.most {
            MostCost::Known(most) => {
                if self.scope != BudgetScope::Call {
                    write!(f, ", {} of it are spent", Dollars(self.spent_microusd))?;
                }
                write!(f, ", and the next call can cost up to {}", Dollars(most))
            }
            MostCost::Unpriced => f.write_str(
                ", and what the next call can cost is not known: the model has no price; enter one in the agent or under Prices",
            ),
            MostCost::Unbounded => f.write_str(
                ", and the next call can cost any amount: set the most tokens of a reply in the agent",
            ),
        }
    }
}

/// Dollars as people type them, e.g. `0.25`, in millionths. None when that is no amount of money.
pub fn read_dollars(text: &str) -> Option<u64> {
    let text = text.trim().trim_start_matches('$');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || fraction.len() > 6 {
        return None;
    }
    let micro: u64 = format!("{fraction:0<6}").parse().ok()?;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(1_000_000)?
        .checked_add(micro)
}

/// Millionths of a dollar as people type them: `250000` is `0.25`.
pub fn dollars(microusd: u64) -> String {
    Dollars(microusd)
        .to_string()
        .trim_start_matches('$')
        .to_owned()
}

/// Millionths of a dollar, to the last one that is not zero, at least to the cent.
struct Dollars(u64);

impl fmt::Display for Dollars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:06}", self.0 % 1_000_000);
        let kept = fraction.trim_end_matches('0').len().max(2);
        write!(f, "${}.{}", self.0 / 1_000_000, &fraction[..kept])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::price::{Listed, Price};

    const PRICE: Price = Price {
        input_microusd_per_mtok: Some(3_000_000),
        output_microusd_per_mtok: Some(15_000_000),
        cache_read_microusd_per_mtok: Some(300_000),
        cache_write_microusd_per_mtok: Some(3_750_000),
    };

    fn tariff(price: Price) -> Tariff {
        Tariff {
            own: price,
            ..Tariff::default()
        }
    }

    #[test]
    fn a_budget_is_near_its_end_from_four_fifths_on() {
        let of = |spent, limit| BudgetState::of(spent, Some(limit));
        assert_eq!(of(7_999_999, 10_000_000), BudgetState::Fine);
        assert_eq!(of(8_000_000, 10_000_000), BudgetState::Near);
        assert_eq!(of(10_000_000, 10_000_000), BudgetState::Spent);
        assert_eq!(of(0, 0), BudgetState::Spent);
        assert_eq!(of(u64::MAX - 1, u64::MAX), BudgetState::Near);
        assert_eq!(BudgetState::of(u64::MAX, None), BudgetState::Fine);
    }

    #[test]
    fn the_most_is_computed_with_the_dearest_rate() {
        // 1,000 tokens written to the cache at 3.75 and 100 received at 15 dollars a million.
        let most = MostCost::of(&tariff(PRICE), 1_000, Some(100));
        assert_eq!(most, MostCost::Known(3_750 + 1_500));
        let plain = Price {
            cache_read_microusd_per_mtok: None,
            cache_write_microusd_per_mtok: None,
            ..PRICE
        };
        let most = MostCost::of(&tariff(plain), 1_000, Some(100));
        assert_eq!(most, MostCost::Known(3_000 + 1_500));
    }

    #[test]
    fn what_is_not_known_is_said_and_never_zero() {
        let half = Price {
            input_microusd_per_mtok: None,
            ..PRICE
        };
        assert_eq!(MostCost::of(&tariff(half), 1, Some(1)), MostCost::Unpriced);
        assert_eq!(MostCost::of(&tariff(PRICE), 1, None), MostCost::Unbounded);
        let dear = Price {
            output_microusd_per_mtok: Some(u64::MAX),
            ..PRICE
        };
        let most = MostCost::of(&tariff(dear), 1, Some(u64::MAX));
        assert_eq!(most, MostCost::Unbounded);
        // A request that may be longer than the list's prices hold for has no price.
        let listed = Tariff {
            listed: Some(Listed {
                price: PRICE,
                version: "2026-11-23".to_owned(),
                up_to_input_tokens: Some(1_000),
            }),
            ..Tariff::default()
        };
        assert_eq!(MostCost::of(&listed, 1_001, Some(1)), MostCost::Unpriced);
        assert_eq!(
            MostCost::of(&listed, 1_000, Some(0)),
            MostCost::Known(3_750)
        );
    }

    #[test]
    fn dollars_are_read_to_the_millionth_and_written_back() {
        for (text, microusd) in [
            ("0.25", 250_000),
            ("$12", 12_000_000),
            ("3.000001", 3_000_001),
        ] {
            assert_eq!(read_dollars(text), Some(microusd));
            assert_eq!(read_dollars(&dollars(microusd)), Some(microusd));
        }
        for text in [
            "",
            ".5",
            "-1",
            "1e3",
            "0.0000001",
            "1,5",
            "99999999999999999999",
        ] {
            assert_eq!(read_dollars(text), None, "{text}");
        }
    }

    #[test]
    fn a_refusal_says_which_budget_and_how_much() {
        let over = OverBudget {
            scope: BudgetScope::Month,
            limit_microusd: 5_000_000,
            spent_microusd: 4_990_001,
            most: MostCost::Known(12_300),
        };
        assert_eq!(
            over.to_string(),
            "the budget of its owner for this month is $5.00, $4.990001 of it are spent, and the next \
             call can cost up to $0.0123"
        );
    }
}
