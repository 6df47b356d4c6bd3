//! From a task of WebArena's format to a task of the arena.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::domain::task::{Difficulty, EnvironmentSpec, Limits, TaskKind, TaskSpec};
use crate::domain::webarena::{self, Compat, UnknownRule};

/// WebArena's own bound on steps, and time enough for them on slow sites.
const LIMITS: Limits = Limits {
    steps: 30,
    time_ms: 900_000,
};

/// Between start addresses.
const AND: &str = " |AND| ";

/// Where tasks come from, and where their sites are.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// Name of the map of sites.
    pub map: String,
    /// Address of each site by its name.
    pub sites: BTreeMap<String, String>,
    /// Sites that can be signed in to.
    pub with_login: Vec<String>,
    /// The task file with its version.
    pub source: String,
}

/// A task with real addresses as the arena runs it. `task` is complete; nothing of it is lost.
pub fn spec(task: &Value, origin: &Origin, compat: Compat) -> Result<TaskSpec, UnknownRule> {
    let evaluators = webarena::evaluators(task, compat)?;
    let text = |key: &str| task[key].as_str().unwrap_or_default().to_owned();
    let start = text("start_url").split(AND).map(str::to_owned).collect();
    Ok(TaskSpec {
        template: format!("{}", task["intent_template_id"]),
        draw: 0,
        title: title(&text("intent")),
        goal: text("intent"),
        kind: kind(task),
        difficulty: Difficulty::Unrated,
        points: BTreeMap::new(),
        skills: tags(task),
        environment: EnvironmentSpec::Web {
            map: origin.map.clone(),
            sites: origin.sites.clone(),
            logins: logins(task, origin, compat),
            start,
            source: origin.source.clone(),
        },
        evaluators,
        limits: LIMITS,
        solution: Vec::new(),
        draw_values: json!({"task": task}),
    })
}

/// The intent, shortened for lists.
fn title(intent: &str) -> String {
    const LONGEST: usize = 80;
    match intent.char_indices().nth(LONGEST) {
        None => intent.to_owned(),
        Some((at, _)) => format!("{}…", intent[..at].trim_end()),
    }
}

fn kind(task: &Value) -> TaskKind {
    let eval = &task["eval"];
    let has = |kind: &str| {
        eval["eval_types"]
            .as_array()
            .is_some_and(|types| types.iter().any(|one| one == kind))
    };
    if eval["reference_answers"]["fuzzy_match"] == "N/A" {
        TaskKind::Infeasible
    } else if has("string_match") {
        TaskKind::Info
    } else if has("program_html") {
        TaskKind::State
    } else {
        TaskKind::Navigation
    }
}

fn sites(task: &Value) -> Vec<String> {
    let sites = task["sites"].as_array().into_iter().flatten();
    sites.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Sites as tags, for lists and statistics.
fn tags(task: &Value) -> Vec<String> {
    sites(task)
}

/// Sites that the agent is signed in to. WebArena reads them from the name of the file with the
/// stored session; some tasks have none although their sites need one, which strict corrects.
fn logins(task: &Value, origin: &Origin, compat: Compat) -> Vec<String> {
    let named: Vec<String> = if matches!(compat, Compat::Webarena | Compat::Visualwebarena) {
        let file = task["storage_state"].as_str().unwrap_or_default();
        let file = file.rsplit('/').next().unwrap_or_default();
        let names = file.trim_end_matches(".json").trim_end_matches("_state");
        names
            .split('.')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    } else {
        sites(task)
    };
    let known = |name: &String| origin.with_login.contains(name);
    named.into_iter().filter(known).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin {
            with_login: vec!["gitlab".into(), "reddit".into()],
            ..Origin::default()
        }
    }

    #[test]
    fn logins_come_from_the_stored_session_or_in_strict_from_the_sites() {
        let task = json!({"sites": ["reddit", "map"], "storage_state": null});
        assert!(logins(&task, &origin(), Compat::Webarena).is_empty());
        assert_eq!(logins(&task, &origin(), Compat::Strict), ["reddit"]);
        let both =
            json!({"sites": ["gitlab"], "storage_state": "./.auth/gitlab.reddit_state.json"});
        assert_eq!(
            logins(&both, &origin(), Compat::Webarena),
            ["gitlab", "reddit"]
        );
    }
}
