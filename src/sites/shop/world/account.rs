//! The persona's account: addresses, cards, cart and wishlist, picked from the catalogue so
//! that what tasks need is there.

use std::collections::BTreeMap;

use jiff::civil::{Date, date, datetime};

use crate::sites::clock::{TODAY, plus_days};
use crate::sites::people::MARA;
use crate::sites::shop::queries::product::{is_reduced, price_of};
use crate::sites::shop::state::{
    Address, AddressId, Card, CardId, CartLine, Catalogue, Customer, PostalAddress, Product,
    ProductId, Sku, Variant, WishlistItem,
};

/// Mara Lindqvist.
pub(super) fn customer() -> Customer {
    Customer {
        persona: MARA.id.to_owned(),
        first_name: MARA.first_name.to_owned(),
        name: MARA.name.to_owned(),
        email: MARA.email.to_owned(),
        phone: MARA.phone.to_owned(),
        number: MARA.customer_no,
        since: date(2024, 11, 5),
    }
}

/// Entries of the address book: id, label, name, street, extra, town, postal code, country,
/// phone.
const ADDRESSES: [[&str; 9]; 5] = [
    [
        "home",
        "Home",
        "Mara Lindqvist",
        "Weaver Street 14",
        "Flat 3",
        "Orsund",
        "20417",
        "aldermark",
        "555-0142",
    ],
    [
        "work",
        "Work",
        "Mara Lindqvist, Larder",
        "Harbour Road 2",
        "Warehouse office",
        "Orsund",
        "20433",
        "aldermark",
        "555-0110",
    ],
    [
        "parents",
        "Parents",
        "Eva and Nils Lindqvist",
        "Mill Lane 8",
        "",
        "Tolmar",
        "34102",
        "aldermark",
        "555-0163",
    ],
    [
        "elin",
        "Elin",
        "Elin Lindqvist",
        "Lime Avenue 51",
        "",
        "Velmora",
        "70815",
        "corvenna",
        "555-0178",
    ],
    [
        "cabin",
        "Cabin",
        "Mara Lindqvist",
        "Saltworks Path 3",
        "",
        "Sarnby",
        "418",
        "sarn-isles",
        "",
    ],
];

/// The address book: five entries in three countries.
pub(super) fn addresses() -> BTreeMap<AddressId, Address> {
    ADDRESSES.into_iter().map(address).collect()
}

fn address(cells: [&str; 9]) -> (AddressId, Address) {
    let [
        id,
        label,
        name,
        street,
        extra,
        city,
        postcode,
        country,
        phone,
    ] = cells.map(str::to_owned);
    let id = AddressId::from(id);
    let entry = Address {
        id: id.clone(),
        is_default: label == "Home",
        label,
        postal: PostalAddress {
            name,
            street,
            extra,
            city,
            postcode,
            country,
            phone,
        },
    };
    (id, entry)
}

/// Three cards; the last four digits of two are easily confused.
pub(super) fn cards() -> BTreeMap<CardId, Card> {
    let cards = [
        ("c1", "Norra Card", "4417", (2028, 5), true),
        ("c2", "Velta", "8820", (2027, 9), false),
        ("c3", "Norra Card", "8802", (2026, 3), false),
    ];
    cards
        .into_iter()
        .map(|(id, brand, last4, expires, is_default)| {
            let id = CardId::from(id);
            let card = Card {
                id: id.clone(),
                brand: brand.to_owned(),
                last4: last4.to_owned(),
                holder: "Mara Lindqvist".to_owned(),
                expires,
                is_default,
            };
            (id, card)
        })
        .collect()
}

/// Three lines whose values make the codes differ: knives for about $64, coffee for about $38,
/// table for about $30 in two pieces.
pub(super) fn cart(
    catalogue: &Catalogue,
    stock: &mut BTreeMap<Sku, u32>,
    is_free: impl Fn(&ProductId) -> bool,
) -> BTreeMap<Sku, CartLine> {
    let wanted = [
        ("chefs-knives", 6_400, 1),
        ("brewing", 3_800, 1),
        ("cups", 1_500, 2),
    ];
    let mut cart = BTreeMap::new();
    for ((category, cents, quantity), seq) in wanted.into_iter().zip(1..) {
        let nearest = catalogue
            .products
            .values()
            .filter(|product| product.categories.iter().any(|id| id.as_str() == category))
            .filter(|product| is_free(&product.id) && !is_reduced(product))
            .flat_map(|product| &product.variants)
            .min_by_key(|variant| price_of(variant).cents.abs_diff(cents));
        let Some(variant) = nearest else { continue };
        stock.insert(variant.sku.clone(), 24);
        let line = CartLine {
            sku: variant.sku.clone(),
            quantity,
            seq,
        };
        cart.insert(variant.sku.clone(), line);
    }
    cart
}

/// Number of products on the wishlist.
const WISHLIST_SIZE: usize = 31;

/// The wishlist: five entries over both pages are reduced and can be moved at once, one was
/// reduced until yesterday, the others are at full price.
pub(super) fn wishlist(
    catalogue: &Catalogue,
    stock: &mut BTreeMap<Sku, u32>,
    is_free: impl Fn(&ProductId) -> bool,
) -> BTreeMap<ProductId, WishlistItem> {
    let mut products: Vec<&Product> = catalogue
        .products
        .values()
        .filter(|product| is_free(&product.id))
        .collect();
    products.sort_by_key(|product| product.featured_rank);
    let mut reduced = products.iter().filter(|product| is_reduced(product));
    let mut ended = products.iter().filter(|product| ended_yesterday(product));
    let mut regular = products.iter().filter(|product| {
        product
            .variants
            .iter()
            .all(|variant| variant.offer.is_none())
    });
    let mut items = BTreeMap::new();
    for place in 1..=WISHLIST_SIZE {
        let next = match place {
            4 | 9 | 16 | 24 | 29 => reduced.next(),
            13 => ended.next(),
            _ => regular.next(),
        };
        let Some(product) = next else { continue };
        let variant = &product.variants[place % product.variants.len()];
        let pieces = stock.entry(variant.sku.clone()).or_default();
        let is_regular = product
            .variants
            .iter()
            .all(|variant| variant.offer.is_none());
        if !is_regular {
            *pieces = (*pieces).max(8);
        }
        let seq = u32::try_from(place).unwrap_or(0);
        let chosen = !is_regular || place % 4 != 0;
        items.insert(product.id.clone(), wish(product, variant, seq, chosen));
    }
    items
}

fn wish(product: &Product, variant: &Variant, seq: u32, chosen: bool) -> WishlistItem {
    let added: Date = plus_days(TODAY, -i64::from(4 * (40 - seq)));
    WishlistItem {
        product: product.id.clone(),
        sku: chosen.then(|| variant.sku.clone()),
        added_at: datetime(added.year(), added.month(), added.day(), 19, 30, 0, 0),
        seq,
    }
}

fn ended_yesterday(product: &Product) -> bool {
    product.variants.iter().all(|variant| {
        variant
            .offer
            .as_ref()
            .is_some_and(|offer| offer.until == plus_days(TODAY, -1))
    })
}
