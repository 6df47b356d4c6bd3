//! Chromium's names of roles in the words of ARIA, and which of them are compared.

use super::Exposed;

/// Roles that Chromium has its own names for, the ARIA role used here, and why it is that one.
/// Everything else has to be the same to the letter.
pub const ROLE_WORDS: &[(&str, &str, &str)] = &[
    (
        "DisclosureTriangle",
        "button",
        "ARIA has no word for `summary`; it is pressed like a button",
    ),
    (
        "DisclosureTriangleGrouped",
        "button",
        "ARIA has no word for `summary`; it is pressed like a button",
    ),
    (
        "Date",
        "textbox",
        "ARIA has no word for a date field; its type is told as a state",
    ),
    (
        "DateTime",
        "textbox",
        "ARIA has no word for a date field; its type is told as a state",
    ),
    (
        "InputTime",
        "textbox",
        "ARIA has no word for a time field; its type is told as a state",
    ),
    (
        "ColorWell",
        "textbox",
        "ARIA has no word for a colour field; its type is told as a state",
    ),
    (
        "Canvas",
        "canvas",
        "ARIA has no word for `canvas`; the tag's own name is used",
    ),
    (
        "Video",
        "video",
        "ARIA has no word for `video`; the tag's own name is used",
    ),
    (
        "Audio",
        "audio",
        "ARIA has no word for `audio`; the tag's own name is used",
    ),
    (
        "Iframe",
        "iframe",
        "ARIA has no word for `iframe`; the tag's own name is used",
    ),
    ("image", "img", "two names of one role in ARIA 1.3"),
    (
        "graphics-symbol",
        "img",
        "a drawn symbol is a picture in ARIA",
    ),
    (
        "graphics-document",
        "document",
        "the role it is derived from",
    ),
    ("graphics-object", "group", "the role it is derived from"),
    ("doc-backlink", "link", "the role it is derived from"),
    ("doc-biblioref", "link", "the role it is derived from"),
    ("doc-glossref", "link", "the role it is derived from"),
    ("doc-noteref", "link", "the role it is derived from"),
    ("doc-cover", "img", "the role it is derived from"),
    ("doc-pagebreak", "separator", "the role it is derived from"),
    ("doc-subtitle", "heading", "the role it is derived from"),
];

/// Roles of elements that are there to be used.
const INTERACTIVE: &[&str] = &[
    "button",
    "link",
    "checkbox",
    "radio",
    "textbox",
    "searchbox",
    "combobox",
    "listbox",
    "option",
    "menuitem",
    "menuitemcheckbox",
    "menuitemradio",
    "tab",
    "switch",
    "slider",
    "spinbutton",
    "treeitem",
    "scrollbar",
];

/// Roles that only mark text. An element with one that the author made focusable is `clickable`
/// here, since the role says nothing about what it does.
const TEXTUAL: &[&str] = &[
    "generic",
    "paragraph",
    "LabelText",
    "strong",
    "emphasis",
    "code",
    "blockquote",
    "none",
    "rowgroup",
    "mark",
    "time",
    "deletion",
    "insertion",
    "subscript",
    "superscript",
    "sectionheader",
    "sectionfooter",
    "Legend",
    "Figcaption",
    "LayoutTable",
    "LayoutTableRow",
    "LayoutTableCell",
    "SvgRoot",
    "Pre",
    "Abbr",
    "DescriptionList",
    "Details",
];

/// Roles that give a page its structure.
const STRUCTURE: &[&str] = &[
    "heading",
    "img",
    "list",
    "listitem",
    "table",
    "grid",
    "treegrid",
    "row",
    "cell",
    "gridcell",
    "columnheader",
    "rowheader",
    "dialog",
    "alertdialog",
    "navigation",
    "main",
    "banner",
    "contentinfo",
    "complementary",
    "form",
    "region",
    "search",
    "group",
    "radiogroup",
    "toolbar",
    "menu",
    "menubar",
    "tablist",
    "tabpanel",
    "tree",
    "article",
    "figure",
    "alert",
    "status",
    "log",
    "progressbar",
    "meter",
    "term",
    "definition",
    "iframe",
    "canvas",
    "video",
    "audio",
    "feed",
    "note",
    "timer",
    "tooltip",
    "application",
    "document",
    "math",
];

/// How an element takes part in the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Interactive,
    Structure,
    Text,
}

/// The role in the words used here.
pub(super) fn role_of(exposed: &Exposed) -> &str {
    let role = exposed.role.as_str();
    if class_of(exposed) == Class::Interactive && is_textual(exposed) {
        // A place that is typed into is a text box, whatever tag it is made of.
        return if is_editor(exposed) {
            "textbox"
        } else {
            "clickable"
        };
    }
    aria_word(role)
}

fn aria_word(role: &str) -> &str {
    let mut words = ROLE_WORDS.iter();
    words
        .find(|(theirs, ..)| *theirs == role)
        .map_or(role, |(_, ours, _)| ours)
}

/// Interactive is what has such a role and what the author made focusable or editable.
pub(super) fn class_of(exposed: &Exposed) -> Class {
    let role = aria_word(&exposed.role);
    let focusable = exposed.is("focusable");
    if INTERACTIVE.contains(&role) || (focusable && (exposed.place.tabbable || is_editor(exposed)))
    {
        Class::Interactive
    } else if STRUCTURE.contains(&role) {
        Class::Structure
    } else {
        Class::Text
    }
}

/// Whether it is the outermost element of a place that is typed into.
fn is_editor(exposed: &Exposed) -> bool {
    exposed.place.editor
}

/// Whether Chromium's role only marks text, so that its element has no name of its own there. What
/// can be dragged is a group to Chromium, whatever it is.
pub(super) fn is_textual(exposed: &Exposed) -> bool {
    is_textual_role(&exposed.role) || (exposed.role == "group" && exposed.place.dragged)
}

/// Tables that Chromium takes for mere layout are tables here, as HTML-AAM has it.
const LAYOUT: &[(&str, &str)] = &[
    ("LayoutTable", "table"),
    ("LayoutTableRow", "row"),
    ("LayoutTableCell", "cell"),
];

/// Whether a role of the observation is the one that Chromium says.
pub(super) fn is_same_role(exposed: &Exposed, ours: &str) -> bool {
    role_of(exposed) == ours || LAYOUT.contains(&(exposed.role.as_str(), ours))
}

/// The same for a role by itself.
pub(super) fn is_textual_role(role: &str) -> bool {
    TEXTUAL.contains(&role)
}
