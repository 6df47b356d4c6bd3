//! Tests of the ranking's words.

use super::*;
use crate::domain::ids::{AgentId, AgentRevisionId, SuiteId};
use crate::domain::time::Timestamp;

fn row(name: &str, rank: u32, passed: u32, scored: u32) -> LeaderboardRow {
    LeaderboardRow {
        suite_id: SuiteId::new(),
        task_id: None,
        agent_id: AgentId::new(),
        agent_revision_id: AgentRevisionId::new(),
        agent_name: name.to_owned(),
        agent_kind: AgentKind::Builtin,
        agent_revision: 1,
        username: None,
        rank: (scored > 0).then_some(rank),
        score: (scored > 0).then(|| f64::from(passed) / f64::from(scored)),
        passed,
        scored,
        unscored: 0,
        score_sum: f64::from(passed),
        duration_ms_sum: u64::from(scored) * 2_100,
        steps_sum: u64::from(scored) * 9,
        cost_microusd_sum: 0,
        unpriced: 0,
        best_submission_id: None,
        achieved_at: Timestamp(0),
    }
}

fn text(phrases: &[Phrase]) -> String {
    phrases.iter().map(|phrase| phrase.text.as_str()).collect()
}

#[test]
fn equal_ranks_are_shared() {
    let all = [row("a", 1, 5, 10), row("b", 1, 5, 10), row("c", 3, 1, 10)];
    let ranks: Vec<_> = rows(&all).into_iter().map(|row| row.rank).collect();
    assert_eq!(ranks, ["1–2", "1–2", "3"]);
}

#[test]
fn nothing_scored_is_no_rate_and_no_cost() {
    let shown = &rows(&[row("a", 0, 0, 0)])[0];
    assert_eq!(shown.interval, None);
    assert_eq!(
        (shown.rank.as_str(), shown.steps.as_str()),
        ("not ranked", "no result yet")
    );
    assert_eq!(shown.cost_per_success, None);
}

#[test]
fn one_unpriced_submission_makes_the_mean_unpriced() {
    let mut unpriced = row("a", 1, 5, 10);
    assert_eq!(
        rows(std::slice::from_ref(&unpriced))[0]
            .cost_per_task
            .text(),
        "$0.000"
    );
    unpriced.unpriced = 1;
    assert_eq!(rows(&[unpriced])[0].cost_per_task.text(), "unpriced");
}

#[test]
fn the_arenas_own_agents_are_marked_and_those_of_the_gate_are_no_contenders() {
    let mut owned = row("spam", 5, 1, 20);
    owned.username = Some("ada".to_owned());
    let all = [
        row("oracle", 1, 20, 20),
        row("heuristic", 2, 8, 20),
        row("spam", 3, 0, 20),
        owned,
    ];
    let kinds: Vec<_> = rows(&all).into_iter().map(|row| row.kind).collect();
    assert_eq!(
        kinds,
        [
            "builtin · reference",
            "builtin · baseline",
            "builtin · baseline",
            "builtin · ada"
        ]
    );
    let gate: Vec<_> = all.iter().map(is_of_the_gate).collect();
    assert_eq!(gate, [true, false, true, false]);
}

#[test]
fn the_finding_leaves_the_reference_out_and_claims_no_more_than_the_interval() {
    let all = [
        row("oracle", 1, 20, 20),
        row("heuristic", 2, 8, 20),
        row("random", 3, 6, 20),
    ];
    let told = text(&finding(&all));
    assert!(
        told.starts_with("heuristic and random cannot be told apart"),
        "{told}"
    );
    assert!(told.contains("10.0 points"), "{told}");
    let clear = [row("a", 1, 20, 20), row("b", 2, 0, 20)];
    assert!(text(&finding(&clear)).contains("100.0 points more than b"));
}
