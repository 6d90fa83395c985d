//! The part of a shell that no sheet has a say in: plates, with the fonts and pictures that they use.
//!
//! Plates have fonts of their own, cut down to what plates show; so artwork that was made once serves every
//! file with the same plates, whatever its sheets.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::base::geometry::Size;
use crate::font::FaceId;
use crate::pdf::draw::draw;
use crate::pdf::font::{Codes, Subset, subset};
use crate::pdf::part::{Part, assemble};
use crate::pdf::picture::Picture;
use crate::pdf::shell::{Plan, RESOURCES, ShellError};
use crate::pdf::usage::Usage;
use crate::sheet::{Plate, PlateId};

/// Plates with their fonts and pictures, packed: to be used again by files with the same plates.
pub struct Artwork {
    pub(super) part: Part,
    pub(super) plates: BTreeMap<PlateId, (usize, Size)>,
    pub(super) pictures: BTreeSet<usize>,
    pub(super) digest: [u8; 32],
}

/// Tells what it has, not what it shows.
impl std::fmt::Debug for Artwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plates: Vec<&PlateId> = self.plates.keys().collect();
        f.debug_struct("Artwork").field("plates", &plates).finish_non_exhaustive()
    }
}

impl Artwork {
    /// The number of the first of its objects.
    pub(super) const FIRST: u32 = RESOURCES + 1;

    /// Draws the plates that the plan's sheets use.
    ///
    /// # Errors
    /// See [`ShellError`]; nothing is left out silently.
    pub fn new(plan: &Plan) -> Result<Artwork, ShellError> {
        let plates = used_plates(plan)?;
        let mut usage = Usage::new();
        plates.values().for_each(|plate| usage.add_marks(&plate.marks));
        let in_order: Vec<&Plate> = plates.values().copied().collect();
        let pictures = used_pictures(plan, &usage)?;
        let (part, _) = drawn(plan, &usage, (&in_order, &pictures), Artwork::FIRST)?;
        let mut digest = Sha256::new();
        part.bodies.iter().for_each(|body| digest.update(body));
        Ok(Artwork {
            part,
            plates: plates.values().enumerate().map(|(name, plate)| (plate.id, (name, plate.size))).collect(),
            pictures: pictures.into_keys().collect(),
            digest: digest.finalize().into(),
        })
    }
}

fn used_plates<'a>(plan: &Plan<'a>) -> Result<BTreeMap<PlateId, &'a Plate>, ShellError> {
    let mut given = BTreeMap::new();
    for plate in plan.plates.iter().copied() {
        if given.insert(plate.id, plate).is_some() {
            return Err(ShellError::SamePlate(plate.id));
        }
    }
    let used = plan.usage.plates().map(|id| Ok((id, *given.get(&id).ok_or(ShellError::NoPlate(id))?)));
    used.collect()
}

/// The pictures of a usage.
pub(super) fn used_pictures<'a>(plan: &Plan<'a>, usage: &Usage) -> Result<BTreeMap<usize, &'a Picture>, ShellError> {
    let mut used = BTreeMap::new();
    for index in usage.pictures() {
        let picture = plan.pictures.get(index).ok_or(ShellError::NoPicture(index))?;
        picture.check().map_err(|error| ShellError::Picture { index, error })?;
        used.insert(index, picture);
    }
    Ok(used)
}

/// Cuts the faces of a usage down to its glyphs, has everything drawn, and numbers it from `first`.
pub(super) fn drawn(
    plan: &Plan,
    usage: &Usage,
    (plates, pictures): (&[&Plate], &BTreeMap<usize, &Picture>),
    first: u32,
) -> Result<(Part, BTreeMap<FaceId, Codes>), ShellError> {
    let mut faces: BTreeMap<FaceId, Subset> = BTreeMap::new();
    for face in usage.faces() {
        let file = plan.fonts.get(usize::from(face.0)).ok_or(ShellError::NoFont { face })?;
        faces.insert(face, subset(face, file, usage.glyphs(face))?);
    }
    let drawn = draw(&faces, plates, pictures)?;
    let part = assemble(drawn, &faces, plates, (first, plan.compression))
        .map_err(|error| ShellError::Drawing(error.to_string()))?;
    Ok((part, faces.into_iter().map(|(face, subset)| (face, subset.codes)).collect()))
}
