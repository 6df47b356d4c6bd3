//! The actions as tools of a model: descriptions out, calls in.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::call::MAX_LENGTH;
use super::parse::{ActionParseError, build};
use super::set::ActionSet;
use super::signature::{Fallback, MODIFIERS, Parameter, ParameterKind, Signature};
use super::{Action, Direction, MouseButton};

/// One action as a tool that a model can call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolSpec {
    /// Name of the action.
    pub name: &'static str,
    /// What it does.
    pub description: &'static str,
    /// JSON schema of the arguments: an object without further properties.
    pub parameters: Value,
}

/// Every action that models are offered as a tool.
pub fn tools() -> Vec<ToolSpec> {
    tools_of(&ActionSet::offered())
}

/// The actions of a set as tools, in the order of the table.
pub fn tools_of(set: &ActionSet) -> Vec<ToolSpec> {
    set.signatures()
        .map(|signature| ToolSpec {
            name: signature.name,
            description: signature.doc,
            parameters: schema(signature),
        })
        .collect()
}

impl Action {
    /// The action of a tool call. `arguments` is a JSON object; null stands for an empty one. An
    /// element's id may be a number, which in JSON is a slip that leaves no doubt.
    pub fn from_tool_call(name: &str, arguments: &Value) -> Result<Self, ActionParseError> {
        let set = ActionSet::everything();
        let signature = set
            .find(name)
            .ok_or_else(|| ActionParseError::unknown_action(name, &set))?;
        if arguments.to_string().len() > MAX_LENGTH {
            return Err(ActionParseError::TooLong);
        }
        match arguments {
            Value::Object(given) => build(signature, with_text_ids(signature, given.clone())),
            Value::Null => build(signature, Map::new()),
            _ => Err(ActionParseError::arguments(
                signature,
                "the arguments must be a JSON object",
            )),
        }
    }
}

fn with_text_ids(signature: &Signature, mut given: Map<String, Value>) -> Map<String, Value> {
    for parameter in signature.parameters {
        if parameter.kind == ParameterKind::Bid
            && let Some(id) = given.get_mut(parameter.name)
            && id.is_u64()
        {
            *id = id.to_string().into();
        }
    }
    given
}

fn schema(signature: &Signature) -> Value {
    let mut properties = Map::new();
    for parameter in signature.parameters {
        properties.insert(parameter.name.to_owned(), property(parameter));
    }
    let required: Vec<&str> = signature
        .parameters
        .iter()
        .filter(|parameter| parameter.fallback == Fallback::Required)
        .map(|parameter| parameter.name)
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(parameter: &Parameter) -> Value {
    let mut property = match parameter.kind {
        ParameterKind::Bid | ParameterKind::Text => json!({"type": "string"}),
        ParameterKind::Texts => json!({"type": "array", "items": {"type": "string"}}),
        ParameterKind::Number => json!({"type": "number"}),
        ParameterKind::Flag => json!({"type": "boolean"}),
        ParameterKind::Direction => {
            let names: Vec<&str> = Direction::ALL.iter().map(|d| d.as_str()).collect();
            json!({"type": "string", "enum": names})
        }
        ParameterKind::Count => json!({"type": "integer", "minimum": 0}),
        ParameterKind::Button => {
            let names: Vec<&str> = MouseButton::ALL.iter().map(|b| b.as_str()).collect();
            json!({"type": "string", "enum": names})
        }
        ParameterKind::Modifiers => {
            json!({"type": "array", "items": {"type": "string", "enum": MODIFIERS}})
        }
    };
    property["description"] = json!(parameter.doc);
    match parameter.fallback {
        Fallback::Required => {}
        Fallback::Count(value) => property["default"] = json!(value),
        Fallback::Text(value) => property["default"] = json!(value),
        Fallback::Flag(value) => property["default"] = json!(value),
        Fallback::NoTexts => property["default"] = json!([]),
    }
    property
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_call_is_read_like_the_written_call() {
        let action = Action::from_tool_call("fill", &json!({"bid": 4, "value": "x"})).unwrap();
        assert_eq!(action.to_string(), "fill('4', 'x')");
    }

    #[test]
    fn a_tool_call_without_a_required_argument_names_it() {
        let error = Action::from_tool_call("fill", &json!({"bid": "4"})).unwrap_err();
        assert!(error.to_string().contains("`value` is missing"), "{error}");
    }

    #[test]
    fn a_tool_call_with_an_unknown_argument_names_the_right_ones() {
        let error = Action::from_tool_call("click", &json!({"id": "4"})).unwrap_err();
        assert!(error.to_string().contains("click(bid,"), "{error}");
    }

    #[test]
    fn every_tool_has_an_object_schema_that_lists_what_is_required() {
        for tool in tools() {
            assert_eq!(tool.parameters["type"], "object", "{}", tool.name);
            for name in tool.parameters["required"].as_array().unwrap() {
                let name = name.as_str().unwrap();
                assert!(tool.parameters["properties"][name].is_object());
            }
        }
    }

    /// An argument of every kind, and one that its parameter does not take.
    fn samples(kind: ParameterKind) -> (Value, Value) {
        match kind {
            ParameterKind::Bid | ParameterKind::Text => (json!("a 'b'\n"), json!(true)),
            ParameterKind::Texts => (json!(["a", "b"]), json!([1])),
            ParameterKind::Number => (json!(-1.5), json!("1")),
            ParameterKind::Count => (json!(3), json!(-1)),
            ParameterKind::Flag => (json!(true), json!("true")),
            ParameterKind::Button => (json!("right"), json!("top")),
            ParameterKind::Modifiers => (json!(["Shift"]), json!(["Hyper"])),
            ParameterKind::Direction => (json!("down"), json!("left")),
        }
    }

    #[test]
    fn every_tool_call_reads_prints_and_reads_back() {
        for tool in tools_of(&ActionSet::everything()) {
            let signature = Signature::find(tool.name).unwrap();
            let all = signature.parameters.iter();
            let all: Map<_, _> = all
                .map(|parameter| (parameter.name.to_owned(), samples(parameter.kind).0))
                .collect();
            let required = tool.parameters["required"].as_array().unwrap().clone();
            let mut least = all.clone();
            least.retain(|name, _| required.contains(&json!(name)));
            for given in [all, least] {
                let action = Action::from_tool_call(tool.name, &Value::Object(given)).unwrap();
                assert_eq!(Action::parse(&action.to_string()), Ok(action));
            }
        }
    }

    #[test]
    fn a_wrong_argument_is_named_with_what_would_be_right() {
        for signature in ActionSet::everything().signatures() {
            for wrong in signature.parameters {
                let given = signature.parameters.iter().map(|parameter| {
                    let (right, other) = samples(parameter.kind);
                    let is_wrong = parameter.name == wrong.name;
                    (
                        parameter.name.to_owned(),
                        if is_wrong { other } else { right },
                    )
                });
                let given = Value::Object(given.collect());
                let error = Action::from_tool_call(signature.name, &given).unwrap_err();
                let text = error.to_string();
                let start = format!("wrong arguments: `{}` must be ", wrong.name);
                assert!(text.starts_with(&start), "{}: {text}", signature.name);
                assert!(
                    text.ends_with(&signature.usage()),
                    "{}: {text}",
                    signature.name
                );
            }
        }
    }

    #[test]
    fn models_are_offered_the_names_and_parameters_of_the_table() {
        let names: Vec<&str> = tools().iter().map(|tool| tool.name).collect();
        assert!(names.contains(&"click") && names.contains(&"scroll_at"));
        assert!(!names.contains(&"scroll_page"));
        for tool in tools() {
            assert!(!tool.description.is_empty(), "{}", tool.name);
            let properties = tool.parameters["properties"].as_object().unwrap();
            for (name, property) in properties {
                let described = property["description"]
                    .as_str()
                    .is_some_and(|d| !d.is_empty());
                assert!(
                    described && property["type"].is_string(),
                    "{}.{name}",
                    tool.name
                );
                let is_required = tool.parameters["required"]
                    .as_array()
                    .unwrap()
                    .contains(&json!(name));
                assert_ne!(
                    is_required,
                    property.get("default").is_some(),
                    "{}.{name}",
                    tool.name
                );
            }
        }
        let click = &tools()[0].parameters["properties"];
        assert_eq!(click["button"]["enum"], json!(["left", "middle", "right"]));
        assert_eq!(click["modifiers"]["items"]["enum"], json!(MODIFIERS));
    }

    #[test]
    fn arguments_have_the_same_bound_as_texts() {
        let call = |length: usize| {
            let arguments = json!({"text": "x".repeat(length)});
            Action::from_tool_call("send_msg_to_user", &arguments)
        };
        assert!(call(MAX_LENGTH - 100).is_ok());
        assert_eq!(call(MAX_LENGTH), Err(ActionParseError::TooLong));
    }
}
