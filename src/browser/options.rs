//! What the real browser is told to be. Plain values; the settings file is read elsewhere.

use std::path::PathBuf;
use std::time::Duration;

/// Width and height of the viewport in CSS pixels, the same in every episode.
pub const VIEWPORT: (u32, u32) = (1280, 720);

/// How to run browsers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserOptions {
    /// The driver program; looked for when absent.
    pub driver: Option<PathBuf>,
    /// The browser program; looked for when absent.
    pub binary: Option<PathBuf>,
    /// WebDriver servers elsewhere, used instead of programs of this machine.
    pub remote_urls: Vec<String>,
    /// Where profiles live while browsers run, e.g. `<data>/browser`. Owned by this process alone.
    pub profiles_dir: PathBuf,
    /// Pages that can act at once, each in a browser of its own.
    pub capacity: usize,
    /// A browser is replaced after so many episodes.
    pub recycle_after: u32,
    /// A browser is replaced when it takes more memory than this, in bytes.
    pub recycle_memory: u64,
    /// Longest wait for the answer to one command.
    pub command_timeout: Duration,
    /// How long a page must not change to count as quiet.
    pub settle_quiet: Duration,
    /// Longest wait for a page to become quiet.
    pub settle_max: Duration,
}

impl BrowserOptions {
    /// Usual values with profiles in `profiles_dir`.
    pub fn new(profiles_dir: impl Into<PathBuf>) -> Self {
        Self {
            driver: None,
            binary: None,
            remote_urls: Vec::new(),
            profiles_dir: profiles_dir.into(),
            capacity: 2,
            recycle_after: 50,
            recycle_memory: 1_500_000_000,
            command_timeout: Duration::from_secs(30),
            settle_quiet: Duration::from_millis(30),
            settle_max: Duration::from_secs(5),
        }
    }
}
