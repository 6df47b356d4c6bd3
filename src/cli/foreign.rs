//! `agentarena agents check|protocol|secret`, and the agent of `run --agent-cmd`: what people
//! need who bring their own agent.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::json;
use uuid::Uuid;

use crate::agents::foreign::command::Program;
use crate::agents::foreign::protocol::{Message, schema};
use crate::agents::foreign::rehearsal::{Finding, first_reply, manners, rehearse};
use crate::agents::foreign::webhook::Webhook;
use crate::agents::foreign::{Channel, ForeignOptions};
use crate::app::Application;
use crate::arena;
use crate::arena::agent_secrets;
use crate::auth::Principal;
use crate::cli::args::{CheckAgentArgs, ForeignArgs};
use crate::cli::output::{self, Side, Table};
use crate::cli::{agents, users};
use crate::config::Settings;
use crate::domain::agent::{Agent, AgentConfig, CommandConfig};
use crate::domain::model_proxy::ModelProxyConfig;
use crate::store::Store;
use crate::vault::Vault;
use crate::vault::webhook::SigningSecret;

/// The agent that `--agent-cmd` describes: the operator's own of that name, made or brought up
/// to date.
pub(super) async fn command_agent(
    app: &Application,
    command: &str,
    user: Option<&str>,
    args: &ForeignArgs,
) -> anyhow::Result<Agent> {
    let config = AgentConfig::Command(CommandConfig {
        command: words(command)?,
        screenshots: args.screenshots,
        turn_timeout_ms: args.timeout.saturating_mul(1000),
        model_proxy: match &args.model_proxy {
            Some(text) => serde_json::from_str(text)
                .context("--agent-model-proxy is not of the form of the setting modelProxy")?,
            None => ModelProxyConfig::default(),
        },
    });
    let name = match &args.name {
        Some(name) => name.clone(),
        None => command.chars().take(arena::agents::MAX_NAME).collect(),
    };
    let user = match user {
        Some(email) => users::by_email(app.store(), email).await?,
        None => users::operator(app).await?,
    };
    let principal = Principal::without_session(user);
    Ok(arena::agents::keep(app.store(), &principal, name, config).await?)
}

/// A command line as its words.
fn words(command: &str) -> anyhow::Result<Vec<String>> {
    let words = shlex::split(command)
        .with_context(|| format!("`{command}` is no command line: a quotation is not closed"))?;
    if words.is_empty() {
        bail!("the command line is empty; give e.g. \"python3 my_agent.py\"");
    }
    Ok(words)
}

/// Prints the JSON Schema of the protocol.
pub(super) fn protocol() -> anyhow::Result<()> {
    output::json(&schema())
}

/// Prints what signs the messages to a webhook, or the token of a remote agent.
pub(super) async fn secret(settings: &Settings, store: &Store, name: &str) -> anyhow::Result<()> {
    let agent = agents::by_name(store, name).await?;
    let vault = Vault::open(&settings.data.dir)?;
    let Some(secret) = agent_secrets::of(&vault, &agent) else {
        bail!("`{name}` is neither a webhook nor remote, so it has no secret");
    };
    output::line(&secret);
    Ok(())
}

/// Plays the rehearsal with a foreign agent and prints what was found. Exits with 0 when the
/// agent kept to the protocol.
pub(super) async fn check(args: &CheckAgentArgs) -> anyhow::Result<ExitCode> {
    let options = ForeignOptions {
        episode: Uuid::now_v7().to_string(),
        screenshots: args.screenshots,
        turn_timeout: Duration::from_secs(args.timeout),
    };
    let (mut channel, beside) = (way(args, &options)?, way(args, &options)?);
    let other = tokio::spawn(alongside(beside, options.screenshots));
    let mut findings = rehearse(channel.as_mut(), &options.episode, options.screenshots).await;
    let (alongside, other_log) = other.await.context("the second rehearsal broke off")?;
    findings.extend(alongside);
    findings.extend(forged(args, &options).await?);
    let end = Message::end(&options.episode).to_line()?;
    let log = channel.close(&end).await.or(other_log);
    findings.extend(manners(channel.faults()));
    print(&findings, log.as_deref(), args.json)?;
    let kept = findings.iter().all(|finding| finding.result.is_ok());
    Ok(if kept {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The same agent in another episode at the same time, as two episodes will be.
async fn alongside(
    mut channel: Box<dyn Channel>,
    pictures: bool,
) -> (Option<Finding>, Option<String>) {
    let episode = Uuid::now_v7().to_string();
    let findings = rehearse(channel.as_mut(), &episode, pictures).await;
    let end = Message::end(&episode).to_line().unwrap_or_default();
    let log = channel.close(&end).await;
    let worst = findings.iter().find(|finding| finding.result.is_err());
    let finding = worst.or(findings.last()).cloned().map(|finding| Finding {
        what: "a second episode at the same time",
        ..finding
    });
    (finding, log)
}

/// What a webhook does with a message that somebody else signed; nothing without its secret, for
/// then it cannot be told whether it looks at signatures.
async fn forged(
    args: &CheckAgentArgs,
    options: &ForeignOptions,
) -> anyhow::Result<Option<Finding>> {
    let (Some(url), Some(_)) = (&args.url, &args.secret) else {
        return Ok(None);
    };
    let secret = SigningSecret::new(b"somebody else's".to_vec());
    let mut way = Webhook::new(url, secret, true, options).map_err(anyhow::Error::msg)?;
    let finding = first_reply(&mut way, &Uuid::now_v7().to_string()).await;
    let result = match finding.result {
        Ok(_) => Err(
            "it took a message with a wrong signature; refuse those, or anybody can play for it"
                .to_owned(),
        ),
        Err(refusal) => Ok(refusal),
    };
    Ok(Some(Finding {
        what: "a message with a wrong signature is refused",
        result,
        ..finding
    }))
}

fn way(args: &CheckAgentArgs, options: &ForeignOptions) -> anyhow::Result<Box<dyn Channel>> {
    match (&args.url, &args.cmd) {
        (Some(url), None) => {
            let secret = match &args.secret {
                None => SigningSecret::new(b"rehearsal".to_vec()),
                Some(given) => SigningSecret::parse(given)
                    .context("--secret is not of the form `whsec_` and base64")?,
            };
            // The operator's own machine is where agents are written.
            let way = Webhook::new(url, secret, true, options).map_err(anyhow::Error::msg)?;
            Ok(Box::new(way))
        }
        (None, Some(command)) => {
            let way = Program::start(&words(command)?, options).map_err(anyhow::Error::msg)?;
            Ok(Box::new(way))
        }
        _ => bail!("give --url or --cmd, and not both"),
    }
}

fn print(findings: &[Finding], log: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    if as_json {
        let rows = findings.iter().map(|finding| {
            json!({
                "check": finding.what, "ok": finding.result.is_ok(),
                "action": finding.result.as_ref().ok(), "error": finding.result.as_ref().err(),
                "ms": u64::try_from(finding.took.as_millis()).unwrap_or(u64::MAX),
            })
        });
        return output::json(&json!({"checks": rows.collect::<Vec<_>>(), "log": log}));
    }
    let mut table = Table::new(&[
        ("", Side::Left),
        ("check", Side::Left),
        ("ms", Side::Right),
        ("reply", Side::Left),
    ]);
    for finding in findings {
        let (mark, said) = match &finding.result {
            Ok(action) => ("ok", action),
            Err(error) => ("FAILED", error),
        };
        table.row([
            mark.to_owned(),
            finding.what.to_owned(),
            finding.took.as_millis().to_string(),
            said.chars().take(300).collect(),
        ]);
    }
    table.print();
    if let Some(log) = log {
        output::line(&format!("\nIts log:\n{}", log.trim_end()));
    }
    Ok(())
}
