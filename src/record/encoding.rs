//! Which encoding a file is in, and decoding without a single guess at a character.
//!
//! Detection (`auto`): a byte order mark means UTF-8. Otherwise the first line that can be read in one
//! way only decides; lines of ASCII say nothing. A line that is both valid UTF-8 and valid CP932
//! counts as UTF-8 if it has a sequence of three or four bytes, and says nothing otherwise (two
//! half-width katakana of CP932 look like one Latin letter of UTF-8). The beginning of the file is
//! looked at before anything is read; if it says nothing, the first record that does decides. From
//! then on a record that contradicts is rejected, never re-interpreted.
//!
//! CP932 is the encoding that browsers call Shift_JIS (WHATWG, Encoding Standard): Windows-31J with
//! the NEC and IBM extensions (①, ㈱, 髙, 﨑); F040 to F9FC are user-defined and become U+E000 to
//! U+E757. `〜` (8160) becomes U+FF5E as on Windows.

use std::borrow::Cow;

/// Which encoding the user says the file is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Found out from the file.
    #[default]
    Auto,
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// CP932 (Windows-31J, Shift_JIS).
    Cp932,
}

/// The encoding of a stretch of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Charset {
    /// Nothing but ASCII so far.
    #[default]
    Undecided,
    /// UTF-8, stated by the user or by a byte order mark.
    Utf8,
    /// CP932, stated by the user.
    Cp932,
    /// UTF-8, by detection.
    DetectedUtf8,
    /// CP932, by detection.
    DetectedCp932,
}

/// Why bytes are not text. The message speaks of the bytes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The encoding is stated and the bytes do not fit.
    #[error("the bytes are not valid UTF-8")]
    NotUtf8,
    /// The encoding is stated and the bytes do not fit.
    #[error("the bytes are not valid CP932")]
    NotCp932,
    /// UTF-8 was detected and the bytes do not fit.
    #[error("the bytes are not valid UTF-8, which was detected as the encoding of the file")]
    NotDetectedUtf8,
    /// CP932 was detected and the bytes do not fit.
    #[error("the bytes are not valid CP932, which was detected as the encoding of the file")]
    NotDetectedCp932,
    /// CP932 was detected and the record reads as UTF-8.
    #[error("the record reads as UTF-8, but CP932 was detected as the encoding of the file")]
    Utf8InCp932,
    /// Neither UTF-8 nor CP932, or both and nothing in the file so far tells which.
    #[error("neither the record nor what stands before it tells the encoding")]
    Unknown,
}

/// What a line says about the encoding.
enum Evidence {
    Nothing,
    Utf8,
    Cp932,
}

/// The byte order mark of UTF-8.
pub(crate) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether the file begins with a byte order mark of UTF-16.
pub(crate) fn is_utf16(beginning: &[u8]) -> bool {
    beginning.starts_with(b"\xff\xfe") || beginning.starts_with(b"\xfe\xff")
}

/// The encoding that the beginning of a file tells: its whole lines, and the last piece if nothing
/// follows it.
pub(crate) fn detect(beginning: &[u8], complete: bool) -> Charset {
    let whole = match beginning.iter().rposition(|byte| *byte == b'\n') {
        _ if complete => beginning,
        Some(end) => &beginning[..end],
        None => return Charset::Undecided,
    };
    whole.split(|byte| *byte == b'\n').map(judge).find(|found| *found != Charset::Undecided).unwrap_or_default()
}

/// The encoding that a line or record tells.
pub(crate) fn judge(bytes: &[u8]) -> Charset {
    match evidence(bytes) {
        Evidence::Nothing => Charset::Undecided,
        Evidence::Utf8 => Charset::DetectedUtf8,
        Evidence::Cp932 => Charset::DetectedCp932,
    }
}

fn evidence(bytes: &[u8]) -> Evidence {
    if bytes.is_ascii() {
        return Evidence::Nothing;
    }
    let utf8 = std::str::from_utf8(bytes).is_ok();
    match (utf8, cp932(bytes).is_some()) {
        (true, true) if !is_japanese_utf8(bytes) => Evidence::Nothing,
        (true, _) => Evidence::Utf8,
        (false, true) => Evidence::Cp932,
        (false, false) => Evidence::Nothing,
    }
}

/// Whether a sequence of three or four bytes occurs in valid UTF-8.
fn is_japanese_utf8(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| *byte >= 0xe0)
}

impl Charset {
    /// Decodes a field or a line.
    ///
    /// # Errors
    /// The bytes are not text in this encoding.
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
        let utf8 = || simdutf8::basic::from_utf8(bytes).ok().map(Cow::Borrowed);
        match self {
            Charset::Undecided if bytes.is_ascii() => utf8().ok_or(DecodeError::Unknown),
            Charset::Undecided => Err(DecodeError::Unknown),
            Charset::Utf8 => utf8().ok_or(DecodeError::NotUtf8),
            Charset::DetectedUtf8 => utf8().ok_or(DecodeError::NotDetectedUtf8),
            Charset::Cp932 => cp932(bytes).ok_or(DecodeError::NotCp932),
            Charset::DetectedCp932 => cp932(bytes).ok_or(DecodeError::NotDetectedCp932),
        }
    }

    /// Whether a whole record contradicts a detected encoding in a way that its fields, one by one,
    /// would not show.
    pub(crate) fn contradiction(self, record: &[u8]) -> Option<DecodeError> {
        match self {
            Charset::DetectedCp932 if !record.is_ascii() => {
                let reads_as_utf8 = std::str::from_utf8(record).is_ok() && is_japanese_utf8(record);
                reads_as_utf8.then_some(DecodeError::Utf8InCp932)
            }
            Charset::Undecided | Charset::Utf8 | Charset::Cp932 | Charset::DetectedUtf8 | Charset::DetectedCp932 => {
                None
            }
        }
    }
}

/// Strict CP932; `None` for bytes that are not.
fn cp932(bytes: &[u8]) -> Option<Cow<'_, str>> {
    encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes_of(text: &str) -> Vec<u8> {
        encoding_rs::SHIFT_JIS.encode(text).0.into_owned()
    }

    #[test]
    fn cp932_has_the_extensions_and_gaiji() {
        let charset = Charset::Cp932;
        assert_eq!(charset.decode(b"\xfb\xfc\xfa\xb1\x87\x40\x87\x8a").unwrap(), "髙﨑①㈱");
        assert_eq!(charset.decode(b"\xf0\x40\xf9\xfc").unwrap(), "\u{e000}\u{e757}");
        assert_eq!(charset.decode(b"\x83\x5c\x95\x5c").unwrap(), "ソ表");
        for wrong in [&b"\x81"[..], b"\x81\x22", b"\xa0", b"\xfd", b"\xef\xbb\xbf"] {
            assert_eq!(charset.decode(wrong), Err(DecodeError::NotCp932));
        }
    }

    /// Splitting at bytes before decoding is sound: every byte that separates lies below every second
    /// byte of CP932 (0x40).
    #[test]
    fn no_second_byte_is_a_separator() {
        for lead in 0x80..=0xffu8 {
            for trail in [b'"', b',', b'\n', b'\r'] {
                let pair = [lead, trail];
                let decoded = cp932(&pair);
                let separate = decoded.is_none_or(|text| text.ends_with(char::from(trail)));
                assert!(separate, "{lead:x} {trail:x}");
            }
        }
    }

    #[test]
    fn the_first_line_that_can_be_read_in_one_way_decides() {
        let kana = bytes_of("ﾄｰ\n");
        assert!(std::str::from_utf8(&kana).is_ok());
        for (file, expected) in [
            (b"name\nabc\n".to_vec(), Charset::Undecided),
            ("氏名\n".as_bytes().to_vec(), Charset::DetectedUtf8),
            (bytes_of("氏名\n"), Charset::DetectedCp932),
            (kana.clone(), Charset::Undecided),
            ([kana.clone(), bytes_of("山田\n")].concat(), Charset::DetectedCp932),
            ([kana, "山田\n".as_bytes().to_vec()].concat(), Charset::DetectedUtf8),
            (b"\xff\xff\n".to_vec(), Charset::Undecided),
        ] {
            assert_eq!(detect(&file, true), expected, "{file:x?}");
        }
        // A character cut in two at the end of what was looked at says nothing.
        assert_eq!(detect(&"name\n山".as_bytes()[..7], false), Charset::Undecided);
    }

    #[test]
    fn utf8_in_a_file_of_cp932_is_a_contradiction() {
        let text = "山田".as_bytes();
        assert!(cp932(text).is_some(), "it would decode, to other characters");
        assert_eq!(Charset::DetectedCp932.contradiction(text), Some(DecodeError::Utf8InCp932));
        assert_eq!(Charset::Cp932.contradiction(text), None);
        assert_eq!(Charset::DetectedCp932.contradiction(&bytes_of("山田")), None);
    }
}
