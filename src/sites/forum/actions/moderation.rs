//! Reports, and what moderators do about them.

use std::sync::Arc;

use super::writing::{change_comment, change_post};
use super::{FieldError, Refusal, readable_comment, readable_post};
use crate::sites::clock::NOW;
use crate::sites::forum::queries::feed;
use crate::sites::forum::state::{
    CommunityId, ForumState, NOTE_LENGTH, Report, ReportNo, ReportStatus, Standing, Target,
};

/// Reports a post or comment to the moderators. Fields `rule` and `note`.
pub fn report(
    state: &mut ForumState,
    target: Target,
    rule: &str,
    note: &str,
) -> Result<ReportNo, Refusal> {
    let (author, community) = match target {
        Target::Post(no) => {
            let post = readable_post(state, no)?;
            (&post.author, &post.community)
        }
        Target::Comment(no) => {
            let (comment, post) = readable_comment(state, no)?;
            (&comment.author, &post.community)
        }
    };
    if *author == state.board.me {
        return Err(Refusal::not_allowed("You cannot report what you wrote."));
    }
    let community = community.clone();
    let again = state.reports.values().any(|known| {
        known.target == target && known.by == state.board.me && known.status == ReportStatus::Open
    });
    if again {
        return Err(Refusal::not_allowed("You have reported this already."));
    }
    let mut wrong = Vec::new();
    let rule = rule_of(state, &community, rule, &mut wrong);
    let note = note.trim();
    if note.chars().count() > NOTE_LENGTH {
        wrong.push(FieldError {
            field: "note".into(),
            message: format!("At most {NOTE_LENGTH} characters, please."),
        });
    }
    let (Some(rule), true) = (rule, wrong.is_empty()) else {
        return Err(Refusal::invalid(wrong));
    };
    let no = state.incidental.next_report;
    state.incidental.next_report += 1;
    let entry = Report {
        no,
        target,
        community,
        by: state.board.me.clone(),
        rule,
        note: note.to_owned(),
        status: ReportStatus::Open,
        removed_for: None,
        at: NOW,
    };
    Arc::make_mut(&mut state.reports).insert(no, entry);
    Ok(no)
}

/// The number of a rule of a community.
fn rule_of(
    state: &ForumState,
    community: &CommunityId,
    rule: &str,
    wrong: &mut Vec<FieldError>,
) -> Option<u8> {
    let rules = feed::community(state, community.as_str()).map_or(0, |place| place.rules.len());
    let rule = rule
        .parse()
        .ok()
        .filter(|rule| (1..=rules).contains(&usize::from(*rule)));
    if rule.is_none() {
        wrong.push(FieldError {
            field: "rule".into(),
            message: "Choose the rule that is broken.".to_owned(),
        });
    }
    rule
}

/// What a moderator decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision<'a> {
    /// It stays.
    Approve,
    /// It is removed for breaking this rule.
    Remove {
        /// Number of the rule.
        rule: &'a str,
    },
}

/// Settles open reports of a community that the persona moderates, all or none.
pub fn settle(
    state: &mut ForumState,
    community: &str,
    reports: &[ReportNo],
    decision: Decision<'_>,
) -> Result<usize, Refusal> {
    let id = CommunityId::from(community);
    if !feed::moderates(state, &id) {
        return Err(Refusal::forbidden(
            "Only moderators of this community can settle reports.",
        ));
    }
    let mut wrong = Vec::new();
    if reports.is_empty() {
        wrong.push(FieldError {
            field: "report".into(),
            message: "Tick the reports that you want to settle.".to_owned(),
        });
    }
    let rule = match decision {
        Decision::Approve => None,
        Decision::Remove { rule } => rule_of(state, &id, rule, &mut wrong),
    };
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    let is_open = |no: &ReportNo| {
        let report = state.reports.get(no);
        report.is_some_and(|one| one.community == id && one.status == ReportStatus::Open)
    };
    if !reports.iter().all(is_open) {
        return Err(Refusal::not_found(
            "One of these reports was settled meanwhile or is not yours.",
        ));
    }
    for no in reports {
        settle_one(state, *no, rule);
    }
    Ok(reports.len())
}

fn settle_one(state: &mut ForumState, no: ReportNo, rule: Option<u8>) {
    let Some(report) = Arc::make_mut(&mut state.reports).get_mut(&no) else {
        return;
    };
    report.removed_for = rule;
    report.status = if rule.is_some() {
        ReportStatus::Removed
    } else {
        ReportStatus::Approved
    };
    let target = report.target;
    if rule.is_some() {
        match target {
            Target::Post(no) => change_post(state, no, |post| post.standing = Standing::Removed),
            Target::Comment(no) => change_comment(state, no, |comment| {
                comment.standing = Standing::Removed;
            }),
        }
    }
}
