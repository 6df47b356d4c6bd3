//! What the tracker makes of the events of a browser.

use super::*;

fn event(session: Option<&str>, method: &str, params: Value) -> Event {
    Event {
        method: method.to_owned(),
        params,
        session: session.map(str::to_owned),
    }
}

fn attach(tracker: &Tracker, target: &str, session: &str, context: &str) -> Vec<Reaction> {
    let info = json!({"targetId": target, "type": "page", "url": "", "browserContextId": context});
    let params = json!({"sessionId": session, "targetInfo": info, "waitingForDebugger": true});
    tracker.on_event(&event(None, "Target.attachedToTarget", params))
}

fn policy() -> NavigationPolicy {
    NavigationPolicy {
        allowed_origins: vec!["http://127.0.0.1:8081".to_owned()],
        allowed_paths: vec![],
    }
}

fn tracker_with_tab() -> (Tracker, Tabs) {
    let tracker = Tracker::new();
    let tabs = tracker.follow("C", policy(), Viewport::STANDARD);
    attach(&tracker, "T", "S", "C");
    (tracker, tabs)
}

#[test]
fn a_tab_is_calm_when_frames_and_requests_have_ended() {
    let (tracker, tabs) = tracker_with_tab();
    let send = |method: &str, params: Value| {
        tracker.on_event(&event(Some("S"), method, params));
    };
    send("Page.frameStartedLoading", json!({"frameId": "T"}));
    send(
        "Network.requestWillBeSent",
        json!({"requestId": "1", "type": "Fetch"}),
    );
    assert!(!tabs.is_calm("T"));
    send("Page.frameStoppedLoading", json!({"frameId": "T"}));
    assert!(!tabs.is_calm("T"));
    send("Network.loadingFinished", json!({"requestId": "1"}));
    assert!(tabs.is_calm("T"));
}

#[test]
fn a_document_that_moves_to_another_process_is_counted() {
    let (tracker, tabs) = tracker_with_tab();
    let send = |method: &str| {
        tracker.on_event(&event(Some("S"), method, json!({"frameId": "T"})));
    };
    tabs.expect_load("T", true);
    send("Page.frameStartedLoading");
    assert_eq!(
        tabs.navigations("T"),
        0,
        "the document before is still there"
    );
    send("Page.frameStartedLoading");
    assert_eq!(tabs.navigations("T"), 1);
    send("Page.frameStoppedLoading");
    send("Page.frameStartedLoading");
    assert_eq!(tabs.navigations("T"), 1, "the next load has only begun");
    assert!(!tabs.is_calm("T"));
}

#[test]
fn a_popup_of_the_context_becomes_a_tab_and_others_are_only_let_go() {
    let (tracker, tabs) = tracker_with_tab();
    assert!(attach(&tracker, "P", "SP", "C").len() > 1);
    let other = attach(&tracker, "X", "SX", "other");
    assert_eq!(other.len(), 1);
    assert_eq!(other[0].method, "Runtime.runIfWaitingForDebugger");
    let targets: Vec<String> = tabs.list().into_iter().map(|tab| tab.target).collect();
    assert_eq!(targets, ["T", "P"]);
    let gone = json!({"targetId": "P"});
    tracker.on_event(&event(None, "Target.targetDestroyed", gone));
    assert_eq!(tabs.list().len(), 1);
}

#[test]
fn two_episodes_of_one_browser_know_nothing_of_each_other() {
    let (tracker, first) = tracker_with_tab();
    let second = tracker.follow("D", policy(), Viewport::STANDARD);
    attach(&tracker, "U", "SU", "D");
    let opening = json!({"type": "alert", "message": "m"});
    tracker.on_event(&event(
        Some("SU"),
        "Page.javascriptDialogOpening",
        opening.clone(),
    ));
    assert_eq!(
        (first.take_dialogs().len(), second.take_dialogs().len()),
        (0, 1)
    );
    drop(second);
    let late = tracker.on_event(&event(Some("SU"), "Page.javascriptDialogOpening", opening));
    assert!(late.is_empty(), "{late:?}");
    assert_eq!(first.list().len(), 1);
}

#[test]
fn dialogs_are_answered_and_kept() {
    let (tracker, tabs) = tracker_with_tab();
    for kind in ["alert", "confirm", "prompt", "beforeunload"] {
        let params = json!({"type": kind, "message": "m"});
        let reactions = tracker.on_event(&event(Some("S"), "Page.javascriptDialogOpening", params));
        assert_eq!(reactions[0].params["accept"], kind != "prompt");
    }
    assert_eq!(tabs.take_dialogs().len(), 4);
    assert!(tabs.take_dialogs().is_empty());
}

#[test]
fn documents_and_requests_elsewhere_are_called_off_and_told_apart() {
    let (tracker, tabs) = tracker_with_tab();
    let ask = |frame: &str, kind: &str, url: &str| {
        let params = json!({
            "requestId": "R", "frameId": frame, "resourceType": kind, "request": {"url": url},
        });
        let mut reactions = tracker.on_event(&event(Some("S"), "Fetch.requestPaused", params));
        reactions.remove(0).method
    };
    let (home, away) = ("http://127.0.0.1:8081/a", "http://127.0.0.1:8080/");
    assert_eq!(ask("T", "Document", home), "Fetch.continueRequest");
    assert_eq!(ask("T", "Document", away), "Fetch.failRequest");
    assert_eq!(ask("F", "Document", away), "Fetch.failRequest");
    assert_eq!(ask("T", "XHR", away), "Fetch.failRequest");
    let violations = tabs.take_violations();
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].0, "T");
    assert_eq!(violations[0].1.rule, "origin");
    assert_eq!(tabs.take_blocked(), [away]);
    tabs.trust(true);
    assert_eq!(ask("T", "Document", away), "Fetch.continueRequest");
}
