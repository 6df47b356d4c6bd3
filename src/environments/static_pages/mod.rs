//! Places on imported pages of MiniWoB++. The page words its goal from the seed, judges by
//! itself and says when it is over; the place takes hold of it before the agent sees it, so that
//! what it pays is read where the agent cannot write (`miniwob.js`).

pub mod fields;

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::browser::{ActionResult, NavigationPolicy, Page, Violation};
use crate::domain::evidence::{Evidence, PageReward};
use crate::domain::task::EnvironmentSpec;
use crate::environments::{Briefing, EnvironmentError, Environments, Instruction, Place};
use crate::sites::Library;
use crate::sites::imported::PATH;

/// Runs in the page's own world when it is loaded; a function of handle name and token.
const SCRIPT: &str = include_str!("miniwob.js");

/// Under what name the page keeps the handle. Knowing it is of no use without the token.
const HANDLE: &str = "__agentarena";

/// The function by which the page tells that its episode has ended, so that nobody waits for it
/// to come to rest. It says nothing else; whoever calls it only makes the arena look.
const BELL: &str = "__agentarena_bell";

/// The page's own time limit, so long that the arena's comes first and that rewards hardly decay.
const EPISODE_MS: u32 = 1_000_000;

/// How long a page may take until its task is ready.
const READY_MS: u32 = 10_000;

/// Makes places on imported pages.
pub struct StaticEnvironments {
    library: Arc<Library>,
    origin: String,
}

impl StaticEnvironments {
    /// Places on the pages of `library`, as browsers reach them at `origin`, e.g.
    /// `http://127.0.0.1:8081`.
    pub fn new(library: Arc<Library>, origin: impl Into<String>) -> Self {
        let mut origin = origin.into();
        origin.truncate(origin.trim_end_matches('/').len());
        Self { library, origin }
    }
}

#[async_trait]
impl Environments for StaticEnvironments {
    async fn prepare(&self, spec: &EnvironmentSpec) -> Result<Box<dyn Place>, EnvironmentError> {
        let EnvironmentSpec::Static {
            task,
            pages,
            sha256,
            page,
            ..
        } = spec
        else {
            return Err(EnvironmentError("the task has no imported page".to_owned()));
        };
        let library = Arc::clone(&self.library);
        let name = pages.clone();
        let collection = tokio::task::spawn_blocking(move || library.get(&name))
            .await
            .map_err(|error| EnvironmentError(format!("reading the pages broke off: {error}")))?
            .map_err(|error| EnvironmentError(error.to_string()))?;
        if collection.sha256 != *sha256 {
            return Err(EnvironmentError(format!(
                "the pages in `{pages}` are not those of this task; import them again"
            )));
        }
        if collection.page(page).is_none() {
            return Err(EnvironmentError(format!("`{pages}` has no page `{page}`")));
        }
        let folder = format!("{PATH}{pages}/");
        Ok(Box::new(StaticPlace {
            task: task.clone(),
            url: format!("{}{folder}{page}", self.origin),
            origin: self.origin.clone(),
            folder,
            token: Uuid::new_v4().simple().to_string(),
            reward: PageReward::default(),
        }))
    }
}

/// One task's page.
struct StaticPlace {
    task: String,
    url: String,
    origin: String,
    folder: String,
    /// Without it the page's handle answers nobody.
    token: String,
    /// What the page paid, as last seen.
    reward: PageReward,
}

/// What taking hold of a page says.
#[derive(Deserialize)]
struct Hold {
    problem: Option<String>,
}

/// What starting an episode says.
#[derive(Deserialize)]
struct Started {
    goal: String,
    fields: Option<Vec<(String, String)>>,
}

/// What a look at the page says; a page without the handle says nothing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Look {
    url: String,
    raw: f64,
    env: f64,
    done: bool,
    reason: Option<String>,
    episode_id: u32,
    started_again: bool,
}

impl StaticPlace {
    /// The expression that asks the page's handle; a page without one gives nothing.
    fn ask(&self, command: &str, argument: &Value) -> String {
        let (handle, token, command) = (json!(HANDLE), json!(self.token), json!(command));
        format!("window[{handle}]?.({token}, {command}, {argument})")
    }

    /// Looks at the page and remembers what it has paid. Gives why the episode is over, if it is.
    async fn look(&mut self, page: &mut dyn Page) -> Result<Option<String>, EnvironmentError> {
        if let Some(void) = &self.reward.void {
            return Ok(Some(void.clone()));
        }
        let seen = page.evaluate(&self.ask("look", &Value::Null)).await?;
        let look: Option<Look> = read(seen, "what the page paid")?;
        let void = match &look {
            None => Some("the agent left the task's page".to_owned()),
            Some(look) if look.url != self.url => Some(format!(
                "the agent changed the address of the task's page to {}",
                look.url.chars().take(200).collect::<String>()
            )),
            Some(look) if look.started_again => {
                Some("the task was started a second time".to_owned())
            }
            Some(_) => None,
        };
        if void.is_some() {
            self.reward = PageReward {
                void: void.clone(),
                episode_id: look.map_or(0, |look| look.episode_id),
                ..PageReward::default()
            };
            return Ok(void);
        }
        let Some(look) = look else { return Ok(None) };
        self.reward = PageReward {
            raw: look.raw,
            env: look.env,
            done: look.done,
            reason: look.reason,
            episode_id: look.episode_id,
            void: None,
        };
        Ok(look
            .done
            .then(|| format!("the page ended the task with a raw reward of {}", look.raw)))
    }
}

fn read<T: DeserializeOwned>(value: Value, what: &str) -> Result<T, EnvironmentError> {
    serde_json::from_value(value)
        .map_err(|error| EnvironmentError(format!("{what} cannot be read: {error}")))
}

#[async_trait]
impl Place for StaticPlace {
    fn entry_url(&self) -> &str {
        &self.url
    }

    fn start_url(&self) -> &str {
        &self.url
    }

    fn briefing(&self) -> Briefing {
        Briefing {
            ends_itself: true,
            ..Briefing::default()
        }
    }

    fn policy(&self) -> NavigationPolicy {
        NavigationPolicy {
            allowed_origins: vec![self.origin.clone()],
            allowed_paths: vec![self.folder.clone()],
        }
    }

    async fn open(&mut self, page: &mut dyn Page) -> Result<(), EnvironmentError> {
        page.navigate(&self.url).await?;
        // Only a document that is there takes the function.
        page.bind(BELL).await?;
        let (handle, token, bell) = (json!(HANDLE), json!(self.token), json!(BELL));
        let held = page
            .evaluate(&format!("({SCRIPT})({handle}, {token}, {bell})"))
            .await?;
        let held: Hold = read(held, "whether the page can be used")?;
        match held.problem {
            None => Ok(()),
            Some(problem) => Err(EnvironmentError(format!("{}: {problem}", self.url))),
        }
    }

    async fn start(
        &mut self,
        page: &mut dyn Page,
        seed: u64,
    ) -> Result<Instruction, EnvironmentError> {
        let argument = json!({
            "seed": seed,
            "task": self.task,
            "episodeMs": EPISODE_MS,
            "readyMs": READY_MS,
        });
        let started = page.evaluate(&self.ask("start", &argument)).await?;
        let started: Started = read(started, "the goal")?;
        let fields = started
            .fields
            .unwrap_or_else(|| fields::read(&self.task, &started.goal));
        Ok(Instruction {
            goal: Some(started.goal),
            fields,
        })
    }

    async fn after_action(
        &mut self,
        page: &mut dyn Page,
        _result: &ActionResult,
    ) -> Result<Option<String>, EnvironmentError> {
        self.look(page).await
    }

    async fn leave(&mut self, page: &mut dyn Page) -> Result<(), EnvironmentError> {
        if !self.reward.done {
            self.look(page).await?;
        }
        Ok(())
    }

    fn violations(&mut self) -> Vec<Violation> {
        Vec::new()
    }

    async fn evidence(&mut self, final_url: Option<&str>) -> Result<Evidence, EnvironmentError> {
        Ok(Evidence {
            final_url: final_url.map(str::to_owned),
            reward: Some(self.reward.clone()),
            ..Evidence::default()
        })
    }

    async fn dispose(self: Box<Self>) {}
}
