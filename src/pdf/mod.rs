//! Sheets as a PDF file: a shell that printpdf draws once, and pages that are streamed behind it.
//!
//! 1. [`usage`] collects which glyphs, plates and pictures the sheets of a file use.
//! 2. [`shell`] has printpdf draw the plates, the fonts and the pictures, corrects what it wrote, and
//!    keeps the result as the objects that all pages share. What follows from the plates alone,
//!    [`artwork`], can be kept for the next file.
//! 3. [`content`] turns one [`Side`](crate::sheet::Side) into one content stream; threads may do this
//!    side by side.
//! 4. [`stamp`] writes shell and pages to a sink in the order of the sheets, at constant memory.
//!
//! The reasons for this way, and what is corrected, are told in `docs/decisions/0001-pdf-engine.md`.
//! Nothing here measures text or decides a place, and nothing reads a file or a clock.

pub mod artwork;
pub mod content;
mod draw;
mod font;
pub mod metadata;
mod object;
pub mod page;
mod part;
pub mod picture;
mod reach;
pub mod shell;
mod space;
pub mod stamp;
mod tree;
pub mod usage;

/// A font file as the writer needs it.
#[derive(Clone, Copy, Debug)]
pub struct FontFile<'a> {
    /// The whole file: TrueType or OpenType with `glyf` or `CFF` outlines, or a collection of them.
    pub data: &'a [u8],
    /// Which font of a collection; 0 for a plain file.
    pub index: u32,
    /// Its PostScript name (name 6 of the font's own table), for instance `BIZUDGothic-Regular`.
    pub postscript_name: &'a str,
    /// The axes of a variable font and where it stands on them; empty for other fonts.
    pub axes: &'a [([u8; 4], f32)],
}
