//! Draws about what is read: who wrote most, whose comment is best, lists in time.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::json;

use super::parts::{
    are_near, ensure, find_community, find_post, readable, titled, unfold, visible,
};
use crate::sites::clock::{TODAY, month_name};
use crate::sites::forum::queries::feed::{self, POSTS_PER_LOAD};
use crate::sites::forum::queries::thread;
use crate::sites::forum::state::{Comment, Community, ForumState, MemberId, Post};
use crate::sites::forum::view::{Feed, Period, PostSort};
use crate::sites::tasks::draw::Drawn;

/// Names with how often they occur, most first; ties by name.
fn ranking<'a>(names: impl Iterator<Item = &'a MemberId>) -> Vec<(&'a MemberId, usize)> {
    let mut counts: BTreeMap<&MemberId, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut ranking: Vec<_> = counts.into_iter().collect();
    ranking.sort_by_key(|(name, count)| (Reverse(*count), *name));
    ranking
}

/// F01: who wrote most comments under a post.
pub(super) fn most_comments(state: &ForumState) -> Vec<Drawn> {
    visible(state).map(|post| one_most(state, post)).collect()
}

fn one_most(state: &ForumState, post: &Post) -> Drawn {
    let comments: Vec<&Comment> = thread::readable(state, post.no).collect();
    ensure(
        (60..=140).contains(&comments.len()),
        "not 60 to 140 comments",
    )?;
    ensure(
        titled(state, &post.title).len() == 1,
        "the title is not unique",
    )?;
    let ranking = ranking(comments.iter().map(|comment| &comment.author));
    ensure(ranking.len() >= 12, "fewer than 12 members")?;
    let [(first, most), (second, less), ..] = ranking.as_slice() else {
        return Err("fewer than two members".into());
    };
    ensure(most > less, "two members wrote most")?;
    ensure(are_near(first, second), "the second is no look-alike")?;
    ensure(**first != post.author, "the post's author wrote most")?;
    let best = comments
        .iter()
        .max_by_key(|comment| comment.others_score)
        .map(|comment| &comment.author)
        .ok_or("no comment")?;
    ensure(best != *first, "the best comment is theirs too")?;
    let mut instructions = find_post(state, post)?;
    instructions.extend(unfold(state, post));
    let mut names = String::new();
    for at in 1..=comments.len() {
        instructions.push(format!("read a{at} after 'Comment by' nth {at}"));
        names.push_str(&format!(" $a{at}"));
    }
    instructions.push(format!("set who most '1'{names}"));
    Ok(json!({
        "title": post.title,
        "community": feed::community_name(state, &post.community),
        "member": first,
        "second": second,
        "author": post.author,
        "best": best,
        "steps": instructions,
    }))
}

/// F02: whose comment that the post's author answered has most points.
pub(super) fn best_answered(state: &ForumState) -> Vec<Drawn> {
    visible(state)
        .map(|post| one_answered(state, post))
        .collect()
}

fn one_answered(state: &ForumState, post: &Post) -> Drawn {
    let comments: Vec<&Comment> = thread::readable(state, post.no).collect();
    ensure(
        (40..=140).contains(&comments.len()),
        "not 40 to 140 comments",
    )?;
    ensure(
        titled(state, &post.title).len() == 1,
        "the title is not unique",
    )?;
    let answer_to = |no: u32| {
        comments
            .iter()
            .find(|other| other.parent == Some(no) && other.author == post.author)
    };
    let mut answered: Vec<&Comment> = comments
        .iter()
        .copied()
        .filter(|comment| comment.author != post.author && answer_to(comment.no).is_some())
        .collect();
    answered.sort_by_key(|comment| Reverse(comment.others_score));
    ensure(answered.len() >= 3, "the author answered fewer than 3")?;
    ensure(
        answered[0].others_score > answered[1].others_score + 1,
        "two are best",
    )?;
    let best = comments
        .iter()
        .filter(|comment| comment.author != post.author)
        .max_by_key(|comment| comment.others_score)
        .ok_or("no comment")?;
    let right = &answered[0].author;
    ensure(best.author != *right, "the best of all is theirs too")?;
    ensure(answered[1].author != *right, "the second is theirs too")?;
    let mut instructions = find_post(state, post)?;
    instructions.extend(unfold(state, post));
    let mut pairs = String::new();
    for (at, comment) in answered.iter().enumerate() {
        let no = comment.no;
        instructions.push(format!("read n{at} after 'Comment by' within '#{no}'"));
        instructions.push(format!("read s{at} after '$n{at}' within '#{no}'"));
        pairs.push_str(&format!(" $n{at} $s{at}"));
    }
    instructions.push(format!("set who greatest{pairs}"));
    Ok(json!({
        "title": post.title,
        "community": feed::community_name(state, &post.community),
        "member": right,
        "second": answered[1].author,
        "best": best.author,
        "author": post.author,
        "steps": instructions,
    }))
}

/// F03: the three members who posted most in a community in a month.
pub(super) fn most_posts(state: &ForumState) -> Vec<Drawn> {
    readable(state)
        .flat_map(|community| {
            feed::months(state)
                .into_iter()
                .map(move |month| one_month(state, community, month))
        })
        .collect()
}

fn one_month(state: &ForumState, community: &Community, (year, month): (i16, i8)) -> Drawn {
    ensure(
        (year, month) < (TODAY.year(), TODAY.month()),
        "the month is not over",
    )?;
    let in_time = |period| Feed {
        sort: PostSort::New,
        period,
        ..Feed::of(community.id.as_str())
    };
    let posts = feed::posts(state, &in_time(Period::Month(year, month)));
    ensure((40..=90).contains(&posts.len()), "not 40 to 90 posts")?;
    ensure(
        !posts.iter().any(|post| post.pinned),
        "one of them is pinned",
    )?;
    let here = ranking(posts.iter().map(|post| &post.author));
    ensure(here.len() >= 12, "fewer than 12 members")?;
    ensure(
        here.windows(2).take(4).all(|pair| pair[0].1 > pair[1].1),
        "the first four ranks are not strict",
    )?;
    let names = |ranking: &[(&MemberId, usize)]| -> Vec<MemberId> {
        ranking
            .iter()
            .take(3)
            .map(|(name, _)| (*name).clone())
            .collect()
    };
    let right = names(&here);
    let all = feed::posts(state, &in_time(Period::All));
    let ever = names(&ranking(all.iter().map(|post| &post.author)));
    ensure(ever != right, "they are the three of all time")?;
    let edge = posts
        .iter()
        .any(|post| (post.written_at.hour(), post.written_at.minute()) >= (23, 55));
    ensure(edge, "nothing was posted in the last minutes of a day")?;
    let time = format!("{} {year}", month_name(month));
    let mut instructions = find_community(state, community);
    instructions.push("select 'Sort by' 'New'".to_owned());
    instructions.push(format!("select 'Time' '{time}'"));
    instructions.push("click button 'Show'".to_owned());
    for _ in 1..posts.len().div_ceil(POSTS_PER_LOAD) {
        instructions.push("click link 'Load'".to_owned());
    }
    let mut read = String::new();
    for at in 1..=posts.len() {
        instructions.push(format!("read p{at} after 'Posted by' nth {at}"));
        read.push_str(&format!(" $p{at}"));
    }
    instructions.push(format!("set names most '3'{read}"));
    Ok(json!({
        "community": community.name,
        "time": time,
        "names": right,
        "ever": ever,
        "fourth": here[3].0,
        "steps": instructions,
    }))
}

/// F12: a community with the top posts of a month.
pub(super) fn top_of_month(state: &ForumState) -> Vec<Drawn> {
    readable(state)
        .flat_map(|community| {
            feed::months(state)
                .into_iter()
                .map(move |month| one_top(state, community, month))
        })
        .collect()
}

fn one_top(state: &ForumState, community: &Community, (year, month): (i16, i8)) -> Drawn {
    ensure(
        (year, month) < (TODAY.year(), TODAY.month() - 1),
        "it is the present or the last month",
    )?;
    let posts = feed::posts(
        state,
        &Feed {
            period: Period::Month(year, month),
            ..Feed::of(community.id.as_str())
        },
    );
    ensure(posts.len() >= 3, "fewer than 3 posts")?;
    let other = readable(state)
        .find(|other| {
            other.id != community.id
                && other
                    .topics
                    .iter()
                    .any(|topic| community.topics.contains(topic))
        })
        .ok_or("no community of a like topic")?;
    Ok(json!({
        "community": {"id": community.id, "name": community.name},
        "other": other.id,
        "time": format!("{} {year}", month_name(month)),
        "period": Period::Month(year, month).to_string(),
        "next": Period::Month(year + i16::from(month == 12), month % 12 + 1).to_string(),
        "find": find_community(state, community),
    }))
}
