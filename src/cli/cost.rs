//! `agentarena cost`: whether what is booked for calls to models is right.

use std::process::ExitCode;

use crate::arena::cost_audit::{self, Difference, Report};
use crate::cli::output;
use crate::config::Settings;
use crate::store::Store;

/// Computes every cost again and prints. Exits with 0 when none differs.
pub(super) async fn audit(settings: &Settings, as_json: bool) -> anyhow::Result<ExitCode> {
    Store::must_exist(&settings.data.dir)?;
    let store = Store::open_beside(&settings.data.dir)?;
    let report = cost_audit::audit(&store).await?;
    if as_json {
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
    for difference in &report.differing {
        output::line(&describe(difference));
    }
    let same = report.calls - report.differing.len() as u64;
    output::line(&format!(
        "{} calls computed again: {same} as booked, {} different",
        report.calls,
        report.differing.len()
    ));
    output::line(&format!(
        "{} priced, {} unpriced, {} without reported tokens, {} refused by the provider; {} booked",
        report.priced,
        report.unpriced,
        report.unreported,
        report.refused,
        dollars(Some(report.booked_microusd))
    ));
}

fn describe(difference: &Difference) -> String {
    let version = difference.price_version.as_deref().unwrap_or("none");
    let of = difference.submission_id.map_or_else(
        || "of a try".to_owned(),
        |id| format!("of submission {id}, step {}", difference.step),
    );
    format!(
        "{} {of}, attempt {}, {} {}: booked {}, recomputed {} (prices: {version})",
        difference.call_id,
        difference.attempt,
        difference.provider,
        difference.model,
        dollars(difference.booked_microusd),
        dollars(difference.recomputed_microusd),
    )
}

/// To the millionth of a dollar: an audit hides nothing.
fn dollars(microusd: Option<u64>) -> String {
    microusd.map_or_else(
        || "unpriced".to_owned(),
        |microusd| format!("${}.{:06}", microusd / 1_000_000, microusd % 1_000_000),
    )
}
