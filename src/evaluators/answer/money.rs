//! Amounts of money in text: sign or code, cents, and what takes them below zero.

use std::ops::Range;

use super::number;
use super::value::{Canon, Found, unit_word};

/// Every amount of money in a folded text. Where an amount with a currency stands, a bare number
/// is one only when it is written with cents.
pub(super) fn amounts(folded: &str) -> Vec<Found> {
    let found: Vec<(Found, bool, bool)> = number::find(folded)
        .into_iter()
        .filter_map(|number| amount(folded, &number))
        .collect();
    let any_marked = found.iter().any(|(_, marked, _)| *marked);
    let amounts = found
        .into_iter()
        .filter(|(_, marked, has_cents)| *marked || *has_cents || !any_marked)
        .map(|(amount, _, _)| amount);
    amounts.fold(Vec::new(), |mut all, amount| {
        match all
            .last_mut()
            .and_then(|last| with_cents(folded, last, &amount))
        {
            Some(whole) => {
                all.pop();
                all.push(whole);
            }
            None => all.push(amount),
        }
        all
    })
}

/// `144 dollars and 40 cents` is one amount.
fn with_cents(folded: &str, dollars: &Found, cents: &Found) -> Option<Found> {
    let (Canon::Money(whole, "USD"), Canon::Money(part, "USD")) = (&dollars.value, &cents.value)
    else {
        return None;
    };
    let are_cents = |span: &Range<usize>| {
        let written = folded[span.clone()].trim_end_matches('s');
        written.ends_with("cent") || written.ends_with('\u{a2}')
    };
    let joint = folded.get(dollars.span.end..cents.span.start)?.trim();
    let fits = whole % 100 == 0 && (0..100).contains(part) && matches!(joint, "" | "," | "and");
    (fits && are_cents(&cents.span) && !are_cents(&dollars.span)).then(|| Found {
        span: dollars.span.start..cents.span.end,
        value: Canon::Money(whole + part, "USD"),
    })
}

/// An amount, whether a currency stands at it, and whether it is written with cents.
fn amount(folded: &str, number: &number::Found) -> Option<(Found, bool, bool)> {
    if number.is_word {
        return None;
    }
    let (start, before) = currency_before(folded, number.span.start);
    let (end, after) = currency_after(folded, number.span.end);
    let touches_word = folded[end..].starts_with(char::is_alphanumeric);
    if after.is_none() && touches_word {
        return None;
    }
    let currency = match (before, after) {
        (Some(before), Some(after)) if before != after => "two currencies",
        (Some(currency), _) | (None, Some(currency)) => currency,
        (None, None) => "USD",
    };
    let marked = before.is_some() || after.is_some();
    let (minor, currency) = if currency == number::CENTS {
        (number.value.and_then(|value| value.times(1)), "USD")
    } else {
        (number.value.and_then(number::Decimal::to_cents), currency)
    };
    let value = match minor {
        Some(_) if number::SCALES.contains(&next_word(folded, end)) => {
            Canon::Other(folded[start..].to_owned())
        }
        Some(_) if after.is_none() && number::is_run_together(next_word(folded, end)) => {
            Canon::Other(folded[start..].to_owned())
        }
        Some(cents) if is_below_zero(folded, start) => Canon::Money(-cents, currency),
        Some(cents) => Canon::Money(cents, currency),
        None => Canon::Other(folded[start..end].to_owned()),
    };
    Some((
        Found {
            span: start..end,
            value,
        },
        marked,
        number.has_cents,
    ))
}

/// Whether a sign or a word before the currency says minus.
fn is_below_zero(folded: &str, start: usize) -> bool {
    folded[..start].ends_with('-') || number::minus_before(folded, start).is_some()
}

fn next_word(folded: &str, end: usize) -> &str {
    unit_word(folded[end..].trim_start_matches(' '))
}

fn currency_before(folded: &str, start: usize) -> (usize, Option<&'static str>) {
    let head = folded[..start].trim_end_matches(' ');
    let signs = [
        "us$", "nz$", "hk$", "au$", "ca$", "s$", "c$", "a$", "$", "\u{20ac}", "\u{a3}", "\u{a5}",
    ];
    for sign in signs {
        if head.ends_with(sign) {
            return (head.len() - sign.len(), number::currency(sign));
        }
    }
    let word_start = head.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| {
        at + head[at..].chars().next().map_or(1, char::len_utf8)
    });
    match number::currency(&head[word_start..]) {
        Some(currency) => (word_start, Some(currency)),
        None => (start, None),
    }
}

fn currency_after(folded: &str, end: usize) -> (usize, Option<&'static str>) {
    let rest = &folded[end..];
    let gap = rest.len() - rest.trim_start_matches(' ').len();
    let word = if rest[gap..].starts_with("us dollars") {
        "us dollars"
    } else {
        unit_word(&rest[gap..])
    };
    match number::currency(word) {
        Some(currency) => (end + gap + word.len(), Some(currency)),
        None => (end, None),
    }
}
