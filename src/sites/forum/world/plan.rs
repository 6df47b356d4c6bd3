//! The communities: what they are called, what they are tagged with, whose words they use. The
//! same in every world; members, posts and numbers are drawn.

use super::words::{self, Lexicon};

/// A community before its members are drawn.
pub(super) struct Plan {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) tagline: &'static str,
    pub(super) topics: &'static [&'static str],
    pub(super) lexicon: &'static Lexicon,
    /// Which set of flairs it uses.
    pub(super) flairs: usize,
    pub(super) members_only: bool,
    /// The persona is a member.
    pub(super) joined: bool,
    /// It has a pinned list of meetups.
    pub(super) meets_at: Option<&'static str>,
}

const PLAIN: Plan = Plan {
    id: "",
    name: "",
    tagline: "",
    topics: &[],
    lexicon: &words::COFFEE,
    flairs: 0,
    members_only: false,
    joined: false,
    meets_at: None,
};

/// The community whose moderator the persona is.
pub(super) const MODERATED: &str = "equipment-swap";

/// All communities.
pub(super) const PLANS: &[Plan] = &[
    Plan {
        id: "espresso-bar",
        name: "Espresso Bar",
        tagline: "Machines, shots and the search for a good morning.",
        topics: &["coffee", "equipment"],
        joined: true,
        ..PLAIN
    },
    Plan {
        id: "pour-over-club",
        name: "Pour Over Club",
        tagline: "Filters, kettles and patience.",
        topics: &["coffee", "beginners"],
        flairs: 1,
        ..PLAIN
    },
    Plan {
        id: "home-roasters",
        name: "Home Roasters",
        tagline: "From green beans to brown ones, in kitchens and sheds.",
        topics: &["coffee", "recipes"],
        flairs: 2,
        ..PLAIN
    },
    Plan {
        id: "grinder-lab",
        name: "Grinder Lab",
        tagline: "Burrs, doses and the dust on the counter.",
        topics: &["coffee", "equipment", "repair"],
        flairs: 3,
        joined: true,
        ..PLAIN
    },
    Plan {
        id: "latte-art",
        name: "Latte Art",
        tagline: "Hearts first, swans later.",
        topics: &["coffee", "beginners"],
        flairs: 1,
        ..PLAIN
    },
    Plan {
        id: "fix-it-bench",
        name: "Fix It Bench",
        tagline: "Screws, seals and second lives for kitchen machines.",
        topics: &["repair", "equipment", "coffee"],
        flairs: 2,
        ..PLAIN
    },
    Plan {
        id: "sourdough-table",
        name: "Sourdough Table",
        tagline: "Starters, crumbs and crusts.",
        topics: &["baking", "recipes"],
        lexicon: &words::BAKING,
        flairs: 3,
        joined: true,
        ..PLAIN
    },
    Plan {
        id: "cake-corner",
        name: "Cake Corner",
        tagline: "Layers, icing and what went wrong with both.",
        topics: &["baking", "beginners", "recipes"],
        lexicon: &words::BAKING,
        ..PLAIN
    },
    Plan {
        id: "pastry-night",
        name: "Pastry Night",
        tagline: "Butter, folds and a cold worktop.",
        topics: &["baking", "recipes"],
        lexicon: &words::BAKING,
        flairs: 2,
        ..PLAIN
    },
    Plan {
        id: "cast-iron-care",
        name: "Cast Iron Care",
        tagline: "Seasoning, rust and pans older than their owners.",
        topics: &["equipment", "repair"],
        lexicon: &words::COOKWARE,
        flairs: 1,
        joined: true,
        ..PLAIN
    },
    Plan {
        id: "knife-block",
        name: "Knife Block",
        tagline: "Steel, stones and safe fingers.",
        topics: &["equipment", "beginners"],
        lexicon: &words::COOKWARE,
        flairs: 3,
        ..PLAIN
    },
    Plan {
        id: "one-pot-suppers",
        name: "One Pot Suppers",
        tagline: "Dinner for people who wash up themselves.",
        topics: &["recipes", "beginners"],
        lexicon: &words::SUPPER,
        joined: true,
        ..PLAIN
    },
    Plan {
        id: MODERATED,
        name: "Equipment Swap",
        tagline: "Used kitchen things from member to member.",
        topics: &["market"],
        lexicon: &words::COOKWARE,
        flairs: 1,
        joined: true,
        ..PLAIN
    },
    Plan {
        id: "harrow-bay-coffee",
        name: "Harrow Bay Coffee",
        tagline: "People of Harrow Bay who meet over a cup.",
        topics: &["local"],
        flairs: 2,
        joined: true,
        meets_at: Some("Old Customs House, Harrow Bay"),
        ..PLAIN
    },
    Plan {
        id: "tolland-baking-circle",
        name: "Tolland Baking Circle",
        tagline: "One oven, many loaves, every month in Tolland.",
        topics: &["local"],
        lexicon: &words::BAKING,
        joined: true,
        meets_at: Some("Mill Hall, Tolland"),
        ..PLAIN
    },
    Plan {
        id: "brae-kitchens",
        name: "Brae Kitchens",
        tagline: "Neighbours in Brae who cook and bake together.",
        topics: &["local", "beginners", "baking"],
        lexicon: &words::SUPPER,
        flairs: 3,
        joined: true,
        meets_at: Some("Canal School, Brae"),
        ..PLAIN
    },
    Plan {
        id: "larder-testers",
        name: "Larder Testers",
        tagline: "Early looks at what may come into the shop.",
        topics: &["coffee", "equipment"],
        flairs: 3,
        members_only: true,
        ..PLAIN
    },
    Plan {
        id: "night-shift-cooks",
        name: "Night Shift Cooks",
        tagline: "Meals for people who get home at six in the morning.",
        topics: &["recipes", "baking"],
        lexicon: &words::SUPPER,
        flairs: 1,
        members_only: true,
        ..PLAIN
    },
];

/// When a post is what; the order of every set of flairs.
pub(super) const SITUATIONS: [&str; 6] = [
    "you ask before you buy something",
    "something you own no longer works",
    "you show what you have made",
    "you explain how something is done",
    "you pass on a bargain",
    "nothing else fits",
];

/// Sets of flairs, in the order of the situations.
pub(super) const FLAIRS: [[&str; 6]; 4] = [
    [
        "Advice",
        "Fault",
        "Result",
        "How-to",
        "Bargain",
        "Discussion",
    ],
    [
        "Shopping list",
        "Sick bay",
        "Showcase",
        "Method",
        "Tip-off",
        "Open table",
    ],
    [
        "Before you buy",
        "Workbench",
        "First light",
        "Notebook",
        "Seen in town",
        "Small talk",
    ],
    [
        "Which one",
        "Emergency",
        "Proud of it",
        "Schoolroom",
        "Good deal",
        "Corner table",
    ],
];

/// Rules that every community has, before that about flairs.
pub(super) const COMMON_RULES: [(&str, &str); 3] = [
    (
        "Be kind",
        "Argue about the thing, not about the person. Nobody has to like what you like.",
    ),
    (
        "Search first",
        "Much has been asked before. A link to what you found helps those who answer.",
    ),
    (
        "Say what you own",
        "Name model and age when you ask for help, so that nobody has to guess.",
    ),
];

/// Rules of the community that the persona moderates.
pub(super) const SWAP_RULES: [(&str, &str); 5] = [
    ("Be kind", "A low offer is an offer. Answer it or leave it."),
    (
        "Name the price",
        "Every offer names one price in dollars. \"Make me an offer\" and \"ask me\" are no prices.",
    ),
    (
        "No links to shops",
        "Describe the thing in your own words. Links to shops, this one included, are not allowed.",
    ),
    (
        "Attach a photo",
        "Every offer has a photo of the thing itself. Offers without one are removed.",
    ),
    (
        "Say where it is",
        "Every offer says in which town the thing can be picked up.",
    ),
];

/// Years and months of the meetups around the present, with whether they take place: one is
/// over, one is called off, two are to come.
pub(super) const MEETUPS: [(i16, i8, Option<&str>); 4] = [
    (2026, 3, None),
    (2026, 3, Some("Called off, the hall is being painted.")),
    (2026, 4, None),
    (2026, 5, None),
];
