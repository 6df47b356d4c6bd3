//! The envelope of requests and responses: `{data: {type, id, attributes, relationships?}, meta}`.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use serde_json::Value;

use crate::domain::time::Timestamp;
use crate::web::middleware::request_id::RequestId;

/// One thing as the API shows it.
#[derive(Debug, Clone, Serialize)]
pub struct Resource<A> {
    /// What it is, e.g. `agent`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// What it is like, with camelCase names.
    pub attributes: A,
    /// Ids of the things that it belongs to, as `{name: {data: {type, id}}}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relationships: Option<Value>,
}

impl<A> Resource<A> {
    /// A thing without relationships.
    pub fn new(kind: &'static str, id: &impl ToString, attributes: A) -> Self {
        Self {
            kind,
            id: id.to_string(),
            attributes,
            relationships: None,
        }
    }

    /// Adds what it belongs to, as (name, type, id).
    #[must_use]
    pub fn related<const N: usize>(mut self, to: [(&str, &str, Option<String>); N]) -> Self {
        let related = to.into_iter().filter_map(|(name, kind, id)| {
            let id = id?;
            let data = serde_json::json!({ "data": { "type": kind, "id": id } });
            Some((name.to_owned(), data))
        });
        self.relationships = Some(Value::Object(related.collect()));
        self
    }
}

/// What stands beside the data.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    timestamp: String,
    request_id: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    list: Option<ListMeta>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct ListMeta {
    next_cursor: Option<String>,
    limit: u32,
}

impl Meta {
    /// For the answer to a request.
    pub fn of(request: &HttpRequest) -> Self {
        Self {
            timestamp: Timestamp::now().to_rfc3339(),
            request_id: RequestId::of(request).to_string(),
            list: None,
        }
    }
}

#[derive(Serialize)]
struct Body<D> {
    data: D,
    meta: Meta,
}

/// An answer with one thing: 200, or 201 with its address.
#[derive(Debug)]
pub struct One<A> {
    resource: Resource<A>,
    location: Option<String>,
}

impl<A> One<A> {
    /// 200.
    pub const fn ok(resource: Resource<A>) -> Self {
        Self {
            resource,
            location: None,
        }
    }

    /// 201, with the new thing's address.
    pub const fn created(resource: Resource<A>, location: String) -> Self {
        Self {
            resource,
            location: Some(location),
        }
    }
}

impl<A: Serialize> Responder for One<A> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let status = match self.location {
            None => StatusCode::OK,
            Some(_) => StatusCode::CREATED,
        };
        let mut response = HttpResponse::build(status);
        if let Some(location) = self.location {
            response.insert_header((LOCATION, location));
        }
        response.json(Body {
            data: self.resource,
            meta: Meta::of(request),
        })
    }
}

/// An answer with a page of a list.
#[derive(Debug)]
pub struct Many<A> {
    /// The things on this page.
    pub items: Vec<Resource<A>>,
    /// Where the next page starts; none on the last one.
    pub next_cursor: Option<String>,
    /// Most things on a page.
    pub limit: u32,
}

impl<A: Serialize> Responder for Many<A> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut meta = Meta::of(request);
        meta.list = Some(ListMeta {
            next_cursor: self.next_cursor,
            limit: self.limit,
        });
        HttpResponse::Ok().json(Body {
            data: self.items,
            meta,
        })
    }
}

/// 204.
#[derive(Debug, Clone, Copy)]
pub struct NoContent;

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}
