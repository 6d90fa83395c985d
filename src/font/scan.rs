//! A text cut into what readers take for one character, and what may not stand in it.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

use crate::font::resolve::Forbidden;

/// The clusters of a text, in order, as byte ranges without gaps.
///
/// Extended grapheme clusters (Unicode UAX 29), with one exception: the half-width sound marks U+FF9E
/// and U+FF9F are cells of their own (JIS X 0201), so they are never joined to the letter before them.
pub(super) struct Clusters<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Clusters<'a> {
    pub(super) fn new(text: &'a str) -> Clusters<'a> {
        Clusters { text, at: 0 }
    }
}

impl Iterator for Clusters<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let rest = self.text.get(self.at..)?;
        let mut characters = rest.chars();
        let first = characters.next()?;
        let simple = is_plain(first) && characters.next().is_none_or(is_plain);
        let length = if simple { first.len_utf8() } else { grapheme(rest, first) };
        let start = self.at;
        self.at += length;
        Some(start..self.at)
    }
}

fn grapheme(rest: &str, first: char) -> usize {
    let whole = rest.graphemes(true).next().map_or(first.len_utf8(), str::len);
    rest.char_indices()
        .skip(1)
        .take_while(|(at, _)| *at < whole)
        .find(|(_, character)| matches!(character, '\u{FF9E}' | '\u{FF9F}'))
        .map_or(whole, |(at, _)| at)
}

/// Assigned, visible, and never joined to a neighbour of the same kind: what most texts consist of.
pub(super) fn is_plain(character: char) -> bool {
    matches!(character,
        '\u{20}'..='\u{7E}'
        | '\u{3000}'..='\u{3029}'
        | '\u{3041}'..='\u{3096}'
        | '\u{30A0}'..='\u{30FF}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FA6D}'
        | '\u{FA70}'..='\u{FAD9}'
        | '\u{FF01}'..='\u{FF9D}'
        | '\u{20000}'..='\u{2A6DF}')
}

/// Plain, and nothing that a person should look at.
pub(super) fn is_unremarkable(character: char) -> bool {
    is_plain(character) && !is_placeholder(character)
}

/// Variation selectors: VS1 to VS16, VS17 to VS256, and the Mongolian ones.
pub(super) fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}')
}

/// The three private-use areas.
pub(super) fn is_private(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// What issuers' systems write for a character that they do not have.
pub(super) fn is_placeholder(character: char) -> bool {
    matches!(character, '●' | '■' | '□' | '〓' | '?' | '？') || is_description(character)
}

/// Signs of a description (⿰ 木 …) that stands for a character nobody could type.
fn is_description(character: char) -> bool {
    matches!(character, '\u{2FF0}'..='\u{2FFF}' | '\u{303E}' | '\u{31EF}')
}

/// CJK compatibility ideographs, which normalising would change into other characters.
pub(super) fn is_compatibility_ideograph(character: char) -> bool {
    matches!(character, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}

/// Why a cluster may not be printed at all; `None` when nothing speaks against it.
pub(super) fn forbidden(cluster: &str) -> Option<Forbidden> {
    let mut before: Option<char> = None;
    for (position, character) in cluster.chars().enumerate() {
        if is_plain(character) {
            before = Some(character);
            continue;
        }
        let alone = before.is_none_or(char::is_whitespace);
        let problem = if is_selector(character) {
            misplaced(position, before)
        } else if alone && is_combining_mark(character) && is_assigned(character) {
            Some(Forbidden::LoneMark)
        } else {
            of_character(character)
        };
        if problem.is_some() {
            return problem;
        }
        before = Some(character);
    }
    None
}

/// A selector stands directly behind the first character of its cluster.
fn misplaced(position: usize, before: Option<char>) -> Option<Forbidden> {
    match before {
        Some(before) if is_selector(before) => Some(Forbidden::DoubledSelector),
        Some(before) if position == 1 && !before.is_whitespace() => None,
        Some(_) | None => Some(Forbidden::LoneSelector),
    }
}

fn of_character(character: char) -> Option<Forbidden> {
    if matches!(character, '\u{FFFC}' | '\u{FFFD}') {
        return Some(Forbidden::Replacement);
    }
    if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
        return Some(Forbidden::Control);
    }
    if is_invisible(character) {
        return Some(Forbidden::Invisible);
    }
    if !character.is_whitespace() && !is_private(character) && !is_assigned(character) {
        return Some(Forbidden::Unassigned);
    }
    is_of_other_script(character).then_some(Forbidden::Script)
}

/// Scripts that run from right to left, or whose letters change, join or trade places: setting them letter by
/// letter would print something else than what was asked, whatever the font has. Blocks of Unicode.
fn is_of_other_script(character: char) -> bool {
    matches!(character,
        '\u{590}'..='\u{8FF}' // Hebrew to Arabic Extended-A
        | '\u{900}'..='\u{109F}' // Devanagari to Myanmar, Thai and Tibetan among them
        | '\u{1700}'..='\u{18AF}' // Tagalog to Mongolian
        | '\u{1900}'..='\u{1AAF}' // Limbu to Tai Tham
        | '\u{1B00}'..='\u{1C7F}' // Balinese to Ol Chiki
        | '\u{A800}'..='\u{AAFF}' // Syloti Nagri to Meetei Mayek Extensions
        | '\u{ABC0}'..='\u{ABFF}' // Meetei Mayek
        | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' // presentation forms of Hebrew and Arabic
        | '\u{10800}'..='\u{11FFF}' // from Cypriot to Brahmi and its kin
        | '\u{13000}'..='\u{143FF}' // Egyptian hieroglyphs to Anatolian
        | '\u{16100}'..='\u{1613F}' | '\u{16D40}'..='\u{16D7F}' // Gurung Khema, Kirat Rai
        | '\u{1D800}'..='\u{1DAAF}' // Sutton SignWriting
        | '\u{1E800}'..='\u{1EFFF}') // Mende Kikakui to Arabic mathematical
}

/// Bidirectional controls, zero-width characters, fillers, and marks of formats.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E00FF}')
}

/// Whether Unicode assigns the code point to a character with a form. The standard library carries that
/// table for its debugging output, which writes every other code point as an escape; behind another
/// letter it writes combining marks as they are.
fn is_assigned(character: char) -> bool {
    let mut bytes = [b'a'; 5];
    let length = character.encode_utf8(&mut bytes[1..]).len();
    let text = std::str::from_utf8(&bytes[..=length]).unwrap_or_default();
    text.escape_debug().nth(1) != Some('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        Clusters::new(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn bases_keep_their_marks_and_selectors() {
        assert_eq!(cut("\u{845B}\u{E0103}\u{57CE} a"), ["\u{845B}\u{E0103}", "\u{57CE}", " ", "a"]);
        assert_eq!(cut("\u{304B}\u{309A}\u{304B}"), ["\u{304B}\u{309A}", "\u{304B}"]);
        assert_eq!(cut("\u{FF8A}\u{FF9F}\u{FF73}"), ["\u{FF8A}", "\u{FF9F}", "\u{FF73}"]);
        assert_eq!(cut("a\u{302}\u{300}\r\nb"), ["a\u{302}\u{300}", "\r\n", "b"]);
    }

    #[test]
    fn what_has_no_form_is_forbidden() {
        let table = [
            ("\u{FFFD}", Some(Forbidden::Replacement)),
            ("\t", Some(Forbidden::Control)),
            ("\u{85}", Some(Forbidden::Control)),
            ("\u{202E}", Some(Forbidden::Invisible)),
            ("a\u{200D}", Some(Forbidden::Invisible)),
            ("\u{3164}", Some(Forbidden::Invisible)),
            ("\u{E0102}", Some(Forbidden::LoneSelector)),
            (" \u{FE00}", Some(Forbidden::LoneSelector)),
            ("\u{304B}\u{309A}\u{FE00}", Some(Forbidden::LoneSelector)),
            ("\u{845B}\u{E0102}\u{E0102}", Some(Forbidden::DoubledSelector)),
            ("\u{301}", Some(Forbidden::LoneMark)),
            ("\u{3099}", Some(Forbidden::LoneMark)),
            (" \u{301}", Some(Forbidden::LoneMark)),
            ("\u{3000}\u{309A}", Some(Forbidden::LoneMark)),
            ("\u{5D0}", Some(Forbidden::Script)),
            ("\u{627}\u{64B}", Some(Forbidden::Script)),
            ("\u{915}\u{93F}", Some(Forbidden::Script)),
            ("\u{F40}\u{FB5}", Some(Forbidden::Script)),
            ("\u{E40}\u{E33}", Some(Forbidden::Script)),
            ("\u{1F468}\u{200D}\u{1F469}", Some(Forbidden::Invisible)),
            ("\u{1F3F4}\u{E0067}\u{E007F}", Some(Forbidden::Invisible)),
            ("1\u{FE0F}\u{20E3}", None),
            ("\u{FE0F}", Some(Forbidden::LoneSelector)),
            ("\u{378}", Some(Forbidden::Unassigned)),
            ("\u{FDD0}", Some(Forbidden::Unassigned)),
            ("\u{10FFFF}", Some(Forbidden::Unassigned)),
            ("\u{3097}", Some(Forbidden::Unassigned)),
            ("\u{2FFFE}", Some(Forbidden::Unassigned)),
            ("\u{3000}", None),
            ("\u{A0}", None),
            ("\u{E000}", None),
            ("\u{304B}\u{309A}", None),
            ("\u{1EC4}", None),
            ("\u{25CF}", None),
            ("\u{2019}", None),
            ("\u{1B002}", None),
            ("\u{31F00}", None),
            ("\u{3347A}", Some(Forbidden::Unassigned)),
            ("\u{31350}", None),
        ];
        for (text, expected) in table {
            assert_eq!(forbidden(text), expected, "{}", text.escape_unicode());
        }
    }
}
