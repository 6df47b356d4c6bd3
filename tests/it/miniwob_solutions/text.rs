//! Tasks that work on text with the keyboard: editor, terminal, scrolling.

use agentarena::domain::action::Action;

use super::hand::{Entry, Hand};
use super::look;

/// The tasks of this family.
pub fn table() -> Vec<Entry> {
    vec![
        ("scroll-text-2", |hand| Box::pin(scroll_text(hand))),
        ("terminal", |hand| Box::pin(delete_file(hand))),
        ("text-editor", |hand| Box::pin(style_text(hand))),
    ]
}

async fn scroll_text(mut hand: Hand) {
    let area = look::bid(&hand.one("textbox"));
    // At the end first: a caret that is at the start already would not move the text.
    hand.key_on(&area, "Control+End").await;
    if hand.goal.contains("top") {
        hand.key_on(&area, "Control+Home").await;
    }
    hand.press("Submit").await;
}

async fn delete_file(mut hand: Hand) {
    let field = look::bid(&hand.one("textbox"));
    let extension = hand
        .goal
        .split_once("the extension ")
        .map(|(_, extension)| extension.trim().to_owned());
    hand.click(&field).await;
    hand.type_text("ls").await;
    hand.key("Enter").await;
    let texts = hand.texts();
    let listing = texts.iter().skip_while(|text| !text.ends_with("ls")).nth(1);
    let files = hand.must(listing, "no listing").split_whitespace();
    let mut files = files.map(str::to_owned);
    let file = files.find(|file| match &extension {
        Some(extension) => file.ends_with(extension.as_str()),
        None => !file.contains('.'),
    });
    let file = hand.must(file, "no such file");
    hand.type_text(&format!("rm {file}")).await;
    hand.key("Enter").await;
}

/// The tools are colour, bold, italic, underline, in this order and without words.
async fn style_text(mut hand: Hand) {
    let editor = hand.must(hand.all("textbox").into_iter().next(), "no editor");
    let text = hand.must(editor.value.clone(), "no text");
    select(&mut hand, &look::bid(&editor), &text).await;
    // The editor (Quill 1.1.5, `selection.js`) notes what is selected a tenth of a second after a
    // key, which shows nowhere on the page.
    hand.act(Action::Noop { wait_ms: 150 }).await;
    let buttons = hand.all("button");
    let button = ["bold", "italics", "underlined"]
        .iter()
        .position(|style| hand.goal.contains(&format!("the style {style}")));
    match button {
        Some(place) => hand.click(&look::bid(&buttons[place])).await,
        None => choose_colour(&mut hand).await,
    }
    hand.press("Submit").await;
}

/// The colours stand in rows, the strong ones in the first.
async fn choose_colour(hand: &mut Hand) {
    let names = [
        "black", "red", "orange", "yellow", "green", "blue", "purple",
    ];
    let place = names
        .iter()
        .position(|name| hand.goal.contains(&format!("the color {name}")));
    let place = hand.must(place, "no colour");
    let opener = look::bid(&hand.one("clickable"));
    hand.click(&opener).await;
    let swatches = hand.all("clickable");
    let swatch = hand.must(swatches.get(place + 1).map(look::bid), "no swatch");
    hand.click(&swatch).await;
}

/// Selects the word that the goal names, or everything.
async fn select(hand: &mut Hand, editor: &str, text: &str) {
    hand.click(editor).await;
    let word = ["the style ", "the color "].iter().find_map(|end| {
        let word = look::between(&hand.goal, "give the text ", end)?;
        Some(word.trim().to_owned())
    });
    let Some(word) = word else {
        return hand.key("Control+a").await;
    };
    let mut before = 0;
    for part in text.split(' ') {
        if part == word {
            break;
        }
        before += part.chars().count() + 1;
    }
    hand.key("Control+Home").await;
    for _ in 0..before {
        hand.key("ArrowRight").await;
    }
    for _ in 0..word.chars().count() {
        hand.key("Shift+ArrowRight").await;
    }
}
