//! Numbers and money in text, compared exactly: no floating point, no tolerance.

use std::fmt;
use std::ops::Range;

/// More digits than any value of a task; longer runs are no number.
const MAX_DIGITS: usize = 24;

/// A decimal number, without trailing zeros behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    scale: u32,
}

impl Decimal {
    /// Reads `1204`, `1,204`, `-12.50`, `+3`; groups of thousands must be whole.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, body) = match text.strip_prefix(['-', '+']) {
            Some(body) => (text.starts_with('-'), body),
            None => (false, text),
        };
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        if body.ends_with('.')
            || !is_grouped(whole)
            || !fraction.bytes().all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let digits: String = whole
            .chars()
            .chain(fraction.chars())
            .filter(|c| *c != ',')
            .collect();
        if digits.len() > MAX_DIGITS {
            return None;
        }
        let value: i128 = digits.parse().ok()?;
        Some(Self {
            digits: if negative { -value } else { value },
            scale: u32::try_from(fraction.len()).ok()?,
        })
    }

    /// The whole number that so many of it make; none when it does not come out even.
    pub(super) fn times(self, factor: i128) -> Option<i128> {
        let parts = 10_i128.checked_pow(self.scale)?;
        let product = self.digits.checked_mul(factor)?;
        (product % parts == 0).then_some(product / parts)
    }

    pub(super) const fn is_negative(self) -> bool {
        self.digits < 0
    }

    pub(super) const fn negated(self) -> Self {
        Self {
            digits: -self.digits,
            scale: self.scale,
        }
    }

    /// Below zero by so much, whatever its sign.
    pub(super) const fn lowered(self) -> Self {
        if self.is_negative() {
            self
        } else {
            self.negated()
        }
    }

    /// The number in hundredths, when it has no finer part.
    pub(super) fn to_cents(self) -> Option<i128> {
        match self.scale {
            0 => self.digits.checked_mul(100),
            1 => self.digits.checked_mul(10),
            2 => Some(self.digits),
            _ => None,
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let scale = self.scale as usize;
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if fraction.is_empty() {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{fraction}")
        }
    }
}

fn is_grouped(whole: &str) -> bool {
    if !whole.contains(',') {
        return !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    }
    whole.split(',').enumerate().all(|(place, group)| {
        group.bytes().all(|b| b.is_ascii_digit())
            && if place == 0 {
                (1..=3).contains(&group.len())
            } else {
                group.len() == 3
            }
    })
}

const WORDS: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// A number word up to twenty, folded.
pub(super) fn word(text: &str) -> Option<Decimal> {
    let place = WORDS.iter().position(|word| *word == text)?;
    Some(Decimal {
        digits: i128::try_from(place).ok()?,
        scale: 0,
    })
}

/// A number in a folded text, with what stands directly around it.
pub(super) struct Found {
    /// Where it stands, sign included.
    pub(super) span: Range<usize>,
    /// Absent when the digits are no number, such as `1,20,4`.
    pub(super) value: Option<Decimal>,
    /// Whether it was written with exactly two decimals.
    pub(super) has_cents: bool,
    /// Whether it was written as a word.
    pub(super) is_word: bool,
}

/// Every number of a folded text, in order. Digits that belong to a word, such as an article
/// number, are none.
pub(super) fn find(text: &str) -> Vec<Found> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = grouped_end(bytes, at, run_end(bytes, at));
        if !follows_word(text, at) {
            let start = signed_start(text, at);
            let digits = &text[start..end];
            let value = Decimal::parse(digits);
            let minus = minus_before(text, start);
            let value = match minus {
                // "minus -3" may mean either.
                Some(_) if start != at => None,
                Some(_) => value.map(Decimal::negated),
                None => value,
            };
            found.push(Found {
                span: minus.unwrap_or(start)..end,
                value,
                has_cents: digits
                    .rsplit_once('.')
                    .is_some_and(|(_, cents)| cents.len() == 2),
                is_word: false,
            });
        }
        at = end;
    }
    let mut start = 0;
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let bare = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        if let Some(value) = word(bare) {
            found.push(Found {
                span: start..start + bare.len(),
                value: Some(value),
                has_cents: false,
                is_word: true,
            });
        }
        start += piece.len();
    }
    found.sort_by_key(|number| number.span.start);
    found
}

/// End of a run of digits with commas and points between digits.
fn run_end(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    while end < bytes.len() {
        let between =
            matches!(bytes[end], b',' | b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !bytes[end].is_ascii_digit() && !between {
            break;
        }
        end += 1;
    }
    end
}

/// End of digits that go on behind blanks in groups of three, as in `1 111.94`: whoever takes the last
/// group for the number reads another one.
fn grouped_end(bytes: &[u8], start: usize, end: usize) -> usize {
    let whole = &bytes[start..end];
    let mut end = end;
    if whole.len() > 3 || !whole.iter().all(u8::is_ascii_digit) {
        return end;
    }
    while bytes.get(end) == Some(&b' ') {
        let next = run_end(bytes, end + 1);
        let digits = bytes[end + 1..next].iter();
        if digits.take_while(|byte| byte.is_ascii_digit()).count() != 3 {
            break;
        }
        end = next;
        if end - start > MAX_DIGITS || bytes[..end].iter().rev().take(4).any(|byte| *byte == b'.') {
            break;
        }
    }
    end
}

/// Whether the digits go on from a letter, perhaps over hyphens and underscores: `kx-20`.
fn follows_word(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(['-', '_', '/', '#']);
    let joined = before.len() < at || text[..at].ends_with(char::is_alphanumeric);
    joined && before.ends_with(char::is_alphabetic)
}

fn signed_start(text: &str, at: usize) -> usize {
    let Some(before) = text[..at].strip_suffix(['-', '+']) else {
        return at;
    };
    if before.is_empty() || before.ends_with([' ', '(', ':', '\n']) {
        before.len()
    } else {
        at
    }
}

/// Where the word begins that takes what stands behind it below zero.
pub(super) fn minus_before(text: &str, at: usize) -> Option<usize> {
    let head = text[..at].trim_end_matches(' ');
    ["minus", "negative"].iter().find_map(|word| {
        let before = head.strip_suffix(word)?;
        (!before.ends_with(char::is_alphanumeric)).then_some(before.len())
    })
}

/// Whether a unit is written together with digits of what comes next: `usd144`.
pub(super) fn is_run_together(word: &str) -> bool {
    let unit = word.split(|c: char| c.is_ascii_digit()).next();
    unit.is_some_and(|unit| unit.len() < word.len() && is_unit(unit)) && !is_unit(word)
}

/// Words behind a number that multiply it, folded.
pub(super) const SCALES: [&str; 5] = ["hundred", "thousand", "million", "billion", "dozen"];

/// Hundredths of the dollar, written as such.
pub(super) const CENTS: &str = "cents";

/// A currency as written: sign or code, folded.
pub(super) fn currency(text: &str) -> Option<&'static str> {
    Some(match text {
        "$" | "us$" | "usd" | "dollar" | "dollars" | "us dollars" => "USD",
        "\u{a2}" | "cent" | "cents" => CENTS,
        "\u{20ac}" | "eur" | "euro" | "euros" => "EUR",
        "\u{a3}" | "gbp" | "pound" | "pounds" => "GBP",
        "\u{a5}" | "jpy" | "yen" => "JPY",
        "chf" | "francs" => "CHF",
        "cad" | "c$" | "ca$" | "aud" | "a$" | "au$" | "nz$" | "nzd" | "hk$" | "hkd" | "s$"
        | "sgd" | "canadian" | "australian" => "other dollars",
        _ => return None,
    })
}

/// Units of measure, folded, each with the spellings that mean the same.
const UNITS: [&[&str]; 26] = [
    &["g", "gram", "grams", "gramme", "grammes"],
    &["kg", "kilo", "kilos", "kilogram", "kilograms"],
    &["mg", "milligram", "milligrams"],
    &["lb", "lbs", "pound", "pounds"],
    &["oz", "ounce", "ounces"],
    &[
        "mm",
        "millimetre",
        "millimetres",
        "millimeter",
        "millimeters",
    ],
    &[
        "cm",
        "centimetre",
        "centimetres",
        "centimeter",
        "centimeters",
    ],
    &["m", "metre", "metres", "meter", "meters"],
    &["km", "kilometre", "kilometres", "kilometer", "kilometers"],
    &["km2", "km\u{b2}", "sqkm"],
    &["ha", "hectare", "hectares"],
    &["t", "tonne", "tonnes"],
    &["in", "inch", "inches"],
    &[
        "ml",
        "millilitre",
        "millilitres",
        "milliliter",
        "milliliters",
    ],
    &["l", "litre", "litres", "liter", "liters"],
    &["w", "watt", "watts"],
    &["kw", "kilowatt", "kilowatts"],
    &["v", "volt", "volts"],
    &["%", "percent", "per cent"],
    &[
        "percentage points",
        "percentage point",
        "% points",
        "points",
        "pp",
    ],
    &["day", "days"],
    &["week", "weeks"],
    &["month", "months"],
    &["year", "years", "yr", "yrs"],
    &["hour", "hours", "h"],
    &["min", "mins", "minutes", "minute"],
];

/// Whether two folded spellings mean the same unit.
pub(super) fn same_unit(left: &str, right: &str) -> bool {
    left == right
        || UNITS
            .iter()
            .any(|spellings| spellings.contains(&left) && spellings.contains(&right))
}

/// Whether a folded spelling is a unit of time.
pub(super) fn is_time(text: &str) -> bool {
    let units = ["day", "week", "month", "year", "hour", "min"];
    units.iter().any(|unit| same_unit(unit, text))
}

/// How many of the smaller unit make one of the larger.
pub(super) fn factor(larger: &str, smaller: &str) -> Option<i128> {
    let factors = [
        ("kg", "g", 1000),
        ("g", "mg", 1000),
        ("km", "m", 1000),
        ("m", "cm", 100),
        ("cm", "mm", 10),
        ("l", "ml", 1000),
        ("kw", "w", 1000),
    ];
    factors
        .iter()
        .find(|(left, right, _)| same_unit(left, larger) && same_unit(right, smaller))
        .map(|(_, _, factor)| *factor)
}

/// The unit of several words that a folded text begins with, if any.
pub(super) fn long_unit(text: &str) -> Option<&'static str> {
    let spellings = UNITS.iter().flat_map(|spellings| spellings.iter().copied());
    spellings
        .filter(|spelling| spelling.contains(' '))
        .filter(|spelling| {
            let rest = text.strip_prefix(spelling);
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
        .max_by_key(|spelling| spelling.len())
}

/// Whether a folded word is a unit of measure at all.
pub(super) fn is_unit(text: &str) -> bool {
    UNITS.iter().any(|spellings| spellings.contains(&text)) || currency(text).is_some()
}
