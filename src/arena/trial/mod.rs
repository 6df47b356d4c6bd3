//! Tries an agent: one step on a page that ships with the program, with everything that was said
//! on the way. Nothing is scored; calls to models are real, held to the person's budgets and booked
//! with the purpose `try`.

pub mod fixture;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tracing::Instrument as _;

use crate::agents::foreign::watch::{Exchange, TurnLog};
use crate::agents::{AgentFault, Decision, ModelCall, Policy, Turn};
use crate::arena::ArenaError;
use crate::arena::execute::PolicyRequest;
use crate::arena::ledger;
use crate::arena::policies::{AgentPolicies, Watch};
use crate::auth::Principal;
use crate::domain::agent::{Agent, AgentConfig, Metering};
use crate::domain::budget::Account;
use crate::domain::event::{CallPurpose, Usage};
use crate::domain::ids::{AgentId, UserId};
use crate::domain::observation::Observation;
use crate::domain::time::Timestamp;
use crate::llm::watch::CallLog;
use crate::store::llm_calls::{self, LlmCall};
use crate::store::{Store, StoreError};

/// How long one call to a model may take while it is tried.
const CALL_TIMEOUT_MS: u64 = 60_000;

/// How long a foreign agent may take for its turn while it is tried.
const TURN_TIMEOUT_MS: u64 = 30_000;

/// How long a remote agent may take to claim what is tried.
pub const CLAIM_TIMEOUT_MS: u64 = 10_000;

/// How long a try takes at most, whatever the agent does.
const LONGEST: Duration = Duration::from_mins(2);

/// What came of a try.
#[derive(Debug)]
pub struct Trial {
    /// The action, or why there is none.
    pub result: Result<Chosen, Fault>,
    /// The calls to models that were made, in the order of their ends.
    pub calls: Vec<ModelCall>,
    /// What was said to and by an agent that somebody else wrote.
    pub turns: Vec<Exchange>,
    /// Tokens of all calls, and what they are charged with; no cost when a part is not known.
    pub usage: Usage,
    /// Whether all that the agent spends on models goes through the arena.
    pub is_metered: bool,
    /// From the question to the action.
    pub duration_ms: f64,
}

/// An action that an agent chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// In canonical form, e.g. `click('12')`.
    pub action: String,
    /// The element that it acts on, in words; none when it acts on none.
    pub target: Option<String>,
    /// The id of an element that is not on the page.
    pub missing: Option<String>,
    /// The agent's own words.
    pub reasoning: Option<String>,
}

crate::named_values! {
    /// Why there is no action.
    FaultKind {
        /// The agent could not be set up.
        NotSetUp = "not_set_up",
        /// What it said is no action.
        Unreadable = "unreadable",
        /// It broke down or stayed silent.
        Broken = "broken",
        /// It was never reached.
        Unreachable = "unreachable",
        /// A budget does not have the most that the next call can cost.
        OverBudget = "budget_limit",
        /// Its model's provider failed.
        Provider = "provider",
        /// It took longer than a try may.
        TimeLimit = "time_limit",
    }
}

/// Why there is no action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of reason.
    pub kind: FaultKind,
    /// What happened and what to do.
    pub message: String,
}

/// Tries an agent of the person's own or one that ships with the arena. `stored` says whether it is
/// one from the store, rather than a draft of it.
pub async fn run(
    policies: &Arc<AgentPolicies>,
    principal: &Principal,
    agent: Agent,
    stored: bool,
) -> Result<Trial, ArenaError> {
    if agent
        .user_id
        .is_some_and(|owner| owner != principal.user_id)
    {
        return Err(ArenaError::Forbidden {
            message: "Only its owner tries an agent: its calls are made with the owner's key."
                .to_owned(),
        });
    }
    let page = fixture::page().map_err(|error| ArenaError::Internal(error.into()))?;
    let (policies, user_id) = (Arc::clone(policies), principal.user_id);
    let span = tracing::info_span!("trial", agent.id = %agent.id);
    // Goes on when nobody waits for it any more: a call that was made is booked.
    let job = tokio::spawn(
        async move { play(&policies, user_id, agent, stored, &page).await }.instrument(span),
    );
    let played = job
        .await
        .map_err(|error| ArenaError::Internal(error.into()))?;
    Ok(played?)
}

async fn play(
    policies: &AgentPolicies,
    user_id: UserId,
    agent: Agent,
    stored: bool,
    page: &Observation,
) -> Result<Trial, StoreError> {
    let agent_id = (stored && agent.user_id.is_some()).then_some(agent.id);
    let is_metered = agent.revision.config.metering() != Metering::Nothing;
    let (log, turns) = (CallLog::default(), TurnLog::default());
    let watch = Watch {
        calls: Some(log.clone()),
        turns: Some(turns.clone()),
    };
    let request = PolicyRequest {
        agent: in_a_hurry(agent),
        spec: Arc::new(fixture::task()),
        seed: 1,
        account: Account::of_a_try(user_id),
    };
    let begun = Instant::now();
    let result = match policies.build_watched(request, &watch).await {
        Ok(mut policy) => {
            let decided = tokio::time::timeout(LONGEST, decide(policy.as_mut(), page)).await;
            policy.close().await;
            match decided {
                Ok(decided) => decided
                    .map(|decision| chosen(decision, page))
                    .map_err(fault),
                Err(_) => Err(too_long()),
            }
        }
        Err(error) => Err(Fault {
            kind: FaultKind::NotSetUp,
            message: error.to_string(),
        }),
    };
    let duration_ms = begun.elapsed().as_secs_f64() * 1000.0;
    let calls = log.calls();
    book(&policies.store, user_id, agent_id, &calls).await?;
    Ok(Trial {
        result,
        usage: charged(&calls),
        calls,
        turns: turns.turns(),
        is_metered,
        duration_ms,
    })
}

async fn decide(policy: &mut dyn Policy, page: &Observation) -> Result<Decision, AgentFault> {
    let screenshot = policy.wants_screenshot().then_some(fixture::PICTURE);
    let rules = fixture::rules();
    let turn = Turn {
        step: 1,
        max_steps: fixture::MAX_STEPS,
        preamble: &rules,
        goal: fixture::GOAL,
        fields: &[],
        observation: page,
        screenshot,
        history: &[],
    };
    policy.decide(turn).await
}

/// The agent with times that someone who waits for a page can wait for.
fn in_a_hurry(mut agent: Agent) -> Agent {
    match &mut agent.revision.config {
        AgentConfig::Builtin { .. } => {}
        AgentConfig::Llm(config) => {
            config.call_timeout_ms = config.call_timeout_ms.min(CALL_TIMEOUT_MS);
        }
        AgentConfig::Webhook(config) => {
            config.turn_timeout_ms = config.turn_timeout_ms.min(TURN_TIMEOUT_MS);
        }
        AgentConfig::Remote(config) => {
            config.turn_timeout_ms = config.turn_timeout_ms.min(TURN_TIMEOUT_MS);
            config.claim_timeout_ms = config.claim_timeout_ms.min(CLAIM_TIMEOUT_MS);
        }
        AgentConfig::Command(config) => {
            config.turn_timeout_ms = config.turn_timeout_ms.min(TURN_TIMEOUT_MS);
        }
    }
    agent
}

fn chosen(decision: Decision, page: &Observation) -> Chosen {
    let bid = decision.action.target();
    let node = bid.and_then(|bid| page.node(bid));
    Chosen {
        target: node.map(|node| format!("{} {:?}", node.role, node.name)),
        missing: bid.filter(|_| node.is_none()).map(str::to_owned),
        action: decision.action.to_string(),
        reasoning: decision.reasoning,
    }
}

fn fault(fault: AgentFault) -> Fault {
    let (kind, message) = match fault {
        AgentFault::Unreadable { message, .. } => (FaultKind::Unreadable, message),
        AgentFault::Broken(message) => (FaultKind::Broken, message),
        AgentFault::Unreachable(message) => (FaultKind::Unreachable, message),
        AgentFault::OverBudget { over, .. } => (FaultKind::OverBudget, over.to_string()),
        AgentFault::Provider { message, .. } => (FaultKind::Provider, message),
    };
    Fault { kind, message }
}

fn too_long() -> Fault {
    Fault {
        kind: FaultKind::TimeLimit,
        message: format!(
            "the agent did not decide within {} s; a call that was under way goes on counting with \
             the most that it can cost",
            LONGEST.as_secs()
        ),
    }
}

/// Tokens of calls and what they are charged with.
pub(super) fn charged(calls: &[ModelCall]) -> Usage {
    calls.iter().fold(Usage::NOTHING, |sum, call| {
        let cost_microusd = call.charge();
        let refused = call.usage.cost_microusd.is_none() && cost_microusd.is_some();
        sum.plus(&Usage {
            // Where nothing was charged, nothing was counted that could be missing.
            reported: call.usage.reported || refused,
            cost_microusd,
            ..call.usage
        })
    })
}

/// Stores the calls that were made while something was tried.
pub(super) async fn book(
    store: &Store,
    user_id: UserId,
    agent_id: Option<AgentId>,
    calls: &[ModelCall],
) -> Result<(), StoreError> {
    let at = Timestamp::now();
    let rows: Vec<_> = calls
        .iter()
        .map(|call| LlmCall {
            user_id: Some(user_id),
            agent_id,
            ..ledger::row(call, CallPurpose::Try, 1, at)
        })
        .collect();
    store.write(move |tx| llm_calls::insert(tx, &rows)).await
}
