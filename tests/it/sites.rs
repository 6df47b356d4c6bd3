//! The sites' listener over HTTP: entry by one-time link, isolation of runs, form tokens, and
//! the journal that evaluators read.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agentarena::sites::listener::RUN_COOKIE;
use agentarena::sites::runs::RunError;
use agentarena::sites::{OpenRun, RunTicket, SiteRuns, listener};
use reqwest::{Client, Response};

struct Sites {
    runs: Arc<SiteRuns>,
    origin: String,
    client: Client,
}

fn spec() -> OpenRun {
    OpenRun {
        persona: "mara".to_owned(),
        world: 1,
        sites: vec!["shop".to_owned()],
        start: "/shop/orders".to_owned(),
    }
}

impl Sites {
    fn start() -> Self {
        let runs = Arc::new(SiteRuns::new());
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", socket.local_addr().unwrap());
        tokio::spawn(
            listener(
                Arc::clone(&runs),
                crate::support::data::no_library(),
                socket,
            )
            .unwrap(),
        );
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            runs,
            origin,
            client,
        }
    }

    async fn get(&self, path: &str, cookie: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.origin));
        let request = request
            .header("cookie", cookie)
            .header("sec-fetch-dest", "document");
        request.send().await.unwrap()
    }

    async fn post(&self, path: &str, cookie: &str, body: String) -> Response {
        let request = self.client.post(format!("{}{path}", self.origin));
        let request = request
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        request.send().await.unwrap()
    }

    /// Opens a run and enters it; answers the ticket and the cookie.
    async fn enter(&self) -> (RunTicket, String) {
        let ticket = self.runs.open(&spec()).unwrap();
        let entered = self.get(&ticket.entry_path, "").await;
        assert_eq!(entered.status(), 303);
        assert_eq!(entered.headers()["location"], "/shop/orders");
        let cookie = entered.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
            "{cookie}"
        );
        let cookie = cookie.split(';').next().unwrap().to_owned();
        (ticket, cookie)
    }

    /// The form token as a page of the run shows it.
    async fn token(&self, cookie: &str) -> String {
        let page = self
            .get("/shop/newsletter", cookie)
            .await
            .text()
            .await
            .unwrap();
        let document = scraper::Html::parse_document(&page);
        let field = scraper::Selector::parse("input[name=form_token]").unwrap();
        let field = document.select(&field).next().expect("a form with a token");
        field.attr("value").unwrap().to_owned()
    }
}

#[actix_web::test]
async fn a_link_opens_its_run_once_and_nothing_is_served_without_a_run() {
    let sites = Sites::start();
    let (ticket, cookie) = sites.enter().await;
    assert_eq!(sites.get(&ticket.entry_path, "").await.status(), 404);
    assert_eq!(sites.get("/enter/0123", "").await.status(), 404);
    for path in ["/shop/", "/shop/orders", "/reset", "/state", "/"] {
        assert_eq!(sites.get(path, "").await.status(), 403, "{path}");
        assert_eq!(
            sites.get(path, "arena_run=0123").await.status(),
            403,
            "{path}"
        );
    }
    let page = sites.get("/shop/orders", &cookie).await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()["cache-control"], "no-store");
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("Wednesday 18 March 2026, 10:24 UTC")
    );
    for path in ["/api/state", "/shop/reset", "/finish", "/shop/../tasks"] {
        assert_eq!(sites.get(path, &cookie).await.status(), 404, "{path}");
    }
}

#[actix_web::test]
async fn a_link_of_another_session_is_a_violation_of_who_tries_it() {
    let sites = Sites::start();
    let (ticket, cookie) = sites.enter().await;
    sites
        .get("/enter/00000000000000000000000000000000", &cookie)
        .await;
    let journal = sites.runs.journal(ticket.run_id).unwrap();
    let violation = journal[0].violation.as_deref().unwrap();
    assert!(violation.contains("entry link"), "{violation}");
}

#[actix_web::test]
async fn a_stolen_link_opens_nothing_from_within_a_run_and_stays_good() {
    let sites = Sites::start();
    let (thief, cookie) = sites.enter().await;
    let stolen = sites.runs.open(&spec()).unwrap();
    let steal = [
        ("sec-fetch-dest", "image"),
        ("sec-fetch-site", "same-origin"),
    ];
    for (name, value) in steal {
        let request = sites
            .client
            .get(format!("{}{}", sites.origin, stolen.entry_path))
            .header("cookie", &cookie)
            .header(name, value);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 404, "{name}: {value}");
        assert!(answer.headers().get("set-cookie").is_none());
    }
    let journal = sites.runs.journal(thief.run_id).unwrap();
    assert_eq!(journal.len(), 2);
    assert!(journal.iter().all(|entry| entry.violation.is_some()));
    assert_eq!(sites.get(&stolen.entry_path, "").await.status(), 303);
}

#[actix_web::test]
async fn two_cookies_of_runs_open_neither_and_are_told_on_the_elder() {
    let sites = Sites::start();
    let (thief, own) = sites.enter().await;
    let (victim, other) = sites.enter().await;
    for beside in [other.as_str(), "arena_run=0123"] {
        let cookies = format!("{beside}; {own}");
        let page = sites.get("/shop/orders", &cookies).await;
        assert_eq!(page.status(), 403, "{beside}");
    }
    let journal = sites.runs.journal(thief.run_id).unwrap();
    assert_eq!(journal.len(), 2);
    assert!(journal.iter().all(|entry| entry.violation.is_some()));
    assert_eq!(sites.runs.journal(victim.run_id).unwrap().len(), 0);
}

#[actix_web::test]
async fn attempts_are_recorded_and_mistakes_are_not() {
    let sites = Sites::start();
    let (ticket, cookie) = sites.enter().await;
    let token = sites.token(&cookie).await;
    let seen = |sites: &Sites| {
        let journal = sites.runs.journal(ticket.run_id).unwrap();
        journal.last().unwrap().violation.clone()
    };
    for path in [
        "/shop/reset",
        "/shop/..%2f..%2fetc/passwd",
        "/assets/shop.css%00",
        "/shop/newsletter/leave?email=x",
    ] {
        sites.get(path, &cookie).await;
        assert!(seen(&sites).is_some(), "{path}");
    }
    for path in ["/shop/nowhere", "/shop/orders/1", "/shop/search?q=reset"] {
        sites.get(path, &cookie).await;
        assert_eq!(seen(&sites), None, "{path}");
    }
    let hidden = format!("form_token={token}&email=a%40b.example&price=1");
    sites.post("/shop/newsletter", &cookie, hidden).await;
    assert!(
        seen(&sites).is_some(),
        "a field that the page does not offer"
    );
    let wrong = format!("form_token={token}&email=nonsense");
    assert_eq!(
        sites
            .post("/shop/newsletter", &cookie, wrong)
            .await
            .status(),
        422
    );
    assert_eq!(seen(&sites), None, "a form that is filled in wrongly");
    let report = "{\"csp-report\":{\"document-uri\":\"http://127.0.0.1:8081/shop/\",\
        \"blocked-uri\":\"http://127.0.0.1:8080/api/v1/tasks\"}}";
    let reported = sites.post("/reports/csp", &cookie, report.to_owned()).await;
    assert_eq!(reported.status(), 204);
    assert!(seen(&sites).is_some(), "a request to the arena");
}

#[actix_web::test]
async fn runs_share_nothing_and_end_with_their_closing() {
    let sites = Sites::start();
    let (one, one_cookie) = sites.enter().await;
    let (other, other_cookie) = sites.enter().await;
    let token = sites.token(&one_cookie).await;
    let body = format!("form_token={token}&email=mara%40post.example");
    let done = sites
        .post("/shop/newsletter", &one_cookie, body.clone())
        .await;
    assert!(
        done.status().is_redirection() || done.status().is_success(),
        "{}",
        done.status()
    );
    assert_eq!(sites.runs.changes(one.run_id).unwrap().len(), 1);
    assert_eq!(
        sites.runs.broken_invariants(one.run_id).unwrap(),
        Vec::<String>::new()
    );
    assert_eq!(sites.runs.changes(other.run_id).unwrap(), Vec::new());
    let foreign = sites.post("/shop/newsletter", &other_cookie, body).await;
    assert_eq!(foreign.status(), 403, "the token of another run");
    assert_eq!(sites.runs.changes(other.run_id).unwrap(), Vec::new());
    sites.runs.close(one.run_id);
    assert_eq!(sites.get("/shop/", &one_cookie).await.status(), 403);
    assert_eq!(
        sites.runs.changes(one.run_id),
        Err(RunError::NoSuchRun(one.run_id))
    );
    assert_eq!(sites.runs.open_count(), 1);
}

#[actix_web::test]
async fn writing_without_a_token_or_by_the_wrong_method_is_refused_and_recorded() {
    let sites = Sites::start();
    let (ticket, cookie) = sites.enter().await;
    let status = |response: Response| response.status().as_u16();
    let without = sites
        .post(
            "/shop/newsletter",
            &cookie,
            "email=mara%40post.example".to_owned(),
        )
        .await;
    assert_eq!(status(without), 403);
    let posted = sites.post("/shop/help", &cookie, String::new()).await;
    assert!([404, 405].contains(&status(posted)));
    let deleted = sites
        .client
        .delete(format!("{}/shop/cart", sites.origin))
        .header("cookie", &cookie);
    assert_eq!(status(deleted.send().await.unwrap()), 405);
    let written = sites.get("/shop/cart/add?sku=X&quantity=1", &cookie).await;
    assert!([404, 405].contains(&status(written)));
    assert_eq!(sites.runs.changes(ticket.run_id).unwrap(), Vec::new());
    let journal = sites.runs.journal(ticket.run_id).unwrap();
    let violations = journal
        .iter()
        .filter(|entry| entry.violation.is_some())
        .count();
    assert!(violations >= 2, "{journal:?}");
}

#[actix_web::test]
async fn the_journal_says_what_was_asked_and_what_was_shown() {
    let sites = Sites::start();
    let (ticket, cookie) = sites.enter().await;
    let state = sites.runs.base("mara", 1).unwrap();
    let order = *state.shop.orders.keys().next_back().unwrap();
    sites
        .get(&format!("/shop/orders/{order}?utm=1"), &cookie)
        .await;
    sites.get("/shop/orders/1", &cookie).await;
    let journal = sites.runs.journal(ticket.run_id).unwrap();
    let [shown, missing] = journal.as_slice() else {
        panic!("{journal:?}")
    };
    assert_eq!((shown.n, shown.status, shown.document), (1, 200, true));
    let view = shown.view.as_ref().unwrap();
    assert_eq!(
        (view.route.as_str(), view.unknown.as_slice()),
        ("shop.order", ["utm".to_owned()].as_slice())
    );
    assert_eq!(view.params["order"], order);
    assert!(
        shown.shown.contains(&format!("shop.orders/{order}")),
        "{:?}",
        shown.shown
    );
    assert_eq!((missing.n, missing.status), (2, 404));
    assert_eq!(missing.shown, Vec::<String>::new());
}

#[test]
fn addresses_mean_the_same_whoever_asks() {
    let runs = SiteRuns::new();
    let view = runs
        .view("http://127.0.0.1:8081/shop/c/pans?stock=in&page=1#top")
        .unwrap();
    assert_eq!(view.route, "shop.category");
    assert_eq!(view.params.len(), 2);
    assert_eq!(runs.view("/shop/c/pans?stock=in"), Some(view));
    assert_eq!(runs.view("http://127.0.0.1:8081/enter/1"), None);
    assert_eq!(runs.view("about:blank"), None);
}

#[test]
fn runs_of_unknown_people_places_and_starts_are_refused_by_name() {
    let runs = SiteRuns::new();
    let with = |change: &dyn Fn(&mut OpenRun)| {
        let mut spec = spec();
        change(&mut spec);
        runs.open(&spec).unwrap_err().to_string()
    };
    assert!(with(&|spec| spec.persona = "tom".to_owned()).contains("`tom`"));
    assert!(with(&|spec| spec.sites.push("bank".to_owned())).contains("`bank`"));
    assert!(with(&|spec| spec.start = "/enter".to_owned()).contains("`/enter`"));
}

#[test]
fn a_reset_takes_well_under_a_millisecond() {
    let runs = SiteRuns::new();
    runs.base("mara", 1).unwrap();
    let mut times: Vec<Duration> = (0..500)
        .map(|_| {
            let start = Instant::now();
            let ticket = runs.open(&spec()).unwrap();
            let time = start.elapsed();
            runs.close(ticket.run_id);
            time
        })
        .collect();
    times.sort_unstable();
    assert!(
        times[495] < Duration::from_millis(1),
        "p99 is {:?}",
        times[495]
    );
    assert_eq!(RUN_COOKIE, "arena_run");
}
