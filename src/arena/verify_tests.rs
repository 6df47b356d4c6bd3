//! Tests of the gate's judgement.

use serde_json::{Value, json};

use super::*;
use crate::domain::budget::SubmissionBudget;
use crate::domain::ids::{AgentId, AgentRevisionId, SubmissionId, UserId};
use crate::domain::outcome::{PlaygroundKind, SubmissionStatus};
use crate::domain::task::{Difficulty, Limits, TaskSpec};
use crate::domain::verdict::VerdictStatus;

fn task(kind: TaskKind, solution: &[&str]) -> Task {
    Task {
        id: TaskId::new(),
        suite_id: SuiteId::new(),
        key: "shop-001".into(),
        revision: 1,
        spec: TaskSpec {
            template: "S01".into(),
            draw: 0,
            title: String::new(),
            goal: "Buy a kettle.".into(),
            kind,
            difficulty: Difficulty::Easy,
            points: BTreeMap::new(),
            skills: Vec::new(),
            environment: EnvironmentSpec::Site {
                sites: vec!["shop".into()],
                persona: "mara".into(),
                world: 1,
                start: "/shop/".into(),
            },
            evaluators: Vec::new(),
            limits: Limits {
                steps: 20,
                time_ms: 1000,
            },
            solution: solution.iter().map(ToString::to_string).collect(),
            draw_values: Value::Null,
        },
        active: true,
        created_at: Timestamp(0),
    }
}

fn end(trial: Trial, outcome: Outcome, steps: u32) -> TrialEnd {
    TrialEnd {
        trial,
        submission: Submission {
            id: SubmissionId::new(),
            user_id: UserId::new(),
            agent_id: AgentId::new(),
            agent_revision_id: AgentRevisionId::new(),
            task_id: trial.task_id,
            suite_id: SuiteId::new(),
            experiment_id: None,
            budget: SubmissionBudget::default(),
            seed: trial.seed,
            playground: PlaygroundKind::Real,
            status: SubmissionStatus::Completed,
            outcome: Some(outcome),
            agent_error: None,
            score: None,
            reason: Some("because".into()),
            steps: Some(steps),
            duration_ms: None,
            input_tokens: 0,
            output_tokens: 0,
            model_calls: 0,
            cost_microusd: None,
            attempts: 1,
            created_at: Timestamp(0),
            started_at: None,
            ended_at: None,
        },
        verdict: Some(Verdict {
            status: VerdictStatus::Pass,
            value: 1.0,
            summary: "same".into(),
            criteria: Vec::new(),
        }),
    }
}

/// Everything as it must be.
fn honest(task: &Task, repeats: u32) -> Vec<TrialEnd> {
    trials(std::slice::from_ref(task), repeats)
        .into_iter()
        .map(|trial| {
            let outcome = match trial.must {
                Must::Pass => Outcome::Passed,
                Must::Fail | Must::Report => Outcome::Failed,
            };
            end(trial, outcome, 5)
        })
        .collect()
}

fn judged(task: &Task, ends: &[TrialEnd]) -> TaskFindings {
    let mut findings = judge(std::slice::from_ref(task), ends);
    findings.tasks.remove(0)
}

fn first(ends: &mut [TrialEnd], policy: BuiltinPolicy) -> &mut TrialEnd {
    ends.iter_mut()
        .find(|end| end.trial.policy == policy)
        .unwrap()
}

#[test]
fn a_sound_task_is_verified() {
    let task = task(TaskKind::Infeasible, &["report NOT_FOUND 'x'"]);
    let ends = honest(&task, 5);
    let of = |policy| ends.iter().filter(|end| end.trial.policy == policy).count();
    assert_eq!(of(BuiltinPolicy::Oracle), 5);
    assert_eq!(of(BuiltinPolicy::Random), 3);
    assert_eq!(of(BuiltinPolicy::Constant), CONSTANTS.len());
    assert_eq!(of(BuiltinPolicy::Infeasible), 4);
    assert_eq!(of(BuiltinPolicy::Wanderer), 4);
    let found = judged(&task, &ends);
    assert_eq!(found.status, Some(VerificationStatus::Verified));
    assert!(judge(&[task], &ends).is_clean());
}

#[test]
fn whoever_passes_without_doing_the_task_fails_it() {
    let task = task(TaskKind::State, &["done"]);
    for policy in [
        BuiltinPolicy::Null,
        BuiltinPolicy::Random,
        BuiltinPolicy::Spam,
        BuiltinPolicy::Constant,
        BuiltinPolicy::Infeasible,
    ] {
        let mut ends = honest(&task, 2);
        first(&mut ends, policy).submission.outcome = Some(Outcome::Passed);
        let found = judged(&task, &ends);
        assert_eq!(found.status, Some(VerificationStatus::Failed), "{policy}");
        assert!(
            found.problems[0].contains(policy.as_str()),
            "{:?}",
            found.problems
        );
    }
}

#[test]
fn a_solution_that_fails_once_or_takes_too_long_or_differs_fails_the_task() {
    let task = task(TaskKind::State, &["done"]);
    let broken = |change: fn(&mut TrialEnd)| {
        let mut ends = honest(&task, 5);
        change(first(&mut ends, BuiltinPolicy::Oracle));
        judged(&task, &ends).problems.join(" ")
    };
    let failed = broken(|end| end.submission.outcome = Some(Outcome::AgentError));
    assert!(failed.contains("agent_error: because"), "{failed}");
    let long = broken(|end| end.submission.steps = Some(9));
    assert!(long.contains("9 of 20 steps"), "{long}");
    let other = broken(|end| {
        if let Some(verdict) = &mut end.verdict {
            verdict.summary = "another".into();
        }
    });
    assert!(other.contains("2 different verdicts"), "{other}");
}

#[test]
fn what_could_not_be_scored_leaves_the_task_open() {
    let task = task(TaskKind::State, &["done"]);
    let mut ends = honest(&task, 2);
    first(&mut ends, BuiltinPolicy::Oracle).submission.outcome = Some(Outcome::InfraError);
    let found = judged(&task, &ends);
    assert_eq!(found.status, None);
    assert!(found.open.is_some_and(|why| why.contains("because")));
    assert!(!judge(std::slice::from_ref(&task), &ends).is_clean());
}

#[test]
fn a_task_without_a_solution_stays_open_and_is_no_fault() {
    let task = task(TaskKind::State, &[]);
    let ends = honest(&task, 2);
    assert_eq!(judged(&task, &ends).status, None);
    assert!(judge(&[task], &ends).is_clean());
}

#[test]
fn one_wanderer_may_be_lucky_two_are_too_many() {
    let task = task(TaskKind::Infeasible, &["report NOT_FOUND 'x'"]);
    let mut ends = honest(&task, 1);
    let wanderers = ends
        .iter_mut()
        .filter(|end| end.trial.policy == BuiltinPolicy::Wanderer);
    let mut wanderers: Vec<_> = wanderers.collect();
    wanderers[0].submission.outcome = Some(Outcome::Passed);
    wanderers[1].submission.outcome = Some(Outcome::Passed);
    let findings = judge(std::slice::from_ref(&task), &ends);
    assert_eq!(findings.problems.len(), 1);
    assert_eq!(findings.tasks[0].status, Some(VerificationStatus::Verified));
    let wanderer = findings
        .totals()
        .into_iter()
        .find(|tally| tally.policy == BuiltinPolicy::Wanderer);
    assert_eq!(
        serde_json::to_value(wanderer).unwrap(),
        json!({"policy": "wanderer", "must": "report", "passed": 2, "scored": 4, "unscored": 0})
    );
}
