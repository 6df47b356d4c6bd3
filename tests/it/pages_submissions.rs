//! Submissions as pages: hand in, watch, replay, cancel, list.

use agentarena::domain::ids::SubmissionId;
use agentarena::domain::user::Role;
use reqwest::StatusCode;
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use scraper::Html;

use crate::support::app::TestApp;
use crate::support::browse::{Browse, all, first, text, text_of};
use crate::support::sample::{self, HOSTILE};

/// Makes an agent and submits it to the first task, by the forms.
async fn submit(app: &TestApp, browse: &mut Browse<'_>) -> (SubmissionId, String) {
    let fields = [
        ("name", "walker"),
        ("kind", "builtin"),
        ("policy", "heuristic"),
    ];
    let made = browse.submit("/agents/new", "/agents/new", &fields).await;
    let agent = made.headers[LOCATION]
        .to_str()
        .expect("an address")
        .to_owned();
    let agent = agent
        .trim_start_matches("/agents/")
        .split('?')
        .next()
        .expect("an id")
        .to_owned();
    let task = app.tasks[0].to_string();
    let fields = [
        ("agent", agent.as_str()),
        ("what", "tasks"),
        ("task", task.as_str()),
        ("repeats", "1"),
        ("seed", "3"),
    ];
    let answer = browse
        .submit("/submissions/new", "/submissions/new", &fields)
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = answer.headers[LOCATION]
        .to_str()
        .expect("an address")
        .to_owned();
    let id = page
        .trim_start_matches("/submissions/")
        .parse()
        .expect("an id");
    (id, page)
}

#[actix_web::test]
async fn a_queued_submission_waits_says_why_and_can_be_cancelled() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let (_, page) = submit(&app, &mut browse).await;
    let html = browse.page(&page).await;
    assert!(text_of(&html, ".verdict").starts_with("queued"));
    assert_eq!(
        text_of(&html, ".empty h2"),
        "It waits for a healthy playground"
    );
    assert!(first(&html, ".empty a[href='/health-status']").is_some());
    assert!(first(&html, "main[data-live]").is_some());

    let cancel = format!("{page}/cancel");
    let answer = browse.submit(&page, &cancel, &[]).await;
    let answer = browse.follow(answer).await;
    let html = Html::parse_document(&answer.text);
    assert!(text_of(&html, ".verdict").starts_with("cancelled"));
    assert!(first(&html, "main[data-live]").is_none());
    assert!(first(&html, &format!("form[action='{cancel}']")).is_none());

    let again = format!("{page}/again");
    let answer = browse.submit(&page, &again, &[]).await;
    assert_ne!(answer.headers[LOCATION], page.as_str(), "a new submission");
}

#[actix_web::test]
async fn a_running_submission_follows_its_newest_step() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let (id, page) = submit(&app, &mut browse).await;
    sample::run(&app.store, id, Some(2)).await;
    let html = browse.page(&page).await;
    assert!(
        text_of(&html, ".verdict").contains("step 2, deciding"),
        "{}",
        text_of(&html, ".verdict")
    );
    assert_eq!(
        first(&html, "main").unwrap().value().attr("data-live"),
        Some(format!("/live{page}").as_str())
    );
    assert_eq!(
        first(&html, "main").unwrap().value().attr("data-seq"),
        Some("6")
    );
    let used = first(&html, "progress[aria-label='Steps used']").unwrap();
    assert_eq!(
        (used.value().attr("value"), used.value().attr("max")),
        (Some("1"), Some("30"))
    );
    assert!(
        first(&html, "noscript").is_some(),
        "without scripts the page reloads by itself"
    );
    assert!(text_of(&html, ".steps [aria-current]").contains("deciding"));
}

#[actix_web::test]
async fn a_finished_submission_replays_step_by_step_without_scripts() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let (id, page) = submit(&app, &mut browse).await;
    sample::run(&app.store, id, None).await;

    let html = browse.page(&format!("{page}?step=1")).await;
    assert!(
        text_of(&html, ".verdict").starts_with("failed 0.00 of 1"),
        "{}",
        text_of(&html, ".verdict")
    );
    assert!(
        text_of(&html, ".meta").contains("unpriced"),
        "a call without a price is not free"
    );
    assert_eq!(all(&html, ".film li").len(), 2);
    assert!(text_of(&html, ".steps").contains("element 45 is obscured"));
    assert_eq!(text_of(&html, "#step-h"), "Step 1: click");
    assert_eq!(text_of(&html, ".mark-tag text"), "1 click [45]");
    assert!(text_of(&html, ".key.num").contains("decide 910 ms"));
    assert_eq!(
        first(&html, "#next").unwrap().value().attr("href"),
        Some("?step=2")
    );

    let html = browse.page(&format!("{page}?step=2")).await;
    assert_eq!(
        text_of(&html, ".tree .new"),
        format!("[58] button \"{HOSTILE}\"")
    );
    assert!(first(&html, ".tree .act").is_some());
    assert!(
        text_of(&html, "#verdict").contains("shop.newsletter / 1 added, not allowed by the task")
    );
    assert!(text_of(&html, "#verdict").contains("1 change, 1 not allowed"));

    let html = browse.page(&format!("{page}?step=2&panel=model")).await;
    assert!(text_of(&html, "#inspector").contains("kestrel-70b, answered as kestrel-70b-2026-10"));
    assert!(
        text_of(&html, "#inspector").contains(HOSTILE),
        "the message as text"
    );
    let html = browse.page(&format!("{page}?step=2&panel=events")).await;
    assert_eq!(all(&html, ".events tbody tr").len(), 11);
}

#[actix_web::test]
async fn nothing_that_an_agent_or_a_site_says_becomes_markup() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let (id, page) = submit(&app, &mut browse).await;
    sample::run(&app.store, id, None).await;
    for query in [
        "",
        "?step=1",
        "?step=2&tree=text",
        "?step=2&tree=all",
        "?panel=model",
        "?panel=events",
    ] {
        let answer = browse.get(&format!("{page}{query}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.text.contains(HOSTILE), "{query}");
        let html = Html::parse_document(&answer.text);
        assert!(
            all(&html, "script")
                .iter()
                .all(|script| script.value().attr("src").is_some()),
            "{query}"
        );
    }
}

#[actix_web::test]
async fn pictures_are_for_those_who_may_see_the_submission() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let (id, page) = submit(&app, &mut browse).await;
    sample::run(&app.store, id, None).await;
    let html = browse.page(&page).await;
    let picture = first(&html, ".stage-pic img")
        .unwrap()
        .value()
        .attr("src")
        .unwrap()
        .to_owned();
    let answer = browse.get(&picture).await;
    assert_eq!(
        (answer.status, &answer.headers[CONTENT_TYPE]),
        (StatusCode::OK, &"image/png".parse().unwrap())
    );
    assert!(
        answer.headers[CACHE_CONTROL]
            .to_str()
            .unwrap()
            .starts_with("private")
    );
    let mut noor = Browse::signed_in(&app, "noor", Role::User).await;
    for address in [page.as_str(), picture.as_str()] {
        let answer = noor.get(address).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(
            text_of(&Html::parse_document(&answer.text), "h1"),
            "This page does not exist"
        );
    }
    let other = format!("{page}/artifacts/{}", "0".repeat(64));
    assert_eq!(browse.get(&other).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_form_names_everything_that_is_missing() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let fields = [
        ("agent", ""),
        ("what", "tasks"),
        ("repeats", "0"),
        ("seed", "-1"),
    ];
    let answer = browse
        .submit("/submissions/new", "/submissions/new", &fields)
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = Html::parse_document(&answer.text);
    for id in ["agent", "tasks", "repeats", "seed"] {
        assert!(
            first(&html, &format!("#errors a[href='#{id}']")).is_some(),
            "{id}"
        );
        assert!(
            first(&html, &format!("#{id}")).is_some(),
            "{id} is on the page"
        );
    }
}

#[actix_web::test]
async fn a_whole_suite_is_one_submission_for_each_task_and_repeat() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    submit(&app, &mut browse).await;
    let html = browse.page("/submissions/new").await;
    let agent = all(&html, "#agent option")
        .into_iter()
        .find(|option| text(*option).starts_with("walker"));
    let agent = agent.unwrap().value().attr("value").unwrap().to_owned();
    let suite = app.suite_id.to_string();
    let fields = [
        ("agent", agent.as_str()),
        ("what", "suite"),
        ("suite", suite.as_str()),
        ("repeats", "7"),
        ("seed", "1"),
    ];
    let answer = browse
        .submit("/submissions/new", "/submissions/new", &fields)
        .await;
    let answer = browse.follow(answer).await;
    let html = Html::parse_document(&answer.text);
    assert_eq!(all(&html, "tbody tr").len(), 20, "a page");
    let older = first(&html, "a[rel=next]")
        .unwrap()
        .value()
        .attr("href")
        .unwrap()
        .to_owned();
    let html = browse.page(&older).await;
    assert_eq!(
        all(&html, "tbody tr").len(),
        2,
        "1 and 3 tasks times 7 repeats are 22"
    );
    assert_eq!(text_of(&html, ".pager a"), "Newest");
}

#[actix_web::test]
async fn a_list_without_matches_offers_a_way_on() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    assert_eq!(
        text_of(&browse.page("/submissions").await, ".empty h2"),
        "No submissions yet"
    );
    submit(&app, &mut browse).await;
    let html = browse.page("/submissions?outcome=passed").await;
    assert_eq!(text_of(&html, ".empty h2"), "Nothing matches these filters");
    assert!(first(&html, ".empty a[href='/submissions']").is_some());
    let answer = browse.get("/submissions?outcome=brilliant").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("is not one of"), "{}", answer.text);
}

#[actix_web::test]
async fn the_leaderboard_shows_the_rate_with_its_doubt() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    assert_eq!(
        text_of(&browse.page("/leaderboard").await, ".empty h2"),
        "No result yet"
    );
    let (id, _) = submit(&app, &mut browse).await;
    sample::run(&app.store, id, None).await;
    let html = browse.page("/leaderboard").await;
    let row = text_of(&html, "tbody tr");
    assert!(
        row.contains("walker") && row.contains("0.0 to 79.3") && row.contains("unpriced"),
        "{row}"
    );
    assert!(
        row.contains("no success") && row.contains("0 unscored"),
        "{row}"
    );
    assert!(first(&html, ".ci .point").is_some());
    let task = format!("/tasks/{}", app.tasks[0]);
    assert!(text_of(&browse.page(&task).await, "tbody").contains("0 of 1"));
}
