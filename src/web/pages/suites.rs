//! Suites: the list, and one with what is in it.

use actix_web::HttpResponse;
use actix_web::web::{Path, ServiceConfig, get, resource};
use askama::Template;

use crate::arena::catalogue::{self, PublicTask};
use crate::domain::page::{MAX_PAGE_LIMIT, PageRequest};
use crate::domain::task::{Difficulty, TaskKind};
use crate::store::Store;
use crate::store::suites::SuiteView;
use crate::store::tasks::TaskFilter;
use crate::web::error::{Failure, PageError};
use crate::web::extract::PageQuery;
use crate::web::pages::frame::Frame;
use crate::web::query::NoQuery;
use crate::web::ui::filter::address;
use crate::web::ui::format;
use crate::web::ui::page::page;
use crate::web::ui::shell::{Section, Shell};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/suites").route(get().to(list)))
        .service(resource("/suites/{suite}").route(get().to(show)));
}

#[derive(Template)]
#[template(path = "pages/suites.html")]
struct SuitesPage {
    shell: Shell,
    suites: Vec<Suite>,
}

#[derive(Template)]
#[template(path = "pages/suite.html")]
struct SuitePage {
    shell: Shell,
    suite: Suite,
    heads: Vec<&'static str>,
    mix: Vec<Mix>,
}

struct Suite {
    id: String,
    name: String,
    version: String,
    title: String,
    description: String,
    tasks: String,
    href: String,
    tasks_href: String,
    board_href: String,
}

/// Tasks of one kind by difficulty.
struct Mix {
    kind: &'static str,
    numbers: Vec<usize>,
    all: usize,
}

fn suite(view: &SuiteView) -> Suite {
    let id = view.suite.id.to_string();
    Suite {
        href: format!("/suites/{id}"),
        tasks_href: address("/tasks", &[("suite", &id)]),
        board_href: address("/leaderboard", &[("suite", &id)]),
        id,
        name: view.suite.name.clone(),
        version: view.suite.version.clone(),
        title: view.suite.title.clone(),
        description: view.suite.description.clone(),
        tasks: format::counted(view.tasks, "active task"),
    }
}

async fn list(frame: Frame, _query: PageQuery<NoQuery>) -> Result<HttpResponse, PageError> {
    let suites = catalogue::list_suites(&frame.state.store).await?;
    page(&SuitesPage {
        suites: suites.iter().map(suite).collect(),
        shell: frame.shell(Section::Tasks, "Suites"),
    })
}

async fn show(
    frame: Frame,
    name: Path<String>,
    _query: PageQuery<NoQuery>,
) -> Result<HttpResponse, PageError> {
    let view = catalogue::get_suite(&frame.state.store, &name).await?;
    let tasks = every_task(&frame.state.store, &view).await?;
    let is_there = |wanted: &Difficulty| tasks.iter().any(|task| task.difficulty == *wanted);
    let difficulties: Vec<Difficulty> = Difficulty::ALL.iter().copied().filter(is_there).collect();
    page(&SuitePage {
        shell: frame.shell(Section::Tasks, view.suite.title.clone()),
        suite: suite(&view),
        heads: difficulties.iter().map(|one| one.as_str()).collect(),
        mix: TaskKind::ALL
            .iter()
            .map(|kind| mix(&tasks, *kind, &difficulties))
            .filter(|mix| mix.all > 0)
            .collect(),
    })
}

fn mix(tasks: &[PublicTask], kind: TaskKind, difficulties: &[Difficulty]) -> Mix {
    let of_kind = || tasks.iter().filter(|task| task.kind == kind);
    let numbers = difficulties.iter();
    Mix {
        kind: kind.as_str(),
        numbers: numbers
            .map(|difficulty| {
                of_kind()
                    .filter(|task| task.difficulty == *difficulty)
                    .count()
            })
            .collect(),
        all: of_kind().count(),
    }
}

/// Every active task of a suite, in order of key.
pub(super) async fn every_task(
    store: &Store,
    view: &SuiteView,
) -> Result<Vec<PublicTask>, Failure> {
    let filter = TaskFilter {
        suite_id: Some(view.suite.id),
        ..TaskFilter::default()
    };
    let mut tasks = Vec::new();
    let mut after = None;
    loop {
        let request = PageRequest::after(MAX_PAGE_LIMIT, after);
        let part = catalogue::list_tasks(store, filter.clone(), request).await?;
        tasks.extend(part.items);
        after = part.next;
        if after.is_none() {
            return Ok(tasks);
        }
    }
}
