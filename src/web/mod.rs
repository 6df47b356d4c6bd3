//! Website, JSON API, live events.
