//! How many calls to one provider are under way at once, and which clients share that bound.

use std::sync::Arc;
use std::time::Duration;

use agentarena::domain::agent::Provider as Speech;
use agentarena::llm::ChatModel;
use agentarena::llm::breaker::BreakerSettings;
use agentarena::llm::connect::connect;
use agentarena::llm::gate::Gates;
use agentarena::llm::retry::call_with_retry;
use tokio::sync::Semaphore;

use super::{options, quick, request};
use crate::support::arena::within;
use crate::support::provider::{Answer, Provider};

async fn until_seen(provider: &Provider, requests: usize) {
    let mut looks = tokio::time::interval(Duration::from_millis(5));
    within("requests", async {
        while provider.seen().len() < requests {
            looks.tick().await;
        }
    })
    .await;
}

fn start(models: &[Arc<dyn ChatModel>]) -> Vec<tokio::task::JoinHandle<bool>> {
    let begin = |model: &Arc<dyn ChatModel>| {
        let model = Arc::clone(model);
        tokio::spawn(async move { model.call(&request()).await.reply.is_ok() })
    };
    models.iter().map(begin).collect()
}

#[actix_web::test]
async fn clients_of_one_address_share_the_bound_and_those_of_another_do_not() {
    let hold = Arc::new(Semaphore::new(0));
    let answer = || Answer::After(Arc::clone(&hold), Box::new(Answer::Text("done")));
    let (busy, other) = (
        Provider::start([], answer()),
        Provider::start([], Answer::Text("done")),
    );
    let gates = Gates::new(2);
    let client =
        |speech, provider: &Provider| connect(speech, options(&provider.base_url), &gates).unwrap();
    // One client for each episode, as the arena makes them.
    let clients: Vec<_> = (0..6).map(|_| client(Speech::OpenAi, &busy)).collect();
    let calls = start(&clients);
    until_seen(&busy, 2).await;
    let elsewhere = client(Speech::OpenAi, &other);
    assert!(elsewhere.call(&request()).await.reply.is_ok());
    assert_eq!(busy.seen().len(), 2, "the third waits its turn");
    hold.add_permits(1);
    until_seen(&busy, 3).await;
    assert_eq!(busy.seen().len(), 3, "a place that is free is taken by one");
    hold.add_permits(5);
    for call in calls {
        assert!(within("the call", call).await.unwrap());
    }
    assert_eq!(busy.seen().len(), 6);
}

#[actix_web::test]
async fn a_wait_for_a_place_counts_against_no_time_limit_and_a_call_given_up_frees_its_place() {
    let provider = Provider::start([Answer::Hang], Answer::Text("done"));
    let gates = Gates::new(1);
    let client = |timeout| {
        let mut options = options(&provider.base_url);
        options.timeout = timeout;
        connect(Speech::Anthropic, options, &gates).unwrap()
    };
    let slow = start(&[client(Duration::from_mins(5))]).remove(0);
    until_seen(&provider, 1).await;
    let waiting = start(&[client(Duration::from_millis(200))]).remove(0);
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert!(!waiting.is_finished());
    slow.abort();
    assert!(within("the call", waiting).await.unwrap());
}

fn breaking(faults: u32, cool_down: Duration) -> Gates {
    Gates::with_breaker(8, BreakerSettings { faults, cool_down })
}

#[actix_web::test]
async fn an_address_that_fails_is_left_alone_for_a_while_by_all_its_clients() {
    let fault = || Answer::Status(500, "{}", None);
    let provider = Provider::start([fault(), fault(), fault()], Answer::Text("done"));
    let gates = breaking(3, Duration::from_secs(2));
    let client = || connect(Speech::OpenAi, options(&provider.base_url), &gates).unwrap();
    let (one, other) = (client(), client());
    for _ in 0..3 {
        assert!(one.call(&request()).await.reply.is_err());
    }
    assert_eq!(gates.open_circuits(), [(Speech::OpenAi, 1)]);
    let result = other.call(&request()).await;
    assert!(result.record.unsent, "{:?}", result.record);
    assert_eq!(result.record.charge(), Some(0));
    let error = result.reply.unwrap_err().to_string();
    assert!(error.contains("this one was not made"), "{error}");
    assert_eq!(provider.seen().len(), 3, "nothing was sent");

    // Whoever tries again waits as long as the circuit says, and then finds out for all.
    let mut calls = Vec::new();
    let reply = call_with_retry(other.as_ref(), &request(), quick(), &mut calls).await;
    assert_eq!(reply.unwrap().text, "done");
    let (last, before) = calls.split_last().unwrap();
    assert!(!last.unsent && !before.is_empty(), "{calls:?}");
    assert!(before.iter().all(|call| call.unsent), "{calls:?}");
    assert_eq!(provider.seen().len(), 4);
    assert_eq!(gates.open_circuits(), []);
    assert!(one.call(&request()).await.reply.is_ok());
}

#[actix_web::test]
async fn a_circuit_outlives_the_clients_that_opened_it_and_is_that_of_one_address() {
    let broken = Provider::start([], Answer::Body("{".to_owned()));
    let well = Provider::start([], Answer::Text("done"));
    let gates = breaking(2, Duration::from_mins(5));
    for _ in 0..2 {
        let client = connect(Speech::Anthropic, options(&broken.base_url), &gates).unwrap();
        assert!(client.call(&request()).await.reply.is_err());
    }
    let elsewhere = connect(Speech::Anthropic, options(&well.base_url), &gates).unwrap();
    assert!(elsewhere.call(&request()).await.reply.is_ok());
    let again = connect(Speech::Anthropic, options(&broken.base_url), &gates).unwrap();
    assert!(again.call(&request()).await.record.unsent);
    assert_eq!(broken.seen().len(), 2);
}

#[actix_web::test]
async fn answers_that_are_no_outage_open_nothing() {
    for answer in [
        Answer::Status(401, "{}", None),
        Answer::Status(404, "{}", None),
        Answer::Status(429, "{}", None),
        Answer::Refusal("no"),
        // The time of this client's own choice is up, which is no fault of the provider.
        Answer::Hang,
    ] {
        let provider = Provider::start([], answer);
        let gates = breaking(1, Duration::from_mins(5));
        let mut options = options(&provider.base_url);
        options.timeout = Duration::from_millis(100);
        let client = connect(Speech::OpenAi, options, &gates).unwrap();
        for _ in 0..2 {
            let result = client.call(&request()).await;
            assert!(!result.record.unsent, "{:?}", result.record);
        }
        assert_eq!(gates.open_circuits(), []);
    }
}
