//! Metrics in Prometheus' text format. The recorder belongs to the process, as the `metrics`
//! crate has it; there is no listener here, the web serves what [`Metrics::render`] gives.

use std::sync::{Mutex, OnceLock, PoisonError};

use metrics::Unit;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Requests answered; labels `method`, `route`, `status`.
pub const HTTP_REQUESTS_TOTAL: &str = "http_requests_total";
/// Time to answer a request, in seconds; labels `method`, `route`.
pub const HTTP_REQUEST_DURATION_SECONDS: &str = "http_request_duration_seconds";
/// Episodes ended; labels `playground`, `outcome`.
pub const PLAYGROUND_EXECUTIONS_TOTAL: &str = "playground_executions_total";
/// WebSocket connections open now.
pub const WEBSOCKET_CONNECTIONS_ACTIVE: &str = "websocket_connections_active";
/// Jobs waiting now.
pub const QUEUE_DEPTH: &str = "queue_depth";
/// Time of one phase of a step, in seconds; label `phase` (observe, decide, act, settle).
pub const EPISODE_PHASE_SECONDS: &str = "episode_phase_seconds";

/// Bounds of the histograms' buckets, in seconds.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// The metrics of this process.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

/// Another recorder was installed in this process, or the recorder could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the metrics could not be set up: {0}")]
pub struct MetricsError(String);

static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();
static INSTALLING: Mutex<()> = Mutex::new(());

impl Metrics {
    /// Installs the recorder, or returns the one that is installed: several applications in
    /// one process, as tests have them, share it.
    pub fn install() -> Result<Self, MetricsError> {
        let _guard = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(handle) = INSTALLED.get() {
            return Ok(Self {
                handle: handle.clone(),
            });
        }
        let builder = [HTTP_REQUEST_DURATION_SECONDS, EPISODE_PHASE_SECONDS]
            .into_iter()
            .try_fold(PrometheusBuilder::new(), |builder, name| {
                builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), SECONDS)
            });
        let handle = builder
            .and_then(PrometheusBuilder::install_recorder)
            .map_err(|error| MetricsError(error.to_string()))?;
        describe();
        let handle = INSTALLED.get_or_init(|| handle).clone();
        Ok(Self { handle })
    }

    /// Everything recorded so far, in Prometheus' text format.
    pub fn render(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }
}

/// Says what each metric is, and makes those appear that nothing has been counted in yet.
fn describe() {
    metrics::describe_counter!(HTTP_REQUESTS_TOTAL, "Requests answered");
    metrics::describe_histogram!(
        HTTP_REQUEST_DURATION_SECONDS,
        Unit::Seconds,
        "Time to answer a request"
    );
    metrics::describe_counter!(PLAYGROUND_EXECUTIONS_TOTAL, "Episodes ended");
    metrics::describe_gauge!(
        WEBSOCKET_CONNECTIONS_ACTIVE,
        "WebSocket connections open now"
    );
    metrics::describe_gauge!(QUEUE_DEPTH, "Jobs waiting now");
    metrics::describe_histogram!(
        EPISODE_PHASE_SECONDS,
        Unit::Seconds,
        "Time of one phase of a step"
    );
    metrics::gauge!(WEBSOCKET_CONNECTIONS_ACTIVE).set(0.0);
    metrics::gauge!(QUEUE_DEPTH).set(0.0);
    metrics::counter!(PLAYGROUND_EXECUTIONS_TOTAL, "playground" => "real", "outcome" => "passed")
        .absolute(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_metrics_are_rendered_and_installing_twice_is_one_recorder() {
        let first = Metrics::install().unwrap();
        let second = Metrics::install().unwrap();
        metrics::counter!(HTTP_REQUESTS_TOTAL, "route" => "/x").increment(1);
        metrics::histogram!(HTTP_REQUEST_DURATION_SECONDS, "route" => "/x").record(0.002);
        let text = first.render();
        for name in [
            "http_requests_total{route=\"/x\"} 1",
            "http_request_duration_seconds_bucket{route=\"/x\",le=\"0.0025\"} 1",
            "playground_executions_total{",
            "websocket_connections_active 0",
        ] {
            assert!(text.contains(name), "{name} is missing in:\n{text}");
        }
        assert!(second.render().contains("http_requests_total"));
    }
}
