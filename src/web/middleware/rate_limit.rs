//! Bounds how often one caller may ask, per class of endpoint: guessing at identities by
//! address, the API by person or address.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::LimitSettings;
use crate::domain::ids::UserId;
use crate::web::error::{ApiError, Code, Failure, PageError};
use crate::web::mcp;
use crate::web::middleware::identify::Identity;
use crate::web::state::AppState;

/// After how many checks callers that have long been quiet are forgotten.
const SWEEP_EVERY: u32 = 4096;

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A person.
    User(UserId),
    /// An address; for IPv6 the first 64 bits, since one household has them all.
    Address(u64),
}

impl Caller {
    fn of_address(address: Option<IpAddr>) -> Self {
        Self::Address(match address {
            Some(IpAddr::V4(address)) => u64::from(address.to_bits()),
            Some(IpAddr::V6(address)) => u64::try_from(address.to_bits() >> 64).unwrap_or(u64::MAX),
            None => u64::MAX,
        })
    }
}

/// The limits of one running arena.
pub struct RateLimits {
    identity: Class,
    api: Class,
    tries: Class,
}

impl RateLimits {
    /// Requests a minute: for sign-in and its like per address, for the API and for tries per
    /// person. 0 means no limit.
    pub fn new(limits: &LimitSettings) -> Self {
        Self {
            identity: Class::new(limits.sign_in_per_minute),
            api: Class::new(limits.api_per_minute),
            tries: Class::new(limits.tries_per_minute),
        }
    }

    /// Counts a try of an agent or a test of a key, over the API or on a page; refused when there
    /// were too many.
    pub fn count_try(&self, user_id: UserId) -> Result<(), Failure> {
        self.tries.check(Caller::User(user_id))
    }
}

struct Class {
    limiter: Option<DefaultKeyedRateLimiter<Caller>>,
    per_minute: u32,
    checks: AtomicU32,
}

impl Class {
    fn new(per_minute: u32) -> Self {
        let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
        Self {
            limiter: quota.map(RateLimiter::keyed),
            per_minute,
            checks: AtomicU32::new(0),
        }
    }

    fn check(&self, caller: Caller) -> Result<(), Failure> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            limiter.retain_recent();
        }
        let Err(until) = limiter.check_key(&caller) else {
            return Ok(());
        };
        let wait = until.wait_time_from(DefaultClock::default().now());
        let seconds = wait.as_secs() + 1;
        let message = format!(
            "Too many requests: {} a minute are taken here; try again in {seconds} s.",
            self.per_minute
        );
        Err(Failure::new(Code::RateLimited, message).retry_after(seconds))
    }
}

/// The middleware.
pub async fn rate_limit<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_api = request.path().starts_with("/api/") || request.path() == mcp::PATH;
    let checked = match request.app_data::<Data<AppState>>() {
        Some(state) => check(&request, state.rate_limits(), is_api),
        None => Ok(()),
    };
    match checked {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(failure) if is_api => Ok(request.error_response(ApiError(failure))),
        Err(failure) => Ok(request.error_response(PageError(failure))),
    }
}

fn check(request: &ServiceRequest, limits: &RateLimits, is_api: bool) -> Result<(), Failure> {
    let address = || Caller::of_address(request.peer_addr().map(|peer| peer.ip()));
    if request.method() == Method::POST && proves_identity(request.path()) {
        limits.identity.check(address())?;
    }
    if is_api {
        let user = request
            .extensions()
            .get::<Identity>()
            .and_then(Identity::user_id);
        limits.api.check(user.map_or_else(address, Caller::User))?;
    }
    Ok(())
}

fn proves_identity(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(name, "sign-in" | "sign-up" | "first-admin" | "refresh")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_bounded_and_others_are_not() {
        let class = Class::new(3);
        let (one, other) = (Caller::Address(1), Caller::Address(2));
        for _ in 0..3 {
            class.check(one).unwrap();
        }
        let refused = class.check(one).unwrap_err();
        assert_eq!(refused.code(), Code::RateLimited);
        assert!(refused.retry_after_s().is_some_and(|seconds| seconds <= 21));
        class.check(other).unwrap();
    }

    #[test]
    fn zero_means_no_limit() {
        let class = Class::new(0);
        for _ in 0..1000 {
            class.check(Caller::Address(1)).unwrap();
        }
    }

    #[test]
    fn one_household_is_one_caller() {
        let first = Caller::of_address("2001:db8::1".parse().ok());
        let second = Caller::of_address("2001:db8::2".parse().ok());
        assert_eq!(first, second);
        assert_ne!(first, Caller::of_address("2001:db9::1".parse().ok()));
    }
}
