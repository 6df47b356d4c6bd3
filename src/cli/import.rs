//! `agentarena import`: benchmarks that other people made.

use std::cmp::Reverse;
use std::collections::BTreeMap;

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
    print_unsupported(&imported.unsupported, args.verbose);
    Ok(())
}

/// What was left out: a line for each task, or only how many there are for each reason.
fn print_unsupported(tasks: &[webarena::Unsupported], verbose: bool) {
    if verbose {
        for task in tasks {
            let reasons = task.reasons.join("; ");
            output::line(&format!("Not imported: {}: {reasons}", task.task_id));
        }
        return;
    }
    for (reasons, count) in counted(tasks) {
        output::line(&format!("Not imported: {count} tasks: {reasons}"));
    }
    if !tasks.is_empty() {
        output::line("Which tasks these are: --verbose or --json");
    }
}

/// Reasons with the number of tasks that have them, most first.
fn counted(tasks: &[webarena::Unsupported]) -> Vec<(String, usize)> {
    let mut counts = BTreeMap::<String, usize>::new();
    for task in tasks {
        *counts.entry(task.reasons.join("; ")).or_default() += 1;
    }
    let mut counted: Vec<(String, usize)> = counts.into_iter().collect();
    counted.sort_by_key(|(_, count)| Reverse(*count));
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_counted_by_reason() {
        let task = |task_id: &str, reason: &str| webarena::Unsupported {
            task_id: task_id.to_owned(),
            reasons: vec![reason.to_owned()],
        };
        let tasks = [task("1", "a"), task("2", "b"), task("3", "b")];
        let expected = [("b".to_owned(), 2), ("a".to_owned(), 1)];
        assert_eq!(counted(&tasks), expected);
    }
}
