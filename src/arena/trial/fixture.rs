//! What a tried agent sees: the start page of the bundled shop, as a real browser observed it, with
//! its picture. It ships with the program, so that a try needs no browser and is the same every
//! time.

use std::collections::BTreeMap;

use crate::browser::NavigationPolicy;
use crate::domain::observation::Observation;
use crate::domain::task::{Difficulty, EnvironmentSpec, Limits, TaskKind, TaskSpec};
use crate::environments::Briefing;
use crate::playground::preamble::preamble;

/// What is to be done.
pub const GOAL: &str = "Search the shop for a kettle and say what the first one costs.";

/// The picture of the page, a PNG.
pub const PICTURE: &[u8] = include_bytes!("page.png");

/// Most steps that the agent is told of; one is asked for.
pub const MAX_STEPS: u32 = 30;

const PAGE: &str = include_str!("page.json");

/// The page.
pub fn page() -> Result<Observation, serde_json::Error> {
    serde_json::from_str(PAGE)
}

/// The arena's rules, worded as for an episode on this page.
pub fn rules() -> String {
    let briefing = Briefing {
        today: "Wednesday 18 March 2026, 10:24 UTC".to_owned(),
        user: "Mara Lindqvist".to_owned(),
        ends_itself: false,
    };
    let policy = NavigationPolicy {
        allowed_origins: vec!["http://127.0.0.1:8081".to_owned()],
        allowed_paths: vec!["/shop/".to_owned(), "/assets/".to_owned()],
    };
    preamble(&briefing, &policy)
}

/// The task, for policies that are made from one. It is never scored and has no solution.
pub fn task() -> TaskSpec {
    TaskSpec {
        template: "try".to_owned(),
        draw: 0,
        title: "Price of a kettle".to_owned(),
        goal: GOAL.to_owned(),
        kind: TaskKind::Info,
        difficulty: Difficulty::Easy,
        points: BTreeMap::new(),
        skills: Vec::new(),
        environment: EnvironmentSpec::Site {
            sites: vec!["shop".to_owned()],
            persona: "mara".to_owned(),
            world: 1,
            start: "/shop/".to_owned(),
        },
        evaluators: Vec::new(),
        limits: Limits {
            steps: MAX_STEPS,
            time_ms: 120_000,
        },
        solution: Vec::new(),
        draw_values: serde_json::Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_one_that_the_goal_can_be_begun_on() {
        let page = page().unwrap();
        assert!(page.nodes.len() > 40);
        let search = page.nodes.iter().find(|node| node.role == "searchbox");
        assert!(search.is_some_and(|node| node.bid.is_some()));
        assert_eq!(page.url, "http://127.0.0.1:8081/shop/");
        assert!(PICTURE.starts_with(b"\x89PNG"));
        assert!(rules().contains("http://127.0.0.1:8081/shop/"));
    }
}
