//! The one responder: a template becomes an HTML page.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::web::error::{Failure, PageError};

/// A page with status 200.
pub fn page(template: &impl Template) -> Result<HttpResponse, PageError> {
    page_with(StatusCode::OK, template)
}

/// A page with another status, e.g. 422 for a form that comes back.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<HttpResponse, PageError> {
    let body = template.render().map_err(Failure::internal)?;
    Ok(HttpResponse::build(status)
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

/// Sends the browser to another address of this site after a form was taken.
pub fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, address))
        .finish()
}

/// An address to come back to, when it is a path of this site; else `otherwise`.
pub fn local_path<'a>(given: &'a str, otherwise: &'a str) -> &'a str {
    // Browsers drop tabs and line breaks from an address before they read it (WHATWG URL,
    // section 4.4), so "/<tab>/host" would be another site.
    let is_odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    let is_path = given.starts_with('/') && !given.starts_with("//") && !given.contains(is_odd);
    if is_path { given } else { otherwise }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_come_back_to() {
        assert_eq!(local_path("/agents?x=1", "/"), "/agents?x=1");
        for elsewhere in [
            "//evil.test/",
            "https://evil.test",
            "/\\evil.test",
            "",
            "/\t/evil.test",
            "/\n/evil.test",
        ] {
            assert_eq!(local_path(elsewhere, "/"), "/", "{elsewhere}");
        }
    }
}
