//! Leaf categories of cookware, knives, baking and table.

use crate::sites::shop::world::plan::{Leaf, Options, Sisters};

const PAN_SIZES: &[&str] = &["20 cm", "24 cm", "28 cm"];
const POT_SIZES: &[&str] = &["1.2 l", "1.8 l", "2.6 l", "3.4 l"];
const DISH_SIZES: &[&str] = &["Small", "Medium", "Large"];
const TIN_SIZES: &[&str] = &["18 cm", "22 cm", "26 cm"];
const BLADE_SIZES: &[&str] = &["16 cm", "20 cm", "24 cm"];

/// Leaf categories of cookware, knives, baking and table.
pub(in crate::sites::shop::world) const LEAVES: &[Leaf] = &[
    Leaf {
        id: "frying-pans",
        size: 13,
        kinds: &[
            (
                "Frying Pan",
                "Coated",
                Options::Sizes(PAN_SIZES),
                Sisters::Model,
            ),
            (
                "Iron Skillet",
                "Iron",
                Options::Sizes(PAN_SIZES),
                Sisters::Model,
            ),
            (
                "Crêpe Pan",
                "Coated",
                Options::Sizes(&["24 cm", "26 cm", "28 cm"]),
                Sisters::Model,
            ),
        ],
        dollars: (24, 139),
        grams: (780, 3_200),
        guarantee: &[24, 36, 60, 120],
        about: &[
            "Spreads the heat to the rim and keeps it.",
            "Nothing sticks, and nothing has to be scrubbed.",
            "Gets better with every year of use.",
        ],
        details: &[
            (
                "Material",
                &[
                    "Cast iron",
                    "Carbon steel",
                    "Aluminium, coated",
                    "Three-layer steel",
                ],
            ),
            ("Oven", &["Up to 180 °C", "Up to 260 °C", "Without limit"]),
        ],
    },
    Leaf {
        id: "saucepans",
        size: 12,
        kinds: &[
            (
                "Saucepan",
                "Steel",
                Options::Sizes(POT_SIZES),
                Sisters::Model,
            ),
            ("Milk Pan", "Enamel", Options::Colours, Sisters::Model),
        ],
        dollars: (22, 128),
        grams: (700, 2_900),
        guarantee: &[24, 60, 60, 120],
        about: &[
            "A thick base, a rim that pours, and a lid with a knob that stays cool.",
            "For milk, sauces and two eggs.",
            "With marks on the inside, so that no jug is needed.",
        ],
        details: &[
            (
                "Material",
                &["Stainless steel", "Enamelled steel", "Copper and steel"],
            ),
            ("Stove", &["All, induction included", "Gas and electric"]),
        ],
    },
    Leaf {
        id: "ovenware",
        size: 15,
        kinds: &[
            (
                "Roasting Dish",
                "Stoneware",
                Options::Sizes(DISH_SIZES),
                Sisters::Words("Oval", "Square"),
            ),
            ("Casserole", "Iron", Options::Colours, Sisters::Model),
            ("Brûlée Dish", "Porcelain", Options::One, Sisters::Sets),
        ],
        dollars: (16, 240),
        grams: (520, 6_400),
        guarantee: &[12, 24, 60, 84, 120],
        about: &[
            "Goes from the freezer to the oven without complaint.",
            "Heavy, slow and even: made for Sundays.",
            "Comes to the table as it leaves the oven.",
        ],
        details: &[
            ("Oven", &["Up to 220 °C", "Up to 250 °C", "Without limit"]),
            ("Dishwasher", &["Yes", "By hand only"]),
        ],
    },
    Leaf {
        id: "chefs-knives",
        size: 12,
        kinds: &[
            (
                "Chef's Knife",
                "Forged",
                Options::Sizes(BLADE_SIZES),
                Sisters::Model,
            ),
            ("Santoku", "Ground", Options::Colours, Sisters::Model),
        ],
        dollars: (38, 210),
        grams: (150, 340),
        guarantee: &[24, 60, 120, 240],
        about: &[
            "Balanced at the bolster and thin behind the edge.",
            "Hard enough to stay sharp, soft enough to be sharpened at home.",
            "A blade that falls through onions.",
        ],
        details: &[
            ("Steel", &["X50 stainless", "Carbon steel", "Layered steel"]),
            ("Handle", &["Beech", "Walnut", "Resin"]),
        ],
    },
    Leaf {
        id: "small-knives",
        size: 8,
        kinds: &[
            (
                "Paring Knife",
                "Forged",
                Options::Colours,
                Sisters::Words("Straight", "Curved"),
            ),
            ("Tomato Knife", "Ground", Options::Colours, Sisters::Model),
        ],
        dollars: (9, 64),
        grams: (40, 130),
        guarantee: &[12, 24, 60, 120],
        about: &[
            "For everything that is smaller than a fist.",
            "Light in the hand and easy to guide.",
        ],
        details: &[
            ("Blade", &["8 cm", "9 cm", "10 cm", "12 cm"]),
            ("Dishwasher", &["Yes", "By hand only"]),
        ],
    },
    Leaf {
        id: "baking-tins",
        size: 15,
        kinds: &[
            (
                "Cake Tin",
                "Springform",
                Options::Sizes(TIN_SIZES),
                Sisters::Model,
            ),
            (
                "Loaf Tin",
                "Loaf",
                Options::Colours,
                Sisters::Words("Short", "Long"),
            ),
            (
                "Tart Tin",
                "Tart",
                Options::Sizes(TIN_SIZES),
                Sisters::Words("Plain", "Fluted"),
            ),
        ],
        dollars: (8, 48),
        grams: (260, 1_100),
        guarantee: &[12, 24, 36, 60],
        about: &[
            "Lets go of the cake without a fight.",
            "Browns evenly down to the corners.",
            "With a rim that drips into itself and not into the oven.",
        ],
        details: &[
            ("Material", &["Steel, coated", "Blue steel", "Aluminium"]),
            ("Dishwasher", &["Yes", "By hand only"]),
        ],
    },
    Leaf {
        id: "scales",
        size: 13,
        kinds: &[
            ("Kitchen Scale", "Kitchen", Options::Colours, Sisters::Model),
            ("Coffee Scale", "Coffee", Options::Colours, Sisters::Model),
        ],
        dollars: (15, 120),
        grams: (280, 1_600),
        guarantee: &[12, 24, 24, 36],
        about: &[
            "Shows what is there, at once and without wavering.",
            "Flat, so that it fits into a drawer.",
            "With a clock beside the weight.",
        ],
        details: &[
            ("Weighs up to", &["2 kg", "3 kg", "5 kg", "10 kg"]),
            ("Accurate to", &["0.1 g", "0.5 g", "1 g"]),
        ],
    },
    Leaf {
        id: "cups",
        size: 14,
        kinds: &[
            ("Mugs", "Mug", Options::Colours, Sisters::Sets),
            (
                "Espresso Cups",
                "Espresso cup",
                Options::Colours,
                Sisters::Sets,
            ),
        ],
        dollars: (18, 76),
        grams: (640, 2_400),
        guarantee: &[12, 12, 24],
        about: &[
            "Thick at the base and thin at the rim.",
            "Glazed by hand, so no two are quite alike.",
            "Stack without wobbling.",
        ],
        details: &[
            ("Each holds", &["70 ml", "90 ml", "250 ml", "330 ml"]),
            ("Dishwasher", &["Yes", "By hand only"]),
        ],
    },
    Leaf {
        id: "plates",
        size: 15,
        kinds: &[
            ("Dinner Plates", "Plate", Options::Colours, Sisters::Sets),
            ("Müsli Bowls", "Bowl", Options::Colours, Sisters::Sets),
            ("Pasta Plates", "Plate", Options::Colours, Sisters::Sets),
        ],
        dollars: (24, 118),
        grams: (1_500, 4_600),
        guarantee: &[12, 24, 24],
        about: &[
            "Stoneware that takes a knock.",
            "A quiet glaze that lets the food speak.",
            "A rim high enough for soup.",
        ],
        details: &[
            ("Diameter", &["16 cm", "22 cm", "26 cm", "28 cm"]),
            ("Microwave", &["Yes", "No"]),
        ],
    },
];
