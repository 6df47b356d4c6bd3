//! The agent form: every field as typed, and the configuration that it means.

pub mod behaviour;

use serde_json::{Map, Value, json};

use crate::arena::agent_config::read_config;
use crate::domain::agent::{
    Agent, AgentConfig, BuiltinPolicy, Provider, default_call_timeout_ms, default_claim_timeout_ms,
    default_memory_steps, default_turn_timeout_ms,
};
use crate::web::error::Failure;
use crate::web::pages::agent_form_proxy::{self, ProxyForm};
use crate::web::ui::form::Fields;
use behaviour::Behaviour;

/// The fields as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AgentForm {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// `llm`, `webhook`, `remote` or `builtin`.
    pub kind: String,
    /// Policy of a built-in kind.
    pub policy: String,
    /// Address of a webhook.
    pub url: String,
    /// Whether a webhook gets pictures: `on`, or empty.
    pub screenshots: String,
    /// Time for a turn of a webhook in seconds.
    pub turn_timeout_s: String,
    /// Time for claiming an episode in seconds.
    pub claim_timeout_s: String,
    /// Longest silence of a remote agent in seconds; empty: none is set.
    pub heartbeat_timeout_s: String,
    /// Number of a webhook's signing secret.
    pub secret_number: String,
    /// Models that the agent may call through the arena.
    pub proxy: ProxyForm,
    /// Which interface is spoken.
    pub provider: String,
    /// Model.
    pub model: String,
    /// Base URL.
    pub base_url: String,
    /// Stored key.
    pub provider_key_id: String,
    /// Temperature.
    pub temperature: String,
    /// Most tokens of a reply.
    pub max_output_tokens: String,
    /// Time for a call in seconds.
    pub call_timeout_s: String,
    /// Price of input in dollars per million tokens.
    pub input_price: String,
    /// Price of output in dollars per million tokens.
    pub output_price: String,
    /// Price of input read from the cache.
    pub cache_read_price: String,
    /// Price of input written to the cache.
    pub cache_write_price: String,
    /// Past steps in the prompt.
    pub memory_steps: String,
    /// System prompt.
    pub system_prompt: String,
    /// How a prompted model is asked.
    pub behaviour: Behaviour,
}

impl AgentForm {
    /// A form for a new agent, with the defaults filled in.
    pub fn empty() -> Self {
        Self {
            kind: "llm".to_owned(),
            policy: BuiltinPolicy::Heuristic.to_string(),
            provider: Provider::OpenAi.to_string(),
            memory_steps: default_memory_steps().to_string(),
            call_timeout_s: seconds(default_call_timeout_ms()),
            turn_timeout_s: seconds(default_turn_timeout_ms()),
            claim_timeout_s: seconds(default_claim_timeout_ms()),
            secret_number: "1".to_owned(),
            behaviour: Behaviour::empty(),
            ..Self::default()
        }
    }

    /// The form of an agent as it is.
    pub fn of(agent: &Agent) -> Self {
        let mut form = Self::empty();
        form.name.clone_from(&agent.name);
        form.description.clone_from(&agent.description);
        match &agent.revision.config {
            AgentConfig::Builtin { policy } => {
                "builtin".clone_into(&mut form.kind);
                form.policy = policy.to_string();
            }
            AgentConfig::Webhook(webhook) => {
                "webhook".clone_into(&mut form.kind);
                form.url.clone_from(&webhook.url);
                if webhook.screenshots {
                    "on".clone_into(&mut form.screenshots);
                }
                form.turn_timeout_s = seconds(webhook.turn_timeout_ms);
                form.secret_number = webhook.secret_number.to_string();
                form.proxy = ProxyForm::of(&webhook.model_proxy);
            }
            AgentConfig::Remote(remote) => {
                "remote".clone_into(&mut form.kind);
                if remote.screenshots {
                    "on".clone_into(&mut form.screenshots);
                }
                form.turn_timeout_s = seconds(remote.turn_timeout_ms);
                form.claim_timeout_s = seconds(remote.claim_timeout_ms);
                form.heartbeat_timeout_s = text(remote.heartbeat_timeout_ms.map(seconds));
                form.secret_number = remote.secret_number.to_string();
                form.proxy = ProxyForm::of(&remote.model_proxy);
            }
            AgentConfig::Command(_) => "command".clone_into(&mut form.kind),
            AgentConfig::Llm(llm) => {
                form.provider = llm.provider.to_string();
                form.model.clone_from(&llm.model);
                form.base_url = llm.base_url.clone().unwrap_or_default();
                form.provider_key_id = text(llm.provider_key_id);
                form.temperature = text(llm.temperature);
                form.max_output_tokens = text(llm.max_output_tokens);
                form.call_timeout_s = seconds(llm.call_timeout_ms);
                let own = llm.own_price();
                form.input_price = text(own.input_microusd_per_mtok.map(dollars));
                form.output_price = text(own.output_microusd_per_mtok.map(dollars));
                form.cache_read_price = text(own.cache_read_microusd_per_mtok.map(dollars));
                form.cache_write_price = text(own.cache_write_microusd_per_mtok.map(dollars));
                form.memory_steps = llm.memory_steps.to_string();
                form.system_prompt = llm.system_prompt.clone().unwrap_or_default();
                form.behaviour = Behaviour::of(llm);
            }
        }
        form
    }

    /// The form as it was posted.
    pub fn read(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            description: fields.text("description"),
            kind: fields.text("kind"),
            policy: fields.text("policy"),
            url: fields.text("url"),
            screenshots: fields.text("screenshots"),
            turn_timeout_s: fields.text("turn_timeout_s"),
            claim_timeout_s: fields.text("claim_timeout_s"),
            heartbeat_timeout_s: fields.text("heartbeat_timeout_s"),
            secret_number: fields.text("secret_number"),
            proxy: ProxyForm::read(fields),
            provider: fields.text("provider"),
            model: fields.text("model"),
            base_url: fields.text("base_url"),
            provider_key_id: fields.text("provider_key_id"),
            temperature: fields.text("temperature"),
            max_output_tokens: fields.text("max_output_tokens"),
            call_timeout_s: fields.text("call_timeout_s"),
            input_price: fields.text("input_price"),
            output_price: fields.text("output_price"),
            cache_read_price: fields.text("cache_read_price"),
            cache_write_price: fields.text("cache_write_price"),
            memory_steps: fields.text("memory_steps"),
            system_prompt: fields.raw("system_prompt").replace("\r\n", "\n"),
            behaviour: Behaviour::read(fields),
        }
    }

    /// The configuration that the form means. Every field that is not readable is named.
    pub fn config(&self) -> Result<AgentConfig, Failure> {
        if self.kind == "builtin" {
            let value = json!({"kind": "builtin", "policy": self.policy});
            return Ok(read_config(value)?);
        }
        let mut config = Map::new();
        config.insert("kind".to_owned(), json!(self.kind));
        if self.kind != "llm" {
            // Of kinds that are not there the API's rules say why not.
            if self.kind == "webhook" {
                config.insert("url".to_owned(), json!(self.url.trim()));
            }
            config.insert("screenshots".to_owned(), json!(self.screenshots == "on"));
            for (name, value) in self.foreign_numbers()? {
                config.insert(name.to_owned(), value);
            }
            if let Some(proxy) = self.proxy.config()? {
                config.insert("modelProxy".to_owned(), proxy);
            }
            return Ok(read_config(Value::Object(config))?);
        }
        config.insert("provider".to_owned(), json!(self.provider));
        config.insert("model".to_owned(), json!(self.model));
        let texts = [
            ("baseUrl", self.base_url.trim()),
            ("providerKeyId", self.provider_key_id.trim()),
            ("systemPrompt", self.system_prompt.trim_end()),
        ];
        for (name, value) in texts {
            if !value.is_empty() {
                config.insert(name.to_owned(), json!(value));
            }
        }
        self.behaviour.add_to(&mut config);
        for (name, value) in self.numbers()? {
            config.insert(name.to_owned(), value);
        }
        self.behaviour.add_wrapper(&mut config);
        Ok(read_config(Value::Object(config))?)
    }

    fn foreign_numbers(&self) -> Result<Vec<(&'static str, Value)>, Failure> {
        let mut numbers = Numbers::default();
        let seconds = "a number of seconds";
        numbers.take(
            "turnTimeoutMs",
            &self.turn_timeout_s,
            1_000.0,
            true,
            seconds,
        );
        if self.kind == "remote" {
            for (name, given) in [
                ("claimTimeoutMs", &self.claim_timeout_s),
                ("heartbeatTimeoutMs", &self.heartbeat_timeout_s),
            ] {
                numbers.take(name, given, 1_000.0, true, seconds);
            }
        }
        let number = "a whole number from 1";
        numbers.take("secretNumber", &self.secret_number, 1.0, true, number);
        numbers.all()
    }

    fn numbers(&self) -> Result<Vec<(&'static str, Value)>, Failure> {
        let mut numbers = Numbers::default();
        let mut take = |name, given: &str, scale, whole, what| {
            numbers.take(name, given, scale, whole, what);
        };
        let price = "a price in dollars such as 0.15";
        take(
            "temperature",
            &self.temperature,
            1.0,
            false,
            "a number from 0 to 2",
        );
        take(
            "maxOutputTokens",
            &self.max_output_tokens,
            1.0,
            true,
            "a whole number of tokens",
        );
        take(
            "callTimeoutMs",
            &self.call_timeout_s,
            1_000.0,
            true,
            "a number of seconds",
        );
        take(
            "memorySteps",
            &self.memory_steps,
            1.0,
            true,
            "a whole number of steps",
        );
        for (name, given) in [
            ("inputPriceMicrousdPerMtok", &self.input_price),
            ("outputPriceMicrousdPerMtok", &self.output_price),
            ("cacheReadPriceMicrousdPerMtok", &self.cache_read_price),
            ("cacheWritePriceMicrousdPerMtok", &self.cache_write_price),
        ] {
            take(name, given, 1e6, true, price);
        }
        self.behaviour.numbers(&mut numbers);
        numbers.all()
    }
}

/// Numbers as typed, in the API's units, and what is wrong with them.
#[derive(Default)]
struct Numbers {
    read: Vec<(&'static str, Value)>,
    faults: Vec<(String, String)>,
}

impl Numbers {
    /// Reads one; an empty field is left to the default.
    fn take(&mut self, name: &'static str, given: &str, scale: f64, whole: bool, what: &str) {
        let given = given.trim().trim_start_matches('$');
        if given.is_empty() {
            return;
        }
        match given.parse::<f64>() {
            Ok(number) if number.is_finite() && number >= 0.0 => {
                self.read.push((name, scaled(number, scale, whole)));
            }
            _ => self.faults.push((
                format!("configuration.{name}"),
                format!("This is not {what}."),
            )),
        }
    }

    fn all(self) -> Result<Vec<(&'static str, Value)>, Failure> {
        if self.faults.is_empty() {
            Ok(self.read)
        } else {
            Err(Failure::all_invalid(self.faults))
        }
    }
}

/// A number in the API's unit. Prices and times are whole there; a count that was typed with a
/// fraction stays as it is and is refused by the API's rules.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, whole, and saturating at the type's bound, which the rules refuse"
)]
fn scaled(number: f64, scale: f64, whole: bool) -> Value {
    let value = number * scale;
    let rounded = value.round();
    if whole && (scale > 1.0 || (value - rounded).abs() < f64::EPSILON) {
        json!(rounded as u64)
    } else {
        json!(value)
    }
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "times and prices stay far below 2^52"
)]
fn seconds(ms: u64) -> String {
    (ms as f64 / 1_000.0).to_string()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "times and prices stay far below 2^52"
)]
fn dollars(microusd: u64) -> f64 {
    microusd as f64 / 1e6
}

/// The form's name of the API's field.
pub fn own_name(field: &str) -> &'static str {
    let field = field.strip_prefix("configuration.").unwrap_or(field);
    if let Some(name) = behaviour::own_name(field) {
        return name;
    }
    if let Some(field) = field.strip_prefix("modelProxy.") {
        return agent_form_proxy::own_name(field);
    }
    match field {
        "description" => "description",
        "kind" | "configuration" => "kind",
        "policy" => "policy",
        "url" => "url",
        "screenshots" => "screenshots",
        "turnTimeoutMs" => "turn_timeout_s",
        "claimTimeoutMs" => "claim_timeout_s",
        "heartbeatTimeoutMs" => "heartbeat_timeout_s",
        "secretNumber" => "secret_number",
        "model" => "model",
        "provider" => "provider",
        "baseUrl" => "base_url",
        "providerKeyId" => "provider_key_id",
        "temperature" => "temperature",
        "maxOutputTokens" => "max_output_tokens",
        "callTimeoutMs" => "call_timeout_s",
        "inputPriceMicrousdPerMtok" => "input_price",
        "outputPriceMicrousdPerMtok" => "output_price",
        "cacheReadPriceMicrousdPerMtok" => "cache_read_price",
        "cacheWritePriceMicrousdPerMtok" => "cache_write_price",
        "memorySteps" => "memory_steps",
        "systemPrompt" => "system_prompt",
        _ => "name",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn llm() -> AgentForm {
        AgentForm {
            model: "kestrel-70b".to_owned(),
            temperature: "0".to_owned(),
            input_price: "0.15".to_owned(),
            ..AgentForm::empty()
        }
    }

    #[test]
    fn a_form_means_the_configuration_that_it_shows() {
        let AgentConfig::Llm(config) = llm().config().unwrap() else {
            panic!("an llm configuration");
        };
        assert_eq!(config.input_price_microusd_per_mtok, Some(150_000));
        assert_eq!(config.output_price_microusd_per_mtok, None);
        assert_eq!(
            (config.call_timeout_ms, config.temperature),
            (120_000, Some(0.0))
        );
    }

    #[test]
    fn provider_and_cache_prices_are_read_and_shown_again() {
        let form = AgentForm {
            provider: "anthropic".to_owned(),
            base_url: "http://localhost:4000".to_owned(),
            cache_read_price: "0.3".to_owned(),
            cache_write_price: "$3.75".to_owned(),
            ..llm()
        };
        let AgentConfig::Llm(config) = form.config().unwrap() else {
            panic!("an llm configuration");
        };
        assert_eq!(config.provider, Provider::Anthropic);
        assert_eq!(config.cache_read_price_microusd_per_mtok, Some(300_000));
        assert_eq!(config.cache_write_price_microusd_per_mtok, Some(3_750_000));
        let unknown = AgentForm {
            provider: "acme".to_owned(),
            ..llm()
        };
        let failure = unknown.config().unwrap_err();
        let field = failure.items()[0].field.as_deref().unwrap();
        assert_eq!(own_name(field), "provider");
    }

    #[test]
    fn every_unreadable_number_is_named_at_its_field() {
        let form = AgentForm {
            temperature: "warm".to_owned(),
            output_price: "-1".to_owned(),
            ..llm()
        };
        let failure = form.config().unwrap_err();
        let fields: Vec<_> = failure
            .items()
            .iter()
            .map(|item| own_name(item.field.as_deref().unwrap()))
            .collect();
        assert_eq!(fields, ["temperature", "output_price"]);
    }

    #[test]
    fn a_fraction_of_a_token_is_refused() {
        let form = AgentForm {
            max_output_tokens: "10.5".to_owned(),
            ..llm()
        };
        assert!(form.config().is_err());
    }
}
