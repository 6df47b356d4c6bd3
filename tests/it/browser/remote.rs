//! A WebDriver server elsewhere, such as Selenium Grid: a session of its own for every episode.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use agentarena::browser::Browser as _;
use agentarena::domain::viewport::Viewport;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::json;

use super::{Stage, Tab};

/// A driver that nobody but this test supervises, as a grid has one.
struct Grid {
    driver: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Grid {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .env("TMPDIR", folder.path())
            .env("TZ", "UTC")
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let output = BufReader::new(driver.stdout.take().expect("its output"));
        let line = output
            .lines()
            .map_while(Result::ok)
            .find(|line| line.contains("successfully"));
        let port = line.expect("it listens");
        let (_, port) = port.rsplit_once("port ").expect("a port");
        let url = format!("http://127.0.0.1:{}", port.trim().trim_end_matches('.'));
        Self {
            driver,
            url,
            _folder: folder,
        }
    }

    /// Browsers that the driver runs.
    fn sessions(&self) -> usize {
        let parent = format!(" {} ", self.driver.id());
        let entries = std::fs::read_dir("/proc").expect("/proc").flatten();
        let stats = entries.filter_map(|entry| {
            entry.file_name().to_str()?.parse::<u32>().ok()?;
            std::fs::read_to_string(entry.path().join("stat")).ok()
        });
        // State and parent stand behind the name in brackets; one that has ended is no session.
        let runs = |stat: &String| {
            stat.rsplit_once(") ")
                .is_some_and(|(_, rest)| !rest.starts_with('Z') && rest[1..].starts_with(&parent))
        };
        stats.filter(runs).count()
    }
}

impl Drop for Grid {
    fn drop(&mut self) {
        // A session that a failed test left open goes with its driver.
        let group = i32::try_from(self.driver.id()).expect("a process id");
        let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        drop(self.driver.wait());
    }
}

#[tokio::test]
async fn every_episode_has_a_session_of_its_own_that_ends_with_it() {
    let grid = Grid::start();
    let url = grid.url.clone();
    let stage = Stage::with(move |options| {
        options.remote_urls = vec![url];
        options.capacity = 1;
    })
    .await;
    let small = Viewport {
        width: 500,
        height: 320,
    };
    for viewport in [Viewport::STANDARD, small] {
        let page = stage.browser.open(stage.policy(), viewport).await;
        let mut tab = Tab {
            page: page.expect("a page"),
        };
        let url = stage.site.url("/form");
        tab.page.navigate(&url).await.expect("a loaded page");
        let inner = tab.page.evaluate("[innerWidth, innerHeight]").await;
        assert_eq!(inner.unwrap(), json!([viewport.width, viewport.height]));
        let seen = tab.see().await;
        assert_eq!(seen.title, "Form");
        tab.does("fill('{Name}', 'Ada')").await;
        tab.does("click('{Name}')").await;
        tab.does("keyboard_press('End')").await;
        tab.does("keyboard_type('!')").await;
        let seen = tab.see().await;
        let field = super::named(&seen, "Name");
        assert_eq!(field.value.as_deref(), Some("Ada!"));
        let refused = tab.act("goto('http://127.0.0.1:1/')").await;
        assert_eq!(refused.violations.len(), 1, "{refused:?}");
        assert_eq!(grid.sessions(), 1);
        tab.close().await;
    }
    stage.browser.shutdown().await;
    assert_eq!(grid.sessions(), 0, "a session was left");
    assert!(stage.browser.health().problem.is_empty());
}
