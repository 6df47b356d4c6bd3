//! Groups of three issues that report the same problem in other words. The one with the lowest
//! number is never the one that was reported first: two of each group came in by mail and got
//! their numbers later.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::{TODAY, plus_days};
use crate::sites::desk::state::{Event, Happening, Issue, IssueId, IssueKind, Username};
use crate::sites::desk::world::issues::{Draft, at_work, working_day};
use crate::sites::desk::world::plan::Plan;
use crate::sites::desk::world::words::{CIRCUMSTANCES, FAMILIES, about};

/// One group.
pub(super) struct Family {
    pub(super) ids: [IssueId; 3],
}

impl Family {
    /// The issues of a project's groups.
    pub(super) fn drafts(rng: &mut ChaCha8Rng, plan: &'static Plan) -> Vec<Draft> {
        let mut things: Vec<(&'static str, &'static str)> = plan
            .components
            .iter()
            .flat_map(|(component, things)| things.iter().map(move |thing| (*component, *thing)))
            .collect();
        things.shuffle(rng);
        let mut patterns: Vec<usize> = (0..FAMILIES.len()).collect();
        patterns.shuffle(rng);
        let mut drafts = Vec::new();
        let groups = things.into_iter().zip(patterns).take(plan.families);
        for (family, ((component, thing), pattern)) in groups.enumerate() {
            let mut day = plus_days(TODAY, -rng.random_range(45..80));
            for (title, text) in FAMILIES[pattern] {
                let circumstance = CIRCUMSTANCES.choose(rng).copied().unwrap_or_default();
                drafts.push(Draft {
                    kind: IssueKind::Bug,
                    component,
                    thing,
                    title: about(title, thing),
                    text: format!("{}\n\n{circumstance}", about(text, thing)),
                    created: at_work(rng, working_day(day)),
                    family: Some(family),
                });
                day = plus_days(day, rng.random_range(3..14));
            }
        }
        drafts
    }

    /// Takes the order of time from the order of numbers, and gives them watchers that overlap.
    pub(super) fn settle(
        &self,
        rng: &mut ChaCha8Rng,
        issues: &mut BTreeMap<IssueId, Issue>,
        everyone: &[Username],
    ) {
        let times: Vec<_> = self.ids.iter().map(|id| issues[id].created_at).collect();
        let places = if rng.random_ratio(1, 2) {
            [1, 0, 2]
        } else {
            [2, 1, 0]
        };
        let mut crowd = everyone.to_vec();
        crowd.shuffle(rng);
        for (at, id) in self.ids.iter().enumerate() {
            let Some(issue) = issues.get_mut(id) else {
                continue;
            };
            issue.created_at = times[places[at]];
            issue.updated_at = issue.created_at;
            issue.events = vec![Event {
                at: issue.created_at,
                by: issue.reporter.clone(),
                what: Happening::Reported,
            }];
            if places[at] != at {
                issue.events.push(Event {
                    at: times[at].max(issue.created_at),
                    by: issue.reporter.clone(),
                    what: Happening::Changed("Taken over from the mailbox".to_owned()),
                });
            }
            // Each watches with one or two of those who watch the next.
            let mut watchers: Vec<Username> =
                crowd[at..(at + 2 + at % 2).min(crowd.len())].to_vec();
            watchers.sort();
            issue.watchers = watchers;
        }
    }
}
