//! The registry of runs: who works on which state, and what the sites served to them. Opened,
//! read and closed by the arena only; nothing on the sites' listener can do that.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rand::TryRng;

use crate::domain::evidence::{Change, JournalEntry, View};
use crate::domain::ids::RunId;
use crate::sites::diff::Records;
use crate::sites::registry::{SITES, Site};
use crate::sites::state::{SiteState, Sites};
use crate::sites::{diff, people, registry};

/// What a run is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRun {
    /// Who is signed in, e.g. `mara`.
    pub persona: String,
    /// Seed of the world.
    pub world: u32,
    /// Sites that may be visited, e.g. `["shop"]`.
    pub sites: Vec<String>,
    /// Path at which it starts, e.g. `/shop/`.
    pub start: String,
}

/// How to enter a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunTicket {
    /// The run.
    pub run_id: RunId,
    /// One-time path on the sites' listener, e.g. `/enter/<128 bits in hex>`.
    pub entry_path: String,
}

/// The run cannot be opened or is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Nobody of this name is signed in anywhere.
    #[error("there is no persona `{0}`; the bundled sites know: {known}", known = people::persona_ids())]
    UnknownPersona(String),
    /// A site that does not exist.
    #[error("there is no site `{0}`; the bundled sites are: {known}", known = registry::names())]
    UnknownSite(String),
    /// The start is no page of the sites.
    #[error("`{0}` is no page of the bundled sites; a start is a path such as /shop/, on one of: {known}", known = registry::names())]
    UnknownStart(String),
    /// The start is a page of a site that the run may not visit.
    #[error("the start `{start}` is on no site of the run; it may visit: {sites}")]
    ForeignStart {
        /// The start.
        start: String,
        /// Sites that may be visited.
        sites: String,
    },
    /// The machine gives no random numbers for links and cookies.
    #[error("the machine gives no random numbers: {0}")]
    NoRandomness(String),
    /// The run was closed or never opened.
    #[error("there is no run {0}; it was closed or never opened")]
    NoSuchRun(RunId),
}

/// The registry. Cheap to share behind an `Arc`; all methods take `&self`.
#[derive(Debug, Default)]
pub struct SiteRuns {
    bases: Mutex<HashMap<(String, u32), Arc<Base>>>,
    registry: Mutex<Registry>,
}

/// A base state with its records, which every comparison needs.
#[derive(Debug)]
struct Base {
    sites: Arc<Sites>,
    /// Of each site, in the order of the table; made when a run of it is first compared.
    records: Vec<OnceLock<Records>>,
    /// Of each site, made when it is first asked for.
    hashes: Vec<OnceLock<String>>,
}

#[derive(Debug, Default)]
struct Registry {
    runs: HashMap<RunId, Arc<Run>>,
    entries: HashMap<String, RunId>,
    cookies: HashMap<String, RunId>,
}

impl SiteRuns {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a run on a fresh clone of the base state.
    pub fn open(&self, spec: &OpenRun) -> Result<RunTicket, RunError> {
        check_places(spec)?;
        let base = self.base_with_records(&spec.persona, spec.world)?;
        let (entry, cookie) = (random_token()?, random_token()?);
        let run = Arc::new(Run {
            id: RunId::new(),
            spec: spec.clone(),
            state: Mutex::new(Sites::clone(&base.sites)),
            base,
            form_token: random_token()?,
            cookie: cookie.clone(),
            journal: Mutex::default(),
            crossed: AtomicBool::new(false),
        });
        let ticket = RunTicket {
            run_id: run.id,
            entry_path: format!("/enter/{entry}"),
        };
        let mut registry = lock(&self.registry);
        registry.entries.insert(entry, run.id);
        registry.cookies.insert(cookie, run.id);
        registry.runs.insert(run.id, run);
        Ok(ticket)
    }

    /// A further one-time path into a run that is open, for the arena's own looks at it.
    pub fn another_entry(&self, run: RunId) -> Result<String, RunError> {
        let run = self.run(run)?.id;
        let entry = random_token()?;
        lock(&self.registry).entries.insert(entry.clone(), run);
        Ok(format!("/enter/{entry}"))
    }

    /// The base state that runs of this persona and world start from; made once and shared.
    pub fn base(&self, persona: &str, world: u32) -> Result<Arc<Sites>, RunError> {
        let base = self.base_with_records(persona, world)?;
        Ok(Arc::clone(&base.sites))
    }

    fn base_with_records(&self, persona: &str, world: u32) -> Result<Arc<Base>, RunError> {
        let known = people::persona(persona);
        let known = known.ok_or_else(|| RunError::UnknownPersona(persona.to_owned()))?;
        let mut bases = lock(&self.bases);
        let base = bases.entry((persona.to_owned(), world)).or_insert_with(|| {
            Arc::new(Base {
                sites: Arc::new(Sites::base(known, world)),
                records: SITES.iter().map(|_| OnceLock::new()).collect(),
                hashes: SITES.iter().map(|_| OnceLock::new()).collect(),
            })
        });
        Ok(Arc::clone(base))
    }

    /// Every difference of primary state to the base, in order of collection and key.
    pub fn changes(&self, run: RunId) -> Result<Vec<Change>, RunError> {
        let run = self.run(run)?;
        let last = run.snapshot();
        let mut changes: Vec<Change> = SITES
            .iter()
            .zip(&run.base.records)
            .filter(|(site, _)| run.may_have_changed(site))
            .flat_map(|(site, before)| {
                let before = before.get_or_init(|| (site.records)(&run.base.sites));
                diff::changes(before, &(site.records)(&last))
            })
            .collect();
        changes.sort_by(|one, other| {
            (&one.collection, &one.key).cmp(&(&other.collection, &other.key))
        });
        Ok(changes)
    }

    /// A hash over all primary records as they are now: equal for equal states.
    pub fn state_hash(&self, run: RunId) -> Result<String, RunError> {
        let run = self.run(run)?;
        Ok(diff::hash(&registry::records(&run.snapshot())))
    }

    /// A hash over all primary records that the run's sites began with: equal for equal data.
    pub fn base_hash(&self, run: RunId) -> Result<String, RunError> {
        let run = self.run(run)?;
        let base = &run.base;
        let hashes: Vec<&str> = SITES
            .iter()
            .zip(base.records.iter().zip(&base.hashes))
            .filter(|(site, _)| run.spec.sites.iter().any(|name| name == site.name))
            .map(|(site, (records, hash))| {
                let records = || records.get_or_init(|| (site.records)(&base.sites));
                hash.get_or_init(|| diff::hash(records())).as_str()
            })
            .collect();
        Ok(hashes.join("-"))
    }

    /// What was served to the run so far.
    pub fn journal(&self, run: RunId) -> Result<Vec<JournalEntry>, RunError> {
        Ok(lock(&self.run(run)?.journal).clone())
    }

    /// Broken invariants of derived state, in words; empty when the sites are sound.
    pub fn broken_invariants(&self, run: RunId) -> Result<Vec<String>, RunError> {
        let run = self.run(run)?;
        let last = run.snapshot();
        Ok(SITES
            .iter()
            .filter(|site| run.may_have_changed(site))
            .flat_map(|site| (site.invariants)(&run.base.sites, &last))
            .collect())
    }

    /// What an address means to the sites; absent when it is none of theirs. Scheme and host
    /// are not looked at.
    pub fn view(&self, url: &str) -> Option<View> {
        view_of(url)
    }

    /// Forgets the run. Its cookie and its link are worth nothing afterwards.
    pub fn close(&self, run: RunId) {
        let mut registry = lock(&self.registry);
        registry.entries.retain(|_, id| *id != run);
        registry.cookies.retain(|_, id| *id != run);
        registry.runs.remove(&run);
    }

    /// Runs that are open now.
    pub fn open_count(&self) -> usize {
        lock(&self.registry).runs.len()
    }

    fn run(&self, id: RunId) -> Result<Arc<Run>, RunError> {
        lock(&self.registry)
            .runs
            .get(&id)
            .cloned()
            .ok_or(RunError::NoSuchRun(id))
    }

    /// Consumes a one-time link.
    pub(in crate::sites) fn enter(&self, token: &str) -> Option<Arc<Run>> {
        let mut registry = lock(&self.registry);
        let id = registry.entries.remove(token)?;
        registry.runs.get(&id).cloned()
    }

    /// The run behind a cookie.
    pub(in crate::sites) fn by_cookie(&self, cookie: &str) -> Option<Arc<Run>> {
        let registry = lock(&self.registry);
        let id = registry.cookies.get(cookie)?;
        registry.runs.get(id).cloned()
    }
}

/// What an address, absolute or from the root, means to the bundled sites.
pub fn view_of(url: &str) -> Option<View> {
    if url.starts_with('/') {
        return registry::view(url);
    }
    let url = url::Url::parse(url).ok()?;
    let query = url.query().map(|query| format!("?{query}"));
    registry::view(&format!("{}{}", url.path(), query.unwrap_or_default()))
}

/// Whether a run's sites exist and its start is a page of one of them.
fn check_places(spec: &OpenRun) -> Result<(), RunError> {
    let unknown = spec
        .sites
        .iter()
        .find(|site| registry::find(site).is_none());
    if let Some(site) = unknown {
        return Err(RunError::UnknownSite(site.clone()));
    }
    let start = registry::of_path(&spec.start).filter(|_| registry::view(&spec.start).is_some());
    let Some(start) = start else {
        return Err(RunError::UnknownStart(spec.start.clone()));
    };
    if !spec.sites.iter().any(|site| site == start.name) {
        return Err(RunError::ForeignStart {
            start: spec.start.clone(),
            sites: spec.sites.join(", "),
        });
    }
    Ok(())
}

/// The part of a run that requests work on.
#[derive(Debug)]
pub struct Run {
    id: RunId,
    spec: OpenRun,
    base: Arc<Base>,
    state: Mutex<Sites>,
    form_token: String,
    cookie: String,
    journal: Mutex<Vec<JournalEntry>>,
    /// Whether an act wrote to several sites at once.
    crossed: AtomicBool,
}

impl Run {
    /// A snapshot of the state; costs a few pointer copies.
    pub fn snapshot(&self) -> Sites {
        lock(&self.state).clone()
    }

    /// The hidden value that every form of this run must send as `form_token`.
    pub fn form_token(&self) -> &str {
        &self.form_token
    }

    /// What it was opened with.
    pub(in crate::sites) fn spec(&self) -> &OpenRun {
        &self.spec
    }

    /// The value of its cookie.
    pub(in crate::sites) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Writes to one site by its rules. Reached through `visit::Posted` only, from pages of that
    /// site, which are served to runs that may visit it.
    pub(in crate::sites) fn write<S: SiteState, T>(&self, act: impl FnOnce(&mut S) -> T) -> T {
        act(S::of_mut(&mut lock(&self.state)))
    }

    /// Writes to several sites in one act. Reached through `visit::Posted` only.
    pub(in crate::sites) fn write_sites<T>(&self, act: impl FnOnce(&mut Sites) -> T) -> T {
        self.crossed.store(true, Ordering::Release);
        act(&mut lock(&self.state))
    }

    /// Whether a site's state can differ from the base: comparing thousands of records of a site
    /// that no page of the run could write would only cost time.
    fn may_have_changed(&self, site: &Site) -> bool {
        self.crossed.load(Ordering::Acquire) || self.spec.sites.iter().any(|name| name == site.name)
    }

    /// Writes what is never compared, e.g. recently viewed products.
    pub(in crate::sites) fn remember<S: SiteState, T>(
        &self,
        note: impl FnOnce(&mut S::Incidental) -> T,
    ) -> T {
        self.write(|state: &mut S| note(state.incidental()))
    }

    /// Adds an entry to the journal; its number is set here.
    pub(in crate::sites) fn record(&self, mut entry: JournalEntry) {
        let mut journal = lock(&self.journal);
        entry.n = u32::try_from(journal.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        journal.push(entry);
    }
}

/// A state is a plain value that is whole after every statement that can panic, so a poisoned
/// lock is still worth reading.
pub(in crate::sites) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// 128 random bits in hex.
fn random_token() -> Result<String, RunError> {
    let mut bytes = [0_u8; 16];
    rand::rngs::SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| RunError::NoRandomness(error.to_string()))?;
    Ok(hex::encode(bytes))
}
