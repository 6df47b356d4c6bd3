//! Asks a provider for the names of its models: a request that shows whether a key is taken, and
//! that no provider charges for (<https://platform.openai.com/docs/api-reference/models/list>,
//! <https://platform.claude.com/docs/en/api/models-list>).

use std::time::{Duration, Instant};

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::domain::agent::Provider;
use crate::domain::event::Usage;
use crate::domain::price::Tariff;
use crate::llm::key::Key;
use crate::llm::wire::{self, Call, Missed, Reading};
use crate::llm::{ChatError, ChatReply, ModelCall, anthropic, outbound};

/// What came of it.
pub struct Probe {
    /// Status, time, and what went wrong.
    pub record: ModelCall,
    /// The names, in the provider's order.
    pub models: Vec<String>,
}

/// Asks a provider, or another server that speaks its interface, for its models.
pub async fn list_models(
    provider: Provider,
    base_url: Option<&str>,
    key: String,
    timeout: Duration,
    allow_private: bool,
) -> Result<Probe, ChatError> {
    let base = base_url.unwrap_or(provider.own_address());
    let http = outbound::checked_client(base, allow_private)?;
    let key = Key::new(Some(key));
    let request = request(&http, provider, base, &key)?;
    let begun = Instant::now();
    let outcome: Result<_, Missed> = wire::exchange(&http, request, timeout).await;
    let call = Call {
        provider: provider.as_str(),
        model: "",
        key: &key,
        tariff: &Tariff::default(),
        request: Value::Null,
        begun,
    };
    let record = call.end(outcome, read).record;
    let listed = record.exchange["response"]["data"].as_array();
    let names = listed.into_iter().flatten();
    let names = names.filter_map(|model| model["id"].as_str());
    Ok(Probe {
        models: names.map(str::to_owned).collect(),
        record,
    })
}

fn request(
    http: &reqwest::Client,
    provider: Provider,
    base: &str,
    key: &Key,
) -> Result<reqwest::Request, ChatError> {
    let base = base.trim_end_matches('/');
    let secret = key.expose().unwrap_or_default();
    let (url, name, value) = match provider {
        Provider::OpenAi => (
            format!("{base}/models"),
            AUTHORIZATION,
            format!("Bearer {secret}"),
        ),
        Provider::Anthropic => {
            let base = base.strip_suffix("/v1").unwrap_or(base);
            let name = HeaderName::from_static("x-api-key");
            (format!("{base}/v1/models"), name, secret.to_owned())
        }
    };
    let unbuilt = |_| ChatError::lasting("the key cannot be sent in a header".to_owned());
    let mut value = HeaderValue::from_str(&value).map_err(unbuilt)?;
    value.set_sensitive(true);
    let mut request = http.get(url).header(name, value);
    if provider == Provider::Anthropic {
        request = request.header("anthropic-version", anthropic::VERSION);
    }
    request.build().map_err(|error| {
        ChatError::lasting(format!(
            "the request could not be built: {}",
            error.without_url()
        ))
    })
}

fn read(answer: &Value) -> Reading {
    let is_list = answer.get("data").is_some_and(Value::is_array);
    let reply = if is_list {
        Ok(ChatReply::default())
    } else {
        let found = json!(answer).to_string();
        let found: String = found.chars().take(80).collect();
        Err(wire::malformed("a list of models", found))
    };
    Reading {
        // A list of models is free.
        usage: if is_list {
            Usage::NOTHING
        } else {
            Usage::default()
        },
        standard: true,
        reply,
    }
}
