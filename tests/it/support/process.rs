//! The binary in processes of its own, and what those leave in the process table.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// The binary, started in a folder.
pub fn agentarena(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentarena"));
    command
        .current_dir(dir)
        .env_remove("RUST_LOG")
        .stdin(Stdio::null());
    command
}

/// What the binary prints.
pub fn output(dir: &Path, arguments: &[&str]) -> Output {
    agentarena(dir)
        .args(arguments)
        .output()
        .expect("the binary runs")
}

/// Bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A process of ours that ends with the test, whatever happens.
pub struct Running {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Running {
    /// Starts it.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the binary starts");
        let lines = BufReader::new(child.stdout.take().expect("stdout is piped")).lines();
        Self { child, lines }
    }

    /// Reads lines until one holds the text.
    pub fn line_with(&mut self, part: &str) -> String {
        for line in self.lines.by_ref() {
            let line = line.expect("readable output");
            if line.contains(part) {
                return line;
            }
        }
        panic!("the process ended without printing `{part}`");
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).expect("a pid"));
        kill(pid, signal).expect("the process is there");
    }

    /// Waits for its end.
    pub fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().expect("the process ends")
    }
}

impl Running {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal(Signal::SIGTERM);
            let _ = self.child.wait();
        }
    }
}

/// Browsers and drivers whose command line names the directory, by process id.
pub fn processes_of(dir: &Path) -> Vec<(i32, String)> {
    let needle = dir.display().to_string();
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let command_lines = entries.flatten().filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let mut bytes = Vec::new();
        std::fs::File::open(entry.path().join("cmdline"))
            .ok()?
            .read_to_end(&mut bytes)
            .ok()?;
        Some((pid, text(&bytes).replace('\0', " ")))
    });
    let ours = |line: &str| line.contains("--user-data-dir") || line.contains("--log-path");
    command_lines
        .filter(|(_, line)| line.contains(&needle) && ours(line))
        .collect()
}
