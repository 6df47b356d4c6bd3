//! Who someone is and what they may do: sign-up, sign-in, sessions, permissions. Knows no
//! HTTP: cookies and headers are the web's.

mod error;
mod first_admin;
mod passwords;
pub mod permissions;
mod service;
mod sessions;
pub mod validate;

pub use error::AuthError;
pub use permissions::{Permission, Principal};
pub use service::{AuthService, NewAccount, Session};
