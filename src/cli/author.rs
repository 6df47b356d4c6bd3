//! `agentarena tasks new|check|run`: what an author of tasks needs.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::app::Application;
use crate::arena::{bundled, drafts};
use crate::cli::args::{KindArg, NewTaskArgs, RunTaskArgs, TaskChoice};
use crate::cli::evaluate::{Plan, evaluate};
use crate::cli::interrupt::with_arena;
use crate::cli::output::{self, Side, Table};
use crate::cli::{agents, tasks, users};
use crate::config::Settings;
use crate::domain::budget::SubmissionBudget;
use crate::domain::outcome::Outcome;
use crate::domain::submission::Submission;
use crate::domain::task::{Task, TaskKind, TaskSpec};
use crate::domain::verdict::Verdict;
use crate::evaluators;
use crate::sites::registry;
use crate::sites::tasks::template::File;
use crate::sites::tasks::{self as files, Library, PUBLIC_WORLD, TaskReport};
use crate::store;

impl From<KindArg> for TaskKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Info => Self::Info,
            KindArg::State => Self::State,
            KindArg::Navigation => Self::Navigation,
            KindArg::Infeasible => Self::Infeasible,
        }
    }
}

/// Writes a task file to begin with and says what comes next.
pub(super) fn new(args: &NewTaskArgs) -> anyhow::Result<()> {
    if args.id.is_empty() || !args.id.chars().all(|c| c.is_ascii_alphanumeric()) {
        bail!(
            "`{}` is no id; letters and digits are right, e.g. S16",
            args.id
        );
    }
    for site in &args.sites {
        if registry::find(site).is_none() {
            bail!(
                "there is no site `{site}`; there are: {}",
                registry::names()
            );
        }
    }
    let folder = match args.sites.as_slice() {
        [site] => site.as_str(),
        _ => "cross",
    };
    let name = format!("{}.toml", args.id.to_lowercase());
    let path = match &args.folder {
        Some(folder) => folder.join(&name),
        None => Path::new("src/sites")
            .join(folder)
            .join("tasks")
            .join(&name),
    };
    if path.exists() {
        bail!("{} is there already", path.display());
    }
    let parent = path.parent().filter(|parent| parent.is_dir());
    if parent.is_none() {
        bail!(
            "there is no folder for {}; go to the repository, or name a folder with --folder",
            path.display()
        );
    }
    let text = files::skeleton(&args.sites, &args.id, args.kind.into());
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    let draw = args.id.to_lowercase();
    output::line(&format!(
        "{} is written. Next:\n\
         1. fill it in (docs/tasks.md),\n\
         2. write the draw function `{draw}` in src/sites/{folder}/draws and list it there,\n\
         3. `agentarena tasks check {}`, then `agentarena tasks run {}`,\n\
         4. list the file under `files` in src/sites/{folder}/mod.rs, and its draws under `public`.",
        path.display(),
        path.display(),
        path.display(),
    ));
    Ok(())
}

/// Checks task files that are named, or all that are bundled. Exits with 0 when nothing is wrong.
pub(super) fn check(
    paths: &[std::path::PathBuf],
    world: u32,
    as_json: bool,
) -> anyhow::Result<ExitCode> {
    let report = if paths.is_empty() {
        files::check(evaluators::evaluate, world)?
    } else {
        let drafts = paths.iter().map(|path| read(path));
        let drafts = drafts.collect::<anyhow::Result<Vec<_>>>()?;
        files::check_drafts(evaluators::evaluate, world, drafts)?
    };
    let problems = report.problems();
    if as_json {
        output::json(&report.tasks.iter().map(report_json).collect::<Vec<_>>())?;
    } else {
        print_reports(&report.tasks);
        for problem in &problems {
            output::line(problem);
        }
        output::line(&format!(
            "{} tasks in world {world}, {} problems",
            report.tasks.len(),
            problems.len()
        ));
    }
    Ok(if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn read(path: &Path) -> anyhow::Result<File> {
    let text = std::fs::read_to_string(path);
    let text = text.with_context(|| format!("reading {}", path.display()))?;
    Ok(files::draft(&path.to_string_lossy(), &text)?)
}

fn print_reports(tasks: &[TaskReport]) {
    let mut table = Table::new(&[
        ("task", Side::Left),
        ("template", Side::Left),
        ("difficulty", Side::Left),
        ("draws", Side::Right),
        ("near misses", Side::Right),
        ("mutants", Side::Right),
        ("problems", Side::Right),
        ("goal", Side::Left),
    ]);
    for task in tasks {
        table.row([
            task.key.clone(),
            format!("{} draw {}", task.template, task.draw),
            task.difficulty.to_string(),
            task.draws.to_string(),
            task.checks.to_string(),
            task.mutants.to_string(),
            task.problems.len().to_string(),
            task.goal.chars().take(80).collect(),
        ]);
    }
    table.print();
}

fn report_json(task: &TaskReport) -> Value {
    json!({
        "key": task.key, "template": task.template, "draw": task.draw, "title": task.title, "goal": task.goal,
        "kind": task.kind, "difficulty": task.difficulty, "points": task.points, "draws": task.draws,
        "nearMisses": task.checks, "mutants": task.mutants, "skippedMutants": task.skipped,
        "problems": task.problems,
    })
}

/// Plays one task with one agent and prints the verdict with its evidence. Exits with 0 when it
/// passes.
pub(super) async fn run(mut settings: Settings, args: &RunTaskArgs) -> anyhow::Result<ExitCode> {
    // Nobody is told these addresses; the browsers under test need the sites all the same.
    settings.server.port = 0;
    settings.server.sites_port = 0;
    let app = Application::build(settings).await?;
    let played = with_arena(app, async |app| play(app, args).await).await;
    let (task, submission, verdict) = played?;
    if args.json {
        output::json(&json!({
            "task": task.key, "goal": task.spec.goal, "agent": args.agent, "submission": submission,
            "verdict": verdict,
        }))?;
    } else {
        print_played(&task, &submission, verdict.as_ref());
    }
    Ok(if submission.outcome == Some(Outcome::Passed) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn play(
    app: &Application,
    args: &RunTaskArgs,
) -> anyhow::Result<(Task, Submission, Option<Verdict>)> {
    let task = task(app, &args.task).await?;
    app.playground_ready().await?;
    let agent = agents::by_name(app.store(), &args.agent).await?;
    let plan = Plan {
        user_id: users::submitter(app, None, &agent).await?,
        agents: vec![agent],
        tasks: vec![task.clone()],
        repeats: 1,
        seed: args.seed,
        budget: SubmissionBudget::default(),
    };
    let submissions = evaluate(app, &plan).await?;
    let submission = submissions.into_iter().next();
    let submission = submission.context("the submission is gone")?;
    let id = submission.id;
    let result = app
        .store()
        .read(move |db| store::results::of_submission(db, id))
        .await?;
    Ok((task, submission, result.map(|result| result.verdict)))
}

/// The task that was named: by its key in the suite, by its template, or by its file.
async fn task(app: &Application, wanted: &TaskChoice) -> anyhow::Result<Task> {
    if !is_file(&wanted.task) && wanted.draw.is_none() && wanted.world.is_none() {
        let all = tasks::all(app.store(), bundled::SUITE).await?;
        if let Some(task) = all.into_iter().find(|task| task.key == wanted.task) {
            return Ok(task);
        }
    }
    let (key, spec) = drawn(wanted)?;
    Ok(drafts::put(app.store(), key, spec).await?)
}

/// A bundled task or a draft with its name, without a store.
pub(super) fn described(wanted: &TaskChoice) -> anyhow::Result<(String, TaskSpec)> {
    let public = files::public_instances()
        .into_iter()
        .find(|public| public.key == wanted.task);
    match public {
        Some(public) if wanted.draw.is_none() && wanted.world.is_none() => {
            let spec = instance(PUBLIC_WORLD, Vec::new(), public.template, public.draw)?;
            Ok((public.key, spec))
        }
        _ => drawn(wanted),
    }
}

/// The draw of a template or of a task file.
fn drawn(wanted: &TaskChoice) -> anyhow::Result<(String, TaskSpec)> {
    let (world, draw) = (
        wanted.world.unwrap_or(PUBLIC_WORLD),
        wanted.draw.unwrap_or(0),
    );
    let drafts = if is_file(&wanted.task) {
        vec![read(Path::new(&wanted.task))?]
    } else {
        Vec::new()
    };
    let id = drafts
        .first()
        .map_or_else(|| wanted.task.clone(), |file| file.template.id.clone());
    let spec = instance(world, drafts, &id, draw)?;
    Ok((files::drawn_key(&id, draw, world), spec))
}

fn is_file(task: &str) -> bool {
    let extension = Path::new(task).extension();
    extension.is_some_and(|extension| extension == "toml")
}

fn instance(world: u32, drafts: Vec<File>, id: &str, draw: u32) -> anyhow::Result<TaskSpec> {
    let library = Library::open_with(world, drafts)?;
    let Some(file) = library.file(id) else {
        bail!(
            "there is no task `{id}`: name a key such as shop-001, a template such as S01, or a task file"
        );
    };
    let draws = library.draws(file)?;
    Ok(library.instance(file, &draws, draw)?.spec)
}

fn print_played(task: &Task, submission: &Submission, verdict: Option<&Verdict>) {
    output::line(&format!("{}: {}\n", task.key, task.spec.goal));
    let outcome = submission.outcome.map_or_else(
        || submission.status.to_string(),
        |outcome| outcome.to_string(),
    );
    output::line(&format!(
        "{outcome} after {} of {} steps: {}",
        submission.steps.unwrap_or(0),
        task.spec.limits.steps,
        submission.reason.as_deref().unwrap_or_default()
    ));
    let Some(verdict) = verdict else {
        output::line("The evaluators were not asked.");
        return;
    };
    print_criteria(verdict);
}

/// What each criterion required and found.
pub(super) fn print_criteria(verdict: &Verdict) {
    for criterion in &verdict.criteria {
        output::line(&format!(
            "\n{} {}: {}\n  required: {}\n  expected: {}\n  found:    {}",
            criterion.evaluator,
            criterion.status,
            criterion.reason,
            criterion.description,
            criterion.expected,
            criterion.found
        ));
        if !criterion.evidence.is_null() {
            output::line(&format!("  evidence: {:#}", criterion.evidence));
        }
    }
}
