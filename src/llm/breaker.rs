//! Stops calling a provider's address that fails again and again: after a number of faults in a row
//! its circuit opens, calls are refused for a while without being made, and then one call at a time
//! is let through until one is answered (Nygard, *Release It!*, "Circuit Breaker").

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// When a circuit opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// Faults in a row that open it; 0: none do.
    pub faults: u32,
    /// How long calls are refused then.
    pub cool_down: Duration,
}

impl BreakerSettings {
    /// Circuits that never open.
    pub const OFF: Self = Self {
        faults: 0,
        cool_down: Duration::ZERO,
    };
}

/// How a call went, as far as the provider is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    /// It answered, be it with a refusal.
    Well,
    /// It failed.
    Fault,
    /// The call says nothing about it.
    Unknown,
}

/// How a circuit changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Opened,
    Closed,
}

/// The circuit of one address.
pub(super) struct Breaker {
    settings: BreakerSettings,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Faults since the last answer.
    faults: u32,
    /// When it opened last, and when calls are let through again; none while it is closed.
    open: Option<Instant>,
    /// Whether the one call that may find out is under way.
    probing: bool,
    /// The last fault.
    last_fault: Option<Instant>,
}

impl Breaker {
    pub(super) fn new(settings: BreakerSettings) -> Self {
        Self {
            settings,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a call through, or says how long to wait. While a call finds out whether the provider
    /// is back, others wait as long as one cool-down at most.
    pub(super) fn enter(&self, now: Instant) -> Result<Pass<'_>, Duration> {
        let mut state = self.state();
        let is_probe = match state.open {
            None => false,
            Some(until) if now < until => return Err(until - now),
            Some(_) if state.probing => {
                return Err(self.settings.cool_down.min(Duration::from_secs(1)));
            }
            Some(_) => {
                state.probing = true;
                true
            }
        };
        Ok(Pass {
            breaker: self,
            is_probe,
        })
    }

    /// Whether calls are refused, or only one at a time is let through.
    pub(super) fn is_open(&self) -> bool {
        self.state().open.is_some()
    }

    /// Whether its faults are so recent that it must not be forgotten.
    pub(super) fn remembers(&self, now: Instant) -> bool {
        /// Faults of which nobody heard since are history.
        const MEMORY: Duration = Duration::from_mins(10);
        let last = self.state().last_fault;
        last.is_some_and(|last| now.duration_since(last) < MEMORY.max(self.settings.cool_down))
    }

    fn note(&self, health: Health, is_probe: bool, now: Instant) -> Option<Change> {
        let mut state = self.state();
        match health {
            Health::Unknown => None,
            Health::Well => {
                state.faults = 0;
                state.last_fault = None;
                state.open.take().map(|_| Change::Closed)
            }
            Health::Fault => {
                state.faults = state.faults.saturating_add(1);
                state.last_fault = Some(now);
                let limit = self.settings.faults;
                let opens = match state.open {
                    // Calls that began before it opened tell nothing new.
                    Some(_) => is_probe,
                    None => limit > 0 && state.faults >= limit,
                };
                if !opens {
                    return None;
                }
                let was_closed = state.open.is_none();
                state.open = Some(now + self.settings.cool_down);
                was_closed.then_some(Change::Opened)
            }
        }
    }
}

/// A call that was let through. One that is given up tells nothing.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    is_probe: bool,
}

impl Pass<'_> {
    /// Says how the call went.
    pub(super) fn note(self, health: Health, now: Instant) -> Option<Change> {
        self.breaker.note(health, self.is_probe, now)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.is_probe {
            self.breaker.state().probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COOL: Duration = Duration::from_secs(30);

    fn breaker(faults: u32) -> (Breaker, Instant) {
        let settings = BreakerSettings {
            faults,
            cool_down: COOL,
        };
        (Breaker::new(settings), Instant::now())
    }

    fn call(breaker: &Breaker, health: Health, now: Instant) -> Option<Change> {
        breaker.enter(now).expect("let through").note(health, now)
    }

    #[test]
    fn faults_in_a_row_open_it_and_an_answer_between_them_does_not() {
        let (breaker, now) = breaker(3);
        for health in [
            Health::Fault,
            Health::Fault,
            Health::Well,
            Health::Fault,
            Health::Unknown,
            Health::Fault,
        ] {
            assert_eq!(call(&breaker, health, now), None);
        }
        assert!(!breaker.is_open() && breaker.remembers(now));
        assert_eq!(call(&breaker, Health::Fault, now), Some(Change::Opened));
        let wait = breaker.enter(now + Duration::from_secs(10)).err();
        assert_eq!(wait, Some(Duration::from_secs(20)));
    }

    #[test]
    fn one_call_at_a_time_finds_out_and_one_answer_closes_it() {
        let (breaker, now) = breaker(1);
        let early = breaker.enter(now).ok().unwrap();
        assert_eq!(call(&breaker, Health::Fault, now), Some(Change::Opened));
        assert_eq!(early.note(Health::Fault, now), None, "it is open already");
        let later = now + COOL;
        let probe = breaker.enter(later).ok().unwrap();
        assert!(breaker.enter(later).is_err(), "one at a time");
        assert_eq!(probe.note(Health::Fault, later), None, "open as before");
        assert!(breaker.enter(later + COOL / 2).is_err());
        let later = later + COOL;
        drop(breaker.enter(later).ok().unwrap());
        let probe = breaker.enter(later).expect("the last was given up");
        assert_eq!(probe.note(Health::Well, later), Some(Change::Closed));
        assert!(!breaker.is_open() && !breaker.remembers(later));
        assert!(breaker.enter(later).is_ok() && breaker.enter(later).is_ok());
    }

    #[test]
    fn none_opens_where_that_is_turned_off() {
        let (breaker, now) = breaker(0);
        for _ in 0..100 {
            assert_eq!(call(&breaker, Health::Fault, now), None);
        }
        assert!(breaker.enter(now).is_ok());
    }
}
