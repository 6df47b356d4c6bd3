//! What breaks, and where: each call ends in the right way, is booked as what it was, and leaves
//! nothing open.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;
use tokio::sync::Semaphore;

use super::{ANTHROPIC, Door, KEY, OPENAI, read_until, told};
use crate::support::arena::within;
use crate::support::provider::{Answer, Provider, Then};

#[actix_web::test]
async fn a_providers_refusal_comes_back_as_it_is_and_costs_nothing() {
    let busy = r#"{"error":{"message":"slow down","type":"rate_limit_error"}}"#;
    let provider = Provider::start(
        [
            Answer::Status(429, busy, Some("7")),
            Answer::Status(529, busy, None),
        ],
        Answer::Status(404, r#"{"error":{"message":"no such model"}}"#, None),
    );
    let door = Door::open(provider).await;
    let first = door.call(OPENAI, &json!({})).await;
    assert_eq!(first.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(first.headers["retry-after"], "7");
    assert_eq!(first.text, busy);
    let second = door.call(ANTHROPIC, &json!({ "stream": true })).await;
    assert_eq!(second.status.as_u16(), 529);
    assert_eq!(
        door.call(OPENAI, &json!({})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        door.provider.seen().len(),
        3,
        "the arena does not try again by itself"
    );
    let calls = door.booked(3).await;
    assert_eq!(calls[0].status, Some(429));
    assert!(calls[0].error.as_ref().unwrap().contains("slow down"));
    assert!(calls.iter().all(|call| call.charge() == Some(0)));
    assert_eq!(door.spent().await.microusd, 0);
}

#[actix_web::test]
async fn a_key_that_a_provider_sends_back_reaches_nobody() {
    let provider = Provider::start([], Answer::Echo(200));
    let door = Door::open(provider).await;
    let echo = |status| Provider::start([], Answer::Echo(status));
    let refusing = Door::open(echo(401)).await;
    for (door, more) in [
        (&door, json!({})),
        (&door, json!({ "stream": true })),
        (&refusing, json!({})),
    ] {
        for path in [OPENAI, ANTHROPIC] {
            let got = door.call(path, &more).await;
            assert!(got.text.contains("(key)"), "{}", got.text);
            let headers = format!("{:?}", got.headers);
            assert!(
                !got.text.contains(KEY) && !headers.contains(KEY),
                "{headers} {}",
                got.text
            );
            let call = format!("{:?}", door.booked(1).await);
            assert!(!call.contains(KEY), "{call}");
        }
    }
}

#[actix_web::test]
async fn a_provider_that_is_cut_off_is_told_to_the_agent_and_keeps_its_money_held() {
    for path in [OPENAI, ANTHROPIC] {
        // What came before the cut is read first: a connection that is cut loses what is on its way.
        let gate = Arc::new(Semaphore::new(0));
        let after = |then| Then::After(Arc::clone(&gate), Box::new(then));
        let provider = Provider::start(
            [
                Answer::Cut("{\"choices\":["),
                Answer::Pieces("done so far", 3, after(Then::Cut)),
                Answer::Pieces("done so far", 3, after(Then::End)),
            ],
            Answer::Body("no JSON".to_owned()),
        );
        let door = Door::open(provider).await;
        let whole = door.call(path, &json!({})).await;
        assert_eq!(whole.status, StatusCode::BAD_GATEWAY, "{}", whole.text);
        assert!(told(&whole).contains("broke off"), "{}", whole.text);
        for why in ["broke off", "ended in the middle"] {
            let request = door.request(path, &json!({ "stream": true }));
            let mut response = request.send().await.unwrap();
            read_until(&mut response, "done ").await;
            gate.add_permits(1);
            let cut = within("the cut", async {
                loop {
                    match response.chunk().await {
                        Ok(Some(_)) => {}
                        Ok(None) => return false,
                        Err(_) => return true,
                    }
                }
            })
            .await;
            assert!(cut, "a reply that was cut does not look whole");
            let call = door.lease.take_calls().pop();
            let error = call.map_or_else(String::new, |call| call.error.unwrap_or_default());
            // The first of the loop's calls comes behind the whole one.
            assert!(error.contains(why), "{error}");
        }
        let odd = door.call(path, &json!({})).await;
        assert_eq!((odd.status, odd.text.as_str()), (StatusCode::OK, "no JSON"));
        let spent = door.spent().await;
        assert_eq!(spent.calls, 4);
        assert!(
            spent.microusd > 4 * 2_000,
            "all four go on counting: {spent:?}"
        );
        within("the provider is free", door.provider.open(0)).await;
    }
}

#[actix_web::test]
async fn an_agent_that_hangs_up_breaks_its_call_off() {
    for path in [OPENAI, ANTHROPIC] {
        let provider = Provider::start(
            [Answer::Hang, Answer::Stall("{")],
            Answer::Pieces("done so far", 3, Then::Stall),
        );
        let door = Door::open(provider).await;
        for seen in 1..=2 {
            let call = tokio::spawn(door.request(path, &json!({})).send());
            within("the call reaches the provider", door.provider.open(1)).await;
            assert_eq!(door.provider.seen().len(), seen);
            call.abort();
            within("the provider is left", door.provider.open(0)).await;
        }
        let request = door.request(path, &json!({ "stream": true }));
        let mut response = request.send().await.unwrap();
        read_until(&mut response, "done ").await;
        drop(response);
        within("the provider is left", door.provider.open(0)).await;
        for call in door.booked(3).await {
            let error = call.error.clone().unwrap_or_default();
            assert!(error.contains("the agent broke the call off"), "{error}");
            assert_eq!((call.charge(), call.usage.reported), (None, false));
        }
        let spent = door.spent().await;
        assert_eq!(spent.calls, 3);
        assert!(spent.microusd > 3 * 2_000, "they go on counting: {spent:?}");
    }
}

#[actix_web::test]
async fn an_agent_that_leaves_when_the_reply_is_over_is_booked_with_its_counts() {
    for path in [OPENAI, ANTHROPIC] {
        // All but the counts and the end has come.
        let pieces = if path == OPENAI { 5 } else { 7 };
        let gate = Arc::new(Semaphore::new(0));
        let then = Then::Rest(Arc::clone(&gate));
        let provider = Provider::start([], Answer::Pieces("done so far", pieces, then));
        let door = Door::open(provider).await;
        let request = door.request(path, &json!({ "stream": true }));
        let mut response = request.send().await.unwrap();
        let finished = if path == OPENAI {
            "\"finish_reason\":\"stop\""
        } else {
            "\"stop_reason\":\"end_turn\""
        };
        read_until(&mut response, finished).await;
        drop(response);
        gate.add_permits(1);
        let calls = door.booked(1).await;
        assert!(calls[0].usage.cost_microusd.is_some(), "{:?}", calls[0]);
        assert_eq!(calls[0].error, None);
    }
}

#[actix_web::test]
async fn the_end_of_an_episode_ends_its_calls() {
    let provider = Provider::start(
        [Answer::Hang],
        Answer::Pieces("done so far", 3, Then::Stall),
    );
    let door = Door::open(provider).await;
    let silent = tokio::spawn(door.request(OPENAI, &json!({})).send());
    within("the call reaches the provider", door.provider.open(1)).await;
    let request = door.request(ANTHROPIC, &json!({ "stream": true }));
    let mut response = request.send().await.unwrap();
    read_until(&mut response, "done ").await;
    within("closing", door.lease.close()).await;
    let calls = door.lease.take_calls();
    assert_eq!(calls.len(), 2, "both are booked when the episode is closed");
    for call in &calls {
        let error = call.error.clone().unwrap_or_default();
        assert!(error.contains("the episode ended"), "{error}");
        assert_eq!(call.charge(), None);
    }
    let answer = within("the answer", silent).await.unwrap().unwrap();
    assert!(!answer.status().is_success());
    let rest = within("the stream's end", response.chunk()).await;
    assert!(
        rest.is_err(),
        "a stream that was cut does not look whole: {rest:?}"
    );
    within("the provider is left", door.provider.open(0)).await;
}

#[actix_web::test]
async fn a_provider_that_is_not_there_is_said_to_be_so() {
    let provider = Provider::start([], Answer::Hang);
    let door = Door::open(provider).await;
    door.provider.stop().await;
    for path in [OPENAI, ANTHROPIC] {
        let got = tokio::time::timeout(Duration::from_secs(20), door.call(path, &json!({}))).await;
        let got = got.unwrap();
        assert_eq!(got.status, StatusCode::BAD_GATEWAY, "{}", got.text);
        assert!(told(&got).contains("could not be reached"), "{}", got.text);
    }
    assert!(
        door.booked(2)
            .await
            .iter()
            .all(|call| call.charge() == Some(0))
    );
    assert_eq!(
        door.spent().await.microusd,
        0,
        "what never left costs nothing"
    );
}
