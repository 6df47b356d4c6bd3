//! How many calls to one provider are under way at once, and which clients share that bound.

use std::sync::Arc;
use std::time::Duration;

use agentarena::domain::agent::Provider as Speech;
use agentarena::llm::ChatModel;
use agentarena::llm::connect::connect;
use agentarena::llm::gate::Gates;
use tokio::sync::Semaphore;

use super::{options, request};
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
