//! The panels of the submission page: observation, model calls, events and verdict.

use serde_json::Value;

use crate::domain::event::{Event, EventBody};
use crate::domain::observation::Observation;
use crate::domain::verdict::{Verdict, VerdictStatus};
use crate::llm::picture::kept_in;
use crate::web::ui::format;
use crate::web::ui::model_call::{Call, tokens_in_words};
use crate::web::ui::tree::Tree;

/// Longest text of a model's message on the page.
const LONGEST_MESSAGE: usize = 20_000;

/// The observation panel.
pub struct TreeView {
    /// `changes`, `all` or `text`.
    pub mode: &'static str,
    /// The tree.
    pub tree: Option<Tree>,
    /// The tree as text.
    pub text: Option<String>,
    /// Why there is none.
    pub missing: &'static str,
}

impl TreeView {
    /// The observation of a step, in one of three ways.
    pub fn new(
        mode: &'static str,
        now: Option<&Observation>,
        before: Option<&Observation>,
        acted: Option<&str>,
    ) -> Self {
        let missing = "The page was not read in this step, or what was read is no longer stored.";
        let before = before.filter(|_| mode == "changes");
        Self {
            mode,
            tree: now
                .filter(|_| mode != "text")
                .map(|now| Tree::of(now, before, acted)),
            text: now.filter(|_| mode == "text").map(Observation::tree_text),
            missing,
        }
    }

    /// Whether the size limit cut the tree.
    pub fn is_cut(&self) -> bool {
        self.tree.as_ref().is_some_and(|tree| tree.truncated)
    }
}

/// A model call with what was said.
pub struct CallView {
    /// The call.
    pub call: Call,
    /// Request and reply, message by message.
    pub messages: Vec<Message>,
    /// The picture that the request showed, by its artifact.
    pub picture: Option<String>,
    /// The tools that the model was offered: how many, and their JSON; none when there were none.
    pub tools: Option<(usize, String)>,
}

/// A message to or from a model.
pub struct Message {
    /// Who speaks.
    pub role: String,
    /// What is said.
    pub text: String,
}

impl CallView {
    /// A call with its stored exchange.
    pub fn new(call: Call, exchange: Option<&Value>) -> Self {
        Self {
            messages: exchange.map(messages).unwrap_or_default(),
            picture: exchange.and_then(picture_in),
            tools: exchange.and_then(tools),
            call,
        }
    }
}

fn tools(exchange: &Value) -> Option<(usize, String)> {
    let tools = exchange.pointer("/request/tools")?;
    let count = tools.as_array().filter(|tools| !tools.is_empty())?.len();
    Some((count, message("tools", tools).text))
}

/// An exchange message by message when it has the form of a chat; else as JSON.
fn messages(exchange: &Value) -> Vec<Message> {
    let request = exchange.get("request").unwrap_or(&Value::Null);
    let reply = ["reply", "response"]
        .iter()
        .find_map(|name| exchange.get(name));
    let asked = request.get("messages").and_then(Value::as_array);
    // Anthropic's instructions stand beside the messages.
    let instructions = request
        .pointer("/system/0/text")
        .filter(|_| asked.is_some());
    let mut all: Vec<_> = instructions
        .map(|text| message("system", text))
        .into_iter()
        .collect();
    match asked {
        Some(asked) => all.extend(asked.iter().map(chat_message)),
        None => all.push(message("Exchange", exchange)),
    }
    if asked.is_some()
        && let Some(reply) = reply.filter(|reply| !reply.is_null())
    {
        all.push(message("Reply", reply));
    }
    all
}

/// The parts of every message that has any.
fn parts(exchange: &Value) -> impl Iterator<Item = &Value> {
    let asked = exchange.pointer("/request/messages");
    let asked = asked.and_then(Value::as_array).into_iter().flatten();
    asked
        .filter_map(|message| message["content"].as_array())
        .flatten()
}

fn picture_in(exchange: &Value) -> Option<String> {
    parts(exchange).find_map(kept_in).map(str::to_owned)
}

/// A message of several parts as text, with a word in the place of a picture.
fn parts_in_words(parts: &[Value]) -> Option<String> {
    let words = parts.iter().map(|part| match kept_in(part) {
        Some(_) => Some("(picture of the page)"),
        None => part["text"].as_str(),
    });
    let words: Option<Vec<&str>> = words.collect();
    Some(words?.join("\n"))
}

fn chat_message(given: &Value) -> Message {
    let role = given
        .get("role")
        .and_then(Value::as_str)
        .unwrap_or("message");
    let parts = given.get("content").and_then(Value::as_array);
    if let Some(text) = parts.and_then(|parts| parts_in_words(parts)) {
        return message(role, &Value::String(text));
    }
    match given.get("content") {
        Some(content @ (Value::String(_) | Value::Array(_))) => message(role, content),
        _ => message(role, given),
    }
}

fn message(role: &str, content: &Value) -> Message {
    let text = match without_pictures(content.clone()) {
        Value::String(text) => text,
        other => serde_json::to_string_pretty(&other).unwrap_or_else(|_| other.to_string()),
    };
    Message {
        role: role.to_owned(),
        text: format::shortened(&text, LONGEST_MESSAGE),
    }
}

/// A message in which pictures are named and not spelt out.
fn without_pictures(content: Value) -> Value {
    match content {
        Value::String(text) if is_picture(&text) => Value::String(format!(
            "(a picture, {} characters)",
            format::count(text.len())
        )),
        Value::Array(parts) => parts.into_iter().map(without_pictures).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, without_pictures(value)))
            .collect(),
        other => other,
    }
}

/// Whether a text is a data address, or base64 and nothing else.
fn is_picture(text: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    text.len() > 1_000 && (text.starts_with("data:image/") || text.bytes().all(is_base64))
}

/// One line of the events panel.
pub struct EventLine {
    /// Number.
    pub seq: u32,
    /// Type.
    pub name: &'static str,
    /// Step, when it belongs to one.
    pub step: Option<u32>,
    /// In a few words.
    pub text: String,
    /// Since the first event.
    pub at: String,
}

impl EventLine {
    /// Whether it belongs to a step.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates pass references"
    )]
    pub fn is_of(&self, step: &u32) -> bool {
        self.step == Some(*step)
    }
}

/// The events panel, all episodes in order.
pub fn event_lines(events: &[Event]) -> Vec<EventLine> {
    let Some(first) = events.first() else {
        return Vec::new();
    };
    events
        .iter()
        .map(|event| {
            let since = event.at.ms_since(first.at);
            let (step, text) = event_words(&event.body);
            EventLine {
                seq: event.seq,
                name: event.body.name(),
                step,
                text: format::shortened(&text, 200),
                at: if since <= 0 {
                    "start".to_owned()
                } else {
                    format::duration_ms(since)
                },
            }
        })
        .collect()
}

fn event_words(body: &EventBody) -> (Option<u32>, String) {
    match body {
        EventBody::EpisodeStarted {
            attempt, browser, ..
        } => (None, format!("attempt {attempt}, {browser}")),
        EventBody::Observed { step, url, .. } => (Some(*step), url.clone()),
        EventBody::ModelCalled {
            step,
            model,
            usage,
            error,
            ..
        } => {
            let what = error.clone().unwrap_or_else(|| tokens_in_words(usage));
            (Some(*step), format!("{model}: {what}"))
        }
        EventBody::Decided { step, action, .. } => (Some(*step), action.clone()),
        EventBody::Acted { step, message, .. } | EventBody::PlaceEnded { step, message } => {
            (Some(*step), message.clone())
        }
        EventBody::PolicyViolated { step, rule, detail } => {
            (Some(*step), format!("{rule}: {detail}"))
        }
        EventBody::DialogAnswered {
            step,
            kind,
            message,
            accepted,
        } => {
            let answer = if *accepted { "accepted" } else { "dismissed" };
            (Some(*step), format!("{kind} \"{message}\", {answer}"))
        }
        EventBody::AgentEnded { step, how, message } => (Some(*step), format!("{how}: {message}")),
        EventBody::Evaluated { verdict, .. } => (None, verdict.summary.clone()),
        EventBody::Noted { message, .. } => (None, message.clone()),
        EventBody::EpisodeEnded {
            outcome, reason, ..
        } => (None, format!("{outcome}: {reason}")),
    }
}

/// The verdict with what it rests on.
pub struct VerdictView {
    /// One sentence with the cause.
    pub summary: String,
    /// Its criteria.
    pub criteria: Vec<CriterionView>,
    /// Where the evidence is kept.
    pub evidence: String,
}

/// One criterion.
pub struct CriterionView {
    /// Outcome whose colours are borrowed.
    pub state: &'static str,
    /// The evaluator's type.
    pub evaluator: String,
    /// What is required.
    pub description: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// Why.
    pub reason: String,
}

impl VerdictView {
    /// A verdict as the page shows it.
    pub fn new(verdict: &Verdict, evidence: &str) -> Self {
        let criteria = verdict.criteria.iter().map(|criterion| CriterionView {
            state: match criterion.status {
                VerdictStatus::Pass => "passed",
                VerdictStatus::Fail => "failed",
                VerdictStatus::Error => "infra_error",
            },
            evaluator: criterion.evaluator.clone(),
            description: criterion.description.clone(),
            expected: criterion.expected.clone(),
            found: criterion.found.clone(),
            reason: format::sentence(&criterion.reason),
        });
        Self {
            summary: format::sentence(&verdict.summary),
            criteria: criteria.collect(),
            evidence: evidence.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_exchange_is_shown_message_by_message() {
        let exchange = json!({
            "request": {"messages": [{"role": "system", "content": "Act."}, {"role": "assistant", "tool_calls": []}]},
            "reply": {"tool": "click"}
        });
        let roles: Vec<_> = messages(&exchange)
            .into_iter()
            .map(|message| message.role)
            .collect();
        assert_eq!(roles, ["system", "assistant", "Reply"]);
        assert_eq!(messages(&json!({"other": 1}))[0].role, "Exchange");
        let exchange = json!({
            "request": {"system": [{"type": "text", "text": "Act."}],
                        "messages": [{"role": "user", "content": "Go."}]},
            "response": {"content": []}
        });
        let shown = messages(&exchange);
        let roles: Vec<_> = shown.iter().map(|message| message.role.as_str()).collect();
        assert_eq!(roles, ["system", "user", "Reply"]);
        assert_eq!(shown[0].text, "Act.");
        assert_eq!(tools(&exchange), None);
        let exchange = json!({ "request": { "messages": [{ "role": "user", "content": [
            { "type": "text", "text": "Look." },
            { "type": "image_url", "image_url": { "url": "data:image/png;artifact=ab12" } },
        ] }] } });
        assert_eq!(picture_in(&exchange).as_deref(), Some("ab12"));
        assert_eq!(messages(&exchange)[0].text, "Look.\n(picture of the page)");
    }

    #[test]
    fn tools_are_counted_and_pictures_named() {
        let picture = "iVBORw0K".repeat(200);
        let exchange = json!({"request": {
            "tools": [{"name": "click"}],
            "messages": [{"role": "user", "content": [
                {"type": "image", "source": {"data": picture}}, {"type": "text", "text": "Go."}]}],
        }});
        assert_eq!(tools(&exchange).map(|(count, _)| count), Some(1));
        let shown = &messages(&exchange)[0].text;
        assert!(shown.contains("(a picture, 1,600 characters)"), "{shown}");
        assert!(shown.contains("Go.") && !shown.contains("iVBOR"));
    }
}
