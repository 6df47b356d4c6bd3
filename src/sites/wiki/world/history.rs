//! Makes the history of an article backwards: from how it stands to how it began, one change
//! after the other.

use jiff::civil::{Date, DateTime, Time, date};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::draft::{Chunk, Draft};
use super::names::pick;
use crate::sites::clock::plus_days;

/// What the history of an article must hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// How many revisions.
    pub(super) revisions: usize,
    /// Sentences that were put in and taken out again.
    pub(super) lost: Vec<&'static str>,
    /// A field of the infobox that had another value.
    pub(super) corrected: Option<&'static str>,
    /// A section that somebody emptied.
    pub(super) emptied: Option<&'static str>,
    /// Two revisions on one day and one the next morning.
    pub(super) busy_day: bool,
}

/// A revision before it has a number.
#[derive(Debug, Clone)]
pub(super) struct Saved {
    pub(super) at: DateTime,
    pub(super) summary: String,
    pub(super) source: String,
}

/// The days within which histories lie.
const FIRST: Date = date(2025, 1, 7);
const DAYS: i64 = 433;

/// A text in which so many tries found nothing more to take back has no older revision.
const MOST_IDLE: usize = 24;

/// All revisions of an article, the oldest first. The last one is the draft, with the section
/// emptied when the plan says so.
pub(super) fn revisions(rng: &mut ChaCha8Rng, draft: Draft, plan: &Plan) -> Vec<Saved> {
    let mut backwards = Backwards::new(draft, plan);
    let mut texts = vec![backwards.draft.source()];
    let mut summaries = Vec::new();
    let mut idle = 0;
    while texts.len() < plan.revisions && idle < MOST_IDLE {
        let left = plan.revisions - texts.len();
        let summary = backwards.step(rng, plan, left);
        let source = backwards.draft.source();
        if texts.last() == Some(&source) {
            idle += 1;
        } else {
            idle = 0;
            summaries.push(summary);
            texts.push(source);
        }
    }
    summaries.push("New page".to_owned());
    texts.reverse();
    summaries.reverse();
    let times = times(rng, texts.len(), plan.busy_day);
    texts
        .into_iter()
        .zip(summaries)
        .zip(times)
        .map(|((source, summary), at)| Saved {
            at,
            summary,
            source,
        })
        .collect()
}

struct Backwards {
    draft: Draft,
    /// Steps taken.
    taken: usize,
    /// Text of the section that was emptied, until it is back.
    full: Option<Vec<Chunk>>,
    /// Sentences that are not in yet, and those that are and must go out again.
    to_insert: Vec<&'static str>,
    inserted: Vec<&'static str>,
    corrected: bool,
}

impl Backwards {
    fn new(mut draft: Draft, plan: &Plan) -> Self {
        let full = plan.emptied.and_then(|heading| {
            let part = draft
                .sections
                .iter_mut()
                .find(|part| part.heading == heading)?;
            Some(std::mem::take(&mut part.chunks))
        });
        Self {
            draft,
            taken: 0,
            full,
            to_insert: plan.lost.clone(),
            inserted: Vec::new(),
            corrected: false,
        }
    }

    /// Takes one change back; answers its summary.
    fn step(&mut self, rng: &mut ChaCha8Rng, plan: &Plan, left: usize) -> String {
        self.taken += 1;
        let since_emptied = 3 + plan.revisions % 2;
        if self.taken == since_emptied
            && let Some(full) = self.full.take()
        {
            self.set_section(plan.emptied.unwrap_or(""), full);
            return pick(rng, &["", "tidied", "wip"]).to_owned();
        }
        if self.taken == since_emptied + 1
            && let Some(heading) = plan.emptied
        {
            return self.shorten(rng, Some(heading));
        }
        if let Some(field) = plan
            .corrected
            .filter(|_| !self.corrected && (left <= 2 || rng.random_range(0..3) == 0))
        {
            self.corrected = true;
            return self.other_value(rng, field);
        }
        if self.taken.is_multiple_of(4)
            && let Some(sentence) = self.to_insert.pop()
        {
            return self.put_in(rng, sentence);
        }
        if !self.inserted.is_empty()
            && (left <= 2 * self.inserted.len() || self.taken.is_multiple_of(7))
        {
            return self.take_out();
        }
        match rng.random_range(0..6) {
            0 | 1 => self.misspell(rng),
            2 => self.reword(rng),
            _ => self.shorten(rng, None),
        }
    }

    fn set_section(&mut self, heading: &str, chunks: Vec<Chunk>) {
        if let Some(part) = self
            .draft
            .sections
            .iter_mut()
            .find(|part| part.heading == heading)
        {
            part.chunks = chunks;
        }
    }

    /// A sentence stood here that is gone today.
    fn put_in(&mut self, rng: &mut ChaCha8Rng, sentence: &'static str) -> String {
        let mut paragraphs = self.draft.paragraphs();
        let at = rng.random_range(1..paragraphs.len());
        paragraphs[at].1.push(sentence.to_owned());
        self.inserted.push(sentence);
        pick(rng, &["Tidy up", "Shorter", "Edit for length", ""]).to_owned()
    }

    /// The sentence was not there yet.
    fn take_out(&mut self) -> String {
        let sentence = self.inserted.remove(0);
        for (_, sentences) in self.draft.paragraphs() {
            sentences.retain(|told| told != sentence);
        }
        "Add what I was told".to_owned()
    }

    /// A sentence was not there yet.
    fn shorten(&mut self, rng: &mut ChaCha8Rng, heading: Option<&str>) -> String {
        let headings: Vec<String> = self
            .draft
            .sections
            .iter()
            .map(|part| part.heading.clone())
            .collect();
        let mut long: Vec<_> = self
            .draft
            .paragraphs()
            .into_iter()
            .filter(|(at, sentences)| {
                let fits = heading.is_none_or(|wanted| at.is_some_and(|at| headings[at] == wanted));
                fits && sentences.len() > 1
            })
            .collect();
        if long.is_empty() {
            return self.misspell(rng);
        }
        let chosen = rng.random_range(0..long.len());
        let (at, sentences) = &mut long[chosen];
        let own: Vec<usize> = (1..sentences.len())
            .filter(|place| !is_lore(&sentences[*place]))
            .collect();
        let Some(place) = own.last() else {
            return self.misspell(rng);
        };
        sentences.remove(*place);
        at.map_or_else(
            || "More in the opening".to_owned(),
            |at| format!("Add to {}", headings[at]),
        )
    }

    /// A word was spelt wrongly.
    fn misspell(&mut self, rng: &mut ChaCha8Rng) -> String {
        const SLIPS: [(&str, &str); 6] = [
            (" the ", " teh "),
            (" and ", " adn "),
            (" with ", " whit "),
            (" from ", " form "),
            (" is ", " si "),
            (" of ", " fo "),
        ];
        let mut sentences = self.sentences();
        let start = rng.random_range(0..sentences.len());
        sentences.rotate_left(start);
        for sentence in sentences {
            let slip = SLIPS.iter().find(|(right, _)| sentence.contains(right));
            if let Some((right, wrong)) = slip.filter(|_| !is_lore(sentence)) {
                *sentence = sentence.replacen(right, wrong, 1);
                break;
            }
        }
        pick(rng, &["Fix spelling", "Typo", ""]).to_owned()
    }

    /// A sentence was worded with more doubt.
    fn reword(&mut self, rng: &mut ChaCha8Rng) -> String {
        let mut sentences = self.sentences();
        let start = rng.random_range(0..sentences.len());
        sentences.rotate_left(start);
        for sentence in sentences {
            if sentence.ends_with('.') && !sentence.ends_with("it is said.") && !is_lore(sentence) {
                sentence.pop();
                sentence.push_str(", it is said.");
                break;
            }
        }
        "Less doubt, there is a source".to_owned()
    }

    fn sentences(&mut self) -> Vec<&mut String> {
        self.draft
            .paragraphs()
            .into_iter()
            .flat_map(|(_, sentences)| sentences.iter_mut())
            .collect()
    }

    /// A field had another value.
    fn other_value(&mut self, rng: &mut ChaCha8Rng, field: &str) -> String {
        let fields = self.draft.infobox.as_mut().map(|(_, fields)| fields);
        for (name, value) in fields.into_iter().flatten() {
            if *name == field {
                *value = altered(rng, value);
            }
        }
        format!("Correct the {}", field.to_lowercase())
    }
}

fn is_lore(sentence: &str) -> bool {
    super::lore::topic_of(sentence).is_some()
}

/// The same with one digit changed, not the first.
fn altered(rng: &mut ChaCha8Rng, value: &str) -> String {
    let digits: Vec<usize> = value
        .char_indices()
        .filter(|(_, c)| c.is_ascii_digit())
        .map(|(at, _)| at)
        .collect();
    let place = digits[digits.len() / 2];
    let old = u32::from(value.as_bytes()[place] - b'0');
    let new = (old + rng.random_range(2..9)) % 10;
    format!("{}{new}{}", &value[..place], &value[place + 1..])
}

/// Times in order, each on a day of its own but for the busy day and the morning after it.
fn times(rng: &mut ChaCha8Rng, count: usize, busy_day: bool) -> Vec<DateTime> {
    let mut days: Vec<i64> = Vec::new();
    while days.len() < count {
        let day = 2 * rng.random_range(0..DAYS / 2);
        if !days.contains(&day) {
            days.push(day);
        }
    }
    days.sort_unstable();
    let mut times: Vec<DateTime> = days
        .iter()
        .map(|day| {
            let (hour, minute) = (rng.random_range(7..20), rng.random_range(0..60));
            at(plus_days(FIRST, *day), hour, minute)
        })
        .collect();
    if busy_day && count >= 4 {
        let place = rng.random_range(1..count - 2);
        let day = times[place].date();
        let minute = rng.random_range(0..60);
        times[place] = at(day, rng.random_range(8..12), minute);
        times[place + 1] = at(day, rng.random_range(14..22), minute);
        times[place + 2] = at(plus_days(day, 1), rng.random_range(6..9), minute);
    }
    times
}

fn at(day: Date, hour: i8, minute: i8) -> DateTime {
    let time = Time::new(hour, minute, 0, 0).unwrap_or(Time::midnight());
    day.to_datetime(time)
}
