//! Measures what the product promises, on the release binary, and prints it beside the target:
//! `make bench`. Exits with 1 when a target is missed.
#![expect(
    clippy::print_stdout,
    reason = "printing what was measured is what this program is for"
)]

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

const PASSWORD: &str = "a password for benchmarks";

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let measured = runtime
        .context("starting threads")
        .and_then(|runtime| runtime.block_on(measure()));
    match measured {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("the benchmark broke off: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measure() -> anyhow::Result<bool> {
    println!("{:<64} {:>12} {:>12}", "what", "measured", "target");
    let mut all_met = true;
    let mut say = |what: &str, measured: Duration, target: Duration| {
        let met = measured <= target;
        all_met &= met;
        let mark = if met { "" } else { "  missed" };
        println!(
            "{what:<64} {:>12} {:>12}{mark}",
            show(measured),
            show(target)
        );
    };
    let first_page = median(first_page_times(5).await?);
    say(
        "start on an empty directory to first page, median of 5",
        first_page,
        Duration::from_secs(1),
    );
    let submits = submit_times(50).await?;
    say(
        "POST /submissions while 2 episodes run, 50 in a row, p50",
        submits[25],
        Duration::from_millis(20),
    );
    say("the same, p99", submits[49], Duration::from_millis(20));
    say(
        "demo to leaderboard, 80 episodes",
        demo_time()?,
        Duration::from_mins(2),
    );
    Ok(all_met)
}

fn show(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{:.1} ms", time.as_secs_f64() * 1000.0)
    } else {
        format!("{:.2} s", time.as_secs_f64())
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A server of ours; ends with the value.
struct Server {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start(dir: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_agentarena"))
            .args(arguments)
            .args(["--port", "0", "--sites-port", "0"])
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = child.stdout.take().context("stdout is piped")?;
        Ok(Self {
            child,
            lines: BufReader::new(stdout).lines(),
        })
    }

    fn line_with(&mut self, part: &str) -> anyhow::Result<String> {
        for line in self.lines.by_ref() {
            let line = line?;
            if line.contains(part) {
                return Ok(line);
            }
        }
        bail!("the server ended without printing `{part}`")
    }

    fn url(&mut self) -> anyhow::Result<String> {
        let line = self.line_with("is running at")?;
        let url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"));
        Ok(url.context("no address was printed")?.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Ok(pid) = i32::try_from(self.child.id()) else {
            return;
        };
        let _ = nix::sys::signal::kill(
            nix::unistd::Pid::from_raw(pid),
            nix::sys::signal::Signal::SIGTERM,
        );
        let _ = self.child.wait();
    }
}

async fn first_page_times(runs: usize) -> anyhow::Result<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..runs {
        let dir = tempfile::tempdir()?;
        let begun = Instant::now();
        let mut server = Server::start(dir.path(), &["serve"])?;
        let url = server.url()?;
        let page = reqwest::get(format!("{url}/sign-in")).await?;
        if !page.status().is_success() {
            bail!("the first page answered {}", page.status());
        }
        page.bytes().await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

/// Times of submits, sorted, while the pool is busy with two episodes.
async fn submit_times(count: usize) -> anyhow::Result<Vec<Duration>> {
    let dir = tempfile::tempdir()?;
    let mut server = Server::start(dir.path(), &["serve", "--parallel", "2"])?;
    let api = format!("{}/api/v1", server.url()?);
    let http = reqwest::Client::new();
    let account =
        json!({ "username": "bench", "email": "bench@example.com", "password": PASSWORD });
    post(&http, &format!("{api}/auth/sign-up"), None, "user", account).await?;
    let session = json!({ "login": "bench", "password": PASSWORD });
    let session = post(
        &http,
        &format!("{api}/auth/sign-in"),
        None,
        "session",
        session,
    )
    .await?;
    let token = session["data"]["attributes"]["accessToken"]
        .as_str()
        .context("no access token")?
        .to_owned();
    let agent = find(&http, &format!("{api}/agents"), &token, "name", "random").await?;
    let task = find(&http, &format!("{api}/tasks"), &token, "key", "shop-001").await?;
    let submit = |seed: usize| {
        let (http, url, token) = (http.clone(), format!("{api}/submissions"), token.clone());
        let attributes = json!({ "agentId": agent, "taskId": task, "seed": seed });
        async move { post(&http, &url, Some(&token), "submission", attributes).await }
    };
    for seed in 0..20 {
        submit(seed).await?;
    }
    wait_for_running(&http, &api, &token, 2).await?;
    let mut times = Vec::new();
    for seed in 0..count {
        let begun = Instant::now();
        submit(100 + seed).await?;
        times.push(begun.elapsed());
    }
    times.sort();
    Ok(times)
}

async fn wait_for_running(
    http: &reqwest::Client,
    api: &str,
    token: &str,
    wanted: usize,
) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    while begun.elapsed() < Duration::from_mins(1) {
        looks.tick().await;
        let url = format!("{api}/submissions?status=running");
        let listed: Value = http
            .get(url)
            .bearer_auth(token)
            .send()
            .await?
            .json()
            .await?;
        if listed["data"].as_array().map_or(0, Vec::len) >= wanted {
            return Ok(());
        }
    }
    bail!("no {wanted} episodes ran at once within a minute")
}

async fn post(
    http: &reqwest::Client,
    url: &str,
    token: Option<&str>,
    kind: &str,
    attributes: Value,
) -> anyhow::Result<Value> {
    let mut request = http
        .post(url)
        .json(&json!({ "data": { "type": kind, "attributes": attributes } }));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await?;
    let status = response.status();
    let body = response.text().await?;
    if !status.is_success() {
        bail!("{url} answered {status}: {body}");
    }
    Ok(serde_json::from_str(&body)?)
}

async fn find(
    http: &reqwest::Client,
    url: &str,
    token: &str,
    field: &str,
    value: &str,
) -> anyhow::Result<String> {
    let listed: Value = http
        .get(url)
        .bearer_auth(token)
        .send()
        .await?
        .json()
        .await?;
    let rows = listed["data"].as_array().context("no list came")?;
    let row = rows.iter().find(|row| row["attributes"][field] == value);
    let id = row.and_then(|row| row["id"].as_str());
    Ok(id
        .with_context(|| format!("{url} lists no {value}"))?
        .to_owned())
}

fn demo_time() -> anyhow::Result<Duration> {
    let dir = tempfile::tempdir()?;
    let begun = Instant::now();
    let mut demo = Server::start(dir.path(), &["demo"])?;
    demo.line_with("80 episodes in")?;
    demo.line_with("oracle")?;
    let elapsed = begun.elapsed();
    std::io::stdout().flush()?;
    Ok(elapsed)
}
