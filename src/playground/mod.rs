//! Executes submissions: the episode loop (observe, decide, act, evaluate), its recorder, and
//! the hub that live views listen to. Knows no submission row, queue or leaderboard.

mod episode;
mod finish;
mod gather;
pub mod hub;
pub mod preamble;
mod prepare;
pub mod recorder;
mod stage;
mod steps;

use std::sync::Arc;

use async_trait::async_trait;

use crate::agents::{ModelCall, Policy};
use crate::domain::event::{ArtifactHash, EventBody};
use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::manifest::BrowserSetup;
use crate::domain::outcome::{AgentErrorKind, Outcome, PlaygroundKind};
use crate::domain::task::TaskSpec;
use crate::domain::verdict::Verdict;
use crate::jobs::{Cause, Interrupt};
use crate::playground::recorder::Recorder;

pub use prepare::{PlaceFacts, Prepared};
pub use stage::BrowserPlayground;

/// Executes submissions.
#[async_trait]
pub trait Playground: Send + Sync {
    /// Whether it is a real browser or a simulated page.
    fn kind(&self) -> PlaygroundKind;

    /// How it stands now.
    fn health(&self) -> PlaygroundHealth;

    /// Browser and driver, and what pages are told to be.
    fn setup(&self) -> BrowserSetup;

    /// Opens what an episode needs, which may happen while others run, and waits until it is
    /// this one's turn. What fails is told by [`Playground::run`].
    async fn prepare(&self, spec: &TaskSpec, interrupt: &Interrupt) -> Prepared;

    /// Runs one episode to its end. Faults of the infrastructure are outcomes, not errors. All
    /// events are recorded but [`Report::closing_events`].
    async fn run(&self, prepared: Prepared, assignment: Assignment, recorder: &Recorder) -> Report;
}

/// How a playground stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaygroundHealth {
    /// What kind it is.
    pub kind: PlaygroundKind,
    /// Whether episodes can run. While not, submissions wait.
    pub ok: bool,
    /// Product and version of browser and driver; empty when unknown.
    pub version: String,
    /// What is wrong and what to do; empty when nothing is.
    pub problem: String,
    /// Episodes that can run at once.
    pub capacity: usize,
    /// Episodes that hold a page now.
    pub in_use: usize,
}

/// One episode to run.
pub struct Assignment {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// Which try this is, from 1.
    pub attempt: u32,
    /// The task.
    pub spec: Arc<TaskSpec>,
    /// Feeds everything that is drawn at random.
    pub seed: u64,
    /// Who decides.
    pub policy: Box<dyn Policy>,
    /// Ends the episode early.
    pub interrupt: Interrupt,
}

/// How an episode went.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// Why, in one sentence.
    pub reason: String,
    /// What the agent did wrong, where the outcome is that it did.
    pub agent_error: Option<AgentErrorKind>,
    /// Score, 0 to 1; absent when the outcome is unscored.
    pub score: Option<f64>,
    /// What the evaluators said, and from what; absent when they could not be asked.
    pub evaluation: Option<Evaluation>,
    /// Steps taken.
    pub steps: u32,
    /// From the first observation to the end, in milliseconds.
    pub duration_ms: f64,
    /// Every model call with its step, failed ones included.
    pub calls: Vec<(u32, ModelCall)>,
    /// Whether the end cut off a decision of the agent: what that decision cost is unknown.
    pub decision_cut_off: bool,
    /// Whether a provider refuses the calls of the agent or of the judge for good, so that another
    /// attempt would end the same way.
    pub refused: bool,
    /// Whether the page died after the agent had acted on it, while the browser lived on.
    pub page_died: bool,
    /// Who ended the episode early; absent when nobody did.
    pub interrupted: Option<Cause>,
}

impl Report {
    /// An episode that failed before or around its steps, through no fault of the agent.
    pub fn infra_error(reason: impl Into<String>) -> Self {
        Self {
            outcome: Outcome::InfraError,
            reason: reason.into(),
            agent_error: None,
            score: None,
            evaluation: None,
            steps: 0,
            duration_ms: 0.0,
            calls: Vec::new(),
            decision_cut_off: false,
            refused: false,
            page_died: false,
            interrupted: None,
        }
    }

    /// The last events of the episode: the verdict, when there is one, and the end.
    pub fn closing_events(&self) -> Vec<EventBody> {
        let evaluated = self
            .evaluation
            .as_ref()
            .map(|evaluation| EventBody::Evaluated {
                verdict: evaluation.verdict.clone(),
                evidence: evaluation.evidence_hash.clone(),
                duration_ms: evaluation.duration_ms,
            });
        let ended = EventBody::EpisodeEnded {
            outcome: self.outcome,
            reason: self.reason.clone(),
            agent_error: self.agent_error,
            steps: self.steps,
            duration_ms: self.duration_ms,
        };
        evaluated.into_iter().chain([ended]).collect()
    }
}

/// What the evaluators said, and from what.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What they said.
    pub verdict: Verdict,
    /// What they looked at: an [`crate::domain::evidence::Evidence`] as a JSON artifact.
    pub evidence_hash: ArtifactHash,
    /// Time for evaluating, in milliseconds.
    pub duration_ms: f64,
    /// Every call to the model that judges, failed ones included.
    pub calls: Vec<ModelCall>,
    /// Whether that model's provider refuses them for good.
    pub judge_refused: bool,
}
