//! Maps that are only asked, never gone through: their order is nobody's, and an answer takes no longer for long names.

use std::collections::{HashMap, HashSet};

/// Values by key.
pub(crate) type Lookup<K, V> = HashMap<K, V, foldhash::fast::RandomState>;
/// Keys.
pub(crate) type Known<K> = HashSet<K, foldhash::fast::RandomState>;
