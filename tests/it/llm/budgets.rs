//! Budgets: money is held before a call is made, so that no number of calls at the same time can
//! spend more than was allowed, and what reaching a budget means.

use std::sync::Arc;

use agentarena::arena::ArenaError;
use agentarena::arena::agents::{self, AgentInput};
use agentarena::arena::budgets;
use agentarena::arena::ledger::EpisodeLedger;
use agentarena::arena::submit::Submit;
use agentarena::domain::agent::{AgentConfig, Provider as Speech};
use agentarena::domain::budget::{
    Account, BudgetScope, MostCost, Spent, SubmissionBudget, UserBudget, dollars, read_dollars,
};
use agentarena::domain::ids::EpisodeId;
use agentarena::domain::outcome::{Outcome, SubmissionStatus};
use agentarena::domain::price::Tariff;
use agentarena::domain::submission::Submission;
use agentarena::llm::connect::{ModelOptions, Reasoning, connect};
use agentarena::llm::gate::Gates;
use agentarena::llm::ledger::most_input_tokens;
use agentarena::llm::{ChatError, ChatModel};
use agentarena::store::Store;
use serde_json::json;
use tokio::sync::Semaphore;

use super::booked::{Bench, prices};
use super::{PRICE, options, request};
use crate::support::arena::{reopen, within};
use crate::support::provider::{Answer, Provider};

/// What one call to the test's provider costs over OpenAI's interface: 200 plain tokens, 1,000
/// from the cache, 30 received.
const COST: u64 = 200 + 100 + 60;

/// Most tokens of a reply.
const REPLY: u32 = 30;

fn most() -> u64 {
    let tariff = Tariff {
        own: PRICE,
        ..Tariff::default()
    };
    let tokens = most_input_tokens(&request(), "openai");
    match MostCost::of(&tariff, tokens, Some(u64::from(REPLY))) {
        MostCost::Known(most) => most,
        unknown => panic!("{unknown:?}"),
    }
}

fn model(provider: &Provider, ledger: EpisodeLedger) -> Arc<dyn ChatModel> {
    let options = ModelOptions {
        max_output_tokens: Some(REPLY),
        reasoning: Reasoning::default(),
        ledger: Some(Arc::new(ledger)),
        ..options(&provider.base_url)
    };
    connect(Speech::OpenAi, options, &Gates::new(1_000)).unwrap()
}

async fn ledger(bench: &Bench, limit: u64) -> EpisodeLedger {
    let budget = UserBudget {
        total_microusd: None,
        month_microusd: Some(limit),
    };
    let store = bench.arena.store.clone();
    budgets::set_own(&store, &bench.ada(), budget)
        .await
        .unwrap();
    let account = Account {
        user_id: bench.arena.user,
        experiment_id: None,
        submission_id: Some(bench.arena.submit().await),
        episode_id: Some(EpisodeId::new()),
    };
    EpisodeLedger { store, account }
}

async fn spent(store: &Store, bench: &Bench) -> Spent {
    budgets::own(store, &bench.ada()).await.unwrap().month
}

#[actix_web::test]
async fn a_thousand_calls_at_once_spend_not_one_cent_more_than_allowed() {
    let gate = Arc::new(Semaphore::new(0));
    let provider = Provider::start(
        [],
        Answer::After(Arc::clone(&gate), Box::new(Answer::Text("done"))),
    );
    let bench = Bench::start().await;
    let fitting = 300;
    // Room for 300 calls, and for all but a millionth of a dollar of one more.
    let limit = fitting * most() + most() - 1;
    let model = model(&provider, ledger(&bench, limit).await);
    let calls: Vec<_> = (0..1_000)
        .map(|_| {
            let model = Arc::clone(&model);
            tokio::spawn(async move { model.call(&request()).await.reply })
        })
        .collect();
    // All that fit are under way, and hold everything.
    let mut looks = tokio::time::interval(std::time::Duration::from_millis(5));
    within("the calls that fit", async {
        while provider.seen().len() < 300 {
            looks.tick().await;
        }
    })
    .await;
    let held = spent(&bench.arena.store, &bench).await;
    assert_eq!(held.microusd, fitting * most());
    gate.add_permits(1_000);
    let (mut made, mut refused) = (0, 0);
    for call in calls {
        match call.await.unwrap() {
            Ok(_) => made += 1,
            Err(ChatError::OverBudget(over)) => {
                assert_eq!(over.scope, BudgetScope::Month);
                assert_eq!(over.limit_microusd, limit);
                refused += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    // What the first calls did not use may have let some of the later ones through.
    assert!(made >= 300, "{made}");
    assert_eq!(made + refused, 1_000);
    assert_eq!(provider.seen().len(), made, "a refused call is never sent");
    let made = u64::try_from(made).unwrap();
    let total = spent(&bench.arena.store, &bench).await;
    assert_eq!((total.microusd, total.calls), (made * COST, made));
    assert!(total.microusd <= limit);
}

#[actix_web::test]
async fn a_call_that_broke_off_keeps_its_money_held_also_after_a_restart() {
    let provider = Provider::start(
        [
            Answer::Cut("{\"choices\":["),
            Answer::Status(500, "{}", None),
        ],
        Answer::Text("done"),
    );
    let bench = Bench::start().await;
    let ledger = ledger(&bench, 10 * most()).await;
    let model = model(&provider, ledger);
    assert!(model.call(&request()).await.reply.is_err());
    assert_eq!(spent(&bench.arena.store, &bench).await.microusd, most());
    assert!(model.call(&request()).await.reply.is_err());
    let after_500 = spent(&bench.arena.store, &bench).await;
    assert_eq!(after_500.microusd, most(), "an error status costs nothing");
    assert!(model.call(&request()).await.reply.is_ok());
    drop(model);
    within("stopping", bench.arena.pool.stop()).await;
    let (ada, dir) = (bench.ada(), bench.dir);
    drop(bench.arena);
    let store = reopen(dir.path());
    let total = budgets::own(&store, &ada).await.unwrap().month;
    assert_eq!((total.microusd, total.calls), (most() + COST, 3));
}

/// Runs the agent with a budget on its submission.
async fn run(bench: &Bench, provider: &Provider, budget: SubmissionBudget) -> Submission {
    let mut settings = prices();
    settings["maxOutputTokens"] = json!(2_000);
    let agent_id = bench.agent(provider, settings).await;
    let request = Submit {
        agent_id,
        budget,
        ..bench.arena.request()
    };
    let accepted = bench.arena.intake.submit(request).await.unwrap();
    within("running", bench.arena.pool.run_until_idle()).await;
    bench.arena.submission(accepted.submission.id).await
}

fn clicks() -> Provider {
    Provider::start([], Answer::Tool("click", json!({ "bid": "1" })))
}

/// What one call to the test's provider costs over Anthropic's interface.
const MESSAGE_COST: u64 = 200 + 90 + 125 + 60;

/// The most that the agent's first call can cost, as the refusal of it says.
async fn most_of_first(bench: &Bench) -> u64 {
    let nothing = SubmissionBudget {
        call_microusd: Some(0),
        ..SubmissionBudget::default()
    };
    let submission = run(bench, &clicks(), nothing).await;
    let reason = submission.reason.unwrap();
    let (before, most) = reason.rsplit_once('$').unwrap();
    assert_eq!(
        before,
        "the budget of one call is $0.00, and the next call can cost up to "
    );
    read_dollars(most).unwrap()
}

#[actix_web::test]
async fn an_episode_that_reaches_its_budget_scores_nothing_and_says_why() {
    let bench = Bench::start().await;
    let provider = clicks();
    let limit = most_of_first(&bench).await + 1_000;
    let budget = SubmissionBudget {
        episode_microusd: Some(limit),
        ..SubmissionBudget::default()
    };
    let submission = run(&bench, &provider, budget).await;
    assert_eq!(submission.outcome, Some(Outcome::BudgetLimit));
    assert_eq!(submission.score, Some(0.0));
    assert_eq!(submission.status, SubmissionStatus::Completed);
    assert_eq!(submission.budget, budget);
    let reason = submission.reason.unwrap();
    let start = format!("the budget of the episode is ${}, $0.00", dollars(limit));
    assert!(reason.starts_with(&start), "{reason}");
    let made = u64::try_from(provider.seen().len()).unwrap();
    assert!((1..=3).contains(&made), "{made}");
    assert_eq!(u64::from(submission.model_calls), made);
    assert_eq!(submission.cost_microusd, Some(made * MESSAGE_COST));
}

#[actix_web::test]
async fn one_dear_call_is_not_made() {
    let bench = Bench::start().await;
    let provider = clicks();
    let budget = SubmissionBudget {
        call_microusd: Some(most_of_first(&bench).await - 1),
        ..SubmissionBudget::default()
    };
    let submission = run(&bench, &provider, budget).await;
    assert_eq!(submission.outcome, Some(Outcome::BudgetLimit));
    assert_eq!(provider.seen().len(), 0);
    assert_eq!(submission.cost_microusd, Some(0));
}

#[actix_web::test]
async fn an_owner_whose_money_has_run_out_says_nothing_about_the_agent() {
    let bench = Bench::start().await;
    let provider = clicks();
    let limit = most_of_first(&bench).await + 1_000;
    let budget = UserBudget {
        total_microusd: None,
        month_microusd: Some(limit),
    };
    let store = &bench.arena.store;
    budgets::set_own(store, &bench.ada(), budget).await.unwrap();
    let submission = run(&bench, &provider, SubmissionBudget::default()).await;
    assert_eq!(submission.outcome, Some(Outcome::BudgetLimit));
    assert_eq!(submission.score, None, "it is not scored");
    assert_eq!(submission.status, SubmissionStatus::Failed);
    assert!(!provider.seen().is_empty());
    assert!(spent(store, &bench).await.microusd <= limit);

    let budget = UserBudget {
        month_microusd: Some(1),
        ..budget
    };
    budgets::set_own(store, &bench.ada(), budget).await.unwrap();
    let request = Submit {
        agent_id: submission.agent_id,
        ..bench.arena.request()
    };
    let refused = bench.arena.intake.submit(request).await.unwrap_err();
    assert!(matches!(refused, ArenaError::Conflict { .. }), "{refused}");
}

#[actix_web::test]
async fn a_budget_that_cannot_be_kept_is_refused_when_it_is_submitted() {
    let bench = Bench::start().await;
    let ada = bench.ada();
    let provider = clicks();
    let budget = SubmissionBudget {
        submission_microusd: Some(1_000_000),
        ..SubmissionBudget::default()
    };
    let unpriced = bench.agent(&provider, json!({})).await;
    let webhook = AgentInput {
        name: "elsewhere".to_owned(),
        description: String::new(),
        config: serde_json::from_value::<AgentConfig>(
            json!({"kind": "webhook", "url": "http://127.0.0.1:9/turn"}),
        )
        .unwrap(),
    };
    let webhook = agents::create(&bench.arena.store, &ada, webhook);
    let webhook = webhook.await.unwrap().id;
    let mut unbounded = prices();
    unbounded["kind"] = json!("llm");
    unbounded["provider"] = json!("openai");
    unbounded["model"] = json!("m");
    let unbounded = AgentInput {
        name: "endless".to_owned(),
        description: String::new(),
        config: serde_json::from_value(unbounded).unwrap(),
    };
    let unbounded = agents::create(&bench.arena.store, &ada, unbounded);
    let unbounded = unbounded.await.unwrap().id;
    for (agent_id, field, words) in [
        (unpriced, "agentId", "has no price"),
        (unbounded, "agentId", "set the most tokens"),
        (
            webhook,
            "submissionBudgetMicrousd",
            "calls its models itself",
        ),
    ] {
        let request = Submit {
            agent_id,
            budget,
            ..bench.arena.request()
        };
        match bench.arena.intake.submit(request).await {
            Err(ArenaError::Invalid { field: at, message }) => {
                assert_eq!(at, field);
                assert!(message.contains(words), "{message}");
            }
            other => panic!("{other:?}"),
        }
    }
    let dear = SubmissionBudget {
        call_microusd: Some(u64::MAX),
        ..SubmissionBudget::default()
    };
    let request = Submit {
        budget: dear,
        ..bench.arena.request()
    };
    let refused = bench.arena.intake.submit(request).await.unwrap_err();
    assert!(matches!(refused, ArenaError::Rejected(_)), "{refused}");
}
