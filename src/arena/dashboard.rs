//! What a person sees first: what runs, what came of it lately, what waits.

use crate::arena::ArenaError;
use crate::auth::Principal;
use crate::domain::outcome::SubmissionStatus;
use crate::domain::page::PageRequest;
use crate::domain::submission::SubmissionView;
use crate::domain::time::Timestamp;
use crate::store::jobs::QueueCounts;
use crate::store::submissions::{StatusCounts, SubmissionFilter, Totals};
use crate::store::{self, Store};

/// How far back the totals go: 30 days.
const TOTALS_MS: i64 = 30 * 24 * 3600 * 1000;

/// Everything on the dashboard that comes from the database.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// Where the person's submissions stand.
    pub counts: StatusCounts,
    /// What the person's submissions of the last 30 days came to.
    pub totals: Totals,
    /// The person's newest submissions, whatever their state.
    pub recent: Vec<SubmissionView>,
    /// The person's submissions that run now.
    pub running: Vec<SubmissionView>,
    /// Everybody's queue.
    pub queue: QueueCounts,
}

/// Reads the dashboard of a person.
pub async fn read(
    store: &Store,
    principal: &Principal,
    recent: u32,
) -> Result<Dashboard, ArenaError> {
    let user_id = principal.user_id;
    let since = Timestamp::now().plus_ms(-TOTALS_MS);
    let read = store.read(move |db| {
        let own = SubmissionFilter {
            user_id: Some(user_id),
            ..SubmissionFilter::default()
        };
        let running = SubmissionFilter {
            status: Some(SubmissionStatus::Running),
            ..own.clone()
        };
        Ok(Dashboard {
            counts: store::submissions::counts(db, Some(user_id))?,
            totals: store::submissions::totals(db, user_id, since)?,
            recent: store::submissions::list(db, &own, &PageRequest::first(recent))?.items,
            running: store::submissions::list(db, &running, &PageRequest::first(10))?.items,
            queue: store::jobs::counts(db)?,
        })
    });
    Ok(read.await?)
}
