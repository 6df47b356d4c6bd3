//! The bundled tasks: their files, their draws, their near misses, and their solutions in a real
//! browser.

use std::net::TcpListener;
use std::sync::Arc;

use agentarena::agents::builtin::Oracle;
use agentarena::agents::{PastStep, Policy, Turn};

use agentarena::browser::{Browser, BrowserOptions, WebDriverBrowser};
use agentarena::domain::action::Action;
use agentarena::domain::evidence::Ending;
use agentarena::domain::task::TaskSpec;
use agentarena::domain::verdict::{Verdict, VerdictStatus};
use agentarena::environments::Environments;
use agentarena::environments::site::SiteEnvironments;
use agentarena::evaluators::evaluate;
use agentarena::sites::{self, SiteRuns, listener, tasks};
use futures_util::{StreamExt, stream};

#[test]
fn the_check_finds_nothing_wrong_with_the_bundled_tasks_in_any_world() {
    let mut problems = Vec::new();
    for world in 1..=3 {
        let report = tasks::check(evaluate, world).unwrap();
        let of_world = report.problems().into_iter();
        problems.extend(of_world.map(|problem| format!("world {world}: {problem}")));
        let named = report.tasks.iter().filter(|task| task.key != "-");
        assert_eq!(named.count(), tasks::public_instances().len());
        let public = report.tasks.iter().any(|task| task.key == "shop-001");
        assert_eq!(public, world == 1);
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn rendering_the_bundled_tasks_twice_gives_the_same() {
    assert_eq!(
        sites::bundled_tasks().unwrap(),
        sites::bundled_tasks().unwrap()
    );
}

/// Plays a task's solution; answers the verdict and the number of steps, or where it stuck.
async fn play(
    browser: &dyn Browser,
    environments: &dyn Environments,
    task: &TaskSpec,
) -> Result<(Verdict, u32), String> {
    let text = |problem: &dyn std::fmt::Display| problem.to_string();
    let mut place = environments
        .prepare(&task.environment)
        .await
        .map_err(|e| text(&e))?;
    let viewport = task.environment.viewport();
    let page = browser.open(place.policy(), viewport).await;
    let mut page = page.map_err(|e| text(&e))?;
    page.navigate(place.entry_url())
        .await
        .map_err(|e| text(&e))?;
    let mut oracle = Oracle::new(&task.solution).map_err(|e| text(&e))?;
    let mut history: Vec<PastStep> = Vec::new();
    let mut step = 0;
    let ending = loop {
        step += 1;
        let observation = page.observe().await.map_err(|e| text(&e))?;
        let turn = Turn {
            fields: &[],
            step,
            max_steps: task.limits.steps,
            preamble: "",
            goal: &task.goal,
            observation: &observation,
            screenshot: None,
            history: &history,
        };
        let decision = oracle
            .decide(turn)
            .await
            .map_err(|fault| format!("{fault}\n{}", observation.tree_text()))?;
        match &decision.action {
            Action::SendMsgToUser { text } => break Ending::Answer(text.clone()),
            Action::ReportInfeasible { reason } => break Ending::Infeasible(reason.clone()),
            _ => {}
        }
        let result = page.act(&decision.action).await.map_err(|e| text(&e))?;
        history.push(PastStep {
            url: observation.url.clone(),
            action: decision.action,
            reasoning: decision.reasoning,
            ok: result.ok,
            message: result.message,
        });
    };
    let url = page.observe().await.map_err(|e| text(&e))?.url;
    let mut evidence = place.evidence(Some(&url)).await.map_err(|e| text(&e))?;
    evidence.ending = Some(ending);
    page.close().await.map_err(|e| text(&e))?;
    place.dispose().await;
    Ok((evaluate(task, &evidence), step))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_solution_passes_in_a_real_browser() {
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", socket.local_addr().unwrap());
    let runs = Arc::new(SiteRuns::new());
    let server = listener(
        Arc::clone(&runs),
        crate::support::data::no_library(),
        socket,
    )
    .unwrap();
    let handle = server.handle();
    let serving = tokio::spawn(server);
    let environments = SiteEnvironments::new(runs, origin);
    let profiles = tempfile::tempdir().unwrap();
    let options = BrowserOptions::new(profiles.path());
    let at_once = options.capacity;
    let browser = WebDriverBrowser::start(options);
    // `AGENTARENA_TASKS=wiki-` plays those tasks alone whose key begins so.
    let only = std::env::var("AGENTARENA_TASKS").unwrap_or_default();
    let tasks = sites::bundled_tasks().unwrap().into_iter();
    let problems: Vec<String> = stream::iter(tasks.filter(|task| task.key.starts_with(&only)))
        .map(|task| {
            let (browser, environments) = (browser.as_ref(), &environments);
            async move {
                let problem = match play(browser, environments, &task.spec).await {
                    Ok((verdict, _)) if verdict.status != VerdictStatus::Pass => verdict.summary,
                    Ok((_, steps)) if steps * 5 > task.spec.limits.steps * 2 => {
                        format!("takes {steps} of {} steps", task.spec.limits.steps)
                    }
                    Ok(_) => return None,
                    Err(problem) => problem,
                };
                Some(format!("{} {}: {problem}", task.key, task.spec.template))
            }
        })
        .buffer_unordered(at_once)
        .filter_map(|problem| async { problem })
        .collect()
        .await;
    browser.shutdown().await;
    handle.stop(true).await;
    serving.await.unwrap().unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
