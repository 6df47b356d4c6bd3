//! The list of communities, and what a community says about itself.

use actix_web::HttpResponse;
use askama::Template;

use super::{Visit, missing};
use crate::sites::clock::day_text;
use crate::sites::folding::words;
use crate::sites::forum::pages::feed::{Place, muted_text, topics};
use crate::sites::forum::pages::form::Choice;
use crate::sites::forum::pages::frame::{self, Frame};
use crate::sites::forum::pages::parts::{Link, counted};
use crate::sites::forum::queries::feed;
use crate::sites::forum::state::{Community, ForumState};
use crate::sites::forum::view::Route;

#[derive(Template)]
#[template(path = "sites/forum/communities.html")]
struct CommunitiesPage {
    frame: Frame,
    topics: Vec<Choice>,
    q: String,
    count_text: String,
    back: String,
    rows: Vec<CommunityRow>,
}

struct CommunityRow {
    id: String,
    name: String,
    colour: u8,
    href: String,
    tagline: String,
    topics: Vec<Link>,
    members: String,
    joined: bool,
    moderated: bool,
    closed: bool,
    muted: String,
}

/// Shows the list of communities.
pub fn list(visit: &Visit, topic: Option<&str>, q: Option<&str>) -> HttpResponse {
    let state = visit.state();
    let wanted = words(q.unwrap_or(""));
    let rows: Vec<CommunityRow> = feed::communities(&state)
        .into_iter()
        .filter(|community| {
            topic.is_none_or(|topic| community.topics.iter().any(|known| known == topic))
        })
        .filter(|community| {
            let name = words(&community.name);
            wanted
                .iter()
                .all(|word| name.iter().any(|known| known.starts_with(word.as_str())))
        })
        .map(|community| row(visit, &state, community))
        .collect();
    let route = Route::Communities {
        topic: topic.map(str::to_owned),
        q: q.map(str::to_owned),
    };
    let all = Choice::new("", "All topics").chosen(topic.is_none());
    let each = feed::topics(&state)
        .into_iter()
        .map(|known| Choice::new(known, known).chosen(topic == Some(known)));
    let here = Route::Communities {
        topic: None,
        q: None,
    };
    let template = CommunitiesPage {
        frame: Frame::new(visit, &state, "Communities").at(&here),
        topics: std::iter::once(all).chain(each).collect(),
        q: q.unwrap_or("").to_owned(),
        count_text: if rows.len() == 1 {
            "1 community".to_owned()
        } else {
            format!("{} communities", rows.len())
        },
        back: route.href(),
        rows,
    };
    frame::ok(&template)
}

fn row(visit: &Visit, state: &ForumState, community: &Community) -> CommunityRow {
    visit.show("forum.communities", &community.id);
    CommunityRow {
        id: community.id.to_string(),
        name: community.name.clone(),
        colour: community.colour,
        href: frame::community_href(community),
        tagline: community.tagline.clone(),
        topics: topics(community),
        members: counted(feed::member_count(state, community), "member"),
        joined: state.joined.contains(&community.id),
        moderated: feed::moderates(state, &community.id),
        closed: community.members_only,
        muted: muted_text(state, community),
    }
}

#[derive(Template)]
#[template(path = "sites/forum/about.html")]
struct AboutPage {
    frame: Frame,
    place: Place,
    tagline: String,
    founded: String,
    closed: bool,
    rules: Vec<(usize, String, String)>,
    flairs: Vec<(String, String)>,
}

/// Shows rules, flairs and moderators of a community.
pub fn about(visit: &Visit, id: &str) -> HttpResponse {
    let state = visit.state();
    let Some(community) = feed::community(&state, id) else {
        return missing::show(visit);
    };
    visit.show("forum.communities", &community.id);
    let template = AboutPage {
        frame: Frame::new(visit, &state, format!("About {}", community.name)),
        place: Place::of(&state, community),
        tagline: community.tagline.clone(),
        founded: day_text(community.founded),
        closed: community.members_only,
        rules: community
            .rules
            .iter()
            .enumerate()
            .map(|(at, rule)| (at + 1, rule.title.clone(), rule.text.clone()))
            .collect(),
        flairs: community
            .flairs
            .iter()
            .map(|flair| (flair.name.clone(), flair.when.clone()))
            .collect(),
    };
    frame::ok(&template)
}
