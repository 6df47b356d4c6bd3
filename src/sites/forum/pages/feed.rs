//! Lists of posts: the start page and the page of a community.

use actix_web::HttpResponse;
use askama::Template;

use super::{Visit, missing};
use crate::sites::forum::pages::form::Choice;
use crate::sites::forum::pages::frame::{self, Frame};
use crate::sites::forum::pages::parts::{Link, PostRow, counted, periods, post_sorts};
use crate::sites::forum::queries::feed::{self, POSTS_PER_LOAD};
use crate::sites::forum::state::{Community, ForumState};
use crate::sites::forum::view::{Feed, Route};

#[derive(Template)]
#[template(path = "sites/forum/feed.html")]
struct FeedPage {
    frame: Frame,
    heading: String,
    tagline: String,
    place: Option<Place>,
    action: String,
    sorts: Vec<Choice>,
    periods: Vec<Choice>,
    flairs: Vec<Choice>,
    closed: bool,
    count_text: String,
    posts: Vec<PostRow>,
    more: Option<Link>,
}

/// What stands above and beside the posts of a community.
pub struct Place {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Number of its colour.
    pub colour: u8,
    /// Its page.
    pub href: String,
    /// Rules and flairs.
    pub about_href: String,
    /// The form for a post.
    pub post_href: String,
    /// Reports, for its moderators; empty for others.
    pub queue: Option<Link>,
    /// `120 members`.
    pub members: String,
    /// Topics with the list of communities that have them.
    pub topics: Vec<Link>,
    /// The persona is a member.
    pub joined: bool,
    /// She moderates it.
    pub moderated: bool,
    /// Until when it is muted; empty when it is not.
    pub muted: String,
    /// Titles of its rules.
    pub rules: Vec<String>,
    /// Its moderators.
    pub moderators: Vec<Link>,
}

impl Place {
    /// What there is to say about a community.
    pub fn of(state: &ForumState, community: &Community) -> Self {
        let id = community.id.to_string();
        let moderated = feed::moderates(state, &community.id);
        let queue = Route::Queue {
            community: id.clone(),
            settled: false,
        };
        let open = crate::sites::forum::queries::moderation::queue(state, &id, true).len();
        Self {
            name: community.name.clone(),
            colour: community.colour,
            href: frame::community_href(community),
            about_href: Route::About {
                community: id.clone(),
            }
            .href(),
            post_href: Route::PostNew {
                community: id.clone(),
            }
            .href(),
            queue: moderated.then(|| Link {
                count: open,
                ..Link::to(queue.href(), "Reports")
            }),
            members: counted(feed::member_count(state, community), "member"),
            topics: topics(community),
            joined: state.joined.contains(&community.id),
            moderated,
            muted: muted_text(state, community),
            rules: community
                .rules
                .iter()
                .map(|rule| rule.title.clone())
                .collect(),
            moderators: community
                .moderators
                .iter()
                .map(|member| Link::to(frame::member_href(member.as_str()), member.as_str()))
                .collect(),
            id,
        }
    }
}

/// Topics of a community as links.
pub fn topics(community: &Community) -> Vec<Link> {
    community
        .topics
        .iter()
        .map(|topic| {
            let route = Route::Communities {
                topic: Some(topic.clone()),
                q: None,
            };
            Link::to(route.href(), topic)
        })
        .collect()
}

/// Until when a community is muted, in words; empty when it is not.
pub fn muted_text(state: &ForumState, community: &Community) -> String {
    if !feed::is_muted(state, &community.id) {
        return String::new();
    }
    match state.mutes.get(&community.id).copied().flatten() {
        Some(day) => format!("Muted until {}", crate::sites::clock::day_text(day)),
        None => "Muted until you change it".to_owned(),
    }
}

/// Shows the start page or a community.
pub fn show(visit: &Visit, wanted: &Feed) -> HttpResponse {
    let state = visit.state();
    let community = match &wanted.community {
        None => None,
        Some(id) => match feed::community(&state, id) {
            Some(community) => Some(community),
            None => return missing::show(visit),
        },
    };
    if let Some(community) = community {
        visit.show("forum.communities", &community.id);
    }
    let closed = community.is_some_and(|community| !feed::may_read(&state, &community.id));
    let found = feed::posts(&state, wanted);
    let total = found.len();
    let shown = (wanted.loads as usize + 1) * POSTS_PER_LOAD;
    let route = Route::Feed(wanted.clone());
    let back = route.href();
    let posts: Vec<PostRow> = found
        .into_iter()
        .take(shown)
        .map(|post| PostRow::of(visit, &state, post, &back, community.is_none()))
        .collect();
    let (heading, tagline) = community.map_or_else(
        || {
            (
                "Your front page".to_owned(),
                "New posts from the communities that you joined.".to_owned(),
            )
        },
        |community| (community.name.clone(), community.tagline.clone()),
    );
    let template = FeedPage {
        frame: Frame::new(visit, &state, &heading).at(&Route::Feed(Feed {
            community: wanted.community.clone(),
            ..Feed::default()
        })),
        heading,
        tagline,
        place: community.map(|community| Place::of(&state, community)),
        action: Route::Feed(Feed {
            community: wanted.community.clone(),
            ..Feed::default()
        })
        .href(),
        sorts: post_sorts(wanted.sort),
        periods: periods(&state, wanted.period),
        flairs: flairs(community, wanted),
        closed,
        count_text: format!("{} of {} shown", posts.len(), counted(total, "post")),
        more: more(wanted, total, posts.len()),
        posts,
    };
    frame::ok(&template)
}

fn flairs(community: Option<&Community>, wanted: &Feed) -> Vec<Choice> {
    let Some(community) = community else {
        return Vec::new();
    };
    let all = Choice::new("", "All flairs").chosen(wanted.flair.is_none());
    let each = community.flairs.iter().map(|flair| {
        Choice::new(&flair.name, &flair.name)
            .chosen(wanted.flair.as_deref() == Some(flair.name.as_str()))
    });
    std::iter::once(all).chain(each).collect()
}

/// The link that loads more posts below those that are there.
fn more(wanted: &Feed, total: usize, shown: usize) -> Option<Link> {
    (shown < total).then(|| {
        let next = Feed {
            loads: wanted.loads + 1,
            ..wanted.clone()
        };
        let label = format!("Load {} more", POSTS_PER_LOAD.min(total - shown));
        Link::to(Route::Feed(next).href(), label)
    })
}
