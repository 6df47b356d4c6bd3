//! `agentarena import`: benchmarks that other people made.

use crate::arena::import::miniwob::{self, Source};
use crate::arena::import::webarena;
use crate::cli::args::{MiniwobArgs, WebarenaArgs};
use crate::cli::output;
use crate::store::Store;

/// Imports MiniWoB++ and says what came of it.
pub(super) async fn miniwob(store: &Store, args: &MiniwobArgs) -> anyhow::Result<()> {
    let source = match &args.folder {
        Some(folder) => Source::Given(folder.clone()),
        None if args.fetch => Source::Fetch,
        None => Source::Installed,
    };
    let imported = miniwob::import(store, source).await?;
    if args.json {
        return output::json(&imported);
    }
    output::line(&format!(
        "Suite `{}` {}: {} tasks ({} new, {} revised, {} unchanged, {} withdrawn)",
        imported.suite,
        imported.version,
        imported.tasks,
        imported.added,
        imported.revised,
        imported.unchanged,
        imported.withdrawn
    ));
    output::line(&format!(
        "Pages: {} files, {} bytes, SHA-256 {}",
        imported.files, imported.bytes, imported.sha256
    ));
    output::line(&format!(
        "Copied to {}",
        store.dir().join("pages").join(&imported.pages).display()
    ));
    output::line("Try: agentarena run --suite miniwob --task click-test --agent heuristic");
    Ok(())
}

/// Imports WebArena's tasks and says what came of it.
pub(super) async fn webarena(store: &Store, args: &WebarenaArgs) -> anyhow::Result<()> {
    let imported = webarena::import(
        store,
        &webarena::Import {
            file: args.file.clone(),
            map: args.sites.clone(),
            compat: args.compat,
        },
    )
    .await?;
    if args.json {
        return output::json(&imported);
    }
    output::line(&format!(
        "Suite `{}` {}: {} of {} tasks ({} new, {} revised, {} unchanged, {} withdrawn)",
        imported.suite,
        imported.version,
        imported.tasks,
        imported.in_file,
        imported.added,
        imported.revised,
        imported.unchanged,
        imported.withdrawn
    ));
    output::line(&format!("Task file: SHA-256 {}", imported.sha256));
    if imported.needs_judge > 0 {
        output::line(&format!(
            "{} tasks need a model to judge answers; name one in the settings under [judge]",
            imported.needs_judge
        ));
    }
    for task in &imported.unsupported {
        output::line(&format!(
            "Not imported: {}: {}",
            task.task_id,
            task.reasons.join("; ")
        ));
    }
    Ok(())
}
