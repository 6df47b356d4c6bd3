//! Names the likely cause of the first difference, by rules over what is known. A rule that has
//! no evidence names nothing; what differs between the manifests is always listed beside it.

use serde::Serialize;
use serde_json::Value;

use crate::arena::reproduce::compare::{Difference, Part};
use crate::domain::manifest::FieldDifference;

crate::named_values! {
    /// What may have made the difference.
    CauseKind {
        /// The record was changed after it was written.
        RecordChanged = "record_changed",
        /// The task is not the one that was done.
        TaskChanged = "task_changed",
        /// The place began with other data.
        SiteDataChanged = "site_data_changed",
        /// The arena's own prompt text is another one.
        PromptChanged = "prompt_changed",
        /// The agent's settings are other ones.
        AgentSettings = "agent_settings",
        /// The page writes dates or times.
        PageClock = "page_clock",
        /// The page is laid out differently, and the prompt tells.
        PageLayout = "page_layout",
        /// Viewport, scale, locale, time zone or user agent are other ones.
        BrowserSettings = "browser_settings",
        /// The browser or its driver is another version.
        BrowserVersion = "browser_version",
        /// The arena is another version.
        ArenaVersion = "arena_version",
        /// The operating system or the kind of machine is another one.
        System = "system",
        /// The same reply is read as another action.
        ReplyReading = "reply_reading",
        /// The evaluators say something else about the same result.
        EvaluatorChanged = "evaluator_changed",
        /// No rule fits.
        Unknown = "unknown",
    }
}

/// The likely cause of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    /// Which.
    pub kind: CauseKind,
    /// In words.
    pub text: String,
    /// What speaks for it.
    pub evidence: Vec<String>,
}

/// What is known beside the difference itself.
#[derive(Debug, Clone, Default)]
pub struct Known<'a> {
    /// In what the manifests differ; none when one is missing.
    pub manifests: Option<&'a [FieldDifference]>,
    /// Browser and driver on record and now, where the manifest is missing.
    pub browsers: Option<(&'a str, &'a str)>,
    /// Whether the pages of the step differ in dates and times alone.
    pub by_the_clock: bool,
    /// Whether the pages of the step differ in their layout alone.
    pub in_layout: bool,
    /// Whether the agent prompts a model, so that its replies are on record.
    pub prompts: bool,
    /// What is wrong with the record.
    pub damage: &'a [String],
    /// Whether the evaluators of now say something else about the evidence on record.
    pub judged_otherwise: bool,
}

/// The likely cause of the first difference.
pub fn likely(first: &Difference, known: &Known<'_>) -> Cause {
    let found = match first.part {
        Part::Record => None,
        Part::Preamble => Some(prompt(first, known)),
        Part::Request | Part::Judge => Some(request(first, known)),
        Part::Action => action(known),
        Part::Verdict => verdict(known),
        Part::Start | Part::Observation | Part::Result | Part::End | Part::State => {
            task_or_data(known)
                .or_else(|| clock(first, known))
                .or_else(|| machine(known))
        }
    };
    damage(known).or(found).unwrap_or_else(unknown)
}

fn cause(kind: CauseKind, text: &str, evidence: Vec<String>) -> Cause {
    Cause {
        kind,
        text: text.to_owned(),
        evidence,
    }
}

fn unknown() -> Cause {
    let text = "not known: nothing that the arena keeps about an episode explains it";
    cause(CauseKind::Unknown, text, Vec::new())
}

fn damage(known: &Known<'_>) -> Option<Cause> {
    let text = "the record is not what was written: part of it was changed or removed afterwards";
    (!known.damage.is_empty()).then(|| cause(CauseKind::RecordChanged, text, known.damage.to_vec()))
}

/// What the manifests say about fields with one of these beginnings.
fn between(known: &Known<'_>, fields: &[&str]) -> Vec<String> {
    let differing = known.manifests.unwrap_or_default().iter();
    differing
        .filter(|one| fields.iter().any(|field| one.field.starts_with(field)))
        .map(|one| {
            let [recorded, now] = [&one.recorded, &one.now].map(|value| match value {
                Value::Null => "not known".to_owned(),
                value => value.to_string(),
            });
            format!("{}: {recorded}, now {now}", one.field)
        })
        .collect()
}

fn by_manifest(known: &Known<'_>, kind: CauseKind, fields: &[&str], text: &str) -> Option<Cause> {
    let evidence = between(known, fields);
    (!evidence.is_empty()).then(|| cause(kind, text, evidence))
}

fn task_or_data(known: &Known<'_>) -> Option<Cause> {
    by_manifest(
        known,
        CauseKind::TaskChanged,
        &["task.hash"],
        "the task is not the one that was done: its specification differs",
    )
    .or_else(|| {
        by_manifest(
            known,
            CauseKind::SiteDataChanged,
            &["place.dataHash"],
            "the place began with other data",
        )
    })
}

fn clock(first: &Difference, known: &Known<'_>) -> Option<Cause> {
    if first.part != Part::Observation || !known.by_the_clock {
        return None;
    }
    let text = "the page depends on the time: the two differ in dates and times alone";
    Some(cause(CauseKind::PageClock, text, Vec::new()))
}

/// What the machine has to do with it.
fn machine(known: &Known<'_>) -> Option<Cause> {
    by_manifest(
        known,
        CauseKind::BrowserSettings,
        &[
            "browser.viewport",
            "browser.deviceScaleFactor",
            "browser.locale",
            "browser.timezone",
            "browser.userAgent",
        ],
        "the browser was told something else: viewport, scale, locale, time zone or user agent",
    )
    .or_else(|| browser_version(known))
    .or_else(|| arena_version(known))
    .or_else(|| {
        by_manifest(
            known,
            CauseKind::System,
            &["system"],
            "another operating system or kind of machine",
        )
    })
}

fn browser_version(known: &Known<'_>) -> Option<Cause> {
    let text = "another version of browser or driver";
    if let (None, Some((recorded, now))) = (known.manifests, known.browsers) {
        return (recorded != now).then(|| {
            let evidence = vec![format!("{recorded}, now {now}")];
            cause(CauseKind::BrowserVersion, text, evidence)
        });
    }
    let fields = ["browser.browser", "browser.driver"];
    by_manifest(known, CauseKind::BrowserVersion, &fields, text)
}

fn arena_version(known: &Known<'_>) -> Option<Cause> {
    let text = "another version of the arena";
    by_manifest(known, CauseKind::ArenaVersion, &["arena"], text)
}

/// A text of the arena's own differs, which is evidence by itself.
fn prompt(first: &Difference, known: &Known<'_>) -> Cause {
    if let Some(task) = task_or_data(known) {
        return task;
    }
    let text = match first.field.split(['.', '[']).next().unwrap_or_default() {
        "preamble" => "the prompt differs: the arena words its rules otherwise",
        "tools" => "the prompt differs: the arena describes the actions otherwise",
        "system" | "messages" => "the prompt differs: the arena words it otherwise",
        _ => "the request differs: the arena builds it otherwise",
    };
    let mut evidence = vec![format!("{} of the prompt differs", first.field)];
    evidence.extend(between(known, &["arena", "prompts"]));
    cause(CauseKind::PromptChanged, text, evidence)
}

/// A request differs although the page in it does not.
fn request(first: &Difference, known: &Known<'_>) -> Cause {
    let of_agent = between(known, &["agent.configHash", "prompts.own"]);
    if !of_agent.is_empty() {
        let text = "the agent's settings are not those that it had";
        return cause(CauseKind::AgentSettings, text, of_agent);
    }
    if known.in_layout {
        let text = "the page differs in its layout alone, of which the prompt tells something";
        let mut evidence = vec!["boxes or scrolling of the observations differ".to_owned()];
        evidence.extend(between(known, &["browser", "system"]));
        return cause(CauseKind::PageLayout, text, evidence);
    }
    // Its settings are the same; what is sent is made from them, the page and the arena's text.
    prompt(first, known)
}

/// The agent decided otherwise on the same page.
fn action(known: &Known<'_>) -> Option<Cause> {
    if known.prompts {
        let text = "the recorded reply gives another action than the one on record: it is read \
                    otherwise now, or it is not the reply that the model gave";
        let mut evidence =
            vec!["page and request are the same, and the reply is from the record".to_owned()];
        evidence.extend(between(known, &["arena"]));
        return Some(cause(CauseKind::ReplyReading, text, evidence));
    }
    let fields = ["agent.configHash"];
    let text = "the agent's settings are not those that it had";
    by_manifest(known, CauseKind::AgentSettings, &fields, text)
        .or_else(|| task_or_data(known))
        .or_else(|| arena_version(known))
}

/// The verdict is another one on the same result.
fn verdict(known: &Known<'_>) -> Option<Cause> {
    if let Some(cause) = task_or_data(known) {
        return Some(cause);
    }
    if !known.judged_otherwise {
        return None;
    }
    let text = "the evaluators changed, or the verdict on record was: they say something else about \
                the evidence on record";
    let mut evidence =
        vec!["the verdict on record does not follow from the evidence on record".to_owned()];
    evidence.extend(between(known, &["arena"]));
    Some(cause(CauseKind::EvaluatorChanged, text, evidence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn difference(part: Part) -> Difference {
        Difference {
            part,
            step: Some(1),
            field: "nodes[0].name".into(),
            recorded: json!("a"),
            now: json!("b"),
        }
    }

    fn field(name: &str) -> FieldDifference {
        FieldDifference {
            field: name.into(),
            recorded: json!("1"),
            now: json!("2"),
        }
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "most callers make it for the call"
    )]
    fn kind(part: Part, fields: &[&str], known: Known<'_>) -> CauseKind {
        let manifests: Vec<_> = fields.iter().map(|name| field(name)).collect();
        let known = Known {
            manifests: Some(&manifests),
            ..known
        };
        likely(&difference(part), &known).kind
    }

    #[test]
    fn a_page_that_differs_is_explained_by_what_is_nearest_to_it() {
        let clock = || Known {
            by_the_clock: true,
            ..Known::default()
        };
        for (fields, known, expected) in [
            (&[][..], Known::default(), CauseKind::Unknown),
            (&[][..], clock(), CauseKind::PageClock),
            (
                &["arena.version"][..],
                Known::default(),
                CauseKind::ArenaVersion,
            ),
            (
                &["browser.driver", "arena.version"][..],
                Known::default(),
                CauseKind::BrowserVersion,
            ),
            (
                &["browser.timezone", "browser.driver"][..],
                Known::default(),
                CauseKind::BrowserSettings,
            ),
            (
                &["place.dataHash", "arena.version"][..],
                clock(),
                CauseKind::SiteDataChanged,
            ),
            (
                &["place.dataHash", "task.hash"][..],
                Known::default(),
                CauseKind::TaskChanged,
            ),
            (
                &["priceList", "agent.configHash"][..],
                Known::default(),
                CauseKind::Unknown,
            ),
            (&["system.arch"][..], Known::default(), CauseKind::System),
        ] {
            assert_eq!(
                kind(Part::Observation, fields, known),
                expected,
                "{fields:?}"
            );
        }
    }

    #[test]
    fn without_a_manifest_only_the_browser_is_known() {
        let known = Known {
            browsers: Some(("chrome 150", "chrome 151")),
            ..Known::default()
        };
        let found = likely(&difference(Part::Result), &known);
        assert_eq!(found.kind, CauseKind::BrowserVersion);
        assert_eq!(found.evidence, ["chrome 150, now chrome 151"]);
        let same = Known {
            browsers: Some(("chrome 150", "chrome 150")),
            ..Known::default()
        };
        assert_eq!(
            likely(&difference(Part::Result), &same).kind,
            CauseKind::Unknown
        );
    }

    #[test]
    fn a_verdict_is_laid_on_the_evaluators_only_with_evidence() {
        let otherwise = Known {
            judged_otherwise: true,
            ..Known::default()
        };
        assert_eq!(
            kind(Part::Verdict, &[], Known::default()),
            CauseKind::Unknown
        );
        assert_eq!(
            kind(Part::Verdict, &[], otherwise.clone()),
            CauseKind::EvaluatorChanged
        );
        assert_eq!(
            kind(Part::Verdict, &["task.hash"], otherwise),
            CauseKind::TaskChanged
        );
    }

    #[test]
    fn requests_and_actions_have_causes_of_their_own() {
        let prompting = || Known {
            prompts: true,
            ..Known::default()
        };
        assert_eq!(
            kind(Part::Request, &[], prompting()),
            CauseKind::PromptChanged
        );
        assert_eq!(
            kind(Part::Request, &["prompts.own"], prompting()),
            CauseKind::AgentSettings
        );
        let layout = Known {
            in_layout: true,
            ..prompting()
        };
        assert_eq!(kind(Part::Request, &[], layout), CauseKind::PageLayout);
        assert_eq!(
            kind(Part::Action, &[], prompting()),
            CauseKind::ReplyReading
        );
        assert_eq!(
            kind(Part::Action, &[], Known::default()),
            CauseKind::Unknown
        );
        assert_eq!(
            kind(Part::Action, &["arena.commit"], Known::default()),
            CauseKind::ArenaVersion
        );
        let damaged = ["a reply was changed".to_owned()];
        let damaged = Known {
            damage: &damaged,
            ..prompting()
        };
        assert_eq!(
            kind(Part::Action, &["arena.commit"], damaged),
            CauseKind::RecordChanged
        );
    }
}
