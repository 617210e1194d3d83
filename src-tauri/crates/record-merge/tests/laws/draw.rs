//! Chance with a memory. Every choice of a generator is a byte, and all bytes drawn are kept: the same bytes make the
//! same case again, fewer and smaller bytes make a smaller case, and a fuzzer may write them.

/// Where the bytes come from: first what is given, then a generator of pseudo-random numbers, then zeros.
pub struct Draw {
    tape: Vec<u8>,
    at: usize,
    state: Option<u64>,
}

impl Draw {
    /// Case number `case` of a seed.
    pub fn seeded(seed: u64, case: u64) -> Draw {
        let mut draw = Draw { tape: Vec::with_capacity(256), at: 0, state: Some(seed) };
        let first = draw.step();
        draw.state = Some(first ^ case.wrapping_mul(0xd134_2543_de82_ef95));
        draw
    }

    /// The case these bytes make; after them come zeros, which mean "enough".
    pub fn replay(tape: Vec<u8>) -> Draw {
        Draw { tape, at: 0, state: None }
    }

    /// What was drawn.
    pub fn tape(&self) -> &[u8] {
        &self.tape[..self.at.min(self.tape.len())]
    }

    /// SplitMix64 (Steele, Lea, Flood 2014).
    fn step(&mut self) -> u64 {
        let state = self.state.unwrap_or_default().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.state = Some(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn byte(&mut self) -> u8 {
        if self.at >= self.tape.len() {
            if self.state.is_none() {
                self.at += 1;
                return 0;
            }
            let eight = self.step().to_le_bytes();
            self.tape.extend_from_slice(&eight);
        }
        self.at += 1;
        self.tape[self.at - 1]
    }

    /// A number below `count`, which is at most 256.
    pub fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count.max(1)
    }

    /// True so many times of 256; false for a zero.
    pub fn chance(&mut self, of_256: u16) -> bool {
        u16::from(self.byte()) >= 256 - of_256.min(255)
    }

    pub fn pick<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// Fewer and smaller bytes that still make the case fail.
pub fn shrink(mut tape: Vec<u8>, fails: impl Fn(Vec<u8>) -> bool) -> Vec<u8> {
    let mut budget = 4_000;
    let mut attempt = |candidate: Vec<u8>| {
        budget -= 1;
        if budget < 0 { None } else { Some(fails(candidate)) }
    };
    loop {
        let before = tape.clone();
        let mut size = tape.len().next_power_of_two().max(1);
        while size > 0 {
            let mut start = 0;
            while start < tape.len() {
                let end = (start + size).min(tape.len());
                let without: Vec<u8> = [&tape[..start], &tape[end..]].concat();
                match attempt(without.clone()) {
                    None => return tape,
                    Some(true) => tape = without,
                    Some(false) => start += size,
                }
            }
            size /= 2;
        }
        for at in 0..tape.len() {
            for smaller in [0, tape[at] / 2, tape[at].saturating_sub(1)] {
                if smaller < tape[at] {
                    let mut candidate = tape.clone();
                    candidate[at] = smaller;
                    match attempt(candidate.clone()) {
                        None => return tape,
                        Some(true) => tape = candidate,
                        Some(false) => {}
                    }
                }
            }
        }
        if tape == before {
            return tape;
        }
    }
}
