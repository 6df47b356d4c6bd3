//! `/api/v1/provider-keys`. A key goes in and never comes out.

use actix_web::web::{ServiceConfig, delete, get, post, resource};
use serde::{Deserialize, Serialize};

use crate::arena::provider_keys::{self, NewProviderKey};
use crate::domain::agent::Provider;
use crate::domain::ids::ProviderKeyId;
use crate::store::provider_keys::ProviderKey;
use crate::web::api::body::{Attributes, Body, in_body};
use crate::web::api::envelope::{Many, NoContent, One, Resource};
use crate::web::api::list::all;
use crate::web::error::ApiError;
use crate::web::extract::{ApiId, ApiQuery, Authorized, ProviderKeysManage, State};
use crate::web::query::NoQuery;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(
            resource("/provider-keys")
                .route(get().to(list))
                .route(post().to(create)),
        )
        .service(resource("/provider-keys/{providerKeyId}").route(delete().to(remove)));
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyAttributes {
    name: String,
    provider: Provider,
    hint: String,
    created_at: String,
}

fn resource_of(key: ProviderKey) -> Resource<KeyAttributes> {
    let attributes = KeyAttributes {
        name: key.name,
        provider: key.provider,
        hint: key.hint,
        created_at: key.created_at.to_rfc3339(),
    };
    Resource::new("providerKey", &key.id, attributes)
}

#[derive(Deserialize)]
struct NewKey {
    name: String,
    provider: Provider,
    key: String,
}

impl Attributes for NewKey {
    const TYPE: &'static str = "providerKey";
    const FIELDS: &'static [(&'static str, bool)] =
        &[("name", true), ("provider", true), ("key", true)];
}

async fn list(
    state: State,
    person: Authorized<ProviderKeysManage>,
    _query: ApiQuery<NoQuery>,
) -> Result<Many<KeyAttributes>, ApiError> {
    let keys = provider_keys::list(&state.store, &person).await?;
    Ok(all(keys, resource_of))
}

async fn create(
    state: State,
    person: Authorized<ProviderKeysManage>,
    _query: ApiQuery<NoQuery>,
    body: Body<NewKey>,
) -> Result<One<KeyAttributes>, ApiError> {
    let new = NewProviderKey {
        name: body.0.name,
        provider: body.0.provider,
        secret: body.0.key,
    };
    let key = provider_keys::create(&state.store, &state.vault, &person, new)
        .await
        .map_err(in_body)?;
    let location = format!("/api/v1/provider-keys/{}", key.id);
    Ok(One::created(resource_of(key), location))
}

async fn remove(
    state: State,
    person: Authorized<ProviderKeysManage>,
    id: ApiId<ProviderKeyId>,
    _query: ApiQuery<NoQuery>,
) -> Result<NoContent, ApiError> {
    provider_keys::delete(&state.store, &person, id.0).await?;
    Ok(NoContent)
}
