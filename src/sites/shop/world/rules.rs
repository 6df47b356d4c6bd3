//! The shop's rules: where it delivers, its discount codes. The same in every world.

use jiff::civil::{Date, date};

use crate::sites::shop::state::{
    CategoryId, Country, DeliveryMethod, DeliveryRate, DiscountCode, FREE_DELIVERY_CENTS, Reduction,
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

/// A code on everything, from the beginning of the year to the end of June.
fn code(code: &str, text: &str, reduction: Reduction) -> DiscountCode {
    DiscountCode {
        code: code.to_owned(),
        text: text.to_owned(),
        reduction,
        cap_cents: None,
        category: None,
        minimum_cents: None,
        full_price_only: false,
        from: date(2026, 1, 1),
        until: date(2026, 6, 30),
    }
}

fn capped(code: DiscountCode, cents: u32) -> DiscountCode {
    DiscountCode {
        cap_cents: Some(cents),
        ..code
    }
}

fn within(code: DiscountCode, category: &str) -> DiscountCode {
    DiscountCode {
        category: Some(CategoryId::from(category)),
        ..code
    }
}

fn from_goods(code: DiscountCode, cents: u32) -> DiscountCode {
    DiscountCode {
        minimum_cents: Some(cents),
        ..code
    }
}

fn dated(code: DiscountCode, from: Date, until: Date) -> DiscountCode {
    DiscountCode {
        from,
        until,
        ..code
    }
}

/// Discount codes.
pub(super) fn codes() -> Vec<DiscountCode> {
    use Reduction::{Fixed, FreeDelivery, Percent};
    let table = code(
        "TABLE40",
        "40 % off table goods, at most $6.00.",
        Percent(40),
    );
    let taste = code(
        "TASTE30",
        "30 % off everything, at most $8.00.",
        Percent(30),
    );
    let big = code("BIG15", "15 % off from $200.00 of goods.", Percent(15));
    let fifteen = code("FIFTEEN", "$15.00 off from $110.00 of goods.", Fixed(1_500));
    let tenner = code("TENNER", "$10.00 off from $80.00 of goods.", Fixed(1_000));
    let winter = code("WINTER25", "25 % off everything.", Percent(25));
    let frost = code("FROST35", "35 % off everything.", Percent(35));
    let easter = code("EASTER20", "20 % off everything.", Percent(20));
    let full = code(
        "FULL12",
        "12 % off everything that is not reduced already.",
        Percent(12),
    );
    vec![
        code("SPRING10", "10 % off everything.", Percent(10)),
        within(code("EDGE25", "25 % off knives.", Percent(25)), "knives"),
        capped(taste, 800),
        within(
            code("BEAN20", "20 % off coffee goods.", Percent(20)),
            "coffee",
        ),
        capped(within(table, "table"), 600),
        from_goods(big, 20_000),
        from_goods(fifteen, 11_000),
        from_goods(tenner, 8_000),
        within(
            code("OVEN35", "35 % off baking goods.", Percent(35)),
            "baking",
        ),
        dated(winter, date(2025, 12, 1), date(2026, 2, 28)),
        dated(frost, date(2026, 1, 2), date(2026, 3, 17)),
        dated(easter, date(2026, 4, 1), date(2026, 4, 12)),
        DiscountCode {
            full_price_only: true,
            ..full
        },
        code("SHIPFREE", "Free standard delivery.", FreeDelivery),
    ]
}
