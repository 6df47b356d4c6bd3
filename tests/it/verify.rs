//! The gate, as it runs in CI: a fixed sample of the bundled suite in a real browser; what failed
//! it is in no ranking; stored verdicts follow from their evidence to the byte.

use agentarena::arena::leaderboard;
use agentarena::arena::rescore::{Scope, rescore};
use agentarena::arena::verify;
use agentarena::domain::agent::BuiltinPolicy;
use agentarena::domain::outcome::Outcome;
use agentarena::domain::page::PageRequest;
use agentarena::domain::time::Timestamp;
use agentarena::domain::verification::{Must, Tally, Verification, VerificationStatus};
use agentarena::store::{self, Store, verifications};
use serde_json::Value;

use crate::support::data::{self, TempStore, scored};
use crate::support::process::{agentarena, output, text};

/// A task of each kind: an answer, a change, one that cannot be done.
const SAMPLE: [&str; 3] = ["shop-001", "shop-008", "shop-016"];

#[test]
fn a_sample_of_the_suite_passes_the_gate_and_its_verdicts_follow_from_their_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = agentarena(dir.path());
    command.args(["verify", "--repeats", "2", "--json"]);
    for key in SAMPLE {
        command.args(["--task", key]);
    }
    let verified = command.output().unwrap();
    assert!(
        verified.status.success(),
        "{}\n{}",
        text(&verified.stdout),
        text(&verified.stderr)
    );
    let found: Value = serde_json::from_slice(&verified.stdout).unwrap();
    let tasks = found["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), SAMPLE.len());
    assert!(tasks.iter().all(|task| task["status"] == "verified"));
    let total = |policy: &str| {
        let totals = found["totals"].as_array().unwrap();
        let total = totals.iter().find(|total| total["policy"] == policy);
        let total = total.unwrap_or_else(|| panic!("{policy} did not play"));
        (total["passed"].as_u64(), total["scored"].as_u64())
    };
    assert_eq!(total("oracle"), (Some(6), Some(6)));
    for (policy, episodes) in [
        ("null", 6),
        ("random", 9),
        ("spam", 9),
        ("constant", 21),
        ("infeasible", 12),
    ] {
        assert_eq!(total(policy), (Some(0), Some(episodes)), "{policy}");
    }
    assert_eq!(total("wanderer").1, Some(4));

    let again = output(dir.path(), &["rescore", "--all", "--json"]);
    assert!(again.status.success(), "{}", text(&again.stdout));
    let again: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(again["checked"], 67);
    assert_eq!(again["differing"], Value::Array(Vec::new()));
}

fn found(task_id: agentarena::domain::ids::TaskId, status: VerificationStatus) -> Verification {
    Verification {
        task_id,
        status,
        tallies: vec![Tally {
            policy: BuiltinPolicy::Null,
            must: Must::Fail,
            passed: 1,
            scored: 1,
            unscored: 0,
        }],
        problems: vec!["null (seed 1) passes, but does not do the task".to_owned()],
        verified_at: Timestamp(5),
    }
}

/// Two tasks on which one agent has passed, and another has failed and could not be scored.
async fn two_tasks(store: &Store) -> [agentarena::domain::task::Task; 2] {
    store
        .write(|tx| {
            let user = data::user(tx, "ada", 1)?;
            let suite = data::suite(tx, "arena")?;
            let good = data::agent(tx, Some(user.id), "Good", 1)?;
            let bad = data::agent(tx, Some(user.id), "Bad", 1)?;
            let one = data::task(tx, suite.id, "t-1", "one")?;
            let two = data::task(tx, suite.id, "t-2", "two")?;
            for (at, task) in [(10, &one), (20, &two)] {
                for (agent, end) in [
                    (&good, scored(Outcome::Passed, 1.0, 4)),
                    (&good, scored(Outcome::Passed, 1.0, 3)),
                    (&bad, scored(Outcome::StepLimit, 0.0, 9)),
                    (
                        &bad,
                        agentarena::domain::submission::Ended::unscored(
                            Outcome::InfraError,
                            "It broke.",
                            Timestamp(100),
                        ),
                    ),
                ] {
                    let submission = data::submission(tx, &user, agent, task, at)?;
                    store::submissions::finish(tx, submission.id, &end)?;
                    store::leaderboard::apply(tx, &submission, &end)?;
                }
            }
            Ok([one, two])
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_task_that_failed_the_gate_is_in_no_ranking_until_it_passes() {
    let TempStore { store, dir: _dir } = TempStore::new();
    let [one, two] = two_tasks(&store).await;
    let suite_id = one.suite_id;
    let board = async || {
        let page = PageRequest::default();
        leaderboard::of_suite(&store, suite_id, page)
            .await
            .unwrap()
            .items
    };
    let put = async |status| {
        let found = found(two.id, status);
        store
            .write(move |tx| verifications::put(tx, &found))
            .await
            .unwrap();
    };
    let before = board().await;
    assert_eq!((before[0].row.passed, before[0].row.scored), (4, 4));

    put(VerificationStatus::Failed).await;
    let without = board().await;
    assert_eq!((without[0].row.passed, without[0].row.scored), (2, 2));
    assert_eq!((without[1].row.scored, without[1].row.unscored), (1, 1));
    let of_task = leaderboard::of_task(&store, two.id, PageRequest::default()).await;
    assert_eq!(of_task.unwrap().items, []);
    let left_out = verify::left_out(&store, suite_id).await.unwrap();
    assert_eq!(left_out, [("t-2".to_owned(), two.id)]);

    put(VerificationStatus::Verified).await;
    let after = board().await;
    assert_eq!(after, before, "counted anew as it was counted one by one");
    assert!(verify::left_out(&store, suite_id).await.unwrap().is_empty());
    let stored = verify::of_task(&store, two.id).await.unwrap();
    assert_eq!(stored, Some(found(two.id, VerificationStatus::Verified)));
    assert_eq!(verify::of_task(&store, one.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_verdict_that_differs_is_shown_first_and_written_on_request() {
    let TempStore { store, dir: _dir } = TempStore::new();
    let [one, _] = two_tasks(&store).await;
    let evidence = agentarena::domain::evidence::Evidence {
        ending: Some(agentarena::domain::evidence::Ending::Answer(String::new())),
        ..Default::default()
    };
    let bytes = serde_json::to_vec(&evidence).unwrap();
    let artifact = store.put_artifact(bytes, "application/json").await.unwrap();
    let right = agentarena::evaluators::evaluate(&one.spec, &evidence);
    let mut stale = right.clone();
    stale.status = agentarena::domain::verdict::VerdictStatus::Fail;
    stale.value = 0.0;
    let id = store
        .write(move |tx| {
            let user = data::user(tx, "eva", 2)?;
            let agent = data::agent(tx, Some(user.id), "Third", 1)?;
            let submission = data::submission(tx, &user, &agent, &one, 30)?;
            let end = scored(Outcome::Failed, 0.0, 2);
            store::submissions::finish(tx, submission.id, &end)?;
            store::leaderboard::apply(tx, &submission, &end)?;
            let episode_id = agentarena::domain::ids::EpisodeId::new();
            store::episodes::start(tx, episode_id, submission.id, 1, Timestamp(30))?;
            store::artifacts::insert(tx, &artifact, Timestamp(30))?;
            let result = store::results::EvaluationResult {
                submission_id: submission.id,
                episode_id,
                verdict: stale,
                evidence: artifact.hash.clone(),
                time_taken_ms: 1,
                completed_at: Timestamp(30),
            };
            store::results::insert(tx, &result)?;
            Ok(submission.id)
        })
        .await
        .unwrap();

    let dry = rescore(&store, Scope::All, false).await.unwrap();
    assert_eq!(
        (dry.checked, dry.differing.len(), dry.written),
        (1, 1, false)
    );
    let difference = &dry.differing[0];
    assert_eq!(difference.outcome_after, Some(Outcome::Passed));
    assert!(
        difference
            .places
            .contains(&r#"status: "fail", now "pass""#.to_owned()),
        "{:?}",
        difference.places
    );
    let outcome = async || {
        let found = store
            .read(move |db| store::submissions::by_id(db, id))
            .await;
        found.unwrap().unwrap().outcome
    };
    assert_eq!(
        outcome().await,
        Some(Outcome::Failed),
        "a dry run changes nothing"
    );

    let written = rescore(&store, Scope::One(id), true).await.unwrap();
    assert!(written.written);
    assert_eq!(outcome().await, Some(Outcome::Passed));
    assert!(rescore(&store, Scope::All, false).await.unwrap().is_clean());
}
