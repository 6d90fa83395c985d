//! Sheets as a PDF file: a shell that printpdf draws once, and pages that are streamed behind it.
//!
//! 1. [`encoder`] turns one [`Side`](crate::sheet::Side) into one page; threads may do this side by side. A page
//!    follows from its side and the pack, so nothing need be known of the other sheets. What is in it, [`content`]
//!    tells.
//! 2. [`usage`] collects which glyphs, plates and pictures the sheets of a file use.
//! 3. [`shell`] has printpdf draw the plates, the fonts and the pictures, corrects what it wrote, and
//!    keeps the result as the objects that all pages share. What follows from the plates alone,
//!    [`artwork`], can be kept for the next file.
//! 4. [`stamp`] writes shell and pages to a sink in the order of the sheets, at constant memory.
//!
//! The reasons for this way, and what is corrected, are told in `docs/decisions/0001-pdf-engine.md`.
//! Nothing here measures text or decides a place, and nothing reads a file or a clock.

pub mod artwork;
mod bundle;
mod cluster;
pub mod content;
mod draw;
pub mod encoder;
mod font;
pub mod metadata;
mod object;
mod output;
mod pack;
pub mod page;
mod part;
pub mod picture;
mod places;
mod reach;
pub mod shell;
mod space;
pub mod stamp;
mod tree;
pub mod usage;
