//! The part of the agent form that says which models an agent may call through the arena.

use serde_json::{Map, Value, json};

use crate::domain::agent::Provider;
use crate::domain::budget::{dollars, read_dollars};
use crate::domain::model_proxy::{ModelProxyConfig, ProxiedProvider};
use crate::store::provider_keys::ProviderKey;
use crate::web::error::Failure;
use crate::web::ui::filter::Choice;
use crate::web::ui::form::Fields;

/// What is typed for all providers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProxyForm {
    openai: ProxiedForm,
    anthropic: ProxiedForm,
}

/// What is typed for one provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProxiedForm {
    /// Stored key.
    pub key: String,
    /// Base URL.
    pub base_url: String,
    /// Most tokens of a reply.
    pub tokens: String,
    /// Prices, one model a line.
    pub prices: String,
}

/// Names of the fields of one provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Names {
    /// Of the key.
    pub key: &'static str,
    /// Of the base URL.
    pub base_url: &'static str,
    /// Of the most tokens.
    pub tokens: &'static str,
    /// Of the prices.
    pub prices: &'static str,
}

const fn names(provider: Provider) -> Names {
    match provider {
        Provider::OpenAi => Names {
            key: "proxy_openai_key",
            base_url: "proxy_openai_url",
            tokens: "proxy_openai_tokens",
            prices: "proxy_openai_prices",
        },
        Provider::Anthropic => Names {
            key: "proxy_anthropic_key",
            base_url: "proxy_anthropic_url",
            tokens: "proxy_anthropic_tokens",
            prices: "proxy_anthropic_prices",
        },
    }
}

/// One provider as the page shows it.
pub struct ProxiedView {
    /// Its name for people.
    pub label: &'static str,
    /// Names of its fields.
    pub names: Names,
    /// What is typed.
    pub form: ProxiedForm,
    /// Keys to choose from.
    pub keys: Vec<Choice>,
}

impl ProxyForm {
    /// The form of settings as they are.
    pub fn of(config: &ModelProxyConfig) -> Self {
        let form = |provider| config.of(provider).map(ProxiedForm::of).unwrap_or_default();
        Self {
            openai: form(Provider::OpenAi),
            anthropic: form(Provider::Anthropic),
        }
    }

    /// The form as it was posted.
    pub fn read(fields: &Fields) -> Self {
        let form = |provider| {
            let names = names(provider);
            ProxiedForm {
                key: fields.text(names.key),
                base_url: fields.text(names.base_url),
                tokens: fields.text(names.tokens),
                prices: fields.raw(names.prices).replace("\r\n", "\n"),
            }
        };
        Self {
            openai: form(Provider::OpenAi),
            anthropic: form(Provider::Anthropic),
        }
    }

    const fn at(&self, provider: Provider) -> &ProxiedForm {
        match provider {
            Provider::OpenAi => &self.openai,
            Provider::Anthropic => &self.anthropic,
        }
    }

    /// The providers as the page shows them.
    pub fn views(&self, keys: &[ProviderKey]) -> Vec<ProxiedView> {
        let view = |provider: &Provider| {
            let form = self.at(*provider).clone();
            let keys = keys.iter().filter(|key| key.provider == *provider);
            ProxiedView {
                label: provider.label(),
                names: names(*provider),
                keys: keys
                    .map(|key| Choice {
                        value: key.id.to_string(),
                        label: format!("{}, ends with {}", key.name, key.hint),
                        selected: form.key == key.id.to_string(),
                    })
                    .collect(),
                form,
            }
        };
        Provider::ALL.iter().map(view).collect()
    }

    /// The settings that it means, in the API's form; none when no provider may be called. Every
    /// field that is not readable is named.
    pub fn config(&self) -> Result<Option<Value>, Failure> {
        let (mut config, mut faults) = (Map::new(), Vec::new());
        for provider in Provider::ALL {
            let form = self.at(*provider);
            if form.key.is_empty() && form.base_url.is_empty() {
                continue;
            }
            match form.config() {
                Ok(settings) => {
                    config.insert(provider.to_string(), settings);
                }
                Err((field, message)) => {
                    faults.push((
                        format!("configuration.modelProxy.{provider}.{field}"),
                        message,
                    ));
                }
            }
        }
        if !faults.is_empty() {
            return Err(Failure::all_invalid(faults));
        }
        Ok((!config.is_empty()).then_some(Value::Object(config)))
    }
}

impl ProxiedForm {
    fn of(settings: &ProxiedProvider) -> Self {
        let lines = settings.prices.iter().map(|price| {
            let rates = price.price();
            let rates = [
                rates.input_microusd_per_mtok,
                rates.output_microusd_per_mtok,
                rates.cache_read_microusd_per_mtok,
                rates.cache_write_microusd_per_mtok,
            ];
            let rates = rates.map(|rate| rate.map_or_else(|| "-".to_owned(), dollars));
            let line = format!("{} {}", price.model, rates.join(" "));
            line.trim_end_matches(" -").to_owned()
        });
        let text = |value: Option<String>| value.unwrap_or_default();
        Self {
            key: text(settings.provider_key_id.map(|id| id.to_string())),
            base_url: text(settings.base_url.clone()),
            tokens: text(settings.max_output_tokens.map(|most| most.to_string())),
            prices: lines.collect::<Vec<_>>().join("\n"),
        }
    }

    fn config(&self) -> Result<Value, (&'static str, String)> {
        let mut settings = Map::new();
        for (name, given) in [("providerKeyId", &self.key), ("baseUrl", &self.base_url)] {
            if !given.is_empty() {
                settings.insert(name.to_owned(), json!(given));
            }
        }
        if !self.tokens.is_empty() {
            let tokens: u32 = self.tokens.parse().map_err(|_| {
                (
                    "maxOutputTokens",
                    "This is not a whole number of tokens.".to_owned(),
                )
            })?;
            settings.insert("maxOutputTokens".to_owned(), json!(tokens));
        }
        let lines = self.prices.lines().map(str::trim);
        let prices = lines.filter(|line| !line.is_empty()).map(read_price);
        let prices = prices.collect::<Result<Vec<_>, _>>();
        let prices = prices.map_err(|message| ("prices", message))?;
        if !prices.is_empty() {
            settings.insert("prices".to_owned(), Value::Array(prices));
        }
        Ok(Value::Object(settings))
    }
}

/// A line such as `gpt-5-mini 0.25 2`: the model, and the prices of input, output, read from the
/// cache and written to it; `-` for one that is not known.
fn read_price(line: &str) -> Result<Value, String> {
    let mut words = line.split_whitespace();
    let mut price = json!({ "model": words.next() });
    let rates: Vec<&str> = words.collect();
    if !(1..=4).contains(&rates.len()) {
        return Err(format!(
            "`{line}`: write a model and one to four prices, e.g. `my-model 0.25 2`."
        ));
    }
    let names = [
        "inputPriceMicrousdPerMtok",
        "outputPriceMicrousdPerMtok",
        "cacheReadPriceMicrousdPerMtok",
        "cacheWritePriceMicrousdPerMtok",
    ];
    for (name, rate) in names
        .into_iter()
        .zip(rates)
        .filter(|(_, rate)| *rate != "-")
    {
        let rate = read_dollars(rate);
        let rate =
            rate.ok_or_else(|| format!("`{line}` has a price that is none; write e.g. 0.25."))?;
        price[name] = json!(rate);
    }
    Ok(price)
}

/// The form's name of the API's field, which stands below `modelProxy.`.
pub fn own_name(field: &str) -> &'static str {
    let (provider, rest) = field.split_once('.').unwrap_or((field, ""));
    let names = names(match provider {
        "anthropic" => Provider::Anthropic,
        _ => Provider::OpenAi,
    });
    match rest.split(['.', '[']).next().unwrap_or_default() {
        "baseUrl" => names.base_url,
        "maxOutputTokens" => names.tokens,
        "prices" => names.prices,
        _ => names.key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_means_the_settings_that_it_shows() {
        let mut form = ProxyForm::default();
        assert_eq!(form.config().unwrap(), None);
        form.openai.base_url = "http://localhost:11434/v1".to_owned();
        form.openai.prices = "qwen 0.5 1.25\n\n o - 2 - 0.1 ".to_owned();
        form.openai.tokens = "2000".to_owned();
        let config = form.config().unwrap().unwrap();
        let config: ModelProxyConfig = serde_json::from_value(config).unwrap();
        let openai = config.openai.as_ref().unwrap();
        assert_eq!(openai.max_output_tokens, Some(2_000));
        assert_eq!(
            openai.prices[0].output_price_microusd_per_mtok,
            Some(1_250_000)
        );
        assert_eq!(openai.prices[1].input_price_microusd_per_mtok, None);
        assert_eq!(
            openai.prices[1].cache_write_price_microusd_per_mtok,
            Some(100_000)
        );
        assert_eq!(config.anthropic, None);
        let again = ProxyForm::of(&config);
        let again: ModelProxyConfig =
            serde_json::from_value(again.config().unwrap().unwrap()).unwrap();
        assert_eq!(again, config);
    }

    #[test]
    fn faults_stand_at_their_field() {
        for (prices, tokens, field) in [
            ("model", "", "proxy_anthropic_prices"),
            ("model x", "", "proxy_anthropic_prices"),
            ("", "many", "proxy_anthropic_tokens"),
        ] {
            let mut form = ProxyForm::default();
            form.anthropic.base_url = "http://localhost".to_owned();
            form.anthropic.prices = prices.to_owned();
            form.anthropic.tokens = tokens.to_owned();
            let failure = form.config().unwrap_err();
            let name = failure.items()[0].field.clone().unwrap();
            let name = name.strip_prefix("configuration.modelProxy.").unwrap();
            assert_eq!(own_name(name), field);
        }
        assert_eq!(own_name("openai.providerKeyId"), "proxy_openai_key");
        assert_eq!(own_name("openai.prices[0].model"), "proxy_openai_prices");
    }
}
