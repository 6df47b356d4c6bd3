//! What can be typed about agents: the arena's own and those that other people wrote.

use clap::{Args, Subcommand};

use super::ListArgs;

/// `agents ...`
#[derive(Debug, Subcommand)]
pub enum AgentsCommand {
    /// List all agents
    List(ListArgs),
    /// Show one agent with its settings
    Show {
        /// Name of the agent
        name: String,
        /// How to print.
        #[command(flatten)]
        list: ListArgs,
    },
    /// Add an agent that belongs to someone
    Add {
        /// Name of the new agent
        name: String,
        /// Whose it is, by e-mail
        #[arg(long, value_name = "E-MAIL")]
        user: String,
        /// Settings as JSON, e.g. {"kind":"llm","provider":"openai","model":"gpt-4o-mini"}; - reads them from standard input
        #[arg(long, value_name = "JSON")]
        settings: String,
    },
    /// Play a short invented episode with your own agent and say what is wrong with it
    Check(CheckAgentArgs),
    /// Print the JSON Schema of the messages between the arena and your own agent
    Protocol,
    /// Print the secret that signs the messages to a webhook, or the token of a remote agent
    Secret {
        /// Name of the agent
        name: String,
    },
}

/// More about the program of `run --agent-cmd`.
#[derive(Debug, Args)]
pub struct ForeignArgs {
    /// Name under which its results are kept [default: the command]
    #[arg(long = "agent-name", value_name = "NAME", requires = "agent_cmd")]
    pub name: Option<String>,
    /// Send it a picture of the page each turn
    #[arg(long = "agent-screenshots", requires = "agent_cmd")]
    pub screenshots: bool,
    /// Longest time for one reply, in seconds
    #[arg(long = "agent-timeout", value_name = "SECONDS", default_value_t = 120, requires = "agent_cmd",
          value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
    /// Models that it may call through the arena, as the setting modelProxy, e.g. {"openai":{"providerKeyId":"..."}}
    #[arg(
        long = "agent-model-proxy",
        value_name = "JSON",
        requires = "agent_cmd"
    )]
    pub model_proxy: Option<String>,
}

/// Arguments of `agents check`.
#[derive(Debug, Args)]
pub struct CheckAgentArgs {
    /// Address of an agent that is called each turn
    #[arg(long, required_unless_present = "cmd")]
    pub url: Option<String>,
    /// Program that decides, e.g. "python3 my_agent.py"
    #[arg(long, value_name = "COMMAND", conflicts_with = "url")]
    pub cmd: Option<String>,
    /// Signing secret of the webhook, as `agents secret` prints it
    #[arg(long, value_name = "SECRET", requires = "url")]
    pub secret: Option<String>,
    /// Send a picture of the page each turn
    #[arg(long)]
    pub screenshots: bool,
    /// Longest time for one reply, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}
