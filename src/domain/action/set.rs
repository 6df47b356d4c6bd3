//! Which actions an agent has: BrowserGym's named subsets, and all.

use super::signature::{ACTIONS, Signature};

/// Actions for what WebArena does otherwise. They come from its grammar; models are not offered
/// them beside the others.
const FROM_WEBARENA: &[&str] = &["type_text", "scroll_page"];

/// BrowserGym's subsets (`browsergym.core.action.highlevel`, version 0.14.3). `noop` belongs to
/// every one.
const SUBSETS: &[(&str, &[&str])] = &[
    ("chat", &["send_msg_to_user"]),
    ("infeas", &["report_infeasible"]),
    (
        "bid",
        &[
            "scroll",
            "fill",
            "select_option",
            "click",
            "dblclick",
            "hover",
            "press",
            "focus",
            "clear",
            "drag_and_drop",
            "upload_file",
        ],
    ),
    (
        "coord",
        &[
            "scroll_at",
            "mouse_move",
            "mouse_up",
            "mouse_down",
            "mouse_click",
            "mouse_dblclick",
            "mouse_drag_and_drop",
            "mouse_upload_file",
            "keyboard_down",
            "keyboard_up",
            "keyboard_press",
            "keyboard_type",
            "keyboard_insert_text",
        ],
    ),
    ("nav", &["go_back", "go_forward", "goto"]),
    ("tab", &["tab_close", "tab_focus", "new_tab"]),
    (
        "miniwob_all",
        &[
            "mouse_move",
            "mouse_click",
            "mouse_dblclick",
            "mouse_down",
            "mouse_up",
            "scroll",
            "click",
            "keyboard_press",
            "keyboard_type",
            "fill",
        ],
    ),
    (
        "miniwob_shi17",
        &[
            "mouse_click",
            "mouse_dblclick",
            "mouse_down",
            "mouse_up",
            "scroll",
            "keyboard_press",
        ],
    ),
    ("miniwob_liu18", &["click", "fill"]),
    (
        "miniwob_humphreys22",
        &[
            "mouse_move",
            "mouse_click",
            "mouse_dblclick",
            "mouse_down",
            "mouse_up",
            "scroll",
            "keyboard_press",
            "keyboard_type",
        ],
    ),
    (
        "webarena",
        &[
            "scroll",
            "keyboard_press",
            "click",
            "fill",
            "hover",
            "tab_focus",
            "new_tab",
            "go_back",
            "go_forward",
            "goto",
            "tab_close",
            "select_option",
            "send_msg_to_user",
            "report_infeasible",
        ],
    ),
    (
        "visualwebarena",
        &[
            "scroll",
            "keyboard_press",
            "click",
            "fill",
            "hover",
            "tab_focus",
            "new_tab",
            "go_back",
            "go_forward",
            "goto",
            "tab_close",
            "select_option",
            "send_msg_to_user",
            "upload_file",
            "report_infeasible",
        ],
    ),
    (
        "workarena",
        &[
            "scroll",
            "fill",
            "select_option",
            "click",
            "dblclick",
            "hover",
            "press",
            "focus",
            "clear",
            "drag_and_drop",
            "send_msg_to_user",
        ],
    ),
    (
        "workarena++",
        &[
            "scroll",
            "fill",
            "select_option",
            "click",
            "dblclick",
            "hover",
            "press",
            "focus",
            "clear",
            "drag_and_drop",
            "tab_focus",
            "new_tab",
            "tab_close",
            "go_back",
            "go_forward",
            "goto",
            "send_msg_to_user",
            "report_infeasible",
        ],
    ),
    (
        "weblinx",
        &[
            "send_msg_to_user",
            "click",
            "hover",
            "fill",
            "goto",
            "scroll",
            "new_tab",
            "tab_close",
            "tab_focus",
        ],
    ),
    (
        "assistantbench",
        &[
            "scroll",
            "fill",
            "select_option",
            "click",
            "press",
            "go_back",
            "goto",
            "send_msg_to_user",
        ],
    ),
];

/// Some of the actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionSet {
    names: Vec<&'static str>,
}

impl ActionSet {
    /// Every action of the table.
    pub fn everything() -> Self {
        Self::those(|_| true)
    }

    /// What models are offered when nothing else is asked for.
    pub fn offered() -> Self {
        Self::those(|name| !FROM_WEBARENA.contains(&name))
    }

    /// The union of BrowserGym's subsets; nothing when one of the names is not known.
    pub fn of(subsets: &[&str]) -> Option<Self> {
        let mut allowed = vec!["noop"];
        for subset in subsets {
            let (_, names) = SUBSETS.iter().find(|(known, _)| known == subset)?;
            allowed.extend_from_slice(names);
        }
        Some(Self::those(|name| allowed.contains(&name)))
    }

    fn those(keep: impl Fn(&str) -> bool) -> Self {
        let names = ACTIONS.iter().map(|signature| signature.name);
        Self {
            names: names.filter(|name| keep(name)).collect(),
        }
    }

    /// The signature of an action of the set.
    pub fn find(&self, name: &str) -> Option<&'static Signature> {
        self.signatures().find(|signature| signature.name == name)
    }

    /// The signatures, in the order of the table.
    pub fn signatures(&self) -> impl Iterator<Item = &'static Signature> {
        ACTIONS
            .iter()
            .filter(|signature| self.names.contains(&signature.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_subset_is_an_action() {
        for (subset, names) in SUBSETS {
            let set = ActionSet::of(&[subset]).unwrap();
            assert_eq!(set.signatures().count(), names.len() + 1, "{subset}");
            assert!(set.find("noop").is_some(), "{subset}");
        }
        assert_eq!(ActionSet::of(&["bid", "nope"]), None);
    }

    #[test]
    fn subsets_add_up() {
        let set = ActionSet::of(&["nav", "chat"]).unwrap();
        let names: Vec<&str> = set.signatures().map(|signature| signature.name).collect();
        let expected = ["goto", "go_back", "go_forward", "noop", "send_msg_to_user"];
        assert_eq!(names, expected);
    }

    #[test]
    fn models_are_offered_no_second_way_to_the_same_thing() {
        assert_eq!(ActionSet::offered().find("type_text"), None);
        assert!(ActionSet::everything().find("type_text").is_some());
    }
}
