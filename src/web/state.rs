//! What every handler can reach. Cheap to clone; made once by the composition root.

use std::ops::Deref;
use std::sync::Arc;

use url::Url;

use crate::agents::foreign::remote::RemoteHub;
use crate::arena::policies::AgentPolicies;
use crate::arena::submit::Intake;
use crate::auth::AuthService;
use crate::config::{LimitSettings, ServerSettings};
use crate::llm::gate::Gates;
use crate::llm::proxy::ModelProxy;
use crate::playground::Playground;
use crate::playground::hub::EventHub;
use crate::store::Store;
use crate::telemetry::metrics::Metrics;
use crate::vault::Vault;
use crate::web::cookies::Cookies;
use crate::web::middleware::rate_limit::RateLimits;

/// The parts that handlers work with.
pub struct Parts {
    /// The database and the artifacts.
    pub store: Store,
    /// Sign-up, sign-in, sessions.
    pub auth: AuthService,
    /// What encrypts provider keys.
    pub vault: Arc<Vault>,
    /// What happens, as it happens.
    pub hub: EventHub,
    /// What executes submissions.
    pub playground: Arc<dyn Playground>,
    /// Where remote agents and their episodes meet.
    pub remote: Arc<RemoteHub>,
    /// What bounds the calls to each model provider.
    pub gates: Arc<Gates>,
    /// What makes agents' policies, for those that are tried.
    pub policies: Arc<AgentPolicies>,
    /// Where foreign agents call models through the arena.
    pub models: Arc<ModelProxy>,
    /// Takes submissions in and cancels them.
    pub intake: Intake,
    /// Addresses and cookies.
    pub server: ServerSettings,
    /// How often one may ask.
    pub limits: LimitSettings,
    /// What has been counted and timed.
    pub metrics: Metrics,
}

/// What every handler can reach.
#[derive(Clone)]
pub struct AppState {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    rate_limits: RateLimits,
    public_url: Option<Url>,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let rate_limits = RateLimits::new(&parts.limits);
        // Checked when the settings were read.
        let public_url = parts.server.public_url.as_deref();
        let public_url = public_url.and_then(|url| Url::parse(url).ok());
        let inner = Inner {
            parts,
            rate_limits,
            public_url,
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// How cookies are made.
    pub fn cookies(&self) -> Cookies {
        Cookies::new(self.inner.parts.server.cookies_are_secure())
    }

    /// The limits on how often one may ask.
    pub fn rate_limits(&self) -> &RateLimits {
        &self.inner.rate_limits
    }

    /// The address that people use, when it differs from the one that is bound.
    pub fn public_url(&self) -> Option<&Url> {
        self.inner.public_url.as_ref()
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.inner.parts
    }
}
