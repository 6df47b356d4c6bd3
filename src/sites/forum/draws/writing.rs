//! Draws about posts and comments: vote, answer, post, correct, delete.

use serde_json::{Value, json};

use super::parts::{ensure, find_community, find_post, found, quoted, titled, unfold, visible};
use crate::sites::forum::queries::feed;
use crate::sites::forum::queries::people::all_posts_of;
use crate::sites::forum::queries::thread::{
    self, COLLAPSED_FROM, THREADS_PER_LOAD, comment_count, depth_of, tree,
};
use crate::sites::forum::state::{Comment, Community, ForumState, Post, Standing, Target};
use crate::sites::forum::view::CommentSort;
use crate::sites::forum::world::{aspects_of, corrections};
use crate::sites::tasks::draw::Drawn;

/// F04: a post whose title somebody else chose too.
pub(super) fn upvote(state: &ForumState) -> Vec<Drawn> {
    visible(state).map(|post| one_upvote(state, post)).collect()
}

fn one_upvote(state: &ForumState, post: &Post) -> Drawn {
    let same = titled(state, &post.title);
    ensure(same.len() == 2, "the title is not that of two posts")?;
    ensure(
        !same.iter().any(|one| one.author == state.board.me),
        "one is the persona's",
    )?;
    let other = same
        .iter()
        .find(|other| other.author != post.author)
        .ok_or("both are by the same member")?;
    ensure(
        same.iter()
            .all(|one| !state.votes.contains_key(&Target::Post(one.no))),
        "one was voted on",
    )?;
    let first = found(state, &post.title).first().copied();
    ensure(first == Some(other.no), "it is found first")?;
    Ok(json!({
        "title": post.title,
        "user": post.author,
        "target": Target::Post(post.no).to_string(),
        "no": post.no,
        "other": Target::Post(other.no).to_string(),
        "steps": find_post(state, post)?,
    }))
}

/// N04: the same when the post was removed.
pub(super) fn upvote_removed(state: &ForumState) -> Vec<Drawn> {
    state
        .posts
        .values()
        .map(|post| one_removed(state, post))
        .collect()
}

fn one_removed(state: &ForumState, post: &Post) -> Drawn {
    ensure(post.standing == Standing::Removed, "it was not removed")?;
    ensure(
        feed::may_read(state, &post.community),
        "its community is closed",
    )?;
    let same = titled(state, &post.title);
    let [other] = same.as_slice() else {
        return Err("not one other post has the title".into());
    };
    ensure(other.author != post.author, "it is by the same member")?;
    ensure(other.author != state.board.me, "it is the persona's")?;
    ensure(
        found(state, &post.title).first() == Some(&other.no),
        "it is not found first",
    )?;
    let theirs: Vec<String> = all_posts_of(state, post.author.as_str())
        .iter()
        .map(|post| format!("forum.posts/{}", post.no))
        .collect();
    ensure(theirs.len() <= 20, "their posts fill more than a page")?;
    Ok(json!({
        "title": post.title,
        "user": post.author,
        "other": {
            "no": other.no,
            "shown": format!("forum.posts/{}", other.no),
            "target": Target::Post(other.no).to_string(),
            "user": other.author,
        },
        "theirs": theirs,
    }))
}

/// What is answered.
const ANSWERS: [&str; 6] = [
    "Thank you. I will try it this weekend and write how it went.",
    "Could you post a photo of how you do it?",
    "How long did it take you the first time?",
    "I had the same idea and gave up too early.",
    "Good point, that is what I had overlooked.",
    "Which year was that? Mine is older.",
];

/// F05: one of two comments of a member, out of sight at first.
pub(super) fn answer(state: &ForumState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for post in visible(state) {
        if comment_count(state, post.no) < 15 {
            drawn.push(Err("fewer than 15 comments".into()));
            continue;
        }
        match way_to(state, post) {
            Ok(way) => drawn.extend(
                thread::readable(state, post.no)
                    .map(|comment| one_answer(state, post, comment, &way)),
            ),
            Err(reason) => drawn.push(Err(reason)),
        }
    }
    drawn
}

/// Instructions that show all comments of a post whose title is its own.
fn way_to(state: &ForumState, post: &Post) -> Result<Vec<String>, String> {
    ensure(
        titled(state, &post.title).len() == 1,
        "the title is not unique",
    )?;
    ensure(
        tree(state, post.no, CommentSort::Best).len() <= THREADS_PER_LOAD,
        "not all comments are loaded at first",
    )?;
    let mut way = find_post(state, post)?;
    way.extend(unfold(state, post));
    Ok(way)
}

fn one_answer(state: &ForumState, post: &Post, comment: &Comment, way: &[String]) -> Drawn {
    ensure(depth_of(state, comment) >= COLLAPSED_FROM, "it is in sight")?;
    ensure(comment.author != post.author, "it is by the post's author")?;
    let theirs: Vec<&Comment> = thread::readable(state, post.no)
        .filter(|other| other.author == comment.author)
        .collect();
    let other = match theirs.as_slice() {
        [one, other] if one.no == comment.no => other,
        [other, one] if one.no == comment.no => other,
        _ => return Err("the member has not two comments there".into()),
    };
    let about: Vec<&str> = aspects_of(&post.community)
        .iter()
        .copied()
        .filter(|aspect| comment.text.to_lowercase().contains(aspect))
        .collect();
    let [aspect] = about.as_slice() else {
        return Err("it is not about one thing".into());
    };
    ensure(
        !other.text.to_lowercase().contains(aspect),
        "the other is about the same",
    )?;
    let text = ANSWERS[comment.no as usize % ANSWERS.len()];
    let mut instructions = way.to_vec();
    instructions.push(format!("click link 'Reply to comment #{}'", comment.no));
    instructions.push(format!("fill 'Your reply' '{}'", quoted(text)));
    instructions.push("click button 'Post reply'".to_owned());
    Ok(json!({
        "title": post.title,
        "post": post.no,
        "user": comment.author,
        "comment": comment.no,
        "other": other.no,
        "aspect": aspect,
        "text": text,
        "me": state.board.me,
        "steps": instructions,
    }))
}

/// What is posted, by situation: title and text.
const POSTS: [[(&str, &str); 3]; 5] = [
    [
        (
            "Something for the office kitchen",
            "We are six and the old one is too slow. What would you look at below $300?",
        ),
        (
            "A present for my brother",
            "He moves out in May and owns nothing yet. Which one thing would you give him?",
        ),
        (
            "New or used?",
            "I could get an old one for a third of the price. Is that a false economy?",
        ),
    ],
    [
        (
            "It stopped in the middle of breakfast",
            "No sound, no light, no warmth. It was fine yesterday and the socket works.",
        ),
        (
            "A smell of burnt rubber",
            "It comes after five minutes and goes away when I switch it off. Can I still use it?",
        ),
        (
            "The handle came off in my hand",
            "It is four years old. Has anybody put one back on, and with what?",
        ),
    ],
    [
        (
            "Twelfth try, and it worked",
            "I wanted to throw it all away last week. Today the neighbours asked for more.",
        ),
        (
            "My corner of the kitchen",
            "It took a whole winter, two shelves and a very patient husband.",
        ),
        (
            "From nothing to this in three hours",
            "No plan, no recipe, only what was left on Friday evening.",
        ),
    ],
    [
        (
            "Cleaning without a single tool",
            "Warm water, an old cloth and ten minutes. Here is the order that works for me.",
        ),
        (
            "Writing things down",
            "Date, weight, time and one word about the taste. After a month you see what matters.",
        ),
        (
            "How to carry it on a bicycle",
            "Two towels, one strap, and never on the handlebar. I have done it forty times.",
        ),
    ],
    [
        (
            "Half price until Friday",
            "The shop behind the station in Marrin is clearing its shelves. I counted eleven left.",
        ),
        (
            "A box of spares at the flea market",
            "Seals, screws and two lids, all for $4. He is there again next Sunday.",
        ),
        (
            "Second one free in Osterby",
            "Ask at the till, it is not written anywhere. It lasts as long as they have some.",
        ),
    ],
];

/// F06: a post with the flair that the rules ask for.
pub(super) fn new_post(state: &ForumState) -> Vec<Drawn> {
    let joined = state
        .joined
        .iter()
        .filter_map(|id| feed::community(state, id.as_str()));
    let mut drawn = Vec::new();
    for (place, community) in joined.enumerate() {
        for (at, posts) in POSTS.iter().enumerate() {
            let post = posts[(place + at) % posts.len()];
            drawn.push(one_post(state, community, at, post));
        }
    }
    drawn
}

fn one_post(
    state: &ForumState,
    community: &Community,
    situation: usize,
    (title, text): (&str, &str),
) -> Drawn {
    ensure(
        !feed::moderates(state, &community.id),
        "the persona moderates it",
    )?;
    let flair = community.flairs.get(situation).ok_or("no such flair")?;
    ensure(
        flair.name != community.suggested_flair,
        "the form suggests that flair",
    )?;
    let asked: Vec<_> = community
        .flairs
        .iter()
        .filter(|other| other.when == flair.when)
        .collect();
    ensure(asked.len() == 1, "two flairs are right")?;
    let other = readable_other(state, community).ok_or("no other community")?;
    let name = quoted(&community.name);
    let mut instructions = find_community(state, community);
    instructions.push("click link 'About and rules'".to_owned());
    instructions.push(format!("see '{}'", quoted(&flair.when)));
    instructions.push(format!("click link '{name}' within 'Your communities'"));
    instructions.push("click link 'New post'".to_owned());
    Ok(json!({
        "community": {"id": community.id, "name": community.name},
        "other": other.id,
        "title": title,
        "text": text,
        "situation": flair.when,
        "flair": flair.name,
        "suggested": community.suggested_flair,
        "me": state.board.me,
        "find": instructions,
    }))
}

fn readable_other<'a>(state: &'a ForumState, community: &Community) -> Option<&'a Community> {
    state
        .joined
        .iter()
        .filter_map(|id| feed::community(state, id.as_str()))
        .find(|other| other.id != community.id)
}

/// F10: what the persona posted twice, with something wrong in it.
pub(super) fn posted_twice(state: &ForumState) -> Vec<Drawn> {
    corrections()
        .into_iter()
        .map(|correction| one_twice(state, correction))
        .collect()
}

fn one_twice(state: &ForumState, (title, wrong, right): (&str, &str, &str)) -> Drawn {
    let mut own: Vec<&Post> = titled(state, title)
        .into_iter()
        .filter(|post| post.author == state.board.me)
        .collect();
    own.sort_by_key(|post| post.written_at);
    let [earlier, later] = own.as_slice() else {
        return Err("it was not posted twice".into());
    };
    ensure(
        comment_count(state, earlier.no) > 0,
        "the earlier one has no comments",
    )?;
    ensure(
        comment_count(state, later.no) == 0,
        "the later one has comments",
    )?;
    ensure(
        earlier.text.matches(wrong).count() == 1,
        "it is not wrong once",
    )?;
    ensure(!title.contains(wrong), "it is in the title")?;
    let fixed = earlier.text.replace(wrong, right);
    Ok(json!({
        "title": title,
        "wrong": wrong,
        "right": right,
        "earlier": earlier.no,
        "later": later.no,
        "fixed": fixed,
        "fixed_title": format!("{title} ({right})"),
        "me": state.board.me,
    }))
}

/// F13: something wrong in the persona's own post.
pub(super) fn correct_own(state: &ForumState) -> Vec<Drawn> {
    corrections()
        .into_iter()
        .map(|correction| one_correction(state, correction, true))
        .collect()
}

/// N05: the same in somebody else's.
pub(super) fn correct_others(state: &ForumState) -> Vec<Drawn> {
    corrections()
        .into_iter()
        .map(|correction| one_correction(state, correction, false))
        .collect()
}

fn one_correction(
    state: &ForumState,
    (title, wrong, right): (&str, &str, &str),
    own: bool,
) -> Drawn {
    let same = titled(state, title);
    let [one, two] = same.as_slice() else {
        return Err("the title is not that of two posts".into());
    };
    let (mine, theirs) = if one.author == state.board.me {
        (one, two)
    } else {
        (two, one)
    };
    ensure(mine.author == state.board.me, "none is the persona's")?;
    ensure(theirs.author != state.board.me, "both are the persona's")?;
    ensure(
        !feed::moderates(state, &theirs.community),
        "the persona moderates the other's community",
    )?;
    let (target, other) = if own { (mine, theirs) } else { (theirs, mine) };
    for post in [target, other] {
        ensure(
            post.text.matches(wrong).count() == 1,
            "it is not wrong once",
        )?;
    }
    Ok(json!({
        "user": target.author,
        "whose": if own { "my".to_owned() } else { format!("{}'s", target.author) },
        "title": title,
        "wrong": wrong,
        "right": right,
        "post": target.no,
        "shown": format!("forum.posts/{}", target.no),
        "fixed": target.text.replace(wrong, right),
        "other": {"no": other.no, "fixed": other.text.replace(wrong, right)},
        "refusal": format!("Only {} can edit or delete this post.", target.author),
        "me": state.board.me,
        "steps": Value::from(find_post(state, target)?),
    }))
}
