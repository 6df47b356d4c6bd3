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
use tokio::task::JoinHandle;

use crate::agents::foreign::{Channel, ChannelError, ForeignOptions, MAX_REPLY_BYTES};
use crate::process::{end_group, group_of};

/// How much of the log is kept, in bytes: the newest.
const LOG_BYTES: usize = 64 * 1024;

/// How long a program may take to end by itself when the episode is over.
const END_TIMEOUT: Duration = Duration::from_secs(2);

/// How much of the log stands in an error, in characters.
const LAST_WORDS: usize = 500;

/// What the names of the arena's own settings begin with; the program gets none of them.
const OWN_SETTINGS: &str = "AGENTARENA_";

/// A running program. Dropping it ends it with everything that it started.
pub struct Program {
    child: Child,
    group: Pid,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    log: Log,
    reader: JoinHandle<()>,
    timeout: Duration,
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
        let (program, arguments) = command.split_first().ok_or("the command is empty")?;
        let mut starting = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with(OWN_SETTINGS) {
                starting.env_remove(name);
            }
        }
        for (name, value) in environment {
            match value {
                Some(value) => starting.env(name, value),
                None => starting.env_remove(name),
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
            .map_err(|error| format!("`{program}` cannot be started: {error}"))?;
        let group = group_of(&child);
        let piped = "its standard streams are not there";
        let stdin = child.stdin.take().ok_or(piped)?;
        let stdout = child.stdout.take().ok_or(piped)?;
        let stderr = child.stderr.take().ok_or(piped)?;
        let log = Log::default();
        Ok(Self {
            child,
            group,
            stdin: Some(stdin),
            stdout: BufReader::new(stdout),
            reader: tokio::spawn(keep(stderr, log.clone())),
            log,
            timeout: options.turn_timeout,
        })
    }

    async fn exchange(&mut self, message: &str) -> Result<String, String> {
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
            let line = match self.read_line().await {
                Ok(Some(line)) => line,
                Ok(None) => return Err(self.obituary().await),
                Err(error) => return Err(error),
            };
            if line.trim_start().starts_with('{') {
                return Ok(line);
            }
            // Printed for people, or by a library: no reply.
            self.log.push(line.as_bytes());
        }
    }

    /// The next line; none at the end.
    async fn read_line(&mut self) -> Result<Option<String>, String> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.stdout).take(MAX_REPLY_BYTES as u64 + 1);
        let read = bounded.read_until(b'\n', &mut line).await;
        read.map_err(|error| format!("the agent's output cannot be read: {error}"))?;
        if line.len() > MAX_REPLY_BYTES {
            return Err(format!(
                "the agent's reply is longer than {MAX_REPLY_BYTES} bytes"
            ));
        }
        Ok((!line.is_empty()).then(|| String::from_utf8_lossy(&line).into_owned()))
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
        if tokio::time::timeout(END_TIMEOUT, &mut self.reader)
            .await
            .is_err()
        {
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
        }
        end_group(std::mem::replace(&mut self.group, Pid::from_raw(0)));
        self.finish_log().await;
        Some(self.log.text()).filter(|text| !text.is_empty())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        end_group(self.group);
        self.reader.abort();
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
