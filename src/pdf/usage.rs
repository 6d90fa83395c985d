//! Which glyphs, plates and pictures a file uses.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::font::{FaceId, GlyphId};
use crate::sheet::{Mark, PlateId, Run, Side};

/// What the sheets and plates of a file use.
///
/// Threads may each collect their own and [`merge`](Usage::merge) them: the result does not depend on
/// the order. Asking for what is known already allocates nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    faces: BTreeMap<FaceId, Glyphs>,
    plates: BTreeSet<PlateId>,
    pictures: BTreeSet<usize>,
}

/// A set of glyphs, one bit for each number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Glyphs(Box<[u64; 1 << 10]>);

impl Default for Glyphs {
    fn default() -> Glyphs {
        Glyphs(Box::new([0; 1 << 10]))
    }
}

impl Glyphs {
    #[inline]
    fn insert(&mut self, glyph: GlyphId) {
        let (word, bit) = (&mut self.0[usize::from(glyph.0 / 64)], 1 << (glyph.0 % 64));
        // Most are known: looking is quicker than writing, which the next look would wait for.
        if *word & bit == 0 {
            *word |= bit;
        }
    }

    fn merge(&mut self, other: &Glyphs) {
        self.0.iter_mut().zip(&*other.0).for_each(|(ours, theirs)| *ours |= theirs);
    }

    fn iter(&self) -> impl Iterator<Item = GlyphId> + '_ {
        let words = self.0.iter().zip((0..=u16::MAX).step_by(64));
        words.flat_map(|(word, first)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| GlyphId(first + bit))
        })
    }
}

impl Usage {
    /// Nothing yet.
    pub fn new() -> Usage {
        Usage::default()
    }

    /// Adds the plates and marks of one side.
    pub fn add_side(&mut self, side: &Side) {
        for plate in &side.plates {
            if !self.plates.contains(plate) {
                self.plates.insert(*plate);
            }
        }
        self.add_marks(&side.marks);
    }

    /// Adds marks, for instance those of a plate.
    pub fn add_marks(&mut self, marks: &[Mark]) {
        for mark in marks {
            match mark {
                Mark::Run(run) => self.add_run(run),
                Mark::Image(image) => {
                    self.pictures.insert(image.index);
                }
                Mark::Line(_) | Mark::Box(_) | Mark::Bars(_) => {}
            }
        }
    }

    /// Adds everything that `other` has.
    pub fn merge(&mut self, other: Usage) {
        self.plates.extend(other.plates);
        self.pictures.extend(other.pictures);
        for (face, theirs) in other.faces {
            self.faces.entry(face).or_default().merge(&theirs);
        }
    }

    /// The plates that are used.
    pub fn plates(&self) -> impl Iterator<Item = PlateId> + '_ {
        self.plates.iter().copied()
    }

    /// The pictures that are used, by number.
    pub fn pictures(&self) -> impl Iterator<Item = usize> + '_ {
        self.pictures.iter().copied()
    }

    /// The faces that are used.
    pub fn faces(&self) -> impl Iterator<Item = FaceId> + '_ {
        self.faces.keys().copied()
    }

    /// The glyphs of a face that are used, ascending.
    pub(super) fn glyphs(&self, face: FaceId) -> impl Iterator<Item = GlyphId> + '_ {
        self.faces.get(&face).into_iter().flat_map(Glyphs::iter)
    }

    fn add_run(&mut self, run: &Run) {
        if run.glyphs.is_empty() {
            return;
        }
        let glyphs = self.faces.entry(run.face).or_default();
        run.glyphs.iter().for_each(|glyph| glyphs.insert(glyph.id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Glyph;

    fn marks(glyphs: &[u16]) -> [Mark; 1] {
        let glyphs = glyphs.iter().map(|id| Glyph { id: GlyphId(*id), text: 0..0, space: 0 });
        [Mark::Run(Run { glyphs: glyphs.collect(), ..Run::default() })]
    }

    #[test]
    fn a_set_does_not_depend_on_the_order() {
        let mut one = Usage::new();
        one.add_marks(&marks(&[7, 63, 64, 7, 65_535]));
        one.add_marks(&marks(&[3]));
        let mut two = Usage::new();
        two.add_marks(&marks(&[3, 64, 63]));
        let mut three = Usage::new();
        three.add_marks(&marks(&[65_535, 7]));
        two.merge(three);
        assert_eq!(one, two);
        let glyphs: Vec<u16> = one.glyphs(FaceId(0)).map(|glyph| glyph.0).collect();
        assert_eq!(glyphs, [3, 7, 63, 64, 65_535]);
        assert_eq!(one.glyphs(FaceId(1)).count(), 0);
    }
}
