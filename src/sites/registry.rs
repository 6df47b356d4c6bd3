//! The table of bundled sites. Everything that is done for each of them goes over it: serving,
//! comparing, reading addresses, tasks. A new site is its folder, a field of
//! [`Sites`] and an entry here (`docs/sites.md`).

use actix_web::web::ServiceConfig;
use serde_json::Value;

use crate::domain::evidence::View;
use crate::sites::cross;
use crate::sites::desk;
use crate::sites::diff::Records;
use crate::sites::forum;
use crate::sites::office;
use crate::sites::shop;
use crate::sites::state::Sites;
use crate::sites::tasks::TaskFolder;
use crate::sites::wiki;

/// One bundled site.
pub struct Site {
    /// First part of its addresses and of its collections, e.g. `shop`.
    pub name: &'static str,
    /// Registers its pages and assets.
    pub configure: fn(&mut ServiceConfig),
    /// What an address of its own (path with query) means; absent when it is no page.
    pub view: fn(&str) -> Option<View>,
    /// Its primary state as records, whose collections begin with its name and a dot.
    pub records: fn(&Sites) -> Records,
    /// Broken invariants of its derived state, in words: base first, then the state now.
    pub invariants: fn(&Sites, &Sites) -> Vec<String>,
    /// Its collections that are empty in the base state, which checks cannot learn from it.
    pub empty_collections: &'static [&'static str],
    /// Names that answers are read by: each collection with `{ name, aliases }`.
    pub names: fn(&Sites) -> Vec<(&'static str, Value)>,
    /// Its tasks.
    pub tasks: TaskFolder,
}

/// All bundled sites.
pub const SITES: &[Site] = &[
    shop::SITE,
    forum::SITE,
    office::SITE,
    wiki::SITE,
    desk::SITE,
];

/// The site of this name.
pub fn find(name: &str) -> Option<&'static Site> {
    SITES.iter().find(|site| site.name == name)
}

/// The names of all sites, for messages.
pub fn names() -> String {
    let names: Vec<&str> = SITES.iter().map(|site| site.name).collect();
    names.join(", ")
}

/// The site to which a path belongs, by its first segment.
pub fn of_path(path: &str) -> Option<&'static Site> {
    let first = path.strip_prefix('/')?.split(['/', '?', '#']).next()?;
    find(first)
}

/// What a path with query means to the site that it belongs to.
pub fn view(path_and_query: &str) -> Option<View> {
    (of_path(path_and_query)?.view)(path_and_query)
}

/// Registers the pages of every site.
pub fn configure(config: &mut ServiceConfig) {
    for site in SITES {
        config.configure(site.configure);
    }
}

/// Primary records of all sites.
pub fn records(sites: &Sites) -> Records {
    SITES
        .iter()
        .flat_map(|site| (site.records)(sites))
        .collect()
}

/// Broken invariants of all sites.
pub fn broken_invariants(base: &Sites, state: &Sites) -> Vec<String> {
    SITES
        .iter()
        .flat_map(|site| (site.invariants)(base, state))
        .collect()
}

/// Folders of task files: each site's, then that of tasks which cross sites.
pub fn task_folders() -> impl Iterator<Item = &'static TaskFolder> {
    SITES
        .iter()
        .map(|site| &site.tasks)
        .chain(std::iter::once(&cross::TASKS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sites::people::MARA;

    #[test]
    fn a_path_belongs_to_the_site_of_its_first_segment() {
        assert!(of_path("/shop").is_some() && of_path("/shop/p/x?y=1").is_some());
        assert!(of_path("/shopping").is_none() && of_path("shop/").is_none());
        assert!(of_path("/cross/").is_none() && of_path("/").is_none());
    }

    #[test]
    fn collections_begin_with_the_name_of_their_site() {
        let base = Sites::base(&MARA, 1);
        for site in SITES {
            let prefix = format!("{}.", site.name);
            let records = (site.records)(&base);
            assert!(!records.is_empty(), "{} has no records", site.name);
            let learned = records.keys().map(|(collection, _)| collection.as_str());
            let empty_at_start = site.empty_collections.iter().copied();
            let names = (site.names)(&base);
            let entities = names.iter().map(|(collection, _)| *collection);
            for collection in learned.chain(empty_at_start).chain(entities) {
                assert!(collection.starts_with(&prefix), "{collection}");
            }
            for empty in site.empty_collections {
                assert!(
                    !records.keys().any(|(collection, _)| collection == empty),
                    "{empty} is not empty"
                );
            }
        }
    }

    #[test]
    fn the_base_state_is_a_function_of_persona_and_world_and_breaks_nothing() {
        let (one, again, other) = (
            Sites::base(&MARA, 1),
            Sites::base(&MARA, 1),
            Sites::base(&MARA, 2),
        );
        assert_eq!(records(&one), records(&again));
        assert_ne!(records(&one), records(&other));
        for base in [one, other] {
            assert_eq!(
                broken_invariants(&base, &base.clone()),
                Vec::<String>::new()
            );
        }
    }
}
