//! One page, encoded and packed: the work that threads share.

use flate2::{Compress, FlushCompress, Status};
use sha2::{Digest, Sha256};

use crate::base::geometry::Size;
use crate::pdf::content::{EncodeError, encode};
use crate::pdf::object;
use crate::pdf::shell::{Compression, Shell};
use crate::sheet::Side;

/// Working space of one thread, to be used again for every page.
pub struct Scratch {
    content: Vec<u8>,
    packed: Vec<u8>,
    string: Vec<u8>,
    deflate: Compress,
}

impl Default for Scratch {
    fn default() -> Scratch {
        let deflate = Compress::new(flate2::Compression::fast(), true);
        Scratch { content: Vec::new(), packed: Vec::new(), string: Vec::new(), deflate }
    }
}

/// A page ready to be appended to a file with the shell that encoded it.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodedPage {
    pub(super) size: Size,
    /// The body of the content stream, from its dictionary to `endstream`.
    pub(super) stream: Vec<u8>,
    pub(super) digest: [u8; 32],
    /// The digest of the shell.
    pub(super) shell: [u8; 32],
}

/// Tells the size, never the content, which is about a person.
impl std::fmt::Debug for EncodedPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EncodedPage").field("size", &self.size).field("bytes", &self.stream.len()).finish()
    }
}

impl Shell {
    /// Encodes one side. Threads may do this side by side, each with its own `scratch`; the result is
    /// the same whatever the thread and whatever `scratch` was used for before.
    ///
    /// # Errors
    /// When the side needs something that the shell was not built with: see [`EncodeError`].
    pub fn encode(&self, side: &Side, scratch: &mut Scratch) -> Result<EncodedPage, EncodeError> {
        scratch.content.clear();
        scratch.string.clear();
        encode(self, side, &mut scratch.string, &mut scratch.content)?;
        let packed = match self.compression() {
            Compression::None => false,
            Compression::Fast => pack(scratch)?,
        };
        let (content, filter): (&[u8], &[u8]) = match packed {
            true => (&scratch.packed, b"<</Filter/FlateDecode/Length "),
            false => (&scratch.content, b"<</Length "),
        };
        let mut stream = Vec::with_capacity(content.len() + 64);
        stream.extend_from_slice(filter);
        object::integer(&mut stream, content.len() as i64);
        stream.extend_from_slice(b">>\nstream\n");
        stream.extend_from_slice(content);
        stream.extend_from_slice(b"\nendstream");
        let digest = Sha256::digest(&stream).into();
        Ok(EncodedPage { size: side.size, stream, digest, shell: *self.digest() })
    }
}

/// Packs the content; `false` when that saves nothing.
fn pack(scratch: &mut Scratch) -> Result<bool, EncodeError> {
    scratch.deflate.reset();
    scratch.packed.clear();
    // The bound of zlib for one call.
    let bound = scratch.content.len() + scratch.content.len() / 512 + 64;
    scratch.packed.reserve(bound);
    let status = scratch
        .deflate
        .compress_vec(&scratch.content, &mut scratch.packed, FlushCompress::Finish)
        .map_err(|error| EncodeError::Deflate(error.to_string()))?;
    match status {
        Status::StreamEnd => Ok(scratch.packed.len() < scratch.content.len()),
        Status::Ok | Status::BufError => Ok(false),
    }
}
