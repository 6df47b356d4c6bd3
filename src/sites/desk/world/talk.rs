//! What people wrote under issues and merge requests, and the work that they logged.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::NOW;
use crate::sites::desk::state::{
    Comment, CommentNo, IssueId, Membership, Merge, MergeId, MergeState, ProjectKey, Subject,
    Username, WorkEntry, WorkNo,
};
use crate::sites::desk::world::issues::{Made, at_work};
use crate::sites::desk::world::people;
use crate::sites::desk::world::words::{COMMENTS, NOTES, WORK, about};

/// What was written and logged.
#[derive(Default)]
pub(super) struct Talk {
    pub(super) comments: BTreeMap<CommentNo, Arc<Comment>>,
    pub(super) work: BTreeMap<WorkNo, WorkEntry>,
    pub(super) next_comment: CommentNo,
    pub(super) next_work: WorkNo,
}

/// Comments in the order of time, and logged work.
pub(super) fn talk(
    rng: &mut ChaCha8Rng,
    made: &mut Made,
    merges: &BTreeMap<MergeId, Arc<Merge>>,
    memberships: &BTreeMap<(ProjectKey, Username), Membership>,
) -> Talk {
    let mut written: Vec<Comment> = Vec::new();
    let mut talk = Talk {
        next_work: 1,
        ..Talk::default()
    };
    let ids: Vec<IssueId> = made.issues.keys().copied().collect();
    for id in ids {
        let people = Crowd::of(memberships, id.project);
        let thing = made.things.get(&id).copied().unwrap_or_default();
        let Some(issue) = made.issues.get_mut(&id) else {
            continue;
        };
        let end = issue.closing().map_or(NOW, |closing| closing.at);
        let count = [0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7]
            .choose(rng)
            .copied()
            .unwrap_or(2);
        for _ in 0..count {
            let at = between(rng, issue.created_at, end);
            written.push(comment(rng, Subject::Issue(id), thing, at, &people));
            issue.updated_at = issue.updated_at.max(at);
        }
        if rng.random_ratio(2, 5) {
            for _ in 0..rng.random_range(1..4) {
                let at = between(rng, issue.created_at, end);
                let entry = WorkEntry {
                    issue: id,
                    member: people.worker(rng),
                    day: at.date(),
                    minutes: rng.random_range(1..17) * 15,
                    note: WORK.choose(rng).copied().unwrap_or_default().to_owned(),
                };
                talk.work.insert(talk.next_work, entry);
                talk.next_work += 1;
            }
        }
        let last = issue
            .events
            .last()
            .map_or(issue.created_at, |event| event.at);
        issue.updated_at = issue.updated_at.max(last);
    }
    for merge in merges.values() {
        let people = Crowd::of(memberships, merge.id.project);
        let end = merge.ended.as_ref().map_or(NOW, |(at, _)| *at);
        let count = rng.random_range(0..4) + u32::from(merge.state == MergeState::Merged);
        for _ in 0..count {
            let at = between(rng, merge.created_at, end);
            let mut one = comment(rng, Subject::Merge(merge.id), "this", at, &people);
            one.internal = false;
            written.push(one);
        }
    }
    written.sort_by_key(|comment| (comment.at, comment.on));
    talk.next_comment = 4_001;
    for mut comment in written {
        comment.no = talk.next_comment;
        talk.next_comment += 1;
        talk.comments.insert(comment.no, Arc::new(comment));
    }
    talk
}

/// Who may speak in a project.
struct Crowd {
    all: Vec<Username>,
    workers: Vec<Username>,
}

impl Crowd {
    fn of(memberships: &BTreeMap<(ProjectKey, Username), Membership>, project: ProjectKey) -> Self {
        Self {
            all: memberships
                .keys()
                .filter(|(of, username)| *of == project && &**username != people::ME)
                .map(|(_, username)| username.clone())
                .collect(),
            workers: people::workers(memberships, project),
        }
    }

    fn worker(&self, rng: &mut ChaCha8Rng) -> Username {
        self.workers
            .choose(rng)
            .cloned()
            .unwrap_or_else(|| people::ME.into())
    }
}

fn comment(
    rng: &mut ChaCha8Rng,
    on: Subject,
    thing: &str,
    at: DateTime,
    people: &Crowd,
) -> Comment {
    let internal = rng.random_ratio(1, 14);
    let (texts, authors): (&[&str], &[Username]) = if internal {
        (&NOTES, &people.workers)
    } else {
        (&COMMENTS, &people.all)
    };
    let author = authors
        .choose(rng)
        .cloned()
        .unwrap_or_else(|| people::ME.into());
    Comment {
        no: 0,
        on,
        author,
        text: about(texts.choose(rng).copied().unwrap_or_default(), thing),
        internal,
        deleted: false,
        at,
    }
}

fn between(rng: &mut ChaCha8Rng, from: DateTime, until: DateTime) -> DateTime {
    let hours = until.duration_since(from).as_hours().clamp(1, 24 * 60);
    let at = from
        .checked_add(SignedDuration::from_hours(rng.random_range(0..hours)))
        .unwrap_or(from);
    let at = at_work(
        rng,
        crate::sites::desk::world::issues::working_day(at.date()),
    );
    at.clamp(from, until.max(from))
}
