//! Submissions as rows of a table: dashboard, list, agent and task pages show the same.

use crate::domain::agent::AgentKind;
use crate::domain::outcome::PlaygroundKind;
use crate::domain::submission::SubmissionView;
use crate::domain::time::Timestamp;
use crate::web::ui::format::{self, Cost, Moment};
use crate::web::ui::outcome;

/// A table of submissions.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// For screen readers.
    pub caption: &'static str,
    /// The rows.
    pub rows: Vec<Row>,
}

/// One submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Address of its page.
    pub href: String,
    /// The task's title.
    pub title: String,
    /// The task's key.
    pub task: String,
    /// The agent with its revision.
    pub agent: String,
    /// Outcome or status.
    pub state: &'static str,
    /// Score, when it is scored.
    pub score: Option<String>,
    /// Why there is no score.
    pub no_score: &'static str,
    /// Steps, once it has ended.
    pub steps: Option<String>,
    /// Time, once it has ended.
    pub time: Option<String>,
    /// Cost, once it has ended.
    pub cost: Option<Cost>,
    /// What stands for what is not known yet.
    pub not_yet: &'static str,
    /// What small screens show in one line.
    pub small: String,
    /// When it was submitted.
    pub at: Moment,
    /// Whether it ran on a simulated page.
    pub simulated: bool,
}

impl Table {
    /// A table of `views`, as seen at `now`.
    pub fn new(caption: &'static str, views: &[SubmissionView], now: Timestamp) -> Self {
        Self {
            caption,
            rows: views.iter().map(|view| row(view, now)).collect(),
        }
    }
}

fn row(view: &SubmissionView, now: Timestamp) -> Row {
    let submission = &view.submission;
    let ended = submission.status.is_final();
    let ran = submission.attempts > 0;
    let at = Moment::new(submission.created_at, now);
    let steps = submission.steps.filter(|_| ran);
    let time = submission.duration_ms.filter(|_| ran).map(duration);
    let small = [
        steps.map(|steps| format::counted(steps, "step")),
        time.clone(),
        Some(at.relative.clone()),
    ];
    Row {
        href: format!("/submissions/{}", submission.id),
        title: view.task_title.clone(),
        task: view.task_key.clone(),
        agent: format!("{} r{}", view.agent_name, view.agent_revision),
        state: outcome::word(submission.status, submission.outcome),
        score: submission.score.map(format::score),
        no_score: if ended { "unscored" } else { "no result yet" },
        steps: steps.map(format::count),
        time,
        cost: cost(view),
        not_yet: match (ended, ran) {
            (true, false) => "not run",
            _ => "not yet",
        },
        small: small.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        at,
        simulated: submission.playground == PlaygroundKind::Mock,
    }
}

fn duration(ms: u64) -> String {
    format::duration_ms(i64::try_from(ms).unwrap_or(i64::MAX))
}

/// What a submission that has run cost; none when there is nothing to say. Only built-in agents are
/// known to cost nothing where no cost is booked: others' calls may go elsewhere, or were under way
/// when the submission was cancelled.
pub fn cost(view: &SubmissionView) -> Option<Cost> {
    let submission = &view.submission;
    let free = view.agent_kind == AgentKind::Builtin && submission.model_calls == 0;
    let known = submission.cost_microusd.or(free.then_some(0));
    (submission.status.is_final() && submission.attempts > 0).then(|| Cost::exact(known))
}
