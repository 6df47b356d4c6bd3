//! Every list query is served by an index: checked on SQLite's own query plans.

use rusqlite::Connection;

use super::{
    agents, audit, budgets, episodes, jobs, leaderboard, llm_calls, migrations, personal_prices,
    provider_keys, results, spends, submissions, suites, tasks, users, verifications,
};

/// A query's name, its text, the index that leads it, and whether it may sort what it found:
/// never for a list that can grow.
const QUERIES: &[(&str, &str, &str, bool)] = &[
    ("users", users::LIST, "users_created", false),
    (
        "provider keys",
        provider_keys::LIST,
        "sqlite_autoindex_provider_keys_2",
        false,
    ),
    ("own agents", agents::LIST_OWN, "agents_user_created", false),
    (
        "built-in agents",
        agents::LIST_BUILTIN,
        "agents_user_created",
        false,
    ),
    ("all agents", agents::LIST_ALL, "agents_created", false),
    (
        "visible agents",
        agents::LIST_VISIBLE,
        "agents_user_created",
        true,
    ),
    (
        "revisions",
        agents::REVISIONS,
        "sqlite_autoindex_agent_revisions_2",
        false,
    ),
    ("suites", suites::LIST, "sqlite_autoindex_suites_2", false),
    ("tasks", tasks::LIST, "tasks_key", false),
    (
        "tasks of a suite",
        tasks::LIST_OF_SUITE,
        "tasks_suite_key",
        false,
    ),
    (
        "all tasks of a suite",
        tasks::ALL_OF_SUITE,
        "tasks_suite_key",
        false,
    ),
    (
        "submissions",
        submissions::LIST,
        "submissions_created",
        false,
    ),
    (
        "submissions of a user",
        submissions::LIST_OF_USER,
        "submissions_user_created",
        false,
    ),
    (
        "submissions of a user by status",
        submissions::LIST_OF_USER_BY_STATUS,
        "submissions_user_status_created",
        false,
    ),
    (
        "submissions of an agent",
        submissions::LIST_OF_AGENT,
        "submissions_agent_created",
        false,
    ),
    (
        "submissions of a task",
        submissions::LIST_OF_TASK,
        "submissions_task_created",
        false,
    ),
    ("counts", submissions::COUNTS, "submissions_status", false),
    (
        "counts of a user",
        submissions::COUNTS_OF_USER,
        "submissions_user_status_created",
        false,
    ),
    (
        "totals of a user",
        submissions::TOTALS,
        "submissions_user_created",
        false,
    ),
    (
        "running submissions",
        submissions::RUNNING,
        "submissions_status",
        false,
    ),
    ("open episodes", episodes::OPEN, "episodes_open", false),
    (
        "episodes",
        episodes::LIST,
        "sqlite_autoindex_episodes_2",
        false,
    ),
    ("events", episodes::EVENTS, "PRIMARY KEY", false),
    (
        "model calls",
        llm_calls::LIST,
        "llm_calls_submission",
        false,
    ),
    (
        "all model calls",
        llm_calls::LIST_ALL,
        "sqlite_autoindex_llm_calls_1",
        false,
    ),
    ("leaderboard", leaderboard::LIST, "leaderboard_rank", false),
    (
        "verifications of a suite",
        verifications::OF_SUITE,
        "tasks_suite_key",
        false,
    ),
    (
        "submissions with a verdict",
        results::JUDGED,
        "evaluation_results_submission",
        false,
    ),
    ("next job", jobs::NEXT, "jobs_next", true),
    ("queue", jobs::COUNTS, "jobs_queue", false),
    (
        "personal prices",
        personal_prices::LIST,
        "sqlite_autoindex_personal_prices_2",
        false,
    ),
    (
        "personal prices in force",
        personal_prices::IN_FORCE,
        "personal_prices_model",
        true,
    ),
    ("money held", budgets::HELD, "spending_open", false),
    (
        "model calls of a submission, summed",
        spends::OF_SUBMISSION,
        "llm_calls_submission",
        true,
    ),
    (
        "model calls of an agent, summed",
        spends::OF_AGENT,
        "llm_calls_agent",
        true,
    ),
    (
        "results of an agent",
        spends::RESULTS,
        "submissions_agent_created",
        false,
    ),
    (
        "agents that use a key",
        provider_keys::AGENTS,
        "agents_user_created",
        false,
    ),
    ("audit log", audit::LIST, "INTEGER PRIMARY KEY", false),
];

/// The steps of SQLite's plan for a query.
fn plan(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    // Parameters stay unbound: they do not change the plan.
    let mut rows = statement.raw_query();
    let mut steps = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        steps.push(row.get("detail").unwrap());
    }
    steps
}

/// Whether a step reads a whole table, rather than an index, a view made by the query itself,
/// or a list that was passed in.
fn reads_a_table(step: &str) -> bool {
    let Some(rest) = step.strip_prefix("SCAN ") else {
        return false;
    };
    let name = rest.split(' ').next().unwrap();
    let made_by_query = ["json_each", "waiting", "turn", "CONSTANT"];
    !name.starts_with('(') && !made_by_query.contains(&name) && !step.contains("INDEX")
}

#[test]
fn every_list_query_is_led_by_its_index() {
    let mut db = Connection::open_in_memory().unwrap();
    migrations::apply(&mut db).unwrap();
    for (name, sql, index, may_sort) in QUERIES {
        let steps = plan(&db, sql);
        let shown = steps.join("\n  ");
        assert!(
            steps.iter().any(|step| step.contains(index)),
            "{name}: `{index}` is not used:\n  {shown}"
        );
        assert!(
            !steps.iter().any(|step| reads_a_table(step)),
            "{name} reads a whole table:\n  {shown}"
        );
        assert!(
            *may_sort || !steps.iter().any(|step| step.contains("TEMP B-TREE")),
            "{name} sorts:\n  {shown}"
        );
    }
}

#[test]
fn the_check_sees_a_query_without_an_index() {
    let mut db = Connection::open_in_memory().unwrap();
    migrations::apply(&mut db).unwrap();
    let steps = plan(
        &db,
        "SELECT id FROM users WHERE role = 'ADMIN' ORDER BY updated_at",
    );
    assert!(steps.iter().any(|step| reads_a_table(step)));
    assert!(steps.iter().any(|step| step.contains("TEMP B-TREE")));
}
