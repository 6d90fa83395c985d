//! Of the [`model`](crate::template::model): codes for machines, and what a job adds to a sheet.

use crate::base::geometry::{Point, Rect};
use crate::base::length::Length;
use crate::template::model::Pattern;

/// What a job knows of a sheet. Digits: the number is written with so many, 1 to 9; `None`: with as many as it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobValue {
    /// `job.id`: the name of the job.
    Id,
    /// `job.sequence`: the number of the record in the run, from 1.
    Sequence(Option<u8>),
    /// `job.page`: the number of the page of the record, from 1.
    Page(Option<u8>),
    /// `job.pages`: how many pages the record has.
    Pages(Option<u8>),
    /// `job.group_end`: 1 on the last record of an enclosure group and on one without a group, 0 on the others.
    GroupEnd,
}

/// A QR code (ISO/IEC 18004), quiet zone not included.
#[derive(Clone, Debug)]
pub struct Qr {
    /// The upper left corner of the symbol.
    pub at: Point,
    /// The side of the symbol.
    pub side: Length,
    /// What it says.
    pub value: Pattern,
    /// Error correction. *Default*: M.
    pub level: QrLevel,
    /// 1 to 40; `None`: the smallest that holds the value.
    pub version: Option<u8>,
}

/// Error correction of a QR code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum QrLevel {
    /// 7 %.
    L,
    /// 15 %.
    #[default]
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

/// A Data Matrix (ISO/IEC 16022, ECC 200), quiet zone not included.
#[derive(Clone, Debug)]
pub struct DataMatrix {
    /// The upper left corner of the symbol.
    pub at: Point,
    /// The side of the symbol.
    pub side: Length,
    /// What it says, ASCII only.
    pub value: Pattern,
}

/// A Code 128 bar code, quiet zone not included.
#[derive(Clone, Debug)]
pub struct Code128 {
    /// Where the bars stand.
    pub rect: Rect,
    /// What it says, ASCII only.
    pub value: Pattern,
}
