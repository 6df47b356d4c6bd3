//! An episode as its pages show it, built from its events alone: the live view and the replay
//! are the same picture of the same log.

use crate::domain::event::{Event, EventBody, Usage};
use crate::domain::outcome::{Outcome, PlaygroundKind};
use crate::domain::time::Timestamp;
use crate::domain::verdict::Verdict;
use crate::web::ui::format::{self, Cost};
use crate::web::ui::model_call::{Call, kinds_in_words};

/// One episode, step by step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Replay {
    /// Which try of the submission this episode is, from 1.
    pub attempt: u32,
    /// Browser and driver, as the episode began with them.
    pub browser: String,
    /// What the agent was told.
    pub goal: String,
    /// Whether the page was simulated.
    pub simulated: bool,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// The steps.
    pub steps: Vec<Step>,
    /// Tokens and money of all model calls.
    pub usage: Usage,
    /// Number of model calls.
    pub calls: u64,
    /// What the evaluators said, and where what they looked at is kept.
    pub verdict: Option<(Verdict, String)>,
    /// How it ended.
    pub end: Option<End>,
    /// Number of the last event.
    pub last_seq: u32,
}

/// How an episode ended.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// The outcome.
    pub outcome: Outcome,
    /// Why, in one sentence.
    pub reason: String,
    /// From the first observation to the end.
    pub duration_ms: f64,
}

/// One step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// Counts from 1.
    pub number: u32,
    /// Address before the action.
    pub url: String,
    /// Title before the action.
    pub title: String,
    /// Number of tabs.
    pub tabs: u32,
    /// Number of interactive elements.
    pub elements: u32,
    /// Where the observation is kept.
    pub observation: Option<String>,
    /// Where the picture is kept.
    pub screenshot: Option<String>,
    /// The action in canonical form.
    pub action: Option<String>,
    /// What it acts on, in words.
    pub target: Option<String>,
    /// The target's left, top, width, height.
    pub target_bbox: Option<[f64; 4]>,
    /// The agent's own words.
    pub reasoning: Option<String>,
    /// What came of the action.
    pub result: Option<StepResult>,
    /// Model calls, in order.
    pub calls: Vec<Call>,
    /// What a reader should see in the step list.
    pub flags: Vec<Flag>,
    /// Time per phase, as far as it is known.
    pub times: Times,
    /// Since the episode's first event, in milliseconds, when the step began.
    pub at_ms: f64,
}

/// What came of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepResult {
    /// Whether it was carried out.
    pub ok: bool,
    /// What the agent is told.
    pub message: String,
}

/// A remark at a step, with the outcome whose colour and glyph it borrows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Outcome.
    pub outcome: &'static str,
    /// In a few words.
    pub text: String,
}

/// Time per phase in milliseconds; absent when the phase has not ended.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Times {
    /// Reading the page.
    pub observe: Option<f64>,
    /// Deciding.
    pub decide: Option<f64>,
    /// Acting.
    pub act: Option<f64>,
    /// Until the page was quiet.
    pub settle: Option<f64>,
}

impl Times {
    /// All phases together.
    pub fn total(&self) -> f64 {
        [self.observe, self.decide, self.act, self.settle]
            .into_iter()
            .flatten()
            .sum()
    }
}

impl Step {
    /// Name of the action alone, e.g. `click`.
    pub fn verb(&self) -> &str {
        let action = self.action.as_deref().unwrap_or_default();
        action.split('(').next().unwrap_or_default()
    }

    /// The action in one word, for the filmstrip.
    pub fn caption(&self) -> &str {
        match self.verb() {
            "send_msg_to_user" => "message",
            "report_infeasible" => "infeasible",
            verb => verb,
        }
    }

    /// What the step list says below the action.
    pub fn on(&self) -> String {
        match (&self.target, &self.action) {
            (Some(target), _) => target.clone(),
            (None, Some(action)) => action
                .split_once('(')
                .map(|(_, rest)| rest.trim_end_matches(')').to_owned())
                .filter(|arguments| !arguments.is_empty())
                .unwrap_or_else(|| "no target".to_owned()),
            (None, None) => String::new(),
        }
    }

    /// The target's id within the page, from the action's first argument.
    pub fn bid(&self) -> Option<&str> {
        let (_, arguments) = self.action.as_deref()?.split_once('(')?;
        let bid = arguments.strip_prefix('\'')?.split('\'').next()?;
        self.target_bbox.map(|_| bid)
    }

    /// The worst flag's outcome, for the filmstrip.
    pub fn flag(&self) -> Option<&Flag> {
        self.flags.last()
    }

    /// All phases together, in words.
    pub fn duration(&self) -> String {
        format::duration(self.times.total())
    }

    /// What is being done while the step is not over.
    pub fn doing(&self) -> &'static str {
        if self.action.is_none() {
            "deciding"
        } else if self.result.is_none() {
            "acting"
        } else {
            "observing"
        }
    }

    /// Tokens of all calls of the step, both ways.
    pub fn usage(&self) -> Usage {
        self.calls
            .iter()
            .fold(Usage::NOTHING, |sum, call| sum.plus(&call.counted()))
    }

    /// Time, tokens and cost, as far as there are any.
    pub fn figures(&self) -> String {
        let time = self.duration();
        if self.calls.is_empty() {
            return time;
        }
        let usage = self.usage();
        let cost = Cost::exact(usage.cost_microusd).text();
        let calls = format::counted(self.calls.len(), "call");
        format!("{time} · {calls} · {} · {cost}", kinds_in_words(&usage))
    }

    /// The agent waits for its model.
    pub fn is_pending(&self) -> bool {
        self.action.is_none()
    }
}

impl Replay {
    /// The newest episode of a submission, from the submission's events in order.
    pub fn newest(events: &[Event]) -> Self {
        let Some(newest) = events.last().map(|event| event.episode_id) else {
            return Self::default();
        };
        let mut replay = Self {
            usage: Usage::NOTHING,
            ..Self::default()
        };
        for event in events.iter().filter(|event| event.episode_id == newest) {
            replay.take(event);
        }
        replay
    }

    /// The step with this number.
    pub fn step(&self, number: u32) -> Option<&Step> {
        self.steps.iter().find(|step| step.number == number)
    }

    /// The newest step.
    pub fn last_step(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// What all model calls cost.
    pub fn cost(&self) -> Cost {
        Cost::exact(self.usage.cost_microusd)
    }

    fn step_mut(&mut self, number: u32, at: Timestamp) -> &mut Step {
        if self.steps.last().is_none_or(|step| step.number != number) {
            self.steps.push(Step {
                number,
                at_ms: self.since_start(at),
                ..Step::default()
            });
        }
        let last = self.steps.len() - 1;
        &mut self.steps[last]
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "episodes last far less than 2^52 ms"
    )]
    fn since_start(&self, at: Timestamp) -> f64 {
        self.started_at
            .map_or(0.0, |start| at.ms_since(start) as f64)
    }

    fn take(&mut self, event: &Event) {
        self.last_seq = event.seq;
        match &event.body {
            EventBody::EpisodeStarted {
                attempt,
                playground,
                browser,
                goal,
                ..
            } => {
                self.attempt = *attempt;
                self.browser.clone_from(browser);
                self.goal.clone_from(goal);
                self.simulated = *playground == PlaygroundKind::Mock;
                self.started_at = Some(event.at);
            }
            EventBody::Evaluated {
                verdict, evidence, ..
            } => {
                self.verdict = Some((verdict.clone(), evidence.clone()));
            }
            EventBody::EpisodeEnded {
                outcome,
                reason,
                duration_ms,
                ..
            } => {
                self.end = Some(End {
                    outcome: *outcome,
                    reason: reason.clone(),
                    duration_ms: *duration_ms,
                });
            }
            EventBody::Noted { .. } => {}
            body => self.take_step_event(body, event.at),
        }
    }

    fn take_step_event(&mut self, body: &EventBody, at: Timestamp) {
        match body {
            EventBody::Observed {
                step,
                url,
                title,
                tabs,
                observation,
                screenshot,
                elements,
                duration_ms,
            } => {
                let view = self.step_mut(*step, at);
                view.url.clone_from(url);
                view.title.clone_from(title);
                view.tabs = *tabs;
                view.elements = *elements;
                view.observation = Some(observation.clone());
                view.screenshot.clone_from(screenshot);
                view.times.observe = Some(*duration_ms);
            }
            EventBody::ModelCalled {
                step, duration_ms, ..
            } => {
                if let Some(call) = Call::of_event(body) {
                    self.usage = self.usage.plus(&call.counted());
                    self.calls += 1;
                    let view = self.step_mut(*step, at);
                    view.calls.push(call);
                    // Of a step that never came to its decision, this is what it took.
                    if view.action.is_none() {
                        *view.times.decide.get_or_insert(0.0) += duration_ms;
                    }
                }
            }
            EventBody::Decided {
                step,
                action,
                target,
                target_bbox,
                reasoning,
                duration_ms,
            } => {
                let view = self.step_mut(*step, at);
                view.action = Some(action.clone());
                view.target.clone_from(target);
                view.target_bbox = *target_bbox;
                view.reasoning.clone_from(reasoning);
                view.times.decide = Some(*duration_ms);
            }
            EventBody::Acted {
                step,
                ok,
                message,
                act_ms,
                settle_ms,
                ..
            } => {
                let view = self.step_mut(*step, at);
                view.result = Some(StepResult {
                    ok: *ok,
                    message: message.clone(),
                });
                view.times.act = Some(*act_ms);
                view.times.settle = Some(*settle_ms);
                if !ok {
                    view.flags.push(flag("agent_error", message));
                }
            }
            body => self.take_remark(body, at),
        }
    }

    /// What a reader should see in the step list although it is no phase of the step.
    fn take_remark(&mut self, body: &EventBody, at: Timestamp) {
        let (step, remark) = match body {
            EventBody::PolicyViolated { step, rule, detail } => {
                let text = format!("{rule}: {detail}");
                (*step, flag("policy_violation", &text))
            }
            EventBody::DialogAnswered {
                step,
                kind,
                message,
                ..
            } => {
                let text = format!("{kind}: {message}");
                (*step, flag("cancelled", &text))
            }
            EventBody::AgentEnded { step, how, .. } if how == "infeasible" => {
                (*step, flag("cancelled", "reported as infeasible"))
            }
            _ => return,
        };
        self.step_mut(step, at).flags.push(remark);
    }
}

fn flag(outcome: &'static str, text: &str) -> Flag {
    Flag {
        outcome,
        text: format::shortened(text, 90),
    }
}

#[cfg(test)]
#[path = "replay_tests.rs"]
mod tests;
