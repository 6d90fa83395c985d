//! Why a record's sheet cannot be made, and what was done to make it.

use crate::base::field::Field;
use crate::base::fit::Split;
use crate::base::length::Length;

/// Why a record cannot be printed. Holds no value of the record but code points that no font has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind it is.
    pub kind: ProblemKind,
    /// The field whose value it is about; `None`: the sheet as a whole.
    pub field: Option<Field>,
}

/// The kinds of problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The sheet prints a field that the record has not.
    Missing,
    /// A character or sequence that no font of the chain has, or that must not be printed.
    Glyph {
        /// In English, without the value.
        message: String,
        /// What to do about it.
        hint: &'static str,
        /// The code points of the cluster.
        codepoints: Vec<u32>,
    },
    /// A placeholder such as ● or 〓, where the pack refuses them.
    Placeholder {
        /// The code points.
        codepoints: Vec<u32>,
    },
    /// The text is too long for its place, even on the last step of its ladder.
    TooLong {
        /// The width that it needs there.
        needed: Length,
        /// The width that there is.
        available: Length,
    },
    /// The lines do not fit the height.
    TooManyLines {
        /// The lines that it needs.
        needed: usize,
        /// The lines that there is room for.
        available: usize,
    },
    /// A value that a format cannot write, such as a date before 明治.
    Format,
    /// A code cannot hold the text.
    Code {
        /// In English, without the value.
        message: String,
    },
    /// The pack has no template for the paper, size and medium.
    NoTemplate,
}

/// Something a person may want to know about a sheet that is printed all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// The field whose value it is about.
    pub field: Option<Field>,
}

/// The kinds of note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// The text was made to fit.
    Fitted(Taken),
    /// No font has the whole field, so that two or more share it.
    MixedFonts {
        /// Their names, in order of use.
        fonts: Vec<String>,
    },
    /// A placeholder such as ● or 〓, printed as it came.
    Placeholder {
        /// The code points.
        codepoints: Vec<u32>,
    },
    /// Characters of the insurer's own font (外字).
    Gaiji {
        /// The code points.
        codepoints: Vec<u32>,
    },
    /// A character that no font has was replaced as the pack says.
    Substituted {
        /// The code points of the record.
        from: Vec<u32>,
        /// The code points on the paper.
        to: Vec<u32>,
    },
}

/// What was done to a text to make it fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Thousandths of the natural width of the spaces; 1000: not narrowed.
    pub spaces: u16,
    /// Thousandths of the natural width of the letters; 1000: not condensed.
    pub stretch: u16,
    /// The size in use.
    pub size: Length,
    /// The size of the style.
    pub natural: Length,
    /// Where it was broken into two lines; `None`: it stands on one.
    pub split: Option<Split>,
}
