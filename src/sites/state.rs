//! The whole state of a run: every bundled site's, of one persona in one world. A site is a
//! field of [`Sites`] and implements [`SiteState`], by which its pages reach their own part.

use std::sync::Arc;

use crate::sites::desk;
use crate::sites::desk::state::DeskState;
use crate::sites::forum;
use crate::sites::forum::state::ForumState;
use crate::sites::office;
use crate::sites::office::state::OfficeState;
use crate::sites::people::{People, Persona};
use crate::sites::shop;
use crate::sites::shop::state::ShopState;
use crate::sites::wiki;
use crate::sites::wiki::state::WikiState;

/// Everything that one run holds. A clone costs a few pointer copies.
#[derive(Debug, Clone, PartialEq)]
pub struct Sites {
    /// The seed of the world.
    pub world: u32,
    /// Who is signed in, on every site.
    pub persona: &'static Persona,
    /// Fixed: people that more than one site knows.
    pub people: Arc<People>,
    /// `/shop`.
    pub shop: ShopState,
    /// `/office`.
    pub office: OfficeState,
    /// `/wiki`.
    pub wiki: WikiState,
    /// `/forum`.
    pub forum: ForumState,
    /// `/desk`.
    pub desk: DeskState,
}

impl Sites {
    /// The base state of a persona and a world: a function of the two and nothing else.
    pub fn base(persona: &'static Persona, world: u32) -> Self {
        let people = Arc::new(People::of(world));
        let shop = shop::world::base(world);
        Self {
            forum: forum::world::base(&people, world),
            office: office::world::base(&shop, &people, persona, world),
            wiki: wiki::world::base(world, persona, &people, &shop),
            shop,
            desk: desk::world::base(world, &people),
            world,
            persona,
            people,
        }
    }
}

/// The state of one site, as its pages see it.
pub trait SiteState: Clone + std::fmt::Debug + Send + 'static {
    /// What an address means to the site: typed route and unknown parameters.
    type Parsed: Clone + std::fmt::Debug + Send;
    /// What the site remembers and never compares (flash messages, recently viewed).
    type Incidental;

    /// This site's part of the whole.
    fn of(sites: &Sites) -> &Self;

    /// The same, to be written.
    fn of_mut(sites: &mut Sites) -> &mut Self;

    /// Reads a path with query, e.g. `/shop/orders?page=2`; absent when it is no page.
    fn parse(path_and_query: &str) -> Option<Self::Parsed>;

    /// What GET requests may write too.
    fn incidental(&mut self) -> &mut Self::Incidental;
}
