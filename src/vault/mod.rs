//! Passwords, tokens and encryption at rest. Knows neither accounts nor the database: it
//! turns secrets into what may be stored, and checks what comes back.

mod access;
mod files;
pub mod passwords;
mod sealing;
pub mod tokens;
pub mod webhook;

use std::path::{Path, PathBuf};

pub use access::{AccessClaims, AccessTokenError};

/// The keys of one data directory.
pub struct Vault {
    access: access::AccessKeys,
    sealing: sealing::MasterKey,
}

impl Vault {
    /// Opens the keys in `keys/` of a data directory, making those that are missing with mode
    /// 0600. A key file that others may read is refused. Blocks for some 100 ms when it makes
    /// keys.
    pub fn open(data_dir: &Path) -> Result<Self, VaultError> {
        let dir = data_dir.join("keys");
        files::create_private_dir(&dir)?;
        Ok(Self {
            access: access::AccessKeys::open(&dir.join("access-token.pem"))?,
            sealing: sealing::MasterKey::open(&dir.join("master.key"))?,
        })
    }

    /// Signs an access token (JWT, RS256).
    pub fn issue_access_token(&self, claims: &AccessClaims) -> Result<String, VaultError> {
        self.access.issue(claims)
    }

    /// Checks an access token's signature, issuer, audience and expiry.
    pub fn verify_access_token(&self, token: &str) -> Result<AccessClaims, AccessTokenError> {
        self.access.verify(token)
    }

    /// Encrypts a secret (AES-256-GCM). `context` names what it belongs to; the result opens
    /// with the same context only, so that a ciphertext moved to another row is refused.
    pub fn seal(&self, context: &str, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.sealing.seal(context, secret)
    }

    /// Decrypts what [`Vault::seal`] made.
    pub fn open_sealed(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.sealing.open_sealed(context, sealed)
    }

    /// A tag over a text that only this arena can make, as lower-case hex: for values that
    /// clients hand back, e.g. CSRF tokens. `purpose` keeps one use from serving another.
    pub fn tag(&self, purpose: &str, text: &str) -> String {
        self.sealing.tag(purpose, text)
    }

    /// The secret that signs messages to a webhook. It follows from the arena's key, the agent
    /// and the number, so that nothing has to be stored.
    pub fn webhook_secret(&self, agent: &str, number: u32) -> webhook::SigningSecret {
        let tag = self.tag("webhook", &format!("{agent}/{number}"));
        webhook::SigningSecret::new(tag.into_bytes())
    }

    /// Whether a tag is the one that [`Vault::tag`] makes, in constant time.
    pub fn tag_matches(&self, purpose: &str, text: &str, tag: &str) -> bool {
        self.sealing.tag_matches(purpose, text, tag)
    }
}

/// A secret could not be kept, made or read.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A key file or its folder could not be used.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// Others on the machine may read a key.
    #[error(
        "{} has mode {mode:04o}, so others may read it; run `chmod {wanted:o} {}`",
        path.display(),
        path.display()
    )]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// The right permission bits.
        wanted: u32,
    },
    /// A key file holds no such key.
    #[error("{} does not hold {wanted}; restore it from a backup", path.display())]
    BadKey {
        /// The file.
        path: PathBuf,
        /// What it should hold.
        wanted: &'static str,
    },
    /// A sealed value was made with another master key, for another context, or was changed.
    #[error(
        "a sealed value cannot be opened: it was changed, moved, or sealed with another master key"
    )]
    Unopenable,
    /// A password is longer than bcrypt reads.
    #[error("a password has at most {} bytes", passwords::MAX_BYTES)]
    PasswordTooLong,
    /// A cryptographic operation failed; nothing that a person did causes this.
    #[error("the cryptographic library failed to {0}")]
    Crypto(&'static str),
}
