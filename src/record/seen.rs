//! Noticing a `record_id` that comes twice, at little more than sixteen bytes per record.

use sha2::Digest;
use sha2::Sha256;

/// The ids of a run so far, as the first 128 bits of their SHA-256: enough that two different ids of
/// one run never meet, small enough for millions, and without the ids themselves.
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
    /// Notes an id; `false` when it was noted before.
    pub fn insert(&mut self, id: &str) -> bool {
        let digest = Sha256::digest(id.as_bytes());
        let hash = digest.iter().take(16).fold(0, |hash: u128, byte| hash << 8 | u128::from(*byte));
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
    use super::SeenIds;

    #[test]
    fn an_id_is_new_once() {
        let mut seen = SeenIds::default();
        assert!(seen.insert("A-1"));
        assert!(seen.insert("A-2"));
        assert!(!seen.insert("A-1"));
        assert!(seen.insert("A-1 "));
    }

    #[test]
    fn every_id_of_many_is_found_again() {
        let mut seen = SeenIds::default();
        let ids: Vec<String> = (0..20_000).map(|number| number.to_string()).collect();
        assert!(ids.iter().all(|id| seen.insert(id)));
        assert!(!ids.iter().any(|id| seen.insert(id)));
    }
}
