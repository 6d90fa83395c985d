//! Vertical text: filled, fitted into a column or two and put at its place.

use crate::base::field::Field;
use crate::base::fit::{Figures, Ladder};
use crate::base::geometry::Point;
use crate::base::length::Length;
use crate::base::tint::Tint;
use crate::compose::context::{Context, Part, first_field};
use crate::compose::galley::{Galley, SetText};
use crate::compose::line::{AffixSlot, Content, fill_whole, indent, single};
use crate::compose::problem::{Note, NoteKind, Problem, ProblemKind, Taken};
use crate::compose::typeset::{How, Lettering, Typesetter};
use crate::template::model::{Align, Empty};
use crate::text::column::{FittedColumn, Pile, Posture, Stone, fit, height, places, without_blanks};
use crate::text::measure::{NATURAL, Setting, thousandths};

/// The middle of the em box above the baseline, and its upper edge, in thousandths of the em: the convention of
/// Japanese faces.
const MIDDLE: i64 = 380;
const ABOVE: i64 = 880;

/// Turned clockwise.
const CLOCKWISE: i16 = -90;

/// A column of text that a record fills, or that is the same on every sheet.
#[derive(Clone, Debug)]
pub struct ColumnSlot {
    /// The middle of the upper end.
    pub at: Point,
    /// The room downwards.
    pub height: Length,
    /// Where it stands in that room.
    pub align: Align,
    /// How it looks.
    pub lettering: Lettering,
    /// What it says.
    pub value: Vec<Part>,
    /// Words below.
    pub after: Option<AffixSlot>,
    /// How it may be made to fit.
    pub fit: Ladder,
    /// What stands where the value is empty.
    pub empty: Empty,
    /// How figures stand.
    pub figures: Figures,
}

/// Letters that stand below one another, and how they look.
struct Set {
    text: SetText,
    stones: Vec<Stone>,
    fitted: FittedColumn,
    tint: Tint,
}

impl Set {
    fn columns(&self) -> [&[Stone]; 2] {
        pile(&self.text, &self.stones).columns(self.fitted.split)
    }

    /// The height of a column in thousandths of the em; spaces at a break take none.
    fn height(&self, stones: &[Stone]) -> i64 {
        let seen = if self.fitted.split.is_some() { without_blanks(stones) } else { stones };
        height(seen, self.fitted.setting.space, self.fitted.tight)
    }

    /// The height of the longer column.
    fn longest(&self) -> Length {
        let [first, second] = self.columns().map(|stones| self.height(stones));
        self.fitted.setting.length(first.max(second))
    }
}

fn pile<'p>(text: &'p SetText, stones: &'p [Stone]) -> Pile<'p> {
    Pile { words: &text.words, clusters: &text.clusters, stones }
}

impl ColumnSlot {
    /// The fields that it reads.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        let after = self.after.iter().flat_map(|affix| &affix.parts);
        self.value.iter().chain(after).filter_map(|part| match part {
            Part::Value(field, _) => Some(*field),
            Part::Words(_) => None,
        })
    }

    /// Sets the column; `context` is `None` for fixed text.
    ///
    /// # Errors
    /// A missing value, characters without a glyph or without a vertical form, or more than fits.
    pub fn set(
        &self,
        setter: &Typesetter,
        context: Option<&Context<'_>>,
        galley: &mut Galley,
    ) -> Result<(), Vec<Problem>> {
        let field = first_field(&self.value);
        let mut text = galley.text();
        let (tint, after) = match single(&self.value, self.empty, context, &mut text.words)? {
            Content::Words => (self.lettering.tint, self.after.as_ref()),
            Content::Dash(tint) => (tint, None),
            Content::Nothing => {
                galley.take_back(text);
                return Ok(());
            }
        };
        let after = after.map(|after| self.below(after, setter, context, galley)).transpose()?;
        let room = self.height - after.as_ref().map_or(Length::ZERO, Set::longest);
        setter.resolve(&self.lettering, field, &mut text, &mut galley.notes)?;
        let natural = self.lettering.setting();
        let stones = setter.stones(&mut text, (self.figures, natural.space), field)?;
        let fitted = fit(pile(&text, &stones), natural, room, &self.fit).map_err(|error| {
            let kind = ProblemKind::TooLong { needed: error.needed, available: error.available };
            vec![Problem { kind, field }]
        })?;
        let FittedColumn { setting, tight, split } = fitted;
        if fitted != (FittedColumn { setting: natural, tight: NATURAL, split: None }) {
            let split = split.map(|(_, split)| split);
            let taken = Taken { spaces: tight, stretch: NATURAL, size: setting.size, natural: natural.size, split };
            galley.notes.push(Note { kind: NoteKind::Fitted(taken), field });
        }
        self.place(setter, Set { text, stones, fitted, tint }, after, galley);
        Ok(())
    }

    /// The words below.
    fn below(
        &self,
        after: &AffixSlot,
        setter: &Typesetter,
        context: Option<&Context<'_>>,
        galley: &mut Galley,
    ) -> Result<Set, Vec<Problem>> {
        let mut text = galley.text();
        fill_whole(&after.parts, context, &mut text.words)?;
        let field = first_field(&after.parts);
        setter.resolve(&after.lettering, field, &mut text, &mut galley.notes)?;
        let setting = after.lettering.setting();
        let stones = setter.stones(&mut text, (self.figures, setting.space), field)?;
        let fitted = FittedColumn { setting, tight: NATURAL, split: None };
        Ok(Set { text, stones, fitted, tint: after.lettering.tint })
    }

    /// Puts the column, or the two beside each other, and the words below them.
    fn place(&self, setter: &Typesetter, set: Set, after: Option<Set>, galley: &mut Galley) {
        let below = after.as_ref().map_or(Length::ZERO, Set::longest);
        let room = match self.align {
            Align::Justify => self.height - below,
            Align::Left | Align::Center | Align::Right => set.longest(),
        };
        let top = self.at.y + indent(self.align, self.height, room + below);
        let columns = set.columns();
        let pitch = match set.fitted.split {
            Some(_) => self.pitch(set.fitted.setting.size),
            None => Length::ZERO,
        };
        for (stones, x) in columns.into_iter().zip([self.at.x + pitch / 2, self.at.x - pitch / 2]) {
            self.column(setter, &set, (stones, Point { x, y: top }, room), galley);
        }
        if let Some(after) = after {
            let at = Point { x: self.at.x, y: top + room };
            self.column(setter, &after, (&after.stones, at, below), galley);
            galley.take_back(after.text);
        }
        galley.take_back(set.text);
    }

    /// From the middle of one column to that of the other: the leading, in proportion to the size.
    fn pitch(&self, size: Length) -> Length {
        let Lettering { size: natural, leading, .. } = self.lettering;
        leading.scale(size.to_units(), natural.to_units().max(1))
    }

    /// Puts stones one below the other into so much room.
    fn column(
        &self,
        setter: &Typesetter,
        set: &Set,
        (stones, at, room): (&[Stone], Point, Length),
        galley: &mut Galley,
    ) {
        let FittedColumn { setting, tight, .. } = set.fitted;
        let full = set.height(stones);
        let rest = room - setting.length(full);
        let extra = match self.align {
            Align::Justify => rest.permille_of(setting.size).unwrap_or(0).max(0),
            Align::Left | Align::Center | Align::Right => 0,
        };
        // Rounded to the nearest, it may be half a thousandth too much.
        let extra = if setting.length(full + extra) > room { extra - 1 } else { extra };
        let top = at.y + indent(self.align, room, setting.length(full));
        for (stone, place) in stones.iter().zip(places(stones, setting.space, tight, extra)) {
            let y = top + setting.length(place);
            put(setter, set, (stone, Point { x: at.x, y }), galley);
        }
    }
}

/// Puts one stone, whose upper end has its middle at a place.
fn put(setter: &Typesetter, set: &Set, (stone, Point { x, y }): (&Stone, Point), galley: &mut Galley) {
    let setting = set.fitted.setting;
    let clusters = set.text.clusters.get(stone.clusters.clone()).unwrap_or_default();
    let width = thousandths(clusters, 0);
    let stretch = match stone.posture {
        Posture::Across => (1_000_000 / width.max(1000)) as u16,
        Posture::Upright | Posture::Turned | Posture::Blank => NATURAL,
    };
    let turned = stone.posture == Posture::Turned;
    let space = if turned { setting.space } else { 0 };
    let setting = Setting { size: setting.size, space, stretch };
    let half = setting.length(width) / 2;
    let how = How { setting, spaces: &[], tint: set.tint };
    setter.runs(&set.text.words, clusters, how, galley, |run| {
        let (along, down) = (run.at.x, run.at.y);
        if turned {
            run.at = Point { x: x - setting.size.scale(MIDDLE, 1000) - down, y: y + along };
            run.rotate = CLOCKWISE;
        } else {
            run.at = Point { x: x - half + along, y: y + setting.size.scale(ABOVE, 1000) + down };
        }
    });
}
