//! How an action is written: BrowserGym's call syntax, e.g. `click('12')`, for logs, replay and
//! the agent's own history. What is written is never executed.

use std::fmt;

use crate::domain::action::{Action, MouseButton};

impl Action {
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
            | Self::UploadFile { bid, .. } => Some(bid),
            Self::DragAndDrop { from_bid, .. } => Some(from_bid),
            _ => None,
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noop { wait_ms } => write!(f, "noop({wait_ms})"),
            Self::Click {
                bid,
                button,
                modifiers,
            } => write_click(f, "click", bid, *button, modifiers),
            Self::Dblclick {
                bid,
                button,
                modifiers,
            } => write_click(f, "dblclick", bid, *button, modifiers),
            Self::Fill { bid, value } => write_call(f, "fill", &[bid, value]),
            Self::SelectOption { bid, options } => {
                write!(f, "select_option({}, {})", Quoted(bid), QuotedList(options))
            }
            Self::Check { bid } => write_call(f, "check", &[bid]),
            Self::Uncheck { bid } => write_call(f, "uncheck", &[bid]),
            Self::Hover { bid } => write_call(f, "hover", &[bid]),
            Self::Press { bid, key_comb } => write_call(f, "press", &[bid, key_comb]),
            Self::Focus { bid } => write_call(f, "focus", &[bid]),
            Self::Clear { bid } => write_call(f, "clear", &[bid]),
            Self::DragAndDrop { from_bid, to_bid } => {
                write_call(f, "drag_and_drop", &[from_bid, to_bid])
            }
            Self::UploadFile { bid, file } => {
                write!(f, "upload_file({}, {})", Quoted(bid), QuotedList(file))
            }
            Self::Goto { url } => write_call(f, "goto", &[url]),
            Self::GoBack => f.write_str("go_back()"),
            Self::GoForward => f.write_str("go_forward()"),
            Self::NewTab => f.write_str("new_tab()"),
            Self::TabFocus { index } => write!(f, "tab_focus({index})"),
            Self::TabClose => f.write_str("tab_close()"),
            Self::SendMsgToUser { text } => write_call(f, "send_msg_to_user", &[text]),
            Self::ReportInfeasible { reason } => write_call(f, "report_infeasible", &[reason]),
            input => write_raw_input(f, input),
        }
    }
}

/// Mouse and keyboard without an element.
fn write_raw_input(f: &mut fmt::Formatter<'_>, action: &Action) -> fmt::Result {
    match action {
        Action::Scroll { delta_x, delta_y } => write!(f, "scroll({delta_x}, {delta_y})"),
        Action::MouseMove { x, y } => write!(f, "mouse_move({x}, {y})"),
        Action::MouseClick { x, y, button } => write_point(f, "mouse_click", *x, *y, *button),
        Action::MouseDblclick { x, y, button } => write_point(f, "mouse_dblclick", *x, *y, *button),
        Action::MouseDown { x, y, button } => write_point(f, "mouse_down", *x, *y, *button),
        Action::MouseUp { x, y, button } => write_point(f, "mouse_up", *x, *y, *button),
        Action::MouseDragAndDrop {
            from_x,
            from_y,
            to_x,
            to_y,
        } => write!(f, "mouse_drag_and_drop({from_x}, {from_y}, {to_x}, {to_y})"),
        Action::KeyboardPress { key } => write_call(f, "keyboard_press", &[key]),
        Action::KeyboardDown { key } => write_call(f, "keyboard_down", &[key]),
        Action::KeyboardUp { key } => write_call(f, "keyboard_up", &[key]),
        Action::KeyboardType { text } => write_call(f, "keyboard_type", &[text]),
        Action::KeyboardInsertText { text } => write_call(f, "keyboard_insert_text", &[text]),
        _ => Ok(()),
    }
}

fn write_call(f: &mut fmt::Formatter<'_>, name: &str, arguments: &[&String]) -> fmt::Result {
    write!(f, "{name}(")?;
    for (n, argument) in arguments.iter().enumerate() {
        let separator = if n == 0 { "" } else { ", " };
        write!(f, "{separator}{}", Quoted(argument))?;
    }
    f.write_str(")")
}

fn write_click(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    bid: &str,
    button: MouseButton,
    modifiers: &[String],
) -> fmt::Result {
    write!(f, "{name}({}", Quoted(bid))?;
    write_button(f, button)?;
    if !modifiers.is_empty() {
        write!(f, ", modifiers={}", QuotedList(modifiers))?;
    }
    f.write_str(")")
}

fn write_point(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    x: f64,
    y: f64,
    button: MouseButton,
) -> fmt::Result {
    write!(f, "{name}({x}, {y}")?;
    write_button(f, button)?;
    f.write_str(")")
}

fn write_button(f: &mut fmt::Formatter<'_>, button: MouseButton) -> fmt::Result {
    if button == MouseButton::Left {
        return Ok(());
    }
    write!(f, ", button={}", Quoted(button.as_str()))
}

/// Text in single quotes with what would end it, or the line, escaped.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("'")?;
        for character in self.0.chars() {
            match character {
                '\\' => f.write_str("\\\\")?,
                '\'' => f.write_str("\\'")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                other => write!(f, "{other}")?,
            }
        }
        f.write_str("'")
    }
}

struct QuotedList<'a>(&'a [String]);

impl fmt::Display for QuotedList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (n, item) in self.0.iter().enumerate() {
            let separator = if n == 0 { "" } else { ", " };
            write!(f, "{separator}{}", Quoted(item))?;
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(json: serde_json::Value) -> Action {
        serde_json::from_value(json).expect("an action")
    }

    #[test]
    fn actions_are_written_as_calls() {
        let cases = [
            (r#"{"action":"click","bid":"12"}"#, "click('12')"),
            (
                r#"{"action":"click","bid":"12","button":"right","modifiers":["Shift"]}"#,
                "click('12', button='right', modifiers=['Shift'])",
            ),
            (
                r#"{"action":"fill","bid":"a","value":"it's\n2"}"#,
                r"fill('a', 'it\'s\n2')",
            ),
            (
                r#"{"action":"select_option","bid":"3","options":["x","y"]}"#,
                "select_option('3', ['x', 'y'])",
            ),
            (
                r#"{"action":"scroll","delta_x":0,"delta_y":-200.5}"#,
                "scroll(0, -200.5)",
            ),
            (r#"{"action":"noop"}"#, "noop(1000)"),
            (r#"{"action":"tab_focus","index":1}"#, "tab_focus(1)"),
            (
                r#"{"action":"send_msg_to_user","text":"$45.20"}"#,
                "send_msg_to_user('$45.20')",
            ),
        ];
        for (json, written) in cases {
            let json = serde_json::from_str(json).expect("JSON");
            assert_eq!(action(json).to_string(), written);
        }
    }

    #[test]
    fn only_actions_on_elements_have_a_target() {
        let drag = serde_json::json!({"action": "drag_and_drop", "from_bid": "1", "to_bid": "2"});
        assert_eq!(action(drag).target(), Some("1"));
        assert_eq!(Action::GoBack.target(), None);
    }
}
