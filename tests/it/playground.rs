//! Whole episodes in a fake browser: how they go, how they end, what is recorded, and what
//! happens when something breaks in the middle.

use std::sync::Arc;
use std::time::Duration;

use agentarena::agents::{AgentFault, Decision, ModelCall, Policy, Turn};
use agentarena::arena::cancel::Canceller;
use agentarena::arena::execute::{PolicyError, PolicyFactory, PolicyRequest};
use agentarena::arena::playground_health::PlaygroundMonitor;
use agentarena::arena::submit::Submit;
use agentarena::arena::{ArenaError, recover};
use agentarena::browser::BrowserError;
use agentarena::browser::fake::{FakeBrowser, FakeCall};
use agentarena::domain::action::Action;
use agentarena::domain::event::{EventBody, Usage};
use agentarena::domain::outcome::{AgentErrorKind, Outcome, PlaygroundKind, SubmissionStatus};
use agentarena::domain::verdict::VerdictStatus;
use agentarena::playground::hub::Delivery;
use agentarena::store::{episodes, jobs, llm_calls, results};
use async_trait::async_trait;
use tokio::sync::Semaphore;

use crate::support::arena::{
    self, Arena, Line, Scripts, Setup, answer, click, goto, open_store, pages, within,
};
use crate::support::transcript::transcript;

fn noop() -> Line {
    Line::Act(Action::Noop { wait_ms: 0 })
}

fn call(status: Option<u16>, cost_microusd: Option<u64>) -> ModelCall {
    ModelCall {
        provider: "openai".into(),
        model: "test-model".into(),
        attempt: 1,
        status,
        usage: Usage {
            reported: cost_microusd.is_some(),
            input_tokens: 100,
            output_tokens: 10,
            cost_microusd,
            ..Usage::default()
        },
        exchange: serde_json::json!({"request": "r", "response": "r"}),
        duration_ms: 1.0,
        ..ModelCall::default()
    }
}

#[tokio::test]
async fn an_episode_is_recorded_from_the_first_look_to_the_verdict() {
    let (_dir, store) = open_store();
    let script = vec![click("1"), click("9"), answer("42")];
    let arena = Arena::start(store, "p1", Setup::with(Scripts::always(script))).await;
    let submission = arena.run().await;

    assert_eq!(submission.status, SubmissionStatus::Completed);
    assert_eq!(submission.outcome, Some(Outcome::Passed));
    assert_eq!((submission.score, submission.steps), (Some(1.0), Some(3)));
    assert_eq!(
        (submission.model_calls, submission.cost_microusd),
        (0, Some(0))
    );
    insta::assert_snapshot!(transcript(&arena.events(submission.id).await), @r#"
     1 episode 1 on real (simulated browser) at http://sites.test/: What is the answer?
     2 step 1: sees "Home" at http://sites.test/, 2 elements, picture: true
     3 step 1: decides click('1') on link "Answers"
     4 step 1: ok=true clicked link "Answers" -> http://sites.test/answers
     5 step 2: sees "Answers" at http://sites.test/answers, 1 elements, picture: true
     6 step 2: decides click('9')
     7 step 2: ok=false there is no element 9 on this page -> http://sites.test/answers
     8 step 3: sees "Answers" at http://sites.test/answers, 1 elements, picture: true
     9 step 3: decides send_msg_to_user('42')
    10 step 3: ends with answer "42"
    11 evaluated pass 1: every criterion is met
    12 ended passed after 3 steps: every criterion is met
    "#);
}

#[tokio::test]
async fn every_artifact_that_the_log_names_is_there() {
    let (_dir, store) = open_store();
    let script = vec![click("1"), answer("41")];
    let arena = Arena::start(store, "p1", Setup::with(Scripts::always(script))).await;
    let submission = arena.run().await;

    let mut named = Vec::new();
    for event in arena.events(submission.id).await {
        match event.body {
            EventBody::Observed {
                observation,
                screenshot,
                ..
            } => named.extend([Some(observation), screenshot]),
            EventBody::Evaluated { evidence, .. } => named.push(Some(evidence)),
            _ => {}
        }
    }
    assert_eq!(named.len(), 5);
    for hash in named.into_iter().flatten() {
        let found = arena.store.read_artifact(&hash).await.expect("readable");
        assert!(found.is_some(), "the artifact {hash} is missing");
    }
    let id = submission.id;
    let result = arena
        .store
        .read(move |db| results::of_submission(db, id))
        .await
        .expect("readable")
        .expect("a verdict is stored");
    assert_eq!(result.verdict.status, VerdictStatus::Fail);
    assert_eq!(submission.outcome, Some(Outcome::Failed));
}

#[tokio::test]
async fn a_step_limit_ends_without_a_score_even_on_the_right_page() {
    let (_dir, store) = open_store();
    let script = vec![noop(), noop(), noop(), noop(), answer("42")];
    let arena = Arena::start(store, "p1", Setup::with(Scripts::always(script))).await;
    let submission = arena.run().await;
    assert_eq!(submission.outcome, Some(Outcome::StepLimit));
    assert_eq!((submission.score, submission.steps), (Some(0.0), Some(4)));
}

#[tokio::test]
async fn a_time_limit_cuts_off_an_agent_that_thinks_for_ever() {
    let (_dir, store) = open_store();
    let started = arena::sign();
    let mut setup = Setup::with(Scripts::always(vec![noop(), Line::Think(started)]));
    setup.spec.limits.time_ms = 100;
    let arena = Arena::start(store, "p1", setup).await;
    let submission = arena.run().await;
    assert_eq!(submission.outcome, Some(Outcome::TimeLimit));
    assert_eq!(submission.score, Some(0.0));
    assert!(submission.duration_ms.expect("ended") >= 100);
}

#[tokio::test]
async fn what_is_forbidden_is_refused_recorded_and_ends_the_episode() {
    let (_dir, store) = open_store();
    let script = vec![goto("file:///etc/passwd"), answer("42")];
    let arena = Arena::start(store, "p1", Setup::with(Scripts::always(script))).await;
    let submission = arena.run().await;
    assert_eq!(submission.outcome, Some(Outcome::PolicyViolation));
    assert_eq!(submission.score, Some(0.0));
    let reason = submission.reason.expect("a reason");
    assert!(reason.contains("file:///etc/passwd"), "{reason}");
    let events = arena.events(submission.id).await;
    let violated = |body: &EventBody| matches!(body, EventBody::PolicyViolated { step: 1, .. });
    assert!(events.iter().any(|event| violated(&event.body)));
}

#[tokio::test]
async fn a_browser_that_goes_away_costs_an_attempt_and_not_the_agent() {
    let (_dir, store) = open_store();
    let mut setup = Setup::with(Scripts::always(vec![click("1"), answer("42")]));
    setup.browser = FakeBrowser::with_faults(pages(), 2, |page, call, times| {
        ((page, call, times) == (1, FakeCall::Observe, 2))
            .then(|| BrowserError::Gone("chromedriver exited with code 9".into()))
    });
    let arena = Arena::start(store, "p1", setup).await;
    let submission = arena.run().await;

    assert_eq!(submission.outcome, Some(Outcome::Passed));
    assert_eq!(submission.attempts, 2);
    let outcomes: Vec<_> = arena.episodes(submission.id).await;
    let outcomes: Vec<_> = outcomes.iter().map(|episode| episode.outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::InfraError), Some(Outcome::Passed)]);
    insta::assert_snapshot!(transcript(&arena.events(submission.id).await), @r#"
     1 episode 1 on real (simulated browser) at http://sites.test/: What is the answer?
     2 step 1: sees "Home" at http://sites.test/, 2 elements, picture: true
     3 step 1: decides click('1') on link "Answers"
     4 step 1: ok=true clicked link "Answers" -> http://sites.test/answers
     5 ended infra_error after 2 steps: the browser went away: chromedriver exited with code 9
     6 episode 2 on real (simulated browser) at http://sites.test/: What is the answer?
     7 step 1: sees "Home" at http://sites.test/, 2 elements, picture: true
     8 step 1: decides click('1') on link "Answers"
     9 step 1: ok=true clicked link "Answers" -> http://sites.test/answers
    10 step 2: sees "Answers" at http://sites.test/answers, 1 elements, picture: true
    11 step 2: decides send_msg_to_user('42')
    12 step 2: ends with answer "42"
    13 evaluated pass 1: every criterion is met
    14 ended passed after 2 steps: every criterion is met
    "#);
}

#[tokio::test]
async fn an_agent_that_kills_its_page_each_time_does_not_drop_out() {
    let unreadable = || BrowserError::Unreadable("half a character".into());
    let crashed = || BrowserError::Crashed;
    // Under the agent's hands it is the agent's doing, before that it is not.
    let cases: [(_, _, fn() -> BrowserError, _, _); 4] = [
        (FakeCall::Act, 1, crashed, Outcome::AgentError, Some(0.0)),
        (
            FakeCall::Observe,
            2,
            unreadable,
            Outcome::AgentError,
            Some(0.0),
        ),
        (FakeCall::Observe, 1, unreadable, Outcome::InfraError, None),
        (FakeCall::Observe, 1, crashed, Outcome::InfraError, None),
    ];
    for (planned, at, fault, outcome, score) in cases {
        let (_dir, store) = open_store();
        let mut setup = Setup::with(Scripts::always(vec![click("1"), answer("42")]));
        setup.browser = FakeBrowser::with_faults(pages(), 2, move |_, call, times| {
            (call == planned && times >= at).then(fault)
        });
        let arena = Arena::start(store, "p1", setup).await;
        let submission = arena.run().await;
        assert_eq!(submission.outcome, Some(outcome), "{planned:?}");
        assert_eq!(submission.score, score, "{planned:?}");
        assert_eq!(submission.attempts, 3, "{planned:?}");
    }
}

#[tokio::test]
async fn every_planned_fault_of_the_browser_is_survived() {
    for planned in [
        FakeCall::Open,
        FakeCall::Navigate,
        FakeCall::Observe,
        FakeCall::Screenshot,
        FakeCall::Act,
    ] {
        let (_dir, store) = open_store();
        let mut setup = Setup::with(Scripts::always(vec![click("1"), answer("42")]));
        setup.browser = FakeBrowser::with_faults(pages(), 2, move |page, call, _| {
            ((page, call) == (1, planned)).then(|| BrowserError::Timeout("planned".into()))
        });
        let arena = Arena::start(store, "p1", setup).await;
        let submission = arena.run().await;
        assert_eq!(submission.outcome, Some(Outcome::Passed), "{planned:?}");
        assert_eq!(submission.attempts, 2, "{planned:?}");
        assert_eq!(arena.playground.health().in_use, 0, "{planned:?}");
    }
}

#[tokio::test]
async fn a_page_that_does_not_close_does_not_touch_the_result() {
    let (_dir, store) = open_store();
    let mut setup = Setup::with(Scripts::always(vec![answer("42")]));
    setup.browser = FakeBrowser::with_faults(pages(), 2, |_, call, _| {
        (call == FakeCall::Close).then(|| BrowserError::Timeout("planned".into()))
    });
    let arena = Arena::start(store, "p1", setup).await;
    let submission = arena.run().await;
    assert_eq!(submission.outcome, Some(Outcome::Passed));
    assert_eq!(submission.attempts, 1);
}

#[tokio::test]
async fn a_provider_that_always_fails_leaves_the_submission_unscored_and_says_why() {
    let (_dir, store) = open_store();
    let fault = AgentFault::Provider {
        message: "it answered 500 four times; check the base URL and the key".into(),
        lasting: false,
        calls: vec![call(Some(500), None)],
    };
    let arena = Arena::start(
        store,
        "p1",
        Setup::with(Scripts::always(vec![Line::Fault(fault)])),
    )
    .await;
    let submission = arena.run().await;

    assert_eq!(submission.status, SubmissionStatus::Failed);
    assert_eq!(submission.outcome, Some(Outcome::InfraError));
    assert_eq!((submission.score, submission.attempts), (None, 3));
    assert_eq!(
        submission.reason.as_deref(),
        Some(
            "the model provider failed: it answered 500 four times; check the base URL and the \
             key (tried 3 times)"
        )
    );
    let id = submission.id;
    let calls = arena
        .store
        .read(move |db| llm_calls::of_submission(db, id, 10))
        .await
        .expect("readable");
    assert_eq!(calls.len(), 3, "every attempt's call is kept");
}

#[tokio::test]
async fn a_result_that_cannot_be_stored_ends_unscored_after_its_attempts() {
    let (_dir, store) = open_store();
    let broken = "CREATE TRIGGER broken BEFORE INSERT ON evaluation_results
        BEGIN SELECT RAISE(ABORT, 'no room for a result'); END";
    let breaking = store.write(move |tx| Ok(tx.execute_batch(broken)?));
    breaking.await.unwrap();
    let setup = Setup {
        infra_retries: 0,
        ..Setup::with(Scripts::always(vec![answer("42")]))
    };
    let arena = Arena::start(store, "p1", setup).await;
    let submission = arena.run().await;
    assert_eq!(submission.outcome, Some(Outcome::InfraError));
    assert_eq!((submission.score, submission.attempts), (None, 1));
    let reason = submission.reason.as_deref().unwrap();
    assert!(reason.contains("could not store"), "{reason}");
    let episodes = arena.episodes(submission.id).await;
    assert_eq!(episodes.len(), 1);
    assert!(episodes[0].ended_at.is_some());
    let ended = arena.events(submission.id).await;
    assert!(matches!(
        ended.last().map(|event| &event.body),
        Some(EventBody::EpisodeEnded {
            outcome: Outcome::InfraError,
            ..
        })
    ));
}

#[tokio::test]
async fn an_unreadable_agent_is_the_agents_own_failure() {
    let (_dir, store) = open_store();
    let fault = AgentFault::Unreadable {
        kind: AgentErrorKind::Unparsable,
        message: "no tool call".into(),
        calls: vec![call(Some(429), None), call(Some(200), Some(250))],
    };
    let arena = Arena::start(
        store,
        "p1",
        Setup::with(Scripts::always(vec![Line::Fault(fault)])),
    )
    .await;
    let submission = arena.run().await;
    assert_eq!(submission.outcome, Some(Outcome::AgentError));
    assert_eq!((submission.score, submission.attempts), (Some(0.0), 1));
    assert_eq!(
        (submission.model_calls, submission.cost_microusd),
        (2, Some(250)),
        "a refused request costs nothing, the other one what it says"
    );
}

#[tokio::test]
async fn an_unknown_price_is_never_booked_as_nothing() {
    let (_dir, store) = open_store();
    let fault = AgentFault::Unreadable {
        kind: AgentErrorKind::Unparsable,
        message: "no tool call".into(),
        calls: vec![call(Some(200), Some(250)), call(Some(200), None)],
    };
    let arena = Arena::start(
        store,
        "p1",
        Setup::with(Scripts::always(vec![Line::Fault(fault)])),
    )
    .await;
    assert_eq!(arena.run().await.cost_microusd, None);
}

#[tokio::test]
async fn a_panic_in_an_episode_is_a_fault_of_the_arena() {
    let (_dir, store) = open_store();
    let scripts = Scripts::by_episode(|episode| match episode {
        1 => vec![Line::Panic],
        _ => vec![answer("42")],
    });
    let arena = Arena::start(store, "p1", Setup::with(scripts)).await;
    let submission = arena.run().await;
    assert_eq!(submission.outcome, Some(Outcome::Passed));
    let first = arena.episodes(submission.id).await.remove(0);
    let reason = first.reason.expect("a reason");
    assert!(reason.contains("the script says so at step 1"), "{reason}");
}

#[tokio::test]
async fn a_waiting_submission_is_cancelled_and_never_runs() {
    let (_dir, store) = open_store();
    let arena = Arena::start(
        store,
        "p1",
        Setup::with(Scripts::always(vec![answer("42")])),
    )
    .await;
    let id = arena.submit().await;
    let by_owner = Canceller {
        user_id: arena.user,
        may_cancel_any: false,
    };
    let cancelled = arena.intake.cancel(id, by_owner).await.expect("cancelled");
    assert_eq!(cancelled.status, SubmissionStatus::Cancelled);
    within("running", arena.pool.run_until_idle()).await;
    assert_eq!(arena.submission(id).await, cancelled);
    assert!(arena.episodes(id).await.is_empty());

    let again = arena.intake.cancel(id, by_owner).await;
    assert!(
        matches!(again, Err(ArenaError::Conflict { .. })),
        "{again:?}"
    );
}

/// Breaks a rule, and says when it is told that the episode is over.
struct Offender {
    told: Arc<Semaphore>,
    go_on: Arc<Semaphore>,
}

#[async_trait]
impl Policy for Offender {
    async fn decide(&mut self, _: Turn<'_>) -> Result<Decision, AgentFault> {
        Ok(Decision {
            action: Action::Goto {
                url: "http://evil.test/".to_owned(),
            },
            reasoning: None,
            calls: Vec::new(),
        })
    }

    async fn close(&mut self) -> Option<String> {
        self.told.add_permits(1);
        let permit = self.go_on.acquire().await;
        permit.expect("the sign is never closed").forget();
        None
    }
}

#[async_trait]
impl PolicyFactory for Offender {
    async fn build(&self, _: PolicyRequest) -> Result<Box<dyn Policy>, PolicyError> {
        Ok(Box::new(Self {
            told: Arc::clone(&self.told),
            go_on: Arc::clone(&self.go_on),
        }))
    }
}

#[tokio::test]
async fn a_bad_end_that_the_agent_was_told_cannot_be_taken_back() {
    let (_dir, store) = open_store();
    let (told, go_on) = (arena::sign(), arena::sign());
    let offender = Arc::new(Offender {
        told: Arc::clone(&told),
        go_on: Arc::clone(&go_on),
    });
    let arena = Arena::start(store, "p1", Setup::with(offender)).await;
    let id = arena.submit().await;
    arena.pool.start();
    arena::thinking(&told).await;
    let by_owner = Canceller {
        user_id: arena.user,
        may_cancel_any: false,
    };
    let refused = arena.intake.cancel(id, by_owner).await;
    assert!(
        matches!(&refused, Err(ArenaError::Conflict { message }) if message.contains("is over")),
        "{refused:?}"
    );
    go_on.add_permits(1);
    within("stopping", arena.pool.stop()).await;
    let submission = arena.submission(id).await;
    assert_eq!(submission.outcome, Some(Outcome::PolicyViolation));
    assert_eq!(submission.score, Some(0.0));
}

#[tokio::test]
async fn a_running_submission_is_cancelled_at_once() {
    let (_dir, store) = open_store();
    let thinking = arena::sign();
    let script = vec![click("1"), Line::Think(Arc::clone(&thinking))];
    let arena = Arena::start(store, "p1", Setup::with(Scripts::always(script))).await;
    let mut queue = arena.hub.subscribe_queue();
    arena.pool.start();
    let id = arena.submit().await;
    arena::thinking(&thinking).await;

    let stranger = Canceller {
        user_id: arena::person(&arena.store, "eve").await,
        may_cancel_any: false,
    };
    let refused = arena.intake.cancel(id, stranger).await;
    assert!(
        matches!(refused, Err(ArenaError::NotFound { .. })),
        "{refused:?}"
    );

    let by_owner = Canceller {
        user_id: arena.user,
        may_cancel_any: false,
    };
    let cancelled = arena.intake.cancel(id, by_owner).await.expect("cancelled");
    assert_eq!(cancelled.outcome, Some(Outcome::Cancelled));
    within("the queue's news", async {
        while let Some(Delivery::Message(change)) = queue.next().await {
            if change.status == SubmissionStatus::Cancelled {
                break;
            }
        }
    })
    .await;
    within("stopping", arena.pool.stop()).await;
    assert_eq!(arena.submission(id).await, cancelled);
    let episode = arena.episodes(id).await.remove(0);
    assert_eq!(episode.outcome, Some(Outcome::Cancelled));
    let last = arena.events(id).await.pop().expect("events");
    assert!(matches!(last.body, EventBody::EpisodeEnded { .. }));
}

#[tokio::test]
async fn a_stopped_arena_queues_again_what_it_could_not_finish() {
    let (_dir, store) = open_store();
    let thinking = arena::sign();
    let sign = Arc::clone(&thinking);
    let scripts = Scripts::by_episode(move |_| vec![Line::Think(Arc::clone(&sign))]);
    let mut setup = Setup::with(scripts);
    setup.shutdown_grace_ms = 10;
    let arena = Arena::start(store.clone(), "p1", setup).await;
    arena.pool.start();
    let id = arena.submit().await;
    arena::thinking(&thinking).await;
    within("stopping", arena.pool.stop()).await;
    let stopped = arena.submission(id).await;
    assert_eq!(stopped.status, SubmissionStatus::Queued);
    let episode = arena.episodes(id).await.remove(0);
    assert_eq!(episode.outcome, Some(Outcome::InfraError));

    let setup = Setup::with(Scripts::always(vec![answer("42")]));
    let next = Arena::start(store, "p2", setup).await;
    within("running", next.pool.run_until_idle()).await;
    assert_eq!(next.submission(id).await.outcome, Some(Outcome::Passed));
}

#[test]
fn a_crash_in_the_middle_loses_nothing_and_ends_nothing_twice() {
    let (dir, store) = open_store();
    let runtime = || tokio::runtime::Runtime::new().expect("a runtime");
    let first = runtime();
    let ids = first.block_on(async {
        let thinking = arena::sign();
        let script = vec![click("1"), Line::Think(Arc::clone(&thinking))];
        let arena = Arena::start(store, "p1", Setup::with(Scripts::always(script))).await;
        arena.pool.start();
        let mut ids = Vec::new();
        for _ in 0..5 {
            ids.push(arena.submit().await);
        }
        arena::thinking(&thinking).await;
        arena::thinking(&thinking).await;
        ids
    });
    // Everything stops where it stands, as when the process is killed.
    first.shutdown_timeout(Duration::from_secs(5));

    runtime().block_on(async {
        let store = arena::reopen(dir.path());
        let setup = Setup::with(Scripts::always(vec![answer("42")]));
        let arena = Arena::start(store, "p2", setup).await;
        let mut interrupted = 0;
        within("running", arena.pool.run_until_idle()).await;
        for id in ids {
            let submission = arena.submission(id).await;
            assert_eq!(submission.outcome, Some(Outcome::Passed));
            let episodes = arena.episodes(id).await;
            let ended = episodes.iter().filter(|episode| episode.ended_at.is_some());
            assert_eq!(ended.count(), episodes.len(), "no episode stays open");
            interrupted += episodes.len() - 1;
            let events = arena.events(id).await;
            let verdicts = events
                .iter()
                .filter(|event| matches!(event.body, EventBody::Evaluated { .. }));
            assert_eq!(verdicts.count(), 1, "evaluated exactly once");
        }
        assert_eq!(interrupted, 2);
        let again = recover::recover(&arena.store, "p3").await.expect("recover");
        assert_eq!(again, recover::Recovered::default());
    });
}

#[tokio::test]
async fn submissions_wait_while_the_playground_is_not_healthy() {
    let (_dir, store) = open_store();
    let browser = FakeBrowser::new(pages(), 2);
    browser.set_problem("no browser was found; install chromium-headless-shell");
    let mut setup = Setup::with(Scripts::always(vec![answer("42")]));
    setup.browser = browser.clone();
    let arena = Arena::start(store, "p1", setup).await;
    let mut queue = arena.hub.subscribe_queue();
    let id = arena.submit().await;
    within("looking", arena.pool.run_until_idle()).await;
    assert_eq!(arena.submission(id).await.status, SubmissionStatus::Queued);
    assert_eq!(browser.opened(), 0);

    arena.pool.start();
    let monitor = PlaygroundMonitor::start(
        Arc::clone(&arena.playground),
        arena.pool.clone(),
        Duration::from_millis(5),
    );
    assert!(monitor.current().problem.contains("install"));
    browser.set_problem("");
    within("waking", async {
        while let Some(Delivery::Message(change)) = queue.next().await {
            if change.status == SubmissionStatus::Completed {
                break;
            }
        }
    })
    .await;
    assert!(monitor.current().ok);
    within("stopping", arena.pool.stop()).await;
}

#[tokio::test]
async fn a_simulated_result_is_marked_and_not_ranked() {
    let (_dir, store) = open_store();
    let mut setup = Setup::with(Scripts::always(vec![answer("42")]));
    setup.kind = PlaygroundKind::Mock;
    let arena = Arena::start(store, "p1", setup).await;
    let submission = arena.run().await;
    assert_eq!(submission.playground, PlaygroundKind::Mock);
    assert_eq!(submission.outcome, Some(Outcome::Passed));
    let standings = agentarena::arena::leaderboard::of_task(
        &arena.store,
        submission.task_id,
        agentarena::domain::page::PageRequest::default(),
    );
    assert!(standings.await.expect("readable").items.is_empty());
}

#[tokio::test]
async fn what_was_submitted_for_a_real_browser_never_falls_back_to_the_mock() {
    let (_dir, store) = open_store();
    let script = || Scripts::always(vec![answer("42")]);
    let arena = Arena::start(store.clone(), "p1", Setup::with(script())).await;
    let id = arena.submit().await;
    let mut setup = Setup::with(script());
    setup.kind = PlaygroundKind::Mock;
    let mock = Arena::start(store, "p2", setup).await;
    within("looking", mock.pool.run_until_idle()).await;
    assert_eq!(mock.submission(id).await.status, SubmissionStatus::Queued);
}

#[tokio::test]
async fn watchers_see_every_event_once_it_is_stored() {
    let (_dir, store) = open_store();
    let script = vec![click("1"), answer("42")];
    let arena = Arena::start(store, "p1", Setup::with(Scripts::always(script))).await;
    let id = arena.submit().await;
    let mut watcher = arena.hub.subscribe(id);
    arena.pool.start();
    let mut seen = Vec::new();
    within("watching", async {
        while let Some(Delivery::Message(event)) = watcher.next().await {
            let stored = arena
                .store
                .read(move |db| episodes::last_seq(db, id))
                .await
                .expect("readable");
            assert!(event.seq <= stored, "published before it was stored");
            let over = matches!(event.body, EventBody::EpisodeEnded { .. });
            seen.push((*event).clone());
            if over {
                break;
            }
        }
    })
    .await;
    assert_eq!(seen, arena.events(id).await);
    within("stopping", arena.pool.stop()).await;
}

#[tokio::test]
async fn a_repeated_request_gets_the_same_submission_and_another_one_a_conflict() {
    let (_dir, store) = open_store();
    let arena = Arena::start(store, "p1", Setup::with(Scripts::always(Vec::new()))).await;
    let request = Submit {
        idempotency_key: Some("k-1".into()),
        ..arena.request()
    };
    let first = arena
        .intake
        .submit(request.clone())
        .await
        .expect("accepted");
    let repeat = arena
        .intake
        .submit(request.clone())
        .await
        .expect("accepted");
    assert_eq!(
        (first.repeated, repeat.repeated, first.submission.id),
        (false, true, repeat.submission.id)
    );
    let other = Submit { seed: 8, ..request };
    let refused = arena.intake.submit(other).await;
    assert!(
        matches!(refused, Err(ArenaError::Conflict { .. })),
        "{refused:?}"
    );
    let counts = arena.store.read(jobs::counts).await.expect("readable");
    assert_eq!(counts.queued, 1);
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_back() {
    let (_dir, store) = open_store();
    let mut setup = Setup::with(Scripts::always(Vec::new()));
    setup.queue_limit = 2;
    let arena = Arena::start(store, "p1", setup).await;
    let both = vec![arena.request(), arena.request()];
    arena.intake.submit_all(both).await.expect("room for two");
    let refused = arena.intake.submit(arena.request()).await;
    assert!(
        matches!(refused, Err(ArenaError::QueueFull { limit: 2, retry_after_s }) if retry_after_s > 0),
        "{refused:?}"
    );
}
