//! Checks which models a foreign agent may call through the arena.

use std::collections::HashSet;

use crate::arena::agent_config::check_base_url;
use crate::arena::prices;
use crate::domain::agent::Provider;
use crate::domain::model_proxy::{ModelProxyConfig, ProxiedProvider};
use crate::domain::validation::FieldError;

const FIELD: &str = "configuration.modelProxy";

/// Most models with prices of their own.
const MAX_PRICES: usize = 50;

/// Checks what the types cannot say. Empty when all is well.
pub(super) fn check_proxy(proxy: &ModelProxyConfig) -> Vec<FieldError> {
    let providers = proxy.providers();
    providers
        .flat_map(|(provider, settings)| check(provider, settings))
        .collect()
}

fn check(provider: Provider, settings: &ProxiedProvider) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut refuse = |name: &str, code: &'static str, message: &str| {
        faults.push(FieldError::new(
            format!("{FIELD}.{provider}.{name}"),
            code,
            message,
        ));
    };
    if let Some(base_url) = &settings.base_url
        && let Err(message) = check_base_url(base_url)
    {
        refuse("baseUrl", "invalid", message);
    }
    if settings.base_url.is_none() && settings.provider_key_id.is_none() {
        let message = "The provider answers nobody without a key; store one and choose it, or give the \
                       base URL of another server.";
        refuse("providerKeyId", "required", message);
    }
    let most = settings.max_output_tokens;
    if most.is_some_and(|tokens| !(1..=200_000).contains(&tokens)) {
        let message = "Take 1 to 200000 tokens, or leave it out.";
        refuse("maxOutputTokens", "invalid", message);
    }
    let mut seen = HashSet::new();
    let strange = |model: &str| {
        model.trim() != model
            || model.is_empty()
            || model.chars().count() > 200
            || model.chars().any(char::is_control)
    };
    if settings.prices.len() > MAX_PRICES {
        refuse("prices", "too_long", "At most 50 models are taken.");
    } else if settings.prices.iter().any(|price| strange(&price.model)) {
        let message = "A model's name has 1 to 200 characters on one line.";
        refuse("prices", "invalid", message);
    } else if !settings
        .prices
        .iter()
        .all(|price| seen.insert(&price.model))
    {
        refuse("prices", "invalid", "A model stands there twice.");
    } else if settings
        .prices
        .iter()
        .any(|price| price.price().is_absurd())
    {
        refuse("prices", "invalid", &prices::too_high());
    }
    faults
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fields(proxy: Value) -> Vec<String> {
        let proxy: ModelProxyConfig = serde_json::from_value(proxy).unwrap();
        let faults = check_proxy(&proxy).into_iter();
        faults
            .map(|fault| fault.field.replace("configuration.modelProxy.", ""))
            .collect()
    }

    #[test]
    fn faults_name_their_path() {
        let key = "019a4c81-7c2e-7d41-9b0a-3f2c90b40001";
        let none: [&str; 0] = [];
        assert_eq!(fields(json!({})), none);
        assert_eq!(fields(json!({ "openai": { "providerKeyId": key } })), none);
        assert_eq!(
            fields(json!({ "openai": { "baseUrl": "http://localhost:11434/v1" } })),
            none
        );
        assert_eq!(
            fields(json!({ "anthropic": {} })),
            ["anthropic.providerKeyId"]
        );
        let odd = json!({ "openai": { "baseUrl": "file:///x", "maxOutputTokens": 0,
            "prices": [{ "model": "a" }, { "model": "a" }] } });
        assert_eq!(
            fields(odd),
            ["openai.baseUrl", "openai.maxOutputTokens", "openai.prices"]
        );
        let nameless = json!({ "openai": { "providerKeyId": key, "prices": [{ "model": " " }] } });
        assert_eq!(fields(nameless), ["openai.prices"]);
        for (rate, faults) in [
            (1_000_000_000_000_u64, &[][..]),
            (1_000_000_000_001, &["openai.prices"]),
        ] {
            let priced = json!({ "openai": { "providerKeyId": key, "prices":
                [{ "model": "a", "cacheReadPriceMicrousdPerMtok": rate }] } });
            assert_eq!(fields(priced), faults);
        }
    }
}
