//! A post with its comments.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::{Visit, missing};
use crate::sites::clock::moment_text;
use crate::sites::forum::pages::feed::Place;
use crate::sites::forum::pages::form::{Choice, Form};
use crate::sites::forum::pages::frame::{self, Frame, member_href};
use crate::sites::forum::pages::parts::{Link, Marks, comment_sorts, counted};
use crate::sites::forum::pages::thread::{CommentRow, Layout};
use crate::sites::forum::queries::feed;
use crate::sites::forum::queries::thread::{
    self, Branch, THREADS_PER_LOAD, comment_count, post_score,
};
use crate::sites::forum::state::{ForumState, Post, Standing, Target};
use crate::sites::forum::view::{PostForm, PostPage, Route};

#[derive(Template)]
#[template(path = "sites/forum/post.html")]
struct PostTemplate {
    frame: Frame,
    place: Place,
    body: PostBody,
    form: Form,
    here: String,
    comment_action: String,
    comments_text: String,
    sorts: Vec<Choice>,
    sort_action: String,
    expanded: bool,
    expand_href: String,
    whole_href: Option<String>,
    rows: Vec<CommentRow>,
    more: Option<Link>,
}

/// The post itself.
pub struct PostBody {
    /// Title.
    pub title: String,
    /// Text.
    pub text: String,
    /// Mark; empty for none.
    pub flair: String,
    /// It stands on top.
    pub pinned: bool,
    /// Who wrote it.
    pub author: Link,
    /// When, and when it was changed.
    pub facts: String,
    /// What its picture shows; empty for none.
    pub picture: String,
    /// Votes and the like.
    pub marks: Marks,
    /// Forms that change it, for its author.
    pub edit: Option<(String, String)>,
    /// Why others cannot; empty for its author.
    pub edit_refused: String,
    /// The form that reports it.
    pub report: String,
}

impl PostBody {
    /// The parts of a post.
    pub fn of(state: &ForumState, post: &Post) -> Self {
        let own = post.author == state.board.me;
        let form = |form| {
            Route::PostForm {
                post: post.no,
                form,
            }
            .href()
        };
        let edited = post
            .edited_at
            .map_or_else(String::new, |at| format!(", edited {}", moment_text(at)));
        let target = Target::Post(post.no);
        Self {
            title: post.title.clone(),
            text: post.text.clone(),
            flair: post.flair.clone().unwrap_or_default(),
            pinned: post.pinned,
            author: Link::to(member_href(post.author.as_str()), post.author.as_str()),
            facts: format!("{}{edited}", moment_text(post.written_at)),
            picture: post.picture.clone().unwrap_or_default(),
            marks: Marks::of(
                state,
                target,
                post_score(state, post),
                own,
                post.title.clone(),
            ),
            edit: own.then(|| (form(PostForm::Edit), form(PostForm::Delete))),
            edit_refused: if own {
                String::new()
            } else {
                format!("Only {} can edit or delete this post.", post.author)
            },
            report: Route::Report {
                target: target.to_string(),
            }
            .href(),
        }
    }
}

/// Shows a post with its comments.
pub fn show(visit: &Visit, page: &PostPage) -> HttpResponse {
    render(visit, page, Form::default(), StatusCode::OK)
}

/// The same with a form as it was typed.
pub fn render(visit: &Visit, page: &PostPage, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let post = state
        .posts
        .get(&page.post)
        .filter(|post| post.standing == Standing::Up && feed::may_read(&state, &post.community));
    let (Some(post), Some(community)) = (
        post,
        post.and_then(|post| feed::community(&state, post.community.as_str())),
    ) else {
        return missing::show(visit);
    };
    let tree = thread::tree(&state, post.no, page.sort);
    let shown: Vec<Branch<'_>> = match page.thread {
        Some(no) => match thread::find(&tree, no) {
            Some(branch) => vec![branch.clone()],
            None => return missing::show(visit),
        },
        None => {
            let count = (page.loads as usize + 1) * THREADS_PER_LOAD;
            tree.iter().take(count).cloned().collect()
        }
    };
    visit.show("forum.posts", post.no);
    let layout = Layout {
        visit,
        state: &state,
        op: &post.author,
        expanded: page.expanded || page.thread.is_some(),
        here: Route::Post(page.clone()).href(),
    };
    let whole = PostPage::of(post.no);
    let template = PostTemplate {
        frame: Frame::new(visit, &state, &post.title),
        place: Place::of(&state, community),
        body: PostBody::of(&state, post),
        form,
        here: layout.here.clone(),
        comment_action: format!("/forum/p/{}/comment", post.no),
        comments_text: counted(comment_count(&state, post.no), "comment"),
        sorts: comment_sorts(page.sort),
        sort_action: Route::Post(whole.clone()).href(),
        expanded: layout.expanded,
        expand_href: Route::Post(PostPage {
            expanded: true,
            ..page.clone()
        })
        .href(),
        whole_href: page.thread.map(|_| Route::Post(whole).href()),
        rows: layout.rows(&shown),
        more: more(page, tree.len(), shown.len()),
    };
    frame::page(status, &template)
}

/// The link that loads more comments below those that are there.
fn more(page: &PostPage, total: usize, shown: usize) -> Option<Link> {
    (page.thread.is_none() && shown < total).then(|| {
        let next = PostPage {
            loads: page.loads + 1,
            ..page.clone()
        };
        Link::to(Route::Post(next).href(), "Load more comments")
    })
}
