//! A submission: live while it runs, replayed afterwards, from the same events by the same
//! templates. Step, panel and tree are addresses, so the page works without scripts.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Path, ServiceConfig, get, post, resource};
use askama::Template;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::arena::cancel::Canceller;
use crate::arena::submissions::{self, MAX_EVENTS, SubmissionDetail};
use crate::arena::submit::Submit;
use crate::arena::{ArenaError, catalogue, manifest, spends};
use crate::auth::{Permission, Principal};
use crate::domain::event::Event;
use crate::domain::evidence::Evidence;
use crate::domain::ids::SubmissionId;
use crate::domain::manifest::Manifest;
use crate::domain::observation::Observation;
use crate::domain::outcome::Outcome;
use crate::domain::spend::ModelSpend;
use crate::domain::submission::SubmissionView;
use crate::domain::task::Limits;
use crate::domain::time::Timestamp;
use crate::domain::viewport::Viewport;
use crate::web::error::{Failure, PageError};
use crate::web::extract::{PageAuthorized, PageId, PageQuery, SubmissionsRead, SubmissionsWrite};
use crate::web::pages::frame::Frame;
use crate::web::pages::submission_manifest::ManifestView;
use crate::web::pages::submission_panels::{
    CallView, EventLine, TreeView, VerdictView, event_lines,
};
use crate::web::pages::submission_spend::SpendView;
use crate::web::pages::submission_view::{
    Head, LimitsView, Links, Notice, Strip, Waiting, at_words, notices, waiting,
};
use crate::web::query::{Params, QueryParams};
use crate::web::ui::page::{page, see_other};
use crate::web::ui::replay::{Replay, Step};
use crate::web::ui::shell::{Section, Shell};
use crate::web::ui::stage::Mark;
use crate::web::ui::state_diff::StateDiff;
use crate::web::ui::track::{self, Phase, Track};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/submissions/{submissionId}").route(get().to(show)))
        .service(resource("/submissions/{submissionId}/cancel").route(post().to(cancel)))
        .service(resource("/submissions/{submissionId}/again").route(post().to(again)))
        .service(
            resource("/submissions/{submissionId}/artifacts/{hash}").route(get().to(artifact)),
        );
}

#[derive(Template)]
#[template(path = "pages/submission.html")]
struct SubmissionPage {
    shell: Shell,
    head: Head,
    strip: Strip,
    notices: Vec<Notice>,
    live: bool,
    following: bool,
    socket: String,
    replay: Replay,
    limits: Option<LimitsView>,
    step: Option<Step>,
    track: Track,
    step_track: Track,
    phases: Vec<Phase>,
    mark: Option<Mark>,
    viewport: Viewport,
    at: String,
    links: Links,
    panel: &'static str,
    tree: TreeView,
    calls: Vec<CallView>,
    events: Vec<EventLine>,
    waiting: Waiting,
    verdict: Option<VerdictView>,
    diff: Option<StateDiff>,
    manifest: Option<ManifestView>,
    spend: Option<SpendView>,
}

/// What the address chooses.
#[derive(Debug, Clone, Copy)]
struct Choice {
    /// The step; none: the newest.
    step: Option<u32>,
    /// `observation`, `model` or `events`.
    panel: &'static str,
    /// `changes`, `all` or `text`.
    tree: &'static str,
}

/// Everything that was read for the page.
struct Read {
    /// The submission with names.
    view: SubmissionView,
    /// Whether it is the viewer's own.
    own: bool,
    /// Whether the viewer may stop it.
    may_cancel: bool,
    /// Attempts with how each ended.
    attempts: Vec<(u32, Option<Outcome>, Option<String>)>,
    /// Every event.
    events: Vec<Event>,
    /// What the newest episode ran with.
    manifest: Option<Manifest>,
    /// What its calls to models came to.
    spends: Vec<ModelSpend>,
    /// The task's limits.
    limits: Limits,
    /// Whether the playground is healthy.
    healthy: bool,
    /// The present.
    now: Timestamp,
}

/// Artifacts of the chosen step.
#[derive(Default)]
struct Stored {
    /// What the agent saw.
    observation: Option<Observation>,
    /// What it saw in the step before.
    before: Option<Observation>,
    /// Exchanges with models, one for each call.
    exchanges: Vec<Option<Value>>,
    /// What the evaluators looked at.
    evidence: Option<Evidence>,
}

fn assemble(
    shell: Shell,
    read: &Read,
    replay: Replay,
    choice: Choice,
    stored: &Stored,
) -> SubmissionPage {
    let submission = &read.view.submission;
    let live = !submission.status.is_final();
    let chosen = chosen_step(&replay, choice.step).cloned();
    let number = chosen.as_ref().map_or(0, |step| step.number);
    let verdict = replay.verdict.clone();
    let diff = verdict
        .as_ref()
        .and_then(|(verdict, _)| StateDiff::of(verdict, stored.evidence.as_ref()));
    let step = chosen.unwrap_or_default();
    let manifest = read.manifest.as_ref();
    let viewport = manifest.and_then(|manifest| manifest.browser.viewport);
    let viewport = viewport.unwrap_or_default();
    let shown = (number > 0).then(|| step.clone());
    SubmissionPage {
        shell,
        head: Head::new(&read.view, read.own, read.may_cancel, read.now),
        strip: Strip::new(submission, &replay, read.now),
        notices: notices(submission, &replay, &read.attempts),
        live,
        following: choice.step.is_none(),
        socket: format!("/live/submissions/{}", submission.id),
        limits: (live && number > 0).then(|| LimitsView::new(read.limits, &replay, read.now)),
        track: Track::of(&replay, number),
        step_track: Track::of_step(&step),
        phases: track::words(&step),
        mark: (step.screenshot.as_ref()).and_then(|_| Mark::of(&step, viewport)),
        viewport,
        at: at_words(&step, &replay),
        links: Links::new(
            submission.id.to_string(),
            number,
            &replay,
            choice.panel,
            choice.tree,
        ),
        panel: choice.panel,
        tree: TreeView::new(
            choice.tree,
            stored.observation.as_ref(),
            stored.before.as_ref(),
            step.bid(),
        ),
        calls: step
            .calls
            .iter()
            .cloned()
            .zip(stored.exchanges.iter())
            .map(|(call, exchange)| CallView::new(call, exchange.as_ref()))
            .collect(),
        events: event_lines(&read.events),
        waiting: waiting(submission, read.healthy),
        verdict: verdict.map(|(verdict, evidence)| VerdictView::new(&verdict, &evidence)),
        diff,
        spend: SpendView::new(&read.view, &read.spends),
        manifest: (!live).then(|| ManifestView::new(submission.id, manifest)),
        step: shown,
        replay,
    }
}

/// The step that the address names, else the newest.
fn chosen_step(replay: &Replay, wanted: Option<u32>) -> Option<&Step> {
    wanted
        .and_then(|number| replay.step(number))
        .or_else(|| replay.last_step())
}

impl QueryParams for Choice {
    const NAMES: &'static [&'static str] = &["step", "panel", "tree"];

    fn read(params: &mut Params) -> Self {
        Self {
            step: params.number("step", 1, u32::MAX),
            panel: one_of(params, "panel", &["observation", "model", "events"]),
            tree: one_of(params, "tree", &["changes", "all", "text"]),
        }
    }
}

/// One of a few names; the first when nothing is said.
fn one_of(params: &mut Params, name: &str, allowed: &[&'static str]) -> &'static str {
    let Some(given) = params.text(name).map(str::to_owned) else {
        return allowed[0];
    };
    let known = allowed.iter().find(|value| **value == given);
    known.copied().unwrap_or_else(|| {
        params.refuse(name, format!("`{name}` is one of: {}.", allowed.join(", ")));
        allowed[0]
    })
}

async fn show(
    frame: Frame,
    person: PageAuthorized<SubmissionsRead>,
    id: PageId<SubmissionId>,
    choice: PageQuery<Choice>,
) -> Result<HttpResponse, PageError> {
    let store = &frame.state.store;
    let SubmissionDetail { view, episodes, .. } = submissions::detail(store, &person, id.0).await?;
    let (task, _) = catalogue::get_task(store, view.submission.task_id).await?;
    let events = every_event(&frame, &person, id.0).await?;
    let replay = Replay::newest(&events);
    let stored = stored(&frame, &person, id.0, &replay, choice.0).await?;
    let own = view.submission.user_id == person.user_id;
    let title = format!("{}, {}", view.task_title, view.agent_name);
    let read = Read {
        own,
        may_cancel: own || person.may(Permission::CancelAnySubmission),
        attempts: episodes
            .into_iter()
            .map(|episode| (episode.attempt, episode.outcome, episode.reason))
            .collect(),
        events,
        manifest: manifest::of_submission(store, &person, id.0).await?,
        spends: spends::of_submission(store, &person, id.0).await?,
        limits: task.limits,
        healthy: frame.state.playground.health().ok,
        now: Timestamp::now(),
        view,
    };
    let shell = frame.shell(Section::Submissions, title);
    page(&assemble(shell, &read, replay, choice.0, &stored))
}

async fn every_event(
    frame: &Frame,
    person: &Principal,
    id: SubmissionId,
) -> Result<Vec<Event>, Failure> {
    let mut events: Vec<Event> = Vec::new();
    loop {
        let after = events.last().map_or(0, |event| event.seq);
        let part = submissions::events(&frame.state.store, person, id, after, MAX_EVENTS).await?;
        let full = u32::try_from(part.len()).is_ok_and(|count| count == MAX_EVENTS);
        events.extend(part);
        if !full {
            return Ok(events);
        }
    }
}

/// Reads the artifacts that the chosen panel shows, and no others.
async fn stored(
    frame: &Frame,
    person: &Principal,
    id: SubmissionId,
    replay: &Replay,
    choice: Choice,
) -> Result<Stored, Failure> {
    let mut stored = Stored::default();
    if let Some((verdict, hash)) = &replay.verdict
        && StateDiff::of(verdict, None).is_none()
    {
        stored.evidence = json_artifact(frame, person, id, Some(hash)).await?;
    }
    let Some(step) = chosen_step(replay, choice.step) else {
        return Ok(stored);
    };
    match choice.panel {
        "observation" => {
            stored.observation =
                json_artifact(frame, person, id, step.observation.as_deref()).await?;
            let before = replay
                .steps
                .iter()
                .rev()
                .find(|other| other.number < step.number);
            let before = before.and_then(|step| step.observation.as_deref());
            stored.before = json_artifact(frame, person, id, before).await?;
        }
        "model" => {
            for call in &step.calls {
                let exchange = json_artifact(frame, person, id, call.exchange.as_deref()).await?;
                stored.exchanges.push(exchange);
            }
        }
        _ => {}
    }
    Ok(stored)
}

/// An artifact as a value; none when it is named by no event or is no longer stored.
async fn json_artifact<T: DeserializeOwned>(
    frame: &Frame,
    person: &Principal,
    id: SubmissionId,
    hash: Option<&str>,
) -> Result<Option<T>, Failure> {
    let Some(hash) = hash else {
        return Ok(None);
    };
    match submissions::artifact(&frame.state.store, person, id, hash).await {
        Ok((_, bytes)) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(Failure::internal),
        Err(ArenaError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn cancel(
    frame: Frame,
    person: PageAuthorized<SubmissionsWrite>,
    id: PageId<SubmissionId>,
) -> Result<HttpResponse, PageError> {
    let canceller = Canceller {
        user_id: person.user_id,
        may_cancel_any: person.may(Permission::CancelAnySubmission),
    };
    frame.state.intake.cancel(id.0, canceller).await?;
    Ok(see_other(&format!("/submissions/{}", id.0)))
}

async fn again(
    frame: Frame,
    person: PageAuthorized<SubmissionsWrite>,
    id: PageId<SubmissionId>,
) -> Result<HttpResponse, PageError> {
    let before = submissions::get(&frame.state.store, &person, id.0)
        .await?
        .submission;
    let submit = Submit {
        user_id: person.user_id,
        agent_id: before.agent_id,
        task_id: before.task_id,
        seed: before.seed,
        budget: before.budget,
        idempotency_key: None,
    };
    let submitted = frame.state.intake.submit(submit).await?;
    Ok(see_other(&format!(
        "/submissions/{}",
        submitted.submission.id
    )))
}

/// A picture, an observation, an exchange or the evidence: named by its content, so a browser
/// may keep it.
async fn artifact(
    frame: Frame,
    person: PageAuthorized<SubmissionsRead>,
    id: PageId<SubmissionId>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (artifact, bytes) =
        submissions::artifact(&frame.state.store, &person, id.0, &path.1).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, artifact.media_type))
        .insert_header((
            header::CACHE_CONTROL,
            "private, max-age=31536000, immutable",
        ))
        .body(bytes))
}
