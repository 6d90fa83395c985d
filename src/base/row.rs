//! Where the words of a row stand.

use crate::base::length::Length;

/// The part of the ideographic em box above the baseline, in thousandths: the convention of Japanese faces,
/// to which the bundled ones keep.
const ASCENT: i64 = 880;

/// Air between the small line above a value and the value, in thousandths of the small line's size.
const ABOVE_GAP: i64 = 250;

/// The baselines of a row, from its upper edge down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baselines {
    /// Of the small lines above values.
    pub above: Length,
    /// Of labels and values.
    pub value: Length,
}

/// Puts values of a size, and small lines above them, into the optical middle of a row. `above` is zero where
/// there is none.
pub fn baselines(height: Length, value: Length, above: Length) -> Baselines {
    let gap = above.scale(ABOVE_GAP, 1000);
    let top = (height - value - above - gap) / 2;
    Baselines { above: top + above.scale(ASCENT, 1000), value: top + above + gap + value.scale(ASCENT, 1000) }
}

/// How far the em boxes of a size reach below their baseline.
pub fn below(size: Length) -> Length {
    size.scale(1000 - ASCENT, 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stack_stands_in_the_middle() {
        let found = baselines(Length::pt(30), Length::pt(10), Length::pt(4));
        assert_eq!(found.above - Length::pt(4).scale(880, 1000), Length::units(Length::pt(15).to_units() / 2));
        assert_eq!(found.value + below(Length::pt(10)), Length::pt(30) - Length::units(Length::pt(15).to_units() / 2));
        assert_eq!(baselines(Length::pt(20), Length::pt(10), Length::ZERO).value, Length::units(127_000 * 138 / 10));
    }
}
