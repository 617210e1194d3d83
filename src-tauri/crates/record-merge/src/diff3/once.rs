//! Elements that a sequence has exactly once: only of those it is known which one is which.

/// Different elements of three sequences: a record of 16 MB has not more.
const MOST_ELEMENTS: usize = 1 << 24;

/// An element is there several times, or not at all.
const OFTEN: usize = usize::MAX - 1;
const NOWHERE: usize = usize::MAX;

/// Something for each element of these sequences. Elements are numbers from 0 on without large gaps; `None` if these are
/// not.
pub(super) fn per_element<V: Clone>(all: &[&[u32]], value: V) -> Option<Vec<V>> {
    let most = usize::try_from(all.iter().copied().flatten().max().copied().unwrap_or(0)).ok()?;
    (most < MOST_ELEMENTS).then(|| vec![value; most + 1])
}

/// Where the elements are that a sequence has exactly once.
pub(super) struct Once(Vec<usize>);

impl Once {
    /// For each of the sequences; `None` if their elements are no small numbers.
    pub(super) fn of<const N: usize>(all: [&[u32]; N]) -> Option<[Once; N]> {
        let empty = per_element(&all, NOWHERE)?;
        Some(all.map(|sequence| {
            let mut places = empty.clone();
            for (at, element) in sequence.iter().enumerate() {
                let place = usize::try_from(*element).ok().and_then(|element| places.get_mut(element));
                if let Some(place) = place {
                    *place = if *place == NOWHERE { at } else { OFTEN };
                }
            }
            Once(places)
        }))
    }

    pub(super) fn place(&self, element: u32) -> Option<usize> {
        let place = usize::try_from(element).ok().and_then(|element| self.0.get(element)).copied();
        place.filter(|place| *place < OFTEN)
    }
}

#[cfg(test)]
mod tests {
    use super::Once;

    #[test]
    fn only_what_is_there_once_has_a_place() {
        let [first, second] = Once::of([[3, 1, 3, 0].as_slice(), &[1, 1, 5]]).unwrap();
        let places = |once: &Once| (0..7).map(|element| once.place(element)).collect::<Vec<_>>();
        assert_eq!(places(&first), [Some(3), Some(1), None, None, None, None, None]);
        assert_eq!(places(&second), [None, None, None, None, None, Some(2), None]);
        assert!(Once::of([[u32::MAX].as_slice()]).is_none());
    }
}
