//! Policies that decide as it is on record: the built-in ones by the same seed, prompted ones by
//! the recorded replies, all others by the recorded actions.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::agents::llm::prompts::Prompts;
use crate::agents::{self, AgentFault, Decision, Policy, PolicyContext, Turn};
use crate::arena::execute::{PolicyError, PolicyFactory, PolicyRequest};
use crate::arena::reproduce::recording::{Call, Recording, Step};
use crate::domain::action::Action;
use crate::domain::agent::{AgentConfig, Provider};
use crate::domain::outcome::AgentErrorKind;
use crate::domain::task::EnvironmentSpec;
use crate::llm::ChatModel;
use crate::llm::replay::{RecordedCall, ReplayModel};

/// Makes the policy of an episode that is run again.
pub struct Replay {
    recording: Arc<Recording>,
    /// Where the task's place is now; set before the episode begins.
    origin: OnceLock<String>,
    over: CancellationToken,
    prompts: Arc<Prompts>,
}

impl Replay {
    /// For a recorded episode, with the prompts of now.
    pub fn new(recording: Arc<Recording>, prompts: Arc<Prompts>) -> Self {
        Self {
            recording,
            prompts,
            origin: OnceLock::new(),
            over: CancellationToken::new(),
        }
    }

    /// Says where the sites are in this run; recorded replies and actions that name the old
    /// address get this one. The first address stays.
    pub fn sites_at(&self, origin: &str) {
        let environment = &self.recording.task.spec.environment;
        if !matches!(environment, EnvironmentSpec::Web { .. }) {
            let _ = self.origin.set(origin.to_owned());
        }
    }

    /// Waits until the record is used up: nothing further can be played.
    pub async fn used_up(&self) {
        self.over.cancelled().await;
    }

    /// The model that judges, where one judged the recorded episode.
    pub fn judge(&self) -> Result<Option<Arc<dyn ChatModel>>, PolicyError> {
        let calls = &self.recording.trail.judged;
        let Some(first) = calls.first() else {
            return Ok(None);
        };
        let provider = first.provider.as_deref().unwrap_or_default();
        let provider = provider.parse::<Provider>();
        let provider = provider.map_err(|error| {
            PolicyError(format!("the model that judged cannot be replayed: {error}"))
        })?;
        let calls = calls.iter().map(|call| recorded(call, false, None));
        let model = ReplayModel::judge(provider, &first.model, calls.collect())
            .map_err(|error| PolicyError(error.to_string()))?;
        Ok(Some(Arc::new(model)))
    }

    /// Old and new address of the place, when it has moved.
    fn moved(&self) -> Option<(String, &String)> {
        let old = self.recording.origin();
        let new = self.origin.get()?;
        (!old.is_empty() && old != *new).then_some((old, new))
    }

    fn model(&self, config: &crate::domain::agent::LlmConfig) -> Result<ReplayModel, PolicyError> {
        let moved = self.moved();
        let mut calls = Vec::new();
        for step in &self.recording.trail.steps {
            for (index, call) in step.calls.iter().enumerate() {
                let followed = index + 1 < step.calls.len();
                calls.push(recorded(call, followed, moved.as_ref()));
            }
        }
        ReplayModel::new(config, calls, self.over.clone())
            .map_err(|error| PolicyError(format!("the agent's model cannot be replayed: {error}")))
    }

    fn recorded_policy(&self) -> RecordedPolicy {
        let moved = self.moved();
        let steps = self.recording.trail.steps.iter();
        let end = self.recording.trail.ended.as_ref();
        RecordedPolicy {
            steps: steps
                .map(|step| Step {
                    observation: None,
                    action: step.action.as_deref().map(|action| match &moved {
                        Some((old, new)) => action.replace(old, new),
                        None => action.to_owned(),
                    }),
                    ..step.clone()
                })
                .collect(),
            reason: end.map(|end| end.reason.clone()).unwrap_or_default(),
            over: self.over.clone(),
        }
    }
}

#[async_trait]
impl PolicyFactory for Replay {
    fn prompts(&self) -> Option<&Prompts> {
        Some(&self.prompts)
    }

    async fn build(&self, request: PolicyRequest) -> Result<Box<dyn Policy>, PolicyError> {
        let config = &self.recording.agent.revision.config;
        let context = |model: Option<Arc<dyn ChatModel>>| PolicyContext {
            task: &request.spec,
            seed: request.seed,
            model,
            foreign: None,
            prompts: Arc::clone(&self.prompts),
        };
        let built = |context: PolicyContext<'_>| {
            agents::build(config, context).map_err(|error| PolicyError(error.to_string()))
        };
        let inner: Box<dyn Policy> = match config {
            AgentConfig::Builtin { .. } => built(context(None))?,
            AgentConfig::Llm(config) => built(context(Some(Arc::new(self.model(config)?))))?,
            AgentConfig::Webhook(_) | AgentConfig::Remote(_) | AgentConfig::Command(_) => {
                Box::new(self.recorded_policy())
            }
        };
        let last = self.recording.end_by_chance().is_some();
        let last = last.then(|| self.recording.last_decided());
        Ok(Box::new(Until {
            inner,
            last,
            over: self.over.clone(),
        }))
    }
}

fn recorded(call: &Call, followed: bool, moved: Option<&(String, &String)>) -> RecordedCall {
    let response = match moved {
        // Text within text: a reply is JSON, and its tool calls hold JSON as text.
        Some((old, new)) => {
            let text = call.response.to_string().replace(old, new);
            serde_json::from_str(&text).unwrap_or(Value::Null)
        }
        None => call.response.clone(),
    };
    RecordedCall {
        status: call.status,
        error: call.error.clone(),
        followed,
        too_long: call.too_long,
        response,
        returned_model: call.returned_model.clone(),
        usage: call.usage,
    }
}

/// Decides up to the last recorded decision, and then no more: what ended the episode there
/// does not come again.
struct Until {
    inner: Box<dyn Policy>,
    last: Option<u32>,
    over: CancellationToken,
}

#[async_trait]
impl Policy for Until {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        if self.last.is_some_and(|last| turn.step > last) {
            self.over.cancel();
            return std::future::pending().await;
        }
        self.inner.decide(turn).await
    }

    fn wants_screenshot(&self) -> bool {
        self.inner.wants_screenshot()
    }

    fn wants_marks(&self) -> bool {
        self.inner.wants_marks()
    }

    async fn close(&mut self) -> Option<String> {
        self.inner.close().await
    }
}

/// Plays recorded actions.
struct RecordedPolicy {
    steps: Vec<Step>,
    /// Why the episode ended.
    reason: String,
    over: CancellationToken,
}

impl RecordedPolicy {
    /// The fault that ended the episode, in its own words; none when it was no fault.
    fn fault(&self) -> Option<AgentFault> {
        let unreadable = |message: String| AgentFault::Unreadable {
            kind: AgentErrorKind::Unparsable,
            message,
            calls: Vec::new(),
        };
        let kinds: [(AgentFault, &dyn Fn(String) -> AgentFault); 2] = [
            (unreadable(String::new()), &unreadable),
            (AgentFault::Broken(String::new()), &AgentFault::Broken),
        ];
        kinds.into_iter().find_map(|(empty, make)| {
            let said = self.reason.strip_prefix(&empty.to_string())?;
            Some(make(said.to_owned()))
        })
    }
}

#[async_trait]
impl Policy for RecordedPolicy {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let step = self.steps.iter().find(|step| step.number == turn.step);
        if let Some(action) = step.and_then(|step| step.action.as_deref()) {
            let action = Action::parse(action).map_err(|error| {
                AgentFault::Broken(format!("the recorded action {action} is none now: {error}"))
            })?;
            return Ok(Decision {
                action,
                reasoning: step.and_then(|step| step.reasoning.clone()),
                calls: Vec::new(),
            });
        }
        match self.fault().filter(|_| step.is_some()) {
            Some(fault) => Err(fault),
            None => {
                self.over.cancel();
                std::future::pending().await
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(reason: &str) -> RecordedPolicy {
        RecordedPolicy {
            steps: Vec::new(),
            reason: reason.to_owned(),
            over: CancellationToken::new(),
        }
    }

    #[test]
    fn a_fault_is_told_in_the_words_on_record() {
        for fault in [
            AgentFault::Broken("it was silent for 5 s".to_owned()),
            AgentFault::Unreadable {
                kind: AgentErrorKind::Unparsable,
                message: "no call (asked 3 times)".to_owned(),
                calls: Vec::new(),
            },
        ] {
            assert_eq!(policy(&fault.to_string()).fault(), Some(fault));
        }
        assert_eq!(policy("two of two criteria").fault(), None);
    }
}
