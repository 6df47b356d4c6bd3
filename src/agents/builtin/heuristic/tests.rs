//! The heuristic on pages made up for it.

use super::*;

fn node(bid: &str, role: &str, name: &str) -> Node {
    Node {
        bid: Some(bid.to_owned()),
        role: role.to_owned(),
        name: name.to_owned(),
        ..Node::default()
    }
}

fn page(url: &str, nodes: Vec<Node>) -> Observation {
    Observation {
        url: url.to_owned(),
        nodes,
        ..Observation::default()
    }
}

#[test]
fn it_follows_overlap_then_sends_the_form_and_stops() {
    let goal = "Please cancel order 61793, I ordered it by mistake.";
    let mut policy = Overlap::new(goal);
    let list = page(
        "/orders",
        vec![
            node("1", "link", "Orders"),
            node("2", "link", "61793"),
            node("3", "link", "61794"),
        ],
    );
    assert!(matches!(policy.choose(goal, &list).0, Action::Click { bid, .. } if bid == "2"));
    let mut reason = node("1", "combobox", "Reason");
    reason.options = vec![
        "Choose a reason".to_owned(),
        "Ordered by mistake".to_owned(),
    ];
    let form = page(
        "/cancel",
        vec![
            reason,
            node("2", "link", "Keep the order"),
            node("3", "button", "Cancel it"),
        ],
    );
    assert!(
        matches!(policy.choose(goal, &form).0, Action::SelectOption { options, .. } if options == ["Ordered by mistake"])
    );
    assert!(matches!(policy.choose(goal, &form).0, Action::Click { bid, .. } if bid == "3"));
    assert!(matches!(
        policy.choose(goal, &form).0,
        Action::SendMsgToUser { .. }
    ));
}

#[test]
fn it_fills_what_the_goal_quotes_and_the_quantity() {
    let goal = r#"Put 2 of the Lumo E15 into my cart, with the note "Thanks.""#;
    let mut policy = Overlap::new(goal);
    let form = page(
        "/p",
        vec![
            node("1", "textbox", "Quantity"),
            node("2", "textbox", "A note"),
        ],
    );
    assert_eq!(
        policy.choose(goal, &form).0,
        Action::Fill {
            bid: "1".to_owned(),
            value: "2".to_owned(),
            enable_autocomplete_menu: false
        }
    );
    assert_eq!(
        policy.choose(goal, &form).0,
        Action::Fill {
            bid: "2".to_owned(),
            value: "Thanks.".to_owned(),
            enable_autocomplete_menu: false
        }
    );
}

#[test]
fn it_answers_with_the_price_of_what_is_chosen() {
    let goal = "How much is the Lumo E15 in 3.4 l? Just the price.";
    let mut chosen = node("3", "radio", "3.4 l LUM-34 $144.40 was $192.50");
    let nodes = vec![
        node("1", "heading", "Lumo E15"),
        node("2", "text", "$93.80"),
        chosen.clone(),
    ];
    let mut policy = Overlap::new(goal);
    assert!(
        matches!(policy.choose(goal, &page("/p", nodes)).0, Action::Check { bid } if bid == "3")
    );
    chosen.states = vec!["checked".to_owned()];
    let nodes = vec![
        node("1", "heading", "Lumo E15"),
        node("2", "text", "$93.80"),
        chosen,
    ];
    assert_eq!(
        policy.choose(goal, &page("/p", nodes)).0,
        Action::SendMsgToUser {
            text: "$144.40".to_owned()
        }
    );
}
