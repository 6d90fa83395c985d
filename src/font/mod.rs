//! Font files, chains of them, and which glyph of which face serves a character.
//!
//! [`Faces::open`](faces::Faces::open) maps the files of a pack; [`resolve`](resolve::resolve) finds the
//! glyphs of one text in a [`Chain`]. Coverage is decided from the character map before anything is
//! shaped, as `fonts/README.md` section 2 tells: a text that no face covers is an error with its code
//! points, never a picture of something else. Nothing here changes, normalises or drops a character.

mod attach;
pub mod error;
pub mod face;
pub mod faces;
pub mod gaiji;
mod instance;
mod map;
pub mod overhang;
pub mod resolve;
mod scan;
mod shape;
pub mod source;
#[cfg(test)]
pub(crate) mod synthetic;
mod tables;
pub mod texts;
mod vertical;

/// A face of a pack, by its number in [`Faces`](crate::font::faces::Faces).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaceId(pub u16);

/// A glyph of a face. 0 is the missing glyph and never printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GlyphId(pub u16);

/// Faces in the order in which they are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Asked in this order, for every character that is not for private use.
    pub faces: Vec<FaceId>,
    /// The issuer's own faces (外字): asked in this order for private-use code points, and for nothing else.
    /// The other faces are never asked for those. *Default*: none, so that private use is refused.
    pub gaiji: Vec<FaceId>,
}

impl Chain {
    /// A chain without 外字 faces.
    pub fn new(faces: Vec<FaceId>) -> Chain {
        Chain { faces, gaiji: Vec::new() }
    }
}
