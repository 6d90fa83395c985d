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

/// How figures stand in a column of vertical text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Figures {
    /// Upright: two side by side, one or more than two one below the other.
    #[default]
    Upright,
    /// Up to three upright, more of them turned: numbers of an address.
    Mixed,
    /// Turned like Latin words.
    Turned,
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

/// How far the middle of the em box of letters stands below their baseline: less than zero, as it is above it.
pub fn middle(size: Length) -> Length {
    size.scale(1000 - 2 * ABOVE, 2000)
}

/// The baselines of two lines of a size whose em boxes together have this middle; all count from one place, downwards.
pub fn two_baselines(middle: Length, size: Length) -> [Length; 2] {
    let first = middle - size.scale(1000 + LEADING, 2000) + size.scale(ABOVE, 1000);
    [first, first + size.scale(LEADING, 1000)]
}

/// The height of two lines of a size: their em boxes, and above and below a fifth of an em for what letters draw
/// beyond them.
pub fn two_lines_height(size: Length) -> Length {
    size.scale(1000 + LEADING + 2 * AIR, 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_lines_stand_around_a_middle() {
        let (size, middle) = (Length::pt(10), middle(Length::pt(20)));
        assert_eq!(middle, Length::parse("-7.6pt").unwrap());
        let [first, second] = two_baselines(middle, size);
        let (top, bottom) = (first - size.scale(880, 1000), second + size.scale(120, 1000));
        assert_eq!(top + bottom, middle * 2);
        assert_eq!(second - first, Length::pt(11));
        assert_eq!(two_lines_height(size), bottom - top + Length::pt(4));
    }
}
