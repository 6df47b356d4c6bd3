//! Draws about histories: who took what out, how a page stood, what somebody emptied.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::parts::{articles, changes_to, ensure, moment, open_article, quoted, section};
use crate::sites::clock::{day_text, plus_days};
use crate::sites::folding::fold;
use crate::sites::tasks::draw::{Drawn, spread};
use crate::sites::wiki::markup::{self, Document};
use crate::sites::wiki::queries::{self, history};
use crate::sites::wiki::records;
use crate::sites::wiki::state::{Page, Revision, WikiState};
use crate::sites::wiki::world::lore;

/// Revisions on one page of a history.
const PER_PAGE: usize = 25;

/// A page's revisions, the oldest first.
fn revisions<'a>(state: &'a WikiState, page: &Page) -> Vec<&'a Revision> {
    let mut revisions = history::of(state, page.id);
    revisions.reverse();
    revisions
}

/// Instructions that lead to the history of a page, where a revision is shown.
fn open_history(page: &Page, all: &[&Revision], revision: &Revision) -> Vec<String> {
    let mut steps = open_article(&page.title);
    steps.push("click link 'History'".to_owned());
    let place = all.iter().rev().position(|one| one.no == revision.no);
    for _ in 0..place.unwrap_or(0) / PER_PAGE {
        steps.push("click link 'Next'".to_owned());
    }
    steps
}

/// W03: a sentence that was put in and taken out again, and who did the one or the other.
pub(super) fn lost_sentence(state: &WikiState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for page in articles(state) {
        let all = revisions(state, page);
        if !(10..=60).contains(&all.len()) {
            continue;
        }
        for (topic, sentence) in lore::LORE {
            if all
                .iter()
                .any(|revision| revision.source.contains(sentence))
            {
                for done in [Done::TakenOut, Done::PutIn] {
                    drawn.push(one_lost(state, page, &all, (topic, sentence), done));
                }
            }
        }
    }
    spread(drawn, "answer")
}

/// What was done to a sentence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Done {
    TakenOut,
    PutIn,
}

fn one_lost(
    state: &WikiState,
    page: &Page,
    all: &[&Revision],
    (topic, sentence): (&str, &str),
    done: Done,
) -> Drawn {
    let holds: Vec<bool> = all
        .iter()
        .map(|revision| revision.source.contains(sentence))
        .collect();
    let removals: Vec<usize> = (1..all.len())
        .filter(|at| holds[at - 1] && !holds[*at])
        .collect();
    let [removal] = removals.as_slice() else {
        return Err("it was not taken out once".into());
    };
    let added = holds.iter().position(|held| *held).unwrap_or(0);
    ensure(added > 0, "it was there from the beginning")?;
    let (at, other) = match done {
        Done::TakenOut => (*removal, all[added]),
        Done::PutIn => (added, all[*removal]),
    };
    let (right, next) = (all[at], all.get(at + 1));
    let next = next.ok_or("nothing was saved after it")?;
    let last = all[all.len() - 1];
    let name = |revision: &Revision| queries::name_of(&state.book, &revision.author).to_owned();
    let (who, other_who, latest) = (name(right), name(other), name(last));
    ensure(
        who != other_who && who != latest && other_who != latest,
        "one member did two of the things",
    )?;
    let whole = fold(&who);
    ensure(
        whole.split(' ').all(|word| word != &*right.author),
        "the user name is a first name",
    )?;
    let namesakes = state
        .book
        .members
        .values()
        .filter(|member| member.name == who)
        .count();
    ensure(namesakes == 1, "the member has a namesake")?;
    ensure(
        right.at.date() != next.at.date(),
        "the next revision is of the same day",
    )?;
    let mut steps = open_history(page, all, right);
    steps.extend([
        format!("click link 'Changes of {}'", moment(right)),
        "read who after 'Saved by'".to_owned(),
        "read day after 'Saved on'".to_owned(),
        "answer '$who, $day'".to_owned(),
    ]);
    let day = |revision: &Revision| day_text(revision.at.date());
    Ok(json!({
        "question": match done {
            Done::TakenOut => format!("took the sentence about {topic} out of \"{}\"", page.title),
            Done::PutIn => format!(
                "put the sentence about {topic} into \"{}\", where it no longer stands",
                page.title
            ),
        },
        "answer": format!("{who}, {}", right.at.date()),
        "who": who,
        "username": right.author,
        "day": right.at.date().to_string(),
        "day_text": day(right),
        "other": other_who,
        "other_day": day(other),
        "latest": latest,
        "latest_day": day(last),
        "next_day": day(next),
        "steps": steps,
    }))
}

/// W10: a page as it stood at the end of a day on which it was saved twice.
pub(super) fn end_of_day(state: &WikiState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for page in articles(state) {
        let all = revisions(state, page);
        let mut days: Vec<Date> = all.iter().map(|revision| revision.at.date()).collect();
        days.dedup();
        for day in days {
            let on_day: Vec<&Revision> = all
                .iter()
                .copied()
                .filter(|revision| revision.at.date() == day)
                .collect();
            if let [first, second] = on_day.as_slice() {
                drawn.push(one_day(state, page, &all, (first, second)));
            }
        }
    }
    drawn
}

fn one_day(
    state: &WikiState,
    page: &Page,
    all: &[&Revision],
    (first, second): (&Revision, &Revision),
) -> Drawn {
    let next = history::after(state, second).ok_or("it is the page as it stands")?;
    let next_morning = next.at.date() == plus_days(second.at.date(), 1) && next.at.hour() < 12;
    ensure(next_morning, "nothing was saved the next morning")?;
    let mut steps = open_history(page, all, second);
    steps.push(format!("click link '{}'", moment(second)));
    steps.push("done".to_owned());
    Ok(json!({
        "article": page.title,
        "day": second.at.date().to_string(),
        "revision": second.no,
        "earlier": first.no,
        "next": next.no,
        "steps": steps,
    }))
}

/// W07: a section that somebody emptied, with changes elsewhere since.
pub(super) fn emptied_section(state: &WikiState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for page in articles(state).filter(|page| queries::may_write(state, page)) {
        for part in &page.content.document.sections {
            if part.blocks.is_empty() && part.level == 2 {
                drawn.push(one_emptied(state, page, &part.heading));
            }
        }
    }
    drawn
}

/// What a section of a text says.
fn said(document: &Document, heading: &str) -> Option<String> {
    let section = document
        .sections
        .iter()
        .find(|section| section.heading == heading)?;
    Some(records::section_text(section)).filter(|text| !text.is_empty())
}

fn one_emptied(state: &WikiState, page: &Page, heading: &str) -> Drawn {
    let all = revisions(state, page);
    let texts: Vec<Option<String>> = all
        .iter()
        .map(|revision| said(&markup::parse(&revision.source).0, heading))
        .collect();
    let last_full = texts
        .iter()
        .rposition(Option::is_some)
        .ok_or("it was never full")?;
    let since = all.len() - last_full - 2;
    ensure((2..=4).contains(&since), "not two to four changes since")?;
    let full = texts[last_full].clone().ok_or("it was never full")?;
    let older = texts[..last_full]
        .iter()
        .rev()
        .flatten()
        .find(|text| **text != full)
        .ok_or("it was never edited before")?;
    let old = all[last_full];
    let (place, key, _) = section(page, heading).ok_or("no such section")?;
    let restored: Vec<Value> = changes_to(page, &old.source);
    ensure(restored.len() > 1, "restoring the page undoes nothing else")?;
    let also: Vec<Value> = restored
        .into_iter()
        .filter(|change| change["key"] != json!(key))
        .collect();
    let spans = markup::section_spans(&old.source);
    let span = spans
        .iter()
        .find(|span| span.name == heading)
        .ok_or("no such section then")?;
    let mut steps = open_history(page, &all, old);
    steps.extend([
        format!("click link '{}'", moment(old)),
        "click link 'Restore or copy this text'".to_owned(),
        "click link 'Page'".to_owned(),
        format!("click link 'Edit section: {}'", quoted(heading)),
        format!("fill 'Text' '{}'", quoted(&span.text(&old.source))),
        "click button 'Save changes'".to_owned(),
        "done".to_owned(),
    ]);
    Ok(json!({
        "article": page.title,
        "section": heading,
        "place": place,
        "key": key,
        "text": full,
        "older": older,
        "twice": format!("{full}\n\n{full}"),
        "also": also,
        "steps": steps,
    }))
}
