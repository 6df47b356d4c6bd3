//! Writes down what an episode runs with when it begins, completes it when it ends, and shows it
//! to whoever may see the submission.

use serde::Serialize;

use crate::agents::llm::prompts::Prompts;
use crate::arena::{ArenaError, submissions};
use crate::auth::Principal;
use crate::domain::agent::{Agent, AgentConfig};
use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::manifest::{
    AgentEntry, ArenaBuild, BrowserSetup, Manifest, ModelEntry, PlaceEntry, PromptHashes, System,
    TaskEntry, VERSION,
};
use crate::domain::submission::Submission;
use crate::domain::suite::Suite;
use crate::domain::task::{EnvironmentSpec, Task};
use crate::domain::time::Timestamp;
use crate::domain::viewport::Viewport;
use crate::llm::ModelCall;
use crate::llm::prices::PriceList;
use crate::llm::replay::{instructions_of, tools_of};
use crate::playground::PlaceFacts;
use crate::store::artifacts::sha256_hex;
use crate::store::{Store, StoreError, manifests};

/// What the machine gives an episode.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// The browser and what it was told to be.
    pub browser: BrowserSetup,
    /// The task's place; none when it could not be made.
    pub place: Option<PlaceFacts>,
}

impl Surroundings {
    /// Where the task's place is; empty when that is not known.
    pub fn origin(&self) -> &str {
        self.place.as_ref().map_or("", |place| &place.origin)
    }
}

/// What is run.
pub struct Subject<'a> {
    /// The submission.
    pub submission: &'a Submission,
    /// The agent at the submission's revision.
    pub agent: &'a Agent,
    /// The task.
    pub task: &'a Task,
    /// Its suite.
    pub suite: &'a Suite,
    /// The episode.
    pub episode_id: EpisodeId,
    /// Which try it is.
    pub attempt: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// Hash of the arena's prompts, which only agents that prompt a model are told.
    pub prompts: Option<String>,
}

/// The manifest of an episode that begins.
pub fn describe(of: &Subject<'_>, surroundings: Surroundings) -> Result<Manifest, StoreError> {
    let origin = surroundings.origin().to_owned();
    let (preamble, data_hash) = match surroundings.place {
        Some(place) => (Some(place.preamble), place.data_hash),
        None => (None, None),
    };
    let config = &of.agent.revision.config;
    let llm = match config {
        AgentConfig::Llm(config) => Some(config),
        _ => None,
    };
    let own = llm.and_then(|config| config.system_prompt.as_deref());
    Ok(Manifest {
        version: VERSION,
        submission_id: of.submission.id,
        episode_id: of.episode_id,
        attempt: of.attempt,
        started_at: of.started_at.to_rfc3339(),
        ended_at: None,
        arena: ArenaBuild {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: option_env!("AGENTARENA_COMMIT")
                .filter(|commit| !commit.is_empty())
                .map(str::to_owned),
        },
        system: System {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
        },
        playground: of.submission.playground,
        browser: surroundings.browser,
        task: task_entry(of.task, of.suite)?,
        place: place_entry(&of.task.spec.environment, data_hash),
        agent: agent_entry(of.agent)?,
        seed: of.submission.seed,
        prompts: PromptHashes {
            preamble: preamble.map(|text| hash_text(&text, &origin)),
            own: own.map(|text| sha256_hex(text.as_bytes())),
            templates: llm.and(of.prompts.clone()),
            ..PromptHashes::default()
        },
        model: llm.map(|config| ModelEntry {
            provider: config.provider.to_string(),
            asked: config.model.clone(),
            returned: Vec::new(),
        }),
        price_list: PriceList::bundled().ok().map(|list| list.version),
    })
}

/// The hash of all prompts, those of the operator's folder in the place of the arena's own.
pub fn prompts_hash(prompts: &Prompts) -> Result<String, StoreError> {
    hash_json(&prompts.all().collect::<Vec<_>>())
}

/// The task as it is now.
pub fn task_entry(task: &Task, suite: &Suite) -> Result<TaskEntry, StoreError> {
    Ok(TaskEntry {
        id: task.id.to_string(),
        key: task.key.clone(),
        revision: task.revision,
        hash: hash_json(&task.spec)?,
        suite: suite.name.clone(),
        suite_version: suite.version.clone(),
    })
}

/// The agent as it is now.
pub fn agent_entry(agent: &Agent) -> Result<AgentEntry, StoreError> {
    let config = &agent.revision.config;
    Ok(AgentEntry {
        id: agent.id.to_string(),
        kind: config.kind(),
        revision: agent.revision.number,
        config_hash: hash_json(config)?,
    })
}

/// The browser as a task's pages are shown in it. One that shows nothing has no viewport.
pub fn shown_in(setup: BrowserSetup, viewport: Viewport) -> BrowserSetup {
    BrowserSetup {
        viewport: setup.viewport.and(Some(viewport)),
        ..setup
    }
}

fn place_entry(environment: &EnvironmentSpec, data_hash: Option<String>) -> PlaceEntry {
    let (kind, data_hash) = match environment {
        EnvironmentSpec::Site { .. } => ("site", data_hash),
        // The collection is read and compared with this hash before it is served.
        EnvironmentSpec::Static { sha256, .. } => ("static", Some(sha256.clone())),
        EnvironmentSpec::Web { .. } => ("web", None),
    };
    PlaceEntry {
        kind: kind.to_owned(),
        data_hash,
    }
}

/// The manifest of an episode that has ended, with what is known only then.
pub fn complete(
    mut manifest: Manifest,
    calls: &[(u32, ModelCall)],
    origin: &str,
    at: Timestamp,
) -> Manifest {
    manifest.ended_at = Some(at.to_rfc3339());
    // What a foreign agent tells its models is its own.
    if let Some((_, first)) = calls.first().filter(|_| manifest.model.is_some()) {
        let request = &first.exchange["request"];
        let hash = |text: String| hash_text(&text, origin);
        manifest.prompts.instructions = instructions_of(request).map(hash);
        // A plan is asked for without tools.
        let mut requests = calls.iter().map(|(_, call)| &call.exchange["request"]);
        let tools = requests.find_map(tools_of);
        manifest.prompts.tools = tools.map(|tools| hash(tools.to_string()));
    }
    if let Some(model) = &mut manifest.model {
        for (_, call) in calls {
            let fresh = call.returned_model.as_ref();
            let fresh = fresh.filter(|name| !model.returned.contains(name));
            model.returned.extend(fresh.cloned());
        }
    }
    manifest
}

/// What the newest episode of a submission ran with.
pub async fn of_submission(
    store: &Store,
    principal: &Principal,
    id: SubmissionId,
) -> Result<Option<Manifest>, ArenaError> {
    submissions::get(store, principal, id).await?;
    let found = store.read(move |db| manifests::of_submission(db, id));
    Ok(found.await?)
}

/// A hash that is the same whatever port the place has.
fn hash_text(text: &str, origin: &str) -> String {
    if origin.is_empty() {
        return sha256_hex(text.as_bytes());
    }
    sha256_hex(text.replace(origin, "{place}").as_bytes())
}

fn hash_json(value: &impl Serialize) -> Result<String, StoreError> {
    Ok(sha256_hex(&serde_json::to_vec(value)?))
}
