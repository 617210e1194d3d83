//! `matchbookctl`.
fn main() {}
