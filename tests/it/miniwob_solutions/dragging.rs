//! Tasks that are done by dragging.

use agentarena::domain::observation::Node;

use super::hand::{Entry, Hand, middle};
use super::words;

/// The tasks of this family.
pub fn table() -> Vec<Entry> {
    vec![
        ("drag-items", |hand| Box::pin(move_in_list(hand))),
        ("drag-items-grid", |hand| Box::pin(move_in_grid(hand))),
        ("drag-sort-numbers", |hand| Box::pin(sort_numbers(hand))),
        ("resize-textarea", |hand| Box::pin(resize(hand))),
    ]
}

fn items(hand: &Hand) -> Vec<Node> {
    let nodes = hand.nodes().into_iter();
    nodes.filter(|node| node.role == "listitem").collect()
}

/// Drags an item past the far edge of another, whose place it then takes.
async fn drag_to(hand: &mut Hand, items: &[Node], from: usize, to: usize) {
    let (x, y) = middle(&items[from]);
    let (target_x, target_y) = middle(&items[to]);
    let beyond = |from: f64, to: f64| {
        if (to - from).abs() < 1.0 {
            to
        } else {
            to + 8.0 * (to - from).signum()
        }
    };
    let target = (beyond(x, target_x), beyond(y, target_y));
    hand.drag((x, y), target).await;
}

async fn move_in_list(mut hand: Hand) {
    let name = hand.between("Drag ", " ");
    let items = items(&hand);
    let from = items.iter().position(|item| item.name == name);
    let from = hand.must(from, &format!("no {name}"));
    let to = match &hand.goal {
        goal if goal.contains("to the top") => 0,
        goal if goal.contains("to the bottom") => items.len() - 1,
        goal if goal.contains("down by one") => from + 1,
        goal if goal.contains("up by one") => from - 1,
        goal => hand.must(words::place(goal), "no place"),
    };
    drag_to(&mut hand, &items, from, to).await;
}

async fn move_in_grid(mut hand: Hand) {
    let name = hand.between("Drag ", " ");
    let items = items(&hand);
    let from = items.iter().position(|item| item.name == name);
    let from = hand.must(from, &format!("no {name}"));
    let goal = &hand.goal;
    let to = if goal.contains("by one") {
        match goal {
            goal if goal.contains(" up ") => from - 3,
            goal if goal.contains(" down ") => from + 3,
            goal if goal.contains(" left ") => from - 1,
            _ => from + 1,
        }
    } else {
        let row = if goal.contains("top") {
            0
        } else if goal.contains("bottom") {
            2
        } else {
            1
        };
        let column = if goal.contains("left") {
            0
        } else if goal.contains("right") {
            2
        } else {
            1
        };
        row * 3 + column
    };
    drag_to(&mut hand, &items, from, to).await;
}

async fn sort_numbers(mut hand: Hand) {
    for place in 0..items(&hand).len() {
        let items = items(&hand);
        let rest = items.iter().enumerate().skip(place);
        let least = rest.min_by_key(|(_, item)| item.name.parse::<i64>().unwrap_or(i64::MAX));
        let (from, _) = hand.must(least, "no item");
        if from != place {
            drag_to(&mut hand, &items, from, place).await;
        }
    }
    hand.press("Submit").await;
}

/// The corner at the bottom right is the handle.
async fn resize(mut hand: Hand) {
    let area = hand.one("textbox");
    let [left, top, width, height] = hand.must(area.bbox, "no place");
    let corner = (left + width - 4.0, top + height - 4.0);
    let by = if hand.goal.contains("larger") {
        15.0
    } else {
        -15.0
    };
    let target = if hand.goal.contains("width") {
        (corner.0 + by, corner.1)
    } else {
        (corner.0, corner.1 + by)
    };
    hand.drag(corner, target).await;
    hand.press("Submit").await;
}
