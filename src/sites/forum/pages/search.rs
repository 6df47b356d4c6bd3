//! Search over posts.

use actix_web::HttpResponse;
use askama::Template;

use super::Visit;
use crate::sites::folding::words;
use crate::sites::forum::pages::form::Choice;
use crate::sites::forum::pages::frame::{self, Frame, community_href, member_href};
use crate::sites::forum::pages::parts::{Link, Pages, PostRow, extent, search_sorts};
use crate::sites::forum::queries::search::{RESULTS_PER_PAGE, results};
use crate::sites::forum::queries::{feed, people};
use crate::sites::forum::view::{Route, Search};

#[derive(Template)]
#[template(path = "sites/forum/search.html")]
struct SearchPage {
    frame: Frame,
    q: String,
    by: String,
    places: Vec<Choice>,
    sorts: Vec<Choice>,
    member: Option<Link>,
    communities: Vec<Link>,
    unknown_author: bool,
    count_text: String,
    posts: Vec<PostRow>,
    pages: Pages,
}

/// Shows what was found.
pub fn show(visit: &Visit, search: &Search) -> HttpResponse {
    let state = visit.state();
    let found = results(&state, search);
    let here = Route::Search(search.clone()).href();
    let q = search.q.clone().unwrap_or_default();
    let wanted = words(&q);
    let any = Choice::new("", "All communities").chosen(search.community.is_none());
    let each = feed::communities(&state).into_iter().map(|community| {
        Choice::new(community.id.as_str(), &community.name)
            .chosen(search.community.as_deref() == Some(community.id.as_str()))
    });
    let member = people::member(&state, q.trim())
        .map(|member| Link::to(member_href(member.id.as_str()), member.id.as_str()));
    let communities = feed::communities(&state)
        .into_iter()
        .filter(|community| {
            let name = words(&community.name);
            !wanted.is_empty()
                && wanted
                    .iter()
                    .all(|word| name.iter().any(|known| known.starts_with(word.as_str())))
        })
        .map(|community| Link {
            colour: community.colour,
            ..Link::to(community_href(community), &community.name)
        })
        .collect();
    let mut frame = Frame::new(visit, &state, "Search");
    frame.query.clone_from(&q);
    let author = search.author.as_deref();
    let template = SearchPage {
        frame,
        by: search.author.clone().unwrap_or_default(),
        places: std::iter::once(any).chain(each).collect(),
        sorts: search_sorts(search.sort),
        member,
        communities,
        unknown_author: author.is_some_and(|author| people::member(&state, author).is_none()),
        count_text: extent(&found, RESULTS_PER_PAGE, "post"),
        posts: found
            .rows
            .iter()
            .map(|post| PostRow::of(visit, &state, post, &here, true))
            .collect(),
        pages: Pages::of(&found, |page| {
            Route::Search(Search {
                page,
                ..search.clone()
            })
            .href()
        }),
        q,
    };
    frame::ok(&template)
}
