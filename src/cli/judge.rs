//! `agentarena judge`: how far the model that judges agrees with labels that a person gave.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::json;

use crate::app;
use crate::cli::args::JudgeArgs;
use crate::cli::output;
use crate::config::Settings;
use crate::domain::evidence::{Asked, JudgeRule};
use crate::evaluators::judge::{self, Agreement};
use crate::llm::gate::Gates;

/// A message with its label.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Labelled {
    criterion: String,
    #[serde(default)]
    reference: String,
    message: String,
    met: bool,
}

/// Asks the model about every message and prints how far it agrees. Replies that are no verdict are
/// counted apart, and make the command fail.
pub(super) async fn run(settings: &Settings, args: &JudgeArgs) -> anyhow::Result<ExitCode> {
    let gates = Gates::new(settings.outbound.parallel_calls as usize);
    let Some(model) = app::make_judge(settings, &gates)? else {
        bail!("no model judges; name one with judge.model in the settings");
    };
    let labelled = read(&args.labels)?;
    let mut pairs = Vec::new();
    let mut unread = 0;
    for one in labelled {
        let asked = Asked {
            rule: JudgeRule::Criterion,
            prediction: one.message,
            reference: one.reference,
            question: one.criterion,
        };
        let judge::Opinion { judgement, .. } =
            judge::ask(model.as_ref(), "0".to_owned(), asked).await;
        let reply = judgement
            .reply
            .ok_or_else(|| judgement.problem.unwrap_or_default());
        let read = reply.and_then(|reply| judge::read_verdict(JudgeRule::Criterion, &reply));
        match read {
            Ok(verdict) => pairs.push((verdict.met, one.met)),
            Err(problem) => {
                output::note(&problem);
                unread += 1;
            }
        }
    }
    let counts = Agreement::of(pairs);
    print(&counts, unread, args.json)?;
    Ok(if unread == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn read(path: &std::path::Path) -> anyhow::Result<Vec<Labelled>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let labelled: anyhow::Result<Vec<Labelled>> = lines
        .map(|(at, line)| {
            serde_json::from_str(line)
                .with_context(|| format!("{}:{}: no labelled message", path.display(), at + 1))
        })
        .collect();
    let labelled = labelled?;
    if labelled.is_empty() {
        bail!("{} holds no labelled message", path.display());
    }
    Ok(labelled)
}

fn print(counts: &Agreement, unread: u32, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        return output::json(&json!({
            "counts": counts, "share": counts.share(), "kappa": counts.kappa(),
            "withoutVerdict": unread,
        }));
    }
    let number =
        |value: Option<f64>| value.map_or_else(|| "none".to_owned(), |v| format!("{v:.3}"));
    output::line(&format!(
        "agreement {}, Cohen's kappa {}",
        number(counts.share()),
        number(counts.kappa())
    ));
    output::line(&format!(
        "both met {}, both not met {}, wrongly met {}, wrongly not met {}, without verdict {unread}",
        counts.both_met, counts.both_unmet, counts.wrongly_met, counts.wrongly_unmet
    ));
    Ok(())
}
