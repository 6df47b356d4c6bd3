//! What an episode ran with, on the page of its submission, and how to run it again.

use crate::domain::ids::SubmissionId;
use crate::domain::manifest::Manifest;

/// Characters of a hash that are shown.
const SHORT_HASH: usize = 12;

/// The panel.
pub struct ManifestView {
    /// What is known, as name and value; empty when no manifest was kept.
    pub rows: Vec<(&'static str, String)>,
    /// The whole manifest.
    pub href: String,
    /// The command that runs the episode again.
    pub command: String,
}

impl ManifestView {
    /// Of a submission that has ended.
    pub fn new(id: SubmissionId, manifest: Option<&Manifest>) -> Self {
        Self {
            rows: manifest.map(rows).unwrap_or_default(),
            href: format!("/api/v1/submissions/{id}/manifest"),
            command: format!("agentarena reproduce {id}"),
        }
    }
}

fn rows(manifest: &Manifest) -> Vec<(&'static str, String)> {
    let browser = &manifest.browser;
    let commit = manifest.arena.commit.as_deref().map(short);
    let viewport = browser.viewport.map(|size| {
        let scale = browser.device_scale_factor.unwrap_or(1);
        format!("{size}, scale {scale}")
    });
    let task = &manifest.task;
    let agent = &manifest.agent;
    let model = manifest.model.as_ref().map(|model| {
        if model.returned.is_empty() {
            format!("{}, not named by the provider", model.asked)
        } else {
            format!("{}, answered by {}", model.asked, model.returned.join(", "))
        }
    });
    let all = [
        (
            "Arena",
            joined([Some(manifest.arena.version.clone()), commit]),
        ),
        (
            "Browser",
            joined([browser.browser.clone(), browser.driver.clone()]),
        ),
        (
            "Page",
            joined([viewport, browser.locale.clone(), browser.timezone.clone()]),
        ),
        (
            "Task",
            Some(format!(
                "{} r{}, {}",
                task.key,
                task.revision,
                short(&task.hash)
            )),
        ),
        ("Data", manifest.place.data_hash.as_deref().map(short)),
        (
            "Agent",
            Some(format!(
                "r{}, {}",
                agent.revision,
                short(&agent.config_hash)
            )),
        ),
        (
            "Prompt",
            manifest.prompts.instructions.as_deref().map(short),
        ),
        ("Model", model),
        ("Seed", Some(manifest.seed.to_string())),
        (
            "Machine",
            Some(format!("{} {}", manifest.system.os, manifest.system.arch)),
        ),
    ];
    all.into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> Option<String> {
    let known: Vec<String> = parts.into_iter().flatten().collect();
    (!known.is_empty()).then(|| known.join(", "))
}

fn short(hash: &str) -> String {
    hash.chars().take(SHORT_HASH).collect()
}
