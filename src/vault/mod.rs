//! Passwords, keys, tokens, encryption at rest.
