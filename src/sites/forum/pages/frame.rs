//! What surrounds every page: head, search, own communities, clock; and how a page or a redirect
//! becomes an answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use askama::Template;

use super::{Posted, Visit};
use crate::sites::clock;
use crate::sites::forum::pages::parts::Link;
use crate::sites::forum::queries::{feed, messages, moderation};
use crate::sites::forum::state::{Community, ForumState, PostNo};
use crate::sites::forum::view::{Feed, MemberTab, PostPage, Route};

/// What surrounds a page.
#[derive(Debug)]
pub struct Frame {
    /// Title of the page.
    pub title: String,
    /// The persona's name in the forum.
    pub me: String,
    /// Her profile.
    pub me_href: String,
    /// Threads that she has not looked at.
    pub unread: usize,
    /// What was searched for.
    pub query: String,
    /// Pages of the bar on the left.
    pub places: Vec<Link>,
    /// Communities that she joined.
    pub own: Vec<Link>,
    /// Report queues of communities that she moderates.
    pub queues: Vec<Link>,
    /// What was just done.
    pub flash: Option<String>,
    /// The post that was just deleted can be taken back.
    pub undo: bool,
    /// Hidden value of every form.
    pub token: String,
    /// The present, in words.
    pub clock: String,
}

impl Frame {
    /// The frame of a page of this run.
    pub fn new(visit: &Visit, state: &ForumState, title: impl Into<String>) -> Self {
        let flash = visit.remember(|incidental| incidental.flash.take());
        let undo = flash.is_some() && state.incidental.deleted.is_some();
        Self {
            title: title.into(),
            me: state.board.me.to_string(),
            me_href: member_href(state.board.me.as_str()),
            unread: messages::unread_count(state),
            query: String::new(),
            places: places(),
            own: own(state),
            queues: queues(state),
            flash,
            undo,
            token: visit.form_token().to_owned(),
            clock: clock::now_text(),
        }
    }

    /// The same with the entry of the bar that is open.
    #[must_use]
    pub fn at(mut self, route: &Route) -> Self {
        let href = route.href();
        for link in self
            .places
            .iter_mut()
            .chain(&mut self.own)
            .chain(&mut self.queues)
        {
            link.current = link.href == href;
        }
        self
    }
}

fn places() -> Vec<Link> {
    [
        (Route::Feed(Feed::default()), "Home"),
        (
            Route::Communities {
                topic: None,
                q: None,
            },
            "Communities",
        ),
        (Route::Saved, "Saved"),
        (Route::Settings, "Settings"),
    ]
    .into_iter()
    .map(|(route, label)| Link::to(route.href(), label))
    .collect()
}

fn own(state: &ForumState) -> Vec<Link> {
    feed::communities(state)
        .into_iter()
        .filter(|community| state.joined.contains(&community.id))
        .map(|community| Link {
            colour: community.colour,
            ..Link::to(community_href(community), &community.name)
        })
        .collect()
}

fn queues(state: &ForumState) -> Vec<Link> {
    moderation::moderated(state)
        .into_iter()
        .map(|community| {
            let route = Route::Queue {
                community: community.id.to_string(),
                settled: false,
            };
            Link {
                count: moderation::queue(state, community.id.as_str(), true).len(),
                ..Link::to(route.href(), format!("Reports in {}", community.name))
            }
        })
        .collect()
}

/// The address of a community.
pub fn community_href(community: &Community) -> String {
    Route::Feed(Feed::of(community.id.as_str())).href()
}

/// The address of a post.
pub fn post_href(post: PostNo) -> String {
    Route::Post(PostPage::of(post)).href()
}

/// The address of a profile.
pub fn member_href(member: &str) -> String {
    Route::Member {
        member: member.to_owned(),
        tab: MemberTab::Posts,
        page: 1,
    }
    .href()
}

/// Answers with a page.
pub fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type(ContentType::html())
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page of the forum cannot be rendered");
            HttpResponse::InternalServerError().body("The forum cannot show this page.")
        }
    }
}

/// Answers with a page and status 200.
pub fn ok(template: &impl Template) -> HttpResponse {
    page(StatusCode::OK, template)
}

/// Status of a page that shows a refusal.
pub fn status_of(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}

/// Sends the browser on after a form, so that a reload does not send it again.
pub fn go(href: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, href))
        .finish()
}

/// Sends the browser on with a message to show there.
pub fn go_saying(visit: &Visit, href: &str, message: impl Into<String>) -> HttpResponse {
    let message = message.into();
    visit.remember(|incidental| incidental.flash = Some(message));
    go(href)
}

/// Where a form goes back to: a page of the forum, as the form says.
pub fn back_of(posted: &Posted) -> String {
    let back = posted.fields.text("back");
    let page = crate::sites::forum::view::parse(back);
    page.map_or_else(
        || Route::Feed(Feed::default()).href(),
        |page| {
            let place = back.split_once('#').map_or("", |(_, place)| place);
            if place.is_empty() {
                page.route.href()
            } else {
                format!("{}#{place}", page.route.href())
            }
        },
    )
}

/// Refuses a form that holds fields which its page does not have.
pub fn foreign_fields(posted: &Posted, known: &[&str]) -> Option<HttpResponse> {
    let foreign = posted.fields.unexpected(known);
    (!foreign.is_empty()).then(|| {
        HttpResponse::BadRequest()
            .content_type(ContentType::plaintext())
            .body("This form has fields that the page does not offer.")
    })
}
