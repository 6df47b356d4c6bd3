//! Action texts, replies of models, addresses as agents see them, and early stops.

use serde_json::{Map, Value, json};

use super::case::{Case, Manifest};
use crate::domain::action::webarena::{
    self, EarlyStop, Profile, SiteNames, Thresholds, WebArenaAction, WebArenaError,
};
use crate::domain::action::{Action, ActionParseError, ActionSet, Call, Reading};

/// What differs between two values, in words; nothing when they are the same.
fn differ(found: &Value, expected: &Value) -> Vec<String> {
    if found == expected {
        Vec::new()
    } else {
        vec![format!("{found} instead of {expected}")]
    }
}

/// Reads a text in WebArena's grammar.
pub(super) fn webarena(case: &Case) -> Vec<String> {
    let found = match WebArenaAction::parse(case.text("input"), Profile::Compat) {
        Ok(action) => described(&action),
        Err(WebArenaError::Empty) => json!("IndexError"),
        Err(WebArenaError::Untypable(_)) => json!("KeyError"),
        Err(_) => json!("ActionParsingError"),
    };
    differ(&found, expected(case))
}

fn expected(case: &Case) -> &Value {
    case.0.get("expected").unwrap_or(&case.0["expected_error"])
}

/// An action with the names of the reference.
fn described(action: &WebArenaAction) -> Value {
    match action {
        WebArenaAction::Click { id } => json!({"action_type": "CLICK", "element_id": id}),
        WebArenaAction::Hover { id } => json!({"action_type": "HOVER", "element_id": id}),
        WebArenaAction::Type { id, text } => {
            json!({"action_type": "TYPE", "element_id": id, "text": text})
        }
        WebArenaAction::Press { key_comb } => {
            json!({"action_type": "KEY_PRESS", "key_comb": key_comb})
        }
        WebArenaAction::Scroll { direction } => {
            json!({"action_type": "SCROLL", "direction": direction.as_str()})
        }
        WebArenaAction::Goto { url } => json!({"action_type": "GOTO_URL", "url": url}),
        WebArenaAction::NewTab => json!({"action_type": "NEW_TAB"}),
        WebArenaAction::GoBack => json!({"action_type": "GO_BACK"}),
        WebArenaAction::GoForward => json!({"action_type": "GO_FORWARD"}),
        WebArenaAction::CloseTab => json!({"action_type": "PAGE_CLOSE"}),
        WebArenaAction::TabFocus { index } => {
            // As the file of cases is read, where an integer may be beyond 64 bits.
            let index: Value = serde_json::from_str(&index.to_string()).unwrap_or_default();
            json!({"action_type": "PAGE_FOCUS", "page_number": index})
        }
        WebArenaAction::Stop { answer } => json!({"action_type": "STOP", "answer": answer}),
    }
}

/// Reads a text in BrowserGym's grammar.
pub(super) fn browsergym(case: &Case) -> Vec<String> {
    let input = case.text("input");
    let Some(set) = ActionSet::of(&[case.text("subset")]) else {
        return vec![format!("the subset `{}` is not known", case.text("subset"))];
    };
    let (calls, reading) = if case.0["strict"] == true {
        (Call::read_all(input), Reading::Strict)
    } else {
        (Call::find_all(input), Reading::Loose)
    };
    let several = case.0["multiaction"] == true;
    let action = parsed(input, &set, reading, several);
    if case.0.get("expected_error").is_some() {
        let found = match &action {
            Ok(action) => format!("the action {action}"),
            Err(ActionParseError::UnknownAction { .. }) => "NameError".to_owned(),
            // Too many calls, none, and a text that cannot be read are one exception there.
            Err(_) => "ValueError".to_owned(),
        };
        let wanted = case.text("expected_error");
        let same =
            found == wanted || (action.is_err() && wanted != "NameError" && found != "NameError");
        return if same {
            Vec::new()
        } else {
            vec![format!("{found} instead of {wanted}")]
        };
    }
    let calls = match calls {
        Ok(calls) => calls.into_iter().map(as_value).collect::<Vec<Value>>(),
        Err(error) => return vec![format!("it cannot be read: {error}")],
    };
    let mut wanted = case.0["expected_calls"].clone();
    let mut fits = true;
    for call in wanted
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        fits &= call.remove("signature_error").is_none();
    }
    let mut problems = differ(&json!(calls), &wanted);
    if !fits && action.is_ok() {
        problems.push("wrong arguments were taken".to_owned());
    }
    problems
}

/// The one action of a text; where several may be given, the first of them, or what is wrong with
/// one of them.
fn parsed(
    input: &str,
    set: &ActionSet,
    reading: Reading,
    several: bool,
) -> Result<Action, ActionParseError> {
    let one = Action::parse_in(input, set, reading);
    if !several || !matches!(one, Err(ActionParseError::Several)) {
        return one;
    }
    let calls = match reading {
        Reading::Strict => Call::read_all(input)?,
        Reading::Loose => Call::find_all(input)?,
    };
    // The reference looks at all names first, and at arguments when it executes.
    let read: Vec<Result<Action, ActionParseError>> = calls
        .into_iter()
        .map(|call| Action::from_call(call, set))
        .collect();
    let unknown = |one: &Result<Action, ActionParseError>| {
        matches!(one, Err(ActionParseError::UnknownAction { .. }))
    };
    let place = read
        .iter()
        .position(unknown)
        .or_else(|| read.iter().position(Result::is_err))
        .unwrap_or_default();
    read.into_iter().nth(place).unwrap_or(one)
}

fn as_value(call: Call) -> Value {
    let named: Map<String, Value> = call.kwargs.into_iter().collect();
    json!({"name": call.name, "args": call.args, "kwargs": named})
}

/// Replies of models, addresses as agents see them, early stops.
pub(super) fn agent_loop(case: &Case, manifest: &Manifest) -> Vec<String> {
    let sites = SiteNames::new(|site| manifest.site(site));
    let input = case.text("input");
    let found = match case.kind() {
        "extract_action" => match webarena::extract(input) {
            Ok(text) => json!(sites.to_local(text)),
            Err(_) => json!("ActionParsingError"),
        },
        "map_url_to_real" => json!(sites.to_shown(input)),
        _ => match early_stop(case) {
            Some(found) => found,
            None => return vec!["the case has no thresholds".to_owned()],
        },
    };
    differ(&found, expected(case))
}

fn early_stop(case: &Case) -> Option<Value> {
    let count = |value: &Value| usize::try_from(value.as_u64()?).ok();
    let read = |text: &str| WebArenaAction::parse(text, Profile::Compat).ok();
    let actions: Vec<Option<WebArenaAction>> =
        case.texts("actions").into_iter().map(read).collect();
    let thresholds = Thresholds {
        parsing_failure: count(&case.0["thresholds"]["parsing_failure"])?,
        repeating_action: count(&case.0["thresholds"]["repeating_action"])?,
    };
    let stop = EarlyStop::check(&actions, count(&case.0["max_steps"])?, thresholds);
    let message = stop.map(|reason| reason.to_string()).unwrap_or_default();
    Some(json!({"stop": stop.is_some(), "message": message}))
}
