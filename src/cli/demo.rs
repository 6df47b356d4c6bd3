//! `agentarena demo`: from nothing to a leaderboard that was measured here and now.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::app::Application;
use crate::arena::leaderboard::{self, Cost, Standing};
use crate::cli::args::DemoArgs;
use crate::cli::evaluate::{Plan, evaluate};
use crate::cli::interrupt::with_arena;
use crate::cli::output::{self, Side, Table};
use crate::cli::verify::spread;
use crate::cli::{agents, serve, tasks, users};
use crate::config::Settings;
use crate::domain::agent::{AgentConfig, BuiltinPolicy};
use crate::domain::budget::SubmissionBudget;
use crate::domain::page::{MAX_PAGE_LIMIT, PageRequest};
use crate::process;
use crate::store::{self, Store};

/// The suite of the demo.
const SUITE: &str = "arena";

/// Evaluates, prints the leaderboard, and stays up unless told to exit.
pub(super) async fn run(mut settings: Settings, args: &DemoArgs) -> anyhow::Result<ExitCode> {
    settings.data.dir = fresh_dir(&settings)?;
    free_ports(&mut settings, args);
    let app = Application::build(settings).await?;
    with_arena(app, async |app| {
        evaluate_and_show(app, args.tasks).await?;
        if args.exit {
            return Ok(());
        }
        output::line(&format!("\nLook around: {}/leaderboard", app.web_url()));
        output::line(
            "Every row links to its episodes: each step with picture, action, timing and evidence.",
        );
        output::line("Stop with Ctrl-C.");
        Ok(process::told_to_stop().await?)
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}

async fn evaluate_and_show(app: &Application, wanted: usize) -> anyhow::Result<()> {
    serve::announce(app);
    let account = users::demo_account(app).await?;
    output::line(&format!(
        "Sign in as {} with the password {}",
        account.email, account.password
    ));
    app.playground_ready().await?;
    let all = tasks::all(app.store(), SUITE).await?;
    let in_suite = all.len();
    let tasks = spread(all, wanted);
    let agents: Vec<_> = agents::all(app.store())
        .await?
        .into_iter()
        .filter(|agent| agent.user_id.is_none() && contends(&agent.revision.config))
        .collect();
    let names: Vec<&str> = agents.iter().map(|agent| agent.name.as_str()).collect();
    output::line(&format!(
        "\nEvaluating {} on {} of the {in_suite} tasks of `{SUITE}`.",
        names.join(", "),
        tasks.len()
    ));
    let begun = Instant::now();
    let plan = Plan {
        user_id: account.id,
        agents,
        tasks,
        repeats: 1,
        seed: 1,
        budget: SubmissionBudget::default(),
    };
    let submissions = evaluate(app, &plan).await?;
    output::line(&format!(
        "{} episodes in {}.\n",
        submissions.len(),
        seconds(begun.elapsed())
    ));
    let board = standings(app.store()).await?;
    if board.is_empty() {
        bail!("nothing could be scored; `agentarena doctor` says what is missing");
    }
    print(&board);
    Ok(())
}

/// The baselines of the demo; policies that are no contenders otherwise are among them.
fn contends(config: &AgentConfig) -> bool {
    use BuiltinPolicy::{Heuristic, Null, Oracle, Random};
    matches!(
        config,
        AgentConfig::Builtin {
            policy: Oracle | Heuristic | Random | Null
        }
    )
}

/// The ranking as the database has it, best first.
async fn standings(store: &Store) -> anyhow::Result<Vec<Standing>> {
    let suite = store.read(|db| store::suites::by_name(db, SUITE)).await?;
    let suite = suite.with_context(|| format!("the suite `{SUITE}` is not in the store"))?;
    Ok(
        leaderboard::of_suite(store, suite.suite.id, PageRequest::first(MAX_PAGE_LIMIT))
            .await?
            .items,
    )
}

fn cells(standing: &Standing) -> [String; 8] {
    let row = &standing.row;
    let percent = |share: f64| format!("{:.1}", share * 100.0);
    let unmeasured = || "no result yet".to_owned();
    let cost = match standing.cost {
        Cost::Unpriced { .. } => "unpriced".to_owned(),
        Cost::Known(_) if row.scored == 0 => unmeasured(),
        #[expect(
            clippy::cast_precision_loss,
            reason = "a sum of millionths of a dollar is far below 2^52"
        )]
        Cost::Known(microusd) => format!("${:.3}", microusd as f64 / 1e6 / f64::from(row.scored)),
    };
    [
        row.rank.map_or_else(unmeasured, |rank| rank.to_string()),
        format!("{} r{}", row.agent_name, row.agent_revision),
        format!("{} of {}", row.passed, row.scored),
        standing.rate.map_or_else(unmeasured, percent),
        standing.interval.map_or_else(unmeasured, |interval| {
            format!("{} to {}", percent(interval.low), percent(interval.high))
        }),
        row.unscored.to_string(),
        cost,
        standing
            .mean_duration_ms
            .map_or_else(unmeasured, |ms| format!("{:.1}", ms / 1000.0)),
    ]
}

fn print(board: &[Standing]) {
    let mut table = Table::new(&[
        ("rank", Side::Right),
        ("agent", Side::Left),
        ("passed", Side::Right),
        ("rate, %", Side::Right),
        ("95 % interval", Side::Left),
        ("unscored", Side::Right),
        ("cost per task", Side::Right),
        ("time, s", Side::Right),
    ]);
    for row in board {
        table.row(cells(row));
    }
    table.print();
}

fn seconds(elapsed: Duration) -> String {
    format!("{:.1} s", elapsed.as_secs_f64())
}

/// A directory of its own for each demo, so that its results are its own and stay.
fn fresh_dir(settings: &Settings) -> anyhow::Result<std::path::PathBuf> {
    let stamp = jiff::Zoned::now()
        .strftime("demo-%Y%m%d-%H%M%S")
        .to_string();
    for n in 1..100 {
        let name = if n == 1 {
            stamp.clone()
        } else {
            format!("{stamp}-{n}")
        };
        let dir = settings.data.dir.join(name);
        if !dir.exists() {
            return Ok(dir);
        }
    }
    bail!(
        "no fresh directory could be made in {}",
        settings.data.dir.display()
    )
}

/// Takes free ports when the usual ones are taken and none was asked for.
fn free_ports(settings: &mut Settings, args: &DemoArgs) {
    let taken = |port: u16| std::net::TcpListener::bind((settings.server.host, port)).is_err();
    let (web_taken, sites_taken) = (
        taken(settings.server.port),
        taken(settings.server.sites_port),
    );
    if args.serve.port.is_none() && web_taken {
        output::line(&format!(
            "Port {} is taken; using a free one.",
            settings.server.port
        ));
        settings.server.port = 0;
    }
    if args.serve.sites_port.is_none() && sites_taken {
        settings.server.sites_port = 0;
    }
}
