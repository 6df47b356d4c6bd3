//! Logs: to standard error, for people or as JSON, filtered by level.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

/// What a line of the log looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogStyle {
    /// For people.
    Pretty,
    /// One JSON object per line.
    Json,
}

/// The log could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("the log could not be set up: {0}")]
pub struct LogError(String);

/// Sets up the log of this process. `level` is a level or directives such as
/// `info,agentarena=debug`. Fails when the directives are not right, or when the process has a
/// log already.
pub fn init(style: LogStyle, level: &str) -> Result<(), LogError> {
    // That library logs replies of models as errors; what went wrong is in our own words anyway.
    let directives = format!("{level},async_openai=off");
    let filter = EnvFilter::try_new(directives).map_err(|error| LogError(error.to_string()))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_span_events(FmtSpan::NONE)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let installed = match style {
        LogStyle::Pretty => builder.compact().try_init(),
        LogStyle::Json => builder.json().flatten_event(true).try_init(),
    };
    installed.map_err(|error| LogError(error.to_string()))
}
