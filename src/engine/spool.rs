//! Composed pages in a private file, until every record of a run has been checked.
//!
//! A run composes each record once. What its pages look like is known then, but not yet which fonts and plates
//! the file needs, and not whether a later record stops the run; so the encoded pages wait: a few in memory, more in
//! a file without a name, which vanishes with the process, whatever happens to it.
#![expect(clippy::disallowed_methods, reason = "the private file that pages wait in")]

use std::fs::File;
use std::io;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::base::geometry::Size;
use crate::base::length::Length;
use crate::engine::report::Summary;
use crate::pdf::encoder::Encoder;
use crate::pdf::page::{Draft, EncodedPage, PageDigest};
use crate::pdf::usage::Usage;

/// So much waits in memory; more goes into the file.
const IN_MEMORY: usize = 8 << 20;
/// Read at once where entries follow each other.
const CHUNK: usize = 1 << 16;
/// Read at once where they do not: enough for most entries.
const LEAP: usize = 1 << 12;

/// All sheets of a run, composed and encoded, in the order of the input.
#[derive(Debug)]
pub struct Spool {
    /// The counts.
    pub summary: Summary,
    pub(super) usage: Usage,
    store: Store,
    length: u64,
}

/// Where the pages wait.
#[derive(Debug)]
enum Store {
    Memory(Vec<u8>),
    File(File),
}

/// A side as the spool keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Ready to be written.
    Page(EncodedPage),
    /// A job adds to it first.
    Draft(Draft),
}

/// What is kept of a printable record, beside its pages. About a person, so `Debug` shows none of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Number of the record in the input, from 1.
    pub row: u64,
    /// Number of its paper, as [`Engine::paper`](crate::engine::Engine::paper) takes it.
    pub paper: u16,
    /// Its pages.
    pub pages: u16,
    /// Whether the record is marked as 引抜き: printed, but kept out of the mail.
    pub pulled: bool,
    /// Whether a text on it was made to fit, and nothing else is to be said of it.
    pub fitted: bool,
    /// Whether a person should look at it.
    pub warned: bool,
    /// Characters of 氏名.
    pub name_length: u16,
    /// Characters of 住所; 0 without one.
    pub address_length: u16,
    /// How many characters of 氏名 are rare: variation sequences, 外字, beyond the basic plane.
    pub rare: u16,
    /// レコードID.
    pub record_id: String,
    /// 郵便番号, seven digits; empty without one.
    pub postcode: String,
    /// 封入グループ; empty without one.
    pub group: String,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry").field("row", &self.row).field("pages", &self.pages).finish_non_exhaustive()
    }
}

impl Entry {
    /// Appends the entry and its pages as the spool keeps them.
    pub(super) fn write(&self, pages: &[Kept], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; 8]);
        out.extend_from_slice(&self.row.to_le_bytes());
        for number in [self.paper, self.pages, self.name_length, self.address_length, self.rare] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.push(u8::from(self.pulled) | u8::from(self.fitted) << 1 | u8::from(self.warned) << 2);
        for text in [&self.record_id, &self.postcode, &self.group] {
            out.extend_from_slice(&(text.len() as u32).to_le_bytes());
            out.extend_from_slice(text.as_bytes());
        }
        let head = (out.len() - start - 8) as u32;
        pages.iter().for_each(|page| store(page, out));
        let body = (out.len() - start - 8) as u32 - head;
        if let Some(lengths) = out.get_mut(start..start + 8) {
            lengths[..4].copy_from_slice(&head.to_le_bytes());
            lengths[4..].copy_from_slice(&body.to_le_bytes());
        }
    }

    /// Fills the entry from what [`write`](Entry::write) made of its head.
    fn read(&mut self, mut bytes: &[u8]) -> Option<()> {
        self.row = u64::from_le_bytes(take(&mut bytes)?);
        let mut number = || Some(u16::from_le_bytes(take(&mut bytes)?));
        (self.paper, self.pages) = (number()?, number()?);
        (self.name_length, self.address_length, self.rare) = (number()?, number()?, number()?);
        let [flags] = take(&mut bytes)?;
        (self.pulled, self.fitted, self.warned) = (flags & 1 != 0, flags & 2 != 0, flags & 4 != 0);
        for text in [&mut self.record_id, &mut self.postcode, &mut self.group] {
            let length = u32::from_le_bytes(take(&mut bytes)?) as usize;
            let (now, rest) = bytes.split_at_checked(length)?;
            text.clear();
            text.push_str(std::str::from_utf8(now).ok()?);
            bytes = rest;
        }
        Some(())
    }
}

/// Appends a side: its size, what it adds to the identifier of a file, and its stream with its length. A draft has
/// no stream yet: a digest of zeros tells it.
fn store(side: &Kept, out: &mut Vec<u8>) {
    let (size, digest, stream) = match side {
        Kept::Page(page) => (page.size(), page.digest().0, page.stream()),
        Kept::Draft(draft) => (draft.size, DRAFT, draft.content.as_slice()),
    };
    for length in [size.width, size.height] {
        out.extend_from_slice(&length.to_units().to_le_bytes());
    }
    out.extend_from_slice(&digest);
    out.extend_from_slice(&(stream.len() as u32).to_le_bytes());
    out.extend_from_slice(stream);
}

/// Stands where a page has its digest.
const DRAFT: [u8; 16] = [0; 16];

/// Takes a side off what [`store`] made.
fn load(bytes: &mut &[u8], encoder: &Encoder<'_>) -> Option<Kept> {
    let mut length = || Some(Length::units(i64::from_le_bytes(take(bytes)?)));
    let size = Size { width: length()?, height: length()? };
    let digest = take(bytes)?;
    let length = u32::from_le_bytes(take(bytes)?) as usize;
    let (stream, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(match digest == DRAFT {
        true => Kept::Draft(Draft { size, content: stream.to_vec() }),
        false => Kept::Page(encoder.page(size, stream.to_vec(), PageDigest(digest))),
    })
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (now, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*now)
}

/// Writes a spool: into memory first, into a file when it grows.
pub(super) struct SpoolWriter<'s> {
    folder: Option<&'s Path>,
    memory: Vec<u8>,
    file: Option<BufWriter<File>>,
    length: u64,
}

impl<'s> SpoolWriter<'s> {
    /// Begins one; its file lies in `folder`, or where the system keeps temporary files.
    pub(super) fn new(folder: Option<&'s Path>) -> SpoolWriter<'s> {
        SpoolWriter { folder, memory: Vec::new(), file: None, length: 0 }
    }

    /// Appends a written entry; where it starts.
    pub(super) fn add(&mut self, entry: &[u8]) -> io::Result<u64> {
        let start = self.length;
        self.length += entry.len() as u64;
        match &mut self.file {
            Some(file) => file.write_all(entry)?,
            None if self.memory.len() + entry.len() <= IN_MEMORY => self.memory.extend_from_slice(entry),
            None => {
                let file = match self.folder {
                    Some(folder) => tempfile::tempfile_in(folder)?,
                    None => tempfile::tempfile()?,
                };
                let file = self.file.insert(BufWriter::with_capacity(1 << 18, file));
                file.write_all(&std::mem::take(&mut self.memory))?;
                file.write_all(entry)?;
            }
        }
        Ok(start)
    }

    /// Ends it.
    pub(super) fn finish(self, summary: Summary, usage: Usage) -> io::Result<Spool> {
        let store = match self.file {
            None => Store::Memory(self.memory),
            Some(file) => Store::File(file.into_inner().map_err(io::IntoInnerError::into_error)?),
        };
        Ok(Spool { summary, usage, store, length: self.length })
    }
}

impl Spool {
    /// Reads it; one reader at a time.
    pub fn reader(&self) -> SpoolReader<'_> {
        SpoolReader { spool: self, window: Vec::new(), at: 0 }
    }

    /// One past the last place of an entry.
    pub fn end(&self) -> u64 {
        self.length
    }
}

/// Reads a spool, entry by entry, at any places.
#[derive(Debug)]
pub struct SpoolReader<'s> {
    spool: &'s Spool,
    /// A stretch of the file.
    window: Vec<u8>,
    /// Where the window starts.
    at: u64,
}

/// The pages of an entry, still in the spool.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    start: u64,
    length: u32,
}

impl Body {
    /// Where the next entry starts.
    pub fn next(self) -> u64 {
        self.start + u64::from(self.length)
    }

    /// The bytes of the pages.
    pub fn length(self) -> u64 {
        u64::from(self.length)
    }
}

impl SpoolReader<'_> {
    /// Reads the entry at a place.
    ///
    /// # Errors
    /// When reading fails, or no entry starts there.
    pub fn entry(&mut self, place: u64, entry: &mut Entry) -> io::Result<Body> {
        let mut lengths = self.bytes(place, 8)?;
        let (head, body) = (take(&mut lengths), take(&mut lengths));
        let [Some(head), Some(length)] = [head, body].map(|bytes| bytes.map(u32::from_le_bytes)) else {
            return Err(broken());
        };
        let bytes = self.bytes(place + 8, head as usize)?;
        entry.read(bytes).ok_or_else(broken)?;
        Ok(Body { start: place + 8 + u64::from(head), length })
    }

    /// Reads the sides of an entry; `encoder` is the one that made them.
    ///
    /// # Errors
    /// When reading fails.
    pub fn pages(&mut self, body: Body, encoder: &Encoder<'_>, pages: &mut Vec<Kept>) -> io::Result<()> {
        pages.clear();
        let mut rest = self.bytes(body.start, body.length as usize)?;
        while !rest.is_empty() {
            pages.push(load(&mut rest, encoder).ok_or_else(broken)?);
        }
        Ok(())
    }

    /// Bytes of the spool.
    fn bytes(&mut self, start: u64, length: usize) -> io::Result<&[u8]> {
        let mut file = match &self.spool.store {
            Store::Memory(bytes) => {
                let rest = bytes.get(start as usize..).ok_or_else(broken)?;
                return rest.get(..length).ok_or_else(broken);
            }
            Store::File(file) => file,
        };
        let end = self.at + self.window.len() as u64;
        let inside = start >= self.at && start + length as u64 <= end;
        if !inside {
            let follows = start >= self.at && start <= end;
            let wanted = length.max(if follows { CHUNK } else { LEAP });
            file.seek(SeekFrom::Start(start))?;
            self.window.clear();
            self.at = start;
            file.take(wanted as u64).read_to_end(&mut self.window)?;
        }
        let from = (start - self.at) as usize;
        self.window.get(from..from + length).ok_or_else(broken)
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the private file of composed pages is not what was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(row: u64) -> Entry {
        let text = |what: &str| format!("{what}{row}");
        let (record_id, postcode, group) = (text("R"), "1000001".to_owned(), text("世帯"));
        Entry {
            row,
            paper: 3,
            pages: 0,
            pulled: row.is_multiple_of(2),
            fitted: row.is_multiple_of(3),
            warned: row.is_multiple_of(5),
            name_length: 5,
            rare: 1,
            record_id,
            postcode,
            group,
            address_length: 40,
        }
    }

    #[test]
    fn entries_come_back_in_any_order() {
        for (padding, in_memory) in [(0, true), (2000, false)] {
            come_back(padding, in_memory);
        }
    }

    fn come_back(padding: usize, in_memory: bool) {
        let mut writer = SpoolWriter::new(None);
        let mut places = Vec::new();
        let entry = |row| {
            let group = format!("{}{}", entry(row).group, "○".repeat(padding / 3));
            Entry { group, ..entry(row) }
        };
        for row in 0..5000 {
            let mut bytes = Vec::new();
            entry(row).write(&[], &mut bytes);
            places.push(writer.add(&bytes).unwrap());
        }
        let spool = writer.finish(Summary::default(), Usage::new()).unwrap();
        assert_eq!(matches!(spool.store, Store::Memory(_)), in_memory);
        let mut reader = spool.reader();
        let mut found = Entry::default();
        let (mut place, mut row) = (0, 0);
        while place < spool.end() {
            place = reader.entry(place, &mut found).unwrap().next();
            assert_eq!(found, entry(row));
            row += 1;
        }
        assert_eq!(row, 5000);
        for row in (0..5000).map(|number| number * 1237 % 5000) {
            reader.entry(places[row as usize], &mut found).unwrap();
            assert_eq!(found, entry(row));
        }
    }

    #[test]
    fn a_place_without_an_entry_is_an_error() {
        let mut writer = SpoolWriter::new(None);
        let mut bytes = Vec::new();
        entry(1).write(&[], &mut bytes);
        writer.add(&bytes).unwrap();
        let spool = writer.finish(Summary::default(), Usage::new()).unwrap();
        for place in [3, spool.end(), spool.end() + 100] {
            assert!(spool.reader().entry(place, &mut Entry::default()).is_err(), "{place}");
        }
    }
}
