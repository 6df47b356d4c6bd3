//! Pages that are looked at: each is there, and each is sound.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use scraper::{ElementRef, Html};

use super::colleague::{Colleague, Page, select};

/// Every link of a page to another page of the desk.
fn links(document: &Html) -> Vec<String> {
    document
        .select(&select("a[href^='/desk']"))
        .filter_map(|link| link.attr("href"))
        .map(|href| href.split('#').next().unwrap_or(href).to_owned())
        .collect()
}

/// What every page must be like, in words when it is not.
fn faults(page: &Page) -> Vec<String> {
    let document = page.document();
    let mut faults = Vec::new();
    if !page.text().contains("Wednesday 18 March 2026, 10:24 UTC") {
        faults.push("does not show the clock".to_owned());
    }
    if document.select(&select("h1")).count() != 1 {
        faults.push("has not exactly one h1".to_owned());
    }
    let inline = select("[style], script, [onclick]");
    if document.select(&inline).next().is_some() {
        faults.push("has styles or scripts in its text".to_owned());
    }
    let mut ids = BTreeSet::new();
    for element in document.select(&select("[id]")) {
        let id = element.attr("id").unwrap_or_default();
        if !ids.insert(id.to_owned()) {
            faults.push(format!("has the id {id} twice"));
        }
    }
    for form in document.select(&select("form[method=post]")) {
        let token = select("input[name=form_token]");
        if form.select(&token).next().is_none() {
            faults.push("has a form without its token".to_owned());
        }
    }
    let labels: BTreeMap<&str, String> = document
        .select(&select("label[for]"))
        .filter_map(|label| Some((label.attr("for")?, label.text().collect())))
        .collect();
    let controls = "input:not([type=hidden]), select, textarea, button, a[href]";
    for control in document.select(&select(controls)) {
        if name_of(control, &labels).trim().is_empty() {
            faults.push(format!("has a control without a name: {}", control.html()));
        }
    }
    faults
}

/// The accessible name of a control, as far as the desk's pages use the rules for it.
fn name_of(control: ElementRef<'_>, labels: &BTreeMap<&str, String>) -> String {
    let element = control.value();
    if let Some(name) = element.attr("aria-label") {
        return name.to_owned();
    }
    if element.name() == "a" || element.name() == "button" {
        return control.text().collect();
    }
    if let Some(label) = element.attr("id").and_then(|id| labels.get(id)) {
        return label.clone();
    }
    control
        .ancestors()
        .filter_map(ElementRef::wrap)
        .find(|ancestor| ancestor.value().name() == "label")
        .map_or_else(String::new, |label| label.text().collect())
}

/// Pages of the desk that can be reached by links alone.
const ROUTES: [&str; 29] = [
    "desk.activity",
    "desk.board",
    "desk.filters",
    "desk.home",
    "desk.issue",
    "desk.issue_assignees",
    "desk.issue_close",
    "desk.issue_edit",
    "desk.issue_labels",
    "desk.issue_links",
    "desk.issue_move",
    "desk.issue_new",
    "desk.issue_watchers",
    "desk.issue_work",
    "desk.issues",
    "desk.member",
    "desk.member_add",
    "desk.members",
    "desk.merge",
    "desk.merges",
    "desk.milestone",
    "desk.milestone_edit",
    "desk.milestone_new",
    "desk.milestones",
    "desk.people",
    "desk.person",
    "desk.project",
    "desk.rights",
    "desk.search",
];

#[tokio::test]
async fn every_page_that_is_linked_is_there_and_sound() {
    const SAMPLE: usize = 6;
    let colleague = Colleague::enter().await;
    let mut seen = BTreeSet::new();
    let mut queue: VecDeque<String> = VecDeque::from([
        "/desk/".to_owned(),
        "/desk/p/HLP".to_owned(),
        "/desk/p/HLP/members".to_owned(),
        "/desk/search?q=mail".to_owned(),
        "/desk/issues?status=closed&label=regression".to_owned(),
    ]);
    let mut opened = BTreeMap::<String, usize>::new();
    let mut wrong = Vec::new();
    while let Some(path) = queue.pop_front() {
        let Some(view) = colleague.runs.view(&path) else {
            wrong.push(format!("{path} is linked and means nothing"));
            continue;
        };
        // Some of each kind of page are enough: they are made by the same code.
        let count = opened.entry(view.route).or_default();
        *count += 1;
        if *count > SAMPLE {
            continue;
        }
        let page = colleague.open(&path).await;
        let faults = faults(&page);
        wrong.extend(faults.iter().map(|fault| format!("{path} {fault}")));
        for link in links(&page.document()) {
            if seen.insert(link.clone()) {
                queue.push_back(link);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let routes: Vec<&str> = opened.keys().map(String::as_str).collect();
    assert_eq!(routes, ROUTES);
    assert_eq!(colleague.changes(), [], "looking changes nothing");
    let journal = colleague.runs.journal(colleague.run).expect("an open run");
    assert!(journal.iter().all(|entry| entry.violation.is_none()));
    assert!(journal.iter().any(|entry| !entry.shown.is_empty()));
}

#[tokio::test]
async fn what_does_not_exist_or_may_not_be_seen_is_said() {
    let colleague = Colleague::enter().await;
    let secret = colleague.open_issue("SEC");
    for path in [
        "/desk/nowhere".to_owned(),
        "/desk/issues/WEB-99999".to_owned(),
        format!("/desk/issues/{secret}"),
        "/desk/p/SEC/board".to_owned(),
        "/desk/p/SEC/members".to_owned(),
        "/desk/milestones/sec-audit-2026".to_owned(),
        "/desk/merge-requests/WEB/1".to_owned(),
        "/desk/people/nobody".to_owned(),
    ] {
        let page = colleague.get(&path).await;
        assert_eq!(page.status, 404, "{path}");
        assert_eq!(faults(&page), Vec::<String>::new(), "{path}");
    }
    let page = colleague.get("/desk/p/WEB/members/add").await;
    assert_eq!(page.status, 403);
    assert!(page.text().contains("maintainer"), "{}", page.text());
    let page = colleague.open("/desk/p/SEC").await;
    assert!(page.text().contains("members only"), "{}", page.text());
}

#[tokio::test]
async fn an_old_number_leads_to_the_new_one() {
    let colleague = Colleague::enter().await;
    let (old, now) = colleague
        .base()
        .fixed
        .moved
        .iter()
        .next()
        .expect("one moved");
    let page = colleague.get(&format!("/desk/issues/{old}")).await;
    assert_eq!(page.status, 303);
    assert_eq!(page.location, format!("/desk/issues/{now}"));
}

#[tokio::test]
async fn filters_become_chips_and_the_chart_has_its_table() {
    let colleague = Colleague::enter().await;
    let page = colleague
        .open("/desk/issues?project=WEB&label=frontend&without=mobile&milestone=Spring+2026")
        .await;
    assert_eq!(page.document().select(&select(".chips a")).count(), 4);
    assert!(page.has("select[name=label] option[value=frontend][selected]"));
    assert!(page.has("details[open] select[name=milestone]"));
    let milestone = colleague.open("/desk/milestones/web-autumn-2025").await;
    assert!(milestone.has("svg[role=img] polyline.burn"));
    let points = milestone
        .document()
        .select(&select("svg[role=img] circle"))
        .count();
    let rows = milestone
        .document()
        .select(&select(".slim tbody tr"))
        .count();
    assert!(
        points > 50 && points == rows,
        "{points} points, {rows} rows"
    );
}
