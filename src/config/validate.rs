//! Bounds that a value's type does not hold.

use tracing_subscriber::filter::LevelFilter;

use super::Settings;

/// What is out of bounds: the key, and how the sentence that begins with it goes on.
pub(super) fn validate(settings: &Settings) -> Vec<Wrong> {
    let mut problems = Vec::new();
    for (key, value, least, most) in bounds(settings) {
        if !(least..=most).contains(&value) {
            problems.push((key, format!("must be {least} to {most}, not {value}")));
        }
    }
    if let Some(url) = &settings.judge.base_url
        && !is_http(url)
    {
        let message =
            format!("must be an address such as `http://127.0.0.1:11434/v1`, not `{url}`");
        problems.push(("judge.base_url", message));
    }
    server(settings, &mut problems);
    browser(settings, &mut problems);
    if settings.data.dir.as_os_str().is_empty() {
        problems.push(("data.dir", "must name a folder, e.g. `./data`".to_owned()));
    }
    if let Some(wrong) = wrong_level(&settings.log.level) {
        let message = format!(
            "must be `error`, `warn`, `info`, `debug`, `trace`, `off` or directives such as \
             `info,agentarena=debug`: {wrong}"
        );
        problems.push(("log.level", message));
    }
    problems
}

/// What is wrong with a level of the log. A word alone is a level: the filter would take any other
/// as the name of a part of the program, show all of that part, and nothing else.
fn wrong_level(text: &str) -> Option<String> {
    if let Err(error) = tracing_subscriber::EnvFilter::try_new(text) {
        return Some(error.to_string());
    }
    let mut words = text.split(',').map(str::trim);
    let word = words.find(|word| {
        let is_plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
        is_plain && word.parse::<LevelFilter>().is_err() && *word != env!("CARGO_PKG_NAME")
    })?;
    Some(format!("there is no level `{word}`"))
}

/// A key, and what is wrong with it.
type Wrong = (&'static str, String);

/// Keys that are numbers, with value, least and most.
#[rustfmt::skip]
fn bounds(settings: &Settings) -> [(&'static str, u64, u64, u64); 21] {
    let Settings { auth, browser, jobs, judge, limits, outbound, .. } = settings;
    [
        ("auth.bcrypt_cost", auth.bcrypt_cost.into(), 4, 31),
        ("auth.access_token_minutes", auth.access_token_minutes.into(), 1, 1_440),
        ("auth.refresh_token_days", auth.refresh_token_days.into(), 1, 365),
        ("browser.recycle_after", browser.recycle_after.into(), 1, 1_000_000),
        ("browser.recycle_memory_mb", browser.recycle_memory_mb.into(), 100, 1_000_000),
        ("browser.command_timeout_ms", browser.command_timeout_ms, 100, 600_000),
        ("browser.settle_quiet_ms", browser.settle_quiet_ms, 0, 10_000),
        ("browser.settle_max_ms", browser.settle_max_ms, 1, 120_000),
        ("jobs.parallel", jobs.parallel.into(), 1, 1_024),
        ("jobs.queue_limit", jobs.queue_limit.into(), 1, 10_000_000),
        ("jobs.infra_retries", jobs.infra_retries.into(), 0, 100),
        ("jobs.retry_backoff_ms", jobs.retry_backoff_ms, 0, 3_600_000),
        ("jobs.lease_ms", jobs.lease_ms, 1_000, 3_600_000),
        ("jobs.shutdown_grace_ms", jobs.shutdown_grace_ms, 0, 3_600_000),
        ("judge.call_timeout_ms", judge.call_timeout_ms, 100, 600_000),
        ("outbound.parallel_calls", outbound.parallel_calls.into(), 1, 10_000),
        ("outbound.breaker_faults", outbound.breaker_faults.into(), 0, 10_000),
        ("outbound.breaker_cooldown_ms", outbound.breaker_cooldown_ms, 100, 3_600_000),
        ("limits.sign_in_per_minute", limits.sign_in_per_minute.into(), 1, 1_000_000),
        ("limits.api_per_minute", limits.api_per_minute.into(), 1, 1_000_000),
        ("limits.tries_per_minute", limits.tries_per_minute.into(), 1, 1_000_000),
    ]
}

fn browser(settings: &Settings, problems: &mut Vec<Wrong>) {
    let browser = &settings.browser;
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
}

fn server(settings: &Settings, problems: &mut Vec<Wrong>) {
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
