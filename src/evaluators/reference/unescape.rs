//! Character references of HTML as Python's `html.unescape` reads them: all names of the standard,
//! also without a semicolon where the standard allows it, and by their longest beginning.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Names and code points of the HTML standard (section 13.5, named character references).
const TABLE: &str = include_str!("entities.txt");

static NAMES: LazyLock<HashMap<&'static str, String>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let (name, codes) = line.split_once(' ')?;
        let codes = codes
            .split(' ')
            .filter_map(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        Some((name, codes.collect()))
    };
    TABLE.lines().filter_map(row).collect()
});

/// What the codes 0x80 to 0x9F mean in windows-1252, which the standard takes them for.
const WINDOWS_1252: [u32; 32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
];

/// Longest run of characters that may be a name.
const LONGEST: usize = 32;

/// The text with every character reference replaced once.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let read = match rest[1..].strip_prefix('#') {
            Some(number) => numeric(number).map(|(text, length)| (text, length + 2)),
            None => named(&rest[1..]).map(|(text, length)| (text, length + 1)),
        };
        match read {
            Some((replacement, length)) => {
                out.push_str(&replacement);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// What a number after `&#` stands for, and how many bytes it takes.
fn numeric(text: &str) -> Option<(String, usize)> {
    let (digits, radix, prefix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 1),
        None => (text, 10, 0),
    };
    let length = digits
        .bytes()
        .take_while(|byte| char::from(*byte).is_digit(radix))
        .count();
    if length == 0 {
        return None;
    }
    // What is too large for a number is no character either.
    let code = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    let semicolon = usize::from(digits[length..].starts_with(';'));
    Some((character(code), prefix + length + semicolon))
}

fn character(code: u32) -> String {
    let code = match code {
        0 => 0xFFFD,
        0x80..=0x9F => WINDOWS_1252[(code - 0x80) as usize],
        0x01..=0x08 | 0x0B | 0x0E..=0x1F | 0x7F | 0xFDD0..=0xFDEF => return String::new(),
        _ if code <= 0x0010_FFFF && code & 0xFFFE == 0xFFFE => return String::new(),
        _ => code,
    };
    char::from_u32(code)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
        .to_string()
}

/// What a name stands for, and how many bytes are replaced. A name that is none keeps its text.
fn named(text: &str) -> Option<(String, usize)> {
    let stops = |c: char| matches!(c, '\t' | '\n' | '\u{C}' | ' ' | '<' | '&' | '#' | ';');
    let mut length = text
        .char_indices()
        .take(LONGEST)
        .take_while(|(_, c)| !stops(*c))
        .map(|(at, c)| at + c.len_utf8())
        .last()?;
    if text[length..].starts_with(';') {
        length += 1;
    }
    let name = &text[..length];
    if let Some(found) = NAMES.get(name) {
        return Some((found.clone(), length));
    }
    let ends = name.char_indices().map(|(at, _)| at).skip(2);
    let ends: Vec<usize> = ends.collect();
    let prefix = ends.iter().rev().find_map(|end| {
        let found = NAMES.get(&name[..*end])?;
        Some((found.clone(), *end))
    });
    // What follows a known beginning is not read again, nor is an unknown name.
    Some(match prefix {
        Some((found, end)) => (format!("{found}{}", &name[end..]), length),
        None => (format!("&{name}"), length),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_become_characters_as_python_reads_them() {
        for (text, plain) in [
            ("a &lt; b &amp;lt;", "a < b &lt;"),
            ("&copyright", "©right"),
            ("&notit;", "¬it;"),
            ("&#8217;&#x2019;&#X2019", "’’’"),
            ("&#150;", "–"),
            ("&#0;&#xD800;&#x110000;", "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("&#1;x&#xFFFE;", "x"),
            ("&#13;", "\r"),
            ("&#;&#x;&;& &", "&#;&#x;&;& &"),
            ("&NotEqualTilde;&Lt;&nosuch;", "≂\u{338}≪&nosuch;"),
            ("&#65B", "AB"),
            ("&a&gt;", "&a>"),
            ("&#99999999999999;", "\u{FFFD}"),
        ] {
            assert_eq!(unescape(text), plain, "{text}");
        }
    }
}
