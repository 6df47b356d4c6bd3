//! A walk along all links of a bundled site, and what each of its pages must be like.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use scraper::{ElementRef, Html};

use super::visitor::{Page, Visitor, select};

/// Of each kind of page so many are opened: they are made by the same code.
const SAMPLE: usize = 6;

/// What was found on the way.
pub struct Walk {
    /// Routes of the pages that links lead to, in order of their names.
    pub routes: Vec<String>,
    /// Every address that a link leads to.
    pub links: BTreeSet<String>,
}

/// Walks from these addresses along the links inside the site. Every page must be there and sound.
pub async fn walk(visitor: &Visitor, site: &str, from: &[&str]) -> Walk {
    let inside = format!("a[href^='/{site}']");
    let mut links = BTreeSet::new();
    let mut waiting: VecDeque<String> = from.iter().map(|&path| path.to_owned()).collect();
    let mut opened = BTreeMap::<String, usize>::new();
    let mut wrong = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let Some(view) = visitor.runs.view(&path) else {
            wrong.push(format!("{path} is linked and means nothing"));
            continue;
        };
        let count = opened.entry(view.route).or_default();
        *count += 1;
        if *count > SAMPLE {
            continue;
        }
        let page = visitor.open(&path).await;
        let faults = faults(&page);
        wrong.extend(faults.iter().map(|fault| format!("{path} {fault}")));
        for link in addresses(&page.document(), &inside) {
            if links.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let routes = opened.into_keys().collect();
    Walk { routes, links }
}

fn addresses(document: &Html, links: &str) -> Vec<String> {
    document
        .select(&select(links))
        .filter_map(|link| link.attr("href"))
        .map(|href| href.split('#').next().unwrap_or(href).to_owned())
        .collect()
}

/// What every page must be like, in words when it is not.
pub fn faults(page: &Page) -> Vec<String> {
    let document = page.document();
    let mut faults = Vec::new();
    if !page.text().contains("Wednesday 18 March 2026, 10:24 UTC") {
        faults.push("does not show the clock".to_owned());
    }
    if document.select(&select("h1")).count() != 1 {
        faults.push("has not exactly one h1".to_owned());
    }
    if page.has("[style], script, [onclick]") {
        faults.push("has styles or scripts in its text".to_owned());
    }
    let mut ids = BTreeSet::new();
    for element in document.select(&select("[id]")) {
        let id = element.attr("id").unwrap_or_default();
        if !ids.insert(id.to_owned()) {
            faults.push(format!("has the id {id} twice"));
        }
    }
    let token = select("input[name=form_token]");
    for form in document.select(&select("form[method=post]")) {
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

/// The accessible name of a control, as far as the sites' pages use the rules for it.
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
