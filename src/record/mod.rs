//! Records: one insured person per row of a CSV file or line of a JSON Lines file.
//!
//! 1. [`Reader`](reader::Reader) cuts the input into raw records, in order and at constant memory;
//! 2. [`parse`](parse::parse) turns a raw record into a [`Record`], pure and fit for many threads:
//!    text is decoded, values get their types, the pack's own values are filled in
//!    ([`Defaults`](defaults::Defaults)) and every field is checked ([`checks`]);
//! 3. what is wrong with a record is gathered in one [`Rejection`](problem::Rejection).
//!
//! Text stays exactly as it came. Of a My Number only the last four digits are ever kept, and no
//! message carries a value of a record.

pub mod checks;
pub mod columns;
mod csv;
pub mod defaults;
pub mod encoding;
pub mod intake;
mod jsonl;
pub mod mynumber;
pub mod parse;
pub mod problem;
pub mod raw;
pub mod reader;
pub mod schema;
pub mod seen;
mod value;

use crate::base::facts::Facts;
use crate::base::field::Field;
use crate::base::field::Fields;

/// One record that was read.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Number of the data record in the file, from 1; rejected records count, the header does not.
    pub row: u64,
    /// Line of the file on which the record starts, from 1.
    pub line: u64,
    /// Its values.
    pub facts: Facts,
}

impl Record {
    /// A record without values, to read into.
    pub fn new(fields: &Fields) -> Record {
        Record { row: 0, line: 0, facts: Facts::new(fields) }
    }

    /// The `record_id`; `None` when the record has none.
    pub fn id(&self) -> Option<&str> {
        self.facts.text(Field::RECORD_ID)
    }
}

/// How many bytes are such ones: in stretches whose sum fits into a byte, which are added up many at a time.
fn count(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> usize {
    let of = |stretch: &[u8]| usize::from(stretch.iter().map(|byte| u8::from(is_such(*byte))).sum::<u8>());
    bytes.chunks(usize::from(u8::MAX)).map(of).sum()
}
