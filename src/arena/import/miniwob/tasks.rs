//! From pages to tasks: which pages are tasks, and how the arena words and bounds them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::task::{
    Difficulty, EnvironmentSpec, EvaluatorSpec, Limits, RewardSpec, TaskKind, TaskSpec,
};
use crate::domain::viewport::Viewport;
use crate::environments::static_pages::fields;
use crate::sites::imported::Collection;

/// Pages of the package that are no task of its Python environments, nor of BrowserGym.
const EXTRA: [&str; 5] = [
    "button-delay",
    "chase-circle",
    "hover-shape",
    "moving-items",
    "simon-says",
];

/// Tasks whose instance the seed does not fix alone, as BrowserGym marks them.
const NONDETERMINISTIC: [&str; 4] = [
    "click-pie",
    "click-pie-nodelay",
    "terminal",
    "visual-addition",
];

/// What the names of the flight tasks begin with.
const FLIGHT: &str = "flight.";

/// Bounds on one episode instead of the page's own ten seconds. A person needs at most a few dozen
/// actions for any of these tasks; a model needs its time to think.
const LIMITS: Limits = Limits {
    steps: 50,
    time_ms: 300_000,
};

/// What a goal is where the task words it freely.
const FREE_GOAL: &str = "(The page words the goal when the task starts.)";

/// The window that the package's own environments open (`instance.py` of `miniwob`): what its
/// authors saw, and large enough for menus and calendars that stand out of the task's box.
const WINDOW: Viewport = Viewport {
    width: 500,
    height: 320,
};

/// The same for the flight pages.
const FLIGHT_WINDOW: Viewport = Viewport {
    width: 600,
    height: 800,
};

/// Where the pages come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// Name of the collection.
    pub(super) pages: String,
    /// Its hash.
    pub(super) sha256: String,
    /// Package and version.
    pub(super) source: String,
}

/// The tasks of a collection: name and path of the page, in order of the path.
pub(super) fn pages(collection: &Collection) -> impl Iterator<Item = (String, &str)> {
    collection.paths().filter_map(|path| {
        if let Some(name) = path.strip_prefix("miniwob/") {
            let name = name
                .strip_suffix(".html")
                .filter(|name| !name.contains('/'))?;
            return Some((name.to_owned(), path));
        }
        let name = path
            .strip_prefix("flight/")?
            .strip_suffix("/wrapper.html")?;
        Some((format!("{FLIGHT}{name}"), path))
    })
}

/// Key and specification of every task.
pub(super) fn all(collection: &Collection, origin: &Origin) -> Vec<(String, TaskSpec)> {
    pages(collection)
        .map(|(name, page)| {
            let spec = spec(&name, page, origin);
            (name, spec)
        })
        .collect()
}

fn spec(name: &str, page: &str, origin: &Origin) -> TaskSpec {
    TaskSpec {
        template: name.to_owned(),
        draw: 0,
        title: title(name),
        goal: fields::wording(name).unwrap_or_else(|| FREE_GOAL.to_owned()),
        kind: TaskKind::Reward,
        difficulty: Difficulty::Unrated,
        points: BTreeMap::new(),
        skills: tags(name),
        environment: EnvironmentSpec::Static {
            task: name.to_owned(),
            pages: origin.pages.clone(),
            sha256: origin.sha256.clone(),
            source: origin.source.clone(),
            page: page.to_owned(),
            viewport: Some(window(name.starts_with(FLIGHT))),
        },
        evaluators: vec![EvaluatorSpec::Reward(RewardSpec {})],
        limits: LIMITS,
        solution: Vec::new(),
        draw_values: Value::Null,
    }
}

const fn window(is_flight: bool) -> Viewport {
    if is_flight { FLIGHT_WINDOW } else { WINDOW }
}

/// `click-tab-2-easy` as `Click tab 2 easy`.
fn title(name: &str) -> String {
    let words = name.replace(['-', '.'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn tags(name: &str) -> Vec<String> {
    let set = if name.starts_with(FLIGHT) {
        "flight"
    } else if EXTRA.contains(&name) {
        "extra"
    } else {
        "browsergym"
    };
    let mut tags = vec![set.to_owned()];
    if NONDETERMINISTIC.contains(&name) {
        tags.push("nondeterministic".to_owned());
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_say_which_set_and_what_the_seed_does_not_fix() {
        assert_eq!(tags("click-test"), ["browsergym"]);
        assert_eq!(tags("terminal"), ["browsergym", "nondeterministic"]);
        assert_eq!(tags("simon-says"), ["extra"]);
        assert_eq!(tags("flight.AA"), ["flight"]);
        assert_eq!(title("click-tab-2-easy"), "Click tab 2 easy");
        assert_eq!(title("flight.AA"), "Flight AA");
    }
}
