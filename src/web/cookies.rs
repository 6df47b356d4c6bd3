//! The cookies of the website: httpOnly, SameSite=Lax, Secure when the settings say so.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{HeaderMap, HeaderValue, SET_COOKIE};

/// A cookie of the website, by what it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The access token.
    Access,
    /// The refresh token.
    Refresh,
    /// The token that forms and scripts repeat.
    Csrf,
}

/// Makes and reads cookies as the settings ask for.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    secure: bool,
}

impl Cookies {
    /// With `secure`, cookies travel over TLS only and are bound to this host by their prefix.
    pub const fn new(secure: bool) -> Self {
        Self { secure }
    }

    /// A cookie's name.
    pub const fn name(self, kind: Kind) -> &'static str {
        match (self.secure, kind) {
            (false, Kind::Access) => "aa_access",
            (false, Kind::Refresh) => "aa_refresh",
            (false, Kind::Csrf) => "aa_csrf",
            (true, Kind::Access) => "__Host-aa_access",
            (true, Kind::Refresh) => "__Host-aa_refresh",
            (true, Kind::Csrf) => "__Host-aa_csrf",
        }
    }

    /// The value that a request carries.
    pub fn read(self, request: &HttpRequest, kind: Kind) -> Option<String> {
        let cookie = request.cookie(self.name(kind))?;
        let value = cookie.value();
        (!value.is_empty()).then(|| value.to_owned())
    }

    /// A cookie that lives for a number of seconds.
    pub fn set(self, kind: Kind, value: &str, max_age_s: i64) -> Cookie<'static> {
        Cookie::build(self.name(kind), value.to_owned())
            .path("/")
            .http_only(true)
            .secure(self.secure)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(max_age_s))
            .finish()
    }

    /// A cookie that makes the browser forget the one before.
    pub fn remove(self, kind: Kind) -> Cookie<'static> {
        self.set(kind, "", 0)
    }
}

/// Adds cookies to a response's headers.
pub fn append(headers: &mut HeaderMap, cookies: &[Cookie<'static>]) {
    for cookie in cookies {
        // A cookie that is no header value would need control characters, which tokens never have.
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            headers.append(SET_COOKIE, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_closed_to_scripts_and_other_sites() {
        let text = Cookies::new(false).set(Kind::Access, "abc", 60).to_string();
        assert_eq!(
            text,
            "aa_access=abc; HttpOnly; SameSite=Lax; Path=/; Max-Age=60"
        );
        let text = Cookies::new(true).remove(Kind::Refresh).to_string();
        assert!(text.starts_with("__Host-aa_refresh=; "), "{text}");
        assert!(
            text.contains("Secure") && text.contains("Max-Age=0"),
            "{text}"
        );
    }
}
