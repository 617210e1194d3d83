//! Syncing at 10,000 records, each figure beside the limit client.

fn main() {}
