//! What surrounds every page: head, search, menu, clock; and how a sheet or a redirect becomes
//! an answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use askama::Template;

use crate::sites::clock;
use crate::sites::office::actions::{Refusal, RefusalKind};
use crate::sites::office::pages::parts::{Block, Cell, Kind, Link, Sheet, keep_draft};
use crate::sites::office::pages::{Posted, Visit};
use crate::sites::office::queries::goods::promotion_state;
use crate::sites::office::queries::role;
use crate::sites::office::state::{OfficeState, OrderStatus, Payment, ReturnStatus};
use crate::sites::office::view::{Page, Route};

/// What surrounds a page.
#[derive(Debug)]
struct Frame {
    title: String,
    query: String,
    user: String,
    role: String,
    clock: String,
    token: String,
    flash: Option<String>,
    menu: Vec<MenuGroup>,
}

#[derive(Debug)]
struct MenuGroup {
    title: &'static str,
    items: Vec<MenuItem>,
}

#[derive(Debug)]
struct MenuItem {
    link: Link,
    count: usize,
}

#[derive(Template)]
#[template(path = "sites/office/page.html")]
struct SheetPage {
    frame: Frame,
    sheet: Sheet,
}

/// Groups of the menu with their pages and the words for them.
const MENU: [(&str, &[(Page, &str)]); 6] = [
    (
        "Sales",
        &[
            (Page::Home, "Overview"),
            (Page::Orders, "Orders"),
            (Page::Returns, "Returns"),
            (Page::Refunds, "Refunds"),
        ],
    ),
    (
        "Customers",
        &[
            (Page::Customers, "Customers"),
            (Page::Outbox, "Sent messages"),
            (Page::Templates, "Message wordings"),
        ],
    ),
    (
        "Goods",
        &[
            (Page::Products, "Products"),
            (Page::Stock, "Stock"),
            (Page::Counts, "Count sheets"),
            (Page::Suppliers, "Suppliers"),
            (Page::Purchases, "Purchase orders"),
        ],
    ),
    ("Marketing", &[(Page::Promotions, "Promotions")]),
    ("Figures", &[(Page::Reports, "Reports")]),
    (
        "Office",
        &[
            (Page::Settings, "Settings"),
            (Page::Team, "Team and roles"),
            (Page::Audit, "Audit trail"),
            (Page::Help, "Help"),
        ],
    ),
];

/// The entry of the menu under which a page stands.
const fn menu_entry(page: Page) -> Page {
    match page {
        Page::Order | Page::OrderStatus | Page::OrderRefund | Page::OrderMessage => Page::Orders,
        Page::Customer | Page::CustomerEdit | Page::CustomerMerge => Page::Customers,
        Page::Return => Page::Returns,
        Page::Message => Page::Outbox,
        Page::Template => Page::Templates,
        Page::Product | Page::Price | Page::Pictures => Page::Products,
        Page::StockItem | Page::StockCorrect => Page::Stock,
        Page::Count => Page::Counts,
        Page::Supplier => Page::Suppliers,
        Page::Purchase | Page::PurchaseNew => Page::Purchases,
        Page::Promotion | Page::PromotionNew => Page::Promotions,
        Page::Report | Page::ReportExport => Page::Reports,
        Page::SettingsSection | Page::SettingsGroup | Page::SettingsPage => Page::Settings,
        Page::Role => Page::Team,
        Page::HelpArticle => Page::Help,
        other => other,
    }
}

fn menu(state: &OfficeState, open: Option<Page>) -> Vec<MenuGroup> {
    MENU.into_iter()
        .map(|(title, pages)| MenuGroup {
            title,
            items: pages
                .iter()
                .map(|(page, label)| MenuItem {
                    link: Link {
                        href: Route::to(*page).href(),
                        label: (*label).to_owned(),
                        current: open == Some(*page),
                    },
                    count: waiting(state, *page),
                })
                .collect(),
        })
        .collect()
}

/// What waits to be done on a page of the menu.
fn waiting(state: &OfficeState, page: Page) -> usize {
    match page {
        Page::Orders => state
            .orders
            .values()
            .filter(|order| order.status == OrderStatus::New && order.payment == Payment::Paid)
            .count(),
        Page::Returns => state
            .returns
            .values()
            .filter(|entry| entry.status == ReturnStatus::Requested)
            .count(),
        Page::Promotions => state
            .promotions
            .values()
            .filter(|promotion| promotion_state(promotion) == "running")
            .count(),
        _ => 0,
    }
}

fn frame(visit: &Visit, state: &OfficeState, title: &str) -> Frame {
    let route = visit.parsed().map(|parsed| &parsed.route);
    let query = route
        .filter(|route| route.page == Page::Search)
        .map_or_else(String::new, |route| route.text("q").to_owned());
    Frame {
        title: title.to_owned(),
        query,
        user: state.user.name.clone(),
        role: role(state).map_or_else(String::new, |role| role.name.clone()),
        clock: clock::now_text(),
        token: visit.form_token().to_owned(),
        flash: visit.remember(|incidental| incidental.flash.take()),
        menu: menu(state, route.map(|route| menu_entry(route.page))),
    }
}

/// Answers with a sheet.
pub fn page(visit: &Visit, state: &OfficeState, status: StatusCode, sheet: Sheet) -> HttpResponse {
    let template = SheetPage {
        frame: frame(visit, state, &sheet.title),
        sheet,
    };
    match template.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type(ContentType::html())
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page of the office cannot be rendered");
            HttpResponse::InternalServerError().body("The office cannot show this page.")
        }
    }
}

/// Answers with a sheet and status 200.
pub fn ok(visit: &Visit, state: &OfficeState, sheet: Sheet) -> HttpResponse {
    page(visit, state, StatusCode::OK, sheet)
}

/// Shows that there is no such page or record.
pub fn missing(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let sheet = Sheet::new("There is no such page").with(Block::Note(
        "The address may be mistyped, or there is no record of this number. \
         Search for it above, or choose a list from the menu."
            .to_owned(),
    ));
    page(visit, &state, StatusCode::NOT_FOUND, sheet)
}

/// Sends the browser on after a form, so that a reload does not send it again.
pub fn go(href: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, href))
        .finish()
}

/// Answers a form: sends the browser to `done` with a message, or back to the form's page with
/// what was typed and why it was refused.
pub fn answer(
    posted: &Posted,
    form: &Route,
    result: Result<(Route, String), Refusal>,
) -> HttpResponse {
    match result {
        Ok((done, message)) => {
            posted
                .visit
                .remember(|incidental| incidental.flash = Some(message));
            go(&done.href())
        }
        Err(refusal) if refusal.kind == RefusalKind::NotFound => missing(&posted.visit),
        Err(refusal) => {
            keep_draft(posted, &form.path(), &refusal);
            go(&form.href())
        }
    }
}

/// Refuses a form that holds fields which its page does not have. A name that ends with `*`
/// stands for all that begin so.
pub fn foreign_fields(posted: &Posted, known: &[&str]) -> Option<HttpResponse> {
    let fits = |name: &str| {
        known.iter().any(|known| match known.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => *known == name,
        })
    };
    let foreign = posted.fields.0.iter().any(|(name, _)| !fits(name));
    foreign.then(|| {
        HttpResponse::BadRequest()
            .content_type(ContentType::plaintext())
            .body("This form has fields that the page does not offer.")
    })
}
