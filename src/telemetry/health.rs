//! How the parts of the arena stand, as `/health` and `doctor` tell it.

use serde::{Deserialize, Serialize};

crate::named_values! {
    /// How something stands, from best to worst.
    HealthStatus {
        /// All is well.
        Healthy = "healthy",
        /// It works, but something needs a look.
        Degraded = "degraded",
        /// It does not work.
        Unhealthy = "unhealthy",
    }
}

/// How one part stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthCheck {
    /// The part, e.g. `database`.
    pub name: String,
    /// How it stands.
    pub status: HealthStatus,
    /// What was found; when not healthy, what to do.
    pub message: String,
}

impl HealthCheck {
    /// How one part stands.
    pub fn new(name: &str, status: HealthStatus, message: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            status,
            message: message.into(),
        }
    }

    /// A part that is well.
    pub fn healthy(name: &str, message: impl Into<String>) -> Self {
        Self::new(name, HealthStatus::Healthy, message)
    }
}

/// How all parts stand together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthReport {
    /// The worst of the parts.
    pub status: HealthStatus,
    /// The parts.
    pub checks: Vec<HealthCheck>,
}

impl HealthReport {
    /// A report over parts; it stands as the worst of them, and without parts it is well.
    pub fn of(checks: Vec<HealthCheck>) -> Self {
        let status = checks.iter().map(|check| check.status).max();
        Self {
            status: status.unwrap_or(HealthStatus::Healthy),
            checks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_part_decides() {
        let check = |status| HealthCheck::new("x", status, "");
        let report = HealthReport::of(vec![
            check(HealthStatus::Healthy),
            check(HealthStatus::Unhealthy),
            check(HealthStatus::Degraded),
        ]);
        assert_eq!(report.status, HealthStatus::Unhealthy);
        assert_eq!(HealthReport::of(vec![]).status, HealthStatus::Healthy);
    }
}
