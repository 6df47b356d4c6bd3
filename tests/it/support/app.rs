//! The real website and API on a free port, with a data directory of its own and a pool that
//! does not run: what is submitted stays queued, so that a test decides what happens to it.

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer};
use agentarena::agents::foreign::remote::RemoteHub;
use agentarena::arena::model_proxy::ArenaAddresses;
use agentarena::arena::policies::AgentPolicies;
use agentarena::arena::submit::Intake;
use agentarena::auth::{AuthService, NewAccount, Session};
use agentarena::config::{AuthSettings, LimitSettings, ServerSettings};
use agentarena::domain::ids::{SubmissionId, SuiteId, TaskId, UserId};
use agentarena::domain::manifest::BrowserSetup;
use agentarena::domain::outcome::PlaygroundKind;
use agentarena::domain::suite::Suite;
use agentarena::domain::task::TaskSpec;
use agentarena::domain::time::Timestamp;
use agentarena::domain::user::Role;
use agentarena::jobs::Interrupt;
use agentarena::jobs::{Pool, PoolSettings};
use agentarena::llm::gate::Gates;
use agentarena::llm::proxy::ModelProxy;
use agentarena::playground::hub::EventHub;
use agentarena::playground::recorder::Recorder;
use agentarena::playground::{Assignment, Playground, PlaygroundHealth, Prepared, Report};
use agentarena::store::{self, Store};
use agentarena::telemetry::metrics::Metrics;
use agentarena::vault::Vault;
use agentarena::web::state::{AppState, Parts};
use async_trait::async_trait;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// What a task expects; must never leave the server.
pub const EXPECTED: &str = "the-expected-value-4711";

/// The reference solution of every task here; must never leave the server.
pub const SOLUTION: &str = "the-reference-solution-4711";

/// Password of every account here.
pub const PASSWORD: &str = "correct horse battery staple";

/// What a test may want different.
#[derive(Default)]
pub struct Options {
    pub limits: Option<LimitSettings>,
    pub sign_up_closed: bool,
    pub queue_limit: Option<u32>,
    pub private_refused: bool,
}

/// A running application.
pub struct TestApp {
    pub address: String,
    pub store: Store,
    pub auth: AuthService,
    pub hub: EventHub,
    pub remote: Arc<RemoteHub>,
    pub models: Arc<ModelProxy>,
    pub suite_id: SuiteId,
    pub tasks: Vec<TaskId>,
    pub client: reqwest::Client,
    server: ServerHandle,
    _dir: tempfile::TempDir,
}

/// Someone who signed in.
pub struct Person {
    pub id: UserId,
    pub session: Session,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text))
    }

    /// The first error's code, field and message.
    pub fn error(&self) -> (String, Option<String>, String) {
        let body = self.json();
        let first = &body["errors"][0];
        assert!(body["meta"]["requestId"].is_string(), "{}", self.text);
        (
            first["code"].as_str().expect("a code").to_owned(),
            first["field"].as_str().map(str::to_owned),
            first["message"].as_str().expect("a message").to_owned(),
        )
    }

    /// The id of the one resource.
    pub fn id(&self) -> String {
        self.json()["data"]["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    }
}

impl TestApp {
    /// Starts with one suite of three tasks.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// Starts with other settings.
    pub async fn start_with(options: Options) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let vault = Arc::new(Vault::open(dir.path()).unwrap());
        let settings = AuthSettings {
            bcrypt_cost: 4,
            sign_up_open: !options.sign_up_closed,
            ..AuthSettings::default()
        };
        let auth = AuthService::new(store.clone(), Arc::clone(&vault), settings);
        let hub = EventHub::new();
        let pool_settings = PoolSettings {
            parallel: 1,
            lease_ms: 10_000,
            shutdown_grace_ms: 1_000,
        };
        let pool = Pool::new(store.clone(), "test", pool_settings, HashMap::new());
        let intake = Intake {
            store: store.clone(),
            pool,
            hub: hub.clone(),
            playground: PlaygroundKind::Real,
            queue_limit: options.queue_limit.unwrap_or(1_000),
        };
        let unlimited = LimitSettings {
            sign_in_per_minute: 0,
            api_per_minute: 0,
            tries_per_minute: 0,
        };
        let remote = Arc::new(RemoteHub::default());
        let models = Arc::new(ModelProxy::default());
        let policies = Arc::new(AgentPolicies {
            store: store.clone(),
            vault: Arc::clone(&vault),
            remote: Arc::clone(&remote),
            allow_private: !options.private_refused,
            allow_commands: false,
            gates: Arc::new(Gates::new(8)),
            prompts: Arc::default(),
            models: Arc::clone(&models),
            addresses: ArenaAddresses::default(),
        });
        let state = AppState::new(Parts {
            store: store.clone(),
            auth: auth.clone(),
            vault,
            hub: hub.clone(),
            playground: Arc::new(NoBrowser),
            remote: Arc::clone(&remote),
            gates: Arc::new(Gates::new(8)),
            policies: Arc::clone(&policies),
            models: Arc::clone(&models),
            intake,
            server: ServerSettings::default(),
            limits: options.limits.unwrap_or(unlimited),
            metrics: Metrics::install().unwrap(),
        });
        let (suite_id, tasks) = add_tasks(&store).await;
        let (address, server) = listen(state);
        Self {
            address,
            store,
            auth,
            hub,
            remote,
            models,
            suite_id,
            tasks,
            client: client(),
            server,
            _dir: dir,
        }
    }

    /// A request to a path.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.address))
    }

    /// `GET`, as someone or as nobody.
    pub async fn get(&self, person: Option<&Person>, path: &str) -> Answer {
        send(bearer(self.request(Method::GET, path), person)).await
    }

    /// A request with attributes in the envelope.
    pub async fn send(
        &self,
        person: Option<&Person>,
        method: Method,
        path: &str,
        kind: &str,
        attributes: Value,
    ) -> Answer {
        let body = json!({"data": {"type": kind, "attributes": attributes}});
        send(bearer(self.request(method, path), person).json(&body)).await
    }

    /// `POST` with attributes in the envelope.
    pub async fn post(
        &self,
        person: Option<&Person>,
        path: &str,
        kind: &str,
        attributes: Value,
    ) -> Answer {
        self.send(person, Method::POST, path, kind, attributes)
            .await
    }

    /// A request without a body.
    pub async fn bare(&self, person: Option<&Person>, method: Method, path: &str) -> Answer {
        send(bearer(self.request(method, path), person)).await
    }

    /// An account with a role, signed in.
    pub async fn person(&self, username: &str, role: Role) -> Person {
        let account = NewAccount {
            username: username.to_owned(),
            email: format!("{username}@example.org"),
            password: PASSWORD.to_owned(),
        };
        let user = self.auth.create_user(account, role, None).await.unwrap();
        let session = self.auth.sign_in(username, PASSWORD).await.unwrap();
        Person {
            id: user.id,
            session,
        }
    }

    /// An agent of someone's own; its id.
    pub async fn agent(&self, person: &Person, name: &str) -> String {
        let attributes = json!({
            "name": name,
            "configuration": {"kind": "builtin", "policy": "heuristic"},
        });
        let answer = self
            .post(Some(person), "/api/v1/agents", "agent", attributes)
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.id()
    }

    /// A submission of a new agent to the first task.
    pub async fn submission(&self, person: &Person, agent_id: &str) -> SubmissionId {
        let attributes = json!({"agentId": agent_id, "taskId": self.tasks[0]});
        let answer = self
            .post(
                Some(person),
                "/api/v1/submissions",
                "submission",
                attributes,
            )
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        answer.id().parse().unwrap()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Stops the workers; the future only waits for that.
        drop(self.server.stop(false));
    }
}

/// Sends a request and reads the answer.
pub async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    Answer {
        status: response.status(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

fn bearer(request: RequestBuilder, person: Option<&Person>) -> RequestBuilder {
    match person {
        Some(person) => request.bearer_auth(&person.session.access_token),
        None => request,
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

fn listen(state: AppState) -> (String, ServerHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = HttpServer::new(move || {
        let state = state.clone();
        App::new().configure(|config| agentarena::web::routes::configure(config, &state))
    })
    .workers(1)
    .h1_allow_half_closed(false)
    .disable_signals()
    .listen(listener)
    .unwrap()
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    (address, handle)
}

/// A playground whose browser is missing.
struct NoBrowser;

#[async_trait]
impl Playground for NoBrowser {
    fn kind(&self) -> PlaygroundKind {
        PlaygroundKind::Real
    }

    fn health(&self) -> PlaygroundHealth {
        PlaygroundHealth {
            kind: PlaygroundKind::Real,
            ok: false,
            version: String::new(),
            problem: "no browser was found; install chromium-headless-shell".to_owned(),
            capacity: 0,
            in_use: 0,
        }
    }

    fn setup(&self) -> BrowserSetup {
        BrowserSetup::default()
    }

    async fn prepare(&self, _: &TaskSpec, _: &Interrupt) -> Prepared {
        unreachable!("the pool of these tests does not run")
    }

    async fn run(&self, _: Prepared, _: Assignment, _: &Recorder) -> Report {
        unreachable!("the pool of these tests does not run")
    }
}

/// A task that expects something secret.
pub fn task_spec(title: &str) -> TaskSpec {
    serde_json::from_value(json!({
        "template": "S01",
        "draw": 0,
        "title": title,
        "goal": "Find the price of the kettle and report it.",
        "kind": "info",
        "difficulty": "easy",
        "points": {"S": 1},
        "skills": ["search"],
        "environment": {
            "kind": "site", "sites": ["shop"], "persona": "mara", "world": 1, "start": "/shop/",
        },
        "evaluators": [{"type": "answer", "answer": "text", "expected": EXPECTED}],
        "limits": {"steps": 30, "time_ms": 120_000},
        "solution": [SOLUTION],
        "draw_values": {"price": EXPECTED},
    }))
    .unwrap()
}

async fn add_tasks(store: &Store) -> (SuiteId, Vec<TaskId>) {
    store
        .write(|tx| {
            let now = Timestamp::now();
            let suite = Suite {
                id: SuiteId::new(),
                name: "arena".to_owned(),
                version: "0.1".to_owned(),
                title: "Arena".to_owned(),
                description: "Tasks of tests.".to_owned(),
            };
            let suite = store::suites::upsert(tx, &suite, now)?;
            let environment =
                store::suites::upsert_environment(tx, "site", "shop", "1", &json!({}), now)?;
            let titles = ["Price of a kettle", "<script>alert(1)</script>", "Third"];
            let tasks = titles.iter().enumerate().map(|(index, title)| {
                let key = format!("shop-{:03}", index + 1);
                let spec = task_spec(title);
                let task = store::tasks::upsert(tx, suite.id, environment, &key, &spec, now)?;
                Ok(task.id)
            });
            let tasks: Result<Vec<_>, store::StoreError> = tasks.collect();
            Ok((suite.id, tasks?))
        })
        .await
        .unwrap()
}
