//! Milestones: the same four titles in most projects, with other days, and one of its own.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::desk::state::{Milestone, MilestoneId, MilestoneState, ProjectKey};
use crate::sites::desk::world::key_of;
use crate::sites::desk::world::plan::PLANS;

/// Titles that every project but the closed one has.
pub(super) const AUTUMN: &str = "Autumn 2025";
pub(super) const WINTER: &str = "Winter 2025";
pub(super) const SPRING: &str = "Spring 2026";
pub(super) const SUMMER: &str = "Summer 2026";

/// Last days of spring: Mondays and Tuesdays.
const SPRING_ENDS: [Date; 7] = [
    date(2026, 3, 30),
    date(2026, 3, 31),
    date(2026, 4, 6),
    date(2026, 4, 7),
    date(2026, 4, 13),
    date(2026, 4, 14),
    date(2026, 4, 20),
];

/// A milestone's id.
pub(super) fn id_of(project: ProjectKey, title: &str) -> MilestoneId {
    let slug = title.to_lowercase().replace(' ', "-");
    format!("{}-{slug}", project.as_str().to_lowercase()).into()
}

/// All milestones.
pub(super) fn milestones(rng: &mut ChaCha8Rng) -> BTreeMap<MilestoneId, Milestone> {
    let mut all = BTreeMap::new();
    for plan in &PLANS {
        let project = key_of(plan);
        let mut add = |title: &str, about: &str, start, due, over| {
            let id = id_of(project, title);
            let state = if over {
                MilestoneState::Closed
            } else {
                MilestoneState::Open
            };
            let milestone = Milestone {
                id: id.clone(),
                project,
                title: title.to_owned(),
                about: about.to_owned(),
                start,
                due,
                state,
            };
            all.insert(id, milestone);
        };
        let Some((title, about)) = plan.special else {
            add(
                "Audit 2026",
                "What the auditors want to see.",
                date(2026, 1, 5),
                date(2026, 6, 30),
                false,
            );
            continue;
        };
        let autumn_ends = [date(2025, 11, 25), date(2025, 11, 28), date(2025, 12, 2)];
        let winter_ends = [date(2026, 2, 24), date(2026, 2, 27), date(2026, 3, 3)];
        let one =
            |rng: &mut ChaCha8Rng, days: &[Date]| days.choose(rng).copied().unwrap_or(days[0]);
        add(
            AUTUMN,
            "Before the Christmas business.",
            date(2025, 9, 15),
            one(rng, &autumn_ends),
            true,
        );
        add(
            WINTER,
            "What the Christmas business taught us.",
            date(2025, 12, 8),
            one(rng, &winter_ends),
            false,
        );
        add(
            SPRING,
            "The next release.",
            date(2026, 3, 2),
            one(rng, &SPRING_ENDS),
            false,
        );
        add(
            SUMMER,
            "The release after that.",
            date(2026, 4, 27),
            date(2026, 6, 26),
            false,
        );
        add(title, about, date(2026, 1, 19), date(2026, 5, 22), false);
    }
    all
}
