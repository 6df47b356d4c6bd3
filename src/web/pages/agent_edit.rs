//! Making an agent and changing one. A change of how it decides makes a new revision.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;

use crate::arena::agents::{self, AgentChange, AgentInput};
use crate::arena::provider_keys;
use crate::arena::trial::{self, Trial};
use crate::auth::Principal;
use crate::domain::agent::{Agent, BuiltinPolicy, Provider};
use crate::domain::ids::AgentId;
use crate::web::error::{Code, Failure, PageError};
use crate::web::extract::{AgentsWrite, PageAuthorized, PageId, PageQuery};
use crate::web::pages::agent_form::behaviour::Choices;
use crate::web::pages::agent_form::{AgentForm, own_name};
use crate::web::pages::agent_form_proxy::ProxiedView;
use crate::web::pages::frame::Frame;
use crate::web::pages::trial_view::TrialView;
use crate::web::query::NoQuery;
use crate::web::ui::filter::Choice;
use crate::web::ui::form::{Faults, Fields};
use crate::web::ui::format;
use crate::web::ui::page::{page_with, see_other};
use crate::web::ui::shell::{Section, Shell};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(
            resource("/agents/new")
                .route(get().to(show_new))
                .route(post().to(create)),
        )
        .service(
            resource("/agents/{agentId}/edit")
                .route(get().to(show_edit))
                .route(post().to(change)),
        )
        .service(resource("/agents/new/try").route(post().to(try_new)))
        .service(resource("/agents/{agentId}/edit/try").route(post().to(try_edit)));
}

#[derive(Template)]
#[template(path = "pages/agent_edit.html")]
struct AgentEditPage {
    shell: Shell,
    crumb: String,
    heading: String,
    lead: String,
    action: String,
    button: String,
    discard: String,
    form: AgentForm,
    faults: Faults,
    /// What came of a form with faults.
    refused: &'static str,
    is_new: bool,
    policies: Vec<Choice>,
    providers: Vec<Choice>,
    keys: Vec<Choice>,
    behaviour: Choices,
    trial: Option<TrialView>,
    proxies: Vec<ProxiedView>,
}

/// What is said of a form with faults.
const NOT_SAVED: &str = "The agent was not saved.";

/// What is made or changed.
enum Subject {
    New,
    Existing(Box<Agent>),
}

async fn page_of(
    frame: &Frame,
    person: &Principal,
    subject: &Subject,
    form: AgentForm,
    faults: Faults,
) -> Result<AgentEditPage, Failure> {
    let keys = provider_keys::list(&frame.state.store, person).await?;
    let proxies = form.proxy.views(&keys);
    let keys = keys.into_iter().map(|key| Choice {
        selected: form.provider_key_id == key.id.to_string(),
        value: key.id.to_string(),
        label: format!(
            "{} ({}), added {}",
            key.name,
            key.provider,
            format::absolute(key.created_at)
        ),
    });
    let policies = BuiltinPolicy::ALL
        .iter()
        .filter(|policy| !policy.is_for_the_gate());
    let policies = policies.map(|policy| Choice {
        value: policy.to_string(),
        label: policy.to_string(),
        selected: form.policy == policy.as_str(),
    });
    let (policies, keys) = (policies.collect(), keys.collect());
    let providers = Provider::ALL.iter().map(|provider| Choice {
        value: provider.to_string(),
        label: provider.label().to_owned(),
        selected: form.provider == provider.as_str(),
    });
    let providers = providers.collect();
    let behaviour = form.behaviour.choices();
    Ok(match subject {
        Subject::New => AgentEditPage {
            shell: frame.shell(Section::Agents, "New agent"),
            crumb: "New".to_owned(),
            heading: "New agent".to_owned(),
            lead: "It starts as revision 1.".to_owned(),
            action: "/agents/new".to_owned(),
            button: "Create agent".to_owned(),
            discard: "/agents".to_owned(),
            form,
            faults,
            refused: NOT_SAVED,
            is_new: true,
            policies,
            providers,
            keys,
            behaviour,
            trial: None,
            proxies,
        },
        Subject::Existing(agent) => AgentEditPage {
            shell: frame.shell(Section::Agents, format!("Edit {}", agent.name)),
            crumb: agent.name.clone(),
            heading: format!("Edit {}", agent.name),
            lead: format!(
                "A change of kind, model or behaviour makes revision {}. Results of revision {} stay as they are.",
                agent.revision.number + 1,
                agent.revision.number
            ),
            action: format!("/agents/{}/edit", agent.id),
            button: format!("Save as revision {}", agent.revision.number + 1),
            discard: format!("/agents/{}", agent.id),
            form,
            faults,
            refused: NOT_SAVED,
            is_new: false,
            policies,
            providers,
            keys,
            behaviour,
            trial: None,
            proxies,
        },
    })
}

async fn show_new(
    frame: Frame,
    person: PageAuthorized<AgentsWrite>,
    _query: PageQuery<NoQuery>,
) -> Result<HttpResponse, PageError> {
    let form = AgentForm::empty();
    let page = page_of(&frame, &person, &Subject::New, form, Faults::default()).await?;
    page_with(StatusCode::OK, &page)
}

async fn show_edit(
    frame: Frame,
    person: PageAuthorized<AgentsWrite>,
    id: PageId<AgentId>,
    _query: PageQuery<NoQuery>,
) -> Result<HttpResponse, PageError> {
    let agent = own_agent(&frame, &person, id.0).await?;
    let form = AgentForm::of(&agent);
    let page = page_of(
        &frame,
        &person,
        &Subject::Existing(Box::new(agent)),
        form,
        Faults::default(),
    )
    .await?;
    page_with(StatusCode::OK, &page)
}

async fn own_agent(frame: &Frame, person: &Principal, id: AgentId) -> Result<Agent, Failure> {
    let agent = agents::get(&frame.state.store, person, id).await?;
    if agent.user_id == Some(person.user_id) {
        return Ok(agent);
    }
    let message = "Only its owner changes an agent. Make one of your own instead.";
    Err(Failure::new(Code::Forbidden, message))
}

async fn try_new(
    frame: Frame,
    person: PageAuthorized<AgentsWrite>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    try_typed(&frame, &person, Subject::New, &body).await
}

async fn try_edit(
    frame: Frame,
    person: PageAuthorized<AgentsWrite>,
    id: PageId<AgentId>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let agent = own_agent(&frame, &person, id.0).await?;
    try_typed(&frame, &person, Subject::Existing(Box::new(agent)), &body).await
}

/// Tries the agent as it is typed, without storing it, and shows the form again.
async fn try_typed(
    frame: &Frame,
    person: &Principal,
    subject: Subject,
    body: &Bytes,
) -> Result<HttpResponse, PageError> {
    let form = AgentForm::read(&Fields::parse(body));
    match try_form(frame, person, &subject, &form).await {
        Ok(trial) => {
            let page = page_of(frame, person, &subject, form, Faults::default()).await?;
            let trial = Some(TrialView::new(&trial));
            page_with(StatusCode::OK, &AgentEditPage { trial, ..page })
        }
        Err(failure) => again(frame, person, &subject, form, failure, "Nothing was tried.").await,
    }
}

async fn try_form(
    frame: &Frame,
    person: &Principal,
    subject: &Subject,
    form: &AgentForm,
) -> Result<Trial, Failure> {
    let of = match subject {
        Subject::New if matches!(form.kind.as_str(), "webhook" | "remote") => {
            let message = "Create the agent first: what it proves itself with comes with its id. \
                 Then try it.";
            return Err(Failure::invalid("configuration.kind", message));
        }
        Subject::New => None,
        Subject::Existing(agent) => Some(agent.id),
    };
    let input = AgentInput {
        name: form.name.clone(),
        description: form.description.clone(),
        config: form.config()?,
    };
    let draft = agents::draft(&frame.state.store, person, of, input).await?;
    frame.state.rate_limits().count_try(person.user_id)?;
    Ok(trial::run(&frame.state.policies, person, draft, of.is_some()).await?)
}

async fn create(
    frame: Frame,
    person: PageAuthorized<AgentsWrite>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let form = AgentForm::read(&Fields::parse(&body));
    let made = match form.config() {
        Ok(config) => {
            let input = AgentInput {
                name: form.name.clone(),
                description: form.description.clone(),
                config,
            };
            agents::create(&frame.state.store, &person, input)
                .await
                .map_err(Failure::from)
        }
        Err(failure) => Err(failure),
    };
    match made {
        Ok(agent) => Ok(see_other(&format!("/agents/{}?done=saved", agent.id))),
        Err(failure) => again(&frame, &person, &Subject::New, form, failure, NOT_SAVED).await,
    }
}

async fn change(
    frame: Frame,
    person: PageAuthorized<AgentsWrite>,
    id: PageId<AgentId>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let before = own_agent(&frame, &person, id.0).await?;
    let form = AgentForm::read(&Fields::parse(&body));
    let changed = match form.config() {
        Ok(config) => {
            let change = AgentChange {
                name: Some(form.name.clone()),
                description: Some(form.description.clone()),
                config: Some(config),
            };
            agents::change(&frame.state.store, &person, id.0, change)
                .await
                .map_err(Failure::from)
        }
        Err(failure) => Err(failure),
    };
    match changed {
        Ok(agent) => {
            let is_new = agent.revision.number != before.revision.number;
            let done = if is_new { "revision" } else { "saved" };
            Ok(see_other(&format!("/agents/{}?done={done}", agent.id)))
        }
        Err(failure) => {
            again(
                &frame,
                &person,
                &Subject::Existing(Box::new(before)),
                form,
                failure,
                NOT_SAVED,
            )
            .await
        }
    }
}

/// Shows the form again with everything typed, each fault at its field.
async fn again(
    frame: &Frame,
    person: &Principal,
    subject: &Subject,
    form: AgentForm,
    failure: Failure,
    refused: &'static str,
) -> Result<HttpResponse, PageError> {
    if !matches!(failure.code(), Code::ValidationError | Code::Conflict) {
        return Err(PageError(failure));
    }
    let faults = Faults::of(&failure, own_name);
    let page = page_of(frame, person, subject, form, faults).await?;
    page_with(failure.status(), &AgentEditPage { refused, ..page })
}
