//! Password hashing off the async threads, a few at a time.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::auth::AuthError;
use crate::vault::{VaultError, passwords};

/// Hashes and checks passwords without holding up anything else: each costs a core some
/// 200 ms, so at most half the cores work on them.
#[derive(Clone)]
pub(super) struct Hasher {
    permits: Arc<Semaphore>,
    cost: u32,
    decoy: Arc<str>,
}

impl Hasher {
    pub(super) fn new(cost: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            permits: Arc::new(Semaphore::new(cores.div_ceil(2))),
            cost,
            decoy: passwords::decoy(cost).into(),
        }
    }

    pub(super) async fn hash(&self, password: &str) -> Result<String, AuthError> {
        let (password, cost) = (password.to_owned(), self.cost);
        self.run(move || passwords::hash(&password, cost)).await
    }

    /// Whether a password matches. Without a hash (no such account) it takes as long, and
    /// matches nothing.
    pub(super) async fn verify(
        &self,
        password: &str,
        hash: Option<String>,
    ) -> Result<bool, AuthError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let password = password.to_owned();
        let matches = self
            .run(move || passwords::verify(&password, &hash))
            .await?;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, AuthError> {
        let failed = |_| AuthError::Vault(VaultError::Crypto("run a password hash"));
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(failed)?;
        let span = tracing::Span::current();
        let done = tokio::task::spawn_blocking(move || {
            // Held by the thread: a caller that goes away does not make room early.
            let _permit = permit;
            span.in_scope(work)
        });
        let worked = done
            .await
            .map_err(|_| AuthError::Vault(VaultError::Crypto("run a password hash")))?;
        Ok(worked?)
    }
}
