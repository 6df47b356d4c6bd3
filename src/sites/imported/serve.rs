//! Serves imported collections: what is in a collection, and nothing else.

use std::sync::Arc;

use actix_web::http::header::{self, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

use super::{Collection, CollectionError, Library};

/// Adds the route; the application's data must hold the [`Library`].
pub(in crate::sites) fn configure(config: &mut ServiceConfig) {
    config.route("/pages/{collection}/{path:.*}", web::get().to(serve));
}

async fn serve(
    request: HttpRequest,
    library: Data<Library>,
    address: web::Path<(String, String)>,
) -> HttpResponse {
    let (name, path) = address.into_inner();
    let collection = match collection(library, name).await {
        Ok(collection) => collection,
        Err(CollectionError::Unknown(_)) => return missing(),
        Err(error) => {
            tracing::error!(%error, path = request.path(), "imported pages cannot be served");
            return HttpResponse::InternalServerError().finish();
        }
    };
    let Some(page) = collection.page(&path) else {
        return missing();
    };
    let tag = EntityTag::new_strong(page.sha256[..32].to_owned());
    if is_known(&request, &tag) {
        return HttpResponse::NotModified()
            .insert_header(ETag(tag))
            .finish();
    }
    let mut response = HttpResponse::Ok();
    if let Some(policy) = &page.policy {
        response.insert_header((header::CONTENT_SECURITY_POLICY, policy.as_str()));
        response.insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"));
    }
    response
        .insert_header((header::CONTENT_TYPE, page.media_type))
        .insert_header(ETag(tag))
        // The collection's name holds its hash: what is at an address never changes.
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(page.bytes.clone())
}

fn is_known(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|given| given.weak_eq(tag)),
        // A condition that cannot be read is none.
        Err(_) => false,
    }
}

/// The collection, read away from the threads that serve when it is asked for the first time.
async fn collection(
    library: Data<Library>,
    name: String,
) -> Result<Arc<Collection>, CollectionError> {
    if let Some(known) = library.known(&name) {
        return Ok(known);
    }
    let unread = CollectionError::Unknown(name.clone());
    match web::block(move || library.get(&name)).await {
        Ok(found) => found,
        Err(_) => Err(unread),
    }
}

fn missing() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("There is no such page.")
}
