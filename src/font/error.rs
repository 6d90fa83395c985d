//! Why a font file cannot be used.

use std::io;

use thiserror::Error;

use crate::font::source::FontSource;

/// A font file that cannot be used, and why. Its text ends with what to do.
#[derive(Debug, Error)]
#[error("{file}: {problem}")]
pub struct FontError {
    /// The file, and the face of it that is meant.
    pub file: FontSource,
    /// What is wrong with it.
    pub problem: FontProblem,
}

/// What is wrong with a font file.
#[derive(Debug, Error)]
pub enum FontProblem {
    /// The file cannot be opened or mapped.
    #[error("cannot be read: {0} (check the path of the font in pack.toml and the --fonts folder)")]
    Read(#[from] io::Error),
    /// The file is not an OpenType font.
    #[error("is not an OpenType font (give a .ttf, .otf or .tte file)")]
    NotAFont,
    /// The file holds several fonts, and the pack does not say which one.
    #[error("is a collection of fonts (name one of them behind the file: {0})")]
    Collection(String),
    /// The file does not hold as many fonts.
    #[error("holds {holds} fonts and none of the number {asked} (fonts of a collection count from #0)")]
    NoSuchFace {
        /// The number that the pack names.
        asked: u32,
        /// How many there are.
        holds: u32,
    },
    /// A variable font of which the pack names no instance.
    #[error("is a variable font (name the instance to be printed behind the file: {0})")]
    Variable(String),
    /// The variable font has no such instance, axis or value.
    #[error("has no such instance (it has {0})")]
    UnknownInstance(String),
    /// An instance is named of a font that does not vary.
    #[error("is not a variable font (take away the `@` and what follows it)")]
    NotVariable,
    /// A table reaches beyond the end of the file.
    #[error("is cut off: its table {0:?} ends outside the file (copy the file again)")]
    Truncated(String),
    /// A table is missing or unreadable.
    #[error("has no usable table {0:?} (use a font with TrueType or CFF outlines and a Unicode character map)")]
    Table(&'static str),
    /// Units per em are outside 16 to 16384 (OpenType, `head`).
    #[error("has {0} units per em, which OpenType does not allow (use another file)")]
    UnitsPerEm(u16),
    /// `fsType` 2 (OpenType, `OS/2`): restricted licence, no embedding at all.
    #[error(
        "may not be embedded in a document: its fsType is {0:#06x}, restricted licence \
         (ask its maker for a licence and a file that allow embedding, or use another font)"
    )]
    Restricted(u16),
    /// `fsType` with 0x0100: only the whole font may be embedded, and a PDF for print carries a part.
    #[error(
        "may not be cut down to the characters in use: its fsType is {0:#06x}, no subsetting \
         (ask its maker for a licence and a file that allow it, or use another font)"
    )]
    NoSubsetting(u16),
    /// `fsType` with 0x0200: only bitmaps may be embedded, and we print outlines.
    #[error(
        "may be embedded as bitmaps only: its fsType is {0:#06x} \
         (ask its maker for a licence and a file that allow outlines, or use another font)"
    )]
    BitmapsOnly(u16),
    /// A font of an issuer (外字) that draws nothing in the private-use area.
    #[error(
        "has no drawn character for private use, U+E000 to U+F8FF or planes 15 and 16 \
         (外字 must stand there; has the font been saved with outlines?)"
    )]
    NoPrivateUse,
    /// A character of an issuer's font whose drawing is broken, or that has no width.
    #[error("cannot draw U+{:04X}: {why} (draw it again, or take it out of the font)", *character as u32)]
    Glyph {
        /// The character.
        character: char,
        /// What is wrong with it.
        why: &'static str,
    },
    /// More faces than a number of 16 bits can name.
    #[error("is one font too many (a pack has at most 65 535)")]
    TooMany,
}
