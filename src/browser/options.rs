//! What the real browser is told to be. Plain values; the settings file is read elsewhere.

use std::path::PathBuf;
use std::time::Duration;

/// Device pixels for a CSS pixel, the same in every episode.
pub const DEVICE_SCALE_FACTOR: u32 = 1;

/// Language of browsers.
pub const LOCALE: &str = "en-US";

/// Time zone of browsers on this machine.
pub const TIMEZONE: &str = "UTC";

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
    /// Whether each browser opens the next page while one acts.
    pub prepare_ahead: bool,
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
    /// Pages that one browser holds. Elsewhere every page has a browser of its own, and a browser
    /// that is only waited with would be missing there.
    pub const fn pages_per_browser(&self) -> usize {
        if self.prepare_ahead && self.remote_urls.is_empty() {
            2
        } else {
            1
        }
    }

    /// Pages that can be open at once.
    pub const fn places(&self) -> usize {
        let capacity = if self.capacity == 0 { 1 } else { self.capacity };
        capacity * self.pages_per_browser()
    }

    /// Usual values with profiles in `profiles_dir`.
    pub fn new(profiles_dir: impl Into<PathBuf>) -> Self {
        Self {
            driver: None,
            binary: None,
            remote_urls: Vec::new(),
            profiles_dir: profiles_dir.into(),
            capacity: 2,
            prepare_ahead: true,
            recycle_after: 50,
            recycle_memory: 1_500_000_000,
            command_timeout: Duration::from_secs(30),
            settle_quiet: Duration::from_millis(10),
            settle_max: Duration::from_secs(5),
        }
    }
}
