//! Logs, metrics, health types.
