//! The issues of one project, from January 2025 to the present.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time, Weekday, date};
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::{NOW, TODAY, days_between, plus_days};
use crate::sites::desk::state::{
    Event, Happening, Issue, IssueId, IssueKind, Membership, Milestone, MilestoneId, Priority,
    ProjectKey, Resolution, Role, Severity, Status, Username,
};
use crate::sites::desk::world::families::Family;
use crate::sites::desk::world::milestones::{AUTUMN, SPRING, SUMMER, WINTER, id_of};
use crate::sites::desk::world::plan::Plan;
use crate::sites::desk::world::words::{
    BUGS, CIRCUMSTANCES, FEATURES, QUESTIONS, STEPS, TASKS, about,
};
use crate::sites::desk::world::{key_of, people};

/// What was made so far.
#[derive(Default)]
pub(super) struct Made {
    pub(super) issues: BTreeMap<IssueId, Issue>,
    /// The thing that each issue is about.
    pub(super) things: BTreeMap<IssueId, &'static str>,
    /// Numbers that were left out.
    pub(super) gaps: Vec<IssueId>,
    /// Groups that report the same problem.
    pub(super) families: Vec<[IssueId; 3]>,
}

/// An issue before it has a number.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) kind: IssueKind,
    pub(super) component: &'static str,
    pub(super) thing: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) created: DateTime,
    /// Which group of the same problem it belongs to.
    pub(super) family: Option<usize>,
}

/// Makes the issues of one project.
pub(super) struct Maker<'a> {
    rng: &'a mut ChaCha8Rng,
    plan: &'static Plan,
    project: ProjectKey,
    milestones: &'a BTreeMap<MilestoneId, Milestone>,
    everyone: Vec<Username>,
    workers: Vec<Username>,
}

/// Days on which the teams plan: what is reported around them stands under them.
const PLANNING: [Date; 4] = [
    date(2025, 10, 13),
    date(2025, 10, 27),
    date(2026, 1, 14),
    date(2026, 3, 9),
];

impl<'a> Maker<'a> {
    pub(super) fn new(
        rng: &'a mut ChaCha8Rng,
        plan: &'static Plan,
        memberships: &BTreeMap<(ProjectKey, Username), Membership>,
        milestones: &'a BTreeMap<MilestoneId, Milestone>,
    ) -> Self {
        let project = key_of(plan);
        let everyone = memberships
            .keys()
            .filter(|(of, username)| *of == project && &**username != people::ME)
            .map(|(_, username)| username.clone())
            .collect();
        Self {
            rng,
            plan,
            project,
            milestones,
            everyone,
            workers: people::workers(memberships, project),
        }
    }

    /// Makes them all.
    pub(super) fn make(mut self, made: &mut Made) {
        let mut drafts = self.drafts();
        drafts.sort_by(|one, two| (one.created, &one.title).cmp(&(two.created, &two.title)));
        let mut no = self.plan.first;
        let mut families: BTreeMap<usize, Vec<IssueId>> = BTreeMap::new();
        for draft in drafts {
            let id = IssueId {
                project: self.project,
                no,
            };
            no += 1;
            if self.rng.random_ratio(1, 14) {
                made.gaps.push(IssueId {
                    project: self.project,
                    no,
                });
                no += 1;
            }
            if let Some(family) = draft.family {
                families.entry(family).or_default().push(id);
            }
            made.things.insert(id, draft.thing);
            let issue = self.issue(id, draft);
            made.issues.insert(id, issue);
        }
        for ids in families.into_values() {
            let Ok(ids) = <[IssueId; 3]>::try_from(ids) else {
                continue;
            };
            Family { ids }.settle(self.rng, &mut made.issues, &self.everyone);
            made.families.push(ids);
        }
        self.winter(made);
    }

    fn drafts(&mut self) -> Vec<Draft> {
        let mut combinations = Vec::new();
        for (component, things) in self.plan.components {
            for thing in *things {
                let groups: [(IssueKind, &[(&str, &str)]); 4] = [
                    (IssueKind::Bug, &BUGS),
                    (IssueKind::Task, &TASKS),
                    (IssueKind::Feature, &FEATURES),
                    (IssueKind::Question, &QUESTIONS),
                ];
                for (kind, patterns) in groups {
                    for (title, text) in patterns {
                        combinations.push((kind, *component, *thing, *title, *text));
                    }
                }
            }
        }
        combinations.shuffle(self.rng);
        let plain = self.plan.size - self.plan.families * 3;
        let mut drafts: Vec<Draft> = combinations
            .into_iter()
            .take(plain)
            .map(|(kind, component, thing, title, text)| Draft {
                kind,
                component,
                thing,
                title: about(title, thing),
                text: self.text(kind, thing, text),
                created: self.created(),
                family: None,
            })
            .collect();
        drafts.extend(Family::drafts(self.rng, self.plan));
        drafts
    }

    fn text(&mut self, kind: IssueKind, thing: &str, text: &str) -> String {
        let mut paragraphs = vec![about(text, thing)];
        if kind == IssueKind::Bug && self.rng.random_ratio(2, 3) {
            let from = self.rng.random_range(0..3);
            let steps: Vec<String> = STEPS[from..from + 3]
                .iter()
                .map(|step| format!("- {}", about(step, thing)))
                .collect();
            paragraphs.push(format!("To see it:\n{}", steps.join("\n")));
        }
        if kind == IssueKind::Task && self.rng.random_ratio(1, 4) {
            paragraphs
                .push("- [x] ask the stores\n- [ ] write it down\n- [ ] tell everybody".into());
            paragraphs.push(format!(
                "| Where | How often |\n| Stores | {} |\n| Office | {} |",
                self.rng.random_range(3..40),
                self.rng.random_range(3..40)
            ));
        }
        if let Some(circumstance) = CIRCUMSTANCES.choose(self.rng) {
            paragraphs.push((*circumstance).to_owned());
        }
        paragraphs.join("\n\n")
    }

    /// More and more over the months; on working days; around planning days on them.
    fn created(&mut self) -> DateTime {
        let span = days_between(date(2025, 1, 6), TODAY) - 1;
        let (one, two) = (
            self.rng.random_range(0..=span),
            self.rng.random_range(0..=span),
        );
        let mut day = plus_days(date(2025, 1, 6), one.max(two));
        if let Some(planning) = PLANNING
            .iter()
            .find(|planning| days_between(**planning, day).abs() <= 4)
            && self.rng.random_ratio(2, 3)
        {
            day = *planning;
        }
        at_work(self.rng, working_day(day))
    }

    fn someone(&mut self) -> Username {
        self.everyone
            .choose(self.rng)
            .cloned()
            .unwrap_or_else(|| people::ME.into())
    }

    fn worker(&mut self) -> Username {
        self.workers
            .choose(self.rng)
            .cloned()
            .unwrap_or_else(|| people::ME.into())
    }

    /// Two of the workers close more than the others.
    fn closer(&mut self) -> Username {
        let at = self.rng.random_range(0..self.workers.len().max(1) + 3);
        let at = if at >= self.workers.len() { at % 2 } else { at };
        self.workers
            .get(at)
            .cloned()
            .unwrap_or_else(|| people::ME.into())
    }

    fn issue(&mut self, id: IssueId, draft: Draft) -> Issue {
        let reporter = self.someone();
        let mut issue = Issue {
            id,
            title: draft.title,
            description: draft.text,
            kind: draft.kind,
            status: Status::Todo,
            resolution: None,
            priority: self.priority(),
            severity: None,
            component: Some(draft.component.to_owned()),
            labels: self.labels(),
            milestone: None,
            assignees: self.assignees(),
            watchers: self.watchers(),
            due: None,
            points: Some(*[1, 2, 2, 3, 3, 5, 8].choose(self.rng).unwrap_or(&3)),
            estimate_min: None,
            confidential: draft.family.is_none() && self.rng.random_ratio(1, 25),
            reporter: reporter.clone(),
            created_at: draft.created,
            updated_at: draft.created,
            events: vec![Event {
                at: draft.created,
                by: reporter,
                what: Happening::Reported,
            }],
        };
        if draft.kind == IssueKind::Bug {
            issue.severity = [
                Severity::Minor,
                Severity::Major,
                Severity::Major,
                Severity::Critical,
            ]
            .choose(self.rng)
            .copied();
        }
        if draft.kind == IssueKind::Question {
            issue.points = None;
        }
        if self.rng.random_ratio(1, 3) {
            issue.estimate_min = Some(self.rng.random_range(1..17) * 30);
        }
        self.life(&mut issue, draft.family.is_some());
        issue.milestone = self.milestone(&issue, draft.family.is_some());
        if issue.is_open() && self.rng.random_ratio(2, 5) {
            let days = self.rng.random_range(-12..70);
            issue.due = Some(working_day(plus_days(TODAY, days)));
        }
        if issue.is_open() {
            self.column(&mut issue);
        } else if issue.assignees.is_empty() && self.rng.random_ratio(4, 5) {
            issue.assignees = vec![self.worker()];
        }
        issue
    }

    fn priority(&mut self) -> Priority {
        match self.rng.random_range(0..20) {
            0 => Priority::Urgent,
            1..5 => Priority::High,
            5..15 => Priority::Normal,
            _ => Priority::Low,
        }
    }

    fn labels(&mut self) -> Vec<String> {
        let mut labels = Vec::new();
        for (at, (name, _)) in self.plan.labels.iter().enumerate() {
            let often = match at {
                0 => 58,
                1 => 30,
                2 | 3 => 22,
                _ => 10,
            };
            if self.rng.random_range(0..100) < often {
                labels.push((*name).to_owned());
            }
        }
        labels.truncate(5);
        labels.sort();
        labels
    }

    fn assignees(&mut self) -> Vec<Username> {
        let mut assignees = match self.rng.random_range(0..100) {
            0..36 => Vec::new(),
            36..90 => vec![self.worker()],
            90..95 if self.plan.mine.is_some_and(|role| role >= Role::Developer) => {
                vec![people::ME.into()]
            }
            _ => vec![self.worker(), self.worker()],
        };
        assignees.sort();
        assignees.dedup();
        assignees
    }

    fn watchers(&mut self) -> Vec<Username> {
        let count = self.rng.random_range(0..5);
        let mut watchers: Vec<Username> = (0..count).map(|_| self.someone()).collect();
        if self.rng.random_ratio(1, 20) && self.plan.mine.is_some() {
            watchers.push(people::ME.into());
        }
        watchers.sort();
        watchers.dedup();
        watchers
    }

    /// What happened to it: closed, perhaps opened again, perhaps closed again.
    fn life(&mut self, issue: &mut Issue, keep_open: bool) {
        let age = days_between(issue.created_at.date(), TODAY);
        let chance = match age {
            0..21 => 14,
            21..60 => 34,
            60..150 => 58,
            _ => 80,
        };
        if keep_open || self.rng.random_range(0..100) >= chance {
            return;
        }
        let Some(at) = self.later(issue.created_at, 45) else {
            return;
        };
        self.close(issue, at);
        if self.rng.random_ratio(1, 12)
            && let Some(at) = self.later(at, 9)
        {
            let by = self.someone();
            issue.status = Status::Todo;
            issue.resolution = None;
            issue.events.push(Event {
                at,
                by,
                what: Happening::Reopened,
            });
            if self.rng.random_ratio(3, 4)
                && let Some(at) = self.later(at, 25)
            {
                self.close(issue, at);
            }
        }
    }

    fn close(&mut self, issue: &mut Issue, at: DateTime) {
        let own = issue
            .assignees
            .first()
            .filter(|_| self.rng.random_ratio(1, 2))
            .cloned();
        let by = own.unwrap_or_else(|| self.closer());
        issue.status = Status::Closed;
        issue.resolution = Some(if self.rng.random_ratio(1, 9) {
            Resolution::Declined
        } else {
            Resolution::Done
        });
        issue.events.push(Event {
            at,
            by,
            what: Happening::Closed,
        });
    }

    /// A later moment before the present; four in ten fall on a Thursday, when releases are.
    fn later(&mut self, from: DateTime, most_days: i64) -> Option<DateTime> {
        let mut day = plus_days(from.date(), self.rng.random_range(1..=most_days));
        if self.rng.random_ratio(2, 5) {
            while day.weekday() != Weekday::Thursday {
                day = plus_days(day, 1);
            }
        }
        let at = at_work(self.rng, working_day(day));
        (at < NOW && at > from).then_some(at)
    }

    fn milestone(&mut self, issue: &Issue, family: bool) -> Option<MilestoneId> {
        self.plan.special?;
        let id = |title: &str| id_of(self.project, title);
        let chance = self.rng.random_range(0..100);
        if let Some(closing) = issue.closing() {
            let day = closing.at.date();
            return [AUTUMN, WINTER, SPRING]
                .into_iter()
                .map(id)
                .find(|id| {
                    let milestone = &self.milestones[id];
                    milestone.start < day && day <= milestone.due
                })
                .filter(|_| chance < 85);
        }
        let special = self.plan.special.map_or("", |(title, _)| title);
        match chance {
            _ if family => None,
            0..58 => Some(id(SPRING)),
            58..68 => Some(id(SUMMER)),
            68..78 => Some(id(special)),
            _ => None,
        }
    }

    fn column(&mut self, issue: &mut Issue) {
        issue.status = match self.rng.random_range(0..100) {
            0..42 => Status::Todo,
            42..66 => Status::InProgress,
            66..82 => Status::InReview,
            _ => Status::Waiting,
        };
        if issue.status == Status::InReview && issue.assignees.is_empty() {
            issue.assignees = vec![self.worker()];
        }
    }

    /// The overdue milestone holds some open issues still.
    fn winter(&mut self, made: &mut Made) {
        if self.plan.special.is_none() {
            return;
        }
        let mut open: Vec<IssueId> = made
            .issues
            .values()
            .filter(|issue| {
                issue.id.project == self.project
                    && issue.is_open()
                    && !issue.confidential
                    && !made
                        .families
                        .iter()
                        .any(|family| family.contains(&issue.id))
                    && issue.created_at.date() < date(2026, 2, 20)
            })
            .map(|issue| issue.id)
            .collect();
        open.shuffle(self.rng);
        let wanted = self.rng.random_range(8..12);
        for id in open.into_iter().take(wanted) {
            if let Some(issue) = made.issues.get_mut(&id) {
                issue.milestone = Some(id_of(self.project, WINTER));
                issue.status = [Status::Todo, Status::InProgress, Status::Waiting]
                    .choose(self.rng)
                    .copied()
                    .unwrap_or(Status::Todo);
            }
        }
    }
}

/// The day itself, or the Monday after it.
pub(super) fn working_day(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => plus_days(day, 2),
        Weekday::Sunday => plus_days(day, 1),
        _ => day,
    }
}

/// A time of a day between eight and six; today in the early morning.
pub(super) fn at_work(rng: &mut ChaCha8Rng, day: Date) -> DateTime {
    let hour = if day >= TODAY {
        8
    } else {
        rng.random_range(8..18)
    };
    let time = Time::new(hour, rng.random_range(0..60), 0, 0).unwrap_or(Time::midnight());
    day.to_datetime(time)
}
