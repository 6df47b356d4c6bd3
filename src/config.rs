//! Settings: the only reader of file and environment.
