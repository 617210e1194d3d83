//! Matchbook.
fn main() {}
