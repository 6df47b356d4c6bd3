//! Encryption at rest under a master key outside the database.

use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hmac, rand};

use super::{VaultError, files};

/// 256 bits from which every key for data at rest comes.
pub(super) struct MasterKey {
    sealing: RandomizedNonceKey,
    tagging: hmac::Key,
}

impl MasterKey {
    /// Reads the key, or makes one.
    pub(super) fn open(path: &Path) -> Result<Self, VaultError> {
        let text = files::read_or_create(path, || {
            let mut bytes = [0_u8; 32];
            rand::fill(&mut bytes).map_err(|_| VaultError::Crypto("draw random bytes"))?;
            Ok(format!("{}\n", hex::encode(bytes)).into_bytes())
        })?;
        let bad = || VaultError::BadKey {
            path: path.to_owned(),
            wanted: "a master key (64 hexadecimal digits)",
        };
        let key = hex::decode(text.trim_ascii()).map_err(|_| bad())?;
        if key.len() != 32 {
            return Err(bad());
        }
        // The two uses get keys of their own, so that neither tells anything about the other.
        let root = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let derive = |purpose: &str| hmac::sign(&root, purpose.as_bytes());
        let sealing = RandomizedNonceKey::new(&AES_256_GCM, derive("agentarena sealing").as_ref())
            .map_err(|_| VaultError::Crypto("read the master key"))?;
        Ok(Self {
            sealing,
            tagging: hmac::Key::new(hmac::HMAC_SHA256, derive("agentarena tagging").as_ref()),
        })
    }

    /// Nonce, ciphertext, tag.
    pub(super) fn seal(&self, context: &str, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut text = secret.to_vec();
        let nonce = self
            .sealing
            .seal_in_place_append_tag(Aad::from(context.as_bytes()), &mut text)
            .map_err(|_| VaultError::Crypto("seal a secret"))?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut text);
        Ok(sealed)
    }

    pub(super) fn open_sealed(&self, context: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, text) = sealed
            .split_at_checked(NONCE_LEN)
            .ok_or(VaultError::Unopenable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Unopenable)?;
        let mut text = text.to_vec();
        let secret = self
            .sealing
            .open_in_place(nonce, Aad::from(context.as_bytes()), &mut text)
            .map_err(|_| VaultError::Unopenable)?;
        Ok(secret.to_vec())
    }

    pub(super) fn tag(&self, purpose: &str, text: &str) -> String {
        hex::encode(hmac::sign(&self.tagging, &message(purpose, text)))
    }

    pub(super) fn tag_matches(&self, purpose: &str, text: &str, tag: &str) -> bool {
        hex::decode(tag)
            .is_ok_and(|tag| hmac::verify(&self.tagging, &message(purpose, text), &tag).is_ok())
    }
}

/// The purpose's length goes first, so that no two pairs give the same message.
fn message(purpose: &str, text: &str) -> Vec<u8> {
    let mut message = (purpose.len() as u64).to_be_bytes().to_vec();
    message.extend_from_slice(purpose.as_bytes());
    message.extend_from_slice(text.as_bytes());
    message
}
