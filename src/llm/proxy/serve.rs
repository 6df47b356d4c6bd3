//! One call of an agent's, from its request to its booking. Money is held before the provider is
//! asked; the agent has its answer only when the call is booked, so that no call of a turn is
//! missing when the turn is over.

use std::time::Instant;

use serde_json::Value;
use tokio::sync::oneshot;

use crate::domain::agent::Provider;
use crate::domain::budget::MostCost;
use crate::domain::ids::RowId;
use crate::domain::price::Tariff;
use crate::llm::ledger::HoldError;
use crate::llm::proxy::asked::{Asked, is_irregular};
use crate::llm::proxy::clean::clean;
use crate::llm::proxy::refusal::{Refusal, Why};
use crate::llm::proxy::upstream::Upstream;
use crate::llm::proxy::{Answer, AnswerBody, OVER, ProxiedEpisode, ProxyRequest};
use crate::llm::wire::{self, Attempted, Call, Deadline, Missed, Reading};
use crate::llm::{CallResult, ChatError, ChatReply, anthropic, openai};

/// Headers of a provider's answer that its clients need: what it is, and when to try again.
const PASSED_BACK: [&str; 5] = [
    "content-type",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    "request-id",
];

pub(super) const AGENT_LEFT: &str = "the agent broke the call off";
pub(super) const EPISODE_OVER: &str = "the episode ended before the call did";

/// A call that was let through: it has a place, and its money is held.
pub(super) struct Admitted<'a> {
    pub(super) upstream: &'a Upstream,
    pub(super) asked: Asked,
    tariff: Tariff,
    held: RowId,
    pub(super) begun: Instant,
    pub(super) deadline: Deadline,
}

impl ProxiedEpisode {
    /// Serves one call. Without an answer on `head` it was cut off.
    pub(super) async fn serve(
        &self,
        provider: Provider,
        request: ProxyRequest,
        mut head: oneshot::Sender<Answer>,
    ) {
        let refuse = |head: oneshot::Sender<Answer>, refusal: Refusal| {
            // Whoever is gone needs no answer.
            let _ = head.send(refusal.answer(provider));
        };
        let ProxyRequest {
            headers,
            body,
            room,
        } = request;
        let size = body.len();
        let counted = match self.tally.begin() {
            Ok(counted) => counted,
            Err(refusal) => return refuse(head, refusal),
        };
        let read = self.read(provider, &body);
        drop(body);
        let (upstream, asked) = match read {
            Ok(read) => read,
            Err(refusal) => return refuse(head, refusal),
        };
        let place = tokio::select! {
            biased;
            () = self.over.cancelled() => return refuse(head, Refusal::new(Why::Unknown, OVER)),
            () = head.closed() => return,
            place = upstream.gate.enter() => place,
        };
        let admitted = match self.admit(upstream, asked).await {
            Ok(admitted) => admitted,
            Err(refusal) => return refuse(head, refusal),
        };
        self.perform(admitted, &headers, size, head).await;
        drop((place, room, counted));
    }

    fn read(&self, provider: Provider, body: &[u8]) -> Result<(&Upstream, Asked), Refusal> {
        let upstream = self.upstream(provider).ok_or_else(|| {
            let message = format!(
                "This agent may not call `{provider}` through the arena; its owner can allow it in its settings."
            );
            Refusal::new(Why::Forbidden, message)
        })?;
        let asked = Asked::read(provider, body, upstream.max_output_tokens);
        let asked = asked.map_err(|message| Refusal::new(Why::Invalid, message))?;
        Ok((upstream, asked))
    }

    /// Holds the most that the call can cost.
    async fn admit<'a>(
        &self,
        upstream: &'a Upstream,
        asked: Asked,
    ) -> Result<Admitted<'a>, Refusal> {
        let tariff = upstream.tariff(&asked.model);
        let held = match self.ledger.hold(asked.most(&tariff)).await {
            Ok(held) => held,
            Err(HoldError::Over(over)) => {
                let message = match over.most {
                    MostCost::Known(_) => {
                        self.tally.refuse(over);
                        return Err(Refusal::budget(&over));
                    }
                    // That says nothing about the money: the agent can ask otherwise.
                    MostCost::Unpriced => format!(
                        "There is a budget, and `{}` has no price: its owner can set one in the agent's settings.",
                        asked.model
                    ),
                    MostCost::Unbounded => format!(
                        "There is a budget, and this call could cost any amount: {}.",
                        asked.why_unbounded()
                    ),
                };
                return Err(Refusal::new(Why::Invalid, message));
            }
            Err(HoldError::Ledger(error)) => {
                tracing::error!(%error, "money for a foreign agent's call could not be held");
                let message = "The arena could not hold money for the call; its log says why.";
                return Err(Refusal::new(Why::Fault, message));
            }
        };
        Ok(Admitted {
            deadline: Deadline::after(upstream.timeout),
            upstream,
            asked,
            tariff,
            held,
            begun: Instant::now(),
        })
    }

    async fn perform(
        &self,
        call: Admitted<'_>,
        headers: &[(&'static str, String)],
        size: usize,
        mut head: oneshot::Sender<Answer>,
    ) {
        let request = match call.upstream.request(&call.asked, headers) {
            Ok(request) => request,
            Err(error) => {
                return self
                    .give(call, Err(Missed::unsent(error)), size, None, head)
                    .await;
            }
        };
        let begun = tokio::select! {
            biased;
            why = self.cut(&mut head) => Err(Missed::silent(why)),
            begun = wire::begin(call.upstream.http(), request, call.deadline) => begun,
        };
        let response = match begun {
            Ok(response) => response,
            Err(missed) => return self.give(call, Err(missed), size, None, head).await,
        };
        let passed = passed_back(&response, call.upstream);
        if is_stream(&response) {
            return self.stream(call, response, passed, size, head).await;
        }
        let status = response.status().as_u16();
        let received = tokio::select! {
            biased;
            why = self.cut(&mut head) => Err(Missed::broken_off(status, why)),
            received = wire::receive(response, call.deadline) => received,
        };
        self.give(call, received, size, Some(passed), head).await;
    }

    /// Waits until nobody wants the answer any more.
    async fn cut(&self, head: &mut oneshot::Sender<Answer>) -> ChatError {
        tokio::select! {
            biased;
            () = self.over.cancelled() => ChatError::passing(EPISODE_OVER.to_owned()),
            () = head.closed() => ChatError::passing(AGENT_LEFT.to_owned()),
        }
    }

    /// Books a call whose answer came whole, or not at all, and answers the agent.
    async fn give(
        &self,
        call: Admitted<'_>,
        outcome: Result<wire::Received, Missed>,
        size: usize,
        passed: Option<Vec<(&'static str, String)>>,
        head: oneshot::Sender<Answer>,
    ) {
        let provider = call.upstream.provider();
        let key = &call.upstream.key;
        let body = outcome
            .as_ref()
            .ok()
            .map(|received| clean(key, received.body()));
        let late = tokio::time::Instant::now() >= call.deadline.at;
        let (attempt, answer) = wire::answer_of(outcome, key);
        let size = size + body.as_ref().map_or(0, Vec::len);
        let failed = answer.as_ref().err().map(ToString::to_string);
        let booked = self.book(call, attempt, answer, failed.clone(), size).await;
        let answer = match (booked, body, attempt.status) {
            (Err(refusal), _, _) => refusal.answer(provider),
            (Ok(()), Some(body), Some(status)) => Answer {
                status,
                headers: passed.unwrap_or_default(),
                body: AnswerBody::Whole(body),
            },
            (Ok(()), _, _) => {
                let why = if late { Why::Late } else { Why::Upstream };
                Refusal::new(why, failed.unwrap_or_default()).answer(provider)
            }
        };
        // Whoever is gone needs no answer.
        let _ = head.send(answer);
    }

    /// Books a call: puts its cost in the place of what was held, and keeps its record.
    pub(super) async fn book(
        &self,
        call: Admitted<'_>,
        attempt: Attempted,
        answer: Result<Value, ChatError>,
        error: Option<String>,
        size: usize,
    ) -> Result<(), Refusal> {
        let provider = call.upstream.provider();
        // Prices of tokens do not tell what it cost.
        let unpriced = answer.as_ref().is_ok_and(is_irregular);
        let tariff = if unpriced {
            Tariff::default()
        } else {
            call.tariff
        };
        let under_way = Call {
            provider: provider.as_str(),
            model: &call.asked.model,
            key: &call.upstream.key,
            tariff: &tariff,
            request: call.asked.body,
            begun: call.begun,
        };
        let CallResult { mut record, .. } = under_way.book(attempt, answer, |answer| Reading {
            // What the reply says is the agent's business.
            reply: Ok(ChatReply::default()),
            ..match provider {
                Provider::OpenAi => openai::read(answer),
                Provider::Anthropic => anthropic::read(answer),
            }
        });
        record.error = error.map(|error| self.hide_token(error));
        record.exchange = self.without_token(record.exchange);
        let settled = self.ledger.settle(call.held, record.charge()).await;
        self.tally.finish(record, size);
        settled.map_err(|error| {
            // The money stays held, so that no budget is overdrawn.
            tracing::error!(%error, "the cost of a foreign agent's call was not stored");
            let message = "The arena could not store what the call cost; its log says why.";
            Refusal::new(Why::Fault, message)
        })
    }

    /// A record without the token, in case the agent told it to its model.
    fn without_token(&self, exchange: Value) -> Value {
        let text = exchange.to_string();
        let hidden = self.hide_token(text.clone());
        if hidden == text {
            return exchange;
        }
        serde_json::from_str(&hidden).unwrap_or(Value::Null)
    }
}

fn is_stream(response: &reqwest::Response) -> bool {
    let kind = response.headers().get("content-type");
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    response.status().is_success()
        && kind
            .trim()
            .to_ascii_lowercase()
            .starts_with("text/event-stream")
}

fn passed_back(response: &reqwest::Response, upstream: &Upstream) -> Vec<(&'static str, String)> {
    let passed = PASSED_BACK.into_iter().filter_map(|name| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some((name, upstream.key.redact(value)))
    });
    passed.collect()
}
