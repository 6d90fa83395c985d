//! Running text in lines.
//!
//! Where a line may end: UAX 14 in its strict form (kinsoku of JIS X 4051: small kana, the prolonged
//! sound mark and iteration marks begin no line), and besides never before closing nor after opening
//! punctuation, and never inside a number in full-width digits. A line takes as much as it can; a 、。
//! that alone is too much hangs into the margin (ぶら下げ) where that is allowed; otherwise the line ends earlier
//! (追い出し). The lines of a filled paragraph are chosen together, see `text::total`, and filled by space,
//! see `text::fill`. Punctuation keeps its full width, but for brackets at the ends of lines where a style
//! asks: see [`trim`](crate::text::trim). The last line is set left.

use std::ops::Range;

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;
use icu_segmenter::options::LineBreakStrictness;

use crate::base::length::Length;
use crate::font::faces::Faces;
use crate::font::overhang::Overhang;
use crate::font::resolve::Cluster;
use crate::text::fill::fill;
use crate::text::fit::TooLong;
use crate::text::measure::FINE;
use crate::text::measure::Setting;
use crate::text::total::ends;
use crate::text::trim::white;

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
    /// The faces that the clusters name.
    pub faces: &'a Faces,
    /// Whether brackets at the ends of lines lose their white half.
    pub trim: bool,
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

/// Never at the beginning of a line (JIS X 4051:2004, 行頭禁則; Requirements for Japanese Text Layout,
/// W3C 2020, 3.1.7), beside what UAX 14 knows.
pub(super) const NOT_FIRST: &str = "、。，．・：；？！）」』】〕〉》］｝〙〗”’ー々ゝゞヽヾ〻\
    ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ゛゜‐–゠\
    ｡｣､･ｧｨｩｪｫｬｭｮｯｰﾞﾟ,.:;?!)]}％‰℃…‥～〜";

/// Never at the end of a line (行末禁則).
pub(super) const NOT_LAST: &str = "（「『【〔〈《［｛〘〖“‘｢([{〒￥＄№＃";

/// May hang behind a line.
pub(super) const HANGING: &str = "、。，．";

/// A cluster with what the breaking needs to know; widths in fine units.
pub(super) struct Atom {
    span: usize,
    clusters: Range<usize>,
    pub(super) advance: i128,
    /// What follows it unless it ends a line: the tracking, and what came with the span.
    pub(super) tracking: i128,
    /// What came with the span. *Unit*: thousandths of the em.
    extra: i32,
    /// One thousandth of the em.
    pub(super) one: i128,
    /// What falls away of it at the beginning and at the end of a line; less than zero where its drawing reaches over
    /// its advance there and needs room.
    white: [i128; 2],
    pub(super) first: char,
    pub(super) breaks: bool,
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
    let rooms = Rooms { first: room(measure.first), other: room(measure.other), hanging };
    let ends = match greedy(&atoms, rooms) {
        Ok(ends) if measure.align == Align::Justify => self::ends(&atoms, rooms, ends),
        Ok(ends) => ends,
        Err(start) => {
            let indent = if start == 0 { measure.first } else { measure.other };
            return Err(too_long(&atoms, start, measure.width - indent));
        }
    };
    let mut lines = Vec::with_capacity(ends.len());
    let mut start = 0;
    for end in ends {
        let indent = if start == 0 { measure.first } else { measure.other };
        let filled = measure.align == Align::Justify && end < atoms.len();
        lines.push(set(&atoms[start..end], indent, rooms.of(start), Fill { align: measure.align, filled }));
        start = end;
    }
    Ok(lines)
}

/// The room of lines, in fine units.
#[derive(Clone, Copy)]
pub(super) struct Rooms {
    pub(super) first: i128,
    pub(super) other: i128,
    pub(super) hanging: bool,
}

impl Rooms {
    /// The room of the line that begins with this atom.
    pub(super) fn of(self, start: usize) -> i128 {
        if start == 0 { self.first } else { self.other }
    }
}

/// Where lines end that each take as much as they can.
///
/// # Errors
/// The beginning of a line that nothing fits into.
fn greedy(atoms: &[Atom], rooms: Rooms) -> Result<Vec<usize>, usize> {
    let (mut ends, mut start) = (Vec::new(), 0);
    while start < atoms.len() {
        let end = line_end(atoms, start, rooms.of(start), rooms.hanging).ok_or(start)?;
        ends.push(end);
        start = end;
    }
    Ok(ends)
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
                    let white = edges(span, cluster);
                    atoms.push(Atom {
                        span: number,
                        clusters: index..index + 1,
                        advance,
                        tracking: one * i128::from(span.setting.space + extra),
                        extra,
                        one,
                        white: white.map(|white| one * i128::from(white)),
                        first: first.unwrap_or(' '),
                        breaks: false,
                    });
                }
            }
        }
    }
    atoms
}

/// What the edges of a cluster take less, or more, than its advance at the ends of a line. *Unit*: thousandths of the em.
fn edges(span: &Span<'_>, cluster: &Cluster) -> [i32; 2] {
    let Overhang { left, right } = span.faces.overhang(cluster.face, cluster.glyph);
    let white = if span.trim { white(span.faces, span.text, cluster) } else { [0, 0] };
    [white[0] - left, white[1] - right]
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

pub(super) fn is_wide_digit(character: char) -> bool {
    matches!(character, '０'..='９')
}

pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\u{3000}')
}

/// The number of the first atom of the next line; `None` when not even the shortest line fits.
fn line_end(atoms: &[Atom], start: usize, room: i128, hanging: bool) -> Option<usize> {
    let mut best = None;
    line_ends(atoms, start, (room, hanging), |end| best = Some(end));
    best
}

/// All numbers that the first atom of the next line may have, ascending.
pub(super) fn line_ends(atoms: &[Atom], start: usize, (room, hanging): (i128, bool), mut visit: impl FnMut(usize)) {
    let mut sum = -atoms.get(start).map_or(0, |first| first.white[0]);
    let mut tracking = 0;
    for (number, atom) in atoms.iter().enumerate().skip(start) {
        let without = sum;
        sum += tracking + atom.advance;
        tracking = atom.tracking;
        if sum - atom.white[1] > room && !is_space(atom.first) {
            let hangs = hanging && HANGING.contains(atom.first) && without <= room;
            if !hangs {
                break;
            }
        }
        if atom.breaks || number + 1 == atoms.len() {
            visit(number + 1);
        }
    }
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

/// What is seen of a line: how many of its atoms stand in the measure, whether one more hangs behind them, and their
/// width.
pub(super) fn body(atoms: &[Atom], room: i128) -> (usize, bool, i128) {
    let seen = atoms.iter().rposition(|atom| !is_space(atom.first)).map_or(0, |last| last + 1);
    let seen = &atoms[..seen];
    let natural = sum(seen) - seen.last().map_or(0, |last| last.white[1]);
    match seen.split_last() {
        Some((_, body)) if natural > room && !body.is_empty() => (body.len(), true, sum(body)),
        Some(_) | None => (seen.len(), false, natural),
    }
}

/// Puts the atoms of a line at their places.
fn set(atoms: &[Atom], indent: Length, room: i128, how: Fill) -> Line {
    let (count, hung, width) = body(atoms, room);
    let spaces = if how.filled { fill(&atoms[..count], room - width) } else { Vec::new() };
    let added: i128 = spaces.iter().zip(atoms).map(|(space, atom)| i128::from(*space) * atom.one).sum();
    let left = match how.align {
        Align::Left | Align::Justify => 0,
        Align::Center => (room - width) / 2,
        Align::Right => room - width,
    };
    let white = atoms.first().map_or(0, |first| first.white[0]);
    Line {
        segments: segments(atoms, &spaces, i128::from(indent.to_units()) * FINE + left - white),
        x: indent + rounded(left),
        width: rounded(width + added),
        hang: if hung { rounded(atoms[count].advance) } else { Length::ZERO },
    }
}

/// The width of atoms side by side at the beginning of a line.
fn sum(atoms: &[Atom]) -> i128 {
    let advances: i128 = atoms.iter().map(|atom| atom.advance + atom.tracking).sum();
    advances - atoms.last().map_or(0, |last| last.tracking) - atoms.first().map_or(0, |first| first.white[0])
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
