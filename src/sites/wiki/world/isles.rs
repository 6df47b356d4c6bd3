//! Facts about the Sarn Isles: islands, bridges, ferries, saltworks, people, festivals, and what
//! the long lists hold. Articles are written from them, so that they agree.

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::names::{Names, pick};

/// Groups of islands.
pub(super) const GROUPS: [&str; 3] = ["Outer Sarns", "Middle Sarns", "Lee Sarns"];

pub(super) struct Island {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) group: &'static str,
    /// Tenths of a square kilometre.
    pub(super) area: u32,
    pub(super) people: u32,
    pub(super) peak: u32,
    pub(super) settled: u32,
}

pub(super) struct Village {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) island: usize,
    pub(super) people: u32,
    pub(super) hectares: u32,
    pub(super) founded: u32,
}

pub(super) struct Works {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) island: usize,
    pub(super) founded: u32,
    pub(super) tonnes: u32,
    pub(super) pans: u32,
    pub(super) founder: usize,
}

pub(super) struct Bridge {
    pub(super) title: String,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) begun: u32,
    pub(super) opened: u32,
    pub(super) metres: u32,
    pub(super) spans: u32,
    pub(super) builder: usize,
}

pub(super) struct Ferry {
    pub(super) title: String,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) since: u32,
    pub(super) minutes: u32,
    pub(super) boat: String,
    pub(super) master: usize,
}

pub(super) struct Person {
    pub(super) name: String,
    pub(super) born: u32,
    pub(super) died: u32,
    pub(super) island: usize,
    pub(super) trade: &'static str,
}

pub(super) struct Festival {
    pub(super) title: String,
    pub(super) island: usize,
    pub(super) month: &'static str,
    pub(super) since: u32,
    pub(super) guests: u32,
}

/// A row of one of the long lists.
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) island: usize,
    pub(super) numbers: [u32; 3],
}

/// Everything that there is.
pub(super) struct Isles {
    pub(super) islands: Vec<Island>,
    pub(super) villages: Vec<Village>,
    pub(super) works: Vec<Works>,
    pub(super) bridges: Vec<Bridge>,
    pub(super) ferries: Vec<Ferry>,
    pub(super) people: Vec<Person>,
    pub(super) festivals: Vec<Festival>,
    pub(super) lights: Vec<Entry>,
    pub(super) harbours: Vec<Entry>,
    pub(super) storms: Vec<Entry>,
    pub(super) wrecks: Vec<Entry>,
    /// Names that an island, a village and a saltworks share.
    pub(super) shared: Vec<String>,
}

/// Islands, and those in chains: each chain is joined by bridges from the smallest on.
const ISLANDS: usize = 20;
const CHAINS: [[usize; 5]; 3] = [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11, 12, 13, 14]];
/// Names that are shared.
const SHARED: usize = 8;

const TRADES: [&str; 9] = [
    "salt master",
    "bridge builder",
    "ferrywoman",
    "poet",
    "cartographer",
    "lamp keeper",
    "boat builder",
    "cook",
    "surveyor",
];
const MONTHS: [&str; 6] = ["February", "April", "May", "June", "August", "October"];
const FEASTS: [&str; 12] = [
    "Salt Fair",
    "Lantern Night",
    "Net Blessing",
    "Boat Race Week",
    "Smoke Days",
    "First Catch",
    "Harbour Ball",
    "Gull Sunday",
    "Rope Dance",
    "Kelp Supper",
    "Bell Walk",
    "Candle Regatta",
];
const BOATS: [&str; 12] = [
    "Grey Heron",
    "Merganser",
    "Old Faithful Anna",
    "Sandpiper",
    "Three Sisters",
    "Kittiwake",
    "North Star Lass",
    "Eider",
    "Patience",
    "Guillemot",
    "Silver Thread",
    "Turnstone",
];

impl Isles {
    pub(super) fn of(rng: &mut ChaCha8Rng) -> Self {
        let mut names = Names::new(rng);
        let islands = islands(&mut names);
        let mut isles = Self {
            islands,
            villages: Vec::new(),
            works: Vec::new(),
            bridges: Vec::new(),
            ferries: Vec::new(),
            people: Vec::new(),
            festivals: Vec::new(),
            lights: Vec::new(),
            harbours: Vec::new(),
            storms: Vec::new(),
            wrecks: Vec::new(),
            shared: Vec::new(),
        };
        isles.people = people(&mut names);
        isles.share_names(&mut names);
        isles.make_crossings(&mut names);
        isles.make_festivals(&mut names);
        isles.make_lists(&mut names);
        isles
    }

    /// Villages and saltworks; some have the name of an island and stand on another one.
    fn share_names(&mut self, names: &mut Names<'_>) {
        let mut order: Vec<usize> = (0..ISLANDS).collect();
        order.shuffle(names.rng());
        for island in &order[..SHARED] {
            let name = self.islands[*island].name.clone();
            self.islands[*island].title = format!("{name} (island)");
            self.shared.push(name);
        }
        for (at, place) in order.iter().enumerate().take(20) {
            let is_shared = at < SHARED;
            let name = if is_shared {
                self.shared[at].clone()
            } else {
                names.place()
            };
            let island = if is_shared {
                (place + 3) % ISLANDS
            } else {
                at % ISLANDS
            };
            let rng = names.rng();
            self.villages.push(Village {
                title: if is_shared {
                    format!("{name} (village)")
                } else {
                    name.clone()
                },
                name,
                island,
                people: rng.random_range(104..1_950),
                hectares: rng.random_range(21..340),
                founded: rng.random_range(1_410..1_790),
            });
        }
        for (at, place) in order.iter().enumerate().take(14) {
            let is_shared = at < SHARED;
            let name = if is_shared {
                self.shared[at].clone()
            } else {
                names.place()
            };
            let rng = names.rng();
            let founded = rng.random_range(1_610..1_880);
            self.works.push(Works {
                title: if is_shared {
                    format!("{name} (saltworks)")
                } else {
                    format!("{name} Saltworks")
                },
                name,
                island: if is_shared {
                    (place + 7) % ISLANDS
                } else {
                    (at * 3) % ISLANDS
                },
                founded,
                tonnes: rng.random_range(120..2_900),
                pans: rng.random_range(12..88),
                founder: at,
            });
        }
    }

    fn make_crossings(&mut self, names: &mut Names<'_>) {
        for chain in CHAINS {
            for pair in chain.windows(2) {
                let name = names.place();
                let people = self.people.len();
                let rng = names.rng();
                let begun = rng.random_range(1_812..1_958);
                self.bridges.push(Bridge {
                    title: format!("{name} Bridge"),
                    from: pair[0],
                    to: pair[1],
                    begun,
                    opened: begun + rng.random_range(2..9),
                    metres: rng.random_range(86..940),
                    spans: rng.random_range(3..19),
                    builder: rng.random_range(0..people),
                });
            }
        }
        for (at, boat) in BOATS.into_iter().enumerate() {
            let name = names.place();
            let people = self.people.len();
            let rng = names.rng();
            self.ferries.push(Ferry {
                title: format!("{name} Ferry"),
                from: (at * 5 + 2) % ISLANDS,
                to: (at * 3 + 15) % ISLANDS,
                since: rng.random_range(1_840..1_990),
                minutes: rng.random_range(25..140),
                boat: boat.to_owned(),
                master: rng.random_range(0..people),
            });
            let last = self.ferries.len() - 1;
            if self.ferries[last].from == self.ferries[last].to {
                self.ferries[last].to = (self.ferries[last].to + 1) % ISLANDS;
            }
        }
    }

    fn make_festivals(&mut self, names: &mut Names<'_>) {
        for (at, feast) in FEASTS.into_iter().enumerate() {
            let island = (at * 7 + 1) % ISLANDS;
            let name = self.islands[island].name.clone();
            let rng = names.rng();
            self.festivals.push(Festival {
                title: format!("{feast} of {name}"),
                island,
                month: pick(rng, &MONTHS),
                since: rng.random_range(1_690..1_990),
                guests: rng.random_range(180..6_400),
            });
        }
    }

    fn make_lists(&mut self, names: &mut Names<'_>) {
        self.lights = entries(names, 80, [1_742..1_931, 6..58, 4..29], |name| {
            format!("{name} Light")
        });
        self.harbours = entries(names, 48, [18..121, 6..240, 1_480..1_925], |name| {
            format!("Port {name}")
        });
        self.storms = entries(names, 52, [1_703..1_998, 88..187, 2..148], |name| {
            format!("{name} Gale")
        });
        self.wrecks = entries(names, 60, [1_690..1_962, 4..131, 38..2_650], |name| {
            format!("Wreck of the {name}")
        });
    }
}

fn islands(names: &mut Names<'_>) -> Vec<Island> {
    let mut islands: Vec<Island> = (0..ISLANDS)
        .map(|at| {
            let name = names.place();
            let rng = names.rng();
            Island {
                title: name.clone(),
                name,
                group: GROUPS[(at / 5) % 3],
                area: rng.random_range(62..180) + 97 * u32::try_from(at % 5).unwrap_or(0),
                people: rng.random_range(210..9_800),
                peak: rng.random_range(31..612),
                settled: rng.random_range(870..1_490),
            }
        })
        .collect();
    for chain in CHAINS {
        let mut areas: Vec<u32> = chain.iter().map(|at| islands[*at].area).collect();
        areas.sort_unstable();
        for (place, at) in chain.into_iter().enumerate() {
            // Neighbours differ by more than a glance could mistake.
            islands[at].area = areas[place] + 23 * u32::try_from(place).unwrap_or(0);
        }
    }
    islands
}

fn people(names: &mut Names<'_>) -> Vec<Person> {
    (0..36)
        .map(|at| {
            let name = names.person();
            let rng = names.rng();
            let born = rng.random_range(1_640..1_932);
            // Most were born on islands that two bridges leave.
            let island = if at < 30 {
                CHAINS[at % 3][1 + at % 4 % 3]
            } else {
                15 + at % 5
            };
            Person {
                name,
                born,
                died: born + rng.random_range(48..91),
                island,
                trade: pick(rng, &TRADES),
            }
        })
        .collect()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "called with ranges that were just written"
)]
fn entries(
    names: &mut Names<'_>,
    count: usize,
    ranges: [std::ops::Range<u32>; 3],
    title: impl Fn(&str) -> String,
) -> Vec<Entry> {
    let mut rows: Vec<Entry> = (0..count)
        .map(|_| {
            let name = title(&names.place());
            let rng = names.rng();
            Entry {
                name,
                island: rng.random_range(0..ISLANDS),
                numbers: ranges.clone().map(|range| rng.random_range(range)),
            }
        })
        .collect();
    rows.sort_by(|left, right| left.name.cmp(&right.name));
    rows
}
