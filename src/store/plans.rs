//! Every list query is served by an index: checked on SQLite's own query plans.
