//! Policies that ship with the arena: baselines that show what a number means.

mod heuristic;
mod instruction;
mod null;
mod oracle;
mod page;
mod random;
mod sums;
mod words;

use crate::agents::{BuildError, Policy, PolicyContext};
use crate::domain::agent::BuiltinPolicy;

pub use heuristic::Heuristic;
pub use null::Null;
pub use oracle::Oracle;
pub use random::Random;

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
    })
}
