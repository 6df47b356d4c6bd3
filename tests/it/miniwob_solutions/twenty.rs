//! Twenty tasks whose whole plan follows from the first look at the page. Free of anything that
//! only tests have, so that the benchmark of the browser engine can play the same plans.

use agentarena::domain::action::Action;
use agentarena::domain::observation::{Node, Observation};

use super::look::{between, bid, by_name, by_role_and_name, click, fill, quoted, with_role};

/// The tasks that [`plan`] knows.
pub const TWENTY: [&str; 20] = [
    "click-test",
    "click-test-2",
    "click-test-transfer",
    "click-button",
    "click-link",
    "click-dialog",
    "click-dialog-2",
    "click-checkboxes",
    "click-checkboxes-large",
    "click-option",
    "click-tab",
    "click-widget",
    "click-button-sequence",
    "enter-text",
    "enter-text-dynamic",
    "enter-password",
    "login-user",
    "focus-text",
    "focus-text-2",
    "choose-list",
];

/// Everything that has to be done, in order; nothing when the page does not show what is needed.
pub fn plan(task: &str, goal: &str, seen: &Observation) -> Option<Vec<Action>> {
    match task {
        "click-test" => press(seen, "Click Me!"),
        "click-test-2" | "click-test-transfer" => press(seen, between(goal, "Click button ", ".")?),
        "click-button" => press(seen, quoted(goal).first()?),
        "click-link" => Some(vec![click(by_name(seen, quoted(goal).first()?)?)]),
        "click-dialog" => Some(vec![click(closing(seen)?)]),
        "click-dialog-2" => match *quoted(goal).first()? {
            "x" => Some(vec![click(closing(seen)?)]),
            name => press(seen, name),
        },
        "click-checkboxes" | "click-checkboxes-large" => tick_all(goal, seen),
        "click-option" => {
            let name = between(goal, "Select ", " and click Submit.")?;
            let option = by_role_and_name(seen, "radio", name)?;
            Some(vec![check(option), submit(seen)?])
        }
        "click-tab" => Some(vec![click(by_name(
            seen,
            between(goal, "Click on ", ".")?,
        )?)]),
        "click-widget" => Some(vec![click(widget(seen, quoted(goal).first()?)?)]),
        "click-button-sequence" => {
            let one = by_role_and_name(seen, "button", "ONE")?;
            let two = by_role_and_name(seen, "button", "TWO")?;
            Some(vec![click(one), click(two)])
        }
        "enter-text" | "enter-text-dynamic" | "enter-password" | "login-user" => enter(goal, seen),
        "focus-text" => Some(vec![click(with_role(seen, "textbox").first()?)]),
        "focus-text-2" => {
            let place = ["1st", "2nd", "3rd"]
                .iter()
                .position(|word| goal.contains(word))?;
            Some(vec![click(with_role(seen, "textbox").get(place)?)])
        }
        "choose-list" => choose(goal, seen),
        _ => None,
    }
}

fn press(seen: &Observation, name: &str) -> Option<Vec<Action>> {
    Some(vec![click(by_role_and_name(seen, "button", name)?)])
}

fn submit(seen: &Observation) -> Option<Action> {
    by_role_and_name(seen, "button", "Submit").map(click)
}

fn check(node: &Node) -> Action {
    Action::Check { bid: bid(node) }
}

/// The "x" in the corner of a dialog.
fn closing(seen: &Observation) -> Option<&Node> {
    with_role(seen, "button")
        .into_iter()
        .find(|button| button.name.is_empty() || button.name == "Close")
}

fn tick_all(goal: &str, seen: &Observation) -> Option<Vec<Action>> {
    let names = between(goal, "Select ", " and click Submit.")?;
    let mut actions = Vec::new();
    for name in names.split(", ").filter(|name| *name != "nothing") {
        actions.push(check(by_role_and_name(seen, "checkbox", name)?));
    }
    actions.push(submit(seen)?);
    Some(actions)
}

fn widget<'a>(seen: &'a Observation, kind: &str) -> Option<&'a Node> {
    let fields = seen.nodes.iter().filter(|node| node.bid.is_some());
    let multiline = |node: &Node| node.states.iter().any(|state| state == "multiline");
    let mut fields = fields.filter(|node| match kind {
        "text" => node.role == "textbox" && !multiline(node),
        "textarea" => node.role == "textbox" && multiline(node),
        role => node.role == role,
    });
    fields.next()
}

/// Fills the fields in order with what the goal quotes, the last of it into every field left.
fn enter(goal: &str, seen: &Observation) -> Option<Vec<Action>> {
    let values = quoted(goal);
    let mut actions = Vec::new();
    for (place, field) in with_role(seen, "textbox").into_iter().enumerate() {
        actions.push(fill(field, values.get(place).or(values.last())?));
    }
    actions.push(click(with_role(seen, "button").first()?));
    Some(actions)
}

fn choose(goal: &str, seen: &Observation) -> Option<Vec<Action>> {
    let name = between(goal, "Select ", " from the list")?;
    let list = with_role(seen, "combobox").into_iter().next()?;
    let select = Action::SelectOption {
        bid: bid(list),
        options: vec![name.to_owned()],
    };
    Some(vec![select, submit(seen)?])
}
