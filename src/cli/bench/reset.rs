//! How long opening a fresh run takes, and whether its state is the same each time.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cli::output::{self, Side, Table};
use crate::sites::people::MARA;
use crate::sites::registry::SITES;
use crate::sites::tasks::PUBLIC_WORLD;
use crate::sites::{OpenRun, SiteRuns};

/// What is promised.
const TARGET: Duration = Duration::from_millis(1);

/// Runs whose state is hashed, of all that are opened: hashing takes far longer than opening.
const HASHED: u32 = 50;

/// What was measured of a site.
struct Measured {
    site: &'static str,
    p50: Duration,
    p99: Duration,
    /// Different states among those that were hashed; 1 is right.
    states: usize,
    hash: String,
}

impl Measured {
    fn is_met(&self) -> bool {
        self.p99 < TARGET && self.states == 1
    }
}

/// Measures every site and prints. Says whether the target is met.
pub(super) fn run(runs: u32, as_json: bool) -> anyhow::Result<bool> {
    let measured = SITES
        .iter()
        .map(|site| measure(site.name, runs))
        .collect::<anyhow::Result<Vec<_>>>()?;
    if as_json {
        output::json(&measured.iter().map(row_json).collect::<Vec<_>>())?;
    } else {
        print(&measured, runs);
    }
    Ok(measured.iter().all(Measured::is_met))
}

fn measure(site: &'static str, runs: u32) -> anyhow::Result<Measured> {
    let registry = SiteRuns::new();
    let spec = OpenRun {
        persona: MARA.id.to_owned(),
        world: PUBLIC_WORLD,
        sites: vec![site.to_owned()],
        start: format!("/{site}/"),
    };
    registry.base(&spec.persona, spec.world)?;
    let mut times = Vec::new();
    let mut hashes = BTreeSet::new();
    for number in 0..runs {
        let begun = Instant::now();
        let ticket = registry.open(&spec)?;
        times.push(begun.elapsed());
        if number % (runs / HASHED).max(1) == 0 {
            hashes.insert(registry.state_hash(ticket.run_id)?);
        }
        registry.close(ticket.run_id);
    }
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    Ok(Measured {
        site,
        p50: at(50),
        p99: at(99),
        states: hashes.len(),
        hash: hashes.into_iter().next().unwrap_or_default(),
    })
}

fn micros(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e7).round() / 10.0
}

fn row_json(row: &Measured) -> Value {
    json!({
        "site": row.site, "p50Us": micros(row.p50), "p99Us": micros(row.p99),
        "targetP99Us": micros(TARGET), "states": row.states, "stateHash": row.hash, "met": row.is_met(),
    })
}

fn print(measured: &[Measured], runs: u32) {
    let mut table = Table::new(&[
        ("site", Side::Left),
        ("p50, us", Side::Right),
        ("p99, us", Side::Right),
        ("target p99, us", Side::Right),
        ("states", Side::Right),
        ("state hash", Side::Left),
        ("", Side::Left),
    ]);
    for row in measured {
        table.row([
            row.site.to_owned(),
            format!("{:.1}", micros(row.p50)),
            format!("{:.1}", micros(row.p99)),
            format!("{:.0}", micros(TARGET)),
            row.states.to_string(),
            row.hash.clone(),
            if row.is_met() { "met" } else { "not met" }.to_owned(),
        ]);
    }
    table.print();
    output::line(&format!(
        "\n{runs} runs opened per site; a run holds the state of all sites."
    ));
}
