//! Makes the base state from the number of a world: the same number gives the same state, to
//! the byte, on every machine. No clock, no randomness but the seeded generator.

mod articles;
mod book;
mod courses;
mod draft;
mod handbook;
mod history;
mod isles;
pub mod lore;
mod names;
mod talk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use self::draft::Draft;
use self::history::{Plan, Saved};
use self::isles::Isles;
use crate::sites::people::{People, Persona};
use crate::sites::shop::state::ShopState;
use crate::sites::wiki::state::{
    Book, Content, Incidental, Page, PageId, Revision, RevisionNo, WikiState, fold_title,
};

/// Number of the first revision and of the first page.
const FIRST_REVISION: RevisionNo = 2_001;
const FIRST_PAGE: PageId = 1;
/// How many titles only point to another page.
const REDIRECTS: usize = 34;

/// The base state of a world.
pub fn base(world: u32, persona: &Persona, people: &People, shop: &ShopState) -> WikiState {
    let stream = |number: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(0x5361_726e_6973_0000 | u64::from(world));
        rng.set_stream(number);
        rng
    };
    let isles = Isles::of(&mut stream(1));
    let mut drafts = articles::all(&mut stream(2), &isles);
    let encyclopaedia = drafts.len();
    drafts.extend(handbook::drafts(&mut stream(3), people, shop));
    let plans = plans(&mut stream(4), &drafts, encyclopaedia);
    drafts.extend(redirects(&isles));
    let book = book::book(world, persona, people);
    let mut maker = Maker {
        book: &book,
        rng: stream(5),
        pages: BTreeMap::new(),
        saved: Vec::new(),
    };
    for (draft, plan) in drafts
        .into_iter()
        .zip(plans.into_iter().chain(std::iter::repeat(Plan {
            revisions: 1,
            ..Plan::default()
        })))
    {
        maker.add(draft, &plan);
    }
    let (pages, revisions) = maker.numbered();
    let comments = talk::comments(&mut stream(6), &book, &pages);
    let watched = watched(&pages);
    let titles = pages
        .values()
        .map(|page| (fold_title(&page.title), page.id))
        .collect();
    let incidental = Incidental {
        flash: None,
        drafts: Arc::default(),
        next_page: pages.keys().max().map_or(FIRST_PAGE, |last| last + 1),
        next_revision: revisions
            .keys()
            .max()
            .map_or(FIRST_REVISION, |last| last + 1),
        next_comment: comments.keys().max().map_or(1, |last| last + 1),
    };
    WikiState {
        book: Arc::new(book),
        pages: Arc::new(pages),
        comments: Arc::new(comments),
        watched: Arc::new(watched),
        titles: Arc::new(titles),
        revisions: Arc::new(revisions),
        incidental,
    }
}

fn watched(pages: &BTreeMap<PageId, Page>) -> BTreeSet<PageId> {
    pages
        .values()
        .filter(|page| ["Returns", "Late delivery rules", "On-call rota"].contains(&&*page.title))
        .map(|page| page.id)
        .collect()
}

/// What the history of each page holds.
fn plans(rng: &mut ChaCha8Rng, drafts: &[Draft], encyclopaedia: usize) -> Vec<Plan> {
    let kind = |draft: &Draft| draft.infobox.as_ref().map_or("", |(kind, _)| *kind);
    let mut lore = lore::LORE.map(|(_, sentence)| sentence).to_vec();
    lore.shuffle(rng);
    let mut count = BTreeMap::<&str, usize>::new();
    drafts
        .iter()
        .enumerate()
        .map(|(at, draft)| {
            let kind = kind(draft);
            let nth = *count.entry(kind).and_modify(|n| *n += 1).or_default();
            let mut plan = Plan {
                revisions: rng.random_range(3..7),
                corrected: corrected(kind, nth),
                ..Plan::default()
            };
            match kind {
                "festival" => {
                    plan.revisions = rng.random_range(17..38);
                    plan.lost = lore.split_off(lore.len().saturating_sub(2));
                }
                "bridge" | "village" => {
                    plan.revisions = rng.random_range(5..10);
                    plan.busy_day = true;
                }
                "island" if nth.is_multiple_of(2) => plan.emptied = Some("Wildlife"),
                "saltworks" if nth.is_multiple_of(2) => plan.emptied = Some("History"),
                "person" if nth.is_multiple_of(3) => plan.emptied = Some("Memory"),
                _ => {}
            }
            if plan.emptied.is_some() {
                plan.revisions = rng.random_range(7..12);
            }
            if draft.disambiguation || at >= encyclopaedia {
                plan.revisions = rng.random_range(2..6);
            }
            plan
        })
        .collect()
}

/// The field that had another value once.
fn corrected(kind: &str, nth: usize) -> Option<&'static str> {
    let fields: &[&'static str] = match kind {
        "island" => &["Population", "Area", "Highest point"],
        "village" => &["Population", "Area"],
        "saltworks" => &["Yearly output"],
        "bridge" => &["Length"],
        "festival" => &["Guests"],
        _ => return None,
    };
    fields.get(nth % fields.len()).copied()
}

/// Other titles of pages, which only point to them.
fn redirects(isles: &Isles) -> Vec<Draft> {
    let mut pairs: Vec<(String, String)> = vec![
        ("Sarns".into(), "Sarn Isles".into()),
        ("Send-backs".into(), "Returns".into()),
        ("Late parcels".into(), "Late delivery rules".into()),
        ("Rota".into(), "On-call rota".into()),
        ("Lighthouses".into(), "List of lighthouses".into()),
        ("Wrecks".into(), "List of wrecks".into()),
    ];
    let surname = |name: &str| {
        let (first, last) = name.split_once(' ').unwrap_or(("", name));
        format!("{last}, {first}")
    };
    pairs.extend(
        isles
            .people
            .iter()
            .take(16)
            .map(|person| (surname(&person.name), person.name.clone())),
    );
    pairs.extend(
        isles
            .ferries
            .iter()
            .map(|ferry| (format!("{} (boat)", ferry.boat), ferry.title.clone())),
    );
    pairs
        .into_iter()
        .take(REDIRECTS)
        .map(|(title, target)| {
            let mut draft = Draft::new(title);
            draft
                .lead
                .push(draft::Chunk::Raw(format!("{{{{redirect {target}}}}}")));
            draft
        })
        .collect()
}

struct Maker<'a> {
    book: &'a Book,
    rng: ChaCha8Rng,
    pages: BTreeMap<PageId, Page>,
    saved: Vec<(PageId, Saved)>,
}

impl Maker<'_> {
    fn add(&mut self, draft: Draft, plan: &Plan) {
        let id = FIRST_PAGE + u32::try_from(self.pages.len()).unwrap_or(0);
        let (title, protected) = (draft.title.clone(), draft.protected);
        let history = history::revisions(&mut self.rng, draft, plan);
        let page = Page {
            id,
            title: title.as_str().into(),
            protected,
            content: Arc::new(Content::of("")),
            latest: 0,
        };
        self.pages.insert(id, page);
        self.saved
            .extend(history.into_iter().map(|saved| (id, saved)));
    }

    /// Numbers all revisions in order of time and gives each an author.
    fn numbered(mut self) -> (BTreeMap<PageId, Page>, BTreeMap<RevisionNo, Revision>) {
        self.saved.sort_by_key(|(page, saved)| (saved.at, *page));
        let authors = book::authors(self.book);
        let mut revisions = BTreeMap::new();
        for ((id, saved), no) in self.saved.into_iter().zip(FIRST_REVISION..) {
            let Some(page) = self.pages.get_mut(&id) else {
                continue;
            };
            page.latest = no;
            let author = &authors[self.rng.random_range(0..authors.len())];
            let revision = Revision {
                no,
                page: id,
                author: Arc::clone(author),
                at: saved.at,
                summary: saved.summary,
                source: saved.source.into(),
            };
            revisions.insert(no, revision);
        }
        for page in self.pages.values_mut() {
            if let Some(latest) = revisions.get(&page.latest) {
                // One text for the page and its revision.
                page.content = Arc::new(Content::of(&latest.source));
            }
        }
        (self.pages, revisions)
    }
}

#[cfg(test)]
mod tests;
