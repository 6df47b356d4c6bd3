//! `agentarena verify`: plays the gate's episodes, says what is wrong with which task, and marks
//! it.

use std::collections::HashMap;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, bail};
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use serde_json::{Value, json};

use crate::app::Application;
use crate::arena::submit::Submit;
use crate::arena::verify::{self, Findings, TaskFindings, Trial, TrialEnd};
use crate::cli::args::VerifyArgs;
use crate::cli::evaluate::follow;
use crate::cli::interrupt::with_arena;
use crate::cli::output::{self, Side, Table};
use crate::cli::{agents, tasks, users};
use crate::config::Settings;
use crate::domain::agent::{Agent, AgentConfig, BuiltinPolicy};
use crate::domain::budget::SubmissionBudget;
use crate::domain::ids::UserId;
use crate::domain::submission::Submission;
use crate::domain::task::Task;
use crate::domain::verification::{Must, Tally, VerificationStatus};
use crate::store::{self, Store};

/// Verifies and prints. Exits with 0 when nothing is wrong.
pub(super) async fn run(mut settings: Settings, args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    // Nobody is told these addresses; the browsers under test need the sites all the same.
    settings.server.port = 0;
    settings.server.sites_port = 0;
    let app = Application::build(settings).await?;
    with_arena(app, async |app| verify_and_print(app, args).await).await
}

async fn verify_and_print(app: &Application, args: &VerifyArgs) -> anyhow::Result<ExitCode> {
    app.playground_ready().await?;
    let tasks = chosen(tasks::all(app.store(), &args.suite).await?, args)?;
    let begun = Instant::now();
    let ends = play(app, &tasks, args).await?;
    let findings = verify::judge(&tasks, &ends);
    verify::record(app.store(), &findings)
        .await
        .context("storing what was found")?;
    if args.json {
        output::json(&findings_json(&findings))?;
    } else {
        print(&findings, ends.len(), begun.elapsed().as_secs_f64());
    }
    Ok(if findings.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn chosen(all: Vec<Task>, args: &VerifyArgs) -> anyhow::Result<Vec<Task>> {
    let tasks = match args.sample {
        Some(sample) => spread(all, sample),
        None => tasks::chosen(all, &args.tasks)?,
    };
    if tasks.is_empty() {
        bail!("the suite `{}` has no task to verify", args.suite);
    }
    Ok(tasks)
}

/// So many items, evenly over all and always the same; all of them when there are no more.
pub(super) fn spread<T>(all: Vec<T>, wanted: usize) -> Vec<T> {
    let count = all.len();
    if wanted >= count {
        return all;
    }
    all.into_iter()
        .enumerate()
        .filter(|(at, _)| (at * wanted) / count != ((at + 1) * wanted) / count)
        .map(|(_, item)| item)
        .collect()
}

/// Plays all trials in random order, as many side by side as the arena runs.
async fn play(
    app: &Application,
    tasks: &[Task],
    args: &VerifyArgs,
) -> anyhow::Result<Vec<TrialEnd>> {
    let mut trials = verify::trials(tasks, args.repeats);
    trials.shuffle(&mut rand_chacha::ChaCha8Rng::seed_from_u64(args.seed));
    let agents = baselines(app.store()).await?;
    let any = agents.values().next();
    let any = any.context("the built-in agents are not in the store")?;
    let user_id = users::submitter(app, None, any).await?;
    let requests = trials
        .iter()
        .map(|trial| request(trial, tasks, &agents, user_id))
        .collect::<anyhow::Result<_>>()?;
    let submissions = follow(app, requests).await?;
    ends(app.store(), trials, submissions).await
}

/// The arena's own agents by their policy.
async fn baselines(store: &Store) -> anyhow::Result<HashMap<BuiltinPolicy, Agent>> {
    Ok(agents::all(store)
        .await?
        .into_iter()
        .filter(|agent| agent.user_id.is_none())
        .filter_map(|agent| match agent.revision.config {
            AgentConfig::Builtin { policy } => Some((policy, agent)),
            AgentConfig::Llm(_)
            | AgentConfig::Webhook(_)
            | AgentConfig::Remote(_)
            | AgentConfig::Command(_) => None,
        })
        .collect())
}

fn request(
    trial: &Trial,
    tasks: &[Task],
    agents: &HashMap<BuiltinPolicy, Agent>,
    user_id: UserId,
) -> anyhow::Result<(Submit, String)> {
    let agent = agents
        .get(&trial.policy)
        .with_context(|| format!("the agent {} is not in the store", trial.policy))?;
    let key = tasks
        .iter()
        .find(|task| task.id == trial.task_id)
        .map_or("", |task| task.key.as_str());
    let submit = Submit {
        user_id,
        agent_id: agent.id,
        task_id: trial.task_id,
        seed: trial.seed,
        budget: SubmissionBudget::default(),
        idempotency_key: None,
    };
    Ok((submit, format!("{} on {key}", trial.policy)))
}

async fn ends(
    store: &Store,
    trials: Vec<Trial>,
    submissions: Vec<Submission>,
) -> anyhow::Result<Vec<TrialEnd>> {
    let ends = store
        .read(move |db| {
            trials
                .into_iter()
                .zip(submissions)
                .map(|(trial, submission)| {
                    let result = store::results::of_submission(db, submission.id)?;
                    Ok(TrialEnd {
                        trial,
                        submission,
                        verdict: result.map(|result| result.verdict),
                    })
                })
                .collect()
        })
        .await?;
    Ok(ends)
}

fn print(findings: &Findings, episodes: usize, seconds: f64) {
    let mut table = Table::new(&[
        ("agent", Side::Left),
        ("must", Side::Left),
        ("passed", Side::Right),
        ("of", Side::Right),
        ("unscored", Side::Right),
    ]);
    for Tally {
        policy,
        must,
        passed,
        scored,
        unscored,
    } in findings.totals()
    {
        let must = match must {
            Must::Pass => "always pass",
            Must::Fail => "never pass",
            Must::Report => "is only counted",
        };
        table.row([
            policy.to_string(),
            must.to_owned(),
            passed.to_string(),
            scored.to_string(),
            unscored.to_string(),
        ]);
    }
    table.print();
    output::line("");
    for task in &findings.tasks {
        for problem in &task.problems {
            output::line(&format!("{} failed: {problem}", task.task.key));
        }
        if let (Some(why), true) = (&task.open, task.problems.is_empty()) {
            output::line(&format!("{} stays open: {why}", task.task.key));
        }
    }
    for problem in &findings.problems {
        output::line(problem);
    }
    let with = |status| {
        findings
            .tasks
            .iter()
            .filter(|task| task.status == status)
            .count()
    };
    #[expect(clippy::cast_precision_loss, reason = "episodes of one run are few")]
    let rate = episodes as f64 / seconds * 60.0;
    output::line(&format!(
        "{} tasks verified, {} failed, {} open; {episodes} episodes in {seconds:.0} s, {rate:.0} a minute",
        with(Some(VerificationStatus::Verified)),
        with(Some(VerificationStatus::Failed)),
        with(None),
    ));
}

fn findings_json(findings: &Findings) -> Value {
    json!({
        "clean": findings.is_clean(),
        "totals": findings.totals(),
        "problems": findings.problems,
        "tasks": findings.tasks.iter().map(task_json).collect::<Vec<_>>(),
    })
}

fn task_json(found: &TaskFindings) -> Value {
    json!({
        "key": found.task.key, "revision": found.task.revision, "template": found.task.spec.template,
        "status": found.status, "tallies": found.tallies, "problems": found.problems, "open": found.open,
    })
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn a_sample_is_spread_evenly_and_never_larger_than_asked() {
        assert_eq!(spread(Vec::<u8>::new(), 20), [0; 0]);
        assert_eq!(spread((0..10).collect(), 3), [3, 6, 9]);
        assert_eq!(spread((0..3).collect(), 5), [0, 1, 2]);
        assert_eq!(spread((0..3).collect::<Vec<i32>>(), 0), Vec::<i32>::new());
        for wanted in 1..40 {
            assert_eq!(spread((0..40).collect::<Vec<_>>(), wanted).len(), wanted);
        }
    }
}
