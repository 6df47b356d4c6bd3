//! The official `openai` and `anthropic` Python clients, pointed at the arena by nothing but their
//! environment, in whole episodes of the whole application.

use agentarena::domain::budget::SubmissionBudget;
use agentarena::domain::event::EventBody;
use agentarena::domain::outcome::Outcome;
use agentarena::domain::price::Price;
use serde_json::{Value, json};

use super::episodes::{House, program};
use super::{COST, KEY, MESSAGE_COST};
use crate::support::provider::{Answer, Provider};

const DONE: &str = "send_msg_to_user('no idea')";

#[actix_web::test]
async fn the_official_clients_call_their_models_through_the_arena() {
    let house = House::build(Provider::start([], Answer::Text(DONE))).await;
    for (mode, cost) in [
        ("openai", COST),
        ("openai-stream", COST),
        ("openai-usage", COST),
        ("anthropic", MESSAGE_COST),
        ("anthropic-stream turn", MESSAGE_COST),
    ] {
        let before = house.provider.seen().len();
        let agent = house.agent(mode, program(mode), true).await;
        let (submission, calls) = house.run(&agent, SubmissionBudget::default()).await;
        let log = house.log(&submission).await;
        assert_eq!(
            submission.outcome,
            Some(Outcome::Failed),
            "{mode}: {:?} {log}",
            submission.reason
        );
        assert_eq!(submission.steps, Some(1), "{mode}: {log}");
        assert_eq!(submission.cost_microusd, Some(cost), "{mode}");
        assert_eq!((submission.model_calls, submission.output_tokens), (1, 30));
        assert_eq!((calls.len(), calls[0].step, calls[0].attempt), (1, 1, 1));
        assert_eq!(
            (calls[0].status, calls[0].error.as_deref()),
            (Some(200), None)
        );
        assert_eq!(calls[0].model, "test-model");

        let events = house.events(&submission).await;
        let called = events.iter().find_map(|event| match &event.body {
            EventBody::ModelCalled {
                usage, exchange, ..
            } => Some((*usage, exchange.clone())),
            _ => None,
        });
        let (usage, exchange) = called.expect("a call is an event");
        assert_eq!(usage.cost_microusd, Some(cost));
        let exchange = house.artifact(&exchange.unwrap());
        let said = exchange["response"].to_string();
        assert!(
            said.contains("no idea"),
            "the reply is on record: {exchange}"
        );
        assert_eq!(exchange["request"]["messages"][0]["content"], "What next?");

        let seen = house.provider.seen();
        assert_eq!(seen.len(), before + 1);
        let seen = &seen[before];
        let keys = format!("{:?} {:?}", seen.authorization, seen.api_key);
        assert!(keys.contains(KEY) && !keys.contains("amp_"), "{keys}");
        if mode.starts_with("openai-") {
            assert_eq!(
                seen.body["stream_options"],
                json!({ "include_usage": true })
            );
        }
        eprintln!("{mode}: {cost} millionths of a dollar");
    }
    house.stop().await;
}

#[actix_web::test]
async fn a_client_whose_budget_is_spent_does_not_ask_again_and_its_episode_ends() {
    for mode in ["openai", "anthropic-stream"] {
        let provider = Provider::start([], Answer::Text("noop()"));
        let house = House::build(provider).await;
        let agent = house.agent(mode, program(mode), true).await;
        let budget = SubmissionBudget {
            episode_microusd: Some(4_000),
            ..SubmissionBudget::default()
        };
        let (submission, calls) = house.run(&agent, budget).await;
        let log = house.log(&submission).await;
        assert_eq!(
            submission.outcome,
            Some(Outcome::BudgetLimit),
            "{:?} {log}",
            submission.reason
        );
        assert_eq!(submission.score, Some(0.0));
        let reason = submission.reason.clone().unwrap();
        assert!(
            reason.starts_with("the budget of the episode is $0.004"),
            "{reason}"
        );
        let cost = if mode == "openai" { COST } else { MESSAGE_COST };
        let made = u64::try_from(calls.len()).unwrap();
        assert!(made >= 1, "the first call fits");
        assert_eq!(submission.cost_microusd, Some(made * cost));
        assert_eq!(house.provider.seen().len(), calls.len());
        house.stop().await;
    }
}

#[actix_web::test]
async fn a_persons_own_prices_are_those_of_their_foreign_agents_calls() {
    let house = House::build(Provider::start([], Answer::Text(DONE))).await;
    let agent = house.unpriced_agent("openai", program("openai")).await;
    let (submission, _) = house.run(&agent, SubmissionBudget::default()).await;
    assert_eq!(submission.cost_microusd, None, "nobody said a price");
    let rates = Price {
        input_microusd_per_mtok: Some(1_000_000),
        output_microusd_per_mtok: Some(2_000_000),
        cache_read_microusd_per_mtok: Some(100_000),
        cache_write_microusd_per_mtok: Some(1_250_000),
    };
    house
        .set_price(
            "another-model",
            Price {
                input_microusd_per_mtok: Some(1),
                ..rates
            },
        )
        .await;
    house.set_price("test-model", rates).await;
    let (submission, calls) = house.run(&agent, SubmissionBudget::default()).await;
    assert_eq!(submission.cost_microusd, Some(COST));
    assert_eq!(calls.len(), 1);
    let events = house.events(&submission).await;
    let version = events.iter().find_map(|event| match &event.body {
        EventBody::ModelCalled { price_version, .. } => price_version.clone(),
        _ => None,
    });
    assert_eq!(version.as_deref(), Some("personal-2"));
    house.stop().await;
}

#[actix_web::test]
async fn what_an_agent_never_called_here_stays_unpriced() {
    let provider = Provider::start(
        [],
        Answer::Status(400, r#"{"error":{"message":"no"}}"#, None),
    );
    let house = House::build(provider).await;
    let silent = [
        "bash",
        "-c",
        "read -r turn; echo '{\"action\": \"report_infeasible()\"}'; read end",
    ];
    let silent = silent.map(str::to_owned).to_vec();
    let agent = house.agent("silent", silent.clone(), true).await;
    let (submission, calls) = house.run(&agent, SubmissionBudget::default()).await;
    assert_eq!((submission.cost_microusd, calls.len()), (None, 0));
    // Calls that the provider refused say nothing either.
    let agent = house.agent("refused", program("openai"), true).await;
    let (submission, calls) = house.run(&agent, SubmissionBudget::default()).await;
    assert!(!calls.is_empty() && calls.iter().all(|call| call.status == Some(400)));
    assert_eq!(
        submission.cost_microusd, None,
        "it may have called a model elsewhere"
    );
    // One that may not call models here is told of none.
    let script = "read -r turn; jq -r 'has(\"model_proxy\")' <<<\"$turn\" >&2; env >&2; \
                  echo '{\"action\": \"report_infeasible()\"}'; read end";
    let closed = ["bash", "-c", script].map(str::to_owned).to_vec();
    let agent = house.agent("closed", closed, false).await;
    let (submission, _) = house.run(&agent, SubmissionBudget::default()).await;
    let log = house.log(&submission).await;
    assert!(
        log.starts_with("false") && !log.contains("OPENAI_BASE_URL") && !log.contains("amp_"),
        "{log}"
    );
    let page: Value = house.shown(&submission).await;
    assert_eq!(page["costMicrousd"], Value::Null);
    house.stop().await;
}
