//! What models cost by their owner's word, and what an agent's calls are booked with: its own
//! prices, then its owner's, then those of the price list.

use std::collections::HashMap;

use serde_json::json;

use crate::arena::ArenaError;
use crate::auth::Principal;
use crate::domain::agent::{LlmConfig, Provider};
use crate::domain::ids::{RowId, UserId};
pub use crate::domain::price::MAX_MICROUSD_PER_MTOK;
use crate::domain::price::{Personal, Price, Tariff};
use crate::domain::time::Timestamp;
use crate::domain::validation::{FieldError, Invalid};
use crate::llm::prices::PriceList;
use crate::store::audit::{self, NewEntry};
use crate::store::personal_prices::{self, PersonalPrice};
use crate::store::{Connection, Store, StoreError};

/// Most changes that a person's prices may have.
const MAX_VERSION: u32 = 100_000;

/// What a person says that a model costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrice {
    /// Whose model.
    pub provider: Provider,
    /// The model's name at the provider.
    pub model: String,
    /// The rates; at least one.
    pub price: Price,
}

/// The price list that ships with the arena.
pub fn price_list() -> Result<PriceList, ArenaError> {
    PriceList::bundled().map_err(|error| ArenaError::Internal(error.into()))
}

/// Every change of the person's prices, newest first.
pub async fn own(store: &Store, principal: &Principal) -> Result<Vec<PersonalPrice>, ArenaError> {
    let user_id = principal.user_id;
    let listed = store.read(move |db| personal_prices::list(db, user_id));
    Ok(listed.await?)
}

/// Sets what a model costs by the person's word. It holds for calls from now on; what is booked
/// stays as it is.
pub async fn set(
    store: &Store,
    principal: &Principal,
    new: NewPrice,
) -> Result<PersonalPrice, ArenaError> {
    let new = checked(&new)?;
    let user_id = principal.user_id;
    let write = store.try_write(move |tx| add(tx, user_id, new, "price.set"));
    write.await
}

/// Takes back what a model costs by the person's word. The change stays on record.
pub async fn take_back(
    store: &Store,
    principal: &Principal,
    id: RowId,
) -> Result<PersonalPrice, ArenaError> {
    let user_id = principal.user_id;
    let write = store.try_write(move |tx| {
        let known = personal_prices::by_id(tx, user_id, id)?
            .ok_or_else(|| ArenaError::not_found("price", id))?;
        if !known.is_in_force() {
            return Err(ArenaError::Conflict {
                message:
                    "This price is not in force any more; look at the newest one of its model."
                        .to_owned(),
            });
        }
        let none = NewPrice {
            provider: known.provider,
            model: known.model,
            price: Price::default(),
        };
        add(tx, user_id, none, "price.taken_back")
    });
    write.await
}

fn add(
    tx: &crate::store::Transaction<'_>,
    user_id: UserId,
    new: NewPrice,
    action: &str,
) -> Result<PersonalPrice, ArenaError> {
    let now = Timestamp::now();
    let version = personal_prices::next_version(tx, user_id)?;
    if version > MAX_VERSION {
        let message = format!("Your prices were changed {MAX_VERSION} times; no more are kept.");
        return Err(ArenaError::Conflict { message });
    }
    let price = PersonalPrice {
        id: RowId::new(),
        user_id,
        version,
        provider: new.provider,
        model: new.model,
        price: new.price,
        created_at: now,
        is_newest: true,
    };
    personal_prices::insert(tx, &price)?;
    let rates = price.price;
    let entry = NewEntry {
        user_id: Some(user_id),
        action,
        subject: &format!("user/{user_id}"),
        details: json!({
            "version": version, "provider": price.provider, "model": price.model,
            "input": rates.input_microusd_per_mtok, "output": rates.output_microusd_per_mtok,
            "cacheRead": rates.cache_read_microusd_per_mtok,
            "cacheWrite": rates.cache_write_microusd_per_mtok,
        }),
    };
    audit::append(tx, &entry, now)?;
    Ok(price)
}

fn checked(new: &NewPrice) -> Result<NewPrice, Invalid> {
    let model = new.model.trim().to_owned();
    let mut faults = Vec::new();
    if model.is_empty() {
        let message = "Name the model as its provider does, e.g. `gpt-5-mini`.";
        faults.push(FieldError::new("model", "required", message));
    } else if model.chars().count() > 200 || model.chars().any(char::is_control) {
        let message = "A model's name has at most 200 characters on one line.";
        faults.push(FieldError::new("model", "invalid", message));
    }
    let rates = named(new.price);
    if new.price == Price::default() {
        let message = "Set at least one price.";
        faults.push(FieldError::new(rates[0].0, "required", message));
    }
    for (field, rate) in rates {
        if rate.is_some_and(|rate| rate > MAX_MICROUSD_PER_MTOK) {
            faults.push(FieldError::new(field, "invalid", too_high()));
        }
    }
    Invalid::check(faults)?;
    Ok(NewPrice {
        model,
        provider: new.provider,
        price: new.price,
    })
}

/// What is said of a price that is too high.
pub fn too_high() -> String {
    format!(
        "At most {} dollars per million tokens.",
        MAX_MICROUSD_PER_MTOK / 1_000_000
    )
}

/// The rates with the API's names.
pub const fn named(price: Price) -> [(&'static str, Option<u64>); 4] {
    [
        ("inputPriceMicrousdPerMtok", price.input_microusd_per_mtok),
        ("outputPriceMicrousdPerMtok", price.output_microusd_per_mtok),
        (
            "cacheReadPriceMicrousdPerMtok",
            price.cache_read_microusd_per_mtok,
        ),
        (
            "cacheWritePriceMicrousdPerMtok",
            price.cache_write_microusd_per_mtok,
        ),
    ]
}

/// What a model costs by its owner's word; none when they say nothing of it.
pub(super) fn personal(
    db: &Connection,
    owner: Option<UserId>,
    config: &LlmConfig,
) -> Result<Option<Personal>, StoreError> {
    match owner {
        Some(owner) => personal_prices::of_model(db, owner, config.provider, config.model.trim()),
        None => Ok(None),
    }
}

/// What a provider's models cost by their owner's word.
pub(super) fn personal_of_provider(
    db: &Connection,
    owner: Option<UserId>,
    provider: Provider,
) -> Result<HashMap<String, Personal>, StoreError> {
    match owner {
        Some(owner) => personal_prices::in_force(db, owner, provider),
        None => Ok(HashMap::new()),
    }
}

/// What the calls of an agent are booked with.
pub async fn tariff(
    store: &Store,
    owner: Option<UserId>,
    config: &LlmConfig,
) -> Result<Tariff, ArenaError> {
    let of = config.clone();
    let personal = store.read(move |db| personal(db, owner, &of)).await?;
    with_list(personal, config)
}

pub(super) fn with_list(
    personal: Option<Personal>,
    config: &LlmConfig,
) -> Result<Tariff, ArenaError> {
    let base_url = config.base_url.as_deref();
    let list = price_list()?;
    Ok(Tariff {
        personal,
        ..list.tariff(config.provider, base_url, &config.model, config.own_price())
    })
}
