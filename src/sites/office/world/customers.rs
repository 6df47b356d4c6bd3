//! Customers' accounts: everybody of the roster who buys, and for some of them a second account
//! with the same mail address in other letters, and a namesake.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::plus_days;
use crate::sites::office::state::{Customer, CustomerNo, PostalAddress};
use crate::sites::people::{People, Person};
use crate::sites::shop::state::ShopState;

/// Customers with two accounts.
const DOUBLES: usize = 24;
/// Number of the first second account, and of the first namesake.
const FIRST_DOUBLE: CustomerNo = 30_601;
const FIRST_NAMESAKE: CustomerNo = 30_641;

const STREETS: [&str; 16] = [
    "Weaver Street",
    "Mill Lane",
    "Harbour Road",
    "Lime Avenue",
    "Chandler Row",
    "Orchard Way",
    "Quarry Hill",
    "Bridge Street",
    "Saltworks Path",
    "Church Close",
    "Foundry Street",
    "Meadow Rise",
    "Station Road",
    "Tanner Yard",
    "Northgate",
    "Lark Field",
];

/// Towns by country.
const TOWNS: [(&str, [&str; 4]); 7] = [
    ("aldermark", ["Orsund", "Tolmar", "Vessby", "Hallin"]),
    ("belvaria", ["Brask", "Lindau Bel", "Morava", "Ostrel"]),
    ("corvenna", ["Velmora", "Cantra", "Selvo", "Porto Ril"]),
    ("dorsmark", ["Dorshavn", "Eldby", "Ringen", "Skarv"]),
    ("estavia", ["Estava", "Kolm", "Narvik Est", "Pelu"]),
    ("fennmark", ["Fenna", "Ruska", "Tarn", "Ulve"]),
    ("sarn-isles", ["Sarnby", "Osmet", "Kell", "Hamra"]),
];

/// All accounts by number.
pub(super) fn accounts(
    rng: &mut ChaCha8Rng,
    shop: &ShopState,
    people: &People,
) -> BTreeMap<CustomerNo, Customer> {
    let mut accounts = BTreeMap::new();
    for person in people.customers() {
        let Some(no) = person.customer_no else {
            continue;
        };
        let mut account = account(rng, shop, person, no);
        if no == shop.customer.number {
            mara(shop, &mut account);
        }
        accounts.insert(no, account);
    }
    let known: Vec<CustomerNo> = accounts
        .values()
        .filter(|account| account.no != shop.customer.number && account.name.contains(' '))
        .filter(|account| is_alone(&accounts, account))
        .map(|account| account.no)
        .collect();
    let chosen: Vec<CustomerNo> = known.sample(rng, DOUBLES).copied().collect();
    for ((no, double), namesake) in chosen.into_iter().zip(FIRST_DOUBLE..).zip(FIRST_NAMESAKE..) {
        let first = accounts[&no].clone();
        let newer = second(rng, &first, double);
        let other = namesake_of(rng, shop, &first, namesake);
        accounts.insert(double, newer);
        accounts.insert(namesake, other);
    }
    accounts
}

/// Nobody else has the name or the mail address, whatever its letters.
fn is_alone(accounts: &BTreeMap<CustomerNo, Customer>, account: &Customer) -> bool {
    let same = accounts.values().filter(|other| {
        other.name == account.name || other.email.eq_ignore_ascii_case(&account.email)
    });
    same.count() == 1
}

fn account(rng: &mut ChaCha8Rng, shop: &ShopState, person: &Person, no: CustomerNo) -> Customer {
    let joined = i64::from(no - 30_000) * 2 + i64::from(rng.random_range(0..2_u32));
    Customer {
        no,
        name: person.name.clone(),
        email: person.email.clone(),
        phone: person.phone.clone(),
        address: address(rng, shop, &person.name, &person.phone),
        since: plus_days(date(2022, 11, 3), joined),
        note: String::new(),
        merged_into: None,
    }
}

/// The persona as the shop knows her.
fn mara(shop: &ShopState, account: &mut Customer) {
    account.since = shop.customer.since;
    if let Some(home) = shop.addresses.values().find(|entry| entry.is_default) {
        account.address = home.postal.clone();
    }
}

fn address(rng: &mut ChaCha8Rng, shop: &ShopState, name: &str, phone: &str) -> PostalAddress {
    let country = if rng.random_bool(0.45) {
        0
    } else {
        rng.random_range(1..TOWNS.len())
    };
    let (country, towns) = &TOWNS[country];
    let digits = shop
        .catalogue
        .countries
        .iter()
        .find(|entry| entry.id == *country)
        .map_or(5, |entry| entry.postcode_digits);
    let low = 10_u32.pow(u32::try_from(digits).unwrap_or(5) - 1);
    PostalAddress {
        name: name.to_owned(),
        street: format!(
            "{} {}",
            STREETS.choose(rng).copied().unwrap_or("Northgate"),
            rng.random_range(1..90)
        ),
        extra: String::new(),
        city: towns.choose(rng).copied().unwrap_or("Orsund").to_owned(),
        postcode: rng.random_range(low..low * 10).to_string(),
        country: (*country).to_owned(),
        phone: phone.to_owned(),
    }
}

/// A second account of the same customer, opened later, with another phone.
fn second(rng: &mut ChaCha8Rng, first: &Customer, no: CustomerNo) -> Customer {
    let latest = date(2026, 2, 20);
    let since = plus_days(first.since, rng.random_range(300..420)).min(latest);
    Customer {
        no,
        email: in_other_letters(&first.email),
        phone: other_phone(rng, &first.phone),
        since: since.max(plus_days(first.since, 3)),
        ..first.clone()
    }
}

/// Somebody else of the same name, in another town.
fn namesake_of(
    rng: &mut ChaCha8Rng,
    shop: &ShopState,
    first: &Customer,
    no: CustomerNo,
) -> Customer {
    let phone = other_phone(rng, &first.phone);
    let (local, domain) = first.email.split_once('@').unwrap_or((&first.email, ""));
    Customer {
        no,
        name: first.name.clone(),
        email: format!("{local}{}@{domain}", rng.random_range(2..9)),
        address: address(rng, shop, &first.name, &phone),
        phone,
        since: opened(rng),
        note: String::new(),
        merged_into: None,
    }
}

fn opened(rng: &mut ChaCha8Rng) -> Date {
    plus_days(date(2024, 1, 1), rng.random_range(0..600))
}

fn other_phone(rng: &mut ChaCha8Rng, phone: &str) -> String {
    loop {
        let other = format!("555-01{:02}", rng.random_range(0..100));
        if other != phone {
            return other;
        }
    }
}

/// The same mail address with capitals, as somebody types it in a hurry.
fn in_other_letters(email: &str) -> String {
    let mut upper = true;
    email
        .chars()
        .map(|c| {
            let letter = if upper { c.to_ascii_uppercase() } else { c };
            upper = c == '.' || c == '@';
            letter
        })
        .collect()
}
