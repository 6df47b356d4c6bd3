//! The whole application in this process, with remote agents that play in it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use agentarena::app::Application;
use agentarena::arena::agents::AgentInput;
use agentarena::arena::submit::Submit;
use agentarena::arena::{self, agent_secrets};
use agentarena::auth::{NewAccount, Principal};
use agentarena::config::Settings;
use agentarena::domain::agent::{Agent, AgentConfig, RemoteConfig};
use agentarena::domain::budget::SubmissionBudget;
use agentarena::domain::ids::SubmissionId;
use agentarena::domain::outcome::{Outcome, PlaygroundKind};
use agentarena::domain::submission::Submission;
use agentarena::domain::user::Role;
use agentarena::playground::hub::{Delivery, QueueChange, Subscription};
use agentarena::{store, vault};

/// Longest wait for an episode.
const PATIENCE: Duration = Duration::from_mins(3);

/// A running application with one owner of agents.
pub struct Playing {
    pub app: Application,
    pub owner: Principal,
    pub dir: tempfile::TempDir,
    changes: Subscription<QueueChange>,
}

impl Playing {
    /// Starts with a real browser or a simulated page.
    pub async fn start(kind: PlaygroundKind, adapt: impl FnOnce(&mut Settings)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.data.dir = dir.path().join("data");
        settings.server.port = 0;
        settings.server.sites_port = 0;
        settings.playground.kind = kind;
        settings.jobs.infra_retries = 0;
        adapt(&mut settings);
        let app = Application::build(settings).await.unwrap();
        app.playground_ready().await.unwrap();
        let account = NewAccount {
            username: "ada".to_owned(),
            email: "ada@example.org".to_owned(),
            password: "correct horse battery staple".to_owned(),
        };
        let user = app.auth().create_user(account, Role::User, None).await;
        let owner = Principal::without_session(user.unwrap());
        let changes = app.hub().subscribe_queue();
        Self {
            app,
            owner,
            dir,
            changes,
        }
    }

    /// A new agent of the owner's.
    pub async fn agent(&self, name: &str, config: AgentConfig) -> Agent {
        let input = AgentInput {
            name: name.to_owned(),
            description: String::new(),
            config,
        };
        let made = arena::agents::create(self.app.store(), &self.owner, input).await;
        made.unwrap()
    }

    /// A new remote agent with its token.
    pub async fn remote(&self, name: &str, config: RemoteConfig) -> (Agent, String) {
        let agent = self.agent(name, AgentConfig::Remote(config)).await;
        let keys = vault::Vault::open(&self.dir.path().join("data")).unwrap();
        let token = agent_secrets::of(&keys, &agent).unwrap();
        (agent, token)
    }

    /// Submits an agent to a task of the bundled suite.
    pub async fn submit(&self, agent: &Agent, task: &'static str) -> SubmissionId {
        let task = self.app.store().read(move |db| {
            let arena = store::suites::by_name(db, "arena")?.expect("the bundled suite");
            store::tasks::by_key(db, arena.suite.id, task)
        });
        let request = Submit {
            user_id: self.owner.user_id,
            agent_id: agent.id,
            task_id: task.await.unwrap().expect("the task").id,
            seed: 1,
            budget: SubmissionBudget::default(),
            idempotency_key: None,
        };
        let submitted = self.app.intake().submit(request).await.unwrap();
        submitted.submission.id
    }

    /// Waits for the end of a submission.
    pub async fn ended(&mut self, id: SubmissionId) -> (Outcome, Submission) {
        let changes = &mut self.changes;
        let outcome = tokio::time::timeout(PATIENCE, async {
            loop {
                let Some(Delivery::Message(change)) = changes.next().await else {
                    panic!("the hub is gone or too quick");
                };
                if let Some(outcome) = change.outcome.filter(|_| change.submission_id == id) {
                    return outcome;
                }
            }
        });
        let outcome = outcome.await.expect("the episode ends in time");
        let stored = self.app.store();
        let stored = stored.read(move |db| store::submissions::by_id(db, id));
        (outcome, stored.await.unwrap().unwrap())
    }
}

/// A file of the project.
pub fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The Python of an environment that `scripts/install-python-clients.sh` has made.
pub fn python(environment: &str) -> PathBuf {
    let path = file(&format!("target/clients/{environment}/bin/python"));
    assert!(
        path.exists(),
        "{} is missing; run scripts/install-python-clients.sh",
        path.display()
    );
    path
}
