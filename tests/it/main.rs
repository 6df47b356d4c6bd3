//! All integration tests, linked into one binary; one file per capability.
#![expect(
    clippy::unwrap_used,
    reason = "what does not unwrap in a test is what the test finds"
)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests say what they measured and what they skip"
)]
#![expect(clippy::float_cmp, reason = "rewards are paid exactly or not at all")]

mod agent_check;
mod api_accounts;
mod api_agents;
mod api_errors;
mod api_keys;
mod api_live;
mod api_permissions;
mod api_prices;
mod api_sessions;
mod api_submissions;
mod api_trials;
mod architecture;
mod auth;
mod binary;
mod browser;
mod browsergym;
mod budgets;
mod config;
mod conformance;
mod cost;
mod desk_pages;
mod evaluators;
mod exploits;
mod fidelity;
mod foreign;
mod forum_pages;
mod jobs;
mod leaderboard;
mod llm;
mod llm_agent;
mod mcp;
mod miniwob;
mod miniwob_solutions;
mod model_proxy;
mod office_pages;
mod pages_accounts;
mod pages_agents;
mod pages_documents;
mod pages_keys;
mod pages_prices;
mod pages_spend;
mod pages_submissions;
mod pages_trials;
mod person;
mod playground;
mod plug;
mod remote_agents;
mod reproduce;
mod shop_pages;
mod sites;
mod soak;
mod store;
mod support;
mod tasks;
mod verify;
mod webarena;
mod wiki_pages;
