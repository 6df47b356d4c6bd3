//! How the sites' listener serves imported pages, and that all of them run under their policy.

use futures_util::{StreamExt as _, stream};
use reqwest::StatusCode;
use reqwest::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use serde_json::Value;

use super::ground::Ground;
use agentarena::domain::task::EnvironmentSpec;

fn address(ground: &Ground, page: &str) -> String {
    let EnvironmentSpec::Static { pages, .. } = &ground.specs["click-test"].environment else {
        panic!("the task has no page");
    };
    format!("{}/pages/{pages}/{page}", ground.origin)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_pages_are_served_each_as_what_it_is() {
    let ground = Ground::start(1).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = async |url: &str| client.get(url).send().await.expect("an answer");

    let page = get(&address(&ground, "miniwob/unicode-test.html")).await;
    assert_eq!(page.status(), StatusCode::OK);
    let headers = page.headers().clone();
    assert_eq!(headers[CONTENT_TYPE], "text/html; charset=utf-8");
    let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self' 'sha256-",
        "connect-src 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    let scripts = policy
        .split(';')
        .find(|part| part.contains("script-src"))
        .unwrap();
    assert!(!scripts.contains("unsafe"), "{scripts}");
    assert!(
        headers[CACHE_CONTROL]
            .to_str()
            .unwrap()
            .contains("immutable")
    );
    let known = client
        .get(address(&ground, "miniwob/unicode-test.html"))
        .header(IF_NONE_MATCH, &headers[ETAG]);
    let known = known.send().await.expect("an answer");
    assert_eq!(known.status(), StatusCode::NOT_MODIFIED);

    let script = get(&address(&ground, "core/core.js")).await;
    assert_eq!(
        script.headers()[CONTENT_TYPE],
        "text/javascript; charset=utf-8"
    );
    assert_eq!(script.headers()["x-content-type-options"], "nosniff");

    for outside in [
        address(&ground, "miniwob/none.html"),
        address(&ground, "core/"),
        address(&ground, "%2e%2e/%2e%2e/agentarena.db"),
        address(&ground, "..%2f..%2fagentarena.db"),
        format!("{}/pages/..%2f/core.js", ground.origin),
        format!(
            "{}/pages/other-0000000000000000/core/core.js",
            ground.origin
        ),
    ] {
        let status = get(&outside).await.status();
        assert!(status.is_client_error(), "{outside}: {status}");
    }
    let posted = client.post(address(&ground, "core/core.js")).send().await;
    assert!(posted.expect("an answer").status().is_client_error());
    ground.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_task_starts_and_no_script_of_its_own_is_refused() {
    // What the browser refused so far, also before this was asked.
    const REFUSED: &str = "new Promise(done => { new ReportingObserver(reports => \
         done(reports.map(report => [report.body.effectiveDirective, report.body.blockedURL, \
           report.body.sourceFile, report.body.sample].join(' '))), \
         {types: ['csp-violation'], buffered: true}).observe(); setTimeout(() => done([]), 60); })";
    // Tasks whose things are shapes and coloured boxes without role, name or mouse cursor: they
    // are on the picture, but not in the tree.
    const PAINTED: [&str; 6] = [
        "chase-circle",
        "click-color",
        "hot-cold",
        "hover-shape",
        "moving-items",
        "tic-tac-toe",
    ];
    let ground = Ground::start(2).await;
    assert_eq!(ground.specs.len(), 134);
    let failures: Vec<String> = stream::iter(ground.specs.keys())
        .map(async |task| {
            let mut entered = ground.enter(task, 1).await;
            let goal = entered.instruction.goal.clone().unwrap_or_default();
            let refused = entered.script(REFUSED).await;
            let shown = entered
                .script("document.getElementById('query').textContent")
                .await;
            let seen = entered.page.observe().await.expect("an observation");
            let mut problems = Vec::new();
            if goal.is_empty() {
                problems.push(format!("{task} has no goal"));
            }
            if shown != Value::String(String::new()) {
                problems.push(format!("{task} shows its goal: {shown}"));
            }
            if seen.nodes.is_empty() && !PAINTED.contains(&task.as_str()) {
                problems.push(format!("{task} shows nothing"));
            }
            let refused = refused.as_array().cloned().unwrap_or_default();
            // jQuery sets attributes such as `onsubmit="t"` to learn what the browser supports, and
            // runs none of them.
            let probes = |one: &&Value| {
                let text = one.as_str().unwrap_or_default();
                !(text.starts_with("script-src-attr inline") && text.trim().ends_with("jquery.js"))
            };
            let refused = refused.iter().filter(probes);
            problems.extend(refused.map(|one| format!("{task}: {one}")));
            entered.close().await;
            problems
        })
        .buffer_unordered(2)
        .flat_map(stream::iter)
        .collect()
        .await;
    ground.stop().await;
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}
