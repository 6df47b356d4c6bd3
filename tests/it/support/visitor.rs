//! Someone with a run of a bundled site of their own, over plain HTTP, and the pages they get.

use std::net::TcpListener;
use std::sync::Arc;

use agentarena::domain::evidence::Change;
use agentarena::domain::ids::RunId;
use agentarena::sites::state::Sites;
use agentarena::sites::{OpenRun, SiteRuns, listener};
use reqwest::{Client, RequestBuilder, redirect};
use scraper::{Html, Selector};

/// Someone with a run of their own on a listener of their own.
pub struct Visitor {
    pub runs: Arc<SiteRuns>,
    pub run: RunId,
    /// The state that the run began with.
    pub start: Arc<Sites>,
    client: Client,
    origin: String,
    cookie: String,
    /// A page with a form, for the run's token.
    form_page: &'static str,
    _server: tokio::task::JoinHandle<std::io::Result<()>>,
}

/// An answer with its page.
pub struct Page {
    pub status: u16,
    pub location: String,
    pub html: String,
}

impl Page {
    pub fn document(&self) -> Html {
        Html::parse_document(&self.html)
    }

    /// The text of the page, runs of blanks as one.
    pub fn text(&self) -> String {
        let document = self.document();
        let words: Vec<&str> = document.root_element().text().collect();
        let all = words.join(" ");
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn has(&self, selector: &str) -> bool {
        self.document().select(&select(selector)).next().is_some()
    }

    pub fn attribute(&self, selector: &str, name: &str) -> String {
        let document = self.document();
        let element = document.select(&select(selector)).next();
        let value = element.and_then(|element| element.attr(name));
        value.unwrap_or_default().to_owned()
    }
}

pub fn select(selector: &str) -> Selector {
    Selector::parse(selector).expect("the selector is right")
}

impl Visitor {
    /// Enters a site as Mara. Her forms' token is read from `form_page`.
    pub async fn enter(site: &str, form_page: &'static str) -> Self {
        let runs = Arc::new(SiteRuns::new());
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", socket.local_addr().expect("an address"));
        let library = super::data::no_library();
        let server = listener(Arc::clone(&runs), library, socket).expect("a listener");
        let server = tokio::spawn(server);
        let spec = OpenRun {
            persona: "mara".to_owned(),
            world: 1,
            sites: vec![site.to_owned()],
            start: format!("/{site}/"),
        };
        let ticket = runs.open(&spec).expect("a run");
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        let entry = client.get(format!("{origin}{}", ticket.entry_path));
        let entered = entry.send().await.expect("the entry answers");
        assert_eq!(entered.status(), 303);
        let cookie = entered.headers()["set-cookie"].to_str().expect("a cookie");
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Self {
            start: runs.base("mara", 1).expect("the base"),
            run: ticket.run_id,
            runs,
            client,
            origin,
            cookie,
            form_page,
            _server: server,
        }
    }

    async fn read(&self, request: RequestBuilder) -> Page {
        let request = request.header("cookie", &self.cookie);
        let answer = request.send().await.expect("the site answers");
        let location = answer.headers().get("location");
        let location = location.map_or("", |value| value.to_str().expect("text"));
        Page {
            location: location.to_owned(),
            status: answer.status().as_u16(),
            html: answer.text().await.expect("a body"),
        }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.read(self.client.get(format!("{}{path}", self.origin)))
            .await
    }

    /// A page that must be there.
    pub async fn open(&self, path: &str) -> Page {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page
    }

    /// Sends a form with this run's token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let form = self.open(self.form_page).await;
        let token = form.attribute("input[name=form_token]", "value");
        let mut all = vec![("form_token", token.as_str())];
        all.extend(fields);
        self.send(path, &all).await
    }

    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_urlencoded::to_string(fields).expect("a form");
        let request = self
            .client
            .post(format!("{}{path}", self.origin))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.read(request).await
    }

    /// Sends a form that must be accepted, and opens where it leads.
    pub async fn done(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
        self.open(&answer.location).await
    }

    pub fn changes(&self) -> Vec<Change> {
        self.runs.changes(self.run).expect("the run is open")
    }

    /// Collections that differ from the start, once for each record; the state must be sound.
    pub fn changed(&self) -> Vec<String> {
        self.sound();
        let changes = self.changes().into_iter();
        changes
            .map(|change| format!("{} {}", change.op, change.collection))
            .collect()
    }

    pub fn sound(&self) {
        let broken = self.runs.broken_invariants(self.run);
        assert_eq!(broken.expect("the run is open"), Vec::<String>::new());
    }
}
