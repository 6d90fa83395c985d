//! Noticing a `record_id` that comes twice, at little more than sixteen bytes per record.

use sha2::Digest;
use sha2::Sha256;

/// The first 128 bits of the SHA-256 of an id: enough that two different ids of one run never meet.
pub fn digest(id: &str) -> u128 {
    Sha256::digest(id.as_bytes()).iter().take(16).fold(0, |hash, byte| hash << 8 | u128::from(*byte))
}

/// The ids of a run so far, by their [`digest`]s: small enough for millions, and without the ids themselves.
///
/// Sorted lists that grow by a quarter, not a hash table: that doubles, and holds its old half while it does.
#[derive(Debug)]
pub struct SeenIds {
    lists: Vec<Vec<u128>>,
}

/// How many bits of a hash choose its list.
const BITS: u32 = 12;

impl Default for SeenIds {
    fn default() -> SeenIds {
        SeenIds { lists: vec![Vec::new(); 1 << BITS] }
    }
}

impl SeenIds {
    /// Notes the digest of an id; `false` when it was noted before.
    pub fn insert(&mut self, hash: u128) -> bool {
        let list = &mut self.lists[(hash >> (u128::BITS - BITS)) as usize];
        let Err(place) = list.binary_search(&hash) else { return false };
        if list.len() == list.capacity() {
            list.reserve_exact(list.len() / 4 + 4);
        }
        list.insert(place, hash);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_new_once() {
        let mut seen = SeenIds::default();
        assert!(seen.insert(digest("A-1")));
        assert!(seen.insert(digest("A-2")));
        assert!(!seen.insert(digest("A-1")));
        assert!(seen.insert(digest("A-1 ")));
    }

    #[test]
    fn every_id_of_many_is_found_again() {
        let mut seen = SeenIds::default();
        let ids: Vec<String> = (0..20_000).map(|number| number.to_string()).collect();
        assert!(ids.iter().all(|id| seen.insert(digest(id))));
        assert!(!ids.iter().any(|id| seen.insert(digest(id))));
    }
}
