//! Reads and checks how an agent decides. A fault names its path below `configuration`, the
//! API's name for it.

mod llm;

use serde_json::Value;
use url::Url;

use crate::arena::agent_config_proxy::check_proxy;
use crate::domain::agent::{
    AgentConfig, AgentKind, BuiltinPolicy, LlmConfig, RemoteConfig, WebhookConfig,
};
use crate::domain::validation::{FieldError, Invalid};

const FIELD: &str = "configuration";

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
        AgentConfig::Llm(config) => llm::check(config),
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
            json!({"kind": "llm", "provider": "anthropic", "model": "m", "thinkingTokens": 8_000,
                   "baseUrl": "http://localhost:4000", "reasoningEffort": "max", "retries": 0,
                   "actions": "text", "screenshot": "marks", "observation": "diff",
                   "memory": "summary", "plan": true, "think": true, "contextTokens": 30_000,
                   "wrapper": {"kind": "vote", "samples": 5}}),
        ] {
            let config = read_config(value).unwrap();
            assert_eq!(check_config(&config), []);
        }
    }

    fn llm(more: &Value) -> Value {
        let mut value = json!({"kind": "llm", "provider": "openai", "model": "m"});
        for (name, given) in more.as_object().unwrap() {
            value[name] = given.clone();
        }
        value
    }

    fn claude(more: &Value) -> Value {
        let mut value = llm(more);
        value["provider"] = json!("anthropic");
        value["baseUrl"] = json!("http://localhost:4000");
        value
    }

    #[test]
    fn faults_name_their_path() {
        for (value, field) in [
            (json!(3), "configuration"),
            (json!({}), "configuration.kind"),
            (json!({"kind": "robot"}), "configuration.kind"),
            (json!({"kind": 1}), "configuration.kind"),
            (
                json!({"kind": "builtin", "policy": "oracle"}),
                "configuration.policy",
            ),
            (llm(&json!({"provider": "acme"})), "configuration.provider"),
            (llm(&json!({"model": " "})), "configuration.model"),
            (
                llm(&json!({"temperature": "warm"})),
                "configuration.temperature",
            ),
            (llm(&json!({"temperature": 3})), "configuration.temperature"),
            (
                llm(&json!({"provider": "anthropic"})),
                "configuration.providerKeyId",
            ),
            (
                llm(&json!({"provider": "anthropic", "temperature": 1.5,
                           "baseUrl": "http://localhost:4000"})),
                "configuration.temperature",
            ),
            (
                llm(&json!({"cacheReadPriceMicrousdPerMtok": -1})),
                "configuration.cacheReadPriceMicrousdPerMtok",
            ),
            (
                llm(&json!({"outputPriceMicrousdPerMtok": 1_000_000_000_001_u64})),
                "configuration.outputPriceMicrousdPerMtok",
            ),
            (
                llm(&json!({"baseUrl": "file:///etc/passwd"})),
                "configuration.baseUrl",
            ),
            (
                llm(&json!({"baseUrl": "http://u:p@host/"})),
                "configuration.baseUrl",
            ),
            (
                llm(&json!({"callTimeoutMs": 1})),
                "configuration.callTimeoutMs",
            ),
        ] {
            assert_eq!(field_of(value.clone()), field, "{value}");
        }
    }

    #[test]
    fn what_cannot_work_in_how_a_model_is_asked_is_named() {
        for (value, field) in [
            (llm(&json!({"actions": "voice"})), "configuration.actions"),
            (
                llm(&json!({"screenshot": true})),
                "configuration.screenshot",
            ),
            (llm(&json!({"retries": 11})), "configuration.retries"),
            (
                llm(&json!({"contextTokens": 100})),
                "configuration.contextTokens",
            ),
            (
                llm(&json!({"memory": "summary", "memorySteps": 1})),
                "configuration.memorySteps",
            ),
            (
                llm(&json!({"thinkingTokens": 2_000})),
                "configuration.thinkingTokens",
            ),
            (
                claude(&json!({"thinkingTokens": 1_000})),
                "configuration.thinkingTokens",
            ),
            (
                claude(&json!({"thinkingTokens": 4_000, "maxOutputTokens": 4_000})),
                "configuration.thinkingTokens",
            ),
            (
                claude(&json!({"reasoningEffort": "minimal"})),
                "configuration.reasoningEffort",
            ),
            (
                claude(&json!({"reasoningEffort": "low", "temperature": 1})),
                "configuration.temperature",
            ),
            (
                llm(&json!({"wrapper": {"kind": "vote", "samples": 1}})),
                "configuration.wrapper.samples",
            ),
            (
                llm(&json!({"wrapper": {"kind": "vote", "samples": 3}, "temperature": 0})),
                "configuration.temperature",
            ),
            (
                llm(&json!({"wrapper": {"kind": "retry", "attempts": 0}})),
                "configuration.wrapper.attempts",
            ),
            (
                llm(&json!({"wrapper": {"kind": "retry"}})),
                "configuration.wrapper",
            ),
        ] {
            assert_eq!(field_of(value.clone()), field, "{value}");
        }
    }
}
