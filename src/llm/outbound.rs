//! Which addresses may be called on behalf of a user. A base URL is user input: without this
//! check an agent's settings could reach the operator's own network (SSRF, OWASP API7:2023).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::llm::ChatError;

/// Why an address is not called.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// Not an absolute http or https URL.
    #[error(
        "`{0}` is not an address: give an absolute http or https URL such as https://api.openai.com/v1"
    )]
    NotAnAddress(String),
    /// User name or password inside the URL.
    #[error(
        "the address holds a user name or password: store the key under Account, Provider keys instead"
    )]
    Credentials,
    /// A loopback, private or link-local address.
    #[error(
        "{0} is a private address; an operator can allow it with `outbound.allow_private = true`"
    )]
    Private(String),
}

/// Checks a base URL as far as that is possible without resolving its name.
pub fn check_url(text: &str, allow_private: bool) -> Result<Url, OutboundError> {
    let short = || text.chars().take(200).collect::<String>();
    let url = Url::parse(text).map_err(|_| OutboundError::NotAnAddress(short()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(OutboundError::NotAnAddress(short()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(OutboundError::Credentials);
    }
    let private = match url.host() {
        None => return Err(OutboundError::NotAnAddress(short())),
        Some(Host::Ipv4(ip)) => is_private(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => is_private(IpAddr::V6(ip)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
    };
    if private && !allow_private {
        return Err(OutboundError::Private(
            url.host_str().unwrap_or_default().to_owned(),
        ));
    }
    Ok(url)
}

/// Whether an address is not one of the public internet: loopback, private, link-local (cloud
/// metadata among them), shared, unspecified, multicast, or IPv6 counterparts of these.
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            // Shared (RFC 6598), benchmarking (RFC 2544), protocol assignments (RFC 6890).
            let shared = matches!(
                ip.octets(),
                [100, 64..128, ..] | [198, 18 | 19, ..] | [192, 0, 0, _]
            );
            ip.is_loopback()
                || ip.is_private()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || ip.octets()[0] == 0
                || ip.octets()[0] >= 240
                || shared
        }
        IpAddr::V6(ip) => {
            let nat64 = (ip.segments()[..6] == [0x64, 0xff9b, 0, 0, 0, 0]).then(|| {
                Ipv4Addr::from_bits(u32::from(ip.segments()[6]) << 16 | u32::from(ip.segments()[7]))
            });
            let embedded = ip.to_ipv4().or(nat64);
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unique_local()
                // 6to4 (RFC 3056) and Teredo (RFC 4380) carry an IPv4 address to go to.
                || ip.segments()[0] == 0x2002
                || ip.segments()[..2] == [0x2001, 0]
                || ip.is_unicast_link_local()
                || embedded.is_some_and(|ip| is_private(IpAddr::V4(ip)))
        }
    }
}

/// The client for an address that was checked as far as that is possible now.
pub(super) fn checked_client(
    base: &str,
    allow_private: bool,
) -> Result<reqwest::Client, ChatError> {
    check_url(base, allow_private).map_err(|error| ChatError::lasting(error.to_string()))?;
    client(allow_private).map_err(|error| ChatError::lasting(error.to_string()))
}

/// An HTTP client for calls to user-given addresses: no redirects (they would leave the checked
/// address), no proxy of the environment, and names that resolve to private addresses refused.
pub fn client(allow_private: bool) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .connect_timeout(Duration::from_secs(10))
        .user_agent(concat!("agentarena/", env!("CARGO_PKG_VERSION")));
    if allow_private {
        builder.build()
    } else {
        builder.dns_resolver(PublicOnly).build()
    }
}

/// Resolves names to public addresses only. The check is on the address that is then connected
/// to, so a name that changes its mind between two look-ups gains nothing.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found
                .iter()
                .copied()
                .filter(|address| !is_private(address.ip()))
                .collect();
            if public.is_empty() && !found.is_empty() {
                return Err(Box::new(OutboundError::Private(host)).into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// The cause of a failed request that says most: the one at the bottom.
pub fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string().chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_refused_in_every_spelling() {
        for text in [
            "http://127.0.0.1:8080/v1",
            "http://2130706433/v1",
            "http://0x7f.1/v1",
            "http://localhost/v1",
            "http://a.localhost/v1",
            "http://10.1.2.3",
            "http://192.168.1.20:8000/v1",
            "http://169.254.169.254/latest",
            "http://100.64.0.1",
            "http://0.0.0.0",
            "http://198.18.0.1/",
            "http://[2002:7f00:1::]/",
            "http://localhost./v1",
            "http://[::1]/v1",
            "http://[::ffff:10.0.0.1]/",
            "http://[fd00::1]/",
            "http://[fe80::1]/",
            "http://[64:ff9b::7f00:1]/",
        ] {
            assert!(
                matches!(check_url(text, false), Err(OutboundError::Private(_))),
                "{text}"
            );
            assert!(check_url(text, true).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_says_what_would_be() {
        for text in [
            "",
            "api.openai.com/v1",
            "ftp://example.com",
            "file:///etc/passwd",
            "javascript:alert(1)",
        ] {
            let error = check_url(text, true).unwrap_err();
            assert!(
                error.to_string().contains("https://api.openai.com/v1"),
                "{error}"
            );
        }
        assert_eq!(
            check_url("https://user:secret@example.com/v1", false),
            Err(OutboundError::Credentials)
        );
        assert!(check_url("https://api.openai.com/v1", false).is_ok());
    }
}
