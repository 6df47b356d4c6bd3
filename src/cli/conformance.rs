//! `agentarena conformance`: recorded cases of the reference benchmarks against this arena.

use std::process::ExitCode;

use crate::arena::conformance::{self, FileReport, Options, Report};
use crate::cli::args::ConformanceArgs;
use crate::cli::browser;
use crate::cli::interrupt::unless_interrupted;
use crate::cli::output::{self, Side, Table};
use crate::config::Settings;

/// Runs the cases and prints what differs. The code is 0 only when every case was run and came out
/// as recorded.
pub(super) async fn run(settings: &Settings, args: &ConformanceArgs) -> anyhow::Result<ExitCode> {
    let folder = browser::own_folder("cases");
    let options = Options {
        files: args.files.clone(),
        manifest: args.manifest.clone(),
        tasks: args.tasks.clone(),
        miniwob: args.miniwob.clone(),
        browser: browser::options(settings, &folder),
    };
    let report = unless_interrupted(conformance::run(&options)).await;
    browser::remove(&folder).await;
    let report = report?;
    if args.json {
        output::json(&report)?;
    } else {
        print(&report);
    }
    Ok(if report.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(report: &Report) {
    for file in &report.files {
        for difference in &file.differences {
            for what in &difference.what {
                output::line(&format!(
                    "! {} {} ({}): {what}",
                    file.file, difference.id, difference.why
                ));
            }
        }
    }
    let mut table = Table::new(&[
        ("file", Side::Left),
        ("cases", Side::Right),
        ("same", Side::Right),
        ("different", Side::Right),
        ("not run", Side::Right),
        ("variants", Side::Right),
    ]);
    for file in &report.files {
        table.row(row(file));
    }
    table.print();
    for file in report.files.iter().filter(|file| file.not_run > 0) {
        output::line(&format!("{}: {}", file.file, file.why_not_run));
    }
    let sum = |count: fn(&FileReport) -> usize| report.files.iter().map(count).sum::<usize>();
    output::line(&format!(
        "{} of {} cases came out as recorded",
        sum(|file| file.same),
        sum(|file| file.cases)
    ));
}

fn row(file: &FileReport) -> Vec<String> {
    let numbers = [
        file.cases,
        file.same,
        file.differences.len(),
        file.not_run,
        file.variants,
    ];
    let numbers = numbers.iter().map(usize::to_string);
    std::iter::once(file.file.clone()).chain(numbers).collect()
}
