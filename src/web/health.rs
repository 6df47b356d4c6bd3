//! `/health`, `/ready` and `/metrics`: for machines that watch, and for people who ask what is
//! missing.

use std::path::Path;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, get, resource};
use serde::Serialize;

use crate::domain::agent::Provider;
use crate::playground::PlaygroundHealth;
use crate::telemetry::health::{HealthCheck, HealthReport, HealthStatus};
use crate::web::error::ApiError;
use crate::web::extract::State;
use crate::web::state::AppState;

/// Less free space than this is worth a word: 1 GiB.
const LOW_DISK_BYTES: u64 = 1 << 30;

/// Less free space than this stops the arena from working: 64 MiB.
const NO_DISK_BYTES: u64 = 64 << 20;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/health").route(get().to(health)))
        .service(resource("/ready").route(get().to(ready)))
        .service(resource("/metrics").route(get().to(metrics)));
}

/// Looks at every part.
pub async fn examine(state: &AppState) -> HealthReport {
    let database = match state.store.check().await {
        Ok(()) => HealthCheck::healthy("database", "answers"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            let message = "does not answer; the log names the cause";
            HealthCheck::new("database", HealthStatus::Unhealthy, message)
        }
    };
    let playground = playground_part(&state.playground.health());
    let models = models_part(&state.gates.open_circuits());
    let disk = disk_part(state.store.dir());
    HealthReport::of(vec![database, playground, models, disk])
}

/// Addresses are users' input and their own affair; how many of them fail is not.
fn models_part(open: &[(Provider, usize)]) -> HealthCheck {
    if open.is_empty() {
        return HealthCheck::healthy("models", "no provider fails again and again");
    }
    let counts = open.iter().map(|(provider, count)| {
        let plural = if *count == 1 { "" } else { "es" };
        format!("{count} address{plural} of `{provider}`")
    });
    let message = format!(
        "calls are held back, for they fail again and again: {}",
        counts.collect::<Vec<_>>().join(", ")
    );
    HealthCheck::new("models", HealthStatus::Degraded, message)
}

fn playground_part(health: &PlaygroundHealth) -> HealthCheck {
    if !health.ok {
        let message = format!("submissions wait: {}", health.problem);
        return HealthCheck::new("playground", HealthStatus::Degraded, message);
    }
    let (in_use, capacity) = (health.in_use, health.capacity);
    let message = format!("{}: {in_use} of {capacity} in use", health.version);
    HealthCheck::healthy("playground", message)
}

fn disk_part(dir: &Path) -> HealthCheck {
    let free = match nix::sys::statvfs::statvfs(dir) {
        Ok(stat) => stat.blocks_available() * stat.fragment_size(),
        Err(error) => {
            tracing::error!(%error, "the free space of the data directory could not be read");
            return HealthCheck::new(
                "disk",
                HealthStatus::Degraded,
                "free space could not be read",
            );
        }
    };
    let status = match free {
        0..NO_DISK_BYTES => HealthStatus::Unhealthy,
        NO_DISK_BYTES..LOW_DISK_BYTES => HealthStatus::Degraded,
        LOW_DISK_BYTES.. => HealthStatus::Healthy,
    };
    let message = format!("{} MiB free", free >> 20);
    HealthCheck::new("disk", status, message)
}

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    health: HealthReport,
    version: &'static str,
}

async fn health(state: State) -> Result<HttpResponse, ApiError> {
    let health = examine(&state).await;
    let status = match health.status {
        HealthStatus::Healthy | HealthStatus::Degraded => StatusCode::OK,
        HealthStatus::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    Ok(HttpResponse::build(status).json(Report {
        health,
        version: env!("CARGO_PKG_VERSION"),
    }))
}

#[derive(Serialize)]
struct Ready {
    ready: bool,
}

/// Whether requests can be served. That no browser is there does not count: submissions wait.
async fn ready(state: State) -> Result<HttpResponse, ApiError> {
    let ready = state.store.check().await.is_ok();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    Ok(HttpResponse::build(status).json(Ready { ready }))
}

async fn metrics(state: State) -> Result<HttpResponse, ApiError> {
    let text = state.metrics.render();
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::outcome::PlaygroundKind;

    #[test]
    fn a_missing_browser_degrades_and_says_what_to_do() {
        let mut health = PlaygroundHealth {
            kind: PlaygroundKind::Real,
            ok: false,
            version: String::new(),
            problem: "no chromedriver; install chromium-driver".to_owned(),
            capacity: 2,
            in_use: 0,
        };
        let part = playground_part(&health);
        assert_eq!(part.status, HealthStatus::Degraded);
        assert!(part.message.contains("install chromium-driver"));
        health.ok = true;
        assert_eq!(playground_part(&health).status, HealthStatus::Healthy);
    }

    #[test]
    fn circuits_that_are_open_degrade_and_name_no_address() {
        assert_eq!(models_part(&[]).status, HealthStatus::Healthy);
        let part = models_part(&[(Provider::OpenAi, 1), (Provider::Anthropic, 2)]);
        assert_eq!(part.status, HealthStatus::Degraded);
        let told = "1 address of `openai`, 2 addresses of `anthropic`";
        assert!(part.message.ends_with(told), "{}", part.message);
    }

    #[test]
    fn free_space_is_read() {
        let dir = tempfile::tempdir().unwrap();
        assert!(disk_part(dir.path()).message.ends_with("MiB free"));
    }
}
