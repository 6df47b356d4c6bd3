//! Milestones, their progress and their burndown.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::sites::clock::{TODAY, plus_days};
use crate::sites::desk::state::{
    DeskState, Happening, Issue, Milestone, MilestoneState, ProjectKey,
};

/// Milestones of a project: open ones first, each by last day.
pub fn of_project(state: &DeskState, key: ProjectKey) -> Vec<&Milestone> {
    let mut milestones: Vec<&Milestone> = state
        .milestones
        .values()
        .filter(|milestone| milestone.project == key)
        .collect();
    milestones.sort_by_key(|milestone| {
        let over = milestone.state == MilestoneState::Closed;
        (over, milestone.due, milestone.title.clone())
    });
    milestones
}

/// The milestone of this title in a project.
pub fn by_title<'a>(state: &'a DeskState, key: ProjectKey, title: &str) -> Option<&'a Milestone> {
    state
        .milestones
        .values()
        .find(|milestone| milestone.project == key && milestone.title == title)
}

/// Every issue of a milestone, confidential ones included: the chart counts them all.
pub fn issues<'a>(state: &'a DeskState, milestone: &Milestone) -> Vec<&'a Issue> {
    state
        .issues
        .values()
        .map(AsRef::as_ref)
        .filter(|issue| issue.milestone.as_ref() == Some(&milestone.id))
        .collect()
}

/// How far a milestone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Issues that are not closed.
    pub open: usize,
    /// Closed issues.
    pub closed: usize,
    /// Points of all issues.
    pub points: u32,
    /// Points of closed issues.
    pub done: u32,
}

/// How far a milestone is now.
pub fn progress(state: &DeskState, milestone: &Milestone) -> Progress {
    let mut progress = Progress {
        open: 0,
        closed: 0,
        points: 0,
        done: 0,
    };
    for issue in issues(state, milestone) {
        let points = issue.points.unwrap_or(0);
        progress.points += points;
        if issue.is_open() {
            progress.open += 1;
        } else {
            progress.closed += 1;
            progress.done += points;
        }
    }
    progress
}

/// One day of a burndown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurnDay {
    /// The day.
    pub day: Date,
    /// Points that are left at its end.
    pub remaining: u32,
    /// The same less that of the day before; 0 on the first day.
    pub change: i64,
}

/// Points that are left at the end of each day, from the first day to the last or today.
pub fn burndown(state: &DeskState, milestone: &Milestone) -> Vec<BurnDay> {
    let until = milestone.due.min(TODAY);
    let mut changes: BTreeMap<Date, i64> = BTreeMap::new();
    for issue in issues(state, milestone) {
        let points = i64::from(issue.points.unwrap_or(0));
        for event in &issue.events {
            let change = match event.what {
                Happening::Reported | Happening::Reopened => points,
                Happening::Closed => -points,
                Happening::MovedFrom(_) | Happening::Changed(_) => 0,
            };
            // What happened before the first day is part of it.
            let day = event.at.date().max(milestone.start);
            *changes.entry(day).or_default() += change;
        }
    }
    let mut days: Vec<BurnDay> = Vec::new();
    let mut remaining = 0;
    let mut day = milestone.start;
    while day <= until {
        let change = changes.get(&day).copied().unwrap_or(0);
        remaining += change;
        days.push(BurnDay {
            day,
            remaining: u32::try_from(remaining).unwrap_or(0),
            change: if days.is_empty() { 0 } else { change },
        });
        day = plus_days(day, 1);
    }
    days
}
