//! The part of a shell that no sheet has a say in: plates, with the fonts and pictures that they use.
//!
//! Plates have fonts of their own, cut down to what plates show; so artwork that was made once serves every
//! file with the same plates, whatever its sheets.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::font::FaceId;
use crate::pdf::draw::draw;
use crate::pdf::encoder::Encoder;
use crate::pdf::font::{Codes, Subset, subset};
use crate::pdf::part::{Part, assemble};
use crate::pdf::picture::Picture;
use crate::pdf::shell::{RESOURCES, ShellError};
use crate::pdf::usage::Usage;
use crate::sheet::{Plate, PlateId};

/// Plates with their fonts and pictures, packed: to be used again by files with the same plates.
pub struct Artwork {
    pub(super) part: Part,
    pub(super) plates: BTreeSet<PlateId>,
    pub(super) pictures: BTreeSet<usize>,
    pub(super) digest: [u8; 32],
}

/// Tells what it has, not what it shows.
impl std::fmt::Debug for Artwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Artwork").field("plates", &self.plates).finish_non_exhaustive()
    }
}

impl Artwork {
    /// The number of the first of its objects.
    pub(super) const FIRST: u32 = RESOURCES + 1;

    /// Draws the plates of `usage`.
    ///
    /// # Errors
    /// See [`ShellError`]; nothing is left out silently.
    pub fn new(encoder: &Encoder, usage: &Usage) -> Result<Artwork, ShellError> {
        let plates = usage.plates().map(|id| encoder.plate(id).ok_or(ShellError::NoPlate(id)));
        let plates: Vec<(usize, &Plate)> = plates.collect::<Result<_, _>>()?;
        let mut usage = Usage::new();
        plates.iter().for_each(|(_, plate)| usage.add_marks(&plate.marks));
        let pictures = used_pictures(encoder, &usage)?;
        let part = drawn(encoder, (&usage, Codes::OfSubset), (&plates, &pictures), Artwork::FIRST)?;
        let mut digest = Sha256::new();
        part.bodies.iter().for_each(|body| digest.update(body));
        Ok(Artwork {
            part,
            plates: plates.iter().map(|(_, plate)| plate.id).collect(),
            pictures: pictures.into_keys().collect(),
            digest: digest.finalize().into(),
        })
    }
}

/// The pictures of a usage.
pub(super) fn used_pictures<'a>(
    encoder: &Encoder<'a>,
    usage: &Usage,
) -> Result<BTreeMap<usize, &'a Picture>, ShellError> {
    let mut used = BTreeMap::new();
    for index in usage.pictures() {
        let picture = encoder.picture(index).ok_or(ShellError::NoPicture(index))?;
        picture.check().map_err(|error| ShellError::Picture { index, error })?;
        used.insert(index, picture);
    }
    Ok(used)
}

/// Cuts the faces of a usage down to its glyphs, has everything drawn, and numbers it from `first`.
pub(super) fn drawn(
    encoder: &Encoder,
    (usage, codes): (&Usage, Codes),
    (plates, pictures): (&[(usize, &Plate)], &BTreeMap<usize, &Picture>),
    first: u32,
) -> Result<Part, ShellError> {
    let mut faces: BTreeMap<FaceId, Subset> = BTreeMap::new();
    for id in usage.faces() {
        let face = encoder.face(id).ok_or(ShellError::NoFont { face: id })?;
        faces.insert(id, subset((id, face), usage.glyphs(id), codes)?);
    }
    let drawn = draw(&faces, plates, pictures)?;
    assemble(drawn, &faces, plates, (first, encoder.compression()))
        .map_err(|error| ShellError::Drawing(error.to_string()))
}
