//! `agentarena mcp`: serves an MCP client over standard input and output with the tasks of a
//! remote agent, whose episodes a running arena has, here or elsewhere.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use uuid::Uuid;

use crate::agents::foreign::tools::caller::Caller;
use crate::cli::args::McpArgs;
use crate::web::mcp;

/// The variable that holds the token; an argument would stand in the list of processes.
const TOKEN: &str = "TOKEN";

/// Serves until the client closes the input.
pub(super) async fn run(args: &McpArgs) -> anyhow::Result<ExitCode> {
    let token = token(args)?;
    let worker = args.worker.clone();
    let worker = worker.unwrap_or_else(|| format!("stdio-{}", Uuid::now_v7().simple()));
    let caller = Caller::new(&args.url, token, worker)
        .map_err(anyhow::Error::msg)
        .context("--url")?;
    mcp::serve_stdio(Arc::new(caller)).await?;
    Ok(ExitCode::SUCCESS)
}

fn token(args: &McpArgs) -> anyhow::Result<String> {
    let token = match &args.token_file {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("--token-file: {} cannot be read", path.display()))?,
        None => std::env::var(TOKEN).unwrap_or_default(),
    };
    let token = token.trim().to_owned();
    if token.is_empty() {
        bail!(
            "the token of a remote agent is missing: set {TOKEN} or --token-file to what \
             `agentarena agents secret NAME` prints"
        );
    }
    Ok(token)
}
