//! Nothing of one episode reaches another, neither after it nor beside it in the same browser.

use std::time::Duration;

use agentarena::browser::Browser as _;
use agentarena::domain::viewport::Viewport;
use serde_json::{Value, json};

use super::{Site, Stage, Tab};

/// What a page finds that nobody left anything for. `cached` is how often the server was asked,
/// so it is set by each test.
fn clean(cached: usize) -> Value {
    json!({
        "cookie": "", "local": 0, "session": 0, "name": "", "databases": 0, "caches": 0,
        "workers": 0, "controlled": false, "cached": cached.to_string(), "history": 1,
        "opener": false, "focus": true, "visible": "visible", "permissions": "prompt",
        "channel": "silence", "shared": 1,
    })
}

async fn probe(tab: &mut Tab) -> Value {
    tab.page.evaluate("probe()").await.expect("a probe")
}

async fn plant(tab: &mut Tab) {
    let planted = tab.page.evaluate("plant()").await.expect("a plant");
    assert_eq!(planted, "planted");
}

fn cached(site: &Site) -> usize {
    site.hits("/cached")
}

#[tokio::test]
async fn what_an_episode_leaves_is_not_there_for_the_next_one_nor_for_one_beside_it() {
    let stage = Stage::with(|options| options.capacity = 1).await;
    let mut first = stage.open("/leaks").await;
    assert_eq!(probe(&mut first).await, clean(1));
    let mut beside = stage.open("/leaks").await;
    plant(&mut first).await;
    assert_eq!(probe(&mut first).await["shared"], 3);
    first.does("click('{Open popup}')").await;
    assert_eq!(first.see().await.tabs.len(), 2);

    // The probe does see what it should miss: the same episode finds all of it.
    let address = stage.site.url("/leaks");
    first.does("tab_focus(0)").await;
    first.does(&format!("goto('{address}')")).await;
    let own = probe(&mut first).await;
    let expected = clean(1);
    for (key, value) in own.as_object().expect("an object") {
        let kept = [
            "opener",
            "focus",
            "visible",
            "permissions",
            "channel",
            "shared",
        ];
        let found = *value != expected[key] || kept.contains(&key.as_str()) || key == "cached";
        assert!(found, "the probe does not see `{key}`: {own}");
    }

    let hits = cached(&stage.site);
    assert_eq!(probe(&mut beside).await, clean(hits + 1));
    assert_eq!(beside.see().await.tabs.len(), 1);
    first.close().await;
    let hits = cached(&stage.site);
    let mut after = stage.open("/leaks").await;
    assert_eq!(probe(&mut after).await, clean(hits + 1));
    assert_eq!(after.see().await.tabs.len(), 1);
    beside.close().await;
    after.close().await;
}

#[tokio::test]
async fn parallel_episodes_each_have_focus_keys_and_mouse_of_their_own() {
    let stage = Stage::with(|options| options.capacity = 2).await;
    let mut first = stage.open("/form").await;
    let mut second = stage.open("/form").await;
    for (tab, text) in [(&mut first, "first"), (&mut second, "second")] {
        tab.does("click('{Name}')").await;
        tab.does(&format!("keyboard_type('{text}')")).await;
    }
    first.does("keyboard_down('Shift')").await;
    second.does("keyboard_press('a')").await;
    first.does("keyboard_up('Shift')").await;
    first.does("keyboard_type('!')").await;
    for (tab, wanted) in [(&mut first, "oldfirst!"), (&mut second, "oldseconda")] {
        let focused = tab.page.evaluate("document.activeElement.value").await;
        assert_eq!(focused.expect("a value"), wanted);
    }
    first.close().await;
    second.close().await;
}

#[tokio::test]
async fn a_download_is_refused_told_and_leaves_no_file() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/leaks").await;
    let policy = stage.policy();
    assert!(!policy.allowed_paths.contains(&"/download".to_owned()));
    let result = tab.act("click('{Download}')").await;
    assert!(!result.ok, "the path is not part of the task");
    tab.close().await;

    let mut open = stage.policy();
    open.allowed_paths.clear();
    let mut page = stage
        .browser
        .open(open, Viewport::STANDARD)
        .await
        .expect("a page");
    page.navigate(&stage.site.url("/leaks"))
        .await
        .expect("loaded");
    let mut tab = Tab { page };
    let result = tab.does("click('{Download}')").await;
    assert_eq!(result.downloads.len(), 1, "{result:?}");
    assert_eq!(result.downloads[0].file, "secrets.csv");
    assert!(result.message.contains("secrets.csv"), "{}", result.message);
    assert_eq!(tab.see().await.title, "Leaks");
    tab.close().await;
    let found = files_named(stage.profiles.path(), "secrets");
    assert!(found.is_empty(), "{found:?}");
}

#[tokio::test]
async fn what_one_episode_copies_another_cannot_paste() {
    let stage = Stage::with(|options| options.capacity = 1).await;
    let mut first = stage.open("/leaks").await;
    // Open already in the same browser, it may act only when the first one is gone.
    let mut beside = stage.open("/leaks").await;
    first.does("click('{Clipboard}')").await;
    for keys in ["Control+a", "Control+c", "End", "Control+v"] {
        first.does(&format!("keyboard_press('{keys}')")).await;
    }
    let twice = "from another episodefrom another episode";
    assert_eq!(clipboard_field(&mut first).await, twice);
    let waits = tokio::time::timeout(Duration::from_millis(300), beside.page.begin()).await;
    assert!(waits.is_err(), "two pages of one browser act at once");
    first.close().await;
    beside.does("clear('{Clipboard}')").await;
    beside.does("click('{Clipboard}')").await;
    beside.does("keyboard_press('Control+v')").await;
    assert_eq!(clipboard_field(&mut beside).await, "");
    beside.close().await;
}

async fn clipboard_field(tab: &mut Tab) -> Value {
    let script = "document.getElementById('clip').value";
    tab.page.evaluate(script).await.expect("a value")
}

fn files_named(folder: &std::path::Path, part: &str) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            let hit = entry.file_name().to_string_lossy().contains(part);
            let mut found = files_named(&path, part);
            found.extend(hit.then_some(path));
            found
        })
        .collect()
}
