//! The published cases of the reference benchmarks, when they lie beside the repository
//! (`../shared/conformance`, or the folder that `AGENTARENA_CONFORMANCE` names). The rules themselves are proven by tests of the repository's own;
//! without the folder these skip and say so.

use std::path::PathBuf;

use agentarena::domain::action::webarena::{
    self, EarlyStop, Profile, SiteNames, Thresholds, WebArenaAction, WebArenaError,
};
use agentarena::domain::action::{Action, ActionParseError, ActionSet, Call, Reading};
use serde_json::{Value, json};

/// The cases of a file, or nothing when it is not there.
fn cases(file: &str) -> Option<Vec<Value>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    // Work trees lie one folder deeper than the repository.
    let given = std::env::var_os("AGENTARENA_CONFORMANCE").map(PathBuf::from);
    let usual = ["../shared/conformance", "../../shared/conformance"].map(|path| root.join(path));
    let found = given.into_iter().chain(usual).find(|path| path.is_dir());
    let Some(folder) = found else {
        eprintln!("skipped: no folder ../shared/conformance beside the repository");
        return None;
    };
    let text = std::fs::read_to_string(folder.join(file)).expect("the published file");
    let cases: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("a case"))
        .collect();
    assert!(!cases.is_empty());
    Some(cases)
}

fn field<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_default()
}

fn as_case(read: Result<WebArenaAction, WebArenaError>) -> Value {
    let action = match read {
        Ok(action) => action,
        Err(WebArenaError::Empty) => return json!("IndexError"),
        Err(WebArenaError::Untypable(_)) => return json!("KeyError"),
        Err(_) => return json!("ActionParsingError"),
    };
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
            json!({"action_type": "PAGE_FOCUS", "page_number": index})
        }
        WebArenaAction::Stop { answer } => json!({"action_type": "STOP", "answer": answer}),
    }
}

#[test]
fn published_webarena_actions_read_as_in_the_reference() {
    let Some(cases) = cases("actions_webarena.jsonl") else {
        return;
    };
    for case in cases {
        let read = WebArenaAction::parse(field(&case, "input"), Profile::Compat);
        let expected = case.get("expected").unwrap_or(&case["expected_error"]);
        assert_eq!(&as_case(read), expected, "{case}");
    }
}

#[test]
fn published_browsergym_actions_read_as_in_the_reference() {
    let Some(cases) = cases("actions_browsergym.jsonl") else {
        return;
    };
    for case in cases {
        let set = ActionSet::of(&[field(&case, "subset")]).expect("a known subset");
        let input = field(&case, "input");
        let (calls, reading) = if case["strict"] == true {
            (Call::read_all(input), Reading::Strict)
        } else {
            (Call::find_all(input), Reading::Loose)
        };
        let action = Action::parse_in(input, &set, reading);
        if case.get("expected_error").is_some() {
            let is_name_error = matches!(action, Err(ActionParseError::UnknownAction { .. }));
            assert_eq!(
                is_name_error,
                case["expected_error"] == "NameError",
                "{case}"
            );
            assert!(action.is_err(), "{case}");
            continue;
        }
        let calls: Vec<Value> = calls
            .unwrap_or_else(|error| panic!("{case}: {error}"))
            .into_iter()
            .map(|call| {
                let kwargs: serde_json::Map<String, Value> = call.kwargs.into_iter().collect();
                json!({"name": call.name, "args": call.args, "kwargs": kwargs})
            })
            .collect();
        let mut expected = case["expected_calls"].clone();
        let mut fits = true;
        for call in expected.as_array_mut().expect("a list of calls") {
            let call = call.as_object_mut().expect("a call");
            fits &= call.remove("signature_error").is_none();
        }
        assert_eq!(json!(calls), expected, "{case}");
        assert!(fits || action.is_err(), "{case}");
    }
}

#[test]
fn published_agent_loop_cases_end_as_in_the_reference() {
    let Some(cases) = cases("agent_loop.jsonl") else {
        return;
    };
    let sites = SiteNames::new(|site| {
        Some(match site {
            "SHOPPING" => "http://shop.test:7770",
            "SHOPPING_ADMIN" => "http://shop.test:7780/admin",
            "REDDIT" => "http://reddit.test:9999",
            "GITLAB" => "http://gitlab.test:8023",
            "WIKIPEDIA" => {
                "http://wiki.test:8888/wikipedia_en_all_maxi_2022-05/A/User:The_other_Kiwix_guy/Landing"
            }
            "MAP" => "http://map.test:3000",
            _ => "http://home.test:4399",
        })
    });
    for case in cases {
        let found = match field(&case, "kind") {
            "extract_action" => match webarena::extract(field(&case, "input")) {
                Ok(text) => json!(sites.to_local(text)),
                Err(_) => json!("ActionParsingError"),
            },
            "map_url_to_real" => json!(sites.to_shown(field(&case, "input"))),
            "early_stop" => early_stop(&case),
            other => panic!("an unknown kind {other}"),
        };
        let expected = case.get("expected").unwrap_or(&case["expected_error"]);
        assert_eq!(&found, expected, "{case}");
    }
}

fn early_stop(case: &Value) -> Value {
    let count = |value: &Value| usize::try_from(value.as_u64().expect("a count")).unwrap();
    let texts = case["actions"].as_array().expect("actions");
    let actions: Vec<Option<WebArenaAction>> = texts
        .iter()
        .map(|text| WebArenaAction::parse(text.as_str().expect("text"), Profile::Compat).ok())
        .collect();
    let thresholds = Thresholds {
        parsing_failure: count(&case["thresholds"]["parsing_failure"]),
        repeating_action: count(&case["thresholds"]["repeating_action"]),
    };
    let stop = EarlyStop::check(&actions, count(&case["max_steps"]), thresholds);
    let message = stop.map(|reason| reason.to_string()).unwrap_or_default();
    json!({"stop": stop.is_some(), "message": message})
}
