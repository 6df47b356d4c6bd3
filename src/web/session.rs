//! Browser sessions: an access token and a refresh token in cookies, renewed while they are
//! used, without the person noticing.

use actix_web::cookie::Cookie;

use crate::auth::Session;
use crate::domain::time::Timestamp;
use crate::web::cookies::{Cookies, Kind};

/// The cookies that keep a session. A session without a new refresh token keeps the one that
/// the browser has, or has just been given by an answer to another request.
pub fn session_cookies(cookies: Cookies, session: &Session) -> Vec<Cookie<'static>> {
    let now = Timestamp::now();
    let left_s = |until: Timestamp| until.ms_since(now).max(0) / 1000;
    let access_s = left_s(session.access_expires_at);
    let mut kept = vec![cookies.set(Kind::Access, &session.access_token, access_s)];
    if let Some(token) = &session.refresh_token {
        let refresh_s = left_s(session.refresh_expires_at);
        kept.push(cookies.set(Kind::Refresh, token, refresh_s));
    }
    kept
}

/// The cookies that end a session in the browser.
pub fn ended_cookies(cookies: Cookies) -> [Cookie<'static>; 3] {
    [Kind::Access, Kind::Refresh, Kind::Csrf].map(|kind| cookies.remove(kind))
}
