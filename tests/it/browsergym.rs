//! Agents of the BrowserGym ecosystem: AgentLab's own GenericAgent, unchanged, over the adapter.

use std::process::Stdio;

use agentarena::domain::agent::RemoteConfig;
use agentarena::domain::outcome::{Outcome, PlaygroundKind};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::support::playing::{Playing, file, python};

#[tokio::test]
async fn agentlabs_generic_agent_passes_a_task_in_a_real_browser() {
    let mut playing = Playing::start(PlaygroundKind::Real, |_| {}).await;
    let config = RemoteConfig {
        screenshots: true,
        ..RemoteConfig::default()
    };
    let (agent, token) = playing.remote("generic", config).await;
    // The ids come from the prompt: the page has reached the model through AgentLab's own reader.
    let script = json!([
        "fill({searchbox 'Search the shop'}, 'Kelda Umber S22 Saucepan')",
        "click('no such element')",
        "click({button 'Search'})",
        "click({link 'Kelda Umber S22 Saucepan'})",
        "send_msg_to_user('144.40 USD')",
    ]);
    let mut model = tokio::process::Command::new("python3")
        .arg(file("tests/clients/scripted_model.py"))
        .arg(script.to_string())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(model.stdout.take().unwrap()).lines();
    let port = lines.next_line().await.unwrap().expect("its port");

    let adapter = tokio::process::Command::new(python("browsergym"))
        .arg(file("examples/browsergym/adapter.py"))
        .arg(playing.app.web_url())
        .arg("agentlab_agent:AGENT")
        .env("TOKEN", token)
        .env("PYTHONPATH", file("tests/clients"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("OPENAI_BASE_URL", format!("http://127.0.0.1:{port}/v1"))
        .env("OPENAI_API_KEY", "not needed")
        // Else it asks the internet for prices before it begins.
        .env("LITELLM_LOCAL_MODEL_COST_MAP", "True")
        .current_dir(playing.dir.path())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let submission = playing.submit(&agent, "shop-001").await;
    let (outcome, stored) = playing.ended(submission).await;
    assert_eq!(outcome, Outcome::Passed, "{:?}", stored.reason);
    assert_eq!(stored.steps, Some(5));
    drop((adapter, model));
    playing.app.stop().await.unwrap();
}
