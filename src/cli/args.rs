//! What can be typed: the commands, their arguments and the help that explains them.

mod agents;
mod benchmarks;
mod budget;
mod cost;
mod mcp;
mod reproduce;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::sites::tasks::PUBLIC_WORLD;

pub use agents::{AgentsCommand, CheckAgentArgs, ForeignArgs};
pub use benchmarks::{ConformanceArgs, ImportCommand, JudgeArgs, MiniwobArgs, WebarenaArgs};
pub use budget::BudgetArgs;
pub use cost::CostCommand;
pub use mcp::McpArgs;
pub use reproduce::ReproduceArgs;

const AFTER_HELP: &str = "\
First steps:
  agentarena demo             evaluate the built-in agents in a real browser, then look around
  agentarena serve            run the arena on http://127.0.0.1:8080
  agentarena doctor           say what is missing on this machine

Settings come from agentarena.toml, then AGENTARENA__SECTION__KEY, then the flags here; each
wins over those before it. Everything is kept in one data directory (--data-dir).";

/// Evaluates AI web agents on tasks in a real browser: which of them is better at this work, at
/// what cost, and whether the number can be trusted.
#[derive(Debug, Parser)]
#[command(name = "agentarena", version, after_help = AFTER_HELP, max_term_width = 100)]
pub struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What applies to every command.
#[derive(Debug, Clone, Default, Args)]
pub struct GlobalArgs {
    /// Settings file [default: agentarena.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Settings")]
    pub config: Option<PathBuf>,
    /// Where everything is kept [default: ./data]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Settings")]
    pub data_dir: Option<PathBuf>,
    /// Most detailed log lines shown: error, warn, info, debug or trace
    #[arg(long, global = true, value_name = "LEVEL", help_heading = "Settings")]
    pub log_level: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the arena: website, API, bundled sites and the job pool
    Serve(ServeArgs),
    /// Evaluate the built-in agents on the bundled suite, show the leaderboard, stay up
    Demo(DemoArgs),
    /// Evaluate one agent on a suite or on single tasks, and print the results
    Run(RunArgs),
    /// Verify that tasks are sound: solutions pass, agents that do nothing useful never do
    Verify(VerifyArgs),
    /// Run a recorded episode again, and say whether it comes out the same
    Reproduce(ReproduceArgs),
    /// Compute stored verdicts again from their evidence, without browser and sites
    Rescore(RescoreArgs),
    /// Check what calls to models cost
    #[command(subcommand)]
    Cost(CostCommand),
    /// Measure what the arena promises of its sites
    #[command(subcommand)]
    Bench(BenchCommand),
    /// List, show, write, check and try tasks
    #[command(subcommand)]
    Tasks(TasksCommand),
    /// Import tasks of a benchmark that other people made
    #[command(subcommand)]
    Import(ImportCommand),
    /// List, show and add agents
    #[command(subcommand)]
    Agents(AgentsCommand),
    /// Serve an MCP client over standard input and output with the tasks of a remote agent
    Mcp(McpArgs),
    /// List, add and change people
    #[command(subcommand)]
    Users(UsersCommand),
    /// Look at a page as an agent would, and check what is seen against the browser's own tree
    #[command(subcommand)]
    Browser(BrowserCommand),
    /// Run recorded cases of the reference benchmarks, and say where this arena differs
    Conformance(ConformanceArgs),
    /// Compare the model that judges (`[judge]` in the settings) with labels that a person gave
    Judge(JudgeArgs),
    /// Say what is found on this machine and what is missing
    Doctor(ListArgs),
    /// Bring the database to this version's form and say which that is
    Migrate(ListArgs),
}

/// Addresses to listen on.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArgs {
    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    pub host: Option<String>,
    /// Port of website and API; 0 takes a free one [default: 8080]
    #[arg(long, value_name = "PORT")]
    pub port: Option<u16>,
    /// Port of the bundled sites, for the browsers under test; 0 takes a free one [default: 8081]
    #[arg(long, value_name = "PORT")]
    pub sites_port: Option<u16>,
    /// Episodes that run at the same time [default: 2]
    #[arg(long, value_name = "N")]
    pub parallel: Option<usize>,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// How many tasks are done, evenly spread over the suite
    #[arg(long, default_value_t = 20, value_name = "N")]
    pub tasks: usize,
    /// Stop after the leaderboard instead of staying up
    #[arg(long)]
    pub exit: bool,
    /// Where to listen.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Agent by name, e.g. heuristic
    #[arg(long, required_unless_present = "agent_cmd")]
    pub agent: Option<String>,
    /// Program that decides, e.g. "python3 my_agent.py" (docs/agent-protocol.md)
    #[arg(long, value_name = "COMMAND", conflicts_with = "agent")]
    pub agent_cmd: Option<String>,
    /// More about that program.
    #[command(flatten)]
    pub foreign: ForeignArgs,
    /// Suite whose tasks are done
    #[arg(long, default_value = "arena")]
    pub suite: String,
    /// Only this task, e.g. shop-001; may be given several times
    #[arg(long = "task", value_name = "KEY")]
    pub tasks: Vec<String>,
    /// How often each task is done; each time with the next seed
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub repeats: u32,
    /// Seed of the first time
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
    /// What the calls to models may cost.
    #[command(flatten)]
    pub budget: BudgetArgs,
    /// Who submits, by e-mail; needed only for an agent that belongs to someone
    #[arg(long, value_name = "E-MAIL")]
    pub user: Option<String>,
    /// Episodes that run at the same time [default: 2]
    #[arg(long, value_name = "N")]
    pub parallel: Option<usize>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct VerifyArgs {
    /// What else there is to verify.
    #[command(subcommand)]
    pub command: Option<VerifyCommand>,
    /// Suite to verify
    #[arg(default_value = "arena")]
    pub suite: String,
    /// Only this task, e.g. shop-001; may be given several times
    #[arg(long = "task", value_name = "KEY")]
    pub tasks: Vec<String>,
    /// Only so many tasks, spread evenly over the suite and always the same
    #[arg(long, value_name = "N", conflicts_with = "tasks")]
    pub sample: Option<usize>,
    /// How often each solution is played
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub repeats: u32,
    /// Seed of the order in which the episodes run
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Episodes that run at the same time [default: 2]
    #[arg(long, value_name = "N")]
    pub parallel: Option<usize>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// `verify ...`
#[derive(Debug, Subcommand)]
pub enum VerifyCommand {
    /// Let cheating agents try every known trick in a real browser; none may score
    Exploits(ExploitsArgs),
}

/// Arguments of `verify exploits`.
#[derive(Debug, Args)]
pub struct ExploitsArgs {
    /// Only this trick; may be given several times
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
    /// Episodes that run at the same time [default: 2]
    #[arg(long, value_name = "N")]
    pub parallel: Option<usize>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `rescore`.
#[derive(Debug, Args)]
pub struct RescoreArgs {
    /// Submission to compute again
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub id: Option<String>,
    /// Every submission that has a verdict
    #[arg(long)]
    pub all: bool,
    /// Store what differs; without this nothing is changed
    #[arg(long)]
    pub write: bool,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// `bench ...`
#[derive(Debug, Subcommand)]
pub enum BenchCommand {
    /// How long opening a fresh run of each bundled site takes, and whether it is always the same
    Reset {
        /// Runs that are opened per site
        #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u32).range(100..))]
        runs: u32,
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
    /// Whether tasks that change state come to the same verdicts side by side as one by one
    Isolation {
        /// Tasks that change state, spread evenly over the suite; 0 takes all
        #[arg(long, default_value_t = 16, value_name = "N")]
        sample: usize,
        /// How often they are played side by side
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        repeats: u32,
        /// Episodes side by side
        #[arg(long, default_value_t = 8, value_name = "N")]
        parallel: usize,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
}

/// How a listing is printed.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct ListArgs {
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// `browser ...`
#[derive(Debug, Subcommand)]
pub enum BrowserCommand {
    /// Show what an agent would see of a page
    Observe {
        /// Which page.
        #[command(flatten)]
        look: LookArgs,
        /// Print the tree as indented text, as models read it (this is the default)
        #[arg(long, conflicts_with = "json")]
        text: bool,
        /// Print JSON with boxes and everything else that is known
        #[arg(long)]
        json: bool,
        /// Write a picture of the page with the box and the id of every element that can be used
        #[arg(long, value_name = "FILE.png")]
        marks: Option<PathBuf>,
    },
    /// Compare it with Chromium's own accessibility tree; fails under 99 %
    Compare {
        /// Which page.
        #[command(flatten)]
        look: LookArgs,
        /// Print JSON instead of text
        #[arg(long)]
        json: bool,
    },
}

/// Which page to look at.
#[derive(Debug, Args)]
pub struct LookArgs {
    /// Address of the page; nothing outside its origin is loaded
    pub url: String,
    /// Code to run in the page before looking, e.g. to open a menu
    #[arg(long, value_name = "JAVASCRIPT")]
    pub run: Option<String>,
}

/// `tasks ...`
#[derive(Debug, Subcommand)]
pub enum TasksCommand {
    /// List the tasks of a suite
    List {
        /// Suite to list
        #[arg(long, default_value = "arena")]
        suite: String,
        /// How to print.
        #[command(flatten)]
        list: ListArgs,
    },
    /// Show one task whole: goal, criteria, limits, reference solution
    Show {
        /// Name of the task, e.g. shop-001
        key: String,
        /// How to print.
        #[command(flatten)]
        list: ListArgs,
    },
    /// Write a task file to begin with
    New(NewTaskArgs),
    /// Check task files: form, wording, near misses and mutants, without a browser
    Check {
        /// Task files [default: all that are bundled]
        files: Vec<PathBuf>,
        /// Which seeded world
        #[arg(long, default_value_t = PUBLIC_WORLD)]
        world: u32,
        /// How to print.
        #[command(flatten)]
        list: ListArgs,
    },
    /// Play one task in a browser and print the verdict with its evidence
    Run(RunTaskArgs),
    /// Do one task yourself, in your own browser, and read what the evaluators say of the result
    Try(TryTaskArgs),
}

/// The kind of a new task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindArg {
    /// A value is asked for
    Info,
    /// Something is to be changed
    State,
    /// A page is to be left open
    Navigation,
    /// It cannot be done, which is to be reported
    Infeasible,
}

/// Arguments of `tasks new`.
#[derive(Debug, Args)]
pub struct NewTaskArgs {
    /// Id of the template, e.g. S16
    pub id: String,
    /// Site that it takes place on; several times for a task that crosses sites
    #[arg(long = "site", value_name = "SITE", required = true)]
    pub sites: Vec<String>,
    /// What the result is
    #[arg(long, value_enum, default_value = "state")]
    pub kind: KindArg,
    /// Where to write it [default: src/sites/SITE/tasks]
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// One task, bundled or not.
#[derive(Debug, Args)]
pub struct TaskChoice {
    /// Key (shop-001), template (S01) or task file
    pub task: String,
    /// Number of the draw, for a template or file [default: 0]
    #[arg(long)]
    pub draw: Option<u32>,
    /// Which seeded world, for a template or file [default: 1]
    #[arg(long)]
    pub world: Option<u32>,
}

/// Arguments of `tasks try`.
#[derive(Debug, Args)]
pub struct TryTaskArgs {
    /// Which task.
    #[command(flatten)]
    pub task: TaskChoice,
    /// Port of the task's sites; 0 takes a free one
    #[arg(long, default_value_t = 0, value_name = "PORT")]
    pub sites_port: u16,
}

/// Arguments of `tasks run`.
#[derive(Debug, Args)]
pub struct RunTaskArgs {
    /// Which task.
    #[command(flatten)]
    pub task: TaskChoice,
    /// Who plays; the oracle plays the reference solution
    #[arg(long, default_value = "oracle")]
    pub agent: String,
    /// The agent's seed
    #[arg(long, default_value_t = 1)]
    pub seed: u32,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// A role, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleArg {
    /// Owns agents and submissions
    User,
    /// Sees and manages everything but other administrators
    Admin,
    /// Manages administrators too
    SuperAdmin,
}

/// `users ...`
#[derive(Debug, Subcommand)]
pub enum UsersCommand {
    /// List all people
    List(ListArgs),
    /// Add a person; the password is read from standard input
    Add {
        /// E-mail, to sign in with
        #[arg(long)]
        email: String,
        /// Name that others see
        #[arg(long)]
        username: String,
        /// What they may do
        #[arg(long, value_enum, default_value = "user")]
        role: RoleArg,
    },
    /// Change what a person may do
    SetRole {
        /// E-mail of the person
        email: String,
        /// What they may do
        #[arg(value_enum)]
        role: RoleArg,
    },
    /// Set a new password, read from standard input; ends all sessions of the person
    SetPassword {
        /// E-mail of the person
        email: String,
    },
    /// Let a person sign in again
    Activate {
        /// E-mail of the person
        email: String,
    },
    /// Shut a person out at once; nothing of theirs is deleted
    Deactivate {
        /// E-mail of the person
        email: String,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }
}
