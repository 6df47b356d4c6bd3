//! The commands of the binary: reads what was typed, calls the layers below, prints what came of
//! it. Knows no rule of the arena itself.

mod agents;
mod args;
mod author;
mod bench;
mod browser;
mod by_hand;
mod conformance;
mod cost;
mod demo;
mod doctor;
mod evaluate;
mod foreign;
mod import;
mod interrupt;
mod judge;
mod mcp;
mod migrate;
mod output;
mod reproduce;
mod rescore;
mod run;
mod serve;
mod tasks;
mod users;
mod verify;
mod verify_exploits;

use std::process::ExitCode;

use clap::Parser as _;

use crate::browser::remove_left_behind;
use crate::cli::args::{
    AgentsCommand, Cli, Command, CostCommand, ExploitsArgs, GlobalArgs, ImportCommand, RunArgs,
    ServeArgs, TasksCommand, VerifyArgs, VerifyCommand,
};
use crate::config::{LogFormat, LogSettings, Override, Settings};
use crate::store::Store;
use crate::telemetry::{self, logs::LogStyle};

/// Runs what was typed. The exit code is 0 when it did what it should, 1 when it did not, 2 when
/// the command line or the settings are not right.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let settings = match Settings::load(cli.global.config.as_deref(), overrides(&cli)) {
        Ok(settings) => settings,
        Err(error) => {
            output::note(&format!("error: {error}"));
            return ExitCode::from(2);
        }
    };
    if let Err(error) = init_log(&settings, &cli.command) {
        output::note(&format!("error: {error}"));
        return ExitCode::from(2);
    }
    if starts_browsers(&cli.command) {
        for folder in remove_left_behind(&std::env::temp_dir()) {
            output::note(&format!(
                "removed what a command that was killed had left in {}",
                folder.display()
            ));
        }
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(&format!("error: no threads could be started: {error}"));
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(cli.command, settings)) {
        Ok(code) => code,
        Err(error) => {
            output::note(&format!("error: {}", output::whole_error(&error)));
            ExitCode::FAILURE
        }
    }
}

/// Whether a command starts browsers, or looks after what they need.
fn starts_browsers(command: &Command) -> bool {
    matches!(
        command,
        Command::Serve(_)
            | Command::Demo(_)
            | Command::Run(_)
            | Command::Verify(_)
            | Command::Reproduce(_)
            | Command::Conformance(_)
            | Command::Browser(_)
            | Command::Doctor(_)
    )
}

/// A server logs what happens; a command that prints results logs what goes wrong, unless the
/// settings ask for more.
fn init_log(settings: &Settings, command: &Command) -> Result<(), telemetry::logs::LogError> {
    let style = match settings.log.format {
        LogFormat::Pretty => LogStyle::Pretty,
        LogFormat::Json => LogStyle::Json,
    };
    let is_default = settings.log.level == LogSettings::default().level;
    let level = if is_default && !matches!(command, Command::Serve(_)) {
        "warn"
    } else {
        &settings.log.level
    };
    telemetry::logs::init(style, level)
}

async fn dispatch(command: Command, settings: Settings) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(_) => serve::run(settings).await,
        Command::Demo(args) => demo::run(settings, &args).await,
        Command::Run(args) => run::run(settings, &args).await,
        Command::Verify(VerifyArgs {
            command: Some(VerifyCommand::Exploits(args)),
            ..
        }) => verify_exploits::run(settings, &args).await,
        Command::Verify(args) => verify::run(settings, &args).await,
        Command::Reproduce(args) => Ok(reproduce::run(settings, &args).await),
        Command::Rescore(args) => rescore::run(&settings, &args).await,
        Command::Bench(command) => bench::run(settings, command).await,
        Command::Doctor(args) => doctor::run(&settings, args.json).await,
        Command::Migrate(args) => {
            let store = Store::open(&settings.data.dir)?;
            migrate::run(&store, args.json).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Tasks(command) => on_tasks(settings, command).await,
        Command::Mcp(args) => mcp::run(&args).await,
        Command::Agents(AgentsCommand::Check(args)) => foreign::check(&args).await,
        Command::Agents(AgentsCommand::Protocol) => {
            foreign::protocol()?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Agents(command) => {
            if matches!(command, AgentsCommand::Secret { .. }) {
                Store::must_exist(&settings.data.dir)?;
            }
            let store = catalogue(&settings).await?;
            match command {
                AgentsCommand::List(list) => agents::list(&store, list.json).await?,
                AgentsCommand::Show { name, list } => {
                    agents::show(&store, &name, list.json).await?;
                }
                AgentsCommand::Add {
                    name,
                    user,
                    settings: config,
                } => {
                    agents::add(&store, name, &user, &config).await?;
                }
                AgentsCommand::Secret { name } => foreign::secret(&settings, &store, &name).await?,
                // Answered above: they need no store.
                AgentsCommand::Check(_) | AgentsCommand::Protocol => {}
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Import(ImportCommand::Miniwob(args)) => {
            import::miniwob(&catalogue(&settings).await?, &args).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Import(ImportCommand::Webarena(args)) => {
            import::webarena(&catalogue(&settings).await?, &args).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Judge(args) => judge::run(&settings, &args).await,
        Command::Cost(CostCommand::Audit(list)) => cost::audit(&settings, list.json).await,
        Command::Conformance(args) => conformance::run(&settings, &args).await,
        Command::Browser(command) => browser::run(&settings, command).await,
        Command::Users(command) => users::run(&settings, command).await,
    }
}

async fn on_tasks(settings: Settings, command: TasksCommand) -> anyhow::Result<ExitCode> {
    match command {
        TasksCommand::List { suite, list } => {
            tasks::list(&catalogue(&settings).await?, &suite, list.json).await?;
        }
        TasksCommand::Show { key, list } => {
            tasks::show(&catalogue(&settings).await?, &key, list.json).await?;
        }
        TasksCommand::New(args) => author::new(&args)?,
        TasksCommand::Check { files, world, list } => {
            return author::check(&files, world, list.json);
        }
        TasksCommand::Run(args) => return author::run(settings, &args).await,
        TasksCommand::Try(args) => return by_hand::run(&settings, &args).await,
    }
    Ok(ExitCode::SUCCESS)
}

/// The store with the bundled suite and the built-in agents in it, whether a server runs or not.
async fn catalogue(settings: &Settings) -> anyhow::Result<Store> {
    let store = Store::open_beside(&settings.data.dir)?;
    crate::app::store_bundled(&store).await?;
    Ok(store)
}

/// What the flags set, over file and environment.
fn overrides(cli: &Cli) -> Vec<Override> {
    let GlobalArgs {
        data_dir,
        log_level,
        ..
    } = &cli.global;
    let mut set = Vec::new();
    if let Some(dir) = data_dir {
        set.push(Override::new("--data-dir", "data.dir", dir.display()));
    }
    if let Some(level) = log_level {
        set.push(Override::new("--log-level", "log.level", level));
    }
    match &cli.command {
        Command::Serve(args) => set.extend(serve_overrides(args)),
        Command::Demo(args) => set.extend(serve_overrides(&args.serve)),
        Command::Run(RunArgs { parallel, .. })
        | Command::Verify(
            VerifyArgs {
                command: Some(VerifyCommand::Exploits(ExploitsArgs { parallel, .. })),
                ..
            }
            | VerifyArgs { parallel, .. },
        ) => {
            set.extend(
                parallel.map(|parallel| Override::new("--parallel", "jobs.parallel", parallel)),
            );
        }
        _ => {}
    }
    set
}

fn serve_overrides(args: &ServeArgs) -> Vec<Override> {
    let mut set = Vec::new();
    set.extend(
        args.host
            .as_ref()
            .map(|host| Override::new("--host", "server.host", host)),
    );
    set.extend(
        args.port
            .map(|port| Override::new("--port", "server.port", port)),
    );
    set.extend(
        args.sites_port
            .map(|port| Override::new("--sites-port", "server.sites_port", port)),
    );
    set.extend(
        args.parallel
            .map(|parallel| Override::new("--parallel", "jobs.parallel", parallel)),
    );
    set
}
