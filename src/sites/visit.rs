//! What a page handler gets of a request: the run behind its cookie, a checked form, and a
//! place to say which records it shows.

use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError};

use crate::sites::runs::{Run, lock};
use crate::sites::state::{SiteState, Sites};

/// Name of the hidden field that every form sends.
pub const FORM_TOKEN: &str = "form_token";

/// A request of a run, whichever site it is for.
#[derive(Debug, Clone)]
pub(in crate::sites) struct Request {
    run: Arc<Run>,
    notes: Arc<Mutex<Notes>>,
    address: String,
}

/// A request of a run, for handlers of one site that show a page. A site names its own:
/// `pub type Visit = visit::Visit<ShopState>;`.
#[derive(Debug, Clone)]
pub struct Visit<S: SiteState> {
    request: Request,
    parsed: Option<S::Parsed>,
}

/// What a handler says about its request, for the journal.
#[derive(Debug, Default)]
pub(in crate::sites) struct Notes {
    pub(in crate::sites) shown: Vec<String>,
    pub(in crate::sites) violation: Option<String>,
}

impl Request {
    pub(in crate::sites) fn new(run: Arc<Run>, address: String) -> Self {
        Self {
            run,
            notes: Arc::default(),
            address,
        }
    }

    pub(in crate::sites) fn violation(&self, what: impl Into<String>) {
        lock(&self.notes).violation.get_or_insert(what.into());
    }

    pub(in crate::sites) fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        lock(&self.notes)
    }
}

impl<S: SiteState> Visit<S> {
    /// A snapshot of the site's state.
    pub fn state(&self) -> S {
        S::of(&self.request.run.snapshot()).clone()
    }

    /// A snapshot of all sites' state, for pages that show what another site knows.
    pub fn sites(&self) -> Sites {
        self.request.run.snapshot()
    }

    /// What the address means; absent for paths that are no page (form targets).
    pub fn parsed(&self) -> Option<&S::Parsed> {
        self.parsed.as_ref()
    }

    /// For the hidden field `form_token` of every form.
    pub fn form_token(&self) -> &str {
        self.request.run.form_token()
    }

    /// Says that the page shows a record, e.g. `show("shop.orders", order.no)`. Every page
    /// reports all records whose facts it shows; evaluators go by it.
    pub fn show(&self, collection: &str, key: impl std::fmt::Display) {
        let entry = format!("{collection}/{key}");
        let mut notes = self.request.notes();
        if !notes.shown.contains(&entry) {
            notes.shown.push(entry);
        }
    }

    /// Says that the request is an attempt at what the arena forbids.
    pub fn violation(&self, what: impl Into<String>) {
        self.request.violation(what);
    }

    /// Writes what is never compared (recently viewed, searches, flash); allowed on GET.
    pub fn remember<T>(&self, note: impl FnOnce(&mut S::Incidental) -> T) -> T {
        self.request.run.remember::<S, T>(note)
    }
}

/// A POST of a run whose form token was right. The only way to write primary state.
#[derive(Debug)]
pub struct Posted<S: SiteState> {
    /// The request.
    pub visit: Visit<S>,
    /// Fields of the form in order, without the token.
    pub fields: Fields,
}

impl<S: SiteState> Posted<S> {
    /// Acts on the site's state by its rules.
    pub fn write<T>(&self, act: impl FnOnce(&mut S) -> T) -> T {
        self.visit.request.run.write(act)
    }

    /// Acts on the state of several sites, where one act shows on all of them.
    pub fn write_sites<T>(&self, act: impl FnOnce(&mut Sites) -> T) -> T {
        self.visit.request.run.write_sites(act)
    }
}

/// Fields of a form, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The first value of a field, trimmed; empty when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// All values of a field, trimmed.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .collect()
    }

    /// Whether the field was sent (a ticked box).
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Names of fields beyond those that the form has; each is an attempt to write what the
    /// form does not offer, and the handler answers 400.
    pub fn unexpected<'a>(&'a self, known: &[&str]) -> Vec<&'a str> {
        self.0
            .iter()
            .map(|(key, _)| key.as_str())
            .filter(|key| !known.contains(key))
            .collect()
    }
}

/// A request that no handler answers. The page says in one sentence what was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The request came without a run.
    #[error("This page can only be opened from its own session.")]
    NoRun,
    /// The form was not made by this run's pages.
    #[error("This form has expired. Go back, reload the page and send it again.")]
    BadToken,
    /// The body is no form.
    #[error("This form could not be read.")]
    BadForm,
}

impl ResponseError for RequestError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NoRun | Self::BadToken => StatusCode::FORBIDDEN,
            Self::BadForm => StatusCode::BAD_REQUEST,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code())
            .content_type("text/plain; charset=utf-8")
            .body(self.to_string())
    }
}

impl<S: SiteState> FromRequest for Visit<S> {
    type Error = RequestError;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(visit_of(request))
    }
}

fn visit_of<S: SiteState>(request: &HttpRequest) -> Result<Visit<S>, RequestError> {
    let request = request.extensions().get::<Request>().cloned();
    let request = request.ok_or(RequestError::NoRun)?;
    Ok(Visit {
        parsed: S::parse(&request.address),
        request,
    })
}

impl<S: SiteState> FromRequest for Posted<S> {
    type Error = RequestError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = visit_of::<S>(request);
        let body = Bytes::from_request(request, payload);
        Box::pin(async move {
            let visit = visit?;
            let body = body.await.map_err(|_| RequestError::BadForm)?;
            let mut fields = read_form(&body).ok_or(RequestError::BadForm)?;
            let token = fields.text(FORM_TOKEN).to_owned();
            if token != visit.form_token() {
                visit.violation("a form was sent without this session's token");
                return Err(RequestError::BadToken);
            }
            fields.0.retain(|(name, _)| name != FORM_TOKEN);
            Ok(Self { visit, fields })
        })
    }
}

/// Fields of an URL-encoded body; line ends become `\n`. None when it is not UTF-8.
fn read_form(body: &[u8]) -> Option<Fields> {
    std::str::from_utf8(body).ok()?;
    let fields = url::form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")))
        .collect();
    Some(Fields(fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_repeated_fields_and_names_unexpected_ones() {
        let fields = read_form(b"item=A&item=B&note=+two%0D%0Alines+&price=1").unwrap();
        assert_eq!(fields.all("item"), ["A", "B"]);
        assert_eq!(fields.text("note"), "two\nlines");
        assert!(!fields.has("gift"));
        assert_eq!(fields.unexpected(&["item", "note"]), ["price"]);
        assert_eq!(read_form(b"\xff\xfe"), None);
    }
}
