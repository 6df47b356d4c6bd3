//! `/api/v1/prices`: the price list, and what models cost by one's own word.

use actix_web::web::{ServiceConfig, delete, get, post, resource};
use serde::{Deserialize, Serialize};

use crate::arena::prices::{self, NewPrice};
use crate::domain::agent::Provider;
use crate::domain::ids::RowId;
use crate::domain::price::Price;
use crate::llm::prices::PriceRow;
use crate::store::personal_prices::PersonalPrice;
use crate::web::api::body::{Attributes, Body, in_body};
use crate::web::api::envelope::{Many, One, Resource};
use crate::web::api::list::all;
use crate::web::error::ApiError;
use crate::web::extract::{ApiId, ApiQuery, Authorized, PricesManage, State};
use crate::web::query::NoQuery;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/prices").route(get().to(list)))
        .service(
            resource("/prices/personal")
                .route(get().to(personal))
                .route(post().to(set)),
        )
        .service(resource("/prices/personal/{priceId}").route(delete().to(take_back)));
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the API's names")]
struct Rates {
    input_price_microusd_per_mtok: Option<u64>,
    output_price_microusd_per_mtok: Option<u64>,
    cache_read_price_microusd_per_mtok: Option<u64>,
    cache_write_price_microusd_per_mtok: Option<u64>,
}

impl From<Price> for Rates {
    fn from(price: Price) -> Self {
        Self {
            input_price_microusd_per_mtok: price.input_microusd_per_mtok,
            output_price_microusd_per_mtok: price.output_microusd_per_mtok,
            cache_read_price_microusd_per_mtok: price.cache_read_microusd_per_mtok,
            cache_write_price_microusd_per_mtok: price.cache_write_microusd_per_mtok,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedAttributes {
    provider: Provider,
    models: Vec<String>,
    #[serde(flatten)]
    rates: Rates,
    up_to_input_tokens: Option<u64>,
    source: String,
    date: String,
    version: String,
}

async fn list(
    _person: Authorized<PricesManage>,
    _query: ApiQuery<NoQuery>,
) -> Result<Many<ListedAttributes>, ApiError> {
    let list = prices::price_list()?;
    let version = list.version;
    Ok(all(list.rows, |row: PriceRow| {
        let id = format!("{}/{}", row.provider, row.models.join("+"));
        let attributes = ListedAttributes {
            rates: row.price().into(),
            provider: row.provider,
            models: row.models,
            up_to_input_tokens: row.up_to_input_tokens,
            source: row.source,
            date: row.date,
            version: version.clone(),
        };
        Resource::new("listedPrice", &id, attributes)
    }))
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PersonalAttributes {
    provider: Provider,
    model: String,
    #[serde(flatten)]
    rates: Rates,
    version: u32,
    in_force: bool,
    created_at: String,
}

fn resource_of(price: PersonalPrice) -> Resource<PersonalAttributes> {
    let attributes = PersonalAttributes {
        in_force: price.is_in_force(),
        provider: price.provider,
        model: price.model,
        rates: price.price.into(),
        version: price.version,
        created_at: price.created_at.to_rfc3339(),
    };
    Resource::new("personalPrice", &price.id, attributes)
}

async fn personal(
    state: State,
    person: Authorized<PricesManage>,
    _query: ApiQuery<NoQuery>,
) -> Result<Many<PersonalAttributes>, ApiError> {
    Ok(all(prices::own(&state.store, &person).await?, resource_of))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PriceRequest {
    provider: Provider,
    model: String,
    input_price_microusd_per_mtok: Option<u64>,
    output_price_microusd_per_mtok: Option<u64>,
    cache_read_price_microusd_per_mtok: Option<u64>,
    cache_write_price_microusd_per_mtok: Option<u64>,
}

impl Attributes for PriceRequest {
    const TYPE: &'static str = "personalPrice";
    const FIELDS: &'static [(&'static str, bool)] = &[
        ("provider", true),
        ("model", true),
        ("inputPriceMicrousdPerMtok", false),
        ("outputPriceMicrousdPerMtok", false),
        ("cacheReadPriceMicrousdPerMtok", false),
        ("cacheWritePriceMicrousdPerMtok", false),
    ];
}

async fn set(
    state: State,
    person: Authorized<PricesManage>,
    _query: ApiQuery<NoQuery>,
    body: Body<PriceRequest>,
) -> Result<One<PersonalAttributes>, ApiError> {
    let given = body.0;
    let new = NewPrice {
        provider: given.provider,
        model: given.model,
        price: Price {
            input_microusd_per_mtok: given.input_price_microusd_per_mtok,
            output_microusd_per_mtok: given.output_price_microusd_per_mtok,
            cache_read_microusd_per_mtok: given.cache_read_price_microusd_per_mtok,
            cache_write_microusd_per_mtok: given.cache_write_price_microusd_per_mtok,
        },
    };
    let price = prices::set(&state.store, &person, new).await;
    let price = price.map_err(in_body)?;
    let location = "/api/v1/prices/personal".to_owned();
    Ok(One::created(resource_of(price), location))
}

/// The change that takes it back: the record of what was set stays.
async fn take_back(
    state: State,
    person: Authorized<PricesManage>,
    id: ApiId<RowId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<PersonalAttributes>, ApiError> {
    let price = prices::take_back(&state.store, &person, id.0).await?;
    Ok(One::ok(resource_of(price)))
}
