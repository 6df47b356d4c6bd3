//! Files of cases and the manifest beside them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::{ConformanceError, Difference};

/// Which addresses stand for the placeholders of sites.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    /// Address by placeholder, e.g. `__SHOPPING__`.
    sites: BTreeMap<String, String>,
    /// The same for cases in a real browser; `PORT` stands for the server's port.
    #[serde(default)]
    sites_for_browser_cases: BTreeMap<String, String>,
    /// Names of the placeholders that are replaced, in this order.
    substitution_order: Vec<String>,
}

impl Manifest {
    /// Reads the manifest.
    pub fn read(path: &Path) -> Result<Self, ConformanceError> {
        serde_json::from_str(&text(path)?).map_err(|error| ConformanceError::Form {
            path: path.to_owned(),
            problem: format!("this is no manifest of cases: {error}"),
        })
    }

    /// The tasks of a task file, with addresses in place of placeholders.
    pub fn tasks(&self, path: &Path) -> Result<Vec<Value>, ConformanceError> {
        let text = self.fill(&text(path)?, &self.sites);
        serde_json::from_str(&text).map_err(|error| ConformanceError::Form {
            path: path.to_owned(),
            problem: format!("this is no list of tasks: {error}"),
        })
    }

    /// The address of a site by its name in capitals.
    pub fn site(&self, name: &str) -> Option<&str> {
        self.sites.get(&format!("__{name}__")).map(String::as_str)
    }

    /// A value with the addresses of a case in place of placeholders.
    pub(super) fn resolve(&self, case: &Case, value: &Value) -> Value {
        let given: Option<BTreeMap<String, String>> =
            serde_json::from_value(case.0["sites_override"].clone()).ok();
        let given = given.map(|sites| {
            let named = |(name, url): (String, String)| (format!("__{name}__"), url);
            sites.into_iter().map(named).collect()
        });
        self.refill(value, given.as_ref().unwrap_or(&self.sites))
    }

    /// A value with the addresses of a local server in place of placeholders.
    pub fn resolve_local(&self, value: &Value, port: u16) -> Value {
        let local = |(name, url): (&String, &String)| {
            (name.clone(), url.replace("PORT", &port.to_string()))
        };
        let sites = self.sites_for_browser_cases.iter().map(local).collect();
        self.refill(value, &sites)
    }

    fn refill(&self, value: &Value, sites: &BTreeMap<String, String>) -> Value {
        // An address holds nothing that JSON would write in another way.
        let text = self.fill(&value.to_string(), sites);
        serde_json::from_str(&text).unwrap_or_else(|_| value.clone())
    }

    fn fill(&self, text: &str, sites: &BTreeMap<String, String>) -> String {
        let mut text = text.to_owned();
        for name in &self.substitution_order {
            let name = format!("__{name}__");
            if let Some(url) = sites.get(&name) {
                text = text.replace(&name, url);
            }
        }
        text
    }
}

/// One recorded case.
#[derive(Debug, Clone)]
pub(super) struct Case(pub(super) Value);

impl Case {
    pub(super) fn kind(&self) -> &str {
        self.text("kind")
    }

    /// A text of the case; empty when it has none of this name.
    pub(super) fn text(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap_or_default()
    }

    /// The texts of a list.
    pub(super) fn texts(&self, key: &str) -> Vec<&str> {
        self.0[key]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    pub(super) fn difference(&self, what: Vec<String>) -> Difference {
        Difference {
            id: self.text("id").to_owned(),
            kind: self.kind().to_owned(),
            why: self.text("why").to_owned(),
            what,
        }
    }

    /// The task: its own, or one of the task file.
    pub(super) fn task(
        &self,
        manifest: &Manifest,
        tasks: Option<&[Value]>,
    ) -> Result<Value, String> {
        let Some(reference) = self.0.get("task_ref") else {
            return Ok(manifest.resolve(self, &self.0["task"]));
        };
        let Some(tasks) = tasks else {
            return Err(
                "these cases name tasks of a task file; give it with --tasks \
                        test.raw.json (PyPI: libwebarena 0.0.5)"
                    .to_owned(),
            );
        };
        let id = &reference["task_id"];
        let task = tasks.iter().find(|task| task["task_id"] == *id);
        task.cloned()
            .ok_or_else(|| format!("the task file has no task {id}"))
    }
}

/// The cases of a file.
pub(super) fn read(path: &Path) -> Result<Vec<Case>, ConformanceError> {
    let text = text(path)?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let cases: Result<Vec<Case>, ConformanceError> = lines
        .map(|(at, line)| {
            let value = serde_json::from_str::<Value>(line).map_err(|error| error.to_string());
            let case = value.and_then(|value| {
                let known = value["kind"].is_string() && value["id"].is_string();
                known
                    .then_some(Case(value))
                    .ok_or_else(|| "it has no id and kind".to_owned())
            });
            case.map_err(|problem| ConformanceError::Form {
                path: path.to_owned(),
                problem: format!("line {}: this is no case: {problem}", at + 1),
            })
        })
        .collect();
    let cases = cases?;
    if cases.is_empty() {
        return Err(ConformanceError::Form {
            path: path.to_owned(),
            problem: "it holds no case".to_owned(),
        });
    }
    Ok(cases)
}

fn text(path: &Path) -> Result<String, ConformanceError> {
    std::fs::read_to_string(path).map_err(|source| ConformanceError::Io {
        path: path.to_owned(),
        source,
    })
}
