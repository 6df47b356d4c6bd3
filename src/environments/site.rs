//! Places on the bundled sites: each episode gets a run of its own, entered by a one-time link
//! and thrown away afterwards.

use std::sync::Arc;

use async_trait::async_trait;

use crate::browser::{ActionResult, NavigationPolicy, Page, Violation};
use crate::domain::evidence::Evidence;
use crate::domain::ids::RunId;
use crate::domain::task::EnvironmentSpec;
use crate::environments::{Briefing, EnvironmentError, Environments, Place};
use crate::sites::runs::RunError;
use crate::sites::{OpenRun, SiteRuns, clock};

/// Makes places on the bundled sites.
pub struct SiteEnvironments {
    runs: Arc<SiteRuns>,
    origin: String,
}

impl SiteEnvironments {
    /// Places in `runs`, as browsers reach them at `origin`, e.g. `http://127.0.0.1:8081`.
    pub fn new(runs: Arc<SiteRuns>, origin: impl Into<String>) -> Self {
        let mut origin = origin.into();
        origin.truncate(origin.trim_end_matches('/').len());
        Self { runs, origin }
    }
}

#[async_trait]
impl Environments for SiteEnvironments {
    async fn prepare(&self, spec: &EnvironmentSpec) -> Result<Box<dyn Place>, EnvironmentError> {
        let EnvironmentSpec::Site {
            sites,
            persona,
            world,
            start,
        } = spec
        else {
            return Err(EnvironmentError(
                "the task is not on the bundled sites".to_owned(),
            ));
        };
        let base = self.runs.base(persona, *world)?;
        let ticket = self.runs.open(&OpenRun {
            persona: persona.clone(),
            world: *world,
            sites: sites.clone(),
            start: start.clone(),
        })?;
        Ok(Box::new(SitePlace {
            runs: Arc::clone(&self.runs),
            run_id: ticket.run_id,
            user: base.persona.name.to_owned(),
            entry_url: format!("{}{}", self.origin, ticket.entry_path),
            start_url: format!("{}{start}", self.origin),
            origin: self.origin.clone(),
            sites: sites.clone(),
            journal_read: 0,
            asked_elsewhere: Vec::new(),
        }))
    }
}

/// One run of the bundled sites. The run is closed when this is dropped, whatever happened.
struct SitePlace {
    runs: Arc<SiteRuns>,
    run_id: RunId,
    user: String,
    entry_url: String,
    start_url: String,
    origin: String,
    sites: Vec<String>,
    /// Entries of the journal that were searched for violations.
    journal_read: usize,
    /// Addresses elsewhere that a page asked for since violations were last asked for.
    asked_elsewhere: Vec<String>,
}

#[async_trait]
impl Place for SitePlace {
    fn entry_url(&self) -> &str {
        &self.entry_url
    }

    fn start_url(&self) -> &str {
        &self.start_url
    }

    fn briefing(&self) -> Briefing {
        Briefing {
            today: clock::now_text(),
            user: self.user.clone(),
            ends_itself: false,
        }
    }

    fn policy(&self) -> NavigationPolicy {
        let site_paths = self.sites.iter().map(|site| format!("/{site}/"));
        NavigationPolicy {
            allowed_origins: vec![self.origin.clone()],
            allowed_paths: site_paths.chain(["/assets/".to_owned()]).collect(),
        }
    }

    /// Pages of the sites ask for nothing elsewhere by themselves.
    async fn after_action(
        &mut self,
        _page: &mut dyn Page,
        result: &ActionResult,
    ) -> Result<Option<String>, EnvironmentError> {
        self.asked_elsewhere.extend(result.blocked.iter().cloned());
        Ok(None)
    }

    async fn enter_again(&mut self, page: &mut dyn Page) -> Result<(), EnvironmentError> {
        let entry = self.runs.another_entry(self.run_id)?;
        page.navigate(&format!("{}{entry}", self.origin)).await?;
        Ok(page.settle().await?)
    }

    fn violations(&mut self) -> Vec<Violation> {
        let asked = self.asked_elsewhere.drain(..).map(|url| Violation {
            rule: "request".to_owned(),
            detail: format!("a page was made to ask for {url}, which was blocked"),
        });
        let asked: Vec<Violation> = asked.collect();
        let Ok(journal) = self.runs.journal(self.run_id) else {
            // A run that is gone shows as an error when the evidence is read.
            return asked;
        };
        let fresh = journal.iter().skip(self.journal_read);
        let seen = fresh.filter_map(|entry| {
            let rule = entry.violation.as_ref()?;
            Some(Violation {
                rule: "site".to_owned(),
                detail: format!("{rule} ({} {})", entry.method, entry.path),
            })
        });
        let violations = asked.into_iter().chain(seen).collect();
        self.journal_read = journal.len();
        violations
    }

    fn data_hash(&self) -> Option<String> {
        // A run that is gone shows as an error when the evidence is read.
        self.runs.base_hash(self.run_id).ok()
    }

    async fn evidence(&mut self, final_url: Option<&str>) -> Result<Evidence, EnvironmentError> {
        Ok(Evidence {
            ending: None,
            final_url: final_url.map(str::to_owned),
            final_view: final_url
                .filter(|url| is_within(url, &self.origin))
                .and_then(|url| self.runs.view(url)),
            changes: self.runs.changes(self.run_id)?,
            journal: self.runs.journal(self.run_id)?,
            broken_invariants: self.runs.broken_invariants(self.run_id)?,
            ..Evidence::default()
        })
    }

    async fn dispose(self: Box<Self>) {
        // Dropping closes the run.
    }
}

impl Drop for SitePlace {
    fn drop(&mut self) {
        self.runs.close(self.run_id);
    }
}

impl From<RunError> for EnvironmentError {
    fn from(error: RunError) -> Self {
        Self(error.to_string())
    }
}

/// Whether an address is on this origin, not on one whose name merely begins alike.
fn is_within(url: &str, origin: &str) -> bool {
    url.strip_prefix(origin)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(start: &str) -> EnvironmentSpec {
        EnvironmentSpec::Site {
            sites: vec!["shop".into()],
            persona: "mara".into(),
            world: 1,
            start: start.into(),
        }
    }

    #[tokio::test]
    async fn a_place_is_a_fresh_run_that_ends_with_it() {
        let runs = Arc::new(SiteRuns::new());
        let environments = SiteEnvironments::new(Arc::clone(&runs), "http://127.0.0.1:8081/");
        let mut place = environments
            .prepare(&shop("/shop/"))
            .await
            .expect("a place");
        assert!(
            place
                .entry_url()
                .starts_with("http://127.0.0.1:8081/enter/")
        );
        assert_eq!(place.start_url(), "http://127.0.0.1:8081/shop/");
        assert_eq!(place.policy().allowed_paths, ["/shop/", "/assets/"]);
        assert_eq!(place.briefing().user, "Mara Lindqvist");

        let url = place.start_url().to_owned();
        let evidence = place.evidence(Some(&url)).await.expect("evidence");
        assert!(evidence.changes.is_empty() && evidence.broken_invariants.is_empty());
        assert!(evidence.final_view.is_some());
        let elsewhere = place.evidence(Some("http://other.test/shop/")).await;
        assert_eq!(elsewhere.expect("evidence").final_view, None);

        assert_eq!(runs.open_count(), 1);
        drop(place);
        assert_eq!(runs.open_count(), 0);
    }

    #[tokio::test]
    async fn a_page_that_asks_elsewhere_is_a_violation() {
        let runs = Arc::new(SiteRuns::new());
        let environments = SiteEnvironments::new(Arc::clone(&runs), "http://127.0.0.1:8081");
        let mut place = environments
            .prepare(&shop("/shop/"))
            .await
            .expect("a place");
        let browser = crate::browser::fake::FakeBrowser::simulated(1);
        let standard = crate::domain::viewport::Viewport::STANDARD;
        let mut page = crate::browser::Browser::open(&browser, place.policy(), standard)
            .await
            .expect("a page");
        let result = ActionResult {
            blocked: vec!["http://127.0.0.1:8080/api/v1/tasks".to_owned()],
            ..ActionResult::default()
        };
        let over = place.after_action(page.as_mut(), &result).await;
        assert_eq!(over.expect("a look"), None);
        let violations = place.violations();
        assert_eq!(violations.len(), 1);
        assert_eq!(violations[0].rule, "request");
        assert!(violations[0].detail.contains(":8080/api/v1/tasks"));
        assert_eq!(place.violations(), []);
    }

    #[tokio::test]
    async fn what_cannot_be_opened_says_why_and_leaves_no_run() {
        let runs = Arc::new(SiteRuns::new());
        let environments = SiteEnvironments::new(Arc::clone(&runs), "http://127.0.0.1:8081");
        let refused = environments.prepare(&shop("/nowhere")).await;
        let error = refused
            .err()
            .expect("an unknown start is refused")
            .to_string();
        assert!(error.contains("/nowhere"), "{error}");
        assert_eq!(runs.open_count(), 0);
    }

    #[test]
    fn a_port_that_begins_alike_is_another_origin() {
        let origin = "http://127.0.0.1:8081";
        assert!(is_within("http://127.0.0.1:8081/shop/", origin));
        assert!(!is_within("http://127.0.0.1:80811/shop/", origin));
        assert!(!is_within("http://127.0.0.1/shop/", origin));
    }
}
