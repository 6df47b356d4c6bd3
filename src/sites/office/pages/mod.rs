//! The pages of the office: handlers and what they show. They read through
//! [`queries`](super::queries), write through [`actions`](super::actions) alone, and know
//! nothing of tasks.
//!
//! A GET shows what [`view`](super::view) reads from its address; `show` is the one place that
//! goes from route to page. Forms are answered with a redirect: onward when they were accepted,
//! back to their page with everything typed and what is wrong when not.

use actix_web::{HttpResponse, web};

use crate::sites::office::state::OfficeState;
use crate::sites::office::view::{Page, Parsed};

mod admin;
mod assets;
mod back;
mod customers;
mod frame;
mod help;
mod home;
mod order;
mod order_forms;
mod orders;
mod parts;
mod products;
mod promotions;
mod purchases;
mod reports;
mod settings;
mod stock;

/// A request of a run for a page of the office.
pub type Visit = crate::sites::visit::Visit<OfficeState>;
/// A form that was sent to the office.
pub type Posted = crate::sites::visit::Posted<OfficeState>;

/// Registers the office's addresses.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .configure(sales_forms)
        .configure(goods_forms)
        .route("/assets/office.css", web::get().to(assets::style))
        .route("/assets/office.svg", web::get().to(assets::icon))
        .route("/office", web::get().to(show))
        .route("/office/{tail:.*}", web::get().to(show));
}

/// Forms of orders, customers and returns.
fn sales_forms(config: &mut web::ServiceConfig) {
    config
        .route("/office/orders/bulk", web::post().to(orders::bulk))
        .service(both(
            "/office/orders/{order}/status",
            web::post().to(order_forms::set_status),
        ))
        .service(both(
            "/office/orders/{order}/refund",
            web::post().to(order_forms::pay),
        ))
        .service(both(
            "/office/orders/{order}/message",
            web::post().to(order_forms::send),
        ))
        .service(both(
            "/office/customers/{customer}/edit",
            web::post().to(customers::save),
        ))
        .service(both(
            "/office/customers/{customer}/merge",
            web::post().to(customers::do_merge),
        ))
        .service(both(
            "/office/returns/{return}",
            web::post().to(back::decide),
        ));
}

/// Forms of goods, promotions and settings.
fn goods_forms(config: &mut web::ServiceConfig) {
    config
        .service(both(
            "/office/products/{product}/price/{sku}",
            web::post().to(products::set_price),
        ))
        .service(both(
            "/office/products/{product}/pictures",
            web::post().to(products::add_picture),
        ))
        .route(
            "/office/products/{product}/pictures/{step}",
            web::post().to(products::move_picture),
        )
        .service(both(
            "/office/stock/correct",
            web::post().to(stock::do_correct),
        ))
        .service(both(
            "/office/purchases/new",
            web::post().to(purchases::place),
        ))
        .service(both(
            "/office/promotions/new",
            web::post().to(promotions::add),
        ))
        .route(
            "/office/promotions/{promotion}/{step}",
            web::post().to(promotions::pause),
        )
        .service(both(
            "/office/settings/{section}/{group}/{name}",
            web::post().to(settings::save),
        ));
}

/// An address that shows a page and takes its form.
fn both(path: &str, post: actix_web::Route) -> actix_web::Resource {
    web::resource(path).route(web::get().to(show)).route(post)
}

/// Shows the page that the address means.
async fn show(visit: Visit) -> HttpResponse {
    let Some(Parsed { route, unknown }) = visit.parsed().cloned() else {
        return frame::missing(&visit);
    };
    match route.page {
        Page::Home => home::show(&visit),
        Page::Search => home::search(&visit, &route),
        Page::Orders => orders::list(&visit, &route, &unknown),
        Page::Order => order::show(&visit, route.number("order")),
        Page::OrderStatus => order_forms::status(&visit, &route),
        Page::OrderRefund => order_forms::refund(&visit, &route),
        Page::OrderMessage => order_forms::message(&visit, &route),
        Page::Customers => customers::list(&visit, &route, &unknown),
        Page::Customer => customers::show(&visit, route.number("customer")),
        Page::CustomerEdit => customers::edit(&visit, &route),
        Page::CustomerMerge => customers::merge(&visit, &route),
        Page::Returns => back::returns(&visit, &route, &unknown),
        Page::Return => back::show_return(&visit, &route),
        Page::Refunds => back::refunds(&visit, &route),
        Page::Outbox => back::outbox(&visit, &route),
        Page::Message => back::message(&visit, route.number("message")),
        Page::Templates => back::templates(&visit),
        Page::Template => back::template(&visit, route.text("template")),
        Page::Products => products::list(&visit, &route, &unknown),
        Page::Product => products::show(&visit, route.text("product")),
        Page::Price => products::price(&visit, &route),
        Page::Pictures => products::pictures(&visit, &route),
        Page::Stock => stock::list(&visit, &route, &unknown),
        Page::StockItem => stock::item(&visit, &route),
        Page::StockCorrect => stock::correct(&visit, &route),
        Page::Counts => stock::counts(&visit, &route),
        Page::Count => stock::count(&visit, route.text("count")),
        Page::Suppliers => purchases::suppliers(&visit),
        Page::Supplier => purchases::supplier(&visit, route.text("supplier")),
        Page::Purchases => purchases::list(&visit, &route, &unknown),
        Page::Purchase => purchases::show(&visit, route.number("purchase")),
        Page::PurchaseNew => purchases::new(&visit, &route),
        Page::Promotions => promotions::list(&visit, &route, &unknown),
        Page::Promotion => promotions::show(&visit, route.number("promotion")),
        Page::PromotionNew => promotions::new(&visit, &route),
        Page::Reports => reports::list(&visit),
        Page::Report => reports::show(&visit, &route, &unknown),
        Page::ReportExport => reports::export(&visit, &route),
        Page::Settings => settings::index(&visit, &route),
        Page::SettingsSection => settings::section(&visit, &route),
        Page::SettingsGroup => settings::group(&visit, &route),
        Page::SettingsPage => settings::show(&visit, &route),
        Page::Audit => admin::audit(&visit, &route),
        Page::Team => admin::team(&visit),
        Page::Role => admin::role(&visit, route.text("role")),
        Page::Help => help::list(&visit, &route),
        Page::HelpArticle => help::show(&visit, route.text("slug")),
    }
}
