//! `/health`, `/ready` and `/metrics`: for machines that watch, and for people who ask what is
//! missing.

use std::path::Path;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, get, resource};
use serde::Serialize;

use crate::playground::PlaygroundHealth;
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

/// How the arena, or a part of it, stands. Later is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// All is well.
    Healthy,
    /// It works in part; the message says what does not.
    Degraded,
    /// It does not work.
    Unhealthy,
}

/// One part of the arena.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// How it stands.
    pub status: Status,
    /// What it is, or what is wrong and what to do.
    pub message: String,
}

impl Part {
    fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
        }
    }
}

/// How the arena stands as a whole: as its worst part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// The whole.
    pub status: Status,
    /// The arena's version.
    pub version: &'static str,
    /// Whether rows can be read.
    pub database: Part,
    /// Whether episodes can run.
    pub playground: Part,
    /// Whether there is room.
    pub disk: Part,
}

/// Looks at every part.
pub async fn examine(state: &AppState) -> Health {
    let database = match state.store.check().await {
        Ok(()) => Part::new(Status::Healthy, "answers"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            Part::new(
                Status::Unhealthy,
                "does not answer; the log names the cause",
            )
        }
    };
    let playground = playground_part(&state.playground.health());
    let disk = disk_part(state.store.dir());
    Health {
        status: database.status.max(playground.status).max(disk.status),
        version: env!("CARGO_PKG_VERSION"),
        database,
        playground,
        disk,
    }
}

fn playground_part(health: &PlaygroundHealth) -> Part {
    if !health.ok {
        let message = format!("submissions wait: {}", health.problem);
        return Part::new(Status::Degraded, message);
    }
    let (in_use, capacity) = (health.in_use, health.capacity);
    let message = format!("{}: {in_use} of {capacity} in use", health.version);
    Part::new(Status::Healthy, message)
}

fn disk_part(dir: &Path) -> Part {
    let free = match nix::sys::statvfs::statvfs(dir) {
        Ok(stat) => u64::from(stat.blocks_available()) * u64::from(stat.fragment_size()),
        Err(error) => {
            tracing::error!(%error, "the free space of the data directory could not be read");
            return Part::new(Status::Degraded, "free space could not be read");
        }
    };
    let status = match free {
        0..NO_DISK_BYTES => Status::Unhealthy,
        NO_DISK_BYTES..LOW_DISK_BYTES => Status::Degraded,
        LOW_DISK_BYTES.. => Status::Healthy,
    };
    let message = format!("{} MiB free", free >> 20);
    Part::new(status, message)
}

async fn health(state: State) -> Result<HttpResponse, ApiError> {
    let health = examine(&state).await;
    let status = match health.status {
        Status::Healthy | Status::Degraded => StatusCode::OK,
        Status::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    Ok(HttpResponse::build(status).json(health))
}

#[derive(Serialize)]
struct Ready {
    ready: bool,
}

/// Whether requests can be served. That no browser is there does not count: submissions wait.
async fn ready(state: State) -> Result<HttpResponse, ApiError> {
    let ready = state.store.check().await.is_ok();
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    Ok(HttpResponse::build(status).json(Ready { ready }))
}

async fn metrics(state: State) -> Result<HttpResponse, ApiError> {
    let text = (state.metrics)();
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
        assert_eq!(part.status, Status::Degraded);
        assert!(part.message.contains("install chromium-driver"));
        health.ok = true;
        assert_eq!(playground_part(&health).status, Status::Healthy);
    }

    #[test]
    fn the_worst_part_decides() {
        assert!(Status::Unhealthy > Status::Degraded && Status::Degraded > Status::Healthy);
        let dir = tempfile::tempdir().unwrap();
        assert!(disk_part(dir.path()).message.ends_with("MiB free"));
    }
}
