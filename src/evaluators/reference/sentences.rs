//! Sentences of a text as NLTK's Punkt splitter finds them (Kiss and Strunk 2006, with NLTK's
//! English model). The references lower the case of a text first, so nearly all of the model's
//! knowledge of capital letters has no effect; what is left of it are `MAY_BEGIN` and
//! `ABBREVIATIONS`.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::python;

/// Words that the model has seen at the beginning of a sentence in lower case, and never with a
/// capital letter. After a number with a full stop they are the only ones that begin a sentence.
const MAY_BEGIN: [&str; 4] = ["administrators", "b-week", "r-revised", "z-holiday"];

/// Abbreviations, after which a full stop ends nothing: all those of the model (`abbrev_types.txt`
/// of NLTK's `punkt_tab` English model, Apache-2.0). The word after a full stop counts as well:
/// where it ends a sentence, another ends before it. So the list decides, besides what becomes of
/// its own words, whether the `4.` before one of them stays a word.
const ABBREVIATIONS: [&str; 156] = [
    ". . ", "a.a", "a.c", "a.d", "a.g", "a.h", "a.m", "a.m.e", "a.s", "a.t", "adm", "ala", "ariz",
    "aug", "ave", "b.f", "b.v", "bros", "c", "c.i.t", "c.o.m.b", "c.v", "calif", "chg", "cie",
    "co", "col", "colo", "conn", "corp", "cos", "ct", "d", "d.c", "d.h", "d.w", "dec", "dr", "e",
    "e.f", "e.h", "e.l", "e.m", "f", "f.g", "f.j", "feb", "fla", "fri", "ft", "g", "g.d", "g.f",
    "g.k", "ga", "gen", "h", "h.c", "h.f", "h.m", "i.m.s", "ill", "inc", "j.b", "j.c", "j.j",
    "j.k", "j.p", "j.r", "jan", "jr", "k", "kan", "ky", "l", "l.a", "l.f", "l.p", "lt", "ltd", "m",
    "m.b.a", "m.d.c", "m.j", "maj", "messrs", "mg", "mich", "minn", "mr", "mrs", "ms", "n", "n.c",
    "n.d", "n.h", "n.j", "n.m", "n.v", "n.y", "nev", "nov", "oct", "ok", "okla", "ore", "p",
    "p.a.m", "p.m", "pa", "ph.d", "prof", "r", "r.a", "r.h", "r.i", "r.j", "r.k", "r.t", "rep",
    "reps", "s", "s.a", "s.a.y", "s.c", "s.g", "s.p.a", "s.s", "sen", "sep", "sept", "sr", "st",
    "sw", "t", "t.j", "tenn", "tues", "u.k", "u.n", "u.s", "u.s.a", "u.s.s.r", "v", "va", "vs",
    "vt", "w", "w.c", "w.r", "w.va", "w.w", "wash", "wed", "wis", "yr",
];

/// The sentences of a text, without the blanks between them.
pub fn split(text: &str) -> Vec<String> {
    let text: Vec<char> = text.chars().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for end in possible_ends(&text) {
        if !holds_break(&end.context) {
            continue;
        }
        parts.push((start, end.at + 1));
        start = end.next.unwrap_or(end.at + 1);
    }
    let mut last = text.len();
    while last > start && python::is_blank(text[last - 1]) {
        last -= 1;
    }
    parts.push((start, last));
    realign(&text, &parts)
}

/// White space by the library whose patterns NLTK uses here. Python's `str` methods know
/// U+001C to U+001F besides.
const fn is_space(character: char) -> bool {
    character.is_whitespace()
}

/// A part of a word by the same library, where words hold combining marks and no fractions.
pub(super) fn is_marked_word(character: char) -> bool {
    static WORD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^\w$").expect("a pattern that a test compiles"));
    WORD.is_match(character.encode_utf8(&mut [0; 4]))
}

fn is_closing(character: char) -> bool {
    "\"')]}\u{2018}\u{2019}\u{201C}\u{201D}\u{AB}\u{BB}".contains(character)
}

/// A sign that may end a sentence.
struct PossibleEnd {
    at: usize,
    /// Where the next word begins, when white space follows.
    next: Option<usize>,
    /// The word before, the sign, and what follows.
    context: String,
}

/// Signs that may end a sentence, one for each word.
fn possible_ends(text: &[char]) -> Vec<PossibleEnd> {
    let mut found: Vec<PossibleEnd> = Vec::new();
    let mut word = 0..0;
    let mut last: Option<(std::ops::Range<usize>, PossibleEnd)> = None;
    for at in 0..text.len() {
        if !matches!(text[at], '.' | '?' | '!') {
            continue;
        }
        let Some((after, next)) = what_follows(text, at) else {
            continue;
        };
        let before = &text[word.end..at];
        // Only white space of ASCII counts here, and none at the very beginning.
        let space = before
            .iter()
            .rposition(|c| " \t\n\r\u{B}\u{C}".contains(*c));
        let begin = match space {
            Some(index) if index > 0 => index + word.end + 1,
            _ => word.start,
        };
        let range = begin..at;
        if let Some((earlier, end)) = last.take()
            && earlier.end <= range.start
        {
            found.push(end);
        }
        let context = text[range.clone()]
            .iter()
            .chain(&text[at..=at])
            .collect::<String>()
            + &after;
        word = range.clone();
        last = Some((range, PossibleEnd { at, next, context }));
    }
    found.extend(last.map(|(_, end)| end));
    found
}

/// What follows a sign that may end a sentence: punctuation, or white space and a word.
fn what_follows(text: &[char], at: usize) -> Option<(String, Option<usize>)> {
    let rest = &text[at + 1..];
    let first = *rest.first()?;
    if ends_word(first) {
        return Some((first.to_string(), None));
    }
    let blanks = rest.iter().take_while(|c| is_space(**c)).count();
    let word = rest[blanks..].iter().take_while(|c| !is_space(**c)).count();
    if blanks == 0 || word == 0 {
        return None;
    }
    Some((
        rest[..blanks + word].iter().collect(),
        Some(at + 1 + blanks),
    ))
}

/// Characters that no word holds.
fn ends_word(character: char) -> bool {
    ")\";}]*:@'({[\u{2018}\u{2019}\u{201C}\u{201D}\u{AB}\u{BB}?!".contains(character)
}

/// Puts what closes a sentence behind its full stop, not before the next one.
fn realign(text: &[char], parts: &[(usize, usize)]) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut moved = 0;
    for (index, (start, end)) in parts.iter().enumerate() {
        let start = start + moved;
        let mut end = *end;
        moved = 0;
        if let Some((next, next_end)) = parts.get(index + 1)
            && let Some((closing, length)) = closing_run(&text[*next..*next_end])
        {
            end = next + closing;
            moved = length;
        }
        if start < end {
            sentences.push(text[start..end].iter().collect());
        }
    }
    sentences
}

/// How many characters at the beginning close the sentence before, without and with the white
/// space after them.
fn closing_run(sentence: &[char]) -> Option<(usize, usize)> {
    let closing = sentence.iter().take_while(|c| is_closing(**c)).count();
    let rest = &sentence[closing..];
    let blanks = rest.iter().take_while(|c| is_space(**c)).count();
    let ends = rest.is_empty() || blanks > 0 || rest.starts_with(&['-', '-']);
    (closing > 0 && ends).then_some((closing, closing + blanks))
}

/// Whether a sentence ends within a context: at one of its words but the last.
fn holds_break(context: &str) -> bool {
    let lines = context.split('\n');
    let tokens: Vec<String> = lines
        .filter(|line| !python::strip(line).is_empty())
        .flat_map(punkt_words)
        .collect();
    (0..tokens.len().saturating_sub(1)).any(|at| breaks(&tokens[at], &tokens[at + 1]))
}

/// Whether a sentence ends with a word, given the next one.
fn breaks(word: &str, next: &str) -> bool {
    if matches!(word, "." | "?" | "!") {
        return true;
    }
    let Some(stem) = word.strip_suffix('.') else {
        return false;
    };
    // A run of dots ends nothing before a word in lower case.
    if stem.ends_with('.') || is_abbreviation(stem) {
        return false;
    }
    let ordinal = is_number(word) || is_initial(word);
    !(ordinal && continues(next))
}

fn is_abbreviation(stem: &str) -> bool {
    let part = stem.rsplit('-').next().unwrap_or(stem);
    ABBREVIATIONS.contains(&stem) || ABBREVIATIONS.contains(&part)
}

fn is_digit(character: char) -> bool {
    python::decimal(character).is_some()
}

fn is_number(word: &str) -> bool {
    let word = word.strip_prefix('-').unwrap_or(word);
    let word = word.strip_prefix(['.', ',']).unwrap_or(word);
    let mut characters = word.chars();
    characters.next().is_some_and(is_digit) && characters.all(|c| is_digit(c) || ",.-".contains(c))
}

/// A single letter with a full stop.
fn is_initial(word: &str) -> bool {
    let mut characters = word.chars();
    characters
        .next()
        .is_some_and(|c| is_marked_word(c) && !is_digit(c))
        && characters.next() == Some('.')
        && characters.next().is_none()
}

/// Whether a word surely does not begin a sentence.
fn continues(next: &str) -> bool {
    if matches!(next, ";" | ":" | "," | "." | "!" | "?") {
        return true;
    }
    let stem = next
        .strip_suffix('.')
        .filter(|stem| !stem.is_empty())
        .unwrap_or(next);
    next.starts_with(char::is_lowercase) && !MAY_BEGIN.contains(&stem)
}

/// The words of a line as Punkt cuts them: full stops stay with their word.
fn punkt_words(line: &str) -> Vec<String> {
    let line: Vec<char> = line.chars().collect();
    let mut words = Vec::new();
    let mut at = 0;
    while at < line.len() {
        if is_space(line[at]) {
            at += 1;
            continue;
        }
        let length = match run(&line[at..]) {
            Some(length) => length,
            None if "(\"`{[:;&#*@)}]-,".contains(line[at]) => 1,
            None => word_length(&line[at..]),
        };
        words.push(line[at..at + length].iter().collect());
        at += length;
    }
    words
}

/// A run of hyphens or dots, also of dots with blanks between them.
fn run(text: &[char]) -> Option<usize> {
    let same = |sign: char| text.iter().take_while(|c| **c == sign).count();
    let (hyphens, dots) = (same('-'), same('.'));
    if hyphens >= 2 {
        return Some(hyphens);
    }
    if dots >= 2 {
        return Some(dots);
    }
    let pairs = text
        .chunks_exact(2)
        .take_while(|pair| pair[0] == '.' && is_space(pair[1]))
        .count();
    // The last dot has no blank after it; a run gives one up for it where it must.
    let fits = |pairs: &usize| text.get(pairs * 2) == Some(&'.');
    (2..=pairs).rev().find(fits).map(|pairs| pairs * 2 + 1)
}

fn word_length(text: &[char]) -> usize {
    let ends = |at: usize| match text.get(at) {
        None => true,
        Some(character) => {
            is_space(*character) || ends_word(*character) || run(&text[at..]).is_some()
        }
    };
    (1..text.len())
        .find(|at| ends(*at) || (text[*at] == ',' && ends(at + 1)))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_punkt_ends_them() {
        for (text, expected) in [
            ("there are 6. thanks", "there are 6. thanks"),
            ("there are 6. administrators", "there are 6.|administrators"),
            ("there are 6. 7 more", "there are 6.|7 more"),
            ("it costs $6. so nothing", "it costs $6.|so nothing"),
            ("yes! no? maybe", "yes!|no?|maybe"),
            ("he said (x is y.) then left", "he said (x is y.)|then left"),
            ("x. y", "x. y"),
            ("one.  \n two ", "one.|two"),
            // Only abbreviations of the model.
            ("there are 4. etc., x", "there are 4.|etc., x"),
            ("4. calif., x", "4. calif., x"),
            ("4. messrs., x", "4. messrs., x"),
            ("size l. 5 left", "size l. 5 left"),
            ("x e.g. y", "x e.g.|y"),
            // Fractions and raised digits are no numbers, digits of any script are.
            ("\u{BD}. z", "\u{BD}.|z"),
            ("\u{B2}. z", "\u{B2}.|z"),
            ("\u{666}. z", "\u{666}. z"),
            // U+001C is a part of a word until the end of the text is cut.
            ("x \u{1C}6. so", "x \u{1C}6.|so"),
            ("6.\u{1C}thanks", "6.\u{1C}thanks"),
            ("6\u{1C}", "6"),
            ("4.\n\u{1C}. x", "4.|\u{1C}.|x"),
        ] {
            assert_eq!(split(text).join("|"), expected, "{text}");
        }
    }
}
