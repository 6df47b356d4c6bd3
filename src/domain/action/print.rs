//! The canonical text of an action. Reads back as the same action.

use std::fmt;

use serde_json::Value;

use super::Action;
use super::signature::{Fallback, Parameter, Signature};

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        let fields = serde_json::to_value(self).map_err(|_| fmt::Error)?;
        let parameters = Signature::find(name).map_or(&[][..], |found| found.parameters);
        // Trailing arguments that say nothing new are left out.
        let given = parameters
            .iter()
            .rposition(|parameter| !is_fallback(parameter, &fields[parameter.name]))
            .map_or(0, |last| last + 1);
        write!(f, "{name}(")?;
        for (place, parameter) in parameters[..given].iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            write_value(f, &fields[parameter.name])?;
        }
        f.write_str(")")
    }
}

fn is_fallback(parameter: &Parameter, value: &Value) -> bool {
    match parameter.fallback {
        Fallback::Required => false,
        Fallback::Count(count) => value.as_u64() == Some(count),
        Fallback::Text(text) => value.as_str() == Some(text),
        Fallback::Flag(flag) => value.as_bool() == Some(flag),
        Fallback::NoTexts => value.as_array().is_some_and(Vec::is_empty),
    }
}

fn write_value(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    match value {
        Value::String(text) => write_text(f, text),
        Value::Array(items) if items.len() == 1 => write_value(f, &items[0]),
        Value::Array(items) => {
            f.write_str("[")?;
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    f.write_str(", ")?;
                }
                write_value(f, item)?;
            }
            f.write_str("]")
        }
        Value::Bool(true) => f.write_str("True"),
        Value::Bool(false) => f.write_str("False"),
        // Whole numbers print without a fraction.
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (None, Some(float)) => write!(f, "{float}"),
            _ => write!(f, "{number}"),
        },
        other => write!(f, "{other}"),
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("'")?;
    for character in text.chars() {
        match character {
            '\\' => f.write_str("\\\\")?,
            '\'' => f.write_str("\\'")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            control if control.is_control() => write!(f, "\\u{:04x}", u32::from(control))?,
            other => write!(f, "{other}")?,
        }
    }
    f.write_str("'")
}
