//! The steps of an episode: observe, take the picture while the agent thinks, act, repeat. Each
//! phase is timed apart and recorded as it happens.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tracing::Instrument;

use crate::agents::{self, AgentFault, Decision, ModelCall, PastStep, Policy, Turn};
use crate::browser::{ActionResult, BrowserError, Page, Picture, Violation, draw_marks};
use crate::domain::action::Action;
use crate::domain::event::EventBody;
use crate::domain::evidence::Ending;
use crate::domain::observation::Observation;
use crate::domain::task::Limits;
use crate::environments::Place;
use crate::llm::picture::take_out;
use crate::playground::finish::Finish;
use crate::playground::recorder::Recorder;

/// What the steps work with.
pub(super) struct Steps<'a> {
    pub(super) recorder: &'a Recorder,
    pub(super) page: &'a mut dyn Page,
    pub(super) place: &'a mut dyn Place,
    pub(super) policy: &'a mut dyn Policy,
    pub(super) limits: Limits,
    pub(super) preamble: &'a str,
    pub(super) goal: &'a str,
    pub(super) fields: &'a [(String, String)],
    pub(super) trace: &'a mut Trace,
}

/// What is known of the steps so far, also when they are cut off in the middle.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Steps begun.
    pub(super) steps: u32,
    /// Steps that are over.
    pub(super) history: Vec<PastStep>,
    /// Every model call with its step.
    pub(super) calls: Vec<(u32, ModelCall)>,
    /// Address of the active tab, as last seen.
    pub(super) final_url: Option<String>,
    /// Whether the agent is deciding right now.
    pub(super) deciding: bool,
    /// Whether the agent has acted on the page.
    pub(super) acted: bool,
}

impl Steps<'_> {
    /// Takes steps until the episode ends.
    pub(super) async fn run(&mut self) -> Finish {
        for step in 1..=self.limits.steps {
            self.trace.steps = step;
            let span = tracing::debug_span!("step", step.n = step);
            if let Err(finish) = self.step(step).instrument(span).await {
                return finish;
            }
        }
        Finish::StepLimit
    }

    /// Takes one step; an error is the end of the episode.
    async fn step(&mut self, step: u32) -> Result<(), Finish> {
        // The browser draws while the page is read.
        let picture = self.page.screenshot().await?;
        let started = Instant::now();
        let observation = self.page.observe().await?;
        let observe_ms = elapsed_ms(started);
        self.trace.final_url = Some(observation.url.clone());

        let decision = self.decide(step, &observation, observe_ms, picture).await?;
        match decision.action {
            Action::SendMsgToUser { text } => Err(self.end(step, Ending::Answer(text))),
            Action::ReportInfeasible { reason } => Err(self.end(step, Ending::Infeasible(reason))),
            _ => self.act(step, observation.url, decision).await,
        }
    }

    /// Records what the page looks like and asks the agent. The picture is finished while the
    /// agent thinks, unless it wants to see it.
    async fn decide(
        &mut self,
        step: u32,
        observation: &Observation,
        observe_ms: f64,
        picture: Picture,
    ) -> Result<Decision, Finish> {
        let seen = Seen {
            recorder: self.recorder,
            step,
            observation,
            observe_ms,
        };
        let mut turn = Turn {
            step,
            max_steps: self.limits.steps,
            preamble: self.preamble,
            goal: self.goal,
            fields: self.fields,
            observation,
            screenshot: None,
            history: &self.trace.history,
        };
        self.trace.deciding = true;
        let marked;
        let (shown, (decided, decide_ms)) = if self.policy.wants_screenshot() {
            let picture = picture.await?;
            seen.record(&picture);
            marked = if self.policy.wants_marks() {
                mark(picture, observation).await?
            } else {
                picture
            };
            turn.screenshot = Some(&marked);
            (Ok(()), timed(self.policy.decide(turn)).await)
        } else {
            let show = async {
                seen.record(&picture.await?);
                Ok::<_, BrowserError>(())
            };
            tokio::join!(show, timed(self.policy.decide(turn)))
        };
        self.trace.deciding = false;
        let calls = match &decided {
            Ok(decision) => &decision.calls,
            Err(fault) => fault.calls(),
        };
        record_calls(self.recorder, self.trace, step, calls.to_vec());
        shown?;
        let decision = decided?;
        self.record_decision(step, observation, &decision, decide_ms);
        Ok(decision)
    }

    fn record_decision(
        &self,
        step: u32,
        observation: &Observation,
        decision: &Decision,
        duration_ms: f64,
    ) {
        let node = decision
            .action
            .target()
            .and_then(|bid| observation.node(bid));
        self.recorder.record(EventBody::Decided {
            step,
            action: decision.action.to_string(),
            target: node.map(|node| format!("{} {:?}", node.role, node.name)),
            target_bbox: node.and_then(|node| node.bbox),
            reasoning: decision.reasoning.clone(),
            duration_ms,
        });
    }

    fn end(&self, step: u32, ending: Ending) -> Finish {
        let by_agent = |how: &str, message: &str| EventBody::AgentEnded {
            step,
            how: how.to_owned(),
            message: message.to_owned(),
        };
        self.recorder.record(match &ending {
            Ending::Answer(message) => by_agent("answer", message),
            Ending::Infeasible(message) => by_agent("infeasible", message),
            Ending::Place(message) => EventBody::PlaceEnded {
                step,
                message: message.clone(),
            },
        });
        Finish::Ended(ending)
    }

    async fn act(&mut self, step: u32, url: String, decision: Decision) -> Result<(), Finish> {
        self.trace.acted = true;
        let result = self.page.act(&decision.action).await?;
        self.trace.final_url = Some(result.url.clone());
        let over = self.place.after_action(self.page, &result).await?;
        self.record_result(step, &result);
        let mut violations = result.violations;
        violations.extend(self.place.violations());
        self.trace.history.push(PastStep {
            url,
            action: decision.action,
            reasoning: decision.reasoning,
            ok: result.ok,
            message: result.message,
        });
        record_violations(self.recorder, step, violations)?;
        match over {
            Some(reason) => Err(self.end(step, Ending::Place(reason))),
            None => Ok(()),
        }
    }

    fn record_result(&self, step: u32, result: &ActionResult) {
        self.recorder.record(EventBody::Acted {
            step,
            ok: result.ok,
            message: result.message.clone(),
            act_ms: result.act_ms,
            settle_ms: result.settle_ms,
            url: result.url.clone(),
        });
        for dialog in &result.dialogs {
            self.recorder.record(EventBody::DialogAnswered {
                step,
                kind: dialog.kind.clone(),
                message: dialog.message.clone(),
                accepted: dialog.accepted,
            });
        }
        for note in notes(step, result) {
            self.recorder.record(note);
        }
    }
}

/// Records calls to models. Only the first keeps its exchange at hand, for the manifest; the others'
/// are in the record.
pub(super) fn record_calls(
    recorder: &Recorder,
    trace: &mut Trace,
    step: u32,
    calls: Vec<ModelCall>,
) {
    for mut call in calls {
        // Kept once, beside the exchanges, of which each step may have several.
        let mut shown = None;
        take_out(&mut call.exchange, &mut |png| {
            let hash = recorder.attach("image/png", png);
            shown = Some(hash.clone());
            hash
        });
        let exchange = recorder.attach_json(&call.exchange);
        let mut event = agents::call_event(step, &call, Some(exchange));
        if let EventBody::ModelCalled { picture, .. } = &mut event {
            *picture = shown;
        }
        recorder.record(event);
        if !trace.calls.is_empty() {
            call.exchange = Value::Null;
        }
        trace.calls.push((step, call));
    }
}

/// What the page did besides: downloads and requests that were refused, scripts that hung.
fn notes(step: u32, result: &ActionResult) -> Vec<EventBody> {
    let note = |message: &str, details| EventBody::Noted {
        message: message.to_owned(),
        details,
    };
    let mut notes = Vec::new();
    for download in &result.downloads {
        notes.push(note(
            "the page began a download, which was refused",
            json!({"step": step, "url": download.url, "file": download.file}),
        ));
    }
    if !result.blocked.is_empty() {
        notes.push(note(
            "the page asked for addresses that are not part of the task; they were blocked",
            json!({"step": step, "urls": result.blocked}),
        ));
    }
    if result.hangs > 0 {
        notes.push(note(
            "a script of the page ran for too long and was stopped",
            json!({"step": step, "times": result.hangs}),
        ));
    }
    notes
}

/// Records attempts at what the arena forbids. The first one ends the episode: the outcome is
/// decided by it, further steps would only cost time and money.
pub(super) fn record_violations(
    recorder: &Recorder,
    step: u32,
    violations: Vec<Violation>,
) -> Result<(), Finish> {
    let first = violations.first().cloned();
    for Violation { rule, detail } in violations {
        recorder.record(EventBody::PolicyViolated { step, rule, detail });
    }
    first.map_or(Ok(()), |violation| Err(Finish::Violation(violation)))
}

/// The picture with marks. Decoding and encoding take tens of milliseconds, so that they are done
/// where nothing else waits.
async fn mark(picture: Vec<u8>, observation: &Observation) -> Result<Vec<u8>, Finish> {
    let observation = observation.clone();
    let drawn = tokio::task::spawn_blocking(move || draw_marks(&picture, &observation)).await;
    let failed = |error: String| Finish::Infra(format!("the page could not be marked: {error}"));
    drawn
        .map_err(|error| failed(error.to_string()))?
        .map_err(|error| failed(error.to_string()))
}

/// A page that was read, ready to be recorded as soon as its picture is there.
struct Seen<'a> {
    recorder: &'a Recorder,
    step: u32,
    observation: &'a Observation,
    observe_ms: f64,
}

impl Seen<'_> {
    fn record(&self, picture: &[u8]) {
        let observation = self.observation;
        let elements = observation
            .nodes
            .iter()
            .filter(|node| node.bid.is_some())
            .count();
        self.recorder.record(EventBody::Observed {
            step: self.step,
            url: observation.url.clone(),
            title: observation.title.clone(),
            tabs: count(observation.tabs.len()),
            observation: self.recorder.attach_json(observation),
            screenshot: Some(self.recorder.attach("image/png", picture.to_vec())),
            elements: count(elements),
            duration_ms: self.observe_ms,
        });
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

async fn timed<F>(decide: F) -> (Result<Decision, AgentFault>, f64)
where
    F: Future<Output = Result<Decision, AgentFault>>,
{
    let started = Instant::now();
    let decided = decide.await;
    (decided, elapsed_ms(started))
}

/// Milliseconds since `started`, to the microsecond, which reads back from JSON as the same
/// number.
pub(super) fn elapsed_ms(started: Instant) -> f64 {
    to_ms(started.elapsed())
}

/// A duration in milliseconds, to the microsecond.
pub(super) fn to_ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
