//! Whether an observation says what Chromium's own accessibility tree says of the same page, how
//! long it takes, and the commands that show both.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::{App, HttpResponse, HttpServer, web};
use agentarena::browser::{
    Browser as _, BrowserOptions, Comparison, NavigationPolicy, Page, WebDriverBrowser, discover,
};
use agentarena::domain::viewport::Viewport;
use agentarena::sites::{OpenRun, SiteRuns, listener};
use tokio::process::Command;

/// Pages with everything that HTML, ARIA and SVG have, and what style sheets do to it.
const FIXTURES: [&str; 18] = [
    "inputs",
    "names",
    "structure",
    "widgets",
    "hidden",
    "modal",
    "modal#two",
    "shadow",
    "components",
    "components#dlg",
    "frames",
    "graphics",
    "editing",
    "patterns",
    "roles",
    "owned",
    "stray",
    "told",
];

/// A browser with a folder of its own. Dropping it ends everything.
struct Stage {
    browser: Arc<WebDriverBrowser>,
    _profiles: tempfile::TempDir,
}

impl Stage {
    async fn new() -> Self {
        let profiles = tempfile::tempdir().expect("a temporary folder");
        let mut options = BrowserOptions::new(profiles.path().join("browser"));
        options.capacity = 1;
        let found = discover(&options).await;
        assert!(found.problem.is_empty(), "{}", found.problem);
        Self {
            browser: WebDriverBrowser::start(options),
            _profiles: profiles,
        }
    }

    async fn open(&self, origin: &str, path: &str) -> Box<dyn Page> {
        self.visit(&[origin], &format!("{origin}{path}")).await
    }

    /// Opens an address where pages of these origins are allowed.
    async fn visit(&self, origins: &[&str], url: &str) -> Box<dyn Page> {
        let policy = NavigationPolicy {
            allowed_origins: origins.iter().map(|&origin| origin.to_owned()).collect(),
            allowed_paths: vec![],
        };
        let mut page = self
            .browser
            .open(policy, Viewport::STANDARD)
            .await
            .expect("a page");
        page.navigate(url).await.expect("a loaded page");
        page
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/fidelity")
}

/// Serves a folder on a free port until the test ends. Gives the origin.
fn serve(folder: PathBuf) -> String {
    let server = HttpServer::new(move || {
        let folder = folder.clone();
        App::new().route(
            "/{path:.*}",
            web::get().to(move |path: web::Path<String>| {
                let file = folder.join(path.as_str());
                async move { file_at(&file) }
            }),
        )
    });
    let server = server
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .expect("a free port");
    let origin = format!("http://{}", server.addrs()[0]);
    tokio::spawn(server.run());
    origin
}

fn file_at(file: &Path) -> HttpResponse {
    let Ok(content) = std::fs::read(file) else {
        return HttpResponse::NotFound().finish();
    };
    let kind = match file.extension().and_then(|kind| kind.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    HttpResponse::Ok().content_type(kind).body(content)
}

/// The result as text, addresses without their changing port.
fn told(comparison: &Comparison) -> String {
    let (interactive, structure) = (comparison.interactive, comparison.structure);
    let mut text = format!(
        "{}/{} interactive, {}/{} others, {} native parts, {} only in ours\n",
        interactive.same,
        interactive.total,
        structure.same,
        structure.total,
        comparison.native_parts,
        comparison.ours_only.len()
    );
    for found in &comparison.differences {
        let _ = writeln!(
            text,
            "  {}{} {} | {} | {} | {}",
            if found.counts() { "! " } else { "" },
            found.kind.word(),
            found.element,
            found.chromium,
            found.ours.as_deref().unwrap_or("-"),
            found.reason.as_deref().unwrap_or("-"),
        );
    }
    text
}

#[tokio::test]
async fn pages_with_every_kind_of_element_are_seen_as_chromium_sees_them() {
    let stage = Stage::new().await;
    let origin = serve(fixtures());
    for name in FIXTURES {
        let (file, fragment) = name.split_once('#').unwrap_or((name, ""));
        let path = format!("/{file}.html#{fragment}");
        let mut page = stage.open(&origin, &path).await;
        let comparison = page.compare().await.expect("a comparison");
        page.close().await.expect("a closed page");
        let text = told(&comparison);
        assert!(comparison.interactive.total > 0, "{name}: {text}");
        assert!(comparison.is_faithful(), "{name}: {text}");
        let faults = comparison.differences.iter().filter(|found| found.counts());
        assert_eq!(faults.count(), 0, "{name}: {text}");
    }
}

#[tokio::test]
async fn text_that_is_nobodys_name_is_told() {
    let stage = Stage::new().await;
    let origin = serve(fixtures());
    let mut page = stage.open(&origin, "/told.html").await;
    let seen = page.observe().await.expect("an observation").tree_text();
    page.close().await.expect("a closed page");
    for text in [
        "\"Billing address\"",
        "Second legend",
        "Presented legend",
        "Orphan legend",
        "Orphan caption",
        "\"$19.99\"",
        "\"Terms (required)\"",
        "text \"Starred\"",
        "button \"$20\"",
        "listitem \"new: Item\"",
        "textbox \"Email (required)\"",
        "options=[\"A\", \"C\"]",
    ] {
        assert!(seen.contains(text), "no {text} in\n{seen}");
    }
    // Once, as a name, and not again as text.
    for once in ["Shipping", "First caption", "Email (required)", "$20"] {
        assert_eq!(seen.matches(once).count(), 1, "{once} in\n{seen}");
    }
    assert!(!seen.contains("unseen"), "{seen}");
}

#[tokio::test]
async fn what_cannot_be_seen_counts_against_the_observation() {
    let stage = Stage::new().await;
    let origin = serve(fixtures());
    let mut page = stage.open(&origin, "/closed.html").await;
    let comparison = page.compare().await.expect("a comparison");
    page.close().await.expect("a closed page");
    assert_eq!(
        (comparison.interactive.same, comparison.interactive.total),
        (1, 3)
    );
    assert!(!comparison.is_faithful());
    for (found, why) in comparison
        .differences
        .iter()
        .zip(["ElementInternals", "closed"])
    {
        assert!(found.counts() && found.ours.is_none(), "{found:?}");
        let reason = found.reason.as_deref().unwrap_or_default();
        assert!(reason.contains(why), "{found:?}");
    }
}

/// A folder with one page, served. The folder lives as long as what is returned first.
fn serve_page(html: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("page.html"), html).expect("a file");
    let origin = serve(folder.path().to_owned());
    (folder, origin)
}

#[tokio::test]
async fn what_a_frame_of_another_origin_holds_counts_as_missing() {
    let stage = Stage::new().await;
    let (_inner, elsewhere) =
        serve_page("<!doctype html><html lang=en><title>Inner</title><button>Pay</button>");
    let (_outer, origin) = serve_page(&format!(
        "<!doctype html><html lang=en><title>Outer</title><button>Own</button>\
         <iframe title=Payment src='{elsewhere}/page.html'></iframe>"
    ));
    let url = format!("{origin}/page.html");
    let mut page = stage.visit(&[&origin, &elsewhere], &url).await;
    let comparison = page.compare().await.expect("a comparison");
    let seen = page.observe().await.expect("an observation");
    page.close().await.expect("a closed page");
    assert!(seen.nodes.iter().any(|node| node.name == "Payment"));
    assert!(!seen.nodes.iter().any(|node| node.name == "Pay"));
    let tally = comparison.interactive;
    assert_eq!((tally.same, tally.total), (1, 2), "{}", told(&comparison));
    let missing: Vec<_> = comparison.differences.iter().collect();
    let [found] = missing.as_slice() else {
        panic!("{}", told(&comparison));
    };
    let reason = found.reason.as_deref().unwrap_or_default();
    assert!(
        found.counts() && reason.contains("another origin"),
        "{found:?}"
    );
}

#[tokio::test]
async fn what_does_not_fit_counts_as_missing_until_it_is_scrolled_to() {
    let stage = Stage::new().await;
    let links = (0..6000).map(|number| format!("<p><a href='#{number}'>Link {number}</a>"));
    let links = links.collect::<Vec<_>>().concat();
    let page = format!("<!doctype html><html lang=en><title>Long</title>{links}");
    let (_folder, origin) = serve_page(&page);
    let mut page = stage.open(&origin, "/page.html").await;
    let comparison = page.compare().await.expect("a comparison");
    let tally = comparison.interactive;
    assert_eq!(tally.total, 6000);
    assert!((1000..6000).contains(&tally.same), "{tally:?}");
    assert!(!comparison.is_faithful());
    let told = comparison.differences.iter().filter(|found| {
        let reason = found.reason.as_deref().unwrap_or_default();
        found.counts() && reason.contains("scroll to see it")
    });
    assert_eq!(told.count(), tally.total - tally.same);

    let bottom = "window.scrollTo(0, document.body.scrollHeight); 0";
    page.evaluate(bottom).await.expect("the end of the page");
    let seen = page.observe().await.expect("an observation");
    page.close().await.expect("a closed page");
    assert!(seen.truncated && seen.nodes.iter().any(|node| node.name == "Link 5999"));
}

#[tokio::test]
async fn the_pages_of_the_shop_are_seen_as_chromium_sees_them() {
    let runs = Arc::new(SiteRuns::new());
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let origin = format!("http://{}", socket.local_addr().expect("an address"));
    let library = crate::support::data::no_library();
    tokio::spawn(listener(Arc::clone(&runs), library, socket).expect("a listener"));
    let run = OpenRun {
        persona: "mara".to_owned(),
        world: 1,
        sites: vec!["shop".to_owned()],
        start: "/shop/".to_owned(),
    };
    let ticket = runs.open(&run).expect("a run");
    let stage = Stage::new().await;
    let mut page = stage.open(&origin, &ticket.entry_path).await;
    let mut waiting = vec!["/shop/".to_owned()];
    let mut shapes = std::collections::BTreeSet::new();
    while let Some(path) = waiting.pop() {
        page.navigate(&format!("{origin}{path}"))
            .await
            .expect("a page of the shop");
        let comparison = page.compare().await.expect("a comparison");
        assert!(comparison.is_faithful(), "{path}: {}", told(&comparison));
        let faults = comparison.differences.iter().filter(|found| found.counts());
        assert_eq!(faults.count(), 0, "{path}: {}", told(&comparison));
        let links = page
            .evaluate("[...document.links].map(link => link.pathname)")
            .await
            .expect("links");
        for link in links
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|link| link.as_str())
        {
            // One page of each kind: the first product, the first order.
            let shape: Vec<&str> = link.split('/').take(3).collect();
            if link.starts_with("/shop/")
                && shapes.insert((shape.join("/"), link.matches('/').count()))
            {
                waiting.push(link.to_owned());
            }
        }
    }
    page.close().await.expect("a closed page");
    assert!(shapes.len() > 8, "only {shapes:?} were found");
}

/// A page of 5,000 elements, most of them with text, a third of them to be used.
fn large_page() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut html =
        "<!doctype html><meta charset=utf-8><title>Large</title><style>.row{padding:2px}\
                    .label::after{content:':'}button{cursor:pointer}</style>"
            .to_owned();
    for n in 0..714 {
        let _ = write!(
            html,
            "<div class=row><span class=label>Row {n}</span><a href='#{n}'>Link {n}</a>\
             <button>Button <b>{n}</b></button><label>Field <input value=v{n}></label></div>"
        );
    }
    std::fs::write(folder.path().join("large.html"), html).expect("a file");
    folder
}

/// Median time of 20 observations, and how many elements the page has.
async fn median_time() -> (Duration, u64) {
    let folder = large_page();
    let origin = serve(folder.path().to_owned());
    let stage = Stage::new().await;
    let mut page = stage.open(&origin, "/large.html").await;
    let count = page
        .evaluate("document.querySelectorAll('body *').length")
        .await;
    let mut times = Vec::new();
    for _ in 0..20 {
        let before = Instant::now();
        let seen = page.observe().await.expect("an observation");
        times.push(before.elapsed());
        assert!(!seen.truncated && seen.nodes.len() > 2000);
    }
    page.close().await.expect("a closed page");
    times.sort();
    (
        times[10],
        count.expect("a number").as_u64().unwrap_or_default(),
    )
}

#[tokio::test]
async fn a_large_page_is_observed_in_reasonable_time() {
    let (median, count) = median_time().await;
    assert!((4990..5010).contains(&count), "{count} elements");
    assert!(median < Duration::from_secs(5), "{median:?}");
}

#[tokio::test]
#[ignore = "a measurement: `make bench` runs it alone in a release build"]
async fn a_page_of_5000_elements_is_observed_in_60_ms() {
    let (median, count) = median_time().await;
    eprintln!("{count} elements: median {median:?} over 20 observations");
    assert!(median < Duration::from_millis(60), "{median:?}");
}

/// Extra: needs the pages of MiniWoB++, which `scripts/fetch-miniwob.sh` brings.
#[tokio::test]
async fn extra_the_pages_of_miniwob_are_seen_as_chromium_sees_them() {
    let given = std::env::var_os("AGENTARENA_MINIWOB").map(PathBuf::from);
    let folder =
        given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/miniwob/html"));
    let Ok(entries) = std::fs::read_dir(folder.join("miniwob")) else {
        eprintln!("skipped: no pages of MiniWoB++ in {}", folder.display());
        return;
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names
        .filter(|name| {
            std::path::Path::new(name)
                .extension()
                .is_some_and(|kind| kind == "html")
        })
        .collect();
    names.sort();
    let origin = serve(folder);
    let stage = Stage::new().await;
    let mut faults = String::new();
    for name in &names {
        let mut page = stage.open(&origin, &format!("/miniwob/{name}")).await;
        let start =
            "Math.seedrandom(1); core.EPISODE_MAX_TIME = 1000000; core.startEpisodeReal(); 0";
        page.evaluate(start).await.expect("an episode that starts");
        let comparison = page.compare().await.expect("a comparison");
        page.close().await.expect("a closed page");
        if !comparison.is_faithful() {
            let _ = write!(faults, "{name}: {}", told(&comparison));
        }
    }
    assert!(names.len() >= 100, "only {} pages", names.len());
    assert!(faults.is_empty(), "{faults}");
}

async fn agentarena(arguments: &[&str]) -> std::process::Output {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_agentarena"));
    command.args(arguments).current_dir(folder.path());
    command.output().await.expect("the command runs")
}

#[tokio::test]
async fn the_commands_show_a_page_and_judge_it() {
    let origin = serve(fixtures());
    let address = format!("{origin}/inputs.html");
    let seen = agentarena(&["browser", "observe", &address]).await;
    let text = String::from_utf8_lossy(&seen.stdout);
    assert!(
        seen.status.success() && text.starts_with("RootWebArea \"Inputs\""),
        "{seen:?}"
    );
    assert!(
        text.contains("] textbox \"E-mail\" type=email required"),
        "{text}"
    );

    let good = agentarena(&["browser", "compare", &address]).await;
    let text = String::from_utf8_lossy(&good.stdout);
    assert!(
        good.status.success() && text.contains("(100.0 %)"),
        "{good:?}"
    );

    let bad = agentarena(&[
        "browser",
        "compare",
        "--json",
        &format!("{origin}/closed.html"),
    ])
    .await;
    assert_eq!(bad.status.code(), Some(1), "{bad:?}");
    let json: serde_json::Value = serde_json::from_slice(&bad.stdout).expect("JSON");
    assert!(
        json["percent"]
            .as_f64()
            .is_some_and(|percent| percent < 50.0)
    );
    assert_eq!(json["comparison"]["differences"][0]["kind"], "missing");

    let nowhere = agentarena(&["browser", "observe", "file:///etc/passwd"]).await;
    assert!(!nowhere.status.success());
    let text = String::from_utf8_lossy(&nowhere.stderr);
    assert!(text.contains("only http and https"), "{text}");
}

#[tokio::test]
async fn marks_are_drawn_and_code_can_run_before() {
    let origin = serve(fixtures());
    let address = format!("{origin}/modal.html");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("marks.png");
    let path = file.to_string_lossy();
    let run = "document.querySelector('dialog').close()";
    let done = agentarena(&[
        "browser", "observe", "--json", "--run", run, "--marks", &path, &address,
    ])
    .await;
    assert!(done.status.success(), "{done:?}");
    let json: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
    let names = json["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .filter_map(|node| node["name"].as_str());
    assert!(names.clone().any(|name| name == "Behind button"));
    assert!(!names.clone().any(|name| name == "Yes"));
    let picture = std::fs::read(&file).expect("a picture");
    assert_eq!(&picture[..8], b"\x89PNG\r\n\x1a\n");
}
