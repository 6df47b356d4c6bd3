//! What can be typed about benchmarks that other people made, and about judging.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::domain::webarena::Compat;

/// `import ...`
#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Import MiniWoB++ as the suite `miniwob`; importing the same again changes nothing
    Miniwob(MiniwobArgs),
    /// Import WebArena's tasks as the suite `webarena`; importing the same again changes nothing
    Webarena(WebarenaArgs),
}

/// Arguments of `import webarena`.
#[derive(Debug, Args)]
pub struct WebarenaArgs {
    /// The task file, e.g. test.raw.json of the PyPI package libwebarena
    pub file: PathBuf,
    /// Where the sites are, how to sign in and reset (docs/webarena.md)
    #[arg(long, value_name = "MAP.toml")]
    pub sites: PathBuf,
    /// Whose rules score: webarena (exactly the original), strict (known defects corrected),
    /// libwebarena or visualwebarena; each is a suite of its own
    #[arg(long, default_value = "webarena", value_parser = compat)]
    pub compat: Compat,
    /// Name every task that was left out, not only how many there are for each reason
    #[arg(long)]
    pub verbose: bool,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

fn compat(text: &str) -> Result<Compat, String> {
    text.parse().map_err(|_| {
        let names: Vec<&str> = Compat::ALL.iter().map(|one| one.as_str()).collect();
        format!("choose one of {}", names.join(", "))
    })
}

/// Arguments of `judge`.
#[derive(Debug, Args)]
pub struct JudgeArgs {
    /// Labelled messages, one JSON object a line: {"criterion", "reference"?, "message", "met"}
    #[arg(value_name = "LABELS.jsonl")]
    pub labels: PathBuf,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `conformance`.
#[derive(Debug, Args)]
pub struct ConformanceArgs {
    /// Files of cases, one JSON object a line
    #[arg(required = true, value_name = "FILE.jsonl")]
    pub files: Vec<PathBuf>,
    /// Which addresses stand for the placeholders of sites
    #[arg(long, value_name = "manifest.json")]
    pub manifest: PathBuf,
    /// The task file that cases refer to by number
    #[arg(long, value_name = "test.raw.json")]
    pub tasks: Option<PathBuf>,
    /// Folder with the pages of MiniWoB++, or the wheel [default: the installed Python package]
    #[arg(long, value_name = "PATH")]
    pub miniwob: Option<PathBuf>,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `import miniwob`.
#[derive(Debug, Args)]
pub struct MiniwobArgs {
    /// Folder that holds html/, or is it, or the wheel [default: the installed Python package]
    pub folder: Option<PathBuf>,
    /// Fetch the PyPI package `miniwob` with pip
    #[arg(long, conflicts_with = "folder")]
    pub fetch: bool,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}
