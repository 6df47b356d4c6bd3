//! Every route and what is wrapped around it.

use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig, scope};

use crate::web::middleware::{
    csrf, failures, finish, head, headers, identify, metrics, rate_limit, request_id,
};
use crate::web::state::AppState;
use crate::web::{api, health, live, mcp, model_proxy, pages};

/// Adds state, routes and middleware to an application:
/// `App::new().configure(|config| routes::configure(config, &state))`.
pub fn configure(config: &mut ServiceConfig, state: &AppState) {
    // The last wrapped is the first to see a request.
    let everything = scope("")
        .configure(health::configure)
        .configure(live::configure)
        .configure(mcp::configure)
        .service(
            scope("/api/v1")
                .wrap(from_fn(csrf::guard_api))
                .configure(api::configure),
        )
        .service(
            scope("")
                .wrap(from_fn(csrf::guard_pages))
                .configure(pages::configure),
        )
        .wrap(from_fn(finish::finish))
        .wrap(from_fn(rate_limit::rate_limit))
        .wrap(from_fn(identify::identify))
        .wrap(from_fn(head::head))
        .wrap(from_fn(failures::failures))
        .wrap(from_fn(headers::security_headers))
        .wrap(from_fn(metrics::metrics))
        .wrap(from_fn(request_id::request_id));
    // Its token is none of a person's, its answers are in the providers' forms, and a call may take
    // as long as the provider does.
    let models = scope(model_proxy::PATH)
        .configure(model_proxy::configure)
        .wrap(from_fn(headers::security_headers))
        .wrap(from_fn(metrics::metrics))
        .wrap(from_fn(request_id::request_id));
    config
        .app_data(Data::new(state.clone()))
        .service(models)
        .service(everything);
}
