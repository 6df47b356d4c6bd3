//! Names of invented people and places. No two are the same.

use std::collections::BTreeSet;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

const PLACE_STARTS: [&str; 30] = [
    "Bren", "Tarn", "Hel", "Skar", "Mor", "Vass", "Ost", "Kel", "Dun", "Fara", "Rav", "Lyn", "Eth",
    "Gar", "Ulv", "Sker", "Nor", "Pell", "Ang", "Thr", "Hav", "Ryn", "Sol", "Brod", "Ild", "Myr",
    "Ness", "Orr", "Quen", "Wick",
];
const PLACE_ENDS: [&str; 22] = [
    "ey", "holm", "oy", "say", "stad", "mar", "wold", "vik", "ran", "dal", "mund", "ster", "grund",
    "lay", "burn", "hope", "fell", "skerry", "haven", "strand", "ock", "ith",
];
const GIVEN: [&str; 28] = [
    "Aldis", "Bera", "Corvin", "Dagna", "Eskel", "Fenna", "Gorm", "Hedra", "Ivo", "Jorun",
    "Kettil", "Livia", "Maren", "Njord", "Odda", "Petra", "Runa", "Sivert", "Thora", "Ulf",
    "Vigda", "Wenna", "Ylva", "Anders", "Brida", "Caspar", "Dorrit", "Élan",
];
const SURNAME_STARTS: [&str; 20] = [
    "Bran", "Dyr", "Elver", "Farrow", "Gann", "Hask", "Imber", "Jarr", "Keld", "Lang", "Mock",
    "Nagg", "Oster", "Prin", "Quill", "Rask", "Sand", "Toll", "Wrack", "Yarr",
];
const SURNAME_ENDS: [&str; 14] = [
    "och", "vold", "by", "ling", "mark", "sund", "den", "gard", "ester", "ison", "wen", "lock",
    "row", "bane",
];

/// Gives out names, each once.
pub(super) struct Names<'a> {
    rng: &'a mut ChaCha8Rng,
    used: BTreeSet<String>,
}

impl<'a> Names<'a> {
    pub(super) fn new(rng: &'a mut ChaCha8Rng) -> Self {
        Self {
            rng,
            used: BTreeSet::new(),
        }
    }

    /// The generator behind it.
    pub(super) fn rng(&mut self) -> &mut ChaCha8Rng {
        self.rng
    }

    fn fresh(&mut self, make: impl Fn(&mut ChaCha8Rng) -> String) -> String {
        loop {
            let name = make(self.rng);
            let near = self
                .used
                .iter()
                .any(|used| used.starts_with(name.as_str()) || name.starts_with(used.as_str()));
            if !near {
                self.used.insert(name.clone());
                return name;
            }
        }
    }

    /// A place, e.g. `Brenholm`.
    pub(super) fn place(&mut self) -> String {
        self.fresh(|rng| joined(pick(rng, &PLACE_STARTS), pick(rng, &PLACE_ENDS)))
    }

    /// A person of the isles, e.g. `Runa Elverling`.
    pub(super) fn person(&mut self) -> String {
        self.fresh(|rng| {
            let surname = joined(pick(rng, &SURNAME_STARTS), pick(rng, &SURNAME_ENDS));
            format!("{} {surname}", pick(rng, &GIVEN))
        })
    }
}

/// Two parts without three equal letters or a clash of the same letters between them.
fn joined(start: &str, end: &str) -> String {
    let clash = start.chars().last() == end.chars().next();
    if clash {
        format!("{start}{}", &end[1..])
    } else {
        format!("{start}{end}")
    }
}

/// One of several.
pub(super) fn pick<'a, T: ?Sized>(rng: &mut ChaCha8Rng, from: &[&'a T]) -> &'a T {
    from[rng.random_range(0..from.len())]
}
