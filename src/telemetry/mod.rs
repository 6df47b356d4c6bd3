//! Logs, metrics and the types of health reports. Knows nothing of what it tells about.

pub mod health;
pub mod logs;
pub mod metrics;
