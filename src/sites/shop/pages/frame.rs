//! What surrounds every page: head, search, departments, breadcrumb, clock; and how a page or
//! a redirect becomes an answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use askama::Template;

use crate::sites::clock;
use crate::sites::shop::pages::parts::Link;
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::queries::{cart, money, product};
use crate::sites::shop::state::{FREE_DELIVERY_CENTS, RETURN_DAYS, ShopState};
use crate::sites::shop::view::{Listing, Route, Tab};

/// What surrounds a page.
#[derive(Debug)]
pub struct Frame {
    /// Title of the page.
    pub title: String,
    /// The customer's first name.
    pub first_name: String,
    /// Pieces in the cart.
    pub cart_count: u32,
    /// What was searched for.
    pub query: String,
    /// Number of products in the shop.
    pub product_count: usize,
    /// The line at the very top.
    pub promise: String,
    /// Categories of the bar.
    pub departments: Vec<Link>,
    /// Where the page stands.
    pub crumbs: Vec<Link>,
    /// What was just done.
    pub flash: Option<String>,
    /// What was just refused.
    pub refusal: Option<String>,
    /// A dialog stands in front; the rest of the page cannot be used meanwhile.
    pub covered: bool,
    /// Hidden value of every form.
    pub token: String,
    /// The present, in words.
    pub clock: String,
}

impl Frame {
    /// The frame of a page of this run.
    pub fn new(visit: &Visit, state: &ShopState, title: impl Into<String>) -> Self {
        let departments = product::bar(state)
            .into_iter()
            .map(|category| Link::to(category_href(category.id.as_str()), &category.name))
            .collect();
        let home = state
            .catalogue
            .countries
            .iter()
            .find(|country| country.is_home)
            .map_or("", |country| country.name.as_str());
        Self {
            title: title.into(),
            first_name: state.customer.first_name.clone(),
            cart_count: cart::cart_count(state),
            query: String::new(),
            product_count: state.catalogue.products.len(),
            promise: format!(
                "Free standard delivery in {home} from {}. Returns for {RETURN_DAYS} days.",
                money(FREE_DELIVERY_CENTS)
            ),
            departments,
            crumbs: Vec::new(),
            flash: visit.remember(|incidental| incidental.flash.take()),
            refusal: None,
            covered: false,
            token: visit.form_token().to_owned(),
            clock: clock::now_text(),
        }
    }

    /// The same with a breadcrumb from the start page to here.
    #[must_use]
    pub fn under(mut self, above: Vec<Link>, here: impl Into<String>) -> Self {
        self.crumbs.push(Link::to(Route::Home.href(), "Home"));
        self.crumbs.extend(above);
        self.crumbs.push(Link::here(here));
        self
    }

    /// The same with the department of the bar that is open.
    #[must_use]
    pub fn within(mut self, category: &str) -> Self {
        let href = category_href(category);
        for link in &mut self.departments {
            link.current = link.href == href;
        }
        self
    }

    /// The same with what was refused, if anything.
    #[must_use]
    pub fn refusing(mut self, message: Option<String>) -> Self {
        self.refusal = message;
        self
    }
}

/// The address of a category without filters.
pub fn category_href(category: &str) -> String {
    Route::Listing(Listing {
        category: Some(category.to_owned()),
        page: 1,
        ..Listing::default()
    })
    .href()
}

/// The address of a product.
pub fn product_href(product: &str) -> String {
    Route::Product {
        product: product.to_owned(),
        variant: None,
        tab: Tab::Description,
    }
    .href()
}

/// Answers with a page.
pub fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type(ContentType::html())
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page of the shop cannot be rendered");
            HttpResponse::InternalServerError().body("The shop cannot show this page.")
        }
    }
}

/// Answers with a page and status 200.
pub fn ok(template: &impl Template) -> HttpResponse {
    page(StatusCode::OK, template)
}

/// Status of a page that shows a refusal.
pub fn status_of(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
}

/// Sends the browser on after a form, so that a reload does not send it again.
pub fn go(href: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, href))
        .finish()
}

/// Sends the browser on with a message to show there.
pub fn go_saying(visit: &Visit, href: &str, message: impl Into<String>) -> HttpResponse {
    let message = message.into();
    visit.remember(|incidental| incidental.flash = Some(message));
    go(href)
}

/// Refuses a form that holds fields which its page does not have.
pub fn foreign_fields(posted: &Posted, known: &[&str]) -> Option<HttpResponse> {
    let foreign = posted.fields.unexpected(known);
    (!foreign.is_empty()).then(|| {
        HttpResponse::BadRequest()
            .content_type(ContentType::plaintext())
            .body("This form has fields that the page does not offer.")
    })
}
