//! A short episode with invented pages for a foreign agent, to see whether it keeps to the
//! protocol before it meets a browser. Says nothing about how well it decides.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::agents::foreign::protocol::{Message, TurnMessage, read_reply};
use crate::agents::foreign::{Channel, Fault};
use crate::agents::{PastStep, Turn};
use crate::domain::action::Action;
use crate::domain::observation::{Node, Observation, Tab};

/// Elements on the large page.
const LARGE: usize = 5_000;

/// A PNG of one pixel, for agents that get pictures.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4,
    0x89, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xff, 0xff, 0xff,
    0x7f, 0x00, 0x09, 0xfb, 0x03, 0xfd, 0x05, 0x43, 0x45, 0xca, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45,
    0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// Most steps of the rehearsal, which its last turn is at.
const STEPS: u32 = 7;

/// What one part of the rehearsal came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What was tried.
    pub what: &'static str,
    /// The action that came back, or what was wrong.
    pub result: Result<String, String>,
    /// How long the reply took.
    pub took: Duration,
}

/// One turn of the rehearsal.
struct Scene {
    what: &'static str,
    page: Observation,
    /// Whether the action before was carried out, and what was said of it; none at the beginning.
    before: Option<(bool, &'static str)>,
    /// Why the last reply to this turn was no action.
    error: Option<&'static str>,
    /// Whether the message holds fields that this version does not have.
    strange: bool,
}

/// What was done wrong beside the replies, after the end, each as a finding.
pub fn manners(faults: Vec<Fault>) -> Vec<Finding> {
    let (mut surplus, mut end) = (Ok(String::new()), Ok(String::new()));
    for fault in faults {
        match fault {
            Fault::Surplus(why) => surplus = Err(why),
            Fault::End(why) => end = Err(why),
        }
    }
    let finding = |what, result| Finding {
        what,
        result,
        took: Duration::ZERO,
    };
    vec![
        finding("one reply for each turn, and no more", surplus),
        finding("the end of the episode", end),
    ]
}

/// Plays the rehearsal on a way to the agent. After a turn without reply nothing more is asked.
pub async fn rehearse(channel: &mut dyn Channel, episode: &str, pictures: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (n, scene) in (1..).zip(scenes()) {
        let finding = play(channel, episode, pictures, n, &scene).await;
        let silent = matches!(&finding, Err(finding) if finding.result.is_err());
        findings.push(match finding {
            Ok(finding) | Err(finding) => finding,
        });
        if silent {
            break;
        }
    }
    findings
}

/// Plays only the first turn.
pub async fn first_reply(channel: &mut dyn Channel, episode: &str) -> Finding {
    let scene = &scenes()[0];
    match play(channel, episode, false, 1, scene).await {
        Ok(finding) | Err(finding) => finding,
    }
}

/// Plays one turn. The error is a turn that brought no reply at all.
async fn play(
    channel: &mut dyn Channel,
    episode: &str,
    pictures: bool,
    step: u32,
    scene: &Scene,
) -> Result<Finding, Finding> {
    let history: Vec<PastStep> = scene
        .before
        .map(|(ok, message)| PastStep {
            url: scene.page.url.clone(),
            action: Action::Noop { wait_ms: 0 },
            reasoning: None,
            ok,
            message: message.to_owned(),
        })
        .into_iter()
        .collect();
    let turn = Turn {
        step,
        max_steps: STEPS,
        preamble: "This is a rehearsal: the pages are invented, and nothing is scored.",
        goal: "Open the order of 3 March, then answer with its total.",
        fields: &[],
        observation: &scene.page,
        screenshot: pictures.then_some(PIXEL),
        history: &history,
    };
    let begun = Instant::now();
    let finding = |result| Finding {
        what: scene.what,
        result,
        took: begun.elapsed(),
    };
    let message = Message::Turn(Box::new(TurnMessage::new(episode, &turn, scene.error))).to_line();
    let message = message.and_then(|message| with_strangers(message, scene.strange));
    let message = message.map_err(|error| finding(Err(error.to_string())))?;
    let reply = channel.ask(&message).await;
    let reply = reply.map_err(|error| finding(Err(error.to_string())))?;
    Ok(finding(
        read_reply(&reply).map(|(action, _)| action.to_string()),
    ))
}

/// The message, with fields of a later version where the scene wants them.
fn with_strangers(message: String, strange: bool) -> Result<String, serde_json::Error> {
    if !strange {
        return Ok(message);
    }
    let mut message: Value = serde_json::from_str(&message)?;
    message["added_later"] = json!({"by": ["a", "later", "version"]});
    message["observation"]["added_later"] = Value::Null;
    if let Some(nodes) = message["observation"]["nodes"].as_array_mut() {
        for node in nodes {
            node["added_later"] = json!(1.5);
        }
    }
    Ok(message.to_string())
}

fn scenes() -> Vec<Scene> {
    let orders = || {
        page(
            "Orders",
            vec![link("1", "Order of 3 March"), link("2", "Sign out")],
        )
    };
    let large = (0..LARGE).map(|n| link(&n.to_string(), &format!("Zeile {n} · 東京 \u{1f4e6}")));
    let scene = |what, page, before| Scene {
        what,
        page,
        before,
        error: None,
        strange: false,
    };
    let went_back = Some((true, "went back"));
    vec![
        scene("the first turn", orders(), None),
        scene(
            "a turn after an action that failed",
            orders(),
            Some((
                false,
                "there is no element [99]; take an id of the newest page",
            )),
        ),
        scene(
            "a page without any element",
            page("", Vec::new()),
            Some((true, "clicked [1] link \"Order of 3 March\"")),
        ),
        scene(
            "a page of 5,000 elements, not all in ASCII",
            page("Bestellung \u{201e}März\u{201c}", large.collect()),
            went_back,
        ),
        Scene {
            error: Some("this is part of the rehearsal: reply with any action"),
            ..scene(
                "being told that the last reply was no action",
                orders(),
                went_back,
            )
        },
        Scene {
            strange: true,
            ..scene("fields of a later version", orders(), went_back)
        },
        scene("the last step", orders(), went_back),
    ]
}

fn page(title: &str, nodes: Vec<Node>) -> Observation {
    let url = "http://127.0.0.1/rehearsal".to_owned();
    Observation {
        tabs: vec![Tab {
            title: title.to_owned(),
            url: url.clone(),
            active: true,
        }],
        url,
        title: title.to_owned(),
        nodes,
        ..Observation::default()
    }
}

fn link(bid: &str, name: &str) -> Node {
    Node {
        bid: Some(bid.to_owned()),
        role: "link".to_owned(),
        name: name.to_owned(),
        bbox: Some([8.0, 8.0, 120.0, 18.0]),
        in_view: true,
        ..Node::default()
    }
}
