//! Space that fills a line from edge to edge.
//!
//! First the spaces between words take some, then all gaps alike: between Japanese letters, and where they meet Latin
//! ones. Never the inside of a Latin word or a number, nor where white stands already.

use crate::text::paragraph::Atom;
use crate::text::paragraph::HANGING;
use crate::text::paragraph::is_space;
use crate::text::paragraph::is_wide_digit;

/// What spaces between words take before letters part. *Unit*: thousandths of the em.
const WORD_SPACE: i128 = 250;

/// A line that would need more than this in each gap is set left. *Unit*: thousandths of the em.
const WIDEST_GAP: i128 = 500;

/// How a line is filled; widths in fine units.
struct Plan {
    /// For each gap whether it may be widened; `None` inside of what stays together.
    gaps: Vec<Option<Gap>>,
    /// What each space between words takes.
    words: i128,
    /// What all gaps then take together.
    rest: i128,
    /// How many gaps there are.
    count: i128,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Behind a space between words.
    Word,
    /// Between letters.
    Letters,
}

/// How far the widest gap of a line is opened so that the line becomes `over` wider. *Unit*: fine units; `None`: not at
/// all, as the gaps would become holes.
pub(super) fn widest(atoms: &[Atom], over: i128) -> Option<i128> {
    if over <= 0 {
        return Some(0);
    }
    let plan = plan(atoms, over)?;
    Some(plan.words + plan.rest / plan.count)
}

/// The thousandths to add after each atom so that the line becomes `over` wider; empty when there is no gap to widen, or
/// when the gaps would become holes.
pub(super) fn fill(atoms: &[Atom], over: i128) -> Vec<i32> {
    let Some(plan) = plan(atoms, over) else { return Vec::new() };
    let (mut done, mut all, mut words) = (0, 0, 0);
    let mut spaces = Vec::with_capacity(atoms.len());
    for (atom, gap) in atoms.iter().zip(&plan.gaps) {
        let mut space = 0;
        if let Some(gap) = gap.filter(|_| atom.one > 0) {
            all += 1;
            words += i128::from(gap == Gap::Word);
            // What should have been added up to here: no rounding is carried on.
            let wanted = plan.words * words + plan.rest * all / plan.count;
            space = (wanted - done).div_euclid(atom.one);
            done += space * atom.one;
        }
        spaces.push(space as i32);
    }
    spaces
}

fn plan(atoms: &[Atom], over: i128) -> Option<Plan> {
    let gaps: Vec<Option<Gap>> = atoms.windows(2).map(|pair| gap(pair[0].first, pair[1].first)).collect();
    let count = gaps.iter().flatten().count() as i128;
    let spaces = gaps.iter().flatten().filter(|gap| **gap == Gap::Word).count() as i128;
    let one = atoms.first().map_or(1, |atom| atom.one.max(1));
    if count == 0 {
        return None;
    }
    let words = if spaces == 0 { 0 } else { (over / spaces).clamp(0, one * WORD_SPACE) };
    let rest = over - words * spaces;
    (rest <= one * WIDEST_GAP * count).then_some(Plan { gaps, words, rest, count })
}

/// What the gap between two clusters is; `None` where it stays as it is: inside Latin words and numbers, before a
/// space, inside …… and ――, before a sound mark, beside the inner side of brackets, before 、。.
fn gap(left: char, right: char) -> Option<Gap> {
    let double = left == right && matches!(left, '…' | '‥' | '―' | '—');
    let wide_number = is_wide_digit(left) && is_wide_digit(right);
    let marks = HANGING.contains(right) || "）」』】〕〉》］｝ﾞﾟ".contains(right) || "（「『【〔〈《［｛".contains(left);
    let closed = (is_word(left) && is_word(right)) || is_space(right) || double || wide_number || marks;
    match (closed, left) {
        (true, _) => None,
        (false, ' ') => Some(Gap::Word),
        (false, _) => Some(Gap::Letters),
    }
}

/// Whether a letter, figure or sign is part of a Latin, Greek or Cyrillic word.
fn is_word(character: char) -> bool {
    character.is_ascii_graphic()
        || matches!(character, '\u{A1}'..='\u{52F}' | '\u{1E00}'..='\u{1FFF}' | '\u{2010}' | '\u{2011}' | '\u{2019}')
}
