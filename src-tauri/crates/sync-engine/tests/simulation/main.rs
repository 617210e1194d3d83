//! Thousands of short lives of records between a person, a network that loses answers, another writer and a computer
//! that is switched off at any time. What must always hold is checked after each step (see `ledger.rs`).
//!
//! `SYNC_HISTORIES=1000000 cargo test -p sync-engine --test simulation` runs it for long; `SYNC_SEED=17` repeats one
//! life of a part and prints it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod acts;
mod ledger;
mod network;
mod server;
mod text;
mod world;

use server::Manners;
use sync_engine::{Creates, MergePolicy};
use text::Chance;
use world::World;

/// Lives in one part of a normal run.
const LIVES: u64 = 5_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|v| v.parse().ok())
}

/// A world of its own for each seed.
fn world(seed: u64, part: u64, talk: bool) -> World {
    let mut chance = Chance(seed.wrapping_mul(4).wrapping_add(part));
    let manners = Manners {
        hash_tags: part == 1,
        quiet: part == 2 || chance.one_in(6),
        rewrites: part == 3,
        tells: chance.one_in(2),
        upserts: chance.one_in(5),
        gone_is_412: chance.one_in(2),
        creates: match chance.below(4) {
            0 => Creates::PostWithKey,
            1 => Creates::Post,
            _ => Creates::OwnAddress,
        },
    };
    let policy = if chance.one_in(3) { MergePolicy::Auto } else { MergePolicy::Review };
    World::new(manners, policy, chance, talk)
}

fn live(part: u64) {
    let count = number("SYNC_HISTORIES").map_or(LIVES, |all| all / 4);
    let seeds = match number("SYNC_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..count,
    };
    let mut reached = std::collections::BTreeMap::new();
    for seed in seeds {
        let talk = number("SYNC_SEED").is_some();
        let outcome = std::panic::catch_unwind(|| {
            let mut world = world(seed, part, talk);
            world.live();
            world.come_to_rest();
            world.reached
        });
        match outcome {
            Ok(cells) => {
                for (cell, n) in cells {
                    *reached.entry(cell).or_insert(0_u64) += n;
                }
            }
            Err(_) => panic!("part {part}, SYNC_SEED={seed}"),
        }
    }
    if number("SYNC_SEED").is_none() && count >= 1_000 {
        let missing: Vec<_> = world::EXPECTED.iter().filter(|cell| !reached.contains_key(**cell)).collect();
        assert!(missing.is_empty(), "never reached: {missing:?}, only {:?}", reached.keys());
    }
}

#[test]
fn records_survive_with_strong_tags() {
    live(0);
}

#[test]
fn records_survive_with_tags_that_follow_the_content() {
    live(1);
}

#[test]
fn records_survive_where_writes_are_answered_without_a_mark() {
    live(2);
}

#[test]
fn records_survive_where_the_server_adds_members() {
    live(3);
}
