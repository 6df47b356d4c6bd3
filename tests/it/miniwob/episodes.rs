//! Whole episodes through the binary: import, run by an agent, score, evidence.

use std::path::Path;
use std::process::{Command, Output};

use agentarena::domain::event::EventBody;
use agentarena::domain::evidence::Evidence;
use agentarena::domain::viewport::Viewport;
use agentarena::store::{self, Store};
use serde_json::Value;

use super::ground::folder;

fn agentarena(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_agentarena"))
        .current_dir(dir)
        .env_remove("RUST_LOG")
        .args(["--data-dir", "data"])
        .args(arguments)
        .output()
        .expect("the binary runs")
}

fn json(output: &Output) -> Value {
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}{errors}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_scored_by_what_the_page_pays() {
    let dir = tempfile::tempdir().expect("a folder");
    let pages = folder().display().to_string();
    let imported = json(&agentarena(
        dir.path(),
        &["import", "miniwob", &pages, "--json"],
    ));
    assert_eq!(
        (&imported["suite"], &imported["tasks"]),
        (&"miniwob".into(), &134.into())
    );

    let arguments = ["run", "--suite", "miniwob", "--json", "--seed", "128037"];
    let tasks = ["--task", "click-button", "--task", "click-test"];
    let run = |agent: &str| {
        let all = [&arguments[..], &tasks[..], &["--agent", agent][..]].concat();
        json(&agentarena(dir.path(), &all))
    };
    for row in run("heuristic").as_array().expect("rows") {
        assert_eq!(
            (&row["outcome"], &row["score"]),
            (&"passed".into(), &1.0.into()),
            "{row}"
        );
        assert_eq!(row["steps"], 1, "{row}");
    }
    for row in run("null").as_array().expect("rows") {
        assert_eq!(
            (&row["outcome"], &row["score"]),
            (&"failed".into(), &0.0.into()),
            "{row}"
        );
        assert_eq!(row["reason"], "reward: the page did not end the task");
    }
    let refused = agentarena(
        dir.path(),
        &["run", "--suite", "miniwob", "--agent", "oracle"],
    );
    let text = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success());
    assert!(text.contains("no reference solution"), "{text}");

    let store = Store::open(&dir.path().join("data")).expect("a store");
    let (goals, rewards) = recorded(&store).await;
    assert!(
        goals.contains(&"Click on the \"cancel\" button.".to_owned()),
        "{goals:?}"
    );
    assert_eq!(
        rewards.iter().filter(|raw| **raw == 1.0).count(),
        2,
        "{rewards:?}"
    );
    assert_eq!(rewards.len(), 4);
}

/// The goals that agents were told, and the raw rewards in the evidence.
async fn recorded(store: &Store) -> (Vec<String>, Vec<f64>) {
    let submissions = store
        .read(|db| {
            let filter = store::submissions::SubmissionFilter::default();
            let page = agentarena::domain::page::PageRequest::first(100);
            let rows = store::submissions::list(db, &filter, &page)?;
            let of_each = rows.items.iter().map(|row| {
                let manifest = store::manifests::of_submission(db, row.submission.id)?;
                let shown_in = manifest.and_then(|manifest| manifest.browser.viewport);
                assert_eq!(shown_in.map(Viewport::size), Some((500.0, 320.0)));
                store::episodes::events(db, row.submission.id, 0, 500)
            });
            of_each.collect::<Result<Vec<_>, _>>()
        })
        .await
        .expect("events");
    let (mut goals, mut rewards) = (Vec::new(), Vec::new());
    for event in submissions.into_iter().flatten() {
        match event.body {
            EventBody::EpisodeStarted { goal, fields, .. } => {
                assert_eq!(
                    fields.len(),
                    usize::from(goal.contains('"')),
                    "{goal}: {fields:?}"
                );
                goals.push(goal);
            }
            EventBody::Evaluated { evidence, .. } => {
                let bytes = store
                    .artifact_files()
                    .read(&evidence)
                    .expect("a folder")
                    .expect("an artifact");
                let evidence: Evidence = serde_json::from_slice(&bytes).expect("evidence");
                rewards.push(evidence.reward.expect("a reward").raw);
            }
            _ => {}
        }
    }
    (goals, rewards)
}
