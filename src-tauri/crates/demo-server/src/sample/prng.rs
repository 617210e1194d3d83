//! Numbers that look random and are the same every time (SplitMix64; S. Vigna, public domain).

/// A generator with its state.
#[derive(Clone, Debug)]
pub(super) struct Prng(u64);

impl Prng {
    /// The same seed gives the same numbers.
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `n`; 0 for an empty range.
    pub(super) fn below(&mut self, n: usize) -> usize {
        match u64::try_from(n) {
            Ok(n) if n > 0 => usize::try_from(self.next() % n).unwrap_or_default(),
            _ => 0,
        }
    }

    /// From `low` to `high`, both possible.
    pub(super) fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `part` of `whole` cases.
    pub(super) fn chance(&mut self, part: usize, whole: usize) -> bool {
        self.below(whole) < part
    }

    /// One of a list; `None` if it is empty.
    pub(super) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }

    /// Some of a list, in its order.
    pub(super) fn some<'a, T>(&mut self, list: &'a [T], count: usize) -> Vec<&'a T> {
        let mut open = count.min(list.len());
        let mut left = list.len();
        let mut chosen = Vec::new();
        for item in list {
            if self.below(left) < open {
                chosen.push(item);
                open -= 1;
            }
            left -= 1;
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_every_time() {
        let mut prng = Prng::new(1);
        let got: Vec<usize> = (0..4).map(|_| prng.below(1000)).collect();
        let mut again = Prng::new(1);
        assert_eq!(got, (0..4).map(|_| again.below(1000)).collect::<Vec<_>>());
        assert_eq!(prng.some(&[1, 2, 3, 4, 5], 3).len(), 3);
        assert_eq!(prng.some(&[1], 3), [&1]);
        assert_eq!(prng.below(0), 0);
    }
}
