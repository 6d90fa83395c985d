//! The sink of a file: what was written, and how far.

use std::io::{self, BufWriter, Write};

use crate::pdf::stamp::StampError;

/// Bytes that are collected before they are written.
const BUFFER: usize = 1 << 20;

/// Writes objects one after the other and knows where each starts.
pub(super) struct Output<W: Write> {
    sink: BufWriter<W>,
    position: u64,
    /// The last place where an object may start.
    last: u64,
    broken: bool,
}

impl<W: Write> Output<W> {
    /// Nothing written yet; no object may start behind `last`.
    pub(super) fn new(sink: W, last: u64) -> Output<W> {
        Output { sink: BufWriter::with_capacity(BUFFER, sink), position: 0, last, broken: false }
    }

    /// How many bytes were written.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Writes an object and tells where it starts.
    pub(super) fn object(&mut self, number: u32, body: &[u8]) -> Result<u64, StampError> {
        let offset = self.position;
        if offset > self.last {
            return Err(StampError::TooLong);
        }
        self.put(itoa::Buffer::new().format(number).as_bytes())?;
        self.put(b" 0 obj\n")?;
        self.put(body)?;
        self.put(b"\nendobj\n")?;
        Ok(offset)
    }

    /// Writes bytes. After an error nothing is continued.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), StampError> {
        if std::mem::replace(&mut self.broken, true) {
            return Err(StampError::Broken);
        }
        self.sink.write_all(bytes)?;
        self.broken = false;
        self.position += bytes.len() as u64;
        Ok(())
    }

    /// The sink, flushed.
    pub(super) fn finish(self) -> Result<W, StampError> {
        if self.broken {
            return Err(StampError::Broken);
        }
        Ok(self.sink.into_inner().map_err(io::IntoInnerError::into_error)?)
    }
}
