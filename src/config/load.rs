//! From the sources to one tree of values, and from there to [`Settings`].

use std::collections::BTreeMap;
use std::path::Path;

use toml::{Table, Value};

use super::validate::validate;
use super::{ConfigError, Problem, Settings};

/// The settings file that is read when none is named, if it exists.
pub const FILE_NAME: &str = "agentarena.toml";

const ENV_PREFIX: &str = "AGENTARENA__";

/// A value from a flag of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The flag, e.g. `--port`.
    pub flag: String,
    /// The key, e.g. `server.port`.
    pub key: String,
    /// The value as text.
    pub value: String,
}

impl Override {
    /// A value from a flag.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "flags of every type are given as they are"
    )]
    pub fn new(flag: &str, key: &str, value: impl ToString) -> Self {
        Self {
            flag: flag.to_owned(),
            key: key.to_owned(),
            value: value.to_string(),
        }
    }
}

/// Everything that settings are made of, beside the defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Path and text of the settings file.
    pub file: Option<(String, String)>,
    /// Variables of the environment; those of others are passed over.
    pub env: Vec<(String, String)>,
    /// Flags.
    pub overrides: Vec<Override>,
}

impl Settings {
    /// Reads the settings of this process: `config` names the file; without it
    /// [`FILE_NAME`] in the working directory is read if it is there.
    pub fn load(config: Option<&Path>, overrides: Vec<Override>) -> Result<Self, ConfigError> {
        let path = config.unwrap_or(Path::new(FILE_NAME));
        let name = path.display().to_string();
        let file = match std::fs::read_to_string(path) {
            Ok(text) => Some((name, text)),
            Err(error) if config.is_none() && error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                return Err(ConfigError::one(name, format!("cannot be read: {error}")));
            }
        };
        let env = std::env::vars_os()
            .filter_map(|(name, value)| {
                let name = name.into_string().ok()?;
                Some((name, value.to_string_lossy().into_owned()))
            })
            .collect();
        Self::from_sources(&Sources {
            file,
            env,
            overrides,
        })
    }

    /// Makes settings from given sources.
    pub fn from_sources(sources: &Sources) -> Result<Self, ConfigError> {
        let mut tree = Tree::of_defaults()?;
        if let Some((path, text)) = &sources.file {
            tree.merge_file(path, text);
        }
        let mut env = sources.env.clone();
        env.sort();
        for (name, value) in &env {
            tree.merge_variable(name, value);
        }
        for flag in &sources.overrides {
            tree.merge_text(&flag.flag, &flag.key, &flag.value);
        }
        tree.finish()
    }
}

/// Values by section and key, with where each came from.
struct Tree {
    values: Table,
    origins: BTreeMap<String, String>,
    problems: Vec<Problem>,
}

impl Tree {
    fn of_defaults() -> Result<Self, ConfigError> {
        let values = Table::try_from(Settings::default())
            .map_err(|error| ConfigError::one("the defaults", error.to_string()))?;
        Ok(Self {
            values,
            origins: BTreeMap::new(),
            problems: Vec::new(),
        })
    }

    fn problem(&mut self, origin: &str, message: String) {
        self.problems.push(Problem {
            origin: origin.to_owned(),
            message,
        });
    }

    fn merge_file(&mut self, path: &str, text: &str) {
        let table: Table = match text.parse() {
            Ok(table) => table,
            Err(error) => return self.problem(path, format!("is not valid TOML: {error}")),
        };
        for (section, values) in table {
            let Value::Table(values) = values else {
                let message = match self
                    .keys()
                    .iter()
                    .find(|key| key.ends_with(&format!(".{section}")))
                {
                    Some(key) => format!("`{section}` stands outside its section; it is `{key}`"),
                    None => format!(
                        "`{section}` is not a section; sections are {}",
                        self.sections()
                    ),
                };
                self.problem(path, message);
                continue;
            };
            for (key, value) in values {
                self.merge_value(path, &format!("{section}.{key}"), value);
            }
        }
    }

    fn merge_variable(&mut self, name: &str, value: &str) {
        let Some(rest) = name.strip_prefix(ENV_PREFIX) else {
            return;
        };
        let key = rest.to_lowercase().replacen("__", ".", 1);
        if self.get(&key).is_some() {
            return self.merge_text(name, &key, value);
        }
        let nearest = nearest(&key, &self.keys());
        let variable = format!("{ENV_PREFIX}{}", nearest.to_uppercase().replace('.', "__"));
        self.problem(
            name,
            format!("there is no such setting; did you mean `{variable}`?"),
        );
    }

    /// Merges a value given as text, read as the type that the key has.
    fn merge_text(&mut self, origin: &str, key: &str, text: &str) {
        let value = match self.get(key) {
            Some(Value::Integer(_)) => text.trim().parse().ok().map(Value::Integer),
            Some(Value::Boolean(_)) => text.trim().parse().ok().map(Value::Boolean),
            Some(Value::Array(_)) => Some(Value::Array(
                text.split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty())
                    .map(Value::from)
                    .collect(),
            )),
            _ => Some(Value::from(text)),
        };
        // A text that cannot be read as the type is merged as text, and refused there in words.
        self.merge_value(origin, key, value.unwrap_or_else(|| Value::from(text)));
    }

    fn merge_value(&mut self, origin: &str, key: &str, value: Value) {
        let Some(present) = self.get(key) else {
            let nearest = nearest(key, &self.keys());
            return self.problem(
                origin,
                format!("there is no setting `{key}`; did you mean `{nearest}`?"),
            );
        };
        if present.type_str() != value.type_str() {
            let message = format!("`{key}` must be {}, not {}", wanted(present), shown(&value));
            return self.problem(origin, message);
        }
        if let Some((section, name)) = key.split_once('.')
            && let Some(Value::Table(table)) = self.values.get_mut(section)
        {
            table.insert(name.to_owned(), value);
            self.origins.insert(key.to_owned(), origin.to_owned());
        }
    }

    fn finish(mut self) -> Result<Settings, ConfigError> {
        if !self.problems.is_empty() {
            return Err(ConfigError(self.problems));
        }
        let values = Value::Table(std::mem::take(&mut self.values));
        let settings: Settings = serde_path_to_error::deserialize(values).map_err(|error| {
            let key = error.path().to_string();
            let cause = in_words(&error.into_inner().to_string());
            let message = format!("`{key}` is not right: {}", cause.trim());
            ConfigError::one(self.origin(&key), message)
        })?;
        let problems: Vec<_> = validate(&settings)
            .into_iter()
            .map(|(key, message)| Problem {
                origin: self.origin(key),
                message: format!("`{key}` {message}"),
            })
            .collect();
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(ConfigError(problems))
        }
    }

    fn origin(&self, key: &str) -> String {
        let of_list = key.split('[').next().unwrap_or(key);
        self.origins
            .get(of_list)
            .cloned()
            .unwrap_or_else(|| "the defaults".to_owned())
    }

    fn get(&self, key: &str) -> Option<&Value> {
        let (section, name) = key.split_once('.')?;
        self.values.get(section)?.get(name)
    }

    fn keys(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for (section, values) in &self.values {
            if let Value::Table(values) = values {
                keys.extend(values.keys().map(|key| format!("{section}.{key}")));
            }
        }
        keys
    }

    fn sections(&self) -> String {
        let names: Vec<_> = self.values.keys().map(String::as_str).collect();
        names.join(", ")
    }
}

/// The key that a mistaken one most likely means: by whole key, and by the part behind the
/// section, since a key is often right in the wrong section.
fn nearest(given: &str, keys: &[String]) -> String {
    let name = |key: &str| key.split_once('.').map_or(key, |(_, name)| name).to_owned();
    let likeness = |key: &String| {
        let whole = strsim::jaro_winkler(given, key);
        let part = strsim::jaro_winkler(&name(given), &name(key));
        whole.max(part * 0.99)
    };
    keys.iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .cloned()
        .unwrap_or_default()
}

fn wanted(example: &Value) -> &'static str {
    match example {
        Value::Integer(_) => "a whole number",
        Value::Boolean(_) => "true or false",
        Value::Array(_) => "a list of texts",
        _ => "a text in quotes",
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Table(_) => "a section".to_owned(),
        other => format!(
            "`{}`",
            other.to_string().chars().take(60).collect::<String>()
        ),
    }
}

/// The names of integer types mean nothing to operators; their bounds do.
fn in_words(cause: &str) -> String {
    cause
        .replace("expected u16", "expected 0 to 65535")
        .replace("expected u32", "expected 0 to 4294967295")
        .replace("expected u64", "expected a whole number from 0")
}
