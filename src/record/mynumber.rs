//! Keeping whole My Numbers (個人番号, 12 digits) out.

use crate::record::count;

/// Digits of a My Number.
const LENGTH: usize = 12;

/// Whether a text may be or hold a My Number: [`is_whole`] or [`is_inside`].
pub fn is_suspect(text: &str) -> bool {
    if text.len() < LENGTH {
        return false;
    }
    // A cheap first look: half-width digits, and where a character begins as full-width digits do, every byte that can
    // end one.
    let bytes = text.as_bytes();
    let wide = count(bytes, |byte| byte == 0xef) > 0;
    let ends = count(bytes, |byte| byte.is_ascii_digit() || wide && matches!(byte, 0x90..=0x99));
    ends >= LENGTH && (is_whole(text) || is_inside(text))
}

/// Whether the text as a whole may be a My Number: exactly 12 digits, half- or full-width, with or
/// without spaces and hyphens among them, whatever the check digit.
pub fn is_whole(text: &str) -> bool {
    let mut count = 0;
    for character in text.chars() {
        if digit(character).is_some() {
            count += 1;
        } else if !is_separator(character) {
            return false;
        }
        if count > LENGTH {
            return false;
        }
    }
    count == LENGTH
}

/// Whether the text as a whole is 12 digits, as in [`is_whole`], with a right check digit.
pub fn is_whole_and_valid(text: &str) -> bool {
    let mut digits = [0; LENGTH];
    for (place, value) in digits.iter_mut().zip(text.chars().filter_map(digit)) {
        *place = value;
    }
    is_whole(text) && is_valid(&digits)
}

/// Whether 12 or more digits stand anywhere in the text, together or apart.
pub fn has_twelve_digits(text: &str) -> bool {
    text.chars().filter(|character| digit(*character).is_some()).count() >= LENGTH
}

/// Whether a My Number stands inside a longer text: a run of exactly 12 digits with a right check
/// digit, in one piece or in three groups with one space or hyphen between them.
pub fn is_inside(text: &str) -> bool {
    if text.len() < LENGTH || !has_twelve_digits(text) {
        return false;
    }
    let mut after_digit = false;
    for (start, character) in text.char_indices() {
        let is_digit = digit(character).is_some();
        if is_digit && !after_digit && begins_with_number(&text[start..]) {
            return true;
        }
        after_digit = is_digit;
    }
    false
}

fn begins_with_number(text: &str) -> bool {
    let mut digits = [0; LENGTH];
    let mut count = 0;
    let mut gap = false;
    for character in text.chars() {
        match (digit(character), digits.get_mut(count)) {
            (Some(_), None) => return gap && is_valid(&digits),
            (Some(value), Some(place)) => {
                *place = value;
                count += 1;
                gap = false;
            }
            (None, Some(_)) if is_separator(character) && !gap && matches!(count, 4 | 8) => gap = true,
            (None, Some(_)) => return false,
            (None, None) => return is_valid(&digits),
        }
    }
    count == LENGTH && is_valid(&digits)
}

fn is_valid(digits: &[u8; LENGTH]) -> bool {
    let [body @ .., check] = digits;
    check_digit(body) == *check
}

/// The check digit of the first 11 digits.
///
/// 行政手続における特定の個人を識別するための番号の利用等に関する法律施行規則 (総務省令85号) 5条: 11 less the
/// remainder modulo 11 of the weighted sum, 0 where the remainder is 0 or 1; the weights are 2 to 7
/// from the lowest digit, then 2 to 6.
pub fn check_digit(body: &[u8; LENGTH - 1]) -> u8 {
    let weights = (2..=7).chain(2..=6);
    let sum: u32 = body.iter().rev().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        remainder => (11 - remainder) as u8,
    }
}

/// The value of a half- or full-width digit.
fn digit(character: char) -> Option<u8> {
    match character {
        '0'..='9' => Some(character as u8 - b'0'),
        '０'..='９' => Some((u32::from(character) - u32::from('０')) as u8),
        _ => None,
    }
}

/// Spaces, hyphens and what people type for them.
fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '-' | '\u{ad}' | '\u{200b}' | '\u{2010}'
                ..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | 'ー' | 'ｰ' | '\u{2500}' | '.' | '・' | '_'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_follows_the_table() {
        let table = include_str!("../../tests/data/mynumber_check_digit.tsv");
        for line in table.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let body: Vec<u8> = cells[0].bytes().map(|byte| byte - b'0').collect();
            let valid = cells[6] == "valid";
            let computed = check_digit(body.as_slice().try_into().unwrap()).to_string();
            assert_eq!(computed == cells[3], valid, "{line}");
            assert_eq!(is_inside(&format!("番号は{}です", cells[4])), valid, "{line}");
            assert!(is_whole(cells[4]), "{line}");
            assert_eq!(is_whole_and_valid(cells[4]), valid, "{line}");
        }
        assert_eq!(table.lines().count(), 13);
    }

    #[test]
    fn spellings_of_a_whole_number() {
        for text in [
            "123456789019",
            "1234 5678 9019",
            "1234-5678-9019",
            "１２３４　５６７８　９０１９",
            " 12345678901 9",
            "1234‐5678−9019",
        ] {
            assert!(is_whole(text), "{text}");
        }
        for text in ["12345678901", "1234567890123", "1234", "", "12345678901a", "令和6年12月2日"] {
            assert!(!is_whole(text), "{text}");
        }
    }

    #[test]
    fn a_number_inside_a_text_has_a_right_check_digit() {
        for text in [
            "個人番号 1234 5678 9018",
            "x123456789018",
            "123456789018（本人）",
            "１２３４－５６７８－９０１８",
            "0000 123456789018",
        ] {
            assert!(is_inside(text), "{text}");
        }
        for text in ["1234567890189", "電話 03-1234-5678", "123456789019x", "12-3456789018", "2024年12月02日"] {
            assert!(!is_inside(text), "{text}");
        }
    }
}
