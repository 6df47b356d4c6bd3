//! Compares an observation with the accessibility tree that Chromium itself makes of the same
//! page, element by element. A tool for people who write tasks, and the check that what agents
//! see can be trusted. Knows nothing of tasks or agents.

mod ask;
mod judge;
mod words;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::observation::Observation;

pub use words::ROLE_WORDS;

/// What a comparison found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Address of the page.
    pub url: String,
    /// Elements that Chromium calls interactive: those decide.
    pub interactive: Tally,
    /// Other elements with a role: headings, lists, tables, pictures, landmarks.
    pub structure: Tally,
    /// Every difference, in Chromium's order.
    pub differences: Vec<Difference>,
    /// Parts of native controls, such as the arrows of a number field. They are reached through
    /// the control and are not compared.
    pub native_parts: usize,
    /// Elements with an id that only the observation has, such as clickable ones without a role,
    /// as its text tells them.
    pub ours_only: Vec<String>,
}

impl Comparison {
    /// Share of Chromium's interactive elements that the observation has with the same role and
    /// name, in percent.
    pub fn percent(&self) -> f64 {
        self.interactive.percent()
    }

    /// Whether enough of them are the same.
    pub fn is_faithful(&self) -> bool {
        self.percent() >= LEAST_PERCENT
    }
}

/// The share of interactive elements that have to be the same, in percent.
pub const LEAST_PERCENT: f64 = 99.0;

/// How many elements are the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Elements that Chromium exposes.
    pub total: usize,
    /// Those that the observation has with the same role and name.
    pub same: usize,
}

impl Tally {
    /// The share that is the same; all of nothing is the same.
    pub fn percent(self) -> f64 {
        if self.total == 0 {
            return 100.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "pages have few elements")]
        let share = self.same as f64 / self.total as f64;
        share * 100.0
    }

    fn count(&mut self, same: bool) {
        self.total += 1;
        self.same += usize::from(same);
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What differs.
    pub kind: DifferenceKind,
    /// Whether the element is interactive. Then, and unless only a state differs, it counts.
    pub interactive: bool,
    /// The element as it stands in the page's source.
    pub element: String,
    /// What Chromium says.
    pub chromium: String,
    /// What the observation says; absent when it does not have the element.
    pub ours: Option<String>,
    /// Why it is meant to be so; absent when it is a fault.
    pub reason: Option<String>,
}

impl Difference {
    /// Whether it counts: an interactive element that is not there or not the same.
    pub fn counts(&self) -> bool {
        self.interactive && self.kind != DifferenceKind::State
    }
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// The observation does not have the element.
    Missing,
    /// It has another role.
    Role,
    /// It has another name.
    Name,
    /// It has another state or value.
    State,
}

impl DifferenceKind {
    /// The word for it in texts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Role => "role",
            Self::Name => "name",
            Self::State => "state",
        }
    }
}

/// One element of Chromium's tree, with the place in the observation that it was found at.
#[derive(Debug, Clone)]
struct Exposed {
    role: String,
    name: String,
    value: Option<String>,
    properties: Vec<(String, Value)>,
    place: Place,
}

impl Exposed {
    fn property(&self, name: &str) -> Option<&Value> {
        let mut all = self.properties.iter();
        all.find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A property that is a word or a switch, as a word.
    fn word(&self, name: &str) -> Option<String> {
        match self.property(name)? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    fn is(&self, name: &str) -> bool {
        self.word(name).as_deref() == Some("true")
    }
}

/// Where the page script found an element.
#[derive(Debug, Clone, Default, Deserialize)]
struct Place {
    /// The element as it stands in the page's source.
    what: String,
    /// `native` for a part of a native control, `closed` for one in a closed shadow root, `foreign`
    /// for one in a frame of another origin.
    #[serde(default)]
    part: String,
    /// Whether the author made it focusable.
    #[serde(default)]
    tabbable: bool,
    /// Whether it is the outermost element of a place that is typed into.
    #[serde(default)]
    editor: bool,
    /// Whether it can be dragged and says nothing else about what it is.
    #[serde(default)]
    dragged: bool,
    /// Whether its text is part of the name of an element above it.
    #[serde(default)]
    within: bool,
    /// Whether it holds neither text nor anything to use.
    #[serde(default)]
    empty: bool,
    /// Number of its node in the observation; for an option that of its list.
    node: Option<usize>,
    /// Number of the option in its list.
    option: Option<usize>,
}

/// Puts the two side by side.
fn compare(observation: &Observation, exposed: &[Exposed]) -> Comparison {
    judge::judge(observation, exposed)
}
