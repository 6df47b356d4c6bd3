//! Pieces that several pages show: links, faces, rows of issues, text with marks.

use jiff::civil::{Date, DateTime};

use crate::sites::clock::{TODAY, day_text, days_between};
use crate::sites::desk::queries::Paged;
use crate::sites::desk::queries::issues::{milestone_title, replies};
use crate::sites::desk::queries::people::name;
pub use crate::sites::desk::queries::short_day;
use crate::sites::desk::state::{DeskState, Issue, IssueId, Priority, Status, Username};
use crate::sites::desk::view::{IssuePage, Route};

/// A link, or the place where the reader is.
#[derive(Debug, Clone)]
pub struct Link {
    /// Address.
    pub href: String,
    /// Words.
    pub label: String,
    /// How many things are behind it.
    pub count: Option<usize>,
    /// Whether it is the page that is open.
    pub current: bool,
}

impl Link {
    /// A link to another page.
    pub fn to(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            count: None,
            current: false,
        }
    }

    /// The open page itself.
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            current: true,
            ..Self::to("", label)
        }
    }

    /// The same with a count.
    #[must_use]
    pub fn counting(mut self, count: usize) -> Self {
        self.count = Some(count);
        self
    }
}

/// A person as pages show them.
#[derive(Debug, Clone)]
pub struct Face {
    /// Address of the person's page.
    pub href: String,
    /// Whole name.
    pub name: String,
    /// Team.
    pub team: String,
    /// Short name.
    pub username: String,
    /// First letters.
    pub initials: String,
    /// Class of the disc's colour.
    pub tone: &'static str,
}

impl Face {
    /// The face of an account.
    pub fn of(state: &DeskState, username: &str) -> Self {
        let whole = name(state, username).to_owned();
        let letters: Vec<char> = whole
            .split_whitespace()
            .filter_map(|word| word.chars().next())
            .collect();
        let initials = match letters.as_slice() {
            [only] => only.to_string(),
            [first, .., last] => format!("{first}{last}"),
            [] => String::new(),
        };
        let sum: usize = username.bytes().map(usize::from).sum();
        let member = state.fixed.members.get(username);
        let tone = if member.is_none_or(|member| !member.has_picture) {
            "plain"
        } else {
            ["a", "b", "c", "d", "e"][sum % 5]
        };
        Self {
            href: Route::Person {
                member: username.to_owned(),
            }
            .href(),
            team: member.map_or_else(String::new, |member| member.team.clone()),
            username: username.to_owned(),
            name: whole,
            initials,
            tone,
        }
    }

    /// The faces of several.
    pub fn all(state: &DeskState, people: &[Username]) -> Vec<Self> {
        people.iter().map(|one| Self::of(state, one)).collect()
    }
}

/// The address of a page of an issue.
pub fn issue_href(issue: IssueId, page: IssuePage) -> String {
    Route::Issue {
        issue,
        page,
        q: None,
    }
    .href()
}

/// Class of a status.
pub const fn status_class(status: Status) -> &'static str {
    match status {
        Status::Todo => "open",
        Status::InProgress => "prog",
        Status::InReview => "review",
        Status::Waiting => "wait",
        Status::Closed => "shut",
    }
}

/// A row of a list of issues.
#[derive(Debug)]
pub struct IssueRow {
    /// Its key.
    pub key: String,
    /// Its address.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Labels.
    pub labels: Vec<String>,
    /// Status in words.
    pub status: &'static str,
    /// Class of the status.
    pub class: &'static str,
    /// Priority in words.
    pub priority: String,
    /// Name of its drawing.
    pub icon: &'static str,
    /// Assignees.
    pub people: String,
    /// Title of the milestone.
    pub milestone: String,
    /// When it changed, or when and by whom it was closed.
    pub when: String,
    /// Who closed it; empty for open ones.
    pub closer: String,
    /// The address of who closed it.
    pub closer_href: String,
    /// Number of comments.
    pub replies: usize,
    /// Only some roles see it.
    pub confidential: bool,
}

impl IssueRow {
    /// The row of an issue.
    pub fn of(state: &DeskState, issue: &Issue) -> Self {
        let people = if issue.assignees.is_empty() {
            "Unassigned".to_owned()
        } else {
            super::frame::names(state, &issue.assignees)
        };
        let closing = issue.closing();
        Self {
            key: issue.id.to_string(),
            href: issue_href(issue.id, IssuePage::Show),
            title: issue.title.clone(),
            labels: issue.labels.clone(),
            status: issue.status.label(),
            class: status_class(issue.status),
            priority: issue.priority.label(),
            icon: priority_icon(issue.priority),
            people,
            milestone: milestone_title(state, issue).unwrap_or("").to_owned(),
            when: closing.map_or_else(
                || short_moment(issue.updated_at),
                |closing| short_moment(closing.at),
            ),
            closer_href: closing.map_or_else(String::new, |closing| {
                Route::Person {
                    member: closing.by.to_string(),
                }
                .href()
            }),
            closer: closing.map_or_else(String::new, |closing| name(state, &closing.by).to_owned()),
            replies: replies(state, issue),
            confidential: issue.confidential,
        }
    }
}

/// Name of the drawing of a priority.
pub const fn priority_icon(priority: Priority) -> &'static str {
    match priority {
        Priority::Urgent => "urgent",
        Priority::High => "high",
        Priority::Normal => "normal",
        Priority::Low => "low",
    }
}

/// A moment as lists show it: the time today, else the day.
pub fn short_moment(at: DateTime) -> String {
    match days_between(at.date(), TODAY) {
        0 => format!("Today, {:02}:{:02}", at.hour(), at.minute()),
        1 => format!("Yesterday, {:02}:{:02}", at.hour(), at.minute()),
        _ => short_day(at.date()),
    }
}

/// How far a day is, with the day, e.g. `in 12 days (30 March 2026)`.
pub fn due_text(day: Date) -> String {
    format!("{} ({})", distance_text(day), day_text(day))
}

/// How far a day is, e.g. `in 12 days`.
pub fn distance_text(day: Date) -> String {
    match days_between(TODAY, day) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", -days),
    }
}

/// A length of work, e.g. `1h 45m`.
pub fn length_text(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h {minutes}m"),
    }
}

/// A count with its noun, e.g. `1 issue`, `21 issues`.
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

/// Links to the pages of a list.
#[derive(Debug, Default)]
pub struct Pages {
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// All pages.
    pub links: Vec<Link>,
    /// What part of the list the page shows.
    pub extent: String,
}

impl Pages {
    /// Links for a cut list; `href` gives the address of a page.
    pub fn of<T>(paged: &Paged<T>, noun: &str, href: impl Fn(u32) -> String) -> Self {
        let links = (1..=paged.pages)
            .map(|number| Link {
                current: number == paged.page,
                ..Link::to(href(number), number.to_string())
            })
            .collect();
        let last = paged.first() + paged.rows.len().saturating_sub(1);
        let extent = if paged.pages < 2 {
            counted(paged.total, noun)
        } else {
            format!(
                "{} to {last} of {}",
                paged.first(),
                counted(paged.total, noun)
            )
        };
        Self {
            previous: (paged.page > 1).then(|| href(paged.page - 1)),
            next: (paged.page < paged.pages).then(|| href(paged.page + 1)),
            links,
            extent,
        }
    }
}

/// A block of a text with marks: one of its three lists is filled.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// A paragraph, line by line.
    pub lines: Vec<String>,
    /// A list.
    pub items: Vec<Item>,
    /// A table; the first row is its head.
    pub rows: Vec<Vec<String>>,
}

/// An item of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Its words.
    pub text: String,
    /// Of a tick list: ticked.
    pub done: bool,
    /// Of a tick list: not ticked.
    pub todo: bool,
}

/// Reads a text: paragraphs, `- ` lists, `- [x] ` tick lists, `| a | b |` tables.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut gap = true;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() {
            gap = true;
            continue;
        }
        let block = read_line(line);
        let last = blocks
            .last_mut()
            .filter(|last| !gap && last.is_like(&block));
        if let Some(last) = last {
            last.lines.extend(block.lines);
            last.items.extend(block.items);
            last.rows.extend(block.rows);
        } else {
            blocks.push(block);
        }
        gap = false;
    }
    blocks
}

impl Block {
    fn is_like(&self, other: &Self) -> bool {
        self.lines.is_empty() == other.lines.is_empty()
            && self.items.is_empty() == other.items.is_empty()
    }
}

fn read_line(line: &str) -> Block {
    let mut block = Block::default();
    if let Some(item) = line.strip_prefix("- ") {
        let (done, todo) = (item.strip_prefix("[x] "), item.strip_prefix("[ ] "));
        block.items.push(Item {
            text: done.or(todo).unwrap_or(item).to_owned(),
            done: done.is_some(),
            todo: todo.is_some(),
        });
    } else if let Some(row) = line
        .strip_prefix('|')
        .and_then(|line| line.strip_suffix('|'))
    {
        let cells = row.split('|').map(|cell| cell.trim().to_owned());
        block.rows.push(cells.collect());
    } else {
        block.lines.push(line.to_owned());
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_blocks() {
        let text = "One\ntwo\n\n- a\n- [x] b\n\n| h | i |\n| 1 | 2 |";
        let blocks = blocks(text);
        assert_eq!(blocks.len(), 3);
        assert_eq!(blocks[0].lines, ["One", "two"]);
        assert_eq!(blocks[1].items[0].text, "a");
        assert!(blocks[1].items[1].done && !blocks[1].items[0].todo);
        assert_eq!(blocks[2].rows, [["h", "i"], ["1", "2"]]);
    }

    #[test]
    fn days_and_lengths_are_said_in_words() {
        use jiff::civil::date;
        assert_eq!(due_text(date(2026, 3, 30)), "in 12 days (30 March 2026)");
        assert_eq!(due_text(date(2026, 3, 15)), "3 days ago (15 March 2026)");
        assert_eq!(due_text(TODAY), "today (18 March 2026)");
        assert_eq!(length_text(105), "1h 45m");
        assert_eq!(length_text(120), "2h");
        assert_eq!(length_text(30), "30m");
    }
}
