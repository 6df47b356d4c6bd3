//! The first administrator: whoever can read the server's output of its first start.

use serde_json::json;

use crate::auth::service::{NewAccount, taken};
use crate::auth::{AuthError, AuthService};
use crate::domain::time::Timestamp;
use crate::domain::user::{Role, User};
use crate::store::audit::{self, NewEntry};
use crate::store::{Connection, StoreError, settings, users};
use crate::vault::tokens;

/// Where the hash of the link's token is kept.
const KEY: &str = "first_admin_token_hash";

impl AuthService {
    /// A fresh one-time token for the link that makes the first SUPER_ADMIN, replacing one
    /// given before; none when there is a SUPER_ADMIN already. An account that signed up before
    /// the operator came does not take the link away.
    pub async fn first_admin_token(&self) -> Result<Option<String>, AuthError> {
        let token = tokens::new_opaque()?;
        let hash = tokens::hash(&token);
        self.store
            .try_write(move |tx| {
                if users::any_with_role(tx, Role::SuperAdmin)? {
                    settings::delete(tx, KEY)?;
                    return Ok(None);
                }
                settings::set(tx, KEY, &hash, Timestamp::now())?;
                Ok(Some(token))
            })
            .await
    }

    /// Whether a token would make the first administrator now: for showing the form.
    pub async fn is_first_admin_token(&self, token: &str) -> Result<bool, AuthError> {
        let hash = tokens::hash(token);
        Ok(self.store.read(move |db| is_good(db, &hash)).await?)
    }

    /// Makes the first SUPER_ADMIN and uses the token up. Works once, whether sign-up is open
    /// or not.
    pub async fn create_first_admin(
        &self,
        token: &str,
        account: NewAccount,
    ) -> Result<User, AuthError> {
        // Asked before hashing too, so that a wrong link costs no work.
        if !self.is_first_admin_token(token).await? {
            return Err(AuthError::FirstAdminLink);
        }
        let (user, password_hash) = self.prepare_account(account, Role::SuperAdmin).await?;
        let hash = tokens::hash(token);
        self.store
            .try_write(move |tx| {
                if !is_good(tx, &hash)? {
                    return Err(AuthError::FirstAdminLink);
                }
                users::insert(tx, &user, &password_hash).map_err(taken)?;
                settings::delete(tx, KEY)?;
                let entry = NewEntry {
                    user_id: Some(user.id),
                    action: "user.first_admin",
                    subject: &format!("user/{}", user.id),
                    details: json!({"username": user.username}),
                };
                audit::append(tx, &entry, user.created_at)?;
                Ok(user)
            })
            .await
    }
}

fn is_good(db: &Connection, hash: &str) -> Result<bool, StoreError> {
    let stored: Option<String> = settings::get(db, KEY)?;
    let matches = stored.is_some_and(|stored| tokens::equal(&stored, hash));
    Ok(matches && !users::any_with_role(db, Role::SuperAdmin)?)
}
