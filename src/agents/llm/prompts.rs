//! The arena's prompts: text files with named places such as `{{goal}}`. Those in
//! `src/agents/prompts` are part of the program; a file of the same name in the operator's folder
//! takes the place of one.

use std::path::Path;

/// One prompt: its file, the places that it may have, and those that it must have.
struct Known {
    name: &'static str,
    text: &'static str,
    places: &'static [&'static str],
    needed: &'static [&'static str],
}

macro_rules! known {
    ($($file:ident: $name:literal, [$($place:literal),*], [$($needed:literal),*];)+) => {
        /// A prompt.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "named like the files, which say what they are for")]
        pub enum Prompt { $($file),+ }

        const KNOWN: &[Known] = &[$(Known {
            name: concat!($name, ".txt"),
            text: include_str!(concat!("../prompts/", $name, ".txt")),
            places: &[$($place),*],
            needed: &[$($needed),*],
        }),+];
    };
}

known! {
    System: "system", ["own", "seeing", "acting", "changes", "thinking", "planning", "rules"],
        ["acting", "rules"];
    ActingTools: "acting_tools", [], [];
    ActingText: "acting_text", ["actions"], ["actions"];
    SeeingPlain: "seeing_plain", [], [];
    SeeingMarks: "seeing_marks", [], [];
    Changes: "changes", [], [];
    Thinking: "thinking", [], [];
    Planning: "planning", [], [];
    Plan: "plan", [], [];
    Notes: "notes", ["goal", "notes", "steps"], ["goal", "notes", "steps"];
    Check: "check", ["ending"], ["ending"];
    Missing: "missing", ["found"], ["found"];
    Again: "again", ["problem"], ["problem"];
    Turn: "turn", ["goal", "fields", "plan", "notes", "history", "remarks", "tabs", "step",
        "max_steps", "page"], ["goal", "history", "page"];
}

/// The longest file that is taken, in bytes.
const MAX_BYTES: u64 = 100_000;

/// Every prompt, as it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompts {
    texts: Vec<String>,
}

/// The operator's folder of prompts cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// The folder or one of its files cannot be read.
    #[error("{path} cannot be read: {problem}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        problem: String,
    },
    /// No prompt has this name.
    #[error("{path} is no prompt; the prompts are {}", names().join(", "))]
    Unknown {
        /// The file.
        path: String,
    },
    /// Its places are not right.
    #[error("{path}: {problem}")]
    Places {
        /// The file.
        path: String,
        /// What is wrong.
        problem: String,
    },
}

fn names() -> Vec<&'static str> {
    KNOWN.iter().map(|known| known.name).collect()
}

impl Default for Prompts {
    fn default() -> Self {
        Self {
            texts: KNOWN.iter().map(|known| known.text.to_owned()).collect(),
        }
    }
}

impl Prompts {
    /// The arena's own, or with an operator's folder those of [`Prompts::with_folder`].
    pub fn of(folder: Option<&str>) -> Result<Self, PromptError> {
        folder.map_or_else(
            || Ok(Self::default()),
            |folder| Self::with_folder(Path::new(folder)),
        )
    }

    /// The arena's own, with the files of a folder in the place of those of the same name. Files
    /// that do not end with `.txt` are passed over.
    pub fn with_folder(folder: &Path) -> Result<Self, PromptError> {
        let mut prompts = Self::default();
        let unreadable = |path: &Path, error: std::io::Error| PromptError::Unreadable {
            path: path.display().to_string(),
            problem: error.to_string(),
        };
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, error))?.path();
            if path.extension().is_none_or(|kind| kind != "txt") {
                continue;
            }
            let name = path.file_name().map(|name| name.to_string_lossy());
            let at = KNOWN
                .iter()
                .position(|known| Some(known.name) == name.as_deref());
            let at = at.ok_or_else(|| PromptError::Unknown {
                path: path.display().to_string(),
            })?;
            let size = std::fs::metadata(&path).map(|data| data.len());
            if size.map_err(|error| unreadable(&path, error))? > MAX_BYTES {
                return Err(PromptError::Unreadable {
                    path: path.display().to_string(),
                    problem: format!("it has more than {MAX_BYTES} bytes"),
                });
            }
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            check(&KNOWN[at], &text).map_err(|problem| PromptError::Places {
                path: path.display().to_string(),
                problem,
            })?;
            prompts.texts[at] = text;
        }
        Ok(prompts)
    }

    /// Names and texts of all, for a hash that says which were used.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let names = KNOWN.iter().map(|known| known.name);
        names.zip(self.texts.iter().map(String::as_str))
    }

    /// A prompt without places.
    pub(super) fn plain(&self, prompt: Prompt) -> String {
        self.fill(prompt, &[])
    }

    /// A prompt with its places filled. A line that holds nothing but a place for which there is
    /// nothing is left out, and of blank lines in a row only one is kept.
    pub(super) fn fill(&self, prompt: Prompt, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut blank = true;
        for line in self.texts[prompt as usize].trim().lines() {
            let text = fill_line(line, values);
            if text.is_empty() && (blank || !line.trim().is_empty()) {
                continue;
            }
            blank = text.is_empty();
            filled.push_str(&text);
            filled.push('\n');
        }
        filled.truncate(filled.trim_end().len());
        filled
    }
}

/// Fills the places of one line; what is put in is not looked through again.
fn fill_line(line: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = line.trim_end();
    while let Some((before, name, after)) = next_place(rest) {
        filled.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value.trim_end()));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The text before the next place, its name, and the text after it.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, from) = text.split_once("{{")?;
    let (name, after) = from.split_once("}}")?;
    Some((before, name.trim(), after))
}

/// Says what is wrong with the places of a text.
fn check(known: &Known, text: &str) -> Result<(), String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some((_, name, after)) = next_place(rest) {
            if !known.places.contains(&name) {
                let places = known.places.iter().map(|place| format!("{{{{{place}}}}}"));
                let places = places.collect::<Vec<_>>().join(", ");
                let places = if places.is_empty() { "none" } else { &places };
                return Err(format!(
                    "there is no place {{{{{name}}}}} in it; there is {places}"
                ));
            }
            found.push(name);
            rest = after;
        }
    }
    match known.needed.iter().find(|place| !found.contains(place)) {
        Some(place) => Err(format!("the place {{{{{place}}}}} is missing")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arenas_own_have_the_places_that_they_must_have() {
        for known in KNOWN {
            assert_eq!(check(known, known.text), Ok(()), "{}", known.name);
        }
    }

    #[test]
    fn places_are_filled_once_and_empty_lines_are_left_out() {
        let values = [
            ("goal", "say {{page}}"),
            ("page", "P\n"),
            ("step", "1"),
            ("max_steps", "9"),
        ];
        let filled = Prompts::default().fill(Prompt::Turn, &values);
        assert_eq!(filled, "Goal: say {{page}}\n\nStep 1 of at most 9.\n\nP");
    }

    #[test]
    fn a_folder_takes_the_place_of_single_prompts_and_says_what_is_wrong() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
        write("again.txt", "No: {{problem}}");
        write("readme.md", "Mine.");
        let own = Prompts::with_folder(dir.path()).unwrap();
        assert_eq!(own.fill(Prompt::Again, &[("problem", "why")]), "No: why");
        let plain = Prompts::default();
        assert_eq!(own.plain(Prompt::Plan), plain.plain(Prompt::Plan));
        assert_ne!(own, plain);
        let told = || Prompts::with_folder(dir.path()).unwrap_err().to_string();
        write("again.txt", "No: {{reason}}");
        assert!(told().contains("no place {{reason}} in it; there is {{problem}}"));
        write("again.txt", "No.");
        assert!(told().contains("the place {{problem}} is missing"));
        write("agian.txt", "No: {{problem}}");
        write("again.txt", "No: {{problem}}");
        assert!(told().contains("agian.txt is no prompt; the prompts are system.txt"));
    }
}
