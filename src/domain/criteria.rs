//! Criteria beyond those of the bundled tasks: what a page shows, what was requested, what a model
//! thinks, and how several criteria make one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::task::EvaluatorSpec;

/// What a page shows when the arena opens it itself, after the end, in a session of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DomSpec {
    /// Address, or a path on the first of the task's sites.
    pub url: String,
    /// CSS selector of the one element that is read.
    pub locator: String,
    /// What of it is read.
    #[serde(default)]
    pub read: DomRead,
    /// What must be there.
    pub expect: DomExpectation,
}

/// What of an element is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomRead {
    /// Its text as shown, white space folded.
    #[default]
    Text,
    /// Its value, for a field.
    Value,
    /// An attribute.
    Attribute(String),
    /// How many elements the locator finds.
    Count,
}

/// What must be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DomExpectation {
    /// Exactly this text.
    Equals(String),
    /// Each of these as whole words.
    Includes(Vec<String>),
    /// Whether there is such an element at all.
    Present(bool),
}

/// A request that the sites answered, or must not have answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSpec {
    /// The route that it must have had, e.g. `shop.checkout.place`.
    pub route: String,
    /// HTTP method; absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Typed parameters that it must have had; others may be there.
    #[serde(default)]
    pub params: BTreeMap<String, Value>,
    /// The status that it must have been answered with; absent: any below 400.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Fewest such requests.
    #[serde(default = "one")]
    pub at_least: u32,
    /// Most such requests; absent: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
}

const fn one() -> u32 {
    1
}

/// What a model thinks of the final message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JudgeSpec {
    /// What the model decides, as a statement that is true or not of the message.
    pub criterion: String,
    /// A right answer to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// Several criteria as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CombinedSpec {
    /// The criteria.
    pub of: Vec<EvaluatorSpec>,
}

/// Several criteria as one value: the sum of the weights of those that are met, by the sum of all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightedSpec {
    /// The criteria.
    pub of: Vec<EvaluatorSpec>,
    /// One weight above 0 for each.
    pub weights: Vec<f64>,
    /// The value from which it passes; what is below counts as 0.
    #[serde(default = "whole")]
    pub pass_at: f64,
}

const fn whole() -> f64 {
    1.0
}
