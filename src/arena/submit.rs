//! Accepts submissions: checked, stored with their job in one transaction, answered at once.

use serde_json::json;

use crate::arena::{ArenaError, budgets, submission_job};
use crate::domain::agent::{Agent, AgentConfig, BuiltinPolicy};
use crate::domain::budget::SubmissionBudget;
use crate::domain::ids::{AgentId, SubmissionId, TaskId, UserId};
use crate::domain::outcome::{PlaygroundKind, SubmissionStatus};
use crate::domain::submission::Submission;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;
use crate::jobs::Pool;
use crate::playground::hub::{EventHub, QueueChange};
use crate::store::artifacts::sha256_hex;
use crate::store::audit::{self, NewEntry};
use crate::store::idempotency::{self, Remembered};
use crate::store::jobs::{self, NewJob};
use crate::store::{Connection, Store, Transaction, agents, submissions, tasks};

/// When a client should try again after the queue was full: about the time of a few episodes.
const RETRY_AFTER_S: u64 = 30;

/// Longest idempotency key.
const KEY_LENGTH: usize = 200;

/// Where submissions are handed in and called back.
#[derive(Clone)]
pub struct Intake {
    /// Where they are stored.
    pub store: Store,
    /// What runs them.
    pub pool: Pool,
    /// What tells watchers.
    pub hub: EventHub,
    /// What executes them.
    pub playground: PlaygroundKind,
    /// How many may wait.
    pub queue_limit: u32,
}

/// One agent on one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submit {
    /// Who submits.
    pub user_id: UserId,
    /// The agent: one's own or a built-in one, at its newest revision.
    pub agent_id: AgentId,
    /// The task revision.
    pub task_id: TaskId,
    /// Feeds everything that is drawn at random.
    pub seed: u32,
    /// What its calls to models may cost.
    pub budget: SubmissionBudget,
    /// Makes a repeat of the same request return the same submission.
    pub idempotency_key: Option<String>,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Submitted {
    /// The submission.
    pub submission: Submission,
    /// Whether an earlier request with the same key made it.
    pub repeated: bool,
}

impl Intake {
    /// Accepts one submission.
    pub async fn submit(&self, request: Submit) -> Result<Submitted, ArenaError> {
        let intake = self.rules();
        let submitted = self
            .store
            .try_write(move |tx| {
                let now = Timestamp::now();
                let remembered = match &request.idempotency_key {
                    Some(key) => repeated(tx, &request, key)?,
                    None => None,
                };
                if let Some(submission) = remembered {
                    return Ok(Submitted {
                        submission,
                        repeated: true,
                    });
                }
                intake.check_room(tx, 1)?;
                let submission = intake.insert(tx, &request, now)?;
                if let Some(key) = &request.idempotency_key {
                    let remembered = Remembered {
                        request_hash: request_hash(&request),
                        submission_id: submission.id,
                    };
                    idempotency::insert(tx, request.user_id, key, &remembered, now)?;
                }
                Ok::<_, ArenaError>(Submitted {
                    submission,
                    repeated: false,
                })
            })
            .await?;
        if !submitted.repeated {
            self.announce(&[submitted.submission.id]);
        }
        Ok(submitted)
    }

    /// Accepts several submissions together, all or none.
    pub async fn submit_all(&self, requests: Vec<Submit>) -> Result<Vec<Submission>, ArenaError> {
        let intake = self.rules();
        let accepted = self
            .store
            .try_write(move |tx| {
                let now = Timestamp::now();
                intake.check_room(tx, u64::try_from(requests.len()).unwrap_or(u64::MAX))?;
                requests
                    .iter()
                    .map(|request| intake.insert(tx, request, now))
                    .collect::<Result<Vec<_>, ArenaError>>()
            })
            .await?;
        let ids: Vec<_> = accepted.iter().map(|submission| submission.id).collect();
        self.announce(&ids);
        Ok(accepted)
    }

    fn rules(&self) -> Rules {
        Rules {
            playground: self.playground,
            queue_limit: self.queue_limit,
        }
    }

    fn announce(&self, ids: &[SubmissionId]) {
        for submission_id in ids {
            self.hub.publish_change(QueueChange {
                submission_id: *submission_id,
                status: SubmissionStatus::Queued,
                outcome: None,
            });
        }
        self.pool.wake();
    }
}

/// What the transaction that accepts needs to know.
#[derive(Clone, Copy)]
struct Rules {
    playground: PlaygroundKind,
    queue_limit: u32,
}

impl Rules {
    fn check_room(self, db: &Connection, wanted: u64) -> Result<(), ArenaError> {
        let queued = jobs::counts(db)?.queued;
        if queued.saturating_add(wanted) > u64::from(self.queue_limit) {
            return Err(ArenaError::QueueFull {
                limit: self.queue_limit,
                retry_after_s: RETRY_AFTER_S,
            });
        }
        Ok(())
    }

    /// Stores one submission, its job and the audit entry.
    fn insert(
        self,
        tx: &Transaction,
        request: &Submit,
        now: Timestamp,
    ) -> Result<Submission, ArenaError> {
        let agent = usable_agent(tx, request)?;
        let task = usable_task(tx, request)?;
        check_solution(&agent, &task)?;
        budgets::check(tx, &request.budget, &agent, request.user_id, now)?;
        let submission = self.fresh(request, &agent, &task, now);
        submissions::insert(tx, &submission)?;
        let subject_id = submission.id.to_string();
        let job = NewJob {
            kind: submission_job(self.playground),
            subject_id: &subject_id,
            user_id: Some(request.user_id),
            priority: 0,
            run_after: now,
        };
        jobs::enqueue(tx, &job, now)?;
        let entry = NewEntry {
            user_id: Some(request.user_id),
            action: "submission.create",
            subject: &format!("submission/{subject_id}"),
            details: json!({"agent": agent.id, "revision": agent.revision.number, "task": task.key}),
        };
        audit::append(tx, &entry, now)?;
        Ok(submission)
    }

    fn fresh(self, request: &Submit, agent: &Agent, task: &Task, now: Timestamp) -> Submission {
        Submission {
            id: SubmissionId::new(),
            user_id: request.user_id,
            agent_id: agent.id,
            agent_revision_id: agent.revision.id,
            task_id: task.id,
            suite_id: task.suite_id,
            experiment_id: None,
            seed: request.seed,
            budget: request.budget,
            playground: self.playground,
            status: SubmissionStatus::Queued,
            outcome: None,
            agent_error: None,
            score: None,
            reason: None,
            steps: None,
            duration_ms: None,
            input_tokens: 0,
            output_tokens: 0,
            model_calls: 0,
            cost_microusd: None,
            attempts: 0,
            created_at: now,
            started_at: None,
            ended_at: None,
        }
    }
}

/// The submission that an earlier request with this key made. Another request may not use
/// the key.
fn repeated(
    db: &Connection,
    request: &Submit,
    key: &str,
) -> Result<Option<Submission>, ArenaError> {
    if key.is_empty() || key.len() > KEY_LENGTH {
        return Err(ArenaError::Invalid {
            field: "Idempotency-Key",
            message: format!("Send 1 to {KEY_LENGTH} characters, e.g. a UUID."),
        });
    }
    let Some(remembered) = idempotency::find(db, request.user_id, key)? else {
        return Ok(None);
    };
    if remembered.request_hash != request_hash(request) {
        return Err(ArenaError::Conflict {
            message: "This Idempotency-Key was used for another request. Send a fresh key."
                .to_owned(),
        });
    }
    Ok(submissions::by_id(db, remembered.submission_id)?)
}

/// One's own agent or a built-in one. Someone else's looks like none.
fn usable_agent(db: &Connection, request: &Submit) -> Result<Agent, ArenaError> {
    agents::by_id(db, request.agent_id)?
        .filter(|agent| agent.user_id.is_none_or(|owner| owner == request.user_id))
        .ok_or_else(|| ArenaError::not_found("agent", request.agent_id))
}

fn usable_task(db: &Connection, request: &Submit) -> Result<Task, ArenaError> {
    let task = tasks::by_id(db, request.task_id)?
        .ok_or_else(|| ArenaError::not_found("task", request.task_id))?;
    if task.active {
        return Ok(task);
    }
    let message = match tasks::by_key(db, task.suite_id, &task.key)? {
        Some(newest) => format!(
            "Revision {} of {} was replaced. Submit to revision {} instead: {}.",
            task.revision, task.key, newest.revision, newest.id
        ),
        None => format!("{} was withdrawn. Choose another task.", task.key),
    };
    Err(ArenaError::Invalid {
        field: "taskId",
        message,
    })
}

/// The oracle plays reference solutions and nothing else.
fn check_solution(agent: &Agent, task: &Task) -> Result<(), ArenaError> {
    let oracle = AgentConfig::Builtin {
        policy: BuiltinPolicy::Oracle,
    };
    if agent.revision.config == oracle && task.spec.solution.is_empty() {
        return Err(ArenaError::Invalid {
            field: "taskId",
            message: format!(
                "{} has no reference solution for the oracle to play. Choose another agent.",
                task.key
            ),
        });
    }
    Ok(())
}

/// What makes two requests the same.
fn request_hash(request: &Submit) -> String {
    let text = json!([
        request.agent_id,
        request.task_id,
        request.seed,
        request.budget
    ])
    .to_string();
    sha256_hex(text.as_bytes())
}
