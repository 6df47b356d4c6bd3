//! Puts the pieces of a streamed reply together to the answer that would have come without
//! streaming, for the record and for its counts.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::domain::agent::Provider;

/// How much of a reply is kept for the record, in bytes of its events. Counts are read beyond it.
const MAX_KEPT_BYTES: usize = 4 * 1024 * 1024;

/// Most parts of a reply, and most choices of one.
const MAX_PARTS: usize = 512;

/// A reply of which pieces came.
#[derive(Debug)]
pub(super) struct Assembly {
    provider: Provider,
    answer: Map<String, Value>,
    /// Arguments of tool calls that have not come whole, by the number of their part.
    arguments: HashMap<usize, String>,
    bytes: usize,
    stands: Stands,
}

/// How far a streamed reply has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Stands {
    /// Whether the model has ended: only counts and the stream's end are to come.
    pub finished: bool,
    /// Whether the counts are those of the whole reply.
    pub counted: bool,
    /// Whether the stream said that it is over.
    pub over: bool,
    /// What went wrong, in the provider's words.
    pub error: Option<String>,
}

impl Assembly {
    pub(super) fn new(provider: Provider) -> Self {
        Self {
            provider,
            answer: Map::new(),
            arguments: HashMap::new(),
            bytes: 0,
            stands: Stands::default(),
        }
    }

    pub(super) const fn stands(&self) -> &Stands {
        &self.stands
    }

    /// Takes one piece: the data of an event, which is of so many bytes.
    pub(super) fn take(&mut self, piece: &Value, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
        if let Some(error) = piece.get("error").filter(|error| !error.is_null()) {
            let said = error.get("message").and_then(Value::as_str);
            self.stands.error = Some(said.map_or_else(|| error.to_string(), str::to_owned));
            return;
        }
        match self.provider {
            Provider::OpenAi => self.take_chunk(piece),
            Provider::Anthropic => self.take_event(piece),
        }
    }

    /// The stream said that it is over, in a way that is no JSON.
    pub(super) const fn end(&mut self) {
        self.stands.over = true;
    }

    /// The answer, as far as it came. Counts that are not those of the whole reply are left out.
    pub(super) fn answer(&self) -> Value {
        let mut answer = self.answer.clone();
        if !self.stands.counted {
            answer.remove("usage");
        }
        if self.bytes > MAX_KEPT_BYTES {
            answer.insert("truncated".to_owned(), json!(true));
        }
        Value::Object(answer)
    }

    fn is_kept(&self) -> bool {
        self.bytes <= MAX_KEPT_BYTES
    }

    /// A chunk of OpenAI's.
    fn take_chunk(&mut self, chunk: &Value) {
        for name in [
            "id",
            "created",
            "model",
            "service_tier",
            "system_fingerprint",
        ] {
            if let Some(value) = chunk.get(name).filter(|value| !value.is_null()) {
                self.answer.insert(name.to_owned(), value.clone());
            }
        }
        let choices = chunk.get("choices").and_then(Value::as_array);
        if let Some(usage) = chunk.get("usage").filter(|usage| usage.is_object()) {
            self.answer.insert("usage".to_owned(), usage.clone());
            // Some servers count on the way; with the last piece, or behind it, they have counted all.
            self.stands.counted = choices.is_none_or(Vec::is_empty) || finishes(choices);
        }
        if finishes(choices) {
            self.stands.finished = true;
        }
        if self.is_kept() {
            for choice in choices.into_iter().flatten() {
                self.take_choice(choice);
            }
        }
    }

    fn take_choice(&mut self, piece: &Value) {
        let choices = self.answer.entry("choices").or_insert_with(|| json!([]));
        let Some(choices) = choices.as_array_mut() else {
            return;
        };
        let Some(choice) = entry(choices, piece.get("index"), json!({ "message": {} })) else {
            return;
        };
        if let Some(reason) = piece
            .get("finish_reason")
            .filter(|reason| !reason.is_null())
        {
            choice["finish_reason"] = reason.clone();
        }
        if let (Some(delta), Some(message)) = (
            piece.get("delta").and_then(Value::as_object),
            choice["message"].as_object_mut(),
        ) {
            merge(message, delta);
        }
    }

    /// An event of Anthropic's.
    fn take_event(&mut self, event: &Value) {
        let number = event.get("index").and_then(Value::as_u64);
        let number = number.and_then(|number| usize::try_from(number).ok());
        match event
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default()
        {
            "message_start" => {
                if let Some(message) = event.get("message").and_then(Value::as_object) {
                    self.answer = message.clone();
                }
            }
            "content_block_start" => {
                if let (Some(block), Some(blocks)) = (event.get("content_block"), self.blocks())
                    && number == Some(blocks.len())
                    && blocks.len() < MAX_PARTS
                {
                    blocks.push(block.clone());
                }
            }
            "content_block_delta" if self.is_kept() => {
                if let (Some(number), Some(delta)) = (number, event.get("delta")) {
                    self.take_delta(number, delta);
                }
            }
            "content_block_stop" => {
                let arguments = number.and_then(|number| self.arguments.remove(&number));
                let input = arguments.and_then(|text| serde_json::from_str(&text).ok());
                if let (Some(input), Some(block)) = (input, self.block(number)) {
                    let input: Value = input;
                    block["input"] = input;
                }
            }
            "message_delta" => self.take_message_delta(event),
            "message_stop" => self.stands.over = true,
            _ => {}
        }
    }

    fn blocks(&mut self) -> Option<&mut Vec<Value>> {
        let blocks = self.answer.entry("content").or_insert_with(|| json!([]));
        blocks.as_array_mut()
    }

    fn block(&mut self, number: Option<usize>) -> Option<&mut Value> {
        self.blocks()?
            .get_mut(number?)
            .filter(|block| block.is_object())
    }

    fn take_delta(&mut self, number: usize, delta: &Value) {
        if let Some(part) = delta.get("partial_json").and_then(Value::as_str) {
            if number < MAX_PARTS {
                self.arguments.entry(number).or_default().push_str(part);
            }
            return;
        }
        let Some(block) = self.block(Some(number)) else {
            return;
        };
        for name in ["text", "thinking", "signature"] {
            match (block.get_mut(name), delta.get(name)) {
                (Some(Value::String(text)), Some(Value::String(part))) => text.push_str(part),
                (_, Some(part)) => block[name] = part.clone(),
                (_, None) => {}
            }
        }
    }

    /// The counts here are of the whole reply so far, those of the start included or repeated.
    fn take_message_delta(&mut self, event: &Value) {
        if let Some(delta) = event.get("delta").and_then(Value::as_object) {
            let reason = delta.get("stop_reason");
            self.stands.finished |= reason.is_some_and(|reason| !reason.is_null());
            for (name, value) in delta {
                self.answer.insert(name.clone(), value.clone());
            }
        }
        let Some(usage) = event.get("usage").and_then(Value::as_object) else {
            return;
        };
        let counts = self.answer.entry("usage").or_insert_with(|| json!({}));
        if let Some(counts) = counts.as_object_mut() {
            for (name, value) in usage.iter().filter(|(_, value)| !value.is_null()) {
                counts.insert(name.clone(), value.clone());
            }
        }
        self.stands.counted = self.stands.finished;
    }
}

fn finishes(choices: Option<&Vec<Value>>) -> bool {
    choices.into_iter().flatten().any(|choice| {
        let reason = choice.get("finish_reason");
        reason.is_some_and(|reason| !reason.is_null())
    })
}

/// The entry of a list that a piece belongs to, by the `index` that both have; a new one at its
/// end. None when the list is full.
fn entry<'a>(
    list: &'a mut Vec<Value>,
    index: Option<&Value>,
    fresh: Value,
) -> Option<&'a mut Value> {
    let index = index.cloned().unwrap_or_else(|| json!(0));
    let at = list.iter().position(|one| one.get("index") == Some(&index));
    if at.is_none() {
        if list.len() >= MAX_PARTS {
            return None;
        }
        let mut fresh = fresh;
        fresh["index"] = index;
        list.push(fresh);
    }
    let at = at.unwrap_or(list.len() - 1);
    list.get_mut(at)
}

/// Adds a piece to what came before it: texts are put one after the other, lists of pieces by
/// their `index`; what names something is given once.
fn merge(so_far: &mut Map<String, Value>, delta: &Map<String, Value>) {
    for (name, piece) in delta {
        match (so_far.get_mut(name), piece) {
            (_, Value::Null) => {}
            (_, Value::Array(pieces))
                if pieces.iter().all(|piece| piece.get("index").is_some()) =>
            {
                let list = so_far.entry(name.clone()).or_insert_with(|| json!([]));
                if let Some(list) = list.as_array_mut() {
                    for piece in pieces.iter().filter_map(Value::as_object) {
                        let place = entry(list, piece.get("index"), json!({}));
                        if let Some(place) = place.and_then(Value::as_object_mut) {
                            merge(place, piece);
                        }
                    }
                }
            }
            (Some(Value::String(text)), Value::String(more))
                if !matches!(name.as_str(), "role" | "type" | "id") =>
            {
                text.push_str(more);
            }
            (Some(Value::Object(inner)), Value::Object(more)) => merge(inner, more),
            _ => {
                so_far.insert(name.clone(), piece.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assembled(provider: Provider, pieces: &[Value]) -> Assembly {
        let mut assembly = Assembly::new(provider);
        for piece in pieces {
            assembly.take(piece, piece.to_string().len());
        }
        assembly
    }

    #[test]
    fn chunks_become_a_completion() {
        let chunk = |delta: Value, finish: Value| {
            json!({ "id": "c", "model": "m", "usage": null,
            "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] })
        };
        let call = |index: u32, more: Value| {
            let mut call = json!({ "index": index });
            for (name, value) in more.as_object().unwrap() {
                call[name] = value.clone();
            }
            json!({ "tool_calls": [call] })
        };
        let mut pieces = vec![
            chunk(json!({ "role": "assistant", "content": "I " }), Value::Null),
            chunk(json!({ "content": "click" }), Value::Null),
            chunk(
                call(
                    0,
                    json!({ "id": "a", "type": "function", "function": { "name": "click", "arguments": "{\"bid\"" } }),
                ),
                Value::Null,
            ),
            chunk(
                call(0, json!({ "function": { "arguments": ":\"1\"}" } })),
                Value::Null,
            ),
            chunk(json!({}), json!("tool_calls")),
        ];
        let before = assembled(Provider::OpenAi, &pieces);
        assert!(before.stands().finished && !before.stands().counted);
        assert_eq!(before.answer().get("usage"), None);
        pieces.push(
            json!({ "choices": [], "usage": { "prompt_tokens": 3, "completion_tokens": 2 } }),
        );
        let whole = assembled(Provider::OpenAi, &pieces);
        assert!(whole.stands().counted && !whole.stands().over);
        let answer = whole.answer();
        let message = &answer["choices"][0]["message"];
        assert_eq!(message["content"], "I click");
        assert_eq!(message["tool_calls"][0]["function"]["name"], "click");
        assert_eq!(
            message["tool_calls"][0]["function"]["arguments"],
            "{\"bid\":\"1\"}"
        );
        assert_eq!(message["tool_calls"][0]["id"], "a");
        assert_eq!(answer["choices"][0]["finish_reason"], "tool_calls");
        assert_eq!(answer["usage"]["prompt_tokens"], 3);
    }

    #[test]
    fn events_become_a_message() {
        let mut pieces = vec![
            json!({ "type": "message_start", "message": { "id": "m", "model": "c", "content": [],
                "usage": { "input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 1 } } }),
            json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
            json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": "Hi" } }),
            json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": "!" } }),
            json!({ "type": "content_block_stop", "index": 0 }),
            json!({ "type": "content_block_start", "index": 1,
                "content_block": { "type": "tool_use", "id": "t", "name": "click", "input": {} } }),
            json!({ "type": "content_block_delta", "index": 1, "delta": { "partial_json": "{\"bid\":" } }),
            json!({ "type": "content_block_delta", "index": 1, "delta": { "partial_json": "\"1\"}" } }),
            json!({ "type": "content_block_stop", "index": 1 }),
        ];
        let before = assembled(Provider::Anthropic, &pieces);
        assert_eq!(
            before.answer().get("usage"),
            None,
            "the counts of the start are no counts"
        );
        pieces.push(json!({ "type": "message_delta", "delta": { "stop_reason": "tool_use" }, "usage": { "output_tokens": 20 } }));
        pieces.push(json!({ "type": "message_stop" }));
        let whole = assembled(Provider::Anthropic, &pieces);
        assert!(whole.stands().counted && whole.stands().over);
        let answer = whole.answer();
        assert_eq!(answer["content"][0]["text"], "Hi!");
        assert_eq!(answer["content"][1]["input"], json!({ "bid": "1" }));
        assert_eq!(
            answer["usage"],
            json!({ "input_tokens": 9, "cache_read_input_tokens": 4, "output_tokens": 20 })
        );
        assert_eq!(answer["stop_reason"], "tool_use");
    }

    #[test]
    fn a_providers_words_are_kept_and_numbers_out_of_line_do_no_harm() {
        let error = json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } });
        let failed = assembled(Provider::Anthropic, &[error]);
        assert_eq!(failed.stands().error.as_deref(), Some("Overloaded"));
        let far = json!({ "type": "content_block_delta", "index": 4_000_000_000_u64, "delta": { "partial_json": "x" } });
        assert_eq!(assembled(Provider::Anthropic, &[far]).arguments.len(), 0);
        let long =
            json!({ "choices": [{ "index": 0, "delta": { "content": "x".repeat(1_000_000) } }] });
        let end = json!({ "choices": [], "usage": { "prompt_tokens": 1, "completion_tokens": 1 } });
        let mut pieces = vec![long; 6];
        pieces.push(end);
        let answer = assembled(Provider::OpenAi, &pieces).answer();
        assert_eq!(answer["truncated"], true);
        assert_eq!(answer["usage"]["prompt_tokens"], 1);
        assert!(answer.to_string().len() < MAX_KEPT_BYTES + 1_000);
    }
}
