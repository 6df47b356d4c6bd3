//! An episode as it is on record: its events in order of steps, with the artifacts that they
//! name. An artifact whose bytes are not what its name says is told, and not used silently.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::arena::ArenaError;
use crate::domain::agent::{Agent, Metering};
use crate::domain::event::{EventBody, Usage};
use crate::domain::evidence::Evidence;
use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::manifest::Manifest;
use crate::domain::observation::Observation;
use crate::domain::outcome::Outcome;
use crate::domain::submission::{Episode, Submission};
use crate::domain::suite::Suite;
use crate::domain::task::Task;
use crate::domain::verdict::Verdict;
use crate::llm::replay::was_too_long;
use crate::store::artifacts::{ArtifactFiles, sha256_hex};
use crate::store::{
    Connection, Store, StoreError, agents, episodes, manifests, submissions, suites, tasks,
};

/// Events that are read at once.
const EVENTS_AT_ONCE: u32 = 500;

/// What stands for the address of the task's place, which has another port in every run.
pub const PLACE: &str = "{place}";

/// An episode as it is on record.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// The submission.
    pub submission: Submission,
    /// The agent at the submission's revision.
    pub agent: Agent,
    /// The task.
    pub task: Task,
    /// Its suite.
    pub suite: Suite,
    /// The episode.
    pub episode: Episode,
    /// What it ran with; none for an episode of a version that kept no manifests.
    pub manifest: Option<Manifest>,
    /// What happened.
    pub trail: Trail,
    /// What is wrong with the record itself, in words.
    pub damage: Vec<String>,
}

/// What happened in an episode.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    /// The beginning; none when it never came to it.
    pub started: Option<Started>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// Calls to a model that judged.
    pub judged: Vec<Call>,
    /// What the evaluators said.
    pub verdict: Option<Verdict>,
    /// What they looked at.
    pub evidence: Option<Evidence>,
    /// The end; none when it is not on record.
    pub ended: Option<End>,
}

/// How an episode began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Started {
    /// Browser and driver with versions.
    pub browser: String,
    /// The arena's rules.
    pub preamble: String,
    /// The goal.
    pub goal: String,
    /// What the goal names.
    pub fields: Vec<(String, String)>,
    /// The first address.
    pub start_url: String,
}

/// One step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its number, from 1.
    pub number: u32,
    /// The page.
    pub observation: Option<Observation>,
    /// Calls to the agent's model.
    pub calls: Vec<Call>,
    /// The action in canonical form.
    pub action: Option<String>,
    /// The agent's own words.
    pub reasoning: Option<String>,
    /// What came of it.
    pub acted: Option<Acted>,
    /// Dialogs: kind, message, whether accepted.
    pub dialogs: Vec<(String, String, bool)>,
    /// Attempts at what is forbidden: rule and detail.
    pub violations: Vec<(String, String)>,
    /// How the episode ended here: by `answer`, `infeasible` or `place`, with the message.
    pub ended: Option<(String, String)>,
}

/// One call to a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Which interface; known for a model that judged only.
    pub provider: Option<String>,
    /// Model as asked for.
    pub model: String,
    /// HTTP status.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: Option<String>,
    /// Whether that was a request that was too long.
    #[serde(default)]
    pub too_long: bool,
    /// Model as the provider named it.
    pub returned_model: Option<String>,
    /// Tokens.
    pub usage: Usage,
    /// What was sent; null when it is not on record.
    pub request: Value,
    /// What came back; null when nothing did.
    pub response: Value,
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Acted {
    /// Whether it was carried out.
    pub ok: bool,
    /// What the agent was told.
    pub message: String,
    /// Address afterwards.
    pub url: String,
}

/// How an episode ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct End {
    /// How.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// Steps taken.
    pub steps: u32,
}

impl Recording {
    /// Reads an episode by its own id, or the one that ended a submission by the submission's.
    pub async fn load(store: &Store, id: &str) -> Result<Self, ArenaError> {
        let wanted = id.parse::<SubmissionId>();
        let wanted = wanted.map_err(|error| ArenaError::Invalid {
            field: "id",
            message: error.to_string(),
        })?;
        let files = store.artifact_files();
        let read = store.read(move |db| {
            let Some((submission, episode)) = find(db, wanted)? else {
                return Ok(None);
            };
            Ok(Some(read(db, &files, submission, episode)?))
        });
        let recording = read.await?;
        let mut recording = recording
            .ok_or_else(|| ArenaError::not_found("submission or episode that has begun,", id))?;
        if recording.agent.revision.config.metering() != Metering::Whole {
            // A foreign agent's calls are its own: its recorded actions are played, without them.
            for step in &mut recording.trail.steps {
                step.calls.clear();
            }
        }
        if recording.episode.ended_at.is_none() {
            return Err(ArenaError::Conflict {
                message: format!(
                    "episode {} is still under way; it can be reproduced when it has ended",
                    recording.episode.id
                ),
            });
        }
        Ok(recording)
    }

    /// Scheme, host and port of the first address; empty when that is not on record.
    pub fn origin(&self) -> String {
        let start = self.trail.started.as_ref().map(|start| &start.start_url);
        let url = start.and_then(|start| url::Url::parse(start).ok());
        url.map_or_else(String::new, |url| url.origin().ascii_serialization())
    }

    /// Number of the last step in which the agent decided; 0 when it never did.
    pub fn last_decided(&self) -> u32 {
        let decided = self.trail.steps.iter().filter(|step| step.action.is_some());
        decided.map(|step| step.number).max().unwrap_or(0)
    }

    /// Why the end cannot come about again when everything is as it was; none when it can.
    pub fn end_by_chance(&self) -> Option<&'static str> {
        let end = self.trail.ended.as_ref()?;
        let last = self.trail.steps.last();
        let model_failed = || {
            let call = last.and_then(|step| step.calls.last());
            call.is_some_and(|call| call.error.is_some())
        };
        match end.outcome {
            Outcome::Passed
            | Outcome::Failed
            | Outcome::AgentError
            | Outcome::StepLimit
            | Outcome::PolicyViolation => None,
            Outcome::InfraError if model_failed() => None,
            Outcome::InfraError => Some("it ended in a fault of the infrastructure"),
            Outcome::TimeLimit => Some("it ended when its time was used up"),
            Outcome::BudgetLimit => Some("it ended when its budget was used up"),
            Outcome::Cancelled => Some("somebody cancelled it"),
        }
    }
}

impl Trail {
    /// The same with [`PLACE`] for an address.
    pub fn without(&self, origin: &str) -> Result<Self, serde_json::Error> {
        if origin.is_empty() {
            return Ok(self.clone());
        }
        let text = serde_json::to_string(self)?;
        serde_json::from_str(&text.replace(origin, PLACE))
    }
}

/// A submission with its newest episode, or an episode with its submission.
fn find(db: &Connection, id: SubmissionId) -> Result<Option<(Submission, Episode)>, StoreError> {
    if let Some(submission) = submissions::by_id(db, id)? {
        let newest = episodes::list(db, id)?.pop();
        return Ok(newest.map(|episode| (submission, episode)));
    }
    let Some(episode) = episodes::by_id(db, EpisodeId(id.0))? else {
        return Ok(None);
    };
    let submission = submissions::by_id(db, episode.submission_id)?;
    Ok(submission.map(|submission| (submission, episode)))
}

fn read(
    db: &Connection,
    files: &ArtifactFiles,
    submission: Submission,
    episode: Episode,
) -> Result<Recording, StoreError> {
    let agent = agents::by_revision(db, submission.agent_revision_id)?
        .ok_or(StoreError::NotFound("agent revision"))?;
    let task = tasks::by_id(db, submission.task_id)?.ok_or(StoreError::NotFound("task"))?;
    let suite = suites::by_id(db, task.suite_id)?.ok_or(StoreError::NotFound("suite"))?;
    let manifest = manifests::of_episode(db, episode.id)?;
    let mut reader = Reader {
        files,
        trail: Trail::default(),
        damage: Vec::new(),
        places: HashMap::new(),
    };
    let mut after = 0;
    loop {
        let events = episodes::events(db, submission.id, after, EVENTS_AT_ONCE)?;
        let Some(last) = events.last() else { break };
        after = last.seq;
        for event in events {
            if event.episode_id == episode.id {
                reader.take(event.body)?;
            }
        }
    }
    Ok(Recording {
        submission,
        agent,
        task,
        suite: suite.suite,
        episode,
        manifest,
        trail: reader.trail,
        damage: reader.damage,
    })
}

/// Puts events into their steps.
struct Reader<'a> {
    files: &'a ArtifactFiles,
    trail: Trail,
    damage: Vec<String>,
    /// Where each step stands.
    places: HashMap<u32, usize>,
}

impl Reader<'_> {
    fn take(&mut self, body: EventBody) -> Result<(), StoreError> {
        match body {
            EventBody::EpisodeStarted {
                browser,
                preamble,
                goal,
                fields,
                start_url,
                ..
            } => {
                self.trail.started = Some(Started {
                    browser,
                    preamble,
                    goal,
                    fields,
                    start_url,
                });
            }
            EventBody::Evaluated {
                verdict, evidence, ..
            } => {
                self.trail.verdict = Some(verdict);
                self.trail.evidence = self.artifact("the evidence", &evidence)?;
            }
            EventBody::EpisodeEnded {
                outcome,
                reason,
                steps,
                ..
            } => {
                self.trail.ended = Some(End {
                    outcome,
                    reason,
                    steps,
                });
            }
            EventBody::Noted { details, .. } => self.judged(&details)?,
            of_step => self.take_of_step(of_step)?,
        }
        Ok(())
    }

    fn take_of_step(&mut self, body: EventBody) -> Result<(), StoreError> {
        match body {
            EventBody::Observed {
                step, observation, ..
            } => {
                let what = format!("the observation of step {step}");
                self.step(step).observation = self.artifact(&what, &observation)?;
            }
            EventBody::ModelCalled {
                step,
                model,
                returned_model,
                usage,
                status,
                error,
                exchange,
                ..
            } => {
                let what = format!("a call to the model in step {step}");
                let exchange: Option<Value> = match exchange {
                    Some(hash) => self.artifact(&what, &hash)?,
                    None => None,
                };
                let too_long = exchange.as_ref().is_some_and(was_too_long);
                let [request, response] = parts(exchange);
                self.step(step).calls.push(Call {
                    provider: None,
                    model,
                    status,
                    error,
                    too_long,
                    returned_model,
                    usage,
                    request,
                    response,
                });
            }
            EventBody::Decided {
                step,
                action,
                reasoning,
                ..
            } => {
                let step = self.step(step);
                step.action = Some(action);
                step.reasoning = reasoning;
            }
            EventBody::Acted {
                step,
                ok,
                message,
                url,
                ..
            } => self.step(step).acted = Some(Acted { ok, message, url }),
            EventBody::DialogAnswered {
                step,
                kind,
                message,
                accepted,
            } => self.step(step).dialogs.push((kind, message, accepted)),
            EventBody::PolicyViolated { step, rule, detail } => {
                self.step(step).violations.push((rule, detail));
            }
            EventBody::AgentEnded { step, how, message } => {
                self.step(step).ended = Some((how, message));
            }
            EventBody::PlaceEnded { step, message } => {
                self.step(step).ended = Some(("place".to_owned(), message));
            }
            _ => {}
        }
        Ok(())
    }

    /// A note that a model was asked to judge names the exchange with it.
    fn judged(&mut self, details: &Value) -> Result<(), StoreError> {
        let text = |name: &str| details[name].as_str().map(str::to_owned);
        let (Some(provider), Some(model), Some(hash)) =
            (text("provider"), text("model"), text("exchange"))
        else {
            return Ok(());
        };
        let exchange = self.artifact("a call to the model that judged", &hash)?;
        let [request, response] = parts(exchange);
        self.trail.judged.push(Call {
            provider: Some(provider),
            model,
            status: None,
            error: text("error"),
            too_long: false,
            returned_model: None,
            usage: serde_json::from_value(details["usage"].clone()).unwrap_or_default(),
            request,
            response,
        });
        Ok(())
    }

    fn step(&mut self, number: u32) -> &mut Step {
        let steps = &mut self.trail.steps;
        let at = *self.places.entry(number).or_insert_with(|| {
            steps.push(Step {
                number,
                ..Step::default()
            });
            steps.len() - 1
        });
        &mut steps[at]
    }

    /// What an artifact holds; none, with a note of the damage, when it cannot be read or is not
    /// what its name says.
    fn artifact<T: DeserializeOwned>(
        &mut self,
        what: &str,
        hash: &str,
    ) -> Result<Option<T>, StoreError> {
        let Some(bytes) = self.files.read(hash)? else {
            self.damage
                .push(format!("{what} is not stored any more (artifact {hash})"));
            return Ok(None);
        };
        if sha256_hex(&bytes) != hash {
            self.damage.push(format!(
                "{what} was changed after it was stored: artifact {hash} does not hold what its name says"
            ));
        }
        match serde_json::from_slice(&bytes) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                self.damage.push(format!("{what} cannot be read: {error}"));
                Ok(None)
            }
        }
    }
}

/// Request and response of an exchange.
fn parts(exchange: Option<Value>) -> [Value; 2] {
    let mut exchange = exchange.unwrap_or_default();
    ["request", "response"].map(|name| exchange.get_mut(name).map_or(Value::Null, Value::take))
}
