//! The shell: every object of a file but its pages, drawn by printpdf and corrected once.

use std::sync::Arc;

use lopdf::Dictionary;
use sha2::{Digest, Sha256};

use crate::font::FaceId;
use crate::pdf::artwork::{Artwork, drawn, used_pictures};
use crate::pdf::content::EncodeError;
use crate::pdf::encoder::Encoder;
use crate::pdf::font::Codes;
use crate::pdf::metadata::{Metadata, MetadataError};
use crate::pdf::object;
use crate::pdf::part::Part;
use crate::pdf::picture::PictureError;
use crate::pdf::usage::Usage;
use crate::sheet::PlateId;

/// The catalog: written last, its number is known first.
pub(super) const CATALOG: u32 = 1;
/// The Info dictionary, written last.
pub(super) const INFO: u32 = 2;
/// The XMP packet, written last.
pub(super) const XMP: u32 = 3;
/// The resources that all pages share: the first object of the shell itself.
pub(super) const RESOURCES: u32 = 4;

/// How a file is packed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compression {
    /// Not at all: for reading a file with the eye.
    None,
    /// Pages at the fastest level of deflate, shared objects at a middle one. The default: a few microseconds a page
    /// save half of the file.
    #[default]
    Fast,
    /// Pages and shared objects at the best level, and everything that is no content packed together: page
    /// dictionaries, the page tree and the table of places. Files may be longer than 10 GB.
    Small,
}

/// What a shell is built from.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    /// What encodes the pages, with all that they may use.
    pub encoder: &'a Encoder<'a>,
    /// What the pages use: all of it, or what they show would be missing. What their plates use besides is found
    /// by [`build`].
    pub usage: &'a Usage,
    /// What the file says about itself.
    pub metadata: &'a Metadata,
}

/// Why a shell cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// A mark names a face without a file.
    #[error("face {} has no font file", face.0)]
    NoFont {
        /// The face.
        face: FaceId,
    },
    /// The font file cannot be used.
    #[error("the font of face {} cannot be used: {message}", face.0)]
    Font {
        /// The face.
        face: FaceId,
        /// What is wrong with it.
        message: String,
    },
    /// A mark uses glyph 0: the box of a missing character would be printed.
    #[error("a mark uses the missing glyph of face {}", face.0)]
    MissingGlyph {
        /// The face.
        face: FaceId,
    },
    /// A mark uses a glyph that the font does not have.
    #[error("a mark uses a glyph that face {} does not have: was it shaped with another file?", face.0)]
    NoSuchGlyph {
        /// The face.
        face: FaceId,
    },
    /// A side uses a plate that was not handed in.
    #[error("plate {0:?} is used and was not handed in")]
    NoPlate(PlateId),
    /// Two plates have one name.
    #[error("plate {0:?} was handed in twice")]
    SamePlate(PlateId),
    /// A plate cannot be drawn.
    #[error("plate {plate:?}: {error}")]
    Plate {
        /// The plate.
        plate: PlateId,
        /// Why.
        error: EncodeError,
    },
    /// A mark names a picture that was not handed in.
    #[error("picture {0} is used and was not handed in")]
    NoPicture(usize),
    /// A picture is broken.
    #[error("picture {index}: {error}")]
    Picture {
        /// Its number.
        index: usize,
        /// Why.
        error: PictureError,
    },
    /// The metadata cannot be written.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// printpdf warned, or wrote something else than is known of its version.
    #[error("drawing the shell failed: {0}")]
    Drawing(String),
}

/// Every object of a file but its pages. One shell serves any number of files and threads.
pub struct Shell {
    /// The body of [`RESOURCES`].
    resources: Vec<u8>,
    artwork: Arc<Artwork>,
    /// The bodies of the objects behind the artwork: what sheets use.
    bodies: Vec<Vec<u8>>,
    metadata: Metadata,
    compression: Compression,
    /// Which encoder's pages it is for.
    encoder: u64,
    digest: [u8; 32],
}

/// Builds a shell: cuts the fonts down, has printpdf draw, corrects the result.
///
/// # Errors
/// See [`ShellError`]; nothing is left out silently.
pub fn build(plan: &Plan) -> Result<Shell, ShellError> {
    plan.metadata.check()?;
    build_on(plan, Arc::new(Artwork::new(plan.encoder, plan.usage)?))
}

/// Builds a shell on artwork that was made before. The artwork must come from the same faces, plates and
/// pictures, and for sheets that use the same plates: then the shell is the one that [`build`] makes.
///
/// # Errors
/// See [`ShellError`]; a plate that the artwork lacks is one of them.
pub fn build_on(plan: &Plan, artwork: Arc<Artwork>) -> Result<Shell, ShellError> {
    plan.metadata.check()?;
    if let Some(lacking) = plan.usage.plates().find(|plate| !artwork.plates.contains(plate)) {
        return Err(ShellError::NoPlate(lacking));
    }
    let mut pictures = used_pictures(plan.encoder, plan.usage)?;
    pictures.retain(|index, _| !artwork.pictures.contains(index));
    let first = Artwork::FIRST + artwork.part.bodies.len() as u32;
    let part = drawn(plan.encoder, (plan.usage, Codes::OfFace), (&[], &pictures), first)?;
    let resources = resources(&artwork.part, &part);
    let mut digest = Sha256::new();
    digest.update(&resources);
    digest.update(artwork.digest);
    part.bodies.iter().for_each(|body| digest.update(body));
    digest.update(plan.metadata.xmp(&[0; 16]));
    Ok(Shell {
        resources,
        bodies: part.bodies,
        artwork,
        metadata: plan.metadata.clone(),
        compression: plan.encoder.compression(),
        encoder: plan.encoder.mark(),
        digest: digest.finalize().into(),
    })
}

/// What pages name: the plates, the pictures, and the fonts of the sheets.
fn resources(artwork: &Part, own: &Part) -> Vec<u8> {
    let mut externals = own.externals.clone();
    externals.extend(&artwork.externals);
    let mut root = Dictionary::new();
    for (key, entries) in [("Font", own.fonts.clone()), ("XObject", externals)] {
        if !entries.is_empty() {
            root.set(key, entries);
        }
    }
    let mut body = Vec::new();
    object::dictionary(&mut body, &root);
    body
}

impl Shell {
    /// Numbers and bodies of the objects that stand before the pages.
    pub(super) fn objects(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let bodies = std::iter::once(&self.resources).chain(&self.artwork.part.bodies).chain(&self.bodies);
        (RESOURCES..).zip(bodies.map(Vec::as_slice))
    }

    /// The first number that is free.
    pub(super) fn next_number(&self) -> u32 {
        Artwork::FIRST + (self.artwork.part.bodies.len() + self.bodies.len()) as u32
    }

    /// What the file says about itself.
    pub(super) fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// How the file is packed.
    pub(super) fn compression(&self) -> Compression {
        self.compression
    }

    /// The mark of the encoder whose pages it is for.
    pub(super) fn encoder(&self) -> u64 {
        self.encoder
    }

    /// Follows from everything in the shell.
    pub(super) fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}
