//! One column of vertical text: filled, fitted and put at its place.

use crate::base::field::Field;
use crate::base::fit::Ladder;
use crate::base::geometry::Point;
use crate::base::length::Length;
use crate::base::tint::Tint;
use crate::compose::context::{Context, Part, first_field};
use crate::compose::galley::{Galley, SetText};
use crate::compose::line::{Content, indent, single};
use crate::compose::problem::{Note, NoteKind, Problem, ProblemKind, Taken};
use crate::compose::typeset::{How, Lettering, Typesetter};
use crate::template::model::{Align, Empty};
use crate::text::column::{Figures, FittedColumn, Posture, Stone, fit, height, places};
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
    /// How it may be made to fit.
    pub fit: Ladder,
    /// What stands where the value is empty.
    pub empty: Empty,
    /// How figures stand.
    pub figures: Figures,
}

/// A column that has found its place.
struct Set<'s> {
    text: &'s SetText,
    stones: &'s [Stone],
    fitted: FittedColumn,
    tint: Tint,
}

impl ColumnSlot {
    /// The fields that it reads.
    pub fn fields(&self) -> impl Iterator<Item = Field> {
        self.value.iter().filter_map(|part| match part {
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
        let tint = match single(&self.value, self.empty, context, &mut text.words)? {
            Content::Words => self.lettering.tint,
            Content::Dash(tint) => tint,
            Content::Nothing => {
                galley.take_back(text);
                return Ok(());
            }
        };
        setter.resolve(&self.lettering, field, &mut text, &mut galley.notes)?;
        let natural = self.lettering.setting();
        let stones = setter.stones(&mut text, (self.figures, natural.space), field)?;
        let fitted = fit(&stones, natural, self.height, &self.fit).map_err(|error| {
            let kind = ProblemKind::TooLong { needed: error.needed, available: error.available };
            vec![Problem { kind, field }]
        })?;
        let FittedColumn { setting, tight } = fitted;
        if fitted != (FittedColumn { setting: natural, tight: NATURAL }) {
            let taken =
                Taken { spaces: tight, stretch: NATURAL, size: setting.size, natural: natural.size, split: None };
            galley.notes.push(Note { kind: NoteKind::Fitted(taken), field });
        }
        self.place(setter, &Set { text: &text, stones: &stones, fitted, tint }, galley);
        galley.take_back(text);
        Ok(())
    }

    /// Puts the stones one below the other.
    fn place(&self, setter: &Typesetter, set: &Set<'_>, galley: &mut Galley) {
        let FittedColumn { setting, tight } = set.fitted;
        let full = height(set.stones, setting.space, tight);
        let rest = self.height - setting.length(full);
        let extra = match self.align {
            Align::Justify => rest.permille_of(setting.size).unwrap_or(0).max(0),
            Align::Left | Align::Center | Align::Right => 0,
        };
        // Rounded to the nearest, it may be half a thousandth too much.
        let extra = if setting.length(full + extra) > self.height { extra - 1 } else { extra };
        let top = self.at.y + indent(self.align, self.height, setting.length(full));
        for (stone, place) in set.stones.iter().zip(places(set.stones, setting.space, tight, extra)) {
            self.put(setter, set, (stone, top + setting.length(place)), galley);
        }
    }

    fn put(&self, setter: &Typesetter, set: &Set<'_>, (stone, y): (&Stone, Length), galley: &mut Galley) {
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
        let x = self.at.x;
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
}
