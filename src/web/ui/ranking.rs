//! The leaderboard's rows in the words and drawings of the design system, and the one sentence
//! that answers the page's question.

use crate::arena::statistics::{difference_95, wilson_95};
use crate::domain::agent::{AgentKind, BuiltinPolicy};
use crate::domain::leaderboard::LeaderboardRow;
use crate::web::ui::format::{self, Cost};
use crate::web::ui::interval::Interval;

/// One agent revision in the ranking.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Rank, shared where scores are equal, e.g. `1–2`.
    pub rank: String,
    /// Address of the agent's page.
    pub href: String,
    /// Address of its submissions.
    pub replays: String,
    /// Name.
    pub name: String,
    /// Revision.
    pub revision: u32,
    /// Kind and owner.
    pub kind: String,
    /// Success rate and interval; none while nothing is scored.
    pub interval: Option<Interval>,
    /// `4 of 5`.
    pub passed: String,
    /// Scored submissions.
    pub scored: String,
    /// Unscored submissions.
    pub unscored: u32,
    /// Whether there are any.
    pub has_unscored: bool,
    /// Mean steps.
    pub steps: String,
    /// Mean time.
    pub time: String,
    /// Mean cost.
    pub cost_per_task: Cost,
    /// Cost by success; none without a success.
    pub cost_per_success: Option<Cost>,
}

/// A piece of the finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Text.
    pub text: String,
    /// Whether it is set off.
    pub strong: bool,
}

/// The policy of the arena's own agent; none for an agent that belongs to someone.
fn own_policy(row: &LeaderboardRow) -> Option<BuiltinPolicy> {
    if row.agent_kind != AgentKind::Builtin || row.username.is_some() {
        return None;
    }
    row.agent_name.parse().ok()
}

/// Whether the row is an agent of the arena's gate, which is no contender: the reference that
/// plays solutions, and those that must never pass.
pub fn is_of_the_gate(row: &LeaderboardRow) -> bool {
    own_policy(row).is_some_and(BuiltinPolicy::is_for_the_gate)
}

/// The rows of a ranking. Equal ranks in `all` make a shared rank.
pub fn rows(all: &[LeaderboardRow]) -> Vec<Row> {
    all.iter().map(|row| present(row, all)).collect()
}

fn present(row: &LeaderboardRow, all: &[LeaderboardRow]) -> Row {
    let scored = f64::from(row.scored);
    let priced = row.unpriced == 0 && row.scored > 0;
    let cost = priced.then_some(wide(row.cost_microusd_sum));
    let mean = |sum: u64| (row.scored > 0).then(|| wide(sum) / scored);
    Row {
        rank: rank(row, all),
        href: format!("/agents/{}", row.agent_id),
        replays: format!("/submissions?agent={}", row.agent_id),
        name: row.agent_name.clone(),
        revision: row.agent_revision,
        kind: kind(row),
        interval: interval(row),
        passed: format!("{} of {}", row.passed, row.scored),
        scored: format::count(row.scored),
        unscored: row.unscored,
        has_unscored: row.unscored > 0,
        steps: mean(row.steps_sum).map_or_else(no_result, |steps| format!("{steps:.1}")),
        time: mean(row.duration_ms_sum).map_or_else(no_result, format::duration),
        cost_per_task: Cost::mean(cost.map(|cost| cost / scored)),
        cost_per_success: (row.passed > 0)
            .then(|| Cost::mean(cost.map(|cost| cost / f64::from(row.passed)))),
    }
}

fn no_result() -> String {
    "no result yet".to_owned()
}

#[expect(clippy::cast_precision_loss, reason = "sums stay far below 2^52")]
const fn wide(sum: u64) -> f64 {
    sum as f64
}

fn rank(row: &LeaderboardRow, all: &[LeaderboardRow]) -> String {
    let Some(rank) = row.rank else {
        return "not ranked".to_owned();
    };
    let equal = all.iter().filter(|other| other.rank == Some(rank)).count();
    match u32::try_from(equal) {
        Ok(equal @ 2..) => format!("{rank}–{}", rank + equal - 1),
        _ => rank.to_string(),
    }
}

fn kind(row: &LeaderboardRow) -> String {
    match &row.username {
        None => match own_policy(row) {
            Some(BuiltinPolicy::Oracle) => format!("{} · reference", row.agent_kind),
            _ => format!("{} · baseline", row.agent_kind),
        },
        Some(owner) if row.agent_kind.is_foreign() && row.scored > 0 && row.unpriced == 0 => {
            format!("{} · {owner} · cost through the arena", row.agent_kind)
        }
        Some(owner) => format!("{} · {owner}", row.agent_kind),
    }
}

/// Rate and interval of a row; none while nothing is scored.
pub fn interval(row: &LeaderboardRow) -> Option<Interval> {
    let bounds = wilson_95(u64::from(row.passed), u64::from(row.scored))?;
    Some(Interval {
        point: f64::from(row.passed) / f64::from(row.scored),
        low: bounds.low,
        high: bounds.high,
    })
}

/// The answer first: who leads, and whether that can be told.
pub fn finding(all: &[LeaderboardRow]) -> Vec<Phrase> {
    let mut contenders: Vec<_> = all
        .iter()
        .filter(|row| row.scored > 0 && !is_of_the_gate(row))
        .collect();
    contenders.sort_by(|a, b| rate(b).total_cmp(&rate(a)));
    match contenders.as_slice() {
        [] => Vec::new(),
        [only] => alone(only),
        [first, second, ..] => compared(first, second),
    }
}

fn rate(row: &LeaderboardRow) -> f64 {
    f64::from(row.passed) / f64::from(row.scored.max(1))
}

fn strong(text: impl Into<String>) -> Phrase {
    Phrase {
        text: text.into(),
        strong: true,
    }
}

fn plain(text: impl Into<String>) -> Phrase {
    Phrase {
        text: text.into(),
        strong: false,
    }
}

fn alone(row: &LeaderboardRow) -> Vec<Phrase> {
    let Some(interval) = interval(row) else {
        return Vec::new();
    };
    vec![
        strong(&row.agent_name),
        plain(format!(
            " passes {}\u{a0}% of {}, 95\u{a0}% interval {}. There is no other contender to compare it with.",
            interval.rate(),
            format::counted(row.scored, "scored submission"),
            interval.ends()
        )),
    ]
}

fn compared(first: &LeaderboardRow, second: &LeaderboardRow) -> Vec<Phrase> {
    let counts = |row: &LeaderboardRow| (u64::from(row.passed), u64::from(row.scored));
    let Some(range) = difference_95(counts(first), counts(second)) else {
        return Vec::new();
    };
    let difference = rate(first) - rate(second);
    let ends = format!("{} to {}", points(range.low), points(range.high));
    if range.low <= 0.0 {
        return vec![
            strong(&first.agent_name),
            plain(" and "),
            strong(&second.agent_name),
            plain(format!(
                " cannot be told apart: their difference is {} points, 95\u{a0}% interval {ends}.",
                points(difference)
            )),
        ];
    }
    vec![
        strong(&first.agent_name),
        plain(format!(
            " passes {}\u{a0}% of its scored submissions, {} points more than ",
            format::rate(rate(first)),
            points(difference)
        )),
        strong(&second.agent_name),
        plain(format!(", 95\u{a0}% interval of the difference {ends}.")),
    ]
}

/// Percentage points with one decimal and a true minus.
fn points(share: f64) -> String {
    let text = format!("{:.1}", share.abs() * 100.0);
    if share < 0.0 && text != "0.0" {
        format!("−{text}")
    } else {
        text
    }
}

#[cfg(test)]
#[path = "ranking_tests.rs"]
mod tests;
