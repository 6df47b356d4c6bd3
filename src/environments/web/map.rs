//! The map of sites: where the sites of a benchmark are, how to sign in, how to reset them. A TOML
//! file that the operator writes (`docs/webarena.md`). It may hold passwords, so it stays on this
//! machine and out of the database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

/// Where the sites are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteMap {
    /// Site by name, e.g. `shopping_admin`.
    pub sites: BTreeMap<String, Site>,
    /// How everything is put back before each episode; absent: nothing is.
    #[serde(default)]
    pub reset: Option<Reset>,
}

/// One site.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its address, as it stands in the place of the placeholder. A slash at the end is taken off.
    pub url: String,
    /// How to sign in.
    #[serde(default)]
    pub login: Option<Login>,
    /// The account for the site's own interface, which some evaluators ask.
    #[serde(default)]
    pub api: Option<Account>,
}

/// How to sign in: a form that is filled and sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Address of the form, or a path on the site.
    pub page: String,
    /// CSS selector and text of each field, in order.
    pub fill: Vec<(String, String)>,
    /// CSS selector of what sends the form.
    pub submit: String,
    /// CSS selector of something that is there only when someone is signed in.
    #[serde(default)]
    pub signed_in: Option<String>,
}

/// A name and a password.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// How the sites are put back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// A program with its arguments, which ends with 0 when the sites are ready.
    #[serde(default)]
    pub command: Option<Vec<String>>,
    /// An address that is sent an empty POST and answers with a status below 300 when the sites
    /// are ready.
    #[serde(default)]
    pub url: Option<String>,
    /// How long it may take, in seconds.
    #[serde(default = "five_minutes")]
    pub timeout_s: u64,
}

const fn five_minutes() -> u64 {
    300
}

/// A map of sites cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {problem}", .path.display())]
pub struct MapError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it, and what would be right.
    pub problem: String,
}

impl SiteMap {
    /// Reads a map.
    pub fn read(path: &Path) -> Result<Self, MapError> {
        let wrong = |problem: String| MapError {
            path: path.to_owned(),
            problem,
        };
        let text = std::fs::read_to_string(path)
            .map_err(|error| wrong(format!("it cannot be read: {error}")))?;
        Self::parse(&text).map_err(wrong)
    }

    /// Reads the text of a map; the error says where it is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut map: Self = toml::from_str(text).map_err(|error| {
            // The message without the line itself, which may hold a password.
            let line = error
                .span()
                .map(|span| text[..span.start].matches('\n').count() + 1);
            let line = line.map_or_else(String::new, |line| format!("line {line}: "));
            format!("{line}{}", error.message())
        })?;
        if map.sites.is_empty() {
            return Err(
                "it names no site; write [sites.shopping] with url = \"http://...\"".into(),
            );
        }
        for (name, site) in &mut map.sites {
            // With a slash at the end, `__SHOPPING__/x` would become `//x` (BrowserGym issue 366).
            site.url.truncate(site.url.trim_end_matches('/').len());
            let url = Url::parse(&site.url).ok();
            if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https")) {
                return Err(format!(
                    "sites.{name}.url: `{}` is no http address",
                    site.url
                ));
            }
        }
        if let Some(reset) = &map.reset {
            let given = reset.command.iter().count() + reset.url.iter().count();
            if given != 1 || reset.command.as_ref().is_some_and(Vec::is_empty) {
                return Err("reset: give either command = [\"program\", ...] or url".to_owned());
            }
        }
        Ok(map)
    }

    /// Address of each site by its name.
    pub fn addresses(&self) -> BTreeMap<String, String> {
        self.sites
            .iter()
            .map(|(name, site)| (name.clone(), site.url.clone()))
            .collect()
    }

    /// Sites that can be signed in to.
    pub fn with_login(&self) -> Vec<String> {
        let with = self.sites.iter().filter(|(_, site)| site.login.is_some());
        with.map(|(name, _)| name.clone()).collect()
    }

    /// Origins of all sites, each once.
    pub fn origins(&self) -> Vec<String> {
        let mut origins: Vec<String> = self
            .sites
            .values()
            .filter_map(|site| Url::parse(&site.url).ok())
            .map(|url| url.origin().ascii_serialization())
            .collect();
        origins.sort_unstable();
        origins.dedup();
        origins
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_read_and_its_addresses_have_no_slash_at_the_end() {
        let map = SiteMap::parse(
            "[sites.shopping]\nurl = \"http://shop.test:7770/\"\n\
             [sites.shopping.login]\npage = \"/login\"\nfill = [[\"#u\", \"a\"]]\nsubmit = \"#s\"\n\
             [sites.shopping_admin]\nurl = \"http://shop.test:7780/admin\"\n",
        )
        .expect("a map");
        assert_eq!(map.sites["shopping"].url, "http://shop.test:7770");
        assert_eq!(map.with_login(), ["shopping"]);
        assert_eq!(
            map.origins(),
            ["http://shop.test:7770", "http://shop.test:7780"]
        );
    }

    #[test]
    fn what_is_wrong_is_named_without_secrets() {
        let wrong = SiteMap::parse("[sites.a]\nurl = \"http://x\"\npassword = \"hunter2\"\n");
        let told = wrong.expect_err("an unknown key");
        assert!(
            told.starts_with("line 3") && told.contains("password"),
            "{told}"
        );
        assert!(!told.contains("hunter2"), "{told}");
        for text in [
            "",
            "[sites.a]\nurl = \"x\"",
            "[sites.a]\nurl=\"http://x\"\n[reset]\n",
        ] {
            assert!(SiteMap::parse(text).is_err(), "{text}");
        }
    }
}
