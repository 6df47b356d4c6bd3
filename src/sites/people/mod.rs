//! People that more than one site knows: who is signed in, and a roster of colleagues,
//! customers and forum members with the look-alikes that tasks need. The same in every run of a
//! world; a site takes from here names, mail addresses, user names and numbers, and makes none
//! of its own.

mod names;
mod roster;

use std::fmt;

crate::named_values! {
    /// What a colleague may do in the back office.
    StaffRole {
        /// Everything but settings of the owner.
        StoreManager = "store_manager",
        /// Orders and messages, refunds up to a limit.
        SupportAgent = "support_agent",
        /// Stock and parcels.
        Warehouse = "warehouse",
    }
}

/// Who is signed in, on every site.
#[derive(Debug, PartialEq, Eq)]
pub struct Persona {
    /// What tasks call it: `mara`.
    pub id: &'static str,
    /// First name.
    pub first_name: &'static str,
    /// Whole name.
    pub name: &'static str,
    /// User name in the forum, on the desk and in the wiki.
    pub username: &'static str,
    /// Mail address.
    pub email: &'static str,
    /// Phone.
    pub phone: &'static str,
    /// Number as a customer of the shop.
    pub customer_no: u32,
    /// Role in the back office.
    pub role: StaffRole,
}

/// Mara Lindqvist: customer in the shop, store manager in the office, colleague on the desk,
/// member of the forum, editor of the wiki.
pub static MARA: Persona = mara("mara", StaffRole::StoreManager);

/// Everybody who can be signed in. All are Mara; some have another role in the office.
pub static PERSONAS: [&Persona; 3] = [
    &MARA,
    &mara("mara-support", StaffRole::SupportAgent),
    &mara("mara-warehouse", StaffRole::Warehouse),
];

const fn mara(id: &'static str, role: StaffRole) -> Persona {
    Persona {
        id,
        first_name: "Mara",
        name: "Mara Lindqvist",
        username: "mara",
        email: "mara.lindqvist@larder.example",
        phone: "555-0142",
        customer_no: 30_417,
        role,
    }
}

/// The persona that tasks call so.
pub fn persona(id: &str) -> Option<&'static Persona> {
    PERSONAS.into_iter().find(|persona| persona.id == id)
}

/// What tasks can call personas, for messages.
pub fn persona_ids() -> String {
    PERSONAS.map(|persona| persona.id).join(", ")
}

/// A person's place in the roster, the same on every site; 1 is Mara.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub u32);

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

crate::named_values! {
    /// Where a colleague works.
    Team {
        /// Support.
        Support = "support",
        /// Logistics.
        Logistics = "logistics",
        /// Warehouse.
        Warehouse = "warehouse",
        /// Purchasing.
        Purchasing = "purchasing",
        /// Web shop and software.
        Web = "web",
        /// Marketing.
        Marketing = "marketing",
        /// Finance.
        Finance = "finance",
        /// Stores.
        Stores = "stores",
    }
}

impl Team {
    /// The wording on pages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Support => "Support",
            Self::Logistics => "Logistics",
            Self::Warehouse => "Warehouse",
            Self::Purchasing => "Purchasing",
            Self::Web => "Web",
            Self::Marketing => "Marketing",
            Self::Finance => "Finance",
            Self::Stores => "Stores",
        }
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Place in the roster.
    pub id: PersonId,
    /// Whole name, as on every page.
    pub name: String,
    /// First name; the whole name for who has one name only.
    pub first_name: String,
    /// User name in the forum, on the desk and in the wiki; unique.
    pub username: String,
    /// Mail address; unique but for one pair that differs in upper case.
    pub email: String,
    /// Phone, `555-01xx`.
    pub phone: String,
    /// Where a colleague works; absent for all others.
    pub team: Option<Team>,
    /// Number as a customer of the shop; absent for who never bought.
    pub customer_no: Option<u32>,
    /// Whether the desk knows this colleague.
    pub on_desk: bool,
    /// Whether this is a member of the forum.
    pub in_forum: bool,
    /// False for the one account without a picture.
    pub has_picture: bool,
    /// False for the one account that was deactivated.
    pub is_active: bool,
}

/// Everybody, in order of id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    all: Vec<Person>,
}

impl People {
    /// The roster of a world: a function of its number.
    pub fn of(world: u32) -> Self {
        Self {
            all: roster::roster(world),
        }
    }

    /// Everybody.
    pub fn all(&self) -> &[Person] {
        &self.all
    }

    /// Who is signed in.
    pub fn mara(&self) -> &Person {
        &self.all[0]
    }

    /// The person of this id.
    pub fn get(&self, id: PersonId) -> Option<&Person> {
        let at = usize::try_from(id.0).ok()?.checked_sub(1)?;
        self.all.get(at)
    }

    /// All persons of this name; two for namesakes.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Person> {
        self.all.iter().filter(move |person| person.name == name)
    }

    /// The person of this user name.
    pub fn by_username(&self, username: &str) -> Option<&Person> {
        self.all.iter().find(|person| person.username == username)
    }

    /// Colleagues on the desk: 48.
    pub fn on_desk(&self) -> impl Iterator<Item = &Person> {
        self.all.iter().filter(|person| person.on_desk)
    }

    /// Members of the forum: 240.
    pub fn in_forum(&self) -> impl Iterator<Item = &Person> {
        self.all.iter().filter(|person| person.in_forum)
    }

    /// Customers of the shop: 420.
    pub fn customers(&self) -> impl Iterator<Item = &Person> {
        self.all
            .iter()
            .filter(|person| person.customer_no.is_some())
    }

    /// Colleagues, also those whom the desk does not know: 60.
    pub fn staff(&self) -> impl Iterator<Item = &Person> {
        self.all.iter().filter(|person| person.team.is_some())
    }
}
