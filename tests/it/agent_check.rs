//! Trying somebody's agent before it meets a browser: what `agents check` finds, and that the
//! examples keep to the protocol.

use agentarena::agents::foreign::command::Program;
use agentarena::agents::foreign::rehearsal::rehearse;
use agentarena::agents::foreign::{Channel as _, Fault};
use agentarena::vault::webhook::SigningSecret;
use serde_json::Value;

use crate::foreign::{CLICK, example, options};
use crate::support::playing::file;
use crate::support::process::{output, text};
use crate::support::webhook::{Answer, WebhookServer};

#[test]
fn the_examples_keep_to_the_protocol_and_are_short() {
    let dir = tempfile::tempdir().unwrap();
    for (program, path) in [
        ("python3", "examples/command_agent.py"),
        ("bash", "examples/command_agent.sh"),
        ("node", "target/clients/ts/command_agent.js"),
    ] {
        let name = path.rsplit('/').next().unwrap().replace(".js", ".ts");
        let lines = std::fs::read_to_string(example(&name))
            .unwrap()
            .lines()
            .count();
        assert!(lines <= 40, "{name} has {lines} lines");
        let path = file(path).display().to_string();
        let command = format!("{program} '{path}'");
        let checked = output(
            dir.path(),
            &["agents", "check", "--cmd", &command, "--json"],
        );
        assert!(
            checked.status.success(),
            "{name}: {}",
            text(&checked.stdout)
        );
        let found: Value = serde_json::from_slice(&checked.stdout).unwrap();
        assert_eq!(found["checks"].as_array().unwrap().len(), 10, "{found}");
    }
}

#[test]
fn a_check_names_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let checked = output(
        dir.path(),
        &[
            "agents",
            "check",
            "--cmd",
            "bash -c 'read x; echo {}; sleep 60'",
        ],
    );
    assert_eq!(checked.status.code(), Some(1));
    let said = text(&checked.stdout);
    assert!(
        said.contains("FAILED") && said.contains("neither `action`"),
        "{said}"
    );
    let both = output(
        dir.path(),
        &["agents", "check", "--cmd", "x", "--url", "http://x"],
    );
    assert_eq!(both.status.code(), Some(2));
}

#[tokio::test]
async fn a_check_finds_a_webhook_that_takes_wrong_signatures_and_not_the_end() {
    // Seven turns of each episode, the end of the one beside, and the wrong signature; then the end.
    let script = std::iter::repeat_n(Answer::Reply(CLICK.to_owned()), 16);
    let server = WebhookServer::start(script, Answer::Status(500)).await;
    let dir = tempfile::tempdir().unwrap();
    let secret = SigningSecret::new(b"secret".to_vec()).reveal();
    let (folder, url) = (dir.path().to_owned(), server.url.clone());
    let checked = tokio::task::spawn_blocking(move || {
        let arguments = [
            "agents", "check", "--url", &url, "--secret", &secret, "--json",
        ];
        output(&folder, &arguments)
    });
    let checked = checked.await.unwrap();
    assert_eq!(checked.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&checked.stdout).unwrap();
    let of = |part: &str| {
        let rows = found["checks"].as_array().unwrap();
        let row = rows
            .iter()
            .find(|row| row["check"].as_str().unwrap().contains(part));
        row.unwrap_or_else(|| panic!("no `{part}`: {found}"))["error"].clone()
    };
    assert!(of("wrong signature").as_str().unwrap().contains("anybody"));
    assert!(of("the end").as_str().unwrap().contains("200 or 204"));
}

#[tokio::test]
async fn a_reply_before_its_turn_is_left_out_and_told() {
    let twice =
        format!("while read -r turn; do echo '{CLICK}'; echo '{{\"action\": \"noop()\"}}'; done");
    let command = ["bash", "-c", &twice].map(str::to_owned);
    let mut way = Program::start(&command, &options(20)).unwrap();
    let findings = rehearse(&mut way, "episode-1", false).await;
    assert!(findings.iter().all(|finding| finding.result.is_ok()));
    let log = way.close(r#"{"type":"end"}"#).await.unwrap();
    assert!(log.contains("nobody had asked"), "{log}");
    let faults = way.faults();
    assert!(
        matches!(&faults[..], [Fault::Surplus(why)] if why.contains("exactly one")),
        "{faults:?}"
    );
}

#[tokio::test]
async fn a_program_that_does_not_end_is_told_so() {
    let stubborn = format!("read -r turn; echo '{CLICK}'; while true; do sleep 600; done");
    let command = ["bash", "-c", &stubborn].map(str::to_owned);
    let mut way = Program::start(&command, &options(20)).unwrap();
    way.ask(r#"{"type":"turn"}"#).await.unwrap();
    way.close(r#"{"type":"end"}"#).await;
    let faults = way.faults();
    assert!(
        matches!(&faults[..], [Fault::End(why)] if why.contains("was killed")),
        "{faults:?}"
    );
}
