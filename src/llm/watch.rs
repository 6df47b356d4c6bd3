//! Looks on while a model is called, whoever calls it and however often: what is tried is shown
//! and booked from here, also when whoever called gives up in the middle.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use crate::llm::{CallResult, ChatError, ChatModel, ChatRequest, ModelCall};

/// The calls to watched models, in the order of their ends.
#[derive(Clone, Default)]
pub struct CallLog(Arc<Mutex<Vec<ModelCall>>>);

impl CallLog {
    /// The same model, its calls seen.
    pub fn watch(&self, model: Arc<dyn ChatModel>) -> Arc<dyn ChatModel> {
        let log = self.clone();
        Arc::new(Watched { log, model })
    }

    /// The calls so far, numbered from 1.
    pub fn calls(&self) -> Vec<ModelCall> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn add(&self, mut call: ModelCall) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        call.attempt = u32::try_from(calls.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        calls.push(call);
    }
}

struct Watched {
    log: CallLog,
    model: Arc<dyn ChatModel>,
}

#[async_trait]
impl ChatModel for Watched {
    fn provider(&self) -> &str {
        self.model.provider()
    }

    fn model(&self) -> &str {
        self.model.model()
    }

    fn is_replay(&self) -> bool {
        self.model.is_replay()
    }

    async fn call(&self, request: &ChatRequest) -> CallResult {
        let result = self.model.call(request).await;
        // A call that a budget does not have was not made.
        if !matches!(result.reply, Err(ChatError::OverBudget(_))) {
            self.log.add(result.record.clone());
        }
        result
    }
}
