//! A generic durable queue and a bounded pool; knows no job by name.
