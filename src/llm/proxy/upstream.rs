//! A provider that an episode's agent may call: the one address of its chat interface, and what is
//! sent there. An agent's request chooses neither host nor path.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};

use crate::domain::agent::Provider;
use crate::domain::price::{Personal, Price, Tariff};
use crate::llm::gate::{Gate, Gates};
use crate::llm::key::Key;
use crate::llm::prices::PriceList;
use crate::llm::proxy::asked::Asked;
use crate::llm::{ChatError, anthropic, outbound};

/// What a provider's door needs.
pub struct UpstreamOptions {
    /// Where the provider is; absent: its own address.
    pub base_url: Option<String>,
    /// The provider's key; absent: none is sent.
    pub key: Option<String>,
    /// Most tokens of a reply where a request sets none; absent: none is set.
    pub max_output_tokens: Option<u32>,
    /// The agent's own prices by model.
    pub own_prices: HashMap<String, Price>,
    /// Its owner's by model.
    pub personal_prices: HashMap<String, Personal>,
    /// How long one call may take, its whole reply included.
    pub timeout: Duration,
    /// Whether loopback and private addresses may be called.
    pub allow_private: bool,
}

/// A provider that an agent may call.
pub struct Upstream {
    provider: Provider,
    url: String,
    http: reqwest::Client,
    pub(super) key: Key,
    pub(super) gate: Arc<Gate>,
    pub(super) timeout: Duration,
    pub(super) max_output_tokens: Option<u32>,
    list: PriceList,
    own_prices: HashMap<String, Price>,
    personal_prices: HashMap<String, Personal>,
    base_url: Option<String>,
}

impl Upstream {
    /// Checks the address; nothing is sent yet.
    pub fn new(
        provider: Provider,
        mut options: UpstreamOptions,
        gates: &Gates,
    ) -> Result<Self, ChatError> {
        let base = options.base_url.as_deref();
        let base = base.unwrap_or_else(|| provider.own_address());
        let http = outbound::checked_client(base, options.allow_private)?;
        let url = match provider {
            Provider::OpenAi => format!("{}/chat/completions", base.trim_end_matches('/')),
            Provider::Anthropic => anthropic::messages_url(base),
        };
        let list = PriceList::bundled().map_err(|error| ChatError::lasting(error.to_string()))?;
        Ok(Self {
            provider,
            url,
            http,
            gate: gates.at(provider, base),
            key: Key::new(options.key.take()),
            timeout: options.timeout,
            max_output_tokens: options.max_output_tokens,
            list,
            own_prices: options.own_prices,
            personal_prices: options.personal_prices,
            base_url: options.base_url,
        })
    }

    pub(super) const fn provider(&self) -> Provider {
        self.provider
    }

    pub(super) const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// What calls to a model are booked with.
    pub(super) fn tariff(&self, model: &str) -> Tariff {
        let own = self.own_prices.get(model).copied().unwrap_or_default();
        let base_url = self.base_url.as_deref();
        Tariff {
            personal: self.personal_prices.get(model).copied(),
            ..self.list.tariff(self.provider, base_url, model, own)
        }
    }

    /// The request that the provider gets. The agent's token is not in it.
    pub(super) fn request(
        &self,
        asked: &Asked,
        headers: &[(&'static str, String)],
    ) -> Result<reqwest::Request, ChatError> {
        let accept = if asked.streams {
            "text/event-stream"
        } else {
            "application/json"
        };
        let mut request = self
            .http
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, accept)
            .body(asked.body.to_string());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let is_versioned = headers.iter().any(|(name, _)| *name == "anthropic-version");
        if self.provider == Provider::Anthropic && !is_versioned {
            request = request.header("anthropic-version", anthropic::VERSION);
        }
        if let Some(key) = self.key.expose() {
            let (name, value) = match self.provider {
                Provider::OpenAi => (AUTHORIZATION, format!("Bearer {key}")),
                Provider::Anthropic => (HeaderName::from_static("x-api-key"), key.to_owned()),
            };
            let mut value = HeaderValue::from_str(&value).map_err(|_| {
                ChatError::lasting("the stored key cannot stand in a header".to_owned())
            })?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        request.build().map_err(|_| {
            ChatError::lasting("the request could not be built; check its headers".to_owned())
        })
    }
}
