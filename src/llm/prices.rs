//! The price list that ships with the arena, `prices.toml`. It holds for the providers' own
//! addresses only: what a model costs elsewhere, the list cannot know.

use serde::Deserialize;
use url::Url;

use crate::domain::agent::Provider;
use crate::domain::price::{Listed, Price, Tariff};

const BUNDLED: &str = include_str!("prices.toml");

/// The price list cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the arena's price list cannot be read: {0}")]
pub struct PriceListError(#[from] toml::de::Error);

/// Prices of models, with their sources.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceList {
    /// The list's version, a date.
    pub version: String,
    /// The prices.
    #[serde(rename = "price")]
    pub rows: Vec<PriceRow>,
}

/// What the models of one row cost, in millionths of a dollar per million tokens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRow {
    /// Whose models.
    pub provider: Provider,
    /// Every name that the provider knows the model by.
    pub models: Vec<String>,
    /// Of input.
    pub input: u64,
    /// Of output.
    pub output: u64,
    /// Of input read from the cache; absent: unknown.
    pub cache_read: Option<u64>,
    /// Of input written to the cache; absent: unknown, or the provider takes none.
    pub cache_write: Option<u64>,
    /// Calls with more input are charged otherwise; absent: no bound.
    pub up_to_input_tokens: Option<u64>,
    /// Where the prices stand.
    pub source: String,
    /// The earliest day that the page can be of, by what it says.
    pub date: String,
}

impl PriceList {
    /// The list that ships with the arena.
    pub fn bundled() -> Result<Self, PriceListError> {
        Ok(toml::from_str(BUNDLED)?)
    }

    /// What calls to a model are booked with.
    pub fn tariff(
        &self,
        provider: Provider,
        base_url: Option<&str>,
        model: &str,
        own: Price,
    ) -> Tariff {
        let row = self
            .rows
            .iter()
            .find(|row| row.provider == provider && row.models.iter().any(|name| name == model))
            .filter(|_| is_own_address(provider, base_url));
        let listed = row.map(|row| Listed {
            price: row.price(),
            version: self.version.clone(),
            up_to_input_tokens: row.up_to_input_tokens,
        });
        Tariff {
            own,
            personal: None,
            listed,
        }
    }
}

impl PriceRow {
    /// The rates.
    pub const fn price(&self) -> Price {
        Price {
            input_microusd_per_mtok: Some(self.input),
            output_microusd_per_mtok: Some(self.output),
            cache_read_microusd_per_mtok: self.cache_read,
            cache_write_microusd_per_mtok: self.cache_write,
        }
    }
}

fn is_own_address(provider: Provider, base_url: Option<&str>) -> bool {
    let host = |url: &str| Some(Url::parse(url).ok()?.host_str()?.to_owned());
    base_url.is_none_or(|base| host(base).is_some() && host(base) == host(provider.own_address()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_list_has_a_source_a_day_and_prices_that_can_be() {
        let list = PriceList::bundled().unwrap();
        let is_day = |text: &str| text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10;
        assert!(is_day(&list.version), "{}", list.version);
        let mut seen = std::collections::HashSet::new();
        for row in &list.rows {
            let name = &row.models[0];
            assert!(row.source.starts_with("https://"), "{name}");
            assert!(is_day(&row.date) && row.date <= list.version, "{name}");
            assert!(row.input > 0 && row.input < row.output, "{name}");
            assert!(row.cache_read.is_none_or(|read| read < row.input), "{name}");
            assert!(
                row.cache_write.is_none_or(|write| write > row.input),
                "{name}"
            );
            for model in &row.models {
                assert!(seen.insert((row.provider, model)), "{model} stands twice");
            }
        }
    }

    #[test]
    fn the_list_holds_for_the_providers_own_address_only() {
        let list = PriceList::bundled().unwrap();
        let listed = |base: Option<&str>, model: &str| {
            let tariff = list.tariff(Provider::Anthropic, base, model, Price::default());
            tariff.listed.map(|listed| listed.price)
        };
        let known = listed(None, "claude-opus-5").unwrap();
        assert_eq!(known.cache_write_microusd_per_mtok, Some(6_250_000));
        assert_eq!(
            listed(Some("https://api.anthropic.com/v1"), "claude-opus-5"),
            Some(known)
        );
        assert_eq!(listed(Some("http://127.0.0.1:9"), "claude-opus-5"), None);
        assert_eq!(listed(Some("nonsense"), "claude-opus-5"), None);
        assert_eq!(listed(None, "claude-opus-55"), None);
        let other = list.tariff(Provider::OpenAi, None, "claude-opus-5", Price::default());
        assert_eq!(other, Tariff::default());
    }
}
