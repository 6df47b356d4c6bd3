//! What a person sees first.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, resource};
use askama::Template;

use crate::arena::dashboard::{self, Dashboard};
use crate::domain::submission::SubmissionView;
use crate::domain::time::Timestamp;
use crate::playground::PlaygroundHealth;
use crate::web::error::PageError;
use crate::web::extract::{PageQuery, SignedIn};
use crate::web::pages::frame::{Frame, browsers};
use crate::web::query::NoQuery;
use crate::web::ui::format;
use crate::web::ui::page::{page, see_other};
use crate::web::ui::shell::{Section, Shell};
use crate::web::ui::submission_rows::Table;

/// Submissions in the table.
const RECENT: u32 = 10;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/").route(get().to(home)))
        .service(resource("/dashboard").route(get().to(show)));
}

#[derive(Template)]
#[template(path = "pages/dashboard.html")]
struct DashboardPage {
    shell: Shell,
    greeting: String,
    queue: String,
    figures: Vec<Figure>,
    table: Table,
    first_submission: &'static str,
    running: Vec<Running>,
    running_of: String,
    idle: &'static str,
    health_word: &'static str,
    health: Vec<(&'static str, String)>,
}

struct Figure {
    name: &'static str,
    value: String,
    unit: Option<&'static str>,
    note: String,
    href: Option<&'static str>,
}

struct Running {
    state: &'static str,
    href: String,
    task: String,
    agent: String,
    words: String,
}

async fn home(frame: Frame) -> HttpResponse {
    see_other(if frame.person.is_some() {
        "/dashboard"
    } else {
        "/leaderboard"
    })
}

async fn show(
    frame: Frame,
    person: SignedIn,
    _query: PageQuery<NoQuery>,
) -> Result<HttpResponse, PageError> {
    let read = dashboard::read(&frame.state.store, &person, RECENT).await?;
    let now = Timestamp::now();
    let health = frame.state.playground.health();
    page(&DashboardPage {
        greeting: format!("Signed in as {}.", person.username),
        queue: format!(
            "{} of yours running, {} queued",
            format::count(read.counts.running),
            format::count(read.counts.queued)
        ),
        figures: figures(&read),
        table: Table::new("Recent submissions", &read.recent, now),
        first_submission: "/submissions/new",
        running: read.running.iter().map(|view| running(view, now)).collect(),
        running_of: format!("browsers: {}", browsers(&health)),
        idle: idle(&read, &health),
        health_word: if health.ok { "healthy" } else { "not healthy" },
        health: health_lines(&health, &read, now),
        shell: frame.shell(Section::Dashboard, "Dashboard"),
    })
}

fn figures(read: &Dashboard) -> Vec<Figure> {
    let totals = &read.totals;
    let rate = (totals.scored > 0).then(|| ratio(totals.passed, totals.scored));
    let interval = crate::arena::statistics::wilson_95(totals.passed, totals.scored);
    let interval = interval.map_or_else(String::new, |interval| {
        format!(
            ", {} to {}",
            format::rate(interval.low),
            format::rate(interval.high)
        )
    });
    vec![
        Figure {
            name: "Scored, 30 days",
            value: format::count(totals.scored),
            unit: None,
            note: format!("{} unscored", format::count(totals.unscored)),
            href: None,
        },
        Figure {
            name: "Passed, 30 days",
            value: rate.map_or_else(|| "no result yet".to_owned(), format::rate),
            unit: rate.map(|_| "%"),
            note: format!(
                "{} of {}{interval}",
                format::count(totals.passed),
                format::count(totals.scored)
            ),
            href: None,
        },
        Figure {
            name: "Model cost, 30 days",
            value: format!("${:.2}", ratio(totals.cost_microusd, 1_000_000)),
            unit: None,
            note: if totals.unpriced > 0 {
                "of priced submissions alone".to_owned()
            } else {
                "all priced".to_owned()
            },
            href: None,
        },
        Figure {
            name: "Unpriced, 30 days",
            value: format::count(totals.unpriced),
            unit: None,
            note: if totals.unpriced > 0 {
                "Set a price for your agents".to_owned()
            } else {
                "no submission without a price".to_owned()
            },
            href: (totals.unpriced > 0).then_some("/agents"),
        },
    ]
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and costs stay far below 2^52"
)]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

fn running(view: &SubmissionView, now: Timestamp) -> Running {
    let submission = &view.submission;
    let since = submission.started_at.map_or_else(String::new, |at| {
        format!("for {}", format::duration_ms(now.ms_since(at)))
    });
    Running {
        state: "running",
        href: format!("/submissions/{}", submission.id),
        task: view.task_key.clone(),
        agent: format!("{} r{}", view.agent_name, view.agent_revision),
        words: since,
    }
}

fn idle(read: &Dashboard, health: &PlaygroundHealth) -> &'static str {
    match (read.counts.queued, health.ok) {
        (0, _) => "Nothing of yours runs now.",
        (_, true) => "Nothing of yours runs at this moment. Your queued submissions come next.",
        (_, false) => "Your queued submissions wait until the playground is healthy.",
    }
}

fn health_lines(
    health: &PlaygroundHealth,
    read: &Dashboard,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let oldest = read
        .queue
        .oldest_queued_at
        .map(|at| format!(", oldest {}", format::duration_ms(now.ms_since(at))));
    vec![
        ("Kind", health.kind.to_string()),
        ("Browsers", browsers(health)),
        (
            "Version",
            if health.version.is_empty() {
                "not known".to_owned()
            } else {
                health.version.clone()
            },
        ),
        (
            "Queue",
            format!(
                "{} waiting{}",
                format::count(read.queue.queued),
                oldest.unwrap_or_default()
            ),
        ),
    ]
}
