//! Help pages and the contact form.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::clock::moment_text;
use crate::sites::shop::actions::account::ContactForm;
use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::form::{Choice, Form};
use crate::sites::shop::pages::frame::{self, Frame};
use crate::sites::shop::pages::missing;
use crate::sites::shop::pages::parts::Link;
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::state::{ContactTopic, HelpSection, ShopState};
use crate::sites::shop::view::Route;

#[derive(Template)]
#[template(path = "sites/shop/help_index.html")]
struct HelpIndex {
    frame: Frame,
    pages: Vec<(Link, String)>,
    contact_href: String,
}

#[derive(Template)]
#[template(path = "sites/shop/help.html")]
struct Help {
    frame: Frame,
    title: String,
    sections: Vec<HelpSection>,
    index_href: String,
}

fn contact_href() -> String {
    Route::Contact {
        topic: None,
        order: None,
    }
    .href()
}

/// Shows the list of help pages.
pub fn index(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let template = HelpIndex {
        frame: Frame::new(visit, &state, "Help").under(Vec::new(), "Help"),
        pages: state
            .catalogue
            .help
            .iter()
            .map(|page| {
                let route = Route::HelpPage {
                    page: page.slug.clone(),
                };
                let topics: Vec<&str> = page
                    .sections
                    .iter()
                    .map(|section| section.heading.as_str())
                    .collect();
                (Link::to(route.href(), &page.title), topics.join(", "))
            })
            .collect(),
        contact_href: contact_href(),
    };
    frame::ok(&template)
}

/// Shows a help page.
pub fn show(visit: &Visit, slug: &str) -> HttpResponse {
    let state = visit.state();
    let Some(page) = state.catalogue.help.iter().find(|page| page.slug == slug) else {
        return missing::show(visit);
    };
    visit.show("shop.help", slug);
    let above = vec![Link::to(Route::Help.href(), "Help")];
    let template = Help {
        frame: Frame::new(visit, &state, &page.title).under(above, &page.title),
        title: page.title.clone(),
        sections: page.sections.clone(),
        index_href: Route::Help.href(),
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/shop/contact.html")]
struct Contact {
    frame: Frame,
    form: Form,
    email: String,
    action: String,
    help_href: String,
    topics: Vec<Choice>,
    sent: Vec<Sent>,
}

struct Sent {
    subject: String,
    topic: &'static str,
    at: String,
    text: String,
}

/// Shows the contact form.
pub fn contact(visit: &Visit, topic: Option<&str>, order: Option<u32>) -> HttpResponse {
    let order = order.map_or_else(String::new, |order| order.to_string());
    let form = Form::starting(&[("topic", topic.unwrap_or_default()), ("order", &order)]);
    render(visit, form, None)
}

fn render(visit: &Visit, form: Form, refusal: Option<&Refusal>) -> HttpResponse {
    let state = visit.state();
    let template = Contact {
        frame: Frame::new(visit, &state, "Contact").under(Vec::new(), "Contact"),
        email: state.customer.email.clone(),
        action: contact_href(),
        help_href: Route::Help.href(),
        topics: topics(),
        sent: sent(&state),
        form,
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| frame::status_of(refusal.status()));
    frame::page(status, &template)
}

fn topics() -> Vec<Choice> {
    let mut topics = vec![Choice::nothing("Choose a topic")];
    topics.extend(
        ContactTopic::ALL
            .iter()
            .map(|topic| Choice::new(topic.as_str(), topic.label())),
    );
    topics
}

fn sent(state: &ShopState) -> Vec<Sent> {
    state
        .outbox
        .values()
        .rev()
        .map(|message| Sent {
            subject: message.subject.clone(),
            topic: message.topic.label(),
            at: moment_text(message.sent_at),
            text: message.text.clone(),
        })
        .collect()
}

/// Sends a message to the shop.
pub async fn send(posted: Posted) -> HttpResponse {
    let known = ["topic", "order", "subject", "text"];
    if let Some(answer) = frame::foreign_fields(&posted, &known) {
        return answer;
    }
    let text = |name: &str| posted.fields.text(name).to_owned();
    let form = ContactForm {
        topic: text("topic"),
        order: text("order"),
        subject: text("subject"),
        text: text("text"),
    };
    match posted.write(|state| actions::account::contact(state, &form)) {
        Ok(_) => {
            let message = "Your message is sent. We answer within two working days.";
            frame::go_saying(&posted.visit, &contact_href(), message)
        }
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, form, Some(&refusal))
        }
    }
}
