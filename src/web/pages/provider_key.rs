//! One provider key: who uses it, testing it with one cheap call, replacing its secret, deleting it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;

use crate::arena::key_test::{self, KeyTest, KeyTested};
use crate::arena::provider_keys;
use crate::domain::budget::dollars;
use crate::domain::ids::ProviderKeyId;
use crate::domain::time::Timestamp;
use crate::web::error::{Code, Failure, PageError};
use crate::web::extract::{PageAuthorized, PageId, PageQuery, ProviderKeysManage};
use crate::web::pages::frame::Frame;
use crate::web::pages::notice::Done;
use crate::web::ui::form::{Faults, Fields};
use crate::web::ui::format::{self, Moment};
use crate::web::ui::model_call::Call;
use crate::web::ui::page::{page_with, see_other};
use crate::web::ui::shell::{Section, Shell};

/// Most names of models on the page.
const MOST_NAMES: usize = 100;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/account/keys/{providerKeyId}").route(get().to(show)))
        .service(resource("/account/keys/{providerKeyId}/test").route(post().to(test)))
        .service(resource("/account/keys/{providerKeyId}/rotate").route(post().to(rotate)))
        .service(resource("/account/keys/{providerKeyId}/delete").route(post().to(delete)));
}

#[derive(Template)]
#[template(path = "pages/provider_key.html")]
struct ProviderKeyPage {
    shell: Shell,
    notice: Option<&'static str>,
    faults: Faults,
    id: String,
    name: String,
    provider: String,
    address: &'static str,
    hint: String,
    added: Moment,
    rotated: Option<Moment>,
    agents: Vec<(String, String)>,
    model: String,
    base_url: String,
    max_tokens: u32,
    tested: Option<TestedView>,
}

/// What a test came to.
struct TestedView {
    ok: bool,
    heading: String,
    error: Option<String>,
    call: Option<Call>,
    /// Whether a model replied, so that it cost something.
    is_paid: bool,
    /// The most that it could cost, in dollars; none when the model has no price.
    most: Option<String>,
    models: Vec<String>,
    more_models: usize,
}

impl TestedView {
    fn new(tested: KeyTested, test: &KeyTest, most_microusd: Option<u64>) -> Self {
        let ok = tested.error.is_none();
        let count = tested.models.len();
        let heading = match (ok, &test.model) {
            (true, Some(model)) => format!("The key works: {model} replied."),
            (true, None) => format!(
                "The key works: the provider lists {}.",
                format::counted(count, "model")
            ),
            (false, _) => "The test failed.".to_owned(),
        };
        Self {
            ok,
            heading,
            error: tested.error.as_deref().map(format::sentence),
            is_paid: test.model.is_some(),
            most: most_microusd.map(|most| format!("${}", dollars(most))),
            call: tested.call.as_ref().map(Call::of),
            more_models: count.saturating_sub(MOST_NAMES),
            models: tested.models.into_iter().take(MOST_NAMES).collect(),
        }
    }
}

async fn page_of(
    frame: &Frame,
    id: ProviderKeyId,
    notice: Option<&'static str>,
    faults: Faults,
    test: KeyTest,
) -> Result<ProviderKeyPage, Failure> {
    let person = frame.signed_in()?;
    let (key, agents) = provider_keys::get(&frame.state.store, person, id).await?;
    let now = Timestamp::now();
    let agents = agents
        .into_iter()
        .map(|(id, name)| (format!("/agents/{id}"), name));
    Ok(ProviderKeyPage {
        shell: frame.shell(Section::Other, format!("Provider key {}", key.name)),
        notice,
        faults,
        id: key.id.to_string(),
        provider: key.provider.to_string(),
        address: key.provider.own_address(),
        name: key.name,
        hint: key.hint,
        added: Moment::new(key.created_at, now),
        rotated: key.rotated_at.map(|at| Moment::new(at, now)),
        agents: agents.collect(),
        model: test.model.unwrap_or_default(),
        base_url: test.base_url.unwrap_or_default(),
        max_tokens: key_test::MAX_OUTPUT_TOKENS,
        tested: None,
    })
}

async fn show(
    frame: Frame,
    _person: PageAuthorized<ProviderKeysManage>,
    id: PageId<ProviderKeyId>,
    done: PageQuery<Done>,
) -> Result<HttpResponse, PageError> {
    let test = KeyTest::default();
    let page = page_of(&frame, id.0, done.0.0, Faults::default(), test).await?;
    page_with(StatusCode::OK, &page)
}

async fn test(
    frame: Frame,
    person: PageAuthorized<ProviderKeysManage>,
    id: PageId<ProviderKeyId>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let given = |name: &str| Some(fields.text(name)).filter(|text| !text.is_empty());
    let test = KeyTest {
        model: given("model"),
        base_url: given("base_url"),
    };
    // What is nobody's key, or another person's, is not counted.
    let (key, _) = provider_keys::get(&frame.state.store, &person, id.0).await?;
    frame.state.rate_limits().count_try(person.user_id)?;
    match key_test::run(&frame.state.policies, &person, id.0, test.clone()).await {
        Ok(tested) => {
            let store = &frame.state.store;
            let most = key_test::most_cost(store, &person, key.provider, &test).await?;
            let view = TestedView::new(tested, &test, most);
            let page = page_of(&frame, id.0, None, Faults::default(), test).await?;
            let tested = Some(view);
            page_with(StatusCode::OK, &ProviderKeyPage { tested, ..page })
        }
        Err(error) => again(&frame, id.0, error.into(), test).await,
    }
}

async fn rotate(
    frame: Frame,
    person: PageAuthorized<ProviderKeysManage>,
    id: PageId<ProviderKeyId>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let secret = Fields::parse(&body).text("secret");
    let (store, vault) = (&frame.state.store, &frame.state.vault);
    match provider_keys::rotate(store, vault, &person, id.0, &secret).await {
        Ok(key) => Ok(see_other(&format!(
            "/account/keys/{}?done=key-rotated",
            key.id
        ))),
        Err(error) => again(&frame, id.0, error.into(), KeyTest::default()).await,
    }
}

/// Shows the page again, each fault at its field; a secret is not kept.
async fn again(
    frame: &Frame,
    id: ProviderKeyId,
    failure: Failure,
    test: KeyTest,
) -> Result<HttpResponse, PageError> {
    if failure.code() != Code::ValidationError {
        return Err(PageError(failure));
    }
    let faults = Faults::of(&failure, |field| match field {
        "baseUrl" => "base_url",
        "model" => "model",
        _ => "secret",
    });
    let page = page_of(frame, id, None, faults, test).await?;
    page_with(failure.status(), &page)
}

async fn delete(
    frame: Frame,
    person: PageAuthorized<ProviderKeysManage>,
    id: PageId<ProviderKeyId>,
) -> Result<HttpResponse, PageError> {
    provider_keys::delete(&frame.state.store, &person, id.0).await?;
    Ok(see_other("/account?done=key-deleted"))
}
