//! The binary as people run it: real processes, real Chromium, a fresh data directory each.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use agentarena::domain::outcome::{Outcome, SubmissionStatus};
use agentarena::domain::page::PageRequest;
use agentarena::domain::submission::SubmissionView;
use agentarena::store::submissions::SubmissionFilter;
use agentarena::store::{self, Store};
use nix::sys::signal::Signal;

use crate::support::process::{Running, agentarena, output, processes_of, text};

/// A task file; to check all of them is a test of its own.
const ONE_TASK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/sites/shop/tasks/s08.toml");

/// Longest wait for anything in this file.
const PATIENCE: Duration = Duration::from_mins(5);

fn demo_dir(data: &Path) -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(found.len(), 1, "one demo, one directory: {found:?}");
    found.pop().unwrap()
}

async fn submissions(store: &Store) -> Vec<SubmissionView> {
    let mut all = Vec::new();
    let mut request = PageRequest::first(100);
    loop {
        let asked = request.clone();
        let page = store
            .read(move |db| store::submissions::list(db, &SubmissionFilter::default(), &asked))
            .await
            .unwrap();
        all.extend(page.items);
        let Some(cursor) = page.next else { return all };
        request = PageRequest::after(100, Some(cursor));
    }
}

/// Looks at the database beside the running process until the condition holds.
async fn until(
    store: &Store,
    what: &str,
    holds: impl Fn(&[SubmissionView]) -> bool,
) -> Vec<SubmissionView> {
    let begun = Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    loop {
        looks.tick().await;
        let rows = submissions(store).await;
        if holds(&rows) {
            return rows;
        }
        assert!(begun.elapsed() < PATIENCE, "waited too long for {what}");
    }
}

#[test]
fn help_and_version_are_worth_reading_and_wrong_words_are_answered() {
    let dir = tempfile::tempdir().unwrap();
    let help = output(dir.path(), &["--help"]);
    assert!(help.status.success());
    for word in [
        "serve",
        "demo",
        "run",
        "tasks",
        "agents",
        "users",
        "doctor",
        "migrate",
        "AGENTARENA__",
    ] {
        assert!(text(&help.stdout).contains(word), "{word}");
    }
    let wrong = output(dir.path(), &["srve"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        text(&wrong.stderr).contains("serve"),
        "{}",
        text(&wrong.stderr)
    );
}

#[test]
fn an_unknown_setting_is_refused_with_the_nearest_name() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("agentarena.toml"),
        "[server]\nprot = 8080\n",
    )
    .unwrap();
    let refused = output(dir.path(), &["migrate"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = text(&refused.stderr);
    assert!(
        said.contains("prot") && said.contains("port") && said.contains("agentarena.toml"),
        "{said}"
    );
    assert!(
        !dir.path().join("data").exists(),
        "nothing is written before the settings are right"
    );
}

#[test]
fn a_mistyped_data_directory_is_no_empty_arena() {
    let dir = tempfile::tempdir().unwrap();
    let typo = dir.path().join("typo");
    let id = "01a0c9f0-0000-7000-8000-000000000000";
    for arguments in [
        &["rescore", "--all"][..],
        &["cost", "audit"],
        &["users", "list"],
        &["users", "deactivate", "nobody@example.org"],
        &["reproduce", id],
    ] {
        let place = ["--data-dir", typo.to_str().unwrap()];
        let refused = output(dir.path(), &[arguments, &place].concat());
        let told = text(&refused.stderr);
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(told.contains("holds no arena"), "{arguments:?}: {told}");
        assert!(told.contains("typo"), "{arguments:?}: {told}");
        assert!(!typo.exists(), "{arguments:?} made it");
    }
    let told = output(dir.path(), &["doctor", "--data-dir", "/proc/x"]);
    assert!(text(&told.stdout).contains("cannot be made"));
    assert!(!told.status.success());
}

#[test]
fn every_listing_prints_json() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [
        &["tasks", "list", "--json"][..],
        &["tasks", "show", "shop-001", "--json"],
        &["tasks", "check", ONE_TASK, "--json"],
        &["agents", "list", "--json"],
        &["agents", "show", "heuristic", "--json"],
        &["migrate", "--json"],
        &["users", "list", "--json"],
    ] {
        let printed = output(dir.path(), arguments);
        assert!(
            printed.status.success(),
            "{arguments:?}: {}",
            text(&printed.stderr)
        );
        let value: serde_json::Value = serde_json::from_slice(&printed.stdout).expect("JSON");
        assert!(value.is_array() || value.is_object(), "{arguments:?}");
    }
    let tasks = output(dir.path(), &["tasks", "list", "--json"]);
    let tasks: serde_json::Value = serde_json::from_slice(&tasks.stdout).unwrap();
    let public = agentarena::sites::tasks::public_instances();
    assert_eq!(tasks.as_array().unwrap().len(), public.len());
}

#[test]
fn accounts_are_managed_at_the_machine() {
    let dir = tempfile::tempdir().unwrap();
    let add = |password: &str| {
        let mut child = agentarena(dir.path())
            .args([
                "users",
                "add",
                "--email",
                "ada@example.com",
                "--username",
                "ada",
                "--role",
                "admin",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), password.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let short = add("short");
    assert!(!short.status.success());
    assert!(
        text(&short.stderr).contains("password"),
        "{}",
        text(&short.stderr)
    );
    assert!(add("a long enough password").status.success());
    assert!(text(&add("a long enough password").stderr).contains("taken"));
    let listed: serde_json::Value =
        serde_json::from_slice(&output(dir.path(), &["users", "list", "--json"]).stdout).unwrap();
    assert_eq!(listed[0]["role"], "ADMIN");
    assert!(
        output(dir.path(), &["users", "deactivate", "ada@example.com"])
            .status
            .success()
    );
    let listed: serde_json::Value =
        serde_json::from_slice(&output(dir.path(), &["users", "list", "--json"]).stdout).unwrap();
    assert_eq!(listed[0]["active"], false);
}

#[actix_web::test]
async fn serve_answers_within_a_second_and_stops_cleanly() {
    let dir = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let mut server = Running::start(agentarena(dir.path()).args([
        "serve",
        "--log-level",
        "warn",
        "--port",
        "0",
        "--sites-port",
        "0",
    ]));
    let line = server.line_with("is running at");
    let url = line
        .split_whitespace()
        .find(|word| word.starts_with("http://"))
        .unwrap()
        .to_owned();
    let page = reqwest::get(format!("{url}/sign-in")).await.unwrap();
    let elapsed = begun.elapsed();
    assert_eq!(page.status(), 200);
    let link = server.line_with("/first-admin?token=").trim().to_owned();
    assert_eq!(reqwest::get(link).await.unwrap().status(), 200);
    // The bound of a release build is 1 s (`make bench`); this build is not optimised, and proves
    // the draws of all bundled tasks beside other tests.
    assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
    server.signal(Signal::SIGTERM);
    assert!(server.wait().success());
    assert_eq!(processes_of(dir.path()), []);
}

#[actix_web::test]
async fn a_demo_killed_in_the_middle_ends_every_submission_exactly_once() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let ports = ["--port", "0", "--sites-port", "0"];
    let mut demo = Running::start(agentarena(dir.path()).arg("demo").args(ports));
    demo.line_with("Evaluating");
    let demo_data = demo_dir(&data);
    let store = Store::open_beside(&demo_data).unwrap();
    let some_ended = |rows: &[SubmissionView]| {
        rows.len() == 80
            && rows
                .iter()
                .filter(|row| row.submission.status.is_final())
                .count()
                >= 10
    };
    let before = until(&store, "ten episodes to end", some_ended).await;
    demo.signal(Signal::SIGKILL);
    demo.wait();
    drop(store);

    let ended_before: HashMap<_, _> = before
        .iter()
        .filter(|row| row.submission.status.is_final())
        .map(|row| (row.submission.id, row.submission.ended_at))
        .collect();
    let dir_argument = demo_data.display().to_string();
    let mut server = Running::start(
        agentarena(dir.path())
            .args(["serve", "--log-level", "warn", "--data-dir", &dir_argument])
            .args(ports),
    );
    server.line_with("is running at");
    let store = Store::open_beside(&demo_data).unwrap();
    let all_ended =
        |rows: &[SubmissionView]| rows.iter().all(|row| row.submission.status.is_final());
    let rows = until(&store, "all submissions to end", all_ended).await;
    server.signal(Signal::SIGTERM);
    assert!(server.wait().success());

    assert_eq!(rows.len(), 80, "four agents on twenty tasks");
    for row in &rows {
        let submission = &row.submission;
        assert_eq!(
            submission.status,
            SubmissionStatus::Completed,
            "{submission:?}"
        );
        if let Some(ended_at) = ended_before.get(&submission.id) {
            assert_eq!(
                submission.ended_at, *ended_at,
                "an ended submission was run again"
            );
        }
        let id = submission.id;
        let episodes = store
            .read(move |db| store::episodes::list(db, id))
            .await
            .unwrap();
        let scored = episodes
            .iter()
            .filter(|episode| episode.outcome.is_some_and(Outcome::is_scored))
            .count();
        assert_eq!(scored, 1, "{episodes:?}");
        assert!(
            episodes.iter().all(|episode| episode.ended_at.is_some()),
            "{episodes:?}"
        );
    }
    let passed = |agent: &str| {
        let mine = rows.iter().filter(|row| row.agent_name == agent);
        mine.filter(|row| row.submission.outcome == Some(Outcome::Passed))
            .count()
    };
    assert_eq!(passed("oracle"), 20, "{:?}", failures(&rows, "oracle"));
    assert_eq!(passed("null"), 0);
    assert_eq!(processes_of(dir.path()), []);
    let profiles = std::fs::read_dir(demo_data.join("browser")).map_or(0, Iterator::count);
    assert_eq!(profiles, 0, "no profile is left");
}

#[actix_web::test]
async fn a_run_that_is_told_to_stop_ends_its_browsers_and_keeps_what_ended() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let words = ["run", "--agent", "random", "--suite", "arena"];
        let mut command = agentarena(dir.path());
        command
            .args(words)
            .env("AGENTARENA__JOBS__SHUTDOWN_GRACE_MS", "1000");
        let mut run = Running::start(&mut command);
        // Its browsers start when it owns the store.
        let begun = Instant::now();
        while processes_of(&data).is_empty() {
            assert!(begun.elapsed() < PATIENCE, "no browser was started");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let store = Store::open_beside(&data).unwrap();
        let some_ended =
            |rows: &[SubmissionView]| rows.iter().any(|row| row.submission.status.is_final());
        until(&store, "an episode to end", some_ended).await;
        run.signal(signal);
        assert_eq!(run.wait().code(), Some(1), "{signal} is no success");
        assert_eq!(processes_of(&data), []);
        let profiles = std::fs::read_dir(data.join("browser")).map_or(0, Iterator::count);
        assert_eq!(profiles, 0, "no profile is left");
        let rows = submissions(&store).await;
        let is_whole = |row: &SubmissionView| {
            row.submission.status.is_final() || row.submission.status == SubmissionStatus::Queued
        };
        assert!(rows.iter().all(is_whole), "{rows:?}");
    }
}

fn failures(rows: &[SubmissionView], agent: &str) -> Vec<String> {
    let mine = rows.iter().filter(|row| row.agent_name == agent);
    let failed = mine.filter(|row| row.submission.outcome != Some(Outcome::Passed));
    failed
        .map(|row| format!("{}: {:?}", row.task_key, row.submission.reason))
        .collect()
}
