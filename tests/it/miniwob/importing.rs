//! Importing: once, again, changed, and from what is not MiniWoB++.

use std::path::Path;

use agentarena::arena::import::miniwob::{self, Imported, Source};
use agentarena::domain::task::{EnvironmentSpec, Task, TaskKind};
use agentarena::domain::viewport::Viewport;
use agentarena::store::{self, Store};

use super::ground::folder;

async fn import(store: &Store, from: &Path) -> Imported {
    let source = Source::Given(from.to_owned());
    miniwob::import(store, source).await.expect("an import")
}

async fn tasks(store: &Store, imported: &Imported) -> Vec<Task> {
    let suite_id = imported.suite_id;
    store
        .read(move |db| store::tasks::all_of_suite(db, suite_id))
        .await
        .expect("tasks")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_package_becomes_a_suite_once() {
    let data = tempfile::tempdir().expect("a folder");
    let store = Store::open(data.path()).expect("a store");
    let first = import(&store, &folder()).await;
    assert_eq!((first.version.as_str(), first.files), ("1.1.0", 360));
    assert_eq!((first.tasks, first.added), (134, 134));

    let all = tasks(&store, &first).await;
    let tagged = |tag: &str| {
        let has = |task: &&Task| task.spec.skills.iter().any(|skill| skill == tag);
        all.iter().filter(has).count()
    };
    assert_eq!(
        (tagged("browsergym"), tagged("extra"), tagged("flight")),
        (125, 5, 4)
    );
    assert_eq!(tagged("nondeterministic"), 4);
    let task = all
        .iter()
        .find(|task| task.key == "click-link")
        .expect("a task");
    assert_eq!(task.spec.kind, TaskKind::Reward);
    assert_eq!(task.spec.goal, "Click on the link \"<target>\".");
    let EnvironmentSpec::Static {
        sha256,
        source,
        page,
        viewport,
        ..
    } = &task.spec.environment
    else {
        panic!("{:?}", task.spec.environment);
    };
    assert_eq!((sha256, source.as_str()), (&first.sha256, "miniwob 1.1.0"));
    assert_eq!(viewport.map(Viewport::size), Some((500.0, 320.0)));
    let flight = all.iter().find(|task| task.key == "flight.AA");
    let flight = flight.map(|task| task.spec.environment.viewport().to_string());
    assert_eq!(flight.as_deref(), Some("600 x 800"));
    assert!(
        data.path()
            .join("pages")
            .join(&first.pages)
            .join(page)
            .is_file()
    );

    let again = import(&store, &folder()).await;
    assert_eq!((again.added, again.revised, again.unchanged), (0, 0, 134));
    assert_eq!(tasks(&store, &again).await, all);
    let left: Vec<_> = std::fs::read_dir(data.path())
        .expect("a folder")
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .filter(|name| name.starts_with("import-"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_pages_become_new_revisions_and_keep_the_old_ones() {
    let data = tempfile::tempdir().expect("a folder");
    let store = Store::open(data.path()).expect("a store");
    let first = import(&store, &folder()).await;
    let other = data.path().join("other/html");
    copy(&folder(), &other);
    std::fs::remove_file(other.join("miniwob/simon-says.html")).expect("a file");
    let page = other.join("miniwob/click-test.html");
    let text = std::fs::read_to_string(&page).expect("a page");
    std::fs::write(&page, text.replace("Click Me!", "Press Me!")).expect("a page");

    let second = import(&store, other.parent().expect("a folder")).await;
    assert_ne!(second.sha256, first.sha256);
    assert_eq!(second.version, "local", "nothing says which version it is");
    assert_eq!(
        (second.tasks, second.added),
        (133, 133),
        "another version is another suite"
    );

    // The same version with other pages: the same suite, and new revisions.
    std::fs::create_dir(data.path().join("other/miniwob-1.1.0.dist-info")).expect("a folder");
    let third = import(&store, &other).await;
    assert_eq!(third.suite_id, first.suite_id);
    assert_eq!((third.revised, third.withdrawn, third.added), (133, 1, 0));
    let now = tasks(&store, &third).await;
    assert!(now.iter().all(|task| task.revision == 2));
    for pages in [&first.pages, &third.pages] {
        assert!(data.path().join("pages").join(pages).is_dir(), "{pages}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_miniwob_is_refused_with_what_would_be_right() {
    let data = tempfile::tempdir().expect("a folder");
    let store = Store::open(data.path()).expect("a store");
    let half = data.path().join("half");
    std::fs::create_dir_all(half.join("core")).expect("a folder");
    std::fs::write(half.join("core/core.js"), "").expect("a file");
    for wrong in [data.path().join("none"), data.path().to_owned(), half] {
        let refused = miniwob::import(&store, Source::Given(wrong.clone())).await;
        let text = refused.expect_err("a refusal").to_string();
        assert!(text.contains(&wrong.display().to_string()), "{text}");
        assert!(text.contains("html/core/core.js"), "{text}");
    }
    let suites = store.read(store::suites::list).await.expect("suites");
    assert!(suites.is_empty(), "{suites:?}");
}
