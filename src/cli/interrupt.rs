//! Ctrl-C and SIGTERM end a command with everything that it started.

use anyhow::{Context as _, bail};

use crate::app::Application;
use crate::cli::output;
use crate::process;

/// Works until the work is done, or until someone ends the command, which is an error.
pub(super) async fn unless_interrupted<T, E: Into<anyhow::Error>>(
    work: impl Future<Output = Result<T, E>>,
) -> anyhow::Result<T> {
    unless_told(work, "stopping").await
}

async fn unless_told<T, E: Into<anyhow::Error>>(
    work: impl Future<Output = Result<T, E>>,
    note: &str,
) -> anyhow::Result<T> {
    tokio::select! {
        done = work => done.map_err(Into::into),
        told = process::told_to_stop() => {
            told.context("listening for signals")?;
            output::note(note);
            bail!("interrupted")
        }
    }
}

/// Works with an arena and stops it, whatever comes of the work.
pub(super) async fn with_arena<T>(
    app: Application,
    work: impl AsyncFnOnce(&Application) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let grace = app.grace();
    let note = format!(
        "stopping: running episodes may finish, for at most {} s; the rest stays in the queue",
        grace.as_secs_f64()
    );
    let done = unless_told(work(&app), &note).await;
    let stopped = app.stop().await;
    let done = done?;
    stopped?;
    Ok(done)
}
