//! Tasks that are done by entering text, numbers and dates.

use agentarena::domain::action::Action;
use agentarena::domain::observation::Node;

use super::hand::{Entry, Hand, middle};
use super::look;
use super::words;

/// The tasks of this family.
pub fn table() -> Vec<Entry> {
    vec![
        ("copy-paste", |hand| Box::pin(copy_paste(hand))),
        ("copy-paste-2", |hand| Box::pin(copy_paste(hand))),
        ("enter-date", |hand| Box::pin(enter_date(hand))),
        ("enter-text-2", |hand| Box::pin(enter_in_case(hand))),
        ("enter-time", |hand| Box::pin(enter_time(hand))),
        ("find-word", |hand| Box::pin(find_word(hand))),
        ("form-sequence-2", |hand| Box::pin(form_sequence(hand))),
        ("guess-number", |hand| Box::pin(guess_number(hand))),
        ("login-user-popup", |hand| Box::pin(log_in_past_popup(hand))),
        ("multi-layouts", |hand| Box::pin(search_movie(hand))),
        ("multi-orderings", |hand| Box::pin(search_movie(hand))),
        ("read-table", |hand| Box::pin(read_table(hand))),
        ("read-table-2", |hand| Box::pin(read_table_twice(hand))),
        ("scroll-text", |hand| Box::pin(last_word(hand))),
        ("search-engine", |hand| Box::pin(search_engine(hand))),
        ("sign-agreement", |hand| Box::pin(sign_agreement(hand))),
        ("simple-algebra", |hand| Box::pin(solve_for_x(hand))),
        ("simple-arithmetic", |hand| Box::pin(calculate(hand))),
        ("text-transform", |hand| Box::pin(type_what_stands(hand))),
        ("use-autocomplete", |hand| Box::pin(complete(hand))),
        ("use-autocomplete-nodelay", |hand| Box::pin(complete(hand))),
    ]
}

async fn enter_and_submit(mut hand: Hand, value: &str) {
    let field = look::bid(&hand.one("textbox"));
    hand.fill(&field, value).await;
    hand.press("Submit").await;
}

fn is_multiline(node: &Node) -> bool {
    node.states.iter().any(|state| state == "multiline")
}

async fn copy_paste(mut hand: Hand) {
    let place = words::place(&hand.goal).unwrap_or_default();
    let (sources, targets): (Vec<_>, Vec<_>) =
        hand.all("textbox").into_iter().partition(is_multiline);
    let text = sources.get(place).and_then(|source| source.value.clone());
    let text = hand.must(text, "nothing to copy");
    let target = hand.must(targets.first(), "no field");
    hand.fill(&look::bid(target), &text).await;
    hand.press("Submit").await;
}

async fn enter_date(mut hand: Hand) {
    let date = hand.between("Enter ", " as the date");
    let parts: Vec<_> = date.split('/').collect();
    let [month, day, year] = parts[..] else {
        hand.give_up("no date")
    };
    let field = look::bid(&hand.one("textbox"));
    hand.fill(&field, &format!("{year}-{month}-{day}")).await;
    hand.press("Submit").await;
}

async fn enter_time(mut hand: Hand) {
    let time = hand.between("Enter ", " as the time");
    let parts: Vec<_> = time.split(|c: char| !c.is_alphanumeric()).collect();
    let [hour, minute, half] = parts[..] else {
        hand.give_up("no time")
    };
    let hour: u32 = hand.must(hour.parse().ok(), "no hour");
    let hour = hour % 12 + if half == "PM" { 12 } else { 0 };
    let field = look::bid(&hand.one("textbox"));
    hand.fill(&field, &format!("{hour:02}:{minute}")).await;
    hand.press("Submit").await;
}

async fn enter_in_case(hand: Hand) {
    let word = hand.quoted().remove(0);
    let value = if hand.goal.contains("upper case") {
        word.to_uppercase()
    } else {
        word.to_lowercase()
    };
    enter_and_submit(hand, &value).await;
}

async fn find_word(hand: Hand) {
    let place = hand.must(words::place(&hand.goal), "no place");
    let text = hand.must(hand.texts().into_iter().next(), "no paragraph");
    let word = hand.must(text.split_whitespace().nth(place), "no such word");
    let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_owned();
    enter_and_submit(hand, &word).await;
}

async fn form_sequence(mut hand: Hand) {
    let (first, second) = match hand.goal.split_once(" and ") {
        Some((first, second)) => (words::place(first), words::place(second)),
        None => (None, None),
    };
    let radio = first.and_then(|place| hand.all("radio").into_iter().nth(place));
    let field = second.and_then(|place| hand.all("textbox").into_iter().nth(place));
    let radio = hand.must(radio, "no radio button");
    let field = hand.must(field, "no field");
    let value = hand.quoted().remove(0);
    hand.click(&look::bid(&radio)).await;
    hand.fill(&look::bid(&field), &value).await;
    hand.press("Submit").await;
}

async fn guess_number(mut hand: Hand) {
    let (mut low, mut high) = (0, 9);
    let field = look::bid(&hand.one("spinbutton"));
    loop {
        let guess = i64::midpoint(low, high);
        hand.fill(&field, &guess.to_string()).await;
        hand.press("Submit").await;
        let told = hand.texts().join(" ");
        if told.contains("lower than") {
            high = guess - 1;
        } else {
            low = guess + 1;
        }
    }
}

/// A popup may come up at any field and disable the form until it is sent away.
async fn log_in_past_popup(mut hand: Hand) {
    let values = hand.quoted();
    let fields: Vec<_> = hand.all("textbox").iter().map(look::bid).collect();
    for (field, value) in fields.iter().zip(&values) {
        loop {
            if look::by_name(&hand.seen, "Cancel").is_some() {
                hand.press("Cancel").await;
            }
            let node = hand.must(hand.seen.node(field), "the field is gone");
            let length = node.value.as_ref().map(|value| value.chars().count());
            if length == Some(value.chars().count()) {
                break;
            }
            hand.fill(field, value).await;
        }
    }
    hand.press("OK").await;
}

/// Labels stand before their fields in most layouts and after them in some.
async fn search_movie(mut hand: Hand) {
    let values = [
        ("Genre", hand.between("Search for ", " movies")),
        ("Director", hand.between("directed by ", " from year")),
        ("Year", hand.between("from year ", ".")),
    ];
    let nodes = hand.nodes();
    let labels = nodes.iter().filter(|node| {
        node.role == "textbox" || label_of(&node.name, &values).is_some() && node.bid.is_none()
    });
    let mut labels: Vec<_> = labels.collect();
    if labels.first().is_some_and(|first| first.role == "textbox") {
        labels.reverse();
    }
    for pair in labels.chunks(2) {
        let [label, field] = pair else {
            hand.give_up("no pairs")
        };
        let value = hand.must(label_of(&label.name, &values), "no label");
        hand.fill(&look::bid(field), value).await;
    }
    let names = ["Submit", "Search", "Go!"];
    let button = names
        .iter()
        .find_map(|name| look::by_name(&hand.seen, name));
    let bid = hand.must(button.map(look::bid), "no button");
    hand.click(&bid).await;
}

fn label_of<'a>(text: &str, values: &'a [(&str, String); 3]) -> Option<&'a str> {
    let text = text.replace("Released Date", "Year");
    let mut values = values.iter();
    values
        .find(|(label, _)| text.contains(label) && text.len() < 20)
        .map(|(_, value)| value.as_str())
}

/// What stands after a key in a table, whatever the roles of its parts are.
fn cell_after(hand: &Hand, key: &str) -> String {
    let nodes = hand.nodes();
    let mut named = nodes.iter().filter(|node| !node.name.is_empty());
    let found = named.any(|node| node.name == key).then(|| named.next());
    hand.must(found.flatten(), &format!("no cell {key}"))
        .name
        .clone()
}

async fn read_table(hand: Hand) {
    let key = hand.between("the value of ", " into");
    let value = cell_after(&hand, &key);
    enter_and_submit(hand, &value).await;
}

async fn read_table_twice(mut hand: Hand) {
    let labels = hand.texts().into_iter();
    let labels = labels.filter_map(|text| text.strip_suffix(':').map(str::to_owned));
    let labels: Vec<_> = labels.collect();
    for (field, label) in hand.all("textbox").iter().zip(&labels) {
        let value = cell_after(&hand, label);
        hand.fill(&look::bid(field), &value).await;
    }
    hand.press("Submit").await;
}

async fn last_word(mut hand: Hand) {
    let fields = hand.all("textbox");
    let text = fields.iter().find(|field| is_multiline(field));
    let text = hand.must(text.and_then(|text| text.value.clone()), "no text");
    let word = hand.must(text.split_whitespace().last(), "no word");
    let target = hand.must(fields.iter().find(|field| !is_multiline(field)), "no field");
    let word = word.trim_end_matches('.').to_owned();
    hand.fill(&look::bid(target), &word).await;
    hand.press("Submit").await;
}

/// Three results stand on a page.
async fn search_engine(mut hand: Hand) {
    let place = hand.must(words::place(&hand.goal), "no place");
    let query = hand.quoted().remove(0);
    let field = look::bid(&hand.one("textbox"));
    hand.fill(&field, &query).await;
    hand.press("Search").await;
    if place >= 3 {
        let page = hand.named(&(place / 3 + 1).to_string());
        hand.click(&page).await;
    }
    let result = hand.all("link").into_iter().nth(place % 3);
    let bid = hand.must(result.as_ref().map(look::bid), "no result");
    hand.click(&bid).await;
}

async fn solve_for_x(hand: Hand) {
    let texts = hand.texts();
    let problem = hand.must(texts.iter().find(|text| text.contains('=')), "no problem");
    let parts: Vec<_> = problem.split_whitespace().collect();
    let [left, sign, right, _, result] = parts[..] else {
        hand.give_up("no equation")
    };
    let result: i64 = hand.must(result.parse().ok(), "no result");
    let x = match (left.parse::<i64>(), sign, right.parse::<i64>()) {
        (Err(_), "+", Ok(right)) => result - right,
        (Err(_), _, Ok(right)) => result + right,
        (Ok(left), "+", _) => result - left,
        (Ok(left), _, _) => left - result,
        _ => hand.give_up("no numbers"),
    };
    enter_and_submit(hand, &x.to_string()).await;
}

async fn calculate(hand: Hand) {
    let texts = hand.texts();
    let problem = hand.must(texts.iter().find(|text| text.contains('=')), "no problem");
    let parts: Vec<_> = problem.split_whitespace().collect();
    let (Some(Ok(left)), Some(sign), Some(Ok(right))) = (
        parts.first().map(|part| part.parse::<i64>()),
        parts.get(1),
        parts.get(2).map(|part| part.parse::<i64>()),
    ) else {
        hand.give_up("no numbers")
    };
    let value = match *sign {
        "+" => left + right,
        "-" => left - right,
        _ => left * right,
    };
    enter_and_submit(hand, &value.to_string()).await;
}

async fn type_what_stands(hand: Hand) {
    let texts = hand.texts().join("");
    let value: String = texts.split_whitespace().collect();
    enter_and_submit(hand, &value).await;
}

/// The form can be used when the agreement is scrolled to its end.
async fn sign_agreement(mut hand: Hand) {
    let Some(name) = hand.quoted().first().cloned() else {
        return hand.press("Cancel").await;
    };
    let agreement = hand.must(hand.all("textbox").into_iter().next(), "no agreement");
    let (x, y) = middle(&agreement);
    let (dx, dy) = (0.0, 10_000.0);
    hand.act(Action::ScrollAt { x, y, dx, dy }).await;
    let field = hand
        .wait_for("the form stays closed", |hand| {
            let mut fields = hand.all("textbox").into_iter().skip(1);
            fields.find(|field| !field.states.iter().any(|state| state == "disabled"))
        })
        .await;
    hand.fill(&look::bid(&field), &name).await;
    let button = hand.quoted().remove(1);
    hand.press(&button).await;
}

/// Types the beginning and picks one of the proposals that come up.
async fn complete(mut hand: Hand) {
    let quoted = hand.quoted();
    let (start, end) = (
        quoted[0].clone(),
        quoted.get(1).cloned().unwrap_or_default(),
    );
    let field = look::bid(&hand.one("textbox"));
    hand.click(&field).await;
    hand.type_text(&start).await;
    let fits = move |name: &str| name.starts_with(&start) && name.ends_with(&end);
    let proposal = hand
        .wait_for("no proposal fits", |hand| {
            let mut nodes = hand.nodes().into_iter();
            nodes.find(|node| node.role != "text" && node.in_view && fits(&node.name))
        })
        .await;
    hand.click_on(&proposal).await;
    hand.press("Submit").await;
}
