//! Canaries: secrets of every kind are planted, episodes of every kind are run by the real binary
//! with its log at debug, against a provider that sends the key back in every way and agents that
//! tell everything they get; then everything that the arena keeps, says and shows is searched.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::support::process::{agentarena, output, text};
use crate::support::provider::{Answer, Provider};

const OPENAI_KEY: &str = "sk-canary-openai-4711-9f8e7d6c5b4a";
const ANTHROPIC_KEY: &str = "sk-ant-canary-4711-1a2b3c4d5e6f";
const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "correct horse battery staple";

/// Longest wait for anything here.
const PATIENCE: Duration = Duration::from_mins(3);

/// A process of ours that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The real binary as a server, its output in files.
struct Server {
    process: Process,
    url: String,
    client: Client,
    session: String,
    /// Every answer that it gave, but those that are there to give a secret.
    said: Vec<(String, String)>,
}

fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().port()
}

fn arena(folder: &Path) -> Command {
    let mut command = agentarena(folder);
    command
        .env("AGENTARENA__LOG__LEVEL", "debug")
        .env("AGENTARENA__PLAYGROUND__KIND", "mock")
        .env("AGENTARENA__OUTBOUND__ALLOW_PRIVATE", "true")
        .env("AGENTARENA__JOBS__INFRA_RETRIES", "1")
        .env("AGENTARENA__JOBS__RETRY_BACKOFF_MS", "1");
    command
}

impl Server {
    async fn start(folder: &Path) -> Self {
        let port = free_port();
        let file = |name: &str| File::create(folder.join(name)).unwrap();
        let process = arena(folder)
            .args(["serve", "--port", &port.to_string(), "--sites-port", "0"])
            .stdout(file("serve.stdout"))
            .stderr(file("serve.stderr"))
            .spawn()
            .unwrap();
        let mut server = Self {
            process: Process(process),
            url: format!("http://127.0.0.1:{port}"),
            client: Client::builder().no_proxy().build().unwrap(),
            session: String::new(),
            said: Vec::new(),
        };
        let mut looks = tokio::time::interval(Duration::from_millis(50));
        let up = async {
            while server
                .client
                .get(format!("{}/health", server.url))
                .send()
                .await
                .is_err()
            {
                looks.tick().await;
            }
        };
        tokio::time::timeout(PATIENCE, up).await.expect("a server");
        let attributes = json!({ "login": EMAIL, "password": PASSWORD });
        let session = server.post("/auth/sign-in", "session", attributes).await;
        session["data"]["attributes"]["accessToken"]
            .as_str()
            .unwrap_or_else(|| panic!("no session: {session}"))
            .clone_into(&mut server.session);
        server.said.clear();
        server
    }

    async fn ask(&mut self, method: Method, path: &str, body: Option<Value>) -> String {
        let request = self.client.request(method, format!("{}{path}", self.url));
        let request = request.bearer_auth(&self.session);
        let request = match &body {
            Some(body) => request.json(body),
            None => request,
        };
        let response = request.send().await.unwrap();
        let headers = format!("{} {:?}", response.status(), response.headers());
        let body = response.text().await.unwrap();
        self.said
            .push((path.to_owned(), format!("{headers}\n{body}")));
        body
    }

    async fn post(&mut self, path: &str, kind: &str, attributes: Value) -> Value {
        let body = json!({ "data": { "type": kind, "attributes": attributes } });
        let said = self
            .ask(Method::POST, &format!("/api/v1{path}"), Some(body))
            .await;
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}"))
    }

    async fn make(&mut self, path: &str, kind: &str, attributes: Value) -> String {
        let made = self.post(path, kind, attributes).await;
        let id = made["data"]["id"].as_str();
        id.unwrap_or_else(|| panic!("not made: {made}")).to_owned()
    }

    /// The secret of an agent: the one answer that is there to give it.
    async fn secret(&mut self, agent: &str) -> String {
        let path = format!("/api/v1/agents/{agent}/secret");
        let said = self.ask(Method::GET, &path, None).await;
        self.said.pop();
        let said: Value = serde_json::from_str(&said).unwrap();
        let secret = said["data"]["attributes"]["secret"].as_str();
        secret.unwrap_or_else(|| panic!("{said}")).to_owned()
    }

    /// Runs an episode to its end, and reads everything about it.
    async fn run(&mut self, agent: &str, task: &str) -> Value {
        let attributes = json!({ "agentId": agent, "taskId": task });
        let id = self.make("/submissions", "submission", attributes).await;
        let path = format!("/api/v1/submissions/{id}");
        let mut looks = tokio::time::interval(Duration::from_millis(100));
        let ended = async {
            loop {
                looks.tick().await;
                let shown: Value =
                    serde_json::from_str(&self.ask(Method::GET, &path, None).await).unwrap();
                let attributes = shown["data"]["attributes"].clone();
                if attributes["outcome"].is_string() {
                    return attributes;
                }
            }
        };
        let ended = tokio::time::timeout(PATIENCE, ended).await.expect("an end");
        for path in [
            format!("{path}/events"),
            format!("{path}/manifest"),
            format!("/submissions/{id}"),
        ] {
            self.ask(Method::GET, &path, None).await;
        }
        ended
    }

    async fn look_around(&mut self, agents: &[String]) {
        let mut paths: Vec<String> = [
            "/",
            "/dashboard",
            "/agents",
            "/agents/new",
            "/submissions",
            "/submissions/new",
            "/leaderboard",
            "/account",
            "/account/budget",
            "/health",
            "/health-status",
            "/ready",
            "/metrics",
            "/api/v1/agents",
            "/api/v1/provider-keys",
            "/api/v1/budget",
            "/api/v1/submissions",
            "/api/v1/leaderboard?suite=arena",
            "/api/v1/auth/me",
        ]
        .map(str::to_owned)
        .to_vec();
        for agent in agents {
            paths.push(format!("/agents/{agent}"));
            paths.push(format!("/agents/{agent}/edit"));
            paths.push(format!("/api/v1/agents/{agent}"));
            paths.push(format!("/api/v1/agents/{agent}/revisions"));
        }
        for path in paths {
            self.ask(Method::GET, &path, None).await;
        }
        let pid = self.process.0.id();
        for file in ["cmdline", "environ"] {
            let bytes = std::fs::read(format!("/proc/{pid}/{file}")).unwrap();
            self.said
                .push((format!("the server's {file}"), text(&bytes)));
        }
    }

    fn stop(&mut self) {
        kill(
            Pid::from_raw(i32::try_from(self.process.0.id()).unwrap()),
            Signal::SIGTERM,
        )
        .unwrap();
        assert!(self.process.0.wait().unwrap().success());
    }
}

/// Where a canary is, in the clear or as hexadecimal digits.
fn hits(place: &str, bytes: &[u8], canaries: &[String]) -> Vec<String> {
    let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    let found = canaries.iter().filter(|canary| {
        let digits = hex::encode(canary);
        holds(canary.as_bytes()) || holds(digits.as_bytes())
    });
    found
        .map(|canary| format!("{place} holds {}...", &canary[..12]))
        .collect()
}

/// Searches every file of a folder. Also says how many bytes there were.
fn search(folder: &Path, canaries: &[String]) -> (Vec<String>, usize) {
    let (mut found, mut size) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            let (more, bytes) = search(&path, canaries);
            found.extend(more);
            size += bytes;
        } else if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            size += bytes.len();
            found.extend(hits(&path.display().to_string(), &bytes, canaries));
        }
    }
    (found, size)
}

/// The settings of an agent that calls both providers through the arena.
fn proxy(provider: &Provider, keys: &[String; 2]) -> Value {
    let of = |key: &str| json!({ "providerKeyId": key, "baseUrl": provider.base_url });
    json!({ "openai": of(&keys[0]), "anthropic": of(&keys[1]) })
}

fn leaking(folder: &Path) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/leaking_agent.py");
    let mut command = Command::new("python3");
    command
        .arg(script)
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

async fn listens(port: u16) {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let up = async {
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            looks.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, up).await.expect("a webhook");
}

#[actix_web::test]
async fn no_secret_leaves_by_any_way() {
    let dir = tempfile::tempdir().unwrap();
    let (folder, outside) = (dir.path().join("arena"), dir.path().join("outside"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::create_dir_all(&outside).unwrap();
    std::fs::write(outside.join("password"), PASSWORD).unwrap();
    let added = arena(&folder)
        .args(["users", "add", "--email", EMAIL, "--username", "ada"])
        .stdin(File::open(outside.join("password")).unwrap())
        .output()
        .unwrap();
    assert!(added.status.success(), "{}", text(&added.stderr));
    let provider = Provider::start([Answer::Echo(401), Answer::Echo(500)], Answer::Echo(200));
    let mut server = Server::start(&folder).await;
    let mut keys = Vec::new();
    for (speech, key) in [("openai", OPENAI_KEY), ("anthropic", ANTHROPIC_KEY)] {
        let attributes = json!({ "name": speech, "provider": speech, "key": key });
        keys.push(
            server
                .make("/provider-keys", "providerKey", attributes)
                .await,
        );
    }
    let keys: [String; 2] = keys.try_into().unwrap();
    let port = free_port();
    let mut agents = Vec::new();
    for configuration in [
        json!({ "kind": "llm", "provider": "openai", "model": "test-model",
            "baseUrl": provider.base_url, "providerKeyId": keys[0] }),
        json!({ "kind": "llm", "provider": "anthropic", "model": "test-model",
            "baseUrl": provider.base_url, "providerKeyId": keys[1] }),
        json!({ "kind": "webhook", "url": format!("http://127.0.0.1:{port}/turn"),
            "modelProxy": proxy(&provider, &keys) }),
        json!({ "kind": "remote", "modelProxy": proxy(&provider, &keys) }),
    ] {
        let attributes =
            json!({ "name": format!("agent {}", agents.len()), "configuration": configuration });
        agents.push(server.make("/agents", "agent", attributes).await);
    }
    let webhook_secret = server.secret(&agents[2]).await;
    let remote_token = server.secret(&agents[3]).await;
    let webhook = leaking(&outside)
        .args(["webhook", &port.to_string()])
        .spawn();
    let remote = leaking(&outside)
        .args(["remote", &server.url])
        .env("TOKEN", &remote_token)
        .spawn();
    let _agents = (Process(webhook.unwrap()), Process(remote.unwrap()));
    listens(port).await;

    let tasks = server
        .ask(Method::GET, "/api/v1/tasks?suite=arena", None)
        .await;
    let tasks: Value = serde_json::from_str(&tasks).unwrap();
    let task = tasks["data"][0]["id"].as_str().unwrap().to_owned();
    for agent in &agents {
        let ended = server.run(agent, &task).await;
        let is_foreign = [&agents[2], &agents[3]].contains(&agent);
        let expected = if is_foreign { "failed" } else { "infra_error" };
        assert_eq!(ended["outcome"], expected, "{ended}");
    }
    server.look_around(&agents).await;
    let mut canaries = vec![
        OPENAI_KEY.to_owned(),
        ANTHROPIC_KEY.to_owned(),
        webhook_secret.trim_start_matches("whsec_").to_owned(),
        remote_token,
    ];
    let tokens = std::fs::read_to_string(outside.join("tokens")).unwrap();
    canaries.extend(tokens.lines().map(str::to_owned));
    // While it runs, the newest rows stand in the write-ahead log.
    let data = folder.join("data");
    assert!(has_wal(&data), "no write-ahead log");
    let (mut found, size) = search(&folder, &canaries);
    assert!(size > 1_000_000, "only {size} bytes were searched");
    for (path, said) in &server.said {
        found.extend(hits(path, said.as_bytes(), &canaries));
    }
    server.stop();

    // A program of the operator's, and everything that can be printed.
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/leaking_agent.py");
    let program = format!(
        "python3 '{}' '{}' command",
        script.display(),
        outside.display()
    );
    let settings = proxy(&provider, &keys).to_string();
    let ran = arena(&folder)
        .args([
            "run",
            "--agent-cmd",
            &program,
            "--agent-name",
            "program",
            "--user",
            EMAIL,
        ])
        .args([
            "--agent-model-proxy",
            &settings,
            "--task",
            "shop-001",
            "--json",
        ])
        .output()
        .unwrap();
    let rows: Value = serde_json::from_slice(&ran.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&ran.stderr)));
    assert_eq!(rows[0]["outcome"], "failed", "{rows}");
    let tokens = std::fs::read_to_string(outside.join("tokens")).unwrap();
    canaries.extend(tokens.lines().map(str::to_owned));
    canaries.sort_unstable();
    canaries.dedup();
    assert!(
        canaries.len() >= 4 + 3,
        "a token for each episode: {}",
        canaries.len()
    );
    for (name, done) in [
        ("run", ran),
        ("cost audit", output(&folder, &["cost", "audit", "--json"])),
        (
            "agents list",
            output(&folder, &["agents", "list", "--json"]),
        ),
    ] {
        let said = [done.stdout, done.stderr].concat();
        assert!(!said.is_empty(), "{name}");
        found.extend(hits(name, &said, &canaries));
    }
    let (more, _) = search(&folder, &canaries);
    found.extend(more);
    found.extend(what_agents_saw(&outside, &canaries));
    assert!(found.is_empty(), "{found:#?}");
    // The search finds what is there.
    std::fs::write(folder.join("planted"), format!("x{OPENAI_KEY}x")).unwrap();
    assert_eq!(search(&folder, &canaries).0.len(), 1);
}

fn has_wal(folder: &Path) -> bool {
    let mut files = std::fs::read_dir(folder).unwrap().flatten();
    files.any(|file| file.file_name().to_string_lossy().ends_with("-wal"))
}

/// What agents got from their models, and saw of the machine: no key of a provider, and in the
/// list of processes nothing at all.
fn what_agents_saw(outside: &Path, canaries: &[String]) -> Vec<String> {
    let keys = [OPENAI_KEY.to_owned(), ANTHROPIC_KEY.to_owned()];
    let mut found = Vec::new();
    for (name, searched) in [
        ("answers", &keys[..]),
        ("environ", &keys),
        ("processes", canaries),
    ] {
        let bytes = std::fs::read(outside.join(name)).unwrap();
        assert!(bytes.len() > 100, "{name} is empty");
        found.extend(hits(name, &bytes, searched));
    }
    let answers = std::fs::read_to_string(outside.join("answers")).unwrap();
    assert!(
        answers.contains("you sent") && answers.contains("(key)"),
        "{answers}"
    );
    found
}
