//! Password hashes (bcrypt). Slow by design: call these on a blocking thread.

use super::VaultError;

/// More bytes than this are not read by bcrypt, so longer passwords are refused.
pub const MAX_BYTES: usize = 72;

/// Hashes a password. `cost` doubles the time with each step.
pub fn hash(password: &str, cost: u32) -> Result<String, VaultError> {
    if password.len() > MAX_BYTES {
        return Err(VaultError::PasswordTooLong);
    }
    bcrypt::hash(password, cost).map_err(|_| VaultError::Crypto("hash a password"))
}

/// Whether a password is the one that was hashed.
pub fn verify(password: &str, hash: &str) -> Result<bool, VaultError> {
    let matches =
        bcrypt::verify(password, hash).map_err(|_| VaultError::Crypto("check a password"))?;
    // bcrypt compares the first 72 bytes only, so a longer password could match by its beginning.
    Ok(matches && password.len() <= MAX_BYTES)
}

/// A hash that no password matches, as costly to check as a real one: checking it for unknown
/// accounts hides in time whether an account exists.
pub fn decoy(cost: u32) -> String {
    // A hash's text is `$2b$`, the cost, and 22 + 31 characters of salt and digest.
    format!("$2b${cost:02}$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hashed_password_matches() {
        let hash = hash("correct horse battery", 4).unwrap();
        assert!(verify("correct horse battery", &hash).unwrap());
        assert!(!verify("correct horse batterz", &hash).unwrap());
        assert!(!hash.contains("correct"));
    }

    #[test]
    fn passwords_that_bcrypt_would_cut_are_refused() {
        let long = "a".repeat(72);
        let hash = hash(&long, 4).unwrap();
        assert!(verify(&long, &hash).unwrap());
        assert!(!verify(&format!("{long}b"), &hash).unwrap());
        let error = super::hash(&format!("{long}b"), 4).unwrap_err();
        assert_eq!(error.to_string(), "a password has at most 72 bytes");
    }

    #[test]
    fn a_decoy_is_checked_at_its_cost_and_matches_nothing() {
        let decoy = decoy(5);
        assert!(!verify("correct horse battery", &decoy).unwrap());
        assert_eq!(decoy.parse::<bcrypt::HashParts>().unwrap().get_cost(), 5);
    }
}
