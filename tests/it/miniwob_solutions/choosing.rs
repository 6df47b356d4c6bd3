//! Tasks that are done with pickers: dates, sliders, spinners, colours, menus in a circle.

use agentarena::domain::action::Action;
use agentarena::domain::observation::Node;

use super::hand::{Entry, Hand, middle};
use super::{look, words};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The tasks of this family.
pub fn table() -> Vec<Entry> {
    vec![
        ("book-flight", |hand| Box::pin(book_flight(hand))),
        ("book-flight-nodelay", |hand| Box::pin(book_flight(hand))),
        ("choose-date", |hand| Box::pin(choose_date(hand))),
        ("choose-date-easy", |hand| Box::pin(choose_date(hand))),
        ("choose-date-medium", |hand| Box::pin(choose_date(hand))),
        ("choose-date-nodelay", |hand| Box::pin(choose_date(hand))),
        ("click-pie", |hand| Box::pin(open_pie(hand))),
        ("click-pie-nodelay", |hand| Box::pin(open_pie(hand))),
        ("form-sequence", |hand| Box::pin(slide_and_tick(hand))),
        ("form-sequence-3", |hand| {
            Box::pin(drop_down_and_press(hand))
        }),
        ("number-checkboxes", |hand| Box::pin(draw_digit(hand))),
        ("use-colorwheel", |hand| Box::pin(enter_colour(hand))),
        ("use-colorwheel-2", |hand| Box::pin(enter_code(hand))),
        ("use-slider", |hand| Box::pin(use_slider(hand))),
        ("use-slider-2", |hand| Box::pin(use_sliders(hand))),
        ("use-spinner", |hand| Box::pin(use_spinner(hand))),
    ]
}

async fn choose_date(mut hand: Hand) {
    let date = hand.between("Select ", " as the date");
    let field = hand.one("textbox");
    pick_date(&mut hand, &field, &date).await;
    hand.press("Submit").await;
}

/// Opens the calendar of a field, goes to the month by keyboard and clicks the day.
async fn pick_date(hand: &mut Hand, field: &Node, date: &str) {
    let parts = words::numbers(&date.replace('/', " "));
    let [month, day, year] = parts[..] else {
        hand.give_up("no date")
    };
    hand.click(&look::bid(field)).await;
    loop {
        let shown = hand.wait_for("no calendar", month_shown).await;
        let wanted = year * 12 + month - 1;
        match wanted - shown {
            0 => break,
            ahead if ahead > 0 => hand.key("PageDown").await,
            _ => hand.key("PageUp").await,
        }
    }
    let day = hand.bid("link", &day.to_string());
    hand.click(&day).await;
}

/// Months since the year 0.
fn month_shown(hand: &Hand) -> Option<i64> {
    hand.nodes().iter().find_map(|node| {
        let (month, year) = node.name.split_once(' ')?;
        let month = MONTHS.iter().position(|name| *name == month)?;
        let year: i64 = year.parse().ok()?;
        Some(year * 12 + i64::try_from(month).ok()?)
    })
}

async fn book_flight(mut hand: Hand) {
    let from = hand.between("from: ", " to: ");
    let to = hand.between(" to: ", " on ");
    let (_, date) = hand.goal.rsplit_once(" on ").expect("a date in the goal");
    let date = date.trim_end_matches('.').to_owned();
    for (name, place) in [("From:", from), ("To:", to)] {
        let field = hand.bid("textbox", name);
        hand.click(&field).await;
        hand.type_text(&place).await;
        let proposal = hand
            .wait_for(&format!("no airport {place}"), |hand| {
                airport(&hand.nodes(), &place)
            })
            .await;
        hand.click_on(&proposal).await;
    }
    let field = hand.all("textbox").pop();
    let field = hand.must(field, "no field for the date");
    pick_date(&mut hand, &field, &date).await;
    hand.press("Search").await;
    super::clicking::take_best_offer(hand).await;
}

/// A proposal such as `Austin, TX (AUS)` for a city or a code.
fn airport(nodes: &[Node], wanted: &str) -> Option<Node> {
    let mut proposals = nodes
        .iter()
        .filter(|node| node.role != "text" && node.role != "textbox");
    let fits = |node: &&Node| {
        node.name.contains(&format!("({wanted})")) || node.name.starts_with(&format!("{wanted} ("))
    };
    proposals.find(fits).cloned()
}

/// The pie opens slowly; its parts are tiny until it is open.
async fn open_pie(mut hand: Hand) {
    let name = hand.quoted().remove(0);
    let opener = hand.named("+");
    hand.click(&opener).await;
    let part = hand
        .wait_for(&format!("no part {name}"), |hand| {
            let mut parts = hand.all("clickable").into_iter();
            parts.find(|part| part.name == name && part.bbox.is_some_and(|place| place[3] > 8.0))
        })
        .await;
    hand.click(&look::bid(&part)).await;
}

/// Brings a slider to a value: by keyboard when it is near, else by dragging first.
async fn slide(hand: &mut Hand, place: usize, wanted: i64) {
    let (mut handle, mut value) = slider(hand, place);
    let bid = look::bid(&handle);
    if (wanted - value).abs() > 12 {
        hand.key_on(&bid, "Home").await;
        let (lowest, minimum) = slider(hand, place);
        hand.key_on(&bid, "End").await;
        (handle, value) = slider(hand, place);
        let maximum = value;
        let (from, to) = (middle(&handle), middle(&lowest));
        #[expect(clippy::cast_precision_loss, reason = "values of sliders are small")]
        let part = (maximum - wanted) as f64 / (maximum - minimum) as f64;
        let target = (
            from.0 + (to.0 - from.0) * part,
            from.1 + (to.1 - from.1) * part,
        );
        hand.drag(from, target).await;
        (_, value) = slider(hand, place);
    }
    while value != wanted {
        let key = if value < wanted {
            "ArrowRight"
        } else {
            "ArrowLeft"
        };
        hand.key_on(&bid, key).await;
        (_, value) = slider(hand, place);
    }
}

/// The handle of a slider and its value, which stands after it.
fn slider(hand: &Hand, place: usize) -> (Node, i64) {
    let nodes = hand.nodes();
    let handles = nodes.iter().enumerate().filter(|(_, node)| {
        node.bid.is_some() && node.name.is_empty() && ["clickable", "slider"].contains(&&*node.role)
    });
    let (at, handle) = hand.must(handles.clone().nth(place), "no slider");
    let mut values = nodes[at..].iter().filter(|node| node.bid.is_none());
    let value = values.find_map(|node| node.name.parse().ok());
    (handle.clone(), hand.must(value, "no value"))
}

async fn use_slider(mut hand: Hand) {
    let wanted = words::numbers(&hand.goal)[0];
    slide(&mut hand, 0, wanted).await;
    hand.press("Submit").await;
}

async fn use_sliders(mut hand: Hand) {
    for (place, wanted) in words::numbers(&hand.goal).into_iter().enumerate() {
        slide(&mut hand, place, wanted).await;
    }
    hand.press("Submit").await;
}

async fn slide_and_tick(mut hand: Hand) {
    let wanted = words::numbers(&hand.between("Select ", " with"))[0];
    let place = hand.must(words::place(&hand.goal), "no place");
    slide(&mut hand, 0, wanted).await;
    let bid = hand.must(hand.all("checkbox").get(place).map(look::bid), "no box");
    hand.act(Action::Check { bid }).await;
    hand.press("Submit").await;
}

async fn use_spinner(mut hand: Hand) {
    let wanted = words::numbers(&hand.goal)[0];
    loop {
        let spinner = hand.one("spinbutton");
        let value = spinner
            .value
            .as_ref()
            .and_then(|value| value.parse::<i64>().ok());
        let value = hand.must(value, "no value");
        if value == wanted {
            return hand.press("Submit").await;
        }
        let key = if value < wanted {
            "ArrowUp"
        } else {
            "ArrowDown"
        };
        hand.key_on(&look::bid(&spinner), key).await;
    }
}

async fn drop_down_and_press(mut hand: Hand) {
    let option = hand.between("Choose ", " from the dropdown");
    let bid = look::bid(&hand.one("combobox"));
    let options = vec![option];
    hand.act(Action::SelectOption { bid, options }).await;
    // The page shows a list of its own over the buttons while the box has focus.
    hand.key("Escape").await;
    let name = hand.quoted().remove(0);
    hand.press(&name).await;
}

async fn draw_digit(mut hand: Hand) {
    let digit: usize = hand.must(hand.quoted()[0].parse().ok(), "no digit");
    let dots = words::DIGITS[digit].chars().filter(|dot| *dot != ' ');
    let boxes = hand.all("checkbox");
    for (cell, dot) in boxes.iter().zip(dots) {
        if dot == '#' {
            let bid = look::bid(cell);
            hand.act(Action::Check { bid }).await;
        }
    }
    hand.press("Submit").await;
}

async fn enter_code(mut hand: Hand) {
    let code = hand.between("#", " ");
    let field = look::bid(&hand.one("textbox"));
    hand.fill(&field, &code).await;
    hand.press("Submit").await;
}

async fn enter_colour(mut hand: Hand) {
    let name = hand.between("Select ", " with the color picker");
    let code = hand.must(words::colour(&name), &format!("no colour {name}"));
    let field = look::bid(&hand.one("textbox"));
    hand.fill(&field, code).await;
    hand.press("Submit").await;
}
