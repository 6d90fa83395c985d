//! Noticing a `record_id` that comes twice, at sixteen bytes per record.

use std::collections::HashSet;

use sha2::Digest;
use sha2::Sha256;

/// The ids of a run so far, as the first 128 bits of their SHA-256: enough that two different ids of
/// one run never meet, small enough for millions, and without the ids themselves.
#[derive(Debug, Default)]
pub struct SeenIds {
    hashes: HashSet<u128>,
}

impl SeenIds {
    /// Notes an id; `false` when it was noted before.
    pub fn insert(&mut self, id: &str) -> bool {
        let digest = Sha256::digest(id.as_bytes());
        let first = digest.iter().take(16).fold(0, |hash: u128, byte| hash << 8 | u128::from(*byte));
        self.hashes.insert(first)
    }
}

#[cfg(test)]
mod tests {
    use super::SeenIds;

    #[test]
    fn an_id_is_new_once() {
        let mut seen = SeenIds::default();
        assert!(seen.insert("A-1"));
        assert!(seen.insert("A-2"));
        assert!(!seen.insert("A-1"));
        assert!(seen.insert("A-1 "));
    }
}
