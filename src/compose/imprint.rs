//! What a job adds to the sides of a sheet: the same kind of thing on each, and nothing about a person.

use std::fmt::Write;

use crate::compose::Art;
use crate::compose::code::CodeSlot;
use crate::compose::column::ColumnSlot;
use crate::compose::context::Part;
use crate::compose::galley::Galley;
use crate::compose::line::LineSlot;
use crate::compose::problem::{Problem, ProblemKind};
use crate::compose::typeset::Typesetter;
use crate::sheet::Side;
use crate::template::code::JobValue;

/// The characters of a job's name.
const NAME: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

/// The longest that must fit: characters of a job's name, digits of the number of a record, and of a page.
const LONGEST: (usize, u32, u32) = (12, 7, 2);

/// What a job knows of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imprint<'a> {
    /// The name of the job: `A` to `Z`, digits and `-`, 12 at most, fit every template; more may not.
    pub job: &'a str,
    /// The number of the record in the run, from 1. Up to 9,999,999 it fits, unless a template writes fewer digits.
    pub sequence: u64,
    /// The number of the page among those of the record, from 1. Up to 99 it fits, with the same exception.
    pub page: u32,
    /// How many pages the record has. Up to 99 it fits, with the same exception.
    pub pages: u32,
    /// The last record of an enclosure group (封入グループ), or one without a group.
    pub group_end: bool,
}

/// A stretch of an imprint's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// The same in every job.
    Words(String),
    /// Put in by the job.
    Job(JobValue),
}

/// A place that a job fills.
#[derive(Debug)]
pub struct ImprintSlot {
    /// Where and how, without the words.
    pub place: Place,
    /// What it says.
    pub value: Vec<Stretch>,
}

/// What a job can fill.
#[derive(Debug)]
pub enum Place {
    /// One line.
    Line(LineSlot),
    /// One column of vertical text.
    Column(ColumnSlot),
    /// A code for machines.
    Code(CodeSlot),
}

impl ImprintSlot {
    /// The words.
    ///
    /// # Errors
    /// When a number has more digits than it is to be written with.
    fn words(&self, imprint: &Imprint<'_>) -> Result<String, Vec<Problem>> {
        let mut words = String::new();
        for stretch in &self.value {
            let number = match stretch {
                Stretch::Words(fixed) => {
                    words.push_str(fixed);
                    continue;
                }
                Stretch::Job(JobValue::Id) => {
                    words.push_str(imprint.job);
                    continue;
                }
                Stretch::Job(JobValue::GroupEnd) => (u64::from(imprint.group_end), None),
                Stretch::Job(JobValue::Sequence(digits)) => (imprint.sequence, *digits),
                Stretch::Job(JobValue::Page(digits)) => (imprint.page.into(), *digits),
                Stretch::Job(JobValue::Pages(digits)) => (imprint.pages.into(), *digits),
            };
            let (number, digits) = (number.0, number.1.map_or(0, usize::from));
            let start = words.len();
            let _ = write!(words, "{number:0digits$}");
            if digits > 0 && words.len() - start > digits {
                return Err(vec![Problem { kind: ProblemKind::Format, field: None }]);
            }
        }
        Ok(words)
    }

    /// Sets the words.
    ///
    /// # Errors
    /// When they do not fit, a font lacks a character, or the code cannot hold them.
    fn set(&self, setter: &Typesetter, imprint: &Imprint<'_>, galley: &mut Galley) -> Result<(), Vec<Problem>> {
        let words = self.words(imprint)?;
        match &self.place {
            Place::Line(line) => LineSlot { value: vec![Part::Words(words)], ..line.clone() }.set(setter, None, galley),
            Place::Column(column) => {
                ColumnSlot { value: vec![Part::Words(words)], ..column.clone() }.set(setter, None, galley)
            }
            Place::Code(code) => code.draw(&words, false, &mut galley.marks),
        }
    }

    /// Checks that the longest values fit, and that the fonts have every character.
    ///
    /// # Errors
    /// When something does not fit, a font lacks a character, or the code cannot hold the words.
    pub fn check(&self, setter: &Typesetter, galley: &mut Galley) -> Result<(), Vec<Problem>> {
        samples(&mut |imprint| self.set(setter, &self.within(imprint), galley))
    }

    /// A sample without the digits that are not to be written.
    fn within<'a>(&self, imprint: &Imprint<'a>) -> Imprint<'a> {
        let mut within = *imprint;
        for stretch in &self.value {
            match stretch {
                Stretch::Job(JobValue::Sequence(Some(digits))) => within.sequence %= 10_u64.pow((*digits).into()),
                Stretch::Job(JobValue::Page(Some(digits))) => within.page %= 10_u32.pow((*digits).into()),
                Stretch::Job(JobValue::Pages(Some(digits))) => within.pages %= 10_u32.pow((*digits).into()),
                Stretch::Job(JobValue::Sequence(None) | JobValue::Page(None) | JobValue::Pages(None)) => {}
                Stretch::Job(JobValue::Id | JobValue::GroupEnd) | Stretch::Words(_) => {}
            }
        }
        within
    }
}

/// Visits the longest imprints, together of every character and every digit.
fn samples<E>(visit: &mut dyn FnMut(&Imprint<'_>) -> Result<(), E>) -> Result<(), E> {
    let (letters, digits, few) = LONGEST;
    for (number, character) in (0..).zip(NAME.chars()) {
        // 7777777; for 0 what is as long and has it.
        let repeated = |length: u32| match number % 10 {
            0 => 10_u64.pow(length - 1),
            digit => digit * (10_u64.pow(length) / 9),
        };
        let page = u32::try_from(repeated(few)).unwrap_or(u32::MAX);
        let job = character.to_string().repeat(letters);
        let group_end = number % 2 == 0;
        visit(&Imprint { job: &job, sequence: repeated(digits), page, pages: page, group_end })?;
    }
    Ok(())
}

impl Art {
    /// Whether a job adds anything to the sides of a board.
    pub fn has_imprint(&self, board: u16) -> bool {
        !self.imprints(board).is_empty()
    }

    /// Sets what a job adds to a side of a board. What stood in `side` is replaced: there are no plates, and the marks
    /// are those of the imprint only. They belong on top of the side that [`compose`](Art::compose) made.
    ///
    /// # Errors
    /// When something does not fit; `side` is then of no use. What [`Imprint`] says of its values always fits, unless a
    /// number has more digits than the template gives it.
    pub fn imprint(
        &self,
        board: u16,
        imprint: &Imprint<'_>,
        side: &mut Side,
        galley: &mut Galley,
    ) -> Result<(), Vec<Problem>> {
        self.set_imprint(board, side, galley, |slot, galley| slot.set(&self.setter, imprint, galley))
    }

    /// Visits sides that together have every character that a job may add to a side of a board: for the usage of a file
    /// whose jobs are not known yet. Who adds the usage of each imprinted side as it is made needs none of them.
    pub fn imprint_samples(&self, board: u16, galley: &mut Galley, mut visit: impl FnMut(&Side)) {
        let mut side = Side::default();
        // Nothing fails that was checked when the board was prepared.
        let _ = samples(&mut |imprint| {
            self.set_imprint(board, &mut side, galley, |slot, galley| {
                slot.set(&self.setter, &slot.within(imprint), galley)
            })?;
            visit(&side);
            Ok::<(), Vec<Problem>>(())
        });
    }

    /// What the control code of a side says: the first code among the imprints of its board. `None`: there is none, or
    /// the imprint is one that [`imprint`](Art::imprint) refuses.
    pub fn control_code(&self, board: u16, imprint: &Imprint<'_>) -> Option<String> {
        let is_code = |slot: &&ImprintSlot| matches!(slot.place, Place::Code(_));
        self.imprints(board).iter().find(is_code)?.words(imprint).ok()
    }

    fn imprints(&self, board: u16) -> &[ImprintSlot] {
        self.boards.get(usize::from(board)).map_or(&[], |board| &board.imprint)
    }

    fn set_imprint(
        &self,
        board: u16,
        side: &mut Side,
        galley: &mut Galley,
        set: impl Fn(&ImprintSlot, &mut Galley) -> Result<(), Vec<Problem>>,
    ) -> Result<(), Vec<Problem>> {
        side.size = self.size(board).unwrap_or_default();
        galley.clear_side(side);
        let notes = galley.notes.len();
        let mut problems = Vec::new();
        for slot in self.imprints(board) {
            problems.extend(set(slot, galley).err().into_iter().flatten());
        }
        // A template lets its imprints be fitted: that is no news of the record.
        galley.notes.truncate(notes);
        std::mem::swap(&mut side.marks, &mut galley.marks);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}
