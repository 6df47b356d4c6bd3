//! Reads and checks how an agent decides. A fault names its path below `configuration`, the
//! API's name for it.

use serde_json::Value;
use url::Url;

use crate::arena::agent_config_proxy::check_proxy;
use crate::domain::agent::{
    AgentConfig, AgentKind, BuiltinPolicy, LlmConfig, Provider, RemoteConfig, WebhookConfig,
};
use crate::domain::validation::{FieldError, Invalid};

const FIELD: &str = "configuration";

/// Most characters of a prompt.
const MAX_PROMPT: usize = 20_000;

/// Reads a configuration from its JSON form.
pub fn read_config(value: Value) -> Result<AgentConfig, Invalid> {
    let Value::Object(mut fields) = value else {
        let message =
            "It must be an object such as {\"kind\": \"builtin\", \"policy\": \"heuristic\"}.";
        return Err(Invalid::one(FIELD, "invalid", message));
    };
    let names: Vec<&str> = AgentKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let names = names.join(", ");
    let kind = match fields.get("kind") {
        None => {
            let message = format!("`kind` is missing; it is one of: {names}.");
            return Err(Invalid::one("configuration.kind", "required", message));
        }
        Some(Value::String(kind)) => kind
            .parse::<AgentKind>()
            .map_err(|error| Invalid::one("configuration.kind", "invalid", format!("{error}.")))?,
        Some(_) => {
            let message = format!("`kind` must be a string, one of: {names}.");
            return Err(Invalid::one("configuration.kind", "invalid", message));
        }
    };
    match kind {
        AgentKind::Builtin => read(Value::Object(fields)),
        // Read without the tag, so that a fault keeps its path.
        AgentKind::Llm => {
            fields.shift_remove("kind");
            read::<LlmConfig>(Value::Object(fields)).map(AgentConfig::Llm)
        }
        AgentKind::Webhook => {
            fields.shift_remove("kind");
            read::<WebhookConfig>(Value::Object(fields)).map(AgentConfig::Webhook)
        }
        AgentKind::Remote => {
            fields.shift_remove("kind");
            read::<RemoteConfig>(Value::Object(fields)).map(AgentConfig::Remote)
        }
        AgentKind::Command => {
            let message = "Programs on the arena's machine are added by its operator alone, with \
                 `agentarena run --agent-cmd`; give your agent an address and take `webhook`.";
            Err(Invalid::one("configuration.kind", "forbidden", message))
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, Invalid> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let field = match path.as_str() {
            "." | "?" => FIELD.to_owned(),
            path => format!("{FIELD}.{path}"),
        };
        Invalid::one(field, "invalid", format!("{}.", error.inner()))
    })
}

/// Checks what the types cannot say. Empty when all is well.
pub fn check_config(config: &AgentConfig) -> Vec<FieldError> {
    match config {
        AgentConfig::Builtin {
            policy: BuiltinPolicy::Oracle,
        } => {
            let message = "The oracle plays reference solutions and belongs to the arena alone; \
                 choose null, random or heuristic.";
            vec![FieldError::new("configuration.policy", "invalid", message)]
        }
        AgentConfig::Builtin { policy } if policy.is_for_the_gate() => {
            let message =
                "This agent exists for the arena's own gate; choose null, random or heuristic.";
            vec![FieldError::new("configuration.policy", "invalid", message)]
        }
        AgentConfig::Builtin { .. } => Vec::new(),
        AgentConfig::Llm(config) => check_llm(config),
        AgentConfig::Webhook(config) => check_webhook(config),
        AgentConfig::Remote(config) => check_remote(config),
        AgentConfig::Command(config) => {
            let mut faults = check_time("turnTimeoutMs", config.turn_timeout_ms);
            faults.extend(check_proxy(&config.model_proxy));
            faults
        }
    }
}

fn check_webhook(config: &WebhookConfig) -> Vec<FieldError> {
    let mut faults = check_time("turnTimeoutMs", config.turn_timeout_ms);
    if let Err(message) = check_base_url(&config.url) {
        faults.push(FieldError::new("configuration.url", "invalid", message));
    }
    faults.extend(check_secret(config.secret_number));
    faults.extend(check_proxy(&config.model_proxy));
    faults
}

fn check_remote(config: &RemoteConfig) -> Vec<FieldError> {
    let mut faults = check_time("turnTimeoutMs", config.turn_timeout_ms);
    faults.extend(check_time("claimTimeoutMs", config.claim_timeout_ms));
    if let Some(ms) = config.heartbeat_timeout_ms {
        faults.extend(check_time("heartbeatTimeoutMs", ms));
    }
    faults.extend(check_secret(config.secret_number));
    faults.extend(check_proxy(&config.model_proxy));
    faults
}

fn check_secret(number: u32) -> Option<FieldError> {
    let message = "Secrets are numbered from 1.";
    (number == 0).then(|| FieldError::new("configuration.secretNumber", "invalid", message))
}

fn check_time(name: &str, ms: u64) -> Vec<FieldError> {
    if (1_000..=600_000).contains(&ms) {
        return Vec::new();
    }
    let message = "Take 1000 to 600000 milliseconds.";
    let field = format!("{FIELD}.{name}");
    vec![FieldError::new(field, "invalid", message)]
}

fn check_llm(config: &LlmConfig) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut refuse = |name: &str, code: &'static str, message: &str| {
        let field = format!("{FIELD}.{name}");
        faults.push(FieldError::new(field, code, message));
    };
    let model = config.model.trim();
    if model.is_empty() {
        refuse(
            "model",
            "required",
            "Name the model as its provider does, e.g. `gpt-5-mini`.",
        );
    } else if model.chars().count() > 200 || model.chars().any(char::is_control) {
        refuse(
            "model",
            "invalid",
            "A model's name has at most 200 characters on one line.",
        );
    }
    if let Some(base_url) = &config.base_url
        && let Err(message) = check_base_url(base_url)
    {
        refuse("baseUrl", "invalid", message);
    }
    if config.provider == Provider::Anthropic
        && config.base_url.is_none()
        && config.provider_key_id.is_none()
    {
        refuse(
            "providerKeyId",
            "required",
            "Anthropic answers nobody without a key; store one and choose it, or give the base \
             URL of another server.",
        );
    }
    let most = config.provider.most_temperature();
    if config
        .temperature
        .is_some_and(|temperature| !(0.0..=most).contains(&temperature))
    {
        let message = format!(
            "The temperature is a number from 0 to {most} with the provider `{}`.",
            config.provider
        );
        refuse("temperature", "invalid", &message);
    }
    if config
        .max_output_tokens
        .is_some_and(|tokens| !(1..=200_000).contains(&tokens))
    {
        refuse(
            "maxOutputTokens",
            "invalid",
            "Take 1 to 200000 tokens, or leave it out.",
        );
    }
    if config
        .system_prompt
        .as_ref()
        .is_some_and(|prompt| prompt.chars().count() > MAX_PROMPT)
    {
        refuse(
            "systemPrompt",
            "too_long",
            "At most 20000 characters are taken.",
        );
    }
    if config.memory_steps > 50 {
        refuse("memorySteps", "invalid", "Take 0 to 50 steps.");
    }
    if !(1_000..=600_000).contains(&config.call_timeout_ms) {
        refuse(
            "callTimeoutMs",
            "invalid",
            "Take 1000 to 600000 milliseconds.",
        );
    }
    faults
}

pub(super) fn check_base_url(text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text)
        .map_err(|_| "It is not an address; write e.g. `https://models.example/v1`.")?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("Only http and https addresses with a host are taken.");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Keep names and passwords out of the address; store a provider key instead.");
    }
    if url.fragment().is_some() || text.len() > 500 {
        return Err("Take at most 500 characters, without `#`.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field_of(value: Value) -> String {
        match read_config(value) {
            Err(invalid) => invalid.0[0].field.clone(),
            Ok(config) => check_config(&config)[0].field.clone(),
        }
    }

    #[test]
    fn right_configurations_are_read() {
        for value in [
            json!({"kind": "builtin", "policy": "heuristic"}),
            json!({"kind": "llm", "provider": "openai", "model": "m", "temperature": 0.5,
                   "baseUrl": "http://localhost:11434/v1"}),
            json!({"kind": "llm", "provider": "anthropic", "model": "m", "temperature": 1.0,
                   "providerKeyId": "019a4c81-7c2e-7d41-9b0a-3f2c90b40001"}),
            json!({"kind": "llm", "provider": "anthropic", "model": "m",
                   "baseUrl": "http://localhost:4000"}),
        ] {
            let config = read_config(value).unwrap();
            assert_eq!(check_config(&config), []);
        }
    }

    #[test]
    fn faults_name_their_path() {
        let llm = |more: Value| {
            let mut value = json!({"kind": "llm", "provider": "openai", "model": "m"});
            for (name, given) in more.as_object().unwrap() {
                value[name] = given.clone();
            }
            value
        };
        for (value, field) in [
            (json!(3), "configuration"),
            (json!({}), "configuration.kind"),
            (json!({"kind": "robot"}), "configuration.kind"),
            (json!({"kind": 1}), "configuration.kind"),
            (
                json!({"kind": "builtin", "policy": "oracle"}),
                "configuration.policy",
            ),
            (llm(json!({"provider": "acme"})), "configuration.provider"),
            (llm(json!({"model": " "})), "configuration.model"),
            (
                llm(json!({"temperature": "warm"})),
                "configuration.temperature",
            ),
            (llm(json!({"temperature": 3})), "configuration.temperature"),
            (
                llm(json!({"provider": "anthropic"})),
                "configuration.providerKeyId",
            ),
            (
                llm(json!({"provider": "anthropic", "temperature": 1.5,
                           "baseUrl": "http://localhost:4000"})),
                "configuration.temperature",
            ),
            (
                llm(json!({"cacheReadPriceMicrousdPerMtok": -1})),
                "configuration.cacheReadPriceMicrousdPerMtok",
            ),
            (
                llm(json!({"baseUrl": "file:///etc/passwd"})),
                "configuration.baseUrl",
            ),
            (
                llm(json!({"baseUrl": "http://u:p@host/"})),
                "configuration.baseUrl",
            ),
            (
                llm(json!({"callTimeoutMs": 1})),
                "configuration.callTimeoutMs",
            ),
        ] {
            assert_eq!(field_of(value.clone()), field, "{value}");
        }
    }
}
