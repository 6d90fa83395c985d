//! Code 128 (ISO/IEC 15417).

use std::fmt::Write;

use barcoders::sym::code128::Code128;

use crate::base::modules::Modules;
use crate::code::{CodeError, check_ascii};

/// The most characters of a symbol: our own limit, as longer ones are hardly read in one sweep.
pub const MOST: usize = 80;

/// Digits in a row that are worth a change to the set that holds two in one character.
const AT_AN_END: usize = 4;
const INSIDE: usize = 6;

/// Signs by which the maker of symbols is told to change to a set.
const SET_B: char = '\u{0181}';
const SET_C: char = '\u{0106}';

/// The one row of modules of a symbol, from the left. Ten modules on each side of it must stay free.
///
/// Letters, digits, signs and spaces of ASCII; runs of digits take half the room.
///
/// # Errors
/// When there is no text, when it is too long, or holds anything but visible ASCII and spaces.
pub fn code128(text: &str) -> Result<Modules, CodeError> {
    check_ascii(text)?;
    if text.len() > MOST {
        return Err(CodeError::TooManyCharacters(text.len()));
    }
    let modules = Code128::new(in_sets(text)).map_err(|_| CodeError::Refused)?.encode();
    Ok(Modules::new(modules.len(), modules.into_iter().map(|module| module == 1).collect()))
}

/// The text with the changes between its two sets: even runs of digits in C, everything else in B.
fn in_sets(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 8);
    let mut set = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let ends = digits == rest.len() || set.is_none();
        let pairs = digits - digits % 2;
        let wanted = if ends { AT_AN_END } else { INSIDE };
        // Two digits alone make a symbol of their own.
        let in_c = digits >= wanted || (digits == 2 && text.len() == 2);
        // An odd run keeps its first digit in the set before it.
        let odd_inside = in_c && digits % 2 == 1 && set.is_some();
        let (sign, length) = match (in_c, odd_inside) {
            (true, false) => (SET_C, pairs),
            (true, true) | (false, _) => (SET_B, first.len_utf8()),
        };
        if set != Some(sign) {
            let _ = written.write_char(sign);
            set = Some(sign);
        }
        written.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Widths of bars and gaps of the characters 0 to 105 (ISO/IEC 15417, table 1).
    const WIDTHS: &str = "\
        212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 \
        122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 \
        322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 \
        112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 \
        331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 \
        112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 \
        124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 \
        411311 113141 114131 311141 411131 211412 211214 211232";

    /// Reads modules back: start, check character and stop included.
    fn read(modules: &Modules) -> String {
        let row = modules.rows().next().unwrap();
        let widths: String = row.chunk_by(|one, next| one == next).map(|run| run.len().to_string()).collect();
        let body = widths.strip_suffix("2331112").expect("a stop");
        let values: Vec<usize> = body
            .as_bytes()
            .chunks(6)
            .map(|six| {
                let pattern = std::str::from_utf8(six).unwrap();
                WIDTHS.split(' ').position(|known| known == pattern).expect("a character")
            })
            .collect();
        let (check, values) = values.split_last().unwrap();
        let sum: usize = values.iter().enumerate().map(|(place, value)| value * place.max(1)).sum();
        assert_eq!(sum % 103, *check);
        meaning(values)
    }

    fn meaning(values: &[usize]) -> String {
        let mut text = String::new();
        let mut in_c = match values[0] {
            104 => false,
            105 => true,
            start => panic!("start {start}"),
        };
        for value in &values[1..] {
            match (in_c, *value) {
                (true, 100) => in_c = false,
                (false, 99) => in_c = true,
                (true, pair) => write!(text, "{pair:02}").unwrap(),
                (false, value) => text.push(char::from(value as u8 + 32)),
            }
        }
        text
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let ascii: String = (' '..='~').collect();
        let (first, second) = ascii.split_at(60);
        let texts =
            ["06139999", "1", "12", "12345", "A1234567B", "A123456", "AB12CD", "00012345678", "a 1-2_3~", "7ab1234"];
        for text in texts.into_iter().chain([first, second]) {
            let modules = code128(text).unwrap();
            assert_eq!(modules.height(), 1);
            assert_eq!(read(&modules), text);
        }
    }

    #[test]
    fn digits_take_half_the_room() {
        assert_eq!(code128("06139999").unwrap().width(), 11 * (1 + 4 + 1) + 13);
        assert_eq!(code128("A123456").unwrap().width(), 11 * (1 + 1 + 1 + 3 + 1) + 13);
    }

    #[test]
    fn what_is_no_code_is_refused() {
        assert_eq!(code128(""), Err(CodeError::Empty));
        assert_eq!(code128("12あ"), Err(CodeError::NotAscii(3)));
        assert_eq!(code128("1\n"), Err(CodeError::NotAscii(2)));
        assert_eq!(code128(&"x".repeat(81)), Err(CodeError::TooManyCharacters(81)));
    }
}
