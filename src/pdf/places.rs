//! Where the objects of a file are: the table at its end, in the old form and in the new one.

use flate2::write::ZlibEncoder;
use std::io::{self, Write};

use crate::pdf::object;

/// The old table has ten digits for a place.
pub(super) const LAST_IN_TABLE: u64 = 9_999_999_999;

/// The new one has five bytes.
pub(super) const LAST_IN_STREAM: u64 = (1 << 40) - 1;

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nowhere: the number is not used. Only 0 is one of these.
    Unused,
    /// It starts at this byte.
    At(u64),
    /// It is one of the objects in a bundle.
    Within {
        /// The number of the bundle.
        bundle: u32,
        /// Which of its objects, from 0.
        index: u8,
    },
}

/// A line of the old table; what is within a bundle has none there.
pub(super) fn line(place: Place) -> [u8; 20] {
    let offset = match place {
        Place::At(offset) => offset,
        Place::Unused | Place::Within { .. } => return *b"0000000000 65535 f \n",
    };
    let mut line = *b"0000000000 00000 n \n";
    let mut rest = offset;
    for digit in line[..10].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    line
}

/// Bytes in a row of the new table, without the one before it that names the filter.
const COLUMNS: usize = 7;

/// The rows of the new table, packed. Each is written as its difference from the one before, byte by byte (PNG's
/// filter 2): neighbours differ in few bytes.
pub(super) struct Rows {
    packed: ZlibEncoder<Vec<u8>>,
    before: [u8; COLUMNS],
}

impl Rows {
    pub(super) fn new() -> Rows {
        Rows { packed: ZlibEncoder::new(Vec::new(), flate2::Compression::default()), before: [0; COLUMNS] }
    }

    pub(super) fn push(&mut self, place: Place) -> io::Result<()> {
        let (kind, place, index) = match place {
            Place::Unused => (0, 0, 255),
            Place::At(offset) => (1, offset, 0),
            Place::Within { bundle, index } => (2, bundle.into(), index),
        };
        let [_, _, _, a, b, c, d, e] = place.to_be_bytes();
        let row = [kind, a, b, c, d, e, index];
        let mut filtered = [2; COLUMNS + 1];
        for ((to, row), before) in filtered.iter_mut().skip(1).zip(row).zip(self.before) {
            *to = u8::wrapping_sub(row, before);
        }
        self.before = row;
        self.packed.write_all(&filtered)
    }

    /// The body of the stream, with `more` in its dictionary: what else a trailer has.
    pub(super) fn body(self, size: u32, more: &[u8]) -> io::Result<Vec<u8>> {
        let packed = self.packed.finish()?;
        let mut body = Vec::with_capacity(packed.len() + 256);
        body.extend_from_slice(b"<</Type/XRef/W[1 5 1]/Size ");
        object::integer(&mut body, size.into());
        body.extend_from_slice(more);
        body.extend_from_slice(b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 7>>/Length ");
        object::integer(&mut body, packed.len() as i64);
        body.extend_from_slice(b">>\nstream\n");
        body.extend_from_slice(&packed);
        body.extend_from_slice(b"\nendstream");
        Ok(body)
    }
}
