//! Settings: the shipped file and documentation are complete, sources have their order, and
//! what is wrong is named with its place.

use agentarena::config::{Override, Settings, Sources};
use agentarena::domain::outcome::PlaygroundKind;
use toml::{Table, Value};

const SHIPPED: &str = include_str!("../../agentarena.toml");
const DOCUMENTED: &str = include_str!("../../docs/configuration.md");

fn file(text: &str) -> Sources {
    Sources {
        file: Some(("arena.toml".to_owned(), text.to_owned())),
        ..Sources::default()
    }
}

fn env(name: &str, value: &str) -> Sources {
    Sources {
        env: vec![(name.to_owned(), value.to_owned())],
        ..Sources::default()
    }
}

fn refusal(sources: &Sources) -> String {
    Settings::from_sources(sources).unwrap_err().to_string()
}

/// `section.key` and value as TOML text of every setting.
fn flat(table: &Table) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for (section, values) in table {
        let Value::Table(values) = values else {
            panic!("`{section}` is not a section");
        };
        for (key, value) in values {
            keys.push((format!("{section}.{key}"), value.to_string()));
        }
    }
    keys.sort();
    keys
}

#[test]
fn the_shipped_file_holds_every_key_with_its_default() {
    let shipped = flat(&SHIPPED.parse().unwrap());
    let defaults = flat(&Table::try_from(Settings::default()).unwrap());
    assert_eq!(shipped, defaults);
    assert_eq!(
        Settings::from_sources(&file(SHIPPED)),
        Ok(Settings::default())
    );
    let key_lines = SHIPPED
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(" = "));
    let lines: Vec<_> = SHIPPED.lines().collect();
    for (number, line) in key_lines {
        assert!(
            lines[number - 1].starts_with('#'),
            "`{line}` has no comment"
        );
    }
}

#[test]
fn the_documentation_holds_every_key_with_its_default() {
    let defaults = flat(&Table::try_from(Settings::default()).unwrap());
    let rows: Vec<_> = DOCUMENTED
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    for (key, value) in &defaults {
        let begin = format!("| `{key}` | `{value}` | ");
        assert!(
            rows.iter().any(|row| row.starts_with(&begin)),
            "no row `{begin}`"
        );
    }
    assert_eq!(rows.len(), defaults.len());
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let mut sources = file("[server]\nport = 1001\nsites_port = 1002\n[jobs]\nparallel = 7\n");
    sources.env = vec![
        ("AGENTARENA__SERVER__SITES_PORT".into(), "1003".into()),
        ("AGENTARENA__SERVER__PORT".into(), "1004".into()),
        ("AGENTARENA__PLAYGROUND__KIND".into(), "mock".into()),
        ("AGENTARENA__AUTH__SIGN_UP_OPEN".into(), "false".into()),
        (
            "AGENTARENA__BROWSER__REMOTE_URLS".into(),
            "http://a:4444, http://b:4444".into(),
        ),
        ("AGENTARENA_OTHER".into(), "of someone else".into()),
        ("PATH".into(), "/bin".into()),
    ];
    sources.overrides = vec![Override::new("--port", "server.port", 1005)];
    let settings = Settings::from_sources(&sources).unwrap();
    assert_eq!(settings.jobs.parallel, 7);
    assert_eq!(settings.server.sites_port, 1003);
    assert_eq!(settings.server.port, 1005);
    assert_eq!(settings.playground.kind, PlaygroundKind::Mock);
    assert!(!settings.auth.sign_up_open);
    assert_eq!(
        settings.browser.remote_urls,
        ["http://a:4444", "http://b:4444"]
    );
    assert_eq!(settings.limits, Settings::default().limits);
}

#[test]
fn unknown_keys_are_refused_with_the_nearest_valid_name() {
    let text = refusal(&file("[server]\nprot = 1\n"));
    assert!(
        text.contains("arena.toml: there is no setting `server.prot`; did you mean `server.port`?"),
        "{text}"
    );
    let text = refusal(&file("[brwoser]\ndriver = \"x\"\n"));
    assert!(text.contains("did you mean `browser.driver`?"), "{text}");
    let text = refusal(&file("[server]\nbcrypt_cost = 5\n"));
    assert!(text.contains("did you mean `auth.bcrypt_cost`?"), "{text}");
    let text = refusal(&file("port = 1\n"));
    assert!(
        text.contains("`port` stands outside its section; it is `server.port`"),
        "{text}"
    );
    let text = refusal(&env("AGENTARENA__JOBS__PARALEL", "2"));
    assert!(
        text.contains("AGENTARENA__JOBS__PARALEL: there is no such setting; did you mean `AGENTARENA__JOBS__PARALLEL`?"),
        "{text}"
    );
    let text = refusal(&env("AGENTARENA__PORT", "2"));
    assert!(
        text.contains("did you mean `AGENTARENA__SERVER__PORT`?"),
        "{text}"
    );
}

#[test]
fn wrong_types_name_key_place_and_what_would_be_right() {
    let text = refusal(&file("[server]\nport = \"8080\"\n"));
    assert!(
        text.contains("arena.toml: `server.port` must be a whole number, not `\"8080\"`"),
        "{text}"
    );
    let text = refusal(&env("AGENTARENA__AUTH__SIGN_UP_OPEN", "yes"));
    assert!(
        text.contains("`auth.sign_up_open` must be true or false, not `\"yes\"`"),
        "{text}"
    );
    let text = refusal(&file("[playground]\nkind = \"fake\"\n"));
    assert!(
        text.contains("arena.toml: `playground.kind` is not right"),
        "{text}"
    );
    assert!(text.contains("`real`") && text.contains("`mock`"), "{text}");
    let text = refusal(&env("AGENTARENA__SERVER__PORT", "70000"));
    assert!(
        text.contains("AGENTARENA__SERVER__PORT: `server.port`") && text.contains("0 to 65535"),
        "{text}"
    );
    let text = refusal(&file("[server\n"));
    assert!(text.contains("arena.toml: is not valid TOML"), "{text}");
}

#[test]
fn values_out_of_bounds_are_all_refused_at_once() {
    let sources = file(
        "[server]\nport = 8081\npublic_url = \"arena.example.org\"\n\
         [auth]\nbcrypt_cost = 3\n\
         [jobs]\nparallel = 0\n\
         [log]\nlevel = \"info,=x=y\"\n\
         [browser]\nremote_urls = [\"grid\"]\nsettle_quiet_ms = 5000\n",
    );
    let text = refusal(&sources);
    for part in [
        "`server.sites_port` must differ from `server.port`, which is 8081 too",
        "`server.public_url` must be scheme and host",
        "`auth.bcrypt_cost` must be 4 to 31, not 3",
        "`jobs.parallel` must be 1 to 1024, not 0",
        "`log.level` must be",
        "`browser.remote_urls` must hold addresses such as",
        "`browser.settle_quiet_ms` must not be more than",
    ] {
        assert!(text.contains(part), "`{part}` is missing in:\n{text}");
    }
    assert!(text.contains("the defaults: `server.sites_port`"), "{text}");
    for wrong in ["foo", "info,foo"] {
        let text = refusal(&env("AGENTARENA__LOG__LEVEL", wrong));
        assert!(text.contains("there is no level `foo`"), "{text}");
    }
    for right in [
        "WARN",
        "off",
        "agentarena=debug",
        "info,agentarena::jobs=trace",
        "agentarena",
    ] {
        let read = Settings::from_sources(&env("AGENTARENA__LOG__LEVEL", right));
        assert!(read.is_ok(), "{right}");
    }
    let both_free = "[server]\nport = 0\nsites_port = 0\n";
    assert!(Settings::from_sources(&file(both_free)).is_ok());
}

#[test]
fn a_named_file_must_exist_and_cookies_follow_the_public_address() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("missing.toml");
    let error = Settings::load(Some(&path), Vec::new())
        .unwrap_err()
        .to_string();
    assert!(error.contains("missing.toml: cannot be read"), "{error}");

    let path = dir.path().join("here.toml");
    std::fs::write(
        &path,
        "[server]\npublic_url = \"https://arena.example.org\"\n",
    )
    .unwrap();
    let settings = Settings::load(Some(&path), Vec::new()).unwrap();
    assert!(settings.server.cookies_are_secure());
    assert!(!Settings::default().server.cookies_are_secure());
}
