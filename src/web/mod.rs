//! Website, JSON API, live events: the edge that people and programs see. Handlers read the
//! request, call one use case of `arena` or `auth`, and show its result; rules live below.

pub mod api;
pub mod cookies;
pub mod csrf;
pub mod error;
pub mod extract;
pub mod health;
pub mod live;
pub mod mcp;
pub mod middleware;
pub mod model_proxy;
pub mod pages;
pub mod query;
mod refusals;
pub mod routes;
pub mod session;
pub mod state;
pub mod ui;

pub use state::AppState;
