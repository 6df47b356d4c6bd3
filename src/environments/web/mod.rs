//! Places on sites that someone else runs, at given addresses: reset them, sign in, open the start
//! pages. The sites' state is shared by all tasks, so there is one episode at a time on the sites
//! of one map.

mod api;
mod login;
pub mod map;
mod reset;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::OwnedMutexGuard;

use self::map::SiteMap;
use crate::browser::{NavigationPolicy, Page, Violation};
use crate::domain::action::Action;
use crate::domain::evidence::Evidence;
use crate::domain::task::EnvironmentSpec;
use crate::domain::webarena::Helper;
use crate::environments::{Briefing, EnvironmentError, Environments, Place};

/// The folder of maps in the data directory.
pub const FOLDER: &str = "web";

/// Makes places on sites that someone else runs.
pub struct WebEnvironments {
    folder: PathBuf,
    /// Who works on the sites of a map, by its name.
    turns: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl WebEnvironments {
    /// Places on the sites of the maps in a data directory.
    pub fn new(data_dir: &Path) -> Self {
        Self {
            folder: data_dir.join(FOLDER),
            turns: Mutex::default(),
        }
    }

    /// Waits until nobody else works on the sites of a map.
    async fn turn(&self, map: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(turns.entry(map.to_owned()).or_default())
        };
        turn.lock_owned().await
    }
}

/// The file of a map in a data directory.
pub fn map_file(data_dir: &Path, name: &str) -> PathBuf {
    data_dir.join(FOLDER).join(format!("{name}.toml"))
}

#[async_trait]
impl Environments for WebEnvironments {
    async fn prepare(&self, spec: &EnvironmentSpec) -> Result<Box<dyn Place>, EnvironmentError> {
        let EnvironmentSpec::Web {
            map: name,
            sites,
            logins,
            start,
            ..
        } = spec
        else {
            return Err(EnvironmentError(
                "the task is not on sites of someone else".to_owned(),
            ));
        };
        let file = self.folder.join(format!("{name}.toml"));
        let map = tokio::task::spawn_blocking(move || SiteMap::read(&file))
            .await
            .map_err(|error| EnvironmentError(format!("reading the map broke off: {error}")))?
            .map_err(|error| EnvironmentError(error.to_string()))?;
        if map.addresses() != *sites {
            return Err(EnvironmentError(format!(
                "the sites of the map `{name}` are not where this task expects them; import the \
                 tasks again"
            )));
        }
        if start.is_empty() {
            return Err(EnvironmentError("the task has no start address".to_owned()));
        }
        let turn = self.turn(name).await;
        if let Some(reset) = &map.reset {
            reset::run(reset).await?;
        }
        Ok(Box::new(WebPlace {
            map,
            logins: logins.clone(),
            start: start.clone(),
            _turn: turn,
        }))
    }
}

/// The sites of one map, for one episode.
struct WebPlace {
    map: SiteMap,
    logins: Vec<String>,
    /// Start addresses; never empty.
    start: Vec<String>,
    _turn: OwnedMutexGuard<()>,
}

#[async_trait]
impl Place for WebPlace {
    fn entry_url(&self) -> &str {
        &self.start[0]
    }

    fn start_url(&self) -> &str {
        &self.start[0]
    }

    fn briefing(&self) -> Briefing {
        Briefing::default()
    }

    fn policy(&self) -> NavigationPolicy {
        NavigationPolicy {
            allowed_origins: self.map.origins(),
            allowed_paths: Vec::new(),
        }
    }

    async fn enter_again(&mut self, page: &mut dyn Page) -> Result<(), EnvironmentError> {
        for name in &self.logins {
            let site = self.map.sites.get(name);
            if let Some((site, login)) = site.and_then(|site| Some((site, site.login.as_ref()?))) {
                login::sign_in(name, site, login, page).await?;
            }
        }
        Ok(())
    }

    async fn open(&mut self, page: &mut dyn Page) -> Result<(), EnvironmentError> {
        self.enter_again(page).await?;
        for (index, url) in self.start.iter().enumerate() {
            if index > 0 {
                act(page, Action::NewTab).await?;
            }
            page.navigate(url).await?;
            page.settle().await?;
        }
        if self.start.len() > 1 {
            // The first of several start pages is the one that is worked on, as in WebArena.
            act(page, Action::TabFocus { index: 0 }).await?;
        }
        Ok(())
    }

    async fn help(&mut self, helper: &Helper) -> Result<String, EnvironmentError> {
        let site = self.map.sites.get("shopping");
        let Some((site, account)) = site.and_then(|site| Some((site, site.api.as_ref()?))) else {
            return Err(EnvironmentError(format!(
                "{} needs an account for the shop's interface; add [sites.shopping.api] to the map \
                 and import the tasks again",
                helper.name()
            )));
        };
        api::ask(&site.url, account, helper).await
    }

    fn violations(&mut self) -> Vec<Violation> {
        Vec::new()
    }

    async fn evidence(&mut self, final_url: Option<&str>) -> Result<Evidence, EnvironmentError> {
        Ok(Evidence {
            final_url: final_url.map(str::to_owned),
            ..Evidence::default()
        })
    }

    async fn dispose(self: Box<Self>) {
        // Dropping lets the next episode work on the sites.
    }
}

/// Carries out an action of the arena's own.
async fn act(page: &mut dyn Page, action: Action) -> Result<(), EnvironmentError> {
    let result = page.act(&action).await?;
    if result.ok {
        return Ok(());
    }
    Err(EnvironmentError(format!(
        "{action} failed: {}",
        result.message
    )))
}
