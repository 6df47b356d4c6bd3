//! Settings: the only reader of the settings file and of the environment.
//!
//! Sources in rising order: the defaults, the file (`agentarena.toml`, or the one that
//! `--config` names), the environment (`AGENTARENA__SECTION__KEY`), the flags of the command
//! line. A key that does not exist is refused with the nearest one that does; a value that is
//! not right is refused with its key, where it came from, and what would be right.

mod error;
mod load;
mod validate;

use std::net::IpAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use error::{ConfigError, Problem};
pub use load::{FILE_NAME, Override, Sources};

use crate::domain::agent::Provider;
use crate::domain::outcome::PlaygroundKind;

/// Everything that can be set. The defaults are complete: nothing must be set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Listeners and addresses.
    pub server: ServerSettings,
    /// Where everything is kept.
    pub data: DataSettings,
    /// Accounts and sign-in.
    pub auth: AuthSettings,
    /// Browser and driver.
    pub browser: BrowserSettings,
    /// The pool that runs submissions.
    pub jobs: JobSettings,
    /// What executes submissions.
    pub playground: PlaygroundSettings,
    /// Calls to addresses that users give.
    pub outbound: OutboundSettings,
    /// Agents that other people wrote.
    pub agents: AgentSettings,
    /// The model that judges where a task asks for it.
    pub judge: JudgeSettings,
    /// Logs.
    pub log: LogSettings,
    /// Bounds on requests.
    pub limits: LimitSettings,
}

/// Listeners and addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Address that website, API and sites listen on.
    pub host: IpAddr,
    /// Port of website and API; 0: any free one.
    pub port: u16,
    /// Port of the sites that tasks take place in; 0: any free one.
    pub sites_port: u16,
    /// Address that people open, e.g. `https://arena.example.org`; none: host and port.
    #[serde(with = "empty_is_none")]
    pub public_url: Option<String>,
    /// Whether cookies are sent over TLS only. Always so when `public_url` begins with `https:`.
    pub secure_cookies: bool,
}

impl ServerSettings {
    /// Whether cookies are sent over TLS only.
    pub fn cookies_are_secure(&self) -> bool {
        let https = self
            .public_url
            .as_deref()
            .map(|url| url.starts_with("https:"));
        self.secure_cookies || https.unwrap_or(false)
    }
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            host: IpAddr::from([127, 0, 0, 1]),
            port: 8080,
            sites_port: 8081,
            public_url: None,
            secure_cookies: false,
        }
    }
}

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSettings {
    /// Database, artifacts and keys; made when missing. One process owns it.
    pub dir: PathBuf,
}

impl Default for DataSettings {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("./data"),
        }
    }
}

/// Accounts and sign-in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthSettings {
    /// Whether anyone may make an account.
    pub sign_up_open: bool,
    /// Cost of a password hash: each step doubles the time. 4 to 31.
    pub bcrypt_cost: u32,
    /// How long an access token is good, in minutes.
    pub access_token_minutes: u32,
    /// How long a sign-in lasts without use, in days.
    pub refresh_token_days: u32,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self {
            sign_up_open: true,
            bcrypt_cost: 12,
            access_token_minutes: 15,
            refresh_token_days: 30,
        }
    }
}

/// Browser and driver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrowserSettings {
    /// Path of chromedriver; none: found on the machine.
    #[serde(with = "empty_is_none")]
    pub driver: Option<String>,
    /// Path of the browser; none: found on the machine.
    #[serde(with = "empty_is_none")]
    pub binary: Option<String>,
    /// Addresses of WebDriver servers to use instead of one of our own.
    pub remote_urls: Vec<String>,
    /// Whether each browser opens the next episode's page while one is at work.
    pub prepare_ahead: bool,
    /// Episodes after which a browser is replaced by a fresh one.
    pub recycle_after: u32,
    /// A browser that takes more memory than this is replaced, in megabytes.
    pub recycle_memory_mb: u32,
    /// How long one command to the browser may take, in milliseconds.
    pub command_timeout_ms: u64,
    /// How long a page must be quiet after an action, in milliseconds.
    pub settle_quiet_ms: u64,
    /// How long to wait for that at most, in milliseconds.
    pub settle_max_ms: u64,
}

impl Default for BrowserSettings {
    fn default() -> Self {
        Self {
            driver: None,
            binary: None,
            remote_urls: Vec::new(),
            prepare_ahead: true,
            recycle_after: 200,
            recycle_memory_mb: 1_500,
            command_timeout_ms: 30_000,
            settle_quiet_ms: 10,
            settle_max_ms: 3_000,
        }
    }
}

/// The pool that runs submissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobSettings {
    /// How many episodes run at once.
    pub parallel: u32,
    /// How many submissions may wait; more are answered 503.
    pub queue_limit: u32,
    /// How often a submission is tried again after a fault of the infrastructure.
    pub infra_retries: u32,
    /// Wait before the first of these tries, in milliseconds; it doubles with each.
    pub retry_backoff_ms: u64,
    /// How long a claim is good without a sign of life, in milliseconds.
    pub lease_ms: u64,
    /// How long running episodes may go on when the server is stopped, in milliseconds.
    pub shutdown_grace_ms: u64,
}

impl Default for JobSettings {
    fn default() -> Self {
        Self {
            parallel: 2,
            queue_limit: 5_000,
            infra_retries: 2,
            retry_backoff_ms: 2_000,
            lease_ms: 30_000,
            shutdown_grace_ms: 20_000,
        }
    }
}

/// What executes submissions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaygroundSettings {
    /// `real`: a browser. `mock`: simulated pages, for machines without a browser; such
    /// results are marked and never ranked.
    pub kind: PlaygroundKind,
}

impl Default for PlaygroundSettings {
    fn default() -> Self {
        Self {
            kind: PlaygroundKind::Real,
        }
    }
}

/// Calls to addresses that users give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutboundSettings {
    /// Whether private, loopback and link-local addresses may be called, e.g. a local model.
    pub allow_private: bool,
    /// How many calls to models at one provider's address may be under way at once, over all
    /// episodes; others wait their turn.
    pub parallel_calls: u32,
    /// After how many faults in a row calls to one provider's address are held back; 0: never.
    pub breaker_faults: u32,
    /// How long they are held back then, in milliseconds, before one call is let through again.
    pub breaker_cooldown_ms: u64,
}

impl Default for OutboundSettings {
    fn default() -> Self {
        Self {
            allow_private: false,
            parallel_calls: 8,
            breaker_faults: 10,
            breaker_cooldown_ms: 30_000,
        }
    }
}

/// Agents that other people wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentSettings {
    /// Whether agents that are programs on this machine may run. `run --agent-cmd` allows its own.
    pub allow_commands: bool,
    /// Folder of prompts that take the place of the arena's own of the same file name; none: the
    /// arena's own are used.
    #[serde(with = "empty_is_none")]
    pub prompts_dir: Option<String>,
}

/// The model that judges where a task asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgeSettings {
    /// Name of the model at the provider; none: such tasks cannot be scored.
    #[serde(with = "empty_is_none")]
    pub model: Option<String>,
    /// Which interface is spoken.
    pub provider: Provider,
    /// Where the provider is; none: its own address.
    #[serde(with = "empty_is_none")]
    pub base_url: Option<String>,
    /// File that holds the provider's key and nothing else; none: no key is sent.
    #[serde(with = "empty_is_none")]
    pub key_file: Option<String>,
    /// How long one call may take, in milliseconds.
    pub call_timeout_ms: u64,
}

impl Default for JudgeSettings {
    fn default() -> Self {
        Self {
            model: None,
            provider: Provider::OpenAi,
            base_url: None,
            key_file: None,
            call_timeout_ms: 60_000,
        }
    }
}

crate::named_values! {
    /// What a line of the log looks like.
    LogFormat {
        /// For people.
        Pretty = "pretty",
        /// One JSON object per line.
        Json = "json",
    }
}

/// Logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// `pretty` or `json`.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or directives such as `info,agentarena=debug`.
    pub level: String,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self {
            format: LogFormat::Pretty,
            level: "info".to_owned(),
        }
    }
}

/// Bounds on requests, per minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// Tries to sign in or sign up, per address.
    pub sign_in_per_minute: u32,
    /// Requests to the API, per person, or per address when not signed in.
    pub api_per_minute: u32,
    /// Tries of agents and tests of keys, per person: each makes calls for which someone may pay.
    pub tries_per_minute: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            sign_in_per_minute: 10,
            api_per_minute: 600,
            tries_per_minute: 10,
        }
    }
}

/// TOML has no null: an empty text stands for "not set".
mod empty_is_none {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde gives a reference to the field")]
    pub(super) fn serialize<S: Serializer>(
        value: &Option<String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(value.as_deref().unwrap_or_default())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<String>, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }
}
