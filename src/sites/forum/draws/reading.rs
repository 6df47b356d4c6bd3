//! Draws about lists in time: who posted most, the top posts of a month.

use serde_json::json;

use super::parts::{ensure, find_community, ranking, readable};
use crate::sites::clock::{TODAY, month_name};
use crate::sites::forum::queries::feed::{self, POSTS_PER_LOAD};
use crate::sites::forum::state::{Community, ForumState, MemberId, Post};
use crate::sites::forum::view::{Feed, Period, PostSort};
use crate::sites::tasks::draw::Drawn;

/// How many members are asked for, with whether the one who posted most is left out.
const FRONTS: [(usize, &str, bool); 5] = [
    (3, "three", false),
    (2, "two", false),
    (4, "four", false),
    (3, "three", true),
    (2, "two", true),
];

/// F03: the members who posted most in a community in a month.
pub(super) fn most_posts(state: &ForumState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for community in readable(state) {
        for month in feed::months(state) {
            for front in FRONTS {
                drawn.push(one_month(state, community, month, front));
            }
        }
    }
    drawn
}

/// Posts of a month in which many were written, latest first.
fn busy_month<'a>(
    state: &'a ForumState,
    community: &Community,
    (year, month): (i16, i8),
) -> Result<Vec<&'a Post>, String> {
    ensure(
        (year, month) < (TODAY.year(), TODAY.month()),
        "the month is not over",
    )?;
    let posts = feed::posts(state, &latest(community, Period::Month(year, month)));
    ensure((40..=90).contains(&posts.len()), "not 40 to 90 posts")?;
    ensure(
        !posts.iter().any(|post| post.pinned),
        "one of them is pinned",
    )?;
    let edge = posts
        .iter()
        .any(|post| (post.written_at.hour(), post.written_at.minute()) >= (23, 55));
    ensure(edge, "nothing was posted in the last minutes of a day")?;
    Ok(posts)
}

fn latest(community: &Community, period: Period) -> Feed {
    Feed {
        sort: PostSort::New,
        period,
        ..Feed::of(community.id.as_str())
    }
}

fn one_month(
    state: &ForumState,
    community: &Community,
    (year, month): (i16, i8),
    (count, how_many, without): (usize, &str, bool),
) -> Drawn {
    let posts = busy_month(state, community, (year, month))?;
    let here = ranking(posts.iter().map(|post| &post.author));
    ensure(here.len() >= 12, "fewer than 12 members")?;
    let from = usize::from(without);
    ensure(
        here.windows(2)
            .take(from + count)
            .all(|pair| pair[0].1 > pair[1].1),
        "the first ranks are not strict",
    )?;
    let first = here[0].0;
    let names = |ranking: &[(&MemberId, usize)], count: usize| -> Vec<MemberId> {
        let kept = ranking
            .iter()
            .filter(|(name, _)| !without || *name != first);
        kept.take(count).map(|(name, _)| (*name).clone()).collect()
    };
    let right = names(&here, count);
    let all = feed::posts(state, &latest(community, Period::All));
    let ever = names(&ranking(all.iter().map(|post| &post.author)), count);
    ensure(ever != right, "they are the same over all time")?;
    let more = names(&here, count + 1);
    let mut swapped = right.clone();
    swapped.swap(count - 2, count - 1);
    let mut skipped = more.clone();
    skipped.remove(count - 1);
    let time = format!("{} {year}", month_name(month));
    let mut steps = find_community(state, community);
    steps.push("select 'Sort by' 'New'".to_owned());
    steps.push(format!("select 'Time' '{time}'"));
    steps.push("click button 'Show'".to_owned());
    for _ in 1..posts.len().div_ceil(POSTS_PER_LOAD) {
        steps.push("click link 'Load'".to_owned());
    }
    let mut read = String::new();
    for (at, post) in posts.iter().enumerate() {
        if !without || post.author != *first {
            steps.push(format!("read p{at} after 'Posted by' nth {}", at + 1));
            read.push_str(&format!(" $p{at}"));
        }
    }
    steps.push(format!("set names most '{count}'{read}"));
    let who = if without {
        format!("Apart from {first}, which {how_many} members")
    } else {
        format!("Which {how_many} members")
    };
    Ok(json!({
        "who": who,
        "community": community.name,
        "time": time,
        "names": right,
        "ever": told(&ever),
        "swapped": told(&swapped),
        "skipped": told(&skipped),
        "more": told(&more),
        "lines": numbered(&right),
        "spoken": told(&right),
        "steps": steps,
    }))
}

/// Names as people write them, with `and` before the last.
fn told(names: &[MemberId]) -> String {
    let names: Vec<&str> = names.iter().map(MemberId::as_str).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

/// A numbered line for each name.
fn numbered(names: &[MemberId]) -> String {
    let lines = names.iter().zip(1..);
    let lines: Vec<String> = lines.map(|(name, at)| format!("{at}. {name}")).collect();
    lines.join("\n")
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
