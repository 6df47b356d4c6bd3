//! An arena with the tasks of MiniWoB++ and one agent, who plays the solutions: submissions with
//! their seed, the real playground and browser, the verdict of the reward evaluator.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use agentarena::agents::{AgentFault, Decision, Policy, Turn};
use agentarena::arena::execute::{
    Executor, PolicyError, PolicyFactory, PolicyRequest, RetrySettings,
};
use agentarena::arena::import::miniwob::{self, Source};
use agentarena::arena::submit::{Intake, Submit};
use agentarena::arena::{bundled, submission_job};
use agentarena::browser::{
    Browser as _, BrowserOptions, NavigationPolicy, WebDriverBrowser, discover,
};
use agentarena::domain::action::Action;
use agentarena::domain::budget::SubmissionBudget;
use agentarena::domain::ids::{AgentId, SubmissionId, TaskId, UserId};
use agentarena::domain::observation::Observation;
use agentarena::domain::outcome::{Outcome, PlaygroundKind};
use agentarena::domain::viewport::Viewport;
use agentarena::environments::static_pages::StaticEnvironments;
use agentarena::jobs::{Handler, Pool, PoolSettings};
use agentarena::playground::BrowserPlayground;
use agentarena::playground::hub::EventHub;
use agentarena::sites::runs::SiteRuns;
use agentarena::sites::{Library, listener};
use agentarena::store::{Store, tasks};
use async_trait::async_trait;

use super::hand::{Entry, Goal, Player, Solver};
use crate::support::arena::{open_store, person, submission};

/// Episodes at once: one for each core of a small machine.
const PAGES: usize = 2;

/// Longer than a whole family takes, even on a machine that is busy.
const TIME_LIMIT: Duration = Duration::from_secs(500);

/// Where the pages are; `scripts/fetch-miniwob.sh` brings them.
fn folder() -> PathBuf {
    let given = std::env::var_os("AGENTARENA_MINIWOB").map(PathBuf::from);
    let folder =
        given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/miniwob/html"));
    assert!(
        folder.join("miniwob/click-test.html").is_file(),
        "{} does not hold the pages of MiniWoB++; run scripts/fetch-miniwob.sh or set \
         AGENTARENA_MINIWOB",
        folder.display()
    );
    folder
}

/// The arena. Stopping it ends browser and server.
pub struct Arcade {
    intake: Intake,
    player: UserId,
    agent: AgentId,
    tasks: HashMap<String, TaskId>,
    stories: Stories,
    browser: Arc<WebDriverBrowser>,
    server: ServerHandle,
    _dir: tempfile::TempDir,
}

/// A task and a seed.
pub type Game = (&'static str, u32);

impl Arcade {
    /// An arena in which an agent knows these solutions.
    pub async fn start(entries: &[Entry]) -> Self {
        let (dir, store) = open_store();
        let imported = miniwob::import(&store, Source::Given(folder())).await;
        let suite = imported.expect("the pages are imported").suite_id;
        let tasks = store.read(move |db| tasks::all_of_suite(db, suite)).await;
        let tasks = tasks.expect("tasks").into_iter();
        let tasks = tasks.map(|task| (task.key, task.id)).collect();
        let agents = bundled::sync(&store, Vec::new())
            .await
            .expect("agents")
            .agents;
        let library = Arc::new(Library::new(dir.path()));
        let (server, origin) = serve(Arc::clone(&library));
        let browser = browser(dir.path()).await;
        let environments = Arc::new(StaticEnvironments::new(library, origin));
        let playground =
            BrowserPlayground::new(PlaygroundKind::Real, browser.clone(), environments);
        let stories = Stories::default();
        let player = person(&store, "ada").await;
        let executor = Executor {
            store: store.clone(),
            hub: EventHub::new(),
            playground: Arc::new(playground),
            policies: Arc::new(Solutions {
                solvers: entries.iter().copied().collect(),
                stories: Arc::clone(&stories),
            }),
            retry: RetrySettings {
                // As the arena does; a starved machine should not fail a solution.
                infra_retries: 1,
                backoff_ms: 1,
            },
        };
        Self {
            intake: intake(store, executor),
            player,
            agent: agents[1].id,
            tasks,
            stories,
            browser,
            server,
            _dir: dir,
        }
    }

    /// Plays tasks with seeds to their end. Gives those that were not passed, with their story.
    pub async fn play(&self, games: &[Game]) -> Vec<(Game, String)> {
        let mut submitted = Vec::new();
        for (task, seed) in games {
            submitted.push((*task, *seed, self.submit(task, *seed).await));
        }
        let playing = tokio::time::timeout(TIME_LIMIT, self.intake.pool.run_until_idle());
        playing.await.expect("all episodes end in time");
        let mut failures = Vec::new();
        for (task, seed, id) in submitted {
            let submission = submission(&self.intake.store, id).await;
            if submission.outcome != Some(Outcome::Passed) {
                let stories = self.stories.lock().expect("no panic in a story");
                let story = stories.get(&(task.to_owned(), u64::from(seed)));
                let told = format!(
                    "{task} with seed {seed}: {:?} {:?}\n{}",
                    submission.outcome,
                    submission.reason,
                    story.map_or("", String::as_str)
                );
                failures.push(((task, seed), told));
            }
        }
        failures
    }

    async fn submit(&self, task: &str, seed: u32) -> SubmissionId {
        let request = Submit {
            user_id: self.player,
            agent_id: self.agent,
            task_id: *self.tasks.get(task).unwrap_or_else(|| panic!("no {task}")),
            seed,
            budget: SubmissionBudget::default(),
            idempotency_key: None,
        };
        let submitted = self.intake.submit(request).await;
        submitted.expect("accepted").submission.id
    }

    /// Ends browser and server.
    pub async fn stop(self) {
        self.browser.shutdown().await;
        self.server.stop(false).await;
    }
}

async fn browser(dir: &Path) -> Arc<WebDriverBrowser> {
    let mut options = BrowserOptions::new(dir.join("browser"));
    options.capacity = PAGES;
    let found = discover(&options).await;
    assert!(found.problem.is_empty(), "{}", found.problem);
    let browser = WebDriverBrowser::start(options);
    // The pool runs nothing before the browser is there.
    let page = browser
        .open(NavigationPolicy::default(), Viewport::STANDARD)
        .await;
    page.expect("a page").close().await.expect("a closed page");
    browser
}

fn serve(library: Arc<Library>) -> (ServerHandle, String) {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let origin = format!("http://{}", socket.local_addr().expect("an address"));
    let server = listener(Arc::new(SiteRuns::new()), library, socket).expect("a listener");
    let handle = server.handle();
    tokio::spawn(server);
    (handle, origin)
}

fn intake(store: Store, executor: Executor) -> Intake {
    let hub = executor.hub.clone();
    let kind = submission_job(PlaygroundKind::Real).to_owned();
    let handlers: HashMap<String, Arc<dyn Handler>> =
        HashMap::from([(kind, Arc::new(executor) as Arc<dyn Handler>)]);
    let settings = PoolSettings {
        parallel: PAGES,
        lease_ms: 60_000,
        shutdown_grace_ms: 10_000,
    };
    Intake {
        pool: Pool::new(store.clone(), "arcade", settings, handlers),
        store,
        hub,
        playground: PlaygroundKind::Real,
        queue_limit: 10_000,
    }
}

/// What happened in each episode, by task and seed.
type Stories = Arc<Mutex<HashMap<(String, u64), String>>>;

/// Makes players.
struct Solutions {
    solvers: HashMap<&'static str, Solver>,
    stories: Stories,
}

#[async_trait]
impl PolicyFactory for Solutions {
    async fn build(&self, request: PolicyRequest) -> Result<Box<dyn Policy>, PolicyError> {
        let task = request.spec.template.clone();
        Ok(Box::new(Solution {
            solver: self.solvers[task.as_str()],
            player: None,
            key: (task, request.seed),
            stories: Arc::clone(&self.stories),
        }))
    }
}

/// An agent that plays one solution.
struct Solution {
    solver: Solver,
    player: Option<Player>,
    key: (String, u64),
    stories: Stories,
}

impl Solution {
    fn tell(&self, line: &str) {
        let mut stories = self.stories.lock().expect("no panic in a story");
        let story = stories.entry(self.key.clone()).or_default();
        let _ = writeln!(story, "{line}");
    }
}

#[async_trait]
impl Policy for Solution {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let seen = turn.observation.clone();
        if let Some(past) = turn.history.last() {
            self.tell(&format!("{:?}: {}", past.action, past.message));
        } else {
            self.tell(&format!("{} {:?}", turn.goal, turn.fields));
        }
        self.tell(&with_places(&seen));
        if let Some(player) = &self.player {
            player.show(seen);
        } else {
            let goal = Goal {
                text: turn.goal.to_owned(),
                fields: turn.fields.to_vec(),
            };
            self.player = Some(Player::start(self.solver, goal, seen));
        }
        let player = self.player.as_mut().expect("it was started");
        let action = match player.next().await {
            Some(action) => action,
            None => Action::SendMsgToUser {
                text: player.reason().await,
            },
        };
        self.tell(&format!("{action:?}"));
        Ok(Decision {
            action,
            reasoning: None,
            calls: Vec::new(),
        })
    }
}

/// What was seen, with places, as a solution that clicks on points knows it.
fn with_places(seen: &Observation) -> String {
    let lines = seen.nodes.iter().map(|node| {
        let indent = "  ".repeat(usize::from(node.depth));
        let place = node
            .bbox
            .map_or_else(String::new, |place| format!(" {place:?}"));
        format!("  {indent}{}{place}\n", node.to_line())
    });
    lines.collect()
}
