//! Accessibility trees as text.

use serde_json::Value;

use super::case::Case;
use crate::domain::axtree;
use crate::domain::python;

/// The reference's screen.
const SCREEN: (f64, f64) = (1280.0, 720.0);

fn nodes(case: &Case) -> &[Value] {
    case.0["axtree_nodes"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
}

/// WebArena's text: the tree, the tree without repetitions, and the line of tabs.
pub(super) fn webarena(case: &Case) -> Vec<String> {
    let screen = (case.0["current_viewport_only"] == true).then_some(SCREEN);
    let text = axtree::webarena_text(nodes(case), screen);
    let mut problems = differ("before cleaning", &text, &case.0["expected_before_clean"]);
    let cleaned = axtree::clean_webarena_text(&text);
    problems.extend(differ("text", &cleaned, &case.0["expected_text"]));
    let title = nodes(case)
        .first()
        .map(|root| python::text_of(&root["name"]["value"]));
    let tabs = axtree::tab_line(&[title.as_deref().unwrap_or_default()], 0);
    problems.extend(differ("tabs", &tabs, &case.0["expected_tab_line"]));
    problems
}

/// BrowserGym's text with the case's options.
pub(super) fn browsergym(case: &Case) -> Vec<String> {
    let options = match serde_json::from_value(case.0["options"].clone()) {
        Ok(options) => options,
        Err(error) => return vec![format!("the options are not known: {error}")],
    };
    let text = axtree::browsergym_text(nodes(case), &case.0["extra_properties"], &options);
    differ("text", &text, &case.0["expected_text"])
}

/// The first line that differs.
fn differ(what: &str, found: &str, expected: &Value) -> Vec<String> {
    let Some(expected) = expected.as_str() else {
        return Vec::new();
    };
    if found == expected {
        return Vec::new();
    }
    let mut lines = found.lines().zip(expected.lines()).enumerate();
    let different = lines.find(|(_, (found, expected))| found != expected);
    vec![match different {
        Some((at, (found, expected))) => {
            format!("{what}, line {}: `{found}` instead of `{expected}`", at + 1)
        }
        None => format!(
            "{what}: {} lines instead of {}",
            found.lines().count(),
            expected.lines().count()
        ),
    }]
}
