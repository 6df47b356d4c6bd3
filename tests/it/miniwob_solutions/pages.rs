//! Serves the pages of MiniWoB++ and plays episodes on them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use actix_web::{App, HttpResponse, HttpServer, web};
use agentarena::browser::{
    Browser as _, BrowserOptions, NavigationPolicy, Page, WebDriverBrowser, discover,
};
use agentarena::domain::observation::Observation;
use serde_json::Value;

use super::hand::{Goal, Player, Solver};

/// Most actions of an episode.
const MOST_STEPS: usize = 120;

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

/// A browser and a server with the pages. Dropping it ends both.
pub struct Arcade {
    browser: Arc<WebDriverBrowser>,
    server: actix_web::dev::ServerHandle,
    origin: String,
    _profiles: tempfile::TempDir,
}

/// How an episode ended.
pub struct Played {
    /// The raw reward; absent when the page was not done.
    pub reward: Option<f64>,
    /// Everything that happened, for a reader of a failure.
    pub story: String,
}

impl Arcade {
    /// Starts a browser with room for so many pages at once.
    pub async fn start(capacity: usize) -> Self {
        let profiles = tempfile::tempdir().expect("a temporary folder");
        let mut options = BrowserOptions::new(profiles.path().join("browser"));
        options.capacity = capacity;
        let found = discover(&options).await;
        assert!(found.problem.is_empty(), "{}", found.problem);
        let (server, origin) = serve(folder());
        Self {
            browser: WebDriverBrowser::start(options),
            server,
            origin,
            _profiles: profiles,
        }
    }

    /// Ends browser and server.
    pub async fn stop(self) {
        self.browser.shutdown().await;
        self.server.stop(false).await;
    }

    /// Plays a task with a seed.
    pub async fn play(&self, task: &str, seed: u64, solver: Solver) -> Played {
        let policy = NavigationPolicy {
            allowed_origins: vec![self.origin.clone()],
            allowed_paths: Vec::new(),
        };
        let mut page = self.browser.open(policy).await.expect("a page");
        let address = format!("{}/miniwob/{task}.html", self.origin);
        page.navigate(&address).await.expect("a loaded page");
        let start = format!(
            "Math.seedrandom({seed}); core.EPISODE_MAX_TIME = 1000000; core.startEpisodeReal(); \
             (said => [said.utterance ?? said, Object.entries(said.fields ?? {{}})])\
             (core.getUtterance())"
        );
        let goal = ask(page.as_mut(), &start).await;
        let (text, fields) = serde_json::from_value(goal).expect("a goal");
        let played = episode(page.as_mut(), Goal { text, fields }, solver).await;
        page.close().await.expect("a closed page");
        played
    }
}

async fn episode(page: &mut dyn Page, goal: Goal, solver: Solver) -> Played {
    let mut seen = page.observe().await.expect("an observation");
    let mut story = format!("{}\n{}", goal.text, with_places(&seen));
    let mut player = Player::start(solver, goal, seen.clone());
    for _ in 0..MOST_STEPS {
        let Some(action) = player.next().await else {
            break;
        };
        let result = page.act(&action).await.expect("a result");
        story.push_str(&format!("{action:?}: {}\n", result.message));
        let done = ask(page, "WOB_DONE_GLOBAL ? WOB_RAW_REWARD_GLOBAL : null").await;
        if let Some(reward) = done.as_f64() {
            if reward < 1.0 {
                story.push_str(&with_places(&seen));
            }
            let reward = Some(reward);
            return Played { reward, story };
        }
        seen = page.observe().await.expect("an observation");
        player.show(seen.clone());
    }
    story.push_str(&with_places(&seen));
    if let Some(reason) = player.reason().await {
        story.push_str(&reason);
    }
    Played {
        reward: None,
        story,
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

async fn ask(page: &mut dyn Page, expression: &str) -> Value {
    page.evaluate(expression).await.expect("a value")
}

fn serve(folder: PathBuf) -> (actix_web::dev::ServerHandle, String) {
    let server = HttpServer::new(move || {
        let folder = folder.clone();
        App::new().route(
            "/{path:.*}",
            web::get().to(move |path: web::Path<String>| {
                let file = folder.join(path.as_str());
                async move { file_at(&file) }
            }),
        )
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .expect("a free port");
    let origin = format!("http://{}", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    (handle, origin)
}

fn file_at(file: &Path) -> HttpResponse {
    let Ok(content) = std::fs::read(file) else {
        return HttpResponse::NotFound().finish();
    };
    let kind = match file.extension().and_then(|kind| kind.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        _ => "application/octet-stream",
    };
    HttpResponse::Ok().content_type(kind).body(content)
}
