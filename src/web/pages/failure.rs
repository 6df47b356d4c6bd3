//! The page that a failed request is answered with: what happened, why, what to do.

use actix_web::http::{Method, header};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use askama::Template;

use crate::web::error::{Code, Failure};
use crate::web::middleware::request_id::RequestId;
use crate::web::pages::frame::failure_shell;
use crate::web::ui::format;
use crate::web::ui::page::page_with;
use crate::web::ui::shell::Shell;

#[derive(Template)]
#[template(path = "pages/failure.html")]
struct FailurePage {
    shell: Shell,
    icon: &'static str,
    heading: &'static str,
    message: String,
    request_id: Option<String>,
    wait: Option<String>,
    actions: Vec<Action>,
}

struct Action {
    href: String,
    label: &'static str,
    primary: bool,
}

/// Says what went wrong and what to do. Who is not signed in is led to the sign-in page and
/// back.
pub fn render(request: &HttpRequest, failure: &Failure) -> HttpResponse {
    if failure.code() == Code::Unauthenticated && request.method() == Method::GET {
        return to_sign_in(request);
    }
    let heading = heading(failure.code());
    let rendered = failure_shell(request, heading)
        .map(|shell| page_with(failure.status(), &page_of(request, failure, shell, heading)));
    match rendered {
        Some(Ok(response)) => response,
        _ => plain(failure),
    }
}

fn to_sign_in(request: &HttpRequest) -> HttpResponse {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let query = serde_urlencoded::to_string([("back", path)]).unwrap_or_default();
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, format!("/sign-in?{query}")))
        .finish()
}

fn plain(failure: &Failure) -> HttpResponse {
    HttpResponse::build(failure.status())
        .content_type("text/plain; charset=utf-8")
        .body(format!("{}\n\n{}", message(failure), failure.code().fix()))
}

fn page_of(
    request: &HttpRequest,
    failure: &Failure,
    shell: Shell,
    heading: &'static str,
) -> FailurePage {
    let is_own_fault = failure.code() == Code::Internal;
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(ToString::to_string);
    FailurePage {
        actions: actions(failure.code(), &shell),
        icon: icon(failure.code()),
        heading,
        message: message(failure),
        request_id: id.filter(|_| is_own_fault),
        wait: failure.retry_after_s().map(|seconds| {
            format::duration_ms(i64::try_from(seconds).unwrap_or(60).saturating_mul(1000))
        }),
        shell,
    }
}

fn message(failure: &Failure) -> String {
    let items = failure.items().iter();
    items
        .map(|item| item.message.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

const fn heading(code: Code) -> &'static str {
    match code {
        Code::NotFound => "This page does not exist",
        Code::Forbidden => "You may not do this",
        Code::CsrfRefused => "The form could not be taken",
        Code::Unauthenticated | Code::WrongCredentials => "You are not signed in",
        Code::RateLimited => "Too many requests in a short time",
        Code::QueueFull => "The queue is full",
        Code::Unavailable => "A part of the arena is not ready",
        Code::Internal => "The server could not make this page",
        Code::Conflict => "This contradicts what is there",
        _ => "The request could not be read",
    }
}

const fn icon(code: Code) -> &'static str {
    match code {
        Code::Internal => "agent_error",
        Code::RateLimited | Code::QueueFull | Code::Unavailable => "limit",
        Code::Forbidden | Code::CsrfRefused => "policy_violation",
        _ => "failed",
    }
}

fn actions(code: Code, shell: &Shell) -> Vec<Action> {
    let home = Action {
        href: if shell.viewer.is_some() {
            "/dashboard"
        } else {
            "/leaderboard"
        }
        .to_owned(),
        label: if shell.viewer.is_some() {
            "Go to the dashboard"
        } else {
            "Go to the leaderboard"
        },
        primary: false,
    };
    let again = |label| Action {
        href: shell.path.clone(),
        label,
        primary: true,
    };
    match code {
        Code::Internal | Code::Unavailable | Code::RateLimited | Code::QueueFull => {
            vec![again("Try again"), home]
        }
        Code::CsrfRefused => vec![again("Load the page again"), home],
        Code::Unauthenticated => vec![
            Action {
                href: "/sign-in".to_owned(),
                label: "Sign in",
                primary: true,
            },
            home,
        ],
        _ => vec![home],
    }
}
