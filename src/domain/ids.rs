//! Identifiers as newtypes, so that one kind of id is never passed for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id; an id is a UUID such as 019a4c81-7c2e-7d41-9b0a-3f2c90b40001")]
pub struct InvalidId(pub String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id (UUIDv7, RFC 9562 section 5.7): ids made later sort later.
            #[allow(clippy::new_without_default, reason = "a new id is never a default value")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId(text.chars().take(80).collect()))
            }
        }
    )+};
}

ids! {
    /// A person with an account.
    UserId,
    /// An agent, over all its revisions.
    AgentId,
    /// One revision of an agent.
    AgentRevisionId,
    /// A key of a model provider, stored encrypted.
    ProviderKeyId,
    /// A suite of tasks.
    SuiteId,
    /// One revision of a task.
    TaskId,
    /// Agents x tasks x repeats, submitted together.
    ExperimentId,
    /// One agent revision on one task revision with one seed.
    SubmissionId,
    /// One execution of a submission.
    EpisodeId,
    /// A unit of background work.
    JobId,
    /// A run of the bundled sites: the state that one episode works on.
    RunId,
    /// A family of refresh tokens: one sign-in on one device.
    TokenFamilyId,
    /// One row of a table whose rows nobody names elsewhere.
    RowId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_and_name_what_is_wrong() {
        let id = SubmissionId::new();
        assert_eq!(id.to_string().parse::<SubmissionId>().unwrap(), id);
        let error = "shop-001".parse::<SubmissionId>().unwrap_err();
        assert!(
            error.to_string().contains("`shop-001` is not an id"),
            "{error}"
        );
    }
}
