//! Address book, cards, newsletter, contact form.

use std::sync::Arc;

use crate::sites::clock::{NOW, TODAY};
use crate::sites::shop::actions::checkout::CardForm;
use crate::sites::shop::actions::orders::at_most;
use crate::sites::shop::actions::{FieldError, Refusal};
use crate::sites::shop::state::{
    Address, AddressId, Card, CardId, ContactMessage, ContactTopic, MessageNo, NewsletterEntry,
    PostalAddress, ShopState,
};

/// An address as entered. Fields have these names; `extra` and `phone` may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressForm {
    /// What the customer calls it.
    pub label: String,
    /// Who receives.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Flat, floor, care of.
    pub extra: String,
    /// Town.
    pub city: String,
    /// Postal code, checked against the country.
    pub postcode: String,
    /// Id of a country.
    pub country: String,
    /// Phone.
    pub phone: String,
    /// Whether it becomes the default.
    pub is_default: bool,
}

/// Adds an address.
pub fn add_address(state: &mut ShopState, form: &AddressForm) -> Result<AddressId, Refusal> {
    let postal = checked(state, form, None)?;
    let id = AddressId::from(format!("a{}", state.incidental.next_entry));
    state.incidental.next_entry += 1;
    let entry = Address {
        id: id.clone(),
        label: form.label.trim().to_owned(),
        postal,
        is_default: false,
    };
    Arc::make_mut(&mut state.addresses).insert(id.clone(), entry);
    if form.is_default {
        set_default_address(state, id.as_str())?;
    }
    Ok(id)
}

/// Changes an address. The default stays the default.
pub fn edit_address(state: &mut ShopState, id: &str, form: &AddressForm) -> Result<(), Refusal> {
    known_address(state, id)?;
    let postal = checked(state, form, Some(id))?;
    let label = form.label.trim().to_owned();
    if let Some(entry) = Arc::make_mut(&mut state.addresses).get_mut(id) {
        entry.label = label;
        entry.postal = postal;
    }
    if form.is_default {
        set_default_address(state, id)?;
    }
    Ok(())
}

/// Deletes an address that is not the default.
pub fn delete_address(state: &mut ShopState, id: &str) -> Result<(), Refusal> {
    if known_address(state, id)?.is_default {
        return Err(Refusal::not_allowed(
            "The default address cannot be deleted. Make another one the default first.",
        ));
    }
    Arc::make_mut(&mut state.addresses).remove(id);
    Ok(())
}

/// Makes an address the default.
pub fn set_default_address(state: &mut ShopState, id: &str) -> Result<(), Refusal> {
    known_address(state, id)?;
    for entry in Arc::make_mut(&mut state.addresses).values_mut() {
        entry.is_default = entry.id.as_str() == id;
    }
    Ok(())
}

fn known_address<'a>(state: &'a ShopState, id: &str) -> Result<&'a Address, Refusal> {
    let entry = state.addresses.get(id);
    entry.ok_or_else(|| Refusal::not_found("This address is not in your address book."))
}

/// The address without blanks at its ends, when every field is right.
fn checked(
    state: &ShopState,
    form: &AddressForm,
    id: Option<&str>,
) -> Result<PostalAddress, Refusal> {
    let mut wrong = Vec::new();
    for (field, value, what) in [
        ("label", &form.label, "a name for this address"),
        ("name", &form.name, "who receives"),
        ("street", &form.street, "street and number"),
        ("city", &form.city, "the town"),
        ("postcode", &form.postcode, "the postal code"),
    ] {
        if value.trim().is_empty() {
            wrong.push(FieldError {
                field: field.into(),
                message: format!("Enter {what}."),
            });
        }
    }
    for (field, value) in [
        ("label", &form.label),
        ("name", &form.name),
        ("street", &form.street),
        ("extra", &form.extra),
        ("city", &form.city),
    ] {
        at_most(field, value.trim(), 80, &mut wrong);
    }
    let label = form.label.trim();
    let taken = state
        .addresses
        .values()
        .any(|other| Some(other.id.as_str()) != id && other.label.eq_ignore_ascii_case(label));
    if taken {
        wrong.push(FieldError {
            field: "label".into(),
            message: format!("You have an address named {label} already."),
        });
    }
    check_country(state, form, &mut wrong);
    check_phone(form.phone.trim(), &mut wrong);
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    Ok(PostalAddress {
        name: form.name.trim().to_owned(),
        street: form.street.trim().to_owned(),
        extra: form.extra.trim().to_owned(),
        city: form.city.trim().to_owned(),
        postcode: form.postcode.trim().to_owned(),
        country: form.country.clone(),
        phone: form.phone.trim().to_owned(),
    })
}

fn check_country(state: &ShopState, form: &AddressForm, wrong: &mut Vec<FieldError>) {
    let countries = &state.catalogue.countries;
    let Some(country) = countries.iter().find(|country| country.id == form.country) else {
        wrong.push(FieldError {
            field: "country".into(),
            message: "Choose a country that we deliver to.".to_owned(),
        });
        return;
    };
    let postcode = form.postcode.trim();
    let digits = country.postcode_digits;
    let fits = postcode.len() == digits && postcode.bytes().all(|byte| byte.is_ascii_digit());
    if !postcode.is_empty() && !fits {
        wrong.push(FieldError {
            field: "postcode".into(),
            message: format!("Postal codes in {} have {digits} digits.", country.name),
        });
    }
}

fn check_phone(phone: &str, wrong: &mut Vec<FieldError>) {
    let fits = phone
        .chars()
        .all(|letter| letter.is_ascii_digit() || "+-() /".contains(letter));
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    if !phone.is_empty() && (!fits || !(5..=15).contains(&digits)) {
        wrong.push(FieldError {
            field: "phone".into(),
            message: "Enter a phone number with 5 to 15 digits, or leave it empty.".to_owned(),
        });
    }
}

/// Stores a card. The first one becomes the default.
pub fn add_card(state: &mut ShopState, form: &CardForm) -> Result<CardId, Refusal> {
    let digits: String = form
        .number
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .collect();
    let mut wrong = Vec::new();
    let mut check = |right: bool, field: &'static str, message: &str| {
        if !right {
            wrong.push(FieldError {
                field: field.into(),
                message: message.to_owned(),
            });
        }
    };
    let is_number = digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_digit());
    check(is_number, "number", "A card number has 16 digits.");
    check(
        !is_number || luhn(&digits),
        "number",
        "This card number has a wrong digit. Check it against the card.",
    );
    check(
        !form.holder.trim().is_empty(),
        "holder",
        "Enter the name on the card.",
    );
    let expires = read_month(form.expires.trim());
    check(
        expires.is_some(),
        "expires",
        "Enter month and year, such as 08/27.",
    );
    let this_month = (TODAY.year(), TODAY.month());
    check(
        expires.is_none_or(|month| month >= this_month),
        "expires",
        "This card has expired.",
    );
    let code = form.security_code.trim();
    check(
        code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()),
        "security_code",
        "The security code has three digits.",
    );
    let (Some(expires), true) = (expires, wrong.is_empty()) else {
        return Err(Refusal::invalid(wrong));
    };
    let id = CardId::from(format!("c{}", state.incidental.next_entry));
    state.incidental.next_entry += 1;
    let brand = match digits.as_bytes()[0] {
        b'4' => "Norra Card",
        b'5' => "Velta",
        _ => "Bank card",
    };
    let card = Card {
        id: id.clone(),
        brand: brand.to_owned(),
        last4: digits[12..].to_owned(),
        holder: form.holder.trim().to_owned(),
        expires,
        is_default: state.cards.is_empty(),
    };
    Arc::make_mut(&mut state.cards).insert(id.clone(), card);
    Ok(id)
}

/// The check digit of card numbers (ISO/IEC 7812-1, annex B).
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(index, byte)| {
            let digit = u32::from(byte - b'0');
            match index % 2 {
                0 => digit,
                _ if digit > 4 => digit * 2 - 9,
                _ => digit * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// `MM/YY` or `MM/YYYY` as (year, month).
fn read_month(text: &str) -> Option<(i16, i8)> {
    let (month, year) = text.split_once('/')?;
    let month: i8 = month
        .trim()
        .parse()
        .ok()
        .filter(|month| (1..=12).contains(month))?;
    let year = year.trim();
    let number: i16 = year.parse().ok().filter(|number| *number >= 0)?;
    match year.len() {
        2 => Some((2000 + number, month)),
        4 => Some((number, month)),
        _ => None,
    }
}

/// Deletes a card that is not the default.
pub fn delete_card(state: &mut ShopState, id: &str) -> Result<(), Refusal> {
    if known_card(state, id)?.is_default {
        return Err(Refusal::not_allowed(
            "The default card cannot be deleted. Make another one the default first.",
        ));
    }
    Arc::make_mut(&mut state.cards).remove(id);
    Ok(())
}

/// Makes a card the default.
pub fn set_default_card(state: &mut ShopState, id: &str) -> Result<(), Refusal> {
    known_card(state, id)?;
    for card in Arc::make_mut(&mut state.cards).values_mut() {
        card.is_default = card.id.as_str() == id;
    }
    Ok(())
}

fn known_card<'a>(state: &'a ShopState, id: &str) -> Result<&'a Card, Refusal> {
    let card = state.cards.get(id);
    card.ok_or_else(|| Refusal::not_found("This card is not stored."))
}

/// Signs a mail address up for the newsletter. Field: `email`.
pub fn subscribe(state: &mut ShopState, email: &str) -> Result<(), Refusal> {
    let email = email.trim().to_lowercase();
    let is_mail = email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'));
    if !is_mail || email.len() > 120 || email.contains(char::is_whitespace) {
        return Err(Refusal::field(
            "email",
            "Enter a mail address, such as name@post.example.",
        ));
    }
    let entry = NewsletterEntry {
        email: email.clone(),
        subscribed: true,
    };
    Arc::make_mut(&mut state.newsletter).insert(email, entry);
    state.incidental.offer_answered = true;
    Ok(())
}

/// Signs off the newsletter. The record stays.
pub fn unsubscribe(state: &mut ShopState, email: &str) -> Result<(), Refusal> {
    let email = email.trim().to_lowercase();
    if !state.newsletter.contains_key(&email) {
        return Err(Refusal::not_found(
            "This address does not get the newsletter.",
        ));
    }
    if let Some(entry) = Arc::make_mut(&mut state.newsletter).get_mut(&email) {
        entry.subscribed = false;
    }
    Ok(())
}

/// A contact message as entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactForm {
    /// Value of a topic. Field `topic`.
    pub topic: String,
    /// Number of an own order, or empty. Field `order`.
    pub order: String,
    /// At most 120 characters. Field `subject`.
    pub subject: String,
    /// 10 to 2000 characters. Field `text`.
    pub text: String,
}

/// Sends a message to the shop.
pub fn contact(state: &mut ShopState, form: &ContactForm) -> Result<MessageNo, Refusal> {
    let (subject, text) = (form.subject.trim(), form.text.trim());
    let mut wrong = Vec::new();
    let mut problem = |field: &'static str, message: &str| {
        wrong.push(FieldError {
            field: field.into(),
            message: message.to_owned(),
        });
    };
    let topic = form.topic.parse::<ContactTopic>().ok();
    if topic.is_none() {
        problem("topic", "Choose what it is about.");
    }
    let number = form.order.trim().trim_start_matches('#');
    let order = number
        .parse()
        .ok()
        .filter(|no| state.orders.contains_key(no));
    if !number.is_empty() && order.is_none() {
        problem(
            "order",
            "You have no order with this number. Leave it empty if you do not know it.",
        );
    }
    if subject.is_empty() {
        problem("subject", "Enter a subject.");
    }
    if text.chars().count() < 10 {
        problem("text", "Tell us a little more: at least 10 characters.");
    }
    at_most("subject", subject, 120, &mut wrong);
    at_most("text", text, 2_000, &mut wrong);
    let (Some(topic), true) = (topic, wrong.is_empty()) else {
        return Err(Refusal::invalid(wrong));
    };
    let no = state.incidental.next_message;
    state.incidental.next_message += 1;
    let message = ContactMessage {
        no,
        topic,
        order,
        subject: subject.to_owned(),
        text: text.to_owned(),
        sent_at: NOW,
    };
    Arc::make_mut(&mut state.outbox).insert(no, message);
    Ok(no)
}
