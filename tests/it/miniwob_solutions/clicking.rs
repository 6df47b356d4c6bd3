//! Tasks that are done with clicks alone.

use agentarena::domain::action::Action;

use super::hand::{Entry, Hand};
use super::look;
use super::words;

/// The tasks of this family.
pub fn table() -> Vec<Entry> {
    vec![
        ("buy-ticket", |hand| Box::pin(take_best_offer(hand))),
        ("click-checkboxes-soft", |hand| Box::pin(tick_similar(hand))),
        ("click-checkboxes-transfer", |hand| {
            Box::pin(tick_named(hand))
        }),
        ("click-collapsible", |hand| {
            Box::pin(expand_and_submit(hand))
        }),
        ("click-collapsible-nodelay", |hand| {
            Box::pin(expand_and_submit(hand))
        }),
        ("click-collapsible-2", |hand| {
            Box::pin(look_behind_tabs(hand))
        }),
        ("click-collapsible-2-nodelay", |hand| {
            Box::pin(look_behind_tabs(hand))
        }),
        ("click-menu", |hand| Box::pin(descend_menu(hand))),
        ("click-menu-2", |hand| Box::pin(open_menu(hand))),
        ("click-scroll-list", |hand| Box::pin(choose_several(hand))),
        ("click-tab-2", |hand| Box::pin(look_behind_tabs(hand))),
        ("click-tab-2-easy", |hand| Box::pin(look_behind_tabs(hand))),
        ("click-tab-2-hard", |hand| Box::pin(look_behind_tabs(hand))),
        ("click-tab-2-medium", |hand| {
            Box::pin(look_behind_tabs(hand))
        }),
        ("find-greatest", |hand| Box::pin(turn_cards(hand))),
        ("generate-number", |hand| Box::pin(generate_number(hand))),
        ("navigate-tree", |hand| Box::pin(navigate_tree(hand))),
        ("odd-or-even", |hand| Box::pin(odd_or_even(hand))),
        ("phone-book", |hand| Box::pin(phone_book(hand))),
        ("unicode-test", |hand| Box::pin(press_quoted(hand))),
    ]
}

async fn press_quoted(mut hand: Hand) {
    let name = hand.quoted().remove(0);
    hand.press(&name).await;
}

/// Tickets and flights: a duration such as `12h 23m` before a button that names the price.
pub async fn take_best_offer(mut hand: Hand) {
    let mut minutes = 0;
    let mut offers = Vec::new();
    for node in hand.nodes() {
        if let Some(found) = words::minutes(&node.name) {
            minutes = found;
        }
        if let Some((_, price)) = node.name.split_once('$') {
            let price: i64 = hand.must(price.parse().ok(), "no price");
            offers.push((price, minutes, look::bid(&node)));
        }
    }
    let best = if hand.goal.contains("cheapest") {
        offers.into_iter().min_by_key(|offer| offer.0)
    } else if hand.goal.contains("most expensive") {
        offers.into_iter().max_by_key(|offer| offer.0)
    } else if hand.goal.contains("shortest") {
        offers.into_iter().min_by_key(|offer| offer.1)
    } else {
        offers.into_iter().max_by_key(|offer| offer.1)
    };
    let (_, _, bid) = hand.must(best, "no offer");
    // By keyboard, since the list of flights scrolls inside the page.
    hand.key_on(&bid, "Enter").await;
}

async fn tick_named(mut hand: Hand) {
    let names = hand.between("Select ", " and click Submit.");
    for name in names.split(", ").filter(|name| *name != "nothing") {
        let bid = hand.bid("checkbox", name);
        hand.act(Action::Check { bid }).await;
    }
    hand.press("Submit").await;
}

async fn tick_similar(mut hand: Hand) {
    let wanted = hand.between("similar to ", " and click Submit.");
    for wanted in wanted.split(", ") {
        let boxes = hand.all("checkbox");
        let similar = boxes.iter().find(|node| words::similar(&node.name, wanted));
        let bid = hand.must(similar.map(look::bid), &format!("nothing like {wanted}"));
        hand.act(Action::Check { bid }).await;
    }
    hand.press("Submit").await;
}

async fn expand_and_submit(mut hand: Hand) {
    let section = hand.one("tab");
    hand.click(&look::bid(&section)).await;
    hand.press("Submit").await;
}

/// Opens one tab or section after the other until the link shows.
async fn look_behind_tabs(mut hand: Hand) {
    let name = hand.quoted().remove(0);
    let tabs = hand.all("tab");
    for tab in tabs {
        if click_link(&mut hand, &name).await {
            return;
        }
        hand.click(&look::bid(&tab)).await;
    }
    hand.wait_for(&format!("no link {name}"), |hand| {
        look::by_role_and_name(&hand.seen, "clickable", &name).map(look::bid)
    })
    .await;
    click_link(&mut hand, &name).await;
}

async fn click_link(hand: &mut Hand, name: &str) -> bool {
    let link = look::by_role_and_name(&hand.seen, "clickable", name);
    let Some(bid) = link.filter(|link| link.in_view).map(look::bid) else {
        return false;
    };
    hand.click(&bid).await;
    true
}

/// A menu that opens where the mouse is: a click on the way would count as a choice.
async fn descend_menu(mut hand: Hand) {
    let path = hand.must(
        hand.goal.strip_prefix("Select ").map(str::to_owned),
        "no path",
    );
    let names: Vec<_> = path.split('>').collect();
    for (place, name) in names.iter().enumerate() {
        let bid = hand
            .wait_for(&format!("no item {name}"), |hand| {
                look::by_role_and_name(&hand.seen, "menuitem", name).map(look::bid)
            })
            .await;
        if place + 1 == names.len() {
            hand.click(&bid).await;
        } else {
            hand.hover(&bid).await;
        }
    }
}

/// A menu behind a button, with one submenu. The goal names an item or its icon.
async fn open_menu(mut hand: Hand) {
    let icons = [
        ("ui-icon-disk", "Save"),
        ("ui-icon-seek-start", "Prev"),
        ("ui-icon-stop", "Stop"),
        ("ui-icon-play", "Play"),
        ("ui-icon-seek-end", "Next"),
        ("ui-icon-zoomin", "Zoom In"),
        ("ui-icon-zoomout", "Zoom Out"),
    ];
    let wanted = hand.must(hand.quoted().pop(), "no item in the goal");
    let icon = icons.iter().find(|(icon, _)| *icon == wanted);
    let name = icon.map_or(wanted.as_str(), |(_, name)| name);
    hand.press("Menu").await;
    if ["Prev", "Stop", "Play", "Next"].contains(&name) {
        let parent = hand.named("Playback");
        hand.hover(&parent).await;
    }
    let item = hand
        .wait_for(&format!("no item {name}"), |hand| {
            let item = look::by_role_and_name(&hand.seen, "menuitem", name);
            item.filter(|item| item.in_view).map(look::bid)
        })
        .await;
    hand.click(&item).await;
}

async fn choose_several(mut hand: Hand) {
    let wanted = hand.between("Select ", " from the scroll list");
    let list = hand.one("listbox");
    let options = wanted.split(", ").map(str::to_owned).collect();
    let bid = look::bid(&list);
    hand.act(Action::SelectOption { bid, options }).await;
    hand.press("Submit").await;
}

/// Cards show their number only while they are picked.
async fn turn_cards(mut hand: Hand) {
    let cards = hand.all("clickable");
    let (mut best, mut last) = (None, None);
    for card in cards {
        let bid = look::bid(&card);
        hand.click(&bid).await;
        let shown = hand.seen.node(&bid).map(|node| node.name.clone());
        let mut number = shown.into_iter().chain(hand.texts());
        let number = number.find_map(|text| text.parse::<i64>().ok());
        let number = hand.must(number, "no number");
        last = Some(bid.clone());
        best = best.max(Some((number, bid)));
    }
    let (_, bid) = hand.must(best, "no card");
    if last.as_ref() != Some(&bid) {
        hand.click(&bid).await;
    }
    hand.press("Submit").await;
}

async fn generate_number(mut hand: Hand) {
    let limit = words::numbers(&hand.goal)
        .first()
        .copied()
        .unwrap_or_default();
    loop {
        let texts = hand.texts();
        let number = texts.iter().find_map(|text| text.parse::<i64>().ok());
        let good = number.is_some_and(|number| match &hand.goal {
            goal if goal.contains("less than") => number < limit,
            goal if goal.contains("greater than") => number > limit,
            goal if goal.contains("odd") => number % 2 != 0,
            _ => number % 2 == 0,
        });
        if good {
            return hand.press("Submit").await;
        }
        hand.press("Generate").await;
    }
}

/// Opens every folder at the top until the name shows.
async fn navigate_tree(mut hand: Hand) {
    let name = hand.quoted().remove(0);
    let mut opened = Vec::new();
    loop {
        let nodes = hand.nodes();
        if let Some(found) = nodes.iter().find(|node| node.name == name) {
            return hand.click_on(found).await;
        }
        let mut folders = nodes
            .iter()
            .filter(|node| node.bid.is_some() && node.in_view);
        let next = folders.find(|node| !opened.contains(&look::bid(node)) && node.role != "canvas");
        let bid = hand.must(next.map(look::bid), "no folder left");
        hand.click(&bid).await;
        opened.push(bid);
    }
}

async fn odd_or_even(mut hand: Hand) {
    let nodes = hand.nodes();
    for row in nodes.windows(3) {
        let [odd, number, even] = row else { continue };
        let Ok(number) = number.name.parse::<i64>() else {
            continue;
        };
        let choice = if number % 2 == 0 { even } else { odd };
        hand.click(&look::bid(choice)).await;
    }
    hand.press("Submit").await;
}

async fn phone_book(mut hand: Hand) {
    let person = hand.between("Find ", " in the contact book");
    let property = ["phone", "email", "address"]
        .into_iter()
        .find(|word| hand.goal.contains(&format!("their {word}")));
    let property = hand.must(property, "no property");
    loop {
        let nodes = hand.nodes();
        if nodes
            .iter()
            .any(|node| node.role == "heading" && node.name == person)
        {
            let at = nodes.iter().position(|node| {
                node.role == "text" && node.name.to_lowercase().starts_with(property)
            });
            let bid = hand.must(
                at.and_then(|at| nodes.get(at + 1)).map(look::bid),
                "no link",
            );
            return hand.click(&bid).await;
        }
        let next = hand.named(">");
        hand.click(&next).await;
    }
}
