//! The office over HTTP: every page that links lead to, and the main acts with their refusals.

use std::collections::{BTreeSet, VecDeque};
use std::net::TcpListener;
use std::sync::Arc;

use agentarena::domain::ids::RunId;
use agentarena::sites::office::state::{OfficeState, OrderStatus, Payment};
use agentarena::sites::state::Sites;
use agentarena::sites::{OpenRun, SiteRuns, listener};
use scraper::{Html, Selector};

/// Somebody at work in the office.
struct Clerk {
    runs: Arc<SiteRuns>,
    run: RunId,
    base: Arc<Sites>,
    client: reqwest::Client,
    origin: String,
    cookie: String,
}

struct Page {
    status: u16,
    location: String,
    kind: String,
    body: String,
}

impl Page {
    fn document(&self) -> Html {
        Html::parse_document(&self.body)
    }

    fn text(&self) -> String {
        let document = self.document();
        let words: Vec<&str> = document.root_element().text().collect();
        let text = words.join(" ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn all(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).expect("the selector is right");
        let document = self.document();
        document
            .select(&selector)
            .filter_map(|element| element.attr(name).map(str::to_owned))
            .collect()
    }
}

impl Clerk {
    async fn enter(persona: &str) -> Self {
        let runs = Arc::new(SiteRuns::new());
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", socket.local_addr().expect("an address"));
        tokio::spawn(
            listener(
                Arc::clone(&runs),
                crate::support::data::no_library(),
                socket,
            )
            .expect("a listener"),
        );
        let spec = OpenRun {
            persona: persona.to_owned(),
            world: 1,
            sites: vec!["office".to_owned()],
            start: "/office/".to_owned(),
        };
        let ticket = runs.open(&spec).expect("a run");
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        let entered = client
            .get(format!("{origin}{}", ticket.entry_path))
            .send()
            .await
            .expect("the entry answers");
        let cookie = entered.headers()["set-cookie"].to_str().expect("a cookie");
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Self {
            base: runs.base(persona, 1).expect("the base"),
            run: ticket.run_id,
            runs,
            client,
            origin,
            cookie,
        }
    }

    fn office(&self) -> &OfficeState {
        &self.base.office
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> Page {
        let answer = request.header("cookie", &self.cookie).send().await;
        let answer = answer.expect("the office answers");
        let head = |name: &str| {
            let value = answer.headers().get(name);
            value
                .map_or("", |value| value.to_str().expect("text"))
                .to_owned()
        };
        Page {
            status: answer.status().as_u16(),
            location: head("location"),
            kind: head("content-type"),
            body: answer.text().await.expect("a body"),
        }
    }

    async fn get(&self, path: &str) -> Page {
        self.read(self.client.get(format!("{}{path}", self.origin)))
            .await
    }

    async fn open(&self, path: &str) -> Page {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page
    }

    /// Sends a form with this run's token.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.open("/office/orders").await;
        let token = page.all("input[name=form_token]", "value").remove(0);
        let mut all = vec![("form_token", token.as_str())];
        all.extend(fields);
        let body = serde_urlencoded::to_string(all).expect("a form");
        let request = self
            .client
            .post(format!("{}{path}", self.origin))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.read(request).await
    }

    /// Sends a form and opens where it leads.
    async fn sent(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
        self.open(&answer.location).await
    }

    /// Collections that differ from the base, once for each record.
    fn changed(&self) -> Vec<String> {
        let changes = self.runs.changes(self.run).expect("the run is open");
        changes
            .into_iter()
            .map(|change| format!("{} {}", change.op, change.collection))
            .collect()
    }

    fn sound(&self) {
        let broken = self.runs.broken_invariants(self.run);
        assert_eq!(broken.expect("the run is open"), Vec::<String>::new());
    }
}

/// Controls without a name: no label around them, none for their id, no `aria-label`.
fn unnamed_controls(page: &Page) -> Vec<String> {
    let document = page.document();
    let parse = |text: &str| Selector::parse(text).expect("the selector is right");
    let controls = parse("input:not([type=hidden]), select, textarea, button, a");
    document
        .select(&controls)
        .filter(|control| {
            let labelled = control.attr("id").is_some_and(|id| {
                let label = parse(&format!("label[for=\"{id}\"]"));
                document.select(&label).next().is_some()
            });
            let within = control.ancestors().any(|node| {
                node.value()
                    .as_element()
                    .is_some_and(|element| element.name() == "label")
            });
            let words = control.text().any(|text| !text.trim().is_empty());
            !(labelled || within || words || control.attr("aria-label").is_some())
        })
        .map(|control| control.html())
        .collect()
}

#[actix_web::test]
async fn every_page_that_links_lead_to_is_there_and_names_its_controls() {
    let clerk = Clerk::enter("mara").await;
    let mut waiting = VecDeque::from(["/office/".to_owned()]);
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut kinds: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
    let mut opened = 0;
    while let Some(path) = waiting.pop_front() {
        let page = clerk.open(&path).await;
        opened += 1;
        if page.kind.starts_with("text/csv") {
            continue;
        }
        assert_eq!(unnamed_controls(&page), Vec::<String>::new(), "{path}");
        assert!(
            page.text().contains("Wednesday 18 March 2026, 10:24 UTC"),
            "{path}"
        );
        for href in page.all("a[href]", "href") {
            // A few of each kind of page are enough.
            let view = clerk.runs.view(&href);
            let Some(view) = view.filter(|_| href.starts_with("/office")) else {
                assert!(href.starts_with('#'), "{href} on {path}");
                continue;
            };
            assert_eq!(view.unknown, Vec::<String>::new(), "{href}");
            let count = kinds.entry(view.route).or_default();
            if *count < 4 && seen.insert(href.clone()) {
                *count += 1;
                waiting.push_back(href);
            }
        }
    }
    assert!(opened >= 90, "{opened} pages");
    assert!(kinds.len() >= 40, "{kinds:?}");
    assert_eq!(clerk.changed(), Vec::<String>::new());
}

#[actix_web::test]
async fn orders_are_filtered_by_address_and_changed_many_at_once() {
    let clerk = Clerk::enter("mara").await;
    let list = "/office/orders?status=new&payment=paid&from=2026-03-16&to=2026-03-16";
    let page = clerk.open(&format!("{list}&select=page")).await;
    let orders = page.all("input[name=order][checked]", "value");
    let expected = clerk
        .office()
        .orders
        .values()
        .filter(|order| {
            order.placed_at.date() == jiff::civil::date(2026, 3, 16)
                && order.status == OrderStatus::New
                && order.payment == Payment::Paid
        })
        .count();
    assert_eq!(orders.len(), expected);
    let refused = clerk
        .sent(
            "/office/orders/bulk",
            &[("list", list), ("scope", "ticked")],
        )
        .await;
    assert!(refused.text().contains("Choose the new status."));
    let done = clerk
        .sent(
            "/office/orders/bulk",
            &[("list", list), ("scope", "all"), ("set_status", "packing")],
        )
        .await;
    assert!(done.text().contains(&format!("{expected} orders changed.")));
    assert_eq!(clerk.changed(), vec!["change office.orders"; expected]);
    clerk.sound();
}

#[actix_web::test]
async fn a_refused_form_shows_what_was_typed_and_why_once() {
    let clerk = Clerk::enter("mara").await;
    let fields = [
        ("code", "STEEL15"),
        ("percent", "80"),
        ("category", "knives"),
        ("from", "2026-04-01"),
        ("until", "2026-03-01"),
        ("max_uses", "many"),
    ];
    let page = clerk.sent("/office/promotions/new", &fields).await;
    let text = page.text();
    for words in [
        "The code STEEL15 is taken.",
        "margin floor",
        "The last day is before the first.",
        "Enter a whole number, or nothing for no limit.",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(page.all("input[name=code]", "value"), ["STEEL15"]);
    assert_eq!(
        page.all("input[name=combinable][checked]", "value").len(),
        0
    );
    let again = clerk.open("/office/promotions/new").await;
    assert!(!again.text().contains("is taken"));
    assert_eq!(clerk.changed(), Vec::<String>::new());
    let foreign = clerk.post("/office/promotions/new", &[("uses", "9")]).await;
    assert_eq!(foreign.status, 400);
}

#[actix_web::test]
async fn a_fee_goes_back_and_the_customer_is_told_in_our_words() {
    let clerk = Clerk::enter("mara").await;
    let order = clerk
        .office()
        .orders
        .values()
        .find(|order| {
            order.status == OrderStatus::Delivered
                && order.delivery_cents > 1_000
                && clerk
                    .office()
                    .refunds
                    .values()
                    .all(|one| one.order != order.no)
        })
        .expect("such an order");
    let path = format!("/office/orders/{}", order.no);
    let refund = [
        ("kind", "delivery"),
        ("amount", ""),
        ("reason", "late"),
        ("note", ""),
    ];
    let page = clerk.sent(&format!("{path}/refund"), &refund).await;
    assert!(page.text().contains("paid back."), "{}", page.text());
    let form = clerk
        .open(&format!("{path}/message?template=late-delivery"))
        .await;
    let subject = form.all("input[name=subject]", "value").remove(0);
    assert!(subject.contains(&order.no.to_string()), "{subject}");
    let message = [
        ("template", "late-delivery"),
        ("subject", subject.as_str()),
        ("text", "Sorry."),
    ];
    let page = clerk.sent(&format!("{path}/message"), &message).await;
    assert!(page.text().contains("Message sent."));
    assert_eq!(clerk.changed(), ["add office.outbox", "add office.refunds"]);
    clerk.sound();
    let support = Clerk::enter("mara-support").await;
    let page = support.sent(&format!("{path}/refund"), &refund).await;
    assert!(
        page.text()
            .contains("Your role may pay back at most $10.00 of one order.")
    );
    assert_eq!(support.changed(), Vec::<String>::new());
}

#[actix_web::test]
async fn a_report_shows_the_same_figures_as_table_chart_and_csv() {
    let clerk = Clerk::enter("mara").await;
    let query = "from=2026-01&to=2026-01&group=reason";
    let page = clerk
        .open(&format!("/office/reports/returns?{query}"))
        .await;
    let csv = clerk
        .open(&format!("/office/reports/returns.csv?{query}"))
        .await;
    assert!(csv.kind.starts_with("text/csv"), "{}", csv.kind);
    let document = page.document();
    let rows = Selector::parse("tbody tr").expect("the selector is right");
    let table: Vec<String> = document
        .select(&rows)
        .map(|row| {
            let cells = row.text().map(str::trim).filter(|text| !text.is_empty());
            cells.collect::<Vec<_>>().join(",")
        })
        .collect();
    let lines: Vec<&str> = csv.body.lines().skip(1).collect();
    assert_eq!(table, lines);
    let bars = Selector::parse("svg[role=img] g title").expect("the selector is right");
    let bars: Vec<String> = document
        .select(&bars)
        .map(|bar| bar.text().collect::<String>())
        .collect();
    assert_eq!(bars.len(), lines.len());
    let caption = Selector::parse("figure figcaption").expect("the selector is right");
    let caption = document.select(&caption).next().expect("what is drawn");
    let caption = caption.text().collect::<String>();
    assert!(caption.starts_with("Chart of "), "{caption}");
    for (bar, line) in bars.iter().zip(lines) {
        let mut cells = line.split(',');
        let (label, value) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
        assert_eq!(*bar, format!("{label}: {value}"));
    }
}

#[actix_web::test]
async fn what_does_not_exist_is_said_to_be_missing() {
    let clerk = Clerk::enter("mara").await;
    for path in [
        "/office/orders/1",
        "/office/customers/1",
        "/office/nothing",
        "/office/reports/none",
        "/office/settings/a/b/c",
    ] {
        let page = clerk.get(path).await;
        assert_eq!(page.status, 404, "{path}");
    }
    let page = clerk.open("/office/search?q=99999").await;
    assert!(page.text().contains("Nothing matches"));
    let journal = clerk.runs.journal(clerk.run).expect("the run is open");
    let shown = &journal.last().expect("an entry").shown;
    assert_eq!(shown[..], ["office.searches/99999"]);
}
