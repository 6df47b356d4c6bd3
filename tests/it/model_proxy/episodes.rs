//! A whole application with simulated pages and a local provider, and programs as its agents.

use std::path::Path;
use std::time::Duration;

use agentarena::app::Application;
use agentarena::arena;
use agentarena::arena::prices::NewPrice;
use agentarena::arena::provider_keys::{self, NewProviderKey};
use agentarena::arena::submit::Submit;
use agentarena::auth::{NewAccount, Principal};
use agentarena::config::Settings;
use agentarena::domain::agent::{Agent, AgentConfig, Provider as Speech};
use agentarena::domain::budget::SubmissionBudget;
use agentarena::domain::event::{Event, EventBody};
use agentarena::domain::outcome::PlaygroundKind;
use agentarena::domain::price::Price;
use agentarena::domain::submission::Submission;
use agentarena::domain::user::Role;
use agentarena::playground::hub::Delivery;
use agentarena::store::llm_calls::{self, LlmCall};
use agentarena::{store, vault};
use serde_json::{Value, json};

use super::KEY;
use crate::support::arena::{events, submission};
use crate::support::provider::Provider;

/// Longest wait for an episode: clients are slow to import on a busy machine.
const PATIENCE: Duration = Duration::from_mins(3);

/// The application, its owner and a provider.
pub(super) struct House {
    app: Application,
    owner: Principal,
    keys: Vec<(Speech, String)>,
    pub(super) provider: Provider,
    dir: tempfile::TempDir,
}

/// The command of the agent that uses the official clients.
pub(super) fn program(mode: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/clients/venv/bin/python");
    assert!(
        python.exists(),
        "the official Python clients are missing: run scripts/install-python-clients.sh (or `make clients`)"
    );
    let script = root.join("tests/clients/proxied_agent.py");
    let words = [python.display().to_string(), script.display().to_string()];
    words
        .into_iter()
        .chain(mode.split(' ').map(str::to_owned))
        .collect()
}

impl House {
    pub(super) async fn build(provider: Provider) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.data.dir = dir.path().join("data");
        settings.server.port = 0;
        settings.server.sites_port = 0;
        settings.playground.kind = PlaygroundKind::Mock;
        settings.agents.allow_commands = true;
        settings.outbound.allow_private = true;
        settings.jobs.infra_retries = 0;
        let app = Application::build(settings).await.unwrap();
        let account = NewAccount {
            username: "ada".to_owned(),
            email: "ada@example.org".to_owned(),
            password: "correct horse battery staple".to_owned(),
        };
        let user = app.auth().create_user(account, Role::User, None).await;
        let owner = Principal::without_session(user.unwrap());
        let vault = vault::Vault::open(&dir.path().join("data")).unwrap();
        let mut keys = Vec::new();
        for speech in [Speech::OpenAi, Speech::Anthropic] {
            let new = NewProviderKey {
                name: speech.to_string(),
                provider: speech,
                secret: KEY.to_owned(),
            };
            let stored = provider_keys::create(app.store(), &vault, &owner, new);
            keys.push((speech, stored.await.unwrap().id.to_string()));
        }
        Self {
            app,
            owner,
            keys,
            provider,
            dir,
        }
    }

    /// An agent that is a program.
    pub(super) async fn agent(&self, name: &str, command: Vec<String>, calls: bool) -> Agent {
        let prices = json!([{ "model": "test-model", "inputPriceMicrousdPerMtok": 1_000_000,
            "outputPriceMicrousdPerMtok": 2_000_000, "cacheReadPriceMicrousdPerMtok": 100_000,
            "cacheWritePriceMicrousdPerMtok": 1_250_000 }]);
        self.keep(name, command, calls.then_some(&prices)).await
    }

    /// One that may call models whose prices it does not know.
    pub(super) async fn unpriced_agent(&self, name: &str, command: Vec<String>) -> Agent {
        self.keep(name, command, Some(&json!([]))).await
    }

    async fn keep(&self, name: &str, command: Vec<String>, prices: Option<&Value>) -> Agent {
        let mut config = json!({ "kind": "command", "command": command });
        if let Some(prices) = prices {
            for (speech, key) in &self.keys {
                config["modelProxy"][speech.as_str()] = json!({
                    "providerKeyId": key, "baseUrl": self.provider.base_url, "prices": prices,
                });
            }
        }
        let config: AgentConfig = serde_json::from_value(config).unwrap();
        let kept = arena::agents::keep(self.app.store(), &self.owner, name.to_owned(), config);
        kept.await.unwrap()
    }

    /// What the owner says that a model of OpenAI's costs.
    pub(super) async fn set_price(&self, model: &str, price: Price) {
        let new = NewPrice {
            provider: Speech::OpenAi,
            model: model.to_owned(),
            price,
        };
        let set = arena::prices::set(self.app.store(), &self.owner, new);
        set.await.unwrap();
    }

    /// Runs an episode to its end.
    pub(super) async fn run(
        &self,
        agent: &Agent,
        budget: SubmissionBudget,
    ) -> (Submission, Vec<LlmCall>) {
        let find = |db: &store::Connection| {
            let arena = store::suites::by_name(db, "arena")?.expect("the bundled suite");
            store::tasks::by_key(db, arena.suite.id, "shop-001")
        };
        let task = self
            .app
            .store()
            .read(find)
            .await
            .unwrap()
            .expect("the task");
        let mut changes = self.app.hub().subscribe_queue();
        let request = Submit {
            user_id: self.owner.user_id,
            agent_id: agent.id,
            task_id: task.id,
            seed: 1,
            budget,
            idempotency_key: None,
        };
        let id = self
            .app
            .intake()
            .submit(request)
            .await
            .unwrap()
            .submission
            .id;
        let ended = async {
            loop {
                let Some(Delivery::Message(change)) = changes.next().await else {
                    panic!("the hub is gone or too quick");
                };
                if change.submission_id == id && change.outcome.is_some() {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, ended).await.expect("an end");
        let calls = self
            .app
            .store()
            .read(move |db| llm_calls::of_submission(db, id, 1_000));
        (submission(self.app.store(), id).await, calls.await.unwrap())
    }

    pub(super) async fn events(&self, of: &Submission) -> Vec<Event> {
        events(self.app.store(), of.id).await
    }

    /// What the agent wrote to its log.
    pub(super) async fn log(&self, of: &Submission) -> String {
        let events = self.events(of).await;
        let log = events.iter().find_map(|event| match &event.body {
            EventBody::Noted { details, .. } => details["log"].as_str().map(str::to_owned),
            _ => None,
        });
        log.unwrap_or_default()
    }

    /// A JSON artifact.
    pub(super) fn artifact(&self, hash: &str) -> Value {
        let folder = self.dir.path().join("data/artifacts");
        let path = folder.join(&hash[..2]).join(&hash[2..]);
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    /// The submission as the API shows it.
    pub(super) async fn shown(&self, of: &Submission) -> Value {
        let session = self
            .app
            .auth()
            .sign_in("ada", "correct horse battery staple");
        let token = session.await.unwrap().access_token;
        let url = format!("{}/api/v1/submissions/{}", self.app.web_url(), of.id);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let got = client.get(url).bearer_auth(token).send().await.unwrap();
        let body: Value = got.json().await.unwrap();
        body["data"]["attributes"].clone()
    }

    pub(super) async fn stop(self) {
        self.app.stop().await.unwrap();
    }
}
