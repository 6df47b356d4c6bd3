//! One chromedriver with its browsers: started in a process group of its own inside a folder of
//! its own, and ended with everything it started.
//!
//! The folder holds temporary profiles and the number of the process group, so that a later
//! start of the server can remove what a killed one left behind.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::BrowserError;
use crate::process::{end_group, group_of};

/// File with the number of the process group.
const GROUP_FILE: &str = "group";
/// What names of folders begin with.
const FOLDER_PREFIX: &str = "driver-";
/// File with the short way to the folder, where it has one.
const LINK_FILE: &str = "link";
/// Where an arena has its browsers within its data directory.
const BROWSERS: &str = "browser";
/// Longest folder in bytes, in which full Chromium can still make its lock's socket: the 108 bytes of
/// `sun_path` (unix(7)), less its end and `/org.chromium.Chromium.XXXXXX/SingletonSocket`.
const LONGEST_FOLDER: usize = 108 - 1 - 45;
/// Longest wait for a driver to listen.
const START_TIMEOUT: Duration = Duration::from_mins(1);

static NEXT_FOLDER: AtomicU32 = AtomicU32::new(0);

/// A running chromedriver. Dropping it ends it, its browsers and its folder.
pub(super) struct Driver {
    running: Arc<Running>,
    port: u16,
    exited: CancellationToken,
}

/// What has to go when a driver ends.
pub(super) struct Running {
    group: Pid,
    folder: PathBuf,
    /// Whether this end was ours.
    ended: AtomicBool,
}

impl Running {
    /// Memory of the driver and its browsers in bytes: the proportional set sizes of the
    /// processes in their group, so that shared pages count once. Reads `/proc`, so it blocks.
    pub(super) fn memory(&self) -> u64 {
        processes()
            .filter(|pid| group_of_process(*pid) == Some(self.group.as_raw()))
            .filter_map(proportional_set_size)
            .sum()
    }

    /// Ends the driver and its browsers at once. Whoever uses them sees them gone.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
        end_group(self.group);
        remove_folder(&self.folder);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

impl Driver {
    /// Starts a driver that listens on a free port of this machine.
    pub(super) async fn start(program: &Path, profiles: &Path) -> Result<Self, BrowserError> {
        let folder = new_folder(profiles).map_err(|error| {
            BrowserError::Unavailable(format!(
                "cannot make a folder for profiles in {}: {error}",
                profiles.display()
            ))
        })?;
        let cannot = |error: &dyn std::fmt::Display| {
            BrowserError::Unavailable(format!("{} does not start: {error}", program.display()))
        };
        let mut child = match spawn(program, &folder) {
            Ok(child) => child,
            Err(error) => {
                remove_folder(&folder);
                return Err(cannot(&error));
            }
        };
        // From here on dropping `running` cleans up, whatever fails.
        let running = Arc::new(Running {
            group: group_of(&child),
            folder,
            ended: AtomicBool::new(false),
        });
        let group = running.group.as_raw().to_string();
        std::fs::write(running.folder.join(GROUP_FILE), group).map_err(|error| cannot(&error))?;
        let stdout = child.stdout.take();
        let exited = watch(child, &running);
        let listening = tokio::time::timeout(START_TIMEOUT, read_port(stdout)).await;
        let port = listening
            .map_err(|_| cannot(&"it does not listen in time"))?
            .map_err(|error| cannot(&error))?;
        Ok(Self {
            running,
            port,
            exited,
        })
    }

    /// Address for WebDriver.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// What has to go when it ends; does not keep it running.
    pub(super) fn running(&self) -> Weak<Running> {
        Arc::downgrade(&self.running)
    }

    /// Whether the driver still runs.
    pub(super) fn is_alive(&self) -> bool {
        !self.exited.is_cancelled()
    }
}

/// Waits for the driver's end in the background. A driver that dies takes its browsers along:
/// nobody could end their sessions any more.
fn watch(mut child: Child, running: &Arc<Running>) -> CancellationToken {
    let exited = CancellationToken::new();
    let (token, running) = (exited.clone(), Arc::downgrade(running));
    tokio::spawn(async move {
        if let Err(error) = child.wait().await {
            tracing::warn!(%error, "the end of a driver was not seen");
        }
        token.cancel();
        if let Some(running) = running.upgrade()
            && !running.ended.load(Ordering::Relaxed)
        {
            tracing::warn!(group = %running.group, "a driver ended by itself; its browsers go with it");
            end_group(running.group);
        }
    });
    exited
}

async fn read_port(stdout: Option<ChildStdout>) -> Result<u16, String> {
    let mut lines = BufReader::new(stdout.ok_or("it has no output")?).lines();
    while let Some(line) = lines.next_line().await.map_err(|e| e.to_string())? {
        if line.contains("successfully")
            && let Some((_, port)) = line.rsplit_once("port ")
            && let Ok(port) = port.trim().trim_end_matches('.').parse()
        {
            return Ok(port);
        }
    }
    Err("it ended at once".to_owned())
}

fn spawn(program: &Path, folder: &Path) -> std::io::Result<Child> {
    let temporary = short_way(folder, &[std::env::temp_dir(), "/tmp".into()])?;
    Command::new(program)
        .arg("--port=0")
        // Puts the folder into the command line, by which strays are recognised.
        .arg(format!("--log-path={}", folder.join("log").display()))
        .arg("--log-level=WARNING")
        .env("TMPDIR", temporary)
        .env("TZ", super::options::TIMEZONE)
        .env("LANG", "en_US.UTF-8")
        .env("LANGUAGE", "en_US")
        .env_remove("DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
}

/// The folder itself, or a link to it, in the first of these places where that is shorter, when its
/// name is too long for what browsers make in it.
fn short_way(folder: &Path, places: &[PathBuf]) -> std::io::Result<PathBuf> {
    let is_short = |path: &Path| path.as_os_str().len() <= LONGEST_FOLDER;
    if is_short(folder) {
        return Ok(folder.to_owned());
    }
    // Not by the process's number: containers that share the folder may have the same.
    let name = Uuid::new_v4().simple().to_string();
    let mut links = places
        .iter()
        .map(|place| place.join(format!("aa-{}", &name[..16])));
    let Some(link) = links.find(|link| is_short(link)) else {
        tracing::warn!(folder = %folder.display(), "this folder's name is too long for full Chromium");
        return Ok(folder.to_owned());
    };
    // First the note, so that whatever breaks off leaves no link that nobody removes.
    std::fs::write(folder.join(LINK_FILE), link.as_os_str().as_encoded_bytes())?;
    std::os::unix::fs::symlink(folder, &link)?;
    Ok(link)
}

fn remove_link(link: &Path) {
    let is_link = std::fs::symlink_metadata(link).is_ok_and(|found| found.is_symlink());
    if is_link && let Err(error) = std::fs::remove_file(link) {
        tracing::warn!(%error, link = %link.display(), "a link to a browser's folder was not removed");
    }
}

fn new_folder(profiles: &Path) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(profiles)?;
    let profiles = profiles.canonicalize()?;
    loop {
        let number = NEXT_FOLDER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{FOLDER_PREFIX}{}-{number}", std::process::id());
        match std::fs::create_dir(profiles.join(&name)) {
            Ok(()) => return Ok(profiles.join(name)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// Removes a folder. Dying browsers may still write into it for a moment, so a few tries.
fn remove_folder(folder: &Path) {
    if let Ok(link) = std::fs::read_to_string(folder.join(LINK_FILE)) {
        remove_link(Path::new(&link));
    }
    for _ in 0..50 {
        match std::fs::remove_dir_all(folder) {
            Ok(()) => return,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
            Err(_) => std::thread::yield_now(),
        }
    }
    if let Err(error) = std::fs::remove_dir_all(folder) {
        tracing::warn!(%error, folder = %folder.display(), "a browser profile was not removed; the next start removes it");
    }
}

/// Ends drivers and browsers that a killed server left behind and removes their folders. The
/// caller owns `profiles`: no living server uses it. A process group is ended only when one of
/// its processes names the folder in its command line, so a reused number harms nobody.
pub(super) fn remove_strays(profiles: &Path) -> usize {
    let Ok(profiles) = profiles.canonicalize() else {
        return 0;
    };
    let Ok(entries) = std::fs::read_dir(&profiles) else {
        return 0;
    };
    let own = format!("{FOLDER_PREFIX}{}-", std::process::id());
    let mut removed = 0;
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with(FOLDER_PREFIX) || name.starts_with(&own) {
            continue;
        }
        let folder = entry.path();
        if let Some(group) = groups_of(&folder) {
            tracing::info!(%group, folder = %folder.display(), "ending a stray browser");
            end_group(group);
        }
        remove_folder(&folder);
        removed += 1;
    }
    removed
}

/// Removes what commands of this user left in `temporary` when they were killed: folders
/// `agentarena-<what>-<process id>` whose process does not live any more, with the browsers in
/// them. Gives these folders. Blocks.
pub fn remove_left_behind(temporary: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(temporary).into_iter().flatten().flatten();
    let folders = entries.map(|entry| entry.path());
    let left: Vec<PathBuf> = folders.filter(|folder| is_left_behind(folder)).collect();
    for folder in &left {
        // A command's browsers are in its folder, those of a whole arena one folder below.
        remove_strays(folder);
        remove_strays(&folder.join(BROWSERS));
        remove_folder(folder);
    }
    left
}

fn is_left_behind(folder: &Path) -> bool {
    let name = folder.file_name().and_then(|name| name.to_str());
    let number = name
        .and_then(|name| name.strip_prefix("agentarena-"))
        .and_then(|name| name.rsplit_once('-'))
        .and_then(|(_, number)| number.parse::<i32>().ok());
    let Some(number) = number.filter(|number| *number > 0) else {
        return false;
    };
    // Whoever may write here could lay a link to somewhere else.
    let is_own = std::fs::symlink_metadata(folder)
        .is_ok_and(|found| found.is_dir() && found.uid() == nix::unistd::geteuid().as_raw());
    is_own && kill(Pid::from_raw(number), None) == Err(Errno::ESRCH)
}

/// The recorded process group, if a living process of it names the folder.
fn groups_of(folder: &Path) -> Option<Pid> {
    let text = std::fs::read_to_string(folder.join(GROUP_FILE)).ok()?;
    let group: i32 = text.trim().parse().ok()?;
    let marker = folder.as_os_str().as_encoded_bytes();
    processes()
        .filter(|pid| group_of_process(*pid) == Some(group))
        .any(|pid| {
            std::fs::read(format!("/proc/{pid}/cmdline"))
                .is_ok_and(|line| line.windows(marker.len()).any(|part| part == marker))
        })
        .then(|| Pid::from_raw(group))
}

/// The processes of this machine; none where there is no `/proc`.
fn processes() -> impl Iterator<Item = i32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The line `Pss:` of `/proc/<pid>/smaps_rollup`, which is in KiB.
fn proportional_set_size(pid: i32) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024)
}

/// The fifth field of `/proc/<pid>/stat`, counted behind the name in brackets.
fn group_of_process(pid: i32) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_folder_gets_a_short_way_that_goes_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let short = dir.path().join("driver-1-0");
        std::fs::create_dir(&short).unwrap();
        let places = [dir.path().to_owned()];
        assert_eq!(short_way(&short, &places).unwrap(), short);
        let long = dir.path().join("x".repeat(LONGEST_FOLDER));
        let folder = long.join(format!("driver-test-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        assert_eq!(
            short_way(&folder, std::slice::from_ref(&long)).unwrap(),
            folder
        );
        let link = short_way(&folder, &[long, dir.path().to_owned()]).unwrap();
        assert!(
            link.as_os_str().len() <= LONGEST_FOLDER,
            "{}",
            link.display()
        );
        assert_eq!(std::fs::read_link(&link).unwrap(), folder);
        remove_folder(&folder);
        assert!(!folder.exists() && std::fs::symlink_metadata(&link).is_err());
    }

    #[test]
    fn a_stray_folder_goes_and_a_group_that_does_not_name_it_stays() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("driver-1-0");
        std::fs::create_dir(&folder).unwrap();
        // Our own group: alive, but no process of it names the folder.
        let own = nix::unistd::getpgrp().as_raw().to_string();
        std::fs::write(folder.join(GROUP_FILE), own).unwrap();
        assert_eq!(groups_of(&folder), None);
        assert_eq!(remove_strays(dir.path()), 1);
        assert!(!folder.exists());
    }

    #[test]
    fn what_a_killed_command_left_goes_and_what_lives_stays() {
        use std::os::unix::process::CommandExt as _;
        let dir = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let folder = dir.path().join(name);
            std::fs::create_dir_all(folder.join("browser/driver-1-0")).unwrap();
            folder
        };
        let mut gone = std::process::Command::new("true").spawn().unwrap();
        gone.wait().unwrap();
        let dead = make(&format!("agentarena-look-{}", gone.id()));
        let lives = make(&format!("agentarena-look-{}", std::process::id()));
        let others = [
            make("agentarena-look"),
            make("agentarena-0"),
            make(&format!("elsewhere-{}", gone.id())),
        ];
        let link = dir.path().join(format!("agentarena-link-{}", gone.id()));
        std::os::unix::fs::symlink(&lives, &link).unwrap();
        // Stands for the driver: it names the folder in its command line.
        let driver = dead.join("driver-1-0");
        std::fs::create_dir(&driver).unwrap();
        let mut stray = std::process::Command::new("sh")
            .args(["-c", "read -r _", driver.to_str().unwrap()])
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        std::fs::write(driver.join(GROUP_FILE), stray.id().to_string()).unwrap();

        assert_eq!(remove_left_behind(dir.path()), std::slice::from_ref(&dead));
        assert!(!dead.exists());
        assert!(!stray.wait().unwrap().success(), "it was ended");
        assert!(lives.exists() && std::fs::symlink_metadata(&link).is_ok());
        assert!(others.iter().all(|other| other.exists()));
    }

    #[tokio::test]
    async fn a_program_that_is_no_driver_is_unavailable_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let error = Driver::start(Path::new("/bin/true"), dir.path())
            .await
            .err()
            .unwrap();
        assert!(error.to_string().contains("ended at once"), "{error}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}
