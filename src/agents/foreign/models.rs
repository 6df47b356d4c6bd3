//! The models that a foreign agent may call through the arena while its episode runs: what the
//! agent is told of them, and what its calls come to.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::agent::Provider;
use crate::domain::budget::OverBudget;
use crate::llm::ModelCall;
use crate::llm::proxy::Lease;

/// Variables of an environment that would lead the official clients elsewhere, or tell a key of
/// the operator's; a program that calls models through the arena gets none of them.
const LEADING_ELSEWHERE: [(Provider, &[&str]); 2] = [
    (Provider::OpenAi, &["OPENAI_ORG_ID", "OPENAI_PROJECT_ID"]),
    (Provider::Anthropic, &["ANTHROPIC_AUTH_TOKEN"]),
];

/// Where an agent may call models on its owner's account, while this episode runs: counted, held
/// to the budgets, and part of the result's cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModelProxy {
    /// What OpenAI's clients take as `base_url`; absent: the agent may not call OpenAI's interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub openai_base_url: Option<String>,
    /// What Anthropic's clients take as `base_url`; absent: the agent may not call Anthropic's
    /// interface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anthropic_base_url: Option<String>,
    /// What the clients take as key. It opens nothing else, and nothing after the episode.
    pub token: String,
}

impl ModelProxy {
    /// What an agent is told that may call these providers, at the arena's address.
    pub fn at(arena: &str, providers: &[Provider], token: String) -> Self {
        let arena = arena.trim_end_matches('/');
        let has = |provider| providers.contains(&provider);
        Self {
            openai_base_url: has(Provider::OpenAi)
                .then(|| format!("{arena}/model-proxy/openai/v1")),
            anthropic_base_url: has(Provider::Anthropic)
                .then(|| format!("{arena}/model-proxy/anthropic")),
            token,
        }
    }

    /// The same as variables that the official clients read by themselves; `None` takes one away.
    pub fn environment(&self) -> Vec<(&'static str, Option<&str>)> {
        let told = [
            (
                Provider::OpenAi,
                "OPENAI_BASE_URL",
                "OPENAI_API_KEY",
                &self.openai_base_url,
            ),
            (
                Provider::Anthropic,
                "ANTHROPIC_BASE_URL",
                "ANTHROPIC_API_KEY",
                &self.anthropic_base_url,
            ),
        ];
        let mut variables = Vec::new();
        for (provider, address, key, url) in told {
            let Some(url) = url.as_deref() else { continue };
            variables.push((address, Some(url)));
            variables.push((key, Some(self.token.as_str())));
            let elsewhere = LEADING_ELSEWHERE.iter().filter(|(of, _)| *of == provider);
            let elsewhere = elsewhere.flat_map(|(_, names)| names.iter());
            variables.extend(elsewhere.map(|name| (*name, None)));
        }
        variables
    }
}

/// Models that are open to the agent of one episode.
pub struct OpenModels {
    told: ModelProxy,
    lease: Lease,
    /// The step whose calls are numbered, and how many it has so far.
    numbered: (u32, u32),
}

impl OpenModels {
    /// What the agent is told, and what keeps it true.
    pub const fn new(told: ModelProxy, lease: Lease) -> Self {
        Self {
            told,
            lease,
            numbered: (0, 0),
        }
    }

    pub(super) const fn told(&self) -> &ModelProxy {
        &self.told
    }

    /// Waits until a budget does not have a call.
    pub(super) async fn over_budget(&self) -> OverBudget {
        self.lease.over_budget().await
    }

    /// The calls that came to their end since this was last asked, numbered within the step.
    pub(super) fn take_calls(&mut self, step: Option<u32>) -> Vec<ModelCall> {
        if let Some(step) = step.filter(|step| *step != self.numbered.0) {
            self.numbered = (step, 0);
        }
        let mut calls = self.lease.take_calls();
        for call in &mut calls {
            self.numbered.1 += 1;
            call.attempt = self.numbered.1;
        }
        calls
    }

    /// A text of the agent's without the token.
    pub(super) fn hide_token(&self, text: String) -> String {
        self.lease.hide_token(text)
    }

    /// The agent's episode is over: calls under way are cut off, and booked.
    pub(super) async fn close(&self) {
        self.lease.close().await;
    }
}
