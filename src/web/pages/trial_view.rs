//! What a try came to, for the page of the try and for the agent's form.

use crate::agents::foreign::watch::Exchange;
use crate::arena::trial::{Fault, FaultKind, Trial};
use crate::web::pages::submission_panels::CallView;
use crate::web::ui::format::{self, Cost};
use crate::web::ui::model_call::{Call, kinds_in_words};

/// Longest message to or from a foreign agent on the page.
const LONGEST: usize = 20_000;

/// What a try came to.
pub struct TrialView {
    /// Outcome whose colours are borrowed.
    pub state: &'static str,
    /// Outcome whose glyph is borrowed.
    pub glyph: &'static str,
    /// What is so.
    pub heading: &'static str,
    /// Why, and what to do.
    pub text: String,
    /// The action in canonical form.
    pub action: Option<String>,
    /// What it acts on, or that it is not there.
    pub on: Option<String>,
    /// The agent's own words.
    pub reasoning: Option<String>,
    /// Time and tokens.
    pub facts: Vec<String>,
    /// What it cost; none when the agent's calls do not go through the arena.
    pub cost: Option<Cost>,
    /// Calls to models.
    pub calls: Vec<CallView>,
    /// Messages to a foreign agent.
    pub turns: Vec<TurnView>,
}

/// One message to a foreign agent and what came back.
pub struct TurnView {
    /// The message, laid out.
    pub sent: String,
    /// The reply as it came.
    pub reply: Option<String>,
    /// Why there is none.
    pub error: Option<String>,
    /// From sending to reply.
    pub took: String,
}

impl TrialView {
    /// A try as the pages show it.
    pub fn new(trial: &Trial) -> Self {
        let chosen = trial.result.as_ref().ok();
        let fault = trial.result.as_ref().err();
        let (state, glyph) = colours(fault);
        let on = chosen.and_then(|chosen| match (&chosen.target, &chosen.missing) {
            (Some(target), _) => Some(format!("acts on {target}")),
            (None, Some(bid)) => Some(format!(
                "acts on [{bid}], which is not on the page: in an episode the agent would be told so"
            )),
            (None, None) => None,
        });
        Self {
            state,
            glyph,
            heading: fault.map_or("The agent decided.", |fault| heading(fault.kind)),
            text: fault.map_or_else(String::new, |fault| format::sentence(&fault.message)),
            action: chosen.map(|chosen| chosen.action.clone()),
            on,
            reasoning: chosen.and_then(|chosen| chosen.reasoning.clone()),
            facts: facts(trial),
            cost: trial
                .is_metered
                .then(|| Cost::exact(trial.usage.cost_microusd)),
            calls: trial
                .calls
                .iter()
                .map(|call| CallView::new(Call::of(call), Some(&call.exchange)))
                .collect(),
            turns: trial.turns.iter().map(turn).collect(),
        }
    }
}

fn facts(trial: &Trial) -> Vec<String> {
    let mut facts = vec![format::duration(trial.duration_ms)];
    if !trial.calls.is_empty() {
        facts.push(format::counted(trial.calls.len(), "model call"));
        facts.push(kinds_in_words(&trial.usage));
    }
    if !trial.turns.is_empty() {
        facts.push(format::counted(trial.turns.len(), "message"));
    }
    facts
}

const fn colours(fault: Option<&Fault>) -> (&'static str, &'static str) {
    match fault {
        None => ("passed", "passed"),
        Some(fault) => match fault.kind {
            FaultKind::Unreadable | FaultKind::Broken => ("agent_error", "agent_error"),
            FaultKind::OverBudget | FaultKind::TimeLimit => ("budget_limit", "limit"),
            FaultKind::NotSetUp | FaultKind::Unreachable | FaultKind::Provider => {
                ("infra_error", "infra_error")
            }
        },
    }
}

const fn heading(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::NotSetUp => "The agent could not be set up.",
        FaultKind::Unreadable => "The reply is no action.",
        FaultKind::Broken => "The agent broke down or stayed silent.",
        FaultKind::Unreachable => "The agent was not reached.",
        FaultKind::OverBudget => "A budget does not have what the call can cost.",
        FaultKind::Provider => "The model's provider failed.",
        FaultKind::TimeLimit => "The agent took too long.",
    }
}

fn turn(exchange: &Exchange) -> TurnView {
    let laid_out = |text: &str| match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_else(|_| text.to_owned()),
        Err(_) => text.to_owned(),
    };
    TurnView {
        sent: format::shortened(&laid_out(&exchange.sent), LONGEST),
        // As it came: what is wrong with it may be its layout.
        reply: exchange
            .reply
            .as_ref()
            .ok()
            .map(|reply| format::shortened(reply, LONGEST)),
        error: exchange
            .reply
            .as_ref()
            .err()
            .map(|why| format::sentence(why)),
        took: format::duration(exchange.took.as_secs_f64() * 1000.0),
    }
}
