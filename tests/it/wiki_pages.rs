//! The wiki's pages over HTTP: what they show, what their forms do, and what they refuse.

use std::net::TcpListener;
use std::sync::Arc;

use agentarena::domain::evidence::{Change, ChangeOp};
use agentarena::domain::ids::RunId;
use agentarena::sites::wiki::queries;
use agentarena::sites::wiki::state::WikiState;
use agentarena::sites::{OpenRun, SiteRuns, listener};
use scraper::{Html, Selector};

struct Writer {
    runs: Arc<SiteRuns>,
    run: RunId,
    base: WikiState,
    client: reqwest::Client,
    origin: String,
    cookie: String,
}

struct Page {
    status: u16,
    location: String,
    html: String,
}

impl Page {
    fn text(&self) -> String {
        let document = Html::parse_document(&self.html);
        let words: Vec<&str> = document.root_element().text().collect();
        words
            .join(" ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn all(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.html)
            .select(&selector)
            .map(|element| element.text().collect::<String>().trim().to_owned())
            .collect()
    }

    fn attribute(&self, selector: &str, name: &str) -> String {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.html)
            .select(&selector)
            .next()
            .and_then(|element| element.attr(name).map(str::to_owned))
            .unwrap_or_default()
    }
}

fn with_form(request: reqwest::RequestBuilder, form: &[(&str, &str)]) -> reqwest::RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
}

impl Writer {
    async fn enter() -> Self {
        let runs = Arc::new(SiteRuns::new());
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", socket.local_addr().unwrap());
        let library = crate::support::data::no_library();
        tokio::spawn(listener(Arc::clone(&runs), library, socket).unwrap());
        let spec = OpenRun {
            persona: "mara".to_owned(),
            world: 1,
            sites: vec!["wiki".to_owned()],
            start: "/wiki/".to_owned(),
        };
        let ticket = runs.open(&spec).unwrap();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        let entered = client
            .get(format!("{origin}{}", ticket.entry_path))
            .send()
            .await
            .unwrap();
        let cookie = entered.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self {
            base: runs.base("mara", 1).unwrap().wiki.clone(),
            run: ticket.run_id,
            runs,
            client,
            origin,
            cookie,
        }
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> Page {
        let answer = request.header("cookie", &self.cookie).send().await.unwrap();
        let location = answer.headers().get("location");
        Page {
            status: answer.status().as_u16(),
            location: location
                .map_or("", |value| value.to_str().unwrap())
                .to_owned(),
            html: answer.text().await.unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Page {
        let request = self.client.get(format!("{}{path}", self.origin));
        self.read(request.header("sec-fetch-dest", "document"))
            .await
    }

    /// Sends the form of a page, with its token and the revision that it was opened on.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(path).await;
        let hidden = |name: &str| page.attribute(&format!("input[name={name}]"), "value");
        let (token, base) = (hidden("form_token"), hidden("base"));
        let mut form = vec![("form_token", token.as_str())];
        if !base.is_empty() {
            form.push(("base", &base));
        }
        form.extend_from_slice(fields);
        let request = self.client.post(format!("{}{path}", self.origin));
        self.read(with_form(request, &form)).await
    }

    fn changes(&self) -> Vec<Change> {
        assert_eq!(
            self.runs.broken_invariants(self.run).unwrap(),
            Vec::<String>::new()
        );
        self.runs.changes(self.run).unwrap()
    }
}

#[actix_web::test]
async fn every_page_shows_what_it_is_about() {
    let writer = Writer::enter().await;
    let lights = "/wiki/page/List_of_lighthouses";
    for (path, shows) in [
        ("/wiki/", "What we know, written down"),
        ("/wiki/page/Returns", "within 60 days of delivery"),
        ("/wiki/page/Returns/talk", "New topic"),
        ("/wiki/page/Returns/edit", "Save changes"),
        (
            "/wiki/page/Returns/edit?section=1",
            "section What we take back",
        ),
        ("/wiki/page/Returns/history", "the latest first"),
        ("/wiki/page/Returns/links", "Pages that link to"),
        ("/wiki/page/Returns/move", "Leave a redirect from Returns"),
        (lights, "Edit table"),
        (
            "/wiki/page/List_of_lighthouses/table?table=Lighthouses",
            "New row",
        ),
        (
            "/wiki/page/List_of_lighthouses/row?table=Lighthouses",
            "At the end",
        ),
        (
            "/wiki/page/List_of_lighthouses/row?table=Lighthouses&row=3",
            "Remove row",
        ),
        ("/wiki/new?title=New+light&infobox=lighthouse", "| Range ="),
        ("/wiki/search?q=salt", "Pages 1 to 20 of"),
        ("/wiki/search?q=retruns", "Did you mean Returns"),
        ("/wiki/categories", "Tunnels"),
        (
            "/wiki/category/Tunnels",
            "There are no pages in this category",
        ),
        ("/wiki/category/Islands", "Pages 1 to 20 of 20"),
        ("/wiki/pages?letter=S&page=1", "Sarn Isles"),
        ("/wiki/recent", "Changes 1 to 40 of"),
        ("/wiki/wanted", "that nobody has written yet"),
        ("/wiki/member/mara", "user name mara"),
        ("/wiki/watchlist", "Late delivery rules"),
        ("/wiki/help", "A backslash takes the meaning"),
        (
            "/wiki/page/Salt_%26_Smoke",
            "Salt & Smoke is the yearly market",
        ),
        ("/wiki/page/Sarn_Radio_1%2F2", "the weather is sung"),
        ("/wiki/page/%C3%89lan_(isle_speech)", "leaves the beach"),
    ] {
        let page = writer.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let text = page.text().to_lowercase();
        assert!(text.contains(&shows.to_lowercase()), "{path}: {text}");
        assert!(
            text.contains("wednesday 18 march 2026, 10:24 utc"),
            "{path}"
        );
    }
    for path in [
        "/wiki/page/Nowhere",
        "/wiki/page/Returns/edit?section=99",
        "/wiki/page/Returns/diff?from=1&to=2",
        "/wiki/category/Cats",
        "/wiki/member/nobody",
        "/wiki/elsewhere",
    ] {
        assert_eq!(writer.get(path).await.status, 404, "{path}");
    }
    assert_eq!(writer.changes(), Vec::new());
}

#[actix_web::test]
async fn a_redirect_leads_on_and_can_be_seen_itself() {
    let writer = Writer::enter().await;
    let sent = writer.get("/wiki/page/Rota").await;
    assert_eq!(
        (sent.status, sent.location.as_str()),
        (303, "/wiki/page/On-call_rota?from=Rota")
    );
    assert!(
        writer
            .get(&sent.location)
            .await
            .text()
            .contains("Redirected from Rota")
    );
    let itself = writer.get("/wiki/page/Rota?redirect=no").await;
    assert!(
        itself
            .text()
            .contains("This page only leads to On-call rota")
    );
}

#[actix_web::test]
async fn a_table_is_sorted_as_text_until_asked_otherwise() {
    let writer = Writer::enter().await;
    let path = "/wiki/page/List_of_lighthouses?table=Lighthouses&by=Range";
    let ranges = |page: &Page| page.all(".grid tbody td:nth-child(6)");
    let as_text = ranges(&writer.get(path).await);
    let as_numbers = ranges(&writer.get(&format!("{path}&compare=number")).await);
    assert_eq!(as_text.len(), 80);
    assert!(as_text[0].starts_with("10 "), "{as_text:?}");
    assert!(as_numbers[0].starts_with("4 "), "{as_numbers:?}");
    let narrowed = writer.get(&format!("{path}&rows=Lee+Sarns")).await;
    let groups = narrowed.all(".grid tbody td:nth-child(3)");
    assert!(!groups.is_empty() && groups.len() < 80);
    assert!(
        groups.iter().all(|group| group == "Lee Sarns"),
        "{groups:?}"
    );
}

#[actix_web::test]
async fn a_preview_saves_nothing_and_its_draft_comes_back() {
    let writer = Writer::enter().await;
    let path = "/wiki/page/Labels/edit?section=1";
    let text = "## In use\n\n- **mine** <b>x</b> [[Nowhere]]";
    let preview = writer
        .post(
            path,
            &[("text", text), ("summary", ""), ("action", "preview")],
        )
        .await;
    assert_eq!(preview.status, 200);
    assert!(preview.text().contains("Nothing has been saved yet"));
    assert_eq!(preview.all(".preview strong"), ["mine"]);
    assert_eq!(preview.all(".preview a.red"), ["Nowhere"]);
    assert!(preview.all(".preview b").is_empty(), "HTML is only text");
    assert_eq!(writer.changes(), Vec::new());
    assert!(
        writer
            .get(path)
            .await
            .text()
            .contains("draft that was not saved")
    );
    let saved = writer
        .post(
            path,
            &[("text", text), ("summary", "Mine"), ("action", "save")],
        )
        .await;
    assert_eq!(
        (saved.status, saved.location.as_str()),
        (303, "/wiki/page/Labels")
    );
    let changes = writer.changes();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].collection, "wiki.sections");
    let history = writer.get("/wiki/page/Labels/history").await.text();
    assert!(
        history.contains("18 March 2026, 10:24 Mara Lindqvist Mine"),
        "{history}"
    );
    assert!(
        !writer
            .get(path)
            .await
            .text()
            .contains("draft that was not saved")
    );
}

#[actix_web::test]
async fn what_is_wrong_comes_back_with_what_was_typed() {
    let writer = Writer::enter().await;
    let path = "/wiki/page/Labels/edit";
    let refused = writer
        .post(
            path,
            &[("text", "see [[Brae"), ("summary", ""), ("action", "save")],
        )
        .await;
    assert_eq!(refused.status, 422);
    let text = refused.text();
    assert!(text.contains("Line 1: a link begins with [["), "{text}");
    assert_eq!(refused.all("textarea"), ["see [[Brae"]);
    let foreign = writer.post(path, &[("text", "x"), ("author", "tom")]).await;
    assert_eq!(foreign.status, 400);
    assert_eq!(writer.changes(), Vec::new());
    let nothing = writer
        .post("/wiki/page/Labels/history", &[("form_token", "x")])
        .await;
    assert!([403, 405].contains(&nothing.status));
}

#[actix_web::test]
async fn a_protected_page_says_so_and_takes_nothing() {
    let writer = Writer::enter().await;
    let page = writer.get("/wiki/page/Sarn_salt").await;
    assert!(
        page.text()
            .contains("This page is protected. Only stewards can change it")
    );
    assert!(!page.text().contains("Edit section"));
    let form = writer.get("/wiki/page/Sarn_salt/edit").await;
    assert!(form.text().contains("Only stewards") && !form.text().contains("Save changes"));
    let token = page.attribute("input[name=form_token]", "value");
    let fields = [
        ("form_token", token.as_str()),
        ("text", "Mine."),
        ("base", "1"),
    ];
    let request = writer
        .client
        .post(format!("{}/wiki/page/Sarn_salt/edit", writer.origin));
    assert_eq!(writer.read(with_form(request, &fields)).await.status, 403);
    assert_eq!(writer.changes(), Vec::new());
    let said = [("topic", "A wish"), ("text", "Please <i>change</i> it.")];
    let sent = writer.post("/wiki/page/Sarn_salt/talk", &said).await;
    assert_eq!(sent.status, 303);
    assert!(
        writer
            .get("/wiki/page/Sarn_salt/talk")
            .await
            .text()
            .contains("Please <i>change</i> it.")
    );
    assert_eq!(writer.changes()[0].collection, "wiki.comments");
}

#[actix_web::test]
async fn rows_pages_and_titles_are_written_through_their_forms() {
    let writer = Writer::enter().await;
    let ferry = queries::members(&writer.base, "Ferries")[0]
        .title
        .replace(' ', "_");
    let row = format!("/wiki/page/{ferry}/row?table=Summer+sailings");
    let cells = [
        ("cell-1", "12:00"),
        ("cell-2", "Pier"),
        ("cell-3", "40"),
        ("cell-4", "$4.00"),
        ("cell-5", "daily"),
        ("place", "2"),
        ("summary", ""),
        ("action", "save"),
    ];
    assert_eq!(writer.post(&row, &cells).await.status, 303);
    let changes = writer.changes();
    assert_eq!(
        (changes[0].op, changes[0].collection.as_str()),
        (ChangeOp::Change, "wiki.tables")
    );
    assert_eq!(changes[0].fields["rows"].after[1][0], "12:00");
    let made = [
        ("title", "Brand new"),
        ("text", "Text."),
        ("summary", ""),
        ("action", "save"),
    ];
    assert_eq!(
        writer.post("/wiki/new", &made).await.location,
        "/wiki/page/Brand_new"
    );
    let moved = [
        ("title", "Old and new"),
        ("redirect", "yes"),
        ("summary", "better"),
    ];
    let moved = writer.post("/wiki/page/Brand_new/move", &moved).await;
    assert_eq!(moved.location, "/wiki/page/Old_and_new");
    assert!(
        writer
            .get(&moved.location)
            .await
            .text()
            .contains("The page is called Old and new now.")
    );
    assert_eq!(writer.get("/wiki/page/Brand_new").await.status, 303);
    assert_eq!(writer.changes().len(), 3);
}

#[actix_web::test]
async fn changes_are_shown_and_taken_back() {
    let writer = Writer::enter().await;
    let history = writer.get("/wiki/page/Labels/history").await;
    let dates = history.all("tbody th a");
    assert!(dates.len() >= 2, "{dates:?}");
    let diff = writer.get(&history.attribute(".more a", "href")).await;
    assert!(diff.text().contains("Saved by"));
    assert!(!diff.all(".diff ins, .diff del").is_empty());
    let oldest = history.attribute("tbody tr:last-child th a", "href");
    let old = writer.get(&oldest).await;
    assert!(old.text().contains("as it stood on"), "{}", old.text());
    let stood = dates.last().unwrap();
    let foot = format!("Last changed on {stood} by ");
    assert!(old.text().contains(&foot), "{foot}: {}", old.text());
    let restore = old.attribute(".old li:nth-child(3) a", "href");
    assert!(
        writer
            .get(&restore)
            .await
            .text()
            .contains("Text to copy from")
    );
    assert_eq!(writer.post(&restore, &[("summary", "")]).await.status, 303);
    assert!(!writer.changes().is_empty());
    let journal = writer.runs.journal(writer.run).unwrap();
    let shown = journal.iter().flat_map(|entry| &entry.shown);
    assert!(
        shown
            .clone()
            .any(|record| record.starts_with("wiki.revisions/"))
    );
}
