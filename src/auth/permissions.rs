//! What each role may do: one table.

use crate::auth::AuthError;
use crate::domain::ids::{TokenFamilyId, UserId};
use crate::domain::user::{Role, User};

crate::named_values! {
    /// Something that a person may or may not do.
    Permission {
        /// See tasks, suites and leaderboards.
        ViewCatalogue = "catalogue.view",
        /// Make, change and delete agents of one's own.
        ManageOwnAgents = "agents.own",
        /// Keep keys of model providers.
        ManageOwnKeys = "provider_keys.own",
        /// Submit agents, and see and cancel submissions of one's own.
        Submit = "submissions.own",
        /// See everyone's agents.
        ViewAllAgents = "agents.all",
        /// See everyone's submissions.
        ViewAllSubmissions = "submissions.view_all",
        /// Cancel anyone's submissions.
        CancelAnySubmission = "submissions.cancel_any",
        /// See the accounts of others.
        ViewUsers = "users.view",
        /// Activate, deactivate and make accounts with the role USER.
        ManageUsers = "users.manage",
        /// Give roles, and manage accounts of administrators.
        ManageAdmins = "users.manage_admins",
        /// Read the audit log.
        ViewAudit = "audit.view",
        /// See the queue, health in detail, and the settings in force.
        ViewOperations = "operations.view",
    }
}

impl Permission {
    /// The least role that has the permission; greater roles have it too.
    pub const fn least_role(self) -> Role {
        match self {
            Self::ViewCatalogue | Self::ManageOwnAgents | Self::ManageOwnKeys | Self::Submit => {
                Role::User
            }
            Self::ViewAllAgents
            | Self::ViewAllSubmissions
            | Self::CancelAnySubmission
            | Self::ViewUsers
            | Self::ManageUsers
            | Self::ViewAudit
            | Self::ViewOperations => Role::Admin,
            Self::ManageAdmins => Role::SuperAdmin,
        }
    }
}

/// Who asks: an active person, as the database has them at the time of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The person.
    pub user_id: UserId,
    /// Their name, for display.
    pub username: String,
    /// What they may do.
    pub role: Role,
    /// The sign-in that they come with.
    pub session_id: TokenFamilyId,
}

impl Principal {
    /// A person for whom the operator acts: nobody signed in.
    pub fn without_session(user: User) -> Self {
        Self {
            user_id: user.id,
            username: user.username,
            role: user.role,
            session_id: TokenFamilyId::new(),
        }
    }

    /// Whether the person may do something.
    pub fn may(&self, permission: Permission) -> bool {
        self.role >= permission.least_role()
    }

    /// Refuses unless the person may do something.
    pub fn require(&self, permission: Permission) -> Result<(), AuthError> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(AuthError::Forbidden(permission))
        }
    }

    /// Refuses unless the person may manage accounts of a role: administrators those of users,
    /// super administrators all.
    pub fn require_over(&self, role: Role) -> Result<(), AuthError> {
        match role {
            Role::User => self.require(Permission::ManageUsers),
            Role::Admin | Role::SuperAdmin => self.require(Permission::ManageAdmins),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn principal(role: Role) -> Principal {
        Principal {
            user_id: UserId::new(),
            username: "ada".into(),
            role,
            session_id: TokenFamilyId::new(),
        }
    }

    #[test]
    fn the_table_of_permissions_is_this() {
        let holders = |role| {
            let principal = principal(role);
            let held = Permission::ALL.iter().filter(|p| principal.may(**p));
            held.map(|p| p.as_str()).collect::<Vec<_>>().join(" ")
        };
        let user = "catalogue.view agents.own provider_keys.own submissions.own";
        let admin = "agents.all submissions.view_all submissions.cancel_any users.view \
                     users.manage";
        assert_eq!(holders(Role::User), user);
        assert_eq!(
            holders(Role::Admin),
            format!("{user} {admin} audit.view operations.view")
        );
        assert_eq!(
            holders(Role::SuperAdmin),
            format!("{user} {admin} users.manage_admins audit.view operations.view")
        );
    }

    #[test]
    fn only_super_administrators_manage_administrators() {
        assert!(principal(Role::User).require_over(Role::User).is_err());
        assert!(principal(Role::Admin).require_over(Role::User).is_ok());
        let error = principal(Role::Admin)
            .require_over(Role::Admin)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "this needs the permission `users.manage_admins`, which the role SUPER_ADMIN has"
        );
        assert!(
            principal(Role::SuperAdmin)
                .require_over(Role::SuperAdmin)
                .is_ok()
        );
    }
}
