//! Tests of the base worlds.
