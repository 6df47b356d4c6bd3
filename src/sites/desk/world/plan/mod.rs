//! What each project is about: the parts of its product, its labels, its size. The generator
//! makes titles and texts from these words.

mod large;
mod small;

use crate::sites::desk::state::{Right, Role};

/// A project as it is planned.
pub(super) struct Plan {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// Team that works on it.
    pub(super) team: &'static str,
    /// Components, each with its things.
    pub(super) components: &'static [(&'static str, &'static [&'static str])],
    /// The label that most issues bear, the one that many of these bear too, and the rest.
    pub(super) labels: &'static [(&'static str, &'static str)],
    /// Number of its first issue and how many there are.
    pub(super) first: u32,
    pub(super) size: usize,
    /// A milestone of its own beside those that every project has.
    pub(super) special: Option<(&'static str, &'static str)>,
    /// What the persona is there.
    pub(super) mine: Option<Role>,
    /// Whether guests set labels and reporters see confidential issues.
    pub(super) open_house: bool,
    /// Which of the two people named Anna Kowalski belong to it: Logistics, Support.
    pub(super) annas: (bool, bool),
    /// Groups of issues that report the same problem.
    pub(super) families: usize,
}

impl Plan {
    /// The least role that has each right.
    pub(super) fn rights(&self) -> [(Right, Role); 9] {
        let (label, confidential) = if self.open_house {
            (Role::Guest, Role::Reporter)
        } else {
            (Role::Reporter, Role::Developer)
        };
        [
            (Right::View, Role::Guest),
            (Right::Comment, Role::Guest),
            (Right::Label, label),
            (Right::Create, Role::Reporter),
            (Right::Confidential, confidential),
            (Right::Edit, Role::Developer),
            (Right::Merge, Role::Developer),
            (Right::Milestones, Role::Maintainer),
            (Right::Members, Role::Maintainer),
        ]
    }
}

/// All projects, in the order of the side bar.
pub(super) const PLANS: [Plan; 9] = [
    large::HLP,
    large::WEB,
    large::WMS,
    large::CAT,
    small::APP,
    small::INT,
    small::PAY,
    small::OPS,
    small::SEC,
];
