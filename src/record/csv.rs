//! Cutting CSV (RFC 4180) into rows.
//!
//! Stricter than the `csv` crate, which reads on to the end of the file after a stray quote and drops
//! a quote that stands in the wrong place: here such a row is broken, and reading goes on with the
//! next line, so that one slip does not swallow its neighbours.

use crate::record::problem::Code;
use crate::record::raw::RawRecord;

/// What stands at the beginning of a window of the file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// A row of so many bytes, its line end included; the cells are in the raw record.
    Row(usize),
    /// The row does not end in the window.
    More,
    /// No row: its first line is to be left out.
    Broken(Code),
}

/// Cuts one row off the window. `complete`: nothing follows the window.
pub(crate) fn cut(window: &[u8], complete: bool, raw: &mut RawRecord) -> Cut {
    raw.clear();
    let mut at = 0;
    loop {
        let cell = match window.get(at) {
            Some(b'"') => quoted(window, at + 1, complete, &mut raw.content),
            Some(_) => plain(window, at, complete, &mut raw.content),
            None if complete => Cell::End(at),
            None => Cell::More,
        };
        raw.ends.push(raw.content.len());
        match cell {
            Cell::Next(next) => at = next,
            Cell::End(length) => return Cut::Row(length),
            Cell::More => return Cut::More,
            Cell::Broken(code) => return Cut::Broken(code),
        }
    }
}

/// How a cell ends.
enum Cell {
    /// At a comma; the next one begins there.
    Next(usize),
    /// With the row; the next row begins there.
    End(usize),
    More,
    Broken(Code),
}

/// A cell without quotes. A quote inside it stands for itself.
fn plain(window: &[u8], start: usize, complete: bool, out: &mut Vec<u8>) -> Cell {
    let rest = &window[start..];
    let Some(length) = rest.iter().position(|byte| matches!(byte, b',' | b'\n')) else {
        out.extend_from_slice(rest);
        return if complete { Cell::End(window.len()) } else { Cell::More };
    };
    let text = &rest[..length];
    if rest[length] == b',' {
        out.extend_from_slice(text);
        return Cell::Next(start + length + 1);
    }
    out.extend_from_slice(text.strip_suffix(b"\r").unwrap_or(text));
    Cell::End(start + length + 1)
}

/// A cell in quotes, from behind the opening one.
fn quoted(window: &[u8], start: usize, complete: bool, out: &mut Vec<u8>) -> Cell {
    let mut at = start;
    loop {
        let rest = &window[at..];
        let Some(length) = rest.iter().position(|byte| *byte == b'"') else {
            return if complete { Cell::Broken(Code::UnclosedQuote) } else { Cell::More };
        };
        out.extend_from_slice(&rest[..length]);
        at += length + 1;
        match (window.get(at), window.get(at + 1)) {
            (Some(b'"'), _) => {
                out.push(b'"');
                at += 1;
            }
            (Some(b','), _) => return Cell::Next(at + 1),
            (Some(b'\n'), _) => return Cell::End(at + 1),
            (Some(b'\r'), Some(b'\n')) => return Cell::End(at + 2),
            (Some(b'\r'), None) if complete => return Cell::End(at + 1),
            (None, _) if complete => return Cell::End(at),
            (None, _) | (Some(b'\r'), None) => return Cell::More,
            (Some(_), _) => return Cell::Broken(Code::TextAfterQuote),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(window: &str) -> (Cut, Vec<String>) {
        let mut raw = RawRecord::default();
        let cut = cut(window.as_bytes(), true, &mut raw);
        let cells = raw.cells().map(|cell| String::from_utf8(cell.to_vec()).unwrap()).collect();
        (cut, cells)
    }

    #[test]
    fn rows_and_cells() {
        for (window, length, expected) in [
            ("a,b\nc", 4, vec!["a", "b"]),
            ("a,b\r\nc", 5, vec!["a", "b"]),
            ("a,b", 3, vec!["a", "b"]),
            ("a,\n", 3, vec!["a", ""]),
            ("a,", 2, vec!["a", ""]),
            ("\n", 1, vec![""]),
            ("\"a,b\r\nc\",\"\"\"\"\r\nx", 15, vec!["a,b\r\nc", "\""]),
            ("\"a\"", 3, vec!["a"]),
            ("\"a\"\r", 4, vec!["a"]),
            ("a\"b\",c\n", 7, vec!["a\"b\"", "c"]),
            (" \"a\",c\n", 7, vec![" \"a\"", "c"]),
        ] {
            assert_eq!(cells(window), (Cut::Row(length), expected.iter().map(|s| s.to_string()).collect()), "{window}");
        }
    }

    #[test]
    fn stray_quotes_break_a_row() {
        assert_eq!(cells("\"a\nb,c\n").0, Cut::Broken(Code::UnclosedQuote));
        assert_eq!(cells("\"a\"b,c\n").0, Cut::Broken(Code::TextAfterQuote));
        assert_eq!(cells("\"a\"\rb,c\n").0, Cut::Broken(Code::TextAfterQuote));
    }

    #[test]
    fn an_unfinished_row_waits_for_more() {
        let mut raw = RawRecord::default();
        for window in ["", "a", "a,", "\"a", "\"a\"", "\"a\"\r", "\"a\n"] {
            assert_eq!(cut(window.as_bytes(), false, &mut raw), Cut::More, "{window}");
        }
    }
}
