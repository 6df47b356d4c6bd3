//! The ranking as people read it: ranks and counts from the database, and beside each rate how
//! sure it is.

use crate::arena::ArenaError;
use crate::arena::statistics::{Interval, wilson_95};
use crate::domain::ids::{SuiteId, TaskId};
use crate::domain::leaderboard::LeaderboardRow;
use crate::domain::page::{Page, PageRequest};
use crate::store::{Store, leaderboard, suites, tasks};

/// One row of a ranking with what is computed from its counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Rank and counts.
    pub row: LeaderboardRow,
    /// Passed over scored, 0 to 1; none while nothing is scored.
    pub rate: Option<f64>,
    /// Where the true rate lies with 95 % confidence; none while nothing is scored.
    pub interval: Option<Interval>,
    /// Mean duration of scored submissions, in milliseconds; none while nothing is scored.
    pub mean_duration_ms: Option<f64>,
    /// Mean steps of scored submissions; none while nothing is scored.
    pub mean_steps: Option<f64>,
    /// What the scored submissions cost.
    pub cost: Cost,
}

/// What something cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// Millionths of a dollar, all of it known.
    Known(u64),
    /// A part is unknown; what is known is a lower bound.
    Unpriced {
        /// Millionths of a dollar that are known.
        known_microusd: u64,
        /// Submissions whose cost is unknown.
        unpriced: u32,
    },
}

impl From<LeaderboardRow> for Standing {
    fn from(row: LeaderboardRow) -> Self {
        let mean = |sum: f64| (row.scored > 0).then(|| sum / f64::from(row.scored));
        Self {
            rate: mean(f64::from(row.passed)),
            interval: wilson_95(u64::from(row.passed), u64::from(row.scored)),
            mean_duration_ms: mean(real(row.duration_ms_sum)),
            mean_steps: mean(real(row.steps_sum)),
            cost: if row.unpriced == 0 {
                Cost::Known(row.cost_microusd_sum)
            } else {
                Cost::Unpriced {
                    known_microusd: row.cost_microusd_sum,
                    unpriced: row.unpriced,
                }
            },
            row,
        }
    }
}

/// The ranking over a whole suite, best first.
pub async fn of_suite(
    store: &Store,
    suite_id: SuiteId,
    page: PageRequest,
) -> Result<Page<Standing>, ArenaError> {
    let rows = store
        .read(move |db| match suites::by_id(db, suite_id)? {
            Some(_) => leaderboard::of_suite(db, suite_id, &page).map(Some),
            None => Ok(None),
        })
        .await?;
    let rows = rows.ok_or_else(|| ArenaError::not_found("suite", suite_id))?;
    Ok(rows.map(Standing::from))
}

/// The ranking on one task revision, best first.
pub async fn of_task(
    store: &Store,
    task_id: TaskId,
    page: PageRequest,
) -> Result<Page<Standing>, ArenaError> {
    let rows = store
        .read(move |db| match tasks::by_id(db, task_id)? {
            Some(task) => leaderboard::of_task(db, task.suite_id, task_id, &page).map(Some),
            None => Ok(None),
        })
        .await?;
    let rows = rows.ok_or_else(|| ArenaError::not_found("task", task_id))?;
    Ok(rows.map(Standing::from))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sums of milliseconds and steps are far below 2^52"
)]
fn real(sum: u64) -> f64 {
    sum as f64
}
