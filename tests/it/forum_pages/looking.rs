//! Pages that are looked at: each is there, and each is sound.

use agentarena::sites::forum::queries::feed;
use agentarena::sites::forum::state::Standing;

use super::visitor::{Page, Visitor, select};
use crate::support::walk::{faults, walk};

/// Pages of the forum that a member can reach by links alone.
const ROUTES: [&str; 23] = [
    "forum.about",
    "forum.blocks",
    "forum.comment_delete",
    "forum.comment_edit",
    "forum.communities",
    "forum.community",
    "forum.home",
    "forum.member",
    "forum.message_new",
    "forum.messages",
    "forum.mute",
    "forum.mutes",
    "forum.post",
    "forum.post_delete",
    "forum.post_edit",
    "forum.post_new",
    "forum.queue",
    "forum.reply",
    "forum.report",
    "forum.saved",
    "forum.search",
    "forum.settings",
    "forum.thread",
];

#[tokio::test]
async fn every_page_that_is_linked_is_there_and_sound() {
    let visitor = Visitor::enter().await;
    let own = visitor.base().posts.values().find(|post| {
        post.author == visitor.base().board.me && feed::is_visible(visitor.base(), post)
    });
    let own = own.expect("a post of the persona").no;
    // Something of her own to edit and to delete.
    let commented = visitor
        .done(
            &format!("/forum/p/{own}/comment"),
            &[("text", "A comment.")],
        )
        .await;
    assert!(commented.text().contains("A comment."));
    let written = visitor.changes();
    let comment = &written[0].key;
    let from = [
        "/forum/",
        "/forum/search?q=kettle",
        &format!("/forum/p/{own}"),
        &format!("/forum/comments/{comment}/edit"),
        &format!("/forum/comments/{comment}/delete"),
        "/forum/u/mara?tab=comments",
    ];
    let found = walk(&visitor, "forum", &from).await;
    assert_eq!(found.routes, ROUTES);
    assert_eq!(visitor.changes(), written, "looking changes nothing");
    let journal = visitor.runs.journal(visitor.run).expect("the run is open");
    assert!(journal.iter().all(|entry| entry.violation.is_none()));
    let lists = |path: &str| {
        let entry = journal.iter().find(|entry| entry.path == path);
        entry.is_some_and(|entry| !entry.shown.is_empty())
    };
    assert!(lists("/forum/") && lists("/forum/saved") && lists("/forum/messages"));
}

#[tokio::test]
async fn what_does_not_exist_is_said_with_a_search() {
    let visitor = Visitor::enter().await;
    let removed = visitor
        .base()
        .posts
        .values()
        .find(|post| post.standing == Standing::Removed)
        .expect("a removed post");
    for path in [
        "/forum/nowhere".to_owned(),
        "/forum/c/no-such-place".to_owned(),
        "/forum/u/nobody".to_owned(),
        "/forum/messages/1".to_owned(),
        format!("/forum/p/{}", removed.no),
    ] {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.has("main form[role=search] input[name=q]"), "{path}");
        assert!(!page.text().contains(&removed.title), "{path}");
        assert_eq!(faults(&page), Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
async fn a_closed_community_shows_its_posts_to_members_only() {
    let visitor = Visitor::enter().await;
    let closed = visitor
        .base()
        .board
        .communities
        .values()
        .find(|one| one.members_only);
    let closed = closed.expect("a closed community").id.to_string();
    let path = format!("/forum/c/{closed}");
    assert!(!visitor.open(&path).await.has(".posts article"));
    let joined = visitor
        .done("/forum/join", &[("community", &closed), ("back", &path)])
        .await;
    assert!(joined.has(".posts article"));
    assert_eq!(visitor.changed(), ["add forum.memberships"]);
}

#[tokio::test]
async fn a_list_grows_by_loading_more_and_narrows_by_time() {
    let visitor = Visitor::enter().await;
    let rows = |page: &Page| page.document().select(&select(".posts > li")).count();
    let path = "/forum/c/espresso-bar?sort=new&period=2025-11";
    let page = visitor.open(path).await;
    assert_eq!(rows(&page), 25);
    let more = page.attribute(".load a", "href");
    assert_eq!(more, format!("{path}&shown=50"));
    let page = visitor.open(&more).await;
    assert_eq!(rows(&page), 50);
    assert!(page.has("#sort option[value=new][selected]"));
    assert!(page.has("#period option[value='2025-11'][selected]"));
    assert!(!page.text().contains("December 2025, "), "{}", page.text());
}

#[tokio::test]
async fn deep_answers_are_collapsed_until_they_are_asked_for() {
    let visitor = Visitor::enter().await;
    let longest = visitor
        .base()
        .threads
        .iter()
        .filter(|(_, comments)| (60..120).contains(&comments.len()))
        .max_by_key(|(_, comments)| comments.len())
        .expect("a long thread");
    let path = format!("/forum/p/{}", longest.0);
    let count = |page: &Page| page.document().select(&select("article.comment")).count();
    let folded = visitor.open(&path).await;
    assert!(folded.has("li.more a[href*='thread=']"));
    assert!(!folded.has("li.d3 article"));
    let all = visitor.open(&format!("{path}?replies=all")).await;
    assert!(count(&all) > count(&folded));
    assert_eq!(count(&all), longest.1.len());
    let branch = visitor.open(&folded.attribute("li.more a", "href")).await;
    assert!(branch.has("li.d3 article"));
}
