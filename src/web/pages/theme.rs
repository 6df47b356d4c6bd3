//! `POST /theme`: which colours a person, or a browser, wants.

use actix_web::HttpResponse;
use actix_web::web::{Bytes, ServiceConfig, post, resource};

use crate::arena::accounts;
use crate::domain::user::Theme;
use crate::web::cookies;
use crate::web::error::{Failure, PageError};
use crate::web::pages::frame::{Frame, theme_cookie};
use crate::web::ui::form::Fields;
use crate::web::ui::page::{local_path, see_other};

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/theme").route(post().to(change)));
}

async fn change(frame: Frame, body: Bytes) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let theme = match fields.raw("theme") {
        "system" => None,
        named => Some(
            named
                .parse::<Theme>()
                .map_err(|error| Failure::invalid("theme", format!("{error}.")))?,
        ),
    };
    if let Some(person) = &frame.person {
        accounts::set_theme(&frame.state.store, person, theme).await?;
    }
    let mut response = see_other(local_path(fields.raw("back"), "/"));
    let cookie = theme_cookie(theme, frame.state.server.secure_cookies);
    cookies::append(response.headers_mut(), &[cookie]);
    Ok(response)
}
