//! Looks for driver and browser on this machine, and says what to install.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::process::Command;

use super::options::BrowserOptions;

/// Names and places of the driver, best first.
const DRIVERS: &[&str] = &[
    "chromedriver",
    "/usr/lib/chromium/chromedriver",
    "/usr/lib/chromium-browser/chromedriver",
];

/// Names and places of browsers, best first. The headless shell starts and works several times
/// faster than the whole browser; the program behind Debian's start script saves one process.
const BROWSERS: &[&str] = &[
    "/usr/lib/chromium/chromium-headless-shell",
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

const INSTALL: &str = "on Debian and Ubuntu install `chromium-driver` and `chromium-headless-shell` (or `chromium`); \
     elsewhere install ChromeDriver and Chrome of the same version and put both on the PATH, \
     or name them in the settings as browser.driver and browser.binary";

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovery {
    /// The driver.
    pub driver: Option<Program>,
    /// The browser.
    pub browser: Option<Program>,
    /// What is missing and what to install; empty when nothing is.
    pub problem: String,
}

/// A program of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Where it is.
    pub path: PathBuf,
    /// What it says about itself; empty when it says nothing.
    pub version: String,
}

/// Looks for both programs and asks each for its version.
pub async fn discover(options: &BrowserOptions) -> Discovery {
    match locate(options) {
        Ok((driver, browser)) => {
            let (driver, browser) = tokio::join!(program(driver), program(browser));
            Discovery {
                driver: Some(driver),
                browser: Some(browser),
                problem: String::new(),
            }
        }
        Err(problem) => Discovery {
            driver: match find("driver", options.driver.as_deref(), DRIVERS) {
                Ok(path) => Some(program(path).await),
                Err(_) => None,
            },
            browser: match find("browser", options.binary.as_deref(), BROWSERS) {
                Ok(path) => Some(program(path).await),
                Err(_) => None,
            },
            problem,
        },
    }
}

/// Paths of driver and browser, or what is missing and what to do.
pub(super) fn locate(options: &BrowserOptions) -> Result<(PathBuf, PathBuf), String> {
    let driver = find("driver", options.driver.as_deref(), DRIVERS)?;
    let browser = find("browser", options.binary.as_deref(), BROWSERS)?;
    Ok((driver, browser))
}

fn find(what: &str, given: Option<&Path>, names: &[&str]) -> Result<PathBuf, String> {
    if let Some(path) = given {
        return on_path(path).ok_or_else(|| {
            format!(
                "the {what} `{}` of the settings is no program; correct or remove the setting",
                path.display()
            )
        });
    }
    names
        .iter()
        .find_map(|name| on_path(Path::new(name)))
        .ok_or_else(|| format!("no {what} was found ({}); {INSTALL}", names.join(", ")))
}

/// The program itself when the name has a folder, else the first of the search path.
fn on_path(name: &Path) -> Option<PathBuf> {
    if name.components().count() > 1 {
        return is_program(name).then(|| name.to_path_buf());
    }
    let search = std::env::var_os("PATH")?;
    std::env::split_paths(&search)
        .map(|folder| folder.join(name))
        .find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

async fn program(path: PathBuf) -> Program {
    let asked = Command::new(&path)
        .arg("--version")
        .kill_on_drop(true)
        .output();
    let answer = tokio::time::timeout(Duration::from_secs(10), asked).await;
    let version = match answer {
        Ok(Ok(output)) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Ok(Err(error)) => format!("does not start: {error}"),
        Err(_) => "does not answer".to_owned(),
    };
    Program { path, version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_names_no_program_is_said_to_be_wrong() {
        let mut options = BrowserOptions::new("/nowhere");
        options.driver = Some("/nowhere/chromedriver".into());
        let problem = locate(&options).unwrap_err();
        assert!(
            problem.contains("`/nowhere/chromedriver` of the settings"),
            "{problem}"
        );
    }

    #[test]
    fn a_missing_program_names_the_packages() {
        let problem = find("browser", None, &["no-such-browser-anywhere"]).unwrap_err();
        assert!(problem.contains("chromium-headless-shell"), "{problem}");
    }
}
