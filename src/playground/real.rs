//! The playground with a real browser.

use std::sync::Arc;

use async_trait::async_trait;

use crate::browser::Browser;
use crate::domain::outcome::PlaygroundKind;
use crate::environments::Environments;
use crate::playground::episode::Stage;
use crate::playground::recorder::Recorder;
use crate::playground::{Assignment, Playground, PlaygroundHealth, Report};

/// Runs episodes in a real browser. Its results are ranked.
pub struct RealPlayground {
    stage: Stage,
}

impl RealPlayground {
    /// A playground of a browser and the places it visits.
    pub fn new(browser: Arc<dyn Browser>, environments: Arc<dyn Environments>) -> Self {
        Self {
            stage: Stage {
                kind: PlaygroundKind::Real,
                browser,
                environments,
            },
        }
    }
}

#[async_trait]
impl Playground for RealPlayground {
    fn kind(&self) -> PlaygroundKind {
        self.stage.kind
    }

    fn health(&self) -> PlaygroundHealth {
        self.stage.health()
    }

    async fn run(&self, assignment: Assignment, recorder: &Recorder) -> Report {
        self.stage.run(assignment, recorder).await
    }
}
