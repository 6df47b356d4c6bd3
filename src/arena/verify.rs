//! The gate: whether a task's reference solution passes every time, whether agents that do not
//! do the task never pass, and whether a repeat in another order gives the same verdict. Plans
//! the episodes, judges what they came to, and stores what was found; who plays them is the
//! caller's affair.

use std::collections::{BTreeMap, BTreeSet};

use crate::agents::builtin::{CONSTANTS, FORMS};
use crate::arena::ArenaError;
use crate::domain::agent::BuiltinPolicy;
use crate::domain::ids::{SuiteId, TaskId};
use crate::domain::outcome::Outcome;
use crate::domain::submission::Submission;
use crate::domain::task::{EnvironmentSpec, InfeasibleCode, Task, TaskKind};
use crate::domain::time::Timestamp;
use crate::domain::verdict::Verdict;
use crate::domain::verification::{Must, Tally, Verification, VerificationStatus};
use crate::store::{Store, verifications};

/// Seeds of the random agent.
const RANDOM_SEEDS: u32 = 3;

/// A solution stays inside this share of the step limit, in percent.
const SOLUTION_SHARE: u32 = 40;

/// How many wanderers may pass by luck over a whole run of the gate.
const LUCKY_WANDERERS: u32 = 1;

/// One episode of the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// The task.
    pub task_id: TaskId,
    /// Who plays.
    pub policy: BuiltinPolicy,
    /// With which seed.
    pub seed: u32,
    /// What must come of it.
    pub must: Must,
}

/// A trial that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct TrialEnd {
    /// Which.
    pub trial: Trial,
    /// How it ended.
    pub submission: Submission,
    /// What the evaluators said; absent when they were not asked.
    pub verdict: Option<Verdict>,
}

/// What the gate found about a task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskFindings {
    /// The task.
    pub task: Task,
    /// What came of it; none when it stays open.
    pub status: Option<VerificationStatus>,
    /// One entry per agent.
    pub tallies: Vec<Tally>,
    /// What is wrong.
    pub problems: Vec<String>,
    /// Why it stays open: an episode that could not be scored, or no solution to play.
    pub open: Option<String>,
}

/// What the gate found.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// One entry per task, in order of key.
    pub tasks: Vec<TaskFindings>,
    /// What is wrong with all of them together.
    pub problems: Vec<String>,
}

impl Findings {
    /// Whether nothing is wrong. A task without a solution is no fault.
    pub fn is_clean(&self) -> bool {
        let is_fine = |task: &TaskFindings| {
            task.problems.is_empty() && (task.open.is_none() || task.task.spec.solution.is_empty())
        };
        self.problems.is_empty() && self.tasks.iter().all(is_fine)
    }

    /// Sums over all tasks, by agent and by what it must do.
    pub fn totals(&self) -> Vec<Tally> {
        let mut totals: BTreeMap<(BuiltinPolicy, Must), Tally> = BTreeMap::new();
        for tally in self.tasks.iter().flat_map(|task| &task.tallies) {
            let total = totals
                .entry((tally.policy, tally.must))
                .or_insert_with(|| empty_tally(tally.policy, tally.must));
            total.passed += tally.passed;
            total.scored += tally.scored;
            total.unscored += tally.unscored;
        }
        totals.into_values().collect()
    }
}

/// All episodes of the gate on these tasks: solutions and those who do nothing `repeats` times,
/// all others once with each of their seeds.
pub fn trials(tasks: &[Task], repeats: u32) -> Vec<Trial> {
    tasks
        .iter()
        .flat_map(|task| {
            agents_for(task, repeats)
                .into_iter()
                .flat_map(move |(policy, seeds, must)| {
                    (1..=seeds).map(move |seed| Trial {
                        task_id: task.id,
                        policy,
                        seed,
                        must,
                    })
                })
        })
        .collect()
}

/// Who plays a task, with how many seeds, and what must come of it.
fn agents_for(task: &Task, repeats: u32) -> Vec<(BuiltinPolicy, u32, Must)> {
    use BuiltinPolicy::{Constant, Infeasible, Null, Oracle, Random, Spam, Wanderer};
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    // A page that pays for a click or two can be met by luck; how often is part of the benchmark.
    let by_luck = match task.spec.kind {
        TaskKind::Reward => Must::Report,
        _ => Must::Fail,
    };
    let mut agents = vec![
        (Null, repeats, Must::Fail),
        (Random, RANDOM_SEEDS, by_luck),
        (Spam, FORMS, by_luck),
        (Constant, count(CONSTANTS.len()), Must::Fail),
        (Infeasible, count(InfeasibleCode::ALL.len()), Must::Fail),
    ];
    if !task.spec.solution.is_empty() {
        agents.push((Oracle, repeats, Must::Pass));
    }
    if task.spec.kind == TaskKind::Infeasible {
        agents.push((Wanderer, count(InfeasibleCode::ALL.len()), Must::Report));
    }
    agents
}

/// Judges what the trials came to. `labels` names tasks that were asked for, in any order.
pub fn judge(tasks: &[Task], ends: &[TrialEnd]) -> Findings {
    let mut found: Vec<TaskFindings> = tasks
        .iter()
        .map(|task| {
            let own: Vec<&TrialEnd> = ends
                .iter()
                .filter(|end| end.trial.task_id == task.id)
                .collect();
            judge_task(task, &own)
        })
        .collect();
    found.sort_by(|left, right| left.task.key.cmp(&right.task.key));
    let mut findings = Findings {
        tasks: found,
        problems: Vec::new(),
    };
    let lucky: u32 = findings
        .totals()
        .iter()
        .filter(|tally| tally.policy == BuiltinPolicy::Wanderer)
        .map(|tally| tally.passed)
        .sum();
    if lucky > LUCKY_WANDERERS {
        findings.problems.push(format!(
            "the wanderer passed {lucky} times; at most {LUCKY_WANDERERS} is luck, more means that a report needs no reason"
        ));
    }
    findings
}

fn judge_task(task: &Task, ends: &[&TrialEnd]) -> TaskFindings {
    let mut problems = Vec::new();
    let mut open = None;
    for end in ends {
        match judge_end(task, end) {
            Judged::Fine => {}
            Judged::Wrong(problem) => problems.push(problem),
            Judged::Unscored(why) => open = open.or(Some(why)),
        }
    }
    problems.extend(differing_verdicts(task, ends));
    problems.sort();
    problems.dedup();
    if task.spec.solution.is_empty() {
        open = open.or_else(|| Some("it has no reference solution to play".to_owned()));
    }
    let status = match (problems.is_empty(), &open) {
        (false, _) => Some(VerificationStatus::Failed),
        (true, None) => Some(VerificationStatus::Verified),
        (true, Some(_)) => None,
    };
    TaskFindings {
        task: task.clone(),
        status,
        tallies: tallies(ends),
        problems,
        open,
    }
}

enum Judged {
    Fine,
    Wrong(String),
    Unscored(String),
}

fn judge_end(task: &Task, end: &TrialEnd) -> Judged {
    let Trial {
        policy, seed, must, ..
    } = end.trial;
    let reason = end.submission.reason.as_deref().unwrap_or("no reason");
    let who = format!("{policy} (seed {seed})");
    match end.submission.outcome {
        Some(Outcome::Passed) if must == Must::Fail => {
            Judged::Wrong(format!("{who} passes, but does not do the task"))
        }
        Some(Outcome::Passed) if policy == BuiltinPolicy::Oracle => {
            let steps = end.submission.steps.unwrap_or(0);
            if steps.saturating_mul(100) > task.spec.limits.steps.saturating_mul(SOLUTION_SHARE) {
                return Judged::Wrong(format!(
                    "the solution takes {steps} of {} steps; {SOLUTION_SHARE} % are right at most",
                    task.spec.limits.steps
                ));
            }
            Judged::Fine
        }
        Some(Outcome::Passed) => Judged::Fine,
        Some(outcome) if outcome.is_scored() && must == Must::Pass => {
            Judged::Wrong(format!("{policy}: {outcome}: {reason}"))
        }
        Some(outcome) if outcome.is_scored() => Judged::Fine,
        _ => Judged::Unscored(format!("{who} could not be scored: {reason}")),
    }
}

/// Agents whose repeats do the same: on a bundled site, where nothing depends on the seed, their
/// verdicts are the same to the byte.
fn differing_verdicts(task: &Task, ends: &[&TrialEnd]) -> Vec<String> {
    if !matches!(task.spec.environment, EnvironmentSpec::Site { .. }) {
        return Vec::new();
    }
    [BuiltinPolicy::Oracle, BuiltinPolicy::Null]
        .into_iter()
        .filter_map(|policy| {
            let texts: BTreeSet<String> = ends
                .iter()
                .filter(|end| end.trial.policy == policy)
                .filter_map(|end| serde_json::to_string(end.verdict.as_ref()?).ok())
                .collect();
            (texts.len() > 1).then(|| {
                format!(
                    "{policy}: repeats came to {} different verdicts",
                    texts.len()
                )
            })
        })
        .collect()
}

fn tallies(ends: &[&TrialEnd]) -> Vec<Tally> {
    let mut tallies: BTreeMap<(BuiltinPolicy, Must), Tally> = BTreeMap::new();
    for end in ends {
        let Trial { policy, must, .. } = end.trial;
        let tally = tallies
            .entry((policy, must))
            .or_insert_with(|| empty_tally(policy, must));
        match end.submission.outcome {
            Some(outcome) if outcome.is_scored() => {
                tally.scored += 1;
                tally.passed += u32::from(outcome == Outcome::Passed);
            }
            _ => tally.unscored += 1,
        }
    }
    tallies.into_values().collect()
}

const fn empty_tally(policy: BuiltinPolicy, must: Must) -> Tally {
    Tally {
        policy,
        must,
        passed: 0,
        scored: 0,
        unscored: 0,
    }
}

/// Stores what was found about every task that does not stay open.
pub async fn record(store: &Store, findings: &Findings) -> Result<(), ArenaError> {
    let now = Timestamp::now();
    let found: Vec<Verification> = findings
        .tasks
        .iter()
        .filter_map(|task| {
            Some(Verification {
                task_id: task.task.id,
                status: task.status?,
                tallies: task.tallies.clone(),
                problems: task.problems.clone(),
                verified_at: now,
            })
        })
        .collect();
    store
        .write(move |tx| found.iter().try_for_each(|one| verifications::put(tx, one)))
        .await?;
    Ok(())
}

/// Active tasks of a suite that are in no ranking, by key and id.
pub async fn left_out(
    store: &Store,
    suite_id: SuiteId,
) -> Result<Vec<(String, TaskId)>, ArenaError> {
    let found = store
        .read(move |db| verifications::of_suite(db, suite_id))
        .await?;
    Ok(found
        .into_iter()
        .filter(|(_, found)| found.status == VerificationStatus::Failed)
        .map(|(key, found)| (key, found.task_id))
        .collect())
}

/// What the gate found about a task revision; none when it was not verified yet.
pub async fn of_task(store: &Store, task_id: TaskId) -> Result<Option<Verification>, ArenaError> {
    Ok(store
        .read(move |db| verifications::of_task(db, task_id))
        .await?)
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
