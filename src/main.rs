//! exit code only
fn main() {}
