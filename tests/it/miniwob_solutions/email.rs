//! The mailbox tasks: find a message, then delete, star, answer or forward it.

use agentarena::domain::observation::Node;

use super::hand::{Entry, Hand};
use super::look;

/// Where the mailbox ends; what lies below has to be scrolled to.
const FOLD: f64 = 205.0;

/// The tasks of this family.
pub fn table() -> Vec<Entry> {
    vec![
        ("email-inbox", |hand| Box::pin(follow_goal(hand))),
        ("email-inbox-delete", |hand| Box::pin(follow_goal(hand))),
        ("email-inbox-forward", |hand| Box::pin(follow_goal(hand))),
        ("email-inbox-forward-nl", |hand| {
            Box::pin(follow_fields(hand))
        }),
        ("email-inbox-forward-nl-turk", |hand| {
            Box::pin(follow_fields(hand))
        }),
        ("email-inbox-important", |hand| Box::pin(follow_goal(hand))),
        ("email-inbox-nl-turk", |hand| Box::pin(follow_fields(hand))),
        ("email-inbox-noscroll", |hand| Box::pin(follow_goal(hand))),
        ("email-inbox-reply", |hand| Box::pin(follow_goal(hand))),
        ("email-inbox-star-reply", |hand| Box::pin(follow_goal(hand))),
    ]
}

/// What is to be done with a message.
enum Errand {
    Delete,
    Star,
    Reply(String),
    Forward(String),
}

async fn follow_goal(hand: Hand) {
    let from = hand.between("Find the email by ", " and ");
    let errand = if hand.goal.contains("delete") {
        Errand::Delete
    } else if hand.goal.contains("important") {
        Errand::Star
    } else if hand.goal.contains("forward") {
        let to = hand.between("forward that email to ", ".");
        Errand::Forward(to)
    } else {
        Errand::Reply(hand.quoted().remove(0))
    };
    run(hand, &from, errand).await;
}

/// Goals in free words come with their parts by name.
async fn follow_fields(hand: Hand) {
    let from = hand.field("by");
    let errand = match hand.fields.iter().find(|(key, _)| key == "task") {
        Some((_, task)) if task == "delete" => Errand::Delete,
        Some((_, task)) if task == "star" => Errand::Star,
        Some((_, task)) if task == "reply" => Errand::Reply(hand.field("message")),
        _ => Errand::Forward(hand.field("to")),
    };
    run(hand, &from, errand).await;
}

async fn run(mut hand: Hand, from: &str, errand: Errand) {
    let found = row_by(&hand, from);
    let mut row = hand.must(found, &format!("no email by {from}"));
    if row.bbox.is_some_and(|place| place[1] + place[3] > FOLD) {
        search(&mut hand, from).await;
        let found = row_by(&hand, from);
        row = hand.must(found, &format!("{from} was not found"));
    }
    hand.click_on(&row).await;
    match errand {
        Errand::Delete => press_icon(&mut hand, 1).await,
        Errand::Star => press_icon(&mut hand, 2).await,
        Errand::Reply(text) => {
            press_half(&mut hand, "Reply", 0.25).await;
            fill_first(&mut hand, &text).await;
            press_icon(&mut hand, 1).await;
        }
        Errand::Forward(to) => {
            press_half(&mut hand, "Forward", 0.75).await;
            fill_first(&mut hand, &to).await;
            press_icon(&mut hand, 1).await;
        }
    }
}

fn row_by(hand: &Hand, from: &str) -> Option<Node> {
    let mut rows = hand.all("clickable").into_iter();
    rows.find(|row| row.name.starts_with(&format!("{from} ")))
}

/// Brings a message that lies below the fold of the mailbox up by searching for it.
async fn search(hand: &mut Hand, name: &str) {
    let opener = hand.one("clickable");
    hand.click_on(&opener).await;
    let field = look::bid(&hand.one("textbox"));
    hand.click(&field).await;
    hand.type_text(name).await;
}

/// The icons of the bar have no words: "back" comes first, then what the bar is for.
async fn press_icon(hand: &mut Hand, place: usize) {
    let icons = hand.all("clickable").into_iter();
    let icon = icons.filter(|icon| icon.name.is_empty()).nth(place);
    let icon = hand.must(icon, "no icon");
    hand.click_on(&icon).await;
}

/// "Reply" and "Forward" share the bar below a message.
async fn press_half(hand: &mut Hand, name: &str, part: f64) {
    if let Some(button) = hand.nodes().iter().find(|node| node.name == name) {
        return hand.click_on(button).await;
    }
    let bar = hand
        .all("clickable")
        .into_iter()
        .find(|bar| bar.name.contains(name));
    let [left, top, width, height] = hand.must(bar.and_then(|bar| bar.bbox), &format!("no {name}"));
    hand.click_at((left + width * part, top + height / 2.0))
        .await;
}

async fn fill_first(hand: &mut Hand, text: &str) {
    let field = look::bid(&hand.one("textbox"));
    hand.fill(&field, text).await;
}
