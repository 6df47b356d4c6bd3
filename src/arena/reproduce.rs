//! Runs a recorded episode again and says whether it came out the same: what is read from the
//! record, what plays it, what is compared, and the likely cause of the first difference. The
//! store of the record is only read; the episode runs in an arena of its own.

pub mod cause;
pub mod compare;
mod page;
pub mod recording;
mod replay;

use serde::Serialize;

use crate::arena::reproduce::cause::{Cause, Known, likely};
use crate::arena::reproduce::compare::{Compared, Difference, Part};
use crate::arena::submit::Submit;
use crate::arena::{ArenaError, drafts, manifest};
use crate::domain::agent::{Agent, AgentConfig};
use crate::domain::budget::SubmissionBudget;
use crate::domain::ids::{EpisodeId, SubmissionId, UserId};
use crate::domain::manifest::{FieldDifference, Manifest};
use crate::evaluators;
use crate::store::{Store, StoreError, agents};

pub use recording::Recording;
pub use replay::Replay;

/// What came of running an episode again.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// Which try of the submission it was.
    pub attempt: u32,
    /// The agent's name.
    pub agent: String,
    /// Its revision.
    pub agent_revision: u32,
    /// The task's key.
    pub task: String,
    /// Its revision.
    pub task_revision: u32,
    /// The seed.
    pub seed: u32,
    /// Whether everything that was compared is the same.
    pub same: bool,
    /// What was compared.
    pub compared: Compared,
    /// What could not be compared, and why.
    pub not_compared: Vec<String>,
    /// The likely cause of the first difference.
    pub likely_cause: Option<Cause>,
    /// Everything that differs, in the order in which it happened.
    pub differences: Vec<Difference>,
    /// In what the manifests differ; none when the record has none.
    pub manifest_differences: Option<Vec<FieldDifference>>,
    /// What the recorded episode ran with; none when that was not kept.
    pub manifest: Option<Manifest>,
    /// What it ran with now.
    pub manifest_now: Option<Manifest>,
}

impl Report {
    /// The first difference.
    pub fn first(&self) -> Option<&Difference> {
        self.differences.first()
    }
}

/// Puts agent and task of a record into the store of the arena in which it is run again, and
/// says what is to be submitted there.
pub async fn stage(
    store: &Store,
    recorded: &Recording,
    user_id: UserId,
) -> Result<Submit, ArenaError> {
    let spec = recorded.task.spec.clone();
    let task = drafts::put(store, recorded.task.key.clone(), spec).await?;
    let (name, config) = (&recorded.agent.name, &recorded.agent.revision.config);
    let agent = Agent::new(Some(user_id), name.clone(), String::new(), config.clone());
    let agent_id = agent.id;
    store.write(move |tx| agents::insert(tx, &agent)).await?;
    Ok(Submit {
        user_id,
        agent_id,
        task_id: task.id,
        seed: recorded.submission.seed,
        // The recorded replies cost nothing.
        budget: SubmissionBudget::default(),
        idempotency_key: None,
    })
}

/// Compares a recorded episode with what it came to when it was run again.
pub fn report(recorded: &Recording, now: &Recording) -> Result<Report, ArenaError> {
    let read = |recording: &Recording| recording.trail.without(&recording.origin());
    let trails = read(recorded).and_then(|one| Ok((one, read(now)?)));
    let (one, other) = trails.map_err(StoreError::from)?;
    let by_chance = recorded.end_by_chance();
    let last = by_chance.map(|_| recorded.last_decided());
    let (mut differences, compared) = compare::compare(&one, &other, last);
    for damage in recorded.damage.iter().rev() {
        differences.insert(0, damaged(damage));
    }
    let manifest_now = manifest_now(recorded, now)?;
    let manifest_differences = match (&recorded.manifest, &manifest_now) {
        (Some(recorded), Some(now)) => Some(recorded.differences(now)),
        _ => None,
    };
    let known = known(recorded, (&one, &other), differences.first());
    let known = Known {
        manifests: manifest_differences.as_deref(),
        ..known
    };
    let likely_cause = differences.first().map(|first| likely(first, &known));
    Ok(Report {
        submission_id: recorded.submission.id,
        episode_id: recorded.episode.id,
        attempt: recorded.episode.attempt,
        agent: recorded.agent.name.clone(),
        agent_revision: recorded.agent.revision.number,
        task: recorded.task.key.clone(),
        task_revision: recorded.task.revision,
        seed: recorded.submission.seed,
        same: differences.is_empty(),
        compared,
        not_compared: not_compared(recorded, by_chance),
        likely_cause,
        differences,
        manifest_differences,
        manifest: recorded.manifest.clone(),
        manifest_now,
    })
}

fn damaged(damage: &str) -> Difference {
    Difference {
        part: Part::Record,
        step: None,
        field: damage.to_owned(),
        recorded: serde_json::Value::Null,
        now: serde_json::Value::Null,
    }
}

/// What it ran with now, with agent and task as they stand in the record's own store.
fn manifest_now(recorded: &Recording, now: &Recording) -> Result<Option<Manifest>, ArenaError> {
    let Some(mut manifest) = now.manifest.clone() else {
        return Ok(None);
    };
    manifest.task = manifest::task_entry(&recorded.task, &recorded.suite)?;
    manifest.agent = manifest::agent_entry(&recorded.agent)?;
    Ok(Some(manifest))
}

/// What the rules for causes may use beside the manifests.
fn known<'a>(
    recorded: &'a Recording,
    (one, other): (&'a recording::Trail, &'a recording::Trail),
    first: Option<&Difference>,
) -> Known<'a> {
    let number = first.and_then(|first| first.step);
    let page = |trail: &'a recording::Trail| {
        let mut steps = trail.steps.iter();
        let step = steps.find(|step| Some(step.number) == number)?;
        step.observation.as_ref()
    };
    let pages = page(one).zip(page(other));
    let browsers = one.started.as_ref().zip(other.started.as_ref());
    let judged_otherwise = recorded
        .trail
        .verdict
        .as_ref()
        .zip(recorded.trail.evidence.as_ref())
        .is_some_and(|(verdict, evidence)| {
            evaluators::evaluate(&recorded.task.spec, evidence) != *verdict
        });
    Known {
        manifests: None,
        browsers: browsers.map(|(one, other)| (one.browser.as_str(), other.browser.as_str())),
        by_the_clock: pages.is_some_and(|(one, other)| page::differ_by_the_clock(one, other)),
        in_layout: pages.is_some_and(|(one, other)| page::differ_in_layout(one, other)),
        prompts: matches!(recorded.agent.revision.config, AgentConfig::Llm(_)),
        damage: &recorded.damage,
        judged_otherwise,
    }
}

fn not_compared(recorded: &Recording, by_chance: Option<&str>) -> Vec<String> {
    let mut left_out = Vec::new();
    if recorded.trail.started.is_none() {
        left_out.push("the steps: none is on record".to_owned());
    }
    if let Some(why) = by_chance {
        left_out.push(format!(
            "the end and the verdict: {why}, which does not come about again by itself"
        ));
    }
    let unrecorded = |step: &recording::Step| step.calls.iter().any(|call| call.request.is_null());
    if recorded.trail.steps.iter().any(unrecorded) {
        left_out.push("some requests to the model: they are not on record".to_owned());
    }
    match recorded.agent.revision.config {
        AgentConfig::Webhook(_) | AgentConfig::Remote(_) | AgentConfig::Command(_) => {
            left_out.push(
                "the agent itself: it is not the arena's; its recorded actions were played"
                    .to_owned(),
            );
        }
        AgentConfig::Builtin { .. } | AgentConfig::Llm(_) => {}
    }
    if recorded.manifest.is_none() {
        left_out.push(
            "the manifests: the record has none, it is of a version that kept none".to_owned(),
        );
    }
    left_out
}
