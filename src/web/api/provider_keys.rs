//! `/api/v1/provider-keys`. A key goes in and never comes out; testing one makes one cheap call.

use actix_web::web::{ServiceConfig, delete, get, patch, post, resource};
use serde::{Deserialize, Serialize};

use crate::arena::key_test::{self, KeyTest};
use crate::arena::provider_keys::{self, NewProviderKey};
use crate::domain::agent::Provider;
use crate::domain::ids::ProviderKeyId;
use crate::domain::time::Timestamp;
use crate::store::provider_keys::ProviderKey;
use crate::web::api::body::{Attributes, Body, in_body};
use crate::web::api::envelope::{Many, NoContent, One, Resource};
use crate::web::api::list::all;
use crate::web::api::trials::CallAttributes;
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
        .service(
            resource("/provider-keys/{providerKeyId}")
                .route(get().to(show))
                .route(patch().to(rotate))
                .route(delete().to(remove)),
        )
        .service(resource("/provider-keys/{providerKeyId}/test").route(post().to(test)));
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyAttributes {
    name: String,
    provider: Provider,
    hint: String,
    created_at: String,
    rotated_at: Option<String>,
}

fn resource_of(key: ProviderKey) -> Resource<KeyAttributes> {
    let attributes = KeyAttributes {
        name: key.name,
        provider: key.provider,
        hint: key.hint,
        created_at: key.created_at.to_rfc3339(),
        rotated_at: key.rotated_at.map(Timestamp::to_rfc3339),
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

/// A key with the agents that use it.
#[derive(Debug, Serialize)]
struct ShownKey {
    #[serde(flatten)]
    key: KeyAttributes,
    agents: Vec<UsingAgent>,
}

#[derive(Debug, Serialize)]
struct UsingAgent {
    id: String,
    name: String,
}

async fn show(
    state: State,
    person: Authorized<ProviderKeysManage>,
    id: ApiId<ProviderKeyId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<ShownKey>, ApiError> {
    let (key, agents) = provider_keys::get(&state.store, &person, id.0).await?;
    let agents = agents.into_iter().map(|(id, name)| UsingAgent {
        id: id.to_string(),
        name,
    });
    let shown = ShownKey {
        agents: agents.collect(),
        key: resource_of(key).attributes,
    };
    Ok(One::ok(Resource::new("providerKey", &id.0, shown)))
}

#[derive(Deserialize)]
struct NewSecret {
    key: String,
}

impl Attributes for NewSecret {
    const TYPE: &'static str = "providerKey";
    const FIELDS: &'static [(&'static str, bool)] = &[("key", true)];
}

async fn rotate(
    state: State,
    person: Authorized<ProviderKeysManage>,
    id: ApiId<ProviderKeyId>,
    _query: ApiQuery<NoQuery>,
    body: Body<NewSecret>,
) -> Result<One<KeyAttributes>, ApiError> {
    let secret = &body.0.key;
    let rotated = provider_keys::rotate(&state.store, &state.vault, &person, id.0, secret).await;
    Ok(One::ok(resource_of(rotated.map_err(in_body)?)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TestRequest {
    model: Option<String>,
    base_url: Option<String>,
}

impl Attributes for TestRequest {
    const TYPE: &'static str = "providerKeyTest";
    const FIELDS: &'static [(&'static str, bool)] = &[("model", false), ("baseUrl", false)];
}

#[derive(Debug, Serialize)]
struct TestAttributes {
    ok: bool,
    error: Option<String>,
    models: Vec<String>,
    call: Option<CallAttributes>,
}

async fn test(
    state: State,
    person: Authorized<ProviderKeysManage>,
    id: ApiId<ProviderKeyId>,
    _query: ApiQuery<NoQuery>,
    body: Body<TestRequest>,
) -> Result<One<TestAttributes>, ApiError> {
    state.rate_limits().count_try(person.user_id)?;
    let what = KeyTest {
        model: body.0.model,
        base_url: body.0.base_url,
    };
    let tested = key_test::run(&state.policies, &person, id.0, what).await;
    let tested = tested.map_err(in_body)?;
    let attributes = TestAttributes {
        ok: tested.error.is_none(),
        error: tested.error,
        models: tested.models,
        call: tested.call.as_ref().map(CallAttributes::without_exchange),
    };
    Ok(One::ok(Resource::new("providerKeyTest", &id.0, attributes)))
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
