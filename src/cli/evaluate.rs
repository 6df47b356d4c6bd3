//! Submits and follows: what `demo`, `run` and `verify` share.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::app::Application;
use crate::arena::submit::Submit;
use crate::cli::output;
use crate::domain::agent::Agent;
use crate::domain::budget::SubmissionBudget;
use crate::domain::ids::{SubmissionId, UserId};
use crate::domain::outcome::{Outcome, SubmissionStatus};
use crate::domain::submission::Submission;
use crate::domain::task::Task;
use crate::playground::hub::Delivery;
use crate::store::{self, Store};

/// Most submissions that wait at a time: others may use the queue too.
const WAVE: u32 = 200;

/// What is evaluated: every agent on every task, so often, from this seed on.
pub(super) struct Plan {
    /// Who submits.
    pub(super) user_id: UserId,
    /// The agents.
    pub(super) agents: Vec<Agent>,
    /// The tasks.
    pub(super) tasks: Vec<Task>,
    /// How often each task is done.
    pub(super) repeats: u32,
    /// Seed of the first time.
    pub(super) seed: u32,
    /// What each submission may cost.
    pub(super) budget: SubmissionBudget,
}

/// Submits the plan and follows it to its end, with a progress bar where someone looks. Returns
/// the submissions in the order of the plan.
pub(super) async fn evaluate(app: &Application, plan: &Plan) -> anyhow::Result<Vec<Submission>> {
    let mut requests = Vec::new();
    for repeat in 0..plan.repeats {
        for task in &plan.tasks {
            for agent in &plan.agents {
                let seed = plan.seed.wrapping_add(repeat);
                let (agent_id, task_id) = (agent.id, task.id);
                let submit = Submit {
                    user_id: plan.user_id,
                    agent_id,
                    task_id,
                    seed,
                    budget: plan.budget,
                    idempotency_key: None,
                };
                requests.push((submit, format!("{} on {}", agent.name, task.key)));
            }
        }
    }
    follow(app, requests).await
}

/// Submits requests with their labels, in waves that the queue has room for, and follows them to
/// their end. Returns the submissions in the order of the requests.
pub(super) async fn follow(
    app: &Application,
    requests: Vec<(Submit, String)>,
) -> anyhow::Result<Vec<Submission>> {
    let mut changes = app.hub().subscribe_queue();
    let mut progress = Progress::new(requests.len() as u64);
    let wave = usize::try_from(app.intake().queue_limit.min(WAVE)).unwrap_or(1);
    let mut ids: Vec<SubmissionId> = Vec::new();
    let mut waiting = requests.into_iter().peekable();
    loop {
        if progress.open.len() <= wave / 2 && waiting.peek().is_some() {
            let (wanted, labels): (Vec<_>, Vec<_>) =
                waiting.by_ref().take(wave - progress.open.len()).unzip();
            let accepted = app.intake().submit_all(wanted).await;
            for (submission, label) in accepted.context("submitting")?.into_iter().zip(labels) {
                ids.push(submission.id);
                progress.open.insert(submission.id, label);
            }
        }
        if progress.open.is_empty() {
            progress.bar.finish_and_clear();
            return load(app.store(), &ids).await;
        }
        match changes.next().await {
            None => bail!("the arena stopped before all submissions ended"),
            Some(Delivery::Message(change)) => {
                progress.note(change.submission_id, change.status, change.outcome);
            }
            Some(Delivery::Missed(_)) => {
                for submission in load(app.store(), &ids).await? {
                    progress.note(submission.id, submission.status, submission.outcome);
                }
            }
        }
    }
}

async fn load(store: &Store, ids: &[SubmissionId]) -> anyhow::Result<Vec<Submission>> {
    let ids = ids.to_vec();
    let found = store
        .read(move |db| {
            let rows = ids.iter().map(|id| store::submissions::by_id(db, *id));
            rows.collect::<Result<Vec<_>, _>>()
        })
        .await?;
    Ok(found.into_iter().flatten().collect())
}

/// What is still open, and the bar that shows it.
struct Progress {
    open: HashMap<SubmissionId, String>,
    running: Vec<SubmissionId>,
    bar: ProgressBar,
}

impl Progress {
    fn new(length: u64) -> Self {
        let target = if output::is_watched() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(length), target);
        let style = ProgressStyle::with_template(
            "{bar:32} {pos}/{len} episodes, {elapsed} so far, {eta} to go  {msg}",
        );
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(250));
        Self {
            open: HashMap::new(),
            running: Vec::new(),
            bar,
        }
    }

    fn note(&mut self, id: SubmissionId, status: SubmissionStatus, outcome: Option<Outcome>) {
        let Some(label) = self.open.get(&id).cloned() else {
            return;
        };
        self.running.retain(|running| *running != id);
        if status == SubmissionStatus::Running {
            self.running.push(id);
        }
        if status.is_final() {
            self.open.remove(&id);
            self.bar.inc(1);
            let outcome = outcome.map_or(status.as_str(), Outcome::as_str);
            if !output::is_watched() {
                output::note(&format!("{label}: {outcome}"));
            }
        }
        let running = self.running.iter().filter_map(|id| self.open.get(id));
        self.bar
            .set_message(running.map(String::as_str).collect::<Vec<_>>().join(", "));
    }
}
