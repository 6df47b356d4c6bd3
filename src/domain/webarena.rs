//! How WebArena's tasks say what counts. The parts are kept as the task file has them, because
//! the reference reads them only when it scores, and a part that it cannot read is an error then.

mod helper;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use helper::Helper;

use crate::domain::task::EvaluatorSpec;

crate::named_values! {
    /// Whose rules a score follows (`docs/evaluators.md`).
    Compat {
        /// WebArena's code at f62e0b9, quirks included.
        Webarena = "webarena",
        /// `libwebarena` 0.0.5, which BrowserGym runs: WebArena's rules, but each target is
        /// opened in a tab of its own.
        Libwebarena = "libwebarena",
        /// VisualWebArena's code at 89f5af2, as far as text goes.
        Visualwebarena = "visualwebarena",
        /// WebArena's rules with its known defects corrected.
        Strict = "strict",
    }
}

impl Compat {
    /// Whether a task is scored as one of the references does, quirks included.
    pub const fn is_reference(self) -> bool {
        !matches!(self, Self::Strict)
    }

    /// Whether targets are opened in the tab that the agent left, as WebArena does.
    pub const fn reuses_tab(self) -> bool {
        matches!(self, Self::Webarena | Self::Visualwebarena)
    }
}

/// The final message against reference answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StringMatchSpec {
    /// Whose rules.
    pub compat: Compat,
    /// The task's intent, which judges are told as the question.
    pub intent: String,
    /// `reference_answers` of the task file.
    pub reference_answers: Value,
    /// `string_note` of the task file: why the task cannot be done. Absent where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub string_note: Option<Value>,
}

/// The address of the tab left open against reference addresses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrlMatchSpec {
    /// Whose rules.
    pub compat: Compat,
    /// `reference_url` of the task file: alternatives joined by ` |OR| `.
    pub reference_url: Value,
    /// `url_note` of the task file: the rule. Absent where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_note: Option<Value>,
}

/// What pages show after the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramHtmlSpec {
    /// Whose rules.
    pub compat: Compat,
    /// The task's intent, which judges are told as the question.
    pub intent: String,
    /// `program_html` of the task file: where to look, and what must be there.
    pub targets: Value,
}

/// A task says something that no rule covers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnknownRule(pub String);

/// The evaluators of a task of WebArena's format, in the order of `eval_types`.
pub fn evaluators(task: &Value, compat: Compat) -> Result<Vec<EvaluatorSpec>, UnknownRule> {
    let eval = &task["eval"];
    let types = eval["eval_types"]
        .as_array()
        .ok_or_else(|| UnknownRule("eval.eval_types is no list".to_owned()))?;
    types.iter().map(|kind| one(task, kind, compat)).collect()
}

fn one(task: &Value, kind: &Value, compat: Compat) -> Result<EvaluatorSpec, UnknownRule> {
    let eval = &task["eval"];
    let intent = task["intent"].as_str().unwrap_or_default().to_owned();
    Ok(match kind.as_str() {
        Some("string_match") => EvaluatorSpec::StringMatch(StringMatchSpec {
            compat,
            intent,
            reference_answers: eval["reference_answers"].clone(),
            string_note: eval.get("string_note").cloned(),
        }),
        Some("url_match") => EvaluatorSpec::UrlMatch(UrlMatchSpec {
            compat,
            reference_url: eval["reference_url"].clone(),
            url_note: eval.get("url_note").cloned(),
        }),
        Some("program_html") => EvaluatorSpec::ProgramHtml(ProgramHtmlSpec {
            compat,
            intent,
            targets: eval["program_html"].clone(),
        }),
        _ => {
            return Err(UnknownRule(format!(
                "eval.eval_types holds {kind}; known are string_match, url_match and program_html"
            )));
        }
    })
}
