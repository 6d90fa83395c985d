//! Objects that are packed together (object streams, ISO 32000-1, 7.5.7).

use std::io::{self, Write};

use flate2::write::ZlibEncoder;

use crate::pdf::object;

/// Dictionaries on their way into one stream.
#[derive(Default)]
pub(super) struct Bundle {
    count: usize,
    /// Number and place of each.
    heads: Vec<u8>,
    bodies: Vec<u8>,
}

impl Bundle {
    /// Adds an object; `write` appends its body.
    pub(super) fn add(&mut self, number: u32, write: impl FnOnce(&mut Vec<u8>)) {
        object::integer(&mut self.heads, number.into());
        self.heads.push(b' ');
        object::integer(&mut self.heads, self.bodies.len() as i64);
        self.heads.push(b' ');
        write(&mut self.bodies);
        self.bodies.push(b'\n');
        self.count += 1;
    }

    /// The body of the stream. Nothing is left behind, and the room is used again.
    pub(super) fn body(&mut self) -> io::Result<Vec<u8>> {
        let mut packed = ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&self.heads)?;
        packed.write_all(&self.bodies)?;
        let packed = packed.finish()?;
        let mut body = Vec::with_capacity(packed.len() + 96);
        body.extend_from_slice(b"<</Type/ObjStm/N ");
        object::integer(&mut body, self.count as i64);
        body.extend_from_slice(b"/First ");
        object::integer(&mut body, self.heads.len() as i64);
        body.extend_from_slice(b"/Filter/FlateDecode/Length ");
        object::integer(&mut body, packed.len() as i64);
        body.extend_from_slice(b">>\nstream\n");
        body.extend_from_slice(&packed);
        body.extend_from_slice(b"\nendstream");
        self.count = 0;
        self.heads.clear();
        self.bodies.clear();
        Ok(body)
    }
}
