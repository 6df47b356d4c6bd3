//! For authors: a task file to begin with, and task files that are not bundled yet.

use super::template::File;
use super::{TaskFileError, TaskFolder};
use crate::domain::task::TaskKind;
use crate::sites::{cross, registry};

/// A task file that can be read, for an author to fill in. Its draw function is named after its
/// id and has yet to be written.
pub fn skeleton(sites: &[String], id: &str, kind: TaskKind) -> String {
    let start = sites.first().map_or("", String::as_str);
    let names: Vec<String> = sites.iter().map(|site| format!("\"{site}\"")).collect();
    let draw = id.to_lowercase();
    let (goal, criterion, end) = by_kind(kind, start);
    let twin = if kind == TaskKind::Infeasible {
        "twin = \"\"                         # the feasible template with the same goal\n"
    } else {
        ""
    };
    format!(
        "id = \"{id}\"
revision = 1
title = \"What it is about, in a few words\"
sites = [{names}]
persona = \"mara\"
start = \"/{start}/\"
kind = \"{kind}\"
{twin}provenance = \"Written for this project; data by the world generator.\"
skills = [\"search\"]
goal = \"{goal}\"
draw = \"{draw}\"                        # a function of src/sites/{folder}/draws
points = {{ P = 0, L = 1 }}            # S is computed from the solution
limits = {{ steps = 20, seconds = 120 }}

{criterion}
[[check]]
verdict = \"fail\"
why = \"the look-alike\"
answer = \"{{other}}\"

[[check]]
verdict = \"fail\"
why = \"the neighbour in the list\"
answer = \"{{neighbour}}\"

[[check]]
verdict = \"fail\"
why = \"another unit\"
answer = \"{{wrong_unit}}\"

[[check]]
verdict = \"pass\"
why = \"with a full stop\"
answer = \"{{right}}.\"

[[check]]
verdict = \"pass\"
why = \"in a sentence\"
answer = \"It is {{right}}.\"

[solution]
steps = [
  \"see '{{name}}'\",
  {end},
]
",
        names = names.join(", "),
        folder = if sites.len() == 1 { start } else { "cross" },
    )
}

/// Goal, criteria and last step to begin with.
fn by_kind(kind: TaskKind, site: &str) -> (&'static str, String, &'static str) {
    let nothing = "[[evaluate]]\ntype = \"state\"                   # nothing may change\n";
    match kind {
        TaskKind::Info => (
            "What is the number of {name}? Just the number.",
            format!(
                "[[evaluate]]\ntype = \"answer\"\nanswer = \"number\"\nexpected = \"{{right}}\"\n\n{nothing}"
            ),
            "\"answer '$value'\"",
        ),
        TaskKind::Navigation => (
            "Open the page of {name} for me and leave it open.",
            format!(
                "[[evaluate]]\ntype = \"url\"\nroute = \"{site}.home\"\nparams = {{}}\n\n{nothing}"
            ),
            "\"done\"",
        ),
        TaskKind::Infeasible => (
            "Please change {name}.",
            format!(
                "[[evaluate]]\ntype = \"infeasible\"\ncodes = [\"NOT_FOUND\"]\nseen = [{{ route = \"{site}.home\" }}]\n\n{nothing}"
            ),
            "\"report NOT_FOUND 'why'\"",
        ),
        TaskKind::State | TaskKind::Reward => (
            "Please change {name}.",
            format!(
                "[[evaluate]]\ntype = \"state\"\nexpect = [\n  {{ op = \"change\", collection = \"{site}.records\", key = \"{{key}}\", fields = {{ field = \"{{right}}\" }} }},\n]\n"
            ),
            "\"done\"",
        ),
    }
}

/// A task file that is not bundled yet. Its folder follows from its path, `sites/<folder>/tasks`,
/// or else from the sites that it names.
pub fn draft(path: &str, text: &str) -> Result<File, TaskFileError> {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let by_path = parts
        .windows(3)
        .find(|part| part[0] == "sites" && part[2] == "tasks")
        .and_then(|part| registry::task_folders().find(|folder| folder.name == part[1]));
    let folder = match by_path {
        Some(folder) => folder,
        None => by_sites(&File::parse(&cross::TASKS, path, text)?)?,
    };
    File::parse(folder, path, text)
}

fn by_sites(file: &File) -> Result<&'static TaskFolder, TaskFileError> {
    match file.template.sites.as_slice() {
        [site] => {
            let folder = registry::task_folders().find(|folder| folder.name == site);
            folder.ok_or_else(|| {
                let problem = format!(
                    "there is no site `{site}`; there are: {}",
                    registry::names()
                );
                file.error("sites", problem)
            })
        }
        _ => Ok(&cross::TASKS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_skeleton_can_be_read_and_names_what_is_still_missing() {
        for kind in [
            TaskKind::Info,
            TaskKind::State,
            TaskKind::Navigation,
            TaskKind::Infeasible,
        ] {
            let text = skeleton(&["shop".to_owned()], "S99", kind);
            let file = draft("s99.toml", &text).unwrap();
            assert_eq!((file.folder.name, file.template.kind), ("shop", kind));
            let error = super::super::check_drafts(
                |_, _| unreachable!("there is nothing to judge"),
                1,
                vec![file],
            )
            .unwrap_err();
            assert_eq!(error.field, "draw", "{error}");
            assert!(error.problem.contains("`s99`"), "{error}");
        }
    }

    #[test]
    fn the_folder_follows_from_path_or_sites() {
        let text = skeleton(&["shop".to_owned()], "S99", TaskKind::State);
        let of = |path: &str| draft(path, &text).unwrap().folder.name;
        assert_eq!(of("x/src/sites/cross/tasks/s99.toml"), "cross");
        assert_eq!(of("/tmp/s99.toml"), "shop");
        let unknown = text.replace("[\"shop\"]", "[\"bank\"]");
        let error = draft("s99.toml", &unknown).unwrap_err().to_string();
        assert!(
            error.contains("sites") && error.contains("`bank`"),
            "{error}"
        );
    }
}
