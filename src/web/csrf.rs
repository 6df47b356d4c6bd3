//! Proof that a form or a script of this site sent a request: a random token in a cookie that
//! other sites can neither read nor set, repeated in the form or in a header, and an `Origin`
//! that is ours.

use actix_web::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use url::Url;
use uuid::Uuid;

use crate::web::error::{Code, Failure};

/// Name of the hidden field in every form.
pub const FIELD: &str = "csrf_token";

/// Name of the header that scripts send.
pub const HEADER: HeaderName = HeaderName::from_static("x-csrf-token");

/// How long a browser keeps its token: a day.
pub const MAX_AGE_S: i64 = 86_400;

/// The token of one browser.
#[derive(Clone, PartialEq, Eq)]
pub struct CsrfToken(String);

impl CsrfToken {
    /// A new random token of 244 bits from the system's generator (two UUIDv4).
    pub fn new_random() -> Self {
        let (first, second) = (Uuid::new_v4(), Uuid::new_v4());
        Self(format!("{}{}", first.simple(), second.simple()))
    }

    /// A token that a browser sent back; none when it is not one of ours by form.
    pub fn from_cookie(value: &str) -> Option<Self> {
        let well_formed = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        well_formed.then(|| Self(value.to_owned()))
    }

    /// For the hidden field or the page's `meta` element.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a given text is this token, in time that does not depend on where they differ.
    pub fn matches(&self, given: &str) -> bool {
        let (own, given) = (self.0.as_bytes(), given.as_bytes());
        own.len() == given.len()
            && own
                .iter()
                .zip(given)
                .fold(0, |difference, (left, right)| difference | (left ^ right))
                == 0
    }
}

impl std::fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CsrfToken(..)")
    }
}

/// Refuses a request whose `Origin` is another site. Browsers send it with every request that
/// changes something and with every WebSocket; without it only the token decides.
pub fn check_origin(headers: &HeaderMap, public_url: Option<&Url>) -> Result<(), Failure> {
    let Some(origin) = headers.get(ORIGIN) else {
        return Ok(());
    };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let same_host = host.is_some_and(|host| {
        let authority = origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"));
        authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
    });
    let public = public_url.is_some_and(|url| url.origin().ascii_serialization() == origin);
    if same_host || public {
        return Ok(());
    }
    let origin: String = origin.chars().take(80).collect();
    let message = format!(
        "The request comes from `{origin}`, which is not this site. Behind a proxy, set server.public_url."
    );
    Err(Failure::new(Code::CsrfRefused, message).at("Origin"))
}

/// Refuses a request that does not repeat the browser's token.
pub fn check_token(
    own: Option<&CsrfToken>,
    given: Option<&str>,
    field: &str,
) -> Result<(), Failure> {
    let message = match (own, given) {
        (Some(own), Some(given)) if own.matches(given) => return Ok(()),
        (None, _) => "This browser has no form token yet, or has lost it; load the page again.",
        (_, None) => "The form token is missing; load the page again.",
        (Some(_), Some(_)) => "The form token is not this browser's; load the page again.",
    };
    Err(Failure::new(Code::CsrfRefused, message).at(field))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn headers(origin: Option<&'static str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("127.0.0.1:8080"));
        if let Some(origin) = origin {
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
        }
        headers
    }

    #[test]
    fn only_the_same_token_matches() {
        let token = CsrfToken::new_random();
        assert!(token.matches(token.as_str()));
        assert!(!token.matches(""));
        assert!(!token.matches(&token.as_str()[1..]));
        assert!(!token.matches(CsrfToken::new_random().as_str()));
        assert_eq!(CsrfToken::from_cookie(token.as_str()), Some(token));
        assert_eq!(CsrfToken::from_cookie("short"), None);
    }

    #[test]
    fn other_origins_are_refused_the_sites_listener_included() {
        assert!(check_origin(&headers(None), None).is_ok());
        assert!(check_origin(&headers(Some("http://127.0.0.1:8080")), None).is_ok());
        for other in ["http://127.0.0.1:8081", "https://evil.example", "null"] {
            assert!(
                check_origin(&headers(Some(other)), None).is_err(),
                "{other}"
            );
        }
        let public = Url::parse("https://arena.example/").unwrap();
        assert!(check_origin(&headers(Some("https://arena.example")), Some(&public)).is_ok());
    }
}
