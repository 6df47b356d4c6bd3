//! The ranking of a suite, with its doubt.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, resource};
use askama::Template;

use crate::arena::{catalogue, leaderboard, verify};
use crate::domain::agent::AgentKind;
use crate::domain::leaderboard::LeaderboardRow;
use crate::domain::page::{MAX_PAGE_LIMIT, PageRequest};
use crate::domain::time::Timestamp;
use crate::store::suites::SuiteView;
use crate::web::error::PageError;
use crate::web::extract::PageQuery;
use crate::web::pages::frame::Frame;
use crate::web::query::{Params, QueryParams};
use crate::web::ui::filter::{Chip, Filter, address};
use crate::web::ui::format;
use crate::web::ui::page::page;
use crate::web::ui::ranking::{self, Phrase, Row};
use crate::web::ui::shell::{Section, Shell};

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/leaderboard").route(get().to(show)));
}

#[derive(Template)]
#[template(path = "pages/leaderboard.html")]
struct LeaderboardPage {
    shell: Shell,
    suite: Option<String>,
    meta: Vec<String>,
    finding: Vec<Phrase>,
    left_out: Vec<LeftOut>,
    filters: Vec<Filter>,
    all_revisions: bool,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    caption: String,
    empty: Empty,
}

/// A task that failed its verification and is in no ranking.
struct LeftOut {
    key: String,
    href: String,
}

/// What stands in place of a ranking.
struct Empty {
    heading: &'static str,
    text: String,
    href: &'static str,
    label: &'static str,
}

#[derive(Default)]
struct Query {
    suite: Option<String>,
    kind: Option<AgentKind>,
    all_revisions: bool,
}

impl QueryParams for Query {
    const NAMES: &'static [&'static str] = &["suite", "kind", "revisions"];

    fn read(params: &mut Params) -> Self {
        Self {
            suite: params.bounded_text("suite", 100),
            kind: params.named("kind"),
            all_revisions: params.text("revisions") == Some("all"),
        }
    }
}

impl Query {
    fn address(&self, all_revisions: bool, kind: Option<AgentKind>) -> String {
        let query = [
            ("suite", self.suite.clone().unwrap_or_default()),
            (
                "kind",
                kind.map(|kind| kind.to_string()).unwrap_or_default(),
            ),
            (
                "revisions",
                if all_revisions { "all" } else { "" }.to_owned(),
            ),
        ];
        address("/leaderboard", &query)
    }

    fn chips(&self) -> Vec<Chip> {
        let kind = self.kind.map(|kind| Chip {
            label: format!("Kind {kind}"),
            href: self.address(self.all_revisions, None),
        });
        let revisions = Chip {
            label: if self.all_revisions {
                "All revisions"
            } else {
                "Newest revision only"
            }
            .to_owned(),
            href: self.address(!self.all_revisions, self.kind),
        };
        kind.into_iter().chain([revisions]).collect()
    }
}

async fn show(frame: Frame, query: PageQuery<Query>) -> Result<HttpResponse, PageError> {
    let query = query.0;
    let store = &frame.state.store;
    let suites = catalogue::list_suites(store).await?;
    let suite = match &query.suite {
        Some(name) => Some(catalogue::get_suite(store, name).await?),
        None => suites.first().cloned(),
    };
    let ranked = match &suite {
        Some(view) => {
            let request = PageRequest::first(MAX_PAGE_LIMIT);
            let standings = leaderboard::of_suite(store, view.suite.id, request).await?;
            standings
                .items
                .into_iter()
                .map(|standing| standing.row)
                .collect()
        }
        None => Vec::new(),
    };
    let left_out = match &suite {
        Some(view) => verify::left_out(store, view.suite.id).await?,
        None => Vec::new(),
    };
    let rows = narrowed(&ranked, &query);
    page(&LeaderboardPage {
        suite: suite
            .as_ref()
            .map(|view| format!("{} {}", view.suite.name, view.suite.version)),
        meta: meta(suite.as_ref(), &ranked),
        finding: ranking::finding(&rows),
        left_out: left_out
            .into_iter()
            .map(|(key, id)| LeftOut {
                key,
                href: format!("/tasks/{id}"),
            })
            .collect(),
        filters: filters(&suites, suite.as_ref(), &query),
        all_revisions: query.all_revisions,
        chips: query.chips(),
        rows: ranking::rows(&rows),
        caption: "Agents ranked by score, with success rate, 95 % interval, cost and time"
            .to_owned(),
        empty: empty(&ranked, frame.person.is_some()),
        shell: frame.shell(Section::Leaderboard, "Leaderboard"),
    })
}

fn narrowed(rows: &[LeaderboardRow], query: &Query) -> Vec<LeaderboardRow> {
    let is_newest = |row: &LeaderboardRow| {
        let newer = |other: &LeaderboardRow| {
            other.agent_id == row.agent_id && other.agent_revision > row.agent_revision
        };
        !rows.iter().any(newer)
    };
    rows.iter()
        .filter(|row| query.all_revisions || is_newest(row))
        .filter(|row| query.kind.is_none_or(|kind| row.agent_kind == kind))
        .cloned()
        .collect()
}

fn meta(suite: Option<&SuiteView>, rows: &[LeaderboardRow]) -> Vec<String> {
    let Some(suite) = suite else {
        return Vec::new();
    };
    let scored: u64 = rows.iter().map(|row| u64::from(row.scored)).sum();
    let unscored: u64 = rows.iter().map(|row| u64::from(row.unscored)).sum();
    let last = rows.iter().map(|row| row.achieved_at).max();
    let last = last.map(|at| format!("Last result {}", format::relative(at, Timestamp::now())));
    let counts = [
        format::counted(suite.tasks, "task"),
        format::counted(scored, "scored submission"),
        format!("{} unscored", format::count(unscored)),
    ];
    counts.into_iter().chain(last).collect()
}

fn filters(suites: &[SuiteView], suite: Option<&SuiteView>, query: &Query) -> Vec<Filter> {
    let chosen = suite.map(|view| view.suite.id.to_string());
    let of_suites = suites.iter().map(|view| {
        (
            view.suite.id,
            format!("{} {}", view.suite.name, view.suite.version),
        )
    });
    let kinds = AgentKind::ALL.iter().map(|kind| (kind, kind));
    let mut all = vec![
        Filter::new("suite", "Suite", chosen.as_deref(), of_suites).required(),
        Filter::new("kind", "Kind", query.kind.map(AgentKind::as_str), kinds),
    ];
    if suites.is_empty() {
        all.remove(0);
    }
    all
}

fn empty(ranked: &[LeaderboardRow], signed_in: bool) -> Empty {
    if !ranked.is_empty() {
        return Empty {
            heading: "Nothing matches these filters",
            text: format!(
                "{} in this suite, none of this kind.",
                format::counted(ranked.len(), "agent revision")
            ),
            href: "/leaderboard",
            label: "Clear filters",
        };
    }
    let (href, label) = if signed_in {
        ("/submissions/new", "Submit an agent")
    } else {
        ("/sign-in", "Sign in")
    };
    Empty {
        heading: "No result yet",
        text: "Nothing has ended in this suite. Submit an agent to all its tasks; the built-in heuristic needs no key and costs nothing.".to_owned(),
        href,
        label,
    }
}
