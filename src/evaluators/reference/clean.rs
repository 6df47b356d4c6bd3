//! How the references clean a text before they compare it.

use crate::domain::python::strip;

/// WebArena: blanks at the ends and one pair of quotes go, the rest becomes lower case.
pub fn clean(text: &str) -> String {
    lower_unquoted(strip(text))
}

/// VisualWebArena: the same, but blanks stay.
pub fn clean_unstripped(text: &str) -> String {
    lower_unquoted(text)
}

fn lower_unquoted(text: &str) -> String {
    let inner = ['\'', '"'].iter().find_map(|quote| {
        let rest = text.strip_prefix(*quote)?;
        // A lone quote begins and ends with itself.
        if rest.is_empty() {
            Some("")
        } else {
            rest.strip_suffix(*quote)
        }
    });
    inner.unwrap_or(text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pair_of_quotes_goes_and_nothing_inside_it() {
        for (text, cleaned) in [
            ("  Yes \u{1C}", "yes"),
            ("'X'", "x"),
            ("\"'X'\"", "'x'"),
            ("' x '", " x "),
            ("\"", ""),
            ("'x\"", "'x\""),
            ("\u{200B}x", "\u{200B}x"),
            ("ΑΣ", "ας"),
            ("İ", "i\u{307}"),
        ] {
            assert_eq!(clean(text), cleaned, "{text:?}");
        }
        assert_eq!(clean_unstripped(" 21"), " 21");
    }
}
