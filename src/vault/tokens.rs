//! Opaque tokens: random texts that are stored as their hash only.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::VaultError;

/// A new token: 256 random bits, safe in URLs and cookies.
pub fn new_opaque() -> Result<String, VaultError> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).map_err(|_| VaultError::Crypto("draw random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// SHA-256 of a text as lower-case hex: what is stored of a token, and how requests are told
/// apart. Tokens are random throughout, so they need no slow hash.
pub fn hash(text: &str) -> String {
    hex::encode(digest(&SHA256, text.as_bytes()))
}

/// Whether two texts are equal, in a time that depends on their lengths only.
pub fn equal(a: &str, b: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(a.as_bytes(), b.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_hash_to_hex() {
        let (a, b) = (new_opaque().unwrap(), new_opaque().unwrap());
        assert_ne!(a, b);
        assert_eq!(a.len(), 43);
        assert_eq!(
            hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert!(equal(&a, &a.clone()) && !equal(&a, &b));
    }
}
