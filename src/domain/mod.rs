//! Nouns and rules of the arena. No I/O, no clock, no randomness: whatever varies is passed in.

pub mod action;
pub mod agent;
pub mod axtree;
pub mod budget;
pub mod criteria;
pub mod event;
pub mod evidence;
pub mod ids;
pub mod leaderboard;
pub mod manifest;
pub mod model_proxy;
pub mod observation;
pub mod outcome;
pub mod page;
pub mod price;
pub mod python;
pub mod solution;
pub mod submission;
pub mod suite;
pub mod task;
pub mod time;
pub mod user;
pub mod validation;
pub mod verdict;
pub mod verification;
pub mod webarena;
