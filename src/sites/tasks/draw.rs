//! Draws: parameters and expected values of a template, computed on the base state.

use serde_json::Value;

use crate::sites::state::Sites;

/// What came of trying one set of parameters: values, or why it is thrown away.
pub type Drawn = Result<Value, String>;

/// All sets of parameters that a template could have in a world, each computed and proven by
/// queries on the base state. A function of nothing but the state.
pub type DrawFn = fn(&Sites) -> Vec<Drawn>;

/// The valid draws of a template in a world, in the order of their numbers.
#[derive(Debug, Clone)]
pub struct Draws {
    /// Values by number of the draw.
    pub valid: Vec<Value>,
    /// Why others were thrown away, each reason once, with how often.
    pub thrown_away: Vec<(String, usize)>,
}

impl Draws {
    /// Computes all draws. Their numbers follow a hash of template, world and values, so that
    /// neighbouring numbers are not neighbouring records.
    pub fn of(template: &str, world: u32, draw: DrawFn, base: &Sites) -> Self {
        let mut valid = Vec::new();
        let mut reasons = std::collections::BTreeMap::<String, usize>::new();
        for drawn in draw(base) {
            match drawn {
                Ok(values) => valid.push((rank(template, world, &values), values)),
                Err(reason) => *reasons.entry(reason).or_default() += 1,
            }
        }
        valid.sort_by_key(|(rank, _)| *rank);
        Self {
            valid: valid.into_iter().map(|(_, values)| values).collect(),
            thrown_away: reasons.into_iter().collect(),
        }
    }
}

/// FNV-1a over template, world and values.
fn rank(template: &str, world: u32, values: &Value) -> u64 {
    format!("{template}/{world}/{values}")
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
