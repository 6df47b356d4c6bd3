//! Request bodies in the envelope `{data: {type, attributes}}`, read strictly: bad JSON says
//! where it breaks, JSON of the wrong shape names the path and what would be right.

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::web::error::{ApiError, Code, Failure};
use crate::web::query::{nearest, shorten};

/// Most bytes of a request body.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

const ATTRIBUTES: &str = "data.attributes";

/// Attributes that a client may send.
pub trait Attributes: DeserializeOwned {
    /// The `type` that goes with them.
    const TYPE: &'static str;
    /// Their names, each with whether it must be there.
    const FIELDS: &'static [(&'static str, bool)];
}

/// The attributes of a request body.
#[derive(Debug)]
pub struct Body<A>(pub A);

impl<A: Attributes> FromRequest for Body<A> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_type = check_media_type(request);
        let mut payload = payload.take();
        Box::pin(async move {
            media_type?;
            let bytes = read_bytes(&mut payload, MAX_BODY_BYTES).await?;
            Ok(Self(parse(&bytes)?))
        })
    }
}

/// Turns a refusal of attributes into a failure that names them as the body does.
pub fn in_body(refusal: impl Into<Failure>) -> Failure {
    refusal.into().in_body()
}

fn check_media_type(request: &HttpRequest) -> Result<(), Failure> {
    let given = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let told = if given.is_empty() {
        "The request has no `Content-Type`; send `application/json`.".to_owned()
    } else {
        let given = shorten(given);
        format!("`Content-Type: {given}` is not taken; send `application/json`.")
    };
    Err(Failure::new(Code::UnsupportedMediaType, told).at("Content-Type"))
}

/// Reads a body whole, up to a number of bytes.
pub async fn read_bytes(payload: &mut Payload, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| {
            let message = format!("The body could not be read to its end: {error}.");
            Failure::new(Code::MalformedRequest, message)
        })?;
        if bytes.len() + chunk.len() > most {
            let message = format!("The body is too large; at most {most} bytes are taken.");
            return Err(Failure::new(Code::BodyTooLarge, message));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn parse<A: Attributes>(bytes: &[u8]) -> Result<A, Failure> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let message = format!(
            "The body is empty; send {{\"data\":{{\"type\":\"{}\",\"attributes\":{{...}}}}}}.",
            A::TYPE
        );
        return Err(Failure::new(Code::MalformedRequest, message));
    }
    let whole: Value = serde_json::from_slice(bytes).map_err(|error| {
        let message = format!("The body is not JSON: {error}.");
        Failure::new(Code::MalformedRequest, message)
    })?;
    let attributes = open_envelope(whole, A::TYPE)?;
    check_names(&attributes, A::FIELDS)?;
    serde_path_to_error::deserialize(Value::Object(attributes)).map_err(|error| {
        let path = error.path().to_string();
        let field = match path.as_str() {
            "." => ATTRIBUTES.to_owned(),
            path => format!("{ATTRIBUTES}.{path}"),
        };
        let message = format!("`{field}`: {}.", error.inner());
        Failure::invalid(field, message)
    })
}

/// Takes the attributes out of `{data: {type, attributes}}`.
fn open_envelope(whole: Value, expected_type: &str) -> Result<Map<String, Value>, Failure> {
    let mut whole = object(whole, "")?;
    check_names(&whole, &[("data", true), ("meta", false)]).map_err(|fault| fault.moved(""))?;
    let mut data = object(whole.remove("data").unwrap_or_default(), "data")?;
    let names = &[("type", true), ("id", false), ("attributes", true)];
    check_names(&data, names).map_err(|fault| fault.moved("data."))?;
    let given_type = data.remove("type").unwrap_or_default();
    if given_type.as_str() != Some(expected_type) {
        let given = shorten(&given_type.to_string());
        let message = format!("`data.type` is {given}; here it is \"{expected_type}\".");
        return Err(Failure::invalid("data.type", message));
    }
    object(data.remove("attributes").unwrap_or_default(), ATTRIBUTES)
}

fn object(value: Value, field: &str) -> Result<Map<String, Value>, Failure> {
    let kind = match value {
        Value::Object(map) => return Ok(map),
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
    };
    let failure = if field.is_empty() {
        let message = format!("The body is {kind}; it must be an object with `data`.");
        Failure::invalid("data", message)
    } else {
        Failure::invalid(field, format!("`{field}` is {kind}; it must be an object."))
    };
    Err(failure)
}

/// Names that are missing, or that nobody knows.
struct NameFault(Vec<(String, String)>);

impl NameFault {
    fn moved(self, prefix: &str) -> Failure {
        let faults = self.0.into_iter().map(|(name, told)| {
            let field = format!("{prefix}{name}");
            let message = format!("`{field}` {told}");
            (field, message)
        });
        Failure::all_invalid(faults)
    }
}

impl From<NameFault> for Failure {
    fn from(fault: NameFault) -> Self {
        fault.moved("data.attributes.")
    }
}

fn check_names(map: &Map<String, Value>, fields: &[(&str, bool)]) -> Result<(), NameFault> {
    let missing = fields
        .iter()
        .filter(|(name, required)| *required && !map.contains_key(*name))
        .map(|(name, _)| ((*name).to_owned(), "is missing.".to_owned()));
    let known: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let unknown = map
        .keys()
        .filter(|name| !known.contains(&name.as_str()))
        .map(|name| {
            let hint = match nearest(name, &known) {
                Some(right) => format!("is not known; did you mean `{right}`?"),
                None => format!("is not known; the right names are {}.", known.join(", ")),
            };
            (shorten(name), hint)
        });
    let faults: Vec<_> = missing.chain(unknown).collect();
    if faults.is_empty() {
        return Ok(());
    }
    Err(NameFault(faults))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Sample {
        task_id: String,
        seed: Option<u32>,
    }

    impl Attributes for Sample {
        const TYPE: &'static str = "submission";
        const FIELDS: &'static [(&'static str, bool)] = &[("taskId", true), ("seed", false)];
    }

    fn fault(body: &str) -> (Code, Option<String>, String) {
        let failure = parse::<Sample>(body.as_bytes()).unwrap_err();
        let item = failure.items()[0].clone();
        (item.code, item.field, item.message)
    }

    #[test]
    fn a_right_body_is_read() {
        let body = r#"{"data":{"type":"submission","attributes":{"taskId":"a","seed":3}}}"#;
        let sample: Sample = parse(body.as_bytes()).unwrap();
        assert_eq!((sample.task_id.as_str(), sample.seed), ("a", Some(3)));
    }

    #[test]
    fn what_is_not_json_says_where_it_breaks() {
        let (code, field, message) = fault("{\"data\":\n nope}");
        assert_eq!((code, field), (Code::MalformedRequest, None));
        assert!(message.contains("line 2 column"), "{message}");
        assert_eq!(fault("  ").0, Code::MalformedRequest);
        assert_eq!(fault(&"[".repeat(100_000)).0, Code::MalformedRequest);
    }

    #[test]
    fn json_of_the_wrong_shape_names_the_path() {
        let cases = [
            ("[1]", "data", "an array"),
            ("{}", "data", "missing"),
            (r#"{"data":3}"#, "data", "a number"),
            (
                r#"{"data":{"type":"agent","attributes":{}}}"#,
                "data.type",
                "here it is \"submission\"",
            ),
            (
                r#"{"data":{"type":"submission"}}"#,
                "data.attributes",
                "missing",
            ),
            (
                r#"{"data":{"type":"submission","attributes":{}}}"#,
                "data.attributes.taskId",
                "missing",
            ),
            (
                r#"{"data":{"type":"submission","attributes":{"taskId":5}}}"#,
                "data.attributes.taskId",
                "expected a string",
            ),
            (
                r#"{"data":{"type":"submission","attributes":{"taskId":"a","sead":1}}}"#,
                "data.attributes.sead",
                "did you mean `seed`?",
            ),
        ];
        for (body, field, part) in cases {
            let (code, named, message) = fault(body);
            assert_eq!(code, Code::ValidationError, "{body}");
            assert_eq!(named.as_deref(), Some(field), "{body}");
            assert!(message.contains(part), "{body}: {message}");
        }
    }
}
