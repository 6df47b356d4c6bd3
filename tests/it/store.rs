//! The store on real files: transactions, locking, lists, and the rules that SQL keeps.

mod queue;
mod records;

use std::os::unix::fs::PermissionsExt;

use agentarena::domain::agent::{AgentConfig, BuiltinPolicy};
use agentarena::domain::ids::{SubmissionId, TokenFamilyId, UserId};
use agentarena::domain::outcome::{Outcome, SubmissionStatus};
use agentarena::domain::page::{Cursor, PageRequest};
use agentarena::domain::submission::{Ended, Submission};
use agentarena::domain::time::Timestamp;
use agentarena::store::submissions::{self, SubmissionFilter};
use agentarena::store::tokens::{self, RefreshToken};
use agentarena::store::{self, Store, StoreError, Transaction, agents, suites, tasks, users};

use crate::support::data::{self, TempStore, scored};

const NOW: Timestamp = Timestamp(1_000_000);

/// Opens the file behind the store's back, as someone who tampers would.
fn raw(at: &TempStore) -> rusqlite::Connection {
    rusqlite::Connection::open(at.dir.path().join(store::DATABASE_FILE)).unwrap()
}

#[tokio::test]
async fn a_write_that_fails_or_panics_leaves_nothing_behind() {
    let at = TempStore::new();
    let failed: Result<(), _> = at
        .store
        .write(|tx| {
            data::user(tx, "ada", 1)?;
            Err(StoreError::NotFound("anything"))
        })
        .await;
    assert!(matches!(failed, Err(StoreError::NotFound("anything"))));
    let broken: Result<(), _> = at
        .store
        .write(|tx| {
            data::user(tx, "ada", 1)?;
            panic!("planned")
        })
        .await;
    assert!(matches!(broken, Err(StoreError::Broken(_))), "{broken:?}");
    assert_eq!(at.store.read(users::count).await.unwrap(), 0);
    at.store.write(|tx| data::user(tx, "ada", 1)).await.unwrap();
    assert_eq!(at.store.read(users::count).await.unwrap(), 1);
}

#[tokio::test]
async fn readers_cannot_write_and_foreign_keys_hold() {
    let at = TempStore::new();
    let error = at
        .store
        .read(|db| Ok(db.execute("DELETE FROM users", [])?))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("readonly"), "{error}");
    let error = at
        .store
        .write(|tx| {
            tokens::insert(
                tx,
                &RefreshToken {
                    user_id: UserId::new(),
                    family_id: TokenFamilyId::new(),
                    token_hash: "x".into(),
                    created_at: NOW,
                    expires_at: NOW,
                },
            )
        })
        .await
        .unwrap_err();
    assert!(error.to_string().contains("FOREIGN KEY"), "{error}");
    let mode: String = raw(&at)
        .pragma_query_value(None, "journal_mode", |r| r.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
}

#[tokio::test]
async fn the_database_is_its_owners_also_in_a_folder_that_is_open_to_all() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let _store = Store::open(dir.path()).unwrap();
    for entry in std::fs::read_dir(dir.path()).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert!(
            !name.starts_with("agentarena.db") || mode == 0o600,
            "{name}: {mode:o}"
        );
    }
}

#[tokio::test]
async fn one_process_owns_a_directory_and_its_pid_is_named() {
    let at = TempStore::new();
    let Err(error) = Store::open(at.dir.path()) else {
        panic!("a second owner got in");
    };
    let text = error.to_string();
    assert!(
        text.contains(&format!("in use by process {};", std::process::id())),
        "{text}"
    );
    let beside = Store::open_beside(at.dir.path()).unwrap();
    assert!(!beside.is_owner() && at.store.is_owner());
    assert_eq!(beside.read(users::count).await.unwrap(), 0);
    drop(beside);
    let TempStore { store, dir } = at;
    drop(store);
    assert!(Store::open_beside(dir.path()).unwrap().is_owner());
    let fresh = dir.path().join("fresh");
    drop(Store::open(&fresh).unwrap());
    let mode = std::fs::metadata(&fresh).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o700);
}

#[tokio::test]
async fn migrations_apply_once_and_keep_sample_data() {
    let at = TempStore::new();
    at.store.write(|tx| sample(tx).map(|_| ())).await.unwrap();
    let TempStore { store, dir } = at;
    drop(store);
    let store = Store::open(dir.path()).unwrap();
    let (applied, known) = store.read(store::schema_version).await.unwrap();
    assert_eq!((applied, known), (7, 7));
    assert_eq!(store.read(users::count).await.unwrap(), 1);
    drop(store);
    let db = rusqlite::Connection::open(dir.path().join(store::DATABASE_FILE)).unwrap();
    let broken: i64 = db
        .query_one("SELECT count(*) FROM pragma_foreign_key_check", [], |r| {
            r.get(0)
        })
        .unwrap();
    assert_eq!(broken, 0);
    db.pragma_update(None, "user_version", 99).unwrap();
    drop(db);
    let Err(error) = Store::open(dir.path()) else {
        panic!("a database of a newer version was opened");
    };
    assert!(
        error.to_string().contains("could not be migrated"),
        "{error}"
    );
}

/// A user, an agent, a task and a waiting submission.
fn sample(tx: &Transaction) -> Result<(agentarena::domain::user::User, Submission), StoreError> {
    let user = data::user(tx, "ada", 1)?;
    let agent = data::agent(tx, Some(user.id), "One", 1)?;
    let suite = data::suite(tx, "arena")?;
    let task = data::task(tx, suite.id, "shop-001", "buy")?;
    let submission = data::submission(tx, &user, &agent, &task, 10)?;
    Ok((user, submission))
}

#[tokio::test]
async fn taken_names_are_conflicts_of_their_field() {
    let at = TempStore::new();
    at.store.write(|tx| data::user(tx, "ada", 1)).await.unwrap();
    for (name, email, field) in [
        ("ADA", "other@example.org", "username"),
        ("bob", "Ada@Example.org", "email"),
    ] {
        let insert = move |tx: &Transaction| {
            let mut other = users::by_username(tx, "ada")?.unwrap();
            other.id = UserId::new();
            name.clone_into(&mut other.username);
            email.clone_into(&mut other.email);
            users::insert(tx, &other, "hash")
        };
        let error = at.store.write(insert).await.unwrap_err();
        assert!(
            matches!(error, StoreError::Conflict(f) if f == field),
            "{error:?}"
        );
    }
    let error = at
        .store
        .write(|tx| {
            let ada = users::by_username(tx, "ada")?.unwrap();
            data::agent(tx, Some(ada.id), "One", 1)?;
            data::agent(tx, None, "one", 1)?;
            data::agent(tx, Some(ada.id), "ONE", 2)
        })
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::Conflict("name")), "{error:?}");
}

#[tokio::test]
async fn a_changed_agent_gets_a_revision_and_a_deleted_one_frees_its_name() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let ada = data::user(tx, "ada", 1)?;
            let one = data::agent(tx, Some(ada.id), "One", 1)?;
            let renamed = agents::update(tx, one.id, "Uno", "text", &one.revision.config, NOW)?;
            assert_eq!(renamed.revision, one.revision);
            let config = AgentConfig::Builtin {
                policy: BuiltinPolicy::Random,
            };
            let changed = agents::update(tx, one.id, "Uno", "text", &config, NOW)?;
            assert_eq!(changed.revision.number, 2);
            assert_eq!(agents::by_id(tx, one.id)?, Some(changed.clone()));
            let before = agents::by_revision(tx, one.revision.id)?.unwrap();
            assert_eq!(before.revision, one.revision);
            let numbers: Vec<_> = agents::revisions(tx, one.id)?
                .iter()
                .map(|r| r.number)
                .collect();
            assert_eq!(numbers, [2, 1]);

            let other = data::agent(tx, Some(ada.id), "Two", 2)?;
            let taken = agents::update(tx, other.id, "uno", "", &config, NOW).unwrap_err();
            assert!(matches!(taken, StoreError::Conflict("name")), "{taken:?}");
            agents::delete(tx, one.id, NOW)?;
            assert_eq!(agents::by_id(tx, one.id)?, None);
            assert!(agents::by_revision(tx, changed.revision.id)?.is_some());
            assert!(matches!(
                agents::delete(tx, one.id, NOW),
                Err(StoreError::NotFound("agent"))
            ));
            data::agent(tx, Some(ada.id), "Uno", 3)?;
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn visible_agents_are_ones_own_and_the_built_in_ones_page_by_page() {
    let at = TempStore::new();
    let ada = at
        .store
        .write(|tx| {
            let ada = data::user(tx, "ada", 1)?;
            let bob = data::user(tx, "bob", 2)?;
            for n in 0..5 {
                data::agent(tx, Some(ada.id), &format!("own {n}"), n)?;
                data::agent(tx, Some(bob.id), &format!("bob {n}"), n)?;
                data::agent(tx, None, &format!("built-in {n}"), n)?;
            }
            Ok(ada)
        })
        .await
        .unwrap();
    let names = at
        .store
        .read(move |db| {
            let mut names = Vec::new();
            let mut page = PageRequest::first(3);
            loop {
                let found = agents::list_visible(db, ada.id, &page)?;
                assert!(found.items.len() <= 3);
                names.extend(found.items.into_iter().map(|agent| agent.name));
                match found.next {
                    // As a client sends it back.
                    Some(next) => page.after = Some(next.to_string().parse()?),
                    None => return Ok(names),
                }
            }
        })
        .await
        .unwrap();
    assert_eq!(names.len(), 10);
    assert_eq!(names[0], "built-in 4");
    assert_eq!(names[9], "own 0");
    assert!(!names.iter().any(|name| name.starts_with("bob")));
}

#[tokio::test]
async fn a_changed_task_is_a_new_revision_and_the_old_one_is_withdrawn() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let suite = data::suite(tx, "arena")?;
            let again = suites::upsert(tx, &suite, NOW)?;
            assert_eq!(again.id, suite.id);
            let one = data::task(tx, suite.id, "shop-001", "buy")?;
            assert_eq!(data::task(tx, suite.id, "shop-001", "buy")?, one);
            let two = data::task(tx, suite.id, "shop-001", "sell")?;
            assert_eq!(two.revision, 2);
            assert_eq!(tasks::by_key(tx, suite.id, "shop-001")?, Some(two.clone()));
            assert!(!tasks::by_id(tx, one.id)?.unwrap().active);
            data::task(tx, suite.id, "shop-002", "return")?;
            assert_eq!(suites::by_name(tx, "arena")?.unwrap().tasks, 2);
            tasks::deactivate(tx, suite.id, "shop-002")?;
            assert_eq!(tasks::all_of_suite(tx, suite.id)?, [two]);
            assert!(data::task(tx, suite.id, "shop-002", "return")?.active);

            let found = |text: &str| {
                let filter = tasks::TaskFilter {
                    suite_id: Some(suite.id),
                    text: Some(text.to_owned()),
                    ..Default::default()
                };
                let page = tasks::list(tx, &filter, &PageRequest::first(1)).unwrap();
                (
                    page.items.into_iter().map(|t| t.key).collect::<Vec<_>>(),
                    page.next.is_some(),
                )
            };
            assert_eq!(found("RETURN"), (vec!["shop-002".to_owned()], false));
            assert_eq!(found("shop-0"), (vec!["shop-001".to_owned()], true));
            assert_eq!(found("%"), (vec![], false));
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_submission_ends_once_and_only_from_where_it_may() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let (_, submission) = sample(tx)?;
            let id = submission.id;
            assert_eq!(submissions::mark_running(tx, id, NOW)?, 1);
            assert!(matches!(
                submissions::mark_running(tx, id, NOW),
                Err(StoreError::WrongState(_))
            ));
            assert!(submissions::requeue(tx, id)?);
            assert!(!submissions::requeue(tx, id)?);
            assert_eq!(submissions::mark_running(tx, id, NOW)?, 2);
            assert_eq!(submissions::running(tx)?, [id]);
            assert!(submissions::finish(
                tx,
                id,
                &scored(Outcome::Passed, 1.0, 3)
            )?);
            assert!(!submissions::finish(
                tx,
                id,
                &scored(Outcome::Failed, 0.0, 3)
            )?);
            assert!(!submissions::cancel(tx, id, "late", NOW)?);
            let ended = submissions::by_id(tx, id)?.unwrap();
            assert_eq!(ended.status, SubmissionStatus::Completed);
            assert_eq!((ended.score, ended.attempts), (Some(1.0), 2));
            assert_eq!(submissions::counts(tx, None)?.completed, 1);
            let fault = Ended::unscored(Outcome::InfraError, "gone", NOW);
            assert_eq!(fault.status(), SubmissionStatus::Failed);
            Ok(())
        })
        .await
        .unwrap();
}

/// Sets one part of a filter.
type Narrow<'a> = &'a dyn Fn(&mut SubmissionFilter);

#[tokio::test]
async fn submission_lists_narrow_by_every_filter() {
    let at = TempStore::new();
    at.store
        .write(|tx| {
            let ada = data::user(tx, "ada", 1)?;
            let bob = data::user(tx, "bob", 1)?;
            let agent = data::agent(tx, None, "null", 1)?;
            let suite = data::suite(tx, "arena")?;
            let one = data::task(tx, suite.id, "shop-001", "buy")?;
            let two = data::task(tx, suite.id, "shop-002", "sell")?;
            let of_ada = data::submission(tx, &ada, &agent, &one, 10)?;
            let of_bob = data::submission(tx, &bob, &agent, &two, 20)?;
            submissions::finish(tx, of_bob.id, &scored(Outcome::Failed, 0.5, 1))?;
            let other_suite = data::suite(tx, "other")?;
            let cases: [(Narrow, &[SubmissionId]); 11] = [
                (&|_| {}, &[of_bob.id, of_ada.id]),
                (&|f| f.user_id = Some(ada.id), &[of_ada.id]),
                (&|f| f.status = Some(SubmissionStatus::Queued), &[of_ada.id]),
                (&|f| f.outcome = Some(Outcome::Failed), &[of_bob.id]),
                (&|f| f.agent_id = Some(agent.id), &[of_bob.id, of_ada.id]),
                (&|f| f.task_id = Some(one.id), &[of_ada.id]),
                (&|f| f.suite_id = Some(suite.id), &[of_bob.id, of_ada.id]),
                (&|f| f.suite_id = Some(other_suite.id), &[]),
                (&|f| f.min_score = Some(0.5), &[of_bob.id]),
                (&|f| f.max_score = Some(0.4), &[]),
                (
                    &|f| {
                        f.user_id = Some(bob.id);
                        f.status = Some(SubmissionStatus::Queued);
                    },
                    &[],
                ),
            ];
            for (number, (narrow, expected)) in cases.iter().enumerate() {
                let mut filter = SubmissionFilter::default();
                narrow(&mut filter);
                let page = submissions::list(tx, &filter, &PageRequest::default())?;
                let ids: Vec<_> = page.items.iter().map(|v| v.submission.id).collect();
                assert_eq!(ids, *expected, "case {number}");
            }
            // A task that leads the query still keeps to its owner.
            let both = SubmissionFilter {
                user_id: Some(bob.id),
                task_id: Some(one.id),
                ..Default::default()
            };
            assert!(
                submissions::list(tx, &both, &PageRequest::default())?
                    .items
                    .is_empty()
            );
            let view = submissions::view(tx, of_bob.id)?.unwrap();
            assert_eq!(
                (view.username.as_str(), view.task_key.as_str()),
                ("bob", "shop-002")
            );
            assert_eq!(view.agent_name, "null");
            let wrong = PageRequest::after(
                5,
                Some(Cursor::Rank {
                    rank: 1,
                    id: one.id.0,
                }),
            );
            let error = submissions::list(tx, &SubmissionFilter::default(), &wrong).unwrap_err();
            assert!(matches!(error, StoreError::Cursor(_)), "{error:?}");
            Ok(())
        })
        .await
        .unwrap();
}
