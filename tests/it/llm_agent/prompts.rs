//! The prompts themselves, as a model reads them.

use agentarena::agents::llm::prompts::Prompts;
use agentarena::agents::{Turn, llm};
use agentarena::domain::observation::Observation;
use serde_json::json;

use super::{Stage, calls, config, says, shop, text_of};

#[tokio::test]
async fn a_plain_agent_is_told_the_rules_the_goal_its_steps_and_the_page() {
    let click = || calls("click", &json!({ "bid": "13" }));
    let mut stage = Stage::new(json!({ "systemPrompt": "Be brief." }), [click(), click()]);
    stage.turn(&shop(0)).await.unwrap();
    stage.turn(&shop(1)).await.unwrap();
    let asked = stage.asked();
    insta::assert_snapshot!("plain_instructions", asked[0].system);
    insta::assert_snapshot!("plain_turn", text_of(&asked[1]));
    assert_eq!(asked[0].tools, asked[1].tools);
    assert!(asked[0].tools.iter().any(|tool| tool.name == "click"));
}

#[tokio::test]
async fn an_agent_with_everything_is_told_of_everything() {
    let settings = json!({ "actions": "text", "plan": true, "think": true, "memory": "full",
        "observation": "diff", "screenshot": "none" });
    let act = "<think>The third.</think>\n```\nclick('13')\n```";
    let replies = [
        says("1. Find it\n2. Add it"),
        says(act),
        says(act),
        says(act),
    ];
    let mut stage = Stage::new(settings, replies);
    stage.turn(&shop(0)).await.unwrap();
    stage.turn(&shop(1)).await.unwrap();
    let elsewhere = Observation {
        url: "http://sites.test/basket".to_owned(),
        ..shop(2)
    };
    stage.turn(&elsewhere).await.unwrap();
    let asked = stage.asked();
    assert!(asked.iter().all(|request| request.tools.is_empty()));
    insta::assert_snapshot!("full_instructions", asked[1].system);
    insta::assert_snapshot!("plan_request", text_of(&asked[0]));
    insta::assert_snapshot!("full_turn", text_of(&asked[3]));
}

#[test]
fn a_request_and_a_reply_can_be_made_and_read_alone() {
    let config = config(json!({ "actions": "text" }));
    let page = shop(0);
    let turn = Turn {
        step: 1,
        max_steps: 1,
        preamble: "",
        goal: "Go.",
        fields: &[("Size".to_owned(), "3 litres".to_owned())],
        observation: &page,
        screenshot: None,
        history: &[],
    };
    let request = llm::request_for(&config, &Prompts::default(), &turn).unwrap();
    assert!(
        text_of(&request).contains("- Size: 3 litres"),
        "{request:?}"
    );
    assert!(text_of(&request).contains("[13] button"), "{request:?}");
    let reading = llm::read_reply(&config, &page, &says("click('13')").unwrap()).unwrap();
    assert_eq!(reading.action.to_string(), "click('13')");
    let problem = llm::read_reply(&config, &page, &says("click('99')").unwrap()).unwrap_err();
    assert!(problem.told.contains("99"), "{}", problem.told);
}

#[tokio::test]
async fn the_operators_prompts_take_the_place_of_the_arenas_own() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("turn.txt"),
        "{{history}}\n\nDo this: {{goal}}\n\n{{page}}\n",
    )
    .unwrap();
    let prompts = Prompts::with_folder(dir.path()).unwrap();
    let mut stage = Stage::with_prompts(json!({}), [says("go_back()")], prompts);
    stage.turn(&shop(0)).await.unwrap();
    let text = stage.last_text();
    assert!(text.starts_with("Do this: Put the kettle"), "{text}");
}
