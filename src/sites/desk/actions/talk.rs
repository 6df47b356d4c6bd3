//! Comments and logged work.

use std::sync::Arc;

use jiff::civil::Date;

use crate::sites::clock::{NOW, TODAY};
use crate::sites::desk::actions::{DAY, Refusal, Wrong, issue_with, need, write_issue};
use crate::sites::desk::queries::access::may;
use crate::sites::desk::state::{
    Comment, CommentNo, DeskState, IssueId, Right, Subject, WorkEntry, WorkNo,
};

/// The longest comment, in characters.
pub const COMMENT_LENGTH: usize = 4_000;
/// The longest note to logged work, in characters.
pub const NOTE_LENGTH: usize = 200;
/// The most work of one day, in minutes.
pub const MOST_MINUTES: u32 = 24 * 60;
/// How a length of time has to be written.
pub const HOW_LONG: &str =
    "Write hours and minutes, e.g. 2h 30m, 45m or 3h. Decimals are not understood.";

/// Comments on an issue or a merge request. Fields: `text`, `internal`.
pub fn comment(
    state: &mut DeskState,
    on: Subject,
    text: &str,
    internal: bool,
) -> Result<CommentNo, Refusal> {
    let project = match on {
        Subject::Issue(id) => {
            issue_with(state, id, Right::Comment)?;
            id.project
        }
        Subject::Merge(id) => {
            if !state.merges.contains_key(&id) || !may(state, id.project, Right::View) {
                return Err(Refusal::not_found(format!(
                    "There is no merge request {id}."
                )));
            }
            need(state, id.project, Right::Comment)?;
            id.project
        }
    };
    if internal {
        need(state, project, Right::Edit)?;
    }
    let mut wrong = Wrong::default();
    wrong.needs("text", text, COMMENT_LENGTH);
    wrong.none()?;
    let no = state.incidental.next_comment;
    state.incidental.next_comment += 1;
    let comment = Comment {
        no,
        on,
        author: state.fixed.me.clone(),
        text: text.to_owned(),
        internal,
        deleted: false,
        at: NOW,
    };
    Arc::make_mut(&mut state.comments).insert(no, Arc::new(comment));
    if let Subject::Issue(id) = on {
        write_issue(state, id)?.updated_at = NOW;
    }
    Ok(no)
}

/// Takes back a comment of one's own. Who watches has read it by then.
pub fn delete_comment(state: &mut DeskState, no: CommentNo) -> Result<Subject, Refusal> {
    let me = state.fixed.me.clone();
    let comment = Arc::make_mut(&mut state.comments).get_mut(&no);
    match comment {
        Some(comment) if comment.author == me && !comment.deleted => {
            let comment = Arc::make_mut(comment);
            comment.deleted = true;
            Ok(comment.on)
        }
        Some(comment) if comment.author == me => {
            Err(Refusal::not_allowed("This comment was deleted before."))
        }
        _ => Err(Refusal::not_found("You have written no such comment.")),
    }
}

/// Work to be logged. All as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// Field `time`, e.g. `1h 45m`.
    pub time: String,
    /// Field `day`; the form starts with today.
    pub day: String,
    /// Field `note`.
    pub note: String,
}

/// Logs work of one's own on an issue.
pub fn log(state: &mut DeskState, id: IssueId, form: &Work) -> Result<WorkNo, Refusal> {
    issue_with(state, id, Right::Edit)?;
    let mut wrong = Wrong::default();
    let length = minutes(&form.time);
    match length {
        None => wrong.say("time", HOW_LONG),
        Some(0) => wrong.say("time", "Nothing was worked."),
        Some(most) if most > MOST_MINUTES => wrong.say("time", "A day has 24 hours."),
        Some(_) => {}
    }
    let day: Option<Date> = form.day.parse().ok();
    match day {
        None => wrong.say("day", DAY),
        Some(day) if day > TODAY => wrong.say("day", "This day is still to come."),
        Some(_) => {}
    }
    wrong.at_most("note", &form.note, NOTE_LENGTH);
    wrong.none()?;
    let (Some(minutes), Some(day)) = (length, day) else {
        return Err(Refusal::field("time", HOW_LONG));
    };
    let no = state.incidental.next_work;
    state.incidental.next_work += 1;
    let entry = WorkEntry {
        issue: id,
        member: state.fixed.me.clone(),
        day,
        minutes,
        note: form.note.clone(),
    };
    Arc::make_mut(&mut state.work).insert(no, entry);
    Ok(no)
}

/// Takes back logged work of one's own.
pub fn unlog(state: &mut DeskState, no: WorkNo) -> Result<IssueId, Refusal> {
    let entry = state
        .work
        .get(&no)
        .filter(|entry| entry.member == state.fixed.me);
    let Some(id) = entry.map(|entry| entry.issue) else {
        return Err(Refusal::not_found("You have logged no such work."));
    };
    issue_with(state, id, Right::Edit)?;
    Arc::make_mut(&mut state.work).remove(&no);
    Ok(id)
}

/// Minutes of a text such as `1h 45m`, `1 h 45 min`, `90m`, `2 hours`.
pub fn minutes(text: &str) -> Option<u32> {
    let mut rest = text.trim().to_lowercase();
    let mut total: u32 = 0;
    let mut last_unit = 3;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: u32 = rest.get(..digits)?.parse().ok()?;
        let after = rest[digits..].trim_start().to_owned();
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, worth) = match &after[..letters] {
            "h" | "hour" | "hours" => (2, 60),
            "m" | "min" | "minute" | "minutes" => (1, 1),
            _ => return None,
        };
        if unit >= last_unit {
            return None;
        }
        last_unit = unit;
        total = total.checked_add(number.checked_mul(worth)?)?;
        rest = after[letters..].trim_start().to_owned();
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn lengths_of_time_are_read_strictly() {
        for (text, wanted) in [
            ("1h 45m", 105),
            ("1 h 45 min", 105),
            ("90m", 90),
            ("2 hours", 120),
            ("1h45m", 105),
            ("105 Minutes", 105),
        ] {
            assert_eq!(minutes(text), Some(wanted), "{text}");
        }
        for text in [
            "1.45", "1.45h", "1,5 h", "105", "45m 1h", "1h 1h", "h", "", "-1h",
        ] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
