//! The shop's rules: where it delivers, its discount codes, its help pages. The same in every
//! world; help pages say the rules with the same figures that the code goes by.

use jiff::civil::{Date, date};

use crate::sites::shop::queries::cart::{LIGHT_ORDER_G, delivery_label};
use crate::sites::shop::queries::{kilograms, money};
use crate::sites::shop::state::{
    CategoryId, Country, DeliveryMethod, DeliveryRate, DiscountCode, FREE_DELIVERY_CENTS, HelpPage,
    HelpSection, MAX_QUANTITY, RETURN_DAYS, Reduction,
};

/// Standard, express and locker fees in cents (light, heavy); 0 means not offered.
type Fees = [(u32, u32); 3];

/// Countries in the order of the delivery page.
pub(super) fn countries() -> Vec<Country> {
    let country = |id: &str, name: &str, heaviest_kg: u32, postcode_digits, fees: Fees| Country {
        id: id.to_owned(),
        name: name.to_owned(),
        is_home: id == "aldermark",
        heaviest_piece_g: heaviest_kg * 1_000,
        postcode_digits,
        rates: rates(id == "aldermark", fees),
    };
    vec![
        country(
            "aldermark",
            "Aldermark",
            40,
            5,
            [(490, 890), (990, 1_690), (390, 690)],
        ),
        country(
            "belvaria",
            "Belvaria",
            20,
            4,
            [(790, 1_290), (1_490, 2_490), (590, 990)],
        ),
        country(
            "corvenna",
            "Corvenna",
            12,
            5,
            [(890, 1_490), (1_690, 2_690), (0, 0)],
        ),
        country(
            "dorsmark",
            "Dorsmark",
            8,
            4,
            [(990, 1_690), (0, 0), (690, 1_190)],
        ),
        country(
            "estavia",
            "Estavia",
            5,
            6,
            [(1_190, 1_990), (2_290, 3_490), (0, 0)],
        ),
        country(
            "fennmark",
            "Fennmark",
            3,
            4,
            [(1_290, 2_190), (0, 0), (0, 0)],
        ),
        country(
            "sarn-isles",
            "Sarn Isles",
            2,
            3,
            [(1_490, 2_490), (0, 0), (0, 0)],
        ),
    ]
}

fn rates(is_home: bool, fees: Fees) -> Vec<DeliveryRate> {
    let kinds = [
        (
            DeliveryMethod::Standard,
            80_000,
            if is_home {
                "3 to 5 working days"
            } else {
                "5 to 8 working days"
            },
        ),
        (
            DeliveryMethod::Express,
            30_000,
            if is_home {
                "next working day"
            } else {
                "2 to 3 working days"
            },
        ),
        (
            DeliveryMethod::Locker,
            10_000,
            if is_home {
                "2 to 4 working days"
            } else {
                "4 to 7 working days"
            },
        ),
    ];
    kinds
        .into_iter()
        .zip(fees)
        .filter(|(_, (light, _))| *light > 0)
        .map(
            |((method, heaviest_order_g, takes), (light_cents, heavy_cents))| DeliveryRate {
                method,
                light_cents,
                heavy_cents,
                heaviest_order_g,
                free_from_cents: (is_home && method == DeliveryMethod::Standard)
                    .then_some(FREE_DELIVERY_CENTS),
                takes: takes.to_owned(),
            },
        )
        .collect()
}

struct Terms {
    cap: Option<u32>,
    category: Option<&'static str>,
    minimum: Option<u32>,
    full_price_only: bool,
    from: Date,
    until: Date,
}

const OPEN: Terms = Terms {
    cap: None,
    category: None,
    minimum: None,
    full_price_only: false,
    from: date(2026, 1, 1),
    until: date(2026, 6, 30),
};

/// Discount codes.
pub(super) fn codes() -> Vec<DiscountCode> {
    use Reduction::{Fixed, FreeDelivery, Percent};
    let in_category = |category| Terms {
        category: Some(category),
        ..OPEN
    };
    vec![
        code("SPRING10", "10 % off everything.", Percent(10), OPEN),
        code(
            "EDGE25",
            "25 % off knives.",
            Percent(25),
            in_category("knives"),
        ),
        code(
            "TASTE30",
            "30 % off everything, at most $8.00.",
            Percent(30),
            Terms {
                cap: Some(800),
                ..OPEN
            },
        ),
        code(
            "BEAN20",
            "20 % off coffee goods.",
            Percent(20),
            in_category("coffee"),
        ),
        code(
            "TABLE40",
            "40 % off table goods, at most $6.00.",
            Percent(40),
            Terms {
                cap: Some(600),
                ..in_category("table")
            },
        ),
        code(
            "BIG15",
            "15 % off from $200.00 of goods.",
            Percent(15),
            Terms {
                minimum: Some(20_000),
                ..OPEN
            },
        ),
        code(
            "FIFTEEN",
            "$15.00 off from $110.00 of goods.",
            Fixed(1_500),
            Terms {
                minimum: Some(11_000),
                ..OPEN
            },
        ),
        code(
            "TENNER",
            "$10.00 off from $80.00 of goods.",
            Fixed(1_000),
            Terms {
                minimum: Some(8_000),
                ..OPEN
            },
        ),
        code(
            "OVEN35",
            "35 % off baking goods.",
            Percent(35),
            in_category("baking"),
        ),
        code(
            "WINTER25",
            "25 % off everything.",
            Percent(25),
            Terms {
                from: date(2025, 12, 1),
                until: date(2026, 2, 28),
                ..OPEN
            },
        ),
        code(
            "FROST35",
            "35 % off everything.",
            Percent(35),
            Terms {
                from: date(2026, 1, 2),
                until: date(2026, 3, 17),
                ..OPEN
            },
        ),
        code(
            "EASTER20",
            "20 % off everything.",
            Percent(20),
            Terms {
                from: date(2026, 4, 1),
                until: date(2026, 4, 12),
                ..OPEN
            },
        ),
        code(
            "FULL12",
            "12 % off everything that is not reduced already.",
            Percent(12),
            Terms {
                full_price_only: true,
                ..OPEN
            },
        ),
        code("SHIPFREE", "Free standard delivery.", FreeDelivery, OPEN),
    ]
}

fn code(code: &str, text: &str, reduction: Reduction, terms: Terms) -> DiscountCode {
    DiscountCode {
        code: code.to_owned(),
        text: text.to_owned(),
        reduction,
        cap_cents: terms.cap,
        category: terms.category.map(CategoryId::from),
        minimum_cents: terms.minimum,
        full_price_only: terms.full_price_only,
        from: terms.from,
        until: terms.until,
    }
}

/// Help pages in the order of the footer.
pub(super) fn help(countries: &[Country]) -> Vec<HelpPage> {
    let days = RETURN_DAYS;
    let free = money(FREE_DELIVERY_CENTS);
    vec![
        delivery_page(countries),
        page(
            "returns",
            "Returns",
            vec![
                text(
                    "How long you can return",
                    &format!(
                        "You can send back every item within {days} days of the day on which it was delivered. The day of delivery does not count; the last day does. After that we cannot take it back, even unused."
                    ),
                ),
                text(
                    "How it works",
                    "Open the order in your account, choose Return items, tick what comes back and tell us why. You can send back one item of an order and keep the others.",
                ),
                text(
                    "Your money",
                    "We refund the card that paid, or give you a voucher if you prefer. The delivery fee is refunded when the whole order comes back.",
                ),
                text(
                    "What cannot come back",
                    "Items that were cancelled or have not arrived yet, and items that were sent back already.",
                ),
            ],
        ),
        page(
            "guarantee",
            "Guarantee",
            vec![
                text(
                    "What it covers",
                    "Every product has a guarantee from us; how long it lasts stands on the Details tab of its page. It covers faults of material and make, not wear.",
                ),
                text(
                    "Where it holds",
                    "In every country that we deliver to. Packing and postage for repairs are ours.",
                ),
            ],
        ),
        page(
            "cancelling",
            "Cancelling and changing orders",
            vec![
                text(
                    "Cancelling",
                    "An order can be cancelled in your account as long as it is placed or packed. Once it has been shipped, nobody can stop it; please send it back instead.",
                ),
                text(
                    "Another address",
                    "As long as an order is placed or packed, it can be sent to another address of your address book. The delivery fee stays as it was.",
                ),
            ],
        ),
        page(
            "payment",
            "Payment",
            vec![
                text(
                    "Cards",
                    "We take Norra Card, Velta and other bank cards. Your card is charged when the order is placed.",
                ),
                text(
                    "Prices",
                    "All prices are in US dollars and include tax. Prices and offers of the day on which you order count.",
                ),
            ],
        ),
        page(
            "codes",
            "Offers and codes",
            vec![
                text(
                    "How codes work",
                    "Enter a code in the cart. One code can be used at a time; a new one takes the place of the old. Codes take off goods, never the delivery fee, unless they say so.",
                ),
                text(
                    "Conditions",
                    "Some codes need goods for a minimum value, some apply to a category, some take off at most a certain amount. If a code cannot be used, the cart says why.",
                ),
                text(
                    "Reduced goods",
                    "Offers end at midnight of their last day. The category Sale shows what is reduced today.",
                ),
            ],
        ),
        page(
            "quantities",
            "Quantities and stock",
            vec![
                text(
                    "At most",
                    &format!("You can order up to {MAX_QUANTITY} of one article."),
                ),
                text(
                    "Sold out",
                    "If a variant is sold out, its page can tell you by mail when it is back. Other colours and sizes may be in stock.",
                ),
            ],
        ),
        page(
            "account",
            "Your account",
            vec![
                text(
                    "Addresses and cards",
                    "Your address book can hold as many addresses as you like. The default one is where checkout starts.",
                ),
                text(
                    "Reviews",
                    "You can review what you bought here, once for each product.",
                ),
            ],
        ),
        page(
            "privacy",
            "Privacy",
            vec![text(
                "What we keep",
                &format!(
                    "Your orders, for as long as the law asks. We give nothing to others but the carrier. Free delivery from {free} does not depend on the newsletter."
                ),
            )],
        ),
    ]
}

fn page(slug: &str, title: &str, sections: Vec<HelpSection>) -> HelpPage {
    HelpPage {
        slug: slug.to_owned(),
        title: title.to_owned(),
        sections,
    }
}

fn text(heading: &str, paragraph: &str) -> HelpSection {
    HelpSection {
        heading: heading.to_owned(),
        paragraphs: vec![paragraph.to_owned()],
        table: Vec::new(),
    }
}

fn delivery_page(countries: &[Country]) -> HelpPage {
    let row = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
    let mut fees: Vec<Vec<String>> = vec![row(&[
        "Country",
        "Delivery",
        "Takes",
        "Up to 5 kg",
        "Heavier",
        "Heaviest order",
    ])];
    let mut limits: Vec<Vec<String>> = vec![row(&["Country", "Heaviest piece, packed"])];
    for country in countries {
        limits.push(vec![
            country.name.clone(),
            kilograms(country.heaviest_piece_g),
        ]);
        for rate in &country.rates {
            fees.push(vec![
                country.name.clone(),
                delivery_label(rate.method).to_owned(),
                rate.takes.clone(),
                money(rate.light_cents),
                money(rate.heavy_cents),
                kilograms(rate.heaviest_order_g),
            ]);
        }
    }
    let section = |heading: &str, paragraph: String, table| HelpSection {
        heading: heading.to_owned(),
        paragraphs: vec![paragraph],
        table,
    };
    page("delivery", "Delivery", vec![
        section("Where we deliver", "We deliver to the countries below. No single piece may be heavier, with its packing, than the limit of its country; the packed weight stands on the Details tab of each product.".to_owned(), limits),
        section("What it costs and how long it takes", format!("The fee depends on the packed weight of the whole order: one fee up to {}, another above. In Aldermark, standard delivery is free from {} of goods.", kilograms(LIGHT_ORDER_G), money(FREE_DELIVERY_CENTS)), fees),
        text("Parcel lockers", "We choose the locker nearest to your address and write to you when the parcel is in it."),
    ])
}
