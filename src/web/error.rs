//! The one table of error codes, and the two faces of a failure: [`ApiError`] becomes JSON,
//! [`PageError`] becomes a page. Rendering happens in `middleware::failures`, where the request
//! is known; a failure of the arena's own is logged there, once, and its cause is never sent.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use serde_json::Value;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $status:ident, $fix:literal;)+) => {
        /// What went wrong, as a stable name for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant),+ }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in responses.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// What a client can do about it.
            pub const fn fix(self) -> &'static str {
                match self { $(Self::$variant => $fix),+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or the request cannot be read at all.
    MalformedRequest = "MALFORMED_REQUEST", BAD_REQUEST,
        "Send a body that is valid JSON in UTF-8; the message says where reading stopped.";
    /// No valid proof of identity.
    Unauthenticated = "UNAUTHENTICATED", UNAUTHORIZED,
        "Sign in, or send `Authorization: Bearer <access token>`; refresh the token when it has expired.";
    /// The name or the password is wrong; which one is not said.
    WrongCredentials = "WRONG_CREDENTIALS", UNAUTHORIZED,
        "Check e-mail address and password.";
    /// Known, but may not.
    Forbidden = "FORBIDDEN", FORBIDDEN,
        "Ask an administrator for the role that the message names.";
    /// The proof that a form or a script of this site sent the request is missing or wrong.
    CsrfRefused = "CSRF_REFUSED", FORBIDDEN,
        "Load the page again and repeat; scripts send the page's token as `x-csrf-token`, programs use a Bearer token.";
    /// There is no such thing, or the caller may not know of it.
    NotFound = "NOT_FOUND", NOT_FOUND,
        "Check the id or the address; lists show what exists.";
    /// The address exists, the method does not.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED,
        "Use a method that the `Allow` header names.";
    /// It contradicts what is there.
    Conflict = "CONFLICT", CONFLICT,
        "Read the resource again; the message says what stands in the way.";
    /// The body is larger than the endpoint takes.
    BodyTooLarge = "BODY_TOO_LARGE", PAYLOAD_TOO_LARGE,
        "Send a smaller body; the message says how much is taken.";
    /// The body has another media type than the endpoint takes.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", UNSUPPORTED_MEDIA_TYPE,
        "Send `Content-Type: application/json`.";
    /// Readable, but a value is not allowed.
    ValidationError = "VALIDATION_ERROR", UNPROCESSABLE_ENTITY,
        "Correct the field that `field` names; the message says what is allowed.";
    /// A query parameter that the endpoint does not know.
    UnknownParameter = "UNKNOWN_PARAMETER", UNPROCESSABLE_ENTITY,
        "Remove or correct the parameter that `field` names; `details.known` lists the right ones.";
    /// Too many requests in a short time.
    RateLimited = "RATE_LIMITED", TOO_MANY_REQUESTS,
        "Wait for the seconds in `Retry-After`, then repeat.";
    /// A fault of the arena's own.
    Internal = "INTERNAL", INTERNAL_SERVER_ERROR,
        "Repeat later; if it stays, give the operator the request id, with which the log names the cause.";
    /// No more submissions are taken for now.
    QueueFull = "QUEUE_FULL", SERVICE_UNAVAILABLE,
        "Wait for the seconds in `Retry-After`, then repeat.";
    /// A part of the arena is not ready.
    Unavailable = "UNAVAILABLE", SERVICE_UNAVAILABLE,
        "Look at /health; it says what is missing.";
}

/// One entry of `errors`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorItem {
    /// The code's name.
    #[serde(serialize_with = "code_name")]
    pub code: Code,
    /// What was wrong, where, and what would be right.
    pub message: String,
    /// Where: a path into the body such as `data.attributes.taskId`, or a parameter's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// More, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn code_name<S: serde::Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.as_str())
}

/// Why a request was not served. The first item decides the status.
#[derive(Debug)]
pub struct Failure {
    items: Vec<ErrorItem>,
    retry_after_s: Option<u64>,
    cause: Option<anyhow::Error>,
}

impl Failure {
    /// A failure with one entry.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let item = ErrorItem {
            code,
            message: message.into(),
            field: None,
            details: None,
        };
        Self {
            items: vec![item],
            retry_after_s: None,
            cause: None,
        }
    }

    /// A value that is not allowed; `field` says which.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Code::ValidationError, message).at(field)
    }

    /// There is no such thing, or the caller may not know of it. `field` is the name of its id.
    pub fn not_found(what: &str, field: &str, given: &str) -> Self {
        let given: String = given.chars().take(80).collect();
        Self::new(
            Code::NotFound,
            format!("There is no {what} `{given}`; check the id, or list what exists."),
        )
        .at(field)
    }

    /// A fault of the arena's own: logged with its cause, shown without it.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        let mut failure = Self::new(
            Code::Internal,
            "Something went wrong inside the arena; the log names the cause under this request id.",
        );
        failure.cause = Some(cause.into());
        failure
    }

    /// Several values that are not allowed, as (field, message). Empty input is a fault of the
    /// caller and becomes an internal failure.
    pub fn all_invalid(faults: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut faults = faults.into_iter();
        let Some((field, message)) = faults.next() else {
            return Self::internal(anyhow::anyhow!("a refusal without a reason"));
        };
        let mut failure = Self::invalid(field, message);
        for (field, message) in faults {
            failure
                .items
                .append(&mut Self::invalid(field, message).items);
        }
        failure
    }

    /// The same entries under another code.
    #[must_use]
    pub fn coded(mut self, code: Code) -> Self {
        for item in &mut self.items {
            item.code = code;
        }
        self
    }

    /// Names where the first entry's fault is.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        if let Some(item) = self.items.first_mut() {
            item.field = Some(field.into());
        }
        self
    }

    /// Adds details for programs to the first entry.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        if let Some(item) = self.items.first_mut() {
            item.details = Some(details);
        }
        self
    }

    /// Says when to repeat.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Adds another failure's entries; the status stays the first one's.
    #[must_use]
    pub fn and(mut self, mut other: Self) -> Self {
        self.items.append(&mut other.items);
        self
    }

    /// Moves the fields of refused values to where they stand in a request body. Ids in the
    /// address keep their names.
    #[must_use]
    pub fn in_body(mut self) -> Self {
        for item in &mut self.items {
            let in_body = matches!(item.code, Code::ValidationError | Code::Conflict);
            if let (true, Some(field)) = (in_body, &item.field) {
                item.field = Some(format!("data.attributes.{field}"));
            }
        }
        self
    }

    /// The code of the first entry.
    pub fn code(&self) -> Code {
        self.items.first().map_or(Code::Internal, |item| item.code)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.code().status()
    }

    /// The entries, at least one.
    pub fn items(&self) -> &[ErrorItem] {
        &self.items
    }

    /// The message of the entry for a field, for a form to show beside it.
    pub fn message_for(&self, field: &str) -> Option<&str> {
        self.items
            .iter()
            .find(|item| item.field.as_deref() == Some(field))
            .map(|item| item.message.as_str())
    }

    /// Seconds until a repeat makes sense.
    pub const fn retry_after_s(&self) -> Option<u64> {
        self.retry_after_s
    }

    /// What is behind an internal failure; for the log only.
    pub const fn cause(&self) -> Option<&anyhow::Error> {
        self.cause.as_ref()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = self.items.first().map_or("", |item| &item.message);
        write!(f, "{}: {message}", self.code().as_str())
    }
}

impl std::error::Error for Failure {}

macro_rules! faces {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub Failure);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<E: Into<Failure>> From<E> for $name {
            fn from(error: E) -> Self {
                Self(error.into())
            }
        }

        impl ResponseError for $name {
            fn status_code(&self) -> StatusCode {
                self.0.status()
            }

            /// The status alone; `middleware::failures` writes the body.
            fn error_response(&self) -> HttpResponse {
                HttpResponse::new(self.status_code())
            }
        }
    )+};
}

faces! {
    /// A failure that a program reads: JSON in the envelope.
    ApiError;
    /// A failure that a person reads: a page that says what to do.
    PageError;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_name_a_status_that_is_an_error_and_a_fix() {
        let mut names = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(code.status().as_u16() >= 400, "{code:?}");
            assert!(names.insert(code.as_str()), "{code:?} is named twice");
            assert!(code.fix().ends_with('.'), "{code:?}");
        }
    }

    #[test]
    fn the_documentation_has_the_same_table() {
        let docs = include_str!("../../docs/api.md");
        for code in Code::ALL {
            let (name, status) = (code.as_str(), code.status().as_u16());
            let row = format!("| `{name}` | {status} | {} |", code.fix());
            assert!(docs.contains(&row), "docs/api.md lacks: {row}");
        }
    }

    #[test]
    fn fields_move_to_where_they_stand_in_the_body() {
        let failure = Failure::all_invalid([
            ("name".to_owned(), "too long".to_owned()),
            ("email".to_owned(), "not an address".to_owned()),
        ])
        .in_body();
        let fields: Vec<_> = failure
            .items()
            .iter()
            .filter_map(|item| item.field.as_deref())
            .collect();
        assert_eq!(fields, ["data.attributes.name", "data.attributes.email"]);
        assert_eq!(
            failure.message_for("data.attributes.email"),
            Some("not an address")
        );
    }

    #[test]
    fn the_cause_of_an_internal_failure_is_kept_apart_from_its_text() {
        let failure = Failure::internal(anyhow::anyhow!("disk /dev/sda is full"));
        assert!(!failure.to_string().contains("sda"));
        assert!(failure.cause().is_some());
    }
}
