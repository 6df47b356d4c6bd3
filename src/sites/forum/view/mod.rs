//! Addresses of the forum: one place that reads and writes them, for pages and for evaluators.
//!
//! | path | route |
//! |---|---|
//! | `/forum/?sort=&period=&shown=` | `forum.home` |
//! | `/forum/communities?topic=&q=` | `forum.communities` |
//! | `/forum/c/{community}?sort=&period=&flair=&shown=` | `forum.community` |
//! | `/forum/c/{community}/about` | `forum.about` |
//! | `/forum/c/{community}/post` | `forum.post_new` |
//! | `/forum/c/{community}/queue?show=` | `forum.queue` |
//! | `/forum/p/{post}?sort=&replies=&thread=&shown=` | `forum.post` |
//! | `/forum/p/{post}/edit`, `/forum/p/{post}/delete` | `forum.post_edit`, `forum.post_delete` |
//! | `/forum/comments/{comment}/reply`, `.../edit`, `.../delete` | `forum.reply`, `forum.comment_edit`, `forum.comment_delete` |
//! | `/forum/report/{target}` | `forum.report` |
//! | `/forum/u/{member}?tab=&page=` | `forum.member` |
//! | `/forum/search?q=&in=&by=&sort=&page=` | `forum.search` |
//! | `/forum/messages?page=`, `/forum/messages/new?to=`, `/forum/messages/{thread}` | `forum.messages`, `forum.message_new`, `forum.thread` |
//! | `/forum/saved` | `forum.saved` |
//! | `/forum/settings`, `/forum/settings/mutes`, `/forum/settings/mutes/{community}`, `/forum/settings/blocks` | `forum.settings`, `forum.mutes`, `forum.mute`, `forum.blocks` |
//!
//! How much of a list was loaded (`shown`) is no part of what a page is, so views leave it out.

mod read;
mod write;

pub use read::parse;

/// A page of the forum with its typed parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// A list of posts: the start page, or a community.
    Feed(Feed),
    /// List of communities.
    Communities {
        /// Only those with this topic.
        topic: Option<String>,
        /// Words in their names.
        q: Option<String>,
    },
    /// Rules, flairs and moderators of a community.
    About {
        /// Its id.
        community: String,
    },
    /// The form for a post.
    PostNew {
        /// The community's id.
        community: String,
    },
    /// Reports of a community.
    Queue {
        /// Its id.
        community: String,
        /// Those that were settled.
        settled: bool,
    },
    /// A post with its comments.
    Post(PostPage),
    /// A form or question about a post.
    PostForm {
        /// Its number.
        post: u32,
        /// Which.
        form: PostForm,
    },
    /// A form or question about a comment.
    CommentForm {
        /// Its number.
        comment: u32,
        /// Which.
        form: CommentForm,
    },
    /// The form for a report.
    Report {
        /// What is reported, e.g. `post-7`.
        target: String,
    },
    /// A member's profile.
    Member {
        /// Their name.
        member: String,
        /// The open tab.
        tab: MemberTab,
        /// From 1.
        page: u32,
    },
    /// Search over posts.
    Search(Search),
    /// Inbox.
    Messages {
        /// From 1.
        page: u32,
    },
    /// The form for a message that begins a thread.
    MessageNew {
        /// Who gets it.
        to: Option<String>,
    },
    /// A thread of messages.
    Thread {
        /// Number of its first message.
        thread: u32,
    },
    /// What the persona keeps.
    Saved,
    /// Overview of settings.
    Settings,
    /// Communities and whether they are muted.
    Mutes,
    /// The form that mutes a community.
    Mute {
        /// Its id.
        community: String,
    },
    /// Blocked members.
    Blocks,
}

/// What a list of posts shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// Community id; absent for the start page.
    pub community: Option<String>,
    /// Order (`sort`).
    pub sort: PostSort,
    /// Time (`period`).
    pub period: Period,
    /// Only posts with this flair (`flair`).
    pub flair: Option<String>,
    /// How often more were loaded (`shown`, in posts).
    pub loads: u32,
}

impl Feed {
    /// A whole community in its own order.
    pub fn of(community: &str) -> Self {
        Self {
            community: Some(community.to_owned()),
            ..Self::default()
        }
    }
}

/// What a post's page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostPage {
    /// Number of the post.
    pub post: u32,
    /// Order of comments (`sort`).
    pub sort: CommentSort,
    /// No answers are collapsed (`replies=all`).
    pub expanded: bool,
    /// Only this comment and what answers it (`thread`).
    pub thread: Option<u32>,
    /// How often more were loaded (`shown`, in comments).
    pub loads: u32,
}

impl PostPage {
    /// The page of a post as links lead to it.
    pub fn of(post: u32) -> Self {
        Self {
            post,
            ..Self::default()
        }
    }
}

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words (`q`).
    pub q: Option<String>,
    /// Only in this community (`in`).
    pub community: Option<String>,
    /// Only by this member (`by`).
    pub author: Option<String>,
    /// Order (`sort`).
    pub sort: SearchSort,
    /// From 1.
    pub page: u32,
}

crate::named_values! {
    /// Order of posts; ties by time, latest first.
    #[derive(Default)]
    PostSort {
        /// Points that fade with time; the default.
        #[default]
        Hot = "hot",
        /// Latest first.
        New = "new",
        /// Most points first.
        Top = "top",
        /// Most comments first.
        Comments = "comments",
    }
}

crate::named_values! {
    /// Order of results.
    #[derive(Default)]
    SearchSort {
        /// Words in the title first, then latest; the default.
        #[default]
        Relevance = "relevance",
        /// Latest first.
        New = "new",
        /// Most points first.
        Top = "top",
        /// Most comments first.
        Comments = "comments",
    }
}

crate::named_values! {
    /// Order of comments that answer the same.
    #[derive(Default)]
    CommentSort {
        /// Most points first; the default.
        #[default]
        Best = "best",
        /// Latest first.
        New = "new",
        /// Earliest first.
        Old = "old",
    }
}

crate::named_values! {
    /// Tabs of a profile.
    #[derive(Default)]
    MemberTab {
        /// The default.
        #[default]
        Posts = "posts",
        /// Comments.
        Comments = "comments",
    }
}

crate::named_values! {
    /// Forms about a post.
    PostForm {
        /// Change title and text.
        Edit = "edit",
        /// Really delete it?
        Delete = "delete",
    }
}

crate::named_values! {
    /// Forms about a comment.
    CommentForm {
        /// Answer it.
        Reply = "reply",
        /// Change it.
        Edit = "edit",
        /// Really delete it?
        Delete = "delete",
    }
}

/// The time from which posts are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Period {
    /// All; the default.
    #[default]
    All,
    /// The last seven days, today included.
    Week,
    /// The last 365 days, today included.
    Year,
    /// A month of a year.
    Month(i16, i8),
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Week => f.write_str("week"),
            Self::Year => f.write_str("year"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
        }
    }
}

/// A text that names no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a period is `all`, `week`, `year` or a month such as `2026-01`")]
pub struct NoPeriod;

impl std::str::FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "all" => Self::All,
            "week" => Self::Week,
            "year" => Self::Year,
            _ => {
                let (year, month) = text.split_once('-').ok_or(NoPeriod)?;
                let year = year.parse().map_err(|_| NoPeriod)?;
                let month = month.parse().map_err(|_| NoPeriod)?;
                if !(2000..=2100).contains(&year) || !(1..=12).contains(&month) {
                    return Err(NoPeriod);
                }
                Self::Month(year, month)
            }
        })
    }
}

/// What an address means: the route and the names of parameters that it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The page.
    pub route: Route,
    /// Names of unknown or unreadable parameters.
    pub unknown: Vec<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_community_is_read_typed_and_written_back() {
        let parsed =
            parse("/forum/c/espresso-bar?sort=top&period=2026-01&flair=&shown=75").unwrap();
        assert_eq!(parsed.unknown, Vec::<String>::new());
        let view = parsed.route.view(Vec::new());
        assert_eq!(view.route, "forum.community");
        assert_eq!(
            serde_json::to_value(&view.params).unwrap(),
            json!({"community": "espresso-bar", "sort": "top", "period": "2026-01"})
        );
        assert_eq!(
            parsed.route.href(),
            "/forum/c/espresso-bar?sort=top&period=2026-01&shown=75"
        );
    }

    #[test]
    fn what_cannot_be_read_is_unknown_and_not_dropped() {
        let parsed = parse("/forum/?sort=best&period=2026-13&next=/x&shown=7").unwrap();
        assert_eq!(parsed.route, Route::Feed(Feed::default()));
        assert_eq!(parsed.unknown, ["next", "period", "shown", "sort"]);
        assert_eq!(parse("/forums"), None);
        assert_eq!(parse("/forum/p/first"), None);
    }

    #[test]
    fn every_route_survives_the_way_to_an_address_and_back() {
        let member = |tab, page| Route::Member {
            member: "brew_anna".to_owned(),
            tab,
            page,
        };
        let routes = [
            Route::Feed(Feed::default()),
            Route::Communities {
                topic: Some("coffee".to_owned()),
                q: None,
            },
            Route::Queue {
                community: "equipment-swap".to_owned(),
                settled: true,
            },
            Route::Post(PostPage {
                post: 7,
                sort: CommentSort::Old,
                expanded: true,
                thread: Some(9),
                loads: 2,
            }),
            Route::PostForm {
                post: 7,
                form: PostForm::Edit,
            },
            Route::CommentForm {
                comment: 7,
                form: CommentForm::Reply,
            },
            member(MemberTab::Comments, 2),
            Route::Search(Search {
                q: Some("crème & co".to_owned()),
                author: Some("brew_anna".to_owned()),
                sort: SearchSort::Top,
                page: 3,
                ..Search::default()
            }),
            Route::MessageNew {
                to: Some("brew_anna".to_owned()),
            },
            Route::Thread { thread: 4 },
            Route::Mute {
                community: "knife-block".to_owned(),
            },
        ];
        for route in routes {
            let parsed = parse(&route.href()).unwrap();
            assert_eq!(parsed.route, route);
            assert_eq!(parsed.unknown, Vec::<String>::new());
        }
    }
}
