//! The ranking: counts and ranks from the database, rates with their uncertainty, and what is
//! unscored beside them, never in them.

use std::sync::Arc;

use agentarena::agents::{AgentFault, Policy};
use agentarena::arena::bundled;
use agentarena::arena::execute::{PolicyError, PolicyFactory, PolicyRequest};
use agentarena::arena::leaderboard::{self, Cost, Standing};
use agentarena::arena::submit::Submit;
use agentarena::domain::page::PageRequest;
use async_trait::async_trait;

use crate::support::arena::{Arena, Line, Scripts, Setup, answer, open_store, task_spec, within};

/// Answers by the agent's name: oracle right, null wrong, random breaks down at its provider.
struct ByAgent;

#[async_trait]
impl PolicyFactory for ByAgent {
    async fn build(&self, request: PolicyRequest) -> Result<Box<dyn Policy>, PolicyError> {
        let line = match request.agent.name.as_str() {
            "oracle" => answer("42"),
            "random" => Line::Fault(AgentFault::Provider {
                message: "it answered 500".into(),
                lasting: false,
                calls: Vec::new(),
            }),
            _ => answer("41"),
        };
        Scripts::always(vec![line]).build(request).await
    }
}

async fn standings(arena: &Arena) -> Vec<Standing> {
    let suite_id = arena.tasks[0].suite_id;
    leaderboard::of_suite(&arena.store, suite_id, PageRequest::default())
        .await
        .expect("readable")
        .items
}

#[tokio::test]
async fn ranks_come_from_the_database_and_unscored_stays_out_of_the_rate() {
    let (_dir, store) = open_store();
    let arena = Arena::start(store, "p1", Setup::with(Arc::new(ByAgent))).await;
    let requests = arena.agents.iter().flat_map(|agent| {
        let request = Submit {
            agent_id: agent.id,
            ..arena.request()
        };
        [request.clone(), request]
    });
    let requests = requests.collect();
    arena.intake.submit_all(requests).await.expect("accepted");
    within("running", arena.pool.run_until_idle()).await;

    let rows = standings(&arena).await;
    let table: Vec<_> = rows
        .iter()
        .map(|standing| {
            let row = &standing.row;
            (
                row.agent_name.as_str(),
                row.rank,
                row.passed,
                row.scored,
                row.unscored,
            )
        })
        .collect();
    assert_eq!(table[0], ("oracle", Some(1), 2, 2, 0));
    assert!(table.contains(&("null", Some(2), 0, 2, 0)), "{table:?}");
    assert!(
        table.contains(&("heuristic", Some(2), 0, 2, 0)),
        "{table:?}"
    );
    let last = table.len() - 1;
    assert_eq!(table[last], ("random", None, 0, 0, 2));

    let interval = rows[0].interval.expect("something was scored");
    assert_eq!(rows[0].rate, Some(1.0));
    assert!((interval.low - 0.3424).abs() < 0.0001 && interval.high > 0.9999);
    assert_eq!(rows[0].cost, Cost::Known(0));
    assert!(rows[0].mean_duration_ms.is_some());
    assert_eq!((rows[last].rate, rows[last].interval), (None, None));
}

#[tokio::test]
async fn a_suite_that_does_not_exist_is_not_an_empty_ranking() {
    let (_dir, store) = open_store();
    let suite_id = agentarena::domain::ids::SuiteId::new();
    let missing = leaderboard::of_suite(&store, suite_id, PageRequest::default()).await;
    assert!(missing.is_err());
}

#[tokio::test]
async fn syncing_again_changes_nothing_and_a_changed_task_becomes_a_revision() {
    let (_dir, store) = open_store();
    let spec = |goal: &str| {
        let mut spec = task_spec();
        spec.goal = goal.to_owned();
        spec
    };
    let first = vec![
        ("t-1".to_owned(), spec("one")),
        ("t-2".to_owned(), spec("two")),
    ];
    let bundled = bundled::sync(&store, first.clone()).await.expect("synced");
    let again = bundled::sync(&store, first).await.expect("synced");
    assert_eq!(bundled, again);

    let changed = vec![("t-1".to_owned(), spec("another"))];
    bundled::sync(&store, changed).await.expect("synced");
    let suite_id = bundled.suite.id;
    let tasks = store
        .read(move |db| agentarena::store::tasks::all_of_suite(db, suite_id))
        .await
        .expect("readable");
    let active: Vec<_> = tasks
        .iter()
        .filter(|task| task.active)
        .map(|task| (task.key.as_str(), task.revision, task.spec.goal.as_str()))
        .collect();
    assert_eq!(active, [("t-1", 2, "another")]);
}
