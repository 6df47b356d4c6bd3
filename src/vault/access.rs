//! Access tokens: JWT signed with RS256 by a key pair of this arena.

use std::path::Path;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{VaultError, files};
use crate::domain::ids::{TokenFamilyId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::user::Role;

/// Issuer and audience: the arena gives tokens to itself.
const ARENA: &str = "agentarena";

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessClaims {
    /// Who.
    pub user_id: UserId,
    /// The role at the time of issue.
    pub role: Role,
    /// The sign-in that it belongs to.
    pub session_id: TokenFamilyId,
    /// When it was issued; whole seconds.
    pub issued_at: Timestamp,
    /// From when on it is refused; whole seconds.
    pub expires_at: Timestamp,
}

/// Why an access token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    /// It was good once.
    #[error("the access token has expired; get a new one with the refresh token")]
    Expired,
    /// It is not one of ours.
    #[error("the access token is not valid")]
    Invalid,
}

/// The claims by their registered names (RFC 7519 section 4.1).
#[derive(Serialize, Deserialize)]
struct Body {
    iss: String,
    aud: String,
    sub: UserId,
    role: Role,
    sid: TokenFamilyId,
    iat: i64,
    exp: i64,
}

pub(super) struct AccessKeys {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
}

impl AccessKeys {
    /// Reads the key pair, or makes one.
    pub(super) fn open(path: &Path) -> Result<Self, VaultError> {
        let text = files::read_or_create(path, make_pem)?;
        let bad = || VaultError::BadKey {
            path: path.to_owned(),
            wanted: "an RSA private key (PKCS#8 in PEM)",
        };
        let der = read_pem(&text).ok_or_else(bad)?;
        let pair = KeyPair::from_pkcs8(&der).map_err(|_| bad())?;
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[ARENA]);
        validation.set_audience(&[ARENA]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        validation.leeway = 0;
        Ok(Self {
            signing: EncodingKey::from_rsa_pem(&text).map_err(|_| bad())?,
            verifying: DecodingKey::from_rsa_der(pair.public_key().as_ref()),
            validation,
        })
    }

    pub(super) fn issue(&self, claims: &AccessClaims) -> Result<String, VaultError> {
        let body = Body {
            iss: ARENA.to_owned(),
            aud: ARENA.to_owned(),
            sub: claims.user_id,
            role: claims.role,
            sid: claims.session_id,
            iat: claims.issued_at.0 / 1000,
            exp: claims.expires_at.0 / 1000,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::RS256), &body, &self.signing)
            .map_err(|_| VaultError::Crypto("sign an access token"))
    }

    pub(super) fn verify(&self, token: &str) -> Result<AccessClaims, AccessTokenError> {
        let body: Body = jsonwebtoken::decode(token, &self.verifying, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => AccessTokenError::Expired,
                _ => AccessTokenError::Invalid,
            })?
            .claims;
        Ok(AccessClaims {
            user_id: body.sub,
            role: body.role,
            session_id: body.sid,
            issued_at: Timestamp(body.iat.saturating_mul(1000)),
            expires_at: Timestamp(body.exp.saturating_mul(1000)),
        })
    }
}

const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";

fn make_pem() -> Result<Vec<u8>, VaultError> {
    let failed = |_| VaultError::Crypto("make an RSA key pair");
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
    let der = AsDer::as_der(&pair).map_err(failed)?;
    let mut text = format!("{PEM_BEGIN}\n");
    let base64 = STANDARD.encode(der.as_ref());
    for (index, character) in base64.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text.push('\n');
    text.push_str(PEM_END);
    text.push('\n');
    Ok(text.into_bytes())
}

fn read_pem(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let body = text.strip_prefix(PEM_BEGIN)?.strip_suffix(PEM_END)?;
    let base64: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(base64).ok()
}
