//! Submitting an agent to chosen tasks or to a whole suite, once or several times.

use std::collections::HashSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;

use crate::arena::agents::{self, AgentScope};
use crate::arena::budgets::{self, BudgetReport};
use crate::arena::catalogue::{self, PublicTask};
use crate::arena::submit::Submit;
use crate::auth::Principal;
use crate::domain::budget::{SubmissionBudget, read_dollars};
use crate::domain::ids::{AgentId, SubmissionId, TaskId};
use crate::domain::page::{MAX_PAGE_LIMIT, PageRequest};
use crate::store::suites::SuiteView;
use crate::web::error::{Code, Failure, PageError};
use crate::web::extract::{PageAuthorized, PageQuery, SubmissionsWrite};
use crate::web::pages::budget::{Warning, warnings};
use crate::web::pages::frame::Frame;
use crate::web::pages::suites::every_task;
use crate::web::query::{Params, QueryParams};
use crate::web::ui::filter::Choice;
use crate::web::ui::form::{Faults, Fields};
use crate::web::ui::page::{page_with, see_other};
use crate::web::ui::shell::{Section, Shell};

/// Most repeats of one task.
const MAX_REPEATS: u32 = 20;

/// Most submissions of one form.
const MAX_AT_ONCE: usize = 2_000;

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(
        resource("/submissions/new")
            .route(get().to(show))
            .route(post().to(submit)),
    );
}

#[derive(Template)]
#[template(path = "pages/submission_new.html")]
struct SubmissionNewPage {
    shell: Shell,
    faults: Faults,
    agents: Vec<Choice>,
    suites: Vec<Choice>,
    tasks: Vec<Pick>,
    whole_suite: bool,
    repeats: String,
    seed: String,
    budgets: Vec<BudgetField>,
    warnings: Vec<Warning>,
}

/// A field for what something may cost.
struct BudgetField {
    id: &'static str,
    label: &'static str,
    value: String,
}

struct Pick {
    value: String,
    label: String,
    note: String,
    selected: bool,
}

/// What is chosen, as typed.
struct Form {
    agent: String,
    whole_suite: bool,
    suite: String,
    tasks: HashSet<String>,
    repeats: String,
    seed: String,
    /// What call, episode and submission may cost, in dollars.
    budgets: [String; 3],
}

/// The fields of [`Form::budgets`], with their names in the API and for people.
const BUDGETS: [(&str, &str, &str); 3] = [
    ("call_budget", "callBudgetMicrousd", "One call"),
    ("episode_budget", "episodeBudgetMicrousd", "One episode"),
    (
        "submission_budget",
        "submissionBudgetMicrousd",
        "One submission",
    ),
];

impl QueryParams for Form {
    const NAMES: &'static [&'static str] = &["agent", "task", "suite"];

    fn read(params: &mut Params) -> Self {
        let task = params.text("task").map(str::to_owned);
        Self {
            agent: params.text("agent").unwrap_or_default().to_owned(),
            whole_suite: task.is_none(),
            suite: params.text("suite").unwrap_or_default().to_owned(),
            tasks: task.into_iter().collect(),
            repeats: "1".to_owned(),
            seed: "1".to_owned(),
            budgets: <[String; 3]>::default(),
        }
    }
}

impl Form {
    fn posted(fields: &Fields) -> Self {
        Self {
            agent: fields.text("agent"),
            whole_suite: fields.raw("what") == "suite",
            suite: fields.text("suite"),
            tasks: fields.all("task").map(str::to_owned).collect(),
            repeats: fields.text("repeats"),
            seed: fields.text("seed"),
            budgets: BUDGETS.map(|(id, ..)| fields.text(id)),
        }
    }
}

/// Everything that can be chosen from.
struct Choices {
    agents: Vec<crate::domain::agent::Agent>,
    suites: Vec<(SuiteView, Vec<PublicTask>)>,
    spent: BudgetReport,
}

async fn choices(frame: &Frame, person: &Principal) -> Result<Choices, Failure> {
    let store = &frame.state.store;
    let mut agents = agents::builtin(store).await?;
    let own = PageRequest::first(MAX_PAGE_LIMIT);
    let mut own = agents::list(store, person, AgentScope::Own, own)
        .await?
        .items;
    own.append(&mut agents);
    let mut suites = Vec::new();
    for view in catalogue::list_suites(store).await? {
        let tasks = every_task(store, &view).await?;
        suites.push((view, tasks));
    }
    Ok(Choices {
        agents: own,
        suites,
        spent: budgets::own(store, person).await?,
    })
}

fn page_of(frame: &Frame, choices: &Choices, form: Form, faults: Faults) -> SubmissionNewPage {
    let agents = choices.agents.iter().map(|agent| Choice {
        value: agent.id.to_string(),
        label: format!(
            "{} r{} ({})",
            agent.name,
            agent.revision.number,
            if agent.user_id.is_some() {
                "yours"
            } else {
                "built in"
            }
        ),
        selected: agent.id.to_string() == form.agent,
    });
    let suites = choices.suites.iter().map(|(view, tasks)| Choice {
        value: view.suite.id.to_string(),
        label: format!(
            "{} {}, {} tasks",
            view.suite.name,
            view.suite.version,
            tasks.len()
        ),
        selected: view.suite.id.to_string() == form.suite,
    });
    let tasks = choices
        .suites
        .iter()
        .flat_map(|(_, tasks)| tasks)
        .map(|task| Pick {
            value: task.id.to_string(),
            label: format!("{} {}", task.key, task.title),
            note: format!("{}, {}", task.kind, task.difficulty),
            selected: form.tasks.contains(&task.id.to_string()),
        });
    let fields = BUDGETS.into_iter().zip(&form.budgets);
    let budgets: Vec<_> = fields
        .map(|((id, _, label), value)| BudgetField {
            id,
            label,
            value: value.clone(),
        })
        .collect();
    SubmissionNewPage {
        budgets,
        warnings: warnings(&choices.spent),
        shell: frame.shell(Section::Submissions, "Submit an agent"),
        agents: agents.collect(),
        suites: suites.collect(),
        tasks: tasks.collect(),
        whole_suite: form.whole_suite,
        repeats: form.repeats,
        seed: form.seed,
        faults,
    }
}

async fn show(
    frame: Frame,
    person: PageAuthorized<SubmissionsWrite>,
    form: PageQuery<Form>,
) -> Result<HttpResponse, PageError> {
    let choices = choices(&frame, &person).await?;
    page_with(
        StatusCode::OK,
        &page_of(&frame, &choices, form.0, Faults::default()),
    )
}

async fn submit(
    frame: Frame,
    person: PageAuthorized<SubmissionsWrite>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let choices = choices(&frame, &person).await?;
    let form = Form::posted(&Fields::parse(&body));
    let faults = match requests(&form, &choices, &person) {
        Ok(requests) => match frame.state.intake.submit_all(requests).await {
            Ok(accepted) => {
                let ids: Vec<_> = accepted.iter().map(|submission| submission.id).collect();
                return Ok(see_other(&next_page(&ids)));
            }
            Err(error) => refused(error.into())?,
        },
        Err(faults) => faults,
    };
    page_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &page_of(&frame, &choices, form, faults),
    )
}

/// One submission is watched at once; several are a list.
fn next_page(ids: &[SubmissionId]) -> String {
    match ids {
        [only] => format!("/submissions/{only}"),
        _ => "/submissions".to_owned(),
    }
}

fn refused(failure: Failure) -> Result<Faults, PageError> {
    match failure.code() {
        Code::ValidationError | Code::NotFound | Code::Conflict => {
            Ok(Faults::of(&failure, |field| match field {
                "agentId" => "agent",
                "seed" => "seed",
                field => BUDGETS
                    .iter()
                    .find(|(_, api, _)| *api == field)
                    .map_or("tasks", |(id, ..)| id),
            }))
        }
        _ => Err(PageError(failure)),
    }
}

/// The submissions that the form means, or everything that is wrong with it.
fn requests(form: &Form, choices: &Choices, person: &Principal) -> Result<Vec<Submit>, Faults> {
    let mut faults = Faults::default();
    let agent = choices
        .agents
        .iter()
        .find(|agent| agent.id.to_string() == form.agent);
    if agent.is_none() {
        faults.add("agent", "Choose an agent.");
    }
    let tasks = chosen_tasks(form, choices, &mut faults);
    let repeats = number(&form.repeats, 1, MAX_REPEATS).unwrap_or_else(|| {
        faults.add(
            "repeats",
            format!("Repeats are a whole number from 1 to {MAX_REPEATS}."),
        );
        1
    });
    let seed = number(&form.seed, 0, u32::MAX - MAX_REPEATS).unwrap_or_else(|| {
        faults.add("seed", "A seed is a whole number, 0 or more.");
        1
    });
    let budget = budget(&form.budgets, &mut faults);
    if tasks.len() * repeats as usize > MAX_AT_ONCE {
        faults.add(
            "repeats",
            format!(
                "At most {MAX_AT_ONCE} submissions are taken at once. Take fewer repeats or tasks."
            ),
        );
    }
    match agent {
        Some(agent) if faults.is_empty() => {
            Ok(all_of(person, agent.id, &tasks, seed, repeats, budget))
        }
        _ => Err(faults),
    }
}

fn all_of(
    person: &Principal,
    agent_id: AgentId,
    tasks: &[TaskId],
    seed: u32,
    repeats: u32,
    budget: SubmissionBudget,
) -> Vec<Submit> {
    let seeds = seed..seed.saturating_add(repeats);
    seeds
        .flat_map(|seed| tasks.iter().map(move |task| (seed, *task)))
        .map(|(seed, task_id)| Submit {
            user_id: person.user_id,
            agent_id,
            task_id,
            seed,
            budget,
            idempotency_key: None,
        })
        .collect()
}

fn budget(typed: &[String; 3], faults: &mut Faults) -> SubmissionBudget {
    let mut amounts = BUDGETS.iter().zip(typed).map(|((id, ..), text)| {
        let amount = read_dollars(text);
        if amount.is_none() && !text.is_empty() {
            faults.add(*id, "Enter dollars such as 0.25, or leave it empty.");
        }
        amount
    });
    let mut next = || amounts.next().flatten();
    SubmissionBudget {
        call_microusd: next(),
        episode_microusd: next(),
        submission_microusd: next(),
    }
}

fn chosen_tasks(form: &Form, choices: &Choices, faults: &mut Faults) -> Vec<TaskId> {
    if form.whole_suite {
        let suite = choices
            .suites
            .iter()
            .find(|(view, _)| view.suite.id.to_string() == form.suite);
        let tasks: Vec<_> = suite
            .iter()
            .flat_map(|(_, tasks)| tasks)
            .map(|task| task.id)
            .collect();
        if tasks.is_empty() {
            faults.add("suite", "Choose a suite that has active tasks.");
        }
        return tasks;
    }
    let all = choices.suites.iter().flat_map(|(_, tasks)| tasks);
    let tasks: Vec<_> = all
        .filter(|task| form.tasks.contains(&task.id.to_string()))
        .map(|task| task.id)
        .collect();
    if tasks.is_empty() {
        faults.add("tasks", "Tick at least one task.");
    }
    tasks
}

fn number(text: &str, least: u32, most: u32) -> Option<u32> {
    text.parse()
        .ok()
        .filter(|number| (least..=most).contains(number))
}
