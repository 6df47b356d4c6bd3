//! `agentarena serve`: the arena until it is told to stop.

use std::process::ExitCode;

use crate::app::Application;
use crate::cli::output;
use crate::config::Settings;

/// Starts the arena, says where it is, and runs it until Ctrl-C or SIGTERM.
pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let app = Application::build(settings).await?;
    announce(&app);
    if let Some(link) = app.first_admin_link().await? {
        output::line(
            "Nobody is SUPER_ADMIN yet, who may do everything here. Make that account (the link works once):",
        );
        output::line(&format!("  {link}"));
    }
    output::line("Stop with Ctrl-C.");
    app.run_until_stopped().await?;
    Ok(ExitCode::SUCCESS)
}

/// Says where the arena is and what is missing.
pub(super) fn announce(app: &Application) {
    output::line(&format!(
        "AgentArena {} is running at {}",
        env!("CARGO_PKG_VERSION"),
        app.web_url()
    ));
    output::line(&format!("Data directory: {}", app.store().dir().display()));
    let health = app.playground_health();
    if !health.ok {
        output::line(&format!("Submissions will wait: {}", health.problem));
    }
}
