//! Comments of a post in the order in which they are read, with what is collapsed.

use super::Visit;
use crate::sites::clock::moment_text;
use crate::sites::forum::pages::frame::member_href;
use crate::sites::forum::pages::parts::{Link, Marks, points};
use crate::sites::forum::queries::thread::{Branch, COLLAPSED_FROM, comment_score};
use crate::sites::forum::state::{ForumState, MemberId, Standing, Target};
use crate::sites::forum::view::{CommentForm, PostPage, Route};

/// A comment as its page shows it.
#[derive(Debug)]
pub struct CommentRow {
    /// Number.
    pub no: u32,
    /// 1 for comments to the post itself.
    pub depth: usize,
    /// Who wrote it; none when it was deleted or removed.
    pub author: Option<Link>,
    /// The author wrote the post too.
    pub op: bool,
    /// Points and time.
    pub facts: String,
    /// What it answers, e.g. `replying to #71010 by brew_anna`; empty for the post itself.
    pub answers: String,
    /// What it says, or why it says nothing.
    pub text: String,
    /// This comment and what answers it, on a page of its own.
    pub link: String,
    /// The form that answers it.
    pub reply: String,
    /// Forms that change it, for its author.
    pub edit: Option<(String, String)>,
    /// The form that reports it.
    pub report: String,
    /// Votes and the like.
    pub marks: Marks,
    /// Where its forms go back to.
    pub back: String,
    /// `Show 4 more replies`; empty when nothing is collapsed below.
    pub collapsed: String,
}

/// Lays a tree out as rows.
pub struct Layout<'a> {
    /// The request, which notes what is shown.
    pub visit: &'a Visit,
    /// The state.
    pub state: &'a ForumState,
    /// Who wrote the post.
    pub op: &'a MemberId,
    /// Nothing is collapsed.
    pub expanded: bool,
    /// The address of the page.
    pub here: String,
}

impl Layout<'_> {
    /// Rows of branches, answers behind what they answer.
    pub fn rows(&self, branches: &[Branch<'_>]) -> Vec<CommentRow> {
        let mut rows = Vec::new();
        for branch in branches {
            self.add(branch, &mut rows);
        }
        rows
    }

    fn add(&self, branch: &Branch<'_>, rows: &mut Vec<CommentRow>) {
        let folded =
            !self.expanded && branch.depth + 1 >= COLLAPSED_FROM && !branch.answers.is_empty();
        rows.push(self.row(branch, folded));
        if !folded {
            for answer in &branch.answers {
                self.add(answer, rows);
            }
        }
    }

    fn row(&self, branch: &Branch<'_>, folded: bool) -> CommentRow {
        let comment = branch.comment;
        self.visit.show("forum.comments", comment.no);
        let form = |form| {
            Route::CommentForm {
                comment: comment.no,
                form,
            }
            .href()
        };
        let own = comment.author == self.state.board.me;
        let readable = comment.standing == Standing::Up;
        let target = Target::Comment(comment.no);
        let score = comment_score(self.state, comment);
        let edited = comment
            .edited_at
            .map_or_else(String::new, |at| format!(", edited {}", moment_text(at)));
        CommentRow {
            no: comment.no,
            depth: branch.depth,
            author: readable.then(|| {
                let name = comment.author.as_str();
                Link::to(member_href(name), name)
            }),
            op: comment.author == *self.op,
            facts: format!(
                "{}, {}{edited}",
                points(score),
                moment_text(comment.written_at)
            ),
            answers: self.answers(comment.parent),
            text: match comment.standing {
                Standing::Up => comment.text.clone(),
                Standing::Deleted => "This comment was deleted by its author.".to_owned(),
                Standing::Removed => "This comment was removed by moderators.".to_owned(),
            },
            link: Route::Post(PostPage {
                thread: Some(comment.no),
                ..PostPage::of(comment.post)
            })
            .href(),
            reply: form(CommentForm::Reply),
            edit: (own && readable).then(|| (form(CommentForm::Edit), form(CommentForm::Delete))),
            report: Route::Report {
                target: target.to_string(),
            }
            .href(),
            marks: Marks::of(
                self.state,
                target,
                score,
                own,
                format!("comment #{}", comment.no),
            ),
            back: format!("{}#comment-{}", self.here, comment.no),
            collapsed: match branch.size() {
                _ if !folded => String::new(),
                1 => "Show 1 more reply".to_owned(),
                count => format!("Show {count} more replies"),
            },
        }
    }

    fn answers(&self, parent: Option<u32>) -> String {
        let Some(parent) = parent.and_then(|no| self.state.comments.get(&no)) else {
            return String::new();
        };
        if parent.standing == Standing::Up {
            format!("replying to #{} by {}", parent.no, parent.author)
        } else {
            format!("replying to #{}", parent.no)
        }
    }
}
