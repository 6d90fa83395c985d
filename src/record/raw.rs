//! A record as it stands in the file, before anyone has looked into it.

use std::fmt;

use crate::record::encoding::Charset;
use crate::record::problem::Code;

/// A record as it stands in the file: cut out, not yet decoded. Reused from record to record.
///
/// It may hold anything, a whole My Number too; so `Debug` shows no content.
#[derive(Clone, Default)]
pub struct RawRecord {
    /// Number of the data record in the file, from 1.
    pub row: u64,
    /// Line of the file on which it starts, from 1.
    pub line: u64,
    /// The last line that belongs to it.
    pub last_line: u64,
    pub(crate) charset: Charset,
    /// Why it could not be cut out; then it has no content.
    pub(crate) fault: Option<Code>,
    /// CSV: the cells one after another, without quotes. JSON Lines: the line.
    pub(crate) content: Vec<u8>,
    /// CSV: where each cell ends in the content.
    pub(crate) ends: Vec<usize>,
}

impl RawRecord {
    /// Forgets the content, keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.content.clear();
        self.ends.clear();
        self.fault = None;
    }

    /// The cells of a CSV row.
    pub(crate) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        self.ends.iter().scan(0, |start, end| {
            let cell = self.content.get(*start..*end).unwrap_or_default();
            *start = *end;
            Some(cell)
        })
    }
}

impl fmt::Debug for RawRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawRecord(row {}, line {}, ●)", self.row, self.line)
    }
}
