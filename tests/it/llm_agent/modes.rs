//! Memory, plans, votes, checks, retries and limits, each with a model that the test speaks for.

use agentarena::agents::AgentFault;
use agentarena::domain::observation::{Node, Observation};
use agentarena::domain::outcome::AgentErrorKind;
use agentarena::llm::{ChatError, ChatReply, Message};
use serde_json::{Value, json};

use super::{Stage, calls, refuses, says, shop, text_of, too_long};

type Reply = Result<ChatReply, ChatError>;

fn click() -> Reply {
    calls("click", &json!({ "bid": "13" }))
}

async fn played(settings: Value, turns: u32) -> Stage {
    let mut stage = Stage::new(settings, (0..turns).map(|_| click()));
    for n in 0..turns {
        stage.turn(&shop(n)).await.unwrap();
    }
    stage
}

/// The numbers of the past steps that a prompt holds.
fn steps_in(text: &str) -> Vec<u32> {
    let numbers = text.lines().filter(|line| line.contains(" -> done: "));
    let numbers = numbers.map(|line| line.split('.').next().unwrap().parse().unwrap());
    numbers.collect()
}

#[tokio::test]
async fn memory_holds_all_steps_or_the_newest() {
    let text = played(json!({ "memory": "full" }), 9).await.last_text();
    assert_eq!(steps_in(&text), [1, 2, 3, 4, 5, 6, 7, 8]);
    let text = played(json!({ "memorySteps": 2 }), 9).await.last_text();
    assert_eq!(steps_in(&text), [7, 8]);
    let text = played(json!({ "memorySteps": 0 }), 3).await.last_text();
    assert_eq!(steps_in(&text), [0; 0]);
}

#[tokio::test]
async fn notes_are_taken_in_calls_of_their_own_when_steps_leave() {
    let settings = json!({ "memory": "summary", "memorySteps": 2 });
    let replies = [
        click(),
        click(),
        click(),
        says("Basket holds 2."),
        click(),
        click(),
    ];
    let mut stage = Stage::new(settings, replies);
    for n in 0..3 {
        let decision = stage.turn(&shop(n)).await.unwrap();
        assert_eq!(decision.calls.len(), 1, "nothing leaves yet");
    }
    let decision = stage.turn(&shop(3)).await.unwrap();
    let attempts: Vec<_> = decision.calls.iter().map(|call| call.attempt).collect();
    assert_eq!(
        attempts,
        [1, 2],
        "the call for notes is booked with the step"
    );
    let asked = stage.asked();
    let notes = text_of(&asked[3]);
    assert!(asked[3].tools.is_empty());
    assert!(notes.contains("Your notes so far:\n(none)"), "{notes}");
    assert_eq!(steps_in(&notes), [1, 2], "the older of three leave");
    assert!(notes.contains("Basket (1)"), "with their pages: {notes}");
    let text = text_of(&asked[4]);
    assert!(text.contains("Your notes:\nBasket holds 2."), "{text}");
    assert_eq!(steps_in(&text), [3]);
    stage.turn(&shop(4)).await.unwrap();
    assert_eq!(steps_in(&stage.last_text()), [3, 4]);
}

#[tokio::test]
async fn a_model_that_takes_no_notes_keeps_the_list_of_its_steps() {
    let settings = json!({ "memory": "summary", "memorySteps": 2 });
    let replies = [click(), click(), click(), refuses("no"), click()];
    let mut stage = Stage::new(settings, replies);
    for n in 0..4 {
        stage.turn(&shop(n)).await.unwrap();
    }
    let text = stage.last_text();
    assert!(
        text.contains("Your notes:\n1. click('13') -> done: clicked\n2."),
        "{text}"
    );
}

#[tokio::test]
async fn a_plan_is_asked_for_once_kept_and_revised() {
    let revised = "It is sold out.\n<plan>1. Ask</plan>\ngo_back()";
    let replies = [says("1. Find it"), click(), says(revised), click()];
    let mut stage = Stage::new(json!({ "plan": true }), replies);
    let first = stage.turn(&shop(0)).await.unwrap();
    assert_eq!(first.calls.len(), 2);
    assert!(stage.asked()[0].tools.is_empty() && !stage.asked()[1].tools.is_empty());
    assert!(stage.last_text().contains("Your plan:\n1. Find it"));
    let second = stage.turn(&shop(0)).await.unwrap();
    assert_eq!(second.calls.len(), 1);
    assert_eq!(second.reasoning.as_deref(), Some("It is sold out."));
    stage.turn(&shop(0)).await.unwrap();
    assert!(stage.last_text().contains("Your plan:\n1. Ask"));
}

#[tokio::test]
async fn differences_stand_only_beside_the_page_that_they_differ_from() {
    let settings = |memory: &str| {
        json!({ "observation": "diff", "memory": memory,
        "memorySteps": 1 })
    };
    let full = played(settings("full"), 4).await.last_text();
    assert_eq!(full.matches("RootWebArea").count(), 1, "{full}");
    assert_eq!(
        full.matches("but for these differences").count(),
        3,
        "{full}"
    );
    let window = played(settings("window"), 4).await.last_text();
    assert!(
        window.contains("The page in step 3:\nRootWebArea"),
        "{window}"
    );
    assert_eq!(
        window.matches("but for these differences").count(),
        1,
        "{window}"
    );
    assert!(window.contains("~   [2] link \"Basket (3)\""), "{window}");
    let whole = played(json!({ "memory": "full" }), 4).await.last_text();
    assert_eq!(whole.matches("RootWebArea").count(), 1);
    assert!(whole.contains("The page now:\nRootWebArea"), "{whole}");
}

fn answer() -> Reply {
    calls("send_msg_to_user", &json!({ "text": "Done." }))
}

#[tokio::test]
async fn an_agent_that_checks_its_work_goes_on_when_something_is_missing() {
    let settings = json!({ "wrapper": { "kind": "retry", "attempts": 1 } });
    let replies = [
        answer(),
        says("RETRY: the basket is empty"),
        click(),
        answer(),
    ];
    let mut stage = Stage::new(settings, replies);
    let first = stage.turn(&shop(0)).await.unwrap();
    assert_eq!(first.action.to_string(), "click('13')");
    assert_eq!(first.calls.len(), 3);
    let asked = stage.asked();
    let check = text_of(&asked[1]);
    assert!(check.contains("send_msg_to_user('Done.')"), "{check}");
    assert!(asked[1].tools.is_empty());
    let Some(Message::User(missing)) = asked[2].messages.last() else {
        panic!("it is told what is missing");
    };
    assert!(missing.contains("the basket is empty"), "{missing}");
    let second = stage.turn(&shop(1)).await.unwrap();
    assert_eq!(second.calls.len(), 1, "its attempts are used up");
    assert!(stage.last_text().contains("found:\nthe basket is empty"));
    assert!(second.action.ends_episode());
}

#[tokio::test]
async fn a_check_that_finds_nothing_ends_it() {
    let settings = json!({ "wrapper": { "kind": "retry", "attempts": 3 } });
    let mut stage = Stage::new(settings, [answer(), says("OK")]);
    let end = stage.turn(&shop(1)).await.unwrap();
    assert!(end.action.ends_episode());
    assert_eq!(end.calls.len(), 2);
}

#[tokio::test]
async fn a_vote_asks_for_samples_and_does_what_most_say() {
    let settings = json!({ "wrapper": { "kind": "vote", "samples": 4 } });
    let other = || calls("click", &json!({ "bid": "12" }));
    let mut stage = Stage::new(settings, [other(), click(), says("Hm."), click()]);
    let decision = stage.turn(&shop(0)).await.unwrap();
    assert_eq!(decision.action.to_string(), "click('13')");
    assert_eq!(decision.reasoning.as_deref(), Some("(2 of 4 samples)"));
    let attempts: Vec<_> = decision.calls.iter().map(|call| call.attempt).collect();
    assert_eq!(attempts, [1, 2, 3, 4], "every sample is booked");
    let asked = stage.asked();
    assert!(asked.iter().all(|request| *request == asked[0]));
}

async fn fails(settings: Value, replies: Vec<Reply>) -> (AgentErrorKind, String, usize) {
    let mut stage = Stage::new(settings, replies);
    match stage.turn(&shop(0)).await.unwrap_err() {
        AgentFault::Unreadable {
            kind,
            message,
            calls,
        } => (kind, message, calls.len()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn three_replies_that_are_no_action_end_it_and_each_way_has_its_name() {
    let invented = || calls("click", &json!({ "bid": "99" }));
    for (reply, kind) in [
        (says("I am lost."), AgentErrorKind::Unparsable),
        (refuses("I will not."), AgentErrorKind::Refusal),
        (invented(), AgentErrorKind::InventedIds),
    ] {
        let (found, message, calls) = fails(json!({}), vec![reply; 3]).await;
        assert_eq!((found, calls), (kind, 3), "{message}");
        assert!(message.contains("(asked 3 times)"), "{message}");
    }
    let (_, message, calls) = fails(json!({ "retries": 0 }), vec![says("")]).await;
    assert_eq!(calls, 1);
    assert!(message.contains("(asked once)"), "{message}");
    let (kind, ..) = fails(json!({}), vec![refuses("no"), says("?"), invented()]).await;
    assert_eq!(kind, AgentErrorKind::InventedIds, "the last one counts");
}

#[tokio::test]
async fn an_invented_id_is_told_at_once() {
    let invented = calls("click", &json!({ "bid": "99" }));
    let mut stage = Stage::new(json!({}), [invented, click()]);
    let decision = stage.turn(&shop(0)).await.unwrap();
    assert_eq!(decision.action.to_string(), "click('13')");
    let asked = stage.asked();
    let [_, Message::Assistant(said), Message::User(told)] = asked[1].messages.as_slice() else {
        panic!("{:?}", asked[1].messages);
    };
    assert!(said.contains("click({\"bid\":\"99\"})"), "{said}");
    assert!(told.contains("no element with the id \"99\""), "{told}");
}

/// A page with so many paragraphs of a hundred bytes.
fn long(paragraphs: usize) -> Observation {
    let mut page = shop(0);
    page.nodes.extend((0..paragraphs).map(|n| Node {
        role: "text".to_owned(),
        name: format!("{n:>90}"),
        ..Node::default()
    }));
    page
}

fn bytes(stage: &Stage) -> Vec<usize> {
    let asked = stage.asked();
    asked.iter().map(|request| text_of(request).len()).collect()
}

#[tokio::test]
async fn a_request_keeps_to_its_tokens() {
    let mut stage = Stage::new(
        json!({ "contextTokens": 10_000, "actions": "text" }),
        [says("click('13')")],
    );
    stage.turn(&long(2_000)).await.unwrap();
    let request = &stage.asked()[0];
    let all = request.system.len() + text_of(request).len();
    assert!((25_000..=30_000).contains(&all), "{all}");
    assert!(text_of(request).contains("truncated: the page has more than fits here"));
}

#[tokio::test]
async fn older_pages_leave_before_older_steps() {
    let settings = json!({ "contextTokens": 12_000, "actions": "text", "memory": "full",
        "observation": "diff" });
    let mut stage = Stage::new(settings, (0..5).map(|_| says("click('13')")));
    for n in 0..5 {
        // Another address each time, so that every page is told whole.
        let page = Observation {
            url: format!("http://sites.test/{n}"),
            ..long(100)
        };
        stage.turn(&page).await.unwrap();
    }
    let text = stage.last_text();
    assert_eq!(steps_in(&text), [1, 2, 3, 4], "all steps are told");
    let pages = text.matches("RootWebArea").count();
    assert!((1..5).contains(&pages), "{pages} pages are");
    assert!(text.contains("The page now:"), "the newest one is");
    assert!(
        !text.contains("The page in step 1:"),
        "the oldest one is not"
    );
}

#[tokio::test]
async fn a_provider_that_takes_less_gets_less_and_at_last_it_is_the_agents_error() {
    let settings = || json!({ "actions": "text" });
    let mut stage = Stage::new(
        settings(),
        [
            too_long(),
            too_long(),
            says("click('13')"),
            says("click('13')"),
        ],
    );
    let decision = stage.turn(&long(1_000)).await.unwrap();
    assert_eq!(decision.calls.len(), 3);
    stage.turn(&long(1_000)).await.unwrap();
    let bytes = bytes(&stage);
    assert!(bytes[0] > 95_000, "{bytes:?}");
    assert!(
        bytes[1] < bytes[0] * 7 / 10 && bytes[2] < bytes[1] * 7 / 10,
        "{bytes:?}"
    );
    assert!(bytes[3] <= bytes[2] + 500, "it stays so: {bytes:?}");
    let (kind, message, calls) = fails(settings(), vec![too_long(); 4]).await;
    assert_eq!((kind, calls), (AgentErrorKind::ContextLength, 4));
    assert!(message.contains("longer than the model takes"), "{message}");
}

#[tokio::test]
async fn a_picture_goes_along_when_there_is_one() {
    let mut stage = Stage::new(json!({ "screenshot": "plain" }), [click(), click()]);
    stage.picture = Some(b"no picture".to_vec());
    let fault = stage.turn(&shop(0)).await.unwrap_err();
    assert!(matches!(fault, AgentFault::Provider { .. }), "{fault}");
    stage.picture = Some(crate::support::png::blank(4, 2));
    stage.turn(&shop(0)).await.unwrap();
    let request = &stage.asked()[0];
    assert!(matches!(request.messages[0], Message::Seen { .. }));
    assert!(request.system.contains("A picture of the visible part"));
}
