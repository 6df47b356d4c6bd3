//! Draws about communities, messages, reports and settings.

use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::parts::{are_near, ensure, find_community, quoted};
use crate::sites::clock::{TODAY, day_text, month_name, weekday_name};
use crate::sites::forum::queries::feed::{self, member_count, topics};
use crate::sites::forum::queries::messages::{THREADS_PER_PAGE, Thread, threads};
use crate::sites::forum::queries::moderation::{moderated, queue, reported};
use crate::sites::forum::state::{Community, ForumState, Member, MemberId, Post, Report, Standing};
use crate::sites::forum::world::{TOWNS, differ_by_two};
use crate::sites::tasks::draw::Drawn;

/// F07: all communities of a topic above a size.
pub(super) fn join_all(state: &ForumState) -> Vec<Drawn> {
    topics(state)
        .into_iter()
        .flat_map(|topic| {
            let tagged = tagged(state, topic);
            tagged.clone().into_iter().flat_map(move |edge| {
                let draw = |limit| one_join(state, topic, &tagged, (edge, limit));
                limits(state, &tagged, edge)
                    .into_iter()
                    .map(draw)
                    .collect::<Vec<_>>()
            })
        })
        .collect()
}

/// Sizes that part the communities above a size from this one: its own, and round ones up to the
/// next.
fn limits(state: &ForumState, tagged: &[&Community], edge: &Community) -> Vec<usize> {
    let size = member_count(state, edge);
    let next = tagged
        .iter()
        .map(|community| member_count(state, community))
        .filter(|other| *other > size)
        .min()
        .unwrap_or(size);
    let round = (size + 1..next).filter(|limit| limit % 10 == 0);
    std::iter::once(size).chain(round).collect()
}

fn tagged<'a>(state: &'a ForumState, topic: &str) -> Vec<&'a Community> {
    feed::communities(state)
        .into_iter()
        .filter(|community| community.topics.iter().any(|known| known == topic))
        .collect()
}

fn one_join(
    state: &ForumState,
    topic: &str,
    tagged: &[&Community],
    (edge, limit): (&Community, usize),
) -> Drawn {
    let fitting: Vec<&&Community> = tagged
        .iter()
        .filter(|community| member_count(state, community) > limit)
        .collect();
    ensure((3..=5).contains(&fitting.len()), "not 3 to 5 fit")?;
    let (joined, missing): (Vec<&&Community>, Vec<&&Community>) = fitting
        .iter()
        .partition(|community| state.joined.contains(&community.id));
    ensure(
        !joined.is_empty() && missing.len() >= 2,
        "none is joined, or too many are",
    )?;
    ensure(
        !state.joined.contains(&edge.id),
        "the one at the edge is joined",
    )?;
    let by_name = feed::communities(state).into_iter().find(|community| {
        !community.topics.iter().any(|known| known == topic)
            && community.name.to_lowercase().contains(topic)
    });
    let too_small = tagged
        .iter()
        .find(|community| community.id != edge.id && member_count(state, community) < limit)
        .map_or(edge, |community| community);
    let joining: Vec<String> = missing
        .iter()
        .map(|community| format!("click button 'Join {}'", quoted(&community.name)))
        .collect();
    Ok(json!({
        "topic": topic,
        "limit": limit,
        "expected": missing.iter().map(|community| joining_of(community)).collect::<Vec<_>>(),
        "edge": edge.id,
        "too_small": too_small.id,
        "joined": joined[0].id,
        "by_name": by_name.map_or(&edge.id, |community| &community.id),
        "steps": joining,
    }))
}

fn joining_of(community: &Community) -> Value {
    json!({
        "op": "add",
        "collection": "forum.memberships",
        "key": community.id,
        "fields": {"community": community.id},
    })
}

/// Which dates of a list of meetups are answered with, in the order of the list.
const ASKED: [&str; 4] = [
    "They have found out since, but now need the date of the last meetup that took place: answer there with just that date",
    "They have found out since, but now need the date of the meetup that was called off: answer there with just that date",
    "Answer there with just the date",
    "They have found out since, but now need the date of the meetup furthest ahead: answer there with just that date",
];

/// F08: when a meetup is.
pub(super) fn meetup(state: &ForumState) -> Vec<Drawn> {
    threads(state)
        .iter()
        .enumerate()
        .flat_map(|(place, thread)| {
            (0..ASKED.len()).map(move |asked| one_meetup(state, place, thread, asked))
        })
        .collect()
}

fn one_meetup(state: &ForumState, place: usize, thread: &Thread<'_>, asked: usize) -> Drawn {
    ensure(place < THREADS_PER_PAGE, "it is not on the first page")?;
    ensure(thread.last().from != state.board.me, "it is answered")?;
    let community = feed::communities(state)
        .into_iter()
        .find(|community| thread.first.subject == format!("{} meetup", community.name))
        .ok_or("it is not about a meetup")?;
    let from_them = threads(state)
        .iter()
        .filter(|other| other.with == thread.with)
        .count();
    ensure(from_them == 1, "they began two threads")?;
    let near = threads(state)
        .iter()
        .find(|other| looks_like(other.with, thread.with))
        .map(|other| {
            (
                other.first.no,
                other.with.clone(),
                other.first.subject.clone(),
            )
        })
        .ok_or("nobody of a similar name wrote")?;
    let list = state
        .posts
        .values()
        .find(|post| {
            post.community == community.id && post.pinned && post.title.contains("meetups")
        })
        .ok_or("there is no list of meetups")?;
    let dates = listed(list)?;
    let day = dates[asked];
    let right = day_text(day);
    let others = dates.iter().filter(|other| **other != day);
    let others: Vec<String> = others.map(|other| day_text(*other)).collect();
    let mut instructions = find_community(state, community);
    instructions.push(format!("click link '{}'", quoted(&list.title)));
    instructions.push(format!("see '{right}'"));
    Ok(json!({
        "user": thread.with,
        "community": community.name,
        "how": ASKED[asked],
        "thread": thread.first.no,
        "subject": thread.first.subject,
        "me": state.board.me,
        "date": right,
        "weekday": weekday_name(day.weekday()),
        "others": others,
        "near": {"thread": near.0, "user": near.1, "subject": near.2},
        "find": instructions,
    }))
}

/// The dates of a list: over, called off, the next, the last. They rise.
fn listed(list: &Post) -> Result<[Date; 4], String> {
    let dates = meetups(list);
    let [past, off, next, later] = dates.as_slice() else {
        return Err("the list has not four dates".into());
    };
    ensure(past.0 < TODAY && !past.1, "the first is not over")?;
    ensure(off.0 > TODAY && off.1, "the second is not called off")?;
    ensure(!next.1 && !later.1, "another is called off")?;
    ensure(next.0 > off.0 && later.0 > next.0, "they are not in order")?;
    let example = date(2026, 4, 12);
    ensure(
        dates.iter().all(|(day, _)| *day != example),
        "one is the example",
    )?;
    Ok([past, off, next, later].map(|(day, _)| *day))
}

fn looks_like(one: &MemberId, other: &MemberId) -> bool {
    are_near(one, other)
        || (one != other
            && one.as_str().get(..3) == other.as_str().get(..3)
            && strsim::osa_distance(one.as_str(), other.as_str()) <= 4)
}

/// Dates of a list of meetups, with whether they are called off.
fn meetups(list: &Post) -> Vec<(Date, bool)> {
    list.text
        .lines()
        .filter_map(|line| {
            let mut words = line.split([' ', '.']).skip(1);
            let day = words.next()?.parse().ok()?;
            let name = words.next()?;
            let month = (1..=12).find(|month| month_name(*month) == name)?;
            let year = words.next()?.parse().ok()?;
            Some((
                Date::new(year, month, day).ok()?,
                line.contains("Called off"),
            ))
        })
        .collect()
}

/// F09: the report queue, by one rule or several. What keeps them is approved or left.
pub(super) fn clear_queue(state: &ForumState) -> Vec<Drawn> {
    moderated(state)
        .into_iter()
        .flat_map(|community| {
            some_of(community.rules.len())
                .into_iter()
                .flat_map(move |rules| {
                    [true, false].map(|clear| one_queue(state, community, &rules, clear))
                })
        })
        .collect()
}

/// Every choice of one to three rules.
fn some_of(rules: usize) -> Vec<Vec<usize>> {
    let mut chosen: Vec<Vec<usize>> = (1..=rules).map(|rule| vec![rule]).collect();
    let mut from = 0;
    for _ in 1..3 {
        let until = chosen.len();
        for at in from..until {
            let last = chosen[at].last().copied().unwrap_or(rules);
            for next in last + 1..=rules {
                let mut longer = chosen[at].clone();
                longer.push(next);
                chosen.push(longer);
            }
        }
        from = until;
    }
    chosen
}

/// Whether an offer breaks a rule that can be checked; none for the other rules.
fn breaks(post: &Post, rule: usize) -> Option<bool> {
    Some(match rule {
        2 => !post.text.contains('$'),
        3 => post.text.contains("www."),
        4 => post.picture.is_none(),
        5 => !TOWNS.iter().any(|town| post.text.contains(town)),
        _ => return None,
    })
}

/// A report with its post, and the rule for which that is removed; none for the others.
type Judged<'a> = (&'a Report, &'a Post, Option<usize>);

fn one_queue(state: &ForumState, community: &Community, rules: &[usize], clear: bool) -> Drawn {
    let judged = judged(state, community, rules)?;
    let (removed, kept): (Vec<Judged<'_>>, Vec<Judged<'_>>) =
        judged.into_iter().partition(|(.., rule)| rule.is_some());
    ensure(
        removed.len() >= 2 && kept.len() >= 2,
        "nothing to tell apart",
    )?;
    ensure(
        clear || rules.len() > 1,
        "one rule and the rest left is too little",
    )?;
    let named = |report: &Report| rules.contains(&usize::from(report.rule));
    let misled = kept.iter().any(|(report, ..)| named(report))
        || removed
            .iter()
            .any(|(report, _, rule)| Some(usize::from(report.rule)) != *rule);
    ensure(misled, "the reports name the right rule")?;
    let mut expected = settled(&removed);
    let mut steps = removing(community, rules, &removed);
    let approved: Vec<Value> = kept.iter().map(|(report, ..)| approval(report)).collect();
    let count = expected.len();
    let (rest, forgotten, added) = if clear {
        expected.extend(approved);
        steps.extend(kept.iter().map(|(report, ..)| tick(report)));
        steps.push("click button 'Approve ticked'".to_owned());
        let approvals: Vec<usize> = (count..expected.len()).collect();
        ("approve everything else", approvals, vec![])
    } else {
        ("leave the other reports open", vec![], approved)
    };
    Ok(json!({
        "community": community.name,
        "what": if clear { "clear" } else { "go through" },
        "rules": in_words(rules),
        "rest": rest,
        "expected": expected,
        "steps": steps,
        "forgotten": forgotten,
        "added": added,
        "kept_post": kept[0].1.no.to_string(),
        "banned": removed[0].1.author,
    }))
}

/// Every open report, each on a post of its own that breaks at most one of the rules.
fn judged<'a>(
    state: &'a ForumState,
    community: &Community,
    rules: &[usize],
) -> Result<Vec<Judged<'a>>, String> {
    let open = queue(state, community.id.as_str(), true);
    ensure((6..=12).contains(&open.len()), "not 6 to 12 reports")?;
    let mut judged = Vec::new();
    for report in &open {
        let (post, comment) = reported(state, report).ok_or("a report names nothing")?;
        ensure(
            comment.is_none() && post.standing == Standing::Up,
            "it is no open post",
        )?;
        let others = open.iter().filter(|other| other.target == report.target);
        ensure(others.count() == 1, "a post was reported twice")?;
        let mut broken = None;
        for rule in rules {
            if breaks(post, *rule).ok_or("a rule cannot be checked")? {
                ensure(broken.is_none(), "a post breaks two of the rules")?;
                broken = Some(*rule);
            }
        }
        judged.push((*report, post, broken));
    }
    Ok(judged)
}

/// `rule 2`, `rule 2 or 4`, `rule 2, 3 or 5`.
fn in_words(rules: &[usize]) -> String {
    let numbers: Vec<String> = rules.iter().map(usize::to_string).collect();
    match numbers.split_last() {
        Some((last, others)) if !others.is_empty() => {
            format!("rule {} or {last}", others.join(", "))
        }
        _ => format!("rule {}", numbers.concat()),
    }
}

/// Every removed report with its post. The first two belong together.
fn settled(removed: &[Judged<'_>]) -> Vec<Value> {
    let mut expected = Vec::new();
    for (report, post, rule) in removed {
        expected.push(json!({
            "op": "change", "collection": "forum.reports", "key": report.no.to_string(),
            "fields": {"status": "removed", "removed_for": rule},
        }));
        expected.push(json!({
            "op": "change", "collection": "forum.posts", "key": post.no.to_string(),
            "fields": {"status": "removed"},
        }));
    }
    expected
}

fn approval(report: &Report) -> Value {
    json!({
        "op": "change", "collection": "forum.reports", "key": report.no.to_string(),
        "fields": {"status": "approved"},
    })
}

fn tick(report: &Report) -> String {
    format!("check 'Report {}:'", report.no)
}

/// Instructions that remove what breaks each rule.
fn removing(community: &Community, rules: &[usize], removed: &[Judged<'_>]) -> Vec<String> {
    let mut steps = Vec::new();
    for rule in rules {
        let broken = removed.iter().filter(|(.., broken)| broken == &Some(*rule));
        steps.extend(broken.map(|(report, ..)| tick(report)));
        let title = &community.rules[rule - 1].title;
        steps.push(format!("select 'Rule' '{rule}. {}'", quoted(title)));
        steps.push("click button 'Remove ticked'".to_owned());
    }
    steps
}

/// Days until which communities are muted.
const DAYS: [(i16, i8, i8); 5] = [
    (2026, 4, 30),
    (2026, 6, 15),
    (2026, 5, 3),
    (2026, 9, 1),
    (2027, 1, 31),
];

/// F11: a muted community and a blocked member.
pub(super) fn mute_and_block(state: &ForumState) -> Vec<Drawn> {
    let members: Vec<&Member> = state.board.members.values().collect();
    let mut drawn = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let near = members.iter().find(|other| {
            other.id != member.id && differ_by_two(other.id.as_str(), member.id.as_str())
        });
        let joined = state.joined.iter().nth(at % state.joined.len().max(1));
        let community = joined.and_then(|id| feed::community(state, id.as_str()));
        let (Some(near), Some(community)) = (near, community) else {
            drawn.push(Err("nobody has a similar name".to_owned()));
            continue;
        };
        for day in DAYS {
            drawn.push(one_mute(state, community, member, near, day));
        }
    }
    drawn
}

fn one_mute(
    state: &ForumState,
    community: &Community,
    member: &Member,
    near: &Member,
    (year, month, day): (i16, i8, i8),
) -> Drawn {
    ensure(!state.mutes.contains_key(&community.id), "it is muted")?;
    for one in [member, near] {
        ensure(one.id != state.board.me, "it is the persona")?;
        ensure(!one.deactivated, "the account was closed")?;
        ensure(!state.blocks.contains(&one.id), "one is blocked")?;
    }
    let until = date(year, month, day);
    let before = until.yesterday().map_err(|problem| problem.to_string())?;
    Ok(json!({
        "community": {"id": community.id, "name": community.name},
        "user": member.id,
        "near": near.id,
        "until": until.to_string(),
        "before": before.to_string(),
        "day": day.to_string(),
        "month": month_name(month),
        "year": year.to_string(),
    }))
}
