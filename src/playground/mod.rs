//! Executes submissions: the episode loop (observe, decide, act, evaluate), its recorder, and
//! the hub that live views listen to. Knows no submission row, queue or leaderboard.

pub mod hub;

use std::sync::Arc;

use async_trait::async_trait;

use crate::agents::{ModelCall, Policy};
use crate::domain::evidence::Evidence;
use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::outcome::{Outcome, PlaygroundKind};
use crate::domain::task::TaskSpec;
use crate::domain::verdict::Verdict;
use crate::jobs::Interrupt;

/// Executes submissions.
#[async_trait]
pub trait Playground: Send + Sync {
    /// Whether it is a real browser or a simulated page.
    fn kind(&self) -> PlaygroundKind;

    /// How it stands now.
    fn health(&self) -> PlaygroundHealth;
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
}

/// What the evaluators said, and from what.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// What they said.
    pub verdict: Verdict,
    /// What they looked at.
    pub evidence: Evidence,
    /// Time for evaluating, in milliseconds.
    pub duration_ms: f64,
}
