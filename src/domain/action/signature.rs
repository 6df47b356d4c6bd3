//! Names and parameters of all actions. Parser, printer and tool descriptions follow this table.

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// The id of an element, as text.
    Bid,
    /// Text.
    Text,
    /// One text or several.
    Texts,
    /// A finite number.
    Number,
    /// A whole number from 0.
    Count,
    /// `True` or `False`.
    Flag,
    /// `left`, `middle` or `right`.
    Button,
    /// Several of [`MODIFIERS`].
    Modifiers,
    /// `up` or `down`.
    Direction,
}

/// Keys that can be held while clicking.
pub const MODIFIERS: &[&str] = &["Alt", "Control", "ControlOrMeta", "Meta", "Shift"];

/// What stands for an argument that is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// Nothing: the argument must be given.
    Required,
    /// A whole number.
    Count(u64),
    /// A text.
    Text(&'static str),
    /// A switch.
    Flag(bool),
    /// No texts.
    NoTexts,
}

/// One parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: ParameterKind,
    /// What stands for it when it is not given.
    pub fallback: Fallback,
    /// What it means, for models.
    pub doc: &'static str,
}

/// One action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Its name.
    pub name: &'static str,
    /// Its parameters, in order.
    pub parameters: &'static [Parameter],
    /// What it does, for models.
    pub doc: &'static str,
}

impl Signature {
    /// The action with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        ACTIONS.iter().find(|signature| signature.name == name)
    }

    /// The call as it is written, e.g. `click(bid, button='left', modifiers=[])`.
    pub fn usage(&self) -> String {
        let parameters: Vec<String> = self.parameters.iter().map(Parameter::usage).collect();
        format!("{}({})", self.name, parameters.join(", "))
    }
}

impl Parameter {
    fn usage(&self) -> String {
        match self.fallback {
            Fallback::Required => self.name.to_owned(),
            Fallback::Count(value) => format!("{}={value}", self.name),
            Fallback::Text(value) => format!("{}='{value}'", self.name),
            Fallback::Flag(true) => format!("{}=True", self.name),
            Fallback::Flag(false) => format!("{}=False", self.name),
            Fallback::NoTexts => format!("{}=[]", self.name),
        }
    }
}

const fn required(name: &'static str, kind: ParameterKind, doc: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        fallback: Fallback::Required,
        doc,
    }
}

const BID: Parameter = required(
    "bid",
    ParameterKind::Bid,
    "Id of the element, the number in square brackets.",
);
const BUTTON: Parameter = Parameter {
    name: "button",
    kind: ParameterKind::Button,
    fallback: Fallback::Text("left"),
    doc: "Mouse button.",
};
const MODIFIER_KEYS: Parameter = Parameter {
    name: "modifiers",
    kind: ParameterKind::Modifiers,
    fallback: Fallback::NoTexts,
    doc: "Keys held down meanwhile.",
};
const X: Parameter = required(
    "x",
    ParameterKind::Number,
    "CSS pixels from the left of the viewport.",
);
const Y: Parameter = required(
    "y",
    ParameterKind::Number,
    "CSS pixels from the top of the viewport.",
);
const KEY: Parameter = required(
    "key",
    ParameterKind::Text,
    "Key or combination, e.g. `Enter`, `a` or `Control+a`.",
);

const fn action(
    name: &'static str,
    parameters: &'static [Parameter],
    doc: &'static str,
) -> Signature {
    Signature {
        name,
        parameters,
        doc,
    }
}

/// Every action, in the order in which models are told of them.
pub const ACTIONS: &[Signature] = &[
    action(
        "click",
        &[BID, BUTTON, MODIFIER_KEYS],
        "Click an element: a link, a button, a check box, a tab.",
    ),
    action(
        "fill",
        &[
            BID,
            required("value", ParameterKind::Text, "The new text of the field."),
            Parameter {
                name: "enable_autocomplete_menu",
                kind: ParameterKind::Flag,
                fallback: Fallback::Flag(false),
                doc: "Type the text key by key, so that a field that suggests words does.",
            },
        ],
        "Replace the text of a field.",
    ),
    action(
        "select_option",
        &[
            BID,
            required(
                "options",
                ParameterKind::Texts,
                "Options by their shown text or value; several only for a list that takes several.",
            ),
        ],
        "Choose options of a list box.",
    ),
    action("check", &[BID], "Tick a check box or radio button."),
    action("uncheck", &[BID], "Untick a check box."),
    action(
        "press",
        &[
            BID,
            required(
                "key_comb",
                ParameterKind::Text,
                "Key or combination, e.g. `Enter` or `Control+a`.",
            ),
        ],
        "Focus an element and press a key combination on it.",
    ),
    action("hover", &[BID], "Move the mouse over an element."),
    action("focus", &[BID], "Focus an element."),
    action("clear", &[BID], "Empty a field."),
    action(
        "dblclick",
        &[BID, BUTTON, MODIFIER_KEYS],
        "Click an element twice.",
    ),
    action(
        "drag_and_drop",
        &[
            required("from_bid", ParameterKind::Bid, "Id of the element to drag."),
            required(
                "to_bid",
                ParameterKind::Bid,
                "Id of the element to drop on.",
            ),
        ],
        "Drag one element onto another.",
    ),
    action(
        "scroll",
        &[
            required("delta_x", ParameterKind::Number, "CSS pixels to the right."),
            required("delta_y", ParameterKind::Number, "CSS pixels down."),
        ],
        "Scroll what the mouse is over; until it was moved, the page.",
    ),
    action(
        "upload_file",
        &[
            BID,
            required("file", ParameterKind::Texts, "Names of files of the task."),
        ],
        "Put files of the task into a file field.",
    ),
    action(
        "goto",
        &[required("url", ParameterKind::Text, "The whole address.")],
        "Open an address in the active tab.",
    ),
    action("go_back", &[], "Go back in history."),
    action("go_forward", &[], "Go forward in history."),
    action("new_tab", &[], "Open an empty tab and make it active."),
    action(
        "tab_focus",
        &[required(
            "index",
            ParameterKind::Count,
            "Place of the tab in the list, from 0.",
        )],
        "Make another tab active.",
    ),
    action("tab_close", &[], "Close the active tab."),
    action(
        "noop",
        &[Parameter {
            name: "wait_ms",
            kind: ParameterKind::Count,
            fallback: Fallback::Count(1000),
            doc: "How long to wait, in milliseconds.",
        }],
        "Wait without acting.",
    ),
    action("mouse_move", &[X, Y], "Move the mouse to a point."),
    action("mouse_click", &[X, Y, BUTTON], "Click at a point."),
    action("mouse_dblclick", &[X, Y, BUTTON], "Click twice at a point."),
    action(
        "mouse_down",
        &[X, Y, BUTTON],
        "Press a mouse button at a point and hold it.",
    ),
    action(
        "mouse_up",
        &[X, Y, BUTTON],
        "Release a mouse button at a point.",
    ),
    action(
        "mouse_drag_and_drop",
        &[
            required("from_x", ParameterKind::Number, "Start, from the left."),
            required("from_y", ParameterKind::Number, "Start, from the top."),
            required("to_x", ParameterKind::Number, "End, from the left."),
            required("to_y", ParameterKind::Number, "End, from the top."),
        ],
        "Drag from one point to another.",
    ),
    action(
        "mouse_upload_file",
        &[
            X,
            Y,
            required("file", ParameterKind::Texts, "Names of files of the task."),
        ],
        "Put files of the task into the file field at a point.",
    ),
    action(
        "scroll_at",
        &[
            X,
            Y,
            required("dx", ParameterKind::Number, "CSS pixels to the right."),
            required("dy", ParameterKind::Number, "CSS pixels down."),
        ],
        "Scroll what is at a point.",
    ),
    action(
        "keyboard_press",
        &[KEY],
        "Press a key combination on whatever has focus.",
    ),
    action("keyboard_down", &[KEY], "Hold a key down."),
    action("keyboard_up", &[KEY], "Release a key."),
    action(
        "keyboard_type",
        &[required("text", ParameterKind::Text, "What to type.")],
        "Type text with key events into whatever has focus.",
    ),
    action(
        "keyboard_insert_text",
        &[required("text", ParameterKind::Text, "What to insert.")],
        "Insert text without key events into whatever has focus.",
    ),
    action(
        "send_msg_to_user",
        &[required(
            "text",
            ParameterKind::Text,
            "The answer, or what was done.",
        )],
        "Answer the user. Ends the episode: call it once, when the task is done.",
    ),
    action(
        "report_infeasible",
        &[required(
            "reason",
            ParameterKind::Text,
            "The code as first word, then the reason.",
        )],
        "Report that the task cannot be done. Ends the episode.",
    ),
    action(
        "type_text",
        &[
            BID,
            required(
                "text",
                ParameterKind::Text,
                "What to type; a line feed presses Enter.",
            ),
        ],
        "Click an element and type text with key events after what it holds.",
    ),
    action(
        "scroll_page",
        &[required(
            "direction",
            ParameterKind::Direction,
            "Up or down.",
        )],
        "Scroll the page by the height of the viewport.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_lists_every_action_as_it_is() {
        let page = include_str!("../../../docs/actions.md");
        let row =
            |signature: &Signature| format!("| `{}` | {} |", signature.usage(), signature.doc);
        let rows: Vec<String> = ACTIONS.iter().map(row).collect();
        let listed: Vec<&str> = page
            .lines()
            .filter(|line| line.starts_with("| `"))
            .collect();
        assert_eq!(listed, rows);
    }
}
