//! An agent that is a program on this machine: one process for an episode, one line of JSON for a
//! message and for a reply. What it writes to standard error is its log.

use std::collections::VecDeque;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::agents::foreign::{Channel, ChannelError, Fault, ForeignOptions, MAX_REPLY_BYTES};
use crate::process::{Guard, end_group, group_of};

/// How much of the log is kept, in bytes: the newest.
const LOG_BYTES: usize = 64 * 1024;

/// How long a program may take to end by itself when the episode is over.
const END_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the last words of a program that has ended may be on their way.
const GRACE: Duration = Duration::from_millis(500);

/// How much of the log stands in an error, in characters.
const LAST_WORDS: usize = 500;

/// Lines that a program may be ahead before it has to wait.
const LINES_AHEAD: usize = 64;

/// What the names of the arena's own settings begin with; the program gets none of them.
const OWN_SETTINGS: &str = "AGENTARENA_";

/// A running program. Dropping it ends it with everything that it started.
pub struct Program {
    child: Child,
    group: Pid,
    guard: Option<Guard>,
    stdin: Option<ChildStdin>,
    lines: mpsc::Receiver<Result<String, String>>,
    log: Log,
    reader: JoinHandle<()>,
    timeout: Duration,
    /// Replies that were left out, since nobody had asked for them.
    surplus: usize,
    /// Whether it had to be ended when its episode was over.
    lingered: bool,
}

impl Program {
    /// Starts the program in this process's folder, with its environment without the arena's own
    /// settings.
    pub fn start(command: &[String], options: &ForeignOptions) -> Result<Self, String> {
        Self::start_with(command, options, &[])
    }

    /// The same with variables of its own in its environment; those without a value are taken away.
    pub fn start_with(
        command: &[String],
        options: &ForeignOptions,
        environment: &[(&'static str, Option<&str>)],
    ) -> Result<Self, String> {
        let (name, arguments) = command.split_first().ok_or("the command is empty")?;
        let mut starting = Command::new(name);
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with(OWN_SETTINGS) {
                starting.env_remove(variable);
            }
        }
        for (variable, value) in environment {
            match value {
                Some(value) => starting.env(variable, value),
                None => starting.env_remove(variable),
            };
        }
        let mut child = starting
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("`{name}` cannot be started: {error}"))?;
        let group = group_of(&child);
        let guard = Guard::of(group).map_err(|error| {
            end_group(group);
            format!("`{name}` cannot be watched: {error}")
        })?;
        let piped = "its standard streams are not there";
        let stdin = child.stdin.take().ok_or(piped)?;
        let stdout = child.stdout.take().ok_or(piped)?;
        let stderr = child.stderr.take().ok_or(piped)?;
        let log = Log::default();
        let (sender, lines) = mpsc::channel(LINES_AHEAD);
        tokio::spawn(read_lines(BufReader::new(stdout), sender));
        Ok(Self {
            child,
            group,
            guard: Some(guard),
            stdin: Some(stdin),
            lines,
            reader: tokio::spawn(keep(stderr, log.clone())),
            log,
            timeout: options.turn_timeout,
            surplus: 0,
            lingered: false,
        })
    }

    /// Leaves out what was said before the next turn: it cannot be the reply to it.
    fn skip_surplus(&mut self) -> Result<(), String> {
        while let Ok(said) = self.lines.try_recv() {
            let line = said?;
            if is_reply(&line) {
                self.surplus += 1;
                self.log
                    .push(b"(left out, since nobody had asked: the next line)\n");
            }
            self.log.push(line.as_bytes());
        }
        Ok(())
    }

    async fn exchange(&mut self, message: &str) -> Result<String, String> {
        self.skip_surplus()?;
        let stdin = self.stdin.as_mut().ok_or("the agent's input is closed")?;
        let sent = async {
            stdin.write_all(message.as_bytes()).await?;
            stdin.write_all(b"\n").await?;
            stdin.flush().await
        };
        if sent.await.is_err() {
            return Err(self.obituary().await);
        }
        loop {
            match self.next_line().await {
                Some(Ok(line)) if is_reply(&line) => return Ok(line),
                // Printed for people, or by a library: no reply.
                Some(Ok(line)) => self.log.push(line.as_bytes()),
                Some(Err(error)) => return Err(error),
                None => return Err(self.obituary().await),
            }
        }
    }

    /// The next line; none when the program has ended, though what it started may hold its output
    /// open.
    async fn next_line(&mut self) -> Option<Result<String, String>> {
        tokio::select! {
            biased;
            said = self.lines.recv() => return said,
            _ = self.child.wait() => {}
        }
        // What it said last may still be on its way.
        let last = tokio::time::timeout(GRACE, self.lines.recv());
        last.await.ok().flatten()
    }

    /// How the program ended, with its last words.
    async fn obituary(&mut self) -> String {
        let ended = tokio::time::timeout(END_TIMEOUT, self.child.wait()).await;
        let how = match ended {
            Ok(Ok(status)) => format!("the agent's program ended ({status})"),
            Ok(Err(error)) => format!("the agent's program ended ({error})"),
            Err(_) => "the agent's program closed its output".to_owned(),
        };
        self.finish_log().await;
        match self.log.last_words() {
            words if words.is_empty() => format!("{how}; its log is empty"),
            words => format!("{how}; the end of its log: {words}"),
        }
    }

    /// Waits until the log is complete, or a descendant holds it open for too long.
    async fn finish_log(&mut self) {
        if self.reader.is_finished() {
            return;
        }
        if tokio::time::timeout(GRACE, &mut self.reader).await.is_err() {
            tracing::debug!("the standard error of an agent's program stayed open");
        }
    }
}

#[async_trait]
impl Channel for Program {
    async fn ask(&mut self, message: &str) -> Result<String, ChannelError> {
        let timeout = self.timeout;
        match tokio::time::timeout(timeout, self.exchange(message)).await {
            Ok(asked) => asked.map_err(ChannelError::Broken),
            Err(_) => Err(ChannelError::Broken(format!(
                "the agent did not answer within {} ms",
                timeout.as_millis()
            ))),
        }
    }

    async fn close(&mut self, message: &str) -> Option<String> {
        if let Err(error) = self.skip_surplus() {
            tracing::debug!(error, "an agent's program said something else at the end");
        }
        if let Some(mut stdin) = self.stdin.take() {
            let line = format!("{message}\n");
            // The end of its input says the same to a program that does not read the message.
            let said = tokio::time::timeout(END_TIMEOUT, stdin.write_all(line.as_bytes())).await;
            if !matches!(said, Ok(Ok(()))) {
                tracing::debug!("an agent's program did not take the end of its episode");
            }
        }
        if tokio::time::timeout(END_TIMEOUT, self.child.wait())
            .await
            .is_err()
        {
            tracing::debug!("an agent's program did not end by itself");
            self.lingered = true;
        }
        end_group(std::mem::replace(&mut self.group, Pid::from_raw(0)));
        self.guard = None;
        self.finish_log().await;
        Some(self.log.text()).filter(|text| !text.is_empty())
    }

    fn faults(&mut self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.surplus > 0 {
            faults.push(Fault::Surplus(format!(
                "it printed {} replies that nobody had asked for; print exactly one for each turn",
                self.surplus
            )));
        }
        if self.lingered {
            faults.push(Fault::End(format!(
                "it still ran {} s after the end and was killed; end when `end` comes or the \
                 input closes",
                END_TIMEOUT.as_secs()
            )));
        }
        faults
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        end_group(self.group);
        self.reader.abort();
    }
}

/// Whether a line is a reply, not something for people.
fn is_reply(line: &str) -> bool {
    line.trim_start().starts_with('{')
}

/// Hands over each line, until the end or until one cannot be taken.
async fn read_lines(
    mut stdout: BufReader<ChildStdout>,
    lines: mpsc::Sender<Result<String, String>>,
) {
    loop {
        let mut line = Vec::new();
        let mut bounded = (&mut stdout).take(MAX_REPLY_BYTES as u64 + 1);
        let said = match bounded.read_until(b'\n', &mut line).await {
            Ok(0) => return,
            Ok(_) if line.len() > MAX_REPLY_BYTES => Err(format!(
                "the agent's reply is longer than {MAX_REPLY_BYTES} bytes"
            )),
            Ok(_) => Ok(String::from_utf8_lossy(&line).into_owned()),
            Err(error) => Err(format!("the agent's output cannot be read: {error}")),
        };
        let broken = said.is_err();
        if lines.send(said).await.is_err() || broken {
            return;
        }
    }
}

/// The newest part of what a program wrote.
#[derive(Clone, Default)]
struct Log {
    kept: Arc<Mutex<(VecDeque<u8>, bool)>>,
}

impl Log {
    fn push(&self, bytes: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (log, cut) = &mut *kept;
        log.extend(bytes);
        let beyond = log.len().saturating_sub(LOG_BYTES);
        if beyond > 0 {
            log.drain(..beyond);
            *cut = true;
        }
    }

    fn text(&self) -> String {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (log, cut) = &*kept;
        let bytes: Vec<u8> = log.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        if *cut {
            format!("(the beginning is cut off)\n{text}")
        } else {
            text.into_owned()
        }
    }

    fn last_words(&self) -> String {
        let text = self.text();
        let text = text.trim();
        let from = text.chars().count().saturating_sub(LAST_WORDS);
        text.chars().skip(from).collect()
    }
}

async fn keep(mut stderr: ChildStderr, log: Log) {
    let mut buffer = [0; 4096];
    loop {
        match stderr.read(&mut buffer).await {
            Ok(0) => return,
            Ok(length) => log.push(&buffer[..length]),
            Err(error) => {
                tracing::debug!(%error, "the standard error of an agent's program cannot be read");
                return;
            }
        }
    }
}
