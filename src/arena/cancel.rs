//! Calls a submission back, at once, from any state before its end.

use serde_json::json;

use crate::arena::submit::Intake;
use crate::arena::{ArenaError, submission_job};
use crate::domain::ids::{SubmissionId, UserId};
use crate::domain::outcome::{Outcome, SubmissionStatus};
use crate::domain::submission::{Ended, Submission};
use crate::domain::time::Timestamp;
use crate::jobs::Pool;
use crate::playground::hub::QueueChange;
use crate::store::audit::{self, NewEntry};
use crate::store::jobs::{self, JobStatus};
use crate::store::{Transaction, leaderboard, submissions};

/// Who wants a submission cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canceller {
    /// The person.
    pub user_id: UserId,
    /// Whether the person may cancel what others submitted.
    pub may_cancel_any: bool,
}

impl Intake {
    /// Cancels a submission. Its end is stored when this returns; an episode that is under way
    /// is interrupted and cannot change it any more. One whose steps are over keeps its result: who
    /// has seen a bad end must not be able to take it back while it is being stored. Someone
    /// else's submission looks like none.
    pub async fn cancel(&self, id: SubmissionId, by: Canceller) -> Result<Submission, ArenaError> {
        let pool = self.pool.clone();
        let (was, submission) = self
            .store
            .try_write(move |tx| cancel_stored(tx, id, by, &pool))
            .await?;
        if was == SubmissionStatus::Running {
            let kind = submission_job(submission.playground);
            self.pool.interrupt(kind, &id.to_string());
        }
        self.hub.publish_change(QueueChange {
            submission_id: id,
            status: SubmissionStatus::Cancelled,
            outcome: Some(Outcome::Cancelled),
        });
        Ok(submission)
    }
}

fn cancel_stored(
    tx: &Transaction,
    id: SubmissionId,
    by: Canceller,
    pool: &Pool,
) -> Result<(SubmissionStatus, Submission), ArenaError> {
    let missing = || ArenaError::not_found("submission", id);
    let submission = submissions::by_id(tx, id)?
        .filter(|found| by.may_cancel_any || found.user_id == by.user_id)
        .ok_or_else(missing)?;
    if submission.status.is_final() {
        return Err(ArenaError::Conflict {
            message: format!(
                "The submission has already ended: it is {}.",
                submission.status
            ),
        });
    }
    let subject_id = id.to_string();
    let kind = submission_job(submission.playground);
    if pool.is_decided(kind, &subject_id) {
        let message = "The episode is over and its result is being stored; it cannot be cancelled \
                       any more.";
        return Err(ArenaError::Conflict {
            message: message.to_owned(),
        });
    }
    let now = Timestamp::now();
    let reason = if by.user_id == submission.user_id {
        "cancelled by the person who submitted it"
    } else {
        "cancelled by an administrator"
    };
    submissions::cancel(tx, id, reason, now)?;
    jobs::finish_subject(tx, kind, &subject_id, JobStatus::Cancelled, now)?;
    let end = Ended::unscored(Outcome::Cancelled, reason, now);
    leaderboard::apply(tx, &submission, &end)?;
    let entry = NewEntry {
        user_id: Some(by.user_id),
        action: "submission.cancel",
        subject: &format!("submission/{subject_id}"),
        details: json!({"was": submission.status}),
    };
    audit::append(tx, &entry, now)?;
    let cancelled = submissions::by_id(tx, id)?.ok_or_else(missing)?;
    Ok((submission.status, cancelled))
}
