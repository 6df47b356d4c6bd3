//! `agentarena rescore`: whether stored verdicts still follow from their evidence.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::arena::rescore::{self, Difference, Report, Scope};
use crate::cli::args::RescoreArgs;
use crate::cli::output;
use crate::config::Settings;
use crate::domain::outcome::Outcome;
use crate::store::Store;

/// Computes again and prints. Exits with 0 when nothing differs, or when what differs is written.
pub(super) async fn run(settings: &Settings, args: &RescoreArgs) -> anyhow::Result<ExitCode> {
    Store::must_exist(&settings.data.dir)?;
    let store = if args.write {
        Store::open(&settings.data.dir)?
    } else {
        Store::open_beside(&settings.data.dir)?
    };
    let scope = match &args.id {
        None => Scope::All,
        Some(id) => Scope::One(id.parse().with_context(|| {
            format!("`{id}` is not the id of a submission; `--all` takes all of them")
        })?),
    };
    let report = rescore::rescore(&store, scope, args.write).await?;
    if args.json {
        output::json(&report)?;
    } else {
        print(&report);
    }
    let is_right = report.is_clean() || (report.written && report.unreadable.is_empty());
    Ok(if is_right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(report: &Report) {
    for difference in &report.differing {
        output::line(&describe(difference));
    }
    for unreadable in &report.unreadable {
        output::line(&format!(
            "{}: {}",
            unreadable.submission_id, unreadable.problem
        ));
    }
    let same = report.checked - (report.differing.len() + report.unreadable.len()) as u64;
    output::line(&format!(
        "{} verdicts computed again: {same} the same to the byte, {} different, {} without readable evidence",
        report.checked,
        report.differing.len(),
        report.unreadable.len()
    ));
    if !report.differing.is_empty() {
        output::line(if report.written {
            "The differences are written and the rankings counted anew."
        } else {
            "Nothing was changed; --write stores what differs."
        });
    }
}

fn describe(difference: &Difference) -> String {
    let outcome = |outcome: Option<Outcome>| {
        outcome.map_or_else(|| "not ended".to_owned(), |outcome| outcome.to_string())
    };
    let score = |score: Option<f64>| {
        score.map_or_else(|| "unscored".to_owned(), |score| format!("{score}"))
    };
    let mut places = String::new();
    for place in &difference.places {
        let _ = write!(places, "\n  {place}");
    }
    format!(
        "{} on {} r{}: {} ({}) becomes {} ({})\n  stored: {}\n  now:    {}{places}",
        difference.submission_id,
        difference.task,
        difference.task_revision,
        outcome(difference.outcome_before),
        score(difference.score_before),
        outcome(difference.outcome_after),
        score(difference.score_after),
        difference.summary_before,
        difference.summary_after,
    )
}
