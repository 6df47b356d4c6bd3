//! What evaluators need beyond what the place itself saw: looks at pages after the end, and what a
//! model says when it is asked. Gathered once and kept as evidence, so that a stored result can be
//! computed again without page or model.

use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;

use crate::browser::{Browser, BrowserError, Page};
use crate::domain::action::webarena::EarlyStop;
use crate::domain::event::EventBody;
use crate::domain::evidence::{Ending, Evidence, Lookup};
use crate::domain::task::TaskSpec;
use crate::domain::webarena::Helper;
use crate::environments::Place;
use crate::evaluators::live::{Helpers, LivePage, REFERENCE_WAIT};
use crate::evaluators::{judge, lookup, next_question};
use crate::llm::{ChatModel, ModelCall};
use crate::playground::finish::Finish;
use crate::playground::recorder::Recorder;

/// Most questions to a model about one episode; no task has nearly as many.
const MOST_QUESTIONS: usize = 50;

/// Helpers that ask the place.
struct OfPlace<'a>(&'a mut dyn Place);

#[async_trait]
impl Helpers for OfPlace<'_> {
    async fn help(&mut self, helper: &Helper) -> Result<String, String> {
        self.0.help(helper).await.map_err(|error| error.to_string())
    }
}

/// How an episode ended, by the rules of the task: where a reference benchmark is followed, one
/// that has used all its steps ends with the answer that the reference gives it, and is scored.
pub(super) fn ending_by_rules(finish: Finish, spec: &TaskSpec) -> Finish {
    if finish != Finish::StepLimit || !spec.follows_reference() {
        return finish;
    }
    let reason = EarlyStop::Steps(spec.limits.steps as usize);
    Finish::Ended(Ending::Answer(format!("Early stop: {reason}")))
}

/// Looks at what must be looked at from the page that the agent left.
pub(super) async fn look_from_page(
    spec: &TaskSpec,
    place: &mut dyn Place,
    page: &mut dyn Page,
) -> Vec<Lookup> {
    if !lookup::needs_page(spec) {
        return Vec::new();
    }
    let mut evidence = Evidence::default();
    let mut helpers = OfPlace(place);
    let mut live = LivePage::new(page, &mut helpers, REFERENCE_WAIT);
    lookup::gather(spec, &mut evidence, &mut live).await;
    evidence.lookups
}

/// Looks at what must be looked at in a session of its own.
pub(super) async fn look_afresh(
    spec: &TaskSpec,
    evidence: &mut Evidence,
    place: &mut dyn Place,
    browser: &dyn Browser,
) -> Result<(), BrowserError> {
    if !lookup::needs_fresh_page(spec) {
        return Ok(());
    }
    let mut page = browser
        .open(place.policy(), spec.environment.viewport())
        .await?;
    let entered = place.enter_again(page.as_mut()).await;
    if let Err(error) = entered {
        page.close().await?;
        return Err(BrowserError::Protocol(error.to_string()));
    }
    let origin = origin_of(place.start_url());
    let mut helpers = OfPlace(place);
    let mut live = LivePage::new(page.as_mut(), &mut helpers, Duration::ZERO).at(origin);
    lookup::gather_fresh(spec, evidence, &mut live).await;
    page.close().await
}

/// Scheme, host and port of an address; empty when it is none.
pub(super) fn origin_of(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}

/// The calls to the model that judges.
#[derive(Default)]
pub(super) struct Hearing {
    pub(super) calls: Vec<ModelCall>,
    /// Whether its provider refuses them for good.
    pub(super) refused: bool,
}

/// Asks a model everything that must be asked. Without a model nothing is asked, and the verdict
/// says so.
pub(super) async fn ask_model(
    spec: &TaskSpec,
    evidence: &mut Evidence,
    model: Option<&dyn ChatModel>,
    recorder: &Recorder,
) -> Hearing {
    let mut hearing = Hearing::default();
    let Some(model) = model else { return hearing };
    for _ in 0..MOST_QUESTIONS {
        let Some(question) = next_question(spec, evidence) else {
            break;
        };
        let opinion = judge::ask(model, question.evaluator, question.asked).await;
        let call = opinion.call;
        recorder.record(EventBody::Noted {
            message: "a model was asked to judge the result".to_owned(),
            details: json!({
                "provider": call.provider, "model": call.model, "error": call.error,
                "usage": call.usage, "durationMs": call.duration_ms,
                "exchange": recorder.attach_json(&call.exchange),
            }),
        });
        evidence.judgements.push(opinion.judgement);
        hearing.refused |= opinion.refused;
        hearing.calls.push(call);
    }
    hearing
}
