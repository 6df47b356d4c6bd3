//! The turns of a remote agent as tools, for agents that know nothing but tools (MCP): `observe`
//! claims an episode and shows the page, each action of the table is a tool whose result is the
//! next page, and `finish` answers. Knows no wire format: it says what a client is shown.

pub mod caller;
pub mod door;
mod show;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::agents::foreign::remote::{Handed, Standing};
use crate::agents::foreign::tools::door::{Door, DoorError};
use crate::domain::action::{self, ToolSpec};

/// Claims an episode and shows the page.
pub const OBSERVE: &str = "observe";

/// Answers and ends the episode.
pub const FINISH: &str = "finish";

/// The argument of [`OBSERVE`].
const WAIT: &str = "wait_seconds";

/// The argument of [`FINISH`].
const ANSWER: &str = "answer";

/// How long [`OBSERVE`] waits for an episode when nothing is said, in seconds.
const USUAL_WAIT_S: u64 = 20;

/// The longest wait for an episode, in seconds: many clients give up a call after a minute.
const MAX_WAIT_S: u64 = 50;

/// How long the result of an action is waited for. It goes on afterwards; [`OBSERVE`] shows it.
const ACTION_WAIT: Duration = Duration::from_secs(50);

/// What a client is told when it connects.
pub const INSTRUCTIONS: &str = "\
You are being evaluated on tasks in a web browser. Call `observe` first: it claims a task and shows \
its goal, the rules and the page. Then act with the other tools, one call at a time: each result \
shows the page after it. `finish` (or `send_msg_to_user`) gives your answer and ends the task, \
`report_infeasible` says that it cannot be done. Afterwards `observe` claims the next task, or says \
that none waits.";

/// What a client is shown for one call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// For the model.
    pub text: String,
    /// The picture, a PNG in base64; only for agents that ask for pictures.
    pub picture: Option<String>,
    /// Whether what was asked for did not happen.
    pub is_error: bool,
    /// How the episode stands, for programs.
    pub standing: Progress,
}

/// How an episode stands after a call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// The episode; none: none is open.
    pub episode: Option<String>,
    /// The step that is open, from 1.
    pub step: Option<u64>,
    /// Whether the episode is over.
    pub over: bool,
}

/// All tools: [`OBSERVE`], every action that models are offered, [`FINISH`].
pub fn tools() -> Vec<ToolSpec> {
    let observe = ToolSpec {
        name: OBSERVE,
        description: "Show the goal, the rules and the page of the open task; claims one first \
                      when none is open. Costs no step.",
        parameters: json!({
            "type": "object",
            "properties": {WAIT: {
                "type": "integer", "minimum": 0, "maximum": MAX_WAIT_S, "default": USUAL_WAIT_S,
                "description": "How long to wait for a task when none is there yet.",
            }},
            "required": [],
            "additionalProperties": false,
        }),
    };
    let finish = ToolSpec {
        name: FINISH,
        description: "Give the answer and end the task: the same as send_msg_to_user. Call it \
                      once, when the task is done.",
        parameters: json!({
            "type": "object",
            "properties": {ANSWER: {
                "type": "string",
                "description": "The answer and nothing around it, or a short confirmation.",
            }},
            "required": [ANSWER],
            "additionalProperties": false,
        }),
    };
    let mut tools = vec![observe];
    tools.extend(action::tools());
    tools.push(finish);
    tools
}

/// Carries out the calls of one client.
#[derive(Clone)]
pub struct ToolSeat {
    door: Arc<dyn Door>,
}

impl ToolSeat {
    /// For whoever comes through this door.
    pub fn new(door: Arc<dyn Door>) -> Self {
        Self { door }
    }

    /// Calls a tool. Whatever goes wrong is told to the model.
    pub async fn call(&self, tool: &str, arguments: Map<String, Value>) -> Shown {
        let shown = match tool {
            OBSERVE => match read_wait(&arguments) {
                Ok(wait) => self.observe(wait).await,
                Err(problem) => Ok(show::problem(problem)),
            },
            FINISH => match read_answer(arguments) {
                Ok(text) => self.act("send_msg_to_user", text).await,
                Err(problem) => Ok(show::problem(problem)),
            },
            // A name that is no action goes to the arena, too: it counts as any agent's would.
            action => self.act(action, arguments).await,
        };
        shown.unwrap_or_else(|error| show::refused(&error))
    }

    /// The page of the open episode, or of one that is claimed now.
    async fn observe(&self, wait: Duration) -> Result<Shown, DoorError> {
        let open = self.door.standing().await.filter(|standing| !standing.over);
        let handed = match &open {
            Some(at) => {
                // The newest message is asked for again, or the one that an action will bring.
                let seen = if at.answered { at.turn } else { at.turn - 1 };
                match self.door.next(&at.episode, seen, wait).await {
                    Err(DoorError::NoEpisode) => self.door.claim(wait).await?,
                    handed => handed?,
                }
            }
            None => self.door.claim(wait).await?,
        };
        match (handed, open) {
            (Some(handed), _) => show::whole(&handed),
            (None, Some(at)) => Ok(show::still_acting(&at.episode)),
            (None, None) => Ok(show::none_waits(wait)),
        }
    }

    /// Gives an action as the reply to the open turn and waits for what comes of it.
    async fn act(&self, tool: &str, arguments: Map<String, Value>) -> Result<Shown, DoorError> {
        let Some(at) = self.door.standing().await else {
            return Err(DoorError::NoEpisode);
        };
        if at.over {
            return Ok(show::too_late(&at.episode));
        }
        if at.answered {
            return Err(DoorError::NotOpen);
        }
        let reply = json!({"tool": tool, "arguments": arguments}).to_string();
        match self.door.reply(&at.episode, at.turn, reply).await {
            Err(DoorError::NotOpen) => return self.not_open(&at).await,
            replied => replied?,
        }
        let handed: Option<Handed> = self.door.next(&at.episode, at.turn, ACTION_WAIT).await?;
        match handed {
            Some(handed) => show::result(&handed),
            None => Ok(show::still_acting(&at.episode)),
        }
    }

    /// Why a turn takes no reply: the episode is over, or the turn has one.
    async fn not_open(&self, at: &Standing) -> Result<Shown, DoorError> {
        self.door.next(&at.episode, at.turn, Duration::ZERO).await?;
        let now = self.door.standing().await;
        if now.is_some_and(|now| now.episode == at.episode && now.over) {
            return Ok(show::too_late(&at.episode));
        }
        Err(DoorError::NotOpen)
    }
}

fn read_wait(arguments: &Map<String, Value>) -> Result<Duration, String> {
    let problem = || format!("wrong arguments: write {OBSERVE}({WAIT}) with 0 to {MAX_WAIT_S}");
    if arguments.keys().any(|name| name != WAIT) {
        return Err(problem());
    }
    let seconds = match arguments.get(WAIT) {
        None | Some(Value::Null) => USUAL_WAIT_S,
        Some(given) => given.as_u64().ok_or_else(problem)?,
    };
    if seconds > MAX_WAIT_S {
        return Err(problem());
    }
    Ok(Duration::from_secs(seconds))
}

fn read_answer(mut arguments: Map<String, Value>) -> Result<Map<String, Value>, String> {
    match arguments.remove(ANSWER) {
        Some(Value::String(answer)) if arguments.is_empty() => {
            Ok(Map::from_iter([("text".to_owned(), answer.into())]))
        }
        _ => Err(format!(
            "wrong arguments: write {FINISH}({ANSWER}) with a text"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tools_are_the_actions_and_two_more() {
        let names: Vec<&str> = tools().iter().map(|tool| tool.name).collect();
        let actions: Vec<&str> = action::tools().iter().map(|tool| tool.name).collect();
        assert_eq!(names.first(), Some(&OBSERVE));
        assert_eq!(names.last(), Some(&FINISH));
        assert_eq!(names[1..names.len() - 1], actions);
    }

    #[test]
    fn arguments_of_the_two_are_read_strictly() {
        let read = |value: Value| read_wait(value.as_object().unwrap());
        assert_eq!(read(json!({})), Ok(Duration::from_secs(USUAL_WAIT_S)));
        assert_eq!(read(json!({"wait_seconds": 3})), Ok(Duration::from_secs(3)));
        for wrong in [
            json!({"wait_seconds": 51}),
            json!({"wait": 1}),
            json!({"wait_seconds": "3"}),
        ] {
            assert!(
                read(wrong.clone()).unwrap_err().contains("0 to 50"),
                "{wrong}"
            );
        }
        let answer = |value: Value| read_answer(value.as_object().unwrap().clone());
        assert_eq!(answer(json!({"answer": "42"})).unwrap()["text"], "42");
        for wrong in [
            json!({}),
            json!({"answer": 42}),
            json!({"answer": "42", "x": 1}),
        ] {
            assert!(answer(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
