//! Sessions: starting, refreshing, checking and ending them.

use serde_json::json;

use crate::auth::service::Session;
use crate::auth::{AuthError, AuthService, Principal};
use crate::domain::ids::{TokenFamilyId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::audit::{self, NewEntry};
use crate::store::tokens::{self, RefreshToken, Rotation};
use crate::store::{StoreError, Transaction, users};
use crate::vault::{AccessClaims, tokens as opaque};

/// Requests of one browser that were sent together carry the same refresh token; only the
/// first exchanges it. For so long the others go on without being taken for a thief's.
const RACE_MS: i64 = 10_000;

impl AuthService {
    /// Starts a session for a person whose password was checked.
    pub(super) async fn start_session(
        &self,
        user: User,
        action: &'static str,
    ) -> Result<Session, AuthError> {
        let token = opaque::new_opaque()?;
        let now = Timestamp::now();
        let row = RefreshToken {
            user_id: user.id,
            family_id: TokenFamilyId::new(),
            token_hash: opaque::hash(&token),
            created_at: now,
            expires_at: self.refresh_expiry(now),
        };
        let session = self.session(user, row.family_id, Some(token), now)?;
        self.store
            .try_write(move |tx| {
                tokens::insert(tx, &row)?;
                note(tx, row.user_id, row.family_id, action, now)?;
                Ok::<_, AuthError>(())
            })
            .await?;
        Ok(session)
    }

    /// Exchanges a refresh token for a new session. Using one twice ends its session.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Session, AuthError> {
        self.rotate(refresh_token, 0).await
    }

    /// Like [`AuthService::refresh`], for the pages of a browser: a token that was exchanged a
    /// moment ago by another request of the same browser gives an access token, but no new
    /// refresh token.
    pub async fn resume(&self, refresh_token: &str) -> Result<Session, AuthError> {
        self.rotate(refresh_token, RACE_MS).await
    }

    async fn rotate(&self, refresh_token: &str, race_ms: i64) -> Result<Session, AuthError> {
        let presented = opaque::hash(refresh_token);
        let token = opaque::new_opaque()?;
        let new_hash = opaque::hash(&token);
        let now = Timestamp::now();
        let expires_at = self.refresh_expiry(now);
        let (rotation, user) = self
            .store
            .write(move |tx| {
                let rotation = tokens::rotate(tx, &presented, &new_hash, expires_at, race_ms, now)?;
                if let Rotation::Reused { user_id, family_id } = rotation {
                    note(tx, user_id, family_id, "session.token_reused", now)?;
                }
                let user = match rotation.user_id() {
                    Some(id) => users::by_id(tx, id)?,
                    None => None,
                };
                Ok((rotation, user))
            })
            .await?;
        let (family_id, token) = match rotation {
            Rotation::Rotated { family_id, .. } => (family_id, Some(token)),
            Rotation::Raced { family_id, .. } => (family_id, None),
            Rotation::Unknown => return Err(AuthError::InvalidToken),
            Rotation::Ended => return Err(AuthError::SessionEnded),
            Rotation::Reused { .. } => return Err(AuthError::TokenReused),
        };
        let user = user.ok_or(AuthError::InvalidToken)?;
        if !user.active {
            return Err(AuthError::Deactivated);
        }
        self.session(user, family_id, token, now)
    }

    /// Ends the session of a refresh token. A token that nobody knows ends nothing and is no
    /// error: the person is signed out either way.
    pub async fn sign_out(&self, refresh_token: &str) -> Result<(), AuthError> {
        let hash = opaque::hash(refresh_token);
        self.store
            .try_write(move |tx| {
                let Some((user_id, family_id)) = tokens::family_of(tx, &hash)? else {
                    return Ok(());
                };
                end(tx, user_id, family_id)
            })
            .await
    }

    /// Ends the session that a person comes with.
    pub async fn end_session(&self, principal: &Principal) -> Result<(), AuthError> {
        let (user_id, family_id) = (principal.user_id, principal.session_id);
        self.store
            .try_write(move |tx| end(tx, user_id, family_id))
            .await
    }

    /// Who an access token belongs to. The role is the one in the database, and a person that
    /// was deactivated or signed out since is refused.
    pub async fn verify(&self, access_token: &str) -> Result<Principal, AuthError> {
        let claims = self.vault.verify_access_token(access_token)?;
        let (id, family) = (claims.user_id, claims.session_id);
        let (user, alive) = self
            .store
            .read(move |db| {
                let alive = tokens::is_family_alive(db, family, Timestamp::now())?;
                Ok((users::by_id(db, id)?, alive))
            })
            .await?;
        let user = user.ok_or(AuthError::InvalidToken)?;
        if !user.active {
            return Err(AuthError::Deactivated);
        }
        if !alive {
            return Err(AuthError::SessionEnded);
        }
        Ok(Principal {
            user_id: user.id,
            username: user.username,
            role: user.role,
            session_id: family,
        })
    }

    fn refresh_expiry(&self, now: Timestamp) -> Timestamp {
        now.plus_ms(i64::from(self.settings.refresh_token_days) * 86_400_000)
    }

    fn session(
        &self,
        user: User,
        session_id: TokenFamilyId,
        refresh_token: Option<String>,
        now: Timestamp,
    ) -> Result<Session, AuthError> {
        let claims = AccessClaims {
            user_id: user.id,
            role: user.role,
            session_id,
            issued_at: now,
            expires_at: now.plus_ms(i64::from(self.settings.access_token_minutes) * 60_000),
        };
        Ok(Session {
            access_token: self.vault.issue_access_token(&claims)?,
            access_expires_at: claims.expires_at,
            refresh_token,
            refresh_expires_at: self.refresh_expiry(now),
            session_id,
            user,
        })
    }
}

fn end(tx: &Transaction, user_id: UserId, family_id: TokenFamilyId) -> Result<(), AuthError> {
    let now = Timestamp::now();
    if tokens::revoke_family(tx, family_id, now)? > 0 {
        note(tx, user_id, family_id, "user.sign_out", now)?;
    }
    Ok(())
}

fn note(
    tx: &Transaction,
    user_id: UserId,
    family_id: TokenFamilyId,
    action: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let entry = NewEntry {
        user_id: Some(user_id),
        action,
        subject: &format!("session/{family_id}"),
        details: json!({}),
    };
    audit::append(tx, &entry, now)
}
