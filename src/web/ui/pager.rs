//! Links to the page before and after in a list that pages by cursor.

/// What stands under a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    /// What is shown, e.g. `Newest first`.
    pub label: String,
    /// Address of the page before.
    pub newer: Option<String>,
    /// Words on the link to it.
    pub newer_label: &'static str,
    /// Address of the page after.
    pub older: Option<String>,
    /// Words on the link to it.
    pub older_label: &'static str,
}

impl Pager {
    /// A list of moments, newest first. With a cursor in use, the way back is the first page.
    pub fn newest_first(first: Option<String>, older: Option<String>) -> Self {
        Self {
            label: "Newest first".to_owned(),
            newer: first,
            newer_label: "Newest",
            older,
            older_label: "Older",
        }
    }
}
