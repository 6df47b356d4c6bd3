//! The script that reads and prepares pages. It runs in an isolated world of every document, out
//! of reach of the page's own scripts.

/// The world's name.
pub(super) const WORLD: &str = "arena";
/// The script's name in its files.
const PLACEHOLDER: &str = "__ARENA__";
const SOURCE: &str = concat!(
    include_str!("script/base.js"),
    include_str!("script/roles.js"),
    include_str!("script/names.js"),
    include_str!("script/states.js"),
    include_str!("script/observe.js"),
    include_str!("script/settle.js"),
    include_str!("script/targets.js"),
    include_str!("script/fields.js"),
    include_str!("script/act.js"),
);

/// A name for the script in one episode: random, so that a page's own script cannot pose as it.
pub(super) fn new_name() -> String {
    format!("arena_{}", uuid::Uuid::new_v4().simple())
}

/// The script under a name.
pub(super) fn source(name: &str) -> String {
    SOURCE.replace(PLACEHOLDER, name)
}
