//! Font files, chains of them, and which glyph of which face serves a character.

/// A face of a pack, by its number in [`Faces`](crate::font).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub u16);

/// A glyph of a face. 0 is the missing glyph and never printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlyphId(pub u16);
