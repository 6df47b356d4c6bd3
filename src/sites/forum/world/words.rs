//! What people in the forum write about and how. All of it is invented for this project.

/// Words of a field.
pub(super) struct Lexicon {
    /// Things that posts are about; each follows "the" or "my".
    pub(super) things: &'static [&'static str],
    /// What comments are about.
    pub(super) aspects: &'static [&'static str],
    /// What something is for; each follows "for".
    pub(super) purposes: &'static [&'static str],
    /// What goes wrong with a thing; each follows it.
    pub(super) faults: &'static [&'static str],
}

pub(super) static COFFEE: Lexicon = Lexicon {
    things: &[
        "lever machine",
        "hand grinder",
        "flat burr grinder",
        "gooseneck kettle",
        "moka pot",
        "milk jug",
        "drip stand",
        "portafilter",
        "coffee scale",
        "knock box",
        "drum roaster",
        "bean jar",
        "French press",
        "puck screen",
        "steam wand",
        "paper filter holder",
    ],
    aspects: &[
        "the water temperature",
        "the grind size",
        "water hardness",
        "the age of the beans",
        "tamping",
        "the gasket",
        "descaling",
        "the pressure gauge",
        "the bloom",
        "the flow rate",
        "static on the grounds",
        "the shower screen",
    ],
    purposes: &[
        "a small flat",
        "two cups before work",
        "an office of six",
        "milk drinks",
        "light roasts",
        "a tight budget",
        "a summer cabin",
        "guests on Sundays",
    ],
    faults: &[
        "drips after every shot",
        "takes ten minutes to warm up",
        "has lost its pressure",
        "squeaks at the lowest setting",
        "leaves a puddle on the counter",
        "trips the fuse",
    ],
};

pub(super) static BAKING: Lexicon = Lexicon {
    things: &[
        "proofing basket",
        "stand mixer",
        "baking stone",
        "sourdough starter",
        "loaf tin",
        "rolling pin",
        "cake stand",
        "piping bag",
        "bench scraper",
        "springform tin",
        "oven thermometer",
        "dough whisk",
        "muffin tray",
        "cooling rack",
    ],
    aspects: &[
        "the oven temperature",
        "the proofing time",
        "the flour",
        "steam in the oven",
        "the hydration",
        "the butter temperature",
        "scoring",
        "the lower shelf",
        "resting the dough",
        "the starter's age",
        "the icing sugar",
        "the fold in the middle",
    ],
    purposes: &[
        "a birthday of ten",
        "a small oven",
        "rye bread",
        "a gas oven",
        "children who help",
        "the village fair",
        "a holiday kitchen",
        "one loaf a week",
    ],
    faults: &[
        "sticks on every side",
        "smells of vinegar",
        "wobbles at full speed",
        "burns the bottom first",
        "has a crack along the rim",
        "sinks in the middle",
    ],
};

pub(super) static COOKWARE: Lexicon = Lexicon {
    things: &[
        "cast iron skillet",
        "chef's knife",
        "whetstone",
        "copper saucepan",
        "steel wok",
        "paring knife",
        "griddle pan",
        "enamel casserole",
        "bread knife",
        "carving fork",
        "chopping board",
        "honing rod",
        "santoku",
        "roasting tin",
    ],
    aspects: &[
        "the seasoning",
        "the sharpening angle",
        "the handle",
        "flaxseed oil",
        "rust spots",
        "the dishwasher",
        "the balance",
        "the burr",
        "the lid",
        "the bottom of the pan",
        "the weight",
        "the grit of the stone",
    ],
    purposes: &[
        "a first kitchen",
        "induction",
        "small hands",
        "a camp stove",
        "fish",
        "left-handed use",
        "a family of five",
        "thin slices",
    ],
    faults: &[
        "has a loose rivet",
        "went rusty overnight",
        "has a chip near the tip",
        "rocks on a flat stove",
        "smells of old oil",
        "lost its coating",
    ],
};

pub(super) static SUPPER: Lexicon = Lexicon {
    things: &[
        "lentil stew",
        "barley soup",
        "slow cooker",
        "pressure cooker",
        "bean casserole",
        "fish pie",
        "rice pot",
        "tomato braise",
        "noodle bowl",
        "potato gratin",
        "stock pot",
        "spice rack",
        "lunch box",
        "chicken in milk",
    ],
    aspects: &[
        "the stock",
        "the salt",
        "soaking the beans",
        "the lid",
        "the second day",
        "the freezer",
        "the onions",
        "the low heat",
        "the lemon at the end",
        "the rice water",
        "the smoked paprika",
        "leftovers",
    ],
    purposes: &[
        "a weekday",
        "six hungry people",
        "one person",
        "a very small stove",
        "a packed lunch",
        "the day before pay day",
        "late shifts",
        "fussy eaters",
    ],
    faults: &[
        "always burns at the bottom",
        "turns out watery",
        "tastes of nothing",
        "takes two hours longer than it should",
        "boils over every time",
        "is too much for the two of us",
    ],
};

/// Titles by situation; `{thing}` and so on are filled in.
pub(super) const TITLES: [&[&str]; 6] = [
    &[
        "Which {thing} for {purpose}?",
        "Is a new {thing} worth it for {purpose}?",
        "Looking for a {thing} for {purpose}",
        "What should I know before I buy a {thing}?",
    ],
    &[
        "My {thing} {fault}",
        "Help: the {thing} {fault}",
        "The {thing} {fault}, any ideas?",
    ],
    &[
        "The {thing} after {count} months",
        "My first week with the {thing}",
        "Finally happy with the {thing}",
        "{count} tries with the {thing}, one success",
    ],
    &[
        "How I look after my {thing}",
        "Notes on {aspect}",
        "What I learned about {aspect} in {count} weeks",
        "A short guide to the {thing}",
    ],
    &[
        "Cheap {thing} at the market in {town}",
        "Seen in {town}: {thing} at half price",
        "{town} closing sale, {thing} included",
    ],
    &[
        "{Thing} or {other}?",
        "Does {aspect} really matter?",
        "What did you use before the {thing}?",
        "Unpopular view: nobody needs a {thing}",
        "Tell me about your {thing}",
    ],
];

/// Openings of posts by situation.
pub(super) const OPENINGS: [&[&str]; 6] = [
    &[
        "I have read for a week and know less than before.",
        "Mine was borrowed and goes back on Friday.",
        "I can spend about ${price} and would like to do it once.",
    ],
    &[
        "It worked until last weekend.",
        "I have had it for {count} years and never had trouble.",
        "I cleaned everything twice and it is still the same.",
    ],
    &[
        "I nearly gave up in the second week.",
        "I wanted to wait before writing this.",
        "It is not perfect, but it is mine.",
    ],
    &[
        "Several of you asked, so here it is in one place.",
        "None of this is new, but I wish someone had told me.",
        "I wrote this down for a friend and thought that it may help here too.",
    ],
    &[
        "I walked past this morning and they had a whole shelf of them.",
        "Not for me, but somebody here may need one.",
        "The shop in the side street is closing at the end of the month.",
    ],
    &[
        "We could not agree about this at dinner.",
        "I keep changing my mind.",
        "There must be people here who have tried both.",
    ],
];

/// Middles of posts.
pub(super) const MIDDLES: &[&str] = &[
    "I suspect {aspect}, though I have no proof.",
    "Most of what I read is about {aspect}, and that is not my problem.",
    "It is meant for {purpose}.",
    "My {other} gives no trouble at all, which makes it odd.",
    "A friend in {town} swears by {aspect}.",
    "I tried it with the {other} first.",
    "The kitchen is small, so it has to live next to the {other}.",
    "I changed only {aspect} and left everything else alone.",
];

/// Ends of posts.
pub(super) const CLOSINGS: &[&str] = &[
    "What would you do?",
    "Thanks for reading.",
    "Happy to answer questions.",
    "I will report back.",
    "Corrections are welcome.",
    "Please be honest.",
];

/// Comments; each holds an aspect so that it can be told from others.
pub(super) const COMMENTS: &[&str] = &[
    "I would look at {aspect} first.",
    "For me it was {aspect} in the end.",
    "Everybody forgets {aspect}.",
    "I changed {aspect} and never looked back.",
    "Do not worry about {aspect} too much.",
    "My sister in {town} had the same with {aspect}.",
    "{Aspect} hardly matters in our kitchen.",
    "I measured {aspect} over {count} days, and the difference was there.",
    "You can leave {aspect} as it is for the first month.",
    "It took me {count} tries to understand {aspect}.",
    "Nobody told me about {aspect} when I began.",
    "Start with {aspect}, then come back and tell us.",
];

/// What stands before or behind it.
pub(super) const ASIDES: &[&str] = &[
    "Good luck.",
    "The rest comes with time.",
    "I may be wrong.",
    "It costs nothing to try.",
    "Mine has been fine since.",
    "The {thing} is not to blame.",
    "Ask again in a month.",
    "That is all I know.",
    "I would not spend money on it yet.",
    "We had a long thread about this last year.",
    "Photos would help.",
    "It depends on {purpose}, of course.",
];

/// What authors of posts answer.
pub(super) const THANKS: &[&str] = &[
    "Thank you, I had not thought of {aspect}.",
    "I tried that already. {Aspect} was not it.",
    "That makes sense. I will check {aspect} tonight.",
    "Interesting. Is {aspect} easy to change?",
    "You were right about {aspect}.",
];

pub(in crate::sites::forum) const TOWNS: &[&str] = &[
    "Harrow Bay",
    "Tolland",
    "Brae",
    "Marrin",
    "Osterby",
    "Little Quay",
    "Fennmoor",
    "Sandwick",
];

/// What members write about themselves.
pub(super) const ABOUTS: &[&str] = &[
    "",
    "Two cups before nine.",
    "Learning slowly.",
    "Mostly here for the photos.",
    "I fix more than I buy.",
    "Bakes on Saturdays.",
    "Left-handed and proud of it.",
    "Small kitchen, many plans.",
    "Retired, therefore baking.",
    "Ask me about beans.",
];
