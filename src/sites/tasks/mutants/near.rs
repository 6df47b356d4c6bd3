//! Values near a right one.

use serde_json::{Value, json};

/// Other values of the same kind.
pub(super) fn altered(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => vec![json!("x"), json!("")],
        Value::Bool(value) => vec![json!(!value), Value::Null],
        Value::Number(number) => match number.as_i64() {
            Some(number) => vec![json!(number + 1), json!(number - 1), Value::Null],
            None => vec![json!(0), Value::Null],
        },
        Value::String(text) => vec![
            json!(format!("{text}x")),
            json!(format!("x {text}")),
            Value::Null,
        ],
        Value::Array(items) => altered_items(items),
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| {
                altered(value).into_iter().map(|value| {
                    let mut other = fields.clone();
                    other.insert(name.clone(), value);
                    Value::Object(other)
                })
            })
            .collect(),
    }
}

fn altered_items(items: &[Value]) -> Vec<Value> {
    let mut others = vec![Value::Null];
    for at in 0..items.len() {
        let mut fewer = items.to_vec();
        fewer.remove(at);
        others.push(json!(fewer));
        let mut more = items.to_vec();
        more.push(items[at].clone());
        others.push(json!(more));
        for value in altered(&items[at]) {
            let mut other = items.to_vec();
            other[at] = value;
            others.push(json!(other));
        }
    }
    others
}

/// Texts near a right one: its number a bit off, its digits swapped, a letter more or less.
pub(super) fn neighbours(right: &str) -> Vec<(String, String)> {
    let digits: Vec<usize> = right
        .char_indices()
        .filter(|(_, c)| c.is_ascii_digit())
        .map(|(at, _)| at)
        .collect();
    let mut near: Vec<(String, String)> = Vec::new();
    if let (Some(first), Some(last)) = (digits.first(), digits.last()) {
        let number: String = right[*first..=*last]
            .chars()
            .filter(|c| *c != ',')
            .collect();
        let swap = |text: &str| format!("{}{text}{}", &right[..*first], &right[last + 1..]);
        for (why, text) in other_numbers(&number) {
            near.push((why, swap(&text)));
        }
    } else {
        near.push(("a letter more".into(), format!("{right}x")));
        near.push(("a letter less".into(), right.chars().skip(1).collect()));
    }
    near
}

fn other_numbers(number: &str) -> Vec<(String, String)> {
    let decimals = number
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let plain: String = number.chars().filter(char::is_ascii_digit).collect();
    let Ok(value) = plain.parse::<i64>() else {
        return Vec::new();
    };
    let scale = 10_i64.pow(u32::try_from(decimals).unwrap_or(0));
    let write = |value: i64| {
        if decimals == 0 {
            value.to_string()
        } else {
            format!(
                "{}.{:0width$}",
                value / scale,
                value % scale,
                width = decimals
            )
        }
    };
    let mut others: Vec<(String, i64)> = vec![
        ("one more".into(), value + scale),
        ("one less".into(), (value - scale).max(0)),
        ("a last digit more".into(), value + 1),
        ("a last digit less".into(), (value - 1).max(0)),
        ("1 % more".into(), value + (value / 100).max(1)),
        ("1 % less".into(), value - (value / 100).max(1)),
        ("ten times".into(), value * 10),
    ];
    let swapped: String = plain.chars().rev().collect();
    others.push((
        "digits swapped".into(),
        swapped.parse().unwrap_or(value + 3),
    ));
    others
        .into_iter()
        .filter(|(_, other)| *other != value)
        .map(|(why, other)| (why, write(other)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_texts_are_altered_in_place() {
        let texts: Vec<String> = neighbours("45.20 USD")
            .into_iter()
            .map(|(_, text)| text)
            .collect();
        for text in [
            "46.20 USD",
            "44.20 USD",
            "45.21 USD",
            "45.19 USD",
            "452.00 USD",
            "2.54 USD",
        ] {
            assert!(
                texts.iter().any(|other| other == text),
                "{text} is not in {texts:?}"
            );
        }
    }

    #[test]
    fn every_alteration_differs() {
        for value in [
            json!(null),
            json!(true),
            json!(7),
            json!("x"),
            json!([{"sku": "a", "qty": 1}]),
        ] {
            let others = altered(&value);
            assert!(
                !others.is_empty() && !others.contains(&value),
                "{value}: {others:?}"
            );
        }
    }
}
