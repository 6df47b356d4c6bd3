//! A model that answers from a list. For tests and demonstrations; its name says what it is.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use serde_json::json;

use crate::llm::{CallResult, ChatError, ChatModel, ChatReply, ChatRequest, ModelCall};

/// Answers with the given replies, in order; then fails for good.
pub struct ScriptedModel {
    replies: Mutex<VecDeque<Result<ChatReply, ChatError>>>,
}

impl ScriptedModel {
    /// A model with these replies.
    pub fn new(replies: impl IntoIterator<Item = Result<ChatReply, ChatError>>) -> Self {
        Self {
            replies: Mutex::new(replies.into_iter().collect()),
        }
    }
}

#[async_trait]
impl ChatModel for ScriptedModel {
    fn provider(&self) -> &'static str {
        "scripted"
    }

    fn model(&self) -> &'static str {
        "scripted"
    }

    async fn call(&self, _request: &ChatRequest) -> CallResult {
        let next = self
            .replies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        let reply = next.unwrap_or_else(|| {
            Err(ChatError::Final {
                message: "the script has no more replies".to_owned(),
            })
        });
        let record = ModelCall {
            provider: self.provider().to_owned(),
            model: self.model().to_owned(),
            attempt: 1,
            error: reply.as_ref().err().map(ToString::to_string),
            exchange: json!({ "scripted": true }),
            ..ModelCall::default()
        };
        CallResult { record, reply }
    }
}
