//! Looks at pages of a real browser.

use std::time::Duration;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::lookup::{LookupPage, PageValue};
use crate::browser::Page;
use crate::domain::action::Action;
use crate::domain::webarena::Helper;

/// Turns a locator's value into text, in the page.
const VALUE: &str = include_str!("reference/value.js");

/// The page as WebArena's browser serialises it. WebDriver's own page source has no document type.
const SOURCE: &str = "(document.doctype ? new XMLSerializer().serializeToString(document.doctype) \
                      : '') + (document.documentElement ? document.documentElement.outerHTML : '')";

/// The role of a member, from a project's page of members.
const ROLE: &str = "name => { try { \
    const names = [...document.querySelectorAll(\
        \"td[data-label='Account'] span.gl-avatar-labeled-sublabel\")]; \
    const at = names.findIndex(one => one.outerText === '@' + name); \
    return document.querySelectorAll('td.col-max-role span')[at].outerText; \
} catch { return ''; } }";

/// How long WebArena waits after it has opened a page: pages may go on loading for that long, and
/// nothing says when they have finished.
pub const REFERENCE_WAIT: Duration = Duration::from_secs(3);

/// Longest text that is kept of a page, in characters; what is beyond is not looked at.
const LONGEST: usize = 4_000_000;

fn bounded(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// What only the place of a task knows.
#[async_trait]
pub trait Helpers: Send {
    /// What a helper says that asks the site itself.
    async fn help(&mut self, helper: &Helper) -> Result<String, String>;
}

/// A page of the browser.
pub struct LivePage<'a> {
    /// The page.
    pub page: &'a mut dyn Page,
    /// Answers what the page itself does not know.
    pub helpers: &'a mut dyn Helpers,
    /// How long to wait after opening an address.
    pub wait: Duration,
    /// Place of the tab that was active before another was opened beside it.
    beside: Option<usize>,
    /// What stands before an address that is only a path.
    origin: String,
}

/// What [`VALUE`] gives.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    text: String,
    #[serde(default)]
    nothing: bool,
    thrown: Option<String>,
}

impl<'a> LivePage<'a> {
    /// A page to look at.
    pub fn new(page: &'a mut dyn Page, helpers: &'a mut dyn Helpers, wait: Duration) -> Self {
        Self {
            page,
            helpers,
            wait,
            beside: None,
            origin: String::new(),
        }
    }

    /// The same, with an origin for addresses that are only a path.
    #[must_use]
    pub fn at(mut self, origin: String) -> Self {
        self.origin = origin;
        self
    }

    async fn text(&mut self, expression: &str) -> Result<String, String> {
        let value = self
            .page
            .evaluate(expression)
            .await
            .map_err(|error| error.to_string())?;
        Ok(bounded(value.as_str().unwrap_or_default()))
    }

    async fn evaluate(&mut self, source: &str) -> Result<PageValue, String> {
        let code = format!("({VALUE})({})", json!(source));
        let value = self
            .page
            .evaluate(&code)
            .await
            .map_err(|error| error.to_string())?;
        let told: Told = serde_json::from_value(value)
            .map_err(|error| format!("what the page gave cannot be read: {error}"))?;
        Ok(match told.thrown {
            Some(_) => PageValue::Thrown,
            None => PageValue::Text {
                text: bounded(&told.text),
                nothing: told.nothing,
            },
        })
    }

    async fn act(&mut self, action: Action) -> Result<(), String> {
        let result = self
            .page
            .act(&action)
            .await
            .map_err(|error| error.to_string())?;
        if result.ok {
            Ok(())
        } else {
            Err(format!("{action}: {}", result.message))
        }
    }
}

#[async_trait]
impl LookupPage for LivePage<'_> {
    async fn address(&mut self) -> Result<String, String> {
        self.text("location.href").await
    }

    async fn open(&mut self, url: &str) -> Result<(), String> {
        let url = if url.starts_with('/') {
            format!("{}{url}", self.origin)
        } else {
            url.to_owned()
        };
        self.page
            .navigate(&url)
            .await
            .map_err(|error| error.to_string())?;
        self.page
            .settle()
            .await
            .map_err(|error| error.to_string())?;
        tokio::time::sleep(self.wait).await;
        Ok(())
    }

    async fn open_beside(&mut self, url: &str) -> Result<(), String> {
        let seen = self
            .page
            .observe()
            .await
            .map_err(|error| error.to_string())?;
        self.beside = seen.tabs.iter().position(|tab| tab.active);
        self.act(Action::NewTab).await?;
        self.open(url).await
    }

    async fn back(&mut self) -> Result<(), String> {
        self.act(Action::TabClose).await?;
        match self.beside.take() {
            Some(index) => self.act(Action::TabFocus { index }).await,
            None => Ok(()),
        }
    }

    async fn source(&mut self) -> Result<String, String> {
        self.text(SOURCE).await
    }

    async fn value(&mut self, expression: &str) -> Result<PageValue, String> {
        self.evaluate(&format!("() => {expression}")).await
    }

    async fn call(&mut self, code: &str) -> Result<PageValue, String> {
        self.evaluate(code).await
    }

    async fn helper(&mut self, helper: &Helper) -> Result<String, String> {
        match helper {
            Helper::GitlabMemberRole(name) => {
                let code = format!("({ROLE})({})", Value::from(name.as_str()));
                self.text(&code).await
            }
            other => self.helpers.help(other).await,
        }
    }
}
