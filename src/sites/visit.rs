//! What a page handler gets of a request: the run behind its cookie, a checked form, and a
//! place to say which records it shows.

use std::future::Ready;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::sites::runs::Run;
use crate::sites::shop::state::{Incidental, ShopState};
use crate::sites::shop::view::Parsed;

/// A request of a run, for handlers that show a page.
#[derive(Debug, Clone)]
pub struct Visit {
    run: std::sync::Arc<Run>,
    shown: std::sync::Arc<std::sync::Mutex<Vec<String>>>,
    parsed: Option<Parsed>,
}

impl Visit {
    /// A snapshot of the run's state.
    pub fn state(&self) -> ShopState {
        self.run.snapshot()
    }

    /// What the address means; absent for paths that are no page (form targets).
    pub fn parsed(&self) -> Option<&Parsed> {
        self.parsed.as_ref()
    }

    /// For the hidden field `form_token` of every form.
    pub fn form_token(&self) -> &str {
        self.run.form_token()
    }

    /// Says that the page shows a record, e.g. `show("shop.orders", order.no)`. Every page
    /// reports all records whose facts it shows; evaluators go by it.
    pub fn show(&self, collection: &str, key: impl std::fmt::Display) {
        self.shown
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(format!("{collection}/{key}"));
    }

    /// Writes what is never compared (recently viewed, searches, flash); allowed on GET.
    pub fn remember<T>(&self, note: impl FnOnce(&mut Incidental) -> T) -> T {
        self.run.remember(note)
    }
}

/// A POST of a run whose form token was right. The only way to write primary state.
#[derive(Debug)]
pub struct Posted {
    /// The request.
    pub visit: Visit,
    /// Fields of the form in order, without the token.
    pub fields: Fields,
}

impl Posted {
    /// Acts on the run's state by the shop's rules.
    pub fn write<T>(&self, act: impl FnOnce(&mut ShopState) -> T) -> T {
        self.visit.run.write(act)
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

impl FromRequest for Visit {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(_request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        unimplemented!("lands within minutes")
    }
}
