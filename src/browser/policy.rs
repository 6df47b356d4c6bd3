//! Where an agent may go: the check of an address, and the same rule for the browser itself.

use url::Url;

use super::{NavigationPolicy, Violation};

/// A proxy address at which nothing listens. Every request that a policy does not exempt goes
/// there and fails at once, before a name is looked up or a connection is made.
pub(super) const DEAD_PROXY: &str = "127.0.0.1:9";

impl NavigationPolicy {
    /// Whether the address may be opened, and if not, which rule forbids it.
    pub fn check(&self, address: &str) -> Result<Url, Violation> {
        let url = Url::parse(address.trim()).map_err(|error| Violation {
            rule: "address".to_owned(),
            detail: format!("`{}` is no whole address: {error}", shorten(address)),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Violation {
                rule: "scheme".to_owned(),
                detail: format!(
                    "`{}` is not http or https: {}",
                    url.scheme(),
                    shorten(address)
                ),
            });
        }
        let origin = url.origin().ascii_serialization();
        let same = |allowed: &String| allowed.trim_end_matches('/') == origin;
        if !self.allowed_origins.iter().any(same) {
            return Err(Violation {
                rule: "origin".to_owned(),
                detail: format!("{origin} is not part of this task"),
            });
        }
        // A parsed address has no `..` left and its path begins with a slash.
        let within = |prefix: &String| path_is_within(url.path(), prefix);
        if !self.allowed_paths.is_empty() && !self.allowed_paths.iter().any(within) {
            return Err(Violation {
                rule: "path".to_owned(),
                detail: format!("{} is not part of this task", shorten(url.path())),
            });
        }
        Ok(url)
    }

    /// Whether the address is at one of the allowed origins, whatever its path.
    pub(super) fn reaches(&self, address: &str) -> bool {
        let origin = Url::parse(address).map(|url| url.origin().ascii_serialization());
        origin.is_ok_and(|origin| {
            let same = |allowed: &String| allowed.trim_end_matches('/') == origin;
            self.allowed_origins.iter().any(same)
        })
    }

    /// The rule for the browser's network: hosts and ports that are reached without the dead
    /// proxy. It covers every request of every page, frame and worker, but not paths; those are
    /// checked after each action. `<-loopback>` takes away the usual exemption of this machine.
    pub(super) fn proxy_bypass(&self) -> String {
        let mut rules = vec!["<-loopback>".to_owned()];
        rules.extend(
            self.allowed_origins
                .iter()
                .filter_map(|origin| Url::parse(origin).ok())
                .filter_map(|url| {
                    let port = url.port_or_known_default()?;
                    Some(format!("{}:{port}", url.host_str()?))
                }),
        );
        rules.join(";")
    }
}

/// Whether the path lies below the prefix; `/shop` and `/shop/` mean the same folder.
fn path_is_within(path: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn shorten(text: &str) -> String {
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> NavigationPolicy {
        NavigationPolicy {
            allowed_origins: vec!["http://127.0.0.1:8081".to_owned()],
            allowed_paths: vec!["/shop/".to_owned()],
        }
    }

    fn rule(address: &str) -> String {
        policy()
            .check(address)
            .map_or_else(|violation| violation.rule, |_| "allowed".to_owned())
    }

    #[test]
    fn only_the_origin_and_paths_of_the_task_are_allowed() {
        let cases = [
            ("http://127.0.0.1:8081/shop/", "allowed"),
            ("http://127.0.0.1:8081/shop", "allowed"),
            ("http://127.0.0.1:8081/shop/cart?x=1#y", "allowed"),
            ("http://127.0.0.1:8081/shopping", "path"),
            ("http://127.0.0.1:8081/shop/../forum", "path"),
            ("http://127.0.0.1:8081/", "path"),
            ("http://127.0.0.1:8080/shop/", "origin"),
            ("https://127.0.0.1:8081/shop/", "origin"),
            ("http://localhost:8081/shop/", "origin"),
            ("http://127.0.0.1:8081@evil.test/shop/", "origin"),
            ("file:///etc/passwd", "scheme"),
            ("view-source:http://127.0.0.1:8081/shop/", "scheme"),
            ("javascript:alert(1)", "scheme"),
            ("data:text/html,x", "scheme"),
            ("chrome://version", "scheme"),
            ("/shop/", "address"),
        ];
        for (address, wanted) in cases {
            assert_eq!(rule(address), wanted, "{address}");
        }
    }

    #[test]
    fn no_paths_mean_every_path() {
        let open = NavigationPolicy {
            allowed_paths: vec![],
            ..policy()
        };
        assert!(open.check("http://127.0.0.1:8081/forum").is_ok());
    }

    #[test]
    fn the_browser_reaches_only_the_hosts_and_ports_of_the_task() {
        assert_eq!(policy().proxy_bypass(), "<-loopback>;127.0.0.1:8081");
        assert_eq!(NavigationPolicy::default().proxy_bypass(), "<-loopback>");
    }
}
