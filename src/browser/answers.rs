//! What the browser answers to evaluated scripts and asked-for pictures.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::BrowserError;

/// The bytes of a picture.
pub(super) fn decode(answer: &Value) -> Result<Vec<u8>, BrowserError> {
    let data = answer["data"].as_str().unwrap_or_default();
    STANDARD
        .decode(data)
        .map_err(|error| BrowserError::Protocol(format!("the screenshot is damaged: {error}")))
}

/// Parameters of `Runtime.evaluate` in the page script's world.
pub(super) fn evaluation(world: i64, expression: &str) -> Value {
    json!({
        "contextId": world,
        "expression": expression,
        "returnByValue": true,
        "awaitPromise": true,
    })
}

/// What an evaluated expression gave, or what it threw.
pub(super) fn value_of(mut answer: Value) -> Result<Value, String> {
    if let Some(exception) = answer.get("exceptionDetails") {
        let text = exception["exception"]["description"]
            .as_str()
            .or(exception["text"].as_str());
        return Err(text.unwrap_or("unknown").to_owned());
    }
    Ok(answer["result"]["value"].take())
}

/// Whether a script failed only because its document is gone.
pub(super) fn is_replaced(message: &str) -> bool {
    [
        "Cannot find context",
        "context was destroyed",
        "navigated or closed",
        "No frame for given id",
        "No frame with given id",
        "Frame with the given id",
        "Promise was collected",
        "Internal error",
        "is not defined",
    ]
    .iter()
    .any(|words| message.contains(words))
}
