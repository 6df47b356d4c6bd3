//! The pages of the forum: handlers and what they show. They read through
//! [`queries`](super::queries), write through [`actions`](super::actions) alone, and know
//! nothing of tasks.
//!
//! A GET shows what [`view`](super::view) reads from its address; `show` is the one place
//! that goes from route to page. Forms post to addresses of their own, are answered with a
//! redirect when they were accepted, and with their page and everything typed when not.

use actix_web::{HttpResponse, web};

use crate::sites::forum::state::ForumState;
use crate::sites::forum::view::{Parsed, Route};
use crate::sites::visit;

mod assets;
mod circle;
mod comment;
mod communities;
mod editor;
mod feed;
mod form;
mod frame;
mod member;
mod messages;
mod missing;
mod parts;
mod post;
mod queue;
mod report;
mod saved;
mod search;
mod settings;
mod thread;

/// A request of a run, as the forum's pages see it.
pub type Visit = visit::Visit<ForumState>;

/// A form that was sent to the forum.
pub type Posted = visit::Posted<ForumState>;

/// Registers the forum's addresses.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .configure(writing_forms)
        .configure(own_forms)
        .route("/assets/forum.css", web::get().to(assets::style))
        .route("/assets/forum.svg", web::get().to(assets::icon))
        .route("/forum", web::get().to(show))
        .route("/forum/{tail:.*}", web::get().to(show));
}

/// Forms of posts, comments, reports and moderation.
fn writing_forms(config: &mut web::ServiceConfig) {
    config
        .route("/forum/vote", web::post().to(circle::vote))
        .route("/forum/undo", web::post().to(editor::undo))
        .route("/forum/p/{post}/comment", web::post().to(comment::add))
        .service(both(
            "/forum/c/{community}/post",
            web::post().to(editor::send),
        ))
        .service(both(
            "/forum/c/{community}/queue",
            web::post().to(queue::settle),
        ))
        .service(both("/forum/p/{post}/edit", web::post().to(editor::save)))
        .service(both(
            "/forum/p/{post}/delete",
            web::post().to(editor::delete),
        ))
        .service(both(
            "/forum/comments/{comment}/reply",
            web::post().to(comment::reply),
        ))
        .service(both(
            "/forum/comments/{comment}/edit",
            web::post().to(comment::save),
        ))
        .service(both(
            "/forum/comments/{comment}/delete",
            web::post().to(comment::delete),
        ))
        .service(both("/forum/report/{target}", web::post().to(report::send)));
}

/// Forms of memberships, saved things, messages and settings.
fn own_forms(config: &mut web::ServiceConfig) {
    config
        .route("/forum/join", web::post().to(circle::join))
        .route("/forum/leave", web::post().to(circle::leave))
        .route("/forum/save", web::post().to(circle::save))
        .route("/forum/unsave", web::post().to(circle::unsave))
        .route("/forum/block", web::post().to(circle::block))
        .route("/forum/unblock", web::post().to(circle::unblock))
        .service(both("/forum/messages/new", web::post().to(messages::begin)))
        .service(both(
            "/forum/messages/{thread}",
            web::post().to(messages::answer),
        ))
        .service(both(
            "/forum/settings/blocks",
            web::post().to(settings::block),
        ))
        .service(both(
            "/forum/settings/mutes/{community}",
            web::post().to(settings::mute),
        ))
        .route(
            "/forum/settings/mutes/{community}/lift",
            web::post().to(settings::unmute),
        );
}

/// An address that shows a page and takes its form.
fn both(path: &str, post: actix_web::Route) -> actix_web::Resource {
    web::resource(path).route(web::get().to(show)).route(post)
}

/// Shows the page that the address means.
async fn show(visit: Visit) -> HttpResponse {
    let Some(Parsed { route, .. }) = visit.parsed().cloned() else {
        return missing::show(&visit);
    };
    match route {
        Route::Feed(wanted) => feed::show(&visit, &wanted),
        Route::Communities { topic, q } => {
            communities::list(&visit, topic.as_deref(), q.as_deref())
        }
        Route::About { community } => communities::about(&visit, &community),
        Route::PostNew { community } => editor::new(&visit, &community),
        Route::Queue { community, settled } => queue::show(&visit, &community, settled),
        Route::Post(page) => post::show(&visit, &page),
        Route::PostForm { post, form } => editor::show(&visit, post, form),
        Route::CommentForm { comment, form } => comment::show(&visit, comment, form),
        Route::Report { target } => report::show(&visit, &target),
        Route::Member { member, tab, page } => member::show(&visit, &member, tab, page),
        Route::Search(search) => search::show(&visit, &search),
        Route::Messages { page } => messages::inbox(&visit, page),
        Route::MessageNew { to } => messages::new(&visit, to.as_deref()),
        Route::Thread { thread } => messages::show(&visit, thread),
        Route::Saved => saved::show(&visit),
        Route::Settings => settings::show(&visit),
        Route::Mutes => settings::mutes(&visit),
        Route::Mute { community } => settings::mute_form(&visit, &community),
        Route::Blocks => settings::blocks(&visit),
    }
}
