//! Merge requests: pairs of which one closes an issue and the other only mentions it, some that
//! wait for the persona, some that cannot be merged, and what was merged before.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::{TODAY, plus_days};
use crate::sites::desk::state::{
    Checks, Issue, IssueId, Membership, Merge, MergeId, MergeState, ProjectKey, Role, Status,
    Username,
};
use crate::sites::desk::world::issues::{at_work, working_day};
use crate::sites::desk::world::plan::{PLANS, Plan};
use crate::sites::desk::world::{key_of, people};

/// Pairs in each project where the persona may merge, and requests of the past in every project.
const PAIRS: usize = 5;
const PAST: usize = 5;

/// All merge requests.
pub(super) fn merges(
    rng: &mut ChaCha8Rng,
    issues: &mut BTreeMap<IssueId, Issue>,
    memberships: &BTreeMap<(ProjectKey, Username), Membership>,
) -> BTreeMap<MergeId, Arc<Merge>> {
    let mut merges = BTreeMap::new();
    for plan in &PLANS {
        let project = key_of(plan);
        let maker = Maker {
            rng,
            plan,
            project,
            workers: people::workers(memberships, project),
        };
        for merge in maker.make(issues) {
            merges.insert(merge.id, Arc::new(merge));
        }
    }
    merges
}

struct Maker<'a> {
    rng: &'a mut ChaCha8Rng,
    plan: &'static Plan,
    project: ProjectKey,
    workers: Vec<Username>,
}

impl Maker<'_> {
    fn make(mut self, issues: &mut BTreeMap<IssueId, Issue>) -> Vec<Merge> {
        let mut made = Vec::new();
        let mine = self.plan.mine.is_some_and(|role| role >= Role::Developer);
        let (mut open, mut closed) = (Vec::new(), Vec::new());
        for issue in issues.values() {
            if issue.id.project == self.project && !issue.confidential {
                if issue.is_open() {
                    open.push(issue.id);
                } else {
                    closed.push(issue.id);
                }
            }
        }
        open.shuffle(self.rng);
        closed.shuffle(self.rng);
        for id in closed.iter().take(PAST) {
            let mut merge = self.request(&issues[id], &format!("Closes {id}."), 30..200);
            let end = merge
                .created_at
                .checked_add(jiff::SignedDuration::from_hours(50));
            merge.state = MergeState::Merged;
            merge.squashed = self.rng.random_ratio(1, 2);
            merge.branch_deleted = true;
            merge.ended = Some((end.unwrap_or(merge.created_at), self.worker()));
            made.push(merge);
        }
        let wanted = if mine { PAIRS } else { 1 };
        for id in open.iter().take(wanted) {
            made.extend(self.pair(&issues[id]));
            if let Some(issue) = issues.get_mut(id) {
                issue.status = Status::InReview;
                if issue.assignees.is_empty() {
                    issue.assignees = vec![self.worker()];
                }
            }
        }
        for id in open.iter().skip(wanted).take(2) {
            let mut merge = self.request(&issues[id], &format!("Fixes {id}."), 2..30);
            merge.draft = true;
            merge.checks = Checks::Failed;
            made.push(merge);
        }
        made.sort_by_key(|merge| merge.created_at);
        let mut no = self.plan.first / 4;
        for merge in &mut made {
            no += self.rng.random_range(1..4);
            merge.id.no = no;
            merge.branch = format!("{}-{}", merge.branch, no);
        }
        made
    }

    /// One request that closes an issue, and one that only prepares for it.
    fn pair(&mut self, issue: &Issue) -> [Merge; 2] {
        let id = issue.id;
        let closing = ["Closes", "Fixes", "Resolves"]
            .choose(self.rng)
            .unwrap_or(&"Closes");
        let closes = self.request(
            issue,
            &format!("Tried on the staging copy.\n\n{closing} {id}."),
            3..20,
        );
        let mention = [
            format!("A first part of what {id} needs. It does not solve it yet."),
            format!("Found while working on {id}, and better done apart. See also {id}."),
            format!("Prepares for {id}; the rest follows."),
        ];
        let mention = mention.choose(self.rng).cloned().unwrap_or_default();
        let mut prepares = self.request(issue, &mention, 3..25);
        prepares.title = format!("Clean up before: {}", issue.title);
        [closes, prepares]
    }

    fn request(&mut self, issue: &Issue, text: &str, days_ago: std::ops::Range<i64>) -> Merge {
        let day = plus_days(TODAY, -self.rng.random_range(days_ago));
        let author = self.worker();
        let mut reviewers = vec![self.worker(), self.worker()];
        if self.rng.random_ratio(2, 5) && self.plan.mine.is_some_and(|role| role >= Role::Developer)
        {
            reviewers.push(people::ME.into());
        }
        reviewers.retain(|reviewer| *reviewer != author);
        reviewers.sort();
        reviewers.dedup();
        let approved_by = reviewers
            .iter()
            .find(|reviewer| &***reviewer != people::ME)
            .into_iter()
            .filter(|_| self.rng.random_ratio(1, 2))
            .cloned()
            .collect();
        let words: Vec<String> = issue
            .title
            .to_lowercase()
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .filter(|word| word.len() > 3)
            .take(3)
            .map(str::to_owned)
            .collect();
        Merge {
            id: MergeId {
                project: self.project,
                no: 0,
            },
            title: issue.title.clone(),
            description: text.to_owned(),
            branch: words.join("-"),
            assignee: Some(author.clone()),
            author,
            reviewers,
            draft: false,
            checks: Checks::Passed,
            lines: (self.rng.random_range(4..400), self.rng.random_range(0..150)),
            created_at: at_work(self.rng, working_day(plus_days(day, -2))),
            state: MergeState::Open,
            approved_by,
            squashed: false,
            branch_deleted: false,
            ended: None,
        }
    }

    fn worker(&mut self) -> Username {
        self.workers
            .choose(self.rng)
            .cloned()
            .unwrap_or_else(|| people::ME.into())
    }
}
