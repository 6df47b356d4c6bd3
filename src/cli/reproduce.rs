//! `agentarena reproduce`: runs a recorded episode again, in an arena of its own that is thrown
//! away afterwards, and says whether it came out the same.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use serde_json::Value;

use crate::agents::llm::prompts::Prompts;
use crate::app::{Application, Stand};
use crate::arena::cancel::Canceller;
use crate::arena::reproduce::cause::Cause;
use crate::arena::reproduce::compare::Difference;
use crate::arena::reproduce::{self, Recording, Replay, Report};
use crate::arena::{ArenaError, reproduce::recording::PLACE};
use crate::cli::args::ReproduceArgs;
use crate::cli::browser;
use crate::cli::interrupt::with_arena;
use crate::cli::{output, users};
use crate::config::{JudgeSettings, Settings};
use crate::domain::ids::SubmissionId;
use crate::domain::manifest::{FieldDifference, Manifest};
use crate::playground::hub::{Delivery, QueueChange, Subscription};
use crate::store::Store;

/// Folders of a data directory that tasks may need: imported pages, maps of sites.
const NEEDED: [&str; 2] = ["pages", "web"];

/// Differences that are printed; JSON has all.
const MOST_SHOWN: usize = 12;

/// Runs it again and prints. Exits with 0 when it came out the same, with 1 when something
/// differs, with 2 when it could not be done.
pub(super) async fn run(settings: Settings, args: &ReproduceArgs) -> ExitCode {
    match reproduce(settings, args).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            output::note(&format!("error: {}", output::whole_error(&error)));
            ExitCode::from(2)
        }
    }
}

async fn reproduce(settings: Settings, args: &ReproduceArgs) -> anyhow::Result<bool> {
    let dir = &settings.data.dir;
    let store = Store::open_to_read(dir)
        .with_context(|| format!("reading the arena in {}", dir.display()))?;
    let recorded = Arc::new(Recording::load(&store, &args.id).await?);
    let folder = Folder::make(dir).context("making a folder for the arena to run it in")?;
    let now = play(settings, &folder, &recorded).await?;
    let report = reproduce::report(&recorded, &now)?;
    if args.json {
        output::json(&report)?;
    } else {
        print(&report);
    }
    Ok(report.same)
}

/// Runs the episode in an arena in the folder, and reads what is on record of it there.
async fn play(
    mut settings: Settings,
    folder: &Folder,
    recorded: &Arc<Recording>,
) -> anyhow::Result<Recording> {
    folder.path.clone_into(&mut settings.data.dir);
    settings.server.port = 0;
    settings.server.sites_port = 0;
    settings.playground.kind = recorded.submission.playground;
    settings.jobs.parallel = 1;
    settings.jobs.infra_retries = 0;
    settings.browser.prepare_ahead = false;
    // Its replies are on record; a real one would cost money and may say something else.
    settings.judge = JudgeSettings::default();
    let prompts = Prompts::of(settings.agents.prompts_dir.as_deref());
    let prompts = Arc::new(prompts.context("agents.prompts_dir")?);
    let replay = Arc::new(Replay::new(Arc::clone(recorded), prompts));
    let stand = Stand {
        policies: Some(replay.clone()),
        judge: replay.judge().map_err(|error| anyhow::anyhow!("{error}"))?,
        ..Stand::default()
    };
    let app = Application::build_with(settings, stand).await?;
    replay.sites_at(&format!("http://{}", app.sites_address()));
    let store = app.store().clone();
    let played = with_arena(app, async |app| {
        submit_and_wait(app, recorded, &replay).await
    })
    .await?;
    Ok(Recording::load(&store, &played.to_string()).await?)
}

async fn submit_and_wait(
    app: &Application,
    recorded: &Recording,
    replay: &Replay,
) -> anyhow::Result<SubmissionId> {
    app.playground_ready().await?;
    let operator = users::operator(app).await?.id;
    let request = reproduce::stage(app.store(), recorded, operator).await?;
    let mut changes = app.hub().subscribe_queue();
    let id = app.intake().submit(request).await?.submission.id;
    tokio::select! {
        ended = until_ended(&mut changes, app.store(), id) => ended?,
        () = replay.used_up() => {
            let by = Canceller { user_id: operator, may_cancel_any: true };
            match app.intake().cancel(id, by).await {
                // It ended by itself at the same moment.
                Ok(_) | Err(ArenaError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(id)
}

async fn until_ended(
    changes: &mut Subscription<QueueChange>,
    store: &Store,
    id: SubmissionId,
) -> anyhow::Result<()> {
    loop {
        match changes.next().await {
            None => anyhow::bail!("the arena stopped before the episode ended"),
            Some(Delivery::Message(change)) if change.submission_id == id => {
                if change.status.is_final() {
                    return Ok(());
                }
            }
            Some(Delivery::Message(_)) => {}
            Some(Delivery::Missed(_)) => {
                let submission = store.read(move |db| crate::store::submissions::by_id(db, id));
                if submission
                    .await?
                    .is_some_and(|found| found.status.is_final())
                {
                    return Ok(());
                }
            }
        }
    }
}

/// A folder for an arena that is thrown away.
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn make(data: &Path) -> std::io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt as _;
        let path = browser::own_folder("reproduce");
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        let folder = Self { path };
        let data = std::path::absolute(data)?;
        for name in NEEDED {
            let there = data.join(name);
            if there.is_dir() {
                std::os::unix::fs::symlink(there, folder.path.join(name))?;
            }
        }
        Ok(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Links are removed, not what they lead to.
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            tracing::warn!(%error, folder = %self.path.display(), "a folder was not removed");
        }
    }
}

fn print(report: &Report) {
    output::line(&format!(
        "{} r{} on {} r{}, seed {}, episode {}",
        report.agent,
        report.agent_revision,
        report.task,
        report.task_revision,
        report.seed,
        report.episode_id
    ));
    for (when, manifest) in [
        ("recorded", &report.manifest),
        ("now", &report.manifest_now),
    ] {
        let with = manifest
            .as_ref()
            .map_or_else(|| "no manifest".to_owned(), machine);
        output::line(&format!("{when:<9} {with}"));
    }
    output::line("");
    match report.first() {
        None => output::line(&same(report)),
        Some(first) => print_differences(report, first),
    }
    for left_out in &report.not_compared {
        output::line(&format!("not compared: {left_out}"));
    }
    match report.manifest_differences.as_deref() {
        None | Some([]) => {}
        Some(fields) => {
            output::line("the manifests differ in:");
            for field in fields {
                output::line(&of_field(field));
            }
        }
    }
}

fn machine(manifest: &Manifest) -> String {
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
    let commit = manifest.arena.commit.as_deref();
    let commit = commit.map_or_else(String::new, |commit| format!(" ({commit})"));
    format!(
        "agentarena {}{commit}, {}, {}, {} {}",
        manifest.arena.version,
        known(&manifest.browser.browser),
        known(&manifest.browser.driver),
        manifest.system.os,
        manifest.system.arch
    )
}

fn same(report: &Report) -> String {
    let compared = report.compared;
    let requests = match compared.requests {
        0 => String::new(),
        n => format!(", {n} requests to the model"),
    };
    let end = if compared.end {
        ", the end and the verdict"
    } else {
        ""
    };
    format!(
        "the same: {} steps with page, action and result{requests}{end}",
        compared.steps
    )
}

fn print_differences(report: &Report, first: &Difference) {
    output::line(&format!("different, first {}", place(first)));
    output::line(&values(first));
    if let Some(cause) = &report.likely_cause {
        output::line(&likely(cause));
    }
    let further = &report.differences[1..];
    if !further.is_empty() {
        output::line(&format!("\n{} further differences:", further.len()));
    }
    for difference in further.iter().take(MOST_SHOWN) {
        output::line(&format!("  {}", place(difference)));
    }
    if further.len() > MOST_SHOWN {
        output::line("  ... (--json has all)");
    }
    output::line("");
}

fn place(difference: &Difference) -> String {
    let step = difference.step;
    let step = step.map_or_else(String::new, |step| format!("in step {step}: "));
    format!("{step}{}, {}", difference.part, difference.field)
}

fn values(difference: &Difference) -> String {
    if difference.recorded.is_null() && difference.now.is_null() {
        return String::new();
    }
    format!(
        "  recorded: {}\n  now:      {}",
        plain(&difference.recorded),
        plain(&difference.now)
    )
}

fn likely(cause: &Cause) -> String {
    let mut text = format!("likely cause: {}", cause.text);
    for line in &cause.evidence {
        text.push_str("\n  ");
        text.push_str(line);
    }
    text
}

fn of_field(field: &FieldDifference) -> String {
    format!(
        "  {}: {}, now {}",
        field.field,
        plain(&field.recorded),
        plain(&field.now)
    )
}

/// A value for people; the task's place is named in words.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => format!("{text:?}").replace(PLACE, "(place)"),
        other => other.to_string(),
    }
}
