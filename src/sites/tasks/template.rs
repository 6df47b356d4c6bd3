//! Task files: a template in TOML that a draw fills in. Errors name file, line and field.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::Spanned;

use super::{TaskFileError, TaskFolder};
use crate::domain::task::TaskKind;

/// One task file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its id, e.g. `S07`.
    pub id: String,
    /// Counts from 1; anything that changes which results pass makes a new one.
    pub revision: u32,
    /// For lists.
    pub title: String,
    /// Sites that the agent may visit.
    pub sites: Vec<String>,
    /// Who is signed in.
    pub persona: String,
    /// Where it starts.
    pub start: String,
    /// What the result is.
    pub kind: TaskKind,
    /// The template of the other kind with the same goal: every infeasible template has one.
    #[serde(default)]
    pub twin: Option<String>,
    /// Skill tags.
    pub skills: Vec<String>,
    /// Where text and data come from.
    pub provenance: String,
    /// What the agent is told, with `{placeholders}`.
    pub goal: String,
    /// The goal names the answer among others, by design.
    #[serde(default)]
    pub answer_in_goal: bool,
    /// Points by feature letter; those for steps (`S`) are computed from the solution.
    pub points: BTreeMap<String, u32>,
    /// Bounds on one episode.
    pub limits: TemplateLimits,
    /// Name of the Rust function that computes parameters and expected values.
    pub draw: String,
    /// What counts; rendered before it is read as evaluators.
    pub evaluate: Vec<Spanned<toml::Table>>,
    /// Near misses and other right results, as data.
    pub check: Vec<Spanned<toml::Table>>,
    /// The reference solution.
    pub solution: Solution,
}

/// Bounds on one episode.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateLimits {
    /// Most steps.
    pub steps: u32,
    /// Most time, in seconds.
    pub seconds: u32,
}

/// The reference solution.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Solution {
    /// One instruction a line; a line that is one placeholder of an array stands for its items.
    pub steps: Vec<String>,
}

/// A task file with what is needed to point into it.
#[derive(Debug, Clone)]
pub struct File {
    /// The folder that it is in.
    pub folder: &'static TaskFolder,
    /// Its path in the repository.
    pub path: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub template: Template,
}

impl File {
    /// Reads a task file.
    pub fn parse(
        folder: &'static TaskFolder,
        path: &str,
        text: &str,
    ) -> Result<Self, TaskFileError> {
        let error = |span: Option<Range<usize>>, field: String, problem: &str| TaskFileError {
            file: path.into(),
            line: line_of(text, span.map_or(0, |span| span.start)),
            field,
            problem: problem.into(),
        };
        let deserializer = toml::Deserializer::parse(text)
            .map_err(|problem| error(problem.span(), String::new(), problem.message()))?;
        let template = serde_path_to_error::deserialize(deserializer).map_err(|problem| {
            let field = problem.path().to_string();
            let inner = problem.into_inner();
            error(inner.span(), field, inner.message())
        })?;
        Ok(Self {
            folder,
            path: path.to_owned(),
            text: text.to_owned(),
            template,
        })
    }

    /// An error at a field of the top level.
    pub fn error(&self, field: &str, problem: impl Into<String>) -> TaskFileError {
        let line = self
            .text
            .lines()
            .position(|line| {
                let start = line.trim_start_matches('[');
                start
                    .strip_prefix(field)
                    .is_some_and(|rest| rest.starts_with([' ', '=', ']', '.']))
            })
            .map_or(1, |at| at + 1);
        TaskFileError {
            file: self.path.clone(),
            line,
            field: field.into(),
            problem: problem.into(),
        }
    }

    /// Reads a rendered table of an array such as `evaluate`; errors point to where it starts
    /// and name the field within.
    pub fn read<T: DeserializeOwned>(
        &self,
        array: &str,
        index: usize,
        span: Range<usize>,
        value: Value,
    ) -> Result<T, TaskFileError> {
        serde_path_to_error::deserialize(value).map_err(|problem| TaskFileError {
            file: self.path.clone(),
            line: line_of(&self.text, span.start),
            field: format!("{array}[{index}].{}", problem.path()),
            problem: problem.inner().to_string(),
        })
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset)
        .map_or(1, |before| before.matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::cross;

    const RIGHT: &str = include_str!("../shop/tasks/s08.toml");

    fn problem(text: &str) -> String {
        File::parse(&cross::TASKS, "s.toml", text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn errors_name_file_line_and_field() {
        let unknown = problem(&RIGHT.replacen("revision = 2", "revison = 1", 1));
        assert!(unknown.starts_with("s.toml:2: "), "{unknown}");
        assert!(unknown.contains("revison"), "{unknown}");
        let wrong = problem(&RIGHT.replacen("revision = 2", "revision = \"one\"", 1));
        assert!(wrong.starts_with("s.toml:2: revision: "), "{wrong}");
        let broken = problem(&RIGHT.replacen("kind = ", "kind ", 1));
        assert!(broken.starts_with("s.toml:7: "), "{broken}");
    }

    #[test]
    fn errors_inside_rendered_tables_name_the_table_and_its_line() {
        let file = File::parse(&cross::TASKS, "s.toml", RIGHT).unwrap();
        let span = file.template.evaluate[0].span();
        let wrong = serde_json::json!({"type": "state", "expect": [{"op": "moved"}]});
        let error = file
            .read::<crate::domain::task::EvaluatorSpec>("evaluate", 0, span, wrong)
            .unwrap_err();
        assert!(error.field.starts_with("evaluate[0]"), "{error}");
        assert!(error.problem.contains("moved"), "{error}");
        let line = RIGHT
            .lines()
            .position(|line| line == "[[evaluate]]")
            .unwrap();
        assert!(error.line.abs_diff(line + 1) <= 1, "{error}");
    }
}
