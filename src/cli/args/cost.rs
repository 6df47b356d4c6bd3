//! What can be typed about money.

use clap::Subcommand;

use super::ListArgs;

/// `cost ...`
#[derive(Debug, Subcommand)]
pub enum CostCommand {
    /// Compute the cost of every stored call again, from its tokens and the prices it was booked
    /// with; fails when one differs
    Audit(ListArgs),
}
