//! `agentarena migrate`: the form of the database.

use serde_json::json;

use crate::cli::output;
use crate::store::Store;

/// Opens the data directory, which migrates it, and says which form it has.
pub(super) async fn run(store: &Store, as_json: bool) -> anyhow::Result<()> {
    let (applied, known) = store.read(crate::store::schema_version).await?;
    if as_json {
        return output::json(
            &json!({ "dataDir": store.dir(), "applied": applied, "known": known }),
        );
    }
    output::line(&format!(
        "{}: {applied} of {known} migrations applied",
        store.dir().display()
    ));
    Ok(())
}
