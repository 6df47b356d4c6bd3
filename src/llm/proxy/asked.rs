//! Reads what a foreign agent asks of a model, and bounds what it can cost. What the arena does not
//! need to know goes on untouched.

use serde_json::{Map, Value, json};

use crate::domain::agent::Provider;
use crate::domain::budget::MostCost;
use crate::domain::price::Tariff;
use crate::llm::ledger::{ADDED_TOKENS, ADDED_TOKENS_EACH};

/// Most characters of a model's name.
const MAX_MODEL: usize = 200;

/// The most tokens that a picture counts as. OpenAI: 2,833 and 5,667 for each of up to 8 tiles with
/// the dearest of its formulas (<https://platform.openai.com/docs/guides/images-vision>). Anthropic:
/// 4,784 (<https://platform.claude.com/docs/en/build-with-claude/vision>).
const fn picture_tokens(provider: Provider) -> u64 {
    match provider {
        Provider::OpenAi => 50_000,
        Provider::Anthropic => 5_000,
    }
}

/// Fields of a request whose part in its cost is known: none, or that of the text that they hold.
const fn plain_fields(provider: Provider) -> &'static [&'static str] {
    match provider {
        Provider::OpenAi => &[
            "frequency_penalty",
            "function_call",
            "functions",
            "logit_bias",
            "logprobs",
            "max_completion_tokens",
            "max_tokens",
            "messages",
            "metadata",
            "modalities",
            "model",
            "n",
            "parallel_tool_calls",
            "presence_penalty",
            "prompt_cache_key",
            "reasoning_effort",
            "response_format",
            "safety_identifier",
            "seed",
            "service_tier",
            "stop",
            "store",
            "stream",
            "stream_options",
            "temperature",
            "tool_choice",
            "tools",
            "top_k",
            "top_logprobs",
            "top_p",
            "user",
            "verbosity",
        ],
        Provider::Anthropic => &[
            "cache_control",
            "max_tokens",
            "messages",
            "metadata",
            "model",
            "output_config",
            "output_format",
            "service_tier",
            "stop_sequences",
            "stream",
            "system",
            "temperature",
            "thinking",
            "tool_choice",
            "tools",
            "top_k",
            "top_p",
        ],
    }
}

/// Parts of messages that are text, or what a tool call says.
const PLAIN_PARTS: [&str; 8] = [
    "text",
    "refusal",
    "tool_use",
    "tool_result",
    "thinking",
    "redacted_thinking",
    "search_result",
    "input_text",
];

/// Tools that run at the agent: calling them costs what their text costs. Others run at the
/// provider, at prices of their own.
const OWN_TOOLS: [&str; 7] = [
    "function",
    "custom",
    "computer_",
    "bash_",
    "text_editor_",
    "memory_",
    "allowed_tools",
];

/// A request that can be passed on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    /// The model.
    pub model: String,
    /// Whether the reply comes in pieces.
    pub streams: bool,
    /// Whether the arena, and not the agent, asked for the counts of a stream.
    pub hides_usage: bool,
    /// What is passed on. Written anew from what was read, so that the provider reads the same.
    pub body: Value,
    input_tokens: u64,
    output_tokens: Option<u64>,
    /// Why nothing bounds its cost.
    unbounded: Option<String>,
}

impl Asked {
    /// Reads a body. The error says what is wrong with it.
    pub(super) fn read(
        provider: Provider,
        bytes: &[u8],
        most_output: Option<u32>,
    ) -> Result<Self, String> {
        let body: Value = serde_json::from_slice(bytes)
            .map_err(|error| format!("The body is not JSON: {error}."))?;
        let Value::Object(mut fields) = body else {
            return Err("The body is not a JSON object.".to_owned());
        };
        let model = match fields.get("model").and_then(Value::as_str) {
            Some(model) if (1..=MAX_MODEL).contains(&model.chars().count()) => model.to_owned(),
            _ => return Err(format!("`model` is a text of 1 to {MAX_MODEL} characters.")),
        };
        let streams = match fields.get("stream") {
            None | Some(Value::Null) => false,
            Some(Value::Bool(streams)) => *streams,
            Some(_) => return Err("`stream` is true or false.".to_owned()),
        };
        let hides_usage = provider == Provider::OpenAi && streams && ask_for_counts(&mut fields)?;
        bound_reply(provider, &mut fields, most_output);
        let (output_tokens, unbounded) = match output_tokens(provider, &fields) {
            Ok(tokens) => (Some(tokens), strange_part(provider, &fields)),
            Err(why) => (None, Some(why)),
        };
        Ok(Self {
            model,
            streams,
            hides_usage,
            input_tokens: input_tokens(provider, &fields),
            body: Value::Object(fields),
            output_tokens,
            unbounded,
        })
    }

    /// The most that the call can cost.
    pub(super) fn most(&self, tariff: &Tariff) -> MostCost {
        let output = self.output_tokens.filter(|_| self.unbounded.is_none());
        match MostCost::of(tariff, self.input_tokens, Some(0)) {
            MostCost::Unpriced => MostCost::Unpriced,
            _ => MostCost::of(tariff, self.input_tokens, output),
        }
    }

    /// Why nothing bounds its cost, in words for the agent's author.
    pub(super) fn why_unbounded(&self) -> &str {
        self.unbounded
            .as_deref()
            .unwrap_or("its cost is too high to count")
    }
}

/// Asks for the counts of a stream where the agent did not. Says whether it had to.
fn ask_for_counts(fields: &mut Map<String, Value>) -> Result<bool, String> {
    let options = fields.entry("stream_options").or_insert(Value::Null);
    if options.is_null() {
        *options = json!({});
    }
    let Some(options) = options.as_object_mut() else {
        return Err("`stream_options` is an object.".to_owned());
    };
    let asked = options.get("include_usage") == Some(&Value::Bool(true));
    options.insert("include_usage".to_owned(), Value::Bool(true));
    Ok(!asked)
}

/// Names of what bounds a reply.
const fn reply_bounds(provider: Provider) -> &'static [&'static str] {
    match provider {
        Provider::OpenAi => &["max_completion_tokens", "max_tokens"],
        Provider::Anthropic => &["max_tokens"],
    }
}

/// Puts the agent's setting where its request bounds nothing.
fn bound_reply(provider: Provider, fields: &mut Map<String, Value>, most: Option<u32>) {
    let names = reply_bounds(provider);
    let set = |name: &&str| fields.get(*name).is_some_and(|value| !value.is_null());
    if let Some(most) = most.filter(|_| !names.iter().any(set)) {
        fields.insert(names[0].to_owned(), json!(most));
    }
}

/// The most tokens of all replies to a request.
fn output_tokens(provider: Provider, fields: &Map<String, Value>) -> Result<u64, String> {
    let number = |name: &str| match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64() {
            Some(number) => Ok(Some(number)),
            None => Err(format!("`{name}` is no whole number")),
        },
    };
    let names = reply_bounds(provider);
    let mut most = None;
    for name in names {
        most = most.max(number(name)?);
    }
    let most = most.ok_or_else(|| format!("nothing bounds the reply: send `{}`", names[0]))?;
    let replies = match provider {
        Provider::OpenAi => number("n")?.unwrap_or(1),
        Provider::Anthropic => 1,
    };
    Ok(most.saturating_mul(replies.max(1)))
}

/// The most tokens of a request: one for each byte of its text (see [`crate::llm::ledger`]),
/// pictures by their own count, and what providers add.
fn input_tokens(provider: Provider, fields: &Map<String, Value>) -> u64 {
    let mut pictures = Pictures::default();
    let mut pieces = 0;
    for part in parts(fields) {
        pieces += 1;
        pictures.count(part);
    }
    for list in ["messages", "tools", "functions"] {
        pieces += fields
            .get(list)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
    }
    let text: u64 = fields.values().map(json_bytes).sum();
    let text = text.saturating_sub(pictures.bytes);
    let pieces = u64::try_from(pieces).unwrap_or(u64::MAX);
    text.saturating_add(pictures.number.saturating_mul(picture_tokens(provider)))
        .saturating_add(pieces.saturating_mul(ADDED_TOKENS_EACH))
        .saturating_add(ADDED_TOKENS)
}

fn json_bytes(value: &Value) -> u64 {
    u64::try_from(value.to_string().len()).unwrap_or(u64::MAX)
}

/// Pictures, and the bytes of the request that are theirs.
#[derive(Default)]
struct Pictures {
    number: u64,
    bytes: u64,
}

impl Pictures {
    fn count(&mut self, part: &Value) {
        let inline = match kind(part) {
            "image_url" => {
                let url = part.pointer("/image_url/url").or(part.get("image_url"));
                url.and_then(Value::as_str)
                    .filter(|url| url.starts_with("data:"))
            }
            "image" => part.pointer("/source/data").and_then(Value::as_str),
            _ => return,
        };
        self.number += 1;
        self.bytes += inline.map_or(0, |data| u64::try_from(data.len()).unwrap_or(0));
    }
}

/// All parts of all messages, those inside results of tools included.
fn parts(fields: &Map<String, Value>) -> Vec<&Value> {
    let mut found = Vec::new();
    let messages = fields.get("messages").and_then(Value::as_array);
    let mut open: Vec<&Value> = messages.into_iter().flatten().collect();
    while let Some(holder) = open.pop() {
        let inner = holder.get("content").and_then(Value::as_array);
        for part in inner.into_iter().flatten() {
            found.push(part);
            open.push(part);
        }
    }
    let system = fields.get("system").and_then(Value::as_array);
    found.extend(system.into_iter().flatten());
    found
}

fn kind(part: &Value) -> &str {
    part.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// What in a request can cost more than its text and its reply say; none when nothing does.
fn strange_part(provider: Provider, fields: &Map<String, Value>) -> Option<String> {
    let plain = plain_fields(provider);
    if let Some(name) = fields.keys().find(|name| !plain.contains(&name.as_str())) {
        return Some(format!("what `{}` can cost is not known", cut(name)));
    }
    let spoken = [
        (
            "service_tier",
            ["auto", "default", "standard_only"].as_slice(),
        ),
        ("modalities", &["text"]),
    ];
    for (name, known) in spoken {
        let values = match fields.get(name) {
            Some(Value::Array(values)) => values.iter().collect(),
            Some(value) => vec![value],
            None => Vec::new(),
        };
        let strange = |value: &&Value| {
            !value.is_null() && !value.as_str().is_some_and(|text| known.contains(&text))
        };
        if values.iter().any(strange) {
            return Some(format!("`{name}` asks for what has prices of its own"));
        }
    }
    let pictures = ["image_url", "image"];
    let odd = parts(fields).into_iter().map(kind);
    let mut odd = odd.filter(|kind| !PLAIN_PARTS.contains(kind) && !pictures.contains(kind));
    if let Some(kind) = odd.next() {
        return Some(format!(
            "how many tokens a part of type `{}` has is not known",
            cut(kind)
        ));
    }
    let messages = fields.get("messages").and_then(Value::as_array);
    if messages
        .into_iter()
        .flatten()
        .any(|message| !message["audio"].is_null())
    {
        return Some("how many tokens a message's `audio` has is not known".to_owned());
    }
    let tools = fields.get("tools").and_then(Value::as_array);
    for tool in tools.into_iter().flatten() {
        let kind = kind(tool);
        if !kind.is_empty() && !OWN_TOOLS.iter().any(|own| kind.starts_with(own)) {
            return Some(format!(
                "a tool of type `{}` runs at the provider, at a price of its own",
                cut(kind)
            ));
        }
    }
    fields.values().any(is_kept_long).then(|| {
        "what is kept in the cache for longer than five minutes has a price of its own".to_owned()
    })
}

/// Whether anything asks for a cache that lives longer than the usual five minutes.
fn is_kept_long(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_kept_long),
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            let longer = || value.get("ttl").is_some_and(|ttl| *ttl != "5m");
            (name == "cache_control" && longer()) || is_kept_long(value)
        }),
        _ => false,
    }
}

fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Whether an answer was charged in a way that counts and prices of tokens do not tell.
pub(super) fn is_irregular(answer: &Value) -> bool {
    let count = |pointer: &str| answer.pointer(pointer).and_then(Value::as_u64).unwrap_or(0);
    let said = |pointer: &str| answer.pointer(pointer).and_then(Value::as_str);
    let counted = [
        "/usage/prompt_tokens_details/audio_tokens",
        "/usage/completion_tokens_details/audio_tokens",
        "/usage/cache_creation/ephemeral_1h_input_tokens",
        "/usage/server_tool_use/web_search_requests",
        "/usage/server_tool_use/web_fetch_requests",
        "/usage/server_tool_use/code_execution_requests",
    ];
    counted.iter().any(|pointer| count(pointer) > 0)
        || said("/usage/speed").is_some_and(|speed| speed != "standard")
}

#[cfg(test)]
#[path = "asked_tests.rs"]
mod tests;
