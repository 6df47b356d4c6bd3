//! Reads the one action out of a model's reply; what is wrong is told to the model.

use crate::domain::action::Action;
use crate::domain::agent::ActionMode;
use crate::domain::observation::Observation;
use crate::domain::outcome::AgentErrorKind;
use crate::llm::ChatReply;

/// What a reply says.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The action.
    pub action: Action,
    /// The model's own words around it.
    pub reasoning: Option<String>,
    /// A plan that shall take the place of the one so far.
    pub plan: Option<String>,
}

/// Why a reply is no action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of reply it is.
    pub kind: AgentErrorKind,
    /// What is wrong, in words for the model.
    pub told: String,
}

impl Problem {
    fn new(kind: AgentErrorKind, told: impl Into<String>) -> Self {
        Self {
            kind,
            told: told.into(),
        }
    }

    fn unparsable(told: impl Into<String>) -> Self {
        Self::new(AgentErrorKind::Unparsable, told)
    }
}

/// Reads a reply to a request that showed this page.
pub fn read(reply: &ChatReply, mode: ActionMode, page: &Observation) -> Result<Reading, Problem> {
    if let Some(refusal) = &reply.refusal {
        let told = format!("the model refused: {refusal}");
        return Err(Problem::new(AgentErrorKind::Refusal, told));
    }
    let (plan, text) = take_block(&reply.text, "plan");
    let (thought, text) = take_block(&text, "think");
    let read = match mode {
        ActionMode::Tools => of_tools(reply, &text),
        ActionMode::Text => of_text(&text),
    };
    let (action, words) = read.map_err(|told| {
        Problem::unparsable(if reply.cut_off {
            format!("{told} (the reply was cut off at the most tokens of a reply; write less)")
        } else {
            told
        })
    })?;
    invented(&action, page)?;
    let words: Vec<String> = thought.into_iter().chain(Some(words)).collect();
    let reasoning = words.join("\n").trim().to_owned();
    Ok(Reading {
        action,
        reasoning: Some(reasoning).filter(|words| !words.is_empty()),
        plan,
    })
}

/// The action of a tool call, with the words beside it. One that is written instead is taken, too:
/// many models slip so, and there is no doubt what they mean.
fn of_tools(reply: &ChatReply, text: &str) -> Result<(Action, String), String> {
    match reply.tool_calls.as_slice() {
        [] => of_text(text).map_err(|error| match text.trim() {
            "" => "the reply is empty; call exactly one tool".to_owned(),
            _ => format!("the reply holds no tool call, and as text: {error}"),
        }),
        [call] => {
            let arguments = match call.arguments.trim() {
                "" => "{}",
                given => given,
            };
            let arguments = serde_json::from_str(arguments)
                .map_err(|error| format!("the arguments of {} are not JSON: {error}", call.name))?;
            let action = Action::from_tool_call(&call.name, &arguments);
            Ok((action.map_err(|error| error.to_string())?, text.to_owned()))
        }
        several => Err(format!(
            "{} tools were called; call exactly one",
            several.len()
        )),
    }
}

/// The action that stands at the end of a text, in a code block or on a line of its own, with the
/// words before it.
fn of_text(text: &str) -> Result<(Action, String), String> {
    let (words, action) = last_block(text).unwrap_or_else(|| last_line(text));
    let action = Action::parse(action).map_err(|error| error.to_string())?;
    Ok((action, words.trim().to_owned()))
}

/// What stands before the last code block, and what stands in it. What follows it is passed over.
fn last_block(text: &str) -> Option<(&str, &str)> {
    let end = text.rfind("```")?;
    let begin = text[..end].rfind("```")?;
    let inner = &text[begin + 3..end];
    // The rest of the line may name a language.
    let inner = match inner.split_once('\n') {
        Some((language, inner)) if !language.contains('(') => inner,
        _ => inner,
    };
    Some((&text[..begin], inner))
}

/// What stands before the last line that is not blank, and that line.
fn last_line(text: &str) -> (&str, &str) {
    let text = text.trim_end();
    text.rsplit_once('\n').unwrap_or(("", text))
}

/// Takes what stands between two tags out of a text.
fn take_block(text: &str, tag: &str) -> (Option<String>, String) {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let found = text.split_once(&open).and_then(|(before, from)| {
        let (inner, after) = from.split_once(&close)?;
        Some((inner.trim().to_owned(), format!("{before}{after}")))
    });
    match found {
        Some((inner, rest)) => (Some(inner).filter(|inner| !inner.is_empty()), rest),
        None => (None, text.to_owned()),
    }
}

/// Whether the action names an element that the page does not have. Of a page that was cut nobody
/// can tell.
fn invented(action: &Action, page: &Observation) -> Result<(), Problem> {
    let mut missing = action.bids().into_iter();
    let missing = missing.find(|bid| page.node(bid).is_none());
    match missing {
        Some(bid) if !page.truncated => {
            let bid: String = bid.chars().take(60).collect();
            let told = format!(
                "there is no element with the id {bid:?} on the page; take an id that stands in \
                 square brackets on the newest page"
            );
            Err(Problem::new(AgentErrorKind::InventedIds, told))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observation::Node;
    use crate::llm::ToolCall;

    fn page() -> Observation {
        let node = |bid: &str| Node {
            bid: Some(bid.to_owned()),
            ..Node::default()
        };
        Observation {
            nodes: vec![node("7"), node("12")],
            ..Observation::default()
        }
    }

    fn said(text: &str) -> ChatReply {
        ChatReply {
            text: text.to_owned(),
            ..ChatReply::default()
        }
    }

    fn action(text: &str) -> Result<String, String> {
        let read = read(&said(text), ActionMode::Text, &page());
        read.map(|reading| reading.action.to_string())
            .map_err(|problem| problem.told)
    }

    #[test]
    fn a_written_action_is_found_at_the_end_whatever_stands_before_it() {
        for text in [
            "click('12')",
            "I could click('7') first, but:\nclick('12')\n",
            "So:\n```\nclick('12')\n```",
            "Not `hover('7')`.\n```python\nclick('12')\n```\n",
            "```click('12')```",
            "```\nclick('12')\n```\nThat opens it.",
            "<think>click('7')?</think>\nclick('12')",
        ] {
            assert_eq!(action(text).as_deref(), Ok("click('12')"), "{text}");
        }
        assert!(action("").unwrap_err().contains("no action was given"));
        assert!(action("I am lost.").is_err());
        let two = action("```\nclick('7')\nclick('12')\n```").unwrap_err();
        assert!(two.contains("more than one action"), "{two}");
    }

    #[test]
    fn words_and_plans_are_told_apart_from_the_action() {
        let text =
            "<think>A form.</think>It is open.\n<plan>\n1. Fill\n</plan>\n```\nclick('7')\n```";
        let reading = read(&said(text), ActionMode::Text, &page()).unwrap();
        assert_eq!(reading.plan.as_deref(), Some("1. Fill"));
        assert_eq!(reading.reasoning.as_deref(), Some("A form.\nIt is open."));
    }

    #[test]
    fn the_three_ways_to_fail_are_told_apart() {
        let kind = |reply: &ChatReply, mode| read(reply, mode, &page()).unwrap_err().kind;
        let refusal = ChatReply {
            refusal: Some("no".to_owned()),
            ..said("click('7')")
        };
        assert_eq!(kind(&refusal, ActionMode::Text), AgentErrorKind::Refusal);
        let invented = said("drag_and_drop('7', '99')");
        let problem = read(&invented, ActionMode::Text, &page()).unwrap_err();
        assert_eq!(problem.kind, AgentErrorKind::InventedIds);
        assert!(problem.told.contains("\"99\""), "{}", problem.told);
        let call = |name: &str, arguments: &str| ToolCall {
            name: name.to_owned(),
            arguments: arguments.to_owned(),
        };
        for calls in [
            vec![],
            vec![call("click", "{")],
            vec![call("clack", "{}")],
            vec![call("noop", ""), call("noop", "")],
        ] {
            let reply = ChatReply {
                tool_calls: calls,
                ..ChatReply::default()
            };
            assert_eq!(kind(&reply, ActionMode::Tools), AgentErrorKind::Unparsable);
        }
        let cut = ChatReply {
            cut_off: true,
            ..said("First I will")
        };
        let told = read(&cut, ActionMode::Tools, &page()).unwrap_err().told;
        assert!(told.contains("cut off"), "{told}");
    }

    #[test]
    fn ids_of_a_page_that_was_cut_are_left_to_the_browser() {
        let page = Observation {
            truncated: true,
            ..page()
        };
        assert!(read(&said("click('99')"), ActionMode::Text, &page).is_ok());
    }
}
