//! Submissions and events as the API and the live view show them.

use serde::Serialize;

use crate::arena::submissions::SubmissionDetail;
use crate::domain::agent::AgentKind;
use crate::domain::event::{Event, EventBody};
use crate::domain::outcome::{AgentErrorKind, Outcome, PlaygroundKind, SubmissionStatus};
use crate::domain::submission::{Episode, SubmissionView};
use crate::domain::task::Difficulty;
use crate::domain::time::Timestamp;
use crate::domain::verdict::Verdict;
use crate::web::api::envelope::Resource;

/// A submission in a list.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubmissionAttributes {
    status: SubmissionStatus,
    outcome: Option<Outcome>,
    agent_error: Option<AgentErrorKind>,
    score: Option<f64>,
    scored: bool,
    reason: Option<String>,
    seed: u32,
    playground: PlaygroundKind,
    simulated: bool,
    username: String,
    agent_name: String,
    agent_kind: AgentKind,
    agent_revision: u32,
    task_key: String,
    task_revision: u32,
    task_title: String,
    difficulty: Difficulty,
    suite: String,
    suite_version: String,
    steps: Option<u32>,
    duration_ms: Option<u64>,
    input_tokens: u64,
    output_tokens: u64,
    model_calls: u32,
    cost_microusd: Option<u64>,
    cost_scope: Option<&'static str>,
    call_budget_microusd: Option<u64>,
    episode_budget_microusd: Option<u64>,
    submission_budget_microusd: Option<u64>,
    attempts: u32,
    created_at: String,
    started_at: Option<String>,
    ended_at: Option<String>,
}

/// A submission as a resource.
pub fn resource_of(view: SubmissionView) -> Resource<SubmissionAttributes> {
    with(view, |attributes| attributes)
}

fn with<A>(view: SubmissionView, turn: impl FnOnce(SubmissionAttributes) -> A) -> Resource<A> {
    let related = [
        ("owner", "user", Some(view.submission.user_id.to_string())),
        ("agent", "agent", Some(view.submission.agent_id.to_string())),
        (
            "agentRevision",
            "agentRevision",
            Some(view.submission.agent_revision_id.to_string()),
        ),
        ("task", "task", Some(view.submission.task_id.to_string())),
        ("suite", "suite", Some(view.submission.suite_id.to_string())),
    ];
    let id = view.submission.id;
    Resource::new("submission", &id, turn(attributes_of(view))).related(related)
}

fn attributes_of(view: SubmissionView) -> SubmissionAttributes {
    let submission = view.submission;
    SubmissionAttributes {
        status: submission.status,
        outcome: submission.outcome,
        agent_error: submission.agent_error,
        score: submission.score,
        scored: submission.score.is_some(),
        reason: submission.reason,
        seed: submission.seed,
        playground: submission.playground,
        simulated: submission.playground == PlaygroundKind::Mock,
        username: view.username,
        agent_name: view.agent_name,
        agent_kind: view.agent_kind,
        agent_revision: view.agent_revision,
        task_key: view.task_key,
        task_revision: view.task_revision,
        task_title: view.task_title,
        difficulty: view.difficulty,
        suite: view.suite_name,
        suite_version: view.suite_version,
        steps: submission.steps,
        duration_ms: submission.duration_ms,
        input_tokens: submission.input_tokens,
        output_tokens: submission.output_tokens,
        model_calls: submission.model_calls,
        cost_microusd: submission.cost_microusd,
        cost_scope: submission.cost_microusd.map(|_| {
            if view.agent_kind.is_foreign() {
                "arena"
            } else {
                "all"
            }
        }),
        call_budget_microusd: submission.budget.call_microusd,
        episode_budget_microusd: submission.budget.episode_microusd,
        submission_budget_microusd: submission.budget.submission_microusd,
        attempts: submission.attempts,
        created_at: submission.created_at.to_rfc3339(),
        started_at: submission.started_at.map(Timestamp::to_rfc3339),
        ended_at: submission.ended_at.map(Timestamp::to_rfc3339),
    }
}

/// A submission alone.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DetailAttributes {
    #[serde(flatten)]
    submission: SubmissionAttributes,
    last_seq: u32,
    episodes: Vec<EpisodeAttributes>,
    verdict: Option<Verdict>,
    evidence: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EpisodeAttributes {
    id: String,
    attempt: u32,
    outcome: Option<Outcome>,
    reason: Option<String>,
    steps: u32,
    started_at: String,
    ended_at: Option<String>,
}

/// A submission with its episodes and verdict as a resource.
pub fn resource_of_detail(detail: SubmissionDetail) -> Resource<DetailAttributes> {
    let episodes = detail.episodes.into_iter().map(episode).collect();
    let (verdict, evidence) = detail
        .result
        .map(|result| (result.verdict, result.evidence))
        .unzip();
    with(detail.view, |submission| DetailAttributes {
        submission,
        last_seq: detail.last_seq,
        episodes,
        verdict,
        evidence,
    })
}

fn episode(episode: Episode) -> EpisodeAttributes {
    EpisodeAttributes {
        id: episode.id.to_string(),
        attempt: episode.attempt,
        outcome: episode.outcome,
        reason: episode.reason,
        steps: episode.steps,
        started_at: episode.started_at.to_rfc3339(),
        ended_at: episode.ended_at.map(Timestamp::to_rfc3339),
    }
}

/// An event. `body` has a `type` and the fields that go with it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventAttributes {
    submission_id: String,
    episode_id: String,
    seq: u32,
    at: String,
    body: EventBody,
}

impl From<Event> for EventAttributes {
    fn from(event: Event) -> Self {
        Self {
            submission_id: event.submission_id.to_string(),
            episode_id: event.episode_id.to_string(),
            seq: event.seq,
            at: event.at.to_rfc3339(),
            body: event.body,
        }
    }
}

/// An event as a resource; its id is its number within the submission.
pub fn resource_of_event(event: Event) -> Resource<EventAttributes> {
    let seq = event.seq;
    Resource::new("event", &seq, event.into())
}
