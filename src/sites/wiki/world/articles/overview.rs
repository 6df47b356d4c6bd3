//! Pages about the isles as a whole, most of them protected, and pages that tell names apart.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::super::draft::{Chunk, Draft, link};
use super::super::isles::{GROUPS, Isles};
use super::super::names::pick;
use super::island;

pub(super) fn drafts(rng: &mut ChaCha8Rng, isles: &Isles) -> Vec<Draft> {
    let mut drafts = vec![sarn_isles(isles)];
    drafts.extend(GROUPS.into_iter().map(|group| one_group(isles, group)));
    drafts.extend([salt(), council(), flag(isles), chronicle(rng, isles)]);
    for draft in &mut drafts {
        draft.protected = true;
    }
    drafts.extend([cooking(), words(), salt_and_smoke(), radio()]);
    drafts
}

fn sarn_isles(isles: &Isles) -> Draft {
    let people: u32 = isles.islands.iter().map(|island| island.people).sum();
    Draft::new("Sarn Isles")
        .category("Sarn Isles")
        .lead(vec![
            format!(
                "The **Sarn Isles** are an archipelago of {} islands that are lived on all year.",
                isles.islands.len()
            ),
            format!("About {} people live there.", super::grouped(people)),
            "Larder has bought salt, rope and smoked goods from them since its first year."
                .to_owned(),
        ])
        .section(
            "Groups",
            vec![Chunk::List(
                GROUPS.iter().map(|group| format!("[[{group}]]")).collect(),
            )],
        )
        .section(
            "Lists",
            vec![Chunk::List(
                [
                    "islands",
                    "bridges",
                    "ferries",
                    "saltworks",
                    "lighthouses",
                    "harbours",
                    "storms",
                    "wrecks",
                ]
                .iter()
                .map(|what| format!("[[List of {what}]]"))
                .collect(),
            )],
        )
        .section(
            "Climate",
            vec![Chunk::para([
                "Winters are mild and loud, summers cool and bright.".to_owned(),
                "Snow seldom stays for more than a day.".to_owned(),
                "The wind comes from the west on two days out of three.".to_owned(),
            ])],
        )
        .section(
            "Government",
            vec![Chunk::para([
                "The [[Council of the Isles]] meets four times a year.".to_owned(),
                "Every island sends one member, whatever its size.".to_owned(),
            ])],
        )
}

fn one_group(isles: &Isles, group: &'static str) -> Draft {
    let members = (0..isles.islands.len())
        .filter(|at| isles.islands[*at].group == group)
        .map(|at| island(isles, at))
        .collect();
    Draft::new(group)
        .category("Sarn Isles")
        .lead(vec![
            format!("The **{group}** are one of the three groups of the [[Sarn Isles]]."),
            "They share a doctor, a court and a football team.".to_owned(),
        ])
        .section("Islands", vec![Chunk::List(members)])
        .section("At a glance", vec![heights(isles, group)])
        .section(
            "Character",
            vec![Chunk::para([
                "People of the other groups say that here every story has two ends.".to_owned(),
                "The speech is slow and keeps old words.".to_owned(),
            ])],
        )
}

/// Islands of a group by their highest points.
fn heights(isles: &Isles, group: &str) -> Chunk {
    let mut islands: Vec<_> = isles
        .islands
        .iter()
        .filter(|island| island.group == group)
        .collect();
    islands.sort_by_key(|island| std::cmp::Reverse(island.peak));
    let rows = islands
        .into_iter()
        .map(|island| vec![island.name.clone(), format!("{} m", island.peak)])
        .collect();
    Chunk::Table(
        "By height".to_owned(),
        vec!["Island", "Highest point"],
        rows,
    )
}

fn salt() -> Draft {
    Draft::new("Sarn salt")
        .category("Food")
        .lead(vec![
            "**Sarn salt** is sea salt that is thickened by wind, boiled in iron pans and dried over peat smoke.".to_owned(),
            "The name may be used by works on the isles alone.".to_owned(),
        ])
        .section("Grades", vec![Chunk::List(vec![
            "**Flake**: raked off by hand, for the table".to_owned(),
            "**Pan**: for the kitchen".to_owned(),
            "**Bay**: coarse, for fish and hides".to_owned(),
        ])])
        .section("Trade", vec![Chunk::para([
            "The works are named in the [[List of saltworks]].".to_owned(),
            "A seal of lead was fixed to each sack until 1932.".to_owned(),
        ])])
}

fn council() -> Draft {
    Draft::new("Council of the Isles")
        .category("Sarn Isles")
        .lead(vec![
            "The **Council of the Isles** is the parliament of the [[Sarn Isles]].".to_owned(),
            "It is the only one known to us that meets on a boat.".to_owned(),
        ])
        .section(
            "Meetings",
            vec![Chunk::para([
                "Meetings are open; seats are few.".to_owned(),
                "Speeches end when the tide turns.".to_owned(),
            ])],
        )
        .section(
            "Offices",
            vec![Chunk::List(vec![
                "Speaker".to_owned(),
                "Keeper of weights".to_owned(),
                "Keeper of the lights".to_owned(),
            ])],
        )
}

fn flag(isles: &Isles) -> Draft {
    Draft::new("Sarn flag")
        .category("Sarn Isles")
        .lead(vec![
            "The **Sarn flag** shows three white lines on blue.".to_owned(),
            "Each line stands for one of the groups.".to_owned(),
        ])
        .section(
            "Use",
            vec![Chunk::para([
                "It is flown on feast days and from every ferry.".to_owned(),
                format!("The oldest one is kept on {}.", island(isles, 4)),
            ])],
        )
}

const EVENTS: [&str; 14] = [
    "a late frost ruined the barley on {a}, and the council sent grain from {b} in open boats",
    "the harbour of {a} was dredged for the first time, which took the crews of {b} two summers",
    "a school was opened on {a} with eleven children and one stove, and people on {b} asked for one too",
    "the keepers of {a} and {b} agreed on a common sign for fog, three short and one long",
    "the price of salt fell by a third, and half of the pans on {a} stood cold while {b} turned to rope",
    "a whale came ashore on {a} and fed the parish until spring, as the priest of {b} wrote with some envy",
    "the first steamer reached {a}, frightened the horses, and did not go on to {b}",
    "the court settled the long quarrel between {a} and {b} over the eel grounds in the sound",
    "a fever closed {a} for nine weeks, and bread was left for it on a rock off {b}",
    "the great tide carried off the lower street of {a} and laid its doors on the beach of {b}",
    "a printer from the mainland settled on {a} and brought out a newspaper that was read aloud on {b}",
    "the women of {a} refused to gut fish for the old wage, and those of {b} joined them within the week",
    "a light was lit on the outer rock off {a}, and for the first time no boat from {b} was lost that winter",
    "the council measured all fields on {a} and found them smaller than those of {b}, to general surprise",
];

const REMARKS: [&str; 6] = [
    "The minutes of that year are complete and give every name.",
    "What is told about it today rests on two letters and a bill.",
    "Older books put it a year later, which the harbour accounts do not bear out.",
    "A stone with the date stands where the road bends.",
    "Of the people who saw it none could write, but their children could.",
    "The matter was raised again in the council more than once and never settled.",
];

/// The longest article: a year after the other, in half centuries.
fn chronicle(rng: &mut ChaCha8Rng, isles: &Isles) -> Draft {
    let mut draft = Draft::new("Chronicle of the Sarn Isles")
        .category("Sarn Isles")
        .lead(vec![
            "This **chronicle** names what the books of the council, the harbours and the parishes tell, year by year.".to_owned(),
            "Entries are kept short; where there is more to say, a page of its own says it.".to_owned(),
        ]);
    for half in 0..7_u32 {
        let start = 1_620 + half * 50;
        let mut chunks = Vec::new();
        for year in start..start + 50 {
            let (a, b) = (rng.random_range(0..20), rng.random_range(0..19));
            let b = if b >= a { b + 1 } else { b };
            let event = pick(rng, &EVENTS)
                .replace("{a}", &isles.islands[a].name)
                .replace("{b}", &isles.islands[b].name);
            let remark = pick(rng, &REMARKS).to_owned();
            chunks.push(Chunk::para([
                format!("**{year}** – In this year {event}."),
                remark,
            ]));
        }
        draft = draft.section(format!("{start} to {}", start + 49), chunks);
    }
    draft
}

fn cooking() -> Draft {
    Draft::new("Cooking on the isles")
        .category("Food")
        .lead(vec![
            "Cooking on the [[Sarn Isles]] knows one pot, one fire and much patience.".to_owned(),
            "It lives from fish, barley, kale and [[Sarn salt]].".to_owned(),
        ])
        .section(
            "Dishes",
            vec![Chunk::List(vec![
                "Barley dumplings with smoked eel".to_owned(),
                "Herring in mustard".to_owned(),
                "Kelp broth with an egg".to_owned(),
                "Honey cake without flour".to_owned(),
            ])],
        )
        .section(
            "Tools",
            vec![Chunk::para([
                "Every house owns an iron girdle and a stone mortar.".to_owned(),
                "Knives are ground on the door step, which wears hollow.".to_owned(),
            ])],
        )
}

fn words() -> Draft {
    Draft::new("Élan (isle speech)")
        .category("Sarn Isles")
        .lead(vec![
            "**Élan** is the word of the isles for the push with which a boat leaves the beach."
                .to_owned(),
            "It was borrowed from sailors and has lost its first meaning.".to_owned(),
        ])
        .section(
            "Use",
            vec![Chunk::para([
                "A cook with élan does not measure.".to_owned(),
                "A bridge is opened with élan or not at all.".to_owned(),
            ])],
        )
}

fn salt_and_smoke() -> Draft {
    Draft::new("Salt & Smoke")
        .category("Food")
        .lead(vec![
            "**Salt & Smoke** is the yearly market of the makers of the isles.".to_owned(),
            "Larder has a stand there every second year.".to_owned(),
        ])
        .section(
            "Stands",
            vec![Chunk::para([
                "Stands are drawn by lot.".to_owned(),
                "A maker who missed two years goes to the end of the queue.".to_owned(),
            ])],
        )
}

fn radio() -> Draft {
    Draft::new("Sarn Radio 1/2")
        .category("Sarn Isles")
        .lead(vec![
            "**Sarn Radio 1/2** is the one station of the isles; it was meant to be the first of two.".to_owned(),
            "It reads the ferry times every hour.".to_owned(),
        ])
        .section("Programme", vec![Chunk::para([
            "The weather is sung on Sundays.".to_owned(),
            "Between two and four the station is silent.".to_owned(),
        ])])
}

/// Pages that tell the meanings of a shared name apart.
pub(super) fn disambiguations(isles: &Isles) -> Vec<Draft> {
    isles
        .shared
        .iter()
        .map(|name| {
            let sense = |kind: &str, about: &str| {
                let title = format!("{name} ({kind})");
                format!("{}, {about}", link(&title, &title))
            };
            let mut draft = Draft::new(name)
                .lead(vec![format!("**{name}** may mean:")])
                .category("Sarn Isles");
            draft.disambiguation = true;
            draft.lead.push(Chunk::List(vec![
                sense("island", "one of the Sarn Isles"),
                sense("village", "a village on another island"),
                sense("saltworks", "saltworks on a third one"),
            ]));
            draft
        })
        .collect()
}
