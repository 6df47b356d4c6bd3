//! What models cost by a person's own word. Rows are only ever added: the newest of a provider and
//! model holds, and one without any rate takes the earlier ones back.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, named_params};

use super::StoreError;
use crate::domain::agent::Provider;
use crate::domain::ids::{RowId, UserId};
use crate::domain::price::{Personal, Price};
use crate::domain::time::Timestamp;

/// One change of a person's prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalPrice {
    /// Id.
    pub id: RowId,
    /// Whose word it is.
    pub user_id: UserId,
    /// Counts the person's changes from 1.
    pub version: u32,
    /// Whose model.
    pub provider: Provider,
    /// The model's name at the provider.
    pub model: String,
    /// The rates; without any, earlier ones are taken back.
    pub price: Price,
    /// Since when it holds.
    pub created_at: Timestamp,
    /// Whether it is the newest of its model.
    pub is_newest: bool,
}

impl PersonalPrice {
    /// Whether calls are booked with it.
    pub fn is_in_force(&self) -> bool {
        self.is_newest && self.price != Price::default()
    }
}

/// The number that the person's next change gets.
pub fn next_version(db: &Connection, user_id: UserId) -> Result<u32, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT coalesce(max(version), 0) + 1 FROM personal_prices WHERE user_id = :user",
        )?
        .query_row(named_params! {":user": user_id}, |row| row.get(0))?)
}

/// Stores a change.
pub fn insert(tx: &Transaction, price: &PersonalPrice) -> Result<(), StoreError> {
    let rates = price.price;
    tx.prepare_cached(
        "INSERT INTO personal_prices (id, user_id, version, provider, model, input_price, output_price,
                                      cache_read_price, cache_write_price, created_at)
         VALUES (:id, :user, :version, :provider, :model, :input, :output, :cache_read, :cache_write, :at)",
    )?
    .execute(named_params! {
        ":id": price.id,
        ":user": price.user_id,
        ":version": price.version,
        ":provider": price.provider,
        ":model": price.model,
        ":input": rates.input_microusd_per_mtok,
        ":output": rates.output_microusd_per_mtok,
        ":cache_read": rates.cache_read_microusd_per_mtok,
        ":cache_write": rates.cache_write_microusd_per_mtok,
        ":at": price.created_at,
    })?;
    Ok(())
}

/// The columns of a change, and whether a newer one of the same model exists.
macro_rules! select_price {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.user_id, p.version, p.provider, p.model, p.input_price, p.output_price,
                    p.cache_read_price, p.cache_write_price, p.created_at,
                    NOT EXISTS (SELECT 1 FROM personal_prices n
                                WHERE n.user_id = p.user_id AND n.provider = p.provider
                                  AND n.model = p.model AND n.version > p.version) AS is_newest
             FROM personal_prices p ",
            $rest
        )
    };
}

pub(super) const LIST: &str =
    select_price!("WHERE p.user_id = :user ORDER BY p.version DESC LIMIT 1000");

/// A person's changes, newest first; the newest thousand.
pub fn list(db: &Connection, user_id: UserId) -> Result<Vec<PersonalPrice>, StoreError> {
    let prices = db
        .prepare_cached(LIST)?
        .query_map(named_params! {":user": user_id}, read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(prices)
}

/// One change of a person's; none when they have no such.
pub fn by_id(
    db: &Connection,
    user_id: UserId,
    id: RowId,
) -> Result<Option<PersonalPrice>, StoreError> {
    Ok(db
        .prepare_cached(select_price!("WHERE p.user_id = :user AND p.id = :id"))?
        .query_row(named_params! {":user": user_id, ":id": id}, read)
        .optional()?)
}

/// What a model costs by a person's word now; none when they say nothing of it.
pub fn of_model(
    db: &Connection,
    user_id: UserId,
    provider: Provider,
    model: &str,
) -> Result<Option<Personal>, StoreError> {
    let newest = db
        .prepare_cached(select_price!(
            "WHERE p.user_id = :user AND p.provider = :provider AND p.model = :model
             ORDER BY p.version DESC LIMIT 1"
        ))?
        .query_row(
            named_params! {":user": user_id, ":provider": provider, ":model": model},
            read,
        )
        .optional()?;
    let in_force = newest.filter(PersonalPrice::is_in_force);
    Ok(in_force.map(|newest| Personal {
        price: newest.price,
        version: newest.version,
    }))
}

pub(super) const IN_FORCE: &str = select_price!(
    "WHERE p.user_id = :user AND p.provider = :provider AND is_newest ORDER BY p.model LIMIT 1000"
);

/// What a provider's models cost by a person's word now, by their names.
pub fn in_force(
    db: &Connection,
    user_id: UserId,
    provider: Provider,
) -> Result<HashMap<String, Personal>, StoreError> {
    let newest = db
        .prepare_cached(IN_FORCE)?
        .query_map(
            named_params! {":user": user_id, ":provider": provider},
            read,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    let in_force = newest.into_iter().filter(PersonalPrice::is_in_force);
    Ok(in_force
        .map(|row| {
            let (price, version) = (row.price, row.version);
            (row.model, Personal { price, version })
        })
        .collect())
}

fn read(row: &Row) -> rusqlite::Result<PersonalPrice> {
    Ok(PersonalPrice {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        version: row.get("version")?,
        provider: row.get("provider")?,
        model: row.get("model")?,
        price: Price {
            input_microusd_per_mtok: row.get("input_price")?,
            output_microusd_per_mtok: row.get("output_price")?,
            cache_read_microusd_per_mtok: row.get("cache_read_price")?,
            cache_write_microusd_per_mtok: row.get("cache_write_price")?,
        },
        created_at: row.get("created_at")?,
        is_newest: row.get("is_newest")?,
    })
}
