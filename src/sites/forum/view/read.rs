//! Reads addresses of the forum.

use crate::sites::forum::queries::feed::POSTS_PER_LOAD;
use crate::sites::forum::queries::thread::THREADS_PER_LOAD;
use crate::sites::forum::view::{Feed, Parsed, PostPage, Route, Search};

/// Reads a path and query such as `/forum/c/sourdough-table?sort=top`. None when it is no page
/// of the forum. A fragment is not looked at.
pub fn parse(path_and_query: &str) -> Option<Parsed> {
    let without_fragment = path_and_query.split('#').next().unwrap_or("");
    let (path, query) = without_fragment
        .split_once('?')
        .unwrap_or((without_fragment, ""));
    let rest = path.strip_prefix("/forum")?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let segments: Vec<String> = rest
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(decode)
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut query = Query::read(query);
    let route = route_of(&segments, &mut query)?;
    Some(Parsed {
        route,
        unknown: query.rest(),
    })
}

/// Percent-decodes a path segment.
fn decode(segment: &str) -> String {
    let plus = segment.replace('+', "%2B");
    url::form_urlencoded::parse(plus.as_bytes())
        .next()
        .map_or_else(String::new, |(key, _)| key.into_owned())
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

/// Parameters of an address that were not read yet. Empty values count as not given, because
/// browsers send every field of a form.
struct Query(Vec<(String, String)>);

impl Query {
    fn read(query: &str) -> Self {
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .map(|(key, value)| (key.into_owned(), value.trim().to_owned()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    /// Takes a parameter; a second one of the same name stays and is unknown.
    fn text(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(index).1)
    }

    /// Takes a parameter that can be read; one that cannot stays and is unknown.
    fn parsed<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        let value = read(&self.0[index].1)?;
        self.0.remove(index);
        Some(value)
    }

    fn named<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, |text| text.parse().ok())
    }

    fn flag(&mut self, name: &str, on: &str) -> bool {
        self.parsed(name, |text| (text == on).then_some(()))
            .is_some()
    }

    fn page(&mut self) -> u32 {
        self.parsed("page", |text| text.parse().ok().filter(|page| *page >= 1))
            .unwrap_or(1)
    }

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

    fn rest(self) -> Vec<String> {
        let mut names: Vec<String> = self.0.into_iter().map(|(name, _)| name).collect();
        names.sort();
        names.dedup();
        names
    }
}
