//! Looks at pages after the end, once, for the evaluators that need it. What is found becomes a
//! part of the evidence; the evaluators themselves look at nothing.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::leaves;
use super::reference::address::reddit_post_url;
use crate::domain::criteria::{DomRead, DomSpec};
use crate::domain::evidence::{Evidence, Found, Lookup};
use crate::domain::task::{EvaluatorSpec, TaskSpec};
use crate::domain::webarena::{Compat, Helper, ProgramHtmlSpec};

/// Stands for the address of the open page in a helper's argument.
const LAST_URL: &str = "__last_url__";

/// What code gave in a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageValue {
    /// A value, as the text that the references compare.
    Text {
        /// Python's `str()` of it.
        text: String,
        /// Whether it is nothing: null, undefined, or an empty text.
        nothing: bool,
    },
    /// An exception.
    Thrown,
}

/// A page to look at. Errors say why it cannot be looked at.
#[async_trait]
pub trait LookupPage: Send {
    /// Address of the page.
    async fn address(&mut self) -> Result<String, String>;

    /// Opens an address in place of the page and waits until it shows what it has.
    async fn open(&mut self, url: &str) -> Result<(), String>;

    /// Opens an address beside the page, which is the one looked at until `back`.
    async fn open_beside(&mut self, url: &str) -> Result<(), String>;

    /// Closes what was opened beside the page.
    async fn back(&mut self) -> Result<(), String>;

    /// The whole page as text: its document type and its outermost element.
    async fn source(&mut self) -> Result<String, String>;

    /// The value of an expression.
    async fn value(&mut self, expression: &str) -> Result<PageValue, String>;

    /// The value of code that may be a function, which is then called.
    async fn call(&mut self, code: &str) -> Result<PageValue, String>;

    /// What a helper of the references says.
    async fn helper(&mut self, helper: &Helper) -> Result<String, String>;
}

/// Whether a task needs the page that the agent left.
pub fn needs_page(spec: &TaskSpec) -> bool {
    let needs = |one: &EvaluatorSpec| {
        matches!(
            one,
            EvaluatorSpec::UrlMatch(_) | EvaluatorSpec::ProgramHtml(_)
        )
    };
    leaves(&spec.evaluators).iter().any(|(_, one)| needs(one))
}

/// Whether a task needs a page in a session of its own.
pub fn needs_fresh_page(spec: &TaskSpec) -> bool {
    let leaves = leaves(&spec.evaluators);
    leaves
        .iter()
        .any(|(_, one)| matches!(one, EvaluatorSpec::Dom(_)))
}

/// Looks at everything that is looked at from the page that the agent left, in the task's order:
/// a target that was opened is what the next one finds, as in the references.
pub async fn gather(spec: &TaskSpec, evidence: &mut Evidence, page: &mut dyn LookupPage) {
    for (path, evaluator) in leaves(&spec.evaluators) {
        match evaluator {
            EvaluatorSpec::UrlMatch(_) => {
                let found = page.address().await.map_or_else(Found::Failed, Found::Text);
                note(evidence, &path, page, found).await;
            }
            EvaluatorSpec::ProgramHtml(html) => {
                let targets = html
                    .targets
                    .as_array()
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                for target in targets {
                    let found = look(html, target, page).await;
                    let found = found.unwrap_or_else(Found::Failed);
                    let failed = matches!(found, Found::Failed(_));
                    note(evidence, &path, page, found).await;
                    if failed {
                        return;
                    }
                }
            }
            _ => {}
        }
    }
}

/// Looks at everything that is looked at in a session of its own.
pub async fn gather_fresh(spec: &TaskSpec, evidence: &mut Evidence, page: &mut dyn LookupPage) {
    for (path, evaluator) in leaves(&spec.evaluators) {
        if let EvaluatorSpec::Dom(dom) = evaluator {
            let found = read(dom, page).await.unwrap_or_else(Found::Failed);
            note(evidence, &path, page, found).await;
        }
    }
}

async fn note(evidence: &mut Evidence, path: &str, page: &mut dyn LookupPage, found: Found) {
    evidence.lookups.push(Lookup {
        evaluator: path.to_owned(),
        url: page.address().await.ok(),
        found,
    });
}

/// Looks at one target of `program_html`.
async fn look(
    spec: &ProgramHtmlSpec,
    target: &Value,
    page: &mut dyn LookupPage,
) -> Result<Found, String> {
    let text = |key: &str| {
        target[key]
            .as_str()
            .ok_or_else(|| format!("a target of program_html has no text `{key}`"))
    };
    let mut url = text("url")?.to_owned();
    if url.starts_with("func") {
        url = address_of(spec.compat, &url, page).await?;
    }
    let locator = text("locator")?;
    let beside = url != "last" && !spec.compat.reuses_tab();
    if beside {
        page.open_beside(&url).await?;
    } else if url != "last" {
        page.open(&url).await?;
    }
    let found = locate(spec.compat, locator, &target["prep_actions"], page).await;
    if beside {
        page.back().await?;
    }
    found
}

/// The address that a helper gives.
async fn address_of(
    compat: Compat,
    code: &str,
    page: &mut dyn LookupPage,
) -> Result<String, String> {
    let open = page.address().await?;
    let helper = if compat == Compat::Strict {
        // The reference puts the address into the code, where an apostrophe breaks it.
        match Helper::read(code)? {
            Helper::RedditPostUrl(given) => Helper::RedditPostUrl(given.replace(LAST_URL, &open)),
            other => other,
        }
    } else {
        Helper::read(&code.replace(LAST_URL, &open))?
    };
    match helper {
        Helper::RedditPostUrl(url) => reddit_post_url(&url),
        other => page.helper(&other).await,
    }
}

/// What a locator finds in the page.
async fn locate(
    compat: Compat,
    locator: &str,
    prepare: &Value,
    page: &mut dyn LookupPage,
) -> Result<Found, String> {
    let strict = compat == Compat::Strict;
    if crate::domain::python::strip(locator).is_empty() {
        return page.source().await.map(Found::Text);
    }
    if locator.starts_with("document.") || locator.starts_with("[...document.") {
        for action in prepare
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if page.value(action).await? == PageValue::Thrown {
                break;
            }
        }
        return Ok(match page.value(locator).await? {
            // For the reference null is the text "None", and what fails an empty text.
            PageValue::Text { nothing: true, .. } | PageValue::Thrown if strict => Found::Nothing,
            PageValue::Text { text, .. } => Found::Text(text),
            PageValue::Thrown => Found::Text(String::new()),
        });
    }
    if compat == Compat::Visualwebarena && locator.starts_with("lambda:") {
        // Every leading character of these is taken off, as the reference does.
        let code = locator.trim_start_matches(|c| "lambda:".contains(c));
        return Ok(match page.call(code).await? {
            PageValue::Text { text, nothing } if !nothing && is_truthy(&text) => Found::Text(text),
            _ => Found::Nothing,
        });
    }
    if locator.starts_with("func:") {
        return page.helper(&Helper::read(locator)?).await.map(Found::Text);
    }
    Err(format!(
        "the locator `{locator}` is of no kind that is known"
    ))
}

/// Whether Python takes a value of this text for true.
fn is_truthy(text: &str) -> bool {
    !matches!(text, "0" | "False" | "[]" | "{}" | "0.0" | "-0.0")
}

/// Reads what a `dom` criterion asks for.
async fn read(spec: &DomSpec, page: &mut dyn LookupPage) -> Result<Found, String> {
    page.open(&spec.url).await?;
    let one = match &spec.read {
        DomRead::Text => "all[0].innerText.replace(/\\s+/g, ' ').trim()".to_owned(),
        DomRead::Value => "String(all[0].value ?? '')".to_owned(),
        DomRead::Attribute(name) => format!("all[0].getAttribute({})", json!(name)),
        DomRead::Count => "all.length".to_owned(),
    };
    let counts = spec.read == DomRead::Count;
    let guard = if counts { "true" } else { "all.length === 1" };
    let locator = json!(spec.locator);
    let code = format!(
        "(() => {{ const all = [...document.querySelectorAll({locator})]; \
         return {guard} ? {one} : null; }})()"
    );
    match page.value(&code).await? {
        PageValue::Text { text, .. } if text == "None" => Ok(Found::Nothing),
        PageValue::Text { text, .. } => Ok(Found::Text(text)),
        PageValue::Thrown => Err(format!("`{}` is no CSS selector", spec.locator)),
    }
}
