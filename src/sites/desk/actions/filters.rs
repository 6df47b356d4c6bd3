//! Saved filters.

use std::sync::Arc;

use crate::sites::desk::actions::{Refusal, Wrong};
use crate::sites::desk::state::{DeskState, FilterNo, SavedFilter};
use crate::sites::desk::view::{IssueQuery, Route, parse};

/// The longest name of a filter, in characters.
pub const NAME_LENGTH: usize = 60;

/// Saves a filter of the issue list under a name. Fields: `name`, `query`.
pub fn save(state: &mut DeskState, name: &str, query: &str) -> Result<FilterNo, Refusal> {
    let mut wrong = Wrong::default();
    wrong.needs("name", name, NAME_LENGTH);
    if state.filters.values().any(|filter| filter.name == name) {
        wrong.say("name", "You have a filter of this name.");
    }
    wrong.none()?;
    let parsed = parse(&format!("/desk/issues?{query}"));
    let Some(Route::Issues(wanted)) = parsed.map(|parsed| parsed.route) else {
        return Err(Refusal::not_allowed("This list cannot be saved."));
    };
    let query = IssueQuery { page: 1, ..wanted };
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in query.pairs() {
        address.append_pair(name, &value);
    }
    let no = state.incidental.next_filter;
    state.incidental.next_filter += 1;
    let filter = SavedFilter {
        name: name.to_owned(),
        query: address.finish(),
    };
    Arc::make_mut(&mut state.filters).insert(no, filter);
    Ok(no)
}

/// Deletes a saved filter.
pub fn delete(state: &mut DeskState, no: FilterNo) -> Result<(), Refusal> {
    if Arc::make_mut(&mut state.filters).remove(&no).is_none() {
        return Err(Refusal::not_found("There is no such filter."));
    }
    Ok(())
}
