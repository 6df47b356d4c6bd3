//! Leaf categories below Coffee.

use crate::sites::shop::world::plan::{Leaf, Options, Sisters};

const PRESS_SIZES: &[&str] = &["2 cups", "4 cups", "8 cups"];

/// Leaf categories below Coffee.
pub(in crate::sites::shop::world) const LEAVES: &[Leaf] = &[
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
        guarantee: &[12, 24, 36, 48, 60, 72],
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
        guarantee: &[12, 24, 36, 48, 60],
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
];
