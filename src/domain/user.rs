//! People and their roles.

use serde::{Deserialize, Serialize};

use crate::domain::ids::UserId;
use crate::domain::time::Timestamp;

crate::named_values! {
    /// What a person may do, from least to most. What each role may do in detail is a table
    /// in `auth::permissions`.
    Role {
        /// Owns agents and submissions.
        User = "USER",
        /// Sees and manages everything but other administrators.
        Admin = "ADMIN",
        /// Manages administrators too.
        SuperAdmin = "SUPER_ADMIN",
    }
}

crate::named_values! {
    /// Which colours a person wants to see.
    Theme {
        /// Dark on light.
        Light = "light",
        /// Light on dark.
        Dark = "dark",
    }
}

/// A person with an account. Never holds the password hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Id.
    pub id: UserId,
    /// Shown to others; unique without regard to case.
    pub username: String,
    /// Signs in with it; unique without regard to case.
    pub email: String,
    /// What the person may do.
    pub role: Role,
    /// A deactivated person cannot sign in and their tokens are refused.
    pub active: bool,
    /// Which colours the person wants; none: as the system says.
    pub theme: Option<Theme>,
    /// When the account was made.
    pub created_at: Timestamp,
}
