//! Whole episodes in a fake browser: what is kept of them, and how they end.

use std::sync::Arc;

use agentarena::agents::Policy;
use agentarena::agents::llm::LlmPolicy;
use agentarena::agents::llm::prompts::Prompts;
use agentarena::arena::execute::{PolicyError, PolicyFactory, PolicyRequest};
use agentarena::domain::event::EventBody;
use agentarena::domain::outcome::{AgentErrorKind, Outcome};
use agentarena::domain::submission::Submission;
use agentarena::llm::{ChatModel, ChatReply, Message};
use agentarena::store::manifests;
use async_trait::async_trait;
use serde_json::{Value, json};

use super::{Told, calls, config, refuses, says, text_of};
use crate::support::arena::{Arena, Setup, open_store};

/// Makes the agent that is tried, whatever agent is submitted.
struct Prompted {
    settings: Value,
    model: Arc<Told>,
    prompts: Prompts,
}

#[async_trait]
impl PolicyFactory for Prompted {
    fn prompts(&self) -> Option<&Prompts> {
        Some(&self.prompts)
    }

    async fn build(&self, _request: PolicyRequest) -> Result<Box<dyn Policy>, PolicyError> {
        let model: Arc<dyn ChatModel> = self.model.clone();
        let config = config(self.settings.clone());
        Ok(Box::new(LlmPolicy::new(&config, model, Arc::default())))
    }
}

async fn run(
    settings: Value,
    replies: Vec<Result<ChatReply, agentarena::llm::ChatError>>,
) -> (Arena, tempfile::TempDir, Submission, Arc<Told>) {
    let (dir, store) = open_store();
    let model = Told::with(replies);
    let factory = Prompted {
        settings,
        model: model.clone(),
        prompts: Prompts::default(),
    };
    let arena = Arena::start(store, "p1", Setup::with(Arc::new(factory))).await;
    let submission = arena.run().await;
    (arena, dir, submission, model)
}

fn answers() -> Result<ChatReply, agentarena::llm::ChatError> {
    calls("send_msg_to_user", &json!({ "text": "42" }))
}

#[actix_web::test]
async fn a_picture_with_marks_is_sent_and_kept_once_beside_the_page_without_them() {
    let (arena, _dir, submission, model) =
        run(json!({ "screenshot": "marks" }), vec![answers()]).await;
    assert_eq!(submission.outcome, Some(Outcome::Passed), "{submission:?}");
    let asked = model.asked();
    assert!(matches!(asked[0].messages[0], Message::Seen { .. }));
    assert!(
        asked[0]
            .system
            .contains("a box is drawn around every element")
    );
    let events = arena.events(submission.id).await;
    let observed = events.iter().find_map(|event| match &event.body {
        EventBody::Observed { screenshot, .. } => screenshot.clone(),
        _ => None,
    });
    assert!(observed.is_some(), "the page is kept as it was");
}

/// The transcript of a failed decision: every reply's exchange, in order.
async fn transcript(arena: &Arena, submission: &Submission) -> Vec<String> {
    let mut exchanges = Vec::new();
    for event in arena.events(submission.id).await {
        if let EventBody::ModelCalled {
            exchange: Some(hash),
            ..
        } = event.body
        {
            let bytes = arena.store.artifact_files().read(&hash).unwrap().unwrap();
            exchanges.push(String::from_utf8(bytes).unwrap());
        }
    }
    exchanges
}

#[actix_web::test]
async fn each_way_to_fail_is_the_agents_error_of_its_own_kind_with_the_transcript_kept() {
    let invented = || calls("click", &json!({ "bid": "999" }));
    for (reply, kind) in [
        (says("I am lost."), AgentErrorKind::Unparsable),
        (refuses("I will not."), AgentErrorKind::Refusal),
        (invented(), AgentErrorKind::InventedIds),
    ] {
        let (arena, _dir, submission, _) = run(json!({}), vec![reply; 3]).await;
        assert_eq!(submission.outcome, Some(Outcome::AgentError));
        assert_eq!(submission.agent_error, Some(kind));
        assert_eq!(submission.score, Some(0.0), "it counts");
        let reason = submission.reason.clone().unwrap();
        assert!(reason.starts_with(kind.words()), "{reason}");
        assert_eq!(submission.model_calls, 3);
        let kept = transcript(&arena, &submission).await;
        assert_eq!(kept.len(), 3);
        assert!(
            kept.iter()
                .all(|exchange| exchange.contains("What is the answer?"))
        );
        let events = arena.events(submission.id).await;
        let ended = events.iter().find_map(|event| match event.body {
            EventBody::EpisodeEnded { agent_error, .. } => agent_error,
            _ => None,
        });
        assert_eq!(ended, Some(kind));
    }
}

#[actix_web::test]
async fn an_episode_is_played_with_plan_votes_and_differences() {
    let settings = json!({ "plan": true, "think": true, "actions": "text", "memory": "full",
        "observation": "diff", "wrapper": { "kind": "vote", "samples": 3 } });
    let answer = || says("It says so.\n```\nsend_msg_to_user('42')\n```");
    let wait = || says("noop(0)");
    let replies = vec![
        says("1. Read"),
        wait(),
        answer(),
        wait(),
        answer(),
        wait(),
        answer(),
    ];
    let (arena, _dir, submission, model) = run(settings, replies).await;
    assert_eq!(submission.outcome, Some(Outcome::Passed), "{submission:?}");
    assert_eq!(submission.model_calls, 7, "plan and samples are booked");
    assert_eq!((submission.steps, submission.agent_error), (Some(2), None));
    let last = text_of(model.asked().last().unwrap());
    assert!(
        last.contains("but for these differences:\n(nothing)"),
        "{last}"
    );
    let id = submission.id;
    let manifest = arena.store.read(move |db| manifests::of_submission(db, id));
    let manifest = manifest.await.unwrap().unwrap();
    assert_eq!(
        manifest.prompts.templates, None,
        "the agent submitted prompts no model"
    );
}
