//! How the playground stands, and what to install when it does not run.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, resource};
use askama::Template;

use crate::web::error::PageError;
use crate::web::extract::PageQuery;
use crate::web::pages::frame::Frame;
use crate::web::query::NoQuery;
use crate::web::ui::page::page;
use crate::web::ui::shell::{Section, Shell};

/// Adds the route. `/health` is for machines.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/health-status").route(get().to(show)));
}

#[derive(Template)]
#[template(path = "pages/health.html")]
struct HealthPage {
    shell: Shell,
    word: &'static str,
    lines: Vec<(&'static str, String)>,
}

async fn show(frame: Frame, _query: PageQuery<NoQuery>) -> Result<HttpResponse, PageError> {
    let health = frame.state.playground.health();
    let version = if health.version.is_empty() {
        "not known".to_owned()
    } else {
        health.version
    };
    page(&HealthPage {
        shell: frame.shell(Section::Other, "Health"),
        word: if health.ok { "healthy" } else { "not healthy" },
        lines: vec![
            ("Kind", health.kind.to_string()),
            ("Browser", version),
            ("Episodes at once", health.capacity.to_string()),
            ("In use", health.in_use.to_string()),
        ],
    })
}
