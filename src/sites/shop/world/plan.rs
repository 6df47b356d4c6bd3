//! What the catalogue is made of: categories, makers, kinds of goods. Plain data; every name is
//! invented for this project.

/// A node of the category tree: id, name, parent (empty for the top), in the bar, intro.
pub(super) type Node = (&'static str, &'static str, &'static str, bool, &'static str);

/// All categories, parents first.
pub(super) const CATEGORIES: &[Node] = &[
    (
        "coffee",
        "Coffee",
        "",
        true,
        "Everything between the bean and the cup.",
    ),
    (
        "espresso",
        "Espresso",
        "coffee",
        true,
        "Machines and tools for a short, strong cup.",
    ),
    (
        "espresso-machines",
        "Espresso machines",
        "espresso",
        false,
        "Lever, pump and fully automatic machines.",
    ),
    (
        "espresso-tools",
        "Espresso tools",
        "espresso",
        false,
        "Tampers, baskets and jugs.",
    ),
    (
        "grinders",
        "Grinders",
        "coffee",
        true,
        "Burrs of steel and ceramic, by hand or by motor.",
    ),
    (
        "hand-grinders",
        "Hand grinders",
        "grinders",
        false,
        "Quiet, small, and they need no socket.",
    ),
    (
        "electric-grinders",
        "Electric grinders",
        "grinders",
        false,
        "For those who make more than two cups.",
    ),
    (
        "brewing",
        "Brewing",
        "coffee",
        false,
        "Drippers, presses and filters for a slow cup.",
    ),
    (
        "kettles",
        "Kettles",
        "coffee",
        false,
        "For the stove and for the socket.",
    ),
    (
        "cookware",
        "Cookware",
        "",
        true,
        "Pans, pots and dishes that last.",
    ),
    (
        "pans",
        "Pans",
        "cookware",
        false,
        "Iron, steel and coated pans.",
    ),
    (
        "frying-pans",
        "Frying pans",
        "pans",
        false,
        "From the small egg pan to the large skillet.",
    ),
    (
        "saucepans",
        "Saucepans",
        "pans",
        false,
        "With a long handle and a lid that fits.",
    ),
    (
        "ovenware",
        "Ovenware",
        "cookware",
        false,
        "Dishes that go from the oven to the table.",
    ),
    (
        "knives",
        "Knives",
        "",
        true,
        "Forged and ground blades, and what keeps them sharp.",
    ),
    (
        "chefs-knives",
        "Chef's knives",
        "knives",
        false,
        "The one knife that does most of the work.",
    ),
    (
        "small-knives",
        "Small knives",
        "knives",
        false,
        "For peeling, trimming and tomatoes.",
    ),
    (
        "baking",
        "Baking",
        "",
        true,
        "Tins, bowls and scales for bread and cake.",
    ),
    (
        "baking-tins",
        "Baking tins",
        "baking",
        false,
        "For loaves, cakes and tarts.",
    ),
    (
        "scales",
        "Scales",
        "baking",
        false,
        "Accurate to the gram, some to a tenth of it.",
    ),
    (
        "table",
        "Table",
        "",
        true,
        "Cups, plates and bowls for every day.",
    ),
    (
        "cups",
        "Cups",
        "table",
        false,
        "Mugs and cups, single and in sets.",
    ),
    (
        "plates",
        "Plates and bowls",
        "table",
        false,
        "Stoneware and porcelain, single and in sets.",
    ),
    (
        "sale",
        "Sale",
        "",
        true,
        "Everything that is reduced today.",
    ),
];

/// What the variants of a kind of goods differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Options {
    /// Colours, of which some cost more.
    Colours,
    /// Sizes, the larger the dearer.
    Sizes(&'static [&'static str]),
    /// Supply voltage, at one price.
    Voltage,
    /// One variant.
    One,
}

/// How two sister products of a family differ in name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sisters {
    /// A letter or digit of the model.
    Model,
    /// `Set of 4` and `Set of 6`.
    Sets,
    /// One word: `Round` and `Oval`.
    Words(&'static str, &'static str),
}

/// A kind of goods: noun in the name, type, options, sisters.
pub(super) type Kind = (&'static str, &'static str, Options, Sisters);

/// What a leaf category holds.
#[derive(Debug)]
pub(super) struct Leaf {
    /// Category.
    pub(super) id: &'static str,
    /// Number of products; even and odd numbers give lists of exactly 20, 21 and 40.
    pub(super) size: usize,
    /// Kinds of goods, used in turn.
    pub(super) kinds: &'static [Kind],
    /// Prices in whole dollars.
    pub(super) dollars: (u32, u32),
    /// Net weights in grams.
    pub(super) grams: (u32, u32),
    /// Guarantees in months.
    pub(super) guarantee: &'static [u32],
    /// First sentences of descriptions.
    pub(super) about: &'static [&'static str],
    /// Rows of the details tab: label and possible values.
    pub(super) details: &'static [(&'static str, &'static [&'static str])],
}

const PAN_SIZES: &[&str] = &["20 cm", "24 cm", "28 cm"];
const POT_SIZES: &[&str] = &["1.2 l", "1.8 l", "2.6 l", "3.4 l"];
const DISH_SIZES: &[&str] = &["Small", "Medium", "Large"];
const TIN_SIZES: &[&str] = &["18 cm", "22 cm", "26 cm"];
const PRESS_SIZES: &[&str] = &["2 cups", "4 cups", "8 cups"];
const BLADE_SIZES: &[&str] = &["16 cm", "20 cm", "24 cm"];

/// All leaf categories that hold products.
pub(super) const LEAVES: &[Leaf] = &[
    Leaf {
        id: "espresso-machines",
        size: 14,
        kinds: &[
            ("Espresso Machine", "Pump", Options::Colours, Sisters::Model),
            ("Lever Machine", "Lever", Options::Colours, Sisters::Model),
            (
                "Automatic Machine",
                "Fully automatic",
                Options::Voltage,
                Sisters::Model,
            ),
        ],
        dollars: (119, 940),
        grams: (2_600, 19_000),
        guarantee: &[24, 24, 36, 60],
        about: &[
            "Heats in under a minute and pulls at a steady pressure.",
            "A machine for the small kitchen that does not cut corners at the group.",
            "Two boilers, one for the coffee and one for the milk.",
        ],
        details: &[
            ("Pressure", &["9 bar", "12 bar", "15 bar"]),
            (
                "Water tank",
                &[
                    "0.9 l, removable",
                    "1.1 l, removable",
                    "1.8 l, removable",
                    "2.4 l, fixed",
                ],
            ),
            ("Portafilter", &["51 mm", "54 mm", "58 mm"]),
        ],
    },
    Leaf {
        id: "espresso-tools",
        size: 12,
        kinds: &[
            (
                "Tamper",
                "Tamper",
                Options::Sizes(&["51 mm", "54 mm", "58 mm"]),
                Sisters::Model,
            ),
            ("Milk Jug", "Jug", Options::Colours, Sisters::Model),
            (
                "Knock Box",
                "Knock box",
                Options::Colours,
                Sisters::Words("Round", "Square"),
            ),
        ],
        dollars: (12, 58),
        grams: (180, 900),
        guarantee: &[12, 24, 24, 60],
        about: &[
            "Turned from one piece and heavy enough to do its work.",
            "A tool that stays where it is put.",
            "Easy to hold, easy to rinse.",
        ],
        details: &[
            (
                "Material",
                &["Stainless steel", "Steel and beech", "Steel and walnut"],
            ),
            ("Dishwasher", &["Yes", "By hand only"]),
        ],
    },
    Leaf {
        id: "hand-grinders",
        size: 10,
        kinds: &[
            (
                "Hand Grinder",
                "Conical burr",
                Options::Colours,
                Sisters::Model,
            ),
            (
                "Travel Grinder",
                "Ceramic burr",
                Options::Colours,
                Sisters::Model,
            ),
        ],
        dollars: (29, 189),
        grams: (420, 980),
        guarantee: &[24, 36, 60, 120],
        about: &[
            "Grinds for one cup in under a minute.",
            "Small enough for a coat pocket, with a handle that folds.",
            "Steps so fine that espresso is possible.",
        ],
        details: &[
            (
                "Burr",
                &["38 mm steel", "42 mm steel", "48 mm steel", "Ceramic"],
            ),
            ("Holds", &["20 g", "25 g", "30 g", "35 g"]),
        ],
    },
    Leaf {
        id: "electric-grinders",
        size: 11,
        kinds: &[
            (
                "Burr Grinder",
                "Conical burr",
                Options::Colours,
                Sisters::Model,
            ),
            (
                "Dosing Grinder",
                "Flat burr",
                Options::Voltage,
                Sisters::Model,
            ),
        ],
        dollars: (69, 420),
        grams: (1_500, 6_800),
        guarantee: &[24, 24, 36, 60],
        about: &[
            "Slow burrs keep the beans cool.",
            "Doses by weight and stops on its own.",
            "A quiet motor and very little dust.",
        ],
        details: &[
            ("Burr", &["40 mm conical", "54 mm flat", "64 mm flat"]),
            ("Hopper", &["200 g", "250 g", "350 g", "500 g"]),
            ("Steps", &["30", "40", "60", "Stepless"]),
        ],
    },
    Leaf {
        id: "brewing",
        size: 13,
        kinds: &[
            (
                "French Press",
                "Press",
                Options::Sizes(PRESS_SIZES),
                Sisters::Model,
            ),
            (
                "Dripper",
                "Dripper",
                Options::Colours,
                Sisters::Words("Cone", "Flat"),
            ),
            (
                "Moka Pot",
                "Moka pot",
                Options::Sizes(&["3 cups", "6 cups", "9 cups"]),
                Sisters::Model,
            ),
        ],
        dollars: (14, 88),
        grams: (240, 1_300),
        guarantee: &[12, 24, 24, 36],
        about: &[
            "For a slow cup with little between you and the bean.",
            "Pours evenly and does not drip.",
            "Simple, and it can be taken apart down to the last screw.",
        ],
        details: &[
            (
                "Material",
                &[
                    "Borosilicate glass",
                    "Stainless steel",
                    "Stoneware",
                    "Aluminium",
                ],
            ),
            ("Dishwasher", &["Yes", "By hand only"]),
        ],
    },
    Leaf {
        id: "kettles",
        size: 9,
        kinds: &[
            (
                "Gooseneck Kettle",
                "Gooseneck",
                Options::Colours,
                Sisters::Model,
            ),
            (
                "Electric Kettle",
                "Electric",
                Options::Voltage,
                Sisters::Model,
            ),
        ],
        dollars: (32, 149),
        grams: (640, 1_500),
        guarantee: &[24, 24, 36, 60],
        about: &[
            "A thin stream exactly where you want it.",
            "Boils a litre in three minutes and switches itself off.",
            "A handle that stays cool and a lid that stays on.",
        ],
        details: &[
            ("Holds", &["0.6 l", "0.8 l", "1.0 l", "1.7 l"]),
            (
                "Stove",
                &[
                    "All, induction included",
                    "Gas and electric",
                    "None: has its own base",
                ],
            ),
        ],
    },
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
        guarantee: &[12, 24, 60, 120],
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

/// Invented makers.
pub(super) const BRANDS: &[&str] = &[
    "Lumo", "Ardea", "Breva", "Stellan", "Vessa", "Kelda", "Tovic", "Maren", "Halvo", "Pellan",
    "Quista", "Rovik", "Sundal", "Orrin", "Ilvo", "Brunnel",
];

/// Invented names of product lines.
pub(super) const LINES: &[&str] = &[
    "Alba", "Bram", "Corvo", "Dune", "Elva", "Fjell", "Gale", "Hesper", "Iska", "Kito", "Marl",
    "Nook", "Ondo", "Pico", "Quill", "Rune", "Sorrel", "Tarn", "Umber", "Vale", "Wren", "Yarrow",
    "Zeno", "Birk", "Cove", "Dell",
];

/// Colours with the letters that stand for them in article numbers.
pub(super) const COLOURS: &[(&str, &str)] = &[
    ("Sage", "SAGE"),
    ("Graphite", "GRAP"),
    ("Cream", "CREA"),
    ("Rust", "RUST"),
    ("Ink blue", "INKB"),
    ("Mustard", "MUST"),
    ("Chalk", "CHAL"),
    ("Plum", "PLUM"),
];

/// Closing sentences of descriptions.
pub(super) const CLOSINGS: &[&str] = &[
    "Spare parts can be ordered for ten years.",
    "Packed without plastic.",
    "Comes with a booklet that fits on two pages.",
    "Made in small runs, so colours may differ a little.",
    "Designed and tested in our own kitchen.",
    "Fits into every standard cupboard.",
];
