//! Runs recorded cases of the reference benchmarks through the product's own evaluators, parsers
//! and pages, and says where they differ. Where the recordings lie, the caller says; nothing of
//! them is built in.

mod actions;
mod browser;
mod case;
mod miniwob;
mod scores;
mod server;
mod trees;

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::browser::BrowserOptions;

pub use case::Manifest;

use self::case::Case;

/// What is to be run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Files of cases, one JSON object a line.
    pub files: Vec<PathBuf>,
    /// Which addresses stand for the placeholders of sites.
    pub manifest: PathBuf,
    /// The task file that cases refer to by number.
    pub tasks: Option<PathBuf>,
    /// Where the pages of MiniWoB++ are; absent: the installed Python package.
    pub miniwob: Option<PathBuf>,
    /// The browser, for cases that need one.
    pub browser: BrowserOptions,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// File by file.
    pub files: Vec<FileReport>,
}

impl Report {
    /// Whether every case was run and none differs.
    pub fn is_clean(&self) -> bool {
        self.files
            .iter()
            .all(|file| file.differences.is_empty() && file.not_run == 0)
    }
}

/// What came of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// The file.
    pub file: String,
    /// Cases in it.
    pub cases: usize,
    /// Cases that came out as recorded.
    pub same: usize,
    /// Cases that were not run.
    pub not_run: usize,
    /// Why they were not; empty when all were.
    pub why_not_run: String,
    /// Further scores of the same cases, by the rules of other evaluators, that were compared.
    pub variants: usize,
    /// Cases that did not come out as recorded.
    pub differences: Vec<Difference>,
}

/// A case that did not come out as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The case.
    pub id: String,
    /// What kind of case.
    pub kind: String,
    /// What the recording says that it is about.
    pub why: String,
    /// What differs, in words.
    pub what: Vec<String>,
}

/// The cases cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum ConformanceError {
    /// A file cannot be read.
    #[error("{} cannot be read: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{}: {problem}", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        problem: String,
    },
    /// What a case needs cannot be started.
    #[error("{0}")]
    Stage(String),
}

/// What one case came to.
#[derive(Debug, Default)]
struct Checked {
    /// What differs; empty: nothing.
    problems: Vec<String>,
    /// Further scores that were compared.
    variants: usize,
}

impl Checked {
    fn of(problems: Vec<String>) -> Self {
        Self {
            problems,
            variants: 0,
        }
    }
}

/// Runs all files.
pub async fn run(options: &Options) -> Result<Report, ConformanceError> {
    let manifest = Manifest::read(&options.manifest)?;
    let tasks = match &options.tasks {
        Some(path) => Some(manifest.tasks(path)?),
        None => None,
    };
    let mut runner = Runner {
        options,
        manifest,
        tasks,
        browser: None,
        miniwob: None,
    };
    let mut report = Report::default();
    let mut outcome = Ok(());
    for path in &options.files {
        match runner.file(path).await {
            Ok(file) => report.files.push(file),
            Err(error) => {
                outcome = Err(error);
                break;
            }
        }
    }
    runner.stop().await;
    outcome.map(|()| report)
}

/// What cases are run with. Browsers start when the first case needs one.
struct Runner<'a> {
    options: &'a Options,
    manifest: Manifest,
    tasks: Option<Vec<Value>>,
    browser: Option<browser::Stage>,
    miniwob: Option<miniwob::Stage>,
}

impl Runner<'_> {
    async fn file(&mut self, path: &Path) -> Result<FileReport, ConformanceError> {
        let mut report = FileReport {
            file: path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy()
                .into_owned(),
            ..FileReport::default()
        };
        for case in case::read(path)? {
            report.cases += 1;
            match self.check(&case).await? {
                Ok(checked) => {
                    report.variants += checked.variants;
                    if checked.problems.is_empty() {
                        report.same += 1;
                    } else {
                        report.differences.push(case.difference(checked.problems));
                    }
                }
                Err(why) => {
                    report.not_run += 1;
                    report.why_not_run = why;
                }
            }
        }
        Ok(report)
    }

    /// Runs one case. The inner error says why it cannot be run.
    async fn check(&mut self, case: &Case) -> Result<Result<Checked, String>, ConformanceError> {
        Ok(match case.kind() {
            "string_match" | "url_match" | "program_html" | "sweep" | "vwa_string_match"
            | "vwa_url_match" | "vwa_program_html" => {
                match case.task(&self.manifest, self.tasks.as_deref()) {
                    Ok(task) => Ok(scores::check(case, &self.manifest, &task).await),
                    Err(why) => Err(why),
                }
            }
            "program_html_browser" => {
                if self.browser.is_none() {
                    self.browser = Some(browser::Stage::start(&self.options.browser).await?);
                }
                match &self.browser {
                    Some(stage) => Ok(stage.check(case, &self.manifest).await),
                    None => Err("no browser was started".to_owned()),
                }
            }
            "miniwob_goal" | "miniwob_episode" => {
                if self.miniwob.is_none() {
                    let folder = self.options.miniwob.as_deref();
                    let stage = miniwob::Stage::start(folder, &self.options.browser).await?;
                    self.miniwob = Some(stage);
                }
                match &self.miniwob {
                    Some(stage) => Ok(stage.check(case).await),
                    None => Err("no browser was started".to_owned()),
                }
            }
            "action_id_accessibility_tree" => Ok(Checked::of(actions::webarena(case))),
            "browsergym_action" => Ok(Checked::of(actions::browsergym(case))),
            "extract_action" | "map_url_to_real" | "early_stop" => {
                Ok(Checked::of(actions::agent_loop(case, &self.manifest)))
            }
            "webarena_axtree_text" => Ok(Checked::of(trees::webarena(case))),
            "browsergym_axtree_text" => Ok(Checked::of(trees::browsergym(case))),
            other => Ok(Checked::of(vec![format!(
                "the kind of case `{other}` is not known"
            )])),
        })
    }

    async fn stop(self) {
        if let Some(stage) = self.browser {
            stage.stop().await;
        }
        if let Some(stage) = self.miniwob {
            stage.stop().await;
        }
    }
}
