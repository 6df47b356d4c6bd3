//! From a stored key to the booked call: whole episodes with a model of Anthropic's.

use std::sync::Arc;

use agentarena::arena::agents::{self, AgentInput};
use agentarena::arena::cost_audit::audit;
use agentarena::arena::model_proxy::ArenaAddresses;
use agentarena::arena::policies::AgentPolicies;
use agentarena::arena::provider_keys::{self, NewProviderKey};
use agentarena::auth::Principal;
use agentarena::domain::agent::{AgentConfig, LlmConfig, Provider as Speech};
use agentarena::domain::criteria::JudgeSpec;
use agentarena::domain::event::{CallPurpose, EventBody};
use agentarena::domain::ids::{AgentId, ProviderKeyId, RowId, TokenFamilyId};
use agentarena::domain::outcome::{AgentErrorKind, Outcome};
use agentarena::domain::submission::Submission;
use agentarena::domain::task::EvaluatorSpec;
use agentarena::domain::user::Role;
use agentarena::llm::gate::Gates;
use agentarena::store::llm_calls::{self, LlmCall};
use agentarena::vault::Vault;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{KEY, connected, options};
use crate::support::arena::{Arena, Scripts, Setup, answer, open_store, within};
use crate::support::provider::{Answer, Provider};

pub(super) struct Bench {
    pub(super) arena: Arena,
    vault: Arc<Vault>,
    pub(super) dir: TempDir,
}

impl Bench {
    pub(super) async fn start() -> Self {
        let (dir, store) = open_store();
        let vault = Arc::new(Vault::open(dir.path()).unwrap());
        let policies = AgentPolicies {
            store: store.clone(),
            vault: Arc::clone(&vault),
            remote: Arc::default(),
            allow_private: true,
            allow_commands: false,
            gates: Arc::new(Gates::new(8)),
            prompts: Arc::default(),
            models: Arc::default(),
            addresses: ArenaAddresses::default(),
        };
        let arena = Arena::start(store, "p1", Setup::with(Arc::new(policies))).await;
        Self { arena, vault, dir }
    }

    pub(super) fn ada(&self) -> Principal {
        Principal {
            user_id: self.arena.user,
            username: "ada".to_owned(),
            role: Role::User,
            session_id: TokenFamilyId::new(),
        }
    }

    async fn key(&self) -> ProviderKeyId {
        let new = NewProviderKey {
            name: format!("key {}", RowId::new()),
            provider: Speech::Anthropic,
            secret: KEY.to_owned(),
        };
        let ada = self.ada();
        let stored = provider_keys::create(&self.arena.store, &self.vault, &ada, new);
        stored.await.unwrap().id
    }

    pub(super) async fn agent(&self, provider: &Provider, more: Value) -> AgentId {
        let mut config = json!({ "provider": "anthropic", "model": "test-model",
            "baseUrl": provider.base_url, "providerKeyId": self.key().await });
        for (name, value) in more.as_object().unwrap() {
            config[name] = value.clone();
        }
        let config: LlmConfig = serde_json::from_value(config).unwrap();
        let input = AgentInput {
            name: format!("prompted {}", RowId::new()),
            description: String::new(),
            config: AgentConfig::Llm(config),
        };
        let made = agents::create(&self.arena.store, &self.ada(), input).await;
        made.unwrap().id
    }

    async fn run(&self, agent_id: AgentId) -> (Submission, Vec<LlmCall>) {
        let mut request = self.arena.request();
        request.agent_id = agent_id;
        let id = self
            .arena
            .intake
            .submit(request)
            .await
            .unwrap()
            .submission
            .id;
        within("running", self.arena.pool.run_until_idle()).await;
        let calls = self
            .arena
            .store
            .read(move |db| llm_calls::of_submission(db, id, 100));
        (self.arena.submission(id).await, calls.await.unwrap())
    }

    /// Every file of the data directory that holds the key in the clear.
    fn files_with_the_key(&self) -> Vec<String> {
        let mut folders = vec![self.dir.path().to_owned()];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if std::fs::read(&path)
                    .unwrap()
                    .windows(KEY.len())
                    .any(|window| window == KEY.as_bytes())
                {
                    found.push(path.display().to_string());
                }
            }
        }
        found
    }
}

pub(super) fn prices() -> Value {
    json!({ "inputPriceMicrousdPerMtok": 1_000_000, "outputPriceMicrousdPerMtok": 2_000_000,
        "cacheReadPriceMicrousdPerMtok": 100_000, "cacheWritePriceMicrousdPerMtok": 1_250_000 })
}

#[actix_web::test]
async fn every_call_is_booked_with_its_prices_and_the_key_is_nowhere() {
    let provider = Provider::start(
        [
            Answer::Status(529, r#"{"error":{"message":"busy"}}"#, None),
            Answer::Tool("click", json!({ "bid": "1" })),
        ],
        Answer::Tool("send_msg_to_user", json!({ "text": "42" })),
    );
    let bench = Bench::start().await;
    let agent = bench.agent(&provider, prices()).await;
    let (submission, calls) = bench.run(agent).await;
    assert_eq!(submission.outcome, Some(Outcome::Passed));
    let seen = provider.seen();
    assert!(seen.iter().all(|seen| seen.api_key.as_deref() == Some(KEY)));

    let rows: Vec<_> = calls
        .iter()
        .map(|call| {
            (
                call.step,
                call.attempt,
                call.status,
                call.usage.cost_microusd,
            )
        })
        .collect();
    let cost = 200 + 90 + 125 + 60;
    assert_eq!(
        rows,
        [
            (1, 1, Some(529), None),
            (1, 2, Some(200), Some(cost)),
            (2, 1, Some(200), Some(cost)),
        ]
    );
    assert_eq!(
        submission.cost_microusd,
        Some(2 * cost),
        "a refused call is free"
    );
    assert_eq!(
        (submission.input_tokens, submission.output_tokens),
        (2_400, 60)
    );
    let call = &calls[1];
    assert_eq!(
        (call.provider.as_str(), call.model.as_str()),
        ("anthropic", "test-model")
    );
    assert_eq!(call.returned_model.as_deref(), Some("test-model-20261007"));
    assert_eq!(
        (call.usage.cache_read_tokens, call.usage.cache_write_tokens),
        (900, 100)
    );
    assert_eq!(call.booked.version.as_deref(), Some("own"));
    assert_eq!(
        call.booked.price.cache_write_microusd_per_mtok,
        Some(1_250_000)
    );

    let report = audit(&bench.arena.store).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.priced, report.refused), (2, 1));
    assert_eq!(Some(report.booked_microusd), submission.cost_microusd);

    let events = bench.arena.events(submission.id).await;
    let returned: Vec<_> = events
        .iter()
        .filter_map(|event| match &event.body {
            EventBody::ModelCalled { returned_model, .. } => Some(returned_model.is_some()),
            _ => None,
        })
        .collect();
    assert_eq!(returned, [false, true, true]);
    assert_eq!(bench.files_with_the_key(), Vec::<String>::new());
}

#[actix_web::test]
async fn every_way_to_give_no_action_is_the_agents_error_and_its_calls_are_booked() {
    let bench = Bench::start().await;
    for (answer, kind) in [
        (Answer::Text("I am lost."), AgentErrorKind::Unparsable),
        (Answer::Refusal("I will not."), AgentErrorKind::Refusal),
        (
            Answer::Tool("click", json!({ "bid": "999" })),
            AgentErrorKind::InventedIds,
        ),
    ] {
        let provider = Provider::start([], answer);
        let agent = bench.agent(&provider, prices()).await;
        let (submission, calls) = bench.run(agent).await;
        assert_eq!(submission.outcome, Some(Outcome::AgentError));
        assert_eq!(submission.agent_error, Some(kind));
        assert_eq!(provider.seen().len(), 3, "two retries");
        assert_eq!((submission.model_calls, calls.len()), (3, 3));
        assert_eq!(submission.cost_microusd, Some(3 * (200 + 90 + 125 + 60)));
        let events = bench.arena.events(submission.id).await;
        let kept = events.iter().filter(|event| {
            let exchange = |exchange: &Option<String>| exchange.is_some();
            matches!(&event.body, EventBody::ModelCalled { exchange: hash, .. } if exchange(hash))
        });
        assert_eq!(kept.count(), 3, "the transcript is kept");
    }
}

#[actix_web::test]
async fn a_model_at_another_address_has_no_price_of_the_list() {
    let provider = Provider::start(
        [],
        Answer::Tool("send_msg_to_user", json!({ "text": "42" })),
    );
    let bench = Bench::start().await;
    let agent = bench
        .agent(&provider, json!({ "model": "claude-opus-5" }))
        .await;
    let (submission, calls) = bench.run(agent).await;
    assert_eq!(submission.outcome, Some(Outcome::Passed));
    assert_eq!(submission.cost_microusd, None, "unpriced, not 0");
    assert_eq!(calls[0].booked.version, None);
    assert!(calls[0].usage.reported);
    let report = audit(&bench.arena.store).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.calls, report.unpriced), (1, 1));
}

#[actix_web::test]
async fn a_key_of_another_provider_is_refused_when_the_agent_is_made() {
    let bench = Bench::start().await;
    let config = json!({ "provider": "openai", "model": "m", "providerKeyId": bench.key().await });
    let input = AgentInput {
        name: "mixed up".to_owned(),
        description: String::new(),
        config: AgentConfig::Llm(serde_json::from_value(config).unwrap()),
    };
    let refused = agents::create(&bench.arena.store, &bench.ada(), input).await;
    let error = refused.unwrap_err().to_string();
    assert!(
        error.contains("This key is for `anthropic` and the agent calls `openai`"),
        "{error}"
    );
}

/// An arena whose only criterion is judged by a model at this provider.
async fn judged_by(provider: &Provider) -> (TempDir, Arena) {
    let (dir, store) = open_store();
    let mut setup = Setup::with(Scripts::always(vec![answer("42")]));
    let criterion = JudgeSpec {
        criterion: "The message says 42.".to_owned(),
        reference: None,
    };
    setup.spec.evaluators = vec![EvaluatorSpec::Judge(criterion)];
    setup.judge = Some(connected(Speech::Anthropic, options(&provider.base_url)));
    (dir, Arena::start(store, "p1", setup).await)
}

#[actix_web::test]
async fn a_judge_that_is_refused_for_good_is_asked_once() {
    let body = r#"{"error":{"message":"bad key"}}"#;
    let provider = Provider::start([], Answer::Status(401, body, None));
    let (_dir, arena) = judged_by(&provider).await;
    let submission = arena.run().await;
    assert_eq!(submission.outcome, Some(Outcome::InfraError));
    assert_eq!((submission.attempts, provider.seen().len()), (1, 1));
}

#[actix_web::test]
async fn what_judging_costs_is_booked_apart_from_the_agent() {
    let met = r#"{"verdict": "met", "reason": "It says so."}"#;
    let provider = Provider::start([], Answer::Text(met));
    let (_dir, arena) = judged_by(&provider).await;
    let submission = arena.run().await;
    assert_eq!(submission.outcome, Some(Outcome::Passed));
    assert_eq!(
        (submission.model_calls, submission.cost_microusd),
        (0, Some(0))
    );
    let id = submission.id;
    let calls = arena
        .store
        .read(move |db| llm_calls::of_submission(db, id, 10))
        .await
        .unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!((calls[0].purpose, calls[0].step), (CallPurpose::Judge, 1));
    assert_eq!(calls[0].usage.cost_microusd, Some(200 + 90 + 125 + 60));
    assert!(audit(&arena.store).await.unwrap().is_clean());
}

/// A reply of Anthropic's that says that it counted so many tokens.
fn counted(tokens: u64) -> Answer {
    let reply = json!({ "id": "m", "type": "message", "role": "assistant", "model": "test-model",
        "stop_reason": "tool_use", "content": [{ "type": "tool_use", "id": "t",
            "name": "send_msg_to_user", "input": { "text": "42" } }],
        "usage": { "input_tokens": tokens, "output_tokens": 3 } });
    Answer::Body(reply.to_string())
}

#[actix_web::test]
async fn counts_that_no_call_can_have_leave_the_cost_unknown_and_the_episode_whole() {
    for tokens in [1 << 62, i64::MAX.unsigned_abs(), 1_000_000_001] {
        let provider = Provider::start([], counted(tokens));
        let bench = Bench::start().await;
        let agent = bench.agent(&provider, prices()).await;
        let (submission, calls) = bench.run(agent).await;
        assert_eq!(submission.outcome, Some(Outcome::Passed), "{tokens}");
        assert_eq!((submission.attempts, submission.cost_microusd), (1, None));
        assert_eq!(provider.seen().len(), 1);
        assert!(!calls[0].usage.reported);
        assert_eq!(calls[0].usage.cost_microusd, None, "unpriced, never 0");
    }
}

#[actix_web::test]
async fn what_a_provider_refuses_for_good_is_tried_once() {
    let no_money = r#"{"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"no money"}}"#;
    for (status, body) in [
        (401, r#"{"error":{"message":"bad key"}}"#),
        (403, r#"{"error":{"message":"not yours"}}"#),
        (404, r#"{"error":{"message":"no such model"}}"#),
        (429, no_money),
        (302, ""),
    ] {
        let provider = Provider::start([], Answer::Status(status, body, None));
        let bench = Bench::start().await;
        let agent = bench.agent(&provider, prices()).await;
        let (submission, calls) = bench.run(agent).await;
        assert_eq!(submission.outcome, Some(Outcome::InfraError), "{status}");
        assert_eq!((submission.attempts, calls.len()), (1, 1), "{status}");
        let reason = submission.reason.unwrap();
        assert!(!reason.contains("tried"), "{reason}");
    }
}
