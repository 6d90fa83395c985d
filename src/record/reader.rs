//! Cutting a file into raw records, in order, with a window of bounded size.

use std::io;
use std::io::BufRead;
use std::io::Read;

use crate::record::columns::HeaderError;
use crate::record::columns::Layout;
use crate::record::count;
use crate::record::csv::Cut;
use crate::record::csv::cut;
use crate::record::encoding;
use crate::record::encoding::Charset;
use crate::record::encoding::DecodeError;
use crate::record::encoding::Encoding;
use crate::record::intake::Intake;
use crate::record::problem::Code;
use crate::record::raw::RawRecord;

/// How the records are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV (RFC 4180) with a header; rows end with LF or CRLF.
    Csv,
    /// One JSON object per line.
    JsonLines,
}

/// The longest record, in bytes. Real ones have a few hundred; one of this size is a quote that was
/// never closed or a file of another kind.
pub const LONGEST_RECORD: usize = 1 << 20;

/// Read at a time. Also what detection of the encoding looks at.
const CHUNK: usize = 1 << 16;

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file system failed.
    #[error("reading failed: {0}")]
    Io(#[from] io::Error),
    /// The file begins with a byte order mark of UTF-16.
    #[error("the file is UTF-16; save it as UTF-8 (CSV UTF-8) or CP932")]
    Utf16,
    /// CP932 is stated, but the file begins with a byte order mark of UTF-8.
    #[error("the file begins with the byte order mark of UTF-8, but --encoding says cp932; use utf-8 or auto")]
    MarkContradicts,
    /// A CSV file without a line.
    #[error("the file is empty; its first line must name the columns")]
    NoHeader,
    /// The header is not text in the encoding of the file.
    #[error("the first line is not readable: {0}; state the encoding with --encoding")]
    HeaderEncoding(DecodeError),
    /// The header is not a row of CSV.
    #[error("the first line is not a header of CSV: {}", .0.meaning())]
    HeaderBroken(Code),
    /// The header has a carriage return inside.
    #[error("the first line holds a carriage return; lines must end with LF or CRLF")]
    HeaderLineEnd,
    /// The header names no columns that can be used.
    #[error(transparent)]
    Header(#[from] HeaderError),
}

/// Cuts a file into raw records. Holds one window of the file, never more than
/// [`LONGEST_RECORD`] and one chunk.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    format: Format,
    layout: Layout,
    charset: Charset,
    window: Vec<u8>,
    start: usize,
    complete: bool,
    in_long_line: bool,
    row: u64,
    line: u64,
}

impl<R: Read> Reader<R> {
    /// Begins to read: looks at the encoding and, for CSV, reads the header.
    ///
    /// # Errors
    /// Nothing of the file can be used.
    pub fn open(input: R, format: Format, encoding: Encoding, intake: &Intake) -> Result<Reader<R>, ReadError> {
        let mut reader = Reader {
            input,
            format,
            layout: Layout::JsonLines,
            charset: Charset::Undecided,
            window: Vec::new(),
            start: 0,
            complete: false,
            in_long_line: false,
            row: 0,
            line: 1,
        };
        reader.fill()?;
        reader.find_charset(encoding)?;
        match format {
            Format::Csv => reader.read_header(intake)?,
            Format::JsonLines => {}
        }
        Ok(reader)
    }

    /// How the values of the records are found.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The encoding as far as it is known.
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// Cuts the next record; `false` when there is none. Empty lines are no records.
    ///
    /// # Errors
    /// Reading failed. A record that is broken is no error here: [`parse`](crate::record::parse::parse)
    /// rejects it.
    pub fn next(&mut self, raw: &mut RawRecord) -> Result<bool, ReadError> {
        loop {
            if self.in_long_line {
                self.skip_long_line()?;
            }
            let window = &self.window[self.start..];
            if window.is_empty() && self.complete {
                return Ok(false);
            }
            if let Some(blank) = blank_line(window) {
                self.advance(blank);
                continue;
            }
            match self.cut(raw) {
                Cut::More if self.window.len() - self.start <= LONGEST_RECORD => self.fill()?,
                Cut::More => return Ok(self.break_off(Code::TooLong, raw)),
                Cut::Broken(code) => return Ok(self.break_off(code, raw)),
                Cut::Row(length) => return Ok(self.deliver(length, raw)),
            }
        }
    }

    /// Reads what is left, so that whoever counts or hashes the bytes has all of them.
    ///
    /// # Errors
    /// Reading failed.
    pub fn drain(&mut self) -> io::Result<()> {
        (self.start, self.complete) = (self.window.len(), true);
        io::copy(&mut self.input, &mut io::sink()).map(drop)
    }

    fn cut(&self, raw: &mut RawRecord) -> Cut {
        let window = &self.window[self.start..];
        match self.format {
            Format::Csv => cut(window, self.complete, raw),
            Format::JsonLines => line(window, self.complete, raw),
        }
    }

    fn find_charset(&mut self, encoding: Encoding) -> Result<(), ReadError> {
        if encoding::is_utf16(&self.window) {
            return Err(ReadError::Utf16);
        }
        let marked = self.window.starts_with(encoding::UTF8_MARK);
        if marked {
            self.start = encoding::UTF8_MARK.len();
        }
        self.charset = match encoding {
            Encoding::Cp932 if marked => return Err(ReadError::MarkContradicts),
            Encoding::Cp932 => Charset::Cp932,
            Encoding::Utf8 => Charset::Utf8,
            Encoding::Auto if marked => Charset::Utf8,
            Encoding::Auto => encoding::detect(&self.window, self.complete),
        };
        Ok(())
    }

    fn read_header(&mut self, intake: &Intake) -> Result<(), ReadError> {
        let mut raw = RawRecord::default();
        if !self.next(&mut raw)? {
            return Err(ReadError::NoHeader);
        }
        if let Some(code) = raw.fault {
            return Err(ReadError::HeaderBroken(code));
        }
        let decoded: Result<Vec<String>, DecodeError> =
            raw.cells().map(|cell| raw.charset.decode(cell).map(|text| text.into_owned())).collect();
        let cells = decoded.map_err(ReadError::HeaderEncoding)?;
        if cells.iter().any(|cell| cell.contains('\r')) {
            return Err(ReadError::HeaderLineEnd);
        }
        self.layout = Layout::of_header(&cells, &intake.columns)?;
        self.row = 0;
        Ok(())
    }

    /// Hands out the record that was cut, of so many bytes.
    fn deliver(&mut self, length: usize, raw: &mut RawRecord) -> bool {
        if length > LONGEST_RECORD {
            raw.clear();
            raw.fault = Some(Code::TooLong);
        }
        let bytes = &self.window[self.start..self.start + length];
        if self.charset == Charset::Undecided {
            self.charset = encoding::judge(bytes);
        }
        let ended = bytes.ends_with(b"\n");
        self.row += 1;
        (raw.row, raw.line, raw.charset) = (self.row, self.line, self.charset);
        self.advance(length);
        raw.last_line = self.line - u64::from(ended);
        true
    }

    /// Hands out a broken record and goes on with the next line.
    fn break_off(&mut self, code: Code, raw: &mut RawRecord) -> bool {
        raw.clear();
        raw.fault = Some(code);
        self.row += 1;
        (raw.row, raw.line, raw.last_line, raw.charset) = (self.row, self.line, self.line, self.charset);
        let window = &self.window[self.start..];
        match window.iter().position(|byte| *byte == b'\n') {
            Some(end) => self.advance(end + 1),
            None => {
                self.in_long_line = !self.complete;
                self.start = self.window.len();
            }
        }
        true
    }

    fn skip_long_line(&mut self) -> Result<(), ReadError> {
        while self.in_long_line {
            match self.window[self.start..].iter().position(|byte| *byte == b'\n') {
                Some(end) => {
                    self.advance(end + 1);
                    self.in_long_line = false;
                }
                None => {
                    self.start = self.window.len();
                    self.in_long_line = !self.complete;
                    self.fill()?;
                }
            }
        }
        Ok(())
    }

    fn advance(&mut self, length: usize) {
        let bytes = &self.window[self.start..self.start + length];
        self.line += count(bytes, |byte| byte == b'\n') as u64;
        self.start += length;
    }

    /// Reads one chunk more, whole unless the file ends: what is found must not depend on how the
    /// bytes arrive.
    fn fill(&mut self) -> Result<(), ReadError> {
        self.window.drain(..self.start);
        self.start = 0;
        if self.complete {
            return Ok(());
        }
        let read = self.input.by_ref().take(CHUNK as u64).read_to_end(&mut self.window)?;
        self.complete = read < CHUNK;
        Ok(())
    }
}

/// The length of the empty line at the beginning, if there is one.
fn blank_line(window: &[u8]) -> Option<usize> {
    match window {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    }
}

/// Cuts one line off the window.
fn line(mut window: &[u8], complete: bool, raw: &mut RawRecord) -> Cut {
    raw.clear();
    // Reading from memory does not fail.
    let length = window.read_until(b'\n', &mut raw.content).unwrap_or_default();
    match raw.content.pop_if(|last| *last == b'\n') {
        None if !complete => return Cut::More,
        Some(_) | None => raw.content.pop_if(|last| *last == b'\r'),
    };
    Cut::Row(length)
}
