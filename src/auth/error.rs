//! Why someone is not let in.

use crate::auth::permissions::Permission;
use crate::domain::validation::Invalid;
use crate::store::StoreError;
use crate::vault::{AccessTokenError, VaultError};

/// Why someone is not let in, or an account is not made.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// Fields of the input are not right.
    #[error("{0}")]
    Invalid(#[from] Invalid),
    /// The operator has closed sign-up.
    #[error("sign-up is closed; ask an administrator of this arena for an account")]
    SignUpClosed,
    /// No such account, or not its password: which of both is not told.
    #[error("username or password is not right")]
    WrongCredentials,
    /// The account is deactivated.
    #[error("this account is deactivated; ask an administrator of this arena")]
    Deactivated,
    /// No token, or one that was never good.
    #[error("the session is not valid; sign in again")]
    InvalidToken,
    /// The token was good once: the session has expired or was signed out.
    #[error("the session has ended; sign in again")]
    SessionEnded,
    /// The access token has expired while its session goes on.
    #[error("the access token has expired; get a new one with the refresh token")]
    AccessTokenExpired,
    /// A refresh token was used twice; its session was ended for safety.
    #[error("this refresh token was used before, so its session was ended; sign in again")]
    TokenReused,
    /// The person may not do this.
    #[error("this needs the permission `{}`, which the role {} has", .0.as_str(), .0.least_role())]
    Forbidden(Permission),
    /// The link for the first administrator is wrong or used.
    #[error(
        "this link is not valid any more; the server prints a new one when it starts without a SUPER_ADMIN"
    )]
    FirstAdminLink,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Keys or hashes failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<AccessTokenError> for AuthError {
    fn from(error: AccessTokenError) -> Self {
        match error {
            AccessTokenError::Expired => Self::AccessTokenExpired,
            AccessTokenError::Invalid => Self::InvalidToken,
        }
    }
}
