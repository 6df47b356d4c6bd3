//! `agentarena doctor`: what is found on this machine, and what to do about what is missing.

use std::net::TcpListener;
use std::path::Path;
use std::process::ExitCode;

use crate::browser::{BrowserOptions, discover};
use crate::cli::output::{self, Side, Table};
use crate::config::Settings;
use crate::domain::outcome::PlaygroundKind;
use crate::store::{Store, StoreError};
use crate::telemetry::health::{HealthCheck, HealthReport, HealthStatus};

/// Examines and prints. Exits with 0 unless something keeps the arena from working.
pub(super) async fn run(settings: &Settings, as_json: bool) -> anyhow::Result<ExitCode> {
    let (checks, data_is_in_use) = {
        let (data, in_use) = check_data(settings).await;
        (
            vec![
                data,
                check_browser(settings).await,
                check_playground(settings),
            ],
            in_use,
        )
    };
    let ports = [
        ("website", settings.server.port),
        ("sites", settings.server.sites_port),
    ];
    let ports = ports.map(|(name, port)| check_port(settings, name, port, data_is_in_use));
    let report = HealthReport::of(checks.into_iter().chain(ports).collect());
    if as_json {
        output::json(&report)?;
    } else {
        let mut table = Table::new(&[
            ("part", Side::Left),
            ("state", Side::Left),
            ("found", Side::Left),
        ]);
        for check in &report.checks {
            table.row([
                check.name.clone(),
                check.status.to_string(),
                check.message.clone(),
            ]);
        }
        table.print();
    }
    Ok(if report.status == HealthStatus::Unhealthy {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn check_data(settings: &Settings) -> (HealthCheck, bool) {
    let dir = settings.data.dir.display();
    if !settings.data.dir.exists() {
        let check = match can_be_made(&settings.data.dir) {
            Ok(()) => {
                HealthCheck::healthy("data", format!("{dir} will be made by the first start"))
            }
            Err(error) => {
                let message = format!(
                    "{dir} does not exist and cannot be made ({error}); choose another data.dir"
                );
                HealthCheck::new("data", HealthStatus::Unhealthy, message)
            }
        };
        return (check, false);
    }
    match Store::open(&settings.data.dir) {
        Ok(store) => match store.check().await {
            Ok(()) => (
                HealthCheck::healthy("data", format!("{dir} opens and answers")),
                false,
            ),
            Err(error) => (
                HealthCheck::new("data", HealthStatus::Unhealthy, error.to_string()),
                false,
            ),
        },
        Err(StoreError::InUse { pid, .. }) => (
            HealthCheck::healthy(
                "data",
                format!("{dir} is in use by the arena with process id {pid}"),
            ),
            true,
        ),
        Err(error) => (
            HealthCheck::new("data", HealthStatus::Unhealthy, error.to_string()),
            false,
        ),
    }
}

/// Tries whether a folder that is not there can be made, and leaves nothing of it.
fn can_be_made(dir: &Path) -> std::io::Result<()> {
    let dir = std::path::absolute(dir)?;
    let missing = dir.ancestors().take_while(|folder| !folder.exists());
    match missing.last() {
        Some(first) => {
            std::fs::create_dir(first)?;
            std::fs::remove_dir(first)
        }
        None => Ok(()),
    }
}

async fn check_browser(settings: &Settings) -> HealthCheck {
    let options = BrowserOptions {
        driver: settings.browser.driver.clone().map(Into::into),
        binary: settings.browser.binary.clone().map(Into::into),
        remote_urls: settings.browser.remote_urls.clone(),
        ..BrowserOptions::new(settings.data.dir.join("browser"))
    };
    if !options.remote_urls.is_empty() {
        return HealthCheck::healthy(
            "browser",
            format!("remote: {}", options.remote_urls.join(", ")),
        );
    }
    let found = discover(&options).await;
    if !found.problem.is_empty() {
        return HealthCheck::new("browser", HealthStatus::Unhealthy, found.problem);
    }
    let programs = [found.browser, found.driver].into_iter().flatten();
    let programs: Vec<String> = programs
        .map(|program| format!("{} ({})", program.version, program.path.display()))
        .collect();
    HealthCheck::healthy("browser", programs.join(", "))
}

fn check_playground(settings: &Settings) -> HealthCheck {
    match settings.playground.kind {
        PlaygroundKind::Real => {
            HealthCheck::healthy("playground", "real: episodes run in the browser")
        }
        PlaygroundKind::Mock => HealthCheck::new(
            "playground",
            HealthStatus::Degraded,
            "mock: episodes are simulated and never ranked; set playground.kind = \"real\" to measure",
        ),
    }
}

fn check_port(settings: &Settings, name: &str, port: u16, arena_runs: bool) -> HealthCheck {
    let name = format!("{name} port");
    let address = std::net::SocketAddr::new(settings.server.host, port);
    match TcpListener::bind(address) {
        Ok(_) => HealthCheck::healthy(&name, format!("{address} is free")),
        Err(_) if arena_runs => {
            HealthCheck::healthy(&name, format!("{address} is taken, and an arena runs"))
        }
        Err(error) => {
            let message = format!("{address} cannot be listened on ({error}); choose another port");
            HealthCheck::new(&name, HealthStatus::Degraded, message)
        }
    }
}
