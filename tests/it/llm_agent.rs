//! The prompted agent: what it asks its model in each of its modes, and what it makes of replies.

#![expect(
    clippy::unnecessary_wraps,
    reason = "scripts mix replies with failures, so replies are made as results"
)]

mod episodes;
mod modes;
mod prompts;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use agentarena::agents::llm::LlmPolicy;
use agentarena::agents::llm::prompts::Prompts;
use agentarena::agents::{AgentFault, Decision, PastStep, Policy, Turn};
use agentarena::domain::agent::{LlmConfig, Provider};
use agentarena::domain::observation::{Node, Observation};
use agentarena::llm::{
    CallResult, ChatError, ChatModel, ChatReply, ChatRequest, Message, ModelCall,
};
use agentarena::llm::{ToolCall, retry::RetryPolicy};
use async_trait::async_trait;
use serde_json::{Value, json};

/// A model that says what a test tells it to, and remembers what it was asked.
#[derive(Default)]
pub struct Told {
    replies: Mutex<VecDeque<Result<ChatReply, ChatError>>>,
    asked: Mutex<Vec<ChatRequest>>,
}

impl Told {
    pub fn with(replies: impl IntoIterator<Item = Result<ChatReply, ChatError>>) -> Arc<Self> {
        Arc::new(Self {
            replies: Mutex::new(replies.into_iter().collect()),
            asked: Mutex::default(),
        })
    }

    pub fn asked(&self) -> Vec<ChatRequest> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl ChatModel for Told {
    fn provider(&self) -> &'static str {
        "told"
    }

    fn model(&self) -> &'static str {
        "told"
    }

    async fn call(&self, request: &ChatRequest) -> CallResult {
        self.asked.lock().unwrap().push(request.clone());
        let reply = self.replies.lock().unwrap().pop_front();
        let reply = reply.expect("the test tells it what to say");
        let record = ModelCall {
            attempt: 1,
            status: Some(200),
            error: reply.as_ref().err().map(ToString::to_string),
            exchange: json!({ "request": { "messages": [{ "role": "user",
                "content": text_of(request) }] } }),
            ..ModelCall::default()
        };
        CallResult { record, reply }
    }
}

pub fn says(text: &str) -> Result<ChatReply, ChatError> {
    Ok(ChatReply {
        text: text.to_owned(),
        ..ChatReply::default()
    })
}

pub fn calls(name: &str, arguments: &Value) -> Result<ChatReply, ChatError> {
    Ok(ChatReply {
        tool_calls: vec![ToolCall {
            name: name.to_owned(),
            arguments: arguments.to_string(),
        }],
        ..ChatReply::default()
    })
}

pub fn refuses(words: &str) -> Result<ChatReply, ChatError> {
    Ok(ChatReply {
        refusal: Some(words.to_owned()),
        ..ChatReply::default()
    })
}

pub fn too_long() -> Result<ChatReply, ChatError> {
    Err(ChatError::TooLong {
        message: "the request is longer than the model takes".to_owned(),
    })
}

/// The text of a request's first message.
pub fn text_of(request: &ChatRequest) -> String {
    match request.messages.first() {
        Some(Message::User(text) | Message::Assistant(text) | Message::Seen { text, .. }) => {
            text.clone()
        }
        None => String::new(),
    }
}

/// An agent's settings; what is not said is as nothing is said.
#[expect(
    clippy::needless_pass_by_value,
    reason = "most callers make it for the call"
)]
pub fn config(more: Value) -> LlmConfig {
    let mut config = serde_json::to_value(LlmConfig::new(Provider::OpenAi, "m")).unwrap();
    for (name, value) in more.as_object().unwrap() {
        config[name] = value.clone();
    }
    serde_json::from_value(config).unwrap()
}

/// A page of a shop, with a basket that holds so much.
pub fn shop(basket: u32) -> Observation {
    let node = |depth, bid: &str, role: &str, name: &str| Node {
        depth,
        bid: Some(bid.to_owned()).filter(|bid| !bid.is_empty()),
        role: role.to_owned(),
        name: name.to_owned(),
        ..Node::default()
    };
    let mut nodes = vec![
        node(0, "1", "link", "Larder"),
        node(0, "2", "link", &format!("Basket ({basket})")),
        node(0, "", "heading", "Kettles"),
    ];
    for n in 0..6 {
        let bid = (10 + n).to_string();
        nodes.push(node(1, "", "text", &format!("Kettle of {n} litres")));
        nodes.push(node(1, &bid, "button", "Add to basket"));
    }
    Observation {
        url: "http://sites.test/shop".to_owned(),
        title: "Larder".to_owned(),
        nodes,
        ..Observation::default()
    }
}

/// One agent through an episode whose pages the test decides.
pub struct Stage {
    pub model: Arc<Told>,
    policy: LlmPolicy,
    history: Vec<PastStep>,
    pub picture: Option<Vec<u8>>,
}

impl Stage {
    pub fn new(
        more: Value,
        replies: impl IntoIterator<Item = Result<ChatReply, ChatError>>,
    ) -> Self {
        Self::with_prompts(more, replies, Prompts::default())
    }

    pub fn with_prompts(
        more: Value,
        replies: impl IntoIterator<Item = Result<ChatReply, ChatError>>,
        prompts: Prompts,
    ) -> Self {
        let model = Told::with(replies);
        let policy = LlmPolicy::new(&config(more), model.clone(), Arc::new(prompts));
        let quick = RetryPolicy {
            first_pause: std::time::Duration::ZERO,
            ..RetryPolicy::default()
        };
        Self {
            model,
            policy: policy.with_retry(quick),
            history: Vec::new(),
            picture: None,
        }
    }

    /// One turn; its action is carried out, as far as anyone can tell.
    pub async fn turn(&mut self, page: &Observation) -> Result<Decision, AgentFault> {
        let turn = Turn {
            step: u32::try_from(self.history.len() + 1).unwrap(),
            max_steps: 10,
            preamble: "Today is Wednesday 18 March 2026.",
            goal: "Put the kettle of 3 litres into the basket.",
            fields: &[],
            observation: page,
            screenshot: self.picture.as_deref(),
            history: &self.history,
        };
        let decision = self.policy.decide(turn).await?;
        self.history.push(PastStep {
            url: page.url.clone(),
            action: decision.action.clone(),
            reasoning: decision.reasoning.clone(),
            ok: true,
            message: "clicked".to_owned(),
        });
        Ok(decision)
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<ChatRequest> {
        self.model.asked()
    }

    /// The first message of the newest request.
    pub fn last_text(&self) -> String {
        text_of(self.asked().last().unwrap())
    }
}
