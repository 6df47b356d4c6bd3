//! The shop's help pages. They say the rules with the same figures that the code goes by.

use crate::sites::shop::queries::cart::{LIGHT_ORDER_G, delivery_label};
use crate::sites::shop::queries::{kilograms, money};
use crate::sites::shop::state::{
    Country, FREE_DELIVERY_CENTS, HelpPage, HelpSection, MAX_QUANTITY, RETURN_DAYS,
};

/// A page of plain text: slug, title, headings with their paragraphs. `{days}`, `{free}` and
/// `{most}` stand for the figures of the rules.
type Text = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const PAGES: &[Text] = &[
    (
        "returns",
        "Returns",
        &[
            (
                "How long you can return",
                "You can send back every item within {days} days of the day on which it was delivered. The day of delivery does not count; the last day does. After that we cannot take it back, even unused.",
            ),
            (
                "How it works",
                "Open the order in your account, choose Return items, tick what comes back and tell us why. You can send back one item of an order and keep the others.",
            ),
            (
                "Your money",
                "We refund the card that paid, or give you a voucher if you prefer. The delivery fee is refunded when the whole order comes back.",
            ),
            (
                "What cannot come back",
                "Items that were cancelled or have not arrived yet, and items that were sent back already.",
            ),
        ],
    ),
    (
        "guarantee",
        "Guarantee",
        &[
            (
                "What it covers",
                "Every product has a guarantee from us; how long it lasts stands on the Details tab of its page. It covers faults of material and make, not wear.",
            ),
            (
                "Where it holds",
                "In every country that we deliver to. Packing and postage for repairs are ours.",
            ),
        ],
    ),
    (
        "cancelling",
        "Cancelling and changing orders",
        &[
            (
                "Cancelling",
                "An order can be cancelled in your account as long as it is placed or packed. Once it has been shipped, nobody can stop it; please send it back instead.",
            ),
            (
                "Another address",
                "As long as an order is placed or packed, it can be sent to another address of your address book. The delivery fee stays as it was.",
            ),
        ],
    ),
    (
        "payment",
        "Payment",
        &[
            (
                "Cards",
                "We take Norra Card, Velta and other bank cards. Your card is charged when the order is placed.",
            ),
            (
                "Prices",
                "All prices are in US dollars and include tax. Prices and offers of the day on which you order count.",
            ),
        ],
    ),
    (
        "codes",
        "Offers and codes",
        &[
            (
                "How codes work",
                "Enter a code in the cart. One code can be used at a time; a new one takes the place of the old. Codes take off goods, never the delivery fee, unless they say so.",
            ),
            (
                "Conditions",
                "Some codes need goods for a minimum value, some apply to a category, some take off at most a certain amount. If a code cannot be used, the cart says why.",
            ),
            (
                "Reduced goods",
                "Offers end at midnight of their last day. The category Sale shows what is reduced today.",
            ),
        ],
    ),
    (
        "quantities",
        "Quantities and stock",
        &[
            ("At most", "You can order up to {most} of one article."),
            (
                "Sold out",
                "If a variant is sold out, its page can tell you by mail when it is back. Other colours and sizes may be in stock.",
            ),
        ],
    ),
    (
        "account",
        "Your account",
        &[
            (
                "Addresses and cards",
                "Your address book can hold as many addresses as you like. The default one is where checkout starts.",
            ),
            (
                "Reviews",
                "You can review what you bought here, once for each product.",
            ),
        ],
    ),
    (
        "privacy",
        "Privacy",
        &[(
            "What we keep",
            "Your orders, for as long as the law asks. We give nothing to others but the carrier. Free delivery from {free} does not depend on the newsletter.",
        )],
    ),
];

/// Help pages in the order of the footer.
pub(super) fn pages(countries: &[Country]) -> Vec<HelpPage> {
    let mut pages = vec![delivery(countries)];
    pages.extend(PAGES.iter().map(|(slug, title, sections)| {
        HelpPage {
            slug: (*slug).to_owned(),
            title: (*title).to_owned(),
            sections: sections
                .iter()
                .map(|(heading, paragraph)| section(heading, with_figures(paragraph), Vec::new()))
                .collect(),
        }
    }));
    pages
}

fn with_figures(text: &str) -> String {
    text.replace("{days}", &RETURN_DAYS.to_string())
        .replace("{free}", &money(FREE_DELIVERY_CENTS))
        .replace("{most}", &MAX_QUANTITY.to_string())
}

fn section(heading: &str, paragraph: String, table: Vec<Vec<String>>) -> HelpSection {
    HelpSection {
        heading: heading.to_owned(),
        paragraphs: vec![paragraph],
        table,
    }
}

fn delivery(countries: &[Country]) -> HelpPage {
    let fees = format!(
        "The fee depends on the packed weight of the whole order: one fee up to {}, another above. In Aldermark, standard delivery is free from {} of goods.",
        kilograms(LIGHT_ORDER_G),
        money(FREE_DELIVERY_CENTS)
    );
    HelpPage {
        slug: "delivery".to_owned(),
        title: "Delivery".to_owned(),
        sections: vec![
            section(
                "Where we deliver",
                "We deliver to the countries below. No single piece may be heavier, with its packing, than the limit of its country; the packed weight stands on the Details tab of each product.".to_owned(),
                limit_table(countries),
            ),
            section("What it costs and how long it takes", fees, fee_table(countries)),
            section(
                "Parcel lockers",
                "We choose the locker nearest to your address and write to you when the parcel is in it.".to_owned(),
                Vec::new(),
            ),
        ],
    }
}

fn limit_table(countries: &[Country]) -> Vec<Vec<String>> {
    let mut table = vec![vec![
        "Country".to_owned(),
        "Heaviest piece, packed".to_owned(),
    ]];
    for country in countries {
        table.push(vec![
            country.name.clone(),
            kilograms(country.heaviest_piece_g),
        ]);
    }
    table
}

fn fee_table(countries: &[Country]) -> Vec<Vec<String>> {
    let header = [
        "Country",
        "Delivery",
        "Takes",
        "Up to 5 kg",
        "Heavier",
        "Heaviest order",
    ];
    let mut table = vec![header.map(str::to_owned).to_vec()];
    for country in countries {
        for rate in &country.rates {
            table.push(vec![
                country.name.clone(),
                delivery_label(rate.method).to_owned(),
                rate.takes.clone(),
                money(rate.light_cents),
                money(rate.heavy_cents),
                kilograms(rate.heaviest_order_g),
            ]);
        }
    }
    table
}
