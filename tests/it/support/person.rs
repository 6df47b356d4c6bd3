//! A person at a real Chromium: reads pages, follows links, fills in forms and presses buttons.
//! After every step it looks whether the page is as it should be: no warning in the console,
//! no script that the arena did not send, no secret in the page.

use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use agentarena::browser::{BrowserOptions, discover};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Longest wait for anything to appear on a page.
const PATIENCE: Duration = Duration::from_secs(90);

/// How often a page is looked at while something is awaited.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What must never be in a page, whatever people and models write.
const FOREIGN: &str = "return [...document.querySelectorAll('script')]\
    .filter(script => !script.src.startsWith(location.origin + '/static/'))\
    .concat([...document.querySelectorAll('[onerror], [onload], [onclick], iframe')])\
    .map(element => element.outerHTML)";

/// A person with a browser of their own. Dropping it ends the browser.
pub struct Person {
    client: Client,
    origin: String,
    secret: Mutex<Option<String>>,
    _driver: Driver,
}

impl Person {
    /// Starts a browser whose profile is in `folder`.
    pub async fn start(origin: String, folder: &Path) -> Self {
        let options = BrowserOptions::new(folder.to_owned());
        let found = discover(&options).await;
        let missing = || panic!("a person needs a browser: {}", found.problem);
        let driver = found.driver.as_ref().unwrap_or_else(missing);
        let browser = found.browser.as_ref().unwrap_or_else(missing);
        let driver = Driver::start(&driver.path, folder).await;
        let client = ClientBuilder::rustls()
            .unwrap()
            .capabilities(capabilities(&browser.path))
            .connect(&driver.url)
            .await
            .unwrap();
        Self {
            client,
            origin,
            secret: Mutex::default(),
            _driver: driver,
        }
    }

    /// Ends the browser.
    pub async fn leave(self) {
        // A browser that is lost already ends with its driver.
        let _ = self.client.close().await;
    }

    /// From now on no page may hold this text.
    pub fn keep_secret(&self, secret: &str) {
        *self.secret.lock().unwrap() = Some(secret.to_owned());
    }

    /// Types an address of the arena.
    pub async fn open(&self, path: &str) {
        let url = format!("{}{path}", self.origin);
        self.client.goto(&url).await.unwrap();
        self.look().await;
    }

    /// Follows the link with exactly this text.
    pub async fn follow(&self, text: &str) {
        self.click(&format!("//a[normalize-space(.)='{text}']"))
            .await;
    }

    /// Follows the first link in the page's main part whose text holds this.
    pub async fn follow_with(&self, part: &str) {
        self.click(&format!(
            "//main//a[contains(normalize-space(.), '{part}')]"
        ))
        .await;
    }

    /// Presses the button with exactly this text.
    pub async fn press(&self, text: &str) {
        self.click(&format!("//main//button[normalize-space(.)='{text}']"))
            .await;
    }

    /// Ticks the box or the choice whose label holds this.
    pub async fn tick(&self, part: &str) {
        self.click(&format!(
            "//main//label[contains(normalize-space(.), '{part}')]//input"
        ))
        .await;
    }

    /// Chooses the option whose text holds this in the list with this id.
    pub async fn choose(&self, id: &str, part: &str) {
        self.click(&format!(
            "//select[@id='{id}']/option[contains(normalize-space(.), '{part}')]"
        ))
        .await;
    }

    /// Types into the field with this id in place of what is there.
    pub async fn fill(&self, id: &str, text: &str) {
        let field = self.find(Locator::Id(id)).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Waits until the first element of a selector shows a text.
    pub async fn reads(&self, selector: &str, text: &str) {
        let script = "return (document.querySelector(arguments[0])?.innerText ?? '')\
            .includes(arguments[1])";
        let what = format!("`{text}` in `{selector}`");
        self.until(&what, script, vec![json!(selector), json!(text)])
            .await;
    }

    /// Waits until the page holds this many elements of a selector, or more.
    pub async fn counts(&self, selector: &str, least: usize) {
        let script = "return document.querySelectorAll(arguments[0]).length >= arguments[1]";
        let what = format!("{least} of `{selector}`");
        self.until(&what, script, vec![json!(selector), json!(least)])
            .await;
    }

    /// Waits until a script says `true`; fails with what the page shows instead.
    pub async fn until(&self, what: &str, script: &str, arguments: Vec<Value>) {
        let begun = Instant::now();
        let mut looks = tokio::time::interval(LOOK_EVERY);
        loop {
            looks.tick().await;
            match self.client.execute(script, arguments.clone()).await {
                Ok(Value::Bool(true)) => return self.look().await,
                Ok(_) => {}
                // A page that is being replaced cannot be asked.
                Err(error) => assert!(!is_dialog(&error), "a dialog opened: {error}"),
            }
            if begun.elapsed() > PATIENCE {
                let page = self.text().await;
                panic!("waited too long for {what}; the page says:\n{page}");
            }
        }
    }

    /// What a script returns; a promise is awaited.
    pub async fn ask(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// What the page shows, with its address.
    pub async fn text(&self) -> String {
        let shown = "return location.href + '\\n' + document.body.innerText";
        match self.client.execute(shown, Vec::new()).await {
            Ok(Value::String(text)) => text,
            other => format!("{other:?}"),
        }
    }

    /// The path of the page.
    pub async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// From now on pages run no scripts.
    pub async fn turn_scripts_off(&self) {
        let off = json!({"cmd": "Emulation.setScriptExecutionDisabled", "params": {"value": true}});
        self.command("goog/cdp/execute", off).await;
    }

    /// Looks whether the page is as every page should be.
    async fn look(&self) {
        let foreign = self.client.execute(FOREIGN, Vec::new()).await.unwrap();
        assert_eq!(foreign, json!([]), "in {}", self.text().await);
        let entries = self.command("se/log", json!({"type": "browser"})).await;
        let entries = entries.as_array().expect("a list");
        let bad = |entry: &&Value| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"));
        let bad: Vec<_> = entries.iter().filter(bad).collect();
        assert!(bad.is_empty(), "the console says: {bad:?}");
        let secret = self.secret.lock().unwrap().clone();
        if let Some(secret) = secret {
            let source = self.client.source().await.unwrap();
            assert!(!source.contains(&secret), "a page gives the secret away");
        }
    }

    async fn click(&self, xpath: &str) {
        let begun = Instant::now();
        loop {
            let element = self.find(Locator::XPath(xpath)).await;
            match element.click().await {
                Ok(()) => return self.look().await,
                // A live page may be replaced between finding and clicking.
                Err(error) if is_stale(&error) && begun.elapsed() < PATIENCE => {}
                Err(error) => panic!("{xpath}: {error}; on\n{}", self.text().await),
            }
        }
    }

    async fn find(&self, locator: Locator<'_>) -> Element {
        match self.client.find(locator).await {
            Ok(element) => element,
            Err(error) => panic!("{locator:?}: {error}; on\n{}", self.text().await),
        }
    }

    async fn command(&self, path: &'static str, body: Value) -> Value {
        let sent = self.client.issue_cmd(VendorCommand { path, body }).await;
        sent.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

fn is_dialog(error: &CmdError) -> bool {
    error.is_unexpected_alert_open()
}

fn is_stale(error: &CmdError) -> bool {
    error.is_stale_element_reference()
}

fn capabilities(browser: &Path) -> Capabilities {
    let mut args = vec![
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--window-size=1280,900",
    ];
    if nix::unistd::geteuid().is_root() {
        args.push("--no-sandbox");
    }
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": {"binary": browser, "args": args},
        "goog:loggingPrefs": {"browser": "ALL"},
    });
    serde_json::from_value(wanted).unwrap()
}

/// A driver in a process group of its own, which ends with this value.
struct Driver {
    url: String,
    group: Pid,
    _child: Child,
}

impl Driver {
    async fn start(program: &Path, folder: &Path) -> Self {
        let mut child = Command::new(program)
            .arg("--port=0")
            .env("TMPDIR", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let group = i32::try_from(child.id().expect("it runs")).unwrap();
        let stdout = child.stdout.take().expect("stdout is piped");
        let mut driver = Self {
            url: String::new(),
            group: Pid::from_raw(group),
            _child: child,
        };
        let port = tokio::time::timeout(PATIENCE, port(BufReader::new(stdout))).await;
        driver.url = format!("http://127.0.0.1:{}/", port.expect("the driver listens"));
        driver
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = killpg(self.group, Signal::SIGKILL);
    }
}

async fn port(output: BufReader<tokio::process::ChildStdout>) -> u16 {
    let mut lines = output.lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return port.trim_end_matches('.').parse().unwrap();
        }
    }
    panic!("the driver ended at once");
}

#[derive(Debug)]
struct VendorCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for VendorCommand {
    fn endpoint(
        &self,
        base_url: &url::Url,
        session_id: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        let session = session_id.unwrap_or_default();
        base_url.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _request_url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
