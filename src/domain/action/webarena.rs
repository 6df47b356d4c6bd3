//! WebArena's grammar of actions (`id_accessibility_tree`): from a model's reply to an action.
//!
//! The rules are those of the reference (`browser_env/actions.py`, commit f62e0b9): a name, then a
//! *search* in the whole text. [`Profile::Compat`] keeps every quirk of it; [`Profile::Strict`]
//! reads what was plainly meant where the reference does not.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

use super::{Action, Direction, MouseButton};
use crate::domain::python;

mod early_stop;
mod sites;

pub use early_stop::{EarlyStop, Thresholds};
pub use sites::SiteNames;

/// How exactly the reference is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// As the reference reads it, known mistakes included.
    #[default]
    Compat,
    /// As it was meant: an answer may have several lines, `scroll [direction=down]` scrolls, any
    /// character can be typed, and `ctrl`, `shift`, `esc` and `space` are keys.
    Strict,
}

/// One action of the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence on each variant names its fields")]
pub enum WebArenaAction {
    /// Click the element with this id.
    Click { id: String },
    /// Move the mouse over the element with this id.
    Hover { id: String },
    /// Click the element and type; the text ends with a line feed where Enter is wanted.
    Type { id: String, text: String },
    /// Press keys, joined by `+`.
    Press { key_comb: String },
    /// Scroll by the height of the viewport.
    Scroll { direction: Direction },
    /// Open an address, which is not checked here.
    Goto { url: String },
    /// Open an empty tab.
    NewTab,
    /// Back in history.
    GoBack,
    /// Forward in history.
    GoForward,
    /// Close the active tab.
    CloseTab,
    /// Make a tab active, by its place from 0.
    TabFocus { index: u128 },
    /// End with an answer, which may be empty.
    Stop { answer: String },
}

/// Why a text is not an action of the grammar, in words for the model that wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebArenaError {
    /// The reply holds no text between two ```` ``` ````.
    #[error(
        "the reply holds no action; put exactly one between ``` and ```, e.g. ```click [12]```"
    )]
    NoAction,
    /// The text is empty (the reference's `IndexError`).
    #[error("the action is empty; write e.g. click [12]")]
    Empty,
    /// The text is none of the grammar (the reference's `ActionParsingError`).
    #[error("`{text}` is not an action: {hint}")]
    Syntax {
        /// What was written, shortened.
        text: String,
        /// What would be right.
        hint: String,
    },
    /// The text to type holds a character that the reference cannot type (its `KeyError`, which
    /// ends the whole task there).
    #[error("`{0}` cannot be typed here; type text of letters and signs up to U+03E7")]
    Untypable(char),
    /// A key that the reference's browser does not know.
    #[error(
        "there is no key `{0}`; names of keys are Control, Shift, Alt, Enter, Tab, Escape, ArrowLeft and so on, and characters stand for themselves"
    )]
    UnknownKey(String),
}

impl WebArenaError {
    fn syntax(text: &str, hint: impl Into<String>) -> Self {
        Self::Syntax {
            text: text.chars().take(80).collect(),
            hint: hint.into(),
        }
    }
}

/// A pattern that is known to compile.
macro_rules! pattern {
    ($name:ident, $text:literal) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("a pattern that a test compiles"));
    };
}

pattern!(FENCE, r"(?s)```(.*?)```");
pattern!(CLICK, r"click ?\[(\d+)\]");
pattern!(HOVER, r"hover ?\[(\d+)\]");
pattern!(TYPE, r"type ?\[(\d+)\] ?\[(.+)\] ?\[(\d+)\]");
pattern!(TYPE_LINES, r"(?s)type ?\[(\d+)\] ?\[(.+)\] ?\[(\d+)\]");
pattern!(PRESS, r"press ?\[(.+)\]");
pattern!(SCROLL, r"scroll ?\[?(up|down)\]?");
pattern!(SCROLL_NAMED, r"scroll *\[? *direction *= *(up|down)");
pattern!(GOTO, r"goto ?\[(.+)\]");
pattern!(TAB_FOCUS, r"tab_focus ?\[(\d+)\]");
pattern!(STOP, r"stop ?\[(.+)\]");
pattern!(STOP_LINES, r"(?s)stop\s*\[(.+)\]");

/// The action text of a reply: what stands between the first two ```` ``` ````, without blanks
/// around it.
pub fn extract(reply: &str) -> Result<&str, WebArenaError> {
    let found = FENCE.captures(reply).and_then(|found| found.get(1));
    found
        .map(|text| strip(text.as_str()))
        .ok_or(WebArenaError::NoAction)
}

/// Whether Python calls it white space.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1C}'..='\u{1F}').contains(&character)
}

fn strip(text: &str) -> &str {
    text.trim_matches(is_blank)
}

impl WebArenaAction {
    /// Reads one action.
    pub fn parse(text: &str, profile: Profile) -> Result<Self, WebArenaError> {
        let text = strip(text);
        let name = match text.split_once('[') {
            Some((before, _)) => strip(before),
            None => text.split(is_blank).next().unwrap_or_default(),
        };
        if text.is_empty() {
            return Err(WebArenaError::Empty);
        }
        let first = |pattern: &Regex, usage: &str| {
            let found = pattern.captures(text).and_then(|found| found.get(1));
            found
                .map(|group| group.as_str().to_owned())
                .ok_or_else(|| WebArenaError::syntax(text, format!("write {usage}")))
        };
        match name {
            "click" => first(&CLICK, "click [id], e.g. click [12]").map(|id| Self::Click { id }),
            "hover" => first(&HOVER, "hover [id], e.g. hover [12]").map(|id| Self::Hover { id }),
            "type" => read_type(text, profile),
            "press" => {
                let keys = first(&PRESS, "press [keys], e.g. press [Control+a]")?;
                let key_comb = map_keys(&keys, profile);
                Ok(Self::Press { key_comb })
            }
            "scroll" => read_scroll(text, profile),
            "goto" => first(&GOTO, "goto [address]").map(|url| Self::Goto { url }),
            "tab_focus" => {
                let digits = first(&TAB_FOCUS, "tab_focus [number], e.g. tab_focus [0]")?;
                let index = number(&digits);
                Ok(Self::TabFocus { index })
            }
            "new_tab" => Ok(Self::NewTab),
            "go_back" => Ok(Self::GoBack),
            "go_forward" => Ok(Self::GoForward),
            "close_tab" => Ok(Self::CloseTab),
            "stop" => Ok(read_stop(text, profile)),
            _ if profile == Profile::Strict && is_named_scroll(text) => read_scroll(text, profile),
            _ => Err(unknown(text, name)),
        }
    }

    /// The action of the arena that does the same in the browser.
    pub fn lower(self, profile: Profile) -> Result<Action, WebArenaError> {
        Ok(match self {
            Self::Click { id } => Action::Click {
                bid: id,
                button: MouseButton::Left,
                modifiers: Vec::new(),
            },
            Self::Hover { id } => Action::Hover { bid: id },
            Self::Type { id, text } => Action::TypeText { bid: id, text },
            Self::Press { key_comb } => Action::KeyboardPress {
                key: pressed_keys(&key_comb, profile)?,
            },
            Self::Scroll { direction } => Action::ScrollPage { direction },
            Self::Goto { url } => Action::Goto { url },
            Self::NewTab => Action::NewTab,
            Self::GoBack => Action::GoBack,
            Self::GoForward => Action::GoForward,
            Self::CloseTab => Action::TabClose,
            // What is too large for the arena is no tab's place either.
            Self::TabFocus { index } => Action::TabFocus {
                index: usize::try_from(index).unwrap_or(usize::MAX),
            },
            Self::Stop { answer } => Action::SendMsgToUser { text: answer },
        })
    }
}

/// The form that reads back as the same action, as the prompts of WebArena teach it.
impl fmt::Display for WebArenaAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Click { id } => write!(f, "click [{id}]"),
            Self::Hover { id } => write!(f, "hover [{id}]"),
            Self::Type { id, text } => match text.strip_suffix('\n') {
                Some(line) => write!(f, "type [{id}] [{line}] [1]"),
                None => write!(f, "type [{id}] [{text}] [0]"),
            },
            Self::Press { key_comb } => write!(f, "press [{key_comb}]"),
            Self::Scroll { direction } => write!(f, "scroll [{}]", direction.as_str()),
            Self::Goto { url } => write!(f, "goto [{url}]"),
            Self::NewTab => f.write_str("new_tab"),
            Self::GoBack => f.write_str("go_back"),
            Self::GoForward => f.write_str("go_forward"),
            Self::CloseTab => f.write_str("close_tab"),
            Self::TabFocus { index } => write!(f, "tab_focus [{index}]"),
            Self::Stop { answer } => write!(f, "stop [{answer}]"),
        }
    }
}

fn unknown(text: &str, name: &str) -> WebArenaError {
    const NAMES: &str = "click, hover, type, press, scroll, goto, new_tab, tab_focus, close_tab, \
                         go_back, go_forward, stop";
    let name: String = name.chars().take(40).collect();
    WebArenaError::syntax(text, format!("`{name}` is none of {NAMES}"))
}

/// `type [id] [text] [1]`, where the flag may be missing.
fn read_type(text: &str, profile: Profile) -> Result<WebArenaAction, WebArenaError> {
    let has_flag = text.ends_with("[0]") || text.ends_with("[1]");
    let whole = format!("{text}{}", if has_flag { "" } else { " [1]" });
    let pattern = match profile {
        Profile::Compat => &TYPE,
        Profile::Strict => &TYPE_LINES,
    };
    let Some(found) = pattern.captures(&whole) else {
        let hint = "write type [id] [text] [1]; 1 presses Enter afterwards, 0 does not";
        return Err(WebArenaError::syntax(text, hint));
    };
    let mut typed = found[2].to_owned();
    if profile == Profile::Compat
        && let Some(character) = typed.chars().find(|c| !is_typable(*c))
    {
        return Err(WebArenaError::Untypable(character));
    }
    if &found[3] == "1" {
        typed.push('\n');
    }
    Ok(WebArenaAction::Type {
        id: found[1].to_owned(),
        text: typed,
    })
}

/// What the reference's table of characters holds; U+0080 is its one gap.
const fn is_typable(character: char) -> bool {
    matches!(character, '\n' | ' '..='\u{7F}' | '\u{81}'..='\u{3E7}')
}

fn is_named_scroll(text: &str) -> bool {
    SCROLL_NAMED.is_match(text)
}

fn read_scroll(text: &str, profile: Profile) -> Result<WebArenaAction, WebArenaError> {
    let mut found = SCROLL.captures(text);
    if found.is_none() && profile == Profile::Strict {
        found = SCROLL_NAMED.captures(text);
    }
    let found = found.and_then(|found| found[1].parse::<Direction>().ok());
    found
        .map(|direction| WebArenaAction::Scroll { direction })
        .ok_or_else(|| WebArenaError::syntax(text, "write scroll [up] or scroll [down]"))
}

/// An answer that cannot be found is empty, and never an error.
fn read_stop(text: &str, profile: Profile) -> WebArenaAction {
    let pattern = match profile {
        Profile::Compat => &STOP,
        Profile::Strict => &STOP_LINES,
    };
    let answer = pattern.captures(text).map(|found| found[1].to_owned());
    WebArenaAction::Stop {
        answer: answer.unwrap_or_default(),
    }
}

/// Decimal digits of any script as a number; what is too large for a number is the largest.
fn number(digits: &str) -> u128 {
    digits.chars().fold(0, |sum: u128, digit| {
        sum.saturating_mul(10)
            .saturating_add(u128::from(python::decimal(digit).unwrap_or_default()))
    })
}

/// Names of keys that the reference knows in any case. `ArrowLeft` is missing there.
const MAPPED: &[&str] = &[
    "Backquote",
    "Minus",
    "Equal",
    "Backslash",
    "Backspace",
    "Meta",
    "Tab",
    "Delete",
    "Escape",
    "ArrowDown",
    "End",
    "Enter",
    "Home",
    "Insert",
    "PageDown",
    "PageUp",
    "ArrowRight",
    "ArrowUp",
    "F1",
    "F2",
    "F3",
    "F4",
    "F5",
    "F6",
    "F7",
    "F8",
    "F9",
    "F10",
    "F11",
    "F12",
];

/// What is mapped beyond the reference, by names that models write.
const MEANT: &[(&str, &str)] = &[
    ("arrowleft", "ArrowLeft"),
    ("ctrl", "Control"),
    ("control", "Control"),
    ("shift", "Shift"),
    ("alt", "Alt"),
    ("option", "Alt"),
    ("cmd", "Meta"),
    ("command", "Meta"),
    ("esc", "Escape"),
    ("return", "Enter"),
    ("del", "Delete"),
    ("space", "Space"),
    ("spacebar", "Space"),
    ("up", "ArrowUp"),
    ("down", "ArrowDown"),
    ("left", "ArrowLeft"),
    ("right", "ArrowRight"),
];

fn map_keys(keys: &str, profile: Profile) -> String {
    let mapped = keys.split('+').map(|key| map_key(key, profile));
    mapped.collect::<Vec<&str>>().join("+")
}

fn map_key(key: &str, profile: Profile) -> &str {
    let lower = key.to_lowercase();
    if let Some(name) = MAPPED.iter().find(|name| name.to_lowercase() == lower) {
        return name;
    }
    let meant = MEANT.iter().find(|(written, _)| *written == lower.trim());
    match meant {
        Some((_, name)) if profile == Profile::Strict => name,
        _ => key,
    }
}

/// Keys by name that the reference's browser knows beside those of [`MAPPED`], in exactly this
/// case.
const ALSO_KNOWN: &[&str] = &[
    "ArrowLeft",
    "Control",
    "ControlLeft",
    "ControlRight",
    "Shift",
    "ShiftLeft",
    "ShiftRight",
    "Alt",
    "AltLeft",
    "AltRight",
    "MetaLeft",
    "MetaRight",
    "Space",
    "NumpadEnter",
    "CapsLock",
    "BracketLeft",
    "BracketRight",
    "Semicolon",
    "Quote",
    "Comma",
    "Period",
    "Slash",
    "ContextMenu",
    "PrintScreen",
    "ScrollLock",
    "Pause",
    "NumLock",
];

/// The combination that is pressed: `Meta` is `Control` where there is no Mac. The reference's
/// browser refuses names in another case, and so does [`Profile::Compat`].
fn pressed_keys(key_comb: &str, profile: Profile) -> Result<String, WebArenaError> {
    let keys = key_comb.replace("Meta", "Control");
    if profile == Profile::Compat && keys != "+" && !keys.ends_with("++") {
        let unknown = keys.split('+').find(|key| !is_known_key(key));
        if let Some(unknown) = unknown {
            return Err(WebArenaError::UnknownKey(
                unknown.chars().take(40).collect(),
            ));
        }
    }
    Ok(keys)
}

fn is_known_key(key: &str) -> bool {
    let mut characters = key.chars();
    let is_one = characters.next().is_some() && characters.next().is_none();
    let physical = |prefix: &str, test: fn(char) -> bool| {
        let mut rest = key.strip_prefix(prefix).unwrap_or_default().chars();
        rest.next().is_some_and(test) && rest.next().is_none()
    };
    is_one
        || MAPPED.contains(&key)
        || ALSO_KNOWN.contains(&key)
        || physical("Key", |c| c.is_ascii_uppercase())
        || physical("Digit", |c| c.is_ascii_digit())
        || physical("Numpad", |c| c.is_ascii_digit())
}

#[cfg(test)]
#[path = "webarena_tests.rs"]
mod tests;
