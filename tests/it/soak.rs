//! Long work under faults: what a server holds and leaves behind when its drivers keep dying.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use agentarena::domain::outcome::SubmissionStatus;
use agentarena::domain::page::PageRequest;
use agentarena::store::submissions::SubmissionFilter;
use agentarena::store::{self, Store};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::process::{Running, agentarena, output, processes_of};

/// Episodes in all.
const EPISODES: usize = 300;
/// After so many further episodes a driver is killed.
const KILL_EVERY: usize = 20;
/// How much the server's memory may grow, in KiB.
const GROWTH_KIB: u64 = 30 * 1024;
/// Longest wait for all of it.
const PATIENCE: Duration = Duration::from_mins(12);

/// The server's API with someone signed in.
struct Api {
    client: Client,
    base: String,
    token: String,
}

impl Api {
    async fn sign_in(base: &str) -> Self {
        let client = Client::new();
        let session = json!({"data": {"type": "session", "attributes": {
            "login": "ada", "password": "a long enough password",
        }}});
        let answer = client.post(format!("{base}/api/v1/auth/sign-in"));
        let answer: Value = answer
            .json(&session)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let token = answer["data"]["attributes"]["accessToken"].as_str();
        Self {
            client,
            base: format!("{base}/api/v1"),
            token: token.expect("a token").to_owned(),
        }
    }

    async fn submit(&self, agent: &str, task: &str, seed: usize) {
        let body = json!({"data": {"type": "submission", "attributes": {
            "agentId": agent, "taskId": task, "seed": seed,
        }}});
        let request = self.client.post(format!("{}/submissions", self.base));
        let answer = request.bearer_auth(&self.token).json(&body).send().await;
        assert_eq!(answer.unwrap().status(), 201);
    }
}

/// How many submissions stand like this, by a look at the database beside the server.
async fn count(store: &Store, status: SubmissionStatus) -> usize {
    let filter = SubmissionFilter {
        status: Some(status),
        ..SubmissionFilter::default()
    };
    let mut request = PageRequest::first(100);
    let mut count = 0;
    loop {
        let (filter, asked) = (filter.clone(), request);
        let page = store
            .read(move |db| store::submissions::list(db, &filter, &asked))
            .await
            .unwrap();
        count += page.items.len();
        let Some(cursor) = page.next else {
            return count;
        };
        request = PageRequest::after(100, Some(cursor));
    }
}

fn add_person(dir: &Path) {
    let mut child = agentarena(dir)
        .args([
            "users",
            "add",
            "--email",
            "ada@example.com",
            "--username",
            "ada",
        ])
        .args(["--role", "admin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"a long enough password").unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

fn id_of(dir: &Path, listing: &str, name: &str) -> String {
    let listed = output(dir, &[listing, "list", "--json"]);
    let rows: Vec<Value> = serde_json::from_slice(&listed.stdout).expect("a list");
    let is_named = |row: &&Value| row["name"] == name || row["key"] == name;
    let row = rows.iter().find(is_named).expect("the row");
    row["id"].as_str().expect("an id").to_owned()
}

/// Resident memory of a process in KiB.
fn resident_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a status");
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .expect("a number")
}

fn sockets_of(pid: u32) -> usize {
    let files = std::fs::read_dir(format!("/proc/{pid}/fd")).expect("open files");
    let targets = files
        .flatten()
        .filter_map(|file| std::fs::read_link(file.path()).ok());
    targets
        .filter(|to| to.to_string_lossy().starts_with("socket:"))
        .count()
}

/// Kills one driver, if one runs just now, and says whether.
fn kill_a_driver(dir: &Path) -> bool {
    let all = processes_of(dir);
    let driver = all.iter().find(|(_, line)| line.contains("--log-path"));
    // It may end by itself in this moment.
    driver.is_some_and(|(pid, _)| kill(Pid::from_raw(*pid), Signal::SIGKILL).is_ok())
}

#[actix_web::test]
async fn three_hundred_episodes_with_dying_drivers_leave_nothing_and_do_not_grow() {
    let dir = tempfile::tempdir().unwrap();
    add_person(dir.path());
    let mut server = Running::start(agentarena(dir.path()).args([
        "serve",
        "--log-level",
        "error",
        "--port",
        "0",
        "--sites-port",
        "0",
    ]));
    let line = server.line_with("is running at");
    let base = line
        .split_whitespace()
        .find(|word| word.starts_with("http://"));
    let agent = id_of(dir.path(), "agents", "null");
    let task = id_of(dir.path(), "tasks", "shop-001");
    let api = Api::sign_in(base.expect("an address")).await;
    for seed in 0..EPISODES {
        api.submit(&agent, &task, seed).await;
    }

    let store = Store::open_beside(&dir.path().join("data")).unwrap();
    let begun = Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(100));
    let (mut kills, mut early) = (0, None);
    let ended = loop {
        looks.tick().await;
        let ended = count(&store, SubmissionStatus::Completed).await;
        let failed = count(&store, SubmissionStatus::Failed).await;
        assert_eq!(
            failed, 0,
            "an infrastructure fault was not mended by trying again"
        );
        if ended > KILL_EVERY && early.is_none() {
            early = Some((resident_kib(server.pid()), sockets_of(server.pid())));
        }
        if ended / KILL_EVERY > kills && kill_a_driver(dir.path()) {
            kills += 1;
        }
        if ended == EPISODES {
            break ended;
        }
        assert!(begun.elapsed() < PATIENCE, "{ended} of {EPISODES} in time");
    };
    let (memory, sockets) = early.expect("looked at early on");
    let (memory_after, sockets_after) = (resident_kib(server.pid()), sockets_of(server.pid()));
    println!(
        "{ended} episodes, {kills} drivers killed, {:.0} s; memory {memory} -> {memory_after} KiB; \
         sockets {sockets} -> {sockets_after}",
        begun.elapsed().as_secs_f64()
    );
    assert!(kills >= EPISODES / KILL_EVERY - 2, "{kills}");
    assert!(
        memory_after < memory + GROWTH_KIB,
        "{memory} -> {memory_after} KiB"
    );
    assert!(sockets_after <= sockets + 6, "{sockets} -> {sockets_after}");
    server.signal(Signal::SIGTERM);
    assert!(server.wait().success());
    assert_eq!(processes_of(dir.path()), []);
    let profiles = std::fs::read_dir(dir.path().join("data/browser")).map_or(0, Iterator::count);
    assert_eq!(profiles, 0, "no profile is left");
}
