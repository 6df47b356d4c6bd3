//! The ranking of a suite, with its doubt.

use askama::Template;

use crate::web::ui::filter::{Chip, Filter};
use crate::web::ui::ranking::{Phrase, Row};
use crate::web::ui::shell::Shell;

#[derive(Template)]
#[template(path = "pages/leaderboard.html")]
struct LeaderboardPage {
    shell: Shell,
    suite: Option<String>,
    meta: Vec<String>,
    finding: Vec<Phrase>,
    filters: Vec<Filter>,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    caption: String,
    method: String,
    empty: Empty,
}

/// What stands in place of a ranking.
struct Empty {
    heading: &'static str,
    text: String,
    href: &'static str,
    label: &'static str,
}
