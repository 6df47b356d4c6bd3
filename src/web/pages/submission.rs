//! A submission: live while it runs, replayed afterwards, from the same events by the same
//! templates. Step, panel and tree are addresses, so the page works without scripts.

use askama::Template;
use serde_json::Value;

use crate::domain::event::Event;
use crate::domain::evidence::Evidence;
use crate::domain::observation::Observation;
use crate::domain::outcome::Outcome;
use crate::domain::submission::SubmissionView;
use crate::domain::task::Limits;
use crate::domain::time::Timestamp;
use crate::web::pages::submission_view::{
    CallView, EventLine, Head, LimitsView, Links, Notice, Strip, TreeView, VerdictView, Waiting,
    at_words, event_lines, notices, waiting,
};
use crate::web::ui::replay::{Replay, Step};
use crate::web::ui::shell::Shell;
use crate::web::ui::stage::Mark;
use crate::web::ui::state_diff::StateDiff;
use crate::web::ui::track::{self, Phase, Track};

#[derive(Template)]
#[template(path = "pages/submission.html")]
pub(super) struct SubmissionPage {
    shell: Shell,
    head: Head,
    strip: Strip,
    notices: Vec<Notice>,
    live: bool,
    following: bool,
    socket: String,
    replay: Replay,
    limits: Option<LimitsView>,
    step: Option<Step>,
    track: Track,
    step_track: Track,
    phases: Vec<Phase>,
    mark: Option<Mark>,
    at: String,
    links: Links,
    panel: &'static str,
    tree: TreeView,
    calls: Vec<CallView>,
    events: Vec<EventLine>,
    waiting: Waiting,
    verdict: Option<VerdictView>,
    diff: Option<StateDiff>,
}

/// What the address chooses.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// The step; none: the newest.
    pub step: Option<u32>,
    /// `observation`, `model` or `events`.
    pub panel: &'static str,
    /// `changes`, `all` or `text`.
    pub tree: &'static str,
}

/// Everything that was read for the page.
pub struct Read {
    /// The submission with names.
    pub view: SubmissionView,
    /// Whether it is the viewer's own.
    pub own: bool,
    /// Whether the viewer may stop it.
    pub may_cancel: bool,
    /// Attempts with how each ended.
    pub attempts: Vec<(u32, Option<Outcome>, Option<String>)>,
    /// Every event.
    pub events: Vec<Event>,
    /// The task's limits.
    pub limits: Limits,
    /// Whether the playground is healthy.
    pub healthy: bool,
    /// The present.
    pub now: Timestamp,
}

/// Artifacts of the chosen step.
#[derive(Default)]
pub struct Stored {
    /// What the agent saw.
    pub observation: Option<Observation>,
    /// What it saw in the step before.
    pub before: Option<Observation>,
    /// Exchanges with models, one for each call.
    pub exchanges: Vec<Option<Value>>,
    /// What the evaluators looked at.
    pub evidence: Option<Evidence>,
}

pub(super) fn assemble(shell: Shell, read: Read, replay: Replay, choice: Choice, stored: Stored) -> SubmissionPage {
    let submission = &read.view.submission;
    let live = !submission.status.is_final();
    let chosen = chosen_step(&replay, choice.step).cloned();
    let number = chosen.as_ref().map_or(0, |step| step.number);
    let verdict = replay.verdict.clone();
    let diff = verdict.as_ref().and_then(|(verdict, _)| StateDiff::of(verdict, stored.evidence.as_ref()));
    let step = chosen.unwrap_or_default();
    let shown = (number > 0).then(|| step.clone());
    SubmissionPage {
        shell,
        head: Head::new(&read.view, read.own, read.may_cancel, read.now),
        strip: Strip::new(submission, &replay, read.now),
        notices: notices(submission, &replay, &read.attempts),
        live,
        following: choice.step.is_none(),
        socket: format!("/live/submissions/{}", submission.id),
        limits: (live && number > 0).then(|| LimitsView::new(read.limits, &replay, read.now)),
        track: Track::of(&replay, number),
        step_track: Track::of_step(&step),
        phases: track::words(&step),
        mark: step.screenshot.as_ref().and_then(|_| Mark::of(&step)),
        at: at_words(&step, &replay),
        links: Links::new(submission.id.to_string(), number, &replay, choice.panel, choice.tree),
        panel: choice.panel,
        tree: TreeView::new(choice.tree, stored.observation.as_ref(), stored.before.as_ref(), step.bid()),
        calls: step.calls.iter().cloned().zip(stored.exchanges.iter()).map(|(call, exchange)| CallView::new(call, exchange.as_ref())).collect(),
        events: event_lines(&read.events),
        waiting: waiting(submission, read.healthy),
        verdict: verdict.map(|(verdict, evidence)| VerdictView::new(&verdict, &evidence)),
        diff,
        step: shown,
        replay,
    }
}

/// The step that the address names, else the newest.
fn chosen_step(replay: &Replay, wanted: Option<u32>) -> Option<&Step> {
    wanted.and_then(|number| replay.step(number)).or_else(|| replay.last_step())
}
