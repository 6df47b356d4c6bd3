//! Settings pages and help.

use crate::sites::office::queries::matches;
use crate::sites::office::state::{HelpArticle, OfficeState, SettingsPage};

/// The pages of a section and a group, each empty for any.
pub fn pages<'a>(state: &'a OfficeState, section: &str, group: &str) -> Vec<&'a SettingsPage> {
    state
        .fixed
        .settings
        .iter()
        .filter(|page| {
            let (own_section, own_group, _) = parts(page);
            (section.is_empty() || own_section == section)
                && (group.is_empty() || own_group == group)
        })
        .collect()
}

/// The address parts of a page: section, group, name.
pub fn parts(page: &SettingsPage) -> (&str, &str, &str) {
    let mut parts = page.path.split('/');
    let mut next = || parts.next().unwrap_or("");
    (next(), next(), next())
}

/// A page by its address parts.
pub fn page<'a>(
    state: &'a OfficeState,
    section: &str,
    group: &str,
    name: &str,
) -> Option<&'a SettingsPage> {
    let path = format!("{section}/{group}/{name}");
    state.fixed.settings.iter().find(|page| page.path == path)
}

/// Pages in which all words of a search stand.
pub fn found<'a>(state: &'a OfficeState, q: &str) -> Vec<&'a SettingsPage> {
    state
        .fixed
        .settings
        .iter()
        .filter(|page| {
            let labels: Vec<&str> = page
                .fields
                .iter()
                .map(|field| field.label.as_str())
                .collect();
            let labels = labels.join(" ");
            matches(q, &[&page.title, &page.text, &page.group, &labels])
        })
        .collect()
}

/// Help articles in which all words of a search stand; all without a search.
pub fn articles<'a>(state: &'a OfficeState, q: &str) -> Vec<&'a HelpArticle> {
    state
        .fixed
        .help
        .iter()
        .filter(|article| {
            q.is_empty() || matches(q, &[&article.title, &article.paragraphs.join(" ")])
        })
        .collect()
}

/// The names of a section's groups, in the order of the menu.
pub fn group_names(state: &OfficeState, section: &str) -> String {
    let mut groups: Vec<&str> = pages(state, section, "")
        .iter()
        .map(|page| page.group.as_str())
        .collect();
    groups.dedup();
    groups.join(", ")
}

/// The titles of a group's pages, in the order of the menu.
pub fn titles(state: &OfficeState, section: &str, group: &str) -> String {
    let titles: Vec<&str> = pages(state, section, group)
        .iter()
        .map(|page| page.title.as_str())
        .collect();
    titles.join(", ")
}
