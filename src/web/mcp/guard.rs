//! Keeps web pages of other sites away from `/mcp`, also those whose name was made to point at
//! this machine (DNS rebinding), as the MCP specification demands of servers.

use actix_web::http::header::{HOST, HeaderMap, ORIGIN};
use url::{Host, Url};

use crate::web::error::{Code, Failure};
use crate::web::state::AppState;

/// Refuses a request that may come from another site's page.
pub(super) fn check(headers: &HeaderMap, state: &AppState) -> Result<(), Failure> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let local = state.server.host.is_loopback();
    let checked = check_names(
        text(HOST),
        text(ORIGIN),
        headers.contains_key(ORIGIN),
        |host| is_ours(host, state.public_url()),
    );
    match checked {
        Ok(()) => Ok(()),
        // Names of this machine in its own network are its operator's business, but not a page's.
        Err(Foreign::Host) if !local && !headers.contains_key(ORIGIN) => Ok(()),
        Err(Foreign::Host) => Err(refused(
            "The host of this address is not the arena's; use its IP address, localhost, or set \
             server.public_url.",
            "Host",
        )),
        Err(Foreign::Origin) => Err(refused(
            "The request comes from a page of another site.",
            "Origin",
        )),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Foreign {
    Host,
    Origin,
}

/// `ours` says whether an authority cannot be a rebound name. An origin must be the host asked.
fn check_names(
    host: Option<&str>,
    origin: Option<&str>,
    has_origin: bool,
    ours: impl Fn(&str) -> bool,
) -> Result<(), Foreign> {
    if has_origin {
        let origin = origin.unwrap_or_default();
        let authority = origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"));
        let same = authority.is_some_and(|name| {
            ours(name) && (host.is_some_and(|host| host.eq_ignore_ascii_case(name)))
        });
        if !same {
            return Err(Foreign::Origin);
        }
    }
    match host {
        Some(host) if ours(host) => Ok(()),
        _ => Err(Foreign::Host),
    }
}

/// An IP address and `localhost` cannot be rebound, and the public address is the operator's.
fn is_ours(authority: &str, public_url: Option<&Url>) -> bool {
    let Ok(url) = Url::parse(&format!("http://{authority}")) else {
        return false;
    };
    match url.host() {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Some(Host::Domain(name)) => {
            name == "localhost" || public_url.is_some_and(|public| public.host_str() == Some(name))
        }
        None => false,
    }
}

fn refused(message: &str, field: &str) -> Failure {
    Failure::new(Code::Forbidden, message).at(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(host: &str, origin: Option<&str>) -> Result<(), Foreign> {
        let public = Url::parse("https://arena.example/").unwrap();
        check_names(Some(host), origin, origin.is_some(), |host| {
            is_ours(host, Some(&public))
        })
    }

    #[test]
    fn the_arenas_own_names_pass() {
        for host in [
            "127.0.0.1:8080",
            "[::1]:8080",
            "localhost:8080",
            "arena.example",
        ] {
            assert_eq!(checked(host, None), Ok(()), "{host}");
            let origin = format!("http://{host}");
            assert_eq!(checked(host, Some(&origin)), Ok(()), "{host}");
        }
        assert_eq!(
            checked("arena.example", Some("https://arena.example")),
            Ok(())
        );
    }

    #[test]
    fn a_rebound_name_and_another_sites_page_do_not() {
        for (host, origin, foreign) in [
            ("evil.example:8080", None, Foreign::Host),
            (
                "evil.example:8080",
                Some("http://evil.example:8080"),
                Foreign::Origin,
            ),
            (
                "127.0.0.1:8080",
                Some("http://evil.example"),
                Foreign::Origin,
            ),
            (
                "127.0.0.1:8080",
                Some("http://127.0.0.1:8081"),
                Foreign::Origin,
            ),
            ("127.0.0.1:8080", Some("null"), Foreign::Origin),
            ("localhost.evil.example", None, Foreign::Host),
        ] {
            assert_eq!(checked(host, origin), Err(foreign), "{host} {origin:?}");
        }
    }
}
