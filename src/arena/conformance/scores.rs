//! Scores of answers, addresses and pages that are given as values.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::Checked;
use super::case::{Case, Manifest};
use crate::arena::import::webarena::tasks;
use crate::domain::evidence::{Asked, Ending, Evidence, Judgement};
use crate::domain::python;
use crate::domain::task::TaskSpec;
use crate::domain::verdict::VerdictStatus;
use crate::domain::webarena::{Compat, Helper};
use crate::evaluators;
use crate::evaluators::lookup::{self, LookupPage, PageValue};

/// Whose recorded scores are compared besides the case's own, by the beginning of their name.
const VARIANTS: [(&str, Compat); 2] = [
    ("visualwebarena ", Compat::Visualwebarena),
    ("libwebarena ", Compat::Libwebarena),
];

/// Runs a case by the rules that it was recorded with, and by those of its variants.
pub(super) async fn check(case: &Case, manifest: &Manifest, task: &Value) -> Checked {
    let compat = if case.kind().starts_with("vwa_") {
        Compat::Visualwebarena
    } else {
        Compat::Webarena
    };
    let told = run(case, manifest, task, compat).await;
    let mut problems = compare(&case.0["expected_score"], &told.status);
    problems.extend(told.compare_calls(case));
    let mut variants = 0;
    for (compat, expected) in variants_of(case) {
        variants += 1;
        let told = run(case, manifest, task, compat).await;
        let wrong = compare(&expected, &told.status);
        problems.extend(
            wrong
                .into_iter()
                .map(|what| format!("{}: {what}", compat.as_str())),
        );
    }
    Checked { problems, variants }
}

/// The scores that were recorded by other rules.
pub(super) fn variants_of(case: &Case) -> Vec<(Compat, Value)> {
    let scores = case.0["variant_scores"].as_object();
    let known = |(name, score): (&String, &Value)| {
        let (_, compat) = VARIANTS
            .iter()
            .find(|(prefix, _)| name.starts_with(prefix))?;
        Some((*compat, score.clone()))
    };
    scores.into_iter().flatten().filter_map(known).collect()
}

/// What came of a case.
pub(super) struct Told {
    /// The score, or why there is none.
    pub(super) status: Result<bool, String>,
    calls: Vec<Asked>,
    /// Replies of the script that were not used.
    left: Vec<String>,
}

impl Told {
    /// Compares what the judge was asked with what the reference asked it.
    pub(super) fn compare_calls(&self, case: &Case) -> Vec<String> {
        let mut problems = Vec::new();
        let call = |asked: &Asked| {
            json!({"judge": asked.rule.as_str(), "pred": asked.prediction,
                   "reference": asked.reference, "question": asked.question})
        };
        let calls: Vec<Value> = self.calls.iter().map(call).collect();
        if let Some(expected) = case.0.get("expected_judge_calls")
            && *expected != json!(calls)
        {
            problems.push(format!(
                "the judge was asked {} instead of {expected}",
                json!(calls)
            ));
        }
        if let Some(expected) = case.0.get("judge_script_left")
            && *expected != json!(self.left)
        {
            problems.push(format!(
                "replies left: {} instead of {expected}",
                json!(self.left)
            ));
        }
        problems
    }
}

/// Compares a score; no recorded score, or the name of an exception, means that there is none.
pub(super) fn compare(expected: &Value, status: &Result<bool, String>) -> Vec<String> {
    let same = match (expected.as_f64(), status) {
        (Some(expected), Ok(met)) => *met == (expected > 0.5),
        (None, Err(_)) => true,
        _ => false,
    };
    if same {
        return Vec::new();
    }
    let found = match status {
        Ok(met) => format!("{:?}", f64::from(u8::from(*met))),
        Err(reason) => format!("no score ({reason})"),
    };
    let expected = expected
        .as_f64()
        .map_or_else(|| "no score".to_owned(), |one| format!("{one:?}"));
    vec![format!("score {found} instead of {expected}")]
}

async fn run(case: &Case, manifest: &Manifest, task: &Value, compat: Compat) -> Told {
    let field = |key: &str| manifest.resolve(case, &case.0[key]);
    let mut page = StubPage {
        current: field("final_url")
            .as_str()
            .unwrap_or("about:blank")
            .to_owned(),
        behind: None,
        pages: serde_json::from_value(field("page_stub")).unwrap_or_default(),
        helpers: field("helpers"),
    };
    let answer = field("answer").as_str().unwrap_or_default().to_owned();
    score(case, task, compat, answer, &mut page).await
}

/// Scores a case as an ended episode is scored: looks at pages, asks the judge, evaluates.
pub(super) async fn score(
    case: &Case,
    task: &Value,
    compat: Compat,
    answer: String,
    page: &mut dyn LookupPage,
) -> Told {
    let script: Vec<String> = case
        .texts("judge_script")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let spec = match tasks::spec(task, &tasks::Origin::default(), compat) {
        Ok(spec) => spec,
        Err(error) => return untold(Err(error.to_string()), script),
    };
    if spec.evaluators.is_empty() {
        // The references' product over nothing. An import refuses such tasks.
        return untold(Ok(true), script);
    }
    let mut evidence = Evidence {
        ending: Some(Ending::Answer(answer)),
        ..Evidence::default()
    };
    lookup::gather(&spec, &mut evidence, page).await;
    let (calls, left) = ask(&spec, &mut evidence, script);
    let verdict = evaluators::evaluate(&spec, &evidence);
    Told {
        status: match verdict.status {
            VerdictStatus::Pass => Ok(true),
            VerdictStatus::Fail => Ok(false),
            VerdictStatus::Error => Err(verdict.summary),
        },
        calls,
        left,
    }
}

/// A score for which nothing was looked at and nobody was asked.
const fn untold(status: Result<bool, String>, script: Vec<String>) -> Told {
    Told {
        status,
        calls: Vec::new(),
        left: script,
    }
}

/// Answers every question with the next reply of the script.
fn ask(spec: &TaskSpec, evidence: &mut Evidence, script: Vec<String>) -> (Vec<Asked>, Vec<String>) {
    let mut script = script.into_iter();
    let mut calls = Vec::new();
    while let Some(question) = evaluators::next_question(spec, evidence) {
        calls.push(question.asked.clone());
        let reply = script.next();
        evidence.judgements.push(Judgement {
            evaluator: question.evaluator,
            asked: question.asked,
            problem: reply
                .is_none()
                .then(|| "the script has no more replies".to_owned()),
            reply,
        });
    }
    (calls, script.collect())
}

/// A page that is given as values.
struct StubPage {
    current: String,
    /// The page that the agent left, while another is open beside it.
    behind: Option<String>,
    pages: BTreeMap<String, Value>,
    helpers: Value,
}

impl StubPage {
    fn evaluate(&self, code: &str) -> PageValue {
        let page = self.pages.get(&self.current);
        match page.and_then(|page| page["evaluate"].get(code)) {
            None => PageValue::Thrown,
            Some(value) if value.get("$raise").is_some() => PageValue::Thrown,
            Some(value) => PageValue::Text {
                text: python::text_of(value),
                nothing: value.is_null() || value == "",
            },
        }
    }
}

#[async_trait]
impl LookupPage for StubPage {
    async fn address(&mut self) -> Result<String, String> {
        Ok(self.current.clone())
    }

    async fn open(&mut self, url: &str) -> Result<(), String> {
        if !self.pages.contains_key(url) {
            return Err(format!("{url} cannot be opened"));
        }
        url.clone_into(&mut self.current);
        Ok(())
    }

    async fn open_beside(&mut self, url: &str) -> Result<(), String> {
        let before = self.current.clone();
        self.open(url).await?;
        self.behind = Some(before);
        Ok(())
    }

    async fn back(&mut self) -> Result<(), String> {
        if let Some(before) = self.behind.take() {
            self.current = before;
        }
        Ok(())
    }

    async fn source(&mut self) -> Result<String, String> {
        let page = self.pages.get(&self.current);
        let content = page.and_then(|page| page["content"].as_str());
        content
            .map(str::to_owned)
            .ok_or_else(|| format!("{} has no content", self.current))
    }

    async fn value(&mut self, expression: &str) -> Result<PageValue, String> {
        Ok(self.evaluate(expression))
    }

    async fn call(&mut self, code: &str) -> Result<PageValue, String> {
        Ok(self.evaluate(code))
    }

    async fn helper(&mut self, helper: &Helper) -> Result<String, String> {
        let mut result = &self.helpers[helper.name()];
        if result.is_object() {
            result = &result[helper.argument()];
        }
        let known = result.as_str().map(str::to_owned);
        known.ok_or_else(|| format!("the case says nothing of {}", helper.name()))
    }
}
