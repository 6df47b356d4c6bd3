//! What usernames, addresses and passwords must be like.

use crate::domain::validation::{FieldError, Invalid};
use crate::vault::passwords::MAX_BYTES;

/// Fewest characters of a password.
pub const MIN_PASSWORD_CHARS: usize = 10;

/// Checks everything that a new account is made of.
pub fn account(username: &str, email: &str, password: &str) -> Result<(), Invalid> {
    let errors = [
        check_username(username),
        check_email(email),
        check_password("password", password),
    ];
    Invalid::check(errors.into_iter().flatten().collect())
}

/// Checks a password under the name that its field has.
pub fn password(field: &str, password: &str) -> Result<(), Invalid> {
    Invalid::check(check_password(field, password).into_iter().collect())
}

fn check_username(username: &str) -> Option<FieldError> {
    let length = username.chars().count();
    let error = |code, message: &str| Some(FieldError::new("username", code, message));
    if length < 3 {
        return error("too_short", "must have at least 3 characters");
    }
    if length > 40 {
        return error("too_long", "must have at most 40 characters");
    }
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if !username.chars().all(fits) {
        return error(
            "invalid",
            "may have letters from A to Z, digits, `_`, `.` and `-` only",
        );
    }
    None
}

fn check_email(email: &str) -> Option<FieldError> {
    let error = |code, message: &str| Some(FieldError::new("email", code, message));
    if email.is_empty() {
        return error("required", "must be given");
    }
    if email.len() > 254 {
        return error("too_long", "must have at most 254 characters");
    }
    let form = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !domain.contains('@')
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    if !form || email.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return error("invalid", "must be an address such as ada@example.org");
    }
    None
}

fn check_password(field: &str, password: &str) -> Option<FieldError> {
    let error = |code, message: String| Some(FieldError::new(field, code, message));
    if password.chars().count() < MIN_PASSWORD_CHARS {
        let message = format!("must have at least {MIN_PASSWORD_CHARS} characters");
        return error("too_short", message);
    }
    if password.len() > MAX_BYTES {
        let message =
            format!("must have at most {MAX_BYTES} bytes; letters beyond A to Z take several");
        return error("too_long", message);
    }
    if password.contains('\0') {
        return error("invalid", "must not hold a null character".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let Invalid(errors) = account("a", "nobody", "short").unwrap_err();
        let named: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code)).collect();
        assert_eq!(
            named,
            [
                ("username", "too_short"),
                ("email", "invalid"),
                ("password", "too_short")
            ]
        );
    }

    #[test]
    fn bounds_are_kept_exactly() {
        let good = |name: &str, mail: &str, password: &str| account(name, mail, password).is_ok();
        assert!(good("abc", "a@b", "0123456789"));
        assert!(good(&"a".repeat(40), "a@b.example", &"p".repeat(72)));
        assert!(!good(&"a".repeat(41), "a@b", "0123456789"));
        assert!(!good("a b", "a@b", "0123456789"));
        assert!(!good("ädä", "a@b", "0123456789"));
        assert!(!good("abc", "a@b@c", "0123456789"));
        assert!(!good("abc", "a b@c", "0123456789"));
        assert!(!good(
            "abc",
            &format!("a@{}", "b".repeat(253)),
            "0123456789"
        ));
        // 37 letters, 74 bytes.
        assert!(!good("abc", "a@b", &"ä".repeat(37)));
        assert!(password("newPassword", &"ä".repeat(36)).is_ok());
    }
}
