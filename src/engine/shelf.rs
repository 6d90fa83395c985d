//! Artwork that was made for one sheet and serves the next one with the same plates.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::pdf::artwork::Artwork;
use crate::pdf::shell;
use crate::pdf::shell::{Compression, Plan, Shell, ShellError};
use crate::sheet::PlateId;

/// The most artworks that are kept. A pack has a few for each paper, of about 70 kB each.
const MOST: usize = 64;

/// The plates in an artwork, and how it is packed.
type Key = (Vec<PlateId>, Compression);

/// Artwork that was made before.
#[derive(Debug, Default)]
pub(crate) struct Shelf(Mutex<BTreeMap<Key, Arc<Artwork>>>);

impl Shelf {
    /// The shell of a plan, on artwork from the shelf if it is there. All plans must be of one pack. The
    /// shell is the same whatever was asked for before.
    ///
    /// # Errors
    /// As [`shell::build`].
    pub(crate) fn shell(&self, plan: &Plan<'_>) -> Result<Shell, ShellError> {
        let key = (plan.usage.plates().collect(), plan.encoder.compression());
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let artwork = match known {
            Some(artwork) => artwork,
            None => {
                // Not under the lock: others may have what they need on the shelf.
                let artwork = Arc::new(Artwork::new(plan.encoder, plan.usage)?);
                let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                if shelf.len() < MOST {
                    shelf.insert(key, Arc::clone(&artwork));
                }
                artwork
            }
        };
        shell::build_on(plan, artwork)
    }
}
