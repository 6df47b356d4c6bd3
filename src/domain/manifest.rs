//! What an episode ran with: all that another run of it would have to share. Holds hashes of
//! prompts and settings, and never a secret.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::agent::AgentKind;
use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::outcome::PlaygroundKind;
use crate::domain::viewport::Viewport;

/// The version of the form that is written now.
pub const VERSION: u32 = 1;

/// What an episode ran with. What is not known is absent, never guessed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The version of this form.
    pub version: u32,
    /// The submission.
    pub submission_id: SubmissionId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// Which try this was, from 1.
    pub attempt: u32,
    /// When the episode began, as RFC 3339 in UTC.
    pub started_at: String,
    /// When it ended; absent while it has not.
    pub ended_at: Option<String>,
    /// The program.
    pub arena: ArenaBuild,
    /// The machine that the arena ran on.
    pub system: System,
    /// Whether a browser or a simulated page executed it.
    pub playground: PlaygroundKind,
    /// The browser and what it was told to be.
    pub browser: BrowserSetup,
    /// The task.
    pub task: TaskEntry,
    /// Where the task took place.
    pub place: PlaceEntry,
    /// The agent.
    pub agent: AgentEntry,
    /// Feeds everything that is drawn at random.
    pub seed: u32,
    /// What the agent was told.
    pub prompts: PromptHashes,
    /// The model; absent for agents that prompt none through the arena.
    pub model: Option<ModelEntry>,
    /// Version of the price list that the program holds.
    pub price_list: Option<String>,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArenaBuild {
    /// Its version.
    pub version: String,
    /// The commit that it was built from; absent when that was not said at the build.
    pub commit: Option<String>,
}

/// The machine that the arena ran on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct System {
    /// Operating system, e.g. `linux`.
    pub os: String,
    /// Architecture, e.g. `x86_64`.
    pub arch: String,
}

/// The browser and what it was told to be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BrowserSetup {
    /// Product and version of the browser.
    pub browser: Option<String>,
    /// Product and version of the driver.
    pub driver: Option<String>,
    /// Size of the viewport in CSS pixels.
    pub viewport: Option<Viewport>,
    /// Device pixels for a CSS pixel.
    pub device_scale_factor: Option<u32>,
    /// Language.
    pub locale: Option<String>,
    /// Time zone; absent where the machine of the browser decides.
    pub timezone: Option<String>,
    /// The user agent as it was set; absent: the browser's own.
    pub user_agent: Option<String>,
}

/// The task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskEntry {
    /// Id of the revision.
    pub id: String,
    /// The task's key within its suite.
    pub key: String,
    /// Number of the revision.
    pub revision: u32,
    /// SHA-256 of the whole specification as JSON.
    pub hash: String,
    /// Short name of the suite.
    pub suite: String,
    /// Version of the suite.
    pub suite_version: String,
}

/// Where the task took place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaceEntry {
    /// `site`, `static` or `web`.
    pub kind: String,
    /// Hash of the data that it began with: the records of the bundled sites, or the files of an
    /// imported collection. Absent where the arena cannot know them.
    pub data_hash: Option<String>,
}

/// The agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentEntry {
    /// Id.
    pub id: String,
    /// What kind of thing decided.
    pub kind: AgentKind,
    /// Number of the revision.
    pub revision: u32,
    /// SHA-256 of the settings as JSON.
    pub config_hash: String,
}

/// SHA-256 of what the agent was told. The address of the task's place, which has another port
/// on every machine, stands as `{place}` in what is hashed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PromptHashes {
    /// The arena's rules for this place.
    pub preamble: Option<String>,
    /// The instructions of the first request as they were sent, the arena's and the agent's own.
    pub instructions: Option<String>,
    /// The tools of the first request that had any, as they were sent.
    pub tools: Option<String>,
    /// The agent's own system prompt; absent when it has none.
    pub own: Option<String>,
    /// The arena's prompts from which all requests are made, or the operator's in their place;
    /// absent for agents that prompt no model.
    pub templates: Option<String>,
}

/// The model of an agent that prompts one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelEntry {
    /// Which interface was spoken.
    pub provider: String,
    /// The model as asked for.
    pub asked: String,
    /// Every model that the provider named in its answers, in the order of the first time.
    pub returned: Vec<String>,
}

/// One thing in which two manifests differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldDifference {
    /// Where, e.g. `browser.driver`.
    pub field: String,
    /// The value on record.
    pub recorded: Value,
    /// The value of now.
    pub now: Value,
}

/// What is different in every run.
const OF_THE_RUN: [&str; 6] = [
    "version",
    "submissionId",
    "episodeId",
    "attempt",
    "startedAt",
    "endedAt",
];

impl Manifest {
    /// In what another run differed, without what is different in every run.
    pub fn differences(&self, now: &Self) -> Vec<FieldDifference> {
        let flat = |manifest: &Self| {
            let mut fields = Vec::new();
            let json = serde_json::to_value(manifest).expect("a manifest has text keys only");
            flatten("", &json, &mut fields);
            fields
        };
        let (recorded, now) = (flat(self), flat(now));
        let mut names: Vec<&String> = recorded.iter().chain(&now).map(|(name, _)| name).collect();
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(*name) && !OF_THE_RUN.contains(&name.as_str()));
        let value = |fields: &[(String, Value)], name: &str| {
            let found = fields.iter().find(|(known, _)| known == name);
            found.map_or(Value::Null, |(_, value)| value.clone())
        };
        names
            .into_iter()
            .map(|name| FieldDifference {
                field: name.clone(),
                recorded: value(&recorded, name),
                now: value(&now, name),
            })
            .filter(|difference| difference.recorded != difference.now)
            .collect()
    }
}

/// Values by dotted name; arrays stay whole.
fn flatten(path: &str, value: &Value, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                flatten(&path, value, into);
            }
        }
        // Absent in any form is the same as not there.
        Value::Null => {}
        value => into.push((path.to_owned(), value.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            version: VERSION,
            submission_id: SubmissionId::new(),
            episode_id: EpisodeId::new(),
            attempt: 1,
            started_at: "2026-03-18T10:24:00.000Z".into(),
            ended_at: None,
            arena: ArenaBuild {
                version: "1.0.0".into(),
                commit: None,
            },
            system: System {
                os: "linux".into(),
                arch: "x86_64".into(),
            },
            playground: PlaygroundKind::Real,
            browser: BrowserSetup {
                browser: Some("chrome 150".into()),
                viewport: Some(Viewport::STANDARD),
                ..BrowserSetup::default()
            },
            task: TaskEntry {
                id: "t".into(),
                key: "shop-001".into(),
                revision: 1,
                hash: "aa".into(),
                suite: "arena".into(),
                suite_version: "1".into(),
            },
            place: PlaceEntry {
                kind: "site".into(),
                data_hash: Some("bb".into()),
            },
            agent: AgentEntry {
                id: "a".into(),
                kind: AgentKind::Builtin,
                revision: 1,
                config_hash: "cc".into(),
            },
            seed: 7,
            prompts: PromptHashes::default(),
            model: None,
            price_list: None,
        }
    }

    #[test]
    fn only_what_would_matter_to_another_run_differs() {
        let recorded = manifest();
        let mut now = manifest();
        now.attempt = 2;
        now.ended_at = Some("2026-03-18T10:25:00.000Z".into());
        assert_eq!(recorded.differences(&now), []);
        now.browser.browser = Some("chrome 151".into());
        now.browser.viewport = None;
        now.model = Some(ModelEntry {
            provider: "openai".into(),
            asked: "m".into(),
            returned: Vec::new(),
        });
        let fields: Vec<_> = recorded.differences(&now);
        let names: Vec<_> = fields.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(
            names,
            [
                "browser.browser",
                "browser.viewport.width",
                "browser.viewport.height",
                "model.provider",
                "model.asked",
                "model.returned",
            ]
        );
        assert_eq!(fields[0].recorded, "chrome 150");
        let read: Manifest =
            serde_json::from_str(&serde_json::to_string(&recorded).unwrap()).unwrap();
        assert_eq!(read, recorded);
    }
}
