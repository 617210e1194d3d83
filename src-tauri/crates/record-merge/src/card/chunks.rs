//! Stretches of the result, in an order in which more can be put between.

use crate::lookup::Lookup;

/// A stretch of the result.
pub(super) struct Chunk {
    /// The field it belongs to; `None` = none.
    pub(super) field: Option<(String, Option<String>)>,
    /// A component of this kind.
    pub(super) kind: Option<String>,
    pub(super) bytes: Vec<u8>,
}

/// Chunks, each knowing the one after it: a card of thousands of lines takes new ones without moving the others.
#[derive(Default)]
pub(super) struct Chunks {
    all: Vec<(Chunk, Option<usize>)>,
    first: Option<usize>,
    last: Option<usize>,
    /// The last one of each name, and of each field.
    names: Lookup<String, usize>,
    fields: Lookup<String, Lookup<Option<String>, usize>>,
}

impl Chunks {
    /// At the end.
    pub(super) fn push(&mut self, chunk: Chunk) {
        self.insert_after(None, chunk);
    }

    /// Behind another one; `None` = at the end. Gives its number.
    pub(super) fn insert_after(&mut self, before: Option<usize>, chunk: Chunk) -> usize {
        let at = self.all.len();
        let before = before.or(self.last);
        let next = match before.and_then(|before| self.all.get_mut(before)) {
            Some((_, next)) => next.replace(at),
            None => self.first.replace(at),
        };
        if before == self.last {
            self.last = Some(at);
        }
        if let Some((name, key)) = &chunk.field {
            match self.names.get_mut(name) {
                Some(last) => *last = at,
                None => drop(self.names.insert(name.clone(), at)),
            }
            match self.fields.get_mut(name) {
                Some(keys) => drop(keys.insert(key.clone(), at)),
                None => self.fields.entry(name.clone()).or_default().extend([(key.clone(), at)]),
            }
        }
        self.all.push((chunk, next));
        at
    }

    /// The last one of a property of that name.
    pub(super) fn last_named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The last one of a field.
    pub(super) fn last_of(&self, name: &str, key: Option<&str>) -> Option<usize> {
        self.fields.get(name)?.get(&key.map(str::to_owned)).copied()
    }

    /// From the first to the last.
    pub(super) fn in_order(&self) -> impl Iterator<Item = &Chunk> {
        let step = |at: &Option<usize>| at.and_then(|at| self.all.get(at));
        std::iter::successors(step(&self.first), move |(_, next)| step(next)).map(|(chunk, _)| chunk)
    }
}
