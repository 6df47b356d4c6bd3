//! Holds the calls to one provider's address together, whoever makes them: no more than a number
//! of them are under way at once, over all episodes. Who has to wait waits in order, and the wait
//! counts against neither the call's time nor its duration. While an address fails again and again
//! none are made ([`breaker`](super::breaker)).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::domain::agent::Provider;
use crate::llm::breaker::{Breaker, BreakerSettings, Change, Health};
use crate::llm::{CallResult, ChatError, ChatModel, ChatRequest, ModelCall};

/// A call that was given less time than this says nothing about its provider when the time is up:
/// whoever gives all of them a second must not keep others from calling.
const PATIENT: Duration = Duration::from_secs(30);

/// How often circuits opened; label `provider`.
const CIRCUITS_OPENED_TOTAL: &str = "model_circuits_opened_total";
/// Circuits open now; label `provider`.
const CIRCUITS_OPEN: &str = "model_circuits_open";

/// The gates of a process, one for each provider and address in use.
pub struct Gates {
    calls: usize,
    breaker: BreakerSettings,
    open: Mutex<HashMap<(Provider, String), Arc<Gate>>>,
}

impl Gates {
    /// Gates that let this many calls through at once, each; at least one. No circuit opens.
    pub fn new(calls: usize) -> Self {
        Self::with_breaker(calls, BreakerSettings::OFF)
    }

    /// The same, with circuits that open.
    pub fn with_breaker(calls: usize, breaker: BreakerSettings) -> Self {
        Self {
            calls: calls.clamp(1, Semaphore::MAX_PERMITS),
            breaker,
            open: Mutex::default(),
        }
    }

    /// The gate of an address, the same one for as long as anyone holds it, and for a while after
    /// faults.
    pub fn at(&self, provider: Provider, address: &str) -> Arc<Gate> {
        let name = (provider, address.trim_end_matches('/').to_owned());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = open.get(&name) {
            return Arc::clone(gate);
        }
        // Addresses are users' input: those that nobody calls any more are let go.
        let now = Instant::now();
        open.retain(|_, gate| Arc::strong_count(gate) > 1 || gate.breaker.remembers(now));
        let gate = Arc::new(Gate {
            provider,
            places: Semaphore::new(self.calls),
            breaker: Breaker::new(self.breaker),
        });
        open.insert(name, Arc::clone(&gate));
        gate
    }

    /// How many circuits are open, of each provider that has any.
    pub fn open_circuits(&self) -> Vec<(Provider, usize)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |provider: &Provider| {
            let open = open.values().filter(|gate| gate.breaker.is_open());
            open.filter(|gate| gate.provider == *provider).count()
        };
        let counted = Provider::ALL
            .iter()
            .map(|provider| (*provider, count(provider)));
        counted.filter(|(_, count)| *count > 0).collect()
    }
}

/// Bounds the calls to one address.
pub struct Gate {
    provider: Provider,
    places: Semaphore,
    breaker: Breaker,
}

impl Gate {
    /// A place for one call, in order; it is free again when the place is dropped. For calls that
    /// foreign agents make: their clients try again as they see fit, so the circuit neither hears of
    /// them nor holds them back.
    pub(super) async fn enter(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed; were it, calls would go on unbounded rather than end.
        self.places.acquire().await.ok()
    }

    /// The same model, its calls bounded. `timeout` is how long each may take.
    pub fn guard(
        self: Arc<Self>,
        model: Arc<dyn ChatModel>,
        timeout: Duration,
    ) -> Arc<dyn ChatModel> {
        Arc::new(Guarded {
            gate: self,
            model,
            timeout,
        })
    }

    fn tell(&self, change: Change) {
        let provider = self.provider.as_str();
        let open = metrics::gauge!(CIRCUITS_OPEN, "provider" => provider);
        match change {
            Change::Opened => {
                tracing::warn!(
                    provider,
                    "a model provider fails again and again; calls to it wait"
                );
                metrics::counter!(CIRCUITS_OPENED_TOTAL, "provider" => provider).increment(1);
                open.increment(1.0);
            }
            Change::Closed => {
                tracing::info!(provider, "a model provider answers again");
                open.decrement(1.0);
            }
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        if self.breaker.is_open() {
            let provider = self.provider.as_str();
            metrics::gauge!(CIRCUITS_OPEN, "provider" => provider).decrement(1.0);
        }
    }
}

struct Guarded {
    gate: Arc<Gate>,
    model: Arc<dyn ChatModel>,
    timeout: Duration,
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
        let pass = match self.gate.breaker.enter(Instant::now()) {
            Ok(pass) => pass,
            Err(wait) => return self.not_made(wait),
        };
        let result = self.model.call(request).await;
        let health = health(&result, self.timeout);
        if let Some(change) = pass.note(health, Instant::now()) {
            self.gate.tell(change);
        }
        result
    }
}

impl Guarded {
    fn not_made(&self, wait: Duration) -> CallResult {
        let message = "the provider failed many calls in a row, so this one was not made";
        let error = ChatError::Passing {
            message: message.to_owned(),
            retry_after_ms: u64::try_from(wait.as_millis()).ok(),
        };
        CallResult {
            record: ModelCall {
                provider: self.provider().to_owned(),
                model: self.model().to_owned(),
                attempt: 1,
                unsent: true,
                error: Some(error.to_string()),
                ..ModelCall::default()
            },
            reply: Err(error),
        }
    }
}

/// What a call says about its provider. Any answer that can be read is one, a refusal too; a limit
/// on requests is a matter between the provider and one key.
fn health(result: &CallResult, timeout: Duration) -> Health {
    let record = &result.record;
    match &result.reply {
        Ok(_) | Err(ChatError::TooLong { .. }) => Health::Well,
        Err(ChatError::Final { .. }) if record.status.is_some() => Health::Well,
        Err(ChatError::Final { .. } | ChatError::OverBudget(_) | ChatError::Unbooked { .. }) => {
            Health::Unknown
        }
        Err(ChatError::Passing { .. }) if matches!(record.status, Some(400..=499)) => Health::Well,
        Err(ChatError::Passing { .. }) => {
            let is_over = record.duration_ms >= timeout.as_secs_f64() * 1_000.0;
            if is_over && timeout < PATIENT {
                Health::Unknown
            } else {
                Health::Fault
            }
        }
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
