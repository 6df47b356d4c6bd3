//! `agentarena tasks try`: a person does a task in a browser of their own, and reads what the
//! evaluators say of the result, as often as they like.

use std::io::BufRead as _;
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;

use crate::cli::args::TryTaskArgs;
use crate::cli::{author, output};
use crate::config::Settings;
use crate::domain::evidence::{Ending, Evidence};
use crate::domain::task::{EnvironmentSpec, EvaluatorSpec, InfeasibleCode, TaskSpec};
use crate::domain::verdict::VerdictStatus;
use crate::environments::site::SiteEnvironments;
use crate::environments::{Environments as _, Place};
use crate::evaluators;
use crate::playground::preamble::meaning;
use crate::sites::{self, Library, SiteRuns};

/// How a person says that a task cannot be done.
const INFEASIBLE: &str = "infeasible";

/// Serves the task's sites with a fresh run, and judges it each time the person says so. Exits
/// with 0 when the last verdict was a pass.
pub(super) async fn run(settings: &Settings, args: &TryTaskArgs) -> anyhow::Result<ExitCode> {
    let (key, spec) = author::described(&args.task)?;
    let socket = TcpListener::bind((settings.server.host, args.sites_port));
    let socket = socket.with_context(|| {
        format!(
            "cannot listen on port {}; choose another with --sites-port",
            args.sites_port
        )
    })?;
    let origin = format!("http://{}", socket.local_addr()?);
    let runs = Arc::new(SiteRuns::new());
    let library = Arc::new(Library::new(&settings.data.dir));
    let server = sites::listener(Arc::clone(&runs), library, socket)?;
    let handle = server.handle();
    let served = tokio::spawn(server);
    let places = SiteEnvironments::new(runs, &origin);
    let mut place = places.prepare(&spec.environment).await?;
    let passed = converse(&key, &spec, &origin, place.as_mut()).await;
    place.dispose().await;
    handle.stop(false).await;
    served.await.context("the listener broke off")??;
    Ok(if passed? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Reads one result per line until the input ends; answers whether the last one passed.
async fn converse(
    key: &str,
    spec: &TaskSpec,
    origin: &str,
    place: &mut dyn Place,
) -> anyhow::Result<bool> {
    let briefing = place.briefing();
    let codes: Vec<String> = InfeasibleCode::ALL
        .iter()
        .map(|code| format!("  {code}: {}", meaning(*code)))
        .collect();
    output::line(&format!(
        "{key}: {}\n\n\
         You work for {}; on the sites it is {}.\n\
         Open this link, which works once: {}",
        spec.goal,
        briefing.user,
        briefing.today,
        place.entry_url(),
    ));
    if let EnvironmentSpec::Site { sites, .. } = &spec.environment {
        let sites: Vec<String> = sites
            .iter()
            .map(|site| format!("{origin}/{site}/"))
            .collect();
        output::line(&format!("The task's sites: {}", sites.join(", ")));
    }
    output::line(&format!(
        "Going anywhere else would end an agent's work without a score.\n\n\
         When you are done, type your answer and nothing around it, several items separated by \
         commas, or nothing if none is asked for, and press Enter.\n\
         When it cannot be done, `{INFEASIBLE} CODE` and the reason; the codes are:\n{}\n\
         You may go on and try again. End with Ctrl-D.",
        codes.join("\n"),
    ));
    let mut passed = false;
    while let Some(said) = read_line().await? {
        let mut evidence = place.evidence(None).await?;
        if let Some(path) = last_page(&evidence) {
            output::line(&format!("The page that was opened last: {path}"));
            let final_url = format!("{origin}{path}");
            evidence = place.evidence(Some(&final_url)).await?;
        } else if asks_for_page(spec) {
            output::line("No page was opened yet.");
        }
        evidence.ending = Some(ending(said));
        let verdict = evaluators::evaluate(spec, &evidence);
        passed = verdict.status == VerdictStatus::Pass;
        output::line(&format!("\n{}: {}", verdict.status, verdict.summary));
        author::print_criteria(&verdict);
        output::line("");
    }
    Ok(passed)
}

/// What was said: that the task cannot be done, with or without a colon, or the answer.
fn ending(said: String) -> Ending {
    let (head, rest) = said
        .split_at_checked(INFEASIBLE.len())
        .unwrap_or((&said, ""));
    if head.eq_ignore_ascii_case(INFEASIBLE) && !rest.starts_with(char::is_alphanumeric) {
        let reason = rest.trim_start_matches([' ', ':']).to_owned();
        return Ending::Infeasible(reason);
    }
    Ending::Answer(said)
}

/// Path and query of the page that the person's browser opened last. What it shows again from
/// its own memory it does not ask for.
fn last_page(evidence: &Evidence) -> Option<&str> {
    let mut newest_first = evidence.journal.iter().rev();
    newest_first
        .find(|entry| entry.document && entry.method == "GET" && entry.status == 200)
        .map(|entry| entry.path.as_str())
}

fn asks_for_page(spec: &TaskSpec) -> bool {
    let mut evaluators = spec.evaluators.iter();
    evaluators.any(|evaluator| matches!(evaluator, EvaluatorSpec::Url(_)))
}

/// The next line that was typed, without its end; none at the end of the input.
async fn read_line() -> anyhow::Result<Option<String>> {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        let length = std::io::stdin().lock().read_line(&mut line)?;
        Ok::<_, std::io::Error>((length > 0).then(|| line.trim().to_owned()))
    });
    read.await?.context("reading what was typed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_told_from_an_answer() {
        for said in [
            "infeasible NOT_FOUND no such order",
            "Infeasible: NOT_FOUND no such order",
        ] {
            let reason = "NOT_FOUND no such order".to_owned();
            assert_eq!(
                ending(said.to_owned()),
                Ending::Infeasible(reason),
                "{said}"
            );
        }
        assert_eq!(
            ending("infeasible".to_owned()),
            Ending::Infeasible(String::new())
        );
        for said in ["", "infeasibles", "42 infeasible"] {
            assert_eq!(ending(said.to_owned()), Ending::Answer(said.to_owned()));
        }
    }
}
