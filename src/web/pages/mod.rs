//! The website's pages, one file each; a page's GET and POST share a file. Every page works as
//! a document of links and forms.

mod account;
mod admin_users;
mod agent;
mod agent_behaviour;
mod agent_edit;
mod agent_form;
mod agent_form_proxy;
mod agent_spend;
mod agent_try;
mod agents;
mod budget;
mod dashboard;
pub mod failure;
mod frame;
mod health;
mod leaderboard;
mod notice;
mod prices;
mod provider_key;
mod sign_in;
mod sign_up;
mod submission;
mod submission_manifest;
mod submission_new;
mod submission_panels;
mod submission_spend;
mod submission_view;
mod submissions;
mod suites;
mod task;
mod tasks;
mod theme;
mod trial_view;

use actix_web::web::{ServiceConfig, get, resource};

use crate::web::ui::assets;

/// Adds every page.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/static/{path:.*}").route(get().to(assets::serve)))
        .configure(dashboard::configure)
        .configure(sign_in::configure)
        .configure(sign_up::configure)
        .configure(theme::configure)
        .configure(leaderboard::configure)
        .configure(suites::configure)
        .configure(tasks::configure)
        .configure(task::configure)
        .configure(submission_new::configure)
        .configure(submissions::configure)
        .configure(submission::configure)
        .configure(agent_edit::configure)
        .configure(agent_try::configure)
        .configure(agents::configure)
        .configure(agent::configure)
        .configure(account::configure)
        .configure(provider_key::configure)
        .configure(budget::configure)
        .configure(prices::configure)
        .configure(admin_users::configure)
        .configure(health::configure);
}
