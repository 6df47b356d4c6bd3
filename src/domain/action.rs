//! What an agent may do: BrowserGym's high-level actions, parsed and never executed as code.
//!
//! [`signature::ACTIONS`] is the one place for names and parameters; the parser, the printer and
//! the tool descriptions for models all follow it. [`webarena`] reads WebArena's grammar into the
//! same actions.

mod call;
mod parse;
mod print;
mod scan;
mod set;
pub mod signature;
mod tool;
pub mod webarena;

use serde::{Deserialize, Serialize};

pub use call::Call;
pub use parse::{ActionParseError, Reading};
pub use set::ActionSet;
pub use signature::ACTIONS;
pub use tool::{ToolSpec, tools, tools_of};

crate::named_values! {
    /// A mouse button.
    MouseButton {
        /// The first.
        Left = "left",
        /// The second, in the middle.
        Middle = "middle",
        /// The third.
        Right = "right",
    }
}

crate::named_values! {
    /// A way to scroll.
    Direction {
        /// To the top.
        Up = "up",
        /// To the bottom.
        Down = "down",
    }
}

/// One action. Names and parameters are BrowserGym's
/// (`browsergym.core.action.functions`), with two more for what WebArena does otherwise; element
/// ids are the `bid`s of the observation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the sentence on each variant names its fields")]
pub enum Action {
    /// Wait without acting.
    Noop {
        #[serde(default = "second")]
        wait_ms: u64,
    },
    /// Click an element.
    Click {
        bid: String,
        #[serde(default = "left")]
        button: MouseButton,
        #[serde(default)]
        modifiers: Vec<String>,
    },
    /// Click an element twice.
    Dblclick {
        bid: String,
        #[serde(default = "left")]
        button: MouseButton,
        #[serde(default)]
        modifiers: Vec<String>,
    },
    /// Replace the text of a field; key by key when its suggestions are wanted.
    Fill {
        bid: String,
        value: String,
        #[serde(default)]
        enable_autocomplete_menu: bool,
    },
    /// Choose options of a list box by their shown text or value.
    SelectOption { bid: String, options: Vec<String> },
    /// Tick a check box or radio button.
    Check { bid: String },
    /// Untick a check box.
    Uncheck { bid: String },
    /// Move the mouse over an element.
    Hover { bid: String },
    /// Press a key combination on an element, e.g. `Control+a`.
    Press { bid: String, key_comb: String },
    /// Focus an element.
    Focus { bid: String },
    /// Empty a field.
    Clear { bid: String },
    /// Drag one element onto another.
    DragAndDrop { from_bid: String, to_bid: String },
    /// Scroll the page by CSS pixels.
    Scroll { delta_x: f64, delta_y: f64 },
    /// Put files of the task into a file field.
    UploadFile { bid: String, file: Vec<String> },
    /// Move the mouse.
    MouseMove { x: f64, y: f64 },
    /// Click at a point.
    MouseClick {
        x: f64,
        y: f64,
        #[serde(default = "left")]
        button: MouseButton,
    },
    /// Click twice at a point.
    MouseDblclick {
        x: f64,
        y: f64,
        #[serde(default = "left")]
        button: MouseButton,
    },
    /// Press a mouse button at a point and hold it.
    MouseDown {
        x: f64,
        y: f64,
        #[serde(default = "left")]
        button: MouseButton,
    },
    /// Release a mouse button at a point.
    MouseUp {
        x: f64,
        y: f64,
        #[serde(default = "left")]
        button: MouseButton,
    },
    /// Drag from one point to another.
    MouseDragAndDrop {
        from_x: f64,
        from_y: f64,
        to_x: f64,
        to_y: f64,
    },
    /// Put files of the task into the file field at a point.
    MouseUploadFile { x: f64, y: f64, file: Vec<String> },
    /// Scroll what is at a point, by CSS pixels.
    ScrollAt { x: f64, y: f64, dx: f64, dy: f64 },
    /// Press a key combination on whatever has focus.
    KeyboardPress { key: String },
    /// Hold a key.
    KeyboardDown { key: String },
    /// Release a key.
    KeyboardUp { key: String },
    /// Type text with key events.
    KeyboardType { text: String },
    /// Insert text without key events.
    KeyboardInsertText { text: String },
    /// Open an address in the active tab.
    Goto { url: String },
    /// Back in history.
    GoBack,
    /// Forward in history.
    GoForward,
    /// Open an empty tab and make it active.
    NewTab,
    /// Make another tab active, by its place in the list from 0.
    TabFocus { index: usize },
    /// Close the active tab.
    TabClose,
    /// Say something to the user. The last message is the answer and ends the episode.
    SendMsgToUser { text: String },
    /// Say that the task cannot be done; the first word is the code. Ends the episode.
    ReportInfeasible { reason: String },
    /// Click an element and type text with key events after what it holds (WebArena's `type`).
    TypeText { bid: String, text: String },
    /// Scroll the page by the height of the viewport (WebArena's `scroll`).
    ScrollPage { direction: Direction },
}

impl Action {
    /// The name of the action, as it stands in [`ACTIONS`].
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Noop { .. } => "noop",
            Self::Click { .. } => "click",
            Self::Dblclick { .. } => "dblclick",
            Self::Fill { .. } => "fill",
            Self::SelectOption { .. } => "select_option",
            Self::Check { .. } => "check",
            Self::Uncheck { .. } => "uncheck",
            Self::Hover { .. } => "hover",
            Self::Press { .. } => "press",
            Self::Focus { .. } => "focus",
            Self::Clear { .. } => "clear",
            Self::DragAndDrop { .. } => "drag_and_drop",
            Self::Scroll { .. } => "scroll",
            Self::UploadFile { .. } => "upload_file",
            Self::MouseMove { .. } => "mouse_move",
            Self::MouseClick { .. } => "mouse_click",
            Self::MouseDblclick { .. } => "mouse_dblclick",
            Self::MouseDown { .. } => "mouse_down",
            Self::MouseUp { .. } => "mouse_up",
            Self::MouseDragAndDrop { .. } => "mouse_drag_and_drop",
            Self::MouseUploadFile { .. } => "mouse_upload_file",
            Self::ScrollAt { .. } => "scroll_at",
            Self::KeyboardPress { .. } => "keyboard_press",
            Self::KeyboardDown { .. } => "keyboard_down",
            Self::KeyboardUp { .. } => "keyboard_up",
            Self::KeyboardType { .. } => "keyboard_type",
            Self::KeyboardInsertText { .. } => "keyboard_insert_text",
            Self::Goto { .. } => "goto",
            Self::GoBack => "go_back",
            Self::GoForward => "go_forward",
            Self::NewTab => "new_tab",
            Self::TabFocus { .. } => "tab_focus",
            Self::TabClose => "tab_close",
            Self::SendMsgToUser { .. } => "send_msg_to_user",
            Self::ReportInfeasible { .. } => "report_infeasible",
            Self::TypeText { .. } => "type_text",
            Self::ScrollPage { .. } => "scroll_page",
        }
    }

    /// The element that it acts on; for dragging the element that is dragged.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Click { bid, .. }
            | Self::Dblclick { bid, .. }
            | Self::Fill { bid, .. }
            | Self::SelectOption { bid, .. }
            | Self::Check { bid }
            | Self::Uncheck { bid }
            | Self::Hover { bid }
            | Self::Press { bid, .. }
            | Self::Focus { bid }
            | Self::Clear { bid }
            | Self::UploadFile { bid, .. }
            | Self::TypeText { bid, .. } => Some(bid),
            Self::DragAndDrop { from_bid, .. } => Some(from_bid),
            _ => None,
        }
    }

    /// The ids of all elements that it names.
    pub fn bids(&self) -> Vec<&str> {
        let second = match self {
            Self::DragAndDrop { to_bid, .. } => Some(to_bid.as_str()),
            _ => None,
        };
        self.target().into_iter().chain(second).collect()
    }

    /// Whether the action ends the episode and never touches the page.
    pub const fn ends_episode(&self) -> bool {
        matches!(
            self,
            Self::SendMsgToUser { .. } | Self::ReportInfeasible { .. }
        )
    }
}

const fn left() -> MouseButton {
    MouseButton::Left
}

const fn second() -> u64 {
    1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_actions_on_elements_have_a_target() {
        let drag = Action::parse("drag_and_drop('1', '2')");
        assert_eq!(drag.as_ref().map(Action::target), Ok(Some("1")));
        assert_eq!(Action::GoBack.target(), None);
        assert_eq!(drag.unwrap().bids(), ["1", "2"]);
        assert!(Action::GoBack.bids().is_empty());
    }
}
