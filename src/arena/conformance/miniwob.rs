//! Goals and episodes of MiniWoB++, on the real pages, set up as an episode sets them up.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use super::case::Case;
use super::{Checked, ConformanceError};
use crate::arena::import::miniwob::{self, Source};
use crate::browser::{
    ActionResult, Browser as _, BrowserOptions, Page, WebDriverBrowser, discover,
};
use crate::domain::action::{Action, MouseButton};
use crate::domain::evidence::PageReward;
use crate::domain::task::TaskSpec;
use crate::environments::static_pages::StaticEnvironments;
use crate::environments::{Environments as _, Instruction, Place};
use crate::sites::{self, Library, SiteRuns};
use crate::store::{self, Store};

/// Imported pages, the listener that serves them, and a browser.
pub(super) struct Stage {
    browser: Arc<WebDriverBrowser>,
    environments: StaticEnvironments,
    specs: BTreeMap<String, TaskSpec>,
    listening: tokio::task::JoinHandle<std::io::Result<()>>,
    folder: PathBuf,
}

fn failed(error: impl std::fmt::Display) -> ConformanceError {
    ConformanceError::Stage(error.to_string())
}

impl Stage {
    pub(super) async fn start(
        pages: Option<&Path>,
        options: &BrowserOptions,
    ) -> Result<Self, ConformanceError> {
        let found = discover(options).await;
        if !found.problem.is_empty() {
            return Err(ConformanceError::Stage(found.problem));
        }
        let folder = options.profiles_dir.join("miniwob");
        let store = Store::open(&folder).map_err(failed)?;
        let source = pages.map_or(Source::Installed, |path| Source::Given(path.to_owned()));
        let suite = miniwob::import(&store, source)
            .await
            .map_err(failed)?
            .suite_id;
        let tasks = store
            .read(move |db| store::tasks::all_of_suite(db, suite))
            .await;
        let socket = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let origin = format!("http://{}", socket.local_addr().map_err(failed)?);
        let library = Arc::new(Library::new(&folder));
        let runs = Arc::new(SiteRuns::new());
        let server = sites::listener(runs, Arc::clone(&library), socket).map_err(failed)?;
        Ok(Self {
            browser: WebDriverBrowser::start(options.clone()),
            environments: StaticEnvironments::new(library, &origin),
            specs: tasks
                .map_err(failed)?
                .into_iter()
                .map(|task| (task.key, task.spec))
                .collect(),
            listening: tokio::spawn(server),
            folder,
        })
    }

    pub(super) async fn check(&self, case: &Case) -> Checked {
        Checked::of(match self.run(case).await {
            Ok(problems) => problems,
            Err(problem) => vec![problem],
        })
    }

    async fn run(&self, case: &Case) -> Result<Vec<String>, String> {
        let mut entered = self.enter(case).await?;
        let problems = if case.kind() == "miniwob_goal" {
            Ok(entered.compare_goal(case))
        } else {
            entered.play(case).await
        };
        let closed = entered.page.close().await;
        entered.place.dispose().await;
        closed.map_err(|error| error.to_string())?;
        problems
    }

    /// Opens the task's page and starts its episode.
    async fn enter(&self, case: &Case) -> Result<Entered, String> {
        let task = case.text("task");
        let spec = self
            .specs
            .get(task)
            .ok_or_else(|| format!("there is no task {task}"))?;
        let seed = case.0["js_seed"]
            .as_u64()
            .ok_or("the case has no js_seed")?;
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let mut place = self
            .environments
            .prepare(&spec.environment)
            .await
            .map_err(|error| text(&error))?;
        let mut page = self
            .browser
            .open(place.policy(), spec.environment.viewport())
            .await
            .map_err(|error| text(&error))?;
        place
            .open(page.as_mut())
            .await
            .map_err(|error| text(&error))?;
        page.begin().await.map_err(|error| text(&error))?;
        let instruction = place
            .start(page.as_mut(), seed)
            .await
            .map_err(|error| text(&error))?;
        Ok(Entered {
            instruction,
            page,
            place,
            over: None,
        })
    }

    pub(super) async fn stop(self) {
        self.listening.abort();
        self.browser.shutdown().await;
        if let Err(error) = tokio::fs::remove_dir_all(&self.folder).await {
            tracing::warn!(%error, path = %self.folder.display(), "a folder stays behind");
        }
    }
}

/// An episode under way.
struct Entered {
    instruction: Instruction,
    page: Box<dyn Page>,
    place: Box<dyn Place>,
    /// Why the place ended the episode, once it did.
    over: Option<String>,
}

impl Entered {
    fn compare_goal(&self, case: &Case) -> Vec<String> {
        let goal = self.instruction.goal.as_deref().unwrap_or_default();
        let mut problems = Vec::new();
        let wanted = case.0.get("expected_goal").unwrap_or(&case.0["goal"]);
        if *wanted != goal {
            problems.push(format!("the goal is {goal:?} instead of {wanted}"));
        }
        let fields = json!(self.instruction.fields);
        // Where the reference's own pattern fails (use-colorwheel-2), it has no fields.
        let none = json!([]);
        let of_list = |wanted| {
            if Value::is_array(wanted) {
                wanted
            } else {
                &none
            }
        };
        if let Some(wanted) = case.0.get("expected_fields").map(of_list)
            && *wanted != fields
        {
            problems.push(format!("the fields are {fields} instead of {wanted}"));
        }
        problems
    }

    async fn play(&mut self, case: &Case) -> Result<Vec<String>, String> {
        let mut problems = self.compare_goal(case);
        for step in case.0["steps"].as_array().into_iter().flatten() {
            self.step(step).await?;
        }
        self.place
            .leave(self.page.as_mut())
            .await
            .map_err(|error| error.to_string())?;
        let evidence = self
            .place
            .evidence(None)
            .await
            .map_err(|error| error.to_string())?;
        let reward = evidence.reward.ok_or("the page's reward was not read")?;
        problems.extend(compare(case, &reward, self.over.is_some()));
        Ok(problems)
    }

    async fn step(&mut self, step: &Value) -> Result<(), String> {
        let text = |key: &str| step[key].as_str().unwrap_or_default().to_owned();
        let selector = &step["selector"];
        match step["op"].as_str().unwrap_or_default() {
            "click" => self.click(selector).await,
            "fill" => {
                self.evaluate(&format!("document.querySelector({selector}).select()"))
                    .await?;
                self.act(Action::KeyboardInsertText {
                    text: text("value"),
                })
                .await
            }
            "select" => {
                let label = &step["label"];
                let choose = format!(
                    "(list => {{ list.value = [...list.options].find(o => o.label === \
                     {label}).value; for (const name of ['input', 'change']) \
                     list.dispatchEvent(new Event(name, {{bubbles: true}})); }})\
                     (document.querySelector({selector}))"
                );
                self.evaluate(&choose).await?;
                self.look(&ActionResult::default()).await
            }
            "js" => {
                self.evaluate(&format!("{{ {}; undefined }}", text("code")))
                    .await?;
                self.look(&ActionResult::default()).await
            }
            "wait" => {
                let wait_ms = step["ms"].as_u64().unwrap_or_default();
                self.act(Action::Noop { wait_ms }).await
            }
            "goto_fragment" => {
                let url = format!("{}#{}", self.place.start_url(), text("value"));
                self.act(Action::Goto { url }).await
            }
            "new_tab" => self.act(Action::NewTab).await,
            other => Err(format!("the operation `{other}` is not known")),
        }
    }

    /// Clicks in the middle of the first element of a selector.
    async fn click(&mut self, selector: &Value) -> Result<(), String> {
        let middle = format!(
            "(box => [box.x + box.width / 2, box.y + box.height / 2])\
             (document.querySelector({selector}).getBoundingClientRect())"
        );
        let middle = self.evaluate(&middle).await?;
        let (x, y) = serde_json::from_value(middle).map_err(|error| error.to_string())?;
        let button = MouseButton::Left;
        self.act(Action::MouseClick { x, y, button }).await
    }

    async fn evaluate(&mut self, code: &str) -> Result<Value, String> {
        self.page
            .evaluate(code)
            .await
            .map_err(|error| format!("{code}: {error}"))
    }

    async fn act(&mut self, action: Action) -> Result<(), String> {
        let result = self
            .page
            .act(&action)
            .await
            .map_err(|error| error.to_string())?;
        if !result.ok {
            return Err(format!("{action}: {}", result.message));
        }
        self.look(&result).await
    }

    async fn look(&mut self, result: &ActionResult) -> Result<(), String> {
        let over = self.place.after_action(self.page.as_mut(), result).await;
        if let Some(reason) = over.map_err(|error| error.to_string())? {
            self.over.get_or_insert(reason);
        }
        Ok(())
    }
}

/// Compares rewards in all views of the references.
fn compare(case: &Case, reward: &PageReward, over: bool) -> Vec<String> {
    let expected = &case.0["expected"];
    let tolerance = case.0["env_reward_tolerance"].as_f64().unwrap_or(0.0);
    let mut problems = Vec::new();
    let mut number = |what: &str, value: f64, tolerance: f64| {
        let wanted = expected[what].as_f64().unwrap_or(f64::NAN);
        let same = (value - wanted).abs() <= tolerance;
        if !same {
            problems.push(format!("{what} is {value} instead of {wanted}"));
        }
    };
    let sign = |met: bool| match (reward.done, met) {
        (false, _) => 0.0,
        (true, true) => 1.0,
        (true, false) => -1.0,
    };
    let success = reward.void.is_none() && reward.raw > 0.0;
    number("raw_reward", reward.raw, 0.0);
    number("env_reward", reward.env, tolerance);
    number("episode_id", f64::from(reward.episode_id), 0.0);
    number("binary_reward", sign(reward.raw >= 1.0), 0.0);
    number("thresholded_0_5", sign(reward.raw >= 0.5), 0.0);
    number("browsergym_reward", f64::from(u8::from(success)), 0.0);
    if expected["done"] != reward.done {
        problems.push(format!(
            "done is {} instead of {}",
            reward.done, expected["done"]
        ));
    }
    if expected["reason"] != json!(reward.reason) {
        let wanted = &expected["reason"];
        problems.push(format!(
            "the reason is {:?} instead of {wanted}",
            reward.reason
        ));
    }
    // A second start is the one thing that ends an episode here and not in BrowserGym.
    let restarted = reward.void.as_deref() == Some("the task was started a second time");
    if expected["browsergym_done"] != over && !restarted {
        problems.push(format!(
            "over is {over} instead of {}",
            expected["browsergym_done"]
        ));
    }
    problems
}
