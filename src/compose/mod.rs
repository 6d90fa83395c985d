//! A record, its decision and its templates become a sheet.
//!
//! [`prepare`](prepare::prepare) does once what does not depend on the record; [`Art::compose`] does the rest for
//! each record, and either gives a whole sheet or says everything that stands against it.

pub mod code;
pub mod column;
pub mod context;
pub mod format;
pub mod galley;
pub mod house;
pub mod imprint;
pub mod line;
pub mod paragraph;
pub mod prepare;
pub mod problem;
pub mod proof;
pub mod ruby;
pub mod table;
pub mod texts;
pub mod typeset;

use crate::base::geometry::Size;
use crate::compose::context::Context;
use crate::compose::galley::Galley;
use crate::compose::prepare::{Board, Variant};
use crate::compose::problem::Problem;
use crate::compose::typeset::Typesetter;
use crate::sheet::{Plate, Sheet};

/// Templates made ready, and the fonts that they are set in.
#[derive(Debug)]
pub struct Art {
    /// Fonts and chains.
    pub setter: Typesetter,
    /// By number.
    pub boards: Vec<Board>,
}

impl Art {
    /// Composes the sides of a sheet from boards, front first. What stood in `sheet` is replaced; the notes
    /// on it are added to those of the galley.
    ///
    /// # Errors
    /// Everything that keeps the sheet from being printed; `sheet` is then of no use.
    pub fn compose(
        &self,
        boards: &[u16],
        context: &Context<'_>,
        sheet: &mut Sheet,
        galley: &mut Galley,
    ) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        galley.clear(sheet);
        for (number, index) in boards.iter().enumerate() {
            let Some(board) = self.boards.get(usize::from(*index)) else { continue };
            let context = &Context { back: number > 0, ..*context };
            let mut side = galley.side();
            side.size = board.size;
            for variant in board.variants(context) {
                side.plates.extend(variant.plate.as_ref().map(|plate| plate.id));
                for slot in &variant.slots {
                    for problem in slot.set(&self.setter, context, galley).err().into_iter().flatten() {
                        // A name that stands in three places is told once.
                        if !problems.contains(&problem) {
                            problems.push(problem);
                        }
                    }
                }
            }
            std::mem::swap(&mut side.marks, &mut galley.marks);
            sheet.sides.push(side);
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// Every plate that sheets may name.
    pub fn plates(&self) -> impl Iterator<Item = &Plate> {
        let variants = self.boards.iter().flat_map(|board| &board.groups).flat_map(|group| &group.variants);
        variants.filter_map(|variant| variant.plate.as_ref())
    }

    /// The size of a board's paper.
    pub fn size(&self, board: u16) -> Option<Size> {
        self.boards.get(usize::from(board)).map(|board| board.size)
    }
}

impl Board {
    /// The variants that a record sees, in the order of drawing.
    fn variants<'b>(&'b self, context: &'b Context<'_>) -> impl Iterator<Item = &'b Variant> {
        self.groups.iter().filter(|group| context.all_hold(&group.when)).filter_map(|group| {
            let bits = group.conditions.iter().enumerate();
            let mask: usize = bits.map(|(bit, condition)| usize::from(context.holds(*condition)) << bit).sum();
            group.variants.get(mask)
        })
    }
}
