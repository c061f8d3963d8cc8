//! Writes maps and sets that have no order in the order of their keys, so that equal ones are written alike.
//!
//! Must not know: what is in them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::{Serialize, Serializer};

/// Writes a map in the order of its keys.
///
/// # Errors
/// Those of the serializer.
pub(crate) fn map<K: Serialize + Ord, V: Serialize, H, S: Serializer>(
    map: &HashMap<K, V, H>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(map.iter().collect::<BTreeMap<_, _>>())
}

/// Writes a set in order.
///
/// # Errors
/// Those of the serializer.
pub(crate) fn set<K: Serialize + Ord, S: Serializer>(set: &HashSet<K>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(set.iter().collect::<BTreeSet<_>>())
}
