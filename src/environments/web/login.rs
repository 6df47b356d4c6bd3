//! Signs in to a site through its own form, before the agent sees anything.

use serde_json::{Value, json};

use super::map::{Login, Site};
use crate::browser::{BrowserError, Page};
use crate::environments::EnvironmentError;

/// Fills a form and sends it. A function of fields and of the selector of what sends it; gives
/// what is missing, or nothing.
const FILL: &str = "(fields, submit) => {
  for (const [selector, text] of fields) {
    const field = document.querySelector(selector);
    if (!field) return selector;
    field.focus();
    field.value = text;
    for (const name of ['input', 'change']) field.dispatchEvent(new Event(name, {bubbles: true}));
  }
  const button = document.querySelector(submit);
  if (!button) return submit;
  setTimeout(() => button.click(), 0);
  return null;
}";

/// Waits until something is there, for a time that is shorter than what counts as a hang.
const APPEARS: &str = "selector => new Promise(resolve => {
  const look = () => document.querySelector(selector) !== null;
  if (look()) return resolve(true);
  const watch = new MutationObserver(() => look() && resolve(true));
  watch.observe(document, {childList: true, subtree: true});
  setTimeout(() => resolve(look()), 2500);
})";

/// Leaves the document with a mark, so that the next one can be told from it.
const MARK: &str = "document.documentElement.dataset.arenaLogin = '1'";

/// Tells whether the document that had the form is still there.
const IS_MARKED: &str = "document.documentElement.dataset.arenaLogin === '1'";

/// How often a slow answer to a form is waited for, at most the time that pages may take to settle
/// each.
const TRIES: u32 = 20;

/// How often it is looked for what is there only for someone who is signed in.
const LOOKS: u32 = 4;

/// Signs in to one site.
pub(super) async fn sign_in(
    name: &str,
    site: &Site,
    login: &Login,
    page: &mut dyn Page,
) -> Result<(), EnvironmentError> {
    let failed = |why: String| EnvironmentError(format!("signing in to {name} failed: {why}"));
    let url = if login.page.starts_with('/') {
        format!("{}{}", site.url, login.page)
    } else {
        login.page.clone()
    };
    page.navigate(&url).await?;
    page.settle().await?;
    page.evaluate(MARK).await?;
    let code = format!("({FILL})({}, {})", json!(login.fill), json!(login.submit));
    let missing = page.evaluate(&code).await?;
    if let Value::String(selector) = missing {
        return Err(failed(format!("{url} has no element `{selector}`")));
    }
    // The form is sent from the page itself; the next document says that it was answered.
    for _ in 0..TRIES {
        page.settle().await?;
        match page.evaluate(IS_MARKED).await {
            Ok(marked) if marked != true => break,
            // While documents change places there is none to ask.
            Ok(_) | Err(BrowserError::Protocol(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let Some(selector) = &login.signed_in else {
        return Ok(());
    };
    let appears = format!("({APPEARS})({})", json!(selector));
    for _ in 0..LOOKS {
        if page.evaluate(&appears).await? == true {
            return Ok(());
        }
    }
    Err(failed(format!(
        "no element `{selector}` appeared after the form was sent; check the account and the \
         selectors in the map"
    )))
}
