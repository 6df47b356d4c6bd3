//! A browser that only pretends: a few pages in memory, linked to each other. It serves the
//! mock playground and tests; faults can be planned at named points. Knows no network.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use url::Url;

use crate::browser::{
    ActionResult, Browser, BrowserError, BrowserHealth, NavigationPolicy, Page, Picture, Violation,
};
use crate::domain::action::Action;
use crate::domain::manifest::BrowserSetup;
use crate::domain::observation::{Node, Observation, Tab};
use crate::domain::viewport::Viewport;

/// A PNG of one grey pixel: there is no picture of a page that does not exist.
const PIXEL: [u8; 67] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b,
    0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0x00, 0x00, 0x00,
    0x82, 0x00, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];

/// A page that exists in memory.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FakePage {
    /// Path of its address, e.g. `/shop/`.
    pub path: String,
    /// Title.
    pub title: String,
    /// What is on it, in order. Interactive ones are numbered from 1 when it is observed.
    pub items: Vec<FakeItem>,
}

/// Something on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FakeItem {
    /// Text.
    Text(String),
    /// A link: its text and the path it leads to.
    Link(String, String),
    /// A field: its label.
    Field(String),
}

/// Where a fault can happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FakeCall {
    /// Opening a page.
    Open,
    /// Going to an address that the arena chose.
    Navigate,
    /// Reading the page.
    Observe,
    /// Taking the picture.
    Screenshot,
    /// Acting.
    Act,
    /// Closing the page.
    Close,
}

/// Decides whether a call fails: the number of the opened page from 1, the call, and how many
/// times that page was called so, from 1.
pub type FaultPlan = dyn Fn(usize, FakeCall, usize) -> Option<BrowserError> + Send + Sync;

/// A browser that only pretends. Clones are the same browser.
#[derive(Clone)]
pub struct FakeBrowser {
    inner: Arc<Inner>,
}

struct Inner {
    pages: Vec<FakePage>,
    faults: Option<Box<FaultPlan>>,
    opened: AtomicUsize,
    in_use: AtomicUsize,
    problem: Mutex<String>,
    capacity: usize,
}

impl FakeBrowser {
    /// A browser for these pages. The first is shown for every address that no page has.
    pub fn new(pages: Vec<FakePage>, capacity: usize) -> Self {
        Self::with(pages, capacity, None)
    }

    /// A browser that fails as planned.
    pub fn with_faults(
        pages: Vec<FakePage>,
        capacity: usize,
        faults: impl Fn(usize, FakeCall, usize) -> Option<BrowserError> + Send + Sync + 'static,
    ) -> Self {
        Self::with(pages, capacity, Some(Box::new(faults)))
    }

    fn with(pages: Vec<FakePage>, capacity: usize, faults: Option<Box<FaultPlan>>) -> Self {
        Self {
            inner: Arc::new(Inner {
                pages,
                faults,
                opened: AtomicUsize::new(0),
                in_use: AtomicUsize::new(0),
                problem: Mutex::default(),
                capacity,
            }),
        }
    }

    /// The pages that the mock playground shows.
    pub fn simulated(capacity: usize) -> Self {
        let link = |text: &str, path: &str| FakeItem::Link(text.to_owned(), path.to_owned());
        let home = FakePage {
            path: "/".to_owned(),
            title: "Simulated page".to_owned(),
            items: vec![
                FakeItem::Text("This page is simulated; nothing on it is real.".to_owned()),
                link("Next page", "/next"),
                FakeItem::Field("Search".to_owned()),
            ],
        };
        let next = FakePage {
            path: "/next".to_owned(),
            title: "Next simulated page".to_owned(),
            items: vec![link("Back to the start", "/")],
        };
        Self::new(vec![home, next], capacity)
    }

    /// Makes the browser unhealthy with this problem, or healthy again with an empty one.
    pub fn set_problem(&self, problem: &str) {
        let mut stored = self
            .inner
            .problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        problem.clone_into(&mut stored);
    }

    /// How many pages were opened so far.
    pub fn opened(&self) -> usize {
        self.inner.opened.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Browser for FakeBrowser {
    async fn open(
        &self,
        policy: NavigationPolicy,
        _viewport: Viewport,
    ) -> Result<Box<dyn Page>, BrowserError> {
        let number = self.inner.opened.fetch_add(1, Ordering::SeqCst) + 1;
        self.inner.in_use.fetch_add(1, Ordering::SeqCst);
        let mut page = FakeTab {
            inner: Arc::clone(&self.inner),
            policy,
            number,
            calls: Vec::new(),
            url: "about:blank".to_owned(),
            values: Vec::new(),
            crashed: false,
        };
        page.called(FakeCall::Open)?;
        Ok(Box::new(page))
    }

    fn health(&self) -> BrowserHealth {
        let problem = self
            .inner
            .problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        BrowserHealth {
            ok: problem.is_empty(),
            version: "simulated browser".to_owned(),
            problem,
            capacity: self.inner.capacity,
            in_use: self.inner.in_use.load(Ordering::SeqCst),
        }
    }

    fn setup(&self) -> BrowserSetup {
        BrowserSetup {
            browser: Some(self.health().version),
            ..BrowserSetup::default()
        }
    }

    async fn shutdown(&self) {}
}

/// One opened page.
struct FakeTab {
    inner: Arc<Inner>,
    policy: NavigationPolicy,
    number: usize,
    calls: Vec<FakeCall>,
    url: String,
    /// What was put into fields, by `bid`.
    values: Vec<(String, String)>,
    /// Whether it crashed, as planned.
    crashed: bool,
}

impl Drop for FakeTab {
    fn drop(&mut self) {
        self.inner.in_use.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Page for FakeTab {
    async fn navigate(&mut self, url: &str) -> Result<(), BrowserError> {
        self.called(FakeCall::Navigate)?;
        self.go(url.to_owned());
        Ok(())
    }

    async fn observe(&mut self) -> Result<Observation, BrowserError> {
        self.called(FakeCall::Observe)?;
        let page = self.page();
        let tab = Tab {
            title: page.title.clone(),
            url: self.url.clone(),
            active: true,
        };
        let mut observation = Observation {
            url: self.url.clone(),
            title: page.title.clone(),
            tabs: vec![tab],
            ..Observation::default()
        };
        let mut bids = 0..;
        for item in &page.items {
            observation.nodes.push(self.node(item, &mut bids));
        }
        Ok(observation)
    }

    async fn act(&mut self, action: &Action) -> Result<ActionResult, BrowserError> {
        self.called(FakeCall::Act)?;
        let done = match action {
            Action::Click { bid, .. } => self.click(bid),
            Action::Fill { bid, value, .. } => self.fill(bid, value),
            Action::Goto { url } => self.goto(url),
            _ => Ok("done".to_owned()),
        };
        let (ok, message, violations) = match done {
            Ok(message) => (true, message, Vec::new()),
            Err(Refusal::Mistake(message)) => (false, message, Vec::new()),
            Err(Refusal::Forbidden(violation)) => (
                false,
                format!("refused: {}", violation.detail),
                vec![violation],
            ),
        };
        Ok(ActionResult {
            ok,
            message,
            act_ms: 0.0,
            settle_ms: 0.0,
            url: self.url.clone(),
            violations,
            dialogs: Vec::new(),
            ..ActionResult::default()
        })
    }

    async fn begin(&mut self) -> Result<(), BrowserError> {
        Ok(())
    }

    async fn settle(&mut self) -> Result<(), BrowserError> {
        if self.crashed {
            return Err(BrowserError::Crashed);
        }
        Ok(())
    }

    async fn bind(&mut self, _name: &str) -> Result<(), BrowserError> {
        Ok(())
    }

    async fn evaluate(&mut self, _expression: &str) -> Result<serde_json::Value, BrowserError> {
        // A simulated page has no scripts.
        Ok(serde_json::Value::Null)
    }

    async fn screenshot(&mut self) -> Result<Picture, BrowserError> {
        self.called(FakeCall::Screenshot)?;
        Ok(Box::pin(async { Ok(PIXEL.to_vec()) }))
    }

    async fn close(mut self: Box<Self>) -> Result<(), BrowserError> {
        self.called(FakeCall::Close)
    }
}

/// Why an action was not carried out.
enum Refusal {
    Mistake(String),
    Forbidden(Violation),
}

impl FakeTab {
    fn called(&mut self, call: FakeCall) -> Result<(), BrowserError> {
        self.calls.push(call);
        let times = self.calls.iter().filter(|made| **made == call).count();
        let planned = self.inner.faults.as_ref();
        match planned.and_then(|plan| plan(self.number, call, times)) {
            Some(error) => {
                self.crashed |= matches!(error, BrowserError::Crashed);
                Err(error)
            }
            None => Ok(()),
        }
    }

    fn page(&self) -> FakePage {
        let path = Url::parse(&self.url).map_or_else(|_| String::new(), |url| url.path().into());
        let pages = &self.inner.pages;
        let page = pages.iter().find(|page| page.path == path);
        page.or_else(|| pages.first()).cloned().unwrap_or_default()
    }

    fn go(&mut self, url: String) {
        self.url = url;
        self.values.clear();
    }

    fn node(&self, item: &FakeItem, bids: &mut std::ops::RangeFrom<u32>) -> Node {
        let (role, name) = match item {
            FakeItem::Text(text) => {
                return Node {
                    role: "text".to_owned(),
                    name: text.clone(),
                    in_view: true,
                    ..Node::default()
                };
            }
            FakeItem::Link(text, _) => ("link", text),
            FakeItem::Field(label) => ("textbox", label),
        };
        let n = bids.next().unwrap_or_default() + 1;
        let bid = n.to_string();
        let value = self.values.iter().rev().find(|(filled, _)| *filled == bid);
        Node {
            role: role.to_owned(),
            name: name.clone(),
            value: value.map(|(_, value)| value.clone()),
            bbox: Some([8.0, f64::from(n) * 24.0, 120.0, 20.0]),
            in_view: true,
            bid: Some(bid),
            ..Node::default()
        }
    }

    /// The interactive item with this `bid`.
    fn item(&self, bid: &str) -> Result<FakeItem, Refusal> {
        let index: Option<usize> = bid.parse().ok();
        let interactive = self.page().items.into_iter();
        let mut interactive = interactive.filter(|item| !matches!(item, FakeItem::Text(_)));
        index
            .and_then(|index| index.checked_sub(1))
            .and_then(|index| interactive.nth(index))
            .ok_or_else(|| Refusal::Mistake(format!("there is no element {bid} on this page")))
    }

    fn click(&mut self, bid: &str) -> Result<String, Refusal> {
        match self.item(bid)? {
            FakeItem::Link(text, path) => {
                let base = Url::parse(&self.url).ok();
                let target = base.and_then(|base| base.join(&path).ok());
                self.go(target.map_or(path, String::from));
                Ok(format!("clicked link {text:?}"))
            }
            FakeItem::Field(label) => Ok(format!("focused {label:?}")),
            FakeItem::Text(_) => Ok("clicked".to_owned()),
        }
    }

    fn fill(&mut self, bid: &str, value: &str) -> Result<String, Refusal> {
        match self.item(bid)? {
            FakeItem::Field(label) => {
                self.values.push((bid.to_owned(), value.to_owned()));
                Ok(format!("filled {label:?}"))
            }
            _ => Err(Refusal::Mistake(format!("element {bid} is not a field"))),
        }
    }

    fn goto(&mut self, url: &str) -> Result<String, Refusal> {
        let parsed = Url::parse(url)
            .map_err(|error| Refusal::Mistake(format!("`{url}` is no whole address: {error}")))?;
        let origin = parsed.origin().ascii_serialization();
        if !self.policy.allowed_origins.contains(&origin) {
            return Err(Refusal::Forbidden(Violation {
                rule: "origin".to_owned(),
                detail: format!("{url} is outside the task"),
            }));
        }
        self.go(url.to_owned());
        Ok(format!("opened {url}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn open(browser: &FakeBrowser) -> Box<dyn Page> {
        let policy = NavigationPolicy {
            allowed_origins: vec!["http://sites.test".into()],
            allowed_paths: Vec::new(),
        };
        let mut page = browser
            .open(policy, Viewport::STANDARD)
            .await
            .expect("a page opens");
        page.navigate("http://sites.test/")
            .await
            .expect("it goes there");
        page
    }

    #[tokio::test]
    async fn links_lead_to_pages_and_stale_elements_are_the_agents_mistake() {
        let mut page = open(&FakeBrowser::simulated(1)).await;
        let click = |bid: &str| Action::Click {
            bid: bid.to_owned(),
            button: crate::domain::action::MouseButton::Left,
            modifiers: Vec::new(),
        };
        let result = page.act(&click("1")).await.expect("no fault");
        assert_eq!(
            (result.ok, result.url.as_str()),
            (true, "http://sites.test/next")
        );
        let result = page.act(&click("7")).await.expect("no fault");
        assert!(
            !result.ok && result.message.contains("no element 7"),
            "{result:?}"
        );
    }

    #[tokio::test]
    async fn a_foreign_address_is_refused_and_recorded() {
        let mut page = open(&FakeBrowser::simulated(1)).await;
        let goto = Action::Goto {
            url: "file:///etc/passwd".into(),
        };
        let result = page.act(&goto).await.expect("no fault");
        assert_eq!(result.violations.len(), 1);
        assert_eq!(result.url, "http://sites.test/");
    }

    #[tokio::test]
    async fn a_planned_fault_happens_where_it_was_planned() {
        let browser = FakeBrowser::with_faults(Vec::new(), 1, |page, call, times| {
            ((page, call, times) == (1, FakeCall::Observe, 2))
                .then(|| BrowserError::Gone("planned".into()))
        });
        let mut page = open(&browser).await;
        assert!(page.observe().await.is_ok());
        assert!(page.observe().await.is_err());
        page.close().await.expect("it closes");
        assert_eq!(browser.health().in_use, 0);
    }
}
