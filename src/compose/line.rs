//! One line of text: filled, fitted and put at its place.

use std::ops::Range;

use crate::base::field::Field;
use crate::base::fit::{Ladder, two_baselines};
use crate::base::geometry::Point;
use crate::base::length::Length;
use crate::base::row::below;
use crate::base::tint::Tint;
use crate::compose::context::{Context, Filled, Part, first_field};
use crate::compose::galley::{Galley, SetText};
use crate::compose::problem::{Note, NoteKind, Problem, ProblemKind, Taken};
use crate::compose::ruby::RubySlot;
use crate::compose::typeset::{How, Lettering, Typesetter};
use crate::font::resolve::Cluster;
use crate::sheet::Run;
use crate::template::model::{Align, Empty};
use crate::text::fit;
use crate::text::fit::{Fitted, TooLong};
use crate::text::measure::Setting;
use crate::text::trim::Trim;

/// The tint of the dash that stands for an empty value: 40 %.
const DASH_TINT: u16 = 400;

/// A line of text that a record fills, or that is the same on every sheet.
#[derive(Clone, Debug)]
pub struct LineSlot {
    /// The left end of the baseline.
    pub at: Point,
    /// The room that it has.
    pub width: Length,
    /// Where it stands in that room.
    pub align: Align,
    /// How it looks.
    pub lettering: Lettering,
    /// What it says.
    pub value: Vec<Part>,
    /// Words in front.
    pub before: Option<AffixSlot>,
    /// Words behind.
    pub after: Option<AffixSlot>,
    /// Kana above the value.
    pub ruby: Option<RubySlot>,
    /// How it may be made to fit.
    pub fit: Ladder,
    /// How far the middle of two lines stands below the baseline.
    pub middle: Length,
    /// What stands where the value is empty.
    pub empty: Empty,
    /// Degrees, counter-clockwise.
    pub rotate: i16,
    /// Only the outline of the letters, this wide.
    pub outline: Option<Length>,
}

/// Words before or after a value.
#[derive(Clone, Debug)]
pub struct AffixSlot {
    /// What they say.
    pub parts: Vec<Part>,
    /// How they look.
    pub lettering: Lettering,
}

/// Words with their glyphs, at a size.
pub(super) struct Piece {
    pub(super) text: SetText,
    pub(super) setting: Setting,
    tint: Tint,
    /// The room that the drawings take.
    pub(super) width: Length,
    /// From the left edge of that room to the first glyph.
    left: Length,
    /// Added after each glyph; empty: what came with the text.
    pub(super) spaces: Vec<i32>,
    /// The two lines that it stands on; `None`: one.
    lines: Option<Box<[fit::Line; 2]>>,
}

impl Piece {
    /// Some of its glyphs, and how they are set.
    fn glyphs(&self, range: Range<usize>) -> (&str, &[Cluster], How<'_>) {
        let clusters = self.text.clusters.get(range.clone()).unwrap_or_default();
        let spaces = if self.spaces.is_empty() { &self.text.extra } else { &self.spaces };
        let spaces = spaces.get(range).unwrap_or_default();
        (&self.text.words, clusters, How { setting: self.setting, spaces, tint: self.tint })
    }
}

/// A text that is to be fitted.
pub(super) struct Loose<'l> {
    /// Its words and glyphs.
    pub(super) text: SetText,
    /// How it looks.
    pub(super) lettering: &'l Lettering,
    /// The field that it comes from.
    pub(super) field: Option<Field>,
    /// The room that it has.
    pub(super) room: Length,
    /// At which ends brackets lose their white half.
    pub(super) trim: Trim,
}

impl Loose<'_> {
    /// Fits the text into its room.
    ///
    /// # Errors
    /// When it is too long.
    pub(super) fn fit(
        self,
        setter: &Typesetter,
        ladder: &Ladder,
        notes: &mut Vec<Note>,
    ) -> Result<Piece, Vec<Problem>> {
        let Loose { text, lettering, field, room, trim } = self;
        let fitted = setter.fit((&text, trim), lettering, room, ladder).map_err(|TooLong { needed, available }| {
            vec![Problem { kind: ProblemKind::TooLong { needed, available }, field }]
        })?;
        if !fitted.steps.is_empty() {
            let Setting { size, stretch, .. } = fitted.setting;
            let split = fitted.second.as_deref().map(|(_, split)| *split);
            let taken = Taken { spaces: fitted.tightness(), stretch, size, natural: lettering.size, split };
            notes.push(Note { kind: NoteKind::Fitted(taken), field });
        }
        let width = fitted.width();
        let Fitted { setting, first, second, spaces, .. } = fitted;
        let left = first.left;
        let lines = second.map(|second| Box::new([first, second.0]));
        Ok(Piece { text, setting, tint: lettering.tint, width, left, spaces, lines })
    }
}

impl LineSlot {
    /// The fields that it reads.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        let affixes = self.before.iter().chain(&self.after).flat_map(|affix| &affix.parts);
        let ruby = self.ruby.iter().flat_map(|ruby| &ruby.value);
        self.value.iter().chain(affixes).chain(ruby).filter_map(|part| match part {
            Part::Value(field, _) => Some(*field),
            Part::Words(_) => None,
        })
    }

    /// Sets the line; `context` is `None` for fixed text.
    ///
    /// # Errors
    /// A missing value, characters without a glyph, or more than fits.
    pub fn set(
        &self,
        setter: &Typesetter,
        context: Option<&Context<'_>>,
        galley: &mut Galley,
    ) -> Result<(), Vec<Problem>> {
        let field = first_field(&self.value);
        let mut text = galley.text();
        let mut lettering = self.lettering;
        let (affixes, ruby) = match single(&self.value, self.empty, context, &mut text.words)? {
            Content::Words => ([self.before.as_ref(), self.after.as_ref()], self.ruby.as_ref()),
            Content::Dash(tint) => {
                lettering.tint = tint;
                ([None, None], None)
            }
            Content::Nothing => {
                galley.take_back(text);
                return Ok(());
            }
        };
        let alone = matches!((affixes, ruby), ([None, None], None)) && self.align != Align::Justify;
        if alone && self.set_at_once(setter, &lettering, &mut text.words, galley) {
            galley.take_back(text);
            return Ok(());
        }
        let outer = |start: bool| if start { self.before.as_ref() } else { self.after.as_ref() };
        let mut affix = |start: bool, affix: Option<&AffixSlot>| {
            let trim = Trim { start, end: !start };
            affix.map(|affix| affix.set(setter, context, trim, galley)).transpose()
        };
        let [before, after] = affixes;
        let (before, after) = (affix(true, before)?, affix(false, after)?);
        let taken: Length = before.iter().chain(&after).map(|piece| piece.width).sum();
        setter.resolve(&lettering, field, &mut text, &mut galley.notes)?;
        let trims = |start| lettering.trim && outer(start).is_none();
        let (room, trim) = (self.width - taken, Trim { start: trims(true), end: trims(false) });
        let loose = Loose { text, lettering: &lettering, field, room, trim };
        let mut value = loose.fit(setter, &self.fit, &mut galley.notes)?;
        // Narrowed spaces fill the width already.
        if self.align == Align::Justify && before.is_none() && after.is_none() && value.spaces.is_empty() {
            value.spaces = setter.spread(&value.text, value.setting, (self.width, trim));
        }
        let ruby = match ruby {
            Some(ruby) => ruby.set(setter, context, (room, value.width), galley)?,
            None => None,
        };
        self.place(setter, [before, Some(value), after], ruby, galley);
        Ok(())
    }

    /// Sets words that have the room to themselves and need nothing but their place; whether it did.
    fn set_at_once(&self, setter: &Typesetter, lettering: &Lettering, words: &mut String, galley: &mut Galley) -> bool {
        let trim = Trim { start: lettering.trim, end: lettering.trim };
        setter.at_once((words, trim), lettering, self.width, galley, |run, line| {
            self.turn(run, (indent(self.align, self.width, line.width) + line.left, Length::ZERO));
        })
    }

    /// Puts the pieces side by side on the baseline; kana that are wider than the value take their room beside it.
    fn place(&self, setter: &Typesetter, pieces: [Option<Piece>; 3], ruby: Option<Piece>, galley: &mut Galley) {
        let wider = |number: usize, width: Length| match &ruby {
            Some(ruby) if number == 1 => width.max(ruby.width),
            Some(_) | None => width,
        };
        let widths: [Length; 3] = std::array::from_fn(|number| {
            let piece = pieces.get(number).and_then(Option::as_ref);
            piece.map_or(Length::ZERO, |piece| wider(number, piece.width))
        });
        let mut along = indent(self.align, self.width, widths.iter().copied().sum());
        for ((number, piece), width) in pieces.into_iter().enumerate().zip(widths) {
            let Some(piece) = piece else { continue };
            if let Some(ruby) = ruby.as_ref().filter(|_| number == 1) {
                let up = below(ruby.setting.size) + piece.setting.size - below(piece.setting.size);
                let start = along + (width - ruby.width) / 2 + ruby.left;
                self.put(setter, ruby.glyphs(0..ruby.text.clusters.len()), (start, -up), galley);
            }
            let start = along + (width - piece.width) / 2;
            match &piece.lines {
                None => {
                    let glyphs = piece.glyphs(0..piece.text.clusters.len());
                    self.put(setter, glyphs, (start + piece.left, Length::ZERO), galley);
                }
                Some(lines) => {
                    let baselines = two_baselines(self.middle, piece.setting.size);
                    for (line, down) in lines.iter().zip(baselines) {
                        let start = start + indent(self.align, piece.width, line.width) + line.left;
                        self.put(setter, piece.glyphs(line.clusters.clone()), (start, down), galley);
                    }
                }
            }
            galley.take_back(piece.text);
            along += width;
        }
        ruby.into_iter().for_each(|ruby| galley.take_back(ruby.text));
    }

    /// Sets glyphs of some words, so far along the baseline and down from it.
    fn put(
        &self,
        setter: &Typesetter,
        (words, clusters, how): (&str, &[Cluster], How<'_>),
        (along, down): (Length, Length),
        galley: &mut Galley,
    ) {
        setter.runs(words, clusters, how, galley, |run| self.turn(run, (along, down)));
    }

    /// Puts a run of the line at its place on the side.
    fn turn(&self, run: &mut Run, (along, down): (Length, Length)) {
        run.at = turned(self.at, along + run.at.x, down + run.at.y, self.rotate);
        run.rotate = self.rotate;
        run.outline = self.outline;
    }
}

/// What a line says.
pub(super) enum Content {
    /// Its words.
    Words,
    /// A dash for an empty value, in this tint.
    Dash(Tint),
    /// Nothing.
    Nothing,
}

/// The words of a value that stands on one line, or what stands for an empty one.
///
/// # Errors
/// When a value is missing or cannot be written.
pub(super) fn single(
    parts: &[Part],
    empty: Empty,
    context: Option<&Context<'_>>,
    words: &mut String,
) -> Result<Content, Vec<Problem>> {
    match fill(parts, context, words) {
        Filled::Whole if !words.is_empty() => return Ok(Content::Words),
        Filled::Whole | Filled::Empty => {}
        Filled::Missing(missing) => return Err(vec![missing_field(missing)]),
        Filled::Unwritable(field) => return Err(vec![Problem { kind: ProblemKind::Format, field: Some(field) }]),
    }
    match (empty, first_field(parts)) {
        (Empty::Blank, _) | (Empty::Refuse, None) => Ok(Content::Nothing),
        (Empty::Refuse, Some(field)) => Err(vec![missing_field(field)]),
        (Empty::Dash, _) => {
            words.push('—');
            Ok(Content::Dash(Tint::permille(DASH_TINT).unwrap_or_default()))
        }
    }
}

/// From the left edge of a room to what takes so much of it.
pub(super) fn indent(align: Align, room: Length, taken: Length) -> Length {
    match align {
        Align::Left | Align::Justify => Length::ZERO,
        Align::Center => (room - taken) / 2,
        Align::Right => room - taken,
    }
}

impl AffixSlot {
    fn set(
        &self,
        setter: &Typesetter,
        context: Option<&Context<'_>>,
        trim: Trim,
        galley: &mut Galley,
    ) -> Result<Piece, Vec<Problem>> {
        let mut text = galley.text();
        fill_whole(&self.parts, context, &mut text.words)?;
        setter.resolve(&self.lettering, first_field(&self.parts), &mut text, &mut galley.notes)?;
        let (setting, tint) = (self.lettering.setting(), self.lettering.tint);
        let trim = if self.lettering.trim { trim } else { Trim::default() };
        let extent = setter.extent(&text, &self.lettering, trim);
        let (width, left) = (setting.length(extent.whole()), setting.length(extent.left));
        Ok(Piece { text, setting, tint, width, left, spaces: Vec::new(), lines: None })
    }
}

/// The words of a pattern that must be whole.
///
/// # Errors
/// When a value is missing or cannot be written.
pub fn whole_words(parts: &[Part], context: Option<&Context<'_>>) -> Result<String, Vec<Problem>> {
    let mut words = String::new();
    fill_whole(parts, context, &mut words).map(|()| words)
}

/// The same, behind what stands in `words`.
pub(super) fn fill_whole(
    parts: &[Part],
    context: Option<&Context<'_>>,
    words: &mut String,
) -> Result<(), Vec<Problem>> {
    match (fill(parts, context, words), first_field(parts)) {
        (Filled::Whole, _) | (Filled::Empty, None) => Ok(()),
        (Filled::Empty, Some(field)) | (Filled::Missing(field), _) => Err(vec![missing_field(field)]),
        (Filled::Unwritable(field), _) => Err(vec![Problem { kind: ProblemKind::Format, field: Some(field) }]),
    }
}

/// Fills from a record, or from nothing where all is fixed.
pub(super) fn fill(parts: &[Part], context: Option<&Context<'_>>, words: &mut String) -> Filled {
    if let Some(context) = context {
        return context.fill(parts, words);
    }
    for part in parts {
        match part {
            Part::Words(fixed) => words.push_str(fixed),
            Part::Value(field, _) => return Filled::Missing(*field),
        }
    }
    Filled::Whole
}

pub(super) fn missing_field(field: Field) -> Problem {
    Problem { kind: ProblemKind::Missing, field: Some(field) }
}

/// A point `along` a baseline and `down` from it, when the line is turned around `origin`.
fn turned(origin: Point, along: Length, down: Length, degrees: i16) -> Point {
    if degrees == 0 {
        return origin.offset(Point { x: along, y: down });
    }
    rotated(origin, along, down, degrees)
}

#[cold]
fn rotated(origin: Point, along: Length, down: Length, degrees: i16) -> Point {
    let angle = f64::from(degrees).to_radians();
    // Millionths: coarse enough that every machine rounds alike.
    let (sine, cosine) = ((angle.sin() * 1e6).round() as i64, (angle.cos() * 1e6).round() as i64);
    Point {
        x: origin.x + along.scale(cosine, 1_000_000) + down.scale(sine, 1_000_000),
        y: origin.y - along.scale(sine, 1_000_000) + down.scale(cosine, 1_000_000),
    }
}
