//! A product: variants with their prices and stock, tabs, reviews; what can be done from there.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::clock::day_text;
use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::form::Form;
use crate::sites::shop::pages::frame::{self, Frame, category_href, product_href};
use crate::sites::shop::pages::goods::{self, Good};
use crate::sites::shop::pages::missing;
use crate::sites::shop::pages::parts::{
    Link, Pages, Picture, PriceTag, Stars, StockLine, counted, extent, months,
};
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::queries::product::{REVIEWS_PER_PAGE, Stock, price_of, stock};
use crate::sites::shop::queries::{Paged, kilograms, listing, product as products};
use crate::sites::shop::state::{Product, RETURN_DAYS, Review, ShopState, Variant};
use crate::sites::shop::view::{Route, Tab};

#[derive(Template)]
#[template(path = "sites/shop/product.html")]
struct ProductPage {
    frame: Frame,
    form: Form,
    name: String,
    brand: String,
    picture: Picture,
    rating: Option<Stars>,
    price: PriceTag,
    price_note: String,
    summary: String,
    description: String,
    packed: String,
    delivery_href: String,
    return_days: i64,
    option_name: String,
    variants: Vec<VariantRow>,
    all_sold_out: bool,
    tabs: Vec<Link>,
    tab: Tab,
    specs: Vec<(String, String)>,
    reviews: Vec<ReviewRow>,
    reviews_href: String,
    review_count: String,
    writing: Writing,
    similar: Vec<Good>,
}

struct VariantRow {
    sku: String,
    label: String,
    colour: &'static str,
    price: PriceTag,
    note: String,
    stock: StockLine,
    chosen: bool,
    sold_out: bool,
    alert_set: bool,
}

struct ReviewRow {
    title: String,
    stars: u8,
    author: String,
    date: String,
    text: String,
}

/// Whether the customer may write a review.
struct Writing {
    href: String,
    refusal: String,
}

/// Shows a product.
pub fn show(visit: &Visit, id: &str, variant: Option<&str>, tab: Tab) -> HttpResponse {
    let start = Form::starting(&[("quantity", "1"), ("variant", variant.unwrap_or_default())]);
    render(visit, id, tab, start, None)
}

fn render(
    visit: &Visit,
    id: &str,
    tab: Tab,
    form: Form,
    refusal: Option<&Refusal>,
) -> HttpResponse {
    let state = visit.state();
    let Some(product) = products::product(&state, id) else {
        return missing::show(visit);
    };
    let chosen = product
        .variants
        .iter()
        .find(|variant| variant.sku.as_str() == form.value("variant"))
        .or_else(|| product.variants.first());
    let Some(chosen) = chosen else {
        return missing::show(visit);
    };
    report(visit, product);
    let price = price_of(chosen);
    let variants: Vec<VariantRow> = product
        .variants
        .iter()
        .map(|variant| variant_row(&state, product, variant, variant.sku == chosen.sku))
        .collect();
    let newest = products::reviews(&state, id, None, 1);
    let similar: Vec<_> = products::similar(&state, product, 4)
        .into_iter()
        .map(|other| listing::row(&state, other))
        .collect();
    let template = ProductPage {
        frame: frame_of(visit, &state, product, None)
            .refusing(refusal.map(|refusal| refusal.message.clone())),
        name: product.name.clone(),
        brand: product.brand.clone(),
        picture: Picture::of(product, Some(chosen)),
        rating: Stars::of(products::rating(&state, id).as_ref()),
        price: PriceTag::of(&price),
        price_note: PriceTag::note(&price),
        summary: first_sentence(&product.description).to_owned(),
        description: product.description.clone(),
        packed: kilograms(product.packed_weight_g),
        delivery_href: delivery_href(),
        return_days: RETURN_DAYS,
        option_name: product.option_name.clone(),
        all_sold_out: variants.iter().all(|variant| variant.sold_out),
        variants,
        tabs: tabs(product, chosen, tab, newest.total),
        tab,
        specs: specs(product),
        reviews_href: reviews_href(id, None, 1),
        review_count: counted(newest.total, "review"),
        reviews: newest
            .rows
            .iter()
            .take(5)
            .map(|review| review_row(review))
            .collect(),
        writing: writing(&state, product),
        similar: goods::cards(visit, &similar),
        form,
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| frame::status_of(refusal.status()));
    frame::page(status, &template)
}

fn report(visit: &Visit, product: &Product) {
    visit.show("shop.products", &product.id);
    for variant in &product.variants {
        visit.show("shop.variants", &variant.sku);
    }
    visit.remember(|incidental| {
        let viewed = &mut incidental.recently_viewed;
        viewed.retain(|earlier| *earlier != product.id);
        viewed.insert(0, product.id.clone());
        viewed.truncate(8);
    });
}

/// The frame of a page below a product, or of the product itself.
pub fn frame_of(visit: &Visit, state: &ShopState, product: &Product, below: Option<&str>) -> Frame {
    let main = product.categories.first();
    let trail = main.map_or_else(Vec::new, |id| products::breadcrumb(state, id.as_str()));
    let mut above: Vec<Link> = trail
        .iter()
        .map(|category| Link::to(category_href(category.id.as_str()), &category.name))
        .collect();
    let here = below.unwrap_or(&product.name);
    if below.is_some() {
        above.push(Link::to(product_href(product.id.as_str()), &product.name));
    }
    let bar = products::bar(state);
    let department = trail
        .iter()
        .rev()
        .find(|category| bar.iter().any(|entry| entry.id == category.id))
        .map_or("", |category| category.id.as_str());
    let title = below.map_or_else(
        || product.name.clone(),
        |below| format!("{below}: {}", product.name),
    );
    Frame::new(visit, state, title)
        .within(department)
        .under(above, here)
}

fn variant_row(
    state: &ShopState,
    product: &Product,
    variant: &Variant,
    chosen: bool,
) -> VariantRow {
    let left = stock(state, variant.sku.as_str());
    let price = price_of(variant);
    VariantRow {
        sku: variant.sku.to_string(),
        label: variant.label.clone(),
        colour: Picture::of(product, Some(variant)).colour,
        price: PriceTag::of(&price),
        note: PriceTag::note(&price),
        stock: StockLine::of(left),
        chosen,
        sold_out: left == Stock::SoldOut,
        alert_set: state.stock_alerts.contains_key(&variant.sku),
    }
}

fn first_sentence(text: &str) -> &str {
    text.split_inclusive(". ").next().unwrap_or(text).trim()
}

fn tabs(product: &Product, chosen: &Variant, open: Tab, reviews: usize) -> Vec<Link> {
    let first = product.variants.first().map(|variant| &variant.sku);
    let variant = (first != Some(&chosen.sku)).then(|| chosen.sku.to_string());
    [
        (Tab::Description, "Description".to_owned()),
        (Tab::Details, "Details".to_owned()),
        (Tab::Delivery, "Delivery".to_owned()),
        (Tab::Reviews, format!("Reviews ({reviews})")),
    ]
    .into_iter()
    .map(|(tab, label)| Link {
        href: Route::Product {
            product: product.id.to_string(),
            variant: variant.clone(),
            tab,
        }
        .href(),
        label,
        current: tab == open,
    })
    .collect()
}

fn specs(product: &Product) -> Vec<(String, String)> {
    let row = |label: &str, value: String| (label.to_owned(), value);
    let mut rows = vec![
        row("Maker", product.brand.clone()),
        row("Type", product.kind.clone()),
    ];
    rows.extend(product.details.iter().cloned());
    rows.push(row("Weight", kilograms(product.weight_g)));
    rows.push(row(
        "Weight with packing",
        kilograms(product.packed_weight_g),
    ));
    rows.push(row("Guarantee", months(product.guarantee_months)));
    rows.push(row("Article", product.article.clone()));
    rows
}

fn review_row(review: &Review) -> ReviewRow {
    ReviewRow {
        title: review.title.clone(),
        stars: review.stars,
        author: review.author.clone(),
        date: day_text(review.written_on),
        text: review.text.clone(),
    }
}

fn writing(state: &ShopState, product: &Product) -> Writing {
    let id = product.id.as_str();
    let refusal = if let Some(own) = products::own_review(state, id) {
        format!("You reviewed this product on {}.", day_text(own.written_on))
    } else if products::bought_in(state, id).is_none() {
        "Only customers who bought this product can review it.".to_owned()
    } else {
        String::new()
    };
    let href = Route::ReviewNew {
        product: id.to_owned(),
    }
    .href();
    Writing { href, refusal }
}

fn delivery_href() -> String {
    Route::HelpPage {
        page: "delivery".to_owned(),
    }
    .href()
}

fn reviews_href(product: &str, stars: Option<u8>, page: u32) -> String {
    Route::Reviews {
        product: product.to_owned(),
        stars,
        page,
    }
    .href()
}

#[derive(Template)]
#[template(path = "sites/shop/reviews.html")]
struct ReviewsPage {
    frame: Frame,
    name: String,
    rating: Option<Stars>,
    filters: Vec<StarFilter>,
    count_text: String,
    reviews: Vec<ReviewRow>,
    pages: Pages,
    writing: Writing,
}

struct StarFilter {
    href: String,
    label: String,
    count: u32,
    chosen: bool,
}

/// Shows all reviews of a product.
pub fn reviews(visit: &Visit, id: &str, stars: Option<u8>, page: u32) -> HttpResponse {
    let state = visit.state();
    let Some(product) = products::product(&state, id) else {
        return missing::show(visit);
    };
    let found: Paged<&Review> = products::reviews(&state, id, stars, page);
    visit.show("shop.products", id);
    for review in &found.rows {
        visit.show("shop.reviews", review.no);
    }
    let template = ReviewsPage {
        frame: frame_of(visit, &state, product, Some("Reviews")),
        name: product.name.clone(),
        rating: Stars::of(products::rating(&state, id).as_ref()),
        filters: star_filters(&state, id, stars),
        count_text: extent(&found, REVIEWS_PER_PAGE, "review"),
        pages: Pages::of(&found, |page| reviews_href(id, stars, page)),
        reviews: found.rows.iter().map(|review| review_row(review)).collect(),
        writing: writing(&state, product),
    };
    frame::ok(&template)
}

fn star_filters(state: &ShopState, id: &str, chosen: Option<u8>) -> Vec<StarFilter> {
    let counts = products::star_counts(state, id);
    let mut filters = vec![StarFilter {
        href: reviews_href(id, None, 1),
        label: "All stars".to_owned(),
        count: counts.iter().sum(),
        chosen: chosen.is_none(),
    }];
    for (stars, count) in [5, 4, 3, 2, 1].into_iter().zip(counts) {
        filters.push(StarFilter {
            href: reviews_href(id, Some(stars), 1),
            label: counted(usize::from(stars), "star"),
            count,
            chosen: chosen == Some(stars),
        });
    }
    filters
}

/// Puts the chosen variant into the cart.
pub async fn add_to_cart(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["variant", "quantity"]) {
        return answer;
    }
    let sku = posted.fields.text("variant").to_owned();
    let done = pieces(posted.fields.text("quantity"))
        .and_then(|quantity| posted.write(|state| actions::cart::add(state, &sku, quantity)));
    match done {
        Ok(()) => {
            let name = full_name(&posted.visit.state(), &sku);
            let message = format!("{name} is in your cart.");
            frame::go_saying(&posted.visit, &Route::Cart.href(), message)
        }
        Err(refusal) => refused(&posted, &sku, &refusal),
    }
}

/// Puts the product with the chosen variant on the wishlist.
pub async fn add_to_wishlist(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["variant", "quantity"]) {
        return answer;
    }
    let sku = posted.fields.text("variant").to_owned();
    let state = posted.visit.state();
    let Some((product, _)) = products::variant(&state, &sku) else {
        return missing::show(&posted.visit);
    };
    let id = product.id.as_str();
    match posted.write(|state| actions::wishlist::add(state, id, Some(&sku))) {
        Ok(()) => {
            let message = format!("{} is on your wishlist.", full_name(&state, &sku));
            frame::go_saying(&posted.visit, &chosen_href(id, &sku), message)
        }
        Err(refusal) => refused(&posted, &sku, &refusal),
    }
}

/// Asks to be told when a sold-out variant is back.
pub async fn set_alert(posted: Posted) -> HttpResponse {
    let done = "We will write to you once when it is in stock again.";
    alert(&posted, done, actions::wishlist::add_stock_alert)
}

/// Takes the wish to be told back.
pub async fn drop_alert(posted: Posted) -> HttpResponse {
    let done = "The stock alert is off.";
    alert(&posted, done, actions::wishlist::remove_stock_alert)
}

fn alert(
    posted: &Posted,
    done: &str,
    act: impl FnOnce(&mut ShopState, &str) -> Result<(), Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["variant"]) {
        return answer;
    }
    let sku = posted.fields.text("variant").to_owned();
    if let Err(refusal) = posted.write(|state| act(state, &sku)) {
        return refused(posted, &sku, &refusal);
    }
    let state = posted.visit.state();
    let href = products::variant(&state, &sku).map_or_else(
        || Route::Home.href(),
        |(product, _)| chosen_href(product.id.as_str(), &sku),
    );
    frame::go_saying(&posted.visit, &href, done)
}

fn refused(posted: &Posted, sku: &str, refusal: &Refusal) -> HttpResponse {
    let state = posted.visit.state();
    let Some((product, _)) = products::variant(&state, sku) else {
        return missing::show(&posted.visit);
    };
    let form = Form::refused(&posted.fields, refusal);
    render(
        &posted.visit,
        product.id.as_str(),
        Tab::Description,
        form,
        Some(refusal),
    )
}

fn chosen_href(product: &str, sku: &str) -> String {
    Route::Product {
        product: product.to_owned(),
        variant: Some(sku.to_owned()),
        tab: Tab::Description,
    }
    .href()
}

/// A number of pieces as typed.
pub fn pieces(text: &str) -> Result<u32, Refusal> {
    text.parse().map_err(|_| {
        Refusal::field(
            "quantity",
            "Give the quantity as a whole number, such as 2.",
        )
    })
}

/// A product with its variant, in words.
pub fn full_name(state: &ShopState, sku: &str) -> String {
    match products::variant(state, sku) {
        Some((product, variant)) if variant.label.is_empty() => product.name.clone(),
        Some((product, variant)) => format!("{}, {}", product.name, variant.label),
        None => sku.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantity_is_a_whole_number() {
        assert_eq!(pieces("3"), Ok(3));
        for wrong in ["", "two", "-1", "1.5", "99999999999"] {
            assert!(pieces(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_summary_is_the_first_sentence() {
        assert_eq!(first_sentence("Heats fast. Stays hot."), "Heats fast.");
        assert_eq!(first_sentence("One"), "One");
    }
}
