//! `agentarena conformance` on cases of the repository's own, and, where someone has them, on the
//! recorded cases of the reference benchmarks.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::process::{output, text};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/fixtures/webarena")
        .join(name)
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path of plain characters")
}

#[test]
fn own_cases_come_out_as_recorded() {
    let dir = tempfile::tempdir().unwrap();
    let (cases, manifest, tasks) = (
        fixture("cases.jsonl"),
        fixture("manifest.json"),
        fixture("tasks.json"),
    );
    let browser_cases = fixture("browser_cases.jsonl");
    let arguments = [
        "conformance",
        path(&cases),
        path(&browser_cases),
        "--manifest",
        path(&manifest),
        "--tasks",
        path(&tasks),
        "--json",
    ];
    let run = output(dir.path(), &arguments);
    let report: Value = serde_json::from_slice(&run.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&run.stderr)));
    assert_eq!(
        report["files"][0]["differences"],
        serde_json::json!([]),
        "{report:#}"
    );
    assert_eq!(
        report["files"][1]["differences"],
        serde_json::json!([]),
        "{report:#}"
    );
    assert_eq!(report["files"][0]["cases"], report["files"][0]["same"]);
    assert!(
        report["files"][0]["variants"].as_u64() >= Some(2),
        "{report:#}"
    );
    assert!(run.status.success());
}

#[test]
fn a_difference_is_named_and_makes_the_command_fail() {
    let dir = tempfile::tempdir().unwrap();
    let cases = std::fs::read_to_string(fixture("cases.jsonl")).unwrap();
    let wrong = cases.replacen("\"expected_score\": 1.0", "\"expected_score\": 0.0", 1);
    assert_ne!(cases, wrong);
    let file = dir.path().join("wrong.jsonl");
    std::fs::write(&file, wrong).unwrap();
    let (manifest, tasks) = (fixture("manifest.json"), fixture("tasks.json"));
    let arguments = [
        "conformance",
        path(&file),
        "--manifest",
        path(&manifest),
        "--tasks",
        path(&tasks),
    ];
    let run = output(dir.path(), &arguments);
    let told = text(&run.stdout);
    assert!(
        told.contains("! wrong.jsonl own-001 (a word): score 1.0 instead of 0.0"),
        "{told}"
    );
    assert_eq!(run.status.code(), Some(1));
}

#[test]
fn what_was_not_run_is_no_success() {
    let dir = tempfile::tempdir().unwrap();
    let (cases, manifest) = (fixture("cases.jsonl"), fixture("manifest.json"));
    let run = output(
        dir.path(),
        &["conformance", path(&cases), "--manifest", path(&manifest)],
    );
    assert!(
        text(&run.stdout).contains("give it with --tasks"),
        "{}",
        text(&run.stdout)
    );
    assert_eq!(run.status.code(), Some(1));

    let broken = dir.path().join("broken.jsonl");
    std::fs::write(&broken, "{\"id\": 1}\n").unwrap();
    let run = output(
        dir.path(),
        &["conformance", path(&broken), "--manifest", path(&manifest)],
    );
    let told = text(&run.stderr);
    assert!(
        told.contains("broken.jsonl: line 1: this is no case"),
        "{told}"
    );
    assert_eq!(run.status.code(), Some(1));
}

/// An extra: the recorded cases in the folder that `AGENTARENA_CONFORMANCE` names, with the task
/// file that `AGENTARENA_WEBARENA_TASKS` names and the pages in `AGENTARENA_MINIWOB`.
#[test]
fn extra_the_recorded_cases_of_the_references_come_out_as_recorded() {
    let Some(folder) = std::env::var_os("AGENTARENA_CONFORMANCE").map(PathBuf::from) else {
        println!("skipped: AGENTARENA_CONFORMANCE names no folder of recorded cases");
        return;
    };
    let tasks = std::env::var("AGENTARENA_WEBARENA_TASKS").ok();
    let given = std::env::var("AGENTARENA_MINIWOB").ok();
    let miniwob = given.unwrap_or_else(|| {
        let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/miniwob/html");
        path(&fetched).to_owned()
    });
    let has_pages = Path::new(&miniwob).join("core/core.js").is_file();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "jsonl")
        })
        .collect();
    files.sort();
    files.retain(|file| {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let runs = (tasks.is_some() || !name.starts_with("sweep"))
            && (has_pages || !name.starts_with("miniwob"));
        if !runs {
            println!("skipped: {name} needs AGENTARENA_WEBARENA_TASKS or the pages of MiniWoB++");
        }
        runs
    });
    assert!(!files.is_empty(), "{} holds no cases", folder.display());
    let manifest = folder.join("manifest.json");
    let mut arguments = vec!["conformance"];
    arguments.extend(files.iter().map(|file| path(file)));
    arguments.extend(["--manifest", path(&manifest), "--miniwob", &miniwob]);
    if let Some(tasks) = &tasks {
        arguments.extend(["--tasks", tasks]);
    }
    let dir = tempfile::tempdir().unwrap();
    let run = output(dir.path(), &arguments);
    assert!(
        run.status.success(),
        "{}{}",
        text(&run.stdout),
        text(&run.stderr)
    );
}
