//! Policies that ship with the arena: baselines that show what a number means.

mod constant;
mod heuristic;
mod infeasible;
mod instruction;
mod null;
mod oracle;
mod page;
mod random;
mod spam;
mod sums;
mod wanderer;
mod words;

use crate::agents::{BuildError, Decision, Policy, PolicyContext};
use crate::domain::action::Action;
use crate::domain::agent::BuiltinPolicy;

pub use constant::{CONSTANTS, Constant};
pub use heuristic::Heuristic;
pub use infeasible::Infeasible;
pub use null::Null;
pub use oracle::Oracle;
pub use random::Random;
pub use spam::{FORMS, Spam};
pub use wanderer::Wanderer;

/// The item that a seed takes: 1 the first, 2 the second, and so on around.
fn by_seed<T: Copy>(items: &[T], seed: u64) -> T {
    let count = u64::try_from(items.len()).unwrap_or(1).max(1);
    let at = seed.wrapping_sub(1) % count;
    items[usize::try_from(at).unwrap_or(0)]
}

/// A decision without a word.
fn only(action: Action) -> Decision {
    Decision {
        action,
        reasoning: None,
        calls: Vec::new(),
    }
}

/// The built-in policy of this name.
pub(super) fn build(
    policy: BuiltinPolicy,
    context: &PolicyContext<'_>,
) -> Result<Box<dyn Policy>, BuildError> {
    Ok(match policy {
        BuiltinPolicy::Oracle => Box::new(Oracle::new(&context.task.solution)?),
        BuiltinPolicy::Null => Box::new(Null),
        BuiltinPolicy::Random => Box::new(Random::new(context.seed)),
        BuiltinPolicy::Heuristic => Box::new(Heuristic::default()),
        BuiltinPolicy::Spam => Box::new(Spam::new(context.seed)),
        BuiltinPolicy::Constant => Box::new(Constant::new(context.seed)),
        BuiltinPolicy::Infeasible => Box::new(Infeasible::new(context.seed)),
        BuiltinPolicy::Wanderer => Box::new(Wanderer::new(context.seed)),
    })
}
