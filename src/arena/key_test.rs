//! Tests a provider key with one cheap call: the provider's list of models, which costs nothing, or
//! a reply of a few tokens by a model that its owner names, held to their budgets and booked with
//! the purpose `try`.

use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument as _;

use crate::agents::ModelCall;
use crate::arena::ledger::EpisodeLedger;
use crate::arena::policies::AgentPolicies;
use crate::arena::{ArenaError, agent_config, prices, provider_keys, trial};
use crate::auth::Principal;
use crate::domain::agent::Provider;
use crate::domain::budget::{Account, MostCost};
use crate::domain::ids::{ProviderKeyId, UserId};
use crate::domain::price::{Personal, Price};
use crate::llm::connect::{ModelOptions, Reasoning, connect};
use crate::llm::ledger::most_input_tokens;
use crate::llm::probe::list_models;
use crate::llm::watch::CallLog;
use crate::llm::{ChatError, ChatRequest, Message};
use crate::store::{Store, personal_prices};

/// Most tokens of the reply. Fewer are refused by some models.
pub const MAX_OUTPUT_TOKENS: u32 = 16;

/// How long the call may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a key is tested with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyTest {
    /// The model that replies; none: the list of models is asked for.
    pub model: Option<String>,
    /// Where the provider is; none: its own address.
    pub base_url: Option<String>,
}

/// What came of it.
#[derive(Debug)]
pub struct KeyTested {
    /// The call; none when a budget did not have the most that it can cost.
    pub call: Option<ModelCall>,
    /// Why the key cannot be used so; none when it can.
    pub error: Option<String>,
    /// The names of the provider's models, when they were asked for.
    pub models: Vec<String>,
}

/// Tests a key of the person's.
pub async fn run(
    policies: &Arc<AgentPolicies>,
    principal: &Principal,
    id: ProviderKeyId,
    test: KeyTest,
) -> Result<KeyTested, ArenaError> {
    let test = checked(test)?;
    let user_id = principal.user_id;
    let (key, _) = provider_keys::get(&policies.store, principal, id).await?;
    let secret = provider_keys::reveal(&policies.store, &policies.vault, user_id, id).await?;
    let secret = secret.ok_or_else(|| ArenaError::not_found("provider key", id))?;
    let Some(model) = test.model else {
        return names(policies, key.provider, test.base_url.as_deref(), secret).await;
    };
    let asked = Asked {
        provider: key.provider,
        model,
        base_url: test.base_url,
        secret,
    };
    let policies = Arc::clone(policies);
    // Goes on when nobody waits for it any more: a call that was made is booked.
    let job = async move { reply(&policies, user_id, asked).await };
    tokio::spawn(job.in_current_span())
        .await
        .map_err(|error| ArenaError::Internal(error.into()))?
}

/// The most that a reply can cost, in millionths of a dollar; none when the model has no price.
pub async fn most_cost(
    store: &Store,
    principal: &Principal,
    provider: Provider,
    test: &KeyTest,
) -> Result<Option<u64>, ArenaError> {
    let Some(model) = &test.model else {
        return Ok(Some(0));
    };
    let list = prices::price_list()?;
    let personal = personal(store, principal.user_id, provider, model).await?;
    let base_url = test.base_url.as_deref();
    let mut tariff = list.tariff(provider, base_url, model, Price::default());
    tariff.personal = personal;
    let input = most_input_tokens(&request(), provider.as_str());
    Ok(
        match MostCost::of(&tariff, input, Some(u64::from(MAX_OUTPUT_TOKENS))) {
            MostCost::Known(most) => Some(most),
            MostCost::Unpriced | MostCost::Unbounded => None,
        },
    )
}

async fn personal(
    store: &Store,
    user_id: UserId,
    provider: Provider,
    model: &str,
) -> Result<Option<Personal>, ArenaError> {
    let model = model.to_owned();
    let read = store.read(move |db| personal_prices::of_model(db, user_id, provider, &model));
    Ok(read.await?)
}

fn checked(test: KeyTest) -> Result<KeyTest, ArenaError> {
    let given = |text: Option<String>| {
        let text = text.map(|text| text.trim().to_owned());
        text.filter(|text| !text.is_empty())
    };
    let test = KeyTest {
        model: given(test.model),
        base_url: given(test.base_url),
    };
    if let Some(url) = &test.base_url {
        agent_config::check_base_url(url).map_err(|message| ArenaError::Invalid {
            field: "baseUrl",
            message: message.to_owned(),
        })?;
    }
    let is_name =
        |model: &String| model.chars().count() <= 200 && !model.chars().any(char::is_control);
    if !test.model.as_ref().is_none_or(is_name) {
        return Err(ArenaError::Invalid {
            field: "model",
            message: "A model's name has at most 200 characters on one line.".to_owned(),
        });
    }
    Ok(test)
}

async fn names(
    policies: &AgentPolicies,
    provider: Provider,
    base_url: Option<&str>,
    secret: String,
) -> Result<KeyTested, ArenaError> {
    let allow_private = policies.allow_private;
    let listed = list_models(provider, base_url, secret, TIMEOUT, allow_private).await;
    let probe = listed.map_err(not_called)?;
    Ok(KeyTested {
        error: probe.record.error.clone(),
        call: Some(probe.record),
        models: probe.models,
    })
}

/// A call that cannot be made at all: the address is not one that may be called.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn not_called(error: ChatError) -> ArenaError {
    ArenaError::Invalid {
        field: "baseUrl",
        message: format!("{error}."),
    }
}

/// A reply that is asked for.
struct Asked {
    provider: Provider,
    model: String,
    base_url: Option<String>,
    secret: String,
}

async fn reply(
    policies: &AgentPolicies,
    user_id: UserId,
    asked: Asked,
) -> Result<KeyTested, ArenaError> {
    let store = &policies.store;
    let ledger = EpisodeLedger {
        store: store.clone(),
        account: Account::of_a_try(user_id),
    };
    let personal = personal(store, user_id, asked.provider, &asked.model).await?;
    let options = ModelOptions {
        model: asked.model,
        base_url: asked.base_url,
        key: Some(asked.secret),
        temperature: None,
        max_output_tokens: Some(MAX_OUTPUT_TOKENS),
        reasoning: Reasoning::default(),
        timeout: TIMEOUT,
        own_price: Price::default(),
        personal_price: personal,
        allow_private: policies.allow_private,
        ledger: Some(Arc::new(ledger)),
    };
    let model = connect(asked.provider, options, &policies.gates).map_err(not_called)?;
    let log = CallLog::default();
    let reply = log.watch(model).call(&request()).await.reply;
    let calls = log.calls();
    trial::book(store, user_id, None, &calls).await?;
    Ok(KeyTested {
        call: calls.into_iter().next(),
        error: reply.err().map(|error| error.to_string()),
        models: Vec::new(),
    })
}

fn request() -> ChatRequest {
    ChatRequest {
        system: "Answer with one word.".to_owned(),
        messages: vec![Message::User("Say hello.".to_owned())],
        tools: Vec::new(),
    }
}
