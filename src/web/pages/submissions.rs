//! Submissions that a person may see, with filters, newest first.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, resource};
use askama::Template;

use crate::arena::{agents, catalogue, submissions};
use crate::auth::{Permission, Principal};
use crate::domain::ids::{AgentId, TaskId};
use crate::domain::outcome::{Outcome, SubmissionStatus};
use crate::domain::page::{Cursor, DEFAULT_PAGE_LIMIT, PageRequest};
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::store::submissions::SubmissionFilter;
use crate::web::error::{Failure, PageError};
use crate::web::extract::{PageAuthorized, PageQuery, SubmissionsRead};
use crate::web::pages::frame::Frame;
use crate::web::query::{Params, QueryParams};
use crate::web::ui::filter::{Chip, Filter, address};
use crate::web::ui::page::page;
use crate::web::ui::pager::Pager;
use crate::web::ui::shell::{Section, Shell};
use crate::web::ui::submission_rows::Table;

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/submissions").route(get().to(show)));
}

#[derive(Template)]
#[template(path = "pages/submissions.html")]
struct SubmissionsPage {
    shell: Shell,
    scope: &'static str,
    filters: Vec<Filter>,
    chips: Vec<Chip>,
    kept: Vec<(&'static str, String)>,
    narrowed: bool,
    table: Table,
    pager: Pager,
}

#[derive(Clone, Default)]
struct Query {
    status: Option<SubmissionStatus>,
    outcome: Option<Outcome>,
    agent: Option<AgentId>,
    task: Option<TaskId>,
    all: bool,
    after: Option<Cursor>,
}

impl QueryParams for Query {
    const NAMES: &'static [&'static str] = &["status", "outcome", "agent", "task", "of", "after"];

    fn read(params: &mut Params) -> Self {
        Self {
            status: params.named("status"),
            outcome: params.named("outcome"),
            agent: params.named("agent"),
            task: params.named("task"),
            all: params.text("of") == Some("everyone"),
            after: params.named("after"),
        }
    }
}

impl Query {
    fn address(&self) -> String {
        let text = |value: Option<String>| value.unwrap_or_default();
        let query = [
            ("status", text(self.status.map(|status| status.to_string()))),
            (
                "outcome",
                text(self.outcome.map(|outcome| outcome.to_string())),
            ),
            ("agent", text(self.agent.map(|id| id.to_string()))),
            ("task", text(self.task.map(|id| id.to_string()))),
            ("of", if self.all { "everyone" } else { "" }.to_owned()),
            ("after", text(self.after.as_ref().map(ToString::to_string))),
        ];
        address("/submissions", &query)
    }
}

async fn show(
    frame: Frame,
    person: PageAuthorized<SubmissionsRead>,
    query: PageQuery<Query>,
) -> Result<HttpResponse, PageError> {
    let query = query.0;
    let store = &frame.state.store;
    let sees_all = person.may(Permission::ViewAllSubmissions);
    let filter = SubmissionFilter {
        user_id: (!(sees_all && query.all)).then_some(person.user_id),
        status: query.status,
        outcome: query.outcome,
        agent_id: query.agent,
        task_id: query.task,
        ..SubmissionFilter::default()
    };
    let request = PageRequest::after(DEFAULT_PAGE_LIMIT, query.after.clone());
    let listed = submissions::list(store, &person, filter, request).await?;
    let chips = chips(store, &person, &query).await?;
    page(&SubmissionsPage {
        scope: if sees_all && query.all {
            "Everyone's, newest first"
        } else {
            "Yours, newest first"
        },
        filters: filters(&query, sees_all),
        narrowed: !chips.is_empty() || query.status.is_some() || query.outcome.is_some(),
        chips,
        kept: kept(&query),
        table: Table::new("Submissions", &listed.items, Timestamp::now()),
        pager: Pager::newest_first(
            query.after.is_some().then(|| {
                Query {
                    after: None,
                    ..query.clone()
                }
                .address()
            }),
            listed.next.map(|next| {
                Query {
                    after: Some(next),
                    ..query.clone()
                }
                .address()
            }),
        ),
        shell: frame.shell(Section::Submissions, "Submissions"),
    })
}

/// What the form keeps although it has no select for it.
fn kept(query: &Query) -> Vec<(&'static str, String)> {
    let agent = query.agent.map(|id| ("agent", id.to_string()));
    let task = query.task.map(|id| ("task", id.to_string()));
    agent.into_iter().chain(task).collect()
}

fn filters(query: &Query, sees_all: bool) -> Vec<Filter> {
    let statuses = SubmissionStatus::ALL.iter().map(|status| (status, status));
    let outcomes = Outcome::ALL.iter().map(|outcome| (outcome, outcome));
    let mut all = vec![
        Filter::new(
            "status",
            "Status",
            query.status.map(SubmissionStatus::as_str),
            statuses,
        ),
        Filter::new(
            "outcome",
            "Outcome",
            query.outcome.map(Outcome::as_str),
            outcomes,
        ),
    ];
    if sees_all {
        let mut of = Filter::new(
            "of",
            "Of",
            query.all.then_some("everyone"),
            [("everyone", "everyone")],
        );
        "Of: you".clone_into(&mut of.choices[0].label);
        all.push(of);
    }
    all
}

/// What narrows the list beside the selects, with names instead of ids.
async fn chips(store: &Store, person: &Principal, query: &Query) -> Result<Vec<Chip>, Failure> {
    let first = Query {
        after: None,
        ..query.clone()
    };
    let mut chips = Vec::new();
    if let Some(id) = query.agent {
        let agent = agents::get(store, person, id).await?;
        chips.push(Chip {
            label: format!("Agent {}", agent.name),
            href: Query {
                agent: None,
                ..first.clone()
            }
            .address(),
        });
    }
    if let Some(id) = query.task {
        let (task, _) = catalogue::get_task(store, id).await?;
        chips.push(Chip {
            label: format!("Task {} r{}", task.key, task.revision),
            href: Query {
                task: None,
                ..first
            }
            .address(),
        });
    }
    Ok(chips)
}
