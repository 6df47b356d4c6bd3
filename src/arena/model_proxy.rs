//! Opens models to the agent of an episode: with its owner's keys, which are opened here for the
//! one episode, and on its submitter's account.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::agents::foreign::models::{ModelProxy as Told, OpenModels};
use crate::arena::execute::{PolicyError, PolicyRequest};
use crate::arena::ledger::EpisodeLedger;
use crate::arena::policies::AgentPolicies;
use crate::arena::prices;
use crate::domain::agent::{AgentConfig, Provider};
use crate::domain::model_proxy::{ModelPrice, ProxiedProvider};
use crate::llm::proxy::{Upstream, UpstreamOptions};
use crate::vault::tokens;

/// What the tokens begin with.
const TOKEN_PREFIX: &str = "amp_";

/// How long one call may take: what both official clients wait for.
const CALL_TIMEOUT: Duration = Duration::from_mins(10);

/// Where agents find the arena.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArenaAddresses {
    /// Programs on this machine.
    pub local: String,
    /// Agents anywhere.
    pub public: String,
}

impl ArenaAddresses {
    /// Of an arena that listens at an address, and perhaps has another one for everybody else.
    pub fn of(bound: SocketAddr, public_url: Option<&str>) -> Self {
        let mut own = bound;
        if own.ip().is_unspecified() {
            own.set_ip(match own {
                SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
            });
        }
        let local = format!("http://{own}");
        let public = public_url.map(|url| url.trim_end_matches('/').to_owned());
        Self {
            public: public.unwrap_or_else(|| local.clone()),
            local,
        }
    }
}

impl AgentPolicies {
    /// The models that the agent may call through the arena; none when it may call none.
    pub(super) async fn open_models(
        &self,
        request: &PolicyRequest,
    ) -> Result<Option<(Told, OpenModels)>, PolicyError> {
        let config = &request.agent.revision.config;
        let Some(proxy) = config.model_proxy() else {
            return Ok(None);
        };
        let (mut providers, mut upstreams) = (Vec::new(), Vec::new());
        for (provider, settings) in proxy.providers() {
            providers.push(provider);
            upstreams.push(self.upstream(provider, settings, request).await?);
        }
        let token = tokens::new_opaque().map_err(|error| {
            tracing::error!(%error, "no token could be made for a foreign agent's models");
            PolicyError("no token could be made for the models that it calls".to_owned())
        })?;
        let token = format!("{TOKEN_PREFIX}{token}");
        let arena = match config {
            AgentConfig::Command(_) => &self.addresses.local,
            _ => &self.addresses.public,
        };
        let told = Told::at(arena, &providers, token.clone());
        let ledger = EpisodeLedger {
            store: self.store.clone(),
            account: request.account,
        };
        let lease = self.models.open(token, upstreams, Arc::new(ledger));
        Ok(Some((told.clone(), OpenModels::new(told, lease))))
    }

    async fn upstream(
        &self,
        provider: Provider,
        settings: &ProxiedProvider,
        request: &PolicyRequest,
    ) -> Result<Upstream, PolicyError> {
        let owner = request.agent.user_id;
        let personal_prices = self
            .of_owner(move |db| prices::personal_of_provider(db, owner, provider))
            .await?;
        let own_prices = settings.prices.iter();
        let options = UpstreamOptions {
            base_url: settings.base_url.clone(),
            key: self.key(settings.provider_key_id, owner).await?,
            max_output_tokens: settings.max_output_tokens,
            own_prices: own_prices
                .map(|price| (price.model.clone(), ModelPrice::price(price)))
                .collect(),
            personal_prices,
            timeout: CALL_TIMEOUT,
            allow_private: self.allow_private,
        };
        Upstream::new(provider, options, &self.gates).map_err(|error| {
            PolicyError(format!(
                "the models of `{provider}` cannot be called: {error}"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_told_an_address_that_they_can_reach() {
        let bound = |text: &str| text.parse::<SocketAddr>().unwrap();
        let own = ArenaAddresses::of(bound("127.0.0.1:8080"), None);
        assert_eq!(own.local, "http://127.0.0.1:8080");
        assert_eq!(own.public, own.local);
        let everywhere = ArenaAddresses::of(bound("0.0.0.0:80"), Some("https://arena.example/"));
        assert_eq!(everywhere.local, "http://127.0.0.1:80");
        assert_eq!(everywhere.public, "https://arena.example");
        let six = ArenaAddresses::of(bound("[::]:80"), None);
        assert_eq!(six.local, "http://[::1]:80");
    }
}
