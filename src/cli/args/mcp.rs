//! What can be typed about serving an MCP client.

use clap::Args;

/// Arguments of `mcp`.
#[derive(Debug, Args)]
pub struct McpArgs {
    /// Address of the arena
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,
    /// Name of this client: one that is started again under the same name goes on where it was
    /// [default: a new one]
    #[arg(long, value_name = "NAME")]
    pub worker: Option<String>,
    /// File with the agent's token [default: the variable TOKEN]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<std::path::PathBuf>,
}
