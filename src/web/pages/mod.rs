//! The website's pages, one file each.

pub mod failure;
