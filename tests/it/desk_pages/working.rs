//! Forms that are sent: each does what it says and nothing else.

use super::colleague::Colleague;

#[tokio::test]
async fn an_issue_is_reported_edited_discussed_and_closed() {
    let colleague = Colleague::enter().await;
    let fields = [
        ("project", "WEB"),
        ("kind", "bug"),
        ("title", "Results flicker <b>"),
        ("description", "- one\n- [x] two"),
        ("component", "Search"),
        ("severity", "major"),
        ("priority", "high"),
        ("milestone", "web-summer-2026"),
        ("assignee", "me"),
        ("due", "2026-04-01"),
        ("points", "5"),
        ("labels", "frontend"),
    ];
    let page = colleague.done("/desk/issues/new", &fields).await;
    assert!(page.text().contains("was reported"), "{}", page.text());
    assert!(page.html.contains("Results flicker &#60;b&#62;"));
    assert_eq!(colleague.changed(), ["add desk.issues"]);
    let key = page.attribute("form[action$='/properties']", "action");
    let base = key.trim_end_matches("/properties");
    let page = colleague
        .post(&format!("{base}/comment"), &[("text", "")])
        .await;
    assert_eq!(page.status, 422);
    colleague
        .done(
            &format!("{base}/comment"),
            &[("text", "On it."), ("internal", "yes")],
        )
        .await;
    colleague
        .done(&format!("{base}/watch"), &[("on", "yes")])
        .await;
    colleague
        .done(
            &format!("{base}/labels"),
            &[("labels", "frontend"), ("labels", "mobile")],
        )
        .await;
    let page = colleague
        .done(
            &format!("{base}/close"),
            &[("resolution", "done"), ("duplicate_of", "")],
        )
        .await;
    assert!(page.text().contains("Done"), "{}", page.text());
    assert_eq!(
        colleague.changed(),
        ["add desk.comments", "add desk.issues"]
    );
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let colleague = Colleague::enter().await;
    let key = colleague.open_issue("WEB");
    let fields = [("time", "1.45"), ("day", "2026-03-17"), ("note", "Review")];
    let page = colleague
        .post(&format!("/desk/issues/{key}/work"), &fields)
        .await;
    assert_eq!(page.status, 422);
    assert_eq!(page.attribute("#time", "value"), "1.45");
    assert_eq!(page.attribute("#note", "value"), "Review");
    assert!(page.text().contains("Decimals are not understood"));
    assert_eq!(colleague.changed(), Vec::<String>::new());
    let fields = [("time", "1h 45m"), ("day", "2026-03-17"), ("note", "")];
    colleague
        .done(&format!("/desk/issues/{key}/work"), &fields)
        .await;
    assert_eq!(colleague.changed(), ["add desk.work"]);
}

#[tokio::test]
async fn forms_with_foreign_fields_or_without_the_token_are_refused() {
    let colleague = Colleague::enter().await;
    let key = colleague.open_issue("WEB");
    let path = format!("/desk/issues/{key}/comment");
    let page = colleague
        .post(&path, &[("text", "x"), ("author", "li.na")])
        .await;
    assert_eq!(page.status, 400);
    assert_eq!(colleague.send(&path, &[("text", "x")]).await.status, 403);
    let pay = colleague.open_issue("PAY");
    let path = format!("/desk/issues/{pay}/close");
    let page = colleague.post(&path, &[("resolution", "done")]).await;
    assert_eq!(page.status, 403);
    assert_eq!(colleague.changed(), Vec::<String>::new());
}

#[tokio::test]
async fn many_issues_change_over_all_pages_and_can_be_undone() {
    let colleague = Colleague::enter().await;
    let list = "project=WEB&label=frontend";
    let fields = [("list", list), ("scope", "all"), ("to_priority", "urgent")];
    let page = colleague.done("/desk/issues/bulk", &fields).await;
    assert!(page.has(".flash button"), "{}", page.text());
    let changed = colleague.changed();
    assert!(changed.len() > 25, "{}", changed.len());
    assert!(changed.iter().all(|one| one == "change desk.issues"));
    colleague.done("/desk/issues/undo", &[]).await;
    assert_eq!(colleague.changed(), Vec::<String>::new());
    let page = colleague
        .post(
            "/desk/issues/bulk",
            &[("list", list), ("scope", "ticked"), ("to_priority", "low")],
        )
        .await;
    assert_eq!(page.status, 422);
}

#[tokio::test]
async fn cards_members_milestones_and_requests_change() {
    let colleague = Colleague::enter().await;
    let family = colleague.base().fixed.families[0];
    let (one, two) = (family[0].to_string(), family[1].to_string());
    let fields = [("kind", "blocks"), ("other", two.as_str())];
    colleague
        .done(&format!("/desk/issues/{one}/links"), &fields)
        .await;
    let fields = [("status", "waiting"), ("place", "top")];
    colleague
        .done(&format!("/desk/issues/{one}/move"), &fields)
        .await;
    let fields = [("people", "mara")];
    colleague
        .done(&format!("/desk/issues/{one}/assignees"), &fields)
        .await;
    let fields = [
        ("title", "Autumn 2026"),
        ("about", ""),
        ("start", "2026-09-01"),
        ("due", "2026-11-30"),
    ];
    colleague.done("/desk/p/HLP/milestones/new", &fields).await;
    let page = colleague.post("/desk/p/WEB/milestones/new", &fields).await;
    assert_eq!(page.status, 403);
    let fields = [("name", "Mine"), ("list", "assignee=mara&page=2")];
    let page = colleague.done("/desk/filters", &fields).await;
    assert!(page.has("a[href='/desk/issues?assignee=mara']"));
    let changed = colleague.changed();
    for collection in ["links", "issues", "milestones", "filters"] {
        assert!(
            changed
                .iter()
                .any(|one| one.ends_with(&format!("desk.{collection}"))),
            "{collection}: {changed:?}"
        );
    }
}
