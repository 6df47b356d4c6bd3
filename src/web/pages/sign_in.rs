//! Signing in and out.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;

use crate::auth::Session;
use crate::web::cookies;
use crate::web::error::{Code, Failure, PageError};
use crate::web::extract::PageQuery;
use crate::web::pages::frame::{Frame, theme_cookie};
use crate::web::pages::notice;
use crate::web::query::{Params, QueryParams};
use crate::web::session::{ended_cookies, session_cookies};
use crate::web::state::AppState;
use crate::web::ui::form::{Faults, Fields};
use crate::web::ui::page::{local_path, page_with, see_other};
use crate::web::ui::shell::{Section, Shell};

/// Where a person goes after signing in when nothing else is asked for.
const HOME: &str = "/dashboard";

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(
            resource("/sign-in")
                .route(get().to(show))
                .route(post().to(sign_in)),
        )
        .service(resource("/sign-out").route(post().to(sign_out)));
}

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    shell: Shell,
    notice: Option<&'static str>,
    login: String,
    back: String,
    sign_up_open: bool,
    faults: Faults,
}

struct Query {
    back: String,
    notice: Option<&'static str>,
}

impl QueryParams for Query {
    const NAMES: &'static [&'static str] = &["back", "done"];

    fn read(params: &mut Params) -> Self {
        Self {
            back: params.text("back").unwrap_or(HOME).to_owned(),
            notice: notice::read(params),
        }
    }
}

async fn show(frame: Frame, query: PageQuery<Query>) -> Result<HttpResponse, PageError> {
    if frame.person.is_some() {
        return Ok(see_other(local_path(&query.0.back, HOME)));
    }
    let page = SignInPage {
        shell: frame.shell(Section::Other, "Sign in"),
        notice: query.0.notice,
        login: String::new(),
        back: query.0.back,
        sign_up_open: frame.state.auth.is_sign_up_open(),
        faults: Faults::default(),
    };
    page_with(StatusCode::OK, &page)
}

async fn sign_in(frame: Frame, body: Bytes) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let (login, password) = (fields.text("login"), fields.raw("password"));
    let back = fields.text("back");
    let failure = match frame.state.auth.sign_in(&login, password).await {
        Ok(session) => return Ok(signed_in(&frame.state, &session, local_path(&back, HOME))),
        Err(error) => Failure::from(error),
    };
    if !matches!(
        failure.code(),
        Code::WrongCredentials | Code::Forbidden | Code::ValidationError
    ) {
        return Err(PageError(failure));
    }
    let message = match failure.code() {
        Code::WrongCredentials => "Name and password do not match.".to_owned(),
        _ => failure
            .items()
            .first()
            .map(|item| item.message.clone())
            .unwrap_or_default(),
    };
    let page = SignInPage {
        shell: frame.shell(Section::Other, "Sign in"),
        notice: None,
        login,
        back,
        sign_up_open: frame.state.auth.is_sign_up_open(),
        faults: Faults::one("password", message),
    };
    page_with(failure.status(), &page)
}

/// The answer that starts a browser's session and leads on.
pub(super) fn signed_in(state: &AppState, session: &Session, to: &str) -> HttpResponse {
    let mut response = see_other(to);
    let mut kept = session_cookies(state.cookies(), session);
    kept.push(theme_cookie(
        session.user.theme,
        state.server.secure_cookies,
    ));
    cookies::append(response.headers_mut(), &kept);
    response
}

async fn sign_out(frame: Frame) -> Result<HttpResponse, PageError> {
    if let Some(person) = &frame.person {
        frame.state.auth.end_session(person).await?;
    }
    let mut response = see_other("/sign-in?done=signed-out");
    cookies::append(
        response.headers_mut(),
        &ended_cookies(frame.state.cookies()),
    );
    Ok(response)
}
