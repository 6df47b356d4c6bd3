//! Accounts: making them, signing in, changing the password.

use std::sync::Arc;

use serde_json::json;

use crate::auth::passwords::Hasher;
use crate::auth::{AuthError, Principal, validate};
use crate::config::AuthSettings;
use crate::domain::ids::{TokenFamilyId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::user::{Role, User};
use crate::domain::validation::Invalid;
use crate::store::audit::{self, NewEntry};
use crate::store::{Store, StoreError, tokens, users};
use crate::vault::Vault;

/// Who someone is. Cheap to clone.
#[derive(Clone)]
pub struct AuthService {
    pub(super) store: Store,
    pub(super) vault: Arc<Vault>,
    pub(super) settings: AuthSettings,
    pub(super) hasher: Hasher,
}

/// What a new account is made of.
#[derive(Clone)]
pub struct NewAccount {
    /// 3 to 40 characters: letters, digits, `_`, `.`, `-`.
    pub username: String,
    /// An e-mail address.
    pub email: String,
    /// At least 10 characters, at most 72 bytes.
    pub password: String,
}

/// What a person has after signing in.
#[derive(Clone)]
pub struct Session {
    /// Who.
    pub user: User,
    /// The sign-in.
    pub session_id: TokenFamilyId,
    /// For requests; short-lived.
    pub access_token: String,
    /// From when on the access token is refused.
    pub access_expires_at: Timestamp,
    /// Exchanges for a new session once; absent only from [`AuthService::resume`].
    pub refresh_token: Option<String>,
    /// From when on the refresh token is refused.
    pub refresh_expires_at: Timestamp,
}

impl AuthService {
    /// A service over a store and its keys.
    pub fn new(store: Store, vault: Arc<Vault>, settings: AuthSettings) -> Self {
        let hasher = Hasher::new(settings.bcrypt_cost);
        Self {
            store,
            vault,
            settings,
            hasher,
        }
    }

    /// Whether anyone may make an account.
    pub fn is_sign_up_open(&self) -> bool {
        self.settings.sign_up_open
    }

    /// Makes an account with the role USER, for the person themselves. Whoever comes before
    /// the first administrator is let in like anyone else and gets no more than that role.
    pub async fn sign_up(&self, account: NewAccount) -> Result<User, AuthError> {
        if !self.settings.sign_up_open {
            return Err(AuthError::SignUpClosed);
        }
        self.create(account, Role::User, None, "user.sign_up").await
    }

    /// Makes an account with a role on behalf of `by`; none: the operator at the machine.
    pub async fn create_user(
        &self,
        account: NewAccount,
        role: Role,
        by: Option<&Principal>,
    ) -> Result<User, AuthError> {
        if let Some(principal) = by {
            principal.require_over(role)?;
        }
        let by = by.map(|principal| principal.user_id);
        self.create(account, role, by, "user.create").await
    }

    async fn create(
        &self,
        account: NewAccount,
        role: Role,
        by: Option<UserId>,
        action: &'static str,
    ) -> Result<User, AuthError> {
        let (user, hash) = self.prepare_account(account, role).await?;
        self.store
            .try_write(move |tx| {
                users::insert(tx, &user, &hash).map_err(taken)?;
                let entry = NewEntry {
                    user_id: by.or(Some(user.id)),
                    action,
                    subject: &format!("user/{}", user.id),
                    details: json!({"username": user.username, "role": user.role}),
                };
                audit::append(tx, &entry, user.created_at)?;
                Ok(user)
            })
            .await
    }

    /// Checks an account's fields and hashes its password.
    pub(super) async fn prepare_account(
        &self,
        account: NewAccount,
        role: Role,
    ) -> Result<(User, String), AuthError> {
        let email = account.email.trim();
        validate::account(&account.username, email, &account.password)?;
        let hash = self.hasher.hash(&account.password).await?;
        let user = User {
            id: UserId::new(),
            email: email.to_owned(),
            username: account.username,
            role,
            active: true,
            theme: None,
            created_at: Timestamp::now(),
        };
        Ok((user, hash))
    }

    /// Signs in with a username or an e-mail address. Takes the same time whether the account
    /// exists or not, and does not tell.
    pub async fn sign_in(&self, login: &str, password: &str) -> Result<Session, AuthError> {
        let wanted = login.trim().to_owned();
        let account = self
            .store
            .read(move |db| users::by_login(db, &wanted))
            .await?;
        let (user, hash) = account.unzip();
        let matches = self.hasher.verify(password, hash).await?;
        let Some(user) = user.filter(|_| matches) else {
            self.audit_refusal(login).await?;
            return Err(AuthError::WrongCredentials);
        };
        if !user.active {
            return Err(AuthError::Deactivated);
        }
        self.start_session(user, "user.sign_in").await
    }

    /// What was typed as login is not kept: people type passwords there by mistake.
    async fn audit_refusal(&self, login: &str) -> Result<(), AuthError> {
        let login = login.trim().to_owned();
        self.store
            .try_write(move |tx| {
                let user = users::by_login(tx, &login)?.map(|(user, _)| user);
                let subject = user
                    .as_ref()
                    .map_or_else(|| "user/unknown".to_owned(), |u| format!("user/{}", u.id));
                let entry = NewEntry {
                    user_id: None,
                    action: "user.sign_in_refused",
                    subject: &subject,
                    details: json!({}),
                };
                Ok(audit::append(tx, &entry, Timestamp::now())?)
            })
            .await
    }

    /// Replaces one's own password and ends all other sessions of that person.
    pub async fn change_password(
        &self,
        principal: &Principal,
        current: &str,
        new: &str,
    ) -> Result<(), AuthError> {
        validate::password("newPassword", new)?;
        let id = principal.user_id;
        let hash = self
            .store
            .read(move |db| users::password_hash(db, id))
            .await?;
        if !self.hasher.verify(current, hash).await? {
            let message = "is not your present password";
            return Err(Invalid::one("currentPassword", "invalid", message).into());
        }
        self.store_password(id, new, Some(principal.session_id), "user.change_password")
            .await
    }

    /// Replaces someone's password for the operator at the machine and ends all their sessions.
    pub async fn reset_password(&self, id: UserId, new: &str) -> Result<(), AuthError> {
        validate::password("password", new)?;
        self.store_password(id, new, None, "user.reset_password")
            .await
    }

    async fn store_password(
        &self,
        id: UserId,
        new: &str,
        keep: Option<TokenFamilyId>,
        action: &'static str,
    ) -> Result<(), AuthError> {
        let hash = self.hasher.hash(new).await?;
        self.store
            .try_write(move |tx| {
                let now = Timestamp::now();
                users::set_password_hash(tx, id, &hash, now)?;
                tokens::revoke_user(tx, id, keep, now)?;
                let entry = NewEntry {
                    user_id: Some(id),
                    action,
                    subject: &format!("user/{id}"),
                    details: json!({}),
                };
                Ok(audit::append(tx, &entry, now)?)
            })
            .await
    }
}

/// A taken name or address is a fault of that field.
pub(super) fn taken(error: StoreError) -> AuthError {
    match error {
        StoreError::Conflict(field) => {
            Invalid::one(field, "taken", "is taken; choose another").into()
        }
        other => other.into(),
    }
}
