//! How refusals of the layers below become failures with a code and a status.

use crate::arena::ArenaError;
use crate::domain::validation::Invalid;
use crate::store::StoreError;
use crate::web::error::{Code, Failure};

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        let faults = invalid.0.into_iter();
        Self::all_invalid(faults.map(|fault| (fault.field, fault.message)))
    }
}

impl From<ArenaError> for Failure {
    fn from(error: ArenaError) -> Self {
        match error {
            ArenaError::NotFound { what, id } => Self::not_found(what, field_of(what), &id),
            ArenaError::Invalid { field, message } => Self::invalid(field, message),
            ArenaError::Rejected(invalid) => invalid.into(),
            ArenaError::Taken { field, message } => Self::new(Code::Conflict, message).at(field),
            ArenaError::Forbidden { message } => Self::new(Code::Forbidden, message),
            ArenaError::Conflict { message } => Self::new(Code::Conflict, message),
            ArenaError::QueueFull {
                limit,
                retry_after_s,
            } => {
                let message = format!(
                    "{limit} submissions wait already and no more are taken; try again in {retry_after_s} s."
                );
                Self::new(Code::QueueFull, message).retry_after(retry_after_s)
            }
            ArenaError::Internal(cause) => Self::internal(cause),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        ArenaError::from(error).into()
    }
}

/// The name that the API gives the id of something.
fn field_of(what: &str) -> &'static str {
    match what {
        "agent" => "agentId",
        "task" => "taskId",
        "suite" => "suite",
        "submission" => "submissionId",
        "provider key" => "providerKeyId",
        "user" => "userId",
        _ => "hash",
    }
}
