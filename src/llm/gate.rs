//! Holds the calls to one provider's address together, whoever makes them: no more than a number
//! of them are under way at once, over all episodes. Who has to wait waits in order, and the wait
//! counts against neither the call's time nor its duration.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_trait::async_trait;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::domain::agent::Provider;
use crate::llm::{CallResult, ChatModel, ChatRequest};

/// The gates of a process, one for each provider and address in use.
pub struct Gates {
    calls: usize,
    open: Mutex<HashMap<(Provider, String), Weak<Gate>>>,
}

impl Gates {
    /// Gates that let this many calls through at once, each; at least one.
    pub fn new(calls: usize) -> Self {
        Self {
            calls: calls.clamp(1, Semaphore::MAX_PERMITS),
            open: Mutex::default(),
        }
    }

    /// The gate of an address, the same one for as long as anyone holds it.
    pub fn at(&self, provider: Provider, address: &str) -> Arc<Gate> {
        let name = (provider, address.trim_end_matches('/').to_owned());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = open.get(&name).and_then(Weak::upgrade) {
            return gate;
        }
        // Addresses are users' input: those that nobody calls any more are let go.
        open.retain(|_, gate| gate.strong_count() > 0);
        let gate = Arc::new(Gate {
            places: Semaphore::new(self.calls),
        });
        open.insert(name, Arc::downgrade(&gate));
        gate
    }
}

/// Bounds the calls to one address.
pub struct Gate {
    places: Semaphore,
}

impl Gate {
    /// A place for one call, in order; it is free again when the place is dropped.
    pub(super) async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed; were it, calls would go on unbounded rather than end.
        self.places.acquire().await.ok()
    }

    /// The same model, its calls bounded.
    pub fn guard(self: Arc<Self>, model: Arc<dyn ChatModel>) -> Arc<dyn ChatModel> {
        Arc::new(Guarded { gate: self, model })
    }
}

struct Guarded {
    gate: Arc<Gate>,
    model: Arc<dyn ChatModel>,
}

#[async_trait]
impl ChatModel for Guarded {
    fn provider(&self) -> &str {
        self.model.provider()
    }

    fn model(&self) -> &str {
        self.model.model()
    }

    async fn call(&self, request: &ChatRequest) -> CallResult {
        let _place = self.gate.enter().await;
        self.model.call(request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_gate_and_is_forgotten_when_nobody_calls_it() {
        let gates = Gates::new(2);
        let first = gates.at(Provider::OpenAi, "http://a/v1/");
        assert!(Arc::ptr_eq(
            &first,
            &gates.at(Provider::OpenAi, "http://a/v1")
        ));
        let other = gates.at(Provider::Anthropic, "http://a/v1");
        assert!(!Arc::ptr_eq(&first, &other));
        drop((first, other));
        gates.at(Provider::OpenAi, "http://b");
        let open = gates.open.lock().unwrap();
        assert_eq!(open.keys().count(), 1);
    }
}
