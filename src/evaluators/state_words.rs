//! What the criterion `state` says in words: which changes were expected, which were found, and how
//! one that comes near differs from what was expected of it.

use serde_json::Value;

use super::shorten;
use super::state::value_fits;
use crate::domain::evidence::{Change, ChangeOp};
use crate::domain::task::{ExpectedChange, StateSpec};

/// Most characters of one value.
const SHOWN: usize = 120;
/// Most fields of one record.
const FIELDS: usize = 12;
/// Most changes of one reason.
const CHANGES: usize = 4;
/// Characters shown before the place where two long texts begin to differ.
const LEAD: usize = 30;

/// Why the changes are right or not. `missing` are the clauses that nothing fits, `stray` the
/// changes that fit none.
pub(super) fn reason(spec: &StateSpec, missing: &[(usize, String)], stray: &[&Change]) -> String {
    let mut stray: Vec<&Change> = stray.to_vec();
    let mut differences = Vec::new();
    let mut lacking = Vec::new();
    for (clause, text) in missing {
        let near = stray
            .iter()
            .enumerate()
            .find_map(|(at, change)| Some((at, difference(&spec.expect[*clause], change)?)));
        match near {
            Some((at, difference)) => {
                stray.remove(at);
                differences.push(difference);
            }
            None => lacking.push(format!("missing: {text}")),
        }
    }
    let beyond = stray
        .iter()
        .map(|change| format!("not expected: {}", change_text(change)));
    let all: Vec<String> = differences
        .into_iter()
        .chain(lacking)
        .chain(beyond)
        .collect();
    match all.len() {
        0 if spec.expect.is_empty() => "nothing has changed".into(),
        0 => "every expected change is there, and nothing else has changed".into(),
        1..=CHANGES => all.join("; "),
        more => format!("{}; and {} more", all[..CHANGES].join("; "), more - CHANGES),
    }
}

/// What differs between the expected change and another one of the same record: wrong values,
/// fields that were left alone, fields that should have been. Nothing where the two are no pair.
fn difference(expected: &ExpectedChange, change: &Change) -> Option<String> {
    let is_pair = expected.op == change.op
        && expected.op != ChangeOp::Remove
        && expected.collection == change.collection
        && expected.key.as_ref().is_none_or(|key| *key == change.key);
    if !is_pair {
        return None;
    }
    let wrong = expected.fields.iter().filter_map(|(name, pattern)| {
        let Some(field) = change.fields.get(name) else {
            let wanted = pattern_text(pattern);
            return Some(format!("{name} was left as it was, expected {wanted}"));
        };
        (!value_fits(pattern, &field.after))
            .then(|| format!("{name} {}", unlike(pattern, &field.after)))
    });
    let beyond = change
        .fields
        .iter()
        .filter(|(name, _)| !expected.fields.contains_key(*name))
        .map(|(name, field)| {
            let value = shorten(&field.after.to_string(), SHOWN);
            format!("{name} became {value}, which was not asked for")
        });
    let all: Vec<String> = wrong.chain(beyond).take(FIELDS).collect();
    let record = format!("{} {}/{}", change.op, change.collection, change.key);
    (!all.is_empty()).then(|| format!("{record}: {}", all.join("; ")))
}

/// How a value is not what was expected. Of long ones only where they differ is shown.
fn unlike(pattern: &Value, value: &Value) -> String {
    match (pattern, value) {
        (Value::Array(wanted), Value::Array(given)) => items_unlike(wanted, given),
        (Value::String(wanted), Value::String(given)) => {
            let (wanted, given) = from_difference(wanted, given);
            format!("is {given}, expected {wanted}")
        }
        _ => format!(
            "is {}, expected {}",
            shorten(&value.to_string(), SHOWN),
            pattern_text(pattern)
        ),
    }
}

/// Which items are too many, which are lacking, or where the order differs.
fn items_unlike(wanted: &[Value], given: &[Value]) -> String {
    let mut extra: Vec<(usize, &Value)> = given.iter().enumerate().collect();
    let mut lacking = Vec::new();
    for (at, pattern) in wanted.iter().enumerate() {
        match extra
            .iter()
            .position(|(_, value)| value_fits(pattern, value))
        {
            Some(found) => {
                extra.remove(found);
            }
            None => lacking.push((at, pattern)),
        }
    }
    let nth = |at: usize| at + 1;
    let mut parts: Vec<String> =
        extra
            .iter()
            .map(|(at, value)| {
                format!(
                    "has {} as item {}",
                    shorten(&value.to_string(), SHOWN),
                    nth(*at)
                )
            })
            .chain(lacking.iter().map(|(at, pattern)| {
                format!("lacks {} as item {}", pattern_text(pattern), nth(*at))
            }))
            .collect();
    if parts.is_empty() {
        let moved = wanted
            .iter()
            .zip(given)
            .position(|(pattern, value)| !value_fits(pattern, value));
        let at = moved.unwrap_or_default();
        parts.push(format!(
            "is in another order: item {} is {}, expected {}",
            nth(at),
            shorten(&given[at].to_string(), SHOWN),
            pattern_text(&wanted[at])
        ));
    }
    let more = parts.len().saturating_sub(CHANGES);
    parts.truncate(CHANGES);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", parts.join(", "))
}

/// Two texts from shortly before the place where they begin to differ, quoted.
fn from_difference(wanted: &str, given: &str) -> (String, String) {
    let longest = wanted.chars().count().max(given.chars().count());
    let same = wanted
        .chars()
        .zip(given.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let skipped = if longest > SHOWN {
        same.saturating_sub(LEAD)
    } else {
        0
    };
    let quoted = |text: &str| {
        let rest: String = text.chars().skip(skipped).collect();
        let mark = if skipped > 0 { "\u{2026}" } else { "" };
        shorten(&Value::from(format!("{mark}{rest}")).to_string(), SHOWN)
    };
    (quoted(wanted), quoted(given))
}

/// A pattern in words.
fn pattern_text(pattern: &Value) -> String {
    let only = pattern.as_object().filter(|fields| fields.len() == 1);
    let Some((name, inner)) = only.and_then(|fields| fields.iter().next()) else {
        return shorten(&pattern.to_string(), SHOWN);
    };
    match (name.as_str(), inner) {
        ("any", Value::Bool(true)) => "anything".into(),
        ("one_of", Value::Array(options)) => {
            let mut texts: Vec<String> = options.iter().map(pattern_text).collect();
            texts.dedup();
            texts.join(" or ")
        }
        ("set", Value::Array(items)) => {
            let texts: Vec<String> = items.iter().map(pattern_text).collect();
            format!("[{}] in any order", texts.join(", "))
        }
        _ => shorten(&pattern.to_string(), SHOWN),
    }
}

/// Every expected change, a line each.
pub(super) fn expected_text(spec: &StateSpec) -> String {
    if spec.expect.is_empty() {
        return "no change".into();
    }
    let lines: Vec<String> = spec
        .expect
        .iter()
        .map(|expected| {
            let times = if expected.count == 1 {
                String::new()
            } else {
                format!("{} times ", expected.count)
            };
            format!("{times}{}", clause_text(expected))
        })
        .collect();
    lines.join("\n")
}

/// The changes that were found, a line each.
pub(super) fn found_text(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "no change".into();
    }
    let mut lines: Vec<String> = changes.iter().take(20).map(change_text).collect();
    if changes.len() > 20 {
        lines.push(format!("and {} more", changes.len() - 20));
    }
    lines.join("\n")
}

/// An expected change in words.
pub(super) fn clause_text(expected: &ExpectedChange) -> String {
    let fields = expected
        .fields
        .iter()
        .map(|(name, pattern)| format!("{name}: {}", pattern_text(pattern)))
        .collect::<Vec<_>>()
        .join(", ");
    let key = expected
        .key
        .as_ref()
        .map(|key| format!("/{key}"))
        .unwrap_or_default();
    format!("{} {}{key} {{{fields}}}", expected.op, expected.collection)
}

fn change_text(change: &Change) -> String {
    let fields = change
        .fields
        .iter()
        .take(FIELDS)
        .map(|(name, field)| {
            let value = if change.op == ChangeOp::Remove {
                &field.before
            } else {
                &field.after
            };
            format!("{name}: {}", shorten(&value.to_string(), SHOWN))
        })
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "{} {}/{} {{{fields}}}",
        change.op, change.collection, change.key
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_long_values_the_place_is_shown_where_they_differ() {
        let text = "word ".repeat(60);
        let (wanted, given) = from_difference(&format!("{text}Larder."), &format!("{text}Ladrer."));
        assert!(
            wanted.ends_with("Larder.\"") && given.ends_with("Ladrer.\""),
            "{wanted} {given}"
        );
        assert!(
            wanted.starts_with("\"\u{2026}") && wanted.chars().count() < 60,
            "{wanted}"
        );
        assert_eq!(
            from_difference("a b", "a c"),
            ("\"a b\"".into(), "\"a c\"".into())
        );
    }

    #[test]
    fn of_lists_the_items_are_shown_that_differ() {
        let rows = |cells: &[[&str; 2]]| json!(cells);
        let wanted = rows(&[["06:15", "a"], ["12:50", "b"], ["13:05", "c"]]);
        let given = rows(&[["06:15", "a"], ["13:05", "c"], ["12:90", "b"]]);
        assert_eq!(
            unlike(&wanted, &given),
            r#"has ["12:90","b"] as item 3, lacks ["12:50","b"] as item 2"#
        );
        let given = rows(&[["06:15", "a"], ["13:05", "c"], ["12:50", "b"]]);
        assert_eq!(
            unlike(&wanted, &given),
            r#"is in another order: item 2 is ["13:05","c"], expected ["12:50","b"]"#
        );
    }

    #[test]
    fn patterns_are_said_in_words() {
        assert_eq!(pattern_text(&json!({"any": true})), "anything");
        assert_eq!(pattern_text(&json!({"one_of": ["161", "161"]})), "\"161\"");
        assert_eq!(pattern_text(&json!({"one_of": [1, 2]})), "1 or 2");
        assert_eq!(pattern_text(&json!({"set": [1, 2]})), "[1, 2] in any order");
        assert_eq!(pattern_text(&json!({"a": 1})), r#"{"a":1}"#);
    }
}
