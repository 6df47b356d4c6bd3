//! Process groups: what is started in one of its own ends as a whole, with all that it started. And
//! how this process itself is told to stop.

use std::process::Stdio;

use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

/// Waits for the end of its input, then ends the group that it is given.
const GUARD: &str = r#"read -r _; kill -s KILL -- "-$1""#;

/// Waits for Ctrl-C or SIGTERM.
pub async fn told_to_stop() -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

/// The group of a child that was started as the head of its own (`process_group(0)`).
pub fn group_of(child: &Child) -> Pid {
    // A child that was just spawned has an id; 0 would mean our own group and is never signalled.
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    Pid::from_raw(id.unwrap_or(0))
}

/// Ends every process of a group at once.
pub fn end_group(group: Pid) {
    if group.as_raw() <= 1 {
        return;
    }
    match killpg(group, Signal::SIGKILL) {
        Ok(()) => {}
        Err(Errno::ESRCH) => tracing::trace!(%group, "the process group had ended already"),
        Err(error) => tracing::warn!(%error, %group, "a process group could not be ended"),
    }
}

/// Ends a group as soon as this process is gone, even by `kill -9`. Dropping it calls that off.
#[derive(Debug)]
pub struct Guard(#[expect(dead_code, reason = "its input closes when nobody holds it")] Child);

impl Guard {
    /// Starts a shell of its own group whose input is a pipe: only this process holds the other
    /// end, so the system closes it when this process ends, however that comes.
    pub fn of(group: Pid) -> std::io::Result<Self> {
        let shell = Command::new("sh")
            .args(["-c", GUARD, "agentarena-guard", &group.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self(shell))
    }
}
