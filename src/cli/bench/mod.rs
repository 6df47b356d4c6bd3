//! `agentarena bench`: measures what the arena promises of its sites, beside the target.

mod isolation;
mod reset;

use std::process::ExitCode;

use crate::cli::args::BenchCommand;
use crate::config::Settings;

/// Measures and prints. Exits with 0 when the target is met.
pub(super) async fn run(settings: Settings, command: BenchCommand) -> anyhow::Result<ExitCode> {
    let is_met = match command {
        BenchCommand::Reset { runs, json } => reset::run(runs, json)?,
        BenchCommand::Isolation {
            sample,
            repeats,
            parallel,
            json,
        } => {
            let plan = isolation::Plan {
                sample,
                repeats,
                parallel,
            };
            isolation::run(settings, &plan, json).await?
        }
    };
    Ok(if is_met {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
