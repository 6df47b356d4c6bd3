//! Plays the twenty MiniWoB++ tasks of the comparison through the arena and prints what was
//! measured as JSON. `scripts/bench-browser.sh` builds it and plays the peer and the raw DevTools
//! loop beside it; by itself (`cargo bench --bench browser -- --html=FOLDER`) it waits for two
//! lines on its standard input: one to begin, one to end.
#![expect(
    clippy::print_stdout,
    reason = "printing what was measured is what this program is for"
)]

mod arena;
mod extra;
#[path = "../../tests/it/miniwob_solutions/look.rs"]
#[expect(dead_code, reason = "the tests use more of it than these twenty tasks")]
mod look;
mod report;
mod takes;
#[path = "../../tests/it/miniwob_solutions/twenty.rs"]
mod twenty;
mod watch;

use std::io::BufRead as _;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use clap::Parser;
use serde_json::json;

use arena::Arena;
use twenty::TWENTY;

/// What to play and how.
#[derive(Debug, Clone, Parser)]
struct Given {
    /// The browser program.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// The folder `html` of the Python package `miniwob`.
    #[arg(long)]
    html: PathBuf,
    /// Episodes at once.
    #[arg(long, default_value_t = 1)]
    workers: usize,
    /// 1: a picture at every step.
    #[arg(long, default_value_t = 1)]
    png: u8,
    /// The seeds of the pages.
    #[arg(long, value_delimiter = ',', default_value = "985772,128037")]
    page_seeds: Vec<u32>,
    /// The tasks.
    #[arg(long, value_delimiter = ',', default_values = TWENTY)]
    tasks: Vec<String>,
    /// The DOM snapshot and Chromium's full accessibility tree as well at every observation.
    #[arg(long)]
    full: bool,
    /// Opens no page while another one acts, so that steps are measured undisturbed.
    #[arg(long)]
    alone: bool,
    /// Measures first how long taking a page takes, in a browser of its own.
    #[arg(long)]
    takes: bool,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Given {
    /// Task and page seed of every episode, in order.
    fn episodes(&self) -> Vec<(String, u32)> {
        let seeds = self.page_seeds.iter();
        seeds
            .flat_map(|seed| self.tasks.iter().map(|task| (task.clone(), *seed)))
            .collect()
    }
}

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting threads")?;
    runtime.block_on(measure(Given::parse()))
}

async fn measure(given: Given) -> anyhow::Result<()> {
    let takes = if given.takes {
        takes::measure(&given).await?
    } else {
        json!({})
    };
    let arena = Arena::start(&given).await?;
    println!("ready");
    next_line()?;
    let begun = Instant::now();
    let submissions = arena.play(given.episodes()).await?;
    let wall = begun.elapsed();
    let episodes = report::episodes(&arena, &submissions).await?;
    println!(
        "{}",
        json!({ "wall_s": wall.as_secs_f64(), "episodes": episodes, "extra": takes })
    );
    next_line()?;
    arena.stop().await
}

/// Waits until the bench goes on.
fn next_line() -> anyhow::Result<()> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("waiting for the next word")?;
    Ok(())
}
