//! Stylesheets, scripts and icons, embedded in the binary and addressed by their content.

use std::fmt::{Display, Write as _};

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::Embed;

/// Everything under `static/`. The folder of the bundled sites is served by the sites' own
/// listener and is refused here.
#[derive(Embed)]
#[folder = "static/"]
struct StaticFiles;

const OF_THE_SITES: &str = "sites/";

/// The address of a file, with its content's hash, so that it may be cached for ever.
pub fn href(path: impl Display) -> String {
    let path = path.to_string();
    let version = StaticFiles::get(&path).map(|file| version_of(&file.metadata.sha256_hash()));
    version.map_or_else(
        || format!("/static/{path}"),
        |version| format!("/static/{path}?v={version}"),
    )
}

/// The address of an icon in the sprite.
pub fn icon(name: impl Display) -> String {
    format!("{}#{name}", href("icons.svg"))
}

fn version_of(hash: &[u8; 32]) -> String {
    hash.iter().take(8).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// `GET /static/{path}`: a file, cached for ever when asked for by version, checked by its
/// entity tag otherwise.
pub async fn serve(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let path = path.into_inner();
    let Some(file) = (!path.starts_with(OF_THE_SITES))
        .then(|| StaticFiles::get(&path))
        .flatten()
    else {
        return HttpResponse::NotFound().body("There is no such file.");
    };
    let version = version_of(&file.metadata.sha256_hash());
    let etag = format!("\"{version}\"");
    let asked_by_version = request.query_string() == format!("v={version}");
    let caching = if asked_by_version {
        "public, max-age=31536000, immutable"
    } else {
        "public, no-cache"
    };
    if known_to_client(&request, &etag) {
        return HttpResponse::NotModified()
            .insert_header((header::ETAG, etag))
            .insert_header((header::CACHE_CONTROL, caching))
            .finish();
    }
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type(&path)))
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, caching))
        .body(file.data.into_owned())
}

fn known_to_client(request: &HttpRequest, etag: &str) -> bool {
    let given = request.headers().get(header::IF_NONE_MATCH);
    given
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .any(|tag| tag.trim().trim_start_matches("W/") == etag)
        })
}

fn media_type(path: &str) -> HeaderValue {
    HeaderValue::from_static(match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_content() {
        let address = href("css/tokens.css");
        let version = address.split("?v=").nth(1).expect("a version");
        assert_eq!(version.len(), 16, "{address}");
        assert!(icon("passed").ends_with("#passed"));
    }

    #[test]
    fn every_glyph_that_an_outcome_uses_is_in_the_sprite() {
        let sprite = StaticFiles::get("icons.svg").expect("the sprite is embedded");
        let sprite = String::from_utf8(sprite.data.into_owned()).expect("the sprite is text");
        for outcome in crate::domain::outcome::Outcome::ALL {
            let glyph = crate::web::ui::outcome::glyph(outcome);
            assert!(sprite.contains(&format!("id=\"{glyph}\"")), "{glyph}");
        }
    }
}
