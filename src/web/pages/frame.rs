//! What every page needs to know before it is shown: who asks, in which colours, with which
//! form token, and how the playground stands.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use crate::arena::accounts;
use crate::auth::Principal;
use crate::domain::outcome::PlaygroundKind;
use crate::domain::user::Theme;
use crate::playground::PlaygroundHealth;
use crate::web::csrf::CsrfToken;
use crate::web::error::{Failure, PageError};
use crate::web::middleware::identify::Identity;
use crate::web::state::AppState;
use crate::web::ui::shell::{PlaygroundNote, Section, Shell, Viewer};

/// Name of the cookie that keeps the colours of someone who is signed out.
const THEME_COOKIE: &str = "aa_theme";

/// A year.
const THEME_DAYS: i64 = 365;

/// What every page needs.
pub struct Frame {
    /// What handlers can reach.
    pub state: AppState,
    /// Who asks, when signed in.
    pub person: Option<Principal>,
    theme: Option<Theme>,
    csrf: String,
    path: String,
}

impl Frame {
    /// The frame of a page.
    pub fn shell(&self, section: Section, title: impl Into<String>) -> Shell {
        shell_of(
            &self.state,
            self.person.as_ref(),
            self.theme,
            Known {
                csrf: self.csrf.clone(),
                path: self.path.clone(),
            },
            section,
            title.into(),
        )
    }

    /// Who asks; an error that leads to the sign-in page when nobody is signed in.
    pub fn signed_in(&self) -> Result<&Principal, Failure> {
        self.person.as_ref().ok_or_else(|| {
            Failure::new(
                crate::web::error::Code::Unauthenticated,
                "Sign in to see this page.",
            )
        })
    }

    /// The colours that the person chose.
    pub const fn theme(&self) -> Option<Theme> {
        self.theme
    }
}

struct Known {
    csrf: String,
    path: String,
}

fn shell_of(
    state: &AppState,
    person: Option<&Principal>,
    theme: Option<Theme>,
    known: Known,
    section: Section,
    title: String,
) -> Shell {
    Shell {
        title,
        section,
        viewer: person.map(|person| Viewer {
            username: person.username.clone(),
            role: person.role,
        }),
        theme: theme.map(|theme| theme.to_string()),
        csrf: known.csrf,
        path: known.path,
        playground: playground_note(&state.playground.health()),
    }
}

/// The frame of a page that says why a request failed; none when even that is not known.
pub fn failure_shell(request: &HttpRequest, title: &str) -> Option<Shell> {
    let state = request.app_data::<web::Data<AppState>>()?;
    let person = person_of(request);
    Some(shell_of(
        state,
        person.as_ref(),
        theme_of_cookie(request),
        known_of(request),
        Section::Other,
        title.to_owned(),
    ))
}

fn person_of(request: &HttpRequest) -> Option<Principal> {
    let extensions = request.extensions();
    extensions
        .get::<Identity>()
        .and_then(Identity::principal)
        .cloned()
}

fn known_of(request: &HttpRequest) -> Known {
    let csrf = request
        .extensions()
        .get::<CsrfToken>()
        .map(|token| token.as_str().to_owned());
    let path = request.uri().path_and_query().map(ToString::to_string);
    Known {
        csrf: csrf.unwrap_or_default(),
        path: path.unwrap_or_else(|| "/".to_owned()),
    }
}

fn theme_of_cookie(request: &HttpRequest) -> Option<Theme> {
    request.cookie(THEME_COOKIE)?.value().parse().ok()
}

/// The cookie that keeps the colours of this browser.
pub fn theme_cookie(theme: Option<Theme>, secure: bool) -> Cookie<'static> {
    let (value, age) = match theme {
        Some(theme) => (theme.to_string(), Duration::days(THEME_DAYS)),
        None => (String::new(), Duration::ZERO),
    };
    Cookie::build(THEME_COOKIE, value)
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .max_age(age)
        .finish()
}

impl FromRequest for Frame {
    type Error = PageError;
    type Future = LocalBoxFuture<'static, Result<Self, PageError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let person = person_of(request);
        let of_cookie = theme_of_cookie(request);
        let known = known_of(request);
        Box::pin(async move {
            let state = state.ok_or_else(|| {
                Failure::internal(anyhow::anyhow!("the application has no state"))
            })?;
            let theme = match &person {
                Some(person) => accounts::own(&state.store, person)
                    .await
                    .map_err(Failure::from)?
                    .and_then(|user| user.theme),
                None => of_cookie,
            };
            Ok(Self {
                state: state.get_ref().clone(),
                person,
                theme,
                csrf: known.csrf,
                path: known.path,
            })
        })
    }
}

/// How many pages are open, of how many.
pub fn browsers(health: &PlaygroundHealth) -> String {
    if health.capacity == 0 {
        return "none".to_owned();
    }
    format!("{} of {} in use", health.in_use, health.capacity)
}

/// How the playground stands, in words.
pub fn playground_note(health: &PlaygroundHealth) -> PlaygroundNote {
    let simulated = health.kind == PlaygroundKind::Mock;
    let browsers = format!("browsers: {}", browsers(health));
    let (state, label, title) = match (health.ok, simulated) {
        (true, false) => (
            "passed",
            browsers,
            "Playground: real browser, healthy".to_owned(),
        ),
        (true, true) => (
            "cancelled",
            "simulated".to_owned(),
            "Playground: mock. Results are simulated and never ranked".to_owned(),
        ),
        (false, _) => (
            "infra_error",
            "not healthy".to_owned(),
            format!("Playground: {}, not healthy", health.kind),
        ),
    };
    PlaygroundNote {
        state,
        label,
        title,
        problem: (!health.ok).then(|| format!("Playground is not healthy: {}", health.problem)),
        simulated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health(kind: PlaygroundKind, ok: bool) -> PlaygroundHealth {
        PlaygroundHealth {
            kind,
            ok,
            version: String::new(),
            problem: if ok {
                String::new()
            } else {
                "no ChromeDriver was found".to_owned()
            },
            capacity: 2,
            in_use: 1,
        }
    }

    #[test]
    fn a_playground_that_cannot_run_says_so_and_a_mock_never_passes_for_real() {
        let note = playground_note(&health(PlaygroundKind::Real, true));
        assert_eq!(
            (note.state, note.label.as_str()),
            ("passed", "browsers: 1 of 2 in use")
        );
        let note = playground_note(&health(PlaygroundKind::Mock, true));
        assert_eq!(
            (note.state, note.label.as_str()),
            ("cancelled", "simulated")
        );
        let note = playground_note(&health(PlaygroundKind::Real, false));
        assert!(
            note.problem
                .is_some_and(|problem| problem.contains("no ChromeDriver was found"))
        );
    }
}
