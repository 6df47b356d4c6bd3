//! People of the isles, and festivals.

use rand_chacha::ChaCha8Rng;

use super::super::draft::{Chunk, Draft, link};
use super::super::isles::{Festival, Isles, Person};
use super::super::names::pick;
use super::{grouped, island};

const TALES: [&str; 6] = [
    "A street in the capital bears the name.",
    "The letters were found in a tea chest in 1974.",
    "A portrait hangs in the council hall.",
    "The grave is the one with the iron anchor.",
    "A small prize for school children is named after the family.",
    "Two songs are said to be about those years.",
];

pub(super) fn people(rng: &mut ChaCha8Rng, isles: &Isles) -> Vec<Draft> {
    isles
        .people
        .iter()
        .enumerate()
        .map(|(at, person)| one_person(rng, isles, at, person))
        .collect()
}

fn one_person(rng: &mut ChaCha8Rng, isles: &Isles, at: usize, person: &Person) -> Draft {
    let surname = person.name.split(' ').next_back().unwrap_or("");
    let mut draft = Draft::new(&person.name)
        .infobox(
            "person",
            vec![
                ("Born", person.born.to_string()),
                ("Born on", island(isles, person.island)),
                ("Died", person.died.to_string()),
                ("Known as", person.trade.to_owned()),
            ],
        )
        .lead(vec![
            format!(
                "**{}** ({}–{}) was a {} of the Sarn Isles.",
                person.name, person.born, person.died, person.trade
            ),
            "The family had come from the mainland two generations before.".to_owned(),
        ])
        .section(
            "Life",
            vec![Chunk::para([
                format!(
                    "{surname} grew up on {} as the youngest of five.",
                    island(isles, person.island)
                ),
                "School ended at twelve, as was usual then.".to_owned(),
                "The first years of work were spent on the mainland.".to_owned(),
                "A broken leg ended all plans to go to sea.".to_owned(),
            ])],
        );
    let work = work_of(isles, at);
    if !work.is_empty() {
        draft = draft.section(
            "Work",
            vec![
                Chunk::List(work),
                Chunk::para([
                    "Much of what was planned was never paid for.".to_owned(),
                    "The notebooks show a sharp eye for weather.".to_owned(),
                ]),
            ],
        );
    }
    draft.section(
        "Memory",
        vec![Chunk::para([
            pick(rng, &TALES).to_owned(),
            "The house of birth can be visited on Sundays.".to_owned(),
            "Every ten years the isles hold a day of lectures.".to_owned(),
        ])],
    )
}

/// What a person planned, ran and founded, as items of a list.
fn work_of(isles: &Isles, at: usize) -> Vec<String> {
    let bridges = isles
        .bridges
        .iter()
        .filter(|bridge| bridge.builder == at)
        .map(|bridge| {
            let words = format!("the bridge to {}", isles.islands[bridge.to].name);
            format!("Plans for {}", link(&bridge.title, &words))
        });
    let ferries = isles
        .ferries
        .iter()
        .filter(|ferry| ferry.master == at)
        .map(|ferry| {
            let words = format!("the line of the {}", ferry.boat);
            format!("Shares in {}", link(&ferry.title, &words))
        });
    let works = isles
        .works
        .iter()
        .filter(|works| works.founder == at)
        .map(|works| {
            format!(
                "Money for the {}",
                link(&works.title, &format!("pans of {}", works.name))
            )
        });
    bridges.chain(ferries).chain(works).collect()
}

pub(super) fn festivals(rng: &mut ChaCha8Rng, isles: &Isles) -> Vec<Draft> {
    isles
        .festivals
        .iter()
        .map(|festival| one_festival(rng, isles, festival))
        .collect()
}

const FOODS: [&str; 5] = [
    "smoked eel on rye",
    "barley dumplings",
    "herring in mustard",
    "kelp broth",
    "honey cake",
];

fn one_festival(rng: &mut ChaCha8Rng, isles: &Isles, festival: &Festival) -> Draft {
    Draft::new(&festival.title)
        .infobox(
            "festival",
            vec![
                ("Island", island(isles, festival.island)),
                ("Month", festival.month.to_owned()),
                ("Since", festival.since.to_string()),
                ("Guests", grouped(festival.guests)),
            ],
        )
        .lead(vec![
            format!(
                "The **{}** is held every {} on {}.",
                festival.title,
                festival.month,
                island(isles, festival.island)
            ),
            format!("It is first named in {}.", festival.since),
            "It lasts three days and ends with a fire on the beach.".to_owned(),
        ])
        .section(
            "Course of the days",
            vec![
                Chunk::para([
                    "On the first evening the boats are dressed with lamps.".to_owned(),
                    "The second day belongs to the children.".to_owned(),
                    "On the last day the oldest skipper holds a speech.".to_owned(),
                    "Nobody may work before noon.".to_owned(),
                ]),
                Chunk::para([
                    "The music is played on squeeze boxes and drums.".to_owned(),
                    "Every village sends a choir.".to_owned(),
                    "The choirs draw lots for the order.".to_owned(),
                ]),
            ],
        )
        .section(
            "Food and drink",
            vec![Chunk::para([
                format!("Every house offers {}.", pick(rng, &FOODS)),
                "The salt for it must come from the isles.".to_owned(),
                "A dark beer is brewed for the occasion.".to_owned(),
                "Guests bring their own cups.".to_owned(),
            ])],
        )
        .section(
            "Origins",
            vec![Chunk::para([
                "The feast is older than the church that now opens it.".to_owned(),
                "It fell silent in two wars and in the year of the great storm.".to_owned(),
                "A society took it over when the parish could no longer pay.".to_owned(),
                "Its rules fill one page and hang in the harbour office.".to_owned(),
            ])],
        )
}
