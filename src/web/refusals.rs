//! How refusals of the layers below become failures with a code and a status.

use crate::arena::ArenaError;
use crate::auth::AuthError;
use crate::domain::validation::Invalid;
use crate::store::StoreError;
use crate::web::error::{Code, Failure};

impl From<Invalid> for Failure {
    fn from(invalid: Invalid) -> Self {
        // A unique value that is taken is a conflict; all else is about the value itself.
        let is_taken = invalid.0.iter().all(|fault| fault.code == "taken");
        let faults = invalid.0.into_iter();
        let failure =
            Self::all_invalid(faults.map(|fault| (fault.field, sentence(&fault.message))));
        if is_taken {
            failure.coded(Code::Conflict)
        } else {
            failure
        }
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

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        let code = match error {
            AuthError::Invalid(invalid) => return invalid.into(),
            AuthError::Store(error) => return error.into(),
            AuthError::Vault(error) => return Self::internal(error),
            AuthError::WrongCredentials => Code::WrongCredentials,
            AuthError::SignUpClosed | AuthError::Deactivated | AuthError::Forbidden(_) => {
                Code::Forbidden
            }
            AuthError::FirstAdminLink => Code::Forbidden,
            AuthError::InvalidToken
            | AuthError::SessionEnded
            | AuthError::AccessTokenExpired
            | AuthError::TokenReused => Code::Unauthenticated,
        };
        Self::new(code, sentence(&error))
    }
}

/// A message as a sentence: errors of lower layers begin small and have no full stop.
pub fn sentence(message: &impl ToString) -> String {
    let message = message.to_string();
    let mut rest = message.chars();
    let first = rest.next().map(char::to_uppercase);
    let mut sentence: String = first.into_iter().flatten().chain(rest).collect();
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
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
        "price" => "priceId",
        _ => "hash",
    }
}
