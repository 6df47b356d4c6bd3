//! `agentarena browser observe|compare URL`: what an agent would see of a page, and whether that
//! is what the browser's own accessibility tree says. For people who write tasks.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use url::Url;

use crate::browser::{
    Browser as _, BrowserOptions, Comparison, Difference, NavigationPolicy, Page, WebDriverBrowser,
    draw_marks,
};
use crate::cli::args::{BrowserCommand, LookArgs};
use crate::cli::interrupt::unless_interrupted;
use crate::cli::output;
use crate::config::Settings;
use crate::domain::viewport::Viewport;

/// Opens the page, looks, prints. The code says whether the comparison is good enough.
pub(super) async fn run(settings: &Settings, command: BrowserCommand) -> anyhow::Result<ExitCode> {
    let stage = Stage::start(settings);
    let work = async {
        match &command {
            BrowserCommand::Observe {
                look,
                text: _,
                json,
                marks,
            } => observe(&stage, look, *json, marks.as_deref()).await,
            BrowserCommand::Compare { look, json } => compare(&stage, look, *json).await,
        }
    };
    let outcome = unless_interrupted(work).await;
    stage.end().await;
    outcome
}

/// A browser with a profile folder that nobody else uses, so that a running arena and its
/// browsers are left alone.
struct Stage {
    browser: Arc<WebDriverBrowser>,
    folder: PathBuf,
}

impl Stage {
    fn start(settings: &Settings) -> Self {
        let folder = own_folder("look");
        let browser = WebDriverBrowser::start(options(settings, &folder));
        Self { browser, folder }
    }

    async fn open(&self, look: &LookArgs) -> anyhow::Result<Box<dyn Page>> {
        let url = address(&look.url)?;
        let policy = NavigationPolicy {
            allowed_origins: vec![url.origin().ascii_serialization()],
            allowed_paths: vec![],
        };
        let mut page = self.browser.open(policy, Viewport::STANDARD).await?;
        page.navigate(url.as_str()).await?;
        if let Some(code) = &look.run {
            page.evaluate(code)
                .await
                .context("the code of --run did not work")?;
        }
        Ok(page)
    }

    async fn end(self) {
        self.browser.shutdown().await;
        remove(&self.folder).await;
    }
}

/// A folder for the browser of one command. By the number in its name a later command knows whether
/// this one still lives.
pub(super) fn own_folder(what: &str) -> PathBuf {
    std::env::temp_dir().join(format!("agentarena-{what}-{}", std::process::id()))
}

/// A single browser in a folder of its own, as the settings want it.
pub(super) fn options(settings: &Settings, folder: &Path) -> BrowserOptions {
    let from = &settings.browser;
    BrowserOptions {
        driver: from.driver.clone().map(Into::into),
        binary: from.binary.clone().map(Into::into),
        remote_urls: from.remote_urls.clone(),
        capacity: 1,
        command_timeout: Duration::from_millis(from.command_timeout_ms),
        settle_quiet: Duration::from_millis(from.settle_quiet_ms),
        settle_max: Duration::from_millis(from.settle_max_ms),
        ..BrowserOptions::new(folder)
    }
}

/// Removes such a folder, and says so when that does not work.
pub(super) async fn remove(folder: &Path) {
    match tokio::fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            output::note(&format!("{} was left: {error}", folder.display()));
        }
        _ => {}
    }
}

fn address(text: &str) -> anyhow::Result<Url> {
    let url = Url::parse(text).with_context(|| {
        format!("`{text}` is no whole address; it begins with http:// or https://")
    })?;
    anyhow::ensure!(
        matches!(url.scheme(), "http" | "https"),
        "`{}` addresses are not opened, only http and https; serve files with a web server, e.g. \
         `python3 -m http.server`",
        url.scheme()
    );
    Ok(url)
}

/// Pictures are written as PNG, whatever the file is called.
fn must_be_png(path: &Path) -> anyhow::Result<()> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    anyhow::ensure!(
        extension.is_some_and(|extension| extension.eq_ignore_ascii_case("png")),
        "--marks writes a PNG picture; name a file that ends in .png, not {}",
        path.display()
    );
    Ok(())
}

async fn observe(
    stage: &Stage,
    look: &LookArgs,
    as_json: bool,
    marks: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    if let Some(path) = marks {
        must_be_png(path)?;
    }
    let mut page = stage.open(look).await?;
    let observation = page.observe().await?;
    if let Some(path) = marks {
        let picture = draw_marks(&page.screenshot().await?.await?, &observation)?;
        tokio::fs::write(path, picture)
            .await
            .with_context(|| format!("{} cannot be written", path.display()))?;
        let shown = observation.nodes.iter();
        let shown = shown.filter(|node| node.bid.is_some() && node.in_view);
        output::note(&format!(
            "{}: {} elements marked",
            path.display(),
            shown.count()
        ));
    }
    page.close().await?;
    if as_json {
        output::json(&observation)?;
    } else {
        output::line(observation.tree_text().trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

async fn compare(stage: &Stage, look: &LookArgs, as_json: bool) -> anyhow::Result<ExitCode> {
    let mut page = stage.open(look).await?;
    let comparison = page.compare().await?;
    page.close().await?;
    if as_json {
        output::json(&serde_json::json!({
            "percent": comparison.percent(),
            "faithful": comparison.is_faithful(),
            "comparison": comparison,
        }))?;
    } else {
        for difference in &comparison.differences {
            output::line(&difference_line(difference));
        }
        for element in &comparison.ours_only {
            output::line(&format!("+ only in ours: {element}"));
        }
        output::line(&summary(&comparison));
    }
    Ok(if comparison.is_faithful() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// `! name  <button>: Chromium button "A", ours [1] button "B"`; the mark stands before what
/// counts.
fn difference_line(difference: &Difference) -> String {
    let mark = if difference.counts() { "!" } else { " " };
    let ours = difference
        .ours
        .as_deref()
        .unwrap_or("nothing of the element");
    let mut line = format!(
        "{mark} {:<7} {}: Chromium has {}, ours {ours}",
        difference.kind.word(),
        difference.element,
        difference.chromium
    );
    if let Some(reason) = &difference.reason {
        line.push_str("; meant: ");
        line.push_str(reason);
    }
    line
}

fn summary(comparison: &Comparison) -> String {
    let Comparison {
        interactive,
        structure,
        native_parts,
        ours_only,
        ..
    } = comparison;
    format!(
        "{}: {} of {} interactive elements the same ({:.1} %); {} of {} others; \
         {native_parts} parts of native controls not compared; {} only in ours",
        comparison.url,
        interactive.same,
        interactive.total,
        comparison.percent(),
        structure.same,
        structure.total,
        ours_only.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_written_to_png_files_only() {
        assert!(must_be_png(Path::new("a/out.PNG")).is_ok());
        for wrong in ["out.jpg", "png", "out.png.txt", ".png"] {
            assert!(must_be_png(Path::new(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_web_addresses_are_opened() {
        assert!(address("http://127.0.0.1:8081/shop/").is_ok());
        for wrong in ["page.html", "file:///etc/passwd", "javascript:1"] {
            let told = address(wrong).expect_err("no address").to_string();
            assert!(told.contains("http"), "{told}");
        }
    }
}
