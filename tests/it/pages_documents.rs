//! What holds for every page: it is a sound document, nothing on it is inline or from another
//! host, its links lead somewhere, and it keeps the server's secrets.

use std::collections::{BTreeSet, VecDeque};

use agentarena::domain::user::Role;
use reqwest::StatusCode;
use reqwest::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG};
use scraper::{ElementRef, Html};

use crate::support::app::{EXPECTED, SOLUTION, TestApp};
use crate::support::browse::{Browse, all, first, text};
use crate::support::sample;

/// More pages than there are here; more means that the links have no end.
const MOST_PAGES: usize = 400;

#[actix_web::test]
async fn every_page_that_a_link_leads_to_is_a_sound_document() {
    let app = TestApp::start().await;
    let owner = app.person("ada", Role::User).await;
    let agent = app.agent(&owner, "<b>walker</b>").await;
    for until in [None, Some(1)] {
        let id = app.submission(&owner, &agent).await;
        sample::run(&app.store, id, until).await;
    }
    app.submission(&owner, &agent).await;
    for (name, role) in [("root", Role::SuperAdmin), ("ada", Role::User)] {
        let mut browse = Browse::new(&app);
        if name == "ada" {
            browse.sign_in("ada", crate::support::app::PASSWORD).await;
        } else {
            browse = Browse::signed_in(&app, name, role).await;
        }
        let visited = crawl(&mut browse, "/dashboard").await;
        for page in [
            "/account",
            "/agents/new",
            "/leaderboard",
            "/submissions/new",
            "/suites",
            "/tasks",
        ] {
            assert!(visited.contains(page), "{page} is not linked: {visited:?}");
        }
        assert_eq!(visited.contains("/admin/users"), role == Role::SuperAdmin);
    }
    crawl(&mut Browse::new(&app), "/leaderboard").await;
}

async fn crawl(browse: &mut Browse<'_>, start: &str) -> BTreeSet<String> {
    let mut seen = BTreeSet::from([start.to_owned()]);
    let mut next = VecDeque::from([start.to_owned()]);
    while let Some(path) = next.pop_front() {
        assert!(seen.len() < MOST_PAGES, "the links have no end: {seen:?}");
        let answer = browse.get(&path).await;
        let redirected = answer.status == StatusCode::SEE_OTHER;
        assert!(
            redirected || answer.status == StatusCode::OK,
            "{path}: {} {}",
            answer.status,
            answer.text
        );
        let is_page = answer.headers.get("content-type").is_some_and(|kind| {
            kind.to_str()
                .is_ok_and(|kind| kind.starts_with("text/html"))
        });
        if redirected || !is_page {
            continue;
        }
        assert!(
            !answer.text.contains(EXPECTED) && !answer.text.contains(SOLUTION),
            "{path} helps to cheat"
        );
        let html = Html::parse_document(&answer.text);
        check_document(&path, &html);
        for address in addresses(&path, &html) {
            if seen.insert(address.clone()) {
                next.push_back(address);
            }
        }
    }
    seen
}

/// Links, pictures, styles and scripts, as addresses from the root without fragments.
fn addresses(path: &str, html: &Html) -> Vec<String> {
    let of = |selector: &str, name: &'static str| {
        let elements = all(html, selector).into_iter();
        elements
            .filter_map(|element| element.value().attr(name))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let found = [
        // What leads elsewhere on purpose says so, and is followed by people alone.
        of("a[href]:not([rel~='external'])", "href"),
        of("img[src]", "src"),
        of("link[href]", "href"),
        of("script[src]", "src"),
        of("use", "href"),
    ];
    found
        .into_iter()
        .flatten()
        .map(|address| {
            assert!(
                address.starts_with(['/', '?', '#']) && !address.starts_with("//"),
                "{path}: {address} is another host"
            );
            let address = address.split('#').next().unwrap_or_default().to_owned();
            let page = path.split('?').next().unwrap_or_default();
            match address.strip_prefix('?') {
                Some(query) => format!("{page}?{query}"),
                None if address.is_empty() => path.to_owned(),
                None => address,
            }
        })
        .collect()
}

fn check_document(path: &str, html: &Html) {
    let only = |selector: &str| assert_eq!(all(html, selector).len(), 1, "{path}: one {selector}");
    only("h1");
    only("main#main");
    only("html[lang=en]");
    only("title");
    assert!(
        first(html, "a.skip[href='#main']").is_some(),
        "{path}: skip link"
    );
    assert!(
        first(html, "[style], style, script:not([src])").is_none(),
        "{path}: something is inline"
    );
    let handlers = all(html, "*")
        .into_iter()
        .flat_map(|element| element.value().attrs());
    assert!(
        handlers
            .into_iter()
            .all(|(name, _)| !name.starts_with("on")),
        "{path}: an inline handler"
    );
    let ids: Vec<_> = all(html, "[id]")
        .into_iter()
        .filter_map(|element| element.value().attr("id"))
        .collect();
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(
        ids.len(),
        unique.len(),
        "{path}: an id stands twice: {ids:?}"
    );
    for fragment in all(html, "a[href^='#']") {
        let id = fragment
            .value()
            .attr("href")
            .unwrap_or_default()
            .trim_start_matches('#');
        assert!(ids.contains(&id), "{path}: nothing has the id {id}");
    }
    check_names(path, html, &ids);
    check_headings(path, html);
}

/// Every control, link, picture and table has a name.
fn check_names(path: &str, html: &Html, ids: &[&str]) {
    for control in all(
        html,
        "input:not([type=hidden]):not([hidden]), select, textarea",
    ) {
        let labelled = control
            .value()
            .attr("id")
            .is_some_and(|id| first(html, &format!("label[for='{id}']")).is_some());
        let wrapped = control
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|parent| parent.value().name() == "label");
        assert!(
            labelled || wrapped,
            "{path}: {} has no label",
            control.html()
        );
        for described in control
            .value()
            .attr("aria-describedby")
            .unwrap_or_default()
            .split_whitespace()
        {
            assert!(ids.contains(&described), "{path}: {described} is not there");
        }
    }
    for link in all(html, "a, button, summary") {
        let named = link
            .value()
            .attr("aria-label")
            .is_some_and(|label| !label.is_empty());
        let pictured = link
            .descendants()
            .filter_map(ElementRef::wrap)
            .any(|child| child.value().name() == "img");
        assert!(
            named || pictured || !text(link).is_empty(),
            "{path}: {} has no name",
            link.html()
        );
    }
    for picture in all(html, "img") {
        assert!(
            picture.value().attr("alt").is_some(),
            "{path}: {}",
            picture.html()
        );
    }
    for table in all(html, "table") {
        let captioned = table
            .descendants()
            .filter_map(ElementRef::wrap)
            .any(|child| child.value().name() == "caption");
        assert!(captioned, "{path}: a table without caption");
    }
}

/// No level of heading is skipped.
fn check_headings(path: &str, html: &Html) {
    let levels = all(html, "h1, h2, h3, h4")
        .into_iter()
        .map(|heading| heading.value().name().as_bytes()[1] - b'0');
    let mut before = 0;
    for level in levels {
        assert!(level <= before + 1, "{path}: h{level} after h{before}");
        before = level;
    }
}

#[actix_web::test]
async fn files_are_cached_by_their_content() {
    let app = TestApp::start().await;
    let mut browse = Browse::new(&app);
    let html = browse.page("/leaderboard").await;
    let style = first(&html, "link[rel=stylesheet]")
        .unwrap()
        .value()
        .attr("href")
        .unwrap()
        .to_owned();
    let answer = browse.get(&style).await;
    assert!(
        answer.headers[CACHE_CONTROL]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    let plain = browse.get("/static/css/tokens.css").await;
    assert!(
        !plain.headers[CACHE_CONTROL]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    let etag = plain.headers[ETAG].to_str().unwrap().to_owned();
    let request = app
        .request(reqwest::Method::GET, "/static/css/tokens.css")
        .header("if-none-match", etag);
    assert_eq!(
        crate::support::app::send(request).await.status,
        StatusCode::NOT_MODIFIED
    );
    for wrong in [
        "/static/css/nothing.css",
        "/static/sites/shop.css",
        "/static/../Cargo.toml",
    ] {
        assert_eq!(
            browse.get(wrong).await.status,
            StatusCode::NOT_FOUND,
            "{wrong}"
        );
    }
}

#[actix_web::test]
async fn pages_allow_nothing_inline_and_nothing_from_elsewhere() {
    let app = TestApp::start().await;
    let answer = Browse::new(&app).get("/leaderboard").await;
    let policy = answer.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(
        policy.contains("script-src 'self'") && policy.contains("style-src 'self'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[actix_web::test]
async fn an_address_that_leads_nowhere_is_a_page_to_act_on() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    for path in [
        "/nothing",
        "/tasks/shop-001",
        "/submissions/00000000-0000-7000-8000-000000000000",
    ] {
        let answer = browse.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        let html = Html::parse_document(&answer.text);
        check_document(path, &html);
        assert!(first(&html, "main a[href='/dashboard']").is_some());
    }
}

#[actix_web::test]
async fn without_a_browser_the_dashboard_says_what_to_install() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let html = browse.page("/dashboard").await;
    let notice = first(&html, ".notice[data-o=infra_error]")
        .map(text)
        .unwrap();
    assert!(notice.contains("no browser was found"), "{notice}");
    let html = browse.page("/health-status").await;
    assert!(
        all(&html, "pre")
            .into_iter()
            .map(text)
            .any(|text| text.contains("apt-get install chromium-driver"))
    );
}
