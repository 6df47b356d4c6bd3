//! Imported pages, the listener that serves them, and a real browser to open them in.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use agentarena::arena::import::miniwob::{self, Source};
use agentarena::browser::{
    ActionResult, Browser, BrowserOptions, Page, WebDriverBrowser, discover,
};
use agentarena::domain::action::{Action, MouseButton};
use agentarena::domain::evidence::PageReward;
use agentarena::domain::task::TaskSpec;
use agentarena::environments::static_pages::StaticEnvironments;
use agentarena::environments::{Environments, Instruction, Place};
use agentarena::sites::{self, Library, SiteRuns};
use agentarena::store::{self, Store};
use serde_json::{Value, json};

/// The pages of the package; `scripts/fetch-miniwob.sh` brings them.
pub fn folder() -> PathBuf {
    let given = std::env::var_os("AGENTARENA_MINIWOB").map(PathBuf::from);
    let folder =
        given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/miniwob/html"));
    assert!(
        folder.join("core/core.js").is_file(),
        "{} does not hold the pages of MiniWoB++; run scripts/fetch-miniwob.sh, or set \
         AGENTARENA_MINIWOB to the folder that holds core/core.js",
        folder.display()
    );
    folder
}

/// Everything that an episode needs.
pub struct Ground {
    pub browser: Arc<WebDriverBrowser>,
    pub environments: StaticEnvironments,
    pub specs: BTreeMap<String, TaskSpec>,
    pub origin: String,
    server: actix_web::dev::ServerHandle,
    _data: tempfile::TempDir,
}

impl Ground {
    /// Imports, listens and starts a browser with room for so many pages.
    pub async fn start(capacity: usize) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(data.path()).expect("a store");
        let imported = miniwob::import(&store, Source::Given(folder())).await;
        let suite_id = imported.expect("an import").suite_id;
        let tasks = store
            .read(move |db| store::tasks::all_of_suite(db, suite_id))
            .await
            .expect("tasks");
        let mut options = BrowserOptions::new(data.path().join("browser"));
        options.capacity = capacity;
        let found = discover(&options).await;
        assert!(found.problem.is_empty(), "{}", found.problem);
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", socket.local_addr().expect("an address"));
        let library = Arc::new(Library::new(data.path()));
        let runs = Arc::new(SiteRuns::new());
        let server = sites::listener(runs, Arc::clone(&library), socket).expect("a listener");
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            browser: WebDriverBrowser::start(options),
            environments: StaticEnvironments::new(library, &origin),
            specs: tasks
                .into_iter()
                .map(|task| (task.key, task.spec))
                .collect(),
            origin,
            server: handle,
            _data: data,
        }
    }

    /// Opens a task's page and starts its episode.
    pub async fn enter(&self, task: &str, seed: u64) -> Entered {
        let spec = &self.specs[task];
        let place = self.environments.prepare(&spec.environment).await;
        let mut place = place.expect("a place");
        let viewport = spec.environment.viewport();
        let page = self.browser.open(place.policy(), viewport).await;
        let mut page = page.expect("a page");
        place.open(page.as_mut()).await.expect("an opened place");
        page.begin().await.expect("a turn");
        let instruction = place.start(page.as_mut(), seed).await;
        Entered {
            instruction: instruction.unwrap_or_else(|error| panic!("{task}: {error}")),
            page,
            place,
            over: None,
        }
    }

    /// Ends browser and listener.
    pub async fn stop(self) {
        self.browser.shutdown().await;
        self.server.stop(false).await;
    }
}

/// An episode under way.
pub struct Entered {
    pub instruction: Instruction,
    pub page: Box<dyn Page>,
    pub place: Box<dyn Place>,
    /// Why the place ended the episode, once it did.
    pub over: Option<String>,
}

impl Entered {
    /// Runs a script in the page as a page's own script would run.
    pub async fn script(&mut self, code: &str) -> Value {
        let value = self.page.evaluate(code).await;
        let value = value.unwrap_or_else(|error| panic!("{code}: {error}"));
        self.look(&ActionResult::default()).await;
        value
    }

    /// Acts, and lets the place look at what came of it.
    pub async fn act(&mut self, action: Action) -> ActionResult {
        let result = self.page.act(&action).await.expect("a result");
        self.look(&result).await;
        result
    }

    /// Clicks in the middle of the first element of a selector.
    pub async fn click(&mut self, selector: &str) {
        let selector = json!(selector);
        let middle = format!(
            "(box => [box.x + box.width / 2, box.y + box.height / 2])\
             (document.querySelector({selector}).getBoundingClientRect())"
        );
        let middle = self.page.evaluate(&middle).await.expect("a place");
        let (x, y) = serde_json::from_value(middle).expect("two numbers");
        let button = MouseButton::Left;
        let result = self.act(Action::MouseClick { x, y, button }).await;
        assert!(result.ok, "{selector}: {}", result.message);
    }

    /// What the page paid.
    pub async fn reward(&mut self) -> PageReward {
        self.place.leave(self.page.as_mut()).await.expect("a look");
        let evidence = self.place.evidence(None).await.expect("evidence");
        evidence.reward.expect("a reward")
    }

    pub async fn close(self) {
        self.page.close().await.expect("a closed page");
        self.place.dispose().await;
    }

    async fn look(&mut self, result: &ActionResult) {
        let over = self.place.after_action(self.page.as_mut(), result).await;
        if let Some(reason) = over.expect("a look") {
            self.over.get_or_insert(reason);
        }
    }
}
