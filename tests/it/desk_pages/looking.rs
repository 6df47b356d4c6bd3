//! Pages that are looked at: each is there, and each is sound.

use super::colleague::{Colleague, select};
use crate::support::walk::{faults, walk};

/// Pages of the desk that can be reached by links alone.
const ROUTES: [&str; 29] = [
    "desk.activity",
    "desk.board",
    "desk.filters",
    "desk.home",
    "desk.issue",
    "desk.issue_assignees",
    "desk.issue_close",
    "desk.issue_edit",
    "desk.issue_labels",
    "desk.issue_links",
    "desk.issue_move",
    "desk.issue_new",
    "desk.issue_watchers",
    "desk.issue_work",
    "desk.issues",
    "desk.member",
    "desk.member_add",
    "desk.members",
    "desk.merge",
    "desk.merges",
    "desk.milestone",
    "desk.milestone_edit",
    "desk.milestone_new",
    "desk.milestones",
    "desk.people",
    "desk.person",
    "desk.project",
    "desk.rights",
    "desk.search",
];

#[tokio::test]
async fn every_page_that_is_linked_is_there_and_sound() {
    let colleague = Colleague::enter().await;
    let from = [
        "/desk/",
        "/desk/p/HLP",
        "/desk/p/HLP/members",
        "/desk/search?q=mail",
        "/desk/issues?status=closed&label=regression",
    ];
    let found = walk(&colleague, "desk", &from).await;
    assert_eq!(found.routes, ROUTES);
    assert_eq!(colleague.changes(), [], "looking changes nothing");
    let journal = colleague.runs.journal(colleague.run).expect("an open run");
    assert!(journal.iter().all(|entry| entry.violation.is_none()));
    assert!(journal.iter().any(|entry| !entry.shown.is_empty()));
}

#[tokio::test]
async fn what_does_not_exist_or_may_not_be_seen_is_said() {
    let colleague = Colleague::enter().await;
    let secret = colleague.open_issue("SEC");
    for path in [
        "/desk/nowhere".to_owned(),
        "/desk/issues/WEB-99999".to_owned(),
        format!("/desk/issues/{secret}"),
        "/desk/p/SEC/board".to_owned(),
        "/desk/p/SEC/members".to_owned(),
        "/desk/milestones/sec-audit-2026".to_owned(),
        "/desk/merge-requests/WEB/1".to_owned(),
        "/desk/people/nobody".to_owned(),
    ] {
        let page = colleague.get(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert_eq!(faults(&page), Vec::<String>::new(), "{path}");
    }
    let page = colleague.get("/desk/p/WEB/members/add").await;
    assert_eq!(page.status, 403);
    assert!(page.text().contains("maintainer"), "{}", page.text());
    let page = colleague.open("/desk/p/SEC").await;
    assert!(page.text().contains("members only"), "{}", page.text());
}

#[tokio::test]
async fn an_old_number_leads_to_the_new_one() {
    let colleague = Colleague::enter().await;
    let (old, now) = colleague
        .base()
        .fixed
        .moved
        .iter()
        .next()
        .expect("one moved");
    let page = colleague.get(&format!("/desk/issues/{old}")).await;
    assert_eq!(page.status, 303);
    assert_eq!(page.location, format!("/desk/issues/{now}"));
}

#[tokio::test]
async fn filters_become_chips_and_the_chart_has_its_table() {
    let colleague = Colleague::enter().await;
    let page = colleague
        .open("/desk/issues?project=WEB&label=frontend&without=mobile&milestone=Spring+2026")
        .await;
    assert_eq!(page.document().select(&select(".chips a")).count(), 4);
    assert!(page.has("select[name=label] option[value=frontend][selected]"));
    assert!(page.has("details[open] select[name=milestone]"));
    let milestone = colleague.open("/desk/milestones/web-autumn-2025").await;
    assert!(milestone.has("svg[role=img] polyline.burn"));
    let points = milestone
        .document()
        .select(&select("svg[role=img] circle"))
        .count();
    let rows = milestone
        .document()
        .select(&select(".slim tbody tr"))
        .count();
    assert!(
        points > 50 && points == rows,
        "{points} points, {rows} rows"
    );
}
