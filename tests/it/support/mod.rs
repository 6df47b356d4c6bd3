//! What tests share: local servers that stand for outside services, and builders.

pub mod app;
pub mod arena;
pub mod browse;
pub mod data;
pub mod person;
pub mod playing;
pub mod png;
pub mod process;
pub mod provider;
pub mod sample;
pub mod transcript;
pub mod visitor;
pub mod walk;
pub mod webhook;
