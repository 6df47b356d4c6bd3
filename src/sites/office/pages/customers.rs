//! Customers: list, account, details, merging.

use actix_web::{HttpResponse, web};

use crate::sites::clock::day_text;
use crate::sites::office::actions::customers::{self as act, CONFIRMATION, Merge};
use crate::sites::office::pages::orders::{COLUMNS, countries, order_cells};
use crate::sites::office::pages::parts::{
    Action, Block, Cell, Choice, Facts, Field, Filters, Form, Kind, Link, Pages, Sheet, Table,
    draft_of,
};
use crate::sites::office::pages::{Posted, Visit, frame};
use crate::sites::office::queries::orders::{customer_list, orders_of, spend_cents};
use crate::sites::office::queries::{Paged, country_name, money, refused_right};
use crate::sites::office::state::{Customer, CustomerNo, OfficeState, Right};
use crate::sites::office::view::{Page, Route};

fn customer_route(no: CustomerNo) -> Route {
    Route::to(Page::Customer).with("customer", no)
}

/// Shows the list of customers.
pub fn list(visit: &Visit, route: &Route, unknown: &[String]) -> HttpResponse {
    let state = visit.state();
    let size = usize::try_from(route.number("size")).unwrap_or(25);
    let paged = Paged::cut(customer_list(&state, route), route.number("page"), size);
    let rows: Vec<Vec<Cell>> = paged
        .rows
        .iter()
        .map(|one| {
            visit.show("office.customers", one.no);
            vec![
                Cell::link(&customer_route(one.no), &*one.name),
                Cell::number(one.no),
                one.email.clone().into(),
                one.phone.clone().into(),
                format!(
                    "{}, {}",
                    one.address.city,
                    country_name(&state, &one.address.country)
                )
                .into(),
                day_text(one.since).into(),
                Cell::number(orders_of(&state, one.no).len()),
            ]
        })
        .collect();
    let sorts = [
        ("name", "Name"),
        ("newest", "Newest first"),
        ("spend", "Highest spend first"),
        ("orders", "Most orders first"),
    ]
    .map(|(id, label)| Choice::new(id, label));
    let fields = vec![
        Field::new(
            "q",
            "Name, mail, phone or number",
            Kind::Text,
            route.text("q"),
        ),
        Field::new(
            "sort",
            "Sort by",
            Kind::Select(sorts.to_vec()),
            route.text("sort"),
        ),
        Field::new(
            "country",
            "Country",
            Kind::Ticks(countries(&state)),
            route.set("country").join(","),
        ),
    ];
    let columns = ["Name", "Number", "Mail", "Phone", "Town", "Since", "Orders"];
    let sheet = Sheet::new("Customers")
        .with(Filters::of(route, unknown, fields))
        .with(
            Table::new("Customers", &columns)
                .or_else("No customer fits these filters.")
                .rows(rows),
        )
        .with(Pages::of(&paged, route, "customer"));
    frame::ok(visit, &state, sheet)
}

/// Other open accounts with the same mail address, whatever its letters.
fn doubles<'a>(state: &'a OfficeState, customer: &Customer) -> Vec<&'a Customer> {
    state
        .customers
        .values()
        .map(|other| &**other)
        .filter(|other| {
            other.no != customer.no
                && other.merged_into.is_none()
                && other.email.eq_ignore_ascii_case(&customer.email)
        })
        .collect()
}

/// Shows an account.
pub fn show(visit: &Visit, no: CustomerNo) -> HttpResponse {
    let state = visit.state();
    let Some(customer) = state.customers.get(&no) else {
        return frame::missing(visit);
    };
    visit.show("office.customers", no);
    let orders = orders_of(&state, no);
    let rows: Vec<Vec<Cell>> = orders
        .iter()
        .map(|order| {
            visit.show("office.orders", order.no);
            order_cells(&state, order)
        })
        .collect();
    let address = &customer.address;
    let mut facts = Facts::new("Account")
        .row("Mail", &*customer.email)
        .row("Phone", &*customer.phone)
        .row(
            "Address",
            format!("{}, {} {}", address.street, address.postcode, address.city),
        )
        .row("Country", country_name(&state, &address.country))
        .row("Customer since", day_text(customer.since))
        .row("Spent, less refunds", money(spend_cents(&state, no)))
        .row("Note", &*customer.note);
    if let Some(kept) = customer.merged_into {
        facts = facts.row(
            "Merged into",
            Cell::link(&customer_route(kept), kept.to_string()),
        );
    }
    let merged = customer
        .merged_into
        .map(|kept| format!("Merged into account {kept}."));
    let right = refused_right(&state, Right::Customers);
    let sheet = Sheet::new(&*customer.name)
        .below(&Route::to(Page::Customers), "Customers")
        .saying(format!("Customer {no}"))
        .offering(Action::open(
            "Edit details",
            &Route::to(Page::CustomerEdit).with("customer", no),
            right.clone().or_else(|| merged.clone()),
        ))
        .offering(Action::open(
            "Merge accounts",
            &Route::to(Page::CustomerMerge).with("customer", no),
            right.or(merged),
        ))
        .with(facts)
        .with(
            Table::new("Orders", &COLUMNS)
                .titled()
                .or_else("No orders yet.")
                .rows(rows),
        );
    frame::ok(visit, &state, sheet)
}

/// Shows the form for an account's details.
pub fn edit(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let Some(customer) = state.customers.get(&route.number("customer")) else {
        return frame::missing(visit);
    };
    visit.show("office.customers", customer.no);
    let form = Form::new(route.path(), "Save details")
        .field(Field::new("name", "Name", Kind::Text, &*customer.name))
        .field(Field::new("email", "Mail", Kind::Text, &*customer.email))
        .field(Field::new("phone", "Phone", Kind::Text, &*customer.phone))
        .field(Field::new("note", "Note", Kind::Text, &*customer.note))
        .or_back_to(&customer_route(customer.no))
        .restored(draft_of(visit, &route.path()).as_ref());
    let sheet = below(customer, "Edit details").with(form);
    frame::ok(visit, &state, sheet)
}

fn below(customer: &Customer, title: &str) -> Sheet {
    Sheet::new(format!("{title}: {}", customer.name))
        .saying(format!("Customer {}", customer.no))
        .below(&Route::to(Page::Customers), "Customers")
        .below(&customer_route(customer.no), &*customer.name)
}

/// Saves an account's details.
pub async fn save(posted: Posted, path: web::Path<CustomerNo>) -> HttpResponse {
    let names = ["name", "email", "phone", "note"];
    if let Some(refused) = frame::foreign_fields(&posted, &names) {
        return refused;
    }
    let no = path.into_inner();
    let values = names.map(|name| posted.fields.text(name));
    let result = posted.write(|state| act::edit(state, no, values));
    let result = result.map(|()| (customer_route(no), "Details saved.".to_owned()));
    let form = Route::to(Page::CustomerEdit).with("customer", no);
    frame::answer(&posted, &form, result)
}

/// Shows the form that merges two accounts: first the choice of the other one.
pub fn merge(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let Some(customer) = state.customers.get(&route.number("customer")) else {
        return frame::missing(visit);
    };
    visit.show("office.customers", customer.no);
    let sheet = below(customer, "Merge accounts");
    let others = doubles(&state, customer);
    if others.is_empty() {
        let sheet = sheet.with(Block::Note(
            "There is no other account with this mail address.".to_owned(),
        ));
        return frame::ok(visit, &state, sheet);
    }
    let other = others
        .iter()
        .find(|other| other.no == route.number("other"))
        .copied();
    let Some(other) = other else {
        let links = others.iter().map(|other| {
            visit.show("office.customers", other.no);
            let href = route.clone().with("other", other.no).href();
            let text = format!("{}, since {}", other.email, day_text(other.since));
            (
                Link::to(href, format!("{} ({})", other.name, other.no)),
                text,
            )
        });
        let sheet = sheet.with(Block::Links(
            "With which account?".to_owned(),
            links.collect(),
        ));
        return frame::ok(visit, &state, sheet);
    };
    visit.show("office.customers", other.no);
    let sheet = sheet
        .with(both_accounts(&state, [customer, other]))
        .with(merge_form(visit, route, [customer, other]));
    frame::ok(visit, &state, sheet)
}

fn both_accounts(state: &OfficeState, accounts: [&Customer; 2]) -> Table {
    let rows = accounts.map(|one| {
        vec![
            Cell::link(&customer_route(one.no), one.no.to_string()),
            one.name.clone().into(),
            one.email.clone().into(),
            one.phone.clone().into(),
            day_text(one.since).into(),
            Cell::number(orders_of(state, one.no).len()),
        ]
    });
    let columns = ["Account", "Name", "Mail", "Phone", "Opened", "Orders"];
    Table::new("The two accounts", &columns).titled().rows(rows)
}

fn merge_form(visit: &Visit, route: &Route, accounts: [&Customer; 2]) -> Form {
    let keep = accounts.map(|one| Choice::new(one.no.to_string(), format!("Account {}", one.no)));
    let phones = accounts.map(|one| Choice::new(&*one.phone, &*one.phone));
    let mut form = Form::new(route.path(), "Merge the accounts")
        .sending("other", accounts[1].no.to_string())
        .field(Field::new(
            "keep",
            "Account to keep",
            Kind::Radio(keep.to_vec()),
            "",
        ))
        .field(Field::new(
            "phone",
            "Phone number to keep",
            Kind::Radio(phones.to_vec()),
            "",
        ))
        .field(Field::new(
            "confirmation",
            &format!("Type {CONFIRMATION} to confirm"),
            Kind::Text,
            "",
        ))
        .or_back_to(&customer_route(accounts[0].no))
        .restored(draft_of(visit, &route.path()).as_ref());
    form.warning =
        "The other account cannot be used any more; its orders go to the one that is kept. \
         This cannot be undone."
            .to_owned();
    form
}

/// Merges two accounts.
pub async fn do_merge(posted: Posted, path: web::Path<CustomerNo>) -> HttpResponse {
    let names = ["other", "keep", "phone", "confirmation"];
    if let Some(refused) = frame::foreign_fields(&posted, &names) {
        return refused;
    }
    let no = path.into_inner();
    let fields = &posted.fields;
    let other = fields.text("other").parse().unwrap_or(0);
    let wanted = Merge {
        accounts: [no, other],
        keep: fields.text("keep"),
        phone: fields.text("phone"),
        confirmation: fields.text("confirmation"),
    };
    let result = posted.write(|state| act::merge(state, wanted));
    let result = result.map(|kept| (customer_route(kept), "The accounts are merged.".to_owned()));
    let form = Route::to(Page::CustomerMerge)
        .with("customer", no)
        .with("other", other);
    frame::answer(&posted, &form, result)
}
