//! The schema of a collection as the engine asks it: what does not fit, and when a version was made.

use super::CollectionSchema;
use super::context::made_exactly_at;
use super::lookup::Lookup;
use super::validate::problems;
use std::sync::Arc;
use sync_engine::{Body, Misfit, Shape, Shaped};

#[derive(Debug)]
struct SchemaShape(CollectionSchema);

/// The shape a schema gives to records.
pub(crate) fn shaped(schema: &CollectionSchema) -> Shaped {
    Shaped::new(Arc::new(SchemaShape(schema.clone())))
}

impl Shape for SchemaShape {
    fn misfits(&self, body: &Body) -> Vec<Misfit> {
        let Some(lookup) = Lookup::of(body) else { return Vec::new() };
        let found = problems(&self.0.root, &lookup);
        found.into_iter().map(|(path, words)| Misfit { path, words }).collect()
    }

    fn made_at(&self, body: &Body) -> Option<i64> {
        made_exactly_at(body, &self.0)
    }
}
