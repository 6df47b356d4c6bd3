//! The desk's style sheet and icon. They are the same for every run, so browsers may keep them.

use actix_web::HttpResponse;
use actix_web::http::header;

const STYLE: &str = include_str!("../../../../static/sites/desk.css");
const ICON: &str = include_str!("../../../../static/sites/desk.svg");

/// Answers with the style sheet.
pub async fn style() -> HttpResponse {
    kept("text/css; charset=utf-8", STYLE)
}

/// Answers with the icon.
pub async fn icon() -> HttpResponse {
    kept("image/svg+xml", ICON)
}

fn kept(content_type: &str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(body)
}
