//! Lengths of texts, the fit ladder, lines of Japanese running text, columns, and where glyphs
//! stand.
//!
//! All lengths are summed in whole thousandths of the em, which is what a PDF carries as widths and
//! as adjustments between glyphs: what is measured here is what is printed, to the last unit.
//! Nothing here draws, and nothing changes a character.

pub mod column;
mod fill;
pub mod fit;
pub mod measure;
pub mod mixed;
pub mod paragraph;
pub mod place;
pub mod runs;
mod split;
pub mod spread;
mod total;
pub mod trim;
