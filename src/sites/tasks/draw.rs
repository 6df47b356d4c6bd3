//! Draws: parameters and expected values of a template, computed on the base state.

use std::collections::BTreeMap;

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
        let mut reasons = BTreeMap::<String, usize>::new();
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

/// Draws that a template needs; of as many, one may have a given answer.
const TWENTY: usize = 20;

/// Throws away draws whose answer too many have, so that no answer is right in more than one of
/// twenty of those that stay. Where there are too few answers for that, twenty stay.
pub fn spread(drawn: Vec<Drawn>, answer: &str) -> Vec<Drawn> {
    let text = |values: &Value| values[answer].to_string();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for values in drawn.iter().flatten() {
        *times.entry(text(values)).or_default() += 1;
    }
    let stay = |each: usize| times.values().map(|all| each.min(*all)).sum::<usize>();
    let most = times.values().copied().max().unwrap_or(1);
    let each = (1..=most)
        .rev()
        .find(|each| stay(*each) >= each * TWENTY)
        .or_else(|| (1..=most).find(|each| stay(*each) >= TWENTY))
        .unwrap_or(most);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut keep = |values: Value| {
        let answer = text(&values);
        let all = times.get(&answer).copied().unwrap_or(1).max(1);
        let at = seen.entry(answer).or_default();
        // From all over the list, not its first ones.
        let part = |at: usize| at * each.min(all) / all;
        *at += 1;
        if part(*at - 1) < part(*at) {
            Ok(values)
        } else {
            Err(format!("draws beyond {each} with its answer"))
        }
    };
    drawn
        .into_iter()
        .map(|one| one.and_then(&mut keep))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn draws_of(answers: &[(&str, usize)]) -> Vec<Drawn> {
        answers
            .iter()
            .flat_map(|(answer, times)| (0..*times).map(move |_| Ok(json!({"who": answer}))))
            .collect()
    }

    fn those_of(drawn: &[Drawn], answer: &str) -> usize {
        let wanted = json!({"who": answer});
        drawn
            .iter()
            .filter(|one| one.as_ref() == Ok(&wanted))
            .count()
    }

    #[test]
    fn no_answer_stays_more_often_than_once_in_twenty() {
        let names: Vec<String> = (0..30).map(|at| format!("n{at}")).collect();
        let mut answers: Vec<(&str, usize)> = names.iter().map(|name| (&**name, 2)).collect();
        answers[0].1 = 40;
        let stay = spread(draws_of(&answers), "who");
        let all = stay.iter().flatten().count();
        assert_eq!(those_of(&stay, "n0"), all / TWENTY);
        assert_eq!(those_of(&stay, "n1"), 2);
        assert_eq!(all, 61);
    }

    #[test]
    fn twenty_stay_where_there_are_few_answers() {
        let stay = spread(draws_of(&[("a", 30), ("b", 30), ("c", 4)]), "who");
        assert_eq!(those_of(&stay, "a"), those_of(&stay, "b"));
        assert_eq!(stay.iter().flatten().count(), TWENTY);
    }
}
