//! What most texts are: characters that need no looking at.

use std::ops::Range;

use crate::font::faces::Faces;
use crate::font::{Chain, FaceId, GlyphId};

/// A character that is a cluster of its own, and its glyph, whose
/// [own text](crate::font::face::Face::texts) it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// The face of the glyph.
    pub face: FaceId,
    /// Its number in the face. Never 0.
    pub glyph: GlyphId,
    /// Its advance. *Unit*: thousandths of the em, see [`Face::width`](crate::font::face::Face::width).
    pub width: i32,
    /// The bytes of the character.
    pub text: Range<u32>,
}

/// The glyphs of what most texts are: characters of the first face of the chain that stand for themselves, with
/// nothing to look at. The first face; `None`: [`resolve`](super::resolve) must look at the text, and what was given
/// to `add` is of no use.
#[inline]
pub fn plain(faces: &Faces, chain: &Chain, text: &str, mut add: impl FnMut(Plain)) -> Option<FaceId> {
    let id = *chain.faces.first()?;
    let face = faces.get(id);
    let mut at = 0;
    for character in text.chars() {
        let (glyph, width) = face.unremarkable(character)?;
        let end = at + character.len_utf8() as u32;
        add(Plain { face: id, glyph, width, text: at..end });
        at = end;
    }
    Some(id)
}
