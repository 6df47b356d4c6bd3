//! What tests share: local servers that stand for outside services, and builders.

pub mod arena;
pub mod app;
pub mod provider;
pub mod transcript;
