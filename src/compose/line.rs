//! One line of text: filled, fitted and put at its place.

use crate::base::field::Field;
use crate::base::fit::Ladder;
use crate::base::geometry::Point;
use crate::base::length::Length;
use crate::base::tint::Tint;
use crate::compose::context::{Context, Filled, Part, first_field};
use crate::compose::galley::{Galley, SetText};
use crate::compose::problem::{Note, NoteKind, Problem, ProblemKind};
use crate::compose::typeset::{How, Lettering, Typesetter};
use crate::template::model::{Align, Empty};
use crate::text::measure::Setting;

/// The tint of the dash that stands for an empty value: 40 %.
const DASH_TINT: u16 = 400;

/// A line of text that a record fills, or that is the same on every sheet.
#[derive(Debug)]
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
    /// How it may be made to fit.
    pub fit: Ladder,
    /// What stands where the value is empty.
    pub empty: Empty,
    /// Degrees, counter-clockwise.
    pub rotate: i16,
    /// Only the outline of the letters, this wide.
    pub outline: Option<Length>,
}

/// Words before or after a value.
#[derive(Debug)]
pub struct AffixSlot {
    /// What they say.
    pub parts: Vec<Part>,
    /// How they look.
    pub lettering: Lettering,
}

/// Words with their glyphs, at a size.
struct Piece {
    text: SetText,
    setting: Setting,
    tint: Tint,
    width: Length,
}

impl LineSlot {
    /// The fields that it reads.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        let affixes = self.before.iter().chain(&self.after).flat_map(|affix| &affix.parts);
        self.value.iter().chain(affixes).filter_map(|part| match part {
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
        let empty = match fill(&self.value, context, &mut text.words) {
            Filled::Whole => text.words.is_empty(),
            Filled::Empty => true,
            Filled::Missing(missing) => return Err(vec![missing_field(missing)]),
            Filled::Unwritable(field) => return Err(vec![Problem { kind: ProblemKind::Format, field: Some(field) }]),
        };
        if empty {
            match (self.empty, field) {
                (Empty::Blank, _) | (Empty::Refuse, None) => {
                    galley.take_back(text);
                    return Ok(());
                }
                (Empty::Refuse, Some(field)) => return Err(vec![missing_field(field)]),
                (Empty::Dash, _) => {
                    text.words.push('—');
                    lettering.tint = Tint::permille(DASH_TINT).unwrap_or_default();
                }
            }
        }
        let affixes = if empty { [None, None] } else { [self.before.as_ref(), self.after.as_ref()] };
        let [before, after] = affixes.map(|affix| affix.map(|affix| affix.set(setter, context, galley)).transpose());
        let (before, after) = (before?, after?);
        let taken: Length = before.iter().chain(&after).map(|piece| piece.width).sum();
        setter.resolve(&lettering, field, &mut text, &mut galley.notes)?;
        let room = self.width - taken;
        let value = Piece { text, setting: lettering.setting(), tint: lettering.tint, width: room };
        let value = self.fit(setter, &lettering, value, &mut galley.notes)?;
        self.place(setter, [before, Some(value), after], galley);
        Ok(())
    }

    /// Fits the value into the width that it comes with.
    fn fit(
        &self,
        setter: &Typesetter,
        lettering: &Lettering,
        mut piece: Piece,
        notes: &mut Vec<Note>,
    ) -> Result<Piece, Vec<Problem>> {
        let field = first_field(&self.value);
        let fitted = setter
            .fit(&piece.text.clusters, lettering, piece.width, &self.fit)
            .map_err(|(needed, available)| vec![Problem { kind: ProblemKind::TooLong { needed, available }, field }])?;
        if !fitted.steps.is_empty() {
            let Setting { size, stretch, .. } = fitted.setting;
            notes.push(Note { kind: NoteKind::Fitted { stretch, size, natural: lettering.size }, field });
        }
        piece.setting = fitted.setting;
        piece.width = fitted.width;
        Ok(piece)
    }

    /// Puts the pieces side by side on the baseline.
    fn place(&self, setter: &Typesetter, pieces: [Option<Piece>; 3], galley: &mut Galley) {
        let total: Length = pieces.iter().flatten().map(|piece| piece.width).sum();
        let spaces = match (self.align, &pieces) {
            (Align::Justify, [None, Some(only), None]) => setter.spread(&only.text.clusters, only.setting, self.width),
            (Align::Justify | Align::Left | Align::Center | Align::Right, _) => Vec::new(),
        };
        let mut along = match self.align {
            Align::Left | Align::Justify => Length::ZERO,
            Align::Center => (self.width - total) / 2,
            Align::Right => self.width - total,
        };
        for Piece { text, setting, tint, width } in pieces.into_iter().flatten() {
            let how = How { setting, spaces: &spaces, tint };
            setter.runs(&text.words, &text.clusters, how, galley, |run| {
                run.at = turned(self.at, along + run.at.x, run.at.y, self.rotate);
                run.rotate = self.rotate;
                run.outline = self.outline;
            });
            galley.take_back(text);
            along += width;
        }
    }
}

impl AffixSlot {
    fn set(
        &self,
        setter: &Typesetter,
        context: Option<&Context<'_>>,
        galley: &mut Galley,
    ) -> Result<Piece, Vec<Problem>> {
        let mut text = galley.text();
        fill_whole(&self.parts, context, &mut text.words)?;
        setter.resolve(&self.lettering, first_field(&self.parts), &mut text, &mut galley.notes)?;
        let width = setter.width(&text.clusters, &self.lettering);
        Ok(Piece { text, setting: self.lettering.setting(), tint: self.lettering.tint, width })
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
