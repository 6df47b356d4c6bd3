//! Fills a template with the values of a draw. `{order.no}` stands for a value, `{price:money}`
//! for its wording; a text that is one placeholder and nothing else takes the value's own type.
//! `{null}` is JSON's null, which TOML cannot write.

use serde_json::Value;

use crate::sites::clock;

/// Values that placeholders name.
pub struct Values<'a> {
    /// What the draw computed.
    pub draw: &'a Value,
    /// Collections of names, for answers: `shop.products`.
    pub collections: &'a std::collections::BTreeMap<String, Value>,
}

impl Values<'_> {
    fn get(&self, path: &str) -> Result<&Value, String> {
        if path == "null" {
            return Ok(&Value::Null);
        }
        if let Some(collection) = self.collections.get(path) {
            return Ok(collection);
        }
        path.split('.')
            .try_fold(self.draw, |value, part| match value {
                Value::Array(items) => part.parse::<usize>().ok().and_then(|at| items.get(at)),
                _ => value.get(part),
            })
            .ok_or_else(|| format!("the draw has no value `{path}`"))
    }

    /// A text with its placeholders filled in.
    pub fn text(&self, template: &str) -> Result<String, String> {
        self.text_with(template, |text| text)
    }

    /// The same for an instruction of a solution, where quotes of values must not end a text.
    pub fn instruction(&self, template: &str) -> Result<String, String> {
        self.text_with(template, |text| {
            text.replace('\\', "\\\\").replace('\'', "\\'")
        })
    }

    fn text_with(
        &self,
        template: &str,
        escape: impl Fn(String) -> String,
    ) -> Result<String, String> {
        let mut text = String::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else {
                return Err(format!("a `{{` has no `}}` in: {template}"));
            };
            text.push_str(&rest[..open]);
            text.push_str(&escape(self.wording(&rest[open + 1..open + close])?));
            rest = &rest[open + close + 1..];
        }
        if rest.contains('}') {
            return Err(format!("a `}}` has no `{{` in: {template}"));
        }
        text.push_str(rest);
        Ok(text)
    }

    fn wording(&self, placeholder: &str) -> Result<String, String> {
        let (path, format) = placeholder.split_once(':').unwrap_or((placeholder, ""));
        let value = self.get(path)?;
        match (format, value) {
            ("", Value::String(text)) => Ok(text.clone()),
            ("" | "text", Value::Number(number)) => Ok(number.to_string()),
            ("money", Value::Number(_)) => cents(value).map(|cents| format!("${}", grouped(cents))),
            ("usd", Value::Number(_)) => {
                cents(value).map(|cents| format!("{}.{:02} USD", cents / 100, cents % 100))
            }
            ("dollars", Value::Number(_)) => cents(value).map(|cents| {
                if cents % 100 == 0 {
                    (cents / 100).to_string()
                } else {
                    format!("{}.{:02}", cents / 100, cents % 100)
                }
            }),
            ("day", Value::String(text)) => text
                .parse()
                .map(clock::day_text)
                .map_err(|problem| format!("`{path}` is no day: {problem}")),
            ("" | "text" | "money" | "usd" | "dollars" | "day", _) => {
                Err(format!("`{path}` is {value}, which cannot be written out"))
            }
            _ => Err(format!(
                "`:{format}` is no wording; there are text, money, usd, dollars and day"
            )),
        }
    }

    /// A value of any shape with all its texts filled in.
    pub fn value(&self, template: &Value) -> Result<Value, String> {
        Ok(match template {
            Value::String(text) => match whole_placeholder(text) {
                Some(path) => self.get(path)?.clone(),
                None => Value::String(self.text(text)?),
            },
            Value::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| self.value(item))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(fields) => Value::Object(
                fields
                    .iter()
                    .map(|(name, value)| Ok((self.text(name)?, self.value(value)?)))
                    .collect::<Result<_, String>>()?,
            ),
            other => other.clone(),
        })
    }

    /// The instructions of a solution; a line that is one placeholder of an array stands for
    /// its items, which are instructions already.
    pub fn instructions(&self, lines: &[String]) -> Result<Vec<String>, String> {
        let mut instructions = Vec::new();
        for line in lines {
            match whole_placeholder(line)
                .map(|path| self.get(path))
                .transpose()?
            {
                Some(Value::Array(items)) => {
                    for item in items {
                        let text = item.as_str().ok_or("an instruction must be text")?;
                        instructions.push(text.to_owned());
                    }
                }
                _ => instructions.push(self.instruction(line)?),
            }
        }
        Ok(instructions)
    }
}

/// The path of a text that is one placeholder without wording.
fn whole_placeholder(text: &str) -> Option<&str> {
    let path = text.strip_prefix('{')?.strip_suffix('}')?;
    (!path.contains(['{', '}', ':'])).then_some(path)
}

fn cents(value: &Value) -> Result<u64, String> {
    value
        .as_u64()
        .ok_or_else(|| format!("{value} is no amount in cents"))
}

fn grouped(cents: u64) -> String {
    let dollars = (cents / 100).to_string();
    let mut text = String::new();
    for (at, digit) in dollars.chars().enumerate() {
        if at > 0 && (dollars.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text}.{:02}", cents % 100)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fills_in_values_with_their_type_and_wording() {
        let draw =
            json!({"order": {"no": 7, "day": "2026-03-04"}, "cents": 129_950, "name": "O'Brien"});
        let collections = std::collections::BTreeMap::new();
        let values = Values {
            draw: &draw,
            collections: &collections,
        };
        assert_eq!(
            values.value(&json!({"a": ["{order.no}"]})).unwrap(),
            json!({"a": [7]})
        );
        assert_eq!(
            values.text("No. {order.no} of {order.day:day}").unwrap(),
            "No. 7 of 4 March 2026"
        );
        assert_eq!(
            values.text("{cents:money} {cents:usd}").unwrap(),
            "$1,299.50 1299.50 USD"
        );
        assert_eq!(
            values.instruction("click link '{name}'").unwrap(),
            "click link 'O\\'Brien'"
        );
        assert!(values.text("{order.id}").unwrap_err().contains("order.id"));
        assert!(values.text("{cents:euro}").unwrap_err().contains(":euro"));
    }
}
