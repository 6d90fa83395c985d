//! The fit ladder: a text that is too long has its spaces narrowed, is condensed, made smaller or broken into two
//! lines, only as far as needed and only as far as allowed, or else is refused.

use std::ops::Range;

use thiserror::Error;

use crate::base::fit::Ladder;
use crate::base::fit::Split;
use crate::base::fit::Step;
use crate::base::length::Length;
use crate::font::faces::Faces;
use crate::font::resolve::Cluster;
use crate::text::measure::Extent;
use crate::text::measure::FINE;
use crate::text::measure::NATURAL;
use crate::text::measure::Setting;
use crate::text::measure::extent;
use crate::text::split::Place;
use crate::text::split::is_blank;
use crate::text::split::places;
use crate::text::split::without_spaces;
use crate::text::trim::Trim;

/// A text with its glyphs.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The words.
    pub words: &'a str,
    /// Their clusters, all of them.
    pub clusters: &'a [Cluster],
    /// Added after each cluster, beside the tracking, in thousandths of the em; empty: nothing.
    pub extra: &'a [i32],
    /// The faces that the clusters name.
    pub faces: &'a Faces,
    /// At which ends of its lines brackets lose their white half.
    pub trim: Trim,
}

impl Text<'_> {
    /// The room that the drawings of a line take. `added` is what stands behind its clusters.
    fn extent(&self, line: Range<usize>, space: i32, added: &[i32]) -> Extent {
        let clusters = self.clusters.get(line).unwrap_or_default();
        let found = extent(self.faces, clusters, space, added);
        if self.trim == Trim::default() { found } else { self.trim.apply(self.faces, self.words, clusters, found) }
    }
}

/// A text that has found its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitted {
    /// How it is set now.
    pub setting: Setting,
    /// The line, or the first of two.
    pub first: Line,
    /// The second line, and where the text was broken.
    pub second: Option<Box<(Line, Split)>>,
    /// What is added after each cluster now that spaces were narrowed, in thousandths of the em. Empty: none was,
    /// and what came with the text holds.
    pub spaces: Vec<i32>,
    /// What was done: each step with the thousandths that it really took. Empty: nothing.
    pub steps: Vec<Step>,
}

/// A line of a text that has found its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its clusters; at the end of the first of two lines, the spaces that the text was broken at.
    pub clusters: Range<usize>,
    /// The room that its drawings take: never more than was available. Spaces at a break take none.
    pub width: Length,
    /// From the left edge of that room to where the first glyph begins. Zero but for overhanging drawings, and for
    /// brackets that lose their white half: less than zero.
    pub left: Length,
}

impl Fitted {
    /// The width of the wider line.
    pub fn width(&self) -> Length {
        match self.second.as_deref() {
            Some((second, _)) => self.first.width.max(second.width),
            None => self.first.width,
        }
    }

    /// The width of the spaces, in thousandths of their natural one.
    pub fn tightness(&self) -> u16 {
        let taken = |step: &Step| match step {
            Step::Tighten(part) => Some(*part),
            Step::Condense(_) | Step::Shrink(_) | Step::TwoLines { .. } => None,
        };
        self.steps.iter().rev().find_map(taken).unwrap_or(NATURAL)
    }
}

/// A text that does not fit with all steps taken to their limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("needs {needed} at its tightest, has {available}")]
pub struct TooLong {
    /// Its width with every step taken to its limit.
    pub needed: Length,
    /// The room that it has.
    pub available: Length,
}

/// Fits a text into `available`, starting from `natural`.
///
/// As it is, if it fits. Otherwise step by step in the order of the ladder, each only as far as needed:
/// to the needed number of thousandths, rounded down, but not below the limit of the step. A step whose
/// limit is reached already does nothing. Shrinking scales the tracking along. What must fit are the
/// drawings, not only the advances.
///
/// Two lines begin anew: letters and spaces of natural width in the size of the step; then the steps before
/// it, but `Shrink`, and those behind it.
///
/// # Errors
/// When the text is too long even with all steps at their limits.
pub fn fit(text: Text<'_>, natural: Setting, available: Length, ladder: &Ladder) -> Result<Fitted, TooLong> {
    let whole = text.extent(0..text.clusters.len(), natural.space, text.extra);
    let first = line(0..text.clusters.len(), natural, whole);
    if first.width <= available {
        return Ok(Fitted { setting: natural, first, second: None, spaces: Vec::new(), steps: Vec::new() });
    }
    squeeze(text, natural, available, ladder)
}

/// The line that glyphs of this extent make.
pub(crate) fn line(clusters: Range<usize>, setting: Setting, extent: Extent) -> Line {
    let left = if extent.left == 0 { Length::ZERO } else { setting.length(extent.left) };
    Line { clusters, width: setting.length(extent.whole()), left }
}

/// The same for a text that is too long.
#[cold]
fn squeeze(text: Text<'_>, natural: Setting, available: Length, ladder: &Ladder) -> Result<Fitted, TooLong> {
    let is_break = |step: &Step| matches!(step, Step::TwoLines { .. });
    let (before, after) = match ladder.steps.iter().position(is_break) {
        Some(at) => (&ladder.steps[..at], &ladder.steps[at..]),
        None => (ladder.steps.as_slice(), [].as_slice()),
    };
    let room = i128::from(available.to_units()) * FINE;
    let mut one = Press::new(text, natural, room);
    let refused = match one.climb(before.iter()) {
        true => return Ok(one.fitted()),
        false => TooLong { needed: one.needed(), available },
    };
    let Some((Step::TwoLines { size, anywhere }, after)) = after.split_first() else { return Err(refused) };
    let blank = Press::new(text, natural, room);
    let steps = || before.iter().filter(|step| !matches!(step, Step::Shrink(_))).chain(after);
    let mut tightest = refused.needed;
    let least = if *anywhere { [Place::Joint, Place::Letters].as_slice() } else { &[Place::Joint] };
    for least in least {
        let Some(mut two) = blank.broken(*size, *least) else { continue };
        if two.climb(steps()) {
            return Ok(two.fitted());
        }
        tightest = tightest.min(two.needed());
    }
    Err(TooLong { needed: tightest, available })
}

/// A text under pressure.
#[derive(Clone)]
struct Press<'a> {
    text: Text<'a>,
    /// The room of a line, in fine units.
    room: i128,
    natural: Setting,
    setting: Setting,
    /// The size, in thousandths of the natural one.
    shrunk: u16,
    /// The width of spaces, in thousandths.
    tight: u16,
    spaces: Vec<i32>,
    /// Where the second line begins.
    split: Option<(usize, Split)>,
    steps: Vec<Step>,
}

impl<'a> Press<'a> {
    fn new(text: Text<'a>, natural: Setting, room: i128) -> Press<'a> {
        let (spaces, steps) = (Vec::new(), Vec::new());
        let (shrunk, tight) = (NATURAL, NATURAL);
        Press { text, room, natural, setting: natural, shrunk, tight, spaces, split: None, steps }
    }

    /// The same in two lines, broken where it is best: at a space if the lines then fit, at any place
    /// that is at least so good if not; the wider line as short as can be. `None`: there is no such place.
    fn broken(&self, size: u16, least: Place) -> Option<Press<'a>> {
        let mut two = self.clone();
        two.shrunk = size;
        two.setting.size = self.natural.size.scale(i64::from(size), i64::from(NATURAL));
        let places = places(self.text.words, self.text.clusters);
        let mut best = |least: Place| {
            let mut best = None;
            for (at, place) in places.iter().filter(|(_, place)| *place >= least) {
                let split = if *place == Place::Letters { Split::Letters } else { Split::Place };
                two.split = Some((*at, split));
                let width = two.widest();
                // The later of two equals, so that the first line is the longer one.
                if best.is_none_or(|(narrowest, _)| width <= narrowest) {
                    best = Some((width, two.split));
                }
            }
            best
        };
        let at_space = best(Place::Space).filter(|(width, _)| two_fits(self, size, *width));
        let (_, split) = at_space.or_else(|| best(least))?;
        two.split = split;
        let anywhere = matches!(split, Some((_, Split::Letters)));
        two.steps.push(Step::TwoLines { size, anywhere });
        Some(two)
    }

    /// The lines, the spaces at a break left out.
    fn lines(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let count = self.text.clusters.len();
        let (first, second) = match self.split {
            Some((at, _)) => {
                (0..without_spaces(self.text.words, self.text.clusters.get(..at).unwrap_or_default()), Some(at..count))
            }
            None => (0..count, None),
        };
        [Some(first), second].into_iter().flatten()
    }

    fn extent(&self, line: Range<usize>, spaces: &[i32]) -> Extent {
        let spaces = if spaces.is_empty() { self.text.extra } else { spaces };
        // What would follow the last letter of a line that is broken falls away.
        let end = if line.end < self.text.clusters.len() { line.end.saturating_sub(1) } else { line.end };
        let spaces = spaces.get(line.start..end.max(line.start)).unwrap_or_default();
        self.text.extent(line, self.setting.space, spaces)
    }

    /// The thousandths of the wider line.
    fn widest(&self) -> i64 {
        self.lines().map(|line| self.extent(line, &self.spaces).whole()).max().unwrap_or(0)
    }

    fn fits(&self) -> bool {
        self.setting.fine(self.widest()) <= self.room
    }

    fn needed(&self) -> Length {
        self.setting.length(self.widest())
    }

    /// Takes steps until it fits; whether it does.
    fn climb<'s>(&mut self, steps: impl Iterator<Item = &'s Step>) -> bool {
        for step in steps {
            if self.fits() {
                return true;
            }
            match *step {
                Step::Tighten(limit) => self.tighten(limit),
                Step::Condense(limit) => {
                    let full = Setting { stretch: NATURAL, ..self.setting };
                    let stretch = needed(self.room, full.fine(self.widest())).max(limit).min(self.setting.stretch);
                    if stretch < self.setting.stretch {
                        self.setting.stretch = stretch;
                        self.steps.push(Step::Condense(stretch));
                    }
                }
                Step::Shrink(limit) => {
                    let full = Setting { size: self.natural.size, ..self.setting };
                    let part = needed(self.room, full.fine(self.widest())).max(limit).min(self.shrunk);
                    if part < self.shrunk {
                        self.shrunk = part;
                        self.setting.size = self.natural.size.scale(i64::from(part), i64::from(NATURAL));
                        self.steps.push(Step::Shrink(part));
                    }
                }
                Step::TwoLines { .. } => {}
            }
        }
        self.fits()
    }

    /// Narrows the spaces of every line as far as the line that needs it most.
    fn tighten(&mut self, limit: u16) {
        let one = self.setting.fine(1).max(1);
        let has = i64::try_from(self.room.div_euclid(one)).unwrap_or(i64::MAX);
        let (words, clusters) = (self.text.words, self.text.clusters);
        let mut part = i64::from(self.tight);
        for line in self.lines() {
            let blanks = clusters.get(line.clone()).unwrap_or_default().iter().filter(|it| is_blank(words, it));
            let blank: i64 = blanks.map(|cluster| i64::from(cluster.advance)).sum();
            let whole = self.extent(line, &[]).whole();
            if blank > 0 {
                part = part.min(((has.saturating_sub(whole - blank)).saturating_mul(1000)).div_euclid(blank));
            }
        }
        let part = part.max(i64::from(limit)) as u16;
        if part < self.tight {
            self.tight = part;
            let extra = self.text.extra;
            let narrowed = |(number, cluster): (usize, &Cluster)| match is_blank(words, cluster) {
                true => (cluster.advance * i32::from(part)).div_euclid(1000) - cluster.advance,
                false => extra.get(number).copied().unwrap_or(0),
            };
            self.spaces = clusters.iter().enumerate().map(narrowed).collect();
            self.steps.push(Step::Tighten(part));
        }
    }

    fn fitted(self) -> Fitted {
        let mut lines = self.lines().map(|range| line(range.clone(), self.setting, self.extent(range, &self.spaces)));
        let (first, second) = (lines.next(), lines.next());
        let mut first = first.unwrap_or(Line { clusters: 0..0, width: Length::ZERO, left: Length::ZERO });
        let split = self.split.map_or(Split::Place, |(at, split)| {
            first.clusters.end = at;
            split
        });
        let second = second.map(|second| Box::new((second, split)));
        Fitted { setting: self.setting, first, second, spaces: self.spaces, steps: self.steps }
    }
}

/// Whether lines of these thousandths fit in a size without another step.
fn two_fits(press: &Press<'_>, size: u16, widest: i64) -> bool {
    let size = press.natural.size.scale(i64::from(size), i64::from(NATURAL));
    Setting { size, ..press.natural }.fine(widest) <= press.room
}

/// How many thousandths of `full` the room takes, rounded down; at least one, at most all.
fn needed(room: i128, full: i128) -> u16 {
    if full <= 0 {
        return NATURAL;
    }
    (room * i128::from(NATURAL)).div_euclid(full).clamp(1, i128::from(NATURAL)) as u16
}

#[cfg(test)]
mod tests;
