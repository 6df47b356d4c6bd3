//! Makes the roster: the people whom tasks need by name first, then as many drawn names as the
//! sites need.
//!
//! | who | how many | colleague | desk | customer | forum |
//! |---|---|---|---|---|---|
//! | Mara and other colleagues of the desk | 48 | yes | yes | 16 | 40 |
//! | further colleagues | 12 | yes | | 4 | |
//! | customers | 400 | | | yes | 100 |
//! | members of the forum who never bought | 100 | | | | yes |

use std::collections::HashSet;

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::names::{CUSTOMERS, Given, MEMBERS, OUTSIDERS, STAFF, family_names, first_names};
use super::{MARA, Person, PersonId, Team};

const ON_DESK: usize = 48;
const STAFF_ALL: usize = 60;
const BUYERS: usize = 400;
const ALL: usize = 560;
const FORUM_STAFF: usize = 40;
const FORUM_BUYERS: usize = 100;
/// Customer number before the first.
const CUSTOMER_ZERO: u32 = 30_010;

const DOMAINS: [&str; 4] = [
    "mailbox.example",
    "postbox.example",
    "letterpile.example",
    "inkwell.example",
];

/// The roster of a world.
pub(super) fn roster(world: u32) -> Vec<Person> {
    let rng = ChaCha8Rng::seed_from_u64(0x5065_6f70_6c65_0000 | u64::from(world));
    let mut maker = Maker {
        drawn: drawn_names(rng.clone()).into_iter(),
        rng,
        usernames: HashSet::new(),
        emails: HashSet::new(),
        customer_no: CUSTOMER_ZERO,
        all: Vec::with_capacity(ALL),
    };
    maker.mara();
    maker.group(STAFF, ON_DESK);
    maker.group(&[], STAFF_ALL);
    maker.group(CUSTOMERS, STAFF_ALL + BUYERS);
    maker.group(&[MEMBERS, OUTSIDERS].concat(), ALL);
    maker.all
}

/// All pairs of first and family name, in an order of the world's own.
fn drawn_names(mut rng: ChaCha8Rng) -> Vec<(String, String)> {
    let mut first: Vec<&str> = first_names().collect();
    let mut family: Vec<&str> = family_names().collect();
    first.shuffle(&mut rng);
    family.shuffle(&mut rng);
    // Every family name once per round, each time with another first name.
    let rounds = ALL.div_ceil(family.len());
    (0..rounds)
        .flat_map(|round| {
            let first = &first;
            family.iter().enumerate().map(move |(at, family)| {
                let given = first[(at + round * 37) % first.len()];
                (given.to_owned(), (*family).to_owned())
            })
        })
        .collect()
}

struct Maker {
    rng: ChaCha8Rng,
    drawn: std::vec::IntoIter<(String, String)>,
    usernames: HashSet<String>,
    emails: HashSet<String>,
    customer_no: u32,
    all: Vec<Person>,
}

impl Maker {
    fn mara(&mut self) {
        self.usernames.insert(MARA.username.to_owned());
        self.emails.insert(MARA.email.to_owned());
        self.all.push(Person {
            id: PersonId(1),
            name: MARA.name.to_owned(),
            first_name: MARA.first_name.to_owned(),
            username: MARA.username.to_owned(),
            email: MARA.email.to_owned(),
            phone: MARA.phone.to_owned(),
            team: Some(Team::Stores),
            customer_no: Some(MARA.customer_no),
            on_desk: true,
            in_forum: true,
            has_picture: true,
            is_active: true,
        });
    }

    /// Adds the given people, then drawn ones, until there are `until`.
    fn group(&mut self, given: &[Given], until: usize) {
        for given in given {
            self.add(given);
        }
        while self.all.len() < until {
            let Some((first, family)) = self.drawn.next() else {
                return;
            };
            let name = format!("{first} {family}");
            if self.all.iter().any(|person| person.name == name) {
                continue;
            }
            let slug = format!("{first}.{family}").to_lowercase();
            self.add(&Given {
                name: &name,
                first_name: &first,
                slug: &slug,
                ..Given::PLAIN
            });
        }
    }

    fn add(&mut self, given: &Given<'_>) {
        let at = self.all.len();
        let is_staff = at < STAFF_ALL;
        let is_buyer = if is_staff {
            at % 3 == 1 && at < 58
        } else {
            at < STAFF_ALL + BUYERS
        };
        let in_forum = if is_staff {
            at < FORUM_STAFF
        } else {
            !(STAFF_ALL + FORUM_BUYERS..STAFF_ALL + BUYERS).contains(&at)
        };
        let person = Person {
            id: PersonId(u32::try_from(at + 1).unwrap_or(u32::MAX)),
            name: given.name.to_owned(),
            first_name: given.first_name.to_owned(),
            username: self.username(given),
            email: self.email(given, is_staff),
            phone: format!("555-01{:02}", self.rng.random_range(0..100)),
            team: is_staff.then(|| given.team.unwrap_or(Team::ALL[at % Team::ALL.len()])),
            customer_no: is_buyer.then(|| self.next_customer_no()),
            on_desk: at < ON_DESK,
            in_forum,
            has_picture: given.has_picture,
            is_active: given.is_active,
        };
        self.all.push(person);
    }

    fn next_customer_no(&mut self) -> u32 {
        self.customer_no += 1;
        if self.customer_no == MARA.customer_no {
            self.customer_no += 1;
        }
        self.customer_no
    }

    fn email(&mut self, given: &Given<'_>, is_staff: bool) -> String {
        if let Some(email) = given.email {
            return email.to_owned();
        }
        let domain = if is_staff {
            "larder.example"
        } else {
            DOMAINS.choose(&mut self.rng).copied().unwrap_or(DOMAINS[0])
        };
        let email = unique(&self.emails, |number| match number {
            1 => format!("{}@{domain}", given.slug),
            number => format!("{}{number}@{domain}", given.slug),
        });
        self.emails.insert(email.clone());
        email
    }

    fn username(&mut self, given: &Given<'_>) -> String {
        let wanted = given.username.map_or_else(
            || {
                let (first, family) = given.slug.split_once('.').unwrap_or((given.slug, ""));
                match self.rng.random_range(0..4) {
                    0 => format!("{first}{}", self.rng.random_range(70..100)),
                    1 => format!("{first}_{}", family.chars().take(3).collect::<String>()),
                    2 => format!("{}{family}", first.chars().take(1).collect::<String>()),
                    _ => format!("{first}.{family}"),
                }
            },
            str::to_owned,
        );
        let username = unique(&self.usernames, |number| match number {
            1 => wanted.clone(),
            number => format!("{wanted}{number}"),
        });
        self.usernames.insert(username.clone());
        username
    }
}

/// The first of `wanted(1)`, `wanted(2)`, ... that is not taken.
fn unique(taken: &HashSet<String>, wanted: impl Fn(usize) -> String) -> String {
    (1..=taken.len() + 1)
        .map(&wanted)
        .find(|text| !taken.contains(text))
        .unwrap_or_else(|| wanted(taken.len() + 2))
}

#[cfg(test)]
mod tests {
    use super::super::People;
    use super::*;

    #[test]
    fn there_are_as_many_of_each_kind_as_the_sites_need() {
        for world in [1, 2, 7] {
            let people = People::of(world);
            assert_eq!(people.all().len(), 560);
            assert_eq!(people.on_desk().count(), 48);
            assert_eq!(people.staff().count(), 60);
            assert_eq!(people.customers().count(), 420);
            assert_eq!(people.in_forum().count(), 240);
            let inactive = people.all().iter().filter(|person| !person.is_active);
            assert_eq!(inactive.count(), 1);
            let plain = people.all().iter().filter(|person| !person.has_picture);
            assert_eq!(plain.count(), 1);
            assert!(
                people
                    .in_forum()
                    .any(|person| person.name.chars().count() == 58)
            );
        }
    }

    #[test]
    fn look_alikes_are_there_and_everything_else_is_unique() {
        let people = People::of(1);
        let teams: Vec<_> = people
            .named("Anna Kowalski")
            .map(|anna| anna.team)
            .collect();
        assert_eq!(teams, [Some(Team::Logistics), Some(Team::Support)]);
        let itos: Vec<_> = people.named("James Ito").collect();
        assert_eq!(itos.len(), 2);
        assert!(itos[0].customer_no.is_some() && itos[0].customer_no != itos[1].customer_no);
        for name in [
            "Jonas Weil",
            "Jonas Weill",
            "Sara Lund",
            "Sarah Lund",
            "李娜",
        ] {
            assert_eq!(people.named(name).count(), 1, "{name}");
        }
        assert!(
            people
                .by_username("brew_anna")
                .is_some_and(|one| one.in_forum)
        );
        assert!(
            people
                .by_username("brewanna")
                .is_some_and(|one| one.in_forum)
        );

        let count = |texts: HashSet<String>| texts.len();
        let all = people.all();
        assert_eq!(count(all.iter().map(|one| one.name.clone()).collect()), 558);
        assert_eq!(
            count(all.iter().map(|one| one.username.clone()).collect()),
            560
        );
        assert_eq!(
            count(all.iter().map(|one| one.email.clone()).collect()),
            560
        );
        let folded = all.iter().map(|one| one.email.to_lowercase());
        assert_eq!(count(folded.collect()), 559);
        let numbers: HashSet<u32> = all.iter().filter_map(|one| one.customer_no).collect();
        assert_eq!(numbers.len(), 420);
    }

    #[test]
    fn a_world_is_always_the_same_and_others_have_other_people() {
        assert_eq!(People::of(1), People::of(1));
        let (one, two) = (People::of(1), People::of(2));
        let same = one
            .all()
            .iter()
            .filter(|person| two.named(&person.name).next().is_some());
        assert!(same.count() < 200);
        assert_eq!(one.mara(), two.mara());
    }
}
