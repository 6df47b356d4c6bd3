//! What the persona keeps.

use std::cmp::Reverse;

use actix_web::HttpResponse;
use askama::Template;

use super::Visit;
use crate::sites::forum::pages::frame::{self, Frame};
use crate::sites::forum::pages::member::Remark;
use crate::sites::forum::pages::parts::{PostRow, counted};
use crate::sites::forum::queries::feed::is_visible;
use crate::sites::forum::state::{Standing, Target};
use crate::sites::forum::view::Route;

#[derive(Template)]
#[template(path = "sites/forum/saved.html")]
struct SavedPage {
    frame: Frame,
    here: String,
    posts: Vec<PostRow>,
    comments: Vec<(String, Remark)>,
    posts_text: String,
    comments_text: String,
}

/// Shows saved posts and comments, latest first.
pub fn show(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let here = Route::Saved.href();
    let mut targets: Vec<(u32, Target)> = state
        .saved
        .iter()
        .map(|(target, place)| (*place, *target))
        .collect();
    targets.sort_by_key(|(place, _)| Reverse(*place));
    let mut posts = Vec::new();
    let mut comments = Vec::new();
    for (_, target) in targets {
        visit.show("forum.saved", target);
        match target {
            Target::Post(no) => {
                let post = state.posts.get(&no).filter(|post| is_visible(&state, post));
                posts.extend(post.map(|post| PostRow::of(visit, &state, post, &here, true)));
            }
            Target::Comment(no) => {
                let comment = state.comments.get(&no);
                let comment = comment.filter(|comment| comment.standing == Standing::Up);
                let found =
                    comment.and_then(|comment| Some((comment, state.posts.get(&comment.post)?)));
                if let Some((comment, post)) = found.filter(|(_, post)| is_visible(&state, post)) {
                    let remark = Remark::of(visit, &state, comment, post);
                    comments.push((target.to_string(), remark));
                }
            }
        }
    }
    let template = SavedPage {
        frame: Frame::new(visit, &state, "Saved").at(&Route::Saved),
        here,
        posts_text: counted(posts.len(), "saved post"),
        comments_text: counted(comments.len(), "saved comment"),
        posts,
        comments,
    };
    frame::ok(&template)
}
