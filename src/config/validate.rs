//! Bounds that a value's type does not hold.

use super::Settings;

/// What is out of bounds: the key, and how the sentence that begins with it goes on.
pub(super) fn validate(settings: &Settings) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    server(settings, &mut problems);
    let auth = &settings.auth;
    let jobs = &settings.jobs;
    let browser = &settings.browser;
    let limits = &settings.limits;
    let mut between = |key, value: u64, least: u64, most: u64| {
        if !(least..=most).contains(&value) {
            problems.push((key, format!("must be {least} to {most}, not {value}")));
        }
    };
    between("auth.bcrypt_cost", auth.bcrypt_cost.into(), 4, 31);
    between(
        "auth.access_token_minutes",
        auth.access_token_minutes.into(),
        1,
        1_440,
    );
    between(
        "auth.refresh_token_days",
        auth.refresh_token_days.into(),
        1,
        365,
    );
    between(
        "browser.recycle_after",
        browser.recycle_after.into(),
        1,
        1_000_000,
    );
    between(
        "browser.command_timeout_ms",
        browser.command_timeout_ms,
        100,
        600_000,
    );
    between(
        "browser.settle_quiet_ms",
        browser.settle_quiet_ms,
        0,
        10_000,
    );
    between("browser.settle_max_ms", browser.settle_max_ms, 1, 120_000);
    between("jobs.parallel", jobs.parallel.into(), 1, 1_024);
    between("jobs.queue_limit", jobs.queue_limit.into(), 1, 10_000_000);
    between("jobs.infra_retries", jobs.infra_retries.into(), 0, 100);
    between("jobs.retry_backoff_ms", jobs.retry_backoff_ms, 0, 3_600_000);
    between("jobs.lease_ms", jobs.lease_ms, 1_000, 3_600_000);
    between(
        "jobs.shutdown_grace_ms",
        jobs.shutdown_grace_ms,
        0,
        3_600_000,
    );
    between(
        "limits.sign_in_per_minute",
        limits.sign_in_per_minute.into(),
        1,
        1_000_000,
    );
    between(
        "limits.api_per_minute",
        limits.api_per_minute.into(),
        1,
        1_000_000,
    );
    if browser.settle_quiet_ms > browser.settle_max_ms {
        let message = format!(
            "must not be more than `browser.settle_max_ms` ({})",
            browser.settle_max_ms
        );
        problems.push(("browser.settle_quiet_ms", message));
    }
    for url in &browser.remote_urls {
        if !is_http(url) {
            let message = format!("must hold addresses such as `http://grid:4444`, not `{url}`");
            problems.push(("browser.remote_urls", message));
        }
    }
    if settings.data.dir.as_os_str().is_empty() {
        problems.push(("data.dir", "must name a folder, e.g. `./data`".to_owned()));
    }
    if let Err(error) = tracing_subscriber::EnvFilter::try_new(&settings.log.level) {
        let message = format!(
            "must be `error`, `warn`, `info`, `debug`, `trace` or directives such as `info,agentarena=debug`: {error}"
        );
        problems.push(("log.level", message));
    }
    problems
}

fn server(settings: &Settings, problems: &mut Vec<(&'static str, String)>) {
    let server = &settings.server;
    if server.port != 0 && server.port == server.sites_port {
        let message = format!(
            "must differ from `server.port`, which is {} too",
            server.port
        );
        problems.push(("server.sites_port", message));
    }
    if let Some(url) = &server.public_url {
        let is_origin = url::Url::parse(url).is_ok_and(|parsed| {
            parsed.path() == "/" && parsed.query().is_none() && parsed.fragment().is_none()
        });
        if !is_http(url) || !is_origin || url.ends_with('/') {
            let message = format!(
                "must be scheme and host such as `https://arena.example.org`, without a path, not `{url}`"
            );
            problems.push(("server.public_url", message));
        }
    }
}

fn is_http(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
