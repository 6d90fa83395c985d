//! What turns sides into pages: all that the sheets of a pack may use, before anything is known of a job.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::geometry::Size;
use crate::font::FaceId;
use crate::font::face::Face;
use crate::font::faces::Faces;
use crate::pdf::content::{self, EncodeError};
use crate::pdf::page::{Draft, EncodedPage, PageDigest, Scratch, packed};
use crate::pdf::picture::Picture;
use crate::pdf::shell::{Compression, ShellError};
use crate::sheet::{Plate, PlateId, Side};

/// All that the sheets of a pack may use.
#[derive(Clone, Copy, Debug)]
pub struct Kit<'a> {
    /// The faces.
    pub faces: &'a Faces,
    /// The pictures that marks name by number.
    pub pictures: &'a [Picture],
    /// How streams are packed.
    pub compression: Compression,
}

/// Encodes sides. A page follows from its side and from the pack alone: not from the pages beside it, nor from
/// their order. So pages can be made and put away before the [shell](crate::pdf::shell) that they need is known.
/// Threads may share one encoder.
#[derive(Debug)]
pub struct Encoder<'a> {
    kit: Kit<'a>,
    /// Each plate with the number in its name, which follows from the order of all plates.
    plates: BTreeMap<PlateId, (usize, &'a Plate)>,
    /// Tells this encoder from every other one of the process. Nothing of it is written.
    mark: u64,
}

impl<'a> Encoder<'a> {
    /// Numbers the plates: every one that a side may name; which of them a file has is known at its end.
    ///
    /// # Errors
    /// When two plates have one name.
    pub fn new(kit: Kit<'a>, all: impl IntoIterator<Item = &'a Plate>) -> Result<Encoder<'a>, ShellError> {
        static MARKS: AtomicU64 = AtomicU64::new(0);
        let mut plates = BTreeMap::new();
        for plate in all {
            if plates.insert(plate.id, (0, plate)).is_some() {
                return Err(ShellError::SamePlate(plate.id));
            }
        }
        plates.values_mut().enumerate().for_each(|(index, (number, _))| *number = index);
        Ok(Encoder { kit, plates, mark: MARKS.fetch_add(1, Ordering::Relaxed) })
    }

    /// Encodes one side. Threads may do this side by side, each with its own `scratch`; the result is
    /// the same whatever the thread and whatever `scratch` was used for before.
    ///
    /// # Errors
    /// When the side needs something that the pack does not have: see [`EncodeError`].
    pub fn encode(&self, side: &Side, scratch: &mut Scratch) -> Result<EncodedPage, EncodeError> {
        let Scratch { content, string, .. } = scratch;
        content.clear();
        string.clear();
        content::encode(self, side, string, content)?;
        let stream = packed(self.kit.compression, scratch)?;
        let digest = PageDigest::of(&stream);
        Ok(EncodedPage { size: side.size, stream, digest, encoder: self.mark })
    }

    /// Encodes a side that something is added to later, without packing it.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub fn draft(&self, side: &Side, scratch: &mut Scratch) -> Result<Draft, EncodeError> {
        let Scratch { content, string, .. } = scratch;
        content.clear();
        string.clear();
        content::encode(self, side, string, content)?;
        Ok(Draft { size: side.size, content: content.clone() })
    }

    /// The page of a draft and the marks that were added to it.
    ///
    /// # Errors
    /// As [`Encoder::encode`].
    pub fn complete(&self, draft: &Draft, added: &Side, scratch: &mut Scratch) -> Result<EncodedPage, EncodeError> {
        let Scratch { content, string, .. } = scratch;
        content.clear();
        string.clear();
        // What the draft has set, colours and fonts, must not reach what is added.
        content.extend_from_slice(b"q\n");
        content.extend_from_slice(&draft.content);
        content.extend_from_slice(b"Q\n");
        content::encode(self, added, string, content)?;
        let stream = packed(self.kit.compression, scratch)?;
        let digest = PageDigest::of(&stream);
        Ok(EncodedPage { size: draft.size, stream, digest, encoder: self.mark })
    }

    /// A page that this encoder made and that was put away since.
    pub fn page(&self, size: Size, stream: Vec<u8>, digest: PageDigest) -> EncodedPage {
        EncodedPage { size, stream, digest, encoder: self.mark }
    }

    /// How streams are packed.
    pub fn compression(&self) -> Compression {
        self.kit.compression
    }

    /// A face.
    #[inline]
    pub(super) fn face(&self, id: FaceId) -> Option<&'a Face> {
        self.kit.faces.find(id)
    }

    /// A plate with the number in its name.
    pub(super) fn plate(&self, id: PlateId) -> Option<(usize, &'a Plate)> {
        self.plates.get(&id).copied()
    }

    /// A picture.
    pub(super) fn picture(&self, index: usize) -> Option<&'a Picture> {
        self.kit.pictures.get(index)
    }

    /// What tells this encoder from the others.
    pub(super) fn mark(&self) -> u64 {
        self.mark
    }
}
