//! Composition root: from settings to a running application. Every part is made here and handed
//! to those that need it; nothing reaches for a global.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::{App, HttpServer};
use anyhow::Context as _;
use tokio::task::JoinHandle;

use crate::agents::foreign::remote::RemoteHub;
use crate::agents::llm::prompts::Prompts;
use crate::arena::execute::{Executor, PolicyFactory, RetrySettings};
use crate::arena::model_proxy::ArenaAddresses;
use crate::arena::playground_health::PlaygroundMonitor;
use crate::arena::policies::AgentPolicies;
use crate::arena::submit::Intake;
use crate::arena::{bundled, recover, submission_job};
use crate::auth::AuthService;
use crate::browser::fake::FakeBrowser;
use crate::browser::{Browser, BrowserOptions, WebDriverBrowser};
use crate::config::Settings;
use crate::domain::ids::RowId;
use crate::domain::outcome::PlaygroundKind;
use crate::domain::price::Price;
use crate::environments::AllEnvironments;
use crate::environments::site::SiteEnvironments;
use crate::environments::static_pages::StaticEnvironments;
use crate::environments::web::WebEnvironments;
use crate::jobs::{Handler, Pool, PoolSettings};
use crate::llm::ChatModel;
use crate::llm::breaker::BreakerSettings;
use crate::llm::connect::{ModelOptions, Reasoning, connect};
use crate::llm::gate::Gates;
use crate::llm::proxy::ModelProxy;
use crate::playground::hub::EventHub;
use crate::playground::{BrowserPlayground, Playground, PlaygroundHealth};
use crate::process;
use crate::sites::{self, Library, SiteRuns};
use crate::store::Store;
use crate::telemetry::metrics::Metrics;
use crate::vault::Vault;
use crate::web::state::Parts;
use crate::web::{self, AppState};

/// How often the playground is asked how it stands.
const HEALTH_PERIOD: Duration = Duration::from_millis(500);

/// Longest reply of the model that judges, as in WebArena.
const JUDGE_TOKENS: u32 = 768;

/// How long a command waits for a browser before it gives up.
const READY_WITHIN: Duration = Duration::from_mins(1);

/// Puts another browser in the place of the one that the settings ask for, made from it.
type Around = Box<dyn FnOnce(Arc<dyn Browser>) -> Arc<dyn Browser> + Send>;

/// What stands in for parts of the application; absent: what the settings ask for.
#[derive(Default)]
pub struct Stand {
    /// For the browser.
    pub around: Option<Around>,
    /// For what makes the policies of episodes.
    pub policies: Option<Arc<dyn PolicyFactory>>,
    /// For the model that judges.
    pub judge: Option<Arc<dyn ChatModel>>,
}

/// A running application.
pub struct Application {
    settings: Settings,
    store: Store,
    auth: AuthService,
    hub: EventHub,
    intake: Intake,
    runs: Arc<SiteRuns>,
    pool: Pool,
    browser: Arc<dyn Browser>,
    monitor: PlaygroundMonitor,
    web_address: SocketAddr,
    sites_address: SocketAddr,
    servers: Vec<(ServerHandle, JoinHandle<std::io::Result<()>>)>,
}

impl Application {
    /// Opens the data directory, recovers what a dead process left, listens, and starts the
    /// pool. Does not wait for a browser: submissions do.
    pub async fn build(settings: Settings) -> anyhow::Result<Self> {
        Self::build_with(settings, Stand::default()).await
    }

    /// The same with another browser in the place of the one that the settings ask for, made
    /// from it.
    pub async fn build_around(
        settings: Settings,
        around: impl FnOnce(Arc<dyn Browser>) -> Arc<dyn Browser> + Send + 'static,
    ) -> anyhow::Result<Self> {
        let stand = Stand {
            around: Some(Box::new(around)),
            ..Stand::default()
        };
        Self::build_with(settings, stand).await
    }

    /// The same with stand-ins for some of its parts.
    pub async fn build_with(settings: Settings, stand: Stand) -> anyhow::Result<Self> {
        let store = Store::open(&settings.data.dir)?;
        let vault = Arc::new(Vault::open(&settings.data.dir)?);
        let auth = AuthService::new(store.clone(), Arc::clone(&vault), settings.auth.clone());
        store_bundled(&store).await?;

        let web_socket = bind(&settings, settings.server.port)?;
        let sites_socket = bind(&settings, settings.server.sites_port)?;
        let (web_address, sites_address) = (web_socket.local_addr()?, sites_socket.local_addr()?);

        let runs = Arc::new(SiteRuns::new());
        let hub = EventHub::new();
        let browser = make_browser(&settings);
        let browser = match stand.around {
            Some(around) => around(browser),
            None => browser,
        };
        let library = Arc::new(Library::new(&settings.data.dir));
        let environments = make_environments(&settings, &runs, &library, sites_address);
        let gates = Arc::new(make_gates(&settings));
        let judge = match stand.judge {
            Some(judge) => Some(judge),
            None => make_judge(&settings, &gates)?,
        };
        let kind = settings.playground.kind;
        let playground = BrowserPlayground::new(kind, Arc::clone(&browser), environments);
        let playground: Arc<dyn Playground> = Arc::new(playground.with_judge(judge));
        let remote = Arc::new(RemoteHub::default());
        let models = Arc::new(ModelProxy::default());
        let agent_policies = AgentPolicies {
            models: Arc::clone(&models),
            addresses: ArenaAddresses::of(web_address, settings.server.public_url.as_deref()),
            ..make_policies(&settings, &store, &vault, &remote, &gates)?
        };
        let agent_policies = Arc::new(agent_policies);
        let to_policies = Arc::clone(&agent_policies) as Arc<dyn PolicyFactory>;
        let policies = stand.policies.unwrap_or(to_policies);
        let pool = start_pool(&settings, &store, policies, &hub, &playground).await?;
        let monitor =
            PlaygroundMonitor::start(Arc::clone(&playground), pool.clone(), HEALTH_PERIOD);
        let intake = Intake {
            store: store.clone(),
            pool: pool.clone(),
            hub: hub.clone(),
            playground: settings.playground.kind,
            queue_limit: settings.jobs.queue_limit,
        };
        let metrics = Metrics::install()?;
        let state = AppState::new(Parts {
            store: store.clone(),
            auth: auth.clone(),
            vault,
            hub: hub.clone(),
            playground,
            remote,
            gates,
            policies: agent_policies,
            models,
            intake: intake.clone(),
            server: settings.server.clone(),
            limits: settings.limits.clone(),
            metrics,
        });
        let servers = vec![
            spawn(sites::listener(Arc::clone(&runs), library, sites_socket)?),
            spawn(web_server(state, web_socket)?),
        ];
        Ok(Self {
            settings,
            store,
            auth,
            hub,
            intake,
            runs,
            pool,
            browser,
            monitor,
            web_address,
            sites_address,
            servers,
        })
    }

    /// The store.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Accounts and sessions.
    pub const fn auth(&self) -> &AuthService {
        &self.auth
    }

    /// What happens, as it happens.
    pub const fn hub(&self) -> &EventHub {
        &self.hub
    }

    /// Takes submissions in.
    pub const fn intake(&self) -> &Intake {
        &self.intake
    }

    /// The runs of the bundled sites.
    pub fn runs(&self) -> &SiteRuns {
        &self.runs
    }

    /// Where website and API listen.
    pub const fn web_address(&self) -> SocketAddr {
        self.web_address
    }

    /// Where the bundled sites listen.
    pub const fn sites_address(&self) -> SocketAddr {
        self.sites_address
    }

    /// The website's address for people.
    pub fn web_url(&self) -> String {
        let bound = || format!("http://{}", self.web_address);
        self.settings
            .server
            .public_url
            .clone()
            .unwrap_or_else(bound)
            .trim_end_matches('/')
            .to_owned()
    }

    /// How long running episodes may still take when the application stops.
    pub const fn grace(&self) -> Duration {
        Duration::from_millis(self.settings.jobs.shutdown_grace_ms)
    }

    /// How the playground stands.
    pub fn playground_health(&self) -> PlaygroundHealth {
        self.monitor.current()
    }

    /// Waits until episodes can run; an error says what is missing.
    pub async fn playground_ready(&self) -> anyhow::Result<()> {
        let mut health = self.monitor.watch();
        let ready = tokio::time::timeout(READY_WITHIN, health.wait_for(|health| health.ok)).await;
        match ready {
            Ok(Ok(_)) => Ok(()),
            _ => anyhow::bail!("no episode can run: {}", self.monitor.current().problem),
        }
    }

    /// The one-time link that makes the first administrator; none when there is one.
    pub async fn first_admin_link(&self) -> anyhow::Result<Option<String>> {
        let token = self.auth.first_admin_token().await?;
        Ok(token.map(|token| format!("{}/first-admin?token={token}", self.web_url())))
    }

    /// Runs until Ctrl-C or SIGTERM, or until a server fails; then stops gracefully.
    pub async fn run_until_stopped(self) -> anyhow::Result<()> {
        process::told_to_stop()
            .await
            .context("listening for signals")?;
        tracing::info!("stopping: running episodes may finish");
        self.stop().await
    }

    /// Stops claiming, lets running episodes finish for the grace period and queues the rest
    /// again, closes the listeners, ends the browsers and removes their profiles.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.pool.stop().await;
        for (handle, task) in self.servers {
            handle.stop(false).await;
            task.await.context("a listener broke off")??;
        }
        self.browser.shutdown().await;
        Ok(())
    }
}

/// Brings the bundled suite and the built-in agents into the store.
pub async fn store_bundled(store: &Store) -> anyhow::Result<()> {
    let tasks = sites::tasks::bundled_tasks().context("reading the bundled tasks")?;
    let tasks = tasks
        .into_iter()
        .map(|task| (task.key, task.spec))
        .collect();
    bundled::sync(store, tasks)
        .await
        .context("storing the bundled suite")?;
    Ok(())
}

fn bind(settings: &Settings, port: u16) -> anyhow::Result<TcpListener> {
    let address = SocketAddr::new(settings.server.host, port);
    let socket = TcpListener::bind(address);
    socket.with_context(|| {
        format!("cannot listen on {address}; choose another port with --port or --sites-port")
    })
}

/// What makes the policies of the agents in the store, without a way to models for foreign ones.
fn make_policies(
    settings: &Settings,
    store: &Store,
    vault: &Arc<Vault>,
    remote: &Arc<RemoteHub>,
    gates: &Arc<Gates>,
) -> anyhow::Result<AgentPolicies> {
    let prompts =
        Prompts::of(settings.agents.prompts_dir.as_deref()).context("agents.prompts_dir")?;
    Ok(AgentPolicies {
        store: store.clone(),
        vault: Arc::clone(vault),
        remote: Arc::clone(remote),
        allow_private: settings.outbound.allow_private,
        allow_commands: settings.agents.allow_commands,
        gates: Arc::clone(gates),
        prompts: Arc::new(prompts),
        models: Arc::default(),
        addresses: ArenaAddresses::default(),
    })
}

/// What bounds the calls to each provider's address.
fn make_gates(settings: &Settings) -> Gates {
    let from = &settings.outbound;
    let breaker = BreakerSettings {
        faults: from.breaker_faults,
        cool_down: Duration::from_millis(from.breaker_cooldown_ms),
    };
    Gates::with_breaker(from.parallel_calls as usize, breaker)
}

/// The model that judges; none when the settings name none.
pub fn make_judge(
    settings: &Settings,
    gates: &Gates,
) -> anyhow::Result<Option<Arc<dyn ChatModel>>> {
    let from = &settings.judge;
    let Some(model) = &from.model else {
        return Ok(None);
    };
    let key = match &from.key_file {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path);
            let text = text.with_context(|| format!("judge.key_file: {path} cannot be read"))?;
            Some(text.trim().to_owned())
        }
    };
    let options = ModelOptions {
        model: model.clone(),
        base_url: from.base_url.clone(),
        key,
        temperature: Some(0.0),
        max_output_tokens: Some(JUDGE_TOKENS),
        reasoning: Reasoning::default(),
        timeout: Duration::from_millis(from.call_timeout_ms),
        own_price: Price::default(),
        personal_price: None,
        // The operator's own address, which may well be a private one.
        allow_private: true,
        // It is paid with the operator's key.
        ledger: None,
    };
    let model = connect(from.provider, options, gates);
    Ok(Some(
        model.map_err(|error| anyhow::anyhow!("judge: {error}"))?,
    ))
}

fn make_environments(
    settings: &Settings,
    runs: &Arc<SiteRuns>,
    library: &Arc<Library>,
    sites_address: SocketAddr,
) -> Arc<AllEnvironments> {
    let origin = format!("http://{sites_address}");
    Arc::new(AllEnvironments {
        site: SiteEnvironments::new(Arc::clone(runs), &origin),
        static_pages: StaticEnvironments::new(Arc::clone(library), &origin),
        web: WebEnvironments::new(&settings.data.dir),
    })
}

fn make_browser(settings: &Settings) -> Arc<dyn Browser> {
    if settings.playground.kind == PlaygroundKind::Mock {
        return Arc::new(FakeBrowser::simulated(settings.jobs.parallel as usize));
    }
    WebDriverBrowser::start(browser_options(settings))
}

fn browser_options(settings: &Settings) -> BrowserOptions {
    let from = &settings.browser;
    BrowserOptions {
        driver: from.driver.clone().map(Into::into),
        binary: from.binary.clone().map(Into::into),
        remote_urls: from.remote_urls.clone(),
        capacity: settings.jobs.parallel as usize,
        prepare_ahead: from.prepare_ahead,
        recycle_after: from.recycle_after,
        recycle_memory: u64::from(from.recycle_memory_mb) * 1_000_000,
        command_timeout: Duration::from_millis(from.command_timeout_ms),
        settle_quiet: Duration::from_millis(from.settle_quiet_ms),
        settle_max: Duration::from_millis(from.settle_max_ms),
        ..BrowserOptions::new(settings.data.dir.join("browser"))
    }
}

/// Recovers what a dead process left, then begins to run jobs.
async fn start_pool(
    settings: &Settings,
    store: &Store,
    policies: Arc<dyn PolicyFactory>,
    hub: &EventHub,
    playground: &Arc<dyn Playground>,
) -> anyhow::Result<Pool> {
    let owner = RowId::new().to_string();
    let recovered = recover::recover(store, &owner).await?;
    if recovered.jobs + recovered.episodes > 0 {
        tracing::info!(
            jobs = recovered.jobs,
            episodes = recovered.episodes,
            "recovered what a dead process left"
        );
    }
    let executor = Executor {
        store: store.clone(),
        hub: hub.clone(),
        playground: Arc::clone(playground),
        policies,
        retry: RetrySettings {
            infra_retries: settings.jobs.infra_retries,
            backoff_ms: settings.jobs.retry_backoff_ms,
        },
    };
    let kind = submission_job(settings.playground.kind).to_owned();
    let handlers: HashMap<String, Arc<dyn Handler>> =
        HashMap::from([(kind, Arc::new(executor) as Arc<dyn Handler>)]);
    let bounds = PoolSettings {
        parallel: jobs_at_once(settings),
        lease_ms: settings.jobs.lease_ms,
        shutdown_grace_ms: settings.jobs.shutdown_grace_ms,
    };
    let pool = Pool::new(store.clone(), owner, bounds, handlers);
    pool.start();
    Ok(pool)
}

/// Jobs that run at once: those whose episodes act, and those that are prepared meanwhile.
fn jobs_at_once(settings: &Settings) -> usize {
    match settings.playground.kind {
        PlaygroundKind::Real => browser_options(settings).places(),
        PlaygroundKind::Mock => settings.jobs.parallel as usize,
    }
}

fn web_server(state: AppState, socket: TcpListener) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new().configure(|config| web::routes::configure(config, &state))
    });
    Ok(server
        .workers(2)
        // A client that hangs up in the middle of a call to a model ends the call.
        .h1_allow_half_closed(false)
        .disable_signals()
        .shutdown_timeout(2)
        .listen(socket)?
        .run())
}

fn spawn(server: Server) -> (ServerHandle, JoinHandle<std::io::Result<()>>) {
    let handle = server.handle();
    (handle, tokio::spawn(server))
}
