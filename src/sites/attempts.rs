//! What a request of a run tries that it may not: told from the request alone and from how it
//! was answered, for every site alike. Each is a violation in the run's journal. What an honest
//! browser or a mistaken person sends is none: an unknown page, a refused form, an expired one.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::{COOKIE, HeaderMap};
use actix_web::http::{Method, StatusCode};
use serde::Deserialize;
use url::Url;

use crate::domain::evidence::JournalEntry;
use crate::sites::listener::RUN_COOKIE;
use crate::sites::registry;
use crate::sites::runs::{Run, SiteRuns, view_of};

/// First segments, below a site, of addresses by which other arenas read, reset or end a run.
const PROBES: [&str; 14] = [
    "api",
    "state",
    "_state",
    "__state__",
    "reset",
    "__reset__",
    "finish",
    "evaluate",
    "evaluator",
    "reward",
    "debug",
    "graphql",
    ".git",
    ".env",
];

/// Longest part of an address that is repeated.
const SHOWN: usize = 200;

/// What a run may not ask for at all: the answer's status, and what was tried.
pub(super) fn refused(request: &ServiceRequest, run: &Run) -> Option<(StatusCode, String)> {
    let known = [Method::GET, Method::HEAD, Method::POST];
    if !known.contains(request.method()) {
        let what = format!("the method {} was tried", request.method());
        return Some((StatusCode::METHOD_NOT_ALLOWED, what));
    }
    if climbs(request.path()) {
        let what = "a path that climbs out of the sites was tried".to_owned();
        return Some((StatusCode::NOT_FOUND, what));
    }
    let site = registry::of_path(request.path())?.name;
    let elsewhere = !run.spec().sites.iter().any(|allowed| allowed == site);
    elsewhere.then(|| {
        (
            StatusCode::FORBIDDEN,
            format!("the site `{site}` is not part of the task"),
        )
    })
}

/// What an answered request was an attempt at. `pattern` is the address as it is registered.
pub(super) fn told_by(entry: &JournalEntry, pattern: Option<&str>) -> Option<String> {
    let not_offered = || format!("{} is not offered there", entry.method);
    let is_form = entry.method == Method::POST.as_str();
    match StatusCode::from_u16(entry.status).ok()? {
        StatusCode::METHOD_NOT_ALLOWED => Some(not_offered()),
        // What people fill in wrongly is answered 422; only a form that no page made is malformed.
        StatusCode::BAD_REQUEST if is_form => {
            Some("a form was sent that no page offers".to_owned())
        }
        StatusCode::NOT_FOUND if is_form && pattern.is_none_or(is_open) => Some(not_offered()),
        StatusCode::NOT_FOUND if entry.view.is_none() => {
            let takes_forms_only = pattern.is_some_and(|pattern| {
                !is_open(pattern) && registry::of_path(pattern).is_some() && !is_page(pattern)
            });
            if takes_forms_only {
                return Some(not_offered());
            }
            is_probe(&entry.path).then(|| {
                "an address was tried by which other arenas read or reset a run".to_owned()
            })
        }
        _ => None,
    }
}

/// Whether a registered address stands for everything below it.
fn is_open(pattern: &str) -> bool {
    pattern.contains(":.*}")
}

/// Whether a registered address shows a page, given values for its parts.
fn is_page(pattern: &str) -> bool {
    let filled: Vec<&str> = pattern
        .split('/')
        .map(|part| if part.starts_with('{') { "1" } else { part })
        .collect();
    view_of(&filled.join("/")).is_some()
}

/// Whether a path climbs when it is decoded, once or twice, or holds what no path holds.
fn climbs(path: &str) -> bool {
    let once = decode(path);
    let twice = decode(&once);
    [path, &once, &twice]
        .into_iter()
        .any(|path| path.contains('\0') || path.split(['/', '\\']).any(|part| part == ".."))
}

fn decode(path: &str) -> String {
    let plus = path.replace('+', "%2B").replace('&', "%26");
    url::form_urlencoded::parse(plus.replace('=', "%3D").as_bytes())
        .next()
        .map_or_else(String::new, |(key, _)| key.into_owned())
}

fn is_probe(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let below = registry::of_path(path).and_then(|_| path.split('/').nth(2));
    below.is_some_and(|below| PROBES.contains(&below))
}

/// The run that a request belongs to.
pub(super) enum Owner {
    /// It came without a run, or with one that is over.
    Nobody,
    /// This one.
    One(Arc<Run>),
    /// It came with several cookies of runs, which no browser has by itself: a script has put one
    /// beside its own. The run is the one that did it, if that can be told.
    Several(Option<Arc<Run>>),
}

/// Whose request it is.
pub(super) fn owner(headers: &HeaderMap, runs: &SiteRuns) -> Owner {
    let mut cookies = run_cookies(headers);
    let Some(first) = cookies.next() else {
        return Owner::Nobody;
    };
    let rest: Vec<&str> = cookies.collect();
    if rest.is_empty() {
        return runs.by_cookie(first).map_or(Owner::Nobody, Owner::One);
    }
    // Its own cookie is for all paths and the eldest; one with a longer path is sent before it
    // (RFC 6265 section 5.4).
    let all = std::iter::once(first).chain(rest);
    Owner::Several(all.filter_map(|cookie| runs.by_cookie(cookie)).last())
}

fn run_cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(COOKIE)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| {
            let (name, value) = cookie.trim().split_once('=')?;
            (name == RUN_COOKIE).then_some(value)
        })
}

/// Whether an entry link was opened by a page of the sites, or as anything but a page. People and
/// the arena open links from outside.
pub(super) fn enters_from_within(request: &HttpRequest) -> bool {
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        value.to_str().ok()
    };
    header("sec-fetch-site") == Some("same-origin")
        || header("sec-fetch-dest").is_some_and(|dest| dest != "document")
}

/// What a browser reports when a page broke its content security policy.
#[derive(Deserialize)]
struct Report {
    #[serde(rename = "csp-report")]
    report: Breach,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Breach {
    document_uri: String,
    blocked_uri: String,
    effective_directive: Option<String>,
}

/// What a report of the browser says was tried: a request to another origin. Pages of the sites
/// ask for nothing elsewhere by themselves. Anything else is a fault of a page, not an attempt.
pub(super) fn reported(body: &[u8]) -> Option<String> {
    let Report { report } = serde_json::from_slice(body).ok()?;
    let blocked = Url::parse(&report.blocked_uri).ok()?;
    let document = Url::parse(&report.document_uri).ok()?;
    let is_network = matches!(blocked.scheme(), "http" | "https" | "ws" | "wss");
    let is_elsewhere = blocked.host_str() != document.host_str()
        || blocked.port_or_known_default() != document.port_or_known_default();
    (is_network && is_elsewhere).then(|| {
        let url: String = report.blocked_uri.chars().take(SHOWN).collect();
        let directive = report.effective_directive.unwrap_or_default();
        format!("a page was made to ask for {url} ({directive}), which was blocked")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    fn entry(method: &str, path: &str, status: u16) -> JournalEntry {
        JournalEntry {
            n: 0,
            method: method.to_owned(),
            path: path.to_owned(),
            view: view_of(path),
            status,
            document: true,
            shown: Vec::new(),
            violation: None,
        }
    }

    #[test]
    fn paths_that_climb_are_told_from_odd_ones() {
        for path in [
            "/shop/../x",
            "/shop/..%2f..%2fetc",
            "/shop/%252e%252e/x",
            "/shop/..%5cx",
            "/assets/x%00.css",
        ] {
            assert!(climbs(path), "{path}");
        }
        for path in [
            "/shop/p/x..y",
            "/wiki/...",
            "/wiki/R%26D",
            "/wiki/50%25",
            "/shop/",
        ] {
            assert!(!climbs(path), "{path}");
        }
    }

    #[test]
    fn attempts_are_told_from_mistakes() {
        let tail = Some("/shop/{tail:.*}");
        let add = Some("/shop/cart/add");
        let cancel = Some("/shop/orders/{order}/cancel");
        let again = Some("/shop/orders/{order}/again");
        let cases = [
            ("GET", "/shop/cart/add?x=1", 404, add, true),
            ("GET", "/shop/orders/7/again", 404, again, true),
            ("GET", "/shop/orders/x/cancel", 404, cancel, false),
            ("GET", "/shop/orders/7", 404, tail, false),
            ("GET", "/shop/nowhere", 404, tail, false),
            ("GET", "/shop/reset", 404, tail, true),
            ("GET", "/shop/api/state?x", 404, tail, true),
            ("GET", "/shop/search?q=api/state", 200, tail, false),
            ("POST", "/shop/help", 404, tail, true),
            ("POST", "/shop/orders/1/cancel", 404, cancel, false),
            ("POST", "/shop/orders/1/cancel", 400, cancel, true),
            ("POST", "/shop/orders/1/cancel", 422, cancel, false),
            ("POST", "/shop/anything", 405, None, true),
        ];
        for (method, path, status, pattern, attempt) in cases {
            let told = told_by(&entry(method, path, status), pattern);
            assert_eq!(told.is_some(), attempt, "{method} {path}: {told:?}");
        }
    }

    #[test]
    fn a_cookie_beside_ones_own_belongs_to_nobody() {
        let runs = SiteRuns::new();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("a=b; arena_run=1"));
        assert!(matches!(owner(&headers, &runs), Owner::Nobody));
        headers.insert(COOKIE, HeaderValue::from_static("arena_run=2; arena_run=1"));
        assert!(matches!(owner(&headers, &runs), Owner::Several(None)));
    }

    #[test]
    fn only_requests_to_elsewhere_are_attempts() {
        let report = |blocked: &str| {
            let body = serde_json::json!({"csp-report": {
                "document-uri": "http://127.0.0.1:8081/shop/", "blocked-uri": blocked,
                "effective-directive": "connect-src",
            }});
            reported(body.to_string().as_bytes())
        };
        let told = report("http://127.0.0.1:8080/api/v1/tasks").expect("an attempt");
        assert!(
            told.contains("127.0.0.1:8080/api/v1/tasks (connect-src)"),
            "{told}"
        );
        assert!(report("ws://127.0.0.1:9222").is_some());
        for own in ["inline", "eval", "data", "http://127.0.0.1:8081/x", ""] {
            assert_eq!(report(own), None, "{own}");
        }
        assert_eq!(reported(b"{}"), None);
    }
}
