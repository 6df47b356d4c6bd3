//! `agentarena run`: one agent on a suite, without a website.

use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::app::Application;
use crate::arena::statistics::wilson_95;
use crate::cli::args::RunArgs;
use crate::cli::evaluate::{Plan, evaluate};
use crate::cli::interrupt::with_arena;
use crate::cli::output::{self, Side, Table};
use crate::cli::{agents, foreign, tasks, users};
use crate::config::Settings;
use crate::domain::outcome::Outcome;
use crate::domain::submission::Submission;
use crate::domain::task::Task;

/// Evaluates and prints. Exits with 0 when every submission could be scored.
pub(super) async fn run(mut settings: Settings, args: &RunArgs) -> anyhow::Result<ExitCode> {
    // Nobody is told these addresses; the browsers under test need the sites all the same.
    settings.server.port = 0;
    settings.server.sites_port = 0;
    settings.agents.allow_commands |= args.agent_cmd.is_some();
    let app = Application::build(settings).await?;
    with_arena(app, async |app| evaluate_and_print(app, args).await).await
}

async fn evaluate_and_print(app: &Application, args: &RunArgs) -> anyhow::Result<ExitCode> {
    app.playground_ready().await?;
    let agent = match (&args.agent, &args.agent_cmd) {
        (Some(name), None) => agents::by_name(app.store(), name).await?,
        (None, Some(command)) => {
            let user = args.user.as_deref();
            foreign::command_agent(app, command, user, &args.foreign).await?
        }
        _ => anyhow::bail!("give --agent or --agent-cmd, and not both"),
    };
    let user_id = users::submitter(app, args.user.as_deref(), &agent).await?;
    let tasks = tasks::chosen(tasks::all(app.store(), &args.suite).await?, &args.tasks)?;
    let plan = Plan {
        user_id,
        agents: vec![agent],
        tasks,
        repeats: args.repeats,
        seed: args.seed,
        budget: args.budget.submission(),
    };
    let submissions = evaluate(app, &plan).await?;
    let rows: Vec<(&Task, &Submission)> = submissions
        .iter()
        .map(|submission| {
            let task = plan.tasks.iter().find(|task| task.id == submission.task_id);
            task.map(|task| (task, submission))
                .context("a submission for a task that was not asked for")
        })
        .collect::<anyhow::Result<_>>()?;
    if args.json {
        output::json(
            &rows
                .iter()
                .map(|(task, submission)| row_json(task, submission))
                .collect::<Vec<_>>(),
        )?;
    } else {
        print(&rows);
    }
    let all_scored = submissions
        .iter()
        .all(|submission| submission.score.is_some());
    Ok(if all_scored {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn row_json(task: &Task, submission: &Submission) -> Value {
    json!({
        "submissionId": submission.id, "task": task.key, "taskRevision": task.revision, "seed": submission.seed,
        "status": submission.status, "outcome": submission.outcome, "score": submission.score,
        "reason": submission.reason, "steps": submission.steps, "durationMs": submission.duration_ms,
        "inputTokens": submission.input_tokens, "outputTokens": submission.output_tokens,
        "costMicrousd": submission.cost_microusd, "attempts": submission.attempts,
    })
}

fn print(rows: &[(&Task, &Submission)]) {
    let mut table = Table::new(&[
        ("task", Side::Left),
        ("seed", Side::Right),
        ("outcome", Side::Left),
        ("steps", Side::Right),
        ("time, s", Side::Right),
        ("reason", Side::Left),
    ]);
    for (task, submission) in rows {
        #[expect(
            clippy::cast_precision_loss,
            reason = "milliseconds of one episode are few"
        )]
        let seconds = submission
            .duration_ms
            .map(|ms| format!("{:.1}", ms as f64 / 1000.0));
        table.row([
            task.key.clone(),
            submission.seed.to_string(),
            submission.outcome.map_or_else(
                || submission.status.to_string(),
                |outcome| outcome.to_string(),
            ),
            submission
                .steps
                .map(|steps| steps.to_string())
                .unwrap_or_default(),
            seconds.unwrap_or_default(),
            submission
                .reason
                .clone()
                .unwrap_or_default()
                .chars()
                .take(100)
                .collect(),
        ]);
    }
    table.print();
    let scored = rows
        .iter()
        .filter(|(_, submission)| submission.score.is_some())
        .count() as u64;
    let passed = rows
        .iter()
        .filter(|(_, submission)| submission.outcome == Some(Outcome::Passed))
        .count() as u64;
    let unscored = rows.len() as u64 - scored;
    match wilson_95(passed, scored) {
        Some(interval) => output::line(&format!(
            "\n{passed} of {scored} passed, 95 % interval {:.1} to {:.1} %; {unscored} unscored",
            interval.low * 100.0,
            interval.high * 100.0
        )),
        None => output::line(&format!(
            "\nno result yet: nothing was scored, {unscored} unscored"
        )),
    }
}
