//! One page, encoded and packed: the work that threads share.

use flate2::{Compress, FlushCompress, Status};
use sha2::{Digest, Sha256};

use crate::base::geometry::Size;
use crate::pdf::content::EncodeError;
use crate::pdf::object;
use crate::pdf::pack::Packer;
use crate::pdf::shell::Compression;

/// Working space of one thread, to be used again for every page.
#[derive(Default)]
pub struct Scratch {
    pub(super) content: Vec<u8>,
    pub(super) string: Vec<u8>,
    packed: Vec<u8>,
    quick: Packer,
    /// Packs well; made when it is asked for.
    thorough: Option<Compress>,
}

/// What a page adds to the identifier of its file: it follows from the bytes of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageDigest(pub [u8; 16]);

impl PageDigest {
    pub(super) fn of(stream: &[u8]) -> PageDigest {
        let mut digest = [0; 16];
        digest.iter_mut().zip(Sha256::digest(stream)).for_each(|(to, from)| *to = from);
        PageDigest(digest)
    }
}

/// A page ready to be appended to a file: all of it but its numbers.
///
/// It can be put away as its parts and made again by the [`Encoder`](crate::pdf::encoder::Encoder) that made it.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodedPage {
    pub(super) size: Size,
    pub(super) stream: Vec<u8>,
    pub(super) digest: PageDigest,
    /// Which encoder made it.
    pub(super) encoder: u64,
}

/// A page that something is added to before it is packed.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    /// The size of the paper.
    pub size: Size,
    /// Its content so far. It is about a person.
    pub content: Vec<u8>,
}

/// Tells the size, never the content, which is about a person.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("size", &self.size).field("bytes", &self.content.len()).finish()
    }
}

/// Tells the size, never the content, which is about a person.
impl std::fmt::Debug for EncodedPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EncodedPage").field("size", &self.size).field("bytes", &self.stream.len()).finish()
    }
}

impl EncodedPage {
    /// The size of the paper.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The body of the content stream, from its dictionary to `endstream`. It is about a person.
    pub fn stream(&self) -> &[u8] {
        &self.stream
    }

    /// What it adds to the identifier of the file.
    pub fn digest(&self) -> PageDigest {
        self.digest
    }

    /// The body of the content stream, to be kept or used again.
    pub fn into_stream(self) -> Vec<u8> {
        self.stream
    }
}

/// The content as the body of a stream, packed.
pub(super) fn packed(compression: Compression, scratch: &mut Scratch) -> Result<Vec<u8>, EncodeError> {
    let packed = match compression {
        Compression::None => false,
        Compression::Fast => {
            scratch.quick.pack(&scratch.content, &mut scratch.packed);
            scratch.packed.len() < scratch.content.len()
        }
        Compression::Small => pack_well(scratch)?,
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
    Ok(stream)
}

/// The level of deflate for size: the ones above it gain nothing on a page.
const SMALL: u32 = 6;

/// Packs the content; `false` when that saves nothing.
fn pack_well(scratch: &mut Scratch) -> Result<bool, EncodeError> {
    let Scratch { content, packed, thorough, .. } = scratch;
    let deflate = match thorough {
        Some(known) => {
            known.reset();
            known
        }
        None => thorough.insert(Compress::new(flate2::Compression::new(SMALL), true)),
    };
    packed.clear();
    // The bound of zlib for one call.
    packed.reserve(content.len() + content.len() / 512 + 64);
    let status = deflate
        .compress_vec(content, packed, FlushCompress::Finish)
        .map_err(|error| EncodeError::Deflate(error.to_string()))?;
    match status {
        Status::StreamEnd => Ok(packed.len() < content.len()),
        Status::Ok | Status::BufError => Ok(false),
    }
}
