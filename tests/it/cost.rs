//! Every cent accounted for: what is booked for calls can be computed again, also for calls that
//! an earlier version of the arena has stored.

use agentarena::arena::cost_audit::audit;
use agentarena::domain::budget::{BudgetScope, Spent};
use agentarena::domain::event::{CallPurpose, Usage};
use agentarena::domain::ids::{EpisodeId, RowId, SubmissionId};
use agentarena::domain::price::{Booked, Price};
use agentarena::domain::time::Timestamp;
use agentarena::store::llm_calls::{self, LlmCall};
use agentarena::store::{self, Store, StoreError, Transaction, budgets, episodes};
use rusqlite::params;
use serde_json::{Value, json};

use crate::support::data::{self, TempStore};
use crate::support::process::{output, text};

const PRICE: Price = Price {
    input_microusd_per_mtok: Some(3_000_000),
    output_microusd_per_mtok: Some(15_000_000),
    cache_read_microusd_per_mtok: Some(300_000),
    cache_write_microusd_per_mtok: Some(3_750_000),
};

/// An episode that calls can be stored for.
fn episode(tx: &Transaction) -> Result<(SubmissionId, EpisodeId), StoreError> {
    let user = data::user(tx, "ada", 1)?;
    let agent = data::agent(tx, Some(user.id), "One", 1)?;
    let suite = data::suite(tx, "arena")?;
    let task = data::task(tx, suite.id, "shop-001", "buy")?;
    let submission = data::submission(tx, &user, &agent, &task, 10)?;
    let id = EpisodeId::new();
    episodes::start(tx, id, submission.id, 1, Timestamp(11))?;
    Ok((submission.id, id))
}

fn call(of: (SubmissionId, EpisodeId), price: Price, mut usage: Usage) -> LlmCall {
    usage.cost_microusd = price.cost_microusd(&usage);
    LlmCall {
        id: RowId::new(),
        user_id: None,
        agent_id: None,
        submission_id: Some(of.0),
        episode_id: Some(of.1),
        purpose: CallPurpose::Act,
        step: 1,
        attempt: 1,
        provider: "anthropic".to_owned(),
        model: "claude-opus-5".to_owned(),
        returned_model: Some("claude-opus-5".to_owned()),
        status: Some(200),
        unsent: false,
        error: None,
        usage,
        booked: Booked {
            price,
            version: Some("2026-11-23".to_owned()),
        },
        duration_ms: 900,
        at: Timestamp(20),
    }
}

const COUNTED: Usage = Usage {
    reported: true,
    input_tokens: 1_300,
    output_tokens: 30,
    cache_read_tokens: 1_000,
    cache_write_tokens: 200,
    reasoning_tokens: 0,
    cost_microusd: None,
};

/// A priced, an unpriced, an uncounted and a refused call.
async fn stored(store: &Store) -> Vec<LlmCall> {
    let insert = |tx: &Transaction| {
        let of = episode(tx)?;
        let unpriced = Price {
            cache_write_microusd_per_mtok: None,
            ..PRICE
        };
        let mut uncounted = call(of, PRICE, Usage::default());
        uncounted.status = None;
        let mut refused = call(of, PRICE, Usage::default());
        refused.status = Some(429);
        let calls = vec![
            call(of, PRICE, COUNTED),
            call(of, unpriced, COUNTED),
            uncounted,
            refused,
        ];
        llm_calls::insert(tx, &calls)?;
        Ok(calls)
    };
    store.write(insert).await.unwrap()
}

/// Changes the database behind the store's back, as someone who tampers would.
fn tamper(at: &TempStore, sql: &str, id: RowId) {
    let db = rusqlite::Connection::open(at.dir.path().join(store::DATABASE_FILE)).unwrap();
    assert_eq!(db.execute(sql, params![id.to_string()]).unwrap(), 1);
}

#[tokio::test]
async fn what_was_booked_is_computed_again_and_what_was_changed_is_named() {
    let at = TempStore::new();
    let calls = stored(&at.store).await;
    let report = audit(&at.store).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!(report.calls, 4);
    assert_eq!(
        (
            report.priced,
            report.unpriced,
            report.unreported,
            report.refused
        ),
        (1, 1, 1, 1)
    );
    assert_eq!(report.booked_microusd, 300 + 300 + 750 + 450);

    tamper(
        &at,
        "UPDATE llm_calls SET cost_microusd = 1799 WHERE id = ?",
        calls[0].id,
    );
    tamper(
        &at,
        "UPDATE llm_calls SET cost_microusd = 0 WHERE id = ?",
        calls[1].id,
    );
    let report = audit(&at.store).await.unwrap();
    let found: Vec<_> = report
        .differing
        .iter()
        .map(|one| (one.call_id, one.booked_microusd, one.recomputed_microusd))
        .collect();
    assert_eq!(
        found,
        [
            (calls[0].id, Some(1_799), Some(1_800)),
            (calls[1].id, Some(0), None),
        ],
        "unpriced is not 0"
    );
}

#[tokio::test]
async fn the_command_says_what_differs_and_fails() {
    let at = TempStore::new();
    let calls = stored(&at.store).await;
    let dir = at.dir.path().to_str().unwrap();
    let words = ["--data-dir", dir, "cost", "audit"];
    let clean = output(at.dir.path(), &words);
    let said = text(&clean.stdout);
    assert!(clean.status.success(), "{}", text(&clean.stderr));
    assert_eq!(
        said,
        "4 calls computed again: 4 as booked, 0 different\n\
         1 priced, 1 unpriced, 1 without reported tokens, 1 refused by the provider; $0.001800 booked\n"
    );

    tamper(
        &at,
        "UPDATE llm_calls SET output_tokens = 31 WHERE id = ?",
        calls[0].id,
    );
    let broken = output(at.dir.path(), &words);
    assert_eq!(broken.status.code(), Some(1));
    let said = text(&broken.stdout);
    let line = said.lines().next().unwrap();
    for part in [
        calls[0].id.to_string().as_str(),
        "anthropic claude-opus-5",
        "booked $0.001800, recomputed $0.001815",
        "(prices: 2026-11-23)",
    ] {
        assert!(line.contains(part), "{part} is missing in {line}");
    }
    let broken = output(at.dir.path(), &[&words[..], &["--json"]].concat());
    assert_eq!(broken.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&broken.stdout).unwrap();
    assert_eq!(report["calls"], 4);
    assert_eq!(report["differing"][0]["recomputedMicrousd"], 1_815);
}

/// What the schema was before calls kept their prices.
const OLDER: &str = "
    DROP TABLE personal_prices;
    ALTER TABLE provider_keys DROP COLUMN rotated_at;
    DROP INDEX llm_calls_agent;
    DROP INDEX llm_calls_user;
    ALTER TABLE llm_calls DROP COLUMN user_id;
    ALTER TABLE llm_calls DROP COLUMN agent_id;
    ALTER TABLE llm_calls DROP COLUMN unsent;
    ALTER TABLE llm_calls ALTER COLUMN submission_id SET NOT NULL;
    ALTER TABLE llm_calls ALTER COLUMN episode_id SET NOT NULL;
    DROP TABLE manifests;
    ALTER TABLE submissions DROP COLUMN agent_error;
    DROP TABLE spending;
    DROP TABLE spent;
    DROP TABLE user_budgets;
    ALTER TABLE submissions DROP COLUMN call_budget_microusd;
    ALTER TABLE submissions DROP COLUMN episode_budget_microusd;
    ALTER TABLE submissions DROP COLUMN submission_budget_microusd;
    ALTER TABLE llm_calls DROP COLUMN purpose;
    ALTER TABLE llm_calls DROP COLUMN attempt;
    ALTER TABLE llm_calls DROP COLUMN returned_model;
    ALTER TABLE llm_calls DROP COLUMN cache_write_tokens;
    ALTER TABLE llm_calls DROP COLUMN price_version;
    ALTER TABLE llm_calls DROP COLUMN input_price;
    ALTER TABLE llm_calls DROP COLUMN output_price;
    ALTER TABLE llm_calls DROP COLUMN cache_read_price;
    ALTER TABLE llm_calls DROP COLUMN cache_write_price;
    PRAGMA user_version = 2;";

#[tokio::test]
async fn calls_of_an_older_database_get_the_prices_that_they_were_booked_with() {
    let at = TempStore::new();
    let (submission, episode) = at.store.write(episode).await.unwrap();
    let TempStore { store, dir } = at;
    drop(store);
    let db = rusqlite::Connection::open(dir.path().join(store::DATABASE_FILE)).unwrap();
    db.execute_batch(OLDER).unwrap();
    let config = json!({ "kind": "llm", "provider": "openai", "model": "m",
        "inputPriceMicrousdPerMtok": 1_000_000, "outputPriceMicrousdPerMtok": 2_000_000 });
    db.execute(
        "UPDATE agent_revisions SET config = ?",
        params![config.to_string()],
    )
    .unwrap();
    // 1,200 in, 1,000 of them from cache, and 30 out: the cache's tokens cost as much as others.
    for (status, cost) in [(Some(500), None), (Some(200), Some(1_260))] {
        db.execute(
            "INSERT INTO llm_calls (id, submission_id, episode_id, step, provider, model, status, error,
                                    usage_reported, input_tokens, output_tokens, cache_read_tokens,
                                    reasoning_tokens, cost_microusd, duration_ms, at)
             VALUES (?, ?, ?, 1, 'openai', 'm', ?, NULL, ?, ?, ?, ?, 0, ?, 5, 20)",
            params![
                RowId::new().to_string(),
                submission.to_string(),
                episode.to_string(),
                status,
                cost.is_some(),
                cost.map_or(0, |_| 1_200),
                cost.map_or(0, |_| 30),
                cost.map_or(0, |_| 1_000),
                cost,
            ],
        )
        .unwrap();
    }
    drop(db);
    let store = Store::open(dir.path()).unwrap();
    let calls = store
        .read(move |db| llm_calls::of_submission(db, submission, 10))
        .await
        .unwrap();
    let attempts: Vec<_> = calls.iter().map(|call| call.attempt).collect();
    assert_eq!(attempts, [1, 2]);
    let is_known = |call: &LlmCall| call.user_id.is_some() && call.agent_id.is_some();
    assert!(calls.iter().all(is_known), "whose they are is filled in");
    assert_eq!(calls[1].usage.cache_write_tokens, 0);
    assert_eq!(calls[1].returned_model, None);
    assert_eq!(
        calls[1].booked,
        Booked {
            price: Price {
                input_microusd_per_mtok: Some(1_000_000),
                output_microusd_per_mtok: Some(2_000_000),
                cache_read_microusd_per_mtok: Some(1_000_000),
                cache_write_microusd_per_mtok: None,
            },
            version: Some("own".to_owned()),
        }
    );
    let report = audit(&store).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.priced, report.refused), (1, 1));
    let spent = store
        .read(move |db| budgets::spent(db, BudgetScope::Submission, &submission.to_string()))
        .await
        .unwrap();
    let counted = Spent {
        microusd: 1_260,
        calls: 2,
        uncounted: 0,
    };
    assert_eq!(spent, counted, "what was booked counts against a budget");
}
