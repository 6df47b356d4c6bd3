//! Words that say which way a number went: "fell by 3.1" is -3.1, and "rose by -3.1" is nothing.

use std::ops::Range;

use super::number::Decimal;
use crate::domain::task::Direction;

/// Words of a rise.
const RISES: [&str; 17] = [
    "rise",
    "rises",
    "rose",
    "risen",
    "rising",
    "increase",
    "increases",
    "increased",
    "grow",
    "grows",
    "grew",
    "grown",
    "growth",
    "gain",
    "gained",
    "climbed",
    "up",
];

/// Words of a fall.
const FALLS: [&str; 18] = [
    "fall",
    "falls",
    "fell",
    "fallen",
    "falling",
    "decrease",
    "decreases",
    "decreased",
    "drop",
    "drops",
    "dropped",
    "decline",
    "declined",
    "shrank",
    "reduction",
    "loss",
    "lost",
    "down",
];

/// Comparatives, which say it of a change but stand for other things beside an amount.
const MORE: [&str; 2] = ["higher", "more"];
const LESS: [&str; 3] = ["lower", "less", "minus"];

/// What a number means with the word of direction that stands nearest to it, one before it rather
/// than one behind it; none when the two contradict each other or the question.
pub(super) fn read(
    direction: Direction,
    folded: &str,
    span: &Range<usize>,
    value: Decimal,
) -> Option<Decimal> {
    let has_plus = folded[span.clone()].starts_with('+');
    let way = nearest(direction, folded, span);
    let contradicts = match (direction, way) {
        (Direction::Signed | Direction::Rise, Some(Way::Up)) | (Direction::Rise, None) => {
            value.is_negative()
        }
        (Direction::Fall, Some(Way::Up)) | (Direction::Rise, Some(Way::Down)) => true,
        (Direction::Signed, Some(Way::Down)) | (Direction::Fall, _) => has_plus,
        (Direction::Signed, None) => false,
    };
    match (direction, way) {
        _ if contradicts => None,
        (Direction::Signed, Some(Way::Down)) => Some(value.lowered()),
        (Direction::Fall, _) if value.is_negative() => Some(value.negated()),
        _ => Some(value),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

fn nearest(direction: Direction, folded: &str, span: &Range<usize>) -> Option<Way> {
    let way = |word: &str| {
        let is_change = direction == Direction::Signed;
        if RISES.contains(&word) || (is_change && MORE.contains(&word)) {
            Some(Way::Up)
        } else if FALLS.contains(&word) || (is_change && LESS.contains(&word)) {
            Some(Way::Down)
        } else {
            None
        }
    };
    let words = |text: &'_ str| -> Vec<Way> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter_map(way)
            .collect()
    };
    let before = words(&folded[..span.start]);
    let behind = words(&folded[span.end..]);
    before.last().or_else(|| behind.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reading of the one number in a text.
    fn reading(direction: Direction, text: &str) -> Option<String> {
        let found = super::super::number::find(text).pop().unwrap();
        let read = read(direction, text, &found.span, found.value.unwrap());
        read.map(|value| value.to_string())
    }

    #[test]
    fn a_change_has_the_sign_that_its_word_says() {
        let signed = |text| reading(Direction::Signed, text);
        for text in [
            "-3.1",
            "it fell by 3.1 %",
            "a fall of 3.1",
            "fell by -3.1",
            "3.1 % less",
        ] {
            assert_eq!(signed(text).as_deref(), Some("-3.1"), "{text}");
        }
        for text in [
            "3.1",
            "+3.1",
            "rose by 3.1",
            "after a loss it grew by 3.1",
            "up 3.1",
        ] {
            assert_eq!(signed(text).as_deref(), Some("3.1"), "{text}");
        }
        for text in ["rose by -3.1", "a fall of +3.1"] {
            assert_eq!(signed(text), None, "{text}");
        }
    }

    #[test]
    fn the_size_of_a_fall_is_no_rise() {
        let fall = |text| reading(Direction::Fall, text);
        for text in [
            "8",
            "-8",
            "it fell by 8 points",
            "a burnup by 8",
            "8 more than before",
        ] {
            assert_eq!(fall(text).as_deref(), Some("8"), "{text}");
        }
        for text in ["+8", "it rose by 8", "8 points up"] {
            assert_eq!(fall(text), None, "{text}");
        }
        let rise = |text| reading(Direction::Rise, text);
        assert_eq!(rise("grew by 8").as_deref(), Some("8"));
        assert_eq!(rise("-8"), None);
        assert_eq!(rise("it fell by 8"), None);
    }
}
