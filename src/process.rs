//! Process groups: what is started in one of its own ends as a whole, with all that it started.

use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::process::Child;

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
