//! Isolation, policy, faults and ends.

use std::time::{Duration, Instant};

use agentarena::browser::{
    Browser as _, BrowserError, BrowserOptions, NavigationPolicy, WebDriverBrowser,
};
use agentarena::domain::viewport::Viewport;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{Site, Stage, Tab};

/// Processes whose command line names the folder of the stage.
fn processes_of(stage: &Stage) -> Vec<(i32, String)> {
    let marker = stage.profiles.path().to_string_lossy().into_owned();
    let entries = std::fs::read_dir("/proc").expect("/proc").flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter_map(|pid| {
            let line = std::fs::read(format!("/proc/{pid}/cmdline")).ok()?;
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            line.contains(&marker).then_some((pid, line))
        })
        .collect()
}

fn browser_of(stage: &Stage) -> i32 {
    let is_browser = |line: &str| line.contains("chrom") && !line.contains("chromedriver");
    let mut all = processes_of(stage).into_iter();
    all.find(|(_, line)| is_browser(line) && !line.contains("--type="))
        .expect("a browser process")
        .0
}

fn folders_of(stage: &Stage) -> usize {
    let folder = stage.profiles.path().join("browser");
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

async fn stored(tab: &mut Tab) -> String {
    let seen = tab.see().await;
    let mut found = seen.nodes.iter().filter(|node| node.role == "status");
    found.next().expect("a status").name.clone()
}

/// The same, and how many pages the tab's history holds. It is asked for here: whether the tab's
/// empty first page still counts while the next one loads depends on the machine.
async fn stored_and_history(tab: &mut Tab) -> String {
    let history = tab.page.evaluate("history.length").await.expect("a length");
    format!("{} history=[{history}]", stored(tab).await)
}

#[tokio::test]
async fn an_episode_finds_nothing_of_another() {
    let stage = Stage::new().await;
    let empty = "cookie=[] local=[] session=[] name=[] history=[1]";
    let mut first = stage.open("/storage").await;
    assert_eq!(stored_and_history(&mut first).await, empty);
    // The page does find what it stored itself, so the probe works.
    let address = stage.site.url("/storage");
    first.does(&format!("goto('{address}')")).await;
    assert!(
        stored_and_history(&mut first)
            .await
            .starts_with("cookie=[k=1] local=[1] session=[1]")
    );

    // Beside it and after it, in the same browser.
    let mut beside = stage.open("/storage").await;
    assert_eq!(stored_and_history(&mut beside).await, empty);
    first.close().await;
    let hits = stage.site.hits("/storage");
    let mut after = stage.open("/storage").await;
    assert_eq!(stored_and_history(&mut after).await, empty);
    assert_eq!(stage.site.hits("/storage"), hits + 1, "served from a cache");
    beside.close().await;
    after.close().await;
}

#[tokio::test]
async fn a_page_that_wants_a_process_of_its_own_is_seen_to_be_there() {
    let stage = Stage::new().await;
    // The browser starts before the clock does.
    stage.open("/plain").await.close().await;
    let begun = Instant::now();
    let mut tab = stage.open("/alone").await;
    assert!(tab.see().await.url.ends_with("/alone"));
    tab.close().await;
    // Not seen, it would be waited for until the bound of settling, 3 s.
    assert!(
        begun.elapsed() < Duration::from_secs(3),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn what_is_not_part_of_the_task_is_out_of_reach() {
    let stage = Stage::new().await;
    let elsewhere = Site::start().await;
    let foreign = elsewhere.url("/plain");
    let mut tab = stage.open(&format!("/events?foreign={foreign}")).await;
    let home = tab.see().await.url;
    let cases = [
        (format!("goto('{foreign}')"), "origin"),
        (
            format!("goto('{}')", stage.site.url("/forbidden/page")),
            "path",
        ),
        ("goto('file:///etc/passwd')".to_owned(), "scheme"),
        ("goto('javascript:alert(1)')".to_owned(), "scheme"),
        ("goto('chrome://version')".to_owned(), "scheme"),
        ("click('{Foreign link}')".to_owned(), "origin"),
        ("click('{Forbidden path}')".to_owned(), "path"),
        ("click('{Foreign popup}')".to_owned(), "origin"),
    ];
    for (call, rule) in cases {
        let result = tab.act(&call).await;
        assert!(!result.ok, "{call}: {}", result.message);
        let rules: Vec<&str> = result.violations.iter().map(|v| v.rule.as_str()).collect();
        assert_eq!(rules, [rule], "{call}");
        assert!(
            result.message.starts_with("not allowed"),
            "{}",
            result.message
        );
        assert_eq!(result.url, home, "{call}");
        assert_eq!(tab.see().await.tabs.len(), 1, "{call}");
    }
    // Requests of the page itself end at the dead proxy.
    tab.does("click('{Foreign fetch}')").await;
    assert_eq!(stored(&mut tab).await, "blocked");
    assert_eq!(elsewhere.hits("/plain"), 0);
    tab.close().await;
}

#[tokio::test]
async fn a_browser_that_dies_is_gone_and_the_next_page_has_a_new_one() {
    let stage = Stage::with(|options| options.capacity = 1).await;
    let mut tab = stage.open("/plain").await;
    kill(Pid::from_raw(browser_of(&stage)), Signal::SIGKILL).unwrap();
    let error = loop {
        // The death is noticed with a command at the latest.
        if let Err(error) = tab.page.observe().await {
            break error;
        }
    };
    assert!(matches!(error, BrowserError::Gone(_)), "{error}");
    drop(tab);
    let mut tab = stage.open("/plain").await;
    assert_eq!(tab.see().await.title, "Plain");
    tab.close().await;
}

/// Renderers among what a process started.
fn renderers_below(pid: i32) -> Vec<i32> {
    let of = |pid: i32, file: &str| std::fs::read_to_string(format!("/proc/{pid}/{file}"));
    let children = of(pid, &format!("task/{pid}/children")).unwrap_or_default();
    let children = children.split_whitespace().flat_map(str::parse::<i32>);
    children
        .flat_map(|child| {
            let line = of(child, "cmdline").unwrap_or_default();
            let mut below = renderers_below(child);
            below.extend(line.contains("--type=renderer").then_some(child));
            below
        })
        .collect()
}

#[tokio::test]
async fn dead_renderers_are_seen_at_once_and_the_next_page_has_a_new_browser() {
    let stage = Stage::with(|options| options.capacity = 1).await;
    let mut tab = stage.open("/plain").await;
    tab.page.begin().await.unwrap();
    tab.see().await;
    let mut ahead = stage.open("/plain").await;
    let renderers = renderers_below(browser_of(&stage));
    assert!(renderers.len() >= 3, "{renderers:?}");
    let started = Instant::now();
    for renderer in renderers {
        kill(Pid::from_raw(renderer), Signal::SIGKILL).unwrap();
    }
    let crashed = |result: Result<(), BrowserError>| matches!(result, Err(BrowserError::Crashed));
    assert!(crashed(tab.page.observe().await.map(drop)));
    assert!(crashed(tab.page.close().await));
    // Its browser may be put away by now, because of the other page.
    let begun = ahead.page.begin().await;
    let is_dead = matches!(begun, Err(BrowserError::Crashed | BrowserError::Gone(_)));
    assert!(is_dead, "{begun:?}");
    drop(ahead);
    let mut next = stage.open("/plain").await;
    next.page.begin().await.unwrap();
    assert_eq!(next.see().await.title, "Plain");
    next.close().await;
    let took = started.elapsed();
    assert!(took < Duration::from_secs(15), "it took {took:?}");
}

#[tokio::test]
async fn nothing_is_left_after_a_shutdown_with_a_page_still_open() {
    let stage = Stage::new().await;
    let tab = stage.open("/plain").await;
    let closed = stage.open("/plain").await;
    closed.close().await;
    assert!(stage.browser.health().ok);
    assert!(!stage.browser.health().version.is_empty());
    assert!(!processes_of(&stage).is_empty());
    stage.browser.shutdown().await;
    assert_eq!(folders_of(&stage), 0);
    assert_eq!(processes_of(&stage), []);
    drop(tab);
    let refused = stage
        .browser
        .open(stage.policy(), Viewport::STANDARD)
        .await
        .err()
        .unwrap();
    assert!(matches!(refused, BrowserError::Unavailable(_)), "{refused}");
}

#[tokio::test]
async fn a_browser_is_replaced_after_its_episodes() {
    let stage = Stage::with(|options| {
        options.capacity = 1;
        options.recycle_after = 2;
    })
    .await;
    let mut drivers = Vec::new();
    for _ in 0..3 {
        let tab = stage.open("/plain").await;
        let all = processes_of(&stage);
        let driver = all.iter().find(|(_, line)| line.contains("--log-path="));
        drivers.push(driver.expect("a driver process").0);
        tab.close().await;
    }
    assert_eq!(drivers[0], drivers[1]);
    assert_ne!(drivers[1], drivers[2]);
}

#[tokio::test]
async fn without_a_browser_it_starts_and_says_what_to_install() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut options = BrowserOptions::new(folder.path());
    options.driver = Some("/nowhere/chromedriver".into());
    let browser = WebDriverBrowser::start(options);
    let error = browser
        .open(NavigationPolicy::default(), Viewport::STANDARD)
        .await
        .err()
        .unwrap();
    assert!(matches!(error, BrowserError::Unavailable(_)), "{error}");
    let health = browser.health();
    assert!(
        !health.ok && health.problem.contains("/nowhere/chromedriver"),
        "{health:?}"
    );
    browser.shutdown().await;
}

#[tokio::test]
async fn a_script_that_never_ends_is_stopped_and_the_agent_goes_on() {
    let stage = Stage::with(|options| options.settle_max = Duration::from_millis(500)).await;
    let mut tab = stage.open("/hang").await;
    for way in ["Hang", "Hang later"] {
        let result = tab.does(&format!("click('{{{way}}}')")).await;
        assert_eq!(result.hangs, 1, "{way}: {result:?}");
        assert!(
            result.message.contains("for too long"),
            "{}",
            result.message
        );
    }
    tab.does("click('{Answer}')").await;
    assert_eq!(stored(&mut tab).await, "alive");
    tab.close().await;
}

#[tokio::test]
async fn a_browser_that_grows_too_large_is_replaced() {
    let stage = Stage::with(|options| {
        options.capacity = 1;
        options.recycle_memory = 1;
    })
    .await;
    let mut drivers = Vec::new();
    // Memory is looked at from time to time, beside the episodes.
    for _ in 0..24 {
        let tab = stage.open("/plain").await;
        let all = processes_of(&stage);
        let driver = all.iter().find(|(_, line)| line.contains("--log-path="));
        drivers.push(driver.expect("a driver process").0);
        tab.close().await;
    }
    drivers.dedup();
    assert!(drivers.len() > 1, "{drivers:?}");
    assert!(drivers.len() < 5, "{drivers:?}");
}

#[tokio::test]
async fn a_page_that_calls_the_arena_is_not_waited_for() {
    let stage = Stage::with(|options| options.settle_quiet = Duration::from_secs(2)).await;
    let mut tab = stage.open("/guard").await;
    tab.page.bind("bell").await.expect("a binding");
    let plant = "document.querySelector('form button').onclick = (event) => { \
                 event.preventDefault(); window.bell(''); }";
    tab.page.evaluate(plant).await.expect("planted");
    let result = tab.does("click('{Send form}')").await;
    assert!(result.settle_ms < 1000.0, "{result:?}");
    tab.close().await;
}
