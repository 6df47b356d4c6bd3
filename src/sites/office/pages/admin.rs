//! Team, roles and the audit trail.

use actix_web::HttpResponse;

use crate::sites::clock::moment_text;
use crate::sites::office::pages::parts::{Cell, Facts, Field, Filters, Kind, Pages, Sheet, Table};
use crate::sites::office::pages::{Visit, frame};
use crate::sites::office::queries::{Paged, matches, money};
use crate::sites::office::state::{AuditEntry, OfficeState, Right, Role};
use crate::sites::office::view::{Page, Route};

/// Shows the audit trail, latest first.
pub fn audit(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let q = route.text("q");
    let found: Vec<&AuditEntry> = state
        .audit
        .iter()
        .rev()
        .filter(|entry| q.is_empty() || matches(q, &[&entry.who, &entry.what, &entry.record]))
        .collect();
    let size = usize::try_from(route.number("size")).unwrap_or(25);
    let paged = Paged::cut(found, route.number("page"), size);
    let rows: Vec<Vec<Cell>> = paged
        .rows
        .iter()
        .map(|entry| {
            vec![
                moment_text(entry.at).into(),
                entry.who.clone().into(),
                entry.record.clone().into(),
                entry.what.clone().into(),
            ]
        })
        .collect();
    let fields = vec![Field::new("q", "Colleague, record or act", Kind::Text, q)];
    let sheet = Sheet::new("Audit trail")
        .with(Filters::of(route, &[], fields))
        .with(Table::new("Audit trail", &["When", "Who", "Record", "What"]).rows(rows))
        .with(Pages::of(&paged, route, "entry"));
    frame::ok(visit, &state, sheet)
}

fn role_route(role: &Role) -> Route {
    Route::to(Page::Role).with("role", &role.id)
}

/// Shows who works in the office, and what each role may do.
pub fn team(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let people = state.fixed.staff.iter().map(|one| {
        let role = state.fixed.roles.iter().find(|role| role.id == one.role);
        vec![
            Cell::from(&*one.name),
            one.email.clone().into(),
            role.map_or_else(
                || Cell::from(""),
                |role| Cell::link(&role_route(role), &*role.name),
            ),
        ]
    });
    let mut columns = vec!["Right"];
    columns.extend(state.fixed.roles.iter().map(|role| role.name.as_str()));
    for role in &state.fixed.roles {
        visit.show("office.roles", &role.id);
    }
    let sheet = Sheet::new("Team and roles")
        .with(Table::new("Rights", &columns).titled().rows(rights(&state)))
        .with(
            Table::new("People", &["Name", "Mail", "Role"])
                .titled()
                .rows(people),
        );
    frame::ok(visit, &state, sheet)
}

fn rights(state: &OfficeState) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = Right::ALL
        .iter()
        .map(|right| {
            let mut cells = vec![Cell::from(right.label())];
            cells.extend(state.fixed.roles.iter().map(|role| {
                Cell::from(if role.rights.contains(right) {
                    "Yes"
                } else {
                    "No"
                })
            }));
            cells
        })
        .collect();
    let mut limits = vec![Cell::from("Most in one refund")];
    limits.extend(
        state
            .fixed
            .roles
            .iter()
            .map(|role| Cell::from(limit(state, role))),
    );
    rows.push(limits);
    rows
}

fn limit(state: &OfficeState, role: &Role) -> String {
    let set = state
        .settings
        .get(&format!("payment/refunds/limits/{}", role.id))
        .and_then(|dollars| dollars.parse::<u32>().ok())
        .map_or(role.refund_limit_cents, |dollars| dollars * 100);
    money(set)
}

/// Shows a role.
pub fn role(visit: &Visit, id: &str) -> HttpResponse {
    let state = visit.state();
    let Some(role) = state.fixed.roles.iter().find(|role| role.id == id) else {
        return frame::missing(visit);
    };
    visit.show("office.roles", id);
    let mut facts = Facts::default()
        .row("What for", &*role.text)
        .row("Most in one refund", limit(&state, role));
    for right in Right::ALL {
        let may = if role.rights.contains(right) {
            "Yes"
        } else {
            "No"
        };
        facts = facts.row(right.label(), may);
    }
    let sheet = Sheet::new(&*role.name)
        .below(&Route::to(Page::Team), "Team and roles")
        .with(facts);
    frame::ok(visit, &state, sheet)
}
