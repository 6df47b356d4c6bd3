//! One's own account: provider keys, theme, password.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;

use crate::arena::accounts;
use crate::arena::provider_keys::{self, NewProviderKey};
use crate::domain::agent::Provider;
use crate::domain::time::Timestamp;
use crate::domain::user::Theme;
use crate::store::provider_keys::ProviderKey;
use crate::web::error::{Code, Failure, PageError};
use crate::web::extract::{PageAuthorized, PageQuery, ProviderKeysManage, SignedIn};
use crate::web::pages::frame::Frame;
use crate::web::pages::notice::Done;
use crate::web::ui::filter::Choice;
use crate::web::ui::form::{Faults, Fields};
use crate::web::ui::format::Moment;
use crate::web::ui::page::{page_with, see_other};
use crate::web::ui::shell::{Section, Shell};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/account").route(get().to(show)))
        .service(resource("/account/password").route(post().to(change_password)))
        .service(resource("/account/keys").route(post().to(store_key)));
}

#[derive(Template)]
#[template(path = "pages/account.html")]
struct AccountPage {
    shell: Shell,
    notice: Option<&'static str>,
    faults: Faults,
    username: String,
    email: String,
    role: &'static str,
    keys: Vec<Key>,
    key_name: String,
    providers: Vec<Choice>,
    themes: Vec<Choice>,
}

/// The fields of the form for a key, without the key.
#[derive(Default)]
struct KeyForm {
    name: String,
    provider: String,
}

struct Key {
    id: String,
    name: String,
    provider: &'static str,
    hint: String,
    at: Moment,
}

async fn page_of(
    frame: &Frame,
    notice: Option<&'static str>,
    faults: Faults,
    form: KeyForm,
) -> Result<AccountPage, Failure> {
    let person = frame.signed_in()?;
    let store = &frame.state.store;
    let user = accounts::own(store, person).await?;
    let keys = provider_keys::list(store, person).await?;
    let providers = Provider::ALL.iter().map(|provider| Choice {
        value: provider.to_string(),
        label: provider.label().to_owned(),
        selected: form.provider == provider.as_str(),
    });
    Ok(AccountPage {
        shell: frame.shell(Section::Other, "Account"),
        notice,
        faults,
        username: person.username.clone(),
        email: user.map(|user| user.email).unwrap_or_default(),
        role: person.role.as_str(),
        keys: keys.iter().map(key).collect(),
        key_name: form.name,
        providers: providers.collect(),
        themes: themes(frame.theme()),
    })
}

fn key(key: &ProviderKey) -> Key {
    Key {
        id: key.id.to_string(),
        name: key.name.clone(),
        provider: key.provider.as_str(),
        hint: key.hint.clone(),
        at: Moment::new(key.created_at, Timestamp::now()),
    }
}

fn themes(chosen: Option<Theme>) -> Vec<Choice> {
    let system = Choice {
        value: "system".to_owned(),
        label: "As the system".to_owned(),
        selected: chosen.is_none(),
    };
    let named = Theme::ALL.iter().map(|theme| Choice {
        value: theme.to_string(),
        label: match theme {
            Theme::Light => "Light".to_owned(),
            Theme::Dark => "Dark".to_owned(),
        },
        selected: chosen == Some(*theme),
    });
    std::iter::once(system).chain(named).collect()
}

async fn show(
    frame: Frame,
    _person: SignedIn,
    done: PageQuery<Done>,
) -> Result<HttpResponse, PageError> {
    let page = page_of(&frame, done.0.0, Faults::default(), KeyForm::default()).await?;
    page_with(StatusCode::OK, &page)
}

async fn again(
    frame: &Frame,
    failure: Failure,
    form: KeyForm,
    own_name: fn(&str) -> &'static str,
) -> Result<HttpResponse, PageError> {
    if !matches!(failure.code(), Code::ValidationError | Code::Conflict) {
        return Err(PageError(failure));
    }
    let faults = Faults::of(&failure, own_name);
    let page = page_of(frame, None, faults, form).await?;
    page_with(failure.status(), &page)
}

async fn change_password(
    frame: Frame,
    person: SignedIn,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let (current, new) = (fields.raw("current"), fields.raw("new"));
    match frame
        .state
        .auth
        .change_password(&person, current, new)
        .await
    {
        Ok(()) => Ok(see_other("/account?done=password")),
        Err(error) => again(&frame, error.into(), KeyForm::default(), password_field).await,
    }
}

fn password_field(field: &str) -> &'static str {
    match field {
        "currentPassword" => "current_password",
        _ => "new_password",
    }
}

async fn store_key(
    frame: Frame,
    person: PageAuthorized<ProviderKeysManage>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let form = KeyForm {
        name: fields.text("name"),
        provider: fields.text("provider"),
    };
    let provider: Provider = match form.provider.parse() {
        Ok(provider) => provider,
        Err(error) => {
            let failure = Failure::invalid("provider", format!("{error}."));
            return again(&frame, failure, form, key_field).await;
        }
    };
    let new = NewProviderKey {
        name: form.name.clone(),
        provider,
        secret: fields.text("secret"),
    };
    match provider_keys::create(&frame.state.store, &frame.state.vault, &person, new).await {
        Ok(_) => Ok(see_other("/account?done=key-stored")),
        Err(error) => again(&frame, error.into(), form, key_field).await,
    }
}

fn key_field(field: &str) -> &'static str {
    match field {
        "name" => "key_name",
        "provider" => "key_provider",
        _ => "key_secret",
    }
}
