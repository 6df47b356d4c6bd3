//! An arena without web and without a real browser: a real store in a directory of its own, a
//! fake browser, scripted agents, and places whose evidence the test decides.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agentarena::agents::{AgentFault, Decision, Policy, Turn};
use agentarena::arena::execute::{
    Executor, PolicyError, PolicyFactory, PolicyRequest, RetrySettings,
};
use agentarena::arena::submission_job;
use agentarena::arena::submit::{Intake, Submit};
use agentarena::arena::{bundled, recover};
use agentarena::browser::fake::{FakeBrowser, FakeItem, FakePage};
use agentarena::browser::{NavigationPolicy, Violation};
use agentarena::domain::action::{Action, MouseButton};
use agentarena::domain::agent::Agent;
use agentarena::domain::budget::SubmissionBudget;
use agentarena::domain::event::Event;
use agentarena::domain::evidence::Evidence;
use agentarena::domain::ids::{SubmissionId, UserId};
use agentarena::domain::outcome::PlaygroundKind;
use agentarena::domain::submission::{Episode, Submission};
use agentarena::domain::task::{
    AnswerSpec, AnswerType, Difficulty, EnvironmentSpec, EvaluatorSpec, Limits, Task, TaskKind,
    TaskSpec,
};
use agentarena::domain::time::Timestamp;
use agentarena::domain::user::{Role, User};
use agentarena::environments::{Briefing, EnvironmentError, Environments, Place};
use agentarena::jobs::{Handler, Pool, PoolSettings};
use agentarena::llm::ChatModel;
use agentarena::playground::hub::EventHub;
use agentarena::playground::{BrowserPlayground, Playground};
use agentarena::store::{Store, episodes, submissions, tasks, users};
use async_trait::async_trait;
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// Longer than anything here takes; a test that waits so long has failed.
pub const TIME_LIMIT: Duration = Duration::from_secs(20);

/// Waits for something, but not for ever.
pub async fn within<F: Future>(what: &str, future: F) -> F::Output {
    tokio::time::timeout(TIME_LIMIT, future)
        .await
        .unwrap_or_else(|_| panic!("{what} took longer than {TIME_LIMIT:?}"))
}

/// A data directory with its store open.
pub fn open_store() -> (TempDir, Store) {
    let dir = tempfile::tempdir().expect("a temporary directory");
    let store = reopen(dir.path());
    (dir, store)
}

/// The store of a data directory, once whoever had it before has let go of it.
pub fn reopen(dir: &Path) -> Store {
    Store::open(dir).expect("the store opens")
}

/// A person.
pub async fn person(store: &Store, username: &str) -> UserId {
    let user = User {
        id: UserId::new(),
        username: username.to_owned(),
        email: format!("{username}@arena.example"),
        role: Role::User,
        theme: None,
        active: true,
        created_at: Timestamp::now(),
    };
    let id = user.id;
    store
        .write(move |tx| users::insert(tx, &user, "no password"))
        .await
        .expect("the person is stored");
    id
}

/// A task that is passed by answering 42.
pub fn task_spec() -> TaskSpec {
    TaskSpec {
        template: "T01".into(),
        draw: 0,
        title: "The answer".into(),
        goal: "What is the answer?".into(),
        kind: TaskKind::Info,
        difficulty: Difficulty::Easy,
        points: BTreeMap::new(),
        skills: Vec::new(),
        environment: EnvironmentSpec::Site {
            sites: vec!["shop".into()],
            persona: "mara".into(),
            world: 1,
            start: "/".into(),
        },
        evaluators: vec![EvaluatorSpec::Answer(AnswerSpec {
            answer: AnswerType::Number,
            expected: 42.into(),
            unit: None,
            direction: None,
            candidates: Vec::new(),
        })],
        limits: Limits {
            steps: 4,
            time_ms: 60_000,
        },
        solution: vec!["scripted by the test".to_owned()],
        draw_values: serde_json::Value::Null,
    }
}

/// One turn of a scripted agent.
#[derive(Clone)]
pub enum Line {
    /// Does this.
    Act(Action),
    /// Breaks down so.
    Fault(AgentFault),
    /// Says that it thinks, and never comes to an end.
    Think(Arc<Semaphore>),
    /// Panics.
    Panic,
}

/// A sign that [`Line::Think`] gives, once for each agent that thinks.
pub fn sign() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(0))
}

/// Waits for one agent that thinks.
pub async fn thinking(sign: &Semaphore) {
    let permit = within("an agent that thinks", sign.acquire()).await;
    permit.expect("the sign is never closed").forget();
}

/// Clicks an element.
pub fn click(bid: &str) -> Line {
    Line::Act(Action::Click {
        bid: bid.to_owned(),
        button: MouseButton::Left,
        modifiers: Vec::new(),
    })
}

/// Answers.
pub fn answer(text: &str) -> Line {
    Line::Act(Action::SendMsgToUser {
        text: text.to_owned(),
    })
}

/// Opens an address.
pub fn goto(url: &str) -> Line {
    Line::Act(Action::Goto {
        url: url.to_owned(),
    })
}

struct ScriptedPolicy {
    lines: VecDeque<Line>,
}

#[async_trait]
impl Policy for ScriptedPolicy {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let action = match self.lines.pop_front() {
            Some(Line::Act(action)) => action,
            Some(Line::Fault(fault)) => return Err(fault),
            Some(Line::Think(started)) => {
                started.add_permits(1);
                std::future::pending().await
            }
            Some(Line::Panic) => panic!("the script says so at step {}", turn.step),
            None => Action::Noop { wait_ms: 0 },
        };
        Ok(Decision {
            action,
            reasoning: None,
            calls: Vec::new(),
        })
    }
}

/// Plays scripts: one for each episode, by the number of the episode from 1.
pub struct Scripts {
    write: Box<dyn Fn(usize) -> Vec<Line> + Send + Sync>,
    built: Mutex<usize>,
}

impl Scripts {
    /// The same script in every episode.
    pub fn always(lines: Vec<Line>) -> Arc<Self> {
        Self::by_episode(move |_| lines.clone())
    }

    /// A script for each episode.
    pub fn by_episode(write: impl Fn(usize) -> Vec<Line> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            write: Box::new(write),
            built: Mutex::default(),
        })
    }
}

#[async_trait]
impl PolicyFactory for Scripts {
    async fn build(&self, _request: PolicyRequest) -> Result<Box<dyn Policy>, PolicyError> {
        let mut built = self.built.lock().expect("no panic while counting");
        *built += 1;
        let lines = (self.write)(*built).into();
        Ok(Box::new(ScriptedPolicy { lines }))
    }
}

/// Places whose evidence is empty but for the end.
pub struct EmptyPlaces;

struct EmptyPlace;

#[async_trait]
impl Environments for EmptyPlaces {
    async fn prepare(&self, _spec: &EnvironmentSpec) -> Result<Box<dyn Place>, EnvironmentError> {
        Ok(Box::new(EmptyPlace))
    }
}

#[async_trait]
impl Place for EmptyPlace {
    fn entry_url(&self) -> &'static str {
        "http://sites.test/"
    }

    fn start_url(&self) -> &'static str {
        "http://sites.test/"
    }

    fn briefing(&self) -> Briefing {
        Briefing {
            today: "Wednesday 18 March 2026, 10:24 UTC".into(),
            user: "Mara Lindqvist".into(),
            ends_itself: false,
        }
    }

    fn policy(&self) -> NavigationPolicy {
        NavigationPolicy {
            allowed_origins: vec!["http://sites.test".into()],
            allowed_paths: Vec::new(),
        }
    }

    fn violations(&mut self) -> Vec<Violation> {
        Vec::new()
    }

    async fn evidence(&mut self, final_url: Option<&str>) -> Result<Evidence, EnvironmentError> {
        Ok(Evidence {
            final_url: final_url.map(str::to_owned),
            ..Evidence::default()
        })
    }

    async fn dispose(self: Box<Self>) {}
}

/// Two pages that link to each other.
pub fn pages() -> Vec<FakePage> {
    let link = |text: &str, path: &str| FakeItem::Link(text.into(), path.into());
    vec![
        FakePage {
            path: "/".into(),
            title: "Home".into(),
            items: vec![
                FakeItem::Text("Welcome".into()),
                link("Answers", "/answers"),
                FakeItem::Field("Search".into()),
            ],
        },
        FakePage {
            path: "/answers".into(),
            title: "Answers".into(),
            items: vec![FakeItem::Text("It is 42.".into()), link("Home", "/")],
        },
    ]
}

/// How an [`Arena`] is set up.
pub struct Setup {
    pub browser: FakeBrowser,
    pub judge: Option<Arc<dyn ChatModel>>,
    pub scripts: Arc<dyn PolicyFactory>,
    pub spec: TaskSpec,
    pub kind: PlaygroundKind,
    pub parallel: usize,
    pub infra_retries: u32,
    pub queue_limit: u32,
    pub shutdown_grace_ms: u64,
}

impl Setup {
    /// Two at a time, two retries without a wait, the usual pages and task.
    pub fn with(scripts: Arc<dyn PolicyFactory>) -> Self {
        Self {
            browser: FakeBrowser::new(pages(), 2),
            judge: None,
            scripts,
            spec: task_spec(),
            kind: PlaygroundKind::Real,
            parallel: 2,
            infra_retries: 2,
            queue_limit: 1000,
            shutdown_grace_ms: 10_000,
        }
    }
}

/// An arena whose pool the test drives.
pub struct Arena {
    pub store: Store,
    pub hub: EventHub,
    pub pool: Pool,
    pub intake: Intake,
    pub playground: Arc<dyn Playground>,
    pub agents: Vec<Agent>,
    pub tasks: Vec<Task>,
    pub user: UserId,
}

impl Arena {
    /// An arena over an open store, recovered from whatever was there before.
    pub async fn start(store: Store, owner: &str, setup: Setup) -> Self {
        let specs = vec![("test-001".to_owned(), setup.spec)];
        let bundled = bundled::sync(&store, specs).await.expect("bundled");
        recover::recover(&store, owner).await.expect("recovered");
        let suite_id = bundled.suite.id;
        let (tasks, known) = store
            .read(move |db| {
                Ok((
                    tasks::all_of_suite(db, suite_id)?,
                    users::by_username(db, "ada")?,
                ))
            })
            .await
            .expect("tasks");
        let user = match known {
            Some(user) => user.id,
            None => person(&store, "ada").await,
        };
        let hub = EventHub::new();
        let environments = Arc::new(EmptyPlaces);
        let browser = Arc::new(setup.browser);
        let playground = BrowserPlayground::new(setup.kind, browser, environments);
        let playground: Arc<dyn Playground> = Arc::new(playground.with_judge(setup.judge));
        let executor = Arc::new(Executor {
            store: store.clone(),
            hub: hub.clone(),
            playground: Arc::clone(&playground),
            policies: setup.scripts,
            retry: RetrySettings {
                infra_retries: setup.infra_retries,
                backoff_ms: 1,
            },
        });
        let kind = submission_job(setup.kind).to_owned();
        let handlers: HashMap<String, Arc<dyn Handler>> =
            HashMap::from([(kind, executor as Arc<dyn Handler>)]);
        let settings = PoolSettings {
            parallel: setup.parallel,
            lease_ms: 60_000,
            shutdown_grace_ms: setup.shutdown_grace_ms,
        };
        let pool = Pool::new(store.clone(), owner, settings, handlers);
        let intake = Intake {
            store: store.clone(),
            pool: pool.clone(),
            hub: hub.clone(),
            playground: setup.kind,
            queue_limit: setup.queue_limit,
        };
        Self {
            store,
            hub,
            pool,
            intake,
            playground,
            agents: bundled.agents,
            tasks,
            user,
        }
    }

    /// A request for the first agent on the first task.
    pub fn request(&self) -> Submit {
        Submit {
            user_id: self.user,
            agent_id: self.agents[0].id,
            task_id: self.tasks[0].id,
            seed: 7,
            budget: SubmissionBudget::default(),
            idempotency_key: None,
        }
    }

    /// Submits.
    pub async fn submit(&self) -> SubmissionId {
        let submitted = self.intake.submit(self.request()).await;
        submitted.expect("accepted").submission.id
    }

    /// Submits and runs everything to its end.
    pub async fn run(&self) -> Submission {
        let id = self.submit().await;
        within("running", self.pool.run_until_idle()).await;
        self.submission(id).await
    }

    /// A submission as it stands.
    pub async fn submission(&self, id: SubmissionId) -> Submission {
        submission(&self.store, id).await
    }

    /// A submission's episodes.
    pub async fn episodes(&self, id: SubmissionId) -> Vec<Episode> {
        let episodes = self.store.read(move |db| episodes::list(db, id)).await;
        episodes.expect("episodes")
    }

    /// A submission's events; fails when their numbers have a gap.
    pub async fn events(&self, id: SubmissionId) -> Vec<Event> {
        events(&self.store, id).await
    }
}

/// A submission as it stands.
pub async fn submission(store: &Store, id: SubmissionId) -> Submission {
    let found = store.read(move |db| submissions::by_id(db, id)).await;
    found.expect("readable").expect("there")
}

/// A submission's events; fails when their numbers have a gap.
pub async fn events(store: &Store, id: SubmissionId) -> Vec<Event> {
    let events = store
        .read(move |db| episodes::events(db, id, 0, 10_000))
        .await
        .expect("events");
    let numbers: Vec<u32> = events.iter().map(|event| event.seq).collect();
    let expected: Vec<u32> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, expected, "events are numbered without gaps");
    events
}
