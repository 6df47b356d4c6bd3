//! What the catalogue is made of: categories, makers, kinds of goods. Plain data; every name is
//! invented for this project.

mod coffee;
mod kitchen;

/// All leaf categories that hold products.
pub(super) fn leaves() -> impl Iterator<Item = &'static Leaf> {
    coffee::LEAVES.iter().chain(kitchen::LEAVES)
}

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
    /// Guarantees in months, ascending; heavy goods get one of the last two.
    pub(super) guarantee: &'static [u32],
    /// First sentences of descriptions.
    pub(super) about: &'static [&'static str],
    /// Rows of the details tab: label and possible values.
    pub(super) details: &'static [(&'static str, &'static [&'static str])],
}

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
