//! The playground with a simulated page, for machines without a browser. Used only when the
//! settings ask for it; its results are marked simulated and never ranked.

use std::sync::Arc;

use async_trait::async_trait;

use crate::browser::Browser;
use crate::domain::manifest::BrowserSetup;
use crate::domain::outcome::PlaygroundKind;
use crate::domain::task::TaskSpec;
use crate::environments::Environments;
use crate::jobs::Interrupt;
use crate::llm::ChatModel;
use crate::playground::episode::Stage;
use crate::playground::recorder::Recorder;
use crate::playground::{Assignment, Playground, PlaygroundHealth, Prepared, Report};

/// Runs episodes on a simulated page.
pub struct MockPlayground {
    stage: Stage,
}

impl MockPlayground {
    /// A playground of a browser that only pretends, and the places it pretends to visit.
    pub fn new(simulated: Arc<dyn Browser>, environments: Arc<dyn Environments>) -> Self {
        Self {
            stage: Stage {
                kind: PlaygroundKind::Mock,
                browser: simulated,
                environments,
                judge: None,
            },
        }
    }

    /// The same, with a model that is asked where a task wants a model's opinion.
    #[must_use]
    pub fn with_judge(mut self, judge: Option<Arc<dyn ChatModel>>) -> Self {
        self.stage.judge = judge;
        self
    }
}

#[async_trait]
impl Playground for MockPlayground {
    fn kind(&self) -> PlaygroundKind {
        self.stage.kind
    }

    fn health(&self) -> PlaygroundHealth {
        self.stage.health()
    }

    fn setup(&self) -> BrowserSetup {
        self.stage.browser.setup()
    }

    async fn prepare(&self, spec: &TaskSpec, interrupt: &Interrupt) -> Prepared {
        self.stage.prepare(&spec.environment, interrupt).await
    }

    async fn run(&self, prepared: Prepared, assignment: Assignment, recorder: &Recorder) -> Report {
        self.stage.run(prepared, assignment, recorder).await
    }
}
