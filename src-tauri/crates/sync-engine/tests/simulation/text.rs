//! Records of the simulation: flat JSON objects of whole numbers; and chance, from a seed.

use std::collections::BTreeMap;

/// Members and their values. Each value a person or another writer types is new, so that it can be followed.
pub type Fields = BTreeMap<String, u64>;

/// As JSON.
pub fn body(fields: &Fields) -> Vec<u8> {
    let members: Vec<String> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", members.join(",")).into_bytes()
}

/// Back from JSON.
pub fn fields(bytes: &[u8]) -> Fields {
    let text = std::str::from_utf8(bytes).expect("text");
    let mut found = Fields::new();
    for member in text.trim_matches(['{', '}', ' ', '\n']).split(',').filter(|m| !m.is_empty()) {
        let (name, value) = member.split_once(':').expect("a member");
        let value = value.trim().parse().expect("a number");
        found.insert(name.trim().trim_matches('"').to_owned(), value);
    }
    found
}

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// True once in `n`.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub fn unit(&mut self) -> f64 {
        #[allow(clippy::cast_precision_loss)]
        let unit = self.below(1_000_001) as f64 / 1_000_000.0;
        unit
    }
}
