//! What a client of tools is shown, made from the arena's messages.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::Value;

use crate::agents::foreign::remote::Handed;
use crate::agents::foreign::tools::door::DoorError;
use crate::agents::foreign::tools::{Progress, Shown};

/// Everything about the open turn: goal, rules, what became of the last action, the page.
pub(super) fn whole(handed: &Handed) -> Result<Shown, DoorError> {
    shown(handed, true)
}

/// What became of an action, and the page after it.
pub(super) fn result(handed: &Handed) -> Result<Shown, DoorError> {
    shown(handed, false)
}

fn shown(handed: &Handed, whole: bool) -> Result<Shown, DoorError> {
    let message: Value = serde_json::from_str(&handed.message)
        .map_err(|error| DoorError::Broken(format!("the arena's message is no JSON: {error}")))?;
    if message["type"] == "end" {
        return Ok(Shown {
            text: "The task is over. Call `observe` for the next one.".to_owned(),
            standing: over(&handed.episode),
            ..Shown::default()
        });
    }
    let words = |name: &str| message[name].as_str().unwrap_or_default();
    let mut text = String::new();
    if whole {
        push_task(&mut text, &message);
    }
    let (became, failed) = became(&message);
    text.push_str(&became);
    let _ = writeln!(
        text,
        "Step {} of {}.",
        message["step"], message["max_steps"]
    );
    let _ = write!(text, "\nThe page:\n{}", words("tree"));
    Ok(Shown {
        text,
        picture: message["screenshot"].as_str().map(str::to_owned),
        // Looking again at a page is no failure, whatever came before.
        is_error: failed && !whole,
        standing: Progress {
            episode: Some(handed.episode.clone()),
            step: message["step"].as_u64(),
            over: false,
        },
    })
}

fn push_task(text: &mut String, message: &Value) {
    let goal = message["goal"].as_str().unwrap_or_default();
    let _ = writeln!(text, "The goal: {goal}");
    for field in message["fields"].as_array().into_iter().flatten() {
        let part = |name: &str| field[name].as_str().unwrap_or_default();
        let _ = writeln!(text, "- {}: {}", part("key"), part("value"));
    }
    let rules = message["instructions"].as_str().unwrap_or_default();
    let _ = writeln!(text, "\nThe rules:\n{}", rules.trim_end());
    text.push('\n');
}

/// What became of the last action or reply, and whether it failed.
fn became(message: &Value) -> (String, bool) {
    if let Some(error) = message["error"].as_str() {
        return (format!("That was no action: {error}\n"), true);
    }
    let last = &message["last_action"];
    let Some(action) = last["action"].as_str() else {
        return (String::new(), false);
    };
    let said = last["message"].as_str().unwrap_or_default();
    if last["ok"] == true {
        (format!("{action}: {said}\n"), false)
    } else {
        (format!("{action} failed: {said}\n"), true)
    }
}

/// Nothing waits.
pub(super) fn none_waits(waited: Duration) -> Shown {
    let seconds = waited.as_secs();
    Shown {
        text: format!(
            "No task waits for you (waited {seconds} s). Call `observe` again to wait longer; \
             when no more are to come, you are done."
        ),
        ..Shown::default()
    }
}

/// The result of the last action is not there yet.
pub(super) fn still_acting(episode: &str) -> Shown {
    Shown {
        text: "The action is still being carried out. Call `observe` for its result.".to_owned(),
        standing: Progress {
            episode: Some(episode.to_owned()),
            ..Progress::default()
        },
        ..Shown::default()
    }
}

/// An action for an episode that is over.
pub(super) fn too_late(episode: &str) -> Shown {
    Shown {
        text: "Nothing was done: the task is over, e.g. because its time is used up. Call \
               `observe` for the next one."
            .to_owned(),
        is_error: true,
        standing: over(episode),
        ..Shown::default()
    }
}

/// Something that did not come through.
pub(super) fn refused(error: &DoorError) -> Shown {
    problem(format!("Nothing was done: {error}."))
}

/// A call that cannot be carried out as it is.
pub(super) fn problem(text: String) -> Shown {
    Shown {
        text,
        is_error: true,
        ..Shown::default()
    }
}

fn over(episode: &str) -> Progress {
    Progress {
        episode: Some(episode.to_owned()),
        step: None,
        over: true,
    }
}
