//! The arena as it runs in production, but for the website and for the agent, whose plan is
//! fixed: queue, store, recorder, events, artifacts, imported pages, evaluation.

use std::collections::{HashMap, VecDeque};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use agentarena::agents::{AgentFault, Decision, Policy, Turn};
use agentarena::arena::execute::{
    Executor, PolicyError, PolicyFactory, PolicyRequest, RetrySettings,
};
use agentarena::arena::import::miniwob::{self, Source};
use agentarena::arena::submit::{Intake, Submit};
use agentarena::arena::{bundled, submission_job};
use agentarena::browser::{Browser, BrowserOptions, WebDriverBrowser};
use agentarena::domain::action::Action;
use agentarena::domain::budget::SubmissionBudget;
use agentarena::domain::ids::{AgentId, SubmissionId, TaskId, UserId};
use agentarena::domain::outcome::PlaygroundKind;
use agentarena::domain::time::Timestamp;
use agentarena::domain::user::{Role, User};
use agentarena::environments::static_pages::StaticEnvironments;
use agentarena::jobs::{Handler, Pool, PoolSettings};
use agentarena::playground::BrowserPlayground;
use agentarena::playground::hub::EventHub;
use agentarena::sites::{self, Library, SiteRuns};
use agentarena::store::{self, Store};
use anyhow::Context as _;
use async_trait::async_trait;
use tempfile::TempDir;

use crate::extra::Extra;
use crate::watch::{Watch, WatchedBrowser};
use crate::{Given, twenty};

/// A running arena in a directory of its own.
pub struct Arena {
    pub store: Store,
    pub browser: Arc<WatchedBrowser>,
    pub environments: Arc<StaticEnvironments>,
    pub watch: Watch,
    /// The tasks of the suite by name.
    pub tasks: HashMap<String, TaskId>,
    intake: Intake,
    agent: AgentId,
    user: UserId,
    listener: actix_web::dev::ServerHandle,
    _directory: TempDir,
}

impl Arena {
    /// Imports the pages, starts listener, browser and pool, and warms the browser up.
    pub async fn start(given: &Given) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let store = Store::open(directory.path())?;
        let bundled = bundled::sync(&store, Vec::new()).await?;
        let imported = miniwob::import(&store, Source::Given(given.html.clone())).await?;
        let tasks = store
            .read(move |db| store::tasks::all_of_suite(db, imported.suite_id))
            .await?;
        let library = Arc::new(Library::new(directory.path()));
        let socket = TcpListener::bind("127.0.0.1:0")?;
        let origin = format!("http://{}", socket.local_addr()?);
        let server = sites::listener(Arc::new(SiteRuns::new()), Arc::clone(&library), socket)?;
        let listener = server.handle();
        tokio::spawn(server);
        let watch = Watch::default();
        let options = browser_options(given, &directory);
        // As many jobs as in production: those whose episodes act, and those that are prepared.
        let at_once = options.places();
        let browser = Arc::new(start_browser(given, options, &watch).await?);
        let environments = Arc::new(StaticEnvironments::new(library, origin));
        let intake = start_pool(at_once, &store, &browser, &environments);
        let arena = Self {
            user: person(&store).await?,
            agent: bundled.agents.last().context("no built-in agent")?.id,
            tasks: tasks.into_iter().map(|task| (task.key, task.id)).collect(),
            store,
            browser,
            environments,
            watch,
            intake,
            listener,
            _directory: directory,
        };
        Ok(arena)
    }

    /// Submits all episodes and waits until the last is stored. Gives the submissions in order.
    pub async fn play(
        &self,
        episodes: Vec<(String, u32)>,
    ) -> anyhow::Result<Vec<(String, SubmissionId)>> {
        let mut names = Vec::new();
        let mut requests = Vec::new();
        for (task, seed) in episodes {
            let task_id = self.tasks.get(&task).copied();
            requests.push(Submit {
                user_id: self.user,
                agent_id: self.agent,
                task_id: task_id.with_context(|| format!("the pages hold no task `{task}`"))?,
                seed,
                budget: SubmissionBudget::default(),
                idempotency_key: None,
            });
            names.push(task);
        }
        let accepted = self.intake.submit_all(requests).await?;
        self.intake.pool.run_until_idle().await;
        let ids = accepted.into_iter().map(|submission| submission.id);
        Ok(names.into_iter().zip(ids).collect())
    }

    /// Ends browser and listener.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.intake.pool.stop().await;
        self.browser.shutdown().await;
        self.listener.stop(false).await;
        Ok(())
    }
}

fn browser_options(given: &Given, directory: &TempDir) -> BrowserOptions {
    let mut options = BrowserOptions::new(directory.path().join("browser"));
    options.binary.clone_from(&given.binary);
    options.capacity = given.workers;
    options.prepare_ahead = !given.alone;
    options
}

/// Starts the browser and waits until pages can be opened.
async fn start_browser(
    given: &Given,
    options: BrowserOptions,
    watch: &Watch,
) -> anyhow::Result<WatchedBrowser> {
    let profiles = options.profiles_dir.clone();
    let mut browser = WatchedBrowser {
        inner: WebDriverBrowser::start(options),
        watch: watch.clone(),
        png: given.png == 1,
        extra: None,
    };
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..1500 {
        looks.tick().await;
        if browser.health().ok {
            break;
        }
    }
    let health = browser.health();
    anyhow::ensure!(health.ok, "the browser does not start: {}", health.problem);
    if given.full {
        anyhow::ensure!(
            given.workers == 1,
            "equal content is measured one at a time"
        );
        browser.extra = Some(Arc::new(Extra::new(&profiles)));
    }
    Ok(browser)
}

/// A pool that runs what is handed in; it is driven by [`Arena::play`].
fn start_pool(
    at_once: usize,
    store: &Store,
    browser: &Arc<WatchedBrowser>,
    environments: &Arc<StaticEnvironments>,
) -> Intake {
    let hub = EventHub::new();
    let browser: Arc<dyn Browser> = Arc::<WatchedBrowser>::clone(browser);
    let places = Arc::<StaticEnvironments>::clone(environments);
    let executor = Executor {
        store: store.clone(),
        hub: hub.clone(),
        playground: Arc::new(BrowserPlayground::new(
            PlaygroundKind::Real,
            browser,
            places,
        )),
        policies: Arc::new(Plans),
        retry: RetrySettings {
            infra_retries: 0,
            backoff_ms: 1,
        },
    };
    let kind = submission_job(PlaygroundKind::Real).to_owned();
    let handlers = HashMap::from([(kind, Arc::new(executor) as Arc<dyn Handler>)]);
    let settings = PoolSettings {
        parallel: at_once,
        lease_ms: 60_000,
        shutdown_grace_ms: 10_000,
    };
    Intake {
        store: store.clone(),
        pool: Pool::new(store.clone(), "bench", settings, handlers),
        hub,
        playground: PlaygroundKind::Real,
        queue_limit: 1_000,
    }
}

async fn person(store: &Store) -> anyhow::Result<UserId> {
    let user = User {
        id: UserId::new(),
        username: "bench".to_owned(),
        email: "bench@arena.example".to_owned(),
        role: Role::User,
        theme: None,
        active: true,
        created_at: Timestamp::now(),
    };
    let id = user.id;
    store
        .write(move |tx| store::users::insert(tx, &user, "no password"))
        .await?;
    Ok(id)
}

/// Makes the agents with a fixed plan.
struct Plans;

#[async_trait]
impl PolicyFactory for Plans {
    async fn build(&self, request: PolicyRequest) -> Result<Box<dyn Policy>, PolicyError> {
        Ok(Box::new(Planned {
            task: request.spec.template.clone(),
            plan: None,
        }))
    }
}

/// Plans the whole episode at its first look, as the peer's policy does.
struct Planned {
    task: String,
    plan: Option<VecDeque<Action>>,
}

#[async_trait]
impl Policy for Planned {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let plan = self.plan.get_or_insert_with(|| {
            let plan = twenty::plan(&self.task, turn.goal, turn.observation);
            plan.unwrap_or_default().into()
        });
        // A task that is not over after the last action is not solved.
        let action = plan.pop_front().unwrap_or_else(|| Action::SendMsgToUser {
            text: "the plan is at its end".to_owned(),
        });
        Ok(Decision {
            action,
            reasoning: None,
            calls: Vec::new(),
        })
    }
}
