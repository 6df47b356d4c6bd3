//! Tasks, with filters.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, resource};
use askama::Template;

use crate::arena::catalogue::{self, PublicTask};
use crate::domain::page::{Cursor, PageRequest};
use crate::domain::task::{Difficulty, TaskKind};
use crate::store::suites::SuiteView;
use crate::store::tasks::TaskFilter;
use crate::web::error::PageError;
use crate::web::extract::PageQuery;
use crate::web::pages::frame::Frame;
use crate::web::query::{Params, QueryParams};
use crate::web::ui::filter::{Chip, Filter, address};
use crate::web::ui::format;
use crate::web::ui::page::page;
use crate::web::ui::pager::Pager;
use crate::web::ui::shell::{Section, Shell};

/// Tasks on one page.
const PER_PAGE: u32 = 50;

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/tasks").route(get().to(show)));
}

#[derive(Template)]
#[template(path = "pages/tasks.html")]
struct TasksPage {
    shell: Shell,
    summary: String,
    filters: Vec<Filter>,
    chips: Vec<Chip>,
    narrowed: bool,
    rows: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    title: String,
    key: String,
    revision: u32,
    kind: &'static str,
    difficulty: &'static str,
    skills: Vec<String>,
    steps: u32,
    time: String,
}

#[derive(Clone, Default)]
struct Query {
    suite: Option<String>,
    kind: Option<TaskKind>,
    difficulty: Option<Difficulty>,
    text: Option<String>,
    after: Option<Cursor>,
}

impl QueryParams for Query {
    const NAMES: &'static [&'static str] = &["suite", "kind", "difficulty", "q", "after"];

    fn read(params: &mut Params) -> Self {
        Self {
            suite: params.bounded_text("suite", 100),
            kind: params.named("kind"),
            difficulty: params.named("difficulty"),
            text: params.bounded_text("q", 200),
            after: params.named("after"),
        }
    }
}

impl Query {
    fn address(&self) -> String {
        let query = [
            ("suite", self.suite.clone().unwrap_or_default()),
            (
                "kind",
                self.kind.map(|kind| kind.to_string()).unwrap_or_default(),
            ),
            (
                "difficulty",
                self.difficulty
                    .map(|difficulty| difficulty.to_string())
                    .unwrap_or_default(),
            ),
            ("q", self.text.clone().unwrap_or_default()),
            (
                "after",
                self.after
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            ),
        ];
        address("/tasks", &query)
    }

    fn chips(&self) -> Vec<Chip> {
        let first = Self {
            after: None,
            ..self.clone()
        };
        let kind = self.kind.map(|kind| Chip {
            label: format!("Kind {kind}"),
            href: Self {
                kind: None,
                ..first.clone()
            }
            .address(),
        });
        let difficulty = self.difficulty.map(|difficulty| Chip {
            label: difficulty.to_string(),
            href: Self {
                difficulty: None,
                ..first.clone()
            }
            .address(),
        });
        let text = self.text.as_ref().map(|text| Chip {
            label: format!("\"{}\"", format::shortened(text, 40)),
            href: Self {
                text: None,
                ..first.clone()
            }
            .address(),
        });
        [kind, difficulty, text].into_iter().flatten().collect()
    }
}

async fn show(frame: Frame, query: PageQuery<Query>) -> Result<HttpResponse, PageError> {
    let query = query.0;
    let store = &frame.state.store;
    let suites = catalogue::list_suites(store).await?;
    let suite = match &query.suite {
        Some(name) => Some(catalogue::get_suite(store, name).await?),
        None => None,
    };
    let filter = TaskFilter {
        suite_id: suite.as_ref().map(|view| view.suite.id),
        kind: query.kind,
        difficulty: query.difficulty,
        text: query.text.clone(),
    };
    let listed = catalogue::list_tasks(
        store,
        filter,
        PageRequest::after(PER_PAGE, query.after.clone()),
    )
    .await?;
    let chips = query.chips();
    page(&TasksPage {
        summary: summary(&suites),
        filters: filters(&suites, suite.as_ref(), &query),
        narrowed: !chips.is_empty() || suite.is_some(),
        chips,
        rows: listed.items.iter().map(row).collect(),
        pager: Pager {
            label: "In order of key".to_owned(),
            newer: query.after.is_some().then(|| {
                Query {
                    after: None,
                    ..query.clone()
                }
                .address()
            }),
            newer_label: "First page",
            older: listed.next.map(|next| {
                Query {
                    after: Some(next),
                    ..query.clone()
                }
                .address()
            }),
            older_label: "Next",
        },
        shell: frame.shell(Section::Tasks, "Tasks"),
    })
}

fn summary(suites: &[SuiteView]) -> String {
    let tasks: u32 = suites.iter().map(|view| view.tasks).sum();
    format!(
        "{} in {}",
        format::counted(tasks, "active task"),
        format::counted(suites.len(), "suite")
    )
}

fn filters(suites: &[SuiteView], suite: Option<&SuiteView>, query: &Query) -> Vec<Filter> {
    let chosen = suite.map(|view| view.suite.id.to_string());
    let of_suites = suites.iter().map(|view| {
        (
            view.suite.id,
            format!("{} {}", view.suite.name, view.suite.version),
        )
    });
    let kinds = TaskKind::ALL.iter().map(|kind| (kind, kind));
    let difficulties = Difficulty::ALL
        .iter()
        .map(|difficulty| (difficulty, difficulty));
    vec![
        Filter::new("suite", "Suite", chosen.as_deref(), of_suites),
        Filter::new("kind", "Kind", query.kind.map(TaskKind::as_str), kinds),
        Filter::new(
            "difficulty",
            "Difficulty",
            query.difficulty.map(Difficulty::as_str),
            difficulties,
        ),
    ]
}

fn row(task: &PublicTask) -> Row {
    Row {
        href: format!("/tasks/{}", task.id),
        title: task.title.clone(),
        key: task.key.clone(),
        revision: task.revision,
        kind: task.kind.as_str(),
        difficulty: task.difficulty.as_str(),
        skills: task.skills.clone(),
        steps: task.limits.steps,
        time: format::duration_ms(i64::try_from(task.limits.time_ms).unwrap_or(i64::MAX)),
    }
}
