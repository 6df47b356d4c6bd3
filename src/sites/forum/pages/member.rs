//! A member's profile: what they wrote, and buttons to write to them or block them.

use actix_web::HttpResponse;
use askama::Template;

use super::{Visit, missing};
use crate::sites::clock::{day_text, moment_text};
use crate::sites::forum::pages::frame::{self, Frame, post_href};
use crate::sites::forum::pages::parts::{Link, Pages, PostRow, extent, member_tabs, points};
use crate::sites::forum::queries::people::{self, ROWS_PER_PAGE};
use crate::sites::forum::queries::thread::comment_score;
use crate::sites::forum::state::{Comment, ForumState, Post};
use crate::sites::forum::view::{MemberTab, PostPage, Route};

#[derive(Template)]
#[template(path = "sites/forum/member.html")]
struct MemberPage {
    frame: Frame,
    id: String,
    initial: String,
    name: String,
    about: String,
    since: String,
    own: bool,
    blocked: bool,
    deactivated: bool,
    here: String,
    write_href: String,
    tabs: Vec<Link>,
    count_text: String,
    posts: Vec<PostRow>,
    comments: Vec<Remark>,
    pages: Pages,
}

/// A comment outside its thread.
pub struct Remark {
    /// Number.
    pub no: u32,
    /// Its place in the thread.
    pub href: String,
    /// The post's title.
    pub title: String,
    /// The post's page.
    pub post_href: String,
    /// Who wrote it.
    pub author: String,
    /// Points and time.
    pub facts: String,
    /// What it says.
    pub text: String,
}

impl Remark {
    /// A comment with its post.
    pub fn of(visit: &Visit, state: &ForumState, comment: &Comment, post: &Post) -> Self {
        visit.show("forum.comments", comment.no);
        Self {
            no: comment.no,
            href: Route::Post(PostPage {
                thread: Some(comment.no),
                ..PostPage::of(post.no)
            })
            .href(),
            title: post.title.clone(),
            post_href: post_href(post.no),
            author: comment.author.to_string(),
            facts: format!(
                "{}, {}",
                points(comment_score(state, comment)),
                moment_text(comment.written_at)
            ),
            text: comment.text.clone(),
        }
    }
}

/// Shows a profile.
pub fn show(visit: &Visit, id: &str, tab: MemberTab, page: u32) -> HttpResponse {
    let state = visit.state();
    let Some(member) = people::member(&state, id) else {
        return missing::show(visit);
    };
    visit.show("forum.members", id);
    let href = |tab, page| {
        Route::Member {
            member: id.to_owned(),
            tab,
            page,
        }
        .href()
    };
    let here = href(tab, page);
    let mut posts = Vec::new();
    let mut comments = Vec::new();
    let (count_text, pages) = match tab {
        MemberTab::Posts => {
            let found = people::posts_of(&state, id, page);
            posts.extend(
                found
                    .rows
                    .iter()
                    .map(|post| PostRow::of(visit, &state, post, &here, true)),
            );
            let links = Pages::of(&found, |page| href(tab, page));
            (extent(&found, ROWS_PER_PAGE, "post"), links)
        }
        MemberTab::Comments => {
            let found = people::comments_of(&state, id, page);
            comments.extend(
                found
                    .rows
                    .iter()
                    .map(|(comment, post)| Remark::of(visit, &state, comment, post)),
            );
            let links = Pages::of(&found, |page| href(tab, page));
            (extent(&found, ROWS_PER_PAGE, "comment"), links)
        }
    };
    let template = MemberPage {
        frame: Frame::new(visit, &state, id),
        id: id.to_owned(),
        initial: id.chars().take(1).collect::<String>().to_uppercase(),
        name: member.name.clone(),
        about: member.about.clone(),
        since: day_text(member.since),
        own: member.id == state.board.me,
        blocked: people::is_blocked(&state, &member.id),
        deactivated: member.deactivated,
        write_href: Route::MessageNew {
            to: Some(id.to_owned()),
        }
        .href(),
        tabs: member_tabs(tab, |tab| href(tab, 1)),
        here,
        count_text,
        posts,
        comments,
        pages,
    };
    frame::ok(&template)
}
