//! The start page.

use actix_web::HttpResponse;
use askama::Template;

use crate::sites::shop::pages::Visit;
use crate::sites::shop::pages::frame::{self, Frame, category_href};
use crate::sites::shop::pages::goods::{self, Good};
use crate::sites::shop::pages::parts::Picture;
use crate::sites::shop::queries::{listing, product};
use crate::sites::shop::state::{Category, ShopState};

#[derive(Template)]
#[template(path = "sites/shop/home.html")]
struct HomePage {
    frame: Frame,
    hero: Vec<Picture>,
    hero_href: String,
    hero_name: String,
    doors: Vec<Door>,
    featured: Vec<Good>,
    reduced: Vec<Good>,
    newest: Vec<Good>,
    recent: Vec<Good>,
}

struct Door {
    href: String,
    name: String,
    picture: Picture,
    count: usize,
}

/// Shows the start page.
pub fn show(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let home = listing::home(&state);
    let doors: Vec<Door> = product::bar(&state)
        .into_iter()
        .map(|category| door(&state, category))
        .collect();
    let template = HomePage {
        frame: Frame::new(visit, &state, "Kitchen supply"),
        hero: doors.iter().take(2).map(|door| door.picture).collect(),
        hero_href: doors
            .first()
            .map_or_else(String::new, |door| door.href.clone()),
        hero_name: doors
            .first()
            .map_or_else(String::new, |door| door.name.to_lowercase()),
        doors,
        featured: goods::cards(visit, &home.featured),
        reduced: goods::cards(visit, &home.reduced),
        newest: goods::cards(visit, &home.newest),
        recent: goods::cards(visit, &home.recent),
    };
    frame::ok(&template)
}

fn door(state: &ShopState, category: &Category) -> Door {
    let inside = state
        .catalogue
        .products
        .values()
        .filter(|product| product::in_category(state, product, category.id.as_str()));
    let first = inside.clone().min_by_key(|product| product.featured_rank);
    Door {
        href: category_href(category.id.as_str()),
        name: category.name.clone(),
        picture: first.map_or(
            Picture {
                drawing: "pot",
                colour: "#8f9a8d",
            },
            |product| Picture::of(product, product.variants.first()),
        ),
        count: inside.count(),
    }
}
