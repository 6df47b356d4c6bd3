//! `agentarena import`: benchmarks that other people made.

use crate::arena::import::miniwob::{self, Source};
use crate::cli::args::MiniwobArgs;
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
