//! The community that the persona moderates: offers, some of which break a rule that can be
//! checked, and what was reported there and elsewhere.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::plan::MODERATED;
use super::posts::{draft, minutes_ago, plan_of, someone};
use super::words::TOWNS;
use super::writer::pick;
use super::{Draft, Part, REPORT_ZERO, Talk};
use crate::sites::forum::state::{Board, Report, ReportNo, ReportStatus, Standing, Target};

/// Offers that nobody reported.
const UNREPORTED: usize = 16;
/// What is wrong with each reported offer: the number of the rule; 0 for nothing.
const WRONG: [usize; 10] = [2, 2, 3, 3, 4, 4, 5, 5, 0, 0];
/// Reports that were settled long ago.
const SETTLED: usize = 14;

const CONDITIONS: &[&str] = &[
    "Used for two winters, no scratches.",
    "A gift that I already had.",
    "Works, but the box is gone.",
    "A dent on one side, otherwise fine.",
    "Bought last year and used three times.",
];

const NOTES: &[&str] = &[
    "Please have a look.",
    "This is against the rules.",
    "",
    "Not the first time.",
    "I may be wrong, but is this allowed?",
];

/// All offers.
pub(super) fn posts(rng: &mut ChaCha8Rng, board: &Board) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = (0..UNREPORTED)
        .map(|_| {
            let minutes = rng.random_range(3000..200 * 24 * 60);
            offer(rng, board, minutes, 0, Part::Plain)
        })
        .collect();
    let mut wrong = WRONG;
    wrong.shuffle(rng);
    for rule in wrong {
        let minutes = rng.random_range(200..5 * 24 * 60);
        drafts.push(offer(rng, board, minutes, rule, Part::Reported(rule)));
    }
    drafts
}

/// An offer that breaks one rule; 0 for none.
fn offer(rng: &mut ChaCha8Rng, board: &Board, minutes: i64, rule: usize, part: Part) -> Draft {
    let plan = plan_of(MODERATED);
    let author = someone(rng, &board.communities[MODERATED]);
    let mut draft = draft(rng, plan, author, minutes_ago(minutes));
    let (thing, town) = (draft.thing, pick(rng, TOWNS));
    let price = rng.random_range(2..30) * 5;
    let mut sentences = vec![pick(rng, CONDITIONS).to_owned()];
    sentences.push(match rule {
        2 => pick(
            rng,
            &[
                "Make me an offer.",
                "Ask me about the price.",
                "You can have it for a fair price.",
            ],
        )
        .to_owned(),
        _ => format!("I would like ${price} for it."),
    });
    if rule == 3 {
        let slug = thing.replace([' ', '\''], "-");
        sentences.push(format!("New ones: www.potsandmore.example/{slug}."));
    }
    sentences.push(match rule {
        5 => pick(
            rng,
            &[
                "Can be picked up after six.",
                "Pick up any evening, just write to me.",
            ],
        )
        .to_owned(),
        _ => format!("Pick up in {town}."),
    });
    draft.post.title = format!("Offered: {thing}");
    draft.post.text = sentences.join(" ");
    draft.post.picture = (rule != 4).then(|| format!("The {thing} on offer"));
    draft.post.flair = Some("Tip-off".to_owned());
    draft.post.standing = Standing::Up;
    draft.talk = Talk::Some;
    draft.part = part;
    draft
}

/// Reports: those that wait in the persona's queue, and others that were settled.
pub(super) fn reports(
    rng: &mut ChaCha8Rng,
    board: &Board,
    drafts: &[Draft],
) -> BTreeMap<ReportNo, Report> {
    let mut reports = settled(rng, board, drafts);
    for draft in drafts {
        let Part::Reported(rule) = draft.part else {
            continue;
        };
        // Every other reporter names a rule that is not broken.
        let claimed = if rule == 0 || rng.random_range(0..2) == 0 {
            rng.random_range(2..6)
        } else {
            rule
        };
        reports.push(report(rng, board, draft, claimed, ReportStatus::Open));
    }
    reports
        .into_iter()
        .zip(REPORT_ZERO + 1..)
        .map(|(report, no)| (no, Report { no, ..report }))
        .collect()
}

fn settled(rng: &mut ChaCha8Rng, board: &Board, drafts: &[Draft]) -> Vec<Report> {
    let mut fitting: Vec<&Draft> = drafts
        .iter()
        .filter(|draft| draft.part == Part::Plain && !draft.post.pinned)
        .filter(|draft| draft.post.standing != Standing::Deleted)
        .filter(|draft| draft.post.author != board.me)
        .collect();
    fitting.shuffle(rng);
    // The persona's own community has a history too.
    fitting.sort_by_key(|draft| draft.post.community.as_str() != MODERATED);
    let here = fitting.iter().take(5).copied();
    let elsewhere = fitting
        .iter()
        .skip(UNREPORTED + 5)
        .take(SETTLED - 5)
        .copied();
    here.chain(elsewhere)
        .collect::<Vec<_>>()
        .into_iter()
        .map(|draft| {
            let status = if draft.post.standing == Standing::Removed {
                ReportStatus::Removed
            } else {
                ReportStatus::Approved
            };
            report(rng, board, draft, 1, status)
        })
        .collect()
}

fn report(
    rng: &mut ChaCha8Rng,
    board: &Board,
    draft: &Draft,
    rule: usize,
    status: ReportStatus,
) -> Report {
    let community = &board.communities[&draft.post.community];
    let mut by = someone(rng, community).clone();
    while by == draft.post.author {
        by = someone(rng, community).clone();
    }
    let rule = u8::try_from(rule).unwrap_or(1);
    Report {
        no: 0,
        target: Target::Post(draft.post.no),
        community: draft.post.community.clone(),
        by,
        rule,
        note: pick(rng, NOTES).to_owned(),
        status,
        removed_for: (status == ReportStatus::Removed).then_some(rule),
        at: draft
            .post
            .written_at
            .checked_add(jiff::SignedDuration::from_mins(rng.random_range(20..180)))
            .unwrap_or(draft.post.written_at),
    }
}
