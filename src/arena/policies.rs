//! Makes the policies of episodes: built-in ones from the task, prompted ones with the owner's
//! key, which is opened here, for the one episode, and goes nowhere else.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::agents::foreign::command::Program;
use crate::agents::foreign::models::ModelProxy as Told;
use crate::agents::foreign::remote::{RemoteHub, RemoteTimes};
use crate::agents::foreign::watch::TurnLog;
use crate::agents::foreign::webhook::Webhook;
use crate::agents::foreign::{Channel, ForeignOptions, ForeignPolicy};
use crate::agents::llm::prompts::Prompts;
use crate::agents::{self, Policy, PolicyContext};
use crate::arena::execute::{PolicyError, PolicyFactory, PolicyRequest};
use crate::arena::ledger::EpisodeLedger;
use crate::arena::model_proxy::ArenaAddresses;
use crate::arena::{prices, provider_keys};
use crate::domain::agent::{AgentConfig, LlmConfig};
use crate::domain::ids::{ProviderKeyId, RowId, UserId};
use crate::llm::ChatModel;
use crate::llm::connect::{ModelOptions, Reasoning, connect};
use crate::llm::gate::Gates;
use crate::llm::proxy::ModelProxy;
use crate::llm::watch::CallLog;
use crate::store::{Connection, Store, StoreError};
use crate::vault::Vault;

/// Makes policies for the agents in the store.
pub struct AgentPolicies {
    /// Where the keys are.
    pub store: Store,
    /// What opens them.
    pub vault: Arc<Vault>,
    /// Where remote agents come to.
    pub remote: Arc<RemoteHub>,
    /// Whether models and webhooks at loopback and private addresses may be called.
    pub allow_private: bool,
    /// Whether programs on this machine may be run as agents.
    pub allow_commands: bool,
    /// What bounds the calls to each provider.
    pub gates: Arc<Gates>,
    /// The arena's prompts.
    pub prompts: Arc<Prompts>,
    /// Where foreign agents call models through the arena.
    pub models: Arc<ModelProxy>,
    /// Where they find it.
    pub addresses: ArenaAddresses,
}

#[async_trait]
impl PolicyFactory for AgentPolicies {
    fn prompts(&self) -> Option<&Prompts> {
        Some(&self.prompts)
    }

    async fn build(&self, request: PolicyRequest) -> Result<Box<dyn Policy>, PolicyError> {
        self.build_watched(request, &Watch::default()).await
    }
}

/// What looks on while a policy decides; absent: nobody.
#[derive(Clone, Default)]
pub struct Watch {
    /// At its calls to models.
    pub calls: Option<CallLog>,
    /// At what is said to and by a foreign agent.
    pub turns: Option<TurnLog>,
}

impl Watch {
    fn around(&self, way: Box<dyn Channel>) -> Box<dyn Channel> {
        match &self.turns {
            Some(log) => log.watch(way),
            None => way,
        }
    }
}

impl AgentPolicies {
    /// The policy for one episode, or for what is tried, with someone who looks on.
    pub async fn build_watched(
        &self,
        request: PolicyRequest,
        watch: &Watch,
    ) -> Result<Box<dyn Policy>, PolicyError> {
        let config = &request.agent.revision.config;
        let model = match config {
            AgentConfig::Builtin { .. }
            | AgentConfig::Webhook(_)
            | AgentConfig::Remote(_)
            | AgentConfig::Command(_) => None,
            AgentConfig::Llm(config) => {
                let model = self.model(config, &request).await?;
                Some(match &watch.calls {
                    Some(log) => log.watch(model),
                    None => model,
                })
            }
        };
        let context = PolicyContext {
            task: &request.spec,
            seed: request.seed,
            model,
            foreign: self.foreign(&request, watch).await?,
            prompts: Arc::clone(&self.prompts),
        };
        agents::build(config, context).map_err(|error| PolicyError(error.to_string()))
    }

    /// The way to an agent that somebody else wrote; none for the arena's own kinds.
    async fn foreign(
        &self,
        request: &PolicyRequest,
        watch: &Watch,
    ) -> Result<Option<ForeignPolicy>, PolicyError> {
        let episode = request.account.episode_id.map_or_else(
            || format!("try-{}", RowId::new()),
            |episode_id| episode_id.to_string(),
        );
        let options = |screenshots: bool, turn_timeout_ms: u64| ForeignOptions {
            episode: episode.clone(),
            screenshots,
            turn_timeout: Duration::from_millis(turn_timeout_ms),
        };
        let open = self.open_models(request).await?;
        let (told, models) = open.unzip();
        let policy = |way: Box<dyn Channel>, options| {
            Ok(Some(
                ForeignPolicy::new(watch.around(way), options).with_models(models),
            ))
        };
        match &request.agent.revision.config {
            AgentConfig::Builtin { .. } | AgentConfig::Llm(_) => Ok(None),
            AgentConfig::Webhook(config) => {
                let options = options(config.screenshots, config.turn_timeout_ms);
                let agent = request.agent.id.to_string();
                let secret = self.vault.webhook_secret(&agent, config.secret_number);
                let way = Webhook::new(&config.url, secret, self.allow_private, &options)
                    .map_err(|error| PolicyError(format!("its webhook cannot be called: {error}")))?;
                policy(Box::new(way), options)
            }
            AgentConfig::Remote(config) => {
                let options = options(config.screenshots, config.turn_timeout_ms);
                let times = RemoteTimes {
                    claim: Duration::from_millis(config.claim_timeout_ms),
                    heartbeat: config.heartbeat_timeout_ms.map(Duration::from_millis),
                };
                let way = self.remote.seat(request.agent.id, times, &options);
                policy(Box::new(way), options)
            }
            AgentConfig::Command(_) if !self.allow_commands => Err(PolicyError(
                "it is a program on this machine; run it with `agentarena run --agent-cmd`, or set \
                 `agents.allow_commands`"
                    .to_owned(),
            )),
            AgentConfig::Command(config) => {
                let options = options(config.screenshots, config.turn_timeout_ms);
                let environment = told.as_ref().map(Told::environment).unwrap_or_default();
                let way = Program::start_with(&config.command, &options, &environment);
                let way = way.map_err(PolicyError)?;
                policy(Box::new(way), options)
            }
        }
    }

    async fn model(
        &self,
        config: &LlmConfig,
        request: &PolicyRequest,
    ) -> Result<Arc<dyn ChatModel>, PolicyError> {
        let owner = request.agent.user_id;
        let key = self.key(config.provider_key_id, owner).await?;
        let of = config.clone();
        let personal_price = self
            .of_owner(move |db| prices::personal(db, owner, &of))
            .await?;
        let ledger = EpisodeLedger {
            store: self.store.clone(),
            account: request.account,
        };
        let options = ModelOptions {
            model: config.model.clone(),
            base_url: config.base_url.clone(),
            key,
            temperature: config.temperature,
            max_output_tokens: config.max_output_tokens,
            reasoning: Reasoning::of(config),
            timeout: Duration::from_millis(config.call_timeout_ms),
            own_price: config.own_price(),
            personal_price,
            allow_private: self.allow_private,
            ledger: Some(Arc::new(ledger)),
        };
        connect(config.provider, options, &self.gates)
            .map_err(|error| PolicyError(format!("the agent's model cannot be called: {error}")))
    }

    /// Reads prices that an agent's owner has set.
    pub(super) async fn of_owner<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, PolicyError> {
        self.store.read(read).await.map_err(|error| {
            tracing::error!(%error, "the prices of an agent's owner could not be read");
            PolicyError("the prices of the agent's owner could not be read".to_owned())
        })
    }

    /// Opens a key of the agent's owner.
    pub(super) async fn key(
        &self,
        id: Option<ProviderKeyId>,
        owner: Option<UserId>,
    ) -> Result<Option<String>, PolicyError> {
        let (Some(id), Some(owner)) = (id, owner) else {
            return Ok(None);
        };
        let revealed = provider_keys::reveal(&self.store, &self.vault, owner, id).await;
        let key = revealed.map_err(|error| {
            tracing::error!(error = %format!("{error:#}"), provider_key.id = %id, "a provider key could not be opened");
            PolicyError(
                "the agent's provider key cannot be opened; store the key again and choose it in the agent".to_owned(),
            )
        })?;
        key.map(Some).ok_or_else(|| {
            PolicyError(
                "the agent's provider key was deleted; store a key and choose it in the agent"
                    .to_owned(),
            )
        })
    }
}
