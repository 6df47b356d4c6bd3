//! The messages between the arena and a foreign agent, version 1. Names are in snake case, as in
//! observations. The schema in `docs/agent-protocol.schema.json` is made from these types.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::agents::Turn;
use crate::agents::foreign::models::ModelProxy;
use crate::domain::action::{self, Action};
use crate::domain::observation::Observation;

/// Version of the messages. A change that an agent could notice makes a new one.
pub const PROTOCOL_VERSION: u32 = 1;

/// Most characters of an agent's own words that are kept.
const MAX_REASONING: usize = 10_000;

/// From the arena to the agent.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Message<'a> {
    /// The agent's turn: it answers with a [`Reply`].
    Turn(Box<TurnMessage<'a>>),
    /// The episode is over. No reply is read.
    End(EndMessage<'a>),
}

/// The agent's turn.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TurnMessage<'a> {
    /// Version of the messages: 1.
    protocol: u32,
    /// The same in all messages of an episode.
    episode: &'a str,
    /// Step, from 1. The same step again, with `error`, means that the last reply was no action.
    step: u32,
    /// Most steps of the episode.
    max_steps: u32,
    /// What is to be done.
    goal: &'a str,
    /// What the goal names, where a benchmark says so.
    fields: Vec<Field<'a>>,
    /// The arena's rules, the same for every agent: how to answer, what may change, today's date.
    instructions: &'a str,
    /// The page.
    observation: &'a Observation,
    /// The page as indented text, one element a line, as prompted models see it.
    tree: String,
    /// The picture, a PNG in base64; only for agents that ask for pictures.
    #[serde(skip_serializing_if = "Option::is_none")]
    screenshot: Option<String>,
    /// What became of the action before; absent at the first step.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_action: Option<LastAction<'a>>,
    /// Why the last reply to this very turn was no action.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    /// All actions with the JSON Schema of their arguments; at the first step only.
    #[serde(skip_serializing_if = "Option::is_none")]
    actions: Option<Vec<ActionSchema>>,
    /// Where models can be called through the arena; absent unless the agent's settings allow it.
    #[serde(skip_serializing_if = "Option::is_none")]
    model_proxy: Option<&'a ModelProxy>,
}

/// Something that the goal names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Field<'a> {
    key: &'a str,
    value: &'a str,
}

/// What became of an action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LastAction<'a> {
    /// The action, as text.
    action: String,
    /// Whether it was carried out.
    ok: bool,
    /// What happened, or why nothing did and what to do instead.
    message: &'a str,
}

/// An action that can be asked for.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ActionSchema {
    /// Name, as it stands in `tool` and in front of the parenthesis.
    name: &'static str,
    /// One sentence.
    description: &'static str,
    /// JSON Schema of the arguments.
    parameters: Value,
}

/// The episode is over. How it was scored is not said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EndMessage<'a> {
    /// Version of the messages: 1.
    protocol: u32,
    /// The episode.
    episode: &'a str,
}

/// From the agent to the arena: either `action`, or `tool` with `arguments`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// The action as text, e.g. `click('12')`.
    #[serde(default)]
    action: Option<String>,
    /// The name of the action, e.g. `click`.
    #[serde(default)]
    tool: Option<String>,
    /// The arguments of `tool`, e.g. `{"bid": "12"}`.
    #[serde(default)]
    arguments: Option<Map<String, Value>>,
    /// The agent's own words, for the replay; at most 10,000 characters are kept.
    #[serde(default)]
    reasoning: Option<String>,
}

/// Both directions in one schema.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "its schema is all that is used")]
struct Protocol<'a> {
    message: Message<'a>,
    reply: Reply,
}

impl<'a> TurnMessage<'a> {
    /// The message for a turn; `error` says why the last reply to it was no action.
    pub fn new(episode: &'a str, turn: &Turn<'a>, error: Option<&'a str>) -> Self {
        let fields = turn.fields.iter().map(|(key, value)| Field { key, value });
        let last_action = turn.history.last().map(|past| LastAction {
            action: past.action.to_string(),
            ok: past.ok,
            message: &past.message,
        });
        let actions = (turn.step == 1).then(|| {
            let tools = action::tools().into_iter().map(|tool| ActionSchema {
                name: tool.name,
                description: tool.description,
                parameters: tool.parameters,
            });
            tools.collect()
        });
        Self {
            protocol: PROTOCOL_VERSION,
            episode,
            step: turn.step,
            max_steps: turn.max_steps,
            goal: turn.goal,
            fields: fields.collect(),
            instructions: turn.preamble,
            observation: turn.observation,
            tree: turn.observation.tree_text(),
            screenshot: turn.screenshot.map(|png| STANDARD.encode(png)),
            last_action,
            error,
            actions,
            model_proxy: None,
        }
    }

    /// The same for an agent that may call models through the arena.
    #[must_use]
    pub const fn with_models(mut self, models: Option<&'a ModelProxy>) -> Self {
        self.model_proxy = models;
        self
    }
}

impl<'a> Message<'a> {
    /// The end of an episode.
    pub const fn end(episode: &'a str) -> Self {
        Self::End(EndMessage {
            protocol: PROTOCOL_VERSION,
            episode,
        })
    }

    /// The message as one line of JSON, without the line break.
    pub fn to_line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// Reads a reply. The error is told to the agent.
pub fn read_reply(text: &str) -> Result<(Action, Option<String>), String> {
    let reply: Reply = serde_json::from_str(text).map_err(|error| {
        format!("the reply is not an object such as {{\"action\": \"click('12')\"}}: {error}")
    })?;
    let action = match (reply.action, reply.tool) {
        (Some(action), None) if reply.arguments.is_none() => {
            Action::parse(&action).map_err(|error| error.to_string())?
        }
        (Some(_), None) => {
            return Err(
                "`arguments` belong to `tool`; with `action` they stand in its text".into(),
            );
        }
        (None, Some(tool)) => {
            let arguments = Value::Object(reply.arguments.unwrap_or_default());
            Action::from_tool_call(&tool, &arguments).map_err(|error| error.to_string())?
        }
        (Some(_), Some(_)) => return Err("give `action` or `tool`, not both".into()),
        (None, None) => {
            return Err(
                "the reply holds neither `action`, e.g. \"click('12')\", nor `tool`".into(),
            );
        }
    };
    let reasoning = reply
        .reasoning
        .map(|words| words.trim().chars().take(MAX_REASONING).collect::<String>())
        .filter(|words| !words.is_empty());
    Ok((action, reasoning))
}

/// JSON Schema (2020-12) of all messages and replies.
pub fn schema() -> Value {
    schemars::schema_for!(Protocol<'_>).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_an_action_as_text_or_as_a_tool_call() {
        let (action, reasoning) =
            read_reply(r#"{"action": "click('12')", "reasoning": " it is the one "}"#).unwrap();
        assert_eq!(action.to_string(), "click('12')");
        assert_eq!(reasoning.as_deref(), Some("it is the one"));
        let (same, none) = read_reply(r#"{"tool": "click", "arguments": {"bid": 12}}"#).unwrap();
        assert_eq!((same, none), (action, None));
    }

    #[test]
    fn what_is_no_reply_says_what_would_be_one() {
        for (text, told) in [
            ("", "the reply is not an object such as"),
            ("click('12')", "the reply is not an object such as"),
            (r#"{"actions": "click('12')"}"#, "unknown field `actions`"),
            ("{}", "neither `action`"),
            (r#"{"action": "click('1')", "tool": "click"}"#, "not both"),
            (r#"{"action": "click('1')", "arguments": {}}"#, "`tool`"),
            (r#"{"action": "press the button"}"#, "press"),
            (r#"{"tool": "clack"}"#, "clack"),
        ] {
            let error = read_reply(text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }

    #[test]
    fn the_schema_in_the_documentation_is_the_one_of_the_code() {
        let documented: Value =
            serde_json::from_str(include_str!("../../../docs/agent-protocol.schema.json")).unwrap();
        assert_eq!(
            documented,
            schema(),
            "run `agentarena agents protocol > docs/agent-protocol.schema.json`"
        );
    }
}
