//! Every kind of place behind one maker.

use async_trait::async_trait;

use crate::domain::task::EnvironmentSpec;
use crate::environments::site::SiteEnvironments;
use crate::environments::static_pages::StaticEnvironments;
use crate::environments::web::WebEnvironments;
use crate::environments::{EnvironmentError, Environments, Place};

/// Makes places of every kind.
pub struct AllEnvironments {
    /// Places on the bundled sites.
    pub site: SiteEnvironments,
    /// Places on imported pages.
    pub static_pages: StaticEnvironments,
    /// Places on sites that someone else runs.
    pub web: WebEnvironments,
}

#[async_trait]
impl Environments for AllEnvironments {
    async fn prepare(&self, spec: &EnvironmentSpec) -> Result<Box<dyn Place>, EnvironmentError> {
        match spec {
            EnvironmentSpec::Site { .. } => self.site.prepare(spec).await,
            EnvironmentSpec::Static { .. } => self.static_pages.prepare(spec).await,
            EnvironmentSpec::Web { .. } => self.web.prepare(spec).await,
        }
    }
}
