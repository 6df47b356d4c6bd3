//! The website's pages, one file each.

pub mod failure;
pub mod leaderboard;
pub mod submission;
mod submission_view;
