//! Texts of the persona with something wrong in them: what somebody else got wrong as well, and
//! what was posted twice. Each wrong phrase stands in its text once.

/// What is to be corrected: what it says, what it should say.
pub(super) type Correction = (&'static str, &'static str);

/// Something that the persona and somebody else got wrong under the same title.
pub(super) struct Said {
    pub(super) title: &'static str,
    /// The wrong phrases stand in both texts.
    pub(super) wrong: [Correction; 3],
    pub(super) own: &'static str,
    pub(super) theirs: &'static str,
    /// Where the persona wrote it.
    pub(super) here: &'static str,
    /// Where the other member did.
    pub(super) there: &'static str,
}

/// Something that the persona posted twice.
pub(super) struct Twice {
    pub(super) title: &'static str,
    pub(super) wrong: [Correction; 4],
    pub(super) text: &'static str,
    pub(super) community: &'static str,
}

/// Things said wrong.
pub(super) const SAID: [Said; 8] = [
    Said {
        title: "Descaling, step by step",
        wrong: [
            ("40 minutes", "14 minutes"),
            ("cold water", "warm water"),
            ("six weeks", "three months"),
        ],
        own: "I do it every six weeks. Fill the tank with cold water, add the powder, wait 40 minutes and rinse twice. Then pull two shots and throw them away.",
        theirs: "I stir the powder into cold water, let it stand for 40 minutes and rinse with three tanks. Done every six weeks, it leaves no taste behind.",
        here: "espresso-bar",
        there: "fix-it-bench",
    },
    Said {
        title: "A rye loaf for beginners",
        wrong: [
            ("260 degrees", "220 degrees"),
            ("ten hours", "two hours"),
            ("spoon of sugar", "spoon of salt"),
        ],
        own: "Knead in a spoon of sugar, wait ten hours, shape, wait again. Bake it at 260 degrees on the lower shelf until it sounds hollow.",
        theirs: "After ten hours of rest and with a spoon of sugar in it the dough is easy to shape. Mine goes in at 260 degrees with a bowl of water below it.",
        here: "sourdough-table",
        there: "tolland-baking-circle",
    },
    Said {
        title: "Seasoning a pan in one evening",
        wrong: [
            ("two spoons", "two drops"),
            ("olive oil", "linseed oil"),
            ("a wet cloth", "a dry cloth"),
        ],
        own: "Warm the pan, rub in two spoons of olive oil with a wet cloth, and heat it until it stops smoking.",
        theirs: "The secret is to take two spoons of olive oil, a wet cloth and a lot of patience. More only makes it sticky.",
        here: "cast-iron-care",
        there: "knife-block",
    },
    Said {
        title: "Lentils for the freezer",
        wrong: [
            ("nine litres", "nine portions"),
            ("red lentils", "brown lentils"),
            ("three weeks", "three months"),
        ],
        own: "With a bag of red lentils this makes nine litres and keeps for three weeks. Leave out the lemon until you warm it up.",
        theirs: "I cook nine litres on the first Sunday of the month and freeze them in old jam jars. With red lentils they are good for three weeks.",
        here: "one-pot-suppers",
        there: "brae-kitchens",
    },
    Said {
        title: "How I store beans",
        wrong: [
            ("in the fridge", "in a dark jar"),
            ("two months", "two weeks"),
            ("dark roast", "light roast"),
        ],
        own: "I buy a dark roast, keep it in the fridge and grind what I need. After two months I buy the next.",
        theirs: "After years of trying I keep them in the fridge. A dark roast is best two months after the mill has packed it.",
        here: "harrow-bay-coffee",
        there: "home-roasters",
    },
    Said {
        title: "Folding without tears",
        wrong: [
            ("six folds", "three folds"),
            ("warm butter", "cold butter"),
            ("an hour", "a night"),
        ],
        own: "Take warm butter and a dough that is no warmer than that. After six folds it goes back into the fridge for an hour.",
        theirs: "My teacher took warm butter, stopped after six folds and let the dough rest for an hour. So do I, and the layers are still there.",
        here: "tolland-baking-circle",
        there: "pastry-night",
    },
    Said {
        title: "Setting up a hand grinder",
        wrong: [
            ("clockwise", "anticlockwise"),
            ("twelve clicks", "twenty clicks"),
            ("a coin", "a spanner"),
        ],
        own: "Loosen the nut with a coin. Turn it clockwise until it stops, then back by twelve clicks. Write the number down.",
        theirs: "To open it for cleaning hold the screw with a coin, go twelve clicks further, then turn the nut clockwise and pull. Nothing can fall out.",
        here: "grinder-lab",
        there: "pour-over-club",
    },
    Said {
        title: "Barley soup in two pots",
        wrong: [
            ("a cup of salt", "a pinch of salt"),
            ("ten minutes", "ten hours"),
            ("six onions", "two onions"),
        ],
        own: "Soak the barley for ten minutes, fry six onions, join them, add a cup of salt and leave it alone until supper.",
        theirs: "The second pot only needs a cup of salt because the stock brings its own. I fry six onions and soak the barley for ten minutes.",
        here: "brae-kitchens",
        there: "night-shift-cooks",
    },
];

/// Things posted twice.
pub(super) const TWICE: [Twice; 6] = [
    Twice {
        title: "Spare gaskets to give away",
        wrong: [
            ("54 mm", "58 mm"),
            ("seven", "eleven"),
            ("rubber", "silicone"),
            ("Friday", "Sunday"),
        ],
        text: "I ordered seven too many. They are made of rubber, 54 mm wide, and fit most machines of that size. Write to me by Friday. First come, first served.",
        community: "espresso-bar",
    },
    Twice {
        title: "Starter to share on Saturday",
        wrong: [
            ("rye", "wheat"),
            ("twice a day", "once a day"),
            ("a bowl", "a jar"),
            ("at ten", "at eleven"),
        ],
        text: "I have fed it twice a day all week. It is a rye starter and very lively. Bring a bowl with a lid. I am at home from the market at ten.",
        community: "sourdough-table",
    },
    Twice {
        title: "Who joins the stew exchange?",
        wrong: [
            ("Thursday", "Tuesday"),
            ("double", "triple"),
            ("at six", "at seven"),
            ("in the yard", "in the kitchen"),
        ],
        text: "Cook a double portion and swap what you do not eat. I will put up a list on Thursday so that nobody cooks the same. We meet at six in the yard.",
        community: "one-pot-suppers",
    },
    Twice {
        title: "Rust on the inside of the lid",
        wrong: [
            ("vinegar", "salt water"),
            ("on the stove", "on the radiator"),
            ("two days", "two weeks"),
            ("ten years", "two years"),
        ],
        text: "I scrubbed it with vinegar and dried it on the stove. The spots came back after two days. The pan is ten years old and has never seen a dishwasher.",
        community: "cast-iron-care",
    },
    Twice {
        title: "Lift to the April meetup",
        wrong: [
            ("two seats", "three seats"),
            ("at nine", "at eight"),
            ("by six", "by seven"),
            ("from Tolland", "from Osterby"),
        ],
        text: "I drive from Tolland and have two seats left. We start at nine and are back by six.",
        community: "harrow-bay-coffee",
    },
    Twice {
        title: "Burrs after two years",
        wrong: [
            ("600 kg", "60 kg"),
            ("on Sundays", "on Mondays"),
            ("a soft brush", "a stiff brush"),
            ("setting four", "setting five"),
        ],
        text: "About 600 kg of beans have gone through them. I clean them on Sundays with a soft brush. The edges still feel sharp and the grounds look even at setting four.",
        community: "grinder-lab",
    },
];

/// What the base world holds for corrections, for draws: title, wrong, right.
pub(in crate::sites::forum) fn corrections() -> Vec<(&'static str, &'static str, &'static str)> {
    let said = SAID
        .iter()
        .flat_map(|said| said.wrong.map(|(wrong, right)| (said.title, wrong, right)));
    let twice = TWICE.iter().flat_map(|twice| {
        twice
            .wrong
            .map(|(wrong, right)| (twice.title, wrong, right))
    });
    said.chain(twice).collect()
}
