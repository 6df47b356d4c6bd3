//! Holds `src/` to its layers, its owners of third-party crates, and its file rules.

use std::fmt;
use std::fs;
use std::path::Path;

/// Every top-level module with its layer, as `src/lib.rs` documents them.
const LAYERS: &[(&str, u8)] = &[
    ("main", 9),
    ("cli", 8),
    ("app", 7),
    ("web", 6),
    ("arena", 5),
    ("playground", 4),
    ("auth", 3),
    ("environments", 3),
    ("agents", 3),
    ("evaluators", 3),
    ("jobs", 3),
    ("sites", 2),
    ("store", 2),
    ("browser", 2),
    ("llm", 2),
    ("vault", 2),
    ("config", 1),
    ("telemetry", 1),
    ("process", 1),
    ("domain", 0),
];

/// Third-party crates that only some modules may name.
const OWNERS: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("rusqlite_migration", &["store"]),
    ("r2d2", &["store"]),
    ("r2d2_sqlite", &["store"]),
    ("fantoccini", &["browser"]),
    ("tokio_tungstenite", &["browser"]),
    ("async_openai", &["llm"]),
    ("reqwest", &["llm", "agents"]),
    ("askama", &["web", "sites"]),
    ("actix_web", &["web", "sites", "app"]),
    ("actix_ws", &["web", "sites", "app"]),
    ("rmcp", &["web"]),
    ("http_body_util", &["web"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("bcrypt", &["vault"]),
    ("jsonwebtoken", &["vault"]),
    ("aws_lc_rs", &["vault", "store", "sites"]),
];

const MOST_LINES: usize = 500;

/// A rule that a line of a file breaks.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    file: String,
    line: usize,
    rule: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.rule)
    }
}

#[test]
fn the_source_keeps_its_layers_owners_and_file_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 50, "only {} files were found", files.len());
    let mut breaches = Vec::new();
    for path in &files {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        breaches.extend(check(&name, &fs::read_to_string(path).unwrap()));
    }
    let list: Vec<String> = breaches.iter().map(|b| format!("src/{b}")).collect();
    assert!(list.is_empty(), "\n{}\n", list.join("\n"));
}

#[test]
fn the_layer_table_is_the_one_in_the_crates_documentation() {
    let lib = include_str!("../../src/lib.rs");
    for (module, layer) in LAYERS.iter().filter(|(module, _)| *module != "main") {
        let row = lib
            .lines()
            .find(|line| line.starts_with("//! |") && line.contains(&format!("[`{module}`]")))
            .unwrap_or_else(|| panic!("`{module}` is missing in the table of src/lib.rs"));
        assert!(row.starts_with(&format!("//! | {layer} |")), "{row}");
        assert!(lib.contains(&format!("pub mod {module};")), "{module}");
    }
    assert_eq!(lib.matches("pub mod ").count(), LAYERS.len() - 1);
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
}

/// Checks one file, named by its path within `src/`.
fn check(file: &str, text: &str) -> Vec<Breach> {
    let breach = |line, rule: String| Breach {
        file: file.to_owned(),
        line,
        rule,
    };
    let mut breaches = Vec::new();
    if !text.starts_with("//!") {
        let rule = "a file opens with `//!`: what it is for and what it must not know";
        breaches.push(breach(1, rule.to_owned()));
    }
    let lines = text.lines().count();
    if lines > MOST_LINES {
        let rule = format!("a file has at most {MOST_LINES} lines, this one has {lines}");
        breaches.push(breach(lines, rule));
    }
    let module = file.split(['/', '.']).next().unwrap_or_default();
    if module == "lib" {
        return breaches;
    }
    let Some(layer) = layer_of(module) else {
        breaches.push(breach(1, format!("`{module}` has no layer")));
        return breaches;
    };
    let tokens = tokens(text);
    for (line, target) in crate_paths(&tokens) {
        match layer_of(target) {
            None => breaches.push(breach(line, format!("`crate::{target}` is no module"))),
            Some(other) if target != module && other >= layer => {
                let rule = format!(
                    "`{module}` (layer {layer}) must not use `{target}` (layer {other}): \
                     modules use lower layers only"
                );
                breaches.push(breach(line, rule));
            }
            Some(_) => {}
        }
    }
    for (line, name) in path_heads(&tokens) {
        if let Some((_, owners)) = OWNERS.iter().find(|(owned, _)| *owned == name)
            && !owners.contains(&module)
        {
            let rule = format!(
                "`{name}` belongs to {}, not to `{module}`",
                owners.join(", ")
            );
            breaches.push(breach(line, rule));
        }
    }
    breaches
}

fn layer_of(module: &str) -> Option<u8> {
    LAYERS
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, layer)| *layer)
}

/// A word or a single sign of the code, with its line.
type Token<'a> = (usize, &'a str);

/// The modules of this crate that the code names: `crate::a`, `crate::{a::b, c}`, and
/// `agentarena::a` from the binary. A macro at the root (`crate::named_values!`) is domain's.
fn crate_paths<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut found = Vec::new();
    for (index, (_, word)) in tokens.iter().enumerate() {
        if !matches!(*word, "crate" | "agentarena") || !is_path_start(tokens, index) {
            continue;
        }
        let rest = &tokens[index + 1..];
        let [(_, ":"), (_, ":"), after @ ..] = rest else {
            continue;
        };
        match after {
            [(_, "{"), group @ ..] => found.extend(group_heads(group)),
            [_, (_, "!"), ..] | [] => {}
            [target, ..] => found.push(*target),
        }
    }
    found
}

/// The first word of every item of a group, up to its closing brace.
fn group_heads<'a>(group: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut heads = Vec::new();
    let mut depth = 1;
    let mut at_head = true;
    for token in group {
        match token.1 {
            "{" => depth += 1,
            "}" => depth -= 1,
            "," if depth == 1 => at_head = true,
            _ if at_head && depth == 1 => {
                heads.push(*token);
                at_head = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

/// Words that begin a path (`name::`) or are imported whole (`use name`).
fn path_heads<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let follows = |index: usize, wanted: &[&str]| {
        wanted
            .iter()
            .enumerate()
            .all(|(offset, sign)| tokens.get(index + 1 + offset).is_some_and(|t| t.1 == *sign))
    };
    tokens
        .iter()
        .enumerate()
        .filter(|(index, _)| {
            let imported = *index > 0 && tokens[index - 1].1 == "use";
            is_path_start(tokens, *index) && (follows(*index, &[":", ":"]) || imported)
        })
        .map(|(_, token)| *token)
        .collect()
}

/// Whether no `::` or `.` stands before a token; a leading `::` starts a path too.
fn is_path_start(tokens: &[Token], index: usize) -> bool {
    let before = |offset: usize| index.checked_sub(offset).map(|i| tokens[i].1);
    match (before(1), before(2)) {
        (Some("."), _) => false,
        (Some(":"), Some(":")) => match before(3) {
            None => true,
            // The end of `<T as Trait>::name`, unless it is the arrow before a return type.
            Some(">") => before(4) == Some("-"),
            Some(word) => !word.ends_with(|c: char| c.is_alphanumeric() || c == '_'),
        },
        _ => true,
    }
}

/// Words and signs of the code, without comments and the insides of literals.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let start = at;
        let rest = &text[at..];
        let first = rest.chars().next().unwrap();
        if let Some(length) = literal_or_comment(rest) {
            at += length;
            line += text[start..at].matches('\n').count();
            continue;
        }
        if first.is_alphanumeric() || first == '_' {
            let length = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            at += length;
            tokens.push((line, &text[start..at]));
            continue;
        }
        at += first.len_utf8();
        if first == '\n' {
            line += 1;
        } else if !first.is_whitespace() {
            tokens.push((line, &text[start..at]));
        }
    }
    tokens
}

/// The length of the comment or literal that a text begins with.
fn literal_or_comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    let unprefixed = rest.strip_prefix('b').unwrap_or(rest);
    let prefix = rest.len() - unprefixed.len();
    if let Some(raw) = unprefixed.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let body = &raw[hashes + 1..];
            let length = body.find(&end).map_or(body.len(), |at| at + end.len());
            return Some(prefix + 1 + hashes + 1 + length);
        }
    }
    if let Some(body) = unprefixed.strip_prefix('"') {
        return Some(prefix + 1 + quoted(body, '"'));
    }
    // A lifetime has no closing quote right behind its first character.
    let body = unprefixed.strip_prefix('\'')?;
    let mut characters = body.chars();
    let first = characters.next()?;
    (first == '\\' || characters.next() == Some('\'')).then(|| prefix + 1 + quoted(body, '\''))
}

/// The length of a literal's body with its closing quote.
fn quoted(body: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in body.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    body.len()
}

/// The rules that a sample breaks, as `line: rule`.
fn rules(file: &str, text: &str) -> Vec<String> {
    let breaches = check(file, &format!("//! Sample.\n{text}"));
    breaches
        .iter()
        .map(|breach| format!("{}: {}", breach.line, breach.rule))
        .collect()
}

#[test]
fn the_checker_sees_upward_and_sideways_imports() {
    let upward = rules(
        "store/users.rs",
        "use std::fmt;\nuse crate::web::AppState;\n",
    );
    assert_eq!(upward.len(), 1);
    assert!(upward[0].starts_with("3: `store` (layer 2) must not use `web` (layer 6)"));
    let sideways = rules("auth/mod.rs", "fn f() { crate::jobs::run(); }");
    assert!(sideways[0].contains("must not use `jobs` (layer 3)"));
    let grouped = rules(
        "domain/task.rs",
        "use crate::{domain::ids::{A, arena}, store::Store,\n config};",
    );
    assert_eq!(grouped.len(), 2, "{grouped:?}");
    assert!(grouped[1].starts_with("3: `domain` (layer 0) must not use `config`"));
    let from_binary = rules("cli/mod.rs", "use agentarena::main;");
    assert_eq!(from_binary.len(), 1);
    assert!(rules("web/mod.rs", "use crate::nowhere::X;")[0].contains("is no module"));
    assert!(rules("new/mod.rs", "")[0].contains("`new` has no layer"));
}

#[test]
fn the_checker_sees_crates_away_from_their_owner() {
    for text in [
        "use rusqlite::Connection;",
        "fn f() -> ::rusqlite::Result<()> { x }",
        "use rusqlite;",
        "fn f(e: rusqlite::Error) {}",
        "fn f() -> Vec<rusqlite::Error> { x }",
    ] {
        let found = rules("web/mod.rs", text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains("`rusqlite` belongs to store, not to `web`"));
    }
    assert!(rules("sites/mod.rs", "use actix_web::web;").is_empty());
    assert_eq!(rules("arena/mod.rs", "use actix_web::web;").len(), 1);
}

#[test]
fn the_checker_passes_what_is_right() {
    let text = r##"
        use crate::domain::ids::{UserId, self};
        crate::named_values! { X { A = "a" } }
        // use crate::web::AppState;
        /* rusqlite::Connection */
        const A: &str = "crate::web \" rusqlite::Error";
        const B: &str = r#"crate::web " reqwest::get"#;
        const C: (char, char, u8) = ('"', '\'', b'"');
        fn f<'a>(x: &'a str) { x.reqwest(); self::store::rusqlite::f(); }
    "##;
    assert_eq!(rules("store/users.rs", text), Vec::<String>::new());
}

#[test]
fn the_checker_sees_missing_openings_and_long_files() {
    let found = check("domain/x.rs", "use std::fmt;\n");
    assert_eq!(
        found[0].to_string(),
        "domain/x.rs:1: a file opens with `//!`: what it is for and what it must not know"
    );
    let long = format!("//! Sample.\n{}", "\n".repeat(500));
    assert!(check("domain/x.rs", &long)[0].rule.contains("has 501"));
}
