//! What was once told and taken out again: each sentence with what it is about. None stands in
//! any article today.

/// Topic and sentence.
pub const LORE: [(&str, &str); 24] = [
    (
        "the tame goose",
        "A tame goose called Bram kept the pier free of dogs for eleven years.",
    ),
    (
        "the broken bell",
        "The great bell cracked in 1888 and has been rung with a wooden hammer since.",
    ),
    (
        "the tax on lamps",
        "For nine years each lamp was taxed, and people met in the dark.",
    ),
    (
        "the mayor who fell asleep",
        "One mayor fell asleep during his own speech and was carried home with applause.",
    ),
    (
        "the barrel of butter",
        "The winner used to be given a barrel of butter and the loan of a cow.",
    ),
    (
        "the two fiddlers",
        "Two fiddlers once played against each other until both had lost their strings.",
    ),
    (
        "the forbidden drum",
        "A drum from the mainland was forbidden because it made the hens stop laying.",
    ),
    (
        "the painted boat",
        "The oldest boat is painted new each year and has not floated since 1904.",
    ),
    (
        "the price of a seat",
        "A seat on the wall cost two eggs, paid to the sexton.",
    ),
    (
        "the left-handed captain",
        "The captain of the day must be left-handed, for a reason that nobody remembers.",
    ),
    (
        "the lost procession",
        "In the fog of 1931 the procession walked to the wrong church and was welcomed there.",
    ),
    (
        "the hungry seal",
        "A seal took the cake for the guests of honour two years running.",
    ),
    (
        "the wooden crown",
        "The crown is of wood, because the silver one was pawned and never fetched.",
    ),
    (
        "the quarrel over the ladder",
        "Both parishes claim the ladder, and it is cut a little shorter every time.",
    ),
    (
        "the silent hour",
        "Between four and five nobody may speak, which children find the best part.",
    ),
    (
        "the race in barrels",
        "A race in barrels was dropped after the winner was found on the next island.",
    ),
    (
        "the goat on the roof",
        "A goat was kept on the roof of the hall to keep the turf short.",
    ),
    (
        "the letter from the king",
        "A letter from the king arrived forty years late and was read out all the same.",
    ),
    (
        "the blue smoke",
        "The smoke turned blue in 1956, and the year after it was done on purpose.",
    ),
    (
        "the borrowed anchor",
        "The anchor in the square is only lent, and the lender asks for it every spring.",
    ),
    (
        "the baker's wager",
        "A baker bet his oven on the weather and had to bake in his neighbour's for a year.",
    ),
    (
        "the dancing bailiff",
        "The bailiff may seize nothing on that day, but he must dance.",
    ),
    (
        "the chest of candles",
        "A chest of candles lies ready in the church in case the sun fails to come up.",
    ),
    (
        "the seventh verse",
        "The seventh verse is hummed, because its words would offend the other shore.",
    ),
];

/// What a sentence is about, when it is one of them.
pub fn topic_of(sentence: &str) -> Option<&'static str> {
    LORE.iter()
        .find(|(_, told)| *told == sentence)
        .map(|(topic, _)| *topic)
}
