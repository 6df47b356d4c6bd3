//! The queue's rows: fair between people, then by priority, then by age.

use agentarena::domain::ids::{JobId, UserId};
use agentarena::domain::time::Timestamp;
use agentarena::store::jobs::{self, JobStatus, NewJob};
use agentarena::store::{StoreError, Transaction};

use super::NOW;
use crate::support::data::TempStore;

const LEASE: Timestamp = Timestamp(NOW.0 + 1_000);

fn enqueue(
    tx: &Transaction,
    subject: &str,
    user: Option<UserId>,
    priority: i32,
    run_after: i64,
    at: i64,
) -> Result<JobId, StoreError> {
    let job = NewJob {
        kind: "submission",
        subject_id: subject,
        user_id: user,
        priority,
        run_after: Timestamp(run_after),
    };
    jobs::enqueue(tx, &job, Timestamp(at))
}

/// Claims one job at a time; the subject of what was claimed.
fn claim(tx: &Transaction, at: i64) -> Result<Option<String>, StoreError> {
    let job = jobs::claim(tx, "me", &["submission"], LEASE, Timestamp(at))?;
    Ok(job.map(|job| job.subject_id))
}

#[tokio::test]
async fn claims_go_round_between_people_then_by_priority_then_by_age() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let (ada, bob) = (Some(UserId::new()), Some(UserId::new()));
            for n in 0..4 {
                enqueue(tx, &format!("ada {n}"), ada, 0, 0, n)?;
            }
            enqueue(tx, "ada urgent", ada, 5, 0, 9)?;
            enqueue(tx, "bob 0", bob, 0, 0, 10)?;
            enqueue(tx, "bob 1", bob, 0, 0, 11)?;
            enqueue(tx, "arena", None, 0, 0, 12)?;
            let mut order = Vec::new();
            while let Some(subject) = claim(tx, 100 + i64::try_from(order.len()).unwrap())? {
                order.push(subject);
            }
            // Everyone gets one before anyone gets a second; who has fewer running is next.
            let mut first: Vec<_> = order[..3].to_vec();
            first.sort();
            assert_eq!(first, ["ada urgent", "arena", "bob 0"]);
            let mut second: Vec<_> = order[3..5].to_vec();
            second.sort();
            assert_eq!(second, ["ada 0", "bob 1"]);
            assert_eq!(order[5..], ["ada 1", "ada 2", "ada 3"]);
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn who_waited_longest_since_a_start_is_next_when_as_many_run() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let (ada, bob) = (Some(UserId::new()), Some(UserId::new()));
            for n in 0..3 {
                enqueue(tx, &format!("ada {n}"), ada, 0, 0, n)?;
                enqueue(tx, &format!("bob {n}"), bob, 0, 0, 50 + n)?;
            }
            // One worker: nothing runs when the next job is claimed.
            let mut owners = String::new();
            for now in 100..106 {
                let job = jobs::claim(tx, "me", &["submission"], LEASE, Timestamp(now))?.unwrap();
                owners.push(job.subject_id.chars().next().unwrap());
                assert!(jobs::finish(tx, job.id, JobStatus::Done, None, NOW)?);
            }
            assert!(owners == "ababab" || owners == "bababa", "{owners}");
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn only_known_kinds_that_are_due_are_claimed() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            enqueue(tx, "later", None, 9, 500, 1)?;
            assert_eq!(claim(tx, 499)?, None);
            assert_eq!(
                jobs::next_due_after(tx, Timestamp(100))?,
                Some(Timestamp(500))
            );
            assert_eq!(jobs::next_due_after(tx, Timestamp(500))?, None);
            assert_eq!(jobs::next_due(tx)?, Some(Timestamp(500)));
            assert_eq!(
                jobs::claim(tx, "me", &["backup"], LEASE, Timestamp(500))?,
                None
            );
            assert_eq!(jobs::claim(tx, "me", &[], LEASE, Timestamp(500))?, None);
            assert_eq!(claim(tx, 500)?.as_deref(), Some("later"));
            assert_eq!(claim(tx, 501)?, None);
            let error = enqueue(tx, "later", None, 0, 0, 1).unwrap_err();
            assert!(
                matches!(error, StoreError::Conflict("subject")),
                "{error:?}"
            );
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn what_a_dead_process_had_claimed_is_put_back_and_does_not_count() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            for subject in ["one", "two", "three"] {
                enqueue(tx, subject, None, 0, 0, 1)?;
            }
            let dead = jobs::claim(tx, "dead", &["submission"], LEASE, NOW)?.unwrap();
            let mine = jobs::claim(tx, "me", &["submission"], LEASE, NOW)?.unwrap();
            assert_eq!(dead.attempts, 1);
            let back = jobs::recover(tx, "me")?;
            assert_eq!(back.len(), 1);
            assert_eq!((back[0].id, back[0].attempts), (dead.id, 0));
            assert_eq!(jobs::counts(tx)?.running, 1);
            assert_eq!(jobs::counts(tx)?.queued, 2);
            assert_eq!(jobs::counts(tx)?.oldest_queued_at, Some(Timestamp(1)));
            assert_eq!(jobs::renew_leases(tx, "me", LEASE)?, 1);

            assert!(jobs::release(tx, mine.id)?);
            assert!(!jobs::release(tx, mine.id)?);
            let again = jobs::claim(tx, "me", &["submission"], LEASE, NOW)?.unwrap();
            assert_eq!((again.id, again.attempts), (dead.id, 1));
            assert!(jobs::requeue(tx, again.id, NOW, "the browser went away")?);
            let third = jobs::status_of(tx, "submission", &again.subject_id)?.unwrap();
            assert_eq!((third.0.attempts, third.1.as_str()), (1, "queued"));
            assert!(jobs::finish_subject(
                tx,
                "submission",
                "three",
                JobStatus::Cancelled,
                NOW
            )?);
            assert!(!jobs::finish_subject(
                tx,
                "submission",
                "three",
                JobStatus::Done,
                NOW
            )?);
            Ok(())
        })
        .await
        .unwrap();
}
