//! Recorded goals, fields and rewards of the reference implementations. The recordings are no part
//! of the repository; where they are absent, these tests say so and pass.

use std::path::Path;

use agentarena::domain::action::Action;
use agentarena::domain::evidence::PageReward;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::ground::{Entered, Ground};

const PAGES: usize = 2;

/// The recorded cases of a file; none when the folder is absent.
fn cases(file: &str) -> Option<Vec<Value>> {
    let folder = std::env::var_os("AGENTARENA_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance"),
        Into::into,
    );
    let path = folder.join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    let cases: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a case"))
        .collect();
    assert!(!cases.is_empty(), "{} is empty", path.display());
    Some(cases)
}

async fn check_all(cases: Vec<Value>, check: impl AsyncFn(&Ground, &Value) -> Vec<String>) {
    let ground = Ground::start(PAGES).await;
    let failures: Vec<String> = stream::iter(&cases)
        .map(async |case| {
            let problems = check(&ground, case).await;
            let id = format!("{} {}", case["id"], case["task"]);
            problems
                .into_iter()
                .map(move |problem| format!("{id}: {problem}"))
        })
        .buffer_unordered(PAGES)
        .flat_map(stream::iter)
        .collect()
        .await;
    ground.stop().await;
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn text(case: &Value, key: &str) -> String {
    case[key].as_str().expect("a text").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn extra_the_recorded_goals_and_fields_of_shared_conformance() {
    let Some(cases) = cases("miniwob_goals.jsonl") else {
        return;
    };
    check_all(cases, async |ground, case| {
        let seed = case["js_seed"].as_u64().expect("a seed");
        let entered = ground.enter(&text(case, "task"), seed).await;
        let mut problems = Vec::new();
        let goal = entered.instruction.goal.clone().unwrap_or_default();
        if goal != text(case, "expected_goal") {
            problems.push(format!(
                "goal {goal:?} instead of {}",
                case["expected_goal"]
            ));
        }
        let fields = json!(entered.instruction.fields);
        if fields != case["expected_fields"] {
            problems.push(format!(
                "fields {fields} instead of {}",
                case["expected_fields"]
            ));
        }
        entered.close().await;
        problems
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn extra_the_recorded_rewards_of_shared_conformance() {
    let Some(cases) = cases("miniwob_episodes.jsonl") else {
        return;
    };
    check_all(cases, async |ground, case| {
        let seed = case["js_seed"].as_u64().expect("a seed");
        let mut entered = ground.enter(&text(case, "task"), seed).await;
        for step in case["steps"].as_array().expect("steps") {
            play(&mut entered, step).await;
        }
        let reward = entered.reward().await;
        let mut problems = compare(case, &reward, entered.over.is_some());
        let goal = entered.instruction.goal.clone().unwrap_or_default();
        if goal != text(case, "goal") {
            problems.push(format!("goal {goal:?} instead of {}", case["goal"]));
        }
        entered.close().await;
        problems
    })
    .await;
}

async fn play(entered: &mut Entered, step: &Value) {
    let text = |key: &str| text(step, key);
    match step["op"].as_str().expect("an operation") {
        "click" => entered.click(&text("selector")).await,
        "fill" => {
            let (selector, value) = (&step["selector"], text("value"));
            let focus = format!("document.querySelector({selector}).select()");
            entered.page.evaluate(&focus).await.expect("focus");
            entered
                .act(Action::KeyboardInsertText { text: value })
                .await;
        }
        "select" => {
            let (selector, label) = (&step["selector"], &step["label"]);
            let choose = format!(
                "(list => {{ list.value = [...list.options].find(o => o.label === {label}).value; \
                 list.dispatchEvent(new Event('input', {{bubbles: true}})); \
                 list.dispatchEvent(new Event('change', {{bubbles: true}})); }})\
                 (document.querySelector({selector}))"
            );
            entered.script(&choose).await;
        }
        "js" => {
            entered
                .script(&format!("{{ {}; undefined }}", text("code")))
                .await;
        }
        "wait" => {
            let wait_ms = step["ms"].as_u64().expect("milliseconds");
            entered.act(Action::Noop { wait_ms }).await;
        }
        "goto_fragment" => {
            let url = format!("{}#{}", entered.place.start_url(), text("value"));
            entered.act(Action::Goto { url }).await;
        }
        "new_tab" => {
            entered.act(Action::NewTab).await;
        }
        other => panic!("the operation `{other}` is not known here"),
    }
}

fn compare(case: &Value, reward: &PageReward, over: bool) -> Vec<String> {
    let expected = &case["expected"];
    let tolerance = case["env_reward_tolerance"].as_f64().unwrap_or(0.0);
    let mut problems = Vec::new();
    let mut number = |what: &str, value: f64, tolerance: f64| {
        let wanted = expected[what].as_f64().expect("a number");
        if (value - wanted).abs() > tolerance {
            problems.push(format!("{what} {value} instead of {wanted}"));
        }
    };
    let counts = reward.void.is_none();
    let sign = |met: bool| match (reward.done, met) {
        (false, _) => 0.0,
        (true, true) => 1.0,
        (true, false) => -1.0,
    };
    number("raw_reward", reward.raw, 0.0);
    number("env_reward", reward.env, tolerance);
    number("episode_id", f64::from(reward.episode_id), 0.0);
    number("binary_reward", sign(reward.raw >= 1.0), 0.0);
    number("thresholded_0_5", sign(reward.raw >= 0.5), 0.0);
    number(
        "browsergym_reward",
        f64::from(u8::from(counts && reward.raw > 0.0)),
        0.0,
    );
    if reward.done != expected["done"] {
        problems.push(format!(
            "done {} instead of {}",
            reward.done, expected["done"]
        ));
    }
    if json!(reward.reason) != expected["reason"] {
        problems.push(format!(
            "reason {:?} instead of {}",
            reward.reason, expected["reason"]
        ));
    }
    // A second start is the one thing that ends an episode here and not in BrowserGym.
    let restarted = reward.void.as_deref() == Some("the task was started a second time");
    if over != expected["browsergym_done"] && !restarted {
        problems.push(format!(
            "over {over} instead of {}",
            expected["browsergym_done"]
        ));
    }
    problems
}
