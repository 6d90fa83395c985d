//! PDF objects as bytes. lopdf keeps its own writer to itself.

use std::io::Write as _;

use lopdf::{Dictionary, Object, Stream};

/// Writes an object; a stream gets its length.
pub(super) fn object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Boolean(true) => out.extend_from_slice(b"true"),
        Object::Boolean(false) => out.extend_from_slice(b"false"),
        Object::Integer(value) => integer(out, *value),
        Object::Real(value) => real(out, *value),
        Object::Name(bytes) => name(out, bytes),
        Object::String(bytes, _) => string(out, bytes),
        Object::Array(items) => array(out, items),
        Object::Dictionary(entries) => dictionary(out, entries),
        Object::Stream(value) => stream(out, value),
        Object::Reference((number, generation)) => {
            integer(out, i64::from(*number));
            out.push(b' ');
            integer(out, i64::from(*generation));
            out.extend_from_slice(b" R");
        }
    }
}

/// Writes an integer.
pub(super) fn integer(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

// PDF knows neither exponents nor infinity; Rust prints no exponents.
fn real(out: &mut Vec<u8>, value: f32) {
    if value.is_finite() && value != 0.0 {
        // Writing to memory cannot fail.
        let _ = write!(out, "{value}");
    } else {
        out.push(b'0');
    }
}

fn name(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'/');
    for byte in bytes {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(byte) {
            out.push(*byte);
        } else {
            out.push(b'#');
            hexadecimal(out, *byte);
        }
    }
}

fn array(out: &mut Vec<u8>, items: &[Object]) {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 && !starts_apart(item) {
            out.push(b' ');
        }
        object(out, item);
    }
    out.push(b']');
}

/// Writes a dictionary in its own order.
pub(super) fn dictionary(out: &mut Vec<u8>, entries: &Dictionary) {
    out.extend_from_slice(b"<<");
    for (key, value) in entries.iter() {
        name(out, key);
        if !starts_apart(value) {
            out.push(b' ');
        }
        object(out, value);
    }
    out.extend_from_slice(b">>");
}

fn stream(out: &mut Vec<u8>, stream: &Stream) {
    let mut entries = stream.dict.clone();
    entries.set("Length", stream.content.len() as i64);
    dictionary(out, &entries);
    out.extend_from_slice(b"\nstream\n");
    out.extend_from_slice(&stream.content);
    out.extend_from_slice(b"\nendstream");
}

/// Whether the first byte of an object ends whatever stands before it.
fn starts_apart(object: &Object) -> bool {
    match object {
        Object::Name(_) | Object::String(..) | Object::Array(_) | Object::Dictionary(_) | Object::Stream(_) => true,
        Object::Null | Object::Boolean(_) | Object::Integer(_) | Object::Real(_) | Object::Reference(_) => false,
    }
}

/// Writes a literal string: even where every byte is escaped it is no longer than hexadecimal digits.
pub(super) fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for byte in bytes {
        escaped(out, *byte);
    }
    out.push(b')');
}

/// Whether a byte does not stand for itself inside a literal string.
#[inline]
pub(super) fn is_escaped(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'\\' | b'\r')
}

/// Writes one byte inside a literal string.
#[inline]
pub(super) fn escaped(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        // A bare carriage return inside a string reads as a line feed.
        b'\r' => out.extend_from_slice(b"\\r"),
        _ => out.push(byte),
    }
}

/// Writes a string in hexadecimal digits.
pub(super) fn hexadecimal_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'<');
    for byte in bytes {
        hexadecimal(out, *byte);
    }
    out.push(b'>');
}

/// Writes one byte as two hexadecimal digits.
pub(super) fn hexadecimal(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

/// Text as UTF-16BE, as ToUnicode has it.
pub(super) fn utf16(characters: impl Iterator<Item = char>) -> Vec<u8> {
    let mut units = [0; 2];
    let mut bytes = Vec::new();
    for character in characters {
        character.encode_utf16(&mut units).iter().for_each(|unit| bytes.extend(unit.to_be_bytes()));
    }
    bytes
}

/// Text as a PDF text string: UTF-16BE behind a byte order mark.
pub(super) fn text(text: &str) -> Vec<u8> {
    let mut bytes = vec![0xFE, 0xFF];
    bytes.extend(utf16(text.chars()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::StringFormat;

    fn written(value: impl Into<Object>) -> String {
        let mut out = Vec::new();
        object(&mut out, &value.into());
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn strings_are_escaped() {
        let literal = |bytes: &[u8]| Object::String(bytes.to_vec(), StringFormat::Hexadecimal);
        assert_eq!(written(literal(b"a(b)\\c\rd\n")), "(a\\(b\\)\\\\c\\rd\n)");
        assert_eq!(written(literal(b"((")), "(\\(\\()");
        assert_eq!(written(literal(b"")), "()");
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(written(Object::Name(b"A B#/(\xE6".to_vec())), "/A#20B#23#2F#28#E6");
    }

    #[test]
    fn tokens_stay_apart() {
        let array = Object::Array(vec![1.into(), Object::Real(0.5), Object::Name(b"N".to_vec()), (3, 0).into()]);
        assert_eq!(written(array), "[1 0.5/N 3 0 R]");
        let mut entries = Dictionary::new();
        entries.set("A", true);
        entries.set("B", Object::Array(Vec::new()));
        assert_eq!(written(entries), "<</A true/B[]>>");
        assert_eq!(written(Object::Real(f32::NAN)), "0");
    }

    #[test]
    fn a_stream_has_its_length() {
        let stream = Stream::new(Dictionary::new(), b"abc".to_vec());
        assert_eq!(written(stream), "<</Length 3>>\nstream\nabc\nendstream");
    }
}
