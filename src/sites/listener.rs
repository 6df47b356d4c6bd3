//! The listener of the bundled sites: entry by one-time link, one run per cookie, a journal of
//! all that is served; and beside them the imported pages, which belong to no run. Knows how to
//! reach a run and nothing of tasks or scores; no address on it reads, resets or ends a run.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, PayloadConfig};
use actix_web::{App, HttpMessage, HttpRequest, HttpResponse, HttpServer, ResponseError};

use crate::domain::evidence::JournalEntry;
use crate::sites::attempts::{self, Owner};
use crate::sites::imported::{self, Library};
use crate::sites::registry;
use crate::sites::runs::{SiteRuns, view_of};
use crate::sites::visit::{Request, RequestError};

/// Name of the cookie that selects a run.
pub const RUN_COOKIE: &str = "arena_run";

/// Where browsers report that a page broke its content security policy.
const REPORTS: &str = "/reports/csp";

/// Largest body of a form, in bytes.
const LARGEST_FORM: usize = 64 * 1024;

/// Serves the sites on a bound socket. The server stops when its handle says so; it listens to
/// no signals.
pub fn listener(
    runs: Arc<SiteRuns>,
    library: Arc<Library>,
    socket: TcpListener,
) -> std::io::Result<Server> {
    let (runs, library) = (Data::from(runs), Data::from(library));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(runs.clone())
            .app_data(library.clone())
            .app_data(PayloadConfig::new(LARGEST_FORM))
            .route("/enter/{token}", web::get().to(enter))
            .route(REPORTS, web::post().to(report))
            .configure(registry::configure)
            .configure(imported::serve::configure)
            .default_service(web::to(not_found))
            .wrap(from_fn(of_a_run))
            .wrap(from_fn(with_headers))
    });
    Ok(server
        .workers(2)
        .disable_signals()
        .shutdown_timeout(2)
        .listen(socket)?
        .run())
}

/// Consumes a one-time link: sets the cookie and goes to the start page.
async fn enter(
    request: HttpRequest,
    runs: Data<SiteRuns>,
    token: web::Path<String>,
) -> HttpResponse {
    let entered = if attempts::enters_from_within(&request) {
        None
    } else {
        runs.enter(&token)
    };
    let Some(run) = entered else {
        report_wrong_link(&request, &runs);
        return plain(StatusCode::NOT_FOUND, "There is no such page.");
    };
    let cookie = Cookie::build(RUN_COOKIE, run.cookie().to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish();
    HttpResponse::SeeOther()
        .cookie(cookie)
        .insert_header((header::LOCATION, run.spec().start.clone()))
        .finish()
}

/// A wrong, used or stolen link belongs to nobody; when it is tried from within a run, that run
/// did it.
fn report_wrong_link(request: &HttpRequest, runs: &SiteRuns) {
    tracing::warn!("a wrong or used entry link was opened");
    let what = "an entry link of another session was tried".to_owned();
    record_attempt(request, runs, "/enter/...", StatusCode::NOT_FOUND, what);
}

/// Takes the browser's word that a page broke its content security policy.
async fn report(request: HttpRequest, runs: Data<SiteRuns>, body: web::Bytes) -> HttpResponse {
    if let Some(what) = attempts::reported(&body) {
        record_attempt(&request, &runs, REPORTS, StatusCode::NO_CONTENT, what);
    }
    HttpResponse::NoContent().finish()
}

/// Writes an attempt into the journal of the run that made it, if that can be told.
fn record_attempt(
    request: &HttpRequest,
    runs: &SiteRuns,
    path: &str,
    status: StatusCode,
    what: String,
) {
    if let Owner::One(run) | Owner::Several(Some(run)) = attempts::owner(request.headers(), runs) {
        run.record(JournalEntry {
            n: 0,
            method: request.method().to_string(),
            path: path.to_owned(),
            view: None,
            status: status.as_u16(),
            document: is_document(request),
            shown: Vec::new(),
            violation: Some(what),
        });
    }
}

/// Finds the run of a request, lets it be answered, and writes the journal.
async fn of_a_run(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let has_no_run = ["/enter/", REPORTS, imported::PATH];
    if has_no_run
        .iter()
        .any(|path| request.path().starts_with(path))
    {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let is_asset = request.path().starts_with("/assets/");
    let run = match owner_of(&request) {
        Owner::One(run) => run,
        Owner::Nobody if is_asset => {
            return Ok(next.call(request).await?.map_into_boxed_body());
        }
        Owner::Nobody => return Ok(request.into_response(RequestError::NoRun.error_response())),
        Owner::Several(_) => return Ok(refuse_two_cookies(request)),
    };
    let path = path_and_query(&request);
    let visit = Request::new(Arc::clone(&run), path.clone());
    let mut entry = JournalEntry {
        n: 0,
        method: request.method().to_string(),
        view: view_of(&path),
        path,
        status: 0,
        document: is_document(request.request()),
        shown: Vec::new(),
        violation: None,
    };
    let pattern = request.match_pattern();
    let response = match attempts::refused(&request, &run) {
        Some((status, what)) => {
            visit.violation(what);
            Ok(request.into_response(plain(status, "This is not allowed here.")))
        }
        None => answered(request, next, &visit).await,
    };
    entry.status = response
        .as_ref()
        .map_or(StatusCode::INTERNAL_SERVER_ERROR, ServiceResponse::status)
        .as_u16();
    {
        let mut notes = visit.notes();
        entry.shown = std::mem::take(&mut notes.shown);
        let attempt = || attempts::told_by(&entry, pattern.as_deref());
        entry.violation = notes.violation.take().or_else(attempt);
    }
    run.record(entry);
    response
}

/// Passes a request on. Nothing may keep a second handle on it meanwhile: routing writes to it.
async fn answered(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    visit: &Request,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    request.extensions_mut().insert(visit.clone());
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn owner_of(request: &ServiceRequest) -> Owner {
    let runs = request.app_data::<Data<SiteRuns>>();
    runs.map_or(Owner::Nobody, |runs| {
        attempts::owner(request.headers(), runs)
    })
}

/// A request with the cookies of two runs is answered by neither.
fn refuse_two_cookies(request: ServiceRequest) -> ServiceResponse<BoxBody> {
    if let Some(runs) = request.app_data::<Data<SiteRuns>>() {
        let what = "a cookie of another session was sent beside its own".to_owned();
        let path = path_and_query(&request);
        record_attempt(request.request(), runs, &path, StatusCode::FORBIDDEN, what);
    }
    request.into_response(RequestError::NoRun.error_response())
}

fn path_and_query(request: &ServiceRequest) -> String {
    request
        .uri()
        .path_and_query()
        .map_or_else(|| request.path().to_owned(), ToString::to_string)
}

fn is_document(request: &HttpRequest) -> bool {
    request
        .headers()
        .get("sec-fetch-dest")
        .is_some_and(|value| value == "document")
}

/// Headers of every answer: nothing from elsewhere, nothing kept, no framing. An imported page
/// brings its own policy.
async fn with_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; report-uri /reports/csp",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

async fn not_found() -> HttpResponse {
    plain(StatusCode::NOT_FOUND, "There is no such page.")
}

fn plain(status: StatusCode, text: &'static str) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        .body(text)
}
