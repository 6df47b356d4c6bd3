//! The JSON API under `/api/v1`, one file per resource.

pub mod agents;
pub mod auth;
pub mod body;
pub mod budget;
pub mod envelope;
pub mod leaderboard;
pub mod list;
pub mod prices;
pub mod provider_keys;
pub mod remote;
pub mod spends;
pub mod submission_view;
pub mod submissions;
pub mod suites;
pub mod tasks;
pub mod trials;
pub mod users;

use actix_web::web::ServiceConfig;

/// Adds every route.
pub fn configure(config: &mut ServiceConfig) {
    config
        .configure(auth::configure)
        .configure(trials::configure)
        .configure(spends::configure)
        .configure(agents::configure)
        .configure(prices::configure)
        .configure(provider_keys::configure)
        .configure(budget::configure)
        .configure(remote::configure)
        .configure(suites::configure)
        .configure(tasks::configure)
        .configure(submissions::configure)
        .configure(leaderboard::configure)
        .configure(users::configure);
}
