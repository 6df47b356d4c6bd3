//! From recorded events to the numbers that all programs of the comparison give.

use agentarena::domain::event::{Event, EventBody};
use agentarena::domain::ids::SubmissionId;
use agentarena::domain::outcome::Outcome;
use agentarena::domain::submission::Episode;
use agentarena::domain::time::Timestamp;
use agentarena::store::{episodes as stored, submissions};
use anyhow::Context as _;
use serde_json::{Map, Value, json};

use crate::arena::Arena;
use crate::watch::{Kind, PageLog};

/// One JSON object for each episode, in the order of the submissions.
pub async fn episodes(
    arena: &Arena,
    played: &[(String, SubmissionId)],
) -> anyhow::Result<Vec<Value>> {
    let mut logs = arena.watch.pages();
    let mut found = Vec::new();
    for (task, id) in played {
        let id = *id;
        let (submission, tries, events) = arena
            .store
            .read(move |db| {
                Ok((
                    submissions::by_id(db, id)?,
                    stored::list(db, id)?,
                    stored::events(db, id, 0, 10_000)?,
                ))
            })
            .await?;
        let submission = submission.context("a submission is gone")?;
        let last = tries.last().context("a submission without an episode")?;
        let page = take(&mut logs, task);
        let mut episode = describe(last, &events, page.as_ref());
        let solved = submission.outcome == Some(Outcome::Passed);
        episode.insert("task".to_owned(), task.as_str().into());
        episode.insert("solved".to_owned(), solved.into());
        episode.insert("error".to_owned(), json!(submission.reason));
        found.push(Value::Object(episode));
    }
    Ok(found)
}

/// The log of the next page of a task. Pages of one task are opened in the order of the episodes.
fn take(logs: &mut Vec<PageLog>, task: &str) -> Option<PageLog> {
    let ending = format!("/{task}.html");
    let place = logs.iter().position(|log| log.url.ends_with(&ending))?;
    Some(logs.remove(place))
}

fn describe(episode: &Episode, events: &[Event], page: Option<&PageLog>) -> Map<String, Value> {
    let mut steps = Vec::<Map<String, Value>>::new();
    let mut looks = 0;
    for event in events {
        match &event.body {
            EventBody::Observed { duration_ms, .. } => {
                looks += 1;
                steps.push(Map::from_iter([("observe".to_owned(), json!(duration_ms))]));
            }
            EventBody::Acted {
                act_ms, settle_ms, ..
            } => {
                if let Some(step) = steps.last_mut() {
                    step.insert("act".to_owned(), json!(act_ms));
                    step.insert("settle".to_owned(), json!(settle_ms));
                }
            }
            _ => {}
        }
    }
    if let Some(page) = page {
        add_calls(&mut steps, page);
    }
    let reset = Reset::of(episode, events);
    Map::from_iter([
        ("total".to_owned(), json!(reset.total_ms(episode))),
        ("reset".to_owned(), json!(reset.ms)),
        ("prepared".to_owned(), json!(reset.prepared_ms)),
        ("looks".to_owned(), json!(looks)),
        ("steps".to_owned(), json!(steps)),
    ])
}

/// How the episode came to its start.
struct Reset {
    started_at: Timestamp,
    /// From taking a page to the task begun and its goal known.
    ms: f64,
    /// What was done before, while another episode acted.
    prepared_ms: f64,
}

impl Reset {
    /// From the first event; an episode without one did not come so far.
    fn of(episode: &Episode, events: &[Event]) -> Self {
        let event = events
            .iter()
            .find(|event| matches!(event.body, EventBody::EpisodeStarted { .. }));
        let started_at = event.map_or(episode.started_at, |event| event.at);
        let body = json!(event.map(|event| &event.body));
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of one episode")]
        let since_claim = started_at.ms_since(episode.started_at) as f64;
        Self {
            started_at,
            ms: body["resetMs"].as_f64().unwrap_or(since_claim),
            prepared_ms: body["preparedMs"].as_f64().unwrap_or_default(),
        }
    }

    /// From taking the page to the result in the store.
    fn total_ms(&self, episode: &Episode) -> f64 {
        let ended_at = episode.ended_at.unwrap_or(self.started_at);
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of one episode")]
        let since_start = ended_at.ms_since(self.started_at) as f64;
        self.ms + since_start
    }
}

/// What events do not say: the time for the picture, and for asking the page after each action
/// whether it is over.
fn add_calls(steps: &mut [Map<String, Value>], page: &PageLog) {
    let (mut step, mut acted) = (None, false);
    for (kind, ms) in &page.calls {
        match kind {
            Kind::Observe => {
                step = Some(step.map_or(0, |step| step + 1));
                acted = false;
            }
            Kind::Act => acted = true,
            _ => {}
        }
        let Some(step) = step.and_then(|step: usize| steps.get_mut(step)) else {
            continue;
        };
        match kind {
            Kind::Picture => drop(step.insert("picture".to_owned(), json!(ms))),
            Kind::Evaluate if acted => drop(step.insert("check".to_owned(), json!(ms))),
            _ => {}
        }
    }
}
