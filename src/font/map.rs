//! The one place of the crate that maps files.
#![expect(unsafe_code, reason = "mapping a file is unsafe by nature; a 46 MB font must not be read whole")]
#![expect(clippy::disallowed_methods, reason = "fonts are mapped here and nowhere else")]

use std::fs::File;
use std::io;
use std::path::Path;

use memmap2::Mmap;

/// Maps a file for reading. Font files must not be changed while a job runs: who replaces one puts the
/// new file under a new name and renames it, which leaves the mapped one as it is.
pub(super) fn map(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    // SAFETY: the mapping is private and read-only, and the file is not changed while it is mapped, as
    // asked above; the bytes are only ever read through bounds-checked slices.
    unsafe { Mmap::map(&file) }
}
