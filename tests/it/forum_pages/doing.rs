//! Forms that are sent: each does what it says, or says what is wrong and keeps what was typed.

use agentarena::sites::forum::queries::feed;
use agentarena::sites::forum::state::{ForumState, Post, ReportStatus};

use super::visitor::Visitor;

fn post_of(state: &ForumState, own: bool) -> Post {
    let found = state.posts.values().find(|post| {
        (post.author == state.board.me) == own
            && feed::is_visible(state, post)
            && !state
                .votes
                .keys()
                .any(|target| target.to_string() == format!("post-{}", post.no))
    });
    found.expect("a post").as_ref().clone()
}

#[tokio::test]
async fn a_vote_goes_back_to_where_it_was_given() {
    let visitor = Visitor::enter().await;
    let post = post_of(visitor.base(), false);
    let target = format!("post-{}", post.no);
    let back = format!("/forum/p/{}", post.no);
    let page = visitor
        .done(
            "/forum/vote",
            &[("target", &target), ("vote", "up"), ("back", &back)],
        )
        .await;
    assert_eq!(
        page.attribute(".whole .votes button[value=up]", "aria-pressed"),
        "true"
    );
    assert_eq!(visitor.changed(), ["add forum.votes"]);
    let elsewhere = [
        ("target", target.as_str()),
        ("vote", "up"),
        ("back", "https://elsewhere.example/"),
    ];
    let away = visitor.post("/forum/vote", &elsewhere).await;
    assert_eq!(away.location, "/forum/", "only pages of the forum");
    assert_eq!(
        visitor.changed(),
        Vec::<String>::new(),
        "the same vote again takes it back"
    );
    let odd = visitor
        .post("/forum/vote", &[("target", &target), ("vote", "twice")])
        .await;
    assert_eq!(odd.status, 422);
    visitor.sound();
}

#[tokio::test]
async fn a_post_is_previewed_checked_and_published_as_text() {
    let visitor = Visitor::enter().await;
    let path = "/forum/c/espresso-bar/post";
    let form = visitor.open(path).await;
    assert_eq!(
        form.attribute("#flair option[selected]", "value"),
        "Discussion"
    );
    let typed = [
        ("title", "A <b>bold</b> title"),
        ("text", "One\r\n\r\nTwo"),
        ("flair", "Fault"),
    ];
    let mut preview = typed.to_vec();
    preview.push(("preview", "yes"));
    let shown = visitor.post(path, &preview).await;
    assert_eq!(shown.status, 200);
    assert!(
        shown.html.contains("Preview: A &#60;b&#62;bold"),
        "{}",
        shown.html
    );
    assert_eq!(visitor.changed(), Vec::<String>::new());
    let empty = [("title", ""), ("text", "kept"), ("flair", "Fault")];
    let refused = visitor.post(path, &empty).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#title[aria-invalid=true]"));
    assert!(refused.html.contains("kept"));
    let page = visitor.done(path, &typed).await;
    assert!(page.html.contains("A &#60;b&#62;bold"), "{}", page.html);
    assert_eq!(visitor.changed(), ["add forum.posts"]);
    let text = &visitor.changes()[0].fields["text"].after;
    assert_eq!(text, "One\n\nTwo");
    visitor.sound();
}

#[tokio::test]
async fn own_posts_can_be_changed_and_deleted_and_taken_back() {
    let visitor = Visitor::enter().await;
    let own = post_of(visitor.base(), true);
    let edit = format!("/forum/p/{}/edit", own.no);
    let page = visitor
        .done(
            &edit,
            &[("title", &own.title), ("text", "Quite another text.")],
        )
        .await;
    assert!(page.text().contains("Quite another text."));
    assert!(page.text().contains("edited 18 March 2026"));
    let page = visitor
        .done(&format!("/forum/p/{}/delete", own.no), &[])
        .await;
    assert!(page.has("form[action='/forum/undo']"));
    assert_eq!(
        visitor.get(&format!("/forum/p/{}", own.no)).await.status,
        404
    );
    visitor.done("/forum/undo", &[]).await;
    assert_eq!(visitor.changed(), ["change forum.posts"]);
    let other = post_of(visitor.base(), false);
    for form in ["edit", "delete"] {
        let page = visitor.get(&format!("/forum/p/{}/{form}", other.no)).await;
        assert_eq!(page.status, 403);
        // The journal names the page that was refused: evaluators count it as having seen that.
        let journal = visitor.runs.journal(visitor.run).expect("the run");
        let entry = journal.last().expect("an entry");
        let view = entry.view.as_ref().expect("a view");
        assert_eq!(
            (entry.status, view.route.as_str()),
            (403, format!("forum.post_{form}").as_str())
        );
        assert_eq!(view.params["post"], other.no);
        assert!(
            page.text()
                .contains(&format!("Only {} can change", other.author))
        );
    }
    let edit = format!("/forum/p/{}/edit", other.no);
    let refused = visitor.post(&edit, &[("title", "x"), ("text", "y")]).await;
    assert_eq!(refused.status, 403);
    visitor.sound();
}

#[tokio::test]
async fn a_reply_stands_below_the_comment() {
    let visitor = Visitor::enter().await;
    let comment = visitor.base().comments.values().find(|comment| {
        let post = &visitor.base().posts[&comment.post];
        comment.standing == post.standing && feed::is_visible(visitor.base(), post)
    });
    let no = comment.expect("a comment").no;
    let path = format!("/forum/comments/{no}/reply");
    assert_eq!(visitor.post(&path, &[("text", " ")]).await.status, 422);
    let page = visitor.done(&path, &[("text", "So it is.")]).await;
    assert!(page.text().contains("So it is."));
    assert!(page.text().contains(&format!("replying to #{no}")));
    assert_eq!(visitor.changed(), ["add forum.comments"]);
    assert_eq!(visitor.changes()[0].fields["parent"].after, no);
    visitor.sound();
}

#[tokio::test]
async fn messages_mutes_and_blocks_are_kept() {
    let visitor = Visitor::enter().await;
    let thread = visitor
        .base()
        .messages
        .values()
        .find(|one| one.thread.is_none());
    let thread = thread.expect("a thread").no;
    let path = format!("/forum/messages/{thread}");
    let page = visitor.done(&path, &[("text", "12 April 2026")]).await;
    assert!(page.has(".letters li.mine"));
    let mute = "/forum/settings/mutes/espresso-bar";
    let date = |day| {
        [
            ("length", "until"),
            ("day", day),
            ("month", "4"),
            ("year", "2026"),
        ]
    };
    let refused = visitor.post(mute, &date("31")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("There is no such day."));
    let page = visitor.done(mute, &date("30")).await;
    assert!(page.text().contains("Muted until 30 April 2026"));
    let blocks = "/forum/settings/blocks";
    assert_eq!(
        visitor
            .post(blocks, &[("member", "brew anna")])
            .await
            .status,
        422
    );
    visitor.done(blocks, &[("member", "brew_anna")]).await;
    let expected = ["add forum.blocks", "add forum.messages", "add forum.mutes"];
    assert_eq!(visitor.changed(), expected);
    visitor.sound();
}

#[tokio::test]
async fn reports_are_settled_in_one_go() {
    let visitor = Visitor::enter().await;
    let open: Vec<String> = visitor
        .base()
        .reports
        .values()
        .filter(|report| report.status == ReportStatus::Open)
        .map(|report| report.no.to_string())
        .collect();
    let path = "/forum/c/equipment-swap/queue";
    let page = visitor.open(path).await;
    assert!(page.has(&format!("#report-{}", open[0])));
    let ticked = [("report", open[0].as_str()), ("report", open[1].as_str())];
    let mut without_rule = ticked.to_vec();
    without_rule.extend([("decision", "remove"), ("rule", "")]);
    let refused = visitor.post(path, &without_rule).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has(&format!("#report-{}[checked]", open[1])));
    let mut with_rule = ticked.to_vec();
    with_rule.extend([("decision", "remove"), ("rule", "4")]);
    visitor.done(path, &with_rule).await;
    let expected = [
        "change forum.posts",
        "change forum.posts",
        "change forum.reports",
        "change forum.reports",
    ];
    assert_eq!(visitor.changed(), expected);
    assert_eq!(visitor.get("/forum/c/knife-block/queue").await.status, 403);
    visitor.sound();
}

#[tokio::test]
async fn a_form_with_foreign_fields_or_without_token_changes_nothing() {
    let visitor = Visitor::enter().await;
    let post = post_of(visitor.base(), false);
    let path = format!("/forum/p/{}/comment", post.no);
    let foreign = visitor
        .post(&path, &[("text", "x"), ("author", "someone")])
        .await;
    assert_eq!(foreign.status, 400);
    let without = visitor.send(&path, &[("text", "x")]).await;
    assert_eq!(without.status, 403);
    assert_eq!(visitor.changed(), Vec::<String>::new());
}
