//! Whether episodes side by side come to the same verdicts as one by one: tasks that change state
//! are played by their solutions, once alone and many times next to each other.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use anyhow::{Context as _, bail};
use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use serde_json::json;

use crate::app::Application;
use crate::arena::bundled::SUITE;
use crate::arena::submit::Submit;
use crate::cli::evaluate::follow;
use crate::cli::interrupt::with_arena;
use crate::cli::verify::spread;
use crate::cli::{agents, output, tasks, users};
use crate::config::Settings;
use crate::domain::agent::BuiltinPolicy;
use crate::domain::budget::SubmissionBudget;
use crate::domain::task::{Task, TaskKind};
use crate::store;

/// What is played.
pub(super) struct Plan {
    /// Tasks; 0 takes all.
    pub(super) sample: usize,
    /// How often side by side.
    pub(super) repeats: u32,
    /// How many side by side.
    pub(super) parallel: usize,
}

/// The verdict of each episode as text, by key of its task.
type Verdicts = BTreeMap<String, Vec<String>>;

/// Plays and compares, in data directories of its own. Says whether no verdict differs.
pub(super) async fn run(settings: Settings, plan: &Plan, as_json: bool) -> anyhow::Result<bool> {
    let (alone, alone_s) = play(&settings, plan, 1, 1).await?;
    let (together, together_s) = play(&settings, plan, plan.parallel, plan.repeats).await?;
    let mut differing = Vec::new();
    for (key, verdicts) in &together {
        let reference = alone.get(key).and_then(|verdicts| verdicts.first());
        let reference = reference.with_context(|| format!("{key} was not played alone"))?;
        let others = verdicts.iter().filter(|verdict| *verdict != reference);
        let others = others.count();
        if others > 0 {
            let kinds: BTreeSet<&String> = verdicts.iter().collect();
            differing.push(json!({
                "task": key, "episodes": others, "verdicts": kinds, "alone": reference,
            }));
        }
    }
    let episodes: usize = together.values().map(Vec::len).sum();
    if as_json {
        output::json(&json!({
            "tasks": together.len(), "parallel": plan.parallel, "repeats": plan.repeats,
            "episodes": episodes, "differing": differing,
            "secondsAlone": alone_s, "secondsTogether": together_s,
        }))?;
    } else {
        for one in &differing {
            output::line(&one.to_string());
        }
        #[expect(clippy::cast_precision_loss, reason = "episodes of one run are few")]
        let rate = episodes as f64 / together_s * 60.0;
        output::line(&format!(
            "{} tasks, {} at a time, {} repeats: {} of {episodes} verdicts differ from those played one at a time; {rate:.0} episodes a minute",
            together.len(),
            plan.parallel,
            plan.repeats,
            differing
                .iter()
                .filter_map(|one| one["episodes"].as_u64())
                .sum::<u64>(),
        ));
    }
    Ok(differing.is_empty())
}

async fn play(
    settings: &Settings,
    plan: &Plan,
    parallel: usize,
    repeats: u32,
) -> anyhow::Result<(Verdicts, f64)> {
    let name = format!("bench-isolation-{}-{parallel}", std::process::id());
    let dir = settings.data.dir.join(name);
    let mut settings = settings.clone();
    settings.data.dir.clone_from(&dir);
    settings.server.port = 0;
    settings.server.sites_port = 0;
    settings.jobs.parallel = u32::try_from(parallel)?;
    let app = Application::build(settings).await?;
    let played = with_arena(app, async |app| play_in(app, plan, repeats).await).await;
    std::fs::remove_dir_all(&dir).with_context(|| format!("removing {}", dir.display()))?;
    played
}

async fn play_in(app: &Application, plan: &Plan, repeats: u32) -> anyhow::Result<(Verdicts, f64)> {
    app.playground_ready().await?;
    let mut tasks: Vec<Task> = tasks::all(app.store(), SUITE).await?;
    tasks.retain(|task| task.spec.kind == TaskKind::State);
    if plan.sample > 0 {
        tasks = spread(tasks, plan.sample);
    }
    let oracle = agents::by_name(app.store(), BuiltinPolicy::Oracle.as_str()).await?;
    let user_id = users::submitter(app, None, &oracle).await?;
    let mut requests: Vec<(Submit, String)> = (0..repeats)
        .flat_map(|_| &tasks)
        .map(|task| {
            let submit = Submit {
                user_id,
                agent_id: oracle.id,
                task_id: task.id,
                seed: 1,
                budget: SubmissionBudget::default(),
                idempotency_key: None,
            };
            (submit, task.key.clone())
        })
        .collect();
    requests.shuffle(&mut rand_chacha::ChaCha8Rng::seed_from_u64(1));
    let keys: Vec<String> = requests.iter().map(|(_, key)| key.clone()).collect();
    let begun = Instant::now();
    let submissions = follow(app, requests).await?;
    let seconds = begun.elapsed().as_secs_f64();
    let mut verdicts = Verdicts::new();
    for (key, submission) in keys.into_iter().zip(submissions) {
        let id = submission.id;
        let found = app
            .store()
            .read(move |db| store::results::text_of_submission(db, id));
        let Some(found) = found.await? else {
            let reason = submission.reason.unwrap_or_default();
            bail!("{key} could not be evaluated: {reason}");
        };
        verdicts.entry(key).or_default().push(found.text);
    }
    Ok((verdicts, seconds))
}
