//! What the submission page shows, made from the submission's rows and events.

use crate::domain::outcome::{Outcome, SubmissionStatus};
use crate::domain::submission::{Submission, SubmissionView};
use crate::domain::task::Limits;
use crate::domain::time::Timestamp;
use crate::domain::verdict::VerdictStatus;
use crate::web::ui::format::{self, Moment};
use crate::web::ui::outcome;
use crate::web::ui::replay::{Replay, Step};
use crate::web::ui::submission_rows;

/// Title, names and figures.
pub struct Head {
    /// Id.
    pub id: String,
    /// The same, short.
    pub short_id: String,
    /// The task's title.
    pub title: String,
    /// The task's key and revision.
    pub task: String,
    /// Its page.
    pub task_href: String,
    /// The agent's name and revision.
    pub agent: String,
    /// Its page.
    pub agent_href: String,
    /// The seed.
    pub seed: u32,
    /// Steps, time, tokens, cost: those that are known.
    pub figures: Vec<String>,
    /// When it was submitted.
    pub at: Moment,
    /// Whether it can be cancelled by who looks at it.
    pub can_cancel: bool,
    /// Whether it can be submitted again by who looks at it.
    pub can_repeat: bool,
}

/// The strip that answers first: how it stands, and why.
pub struct Strip {
    /// Outcome or status.
    pub state: &'static str,
    /// Score out of 1.
    pub score: Option<String>,
    /// One sentence.
    pub text: String,
}

/// A remark above the replay.
pub struct Notice {
    /// Outcome whose colours are borrowed.
    pub state: &'static str,
    /// What is so.
    pub heading: String,
    /// Why, and what to do.
    pub text: String,
}

/// Use of the limits while it runs.
pub struct LimitsView {
    /// Steps taken.
    pub steps: u32,
    /// Most steps.
    pub max_steps: u32,
    /// Time used.
    pub time_ms: u64,
    /// Most time.
    pub max_time_ms: u64,
}

impl LimitsView {
    /// Steps and time of a running episode.
    pub fn new(limits: Limits, replay: &Replay, now: Timestamp) -> Self {
        let used = replay.started_at.map_or(0, |start| now.ms_since(start));
        let done = replay
            .steps
            .iter()
            .filter(|step| step.result.is_some())
            .count();
        Self {
            steps: u32::try_from(done)
                .unwrap_or(limits.steps)
                .min(limits.steps),
            max_steps: limits.steps,
            time_ms: u64::try_from(used).unwrap_or(0).min(limits.time_ms),
            max_time_ms: limits.time_ms,
        }
    }

    /// Whether 80 % of the steps are used.
    pub fn steps_near(&self) -> bool {
        u64::from(self.steps) * 5 >= u64::from(self.max_steps) * 4
    }

    /// Whether 80 % of the time is used.
    pub fn time_near(&self) -> bool {
        self.time_ms * 5 >= self.max_time_ms * 4
    }

    /// Time used, in words.
    pub fn time_text(&self) -> String {
        format::duration_ms(i64::try_from(self.time_ms).unwrap_or(i64::MAX))
    }

    /// Most time, in words.
    pub fn max_time_text(&self) -> String {
        format::duration_ms(i64::try_from(self.max_time_ms).unwrap_or(i64::MAX))
    }
}

/// What stands in place of a replay that has no step.
pub struct Waiting {
    /// Icon.
    pub icon: &'static str,
    /// What is so.
    pub heading: &'static str,
    /// Why, and what comes next.
    pub text: String,
    /// What can be done.
    pub link: Option<WaitingLink>,
}

/// A way on.
pub struct WaitingLink {
    /// Address.
    pub href: &'static str,
    /// Words.
    pub label: &'static str,
}

/// Addresses within the page. Every one works without scripts.
pub struct Links {
    id: String,
    step: u32,
    steps: Vec<u32>,
    panel: &'static str,
    tree: &'static str,
}

impl Links {
    /// Addresses as seen from a step, a panel and a way to show the tree.
    pub fn new(
        id: String,
        step: u32,
        replay: &Replay,
        panel: &'static str,
        tree: &'static str,
    ) -> Self {
        let steps = replay.steps.iter().map(|step| step.number).collect();
        Self {
            id,
            step,
            steps,
            panel,
            tree,
        }
    }

    fn query(step: u32, panel: &str, tree: &str) -> String {
        let mut query = vec![format!("?step={step}")];
        if panel != "observation" {
            query.push(format!("panel={panel}"));
        }
        if tree != "changes" {
            query.push(format!("tree={tree}"));
        }
        query.join("&")
    }

    /// Another step, with the same panel.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates pass references"
    )]
    pub fn step(&self, number: &u32) -> String {
        Self::query(*number, self.panel, self.tree)
    }

    /// The step before.
    pub fn previous(&self) -> Option<String> {
        let before = self.steps.iter().rev().find(|number| **number < self.step);
        before.map(|number| self.step(number))
    }

    /// The step after.
    pub fn next(&self) -> Option<String> {
        let after = self.steps.iter().find(|number| **number > self.step);
        after.map(|number| self.step(number))
    }

    /// Another panel of the same step.
    pub fn panel(&self, panel: &str) -> String {
        Self::query(self.step, panel, self.tree)
    }

    /// Another way to show the tree.
    pub fn tree(&self, tree: &str) -> String {
        Self::query(self.step, "observation", tree)
    }

    /// The page that follows the newest step.
    pub fn follow(&self) -> String {
        format!("/submissions/{}", self.id)
    }

    /// An artifact of this submission.
    pub fn artifact(&self, hash: &str) -> String {
        format!("/submissions/{}/artifacts/{hash}", self.id)
    }
}

impl Head {
    /// The head of a submission's page. `own`: whether it is the viewer's, `may_cancel`: whether
    /// they may stop it.
    pub fn new(view: &SubmissionView, own: bool, may_cancel: bool, now: Timestamp) -> Self {
        let submission = &view.submission;
        Self {
            id: submission.id.to_string(),
            short_id: format::short_id(submission.id),
            title: view.task_title.clone(),
            task: format!("{} r{}", view.task_key, view.task_revision),
            task_href: format!("/tasks/{}", submission.task_id),
            agent: format!("{} r{}", view.agent_name, view.agent_revision),
            agent_href: format!("/agents/{}", submission.agent_id),
            seed: submission.seed,
            figures: figures(view),
            at: Moment::new(submission.started_at.unwrap_or(submission.created_at), now),
            can_cancel: may_cancel && !submission.status.is_final(),
            can_repeat: own && submission.status.is_final(),
        }
    }
}

fn figures(view: &SubmissionView) -> Vec<String> {
    let submission = &view.submission;
    let mut figures = Vec::new();
    if submission.attempts > 1 {
        figures.push(format!("attempt {}", submission.attempts));
    }
    if !submission.status.is_final() || submission.attempts == 0 {
        return figures;
    }
    figures.extend(submission.steps.map(|steps| format::counted(steps, "step")));
    let time = submission.duration_ms.and_then(|ms| i64::try_from(ms).ok());
    figures.extend(time.map(format::duration_ms));
    if submission.model_calls > 0 {
        let tokens = submission.input_tokens + submission.output_tokens;
        figures.push(format::counted(tokens, "token"));
    }
    let metered = view.agent_kind.is_foreign() && view.submission.cost_microusd.is_some();
    figures.extend(submission_rows::cost(view).map(|cost| {
        if metered {
            format!("{} through the arena", cost.text())
        } else {
            cost.text()
        }
    }));
    figures
}

impl Strip {
    /// The strip of a submission.
    pub fn new(submission: &Submission, replay: &Replay, now: Timestamp) -> Self {
        let state = outcome::word(submission.status, submission.outcome);
        let score = submission
            .score
            .map(|score| format!("{} of 1", format::score(score)));
        let text = match submission.status {
            SubmissionStatus::Queued if submission.attempts > 0 => {
                "The infrastructure failed. It is queued again and waits for a worker.".to_owned()
            }
            SubmissionStatus::Queued => {
                format!(
                    "Submitted {}. It waits for a free worker.",
                    format::relative(submission.created_at, now)
                )
            }
            SubmissionStatus::Running => running_words(replay),
            _ => ended_words(submission, replay),
        };
        Self { state, score, text }
    }
}

fn running_words(replay: &Replay) -> String {
    match replay.last_step() {
        None => "The browser opens the start page.".to_owned(),
        Some(step) => format!("step {}, {}", step.number, step.doing()),
    }
}

fn ended_words(submission: &Submission, replay: &Replay) -> String {
    let criteria = replay
        .verdict
        .as_ref()
        .map(|(verdict, _)| &verdict.criteria);
    let met = criteria
        .filter(|criteria| criteria.len() > 1)
        .map(|criteria| {
            let passed = criteria
                .iter()
                .filter(|item| item.status == VerdictStatus::Pass);
            format!("{} of {} criteria met.", passed.count(), criteria.len())
        });
    let reason = submission
        .reason
        .clone()
        .or_else(|| replay.end.as_ref().map(|end| end.reason.clone()));
    let reason = format::sentence(reason.as_deref().unwrap_or("No reason was recorded."));
    met.into_iter()
        .chain([reason])
        .collect::<Vec<_>>()
        .join(" ")
}

/// Remarks above the replay.
pub fn notices(
    submission: &Submission,
    replay: &Replay,
    attempts: &[(u32, Option<Outcome>, Option<String>)],
) -> Vec<Notice> {
    let mut notices = Vec::new();
    if replay.simulated || submission.playground == crate::domain::outcome::PlaygroundKind::Mock {
        notices.push(Notice {
            state: "cancelled",
            heading: "Simulated result.".to_owned(),
            text: "This submission ran on the mock playground. It is never ranked.".to_owned(),
        });
    }
    if submission.outcome == Some(Outcome::InfraError) {
        notices.push(Notice {
            state: "infra_error",
            heading: "This could not be scored.".to_owned(),
            text: "The infrastructure or the model provider failed, not the agent. It is in no \
                   success rate. Mend the cause that is named above, then submit again."
                .to_owned(),
        });
    }
    if let Some(kind) = submission.agent_error {
        let transcript = if submission.model_calls > 0 {
            " What its model was asked and what it replied stands in the panel Model of the last step."
        } else {
            ""
        };
        notices.push(Notice {
            state: "agent_error",
            heading: format!("Agent error: {kind}."),
            text: format!("{}{transcript}", format::sentence(kind.words())),
        });
    }
    let newest = replay.attempt;
    for (attempt, outcome, reason) in attempts.iter().filter(|(attempt, ..)| *attempt < newest) {
        let outcome = outcome.map_or("interrupted", Outcome::as_str);
        notices.push(Notice {
            state: "cancelled",
            heading: format!("Attempt {attempt} ended {outcome}."),
            text: reason
                .clone()
                .unwrap_or_else(|| "No reason was recorded.".to_owned()),
        });
    }
    notices
}

/// What stands in place of a replay without steps.
pub fn waiting(submission: &Submission, healthy: bool) -> Waiting {
    match submission.status {
        SubmissionStatus::Queued if !healthy => Waiting {
            icon: "infra_error",
            heading: "It waits for a healthy playground",
            text: "The submission is accepted and stays queued. It starts by itself when the browser works.".to_owned(),
            link: Some(WaitingLink { href: "/health-status", label: "See what to install" }),
        },
        SubmissionStatus::Queued => Waiting {
            icon: "queued",
            heading: "It waits for a free worker",
            text: "This page shows the first step as soon as there is one.".to_owned(),
            link: None,
        },
        SubmissionStatus::Running => Waiting {
            icon: "running",
            heading: "The start page is being opened",
            text: "This page shows the first step as soon as there is one.".to_owned(),
            link: None,
        },
        _ => Waiting {
            icon: outcome::glyph(outcome::word(submission.status, submission.outcome)),
            heading: "No step was taken",
            text: "It ended before its first step, so there is nothing to replay.".to_owned(),
            link: None,
        },
    }
}

/// When a step began, beside the whole.
pub fn at_words(step: &Step, replay: &Replay) -> String {
    let at = if step.at_ms < 1.0 {
        "the start".to_owned()
    } else {
        format::duration(step.at_ms)
    };
    match &replay.end {
        Some(end) => format!("at {at} of {}", format::duration(end.duration_ms)),
        None => format!("at {at}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_step_panel_and_tree() {
        let replay = Replay {
            steps: (1..=3)
                .map(|number| Step {
                    number,
                    ..Step::default()
                })
                .collect(),
            ..Replay::default()
        };
        let links = Links::new("id".to_owned(), 2, &replay, "events", "changes");
        assert_eq!(links.previous().as_deref(), Some("?step=1&panel=events"));
        assert_eq!(links.next().as_deref(), Some("?step=3&panel=events"));
        assert_eq!(links.tree("text"), "?step=2&tree=text");
    }
}
