//! WebArena's tasks: imported with every field, on sites that a test serves itself, and scored in
//! episodes of the binary.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::web::{self, Data, Form};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use agentarena::arena::import::webarena::tasks::{Origin, spec};
use agentarena::arena::import::webarena::{self, Import, ImportError, Imported};
use agentarena::domain::criteria::{
    CombinedSpec, DomExpectation, DomRead, DomSpec, JudgeSpec, RequestSpec, WeightedSpec,
};
use agentarena::domain::evidence::{
    Ending, Evidence, Found, JournalEntry, Judgement, Lookup, View,
};
use agentarena::domain::task::{EnvironmentSpec, EvaluatorSpec, Task, TaskKind, TaskSpec};
use agentarena::domain::verdict::VerdictStatus;
use agentarena::domain::webarena::Compat;
use agentarena::evaluators;
use agentarena::store::{self, Store};
use serde_json::{Value, json};

use crate::support::process::{output, text};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/fixtures/webarena")
        .join(name)
}

/// The test's map of sites, with this address for all of them.
fn map(dir: &Path, site: &str) -> PathBuf {
    let text = std::fs::read_to_string(fixture("sites.toml"))
        .unwrap()
        .replace("SITE", site);
    let path = dir.join("sites.toml");
    std::fs::write(&path, text).unwrap();
    path
}

async fn import(store: &Store, map: &Path, compat: Compat) -> Imported {
    let import = Import {
        file: fixture("tasks.json"),
        map: map.to_owned(),
        compat,
    };
    webarena::import(store, &import).await.expect("an import")
}

async fn tasks(store: &Store, imported: &Imported) -> Vec<Task> {
    let suite_id = imported.suite_id;
    store
        .read(move |db| store::tasks::all_of_suite(db, suite_id))
        .await
        .expect("tasks")
}

fn source() -> Vec<Value> {
    serde_json::from_str(&std::fs::read_to_string(fixture("tasks.json")).unwrap()).unwrap()
}

#[tokio::test]
async fn every_task_is_imported_whole_or_named_with_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("data")).unwrap();
    let map = map(dir.path(), "http://127.0.0.1:7");
    let first = import(&store, &map, Compat::Webarena).await;
    assert_eq!(
        (first.in_file, first.tasks, first.added),
        (15, 10, 10),
        "{first:?}"
    );
    let reasons: Vec<(&str, &str)> = first
        .unsupported
        .iter()
        .map(|task| (task.task_id.as_str(), task.reasons[0].as_str()))
        .collect();
    for (id, part) in [
        ("10", "page_image_query"),
        ("11", "window.title"),
        ("12", "__MAP__"),
        ("13", "close_to"),
        ("14", "no eval_types"),
    ] {
        let reason = reasons
            .iter()
            .find(|(task, _)| *task == id)
            .expect("a reason")
            .1;
        assert!(reason.contains(part), "{id}: {reason}");
    }
    let all = tasks(&store, &first).await;
    let find = |key: &str| all.iter().find(|task| task.key == key).expect("a task");
    for task in &all {
        let kept = &task.spec.draw_values["task"];
        let raw = source()
            .into_iter()
            .find(|raw| raw["task_id"] == kept["task_id"])
            .unwrap();
        let filled = raw
            .to_string()
            .replace("__SHOPPING__", "http://127.0.0.1:7")
            .replace("__GITLAB__", "http://127.0.0.1:7/gitlab")
            .replace("__REDDIT__", "http://127.0.0.1:7/reddit");
        assert_eq!(kept.to_string(), filled, "{}", task.key);
    }
    let EnvironmentSpec::Web {
        logins,
        start,
        sites,
        ..
    } = &find("webarena.5").spec.environment
    else {
        panic!("a task on the web");
    };
    assert_eq!(
        start,
        &["http://127.0.0.1:7/lamps", "http://127.0.0.1:7/chairs"]
    );
    assert_eq!(logins, &["shopping"]);
    assert_eq!(sites["gitlab"], "http://127.0.0.1:7/gitlab");
    assert_eq!(find("webarena.3").spec.kind, TaskKind::Infeasible);
    assert_eq!(find("webarena.6").spec.evaluators.len(), 2);

    let stored = serde_json::to_string(&all).unwrap();
    assert!(!stored.contains("secret"), "no password is part of a task");
    let kept = dir.path().join("data/web/webarena.toml");
    let mode = std::os::unix::fs::PermissionsExt::mode(&kept.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn the_same_again_changes_nothing_and_other_rules_are_another_suite() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("data")).unwrap();
    let here = map(dir.path(), "http://127.0.0.1:7");
    let first = import(&store, &here, Compat::Webarena).await;
    let again = import(&store, &here, Compat::Webarena).await;
    assert_eq!(
        (again.unchanged, again.added, again.revised),
        (first.tasks, 0, 0)
    );
    let there = map(dir.path(), "http://127.0.0.1:8");
    let moved = import(&store, &there, Compat::Webarena).await;
    assert_eq!((moved.revised, moved.added), (first.tasks, 0));
    let strict = import(&store, &there, Compat::Strict).await;
    assert_eq!(
        (strict.suite.as_str(), strict.added),
        ("webarena-strict", first.tasks)
    );
    assert_ne!(strict.suite_id, first.suite_id);
}

#[tokio::test]
async fn what_is_no_task_file_says_what_would_be() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("data")).unwrap();
    let map = map(dir.path(), "http://127.0.0.1:7");
    for (text, part) in [
        ("{}", "JSON list of tasks"),
        (
            "[{\"task_id\": 1, \"eval\": {}}, {\"task_id\": 1, \"eval\": {}}]",
            "occurs twice",
        ),
        (
            "[{\"task_id\": 1, \"eval\": [{\"evaluator\": \"x\"}]}]",
            "WebArena-Verified",
        ),
        ("[]", "no task that can be scored"),
    ] {
        let file = dir.path().join("file.json");
        std::fs::write(&file, text).unwrap();
        let map = map.clone();
        let import = Import {
            file,
            map,
            compat: Compat::Webarena,
        };
        let error: ImportError = webarena::import(&store, &import)
            .await
            .expect_err("refused");
        assert!(error.to_string().contains(part), "{error}");
    }
}

// ---- rules ----

fn task(id: u64, compat: Compat) -> TaskSpec {
    let raw = source()
        .into_iter()
        .find(|task| task["task_id"] == id)
        .unwrap();
    spec(&raw, &Origin::default(), compat).expect("a task")
}

fn answered(text: &str) -> Evidence {
    Evidence {
        ending: Some(Ending::Answer(text.to_owned())),
        ..Evidence::default()
    }
}

fn opened(url: &str) -> Evidence {
    Evidence {
        lookups: vec![found("0", Found::Text(url.to_owned()))],
        ..answered("")
    }
}

fn found(evaluator: &str, found: Found) -> Lookup {
    Lookup {
        evaluator: evaluator.to_owned(),
        url: None,
        found,
    }
}

fn passes(spec: &TaskSpec, evidence: &Evidence) -> bool {
    let verdict = evaluators::evaluate(spec, evidence);
    assert_ne!(verdict.status, VerdictStatus::Error, "{}", verdict.summary);
    verdict.status == VerdictStatus::Pass
}

#[test]
fn strict_corrects_what_the_original_gets_wrong() {
    for (id, evidence, original, strict) in [
        (0, answered("There are 6. Thanks"), false, true),
        (0, answered("There are 16"), false, false),
        (0, answered("6.0 lamps"), false, true),
        (4, opened("__SHOPPING__/lights"), false, true),
        (4, opened("__SHOPPING__/lamps/2?sort=price"), true, true),
        (4, opened("__SHOPPING__/lamps2?sort=price"), true, false),
        (
            5,
            opened("http://evil.test/__SHOPPING__/lamps"),
            true,
            false,
        ),
    ] {
        assert_eq!(
            passes(&task(id, Compat::Webarena), &evidence),
            original,
            "{id} {evidence:?}"
        );
        assert_eq!(
            passes(&task(id, Compat::Strict), &evidence),
            strict,
            "{id} {evidence:?}"
        );
    }
    let refused = |text: &str| Evidence {
        ending: Some(Ending::Infeasible(text.to_owned())),
        ..Evidence::default()
    };
    // A report is what strict wants, and for the original it is the answer N/A.
    assert!(passes(
        &task(3, Compat::Strict),
        &refused("NOT_FOUND there is no third lamp")
    ));
    assert!(!passes(&task(3, Compat::Strict), &answered("N/A")));
    assert!(passes(&task(3, Compat::Webarena), &refused("no")));
    assert!(!passes(&task(1, Compat::Strict), &refused("no")));
}

#[test]
fn a_page_that_shows_nothing_is_the_text_none_for_the_original_alone() {
    let target = json!({"url": "last", "locator": "document.x",
                        "required_contents": {"must_include": ["on"]}});
    let raw = json!({"intent": "x", "eval": {"eval_types": ["program_html"],
                     "program_html": [target]}});
    let seen = |text: Found| Evidence {
        lookups: vec![found("0", text)],
        ..answered("")
    };
    let original = spec(&raw, &Origin::default(), Compat::Webarena).unwrap();
    assert!(passes(&original, &seen(Found::Text("None".into()))));
    let strict = spec(&raw, &Origin::default(), Compat::Strict).unwrap();
    assert!(!passes(&strict, &seen(Found::Nothing)));
    let failed = seen(Found::Failed("the page cannot be opened".into()));
    for spec in [original, strict] {
        assert_eq!(
            evaluators::evaluate(&spec, &failed).status,
            VerdictStatus::Error
        );
    }
}

#[test]
fn a_judge_is_asked_once_for_each_part_and_its_reply_is_evidence() {
    let spec = task(2, Compat::Webarena);
    let mut evidence = answered("The DESK lamp");
    assert_eq!(
        evaluators::evaluate(&spec, &evidence).status,
        VerdictStatus::Error
    );
    for (reply, reference) in [
        ("correct", "the desk lamp is cheaper"),
        ("Correct.", "the floor lamp is taller"),
    ] {
        let question = evaluators::next_question(&spec, &evidence).expect("a question");
        assert_eq!(question.asked.reference, reference);
        assert_eq!(question.asked.prediction, "the desk lamp");
        evidence.judgements.push(Judgement {
            evaluator: question.evaluator,
            asked: question.asked,
            reply: Some(reply.to_owned()),
            problem: None,
        });
    }
    assert_eq!(evaluators::next_question(&spec, &evidence), None);
    assert!(passes(&spec, &evidence));
    // From its JSON the evidence gives the same verdict, byte for byte.
    let verdict = serde_json::to_string(&evaluators::evaluate(&spec, &evidence)).unwrap();
    let stored: Evidence =
        serde_json::from_str(&serde_json::to_string(&evidence).unwrap()).unwrap();
    assert_eq!(
        serde_json::to_string(&evaluators::evaluate(&spec, &stored)).unwrap(),
        verdict
    );
}

// ---- criteria that are not WebArena's ----

#[test]
fn after_an_error_the_references_ask_nothing() {
    for (compat, asks_on) in [(Compat::Webarena, false), (Compat::Strict, true)] {
        let mut spec = task(2, compat);
        let again = spec.evaluators.clone();
        spec.evaluators.extend(again);
        let mut evidence = answered("The desk lamp");
        let question = evaluators::next_question(&spec, &evidence).expect("a question");
        evidence.judgements.push(Judgement {
            evaluator: question.evaluator,
            asked: question.asked,
            reply: Some("who knows".to_owned()),
            problem: None,
        });
        let next = evaluators::next_question(&spec, &evidence);
        let second = next.map(|question| question.evaluator);
        assert_eq!(second.as_deref(), asks_on.then_some("1"), "{compat:?}");
        let verdict = evaluators::evaluate(&spec, &evidence);
        assert_eq!(verdict.status, VerdictStatus::Error);
    }
}

fn with(evaluators: Vec<EvaluatorSpec>) -> TaskSpec {
    TaskSpec {
        evaluators,
        kind: TaskKind::State,
        ..task(1, Compat::Strict)
    }
}

fn dom(read: DomRead, expect: DomExpectation) -> EvaluatorSpec {
    EvaluatorSpec::Dom(DomSpec {
        url: "/shop/".into(),
        locator: "h1".into(),
        read,
        expect,
    })
}

#[test]
fn dom_compares_what_the_arenas_own_page_showed() {
    let text = |text: &str| Found::Text(text.to_owned());
    for (read, expect, seen, met) in [
        (
            DomRead::Text,
            DomExpectation::Equals("Two lamps".into()),
            text(" Two\n lamps "),
            true,
        ),
        (
            DomRead::Text,
            DomExpectation::Equals("Two".into()),
            text("Two lamps"),
            false,
        ),
        (
            DomRead::Text,
            DomExpectation::Includes(vec!["lamp".into()]),
            text("lamps"),
            false,
        ),
        (
            DomRead::Text,
            DomExpectation::Includes(vec!["2".into()]),
            text("2 lamps"),
            true,
        ),
        (
            DomRead::Text,
            DomExpectation::Equals(String::new()),
            Found::Nothing,
            false,
        ),
        (
            DomRead::Count,
            DomExpectation::Present(false),
            text("0"),
            true,
        ),
        (
            DomRead::Text,
            DomExpectation::Present(true),
            Found::Nothing,
            false,
        ),
    ] {
        let spec = with(vec![dom(read, expect)]);
        let evidence = Evidence {
            lookups: vec![found("0", seen)],
            ..answered("")
        };
        assert_eq!(passes(&spec, &evidence), met, "{spec:?}");
    }
}

#[test]
fn request_counts_what_the_sites_answered() {
    let entry = |n, method: &str, status, q: &str| JournalEntry {
        n,
        method: method.to_owned(),
        path: format!("/shop/search?q={q}"),
        view: Some(View {
            route: "shop.search".into(),
            params: [("q".to_owned(), json!(q))].into(),
            unknown: Vec::new(),
        }),
        status,
        document: true,
        shown: Vec::new(),
        violation: None,
    };
    let evidence = Evidence {
        journal: vec![entry(1, "GET", 200, "lamp"), entry(2, "GET", 404, "pot")],
        ..answered("")
    };
    let request = |q: &str, status, at_least, at_most| {
        with(vec![EvaluatorSpec::Request(RequestSpec {
            route: "shop.search".into(),
            method: Some("get".into()),
            params: [("q".to_owned(), json!(q))].into(),
            status,
            at_least,
            at_most,
        })])
    };
    assert!(passes(&request("lamp", None, 1, None), &evidence));
    assert!(!passes(&request("pot", None, 1, None), &evidence));
    assert!(passes(&request("pot", Some(404), 1, None), &evidence));
    assert!(!passes(&request("lamp", None, 0, Some(0)), &evidence));
    assert!(!passes(&request("lamp", None, 2, None), &evidence));
}

#[test]
fn criteria_combine_as_all_any_and_by_weight() {
    let present = |wanted| dom(DomRead::Text, DomExpectation::Present(wanted));
    let judge = EvaluatorSpec::Judge(JudgeSpec {
        criterion: "It is polite.".into(),
        reference: None,
    });
    let there = |paths: &[&str]| Evidence {
        lookups: paths
            .iter()
            .map(|path| found(path, Found::Text("x".into())))
            .collect(),
        ..answered("hello")
    };
    let both = || vec![present(true), present(false)];
    let evidence = there(&["0.0", "0.1"]);
    let all = with(vec![EvaluatorSpec::All(CombinedSpec { of: both() })]);
    assert!(!passes(&all, &evidence));
    let any = with(vec![EvaluatorSpec::Any(CombinedSpec { of: both() })]);
    assert!(passes(&any, &evidence));
    let weighted = |pass_at| {
        with(vec![EvaluatorSpec::Weighted(WeightedSpec {
            of: both(),
            weights: vec![3.0, 1.0],
            pass_at,
        })])
    };
    assert_eq!(evaluators::evaluate(&weighted(0.75), &evidence).value, 0.75);
    assert!(!passes(&weighted(0.8), &evidence));

    let asks = with(vec![EvaluatorSpec::Any(CombinedSpec {
        of: vec![present(true), judge],
    })]);
    let question = evaluators::next_question(&asks, &evidence).expect("a question");
    assert_eq!(
        (
            question.evaluator.as_str(),
            question.asked.prediction.as_str()
        ),
        ("0.1", "hello")
    );
    let round: TaskSpec = serde_json::from_value(serde_json::to_value(&asks).unwrap()).unwrap();
    assert_eq!(round, asks);
}

// ---- episodes ----

/// A shop of a test: a form to sign in, pages for those who did, a reset that counts.
fn shop() -> (String, Arc<AtomicU32>, actix_web::dev::ServerHandle) {
    let resets = Arc::new(AtomicU32::new(0));
    let shared = Data::from(Arc::clone(&resets));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .route("/login", web::get().to(|| std::future::ready(page(
                "<form method=post><input id=user name=user><input id=password name=password \
                 type=password><button id=send>Send</button></form>",
            ))))
            .route("/login", web::post().to(sign_in))
            .route("/reset", web::post().to(|resets: Data<AtomicU32>| {
                resets.fetch_add(1, Ordering::SeqCst);
                std::future::ready(HttpResponse::NoContent().finish())
            }))
            .default_service(web::to(shown))
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let address = format!("http://{}", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    (address, resets, handle)
}

fn page(body: &str) -> HttpResponse {
    let html = format!("<!DOCTYPE html><meta charset=utf-8><title>Shop</title>{body}");
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .body(html)
}

async fn sign_in(form: Form<std::collections::HashMap<String, String>>) -> HttpResponse {
    let right = form["user"] == "mara" && form["password"] == "a secret of the test";
    if !right {
        return page("<p>Wrong</p>");
    }
    HttpResponse::SeeOther()
        .insert_header(("Location", "/"))
        .insert_header(("Set-Cookie", "who=mara; Path=/; HttpOnly"))
        .finish()
}

async fn shown(request: HttpRequest) -> HttpResponse {
    let signed_in = request
        .headers()
        .get("Cookie")
        .is_some_and(|cookie| cookie == "who=mara");
    if !signed_in {
        return page("<p>Please sign in.</p>");
    }
    page(&format!(
        "<h1 id=title>Lamps &amp; more</h1><p id=signed-in>signed in as mara on your account</p>\
         <ul><li>cart</li></ul><p>{}</p>",
        request.path()
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn episodes_sign_in_start_anew_and_are_scored_by_the_rules_of_their_suite() {
    let (address, resets, server) = shop();
    let dir = tempfile::tempdir().unwrap();
    let map = map(dir.path(), &address);
    let tasks = dir.path().join("tasks.json");
    // A task whose start is already its end: the original passes an agent that does nothing.
    let mut chosen: Vec<Value> = source()
        .into_iter()
        .filter(|task| task["task_id"] == 6)
        .collect();
    chosen[0]["start_url"] = json!("__SHOPPING__/lamps |AND| __SHOPPING__/chairs");
    std::fs::write(&tasks, json!(chosen).to_string()).unwrap();
    let (tasks, map) = (
        tasks.to_str().unwrap().to_owned(),
        map.to_str().unwrap().to_owned(),
    );
    let folder = dir.path().to_owned();
    let rows = tokio::task::spawn_blocking(move || {
        let mut rows = Vec::new();
        for (compat, suite) in [("webarena", "webarena"), ("strict", "webarena-strict")] {
            let import = [
                "import", "webarena", &tasks, "--sites", &map, "--compat", compat, "--json",
            ];
            let imported = output(&folder, &import);
            assert!(imported.status.success(), "{}", text(&imported.stderr));
            let run = output(
                &folder,
                &["run", "--suite", suite, "--agent", "null", "--json"],
            );
            let told: Value = serde_json::from_slice(&run.stdout)
                .unwrap_or_else(|error| panic!("{error}: {}", text(&run.stderr)));
            rows.push(told[0].clone());
        }
        rows
    })
    .await
    .unwrap();
    assert_eq!(rows[0]["outcome"], "passed", "{rows:#?}");
    // Strict opens targets beside the agent's page, and comes back to it for `last`.
    assert_eq!(rows[1]["outcome"], "passed", "{rows:#?}");
    assert_eq!(resets.load(Ordering::SeqCst), 2);
    server.stop(false).await;
}
