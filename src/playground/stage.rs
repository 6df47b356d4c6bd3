//! The playground of a browser, whether it is real or only pretends.

use std::sync::Arc;

use async_trait::async_trait;

use crate::browser::Browser;
use crate::domain::manifest::BrowserSetup;
use crate::domain::outcome::PlaygroundKind;
use crate::domain::task::TaskSpec;
use crate::environments::Environments;
use crate::jobs::Interrupt;
use crate::llm::ChatModel;
use crate::playground::recorder::Recorder;
use crate::playground::{Assignment, Playground, PlaygroundHealth, Prepared, Report};

/// Runs episodes in a browser.
#[derive(Clone)]
pub struct BrowserPlayground {
    pub(super) kind: PlaygroundKind,
    pub(super) browser: Arc<dyn Browser>,
    pub(super) environments: Arc<dyn Environments>,
    /// Who is asked where a task wants a model's opinion.
    pub(super) judge: Option<Arc<dyn ChatModel>>,
}

impl BrowserPlayground {
    /// The playground of a browser and the places it visits. Results of a real one are ranked, those of
    /// one that only pretends, for machines without a browser, are marked simulated and never are.
    pub fn new(
        kind: PlaygroundKind,
        browser: Arc<dyn Browser>,
        environments: Arc<dyn Environments>,
    ) -> Self {
        Self {
            kind,
            browser,
            environments,
            judge: None,
        }
    }

    /// The same, with a model that is asked where a task wants a model's opinion.
    #[must_use]
    pub fn with_judge(mut self, judge: Option<Arc<dyn ChatModel>>) -> Self {
        self.judge = judge;
        self
    }
}

#[async_trait]
impl Playground for BrowserPlayground {
    fn kind(&self) -> PlaygroundKind {
        self.kind
    }

    fn health(&self) -> PlaygroundHealth {
        let browser = self.browser.health();
        PlaygroundHealth {
            kind: self.kind,
            ok: browser.ok,
            version: browser.version,
            problem: browser.problem,
            capacity: browser.capacity,
            in_use: browser.in_use,
        }
    }

    fn setup(&self) -> BrowserSetup {
        self.browser.setup()
    }

    async fn prepare(&self, spec: &TaskSpec, interrupt: &Interrupt) -> Prepared {
        self.take_turn(&spec.environment, interrupt).await
    }

    async fn run(&self, prepared: Prepared, assignment: Assignment, recorder: &Recorder) -> Report {
        self.play(prepared, assignment, recorder).await
    }
}
