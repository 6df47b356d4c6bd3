//! The address book.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::shop::actions::account::AddressForm;
use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::account;
use crate::sites::shop::pages::checkout::{postal_rows, step_href};
use crate::sites::shop::pages::form::{Choice, Form};
use crate::sites::shop::pages::frame::{self, Frame};
use crate::sites::shop::pages::missing;
use crate::sites::shop::pages::parts::Link;
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::state::{Address, ShopState};
use crate::sites::shop::view::{CheckoutStep, Route};
use crate::sites::visit::Fields;

/// Fields of the form.
const FIELDS: [&str; 10] = [
    "label", "name", "street", "extra", "postcode", "city", "country", "phone", "default", "back",
];

#[derive(Template)]
#[template(path = "sites/shop/addresses.html")]
struct AddressesPage {
    frame: Frame,
    nav: Vec<Link>,
    entries: Vec<Entry>,
    new_href: String,
}

struct Entry {
    href: String,
    label: String,
    rows: Vec<String>,
    phone: String,
    is_default: bool,
}

/// Shows the address book.
pub fn list(visit: &Visit) -> HttpResponse {
    render_list(visit, None)
}

fn render_list(visit: &Visit, refusal: Option<&Refusal>) -> HttpResponse {
    let state = visit.state();
    for address in state.addresses.values() {
        visit.show("shop.addresses", &address.id);
    }
    let template = AddressesPage {
        frame: account::frame_of(visit, &state, "Addresses")
            .refusing(refusal.map(|refusal| refusal.message.clone())),
        nav: account::nav(&Route::Addresses.href()),
        entries: state
            .addresses
            .values()
            .map(|address| Entry {
                href: href(address.id.as_str()),
                label: address.label.clone(),
                rows: postal_rows(&state, &address.postal),
                phone: address.postal.phone.clone(),
                is_default: address.is_default,
            })
            .collect(),
        new_href: Route::AddressNew.href(),
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| frame::status_of(refusal.status()));
    frame::page(status, &template)
}

fn href(id: &str) -> String {
    Route::Address {
        address: id.to_owned(),
    }
    .href()
}

#[derive(Template)]
#[template(path = "sites/shop/address_form.html")]
struct AddressPage {
    frame: Frame,
    nav: Vec<Link>,
    form: Form,
    heading: String,
    action: String,
    back: &'static str,
    cancel_href: String,
    countries: Vec<Choice>,
    can_be_default: bool,
}

/// Shows the form for a new address; `back` names the page to return to.
pub fn new(visit: &Visit, back: &str) -> HttpResponse {
    let name = visit.state().customer.name.clone();
    let form = Form::starting(&[("name", &name), ("back", back)]);
    render(visit, None, form, StatusCode::OK)
}

/// Shows the form for an address of the book.
pub fn edit(visit: &Visit, id: &str) -> HttpResponse {
    let state = visit.state();
    let Some(address) = state.addresses.get(id) else {
        return missing::show(visit);
    };
    let postal = &address.postal;
    let form = Form::starting(&[
        ("label", &address.label),
        ("name", &postal.name),
        ("street", &postal.street),
        ("extra", &postal.extra),
        ("city", &postal.city),
        ("postcode", &postal.postcode),
        ("country", &postal.country),
        ("phone", &postal.phone),
    ]);
    render(visit, Some(address), form, StatusCode::OK)
}

fn render(
    visit: &Visit,
    address: Option<&Address>,
    form: Form,
    status: StatusCode,
) -> HttpResponse {
    let state = visit.state();
    if let Some(address) = address {
        visit.show("shop.addresses", &address.id);
    }
    let (heading, action) = match address {
        Some(address) => (
            format!("Edit the address {}", address.label),
            href(address.id.as_str()),
        ),
        None => ("Add an address".to_owned(), Route::AddressNew.href()),
    };
    let back = if form.value("back") == "checkout" {
        "checkout"
    } else {
        ""
    };
    let template = AddressPage {
        frame: account::frame_of(visit, &state, &heading),
        nav: account::nav(&Route::Addresses.href()),
        heading,
        action,
        back,
        cancel_href: after(back),
        countries: countries(&state),
        can_be_default: !address.is_some_and(|address| address.is_default),
        form,
    };
    frame::page(status, &template)
}

fn countries(state: &ShopState) -> Vec<Choice> {
    let mut options = vec![Choice::nothing("Choose a country")];
    options.extend(
        state
            .catalogue
            .countries
            .iter()
            .map(|country| Choice::new(&country.id, &country.name)),
    );
    options
}

fn after(back: &str) -> String {
    if back == "checkout" {
        step_href(CheckoutStep::Address)
    } else {
        Route::Addresses.href()
    }
}

fn entered(fields: &Fields, is_default: bool) -> AddressForm {
    let text = |name: &str| fields.text(name).to_owned();
    AddressForm {
        label: text("label"),
        name: text("name"),
        street: text("street"),
        extra: text("extra"),
        city: text("city"),
        postcode: text("postcode"),
        country: text("country"),
        phone: text("phone"),
        is_default: is_default || fields.has("default"),
    }
}

/// Adds an address; from checkout it is chosen there at once.
pub async fn add(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &FIELDS) {
        return answer;
    }
    let form = entered(&posted.fields, false);
    let back = posted.fields.text("back");
    match posted.write(|state| actions::account::add_address(state, &form)) {
        Ok(id) => {
            if back == "checkout" {
                posted.visit.remember(|incidental| {
                    incidental.checkout.address = Some(id);
                    incidental.checkout.delivery = None;
                });
            }
            let message = format!("The address {} is in your address book.", form.label);
            frame::go_saying(&posted.visit, &after(back), message)
        }
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            let status = frame::status_of(refusal.status());
            render(&posted.visit, None, form, status)
        }
    }
}

/// Changes an address.
pub async fn save(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &FIELDS) {
        return answer;
    }
    let state = posted.visit.state();
    let Some(address) = state.addresses.get(path.as_str()) else {
        return missing::show(&posted.visit);
    };
    let form = entered(&posted.fields, address.is_default);
    match posted.write(|state| actions::account::edit_address(state, &path, &form)) {
        Ok(()) => {
            let message = format!("The address {} is saved.", form.label);
            frame::go_saying(&posted.visit, &Route::Addresses.href(), message)
        }
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            let status = frame::status_of(refusal.status());
            render(&posted.visit, Some(address), form, status)
        }
    }
}

/// Deletes an address.
pub async fn delete(posted: Posted, path: web::Path<String>) -> HttpResponse {
    let act = actions::account::delete_address;
    on_entry(&posted, &path, "The address is deleted.", act)
}

/// Makes an address the default.
pub async fn make_default(posted: Posted, path: web::Path<String>) -> HttpResponse {
    let act = actions::account::set_default_address;
    on_entry(&posted, &path, "The default address is changed.", act)
}

fn on_entry(
    posted: &Posted,
    id: &str,
    done: &str,
    act: impl FnOnce(&mut ShopState, &str) -> Result<(), Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &[]) {
        return answer;
    }
    match posted.write(|state| act(state, id)) {
        Ok(()) => frame::go_saying(&posted.visit, &Route::Addresses.href(), done),
        Err(refusal) => render_list(&posted.visit, Some(&refusal)),
    }
}
