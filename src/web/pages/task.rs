//! One revision of a task: what is to be done, how it is judged, and how agents did. What it
//! expects and its reference solution stay inside.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, resource};
use askama::Template;

use crate::arena::catalogue::{self, PublicTask};
use crate::arena::{leaderboard, verify};
use crate::domain::ids::TaskId;
use crate::domain::page::{MAX_PAGE_LIMIT, PageRequest};
use crate::domain::suite::Suite;
use crate::domain::task::EnvironmentSpec;
use crate::domain::verification::{Must, Verification, VerificationStatus};
use crate::web::error::PageError;
use crate::web::extract::{PageId, PageQuery};
use crate::web::pages::frame::Frame;
use crate::web::query::NoQuery;
use crate::web::ui::format;
use crate::web::ui::page::page;
use crate::web::ui::ranking::{self, Row};
use crate::web::ui::shell::{Section, Shell};

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/tasks/{taskId}").route(get().to(show)));
}

#[derive(Template)]
#[template(path = "pages/task.html")]
struct TaskPage {
    shell: Shell,
    id: String,
    suite: String,
    suite_href: String,
    key: String,
    title: String,
    revision: u32,
    kind: &'static str,
    difficulty: &'static str,
    skills: Vec<String>,
    active: bool,
    goal: String,
    checks: Vec<Check>,
    results: Vec<Row>,
    setting: Vec<(&'static str, String)>,
    points: Vec<(String, u32)>,
    gate: Gate,
}

/// What verification found.
struct Gate {
    /// In one word.
    status: &'static str,
    /// Whether the task is in no ranking.
    is_left_out: bool,
    /// When; empty when it was not verified yet.
    at: String,
    /// Each agent with what it must and what it came to.
    tallies: Vec<(String, String)>,
}

struct Check {
    evaluator: &'static str,
    text: &'static str,
}

async fn show(
    frame: Frame,
    id: PageId<TaskId>,
    _query: PageQuery<NoQuery>,
) -> Result<HttpResponse, PageError> {
    let store = &frame.state.store;
    let (task, suite) = catalogue::get_task(store, id.0).await?;
    let gate = gate(verify::of_task(store, id.0).await?);
    let standings = leaderboard::of_task(store, id.0, PageRequest::first(MAX_PAGE_LIMIT)).await?;
    let rows: Vec<_> = standings
        .items
        .into_iter()
        .map(|standing| standing.row)
        .collect();
    let newest: Vec<_> = rows
        .iter()
        .filter(|row| {
            !rows.iter().any(|other| {
                other.agent_id == row.agent_id && other.agent_revision > row.agent_revision
            })
        })
        .cloned()
        .collect();
    let mut results = ranking::rows(&newest);
    for row in &mut results {
        row.replays = format!("{}&task={}", row.replays, task.id);
    }
    page(&TaskPage {
        shell: frame.shell(Section::Tasks, task.title.clone()),
        id: task.id.to_string(),
        suite: suite.name.clone(),
        suite_href: format!("/suites/{}", suite.id),
        revision: task.revision,
        kind: task.kind.as_str(),
        difficulty: task.difficulty.as_str(),
        skills: task.skills.clone(),
        active: task.active,
        goal: task.goal.clone(),
        checks: task
            .evaluators
            .iter()
            .map(|evaluator| check(evaluator))
            .collect(),
        results,
        setting: setting(&task, &suite),
        points: task
            .points
            .iter()
            .map(|(feature, points)| (feature.clone(), *points))
            .collect(),
        gate,
        key: task.key,
        title: task.title,
    })
}

/// What went wrong is for the task's author: it may tell of the solution.
fn gate(found: Option<Verification>) -> Gate {
    let Some(found) = found else {
        return Gate {
            status: "not verified yet",
            is_left_out: false,
            at: String::new(),
            tallies: Vec::new(),
        };
    };
    let is_left_out = found.status == VerificationStatus::Failed;
    let tallies = found.tallies.iter().map(|tally| {
        let must = match tally.must {
            Must::Pass => ", must always pass",
            Must::Fail => ", must never pass",
            Must::Report => "",
        };
        let passed = format!("{} of {} passed{must}", tally.passed, tally.scored);
        (tally.policy.to_string(), passed)
    });
    Gate {
        status: if is_left_out { "failed" } else { "verified" },
        is_left_out,
        at: format::absolute(found.verified_at),
        tallies: tallies.collect(),
    }
}

fn check(evaluator: &'static str) -> Check {
    let text = match evaluator {
        "answer" => {
            "The agent's final message is the right value, in the form that the goal asks for."
        }
        "infeasible" => {
            "The agent reports that the task cannot be done, for the right reason, after it has seen the fact that blocks it."
        }
        "url" => {
            "The page left open at the end is the right one, with the right filters and nothing more."
        }
        "state" => "The site's state has changed as the goal asks, and nothing else has.",
        "reward" => {
            "The task's page pays its full reward, a raw reward of 1. A part of it counts as nothing."
        }
        "string_match" => {
            "The final message matches the reference answers, by the rules of WebArena."
        }
        "url_match" => {
            "The page left open has one of the reference addresses, by the rules of WebArena."
        }
        "program_html" => {
            "Pages that the arena opens at the end show what they must, by the rules of WebArena."
        }
        "dom" => "A page that the arena opens itself, in a session of its own, shows what it must.",
        "request" => "The site was asked for what the goal needs, with the right parameters.",
        "judge" => "A model finds that the final message meets a criterion.",
        _ => "As the evaluator of this name decides.",
    };
    Check { evaluator, text }
}

fn setting(task: &PublicTask, suite: &Suite) -> Vec<(&'static str, String)> {
    let place = match &task.environment {
        EnvironmentSpec::Site {
            sites,
            persona,
            start,
            ..
        } => vec![
            ("Environment", format!("site, {}", sites.join(", "))),
            ("Signed in as", persona.clone()),
            ("Start", start.clone()),
            ("Template", task.template.clone()),
        ],
        EnvironmentSpec::Static {
            source,
            page,
            sha256,
            ..
        } => vec![
            ("Environment", format!("static, {source}")),
            ("Page", page.clone()),
            ("Viewport", task.environment.viewport().to_string()),
            ("Pages' SHA-256", sha256.chars().take(16).collect()),
        ],
        EnvironmentSpec::Web {
            sites,
            logins,
            start,
            source,
            ..
        } => vec![
            ("Environment", format!("web, {source}")),
            (
                "Sites",
                sites.keys().cloned().collect::<Vec<_>>().join(", "),
            ),
            ("Signed in to", logins.join(", ")),
            ("Start", start.join(", ")),
        ],
    };
    let mut setting = vec![("Suite", format!("{} {}", suite.name, suite.version))];
    setting.extend(place);
    setting.extend([
        ("Step limit", task.limits.steps.to_string()),
        (
            "Time limit",
            format::duration_ms(i64::try_from(task.limits.time_ms).unwrap_or(i64::MAX)),
        ),
        (
            "Revision",
            format!(
                "{}, since {}",
                task.revision,
                format::absolute(task.created_at)
            ),
        ),
    ]);
    setting
}
