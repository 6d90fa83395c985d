//! Why a font file cannot be used.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A font file that cannot be used, and why. Its text ends with what to do.
#[derive(Debug, Error)]
#[error("{}: {problem}", path.display())]
pub struct FontError {
    /// The file.
    pub path: PathBuf,
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
    /// The file holds several fonts.
    #[error("is a collection of fonts (extract the one that is meant into a file of its own)")]
    Collection,
    /// A table reaches beyond the end of the file.
    #[error("is cut off: its table {0:?} ends outside the file (copy the file again)")]
    Truncated(String),
    /// A table is missing or unreadable.
    #[error("has no usable table {0:?} (use a font with TrueType or CFF outlines and a Unicode character map)")]
    Table(&'static str),
    /// Units per em are outside 16 to 16384 (OpenType, `head`).
    #[error("has {0} units per em, which OpenType does not allow (use another file)")]
    UnitsPerEm(u16),
    /// `fsType` forbids embedding, or embedding of a part, or of outlines (OpenType, `OS/2`).
    #[error("may not be embedded in a document: its fsType is {0:#06x} (use a font whose licence allows embedding)")]
    Restricted(u16),
    /// More faces than a number of 16 bits can name.
    #[error("is one font too many (a pack has at most 65 535)")]
    TooMany,
}
