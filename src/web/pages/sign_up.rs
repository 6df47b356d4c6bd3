//! Making an account: by oneself when sign-up is open, or as the first administrator with the
//! one-time link that the server printed.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;

use crate::auth::{AuthError, NewAccount};
use crate::domain::user::User;
use crate::web::error::{Code, Failure, PageError};
use crate::web::extract::PageQuery;
use crate::web::pages::frame::Frame;
use crate::web::pages::sign_in::signed_in;
use crate::web::query::{NoQuery, Params, QueryParams};
use crate::web::ui::form::{Faults, Fields};
use crate::web::ui::page::page_with;
use crate::web::ui::shell::{Section, Shell};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(
            resource("/sign-up")
                .route(get().to(show))
                .route(post().to(sign_up)),
        )
        .service(
            resource("/first-admin")
                .route(get().to(show_first))
                .route(post().to(first_admin)),
        );
}

#[derive(Template)]
#[template(path = "pages/sign_up.html")]
struct SignUpPage {
    shell: Shell,
    heading: &'static str,
    lead: Option<&'static str>,
    action: &'static str,
    button: &'static str,
    token: Option<String>,
    username: String,
    email: String,
    faults: Faults,
}

struct Token(String);

impl QueryParams for Token {
    const NAMES: &'static [&'static str] = &["token"];

    fn read(params: &mut Params) -> Self {
        Self(params.text("token").unwrap_or_default().to_owned())
    }
}

fn sign_up_page(frame: &Frame) -> SignUpPage {
    SignUpPage {
        shell: frame.shell(Section::Other, "Create an account"),
        heading: "Create an account",
        lead: None,
        action: "/sign-up",
        button: "Create account",
        token: None,
        username: String::new(),
        email: String::new(),
        faults: Faults::default(),
    }
}

fn first_admin_page(frame: &Frame, token: String) -> SignUpPage {
    SignUpPage {
        heading: "Create the first administrator",
        lead: Some("This account has the role SUPER_ADMIN. The link works once."),
        action: "/first-admin",
        button: "Create administrator",
        token: Some(token),
        ..sign_up_page(frame)
    }
}

async fn show(frame: Frame, _query: PageQuery<NoQuery>) -> Result<HttpResponse, PageError> {
    if !frame.state.auth.is_sign_up_open() {
        return Err(AuthError::SignUpClosed.into());
    }
    page_with(StatusCode::OK, &sign_up_page(&frame))
}

async fn show_first(frame: Frame, query: PageQuery<Token>) -> Result<HttpResponse, PageError> {
    if !frame.state.auth.is_first_admin_token(&query.0.0).await? {
        return Err(AuthError::FirstAdminLink.into());
    }
    page_with(StatusCode::OK, &first_admin_page(&frame, query.0.0))
}

fn account_of(fields: &Fields) -> NewAccount {
    NewAccount {
        username: fields.text("username"),
        email: fields.text("email"),
        password: fields.raw("password").to_owned(),
    }
}

async fn sign_up(frame: Frame, body: Bytes) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let made = frame.state.auth.sign_up(account_of(&fields)).await;
    answer(&frame, &fields, sign_up_page(&frame), made).await
}

async fn first_admin(frame: Frame, body: Bytes) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let token = fields.text("token");
    let made = frame
        .state
        .auth
        .create_first_admin(&token, account_of(&fields))
        .await;
    answer(&frame, &fields, first_admin_page(&frame, token), made).await
}

/// Signs the new person in, or shows the form again with everything but the password.
async fn answer(
    frame: &Frame,
    fields: &Fields,
    page: SignUpPage,
    made: Result<User, AuthError>,
) -> Result<HttpResponse, PageError> {
    let failure = match made {
        Ok(user) => {
            let session = frame
                .state
                .auth
                .sign_in(&user.username, fields.raw("password"))
                .await?;
            return Ok(signed_in(&frame.state, &session, "/dashboard"));
        }
        Err(error) => Failure::from(error),
    };
    if !matches!(failure.code(), Code::ValidationError | Code::Conflict) {
        return Err(PageError(failure));
    }
    let page = SignUpPage {
        username: fields.text("username"),
        email: fields.text("email"),
        faults: Faults::of(&failure, own_name),
        ..page
    };
    page_with(failure.status(), &page)
}

fn own_name(field: &str) -> &'static str {
    match field {
        "username" => "username",
        "email" => "email",
        "password" => "password",
        _ => "form",
    }
}
