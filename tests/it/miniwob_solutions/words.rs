//! What a reader knows about words and numbers.

/// Words that mean about the same.
const SIMILAR: &[&[&str]] = &[
    &["big", "large", "huge", "enormous", "gigantic"],
    &["small", "tiny", "little", "mini", "petite"],
    &["red", "scarlet", "crimson", "vermillion"],
    &["happy", "cheerful", "joyful", "gleeful", "delighted"],
    &["sad", "unhappy", "sorrowful", "miserable", "tragic"],
    &["angry", "mad", "furious", "irritated"],
    &["evil", "wicked", "immoral", "sinful", "corrupt", "depraved"],
    &["wrong", "incorrect", "mistaken", "erroneous"],
    &["real", "genuine", "actual"],
    &["strange", "odd", "peculiar", "unusual", "weird"],
    &["stop", "cease", "halt", "end", "finish"],
    &[
        "scared",
        "terrified",
        "panicked",
        "fearful",
        "frightened",
        "afraid",
    ],
    &["quiet", "calm", "peaceful", "serene", "mild"],
    &["old", "aged", "archaic"],
    &["love", "like", "adore", "favor"],
    &["kill", "murder", "assassinate"],
    &["keep", "retain", "preserve", "sustain", "maintain"],
    &["hide", "conceal", "camouflage"],
    &["hate", "despise", "loathe", "detest", "dislike"],
    &["funny", "humorous", "amusing", "comical", "laughable"],
    &["fat", "fleshy", "plump", "chubby"],
    &["stupid", "dumb", "dull", "unwise"],
    &["delicious", "savory", "delectable", "appetizing"],
    &["cut", "slice", "carve", "chop"],
    &["brave", "courageous", "fearless"],
    &["begin", "start", "initiate", "launch"],
    &["answer", "reply", "response"],
    &["television", "televisions", "TV", "TVs"],
    &["house", "home", "houses", "homes"],
    &["fire", "flame", "fires", "flames"],
    &["pig", "pork", "swine"],
    &["rabbit", "rabbits", "bunny", "bunnies"],
    &[
        "car",
        "cars",
        "automobile",
        "automobiles",
        "vehicle",
        "vehicles",
    ],
];

/// Whether two words mean about the same.
pub fn similar(one: &str, other: &str) -> bool {
    one == other
        || SIMILAR
            .iter()
            .any(|group| group.contains(&one) && group.contains(&other))
}

/// The whole numbers of a text, with their sign.
pub fn numbers(text: &str) -> Vec<i64> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '-');
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// A duration such as `12h 23m` in minutes.
pub fn minutes(text: &str) -> Option<i64> {
    let (hours, rest) = text.split_once("h ")?;
    let minutes: i64 = rest.strip_suffix('m')?.parse().ok()?;
    Some(hours.parse::<i64>().ok()? * 60 + minutes)
}

/// The place that `1st`, `2nd`, `3rd`, `4th` ... names in a text, from 0.
pub fn place(text: &str) -> Option<usize> {
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.find_map(|word| {
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        let ordinal = ["st", "nd", "rd", "th"].contains(&&word[digits.len()..]);
        digits
            .parse::<usize>()
            .ok()
            .filter(|_| ordinal)?
            .checked_sub(1)
    })
}

/// Digits as dots, four in a row, seven rows.
pub const DIGITS: [&str; 10] = [
    ".##. #..# #..# #..# #..# #..# .##.",
    "..#. .##. ..#. ..#. ..#. ..#. ..#.",
    ".##. #..# #..# ..#. .#.. #... ####",
    ".##. #..# ...# .##. ...# #..# .##.",
    "#... #.#. #.#. #### ..#. ..#. ..#.",
    "#### #... #... ###. ...# #..# .##.",
    ".##. #..# #... ###. #..# #..# .##.",
    "#### #..# ...# ..#. ..#. .#.. .#..",
    ".##. #..# #..# .##. #..# #..# .##.",
    ".##. #..# #..# .### ...# #..# .##.",
];

/// The code of a colour that has a name in CSS.
pub fn colour(name: &str) -> Option<&'static str> {
    let colours = [
        ("aqua", "00FFFF"),
        ("black", "000000"),
        ("blue", "0000FF"),
        ("fuchsia", "FF00FF"),
        ("gold", "FFD700"),
        ("gray", "808080"),
        ("green", "008000"),
        ("lime", "00FF00"),
        ("magenta", "FF00FF"),
        ("maroon", "800000"),
        ("navy", "000080"),
        ("olive", "808000"),
        ("orange", "FFA500"),
        ("pink", "FFC0CB"),
        ("purple", "800080"),
        ("red", "FF0000"),
        ("silver", "C0C0C0"),
        ("teal", "008080"),
        ("white", "FFFFFF"),
        ("yellow", "FFFF00"),
    ];
    let mut colours = colours.into_iter();
    colours
        .find(|(known, _)| *known == name)
        .map(|(_, code)| code)
}
