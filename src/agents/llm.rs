//! A prompted model: the page as text and perhaps as a picture, one decision a turn, asked again
//! when the reply is no action. `docs/llm-agent.md` says what can be set.
//!
//! [`request_for`] and [`read_reply`] do each on its own what [`LlmPolicy`] does in turn.

mod asides;
mod memory;
mod page;
pub mod prompts;
mod reply;
mod request;
mod vote;

use std::sync::Arc;

use async_trait::async_trait;

use crate::agents::llm::memory::Memory;
use crate::agents::llm::prompts::{Prompt, Prompts};
use crate::agents::llm::request::{Maker, estimate};
use crate::agents::{AgentFault, Decision, Policy, Turn};
use crate::domain::agent::{LlmConfig, MemoryMode, ScreenshotMode, Wrapper};
use crate::domain::budget::OverBudget;
use crate::domain::observation::Observation;
use crate::domain::outcome::AgentErrorKind;
use crate::llm::picture::NoPicture;
use crate::llm::retry::{RetryPolicy, call_with_retry};
use crate::llm::{ChatError, ChatModel, ChatReply, ChatRequest, Message, ModelCall};

pub use reply::{Problem, Reading};

/// How often a request is made shorter for one decision when the provider says that it is too long.
const MAX_SHORTER: u32 = 3;

/// The request of an agent that sees this turn first. Past steps are told, their pages are not
/// known.
pub fn request_for(
    config: &LlmConfig,
    prompts: &Prompts,
    turn: &Turn<'_>,
) -> Result<ChatRequest, NoPicture> {
    let mut memory = Memory::default();
    memory.see(turn);
    let maker = Maker {
        config,
        prompts,
        memory: &memory,
        limit: config.context_tokens as usize,
    };
    maker.action(turn, &[])
}

/// What a reply to such a request says, or why it is no action.
pub fn read_reply(
    config: &LlmConfig,
    page: &Observation,
    reply: &ChatReply,
) -> Result<Reading, Problem> {
    reply::read(reply, config.actions, page)
}

/// An agent that prompts a model.
pub struct LlmPolicy {
    config: LlmConfig,
    model: Arc<dyn ChatModel>,
    prompts: Arc<Prompts>,
    retry: RetryPolicy,
    memory: Memory,
    /// Most tokens of a request; lower than the setting once a provider has refused one.
    limit: usize,
}

/// Why there is no decision, before the calls are put beside it.
enum Stop {
    OverBudget(OverBudget),
    Provider { message: String, lasting: bool },
    Unreadable(AgentErrorKind, String),
}

impl From<NoPicture> for Stop {
    fn from(error: NoPicture) -> Self {
        Self::Provider {
            message: error.to_string(),
            lasting: false,
        }
    }
}

impl LlmPolicy {
    /// A policy with the agent's settings, its model, and the arena's prompts.
    pub fn new(config: &LlmConfig, model: Arc<dyn ChatModel>, prompts: Arc<Prompts>) -> Self {
        Self {
            config: config.clone(),
            model,
            prompts,
            retry: RetryPolicy::default(),
            memory: Memory::default(),
            limit: config.context_tokens as usize,
        }
    }

    /// The same with other pauses between calls.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    fn maker(&self) -> Maker<'_> {
        Maker {
            config: &self.config,
            prompts: &self.prompts,
            memory: &self.memory,
            limit: self.limit,
        }
    }

    /// Whether the agent may go on once more after a check of its own work.
    const fn may_go_on(&self) -> bool {
        match self.config.wrapper {
            Some(Wrapper::Retry { attempts }) => self.memory.went_on < attempts,
            Some(Wrapper::Vote { .. }) | None => false,
        }
    }

    const fn samples(&self) -> u32 {
        match self.config.wrapper {
            Some(Wrapper::Vote { samples }) => samples,
            Some(Wrapper::Retry { .. }) | None => 1,
        }
    }

    /// Everything that leads to one decision.
    async fn settle(
        &mut self,
        turn: &Turn<'_>,
        calls: &mut Vec<ModelCall>,
    ) -> Result<Reading, Stop> {
        self.memory.see(turn);
        if self.config.plan && turn.step == 1 {
            self.make_plan(turn, calls).await?;
        }
        if self.config.memory == MemoryMode::Summary {
            self.take_notes(turn, calls).await?;
        }
        let mut said = Vec::new();
        loop {
            let (reading, reply) = self.choose(turn, &mut said, calls).await?;
            if !(reading.action.ends_episode() && self.may_go_on()) {
                return Ok(reading);
            }
            let Some(found) = self.check(turn, &reading.action, calls).await? else {
                return Ok(reading);
            };
            self.memory.went_on += 1;
            let missing = self.prompts.fill(Prompt::Missing, &[("found", &found)]);
            said.push(Message::Assistant(reply));
            said.push(Message::User(missing));
            self.memory.found = Some(found);
        }
    }

    /// Asks until a reply is an action; also gives that reply as text.
    async fn choose(
        &mut self,
        turn: &Turn<'_>,
        said: &mut Vec<Message>,
        calls: &mut Vec<ModelCall>,
    ) -> Result<(Reading, String), Stop> {
        let mut asked = 0;
        loop {
            let replies = self.ask(turn, said, calls).await?;
            asked += 1;
            let read =
                |reply: &ChatReply| reply::read(reply, self.config.actions, turn.observation);
            let problem = match vote::elect(&replies, read) {
                Ok((reading, at)) => return Ok((reading, in_words(&replies[at]))),
                Err(problem) => problem,
            };
            if asked > self.config.retries {
                let times = if asked == 1 {
                    "once"
                } else {
                    &format!("{asked} times")
                };
                let told = format!("{} (asked {times})", problem.told);
                return Err(Stop::Unreadable(problem.kind, told));
            }
            let again = self
                .prompts
                .fill(Prompt::Again, &[("problem", &problem.told)]);
            said.extend(replies.first().map(in_words).map(Message::Assistant));
            said.push(Message::User(again));
        }
    }

    /// One request for an action, as many times as there are samples; made shorter when the
    /// provider says that it is too long.
    async fn ask(
        &mut self,
        turn: &Turn<'_>,
        said: &[Message],
        calls: &mut Vec<ModelCall>,
    ) -> Result<Vec<ChatReply>, Stop> {
        let mut shorter = 0;
        loop {
            let request = self.maker().action(turn, said)?;
            let samples = self.samples();
            let asked = vote::ask(self.model.as_ref(), &request, samples, self.retry, calls).await;
            match asked {
                Err(ChatError::TooLong { message }) => {
                    self.shorten(&request, message, &mut shorter)?;
                }
                other => return other.map_err(stop),
            }
        }
    }

    /// One request that is answered in words.
    async fn ask_words(
        &mut self,
        make: impl Fn(&Maker<'_>) -> Result<ChatRequest, NoPicture>,
        calls: &mut Vec<ModelCall>,
    ) -> Result<ChatReply, Stop> {
        let mut shorter = 0;
        loop {
            let request = make(&self.maker())?;
            let model = self.model.as_ref();
            match call_with_retry(model, &request, self.retry, calls).await {
                Err(ChatError::TooLong { message }) => {
                    self.shorten(&request, message, &mut shorter)?;
                }
                other => return other.map_err(stop),
            }
        }
    }

    /// Lowers the limit well below what was refused; gives up after some times.
    fn shorten(
        &mut self,
        refused: &ChatRequest,
        message: String,
        times: &mut u32,
    ) -> Result<(), Stop> {
        if *times == MAX_SHORTER {
            return Err(Stop::Unreadable(AgentErrorKind::ContextLength, message));
        }
        *times += 1;
        self.limit = self.limit.min(estimate(refused)) * 3 / 5;
        Ok(())
    }
}

fn stop(error: ChatError) -> Stop {
    match error {
        ChatError::OverBudget(over) => Stop::OverBudget(over),
        other => Stop::Provider {
            message: other.to_string(),
            lasting: matches!(other, ChatError::Final { .. }),
        },
    }
}

#[async_trait]
impl Policy for LlmPolicy {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let mut calls = Vec::new();
        match self.settle(&turn, &mut calls).await {
            Ok(reading) => {
                if reading.plan.is_some() && self.config.plan {
                    self.memory.plan = reading.plan;
                }
                Ok(Decision {
                    action: reading.action,
                    reasoning: reading.reasoning,
                    calls,
                })
            }
            Err(Stop::OverBudget(over)) => Err(AgentFault::OverBudget { over, calls }),
            Err(Stop::Provider { message, lasting }) => Err(AgentFault::Provider {
                message,
                lasting,
                calls,
            }),
            Err(Stop::Unreadable(kind, message)) => Err(AgentFault::Unreadable {
                kind,
                message,
                calls,
            }),
        }
    }

    fn wants_screenshot(&self) -> bool {
        self.config.screenshot != ScreenshotMode::None
    }

    fn wants_marks(&self) -> bool {
        self.config.screenshot == ScreenshotMode::Marks
    }
}

/// What the model said, as text for the conversation.
fn in_words(reply: &ChatReply) -> String {
    let mut said = reply.refusal.clone().unwrap_or_else(|| reply.text.clone());
    for call in &reply.tool_calls {
        said.push_str(&format!("\n{}({})", call.name, call.arguments));
    }
    if said.trim().is_empty() {
        "(nothing)".to_owned()
    } else {
        said
    }
}
