//! Writes addresses of the forum, and what they mean in typed form.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::domain::evidence::View;
use crate::sites::forum::queries::feed::POSTS_PER_LOAD;
use crate::sites::forum::queries::thread::THREADS_PER_LOAD;
use crate::sites::forum::view::{
    CommentForm, CommentSort, MemberTab, Period, PostForm, PostSort, Route, SearchSort,
};

impl Route {
    /// The address of the page, defaults left out, e.g. `/forum/c/knife-block?sort=new`.
    pub fn href(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.query() {
            query.append_pair(name, &value);
        }
        let query = query.finish();
        let path = self.path();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Feed(feed) => feed.community.as_ref().map_or_else(
                || "/forum/".to_owned(),
                |community| format!("/forum/c/{}", encode(community)),
            ),
            Self::Communities { .. } => "/forum/communities".to_owned(),
            Self::About { community } => format!("/forum/c/{}/about", encode(community)),
            Self::PostNew { community } => format!("/forum/c/{}/post", encode(community)),
            Self::Queue { community, .. } => format!("/forum/c/{}/queue", encode(community)),
            Self::Post(page) => format!("/forum/p/{}", page.post),
            Self::PostForm { post, form } => format!("/forum/p/{post}/{form}"),
            Self::CommentForm { comment, form } => format!("/forum/comments/{comment}/{form}"),
            Self::Report { target } => format!("/forum/report/{}", encode(target)),
            Self::Member { member, .. } => format!("/forum/u/{}", encode(member)),
            Self::Search(_) => "/forum/search".to_owned(),
            Self::Messages { .. } => "/forum/messages".to_owned(),
            Self::MessageNew { .. } => "/forum/messages/new".to_owned(),
            Self::Thread { thread } => format!("/forum/messages/{thread}"),
            Self::Saved => "/forum/saved".to_owned(),
            Self::Settings => "/forum/settings".to_owned(),
            Self::Mutes => "/forum/settings/mutes".to_owned(),
            Self::Mute { community } => format!("/forum/settings/mutes/{}", encode(community)),
            Self::Blocks => "/forum/settings/blocks".to_owned(),
        }
    }

    /// Parameters of the query, defaults left out.
    fn query(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        let mut push = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        match self {
            Self::Feed(feed) => {
                push("sort", unless_default(feed.sort, PostSort::Hot));
                push("period", unless_default(feed.period, Period::All));
                push("flair", feed.flair.clone());
                push("shown", shown(feed.loads, POSTS_PER_LOAD));
            }
            Self::Communities { topic, q } => {
                push("topic", topic.clone());
                push("q", q.clone());
            }
            Self::Queue { settled, .. } => push("show", settled.then(|| "settled".to_owned())),
            Self::Post(page) => {
                push("sort", unless_default(page.sort, CommentSort::Best));
                push("replies", page.expanded.then(|| "all".to_owned()));
                push("thread", page.thread.map(|no| no.to_string()));
                push("shown", shown(page.loads, THREADS_PER_LOAD));
            }
            Self::Member { tab, page, .. } => {
                push("tab", unless_default(*tab, MemberTab::Posts));
                push("page", page_text(*page));
            }
            Self::Search(search) => {
                push("q", search.q.clone());
                push("in", search.community.clone());
                push("by", search.author.clone());
                push("sort", unless_default(search.sort, SearchSort::Relevance));
                push("page", page_text(search.page));
            }
            Self::Messages { page } => push("page", page_text(*page)),
            Self::MessageNew { to } => push("to", to.clone()),
            _ => {}
        }
        pairs
    }

    /// The page as evaluators and the journal name it. Parameters have the names of the fields
    /// in this file; how much of a list was loaded is left out.
    pub fn view(&self, unknown: Vec<String>) -> View {
        View {
            route: self.name().to_owned(),
            params: self.params(),
            unknown,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Feed(feed) if feed.community.is_some() => "forum.community",
            Self::Feed(_) => "forum.home",
            Self::Communities { .. } => "forum.communities",
            Self::About { .. } => "forum.about",
            Self::PostNew { .. } => "forum.post_new",
            Self::Queue { .. } => "forum.queue",
            Self::Post(_) => "forum.post",
            Self::PostForm { form, .. } => match form {
                PostForm::Edit => "forum.post_edit",
                PostForm::Delete => "forum.post_delete",
            },
            Self::CommentForm { form, .. } => match form {
                CommentForm::Reply => "forum.reply",
                CommentForm::Edit => "forum.comment_edit",
                CommentForm::Delete => "forum.comment_delete",
            },
            Self::Report { .. } => "forum.report",
            Self::Member { .. } => "forum.member",
            Self::Search(_) => "forum.search",
            Self::Messages { .. } => "forum.messages",
            Self::MessageNew { .. } => "forum.message_new",
            Self::Thread { .. } => "forum.thread",
            Self::Saved => "forum.saved",
            Self::Settings => "forum.settings",
            Self::Mutes => "forum.mutes",
            Self::Mute { .. } => "forum.mute",
            Self::Blocks => "forum.blocks",
        }
    }

    fn params(&self) -> BTreeMap<String, Value> {
        let mut params: Vec<(&str, Value)> = self
            .query()
            .into_iter()
            .filter(|(name, _)| !matches!(*name, "shown" | "page" | "thread"))
            .map(|(name, value)| (name, json!(value)))
            .collect();
        let page_value = |page: u32| json!((page > 1).then_some(page));
        match self {
            Self::Feed(feed) => params.push(("community", json!(feed.community))),
            Self::About { community }
            | Self::PostNew { community }
            | Self::Mute { community }
            | Self::Queue { community, .. } => params.push(("community", json!(community))),
            Self::Post(page) => {
                params.push(("post", json!(page.post)));
                params.push(("thread", json!(page.thread)));
            }
            Self::PostForm { post, .. } => params.push(("post", json!(post))),
            Self::CommentForm { comment, .. } => params.push(("comment", json!(comment))),
            Self::Report { target } => params.push(("target", json!(target))),
            Self::Member { member, page, .. } => {
                params.push(("member", json!(member)));
                params.push(("page", page_value(*page)));
            }
            Self::Search(search) => params.push(("page", page_value(search.page))),
            Self::Messages { page } => params.push(("page", page_value(*page))),
            Self::Thread { thread } => params.push(("thread", json!(thread))),
            _ => {}
        }
        params
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

fn unless_default<T: Copy + PartialEq + std::fmt::Display>(value: T, default: T) -> Option<String> {
    (value != default).then(|| value.to_string())
}

fn page_text(page: u32) -> Option<String> {
    (page > 1).then(|| page.to_string())
}

fn shown(loads: u32, size: usize) -> Option<String> {
    (loads > 0).then(|| ((loads as usize + 1) * size).to_string())
}

/// Percent-encodes a path segment.
fn encode(segment: &str) -> String {
    url::form_urlencoded::byte_serialize(segment.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}
