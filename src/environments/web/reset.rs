//! Puts the sites of a map back before an episode, in the operator's own way.

use std::time::Duration;

use super::map::Reset;
use crate::environments::EnvironmentError;
use crate::llm::outbound;

/// Runs the reset and waits until it says that the sites are ready.
pub(super) async fn run(reset: &Reset) -> Result<(), EnvironmentError> {
    let work = async {
        match (&reset.command, &reset.url) {
            (Some(command), _) => program(command).await,
            (None, Some(url)) => request(url).await,
            (None, None) => Ok(()),
        }
    };
    let limit = Duration::from_secs(reset.timeout_s);
    match tokio::time::timeout(limit, work).await {
        Ok(done) => done.map_err(|why| EnvironmentError(format!("the reset failed: {why}"))),
        Err(_) => Err(EnvironmentError(format!(
            "the reset did not end within {} s; raise reset.timeout_s in the map if it may take \
             longer",
            reset.timeout_s
        ))),
    }
}

async fn program(command: &[String]) -> Result<(), String> {
    let Some((name, arguments)) = command.split_first() else {
        return Ok(());
    };
    let ended = tokio::process::Command::new(name)
        .args(arguments)
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| format!("`{name}` does not start: {error}"))?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stderr);
    let last = said.lines().last().unwrap_or_default();
    Err(format!("`{name}` ended with {}: {last}", ended.status))
}

async fn request(url: &str) -> Result<(), String> {
    // The operator's own address, which may well be a private one.
    let client = outbound::client(true).map_err(|error| error.to_string())?;
    let answer = client
        .post(url)
        .send()
        .await
        .map_err(|error| error.to_string())?;
    if answer.status().is_success() {
        Ok(())
    } else {
        Err(format!("{url} answered with {}", answer.status()))
    }
}
