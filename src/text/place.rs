//! Where a baseline stands in a row.

use crate::base::length::Length;
use crate::font::face::Face;

/// The part of the em box above the baseline: 880 of 1000, the convention of Japanese faces
/// (ideographic em box, OpenType `BASE` tag `ideo` at −120).
const ABOVE: i64 = 880;

/// The baseline that puts the ideographic em box in the middle of a row: for Japanese text.
///
/// `top` is the upper edge of the row, y downwards.
pub fn middle_baseline(size: Length, top: Length, height: Length) -> Length {
    top + (height - size) / 2 + size.scale(ABOVE, 1000)
}

/// The baseline that puts capital letters and figures in the middle of a row: for numbers and codes.
///
/// `top` is the upper edge of the row, y downwards.
pub fn middle_baseline_of_capitals(face: &Face, size: Length, top: Length, height: Length) -> Length {
    let capitals = size.scale(i64::from(face.cap_height()), i64::from(face.units_per_em()));
    top + (height + capitals) / 2
}

/// The baseline of a first line whose em box starts at `top`.
pub fn first_baseline(size: Length, top: Length) -> Length {
    top + size.scale(ABOVE, 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_em_box_is_in_the_middle() {
        let baseline = middle_baseline(Length::mm(4), Length::mm(10), Length::mm(8));
        assert_eq!(baseline, Length::mm(12) + Length::units(Length::mm(4).to_units() * 88 / 100));
    }
}
