//! Reads addresses of the forum.

use crate::sites::address::{Address, Query};
use crate::sites::forum::queries::feed::POSTS_PER_LOAD;
use crate::sites::forum::queries::thread::THREADS_PER_LOAD;
use crate::sites::forum::view::{Feed, Parsed, PostPage, Route, Search};

/// Reads a path and query such as `/forum/c/sourdough-table?sort=top`. None when it is no page
/// of the forum. A fragment is not looked at.
pub fn parse(path_and_query: &str) -> Option<Parsed> {
    let address = Address::read(path_and_query, "/forum")?;
    let segments: Vec<&str> = address.segments.iter().map(String::as_str).collect();
    let mut query = Query::read(address.query);
    let route = route_of(&segments, &mut query)?;
    Some(Parsed {
        route,
        unknown: query.rest(),
    })
}

fn route_of(segments: &[&str], query: &mut Query) -> Option<Route> {
    Some(match *segments {
        [] => Route::Feed(query.feed(None)),
        ["communities"] => Route::Communities {
            topic: query.text("topic"),
            q: query.text("q"),
        },
        ["c", community] => Route::Feed(query.feed(Some(community))),
        ["c", community, "about"] => Route::About {
            community: community.to_owned(),
        },
        ["c", community, "post"] => Route::PostNew {
            community: community.to_owned(),
        },
        ["c", community, "queue"] => Route::Queue {
            community: community.to_owned(),
            settled: query.flag("show", "settled"),
        },
        ["p", post] => Route::Post(PostPage {
            post: post.parse().ok()?,
            sort: query.named("sort").unwrap_or_default(),
            expanded: query.flag("replies", "all"),
            thread: query.named("thread"),
            loads: query.loads(THREADS_PER_LOAD),
        }),
        ["p", post, form] => Route::PostForm {
            post: post.parse().ok()?,
            form: form.parse().ok()?,
        },
        ["comments", comment, form] => Route::CommentForm {
            comment: comment.parse().ok()?,
            form: form.parse().ok()?,
        },
        ["report", target] => Route::Report {
            target: target.to_owned(),
        },
        ["u", member] => Route::Member {
            member: member.to_owned(),
            tab: query.named("tab").unwrap_or_default(),
            page: query.page(),
        },
        ["search"] => Route::Search(Search {
            q: query.text("q"),
            community: query.text("in"),
            author: query.text("by"),
            sort: query.named("sort").unwrap_or_default(),
            page: query.page(),
        }),
        _ => return own_route(segments, query),
    })
}

/// Pages of the persona's own things.
fn own_route(segments: &[&str], query: &mut Query) -> Option<Route> {
    Some(match *segments {
        ["messages"] => Route::Messages { page: query.page() },
        ["messages", "new"] => Route::MessageNew {
            to: query.text("to"),
        },
        ["messages", thread] => Route::Thread {
            thread: thread.parse().ok()?,
        },
        ["saved"] => Route::Saved,
        ["settings"] => Route::Settings,
        ["settings", "mutes"] => Route::Mutes,
        ["settings", "mutes", community] => Route::Mute {
            community: community.to_owned(),
        },
        ["settings", "blocks"] => Route::Blocks,
        _ => return None,
    })
}

impl Query {
    /// How often more was loaded, from the number of rows in `shown`.
    fn loads(&mut self, size: usize) -> u32 {
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        self.parsed("shown", |text| {
            let shown: u32 = text.parse().ok()?;
            (shown >= size && shown.is_multiple_of(size)).then(|| shown / size - 1)
        })
        .unwrap_or(0)
    }

    fn feed(&mut self, community: Option<&str>) -> Feed {
        Feed {
            community: community.map(str::to_owned),
            sort: self.named("sort").unwrap_or_default(),
            period: self.named("period").unwrap_or_default(),
            flair: community.and_then(|_| self.text("flair")),
            loads: self.loads(POSTS_PER_LOAD),
        }
    }
}
