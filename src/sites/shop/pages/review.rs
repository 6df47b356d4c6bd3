//! Writing a review, and the customer's own reviews.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::clock::day_text;
use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::account;
use crate::sites::shop::pages::form::{Choice, Form};
use crate::sites::shop::pages::frame::{self, Frame, product_href};
use crate::sites::shop::pages::missing;
use crate::sites::shop::pages::parts::Link;
use crate::sites::shop::pages::product::frame_of;
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::queries::{orders, product as products};
use crate::sites::shop::view::Route;

#[derive(Template)]
#[template(path = "sites/shop/review_form.html")]
struct ReviewForm {
    frame: Frame,
    form: Form,
    product: String,
    action: String,
    cancel_href: String,
    stars: Vec<Choice>,
    refusal: String,
}

/// Shows the form for a review.
pub fn show(visit: &Visit, id: &str) -> HttpResponse {
    render(visit, id, Form::default(), StatusCode::OK)
}

fn render(visit: &Visit, id: &str, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let Some(product) = products::product(&state, id) else {
        return missing::show(visit);
    };
    visit.show("shop.products", id);
    let refusal = if let Some(own) = products::own_review(&state, id) {
        format!("You reviewed this product on {}.", day_text(own.written_on))
    } else if products::bought_in(&state, id).is_none() {
        "Only customers who bought this product can review it.".to_owned()
    } else {
        String::new()
    };
    let stars = [
        ("1", "1 star"),
        ("2", "2 stars"),
        ("3", "3 stars"),
        ("4", "4 stars"),
        ("5", "5 stars"),
    ];
    let template = ReviewForm {
        frame: frame_of(visit, &state, product, Some("Write a review")),
        product: product.name.clone(),
        action: Route::ReviewNew {
            product: id.to_owned(),
        }
        .href(),
        cancel_href: product_href(id),
        stars: stars
            .into_iter()
            .map(|(value, label)| Choice::new(value, label))
            .collect(),
        refusal,
        form,
    };
    frame::page(status, &template)
}

/// Takes a review.
pub async fn send(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["stars", "title", "text"]) {
        return answer;
    }
    let id = path.into_inner();
    let fields = &posted.fields;
    let done: Result<_, Refusal> = posted.write(|state| {
        actions::orders::review(
            state,
            &id,
            fields.text("stars"),
            fields.text("title"),
            fields.text("text"),
        )
    });
    match done {
        Ok(_) => {
            let message = "Thank you. Your review is on the product page.";
            frame::go_saying(&posted.visit, &Route::OwnReviews.href(), message)
        }
        Err(refusal) => {
            let form = Form::refused(fields, &refusal);
            render(&posted.visit, &id, form, frame::status_of(refusal.status()))
        }
    }
}

#[derive(Template)]
#[template(path = "sites/shop/my_reviews.html")]
struct OwnReviews {
    frame: Frame,
    nav: Vec<Link>,
    reviews: Vec<OwnReview>,
    waiting: Vec<Link>,
}

struct OwnReview {
    href: String,
    product: String,
    title: String,
    stars: u8,
    date: String,
    text: String,
}

/// Shows the customer's own reviews and what can be reviewed.
pub fn own(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let reviews = orders::own_reviews(&state);
    for review in &reviews {
        visit.show("shop.reviews", review.no);
    }
    let template = OwnReviews {
        frame: account::frame_of(visit, &state, "My reviews"),
        nav: account::nav(&Route::OwnReviews.href()),
        reviews: reviews
            .into_iter()
            .map(|review| OwnReview {
                href: product_href(review.product.as_str()),
                product: products::product(&state, review.product.as_str()).map_or_else(
                    || review.product.to_string(),
                    |product| product.name.clone(),
                ),
                title: review.title.clone(),
                stars: review.stars,
                date: day_text(review.written_on),
                text: review.text.clone(),
            })
            .collect(),
        waiting: orders::to_review(&state)
            .into_iter()
            .map(|product| {
                let route = Route::ReviewNew {
                    product: product.id.to_string(),
                };
                Link::to(route.href(), &product.name)
            })
            .collect(),
    };
    frame::ok(&template)
}
