//! What an episode leaves in the store, rankings, and the records about people.

use agentarena::domain::agent::Provider;
use agentarena::domain::event::{CallPurpose, Event, EventBody, Usage};
use agentarena::domain::ids::{EpisodeId, ProviderKeyId, RowId, SubmissionId, TokenFamilyId};
use agentarena::domain::outcome::{Outcome, PlaygroundKind};
use agentarena::domain::page::PageRequest;
use agentarena::domain::price::{Booked, Price};
use agentarena::domain::submission::{Ended, Submission};
use agentarena::domain::time::Timestamp;
use agentarena::domain::verdict::{Verdict, VerdictStatus};
use agentarena::store::audit::{self, ChainCheck, NewEntry};
use agentarena::store::provider_keys::{self, ProviderKey};
use agentarena::store::tokens::{self, RefreshToken, Rotation};
use agentarena::store::{
    StoreError, Transaction, artifacts, episodes, idempotency, leaderboard, llm_calls, results,
    settings, spends, submissions, users,
};

use super::{NOW, raw, sample};
use crate::support::data::{self, TempStore, scored};

#[tokio::test]
async fn events_are_read_from_any_number_on() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let (_, submission) = sample(tx)?;
            let episode = EpisodeId::new();
            episodes::start(tx, episode, submission.id, 1, NOW)?;
            assert_eq!(episodes::last_seq(tx, submission.id)?, 0);
            let event = |seq| Event {
                submission_id: submission.id,
                episode_id: episode,
                seq,
                at: NOW,
                body: EventBody::Acted {
                    step: seq,
                    ok: true,
                    message: "<script>".into(),
                    act_ms: 1.5,
                    settle_ms: 2.0,
                    url: "http://127.0.0.1/".into(),
                },
            };
            let all: Vec<_> = (1..=5).map(event).collect();
            episodes::append(tx, &all)?;
            assert_eq!(episodes::events(tx, submission.id, 0, 100)?, all);
            assert_eq!(episodes::events(tx, submission.id, 2, 2)?, all[2..4]);
            assert_eq!(episodes::last_seq(tx, submission.id)?, 5);
            assert!(
                episodes::append(tx, &all[..1]).is_err(),
                "a number was used twice"
            );

            assert_eq!(episodes::open(tx)?.len(), 1);
            assert!(episodes::close(
                tx,
                episode,
                Outcome::Passed,
                "done",
                5,
                NOW
            )?);
            assert!(!episodes::close(
                tx,
                episode,
                Outcome::Failed,
                "again",
                5,
                NOW
            )?);
            assert_eq!(episodes::open(tx)?, []);
            assert_eq!(
                episodes::list(tx, submission.id)?[0].outcome,
                Some(Outcome::Passed)
            );
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn artifacts_are_stored_once_under_their_hash_and_nothing_else_is_read() {
    let at = TempStore::new();
    let one = at
        .store
        .put_artifact(b"picture".to_vec(), "image/png")
        .await
        .unwrap();
    let two = at
        .store
        .put_artifact(b"picture".to_vec(), "image/png")
        .await
        .unwrap();
    assert_eq!(one, two);
    assert_eq!(one.hash, artifacts::sha256_hex(b"picture"));
    // Without its row a file is not known.
    assert_eq!(at.store.read_artifact(&one.hash).await.unwrap(), None);
    let row = one.clone();
    at.store
        .write(move |tx| {
            artifacts::insert(tx, &row, NOW)?;
            artifacts::insert(tx, &row, NOW)
        })
        .await
        .unwrap();
    let read = at.store.read_artifact(&one.hash).await.unwrap();
    assert_eq!(read, Some(("image/png".to_owned(), b"picture".to_vec())));
    let folder = at.dir.path().join("artifacts").join(&one.hash[..2]);
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().collect();
    assert_eq!(files.len(), 1, "a temporary file was left");
    let files = at.store.artifact_files();
    for wrong in [
        "",
        "..",
        "../../agentarena.db",
        "ä",
        &one.hash.to_uppercase(),
    ] {
        assert_eq!(files.read(wrong).unwrap(), None, "{wrong}");
    }
}

/// A call that nobody answered, with the prices that it would have cost.
fn call(submission_id: SubmissionId, episode_id: EpisodeId) -> llm_calls::LlmCall {
    let price = Price {
        input_microusd_per_mtok: Some(7),
        cache_write_microusd_per_mtok: Some(9),
        ..Price::default()
    };
    llm_calls::LlmCall {
        id: RowId::new(),
        user_id: None,
        agent_id: None,
        submission_id: Some(submission_id),
        episode_id: Some(episode_id),
        purpose: CallPurpose::Judge,
        step: 1,
        attempt: 2,
        provider: "openai".into(),
        model: "m".into(),
        returned_model: Some("m-2026".into()),
        status: None,
        unsent: true,
        error: Some("no answer".into()),
        usage: Usage {
            cache_write_tokens: 5,
            ..Usage::default()
        },
        booked: Booked {
            price,
            version: Some("2026-11-23+own".into()),
        },
        duration_ms: 3,
        at: NOW,
    }
}

#[tokio::test]
async fn verdicts_calls_and_named_artifacts_are_found_by_submission() {
    let at = TempStore::new();
    let evidence = at
        .store
        .put_artifact(b"{}".to_vec(), "application/json")
        .await
        .unwrap();
    at.store
        .write(move |tx| {
            let (_, submission) = sample(tx)?;
            let episode = EpisodeId::new();
            episodes::start(tx, episode, submission.id, 1, NOW)?;
            let verdict = Verdict {
                status: VerdictStatus::Pass,
                value: 1.0,
                summary: "All is well.".into(),
                criteria: Vec::new(),
            };
            let result = results::EvaluationResult {
                submission_id: submission.id,
                episode_id: episode,
                verdict: verdict.clone(),
                evidence: evidence.hash.clone(),
                time_taken_ms: 12,
                completed_at: NOW,
            };
            assert!(
                results::insert(tx, &result).is_err(),
                "evidence without a row"
            );
            artifacts::insert(tx, &evidence, NOW)?;
            results::insert(tx, &result)?;
            assert_eq!(results::of_submission(tx, submission.id)?, Some(result));

            let named = |hash: &str| episodes::names_artifact(tx, submission.id, hash).unwrap();
            assert!(!named(&evidence.hash));
            let event = Event {
                submission_id: submission.id,
                episode_id: episode,
                seq: 1,
                at: NOW,
                body: EventBody::Evaluated {
                    verdict,
                    evidence: evidence.hash.clone(),
                    duration_ms: 1.0,
                },
            };
            episodes::append(tx, &[event])?;
            assert!(named(&evidence.hash));
            assert!(!named("evaluated") || evidence.hash.len() == 64);

            let call = call(submission.id, episode);
            llm_calls::insert(tx, std::slice::from_ref(&call))?;
            let calls = llm_calls::of_submission(tx, submission.id, 10)?;
            assert_eq!(calls, [call]);
            assert_eq!(
                calls[0].usage.cost_microusd, None,
                "an unknown cost became a figure"
            );
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn absurd_figures_of_old_rows_break_no_sum() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let (_, submission) = sample(tx)?;
            let episode = EpisodeId::new();
            episodes::start(tx, episode, submission.id, 1, NOW)?;
            let most = i64::MAX.unsigned_abs();
            for tokens in [most, most, 7] {
                let mut call = call(submission.id, episode);
                call.agent_id = Some(submission.agent_id);
                call.usage.reported = true;
                call.usage.input_tokens = tokens;
                call.usage.cost_microusd = Some(tokens);
                llm_calls::insert(tx, &[call])?;
            }
            for spends in [
                spends::of_agent(tx, submission.agent_id)?,
                spends::of_submission(tx, submission.id)?,
            ] {
                let spend = spends[0].spend;
                assert_eq!((spend.calls, spend.input_tokens), (3, 2_000_000_007));
                assert_eq!(spend.known_microusd, 2_000_000_000_007);
            }
            for _ in 0..2 {
                let mut dear = scored(Outcome::Passed, 1.0, 1);
                dear.cost_microusd = Some(most);
                end(tx, &submission, PlaygroundKind::Real, &dear)?;
            }
            let first = PageRequest::default();
            leaderboard::of_suite(tx, submission.suite_id, &first)?;
            submissions::totals(tx, submission.user_id, NOW)?;
            spends::results_of_agent(tx, submission.agent_id)?;
            Ok(())
        })
        .await
        .unwrap();
}

/// Ends a fresh submission and counts it.
fn end(
    tx: &Transaction,
    of: &Submission,
    playground: PlaygroundKind,
    end: &Ended,
) -> Result<Submission, StoreError> {
    let user = users::by_id(tx, of.user_id)?.unwrap();
    let agent = agentarena::store::agents::by_revision(tx, of.agent_revision_id)?.unwrap();
    let task = agentarena::store::tasks::by_id(tx, of.task_id)?.unwrap();
    let mut submission = data::submission(tx, &user, &agent, &task, 20)?;
    submission.playground = playground;
    assert!(submissions::finish(tx, submission.id, end)?);
    leaderboard::apply(tx, &submission, end)?;
    Ok(submission)
}

#[tokio::test]
async fn the_leaderboard_counts_scored_ends_and_shows_the_others_beside() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let (_, of) = sample(tx)?;
            let real = PlaygroundKind::Real;
            let first = PageRequest::default();
            end(
                tx,
                &of,
                PlaygroundKind::Mock,
                &scored(Outcome::Passed, 1.0, 1),
            )?;
            assert_eq!(leaderboard::of_suite(tx, of.suite_id, &first)?.items, []);

            let fault = Ended::unscored(Outcome::InfraError, "gone", NOW);
            end(tx, &of, real, &fault)?;
            let row = leaderboard::of_suite(tx, of.suite_id, &first)?
                .items
                .remove(0);
            assert_eq!(
                (row.rank, row.score, row.scored, row.unscored),
                (None, None, 0, 1)
            );

            let slow = end(tx, &of, real, &scored(Outcome::Passed, 1.0, 9))?;
            let quick = end(tx, &of, real, &scored(Outcome::Passed, 1.0, 2))?;
            let mut unpriced = scored(Outcome::StepLimit, 0.0, 10);
            unpriced.cost_microusd = None;
            end(tx, &of, real, &unpriced)?;
            end(
                tx,
                &of,
                real,
                &Ended::unscored(Outcome::Cancelled, "stopped", NOW),
            )?;
            for row in [
                leaderboard::of_suite(tx, of.suite_id, &first)?
                    .items
                    .remove(0),
                leaderboard::of_task(tx, of.suite_id, of.task_id, &first)?
                    .items
                    .remove(0),
            ] {
                assert_eq!(
                    (row.rank, row.passed, row.scored, row.unscored),
                    (Some(1), 2, 3, 2)
                );
                assert!((row.score.unwrap() - 2.0 / 3.0).abs() < 1e-12);
                assert_eq!(
                    (row.steps_sum, row.duration_ms_sum, row.unpriced),
                    (21, 3_000, 1)
                );
                assert_eq!(row.best_submission_id, Some(quick.id));
                assert_ne!(row.best_submission_id, Some(slow.id));
                assert_eq!(row.agent_name, "One");
            }
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn equal_scores_share_a_rank_and_pages_go_on_behind_it() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let (user, of) = sample(tx)?;
            let task = agentarena::store::tasks::by_id(tx, of.task_id)?.unwrap();
            for (name, score) in [("a", 0.5), ("b", 1.0), ("c", 0.5), ("d", 0.0)] {
                let agent = data::agent(tx, Some(user.id), name, 1)?;
                let submission = data::submission(tx, &user, &agent, &task, 20)?;
                let end = scored(Outcome::Failed, score, 1);
                submissions::finish(tx, submission.id, &end)?;
                leaderboard::apply(tx, &submission, &end)?;
            }
            end(
                tx,
                &of,
                PlaygroundKind::Real,
                &Ended::unscored(Outcome::InfraError, "x", NOW),
            )?;
            let mut page = PageRequest::first(2);
            let mut ranks = Vec::new();
            loop {
                let found = leaderboard::of_suite(tx, of.suite_id, &page)?;
                ranks.extend(
                    found
                        .items
                        .into_iter()
                        .map(|row| (row.rank, row.agent_name)),
                );
                let Some(next) = found.next else { break };
                page.after = Some(next.to_string().parse()?);
            }
            ranks[1..3].sort();
            let shown: Vec<_> = ranks
                .iter()
                .map(|(rank, name)| (*rank, name.as_str()))
                .collect();
            let expected = [
                (Some(1), "b"),
                (Some(2), "a"),
                (Some(2), "c"),
                (Some(4), "d"),
                (None, "One"),
            ];
            assert_eq!(shown, expected);
            Ok(())
        })
        .await
        .unwrap();
}

fn token(user: agentarena::domain::ids::UserId, family: TokenFamilyId, hash: &str) -> RefreshToken {
    RefreshToken {
        user_id: user,
        family_id: family,
        token_hash: hash.to_owned(),
        created_at: NOW,
        expires_at: NOW.plus_ms(1_000),
    }
}

#[tokio::test]
async fn a_refresh_token_used_twice_revokes_its_family_and_no_other() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let user_id = data::user(tx, "ada", 1)?.id;
            let (family_id, other) = (TokenFamilyId::new(), TokenFamilyId::new());
            tokens::insert(tx, &token(user_id, family_id, "first"))?;
            tokens::insert(tx, &token(user_id, other, "other"))?;
            let late = NOW.plus_ms(9_000);
            let rotate = |old: &str, new: &str, race_ms, now| {
                tokens::rotate(tx, old, new, late, race_ms, now).unwrap()
            };
            assert_eq!(rotate("nobody", "x", 0, NOW), Rotation::Unknown);
            assert_eq!(
                rotate("first", "second", 0, NOW),
                Rotation::Rotated { user_id, family_id }
            );
            let soon = NOW.plus_ms(5);
            assert_eq!(
                rotate("first", "x", 10, soon),
                Rotation::Raced { user_id, family_id }
            );
            assert!(tokens::is_family_alive(tx, family_id, soon)?);
            assert_eq!(
                rotate("first", "x", 5, soon),
                Rotation::Reused { user_id, family_id }
            );
            assert!(!tokens::is_family_alive(tx, family_id, soon)?);
            assert_eq!(rotate("second", "x", 0, soon), Rotation::Ended);
            assert!(tokens::is_family_alive(tx, other, soon)?);
            assert_eq!(rotate("other", "x", 0, NOW.plus_ms(1_000)), Rotation::Ended);
            assert_eq!(tokens::revoke_user(tx, user_id, Some(other), soon)?, 0);
            assert_eq!(tokens::revoke_user(tx, user_id, None, soon)?, 1);
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn the_audit_log_shows_changes_and_gaps() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            assert!(matches!(
                audit::verify(tx)?,
                ChainCheck::Sound { entries: 0, .. }
            ));
            for n in 0..5 {
                let entry = NewEntry {
                    user_id: None,
                    action: "test.act",
                    subject: "thing/1",
                    details: serde_json::json!({"b": n, "a": "ä"}),
                };
                audit::append(tx, &entry, Timestamp(n))?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let check = |at: &TempStore| {
        let store = at.store.clone();
        async move { store.read(audit::verify).await.unwrap() }
    };
    assert!(matches!(
        check(&at).await,
        ChainCheck::Sound { entries: 5, .. }
    ));
    let page = at
        .store
        .read(|db| audit::list(db, &PageRequest::first(2)))
        .await
        .unwrap();
    assert_eq!(page.items.iter().map(|e| e.seq).collect::<Vec<_>>(), [5, 4]);

    let db = raw(&at);
    for statement in [
        "UPDATE audit_log SET at = 9 WHERE seq = 2",
        "DELETE FROM audit_log",
    ] {
        let error = db.execute(statement, []).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{error}");
    }
    db.execute_batch("DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete")
        .unwrap();
    db.execute("UPDATE audit_log SET details = '{}' WHERE seq = 3", [])
        .unwrap();
    assert_eq!(check(&at).await, ChainCheck::Broken { seq: 3 });
    db.execute("DELETE FROM audit_log WHERE seq = 3", [])
        .unwrap();
    assert_eq!(check(&at).await, ChainCheck::Broken { seq: 4 });
}

#[tokio::test]
async fn keys_settings_and_idempotency_keep_to_their_owner() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let (ada, submission) = sample(tx)?;
            let bob = data::user(tx, "bob", 2)?;
            let key = ProviderKey {
                id: ProviderKeyId::new(),
                user_id: ada.id,
                provider: Provider::OpenAi,
                name: "Mine".into(),
                hint: "wxyz".into(),
                created_at: NOW,
                rotated_at: None,
            };
            provider_keys::insert(tx, &key, b"sealed")?;
            let again = ProviderKey {
                id: ProviderKeyId::new(),
                name: "MINE".into(),
                ..key.clone()
            };
            let taken = provider_keys::insert(tx, &again, b"x").unwrap_err();
            assert!(matches!(taken, StoreError::Conflict("name")), "{taken:?}");
            assert_eq!(provider_keys::list(tx, ada.id)?, std::slice::from_ref(&key));
            assert_eq!(
                provider_keys::ciphertext(tx, ada.id, key.id)?,
                Some(b"sealed".to_vec())
            );
            assert_eq!(provider_keys::ciphertext(tx, bob.id, key.id)?, None);
            assert!(provider_keys::delete(tx, bob.id, key.id).is_err());
            provider_keys::delete(tx, ada.id, key.id)?;

            settings::set(tx, "a", &1, NOW)?;
            settings::set(tx, "a", &2, NOW)?;
            assert_eq!(settings::get::<u32>(tx, "a")?, Some(2));
            assert!(
                settings::get::<String>(tx, "a").is_err(),
                "a wrong type became none"
            );
            assert!(settings::delete(tx, "a")? && !settings::delete(tx, "a")?);

            let used = idempotency::Remembered {
                request_hash: "h".into(),
                submission_id: submission.id,
            };
            idempotency::insert(tx, ada.id, "k", &used, NOW)?;
            assert_eq!(idempotency::find(tx, ada.id, "k")?, Some(used.clone()));
            assert_eq!(idempotency::find(tx, bob.id, "k")?, None);
            let twice = idempotency::insert(tx, ada.id, "k", &used, NOW).unwrap_err();
            assert!(
                matches!(twice, StoreError::Conflict("idempotencyKey")),
                "{twice:?}"
            );
            Ok(())
        })
        .await
        .unwrap();
}
