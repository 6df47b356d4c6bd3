//! What can be typed about running an episode again.

use clap::Args;

/// Arguments of `reproduce`.
#[derive(Debug, Args)]
pub struct ReproduceArgs {
    /// Submission (the episode that ended it) or episode
    pub id: String,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}
