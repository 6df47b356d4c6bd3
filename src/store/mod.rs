//! All SQL: the database file, its migrations and connections, one file per aggregate.
//!
//! One connection writes, a pool reads. A caller waits for a permit on the async side first
//! and then works on a blocking thread, in the tracing span that it came from. Functions of
//! the aggregates take `&Connection` or `&Transaction` and return domain types, so that a use
//! case can put several of them into one transaction. Knows no rules of use cases and no web.

pub mod agents;
pub mod artifacts;
pub mod audit;
pub mod budgets;
mod checkpoint;
pub mod episodes;
mod error;
pub mod idempotency;
pub mod jobs;
pub mod leaderboard;
pub mod llm_calls;
mod lock;
pub mod manifests;
mod migrations;
pub mod personal_prices;
#[cfg(test)]
mod plans;
pub mod provider_keys;
pub mod results;
pub mod settings;
pub mod spends;
mod sql;
pub mod submissions;
pub mod suites;
pub mod tasks;
pub mod tokens;
pub mod users;
pub mod verifications;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{OpenFlags, TransactionBehavior};
use tokio::sync::Semaphore;

pub use error::StoreError;
pub use migrations::schema_version;
pub use rusqlite::{Connection, Transaction};

/// The database's file within the data directory.
pub const DATABASE_FILE: &str = "agentarena.db";

/// How many connections read at once.
const READERS: u32 = 6;

/// The arena's memory: database and artifacts of one data directory. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    writer: Arc<Mutex<Connection>>,
    write_permit: Arc<Semaphore>,
    readers: r2d2::Pool<SqliteConnectionManager>,
    read_permits: Arc<Semaphore>,
    checkpointer: Option<checkpoint::Checkpointer>,
    owner: Option<lock::DirectoryLock>,
}

impl Store {
    /// Opens a data directory as its owner, creating it when it is missing, and brings the
    /// database to the newest schema. Fails with [`StoreError::InUse`] while another process
    /// owns it. Blocks for some milliseconds; meant for the start of a program.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        create_private_dir(dir)?;
        let lock = lock::DirectoryLock::take(dir)?;
        let mut writer = connect_writer(dir)?;
        migrations::apply(&mut writer)?;
        Self::assemble(dir, writer, Some(lock))
    }

    /// Opens a data directory beside its owner, for short commands such as listings. Becomes
    /// the owner, and migrates, when there is none.
    pub fn open_beside(dir: &Path) -> Result<Self, StoreError> {
        match Self::open(dir) {
            Err(StoreError::InUse { .. }) => {
                let writer = connect_writer(dir)?;
                Self::assemble(dir, writer, None)
            }
            opened => opened,
        }
    }

    /// Fails when a directory holds no database yet, for commands that only look at or change what
    /// is there: a mistyped directory must not look like an empty arena.
    pub fn must_exist(dir: &Path) -> Result<(), StoreError> {
        if dir.join(DATABASE_FILE).is_file() {
            return Ok(());
        }
        Err(StoreError::NoDatabase {
            path: dir.to_owned(),
        })
    }

    /// Opens a data directory to read it and nothing else, whether another process owns it or not.
    /// Nothing is created, migrated or locked; a database of another version is refused.
    pub fn open_to_read(dir: &Path) -> Result<Self, StoreError> {
        Self::must_exist(dir)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let reader = Connection::open_with_flags(dir.join(DATABASE_FILE), flags)?;
        prepare(&reader)?;
        reader.pragma_update(None, "query_only", true)?;
        let (found, known) = migrations::schema_version(&reader)?;
        if found != known {
            return Err(StoreError::OtherVersion {
                path: dir.to_owned(),
                found,
                known,
            });
        }
        Self::assemble(dir, reader, None)
    }

    fn assemble(
        dir: &Path,
        writer: Connection,
        owner: Option<lock::DirectoryLock>,
    ) -> Result<Self, StoreError> {
        let checkpointer = match owner {
            Some(_) => Some(checkpoint::Checkpointer::start(dir, &writer)?),
            None => None,
        };
        let manager = SqliteConnectionManager::file(dir.join(DATABASE_FILE))
            .with_flags(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .with_init(|connection| {
                prepare(connection)?;
                connection.pragma_update(None, "query_only", true)
            });
        let readers = r2d2::Pool::builder()
            .max_size(READERS)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(10))
            .build(manager)?;
        Ok(Self {
            inner: Arc::new(Inner {
                dir: dir.to_owned(),
                writer: Arc::new(Mutex::new(writer)),
                write_permit: Arc::new(Semaphore::new(1)),
                readers,
                read_permits: Arc::new(Semaphore::new(READERS as usize)),
                checkpointer,
                owner,
            }),
        })
    }

    /// The data directory.
    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    /// Whether this process owns the data directory.
    pub fn is_owner(&self) -> bool {
        self.inner.owner.is_some()
    }

    /// The files of artifacts.
    pub fn artifact_files(&self) -> artifacts::ArtifactFiles {
        artifacts::ArtifactFiles::new(self.inner.dir.join("artifacts"))
    }

    /// Reads on a connection that cannot write.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let permit = acquire(&self.inner.read_permits).await?;
        let pool = self.inner.readers.clone();
        blocking(move || {
            let _permit = permit;
            let connection = pool.get()?;
            work(&connection)
        })
        .await
    }

    /// Writes in one IMMEDIATE transaction: committed when the closure returns `Ok`, rolled
    /// back when it returns an error or panics. Once begun it runs to its end, even when the
    /// caller is dropped.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.try_write(work).await
    }

    /// Like [`Store::write`], for closures with an error type of their own, which rolls back
    /// just the same.
    pub async fn try_write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    {
        let permit = acquire(&self.inner.write_permit).await?;
        let inner = Arc::clone(&self.inner);
        blocking(move || {
            let _permit = permit;
            // A panic inside the guard rolled its transaction back, so the connection is sound.
            let mut connection = inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
            let tx = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(StoreError::from)?;
            let value = work(&tx)?;
            tx.commit().map_err(StoreError::from)?;
            if let Some(checkpointer) = &inner.checkpointer {
                checkpointer.committed();
            }
            Ok(value)
        })
        .await
    }

    /// Whether the database answers, for health checks.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.read(|connection| {
            connection.query_one("SELECT count(*) FROM settings", [], |_| Ok(()))?;
            Ok(())
        })
        .await
    }
}

/// The permit is acquired before a blocking thread is taken, so that waiting costs no thread.
async fn acquire(
    permits: &Arc<Semaphore>,
) -> Result<tokio::sync::OwnedSemaphorePermit, StoreError> {
    Arc::clone(permits)
        .acquire_owned()
        .await
        .map_err(|_| StoreError::Broken("the store is closed".to_owned()))
}

async fn blocking<T, E, F>(work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: FnOnce() -> Result<T, E> + Send + 'static,
{
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
        .await
        .unwrap_or_else(|error| Err(StoreError::Broken(error.to_string()).into()))
}

fn create_private_dir(dir: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(StoreError::io("create", dir))
}

fn connect_writer(dir: &Path) -> Result<Connection, StoreError> {
    use std::os::unix::fs::OpenOptionsExt;
    let path = dir.join(DATABASE_FILE);
    // A folder that was there already may be open to others. SQLite gives the files beside it the
    // same rights.
    std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(&path)
        .map_err(StoreError::io("create", &path))?;
    let connection = Connection::open(path)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    prepare(&connection)?;
    Ok(connection)
}

/// What every connection needs; the journal mode stays with the file.
fn prepare(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(())
}
