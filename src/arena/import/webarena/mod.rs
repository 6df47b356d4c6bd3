//! Imports tasks of WebArena's format: its own 812, and others written alike. Every field is kept;
//! placeholders become the addresses of a map of sites; a task with a part that cannot be scored
//! here is left out and listed with the reason.

mod support;
pub mod tasks;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use crate::arena::import::register::{Place, register};
use crate::domain::ids::SuiteId;
use crate::domain::suite::Suite;
use crate::domain::task::TaskSpec;
use crate::domain::webarena::Compat;
use crate::environments::web::map::{MapError, SiteMap};
use crate::environments::web::map_file;
use crate::store::artifacts::sha256_hex;
use crate::store::{Store, StoreError};

/// WebArena's order of replacing placeholders; `HOMEPAGE` is not among them, and VisualWebArena's
/// site comes last.
const ORDER: [&str; 7] = [
    "GITLAB",
    "REDDIT",
    "SHOPPING",
    "SHOPPING_ADMIN",
    "WIKIPEDIA",
    "MAP",
    "CLASSIFIEDS",
];

/// Task files that are known by their hash.
const KNOWN: [(&str, &str); 1] = [(
    "7b50386fd69163dbc05d615d834df4c6ed2c35596e97a1b10d17451c02537652",
    "f62e0b9",
)];

/// What is to be imported.
#[derive(Debug, Clone)]
pub struct Import {
    /// The task file: one JSON list of tasks.
    pub file: PathBuf,
    /// The map of sites.
    pub map: PathBuf,
    /// Whose rules score the tasks.
    pub compat: Compat,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// The suite.
    pub suite_id: SuiteId,
    /// Its short name.
    pub suite: String,
    /// Its version: that of a known task file, or `local` with the beginning of the file's hash.
    pub version: String,
    /// SHA-256 of the task file.
    pub sha256: String,
    /// Tasks in the file.
    pub in_file: usize,
    /// Active tasks afterwards.
    pub tasks: usize,
    /// Tasks that are new.
    pub added: usize,
    /// Tasks that got a new revision.
    pub revised: usize,
    /// Tasks that are as they were.
    pub unchanged: usize,
    /// Tasks that were withdrawn.
    pub withdrawn: usize,
    /// Tasks that need a model to judge them.
    pub needs_judge: usize,
    /// Tasks that cannot be scored here, with the reasons.
    pub unsupported: Vec<Unsupported>,
}

/// A task that cannot be scored here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unsupported {
    /// Its number in the file.
    pub task_id: String,
    /// Why.
    pub reasons: Vec<String>,
}

/// Why nothing was imported. Says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read or written.
    #[error("{}: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The task file is none.
    #[error("{}: {problem}", .path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// The map of sites cannot be used.
    #[error(transparent)]
    Map(#[from] MapError),
    /// The tasks cannot be stored.
    #[error("the tasks cannot be stored: {0}")]
    Store(#[from] StoreError),
}

/// The short name of the suite for each set of rules: what is scored by other rules is ranked
/// apart.
pub const fn suite_name(compat: Compat) -> &'static str {
    match compat {
        Compat::Webarena => "webarena",
        Compat::Libwebarena => "webarena-lib",
        Compat::Visualwebarena => "visualwebarena",
        Compat::Strict => "webarena-strict",
    }
}

/// Imports a task file into a store and its data directory.
pub async fn import(store: &Store, import: &Import) -> Result<Imported, ImportError> {
    let text = read(&import.file)?;
    let sha256 = sha256_hex(text.as_bytes());
    let map = SiteMap::read(&import.map)?;
    let name = suite_name(import.compat);
    let known = KNOWN.iter().find(|(hash, _)| *hash == sha256);
    let version = known.map_or_else(
        || format!("local-{}", &sha256[..12]),
        |(_, version)| (*version).into(),
    );
    let origin = tasks::Origin {
        map: name.to_owned(),
        sites: map.addresses(),
        with_login: map.with_login(),
        source: format!("{name} {version}"),
    };
    let raw = parse(&import.file, &fill(&text, &origin.sites))?;
    let (specs, unsupported) = sort(&raw, &origin, &map, import.compat);
    if specs.is_empty() {
        return Err(nothing(&import.file, &unsupported));
    }
    keep_map(store.dir(), name, &import.map)?;
    let needs_judge = raw
        .iter()
        .filter(|task| needs_judge(task, import.compat))
        .count();
    let registered = store
        .write({
            let (suite, place) = (suite(import.compat, &version), place(&origin, &sha256));
            move |tx| register(tx, &suite, &place, &specs)
        })
        .await?;
    Ok(Imported {
        suite_id: registered.suite_id,
        suite: name.to_owned(),
        version,
        sha256,
        in_file: raw.len(),
        tasks: registered.tasks(),
        added: registered.added,
        revised: registered.revised,
        unchanged: registered.unchanged,
        withdrawn: registered.withdrawn,
        needs_judge,
        unsupported,
    })
}

fn read(path: &Path) -> Result<String, ImportError> {
    std::fs::read_to_string(path).map_err(|source| ImportError::Io {
        path: path.to_owned(),
        source,
    })
}

/// The text of a task file with addresses in the place of placeholders, in every field.
fn fill(text: &str, sites: &BTreeMap<String, String>) -> String {
    let mut text = text.to_owned();
    for name in ORDER {
        if let Some(url) = sites.get(&name.to_lowercase()) {
            text = text.replace(&format!("__{name}__"), url);
        }
    }
    text
}

fn parse(path: &Path, text: &str) -> Result<Vec<Value>, ImportError> {
    let wrong = |problem: String| ImportError::Form {
        path: path.to_owned(),
        problem,
    };
    let tasks: Vec<Value> = serde_json::from_str(text).map_err(|error| {
        wrong(format!(
            "it is no JSON list of tasks such as WebArena's test.raw.json: {error}"
        ))
    })?;
    let mut known = std::collections::HashSet::new();
    for (at, task) in tasks.iter().enumerate() {
        if task["eval"].get("eval_types").is_none() && task["eval"].is_array() {
            return Err(wrong(
                "it is WebArena-Verified's file, whose tasks are scored by recorded network \
                 traffic; docs/webarena.md says why that is not imported"
                    .to_owned(),
            ));
        }
        let id = &task["task_id"];
        if !(id.is_u64() || id.is_string()) {
            return Err(wrong(format!("entry {at} has no task_id")));
        }
        if !known.insert(id.to_string()) {
            return Err(wrong(format!("task_id {id} occurs twice")));
        }
    }
    Ok(tasks)
}

/// Tasks that can be scored, and those that cannot.
fn sort(
    raw: &[Value],
    origin: &tasks::Origin,
    map: &SiteMap,
    compat: Compat,
) -> (Vec<(String, TaskSpec)>, Vec<Unsupported>) {
    let can_help = map
        .sites
        .get("shopping")
        .is_some_and(|site| site.api.is_some());
    let mut specs = Vec::new();
    let mut unsupported = Vec::new();
    for task in raw {
        let id = task["task_id"]
            .as_str()
            .map_or_else(|| task["task_id"].to_string(), str::to_owned);
        let mut reasons = support::problems(task, compat, can_help);
        match tasks::spec(task, origin, compat) {
            Ok(spec) if reasons.is_empty() => {
                specs.push((format!("{}.{id}", suite_name(compat)), spec));
                continue;
            }
            Err(error) if reasons.is_empty() => reasons.push(error.to_string()),
            Ok(_) | Err(_) => {}
        }
        unsupported.push(Unsupported {
            task_id: id,
            reasons,
        });
    }
    (specs, unsupported)
}

fn nothing(path: &Path, unsupported: &[Unsupported]) -> ImportError {
    let first = unsupported.first().map_or_else(
        || "it is empty".to_owned(),
        |first| format!("task {}: {}", first.task_id, first.reasons.join("; ")),
    );
    ImportError::Form {
        path: path.to_owned(),
        problem: format!("it holds no task that can be scored here; {first}"),
    }
}

/// Whether a model may be asked. Strict takes a report for `N/A` and asks nobody.
fn needs_judge(task: &Value, compat: Compat) -> bool {
    let fuzzy = task["eval"]["reference_answers"].get("fuzzy_match");
    fuzzy.is_some_and(|fuzzy| compat != Compat::Strict || fuzzy != "N/A")
}

/// Copies the map into the data directory, readable by its owner only.
fn keep_map(data_dir: &Path, name: &str, from: &Path) -> Result<(), ImportError> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;

    let to = map_file(data_dir, name);
    let failed = |source| ImportError::Io {
        path: to.clone(),
        source,
    };
    let text = read(from)?;
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let new = to.with_extension("new");
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(&new, &to));
    written.map_err(failed)
}

fn place(origin: &tasks::Origin, sha256: &str) -> Place<'static> {
    Place {
        kind: "web",
        config: json!({"map": origin.map, "sites": origin.sites, "source": origin.source,
                       "sha256": sha256}),
    }
}

fn suite(compat: Compat, version: &str) -> Suite {
    let (title, rules) = match compat {
        Compat::Webarena => (
            "WebArena",
            "scored exactly as the original code scores them",
        ),
        Compat::Libwebarena => (
            "WebArena (libwebarena)",
            "scored as libwebarena scores them",
        ),
        Compat::Visualwebarena => (
            "VisualWebArena",
            "scored by VisualWebArena's rules for text",
        ),
        Compat::Strict => (
            "WebArena (strict)",
            "scored with the known defects corrected",
        ),
    };
    Suite {
        id: SuiteId::new(),
        name: suite_name(compat).to_owned(),
        version: version.to_owned(),
        title: title.to_owned(),
        description: format!(
            "Tasks on copies of real sites: a shop, its back office, a forum, a GitLab, a map and \
             an encyclopedia; {rules}."
        ),
    }
}
