//! Codes for machines: filled and put at their place.

use crate::base::geometry::{Rect, Size};
use crate::code::code128::code128;
use crate::code::datamatrix::data_matrix;
use crate::code::qr::{Level, Symbols};
use crate::code::{CodeError, check_size};
use crate::compose::context::{Context, Part, first_field};
use crate::compose::line::whole_words;
use crate::compose::problem::{Problem, ProblemKind};
use crate::sheet::{Bars, Mark};
use crate::template::code::{Code128, DataMatrix, Qr, QrLevel};

/// A code that a record or a job fills, or that is the same on every sheet.
#[derive(Debug)]
pub struct CodeSlot {
    /// Where.
    pub rect: Rect,
    /// Which.
    pub kind: Kind,
    /// What it says.
    pub value: Vec<Part>,
}

/// The kinds of code.
#[derive(Debug)]
pub enum Kind {
    /// A QR code.
    Qr(Box<Symbols>),
    /// A Data Matrix.
    DataMatrix,
    /// A Code 128.
    Code128,
}

impl CodeSlot {
    /// A QR code; its symbols are made ready here, once.
    pub fn qr(qr: &Qr, value: Vec<Part>) -> CodeSlot {
        let level = match qr.level {
            QrLevel::L => Level::L,
            QrLevel::M => Level::M,
            QrLevel::Q => Level::Q,
            QrLevel::H => Level::H,
        };
        let rect = Rect { at: qr.at, size: Size { width: qr.side, height: qr.side } };
        CodeSlot { rect, kind: Kind::Qr(Box::new(Symbols::new(level, qr.version))), value }
    }

    /// A Data Matrix.
    pub fn data_matrix(matrix: &DataMatrix, value: Vec<Part>) -> CodeSlot {
        let rect = Rect { at: matrix.at, size: Size { width: matrix.side, height: matrix.side } };
        CodeSlot { rect, kind: Kind::DataMatrix, value }
    }

    /// A Code 128.
    pub fn code128(code: &Code128, value: Vec<Part>) -> CodeSlot {
        CodeSlot { rect: code.rect, kind: Kind::Code128, value }
    }

    /// Draws the code; `context` is `None` for a fixed one, which many sheets share and which may take more time.
    ///
    /// # Errors
    /// When a value is missing, or the code cannot hold it.
    pub fn set(&self, context: Option<&Context<'_>>, marks: &mut Vec<Mark>) -> Result<(), Vec<Problem>> {
        let words = whole_words(&self.value, context)?;
        self.draw(&words, context.is_none(), marks)
    }

    /// Draws the code with these words in it; `shared` by many sheets or made for this one.
    ///
    /// # Errors
    /// When the code cannot hold them.
    pub fn draw(&self, words: &str, shared: bool, marks: &mut Vec<Mark>) -> Result<(), Vec<Problem>> {
        let modules = match &self.kind {
            Kind::Qr(symbols) if shared => symbols.best(words),
            Kind::Qr(symbols) => symbols.quick(words),
            Kind::DataMatrix => data_matrix(words),
            Kind::Code128 => code128(words),
        };
        let modules = modules.and_then(|modules| check_size(&modules, self.rect.size).map(|()| modules));
        let modules = modules.map_err(|error| vec![self.problem(&error)])?;
        marks.push(Mark::Bars(Bars { rect: self.rect, modules }));
        Ok(())
    }

    fn problem(&self, error: &CodeError) -> Problem {
        Problem { kind: ProblemKind::Code { message: error.to_string() }, field: first_field(&self.value) }
    }
}
