//! How a text that is too long for its place may be made to fit.

use crate::base::length::Length;

/// One step of a ladder. Steps are tried in the order given; each starts where the last one ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Narrower spaces (U+0020 and U+3000), down to this many thousandths of their width. No letter changes.
    Tighten(u16),
    /// 長体: narrower glyphs, down to this many thousandths of their width.
    Condense(u16),
    /// Smaller type, down to this many thousandths of the style's size.
    Shrink(u16),
    /// Two lines instead of one. The steps in front of it but `Shrink` are taken anew for the two lines.
    TwoLines {
        /// The size of both, in thousandths of the style's.
        size: u16,
        /// Where no place for a break helps, between any two letters.
        anywhere: bool,
    },
}

/// The steps that a slot allows. *Default*: none, so that what does not fit is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    /// In the order in which they are tried.
    pub steps: Vec<Step>,
}

/// Where a text was broken into two lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Split {
    /// At a space, behind ・ or another sign that joins words, or where the script changes.
    Place,
    /// Between two letters.
    Letters,
}

impl Ladder {
    /// The size of two lines in thousandths of the style's; `None`: the text stays on one line.
    pub fn two_lines(&self) -> Option<u16> {
        self.steps.iter().find_map(|step| match step {
            Step::TwoLines { size, .. } => Some(*size),
            Step::Tighten(_) | Step::Condense(_) | Step::Shrink(_) => None,
        })
    }

    /// The same without the step into two lines.
    pub fn one_line(&self) -> Ladder {
        let stays = |step: &&Step| match step {
            Step::Tighten(_) | Step::Condense(_) | Step::Shrink(_) => true,
            Step::TwoLines { .. } => false,
        };
        Ladder { steps: self.steps.iter().filter(stays).copied().collect() }
    }
}

/// From baseline to baseline of two lines, in thousandths of their size.
const LEADING: i64 = 1100;

/// The part of the em box above the baseline, in thousandths: the convention of Japanese faces.
const ABOVE: i64 = 880;

/// What letters may draw above and below their em box, in thousandths of the em: capitals with two diacritics,
/// and descenders.
const AIR: i64 = 200;

/// How far the baselines of two lines of a size stand below the one baseline of letters of a natural size;
/// less than zero: above it. The two em boxes together have their middle where the one em box has its own.
pub fn two_baselines(natural: Length, size: Length) -> [Length; 2] {
    let middle = natural.scale(1000 - 2 * ABOVE, 2000);
    let first = middle - size.scale(1000 + LEADING, 2000) + size.scale(ABOVE, 1000);
    [first, first + size.scale(LEADING, 1000)]
}

/// How far two lines of a size reach above and below the one baseline of letters of a natural size: their em
/// boxes, and a fifth of an em at either side for what letters draw beyond them.
pub fn two_lines_reach(natural: Length, size: Length) -> [Length; 2] {
    let [first, second] = two_baselines(natural, size);
    [size.scale(ABOVE + AIR, 1000) - first, size.scale(1000 - ABOVE + AIR, 1000) + second]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_stand_around_the_middle_of_one() {
        let (natural, size) = (Length::pt(20), Length::pt(10));
        let [first, second] = two_baselines(natural, size);
        let (top, bottom) = (first - size.scale(880, 1000), second + size.scale(120, 1000));
        assert_eq!(top + bottom, natural.scale(120 - 880, 1000));
        assert_eq!(second - first, Length::pt(11));
        let [above, below] = two_lines_reach(natural, size);
        assert_eq!((above, below), (size.scale(200, 1000) - top, size.scale(200, 1000) + bottom));
        assert_eq!(above + below, size.scale(2500, 1000));
    }
}
