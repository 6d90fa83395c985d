//! Running text in lines.
//!
//! Where a line may end: UAX 14 in its strict form (kinsoku of JIS X 4051: small kana, the prolonged
//! sound mark and iteration marks begin no line), and besides never before closing nor after opening
//! punctuation, and never inside a number in full-width digits. A line takes as much as it can; a 、。
//! that alone is too much hangs into the margin (ぶら下げ) where that is allowed; otherwise the line ends earlier (追い出し) and
//! is filled by space between its letters, never inside a Latin word or a number. Punctuation keeps its
//! full width. The last line is set left.

use std::ops::Range;

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::options::LineBreakStrictness;

use crate::base::length::Length;
use crate::font::resolve::Cluster;
use crate::text::fit::TooLong;
use crate::text::measure::FINE;
use crate::text::measure::Setting;

/// A stretch of a paragraph in one setting.
#[derive(Clone, Copy, Debug)]
pub struct Span<'a> {
    /// The text, without line feeds.
    pub text: &'a str,
    /// Its clusters, all of them.
    pub clusters: &'a [Cluster],
    /// Added after each cluster, beside the tracking, in thousandths of the em; empty: nothing.
    pub extra: &'a [i32],
    /// How it is set.
    pub setting: Setting,
}

/// Where lines stand in their measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left, ragged at the right.
    #[default]
    Left,
    /// In the middle. Nothing hangs.
    Center,
    /// At the right. Nothing hangs.
    Right,
    /// Filled from edge to edge, but for the last line.
    Justify,
}

/// The room of a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// From the left to the right edge.
    pub width: Length,
    /// Indent of the first line.
    pub first: Length,
    /// Indent of the other lines.
    pub other: Length,
    /// How the lines stand.
    pub align: Align,
    /// Whether 、。 may hang behind a line that stands at the left or is filled.
    pub hanging: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From the left, one for each span that the line touches.
    pub segments: Vec<Segment>,
    /// From the left edge of the measure to the first letter.
    pub x: Length,
    /// The width of what is seen: without spaces at the end and without the hanging mark.
    pub width: Length,
    /// The advance of the mark that hangs behind the line; zero for most lines.
    pub hang: Length,
}

/// What a line has of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The number of the span.
    pub span: usize,
    /// Which of its clusters.
    pub clusters: Range<usize>,
    /// From the left edge of the measure.
    pub x: Length,
    /// Added after each of the clusters beside the tracking, what came with the span included. *Unit*: thousandths
    /// of the em. As [`runs`](crate::text::runs) take it.
    pub space: Vec<i32>,
}

/// A line that would need more than this between letters, in thousandths of the em, is set left.
const WIDEST_GAP: i64 = 500;

/// Never at the beginning of a line (JIS X 4051:2004, 行頭禁則; Requirements for Japanese Text Layout,
/// W3C 2020, 3.1.7), beside what UAX 14 knows.
pub(super) const NOT_FIRST: &str = "、。，．・：；？！）」』】〕〉》］｝〙〗”’ー々ゝゞヽヾ〻\
    ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ,.:;?!)]}％‰℃…‥～〜";

/// Never at the end of a line (行末禁則).
pub(super) const NOT_LAST: &str = "（「『【〔〈《［｛〘〖“‘([{〒￥＄№＃";

/// May hang behind a line.
const HANGING: &str = "、。，．";

/// A cluster with what the breaking needs to know; widths in fine units.
struct Atom {
    span: usize,
    clusters: Range<usize>,
    advance: i128,
    /// What follows it unless it ends a line: the tracking, and what came with the span.
    tracking: i128,
    /// What came with the span. *Unit*: thousandths of the em.
    extra: i32,
    /// One thousandth of the em.
    one: i128,
    first: char,
    breaks: bool,
}

/// Breaks a paragraph into lines.
///
/// # Errors
/// When something that may not be broken, such as a long word, is wider than the measure.
pub fn lines(spans: &[Span<'_>], measure: &Measure) -> Result<Vec<Line>, TooLong> {
    let mut atoms = atoms(spans);
    let hanging = measure.hanging && matches!(measure.align, Align::Left | Align::Justify);
    let room = |indent| i128::from((measure.width - indent).to_units()) * FINE;
    // Without a break no line ends but the last: if the text ends on its first line, none is looked for.
    if line_end(&atoms, 0, room(measure.first), hanging).is_none() {
        find_breaks(spans, &mut atoms);
    }
    let mut lines = Vec::new();
    let mut start = 0;
    while start < atoms.len() {
        let indent = if start == 0 { measure.first } else { measure.other };
        let room = room(indent);
        let Some(end) = line_end(&atoms, start, room, hanging) else {
            return Err(too_long(&atoms, start, measure.width - indent));
        };
        let filled = measure.align == Align::Justify && end < atoms.len();
        lines.push(set(&atoms[start..end], indent, room, Fill { align: measure.align, filled }));
        start = end;
    }
    Ok(lines)
}

/// The clusters of all spans, not yet knowing where a line may end.
fn atoms(spans: &[Span<'_>]) -> Vec<Atom> {
    let mut atoms: Vec<Atom> = Vec::with_capacity(spans.iter().map(|span| span.clusters.len()).sum());
    for (number, span) in spans.iter().enumerate() {
        let one = span.setting.fine(1);
        for (index, cluster) in span.clusters.iter().enumerate() {
            let advance = one * i128::from(cluster.advance);
            match atoms.last_mut() {
                Some(last) if cluster.follows() && last.span == number => {
                    last.advance += advance;
                    last.clusters.end = index + 1;
                }
                Some(_) | None => {
                    let extra = span.extra.get(index).copied().unwrap_or(0);
                    let first = span.text.get(cluster.text.start as usize..).and_then(|rest| rest.chars().next());
                    atoms.push(Atom {
                        span: number,
                        clusters: index..index + 1,
                        advance,
                        tracking: one * i128::from(span.setting.space + extra),
                        extra,
                        one,
                        first: first.unwrap_or(' '),
                        breaks: false,
                    });
                }
            }
        }
    }
    atoms
}

/// Finds out after which atoms a line may end.
fn find_breaks(spans: &[Span<'_>], atoms: &mut [Atom]) {
    let text: String = spans.iter().map(|span| span.text).collect();
    let mut options = LineBreakOptions::default();
    options.strictness = Some(LineBreakStrictness::Strict);
    let segmenter = LineSegmenter::new_for_non_complex_scripts(options);
    let mut ends = segmenter.segment_str(&text).peekable();
    let (mut before, mut number) = (0, 0);
    for atom in atoms.iter_mut() {
        while number < atom.span {
            before += spans.get(number).map_or(0, |span| span.text.len());
            number += 1;
        }
        let first = spans.get(number).and_then(|span| span.clusters.get(atom.clusters.start));
        let end = before + first.map_or(0, |cluster| cluster.text.end as usize);
        while ends.peek().is_some_and(|place| *place < end) {
            ends.next();
        }
        atom.breaks = ends.peek() == Some(&end);
    }
    forbid(atoms);
}

/// Takes away the breaks that our own table forbids.
fn forbid(atoms: &mut [Atom]) {
    for number in 1..atoms.len() {
        let (left, right) = (atoms[number - 1].first, atoms[number].first);
        // No ideograph is in the tables.
        if !atoms[number - 1].breaks || (is_ideograph(left) && is_ideograph(right)) {
            continue;
        }
        let digits = is_wide_digit(left) && is_wide_digit(right);
        if NOT_LAST.contains(left) || NOT_FIRST.contains(right) || digits {
            atoms[number - 1].breaks = false;
        }
    }
}

fn is_ideograph(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}')
}

fn is_wide_digit(character: char) -> bool {
    matches!(character, '０'..='９')
}

fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{3000}')
}

/// The number of the first atom of the next line; `None` when not even the shortest line fits.
fn line_end(atoms: &[Atom], start: usize, room: i128, hanging: bool) -> Option<usize> {
    let (mut best, mut sum, mut tracking) = (None, 0, 0);
    for (number, atom) in atoms.iter().enumerate().skip(start) {
        let without = sum;
        sum += tracking + atom.advance;
        tracking = atom.tracking;
        if sum > room && !is_space(atom.first) {
            let hangs = hanging && HANGING.contains(atom.first) && without <= room;
            if !hangs {
                break;
            }
        }
        if atom.breaks || number + 1 == atoms.len() {
            best = Some(number + 1);
        }
    }
    best
}

fn too_long(atoms: &[Atom], start: usize, available: Length) -> TooLong {
    let mut sum = 0;
    for atom in atoms.iter().skip(start) {
        sum += atom.advance;
        if atom.breaks {
            break;
        }
        sum += atom.tracking;
    }
    TooLong { needed: rounded(sum), available }
}

#[derive(Clone, Copy)]
struct Fill {
    align: Align,
    filled: bool,
}

/// Puts the atoms of a line at their places.
fn set(atoms: &[Atom], indent: Length, room: i128, fill: Fill) -> Line {
    let seen = atoms.iter().rposition(|atom| !is_space(atom.first)).map_or(0, |last| last + 1);
    let natural = sum(&atoms[..seen]);
    let hung = natural > room && seen > 1;
    let body = if hung { seen - 1 } else { seen };
    let width = sum(&atoms[..body]);
    let spaces = if fill.filled { fill_gaps(&atoms[..body], room - width) } else { Vec::new() };
    let added: i128 = spaces.iter().zip(atoms).map(|(space, atom)| i128::from(*space) * atom.one).sum();
    let left = match fill.align {
        Align::Left | Align::Justify => 0,
        Align::Center => (room - width) / 2,
        Align::Right => room - width,
    };
    Line {
        segments: segments(atoms, &spaces, i128::from(indent.to_units()) * FINE + left),
        x: indent + rounded(left),
        width: rounded(width + added),
        hang: if hung { rounded(atoms[body].advance) } else { Length::ZERO },
    }
}

/// The width of atoms side by side.
fn sum(atoms: &[Atom]) -> i128 {
    let advances: i128 = atoms.iter().map(|atom| atom.advance + atom.tracking).sum();
    advances - atoms.last().map_or(0, |last| last.tracking)
}

/// The thousandths to add after each atom so that the line becomes `over` wider, evenly; empty when
/// there is no gap to widen, or when the gaps would become holes.
fn fill_gaps(atoms: &[Atom], over: i128) -> Vec<i32> {
    let open: Vec<bool> = atoms.windows(2).map(|pair| is_open(pair[0].first, pair[1].first)).collect();
    let count = open.iter().filter(|open| **open).count() as i128;
    let one = atoms.first().map_or(1, |atom| atom.one.max(1));
    if count == 0 || over > one * i128::from(WIDEST_GAP) * count {
        return Vec::new();
    }
    let (mut done, mut gap) = (0, 0);
    let mut spaces = Vec::with_capacity(atoms.len());
    for (atom, open) in atoms.iter().zip(&open) {
        let mut space = 0;
        if *open && atom.one > 0 {
            gap += 1;
            space = (over * gap / count - done).div_euclid(atom.one);
            done += space * atom.one;
        }
        spaces.push(space as i32);
    }
    spaces
}

/// Whether the space between two clusters may be widened: not inside Latin words and numbers, not
/// before a space, not inside …… and ――, not beside the inner side of brackets, not before 、。.
fn is_open(left: char, right: char) -> bool {
    let word = |character: char| character.is_ascii_graphic() || ('\u{A1}'..='\u{24F}').contains(&character);
    let double = left == right && matches!(left, '…' | '‥' | '―' | '—');
    let wide_number = is_wide_digit(left) && is_wide_digit(right);
    let marks = HANGING.contains(right) || "）」』】〕〉》］｝".contains(right) || "（「『【〔〈《［｛".contains(left);
    let closed = (word(left) && word(right)) || is_space(right) || double || wide_number || marks;
    !closed
}

fn segments(atoms: &[Atom], spaces: &[i32], left: i128) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut pen = left;
    for (number, atom) in atoms.iter().enumerate() {
        let space = spaces.get(number).copied().unwrap_or(0);
        if segments.last().is_none_or(|last| last.span != atom.span) {
            let clusters = atom.clusters.start..atom.clusters.start;
            segments.push(Segment { span: atom.span, clusters, x: rounded(pen), space: Vec::new() });
        }
        if let Some(segment) = segments.last_mut() {
            segment.clusters.end = atom.clusters.end;
            segment.space.resize(segment.clusters.len(), 0);
            if let Some(last) = segment.space.last_mut() {
                *last = space + atom.extra;
            }
        }
        pen += atom.advance + atom.tracking + i128::from(space) * atom.one;
    }
    segments
}

/// Fine units as a length, rounded to the nearest.
fn rounded(fine: i128) -> Length {
    Length::units((fine + FINE / 2).div_euclid(FINE) as i64)
}

#[cfg(test)]
mod tests;
