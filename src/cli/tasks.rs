//! `agentarena tasks`: the tasks that agents are evaluated on.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::cli::output::{self, Side, Table};
use crate::domain::task::{Task, TaskSpec};
use crate::store::{self, Store};

/// Lists the active tasks of a suite by key.
pub(super) async fn list(store: &Store, suite: &str, as_json: bool) -> anyhow::Result<()> {
    let tasks = all(store, suite).await?;
    if as_json {
        return output::json(&tasks.iter().map(summary).collect::<Vec<_>>());
    }
    let mut table = Table::new(&[
        ("task", Side::Left),
        ("rev", Side::Right),
        ("kind", Side::Left),
        ("difficulty", Side::Left),
        ("steps", Side::Right),
        ("title", Side::Left),
    ]);
    for task in &tasks {
        let spec = &task.spec;
        table.row([
            task.key.clone(),
            task.revision.to_string(),
            spec.kind.to_string(),
            spec.difficulty.to_string(),
            spec.limits.steps.to_string(),
            spec.title.clone(),
        ]);
    }
    table.print();
    Ok(())
}

/// Shows one task whole.
pub(super) async fn show(store: &Store, key: &str, as_json: bool) -> anyhow::Result<()> {
    let suites = store.read(store::suites::list).await?;
    let wanted = key.to_owned();
    let found = store
        .read(move |db| {
            for view in &suites {
                if let Some(task) = store::tasks::by_key(db, view.suite.id, &wanted)? {
                    return Ok(Some(task));
                }
            }
            Ok(None)
        })
        .await?;
    let Some(task) = found else {
        bail!("there is no task `{key}`; `agentarena tasks list` names them")
    };
    if as_json {
        return output::json(&task);
    }
    output::line(&describe(&task));
    Ok(())
}

/// Every active task of a suite.
pub(super) async fn all(store: &Store, suite: &str) -> anyhow::Result<Vec<Task>> {
    let name = suite.to_owned();
    let tasks = store
        .read(move |db| {
            let Some(view) = store::suites::by_name(db, &name)? else {
                return Ok(None);
            };
            store::tasks::all_of_suite(db, view.suite.id).map(Some)
        })
        .await?;
    if let Some(tasks) = tasks {
        return Ok(tasks);
    }
    let suites = store
        .read(store::suites::list)
        .await
        .context("listing suites")?;
    let names: Vec<&str> = suites.iter().map(|view| view.suite.name.as_str()).collect();
    bail!(
        "there is no suite `{suite}`; there is: {}",
        names.join(", ")
    )
}

/// The tasks of these keys; all when none is named.
pub(super) fn chosen(tasks: Vec<Task>, keys: &[String]) -> anyhow::Result<Vec<Task>> {
    for key in keys {
        if !tasks.iter().any(|task| task.key == *key) {
            bail!("the suite has no task `{key}`; `agentarena tasks list` names them");
        }
    }
    if keys.is_empty() {
        return Ok(tasks);
    }
    Ok(tasks
        .into_iter()
        .filter(|task| keys.contains(&task.key))
        .collect())
}

fn summary(task: &Task) -> Value {
    let spec = &task.spec;
    json!({
        "id": task.id, "key": task.key, "revision": task.revision, "template": spec.template, "title": spec.title,
        "goal": spec.goal, "kind": spec.kind, "difficulty": spec.difficulty, "points": total(spec),
        "stepLimit": spec.limits.steps, "timeLimitMs": spec.limits.time_ms, "skills": spec.skills,
    })
}

fn total(spec: &TaskSpec) -> u32 {
    spec.points.values().sum()
}

fn describe(task: &Task) -> String {
    let spec = &task.spec;
    let points: Vec<String> = spec
        .points
        .iter()
        .map(|(feature, points)| format!("{feature}{points}"))
        .collect();
    let mut text = format!(
        "{} revision {}: {}\n\n{}\n\n",
        task.key, task.revision, spec.title, spec.goal
    );
    let _ = writeln!(text, "kind        {}", spec.kind);
    let rated = if points.is_empty() {
        String::new()
    } else {
        format!(", {} points ({})", total(spec), points.join(" "))
    };
    let _ = writeln!(text, "difficulty  {}{rated}", spec.difficulty);
    let _ = writeln!(text, "skills      {}", spec.skills.join(", "));
    let _ = writeln!(text, "viewport    {}", spec.environment.viewport());
    let seconds = spec.limits.time_ms / 1000;
    let _ = writeln!(text, "limits      {} steps, {seconds} s", spec.limits.steps);
    text.push_str("\ncriteria, all must pass\n");
    for evaluator in &spec.evaluators {
        let line = serde_json::to_string(evaluator).unwrap_or_else(|error| error.to_string());
        let _ = writeln!(text, "  {}", line.chars().take(400).collect::<String>());
    }
    text.push_str("\nreference solution\n");
    for step in &spec.solution {
        let _ = writeln!(text, "  {step}");
    }
    text.trim_end().to_owned()
}
