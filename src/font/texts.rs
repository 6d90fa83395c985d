//! The text that a glyph stands for by itself: what a file that shows the glyph may say of it once, wherever it stands.
//!
//! It follows from the face alone, so that it is the same whatever else a file shows.

use unicode_normalization::char::decompose_compatible;

use skrifa::charmap::Charmap;
use skrifa::charmap::MapVariant;

use crate::font::GlyphId;
use crate::font::scan;

/// Selectors 1 to 16 (U+FE00 …) and 17 to 256 (U+E0100 …); 0 is none.
const SELECTOR_BITS: u32 = 9;

/// The own text of each glyph of a face.
#[derive(Debug)]
pub struct Texts(Box<[OwnText]>);

/// The text that a glyph stands for by itself: a character, or a character with a variation selector.
///
/// Of several characters it is one that texts are written with, and then one that is no other form of another: 一
/// and not the radical ⼀, 神 and not its compatibility ideograph, the ideographic space and not the em space; then the
/// smallest. A glyph that only variation
/// sequences reach stands for the smallest of them. One that nothing reaches, a vertical form for instance,
/// stands for nothing by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnText(u32);

impl OwnText {
    fn new(character: char, selector: Option<char>) -> Option<OwnText> {
        let selector = match selector.map(u32::from) {
            None => 0,
            Some(code @ 0xFE00..=0xFE0F) => 1 + code - 0xFE00,
            Some(code @ 0xE0100..=0xE01EF) => 17 + code - 0xE0100,
            Some(_) => return None,
        };
        Some(OwnText((u32::from(character) << SELECTOR_BITS) | selector))
    }

    /// The character; `None`: the glyph stands for nothing by itself.
    pub fn character(self) -> Option<char> {
        char::from_u32(self.0 >> SELECTOR_BITS).filter(|_| self.0 != 0)
    }

    /// The variation selector behind it; `None`: none.
    pub fn selector(self) -> Option<char> {
        match self.0 & ((1 << SELECTOR_BITS) - 1) {
            0 => None,
            number @ 1..=16 => char::from_u32(0xFE00 + number - 1),
            number => char::from_u32(0xE0100 + number - 17),
        }
    }

    /// Whether this is exactly one character.
    #[inline]
    pub fn is_character(self, character: char) -> bool {
        self.0 != 0 && self.0 == u32::from(character) << SELECTOR_BITS
    }

    /// Whether this is exactly `text`.
    #[inline]
    pub fn is(self, text: &str) -> bool {
        let mut characters = text.chars();
        let Some(character) = characters.next() else { return false };
        let same = match characters.next() {
            None => Some(OwnText(u32::from(character) << SELECTOR_BITS)),
            selector => OwnText::new(character, selector),
        };
        self.0 != 0 && same == Some(self) && characters.next().is_none()
    }
}

impl Texts {
    /// Reads the character map: every mapping of it once.
    pub(super) fn new(charmap: Option<&Charmap<'_>>, glyphs: u32) -> Texts {
        let mut own = vec![OwnText::default(); glyphs as usize];
        for (code, glyph) in charmap.into_iter().flat_map(Charmap::mappings) {
            let (Some(character), Some(slot)) = (char::from_u32(code), own.get_mut(glyph.to_u32() as usize)) else {
                continue;
            };
            if slot.character().is_none_or(|known| rank(character) < rank(known)) {
                *slot = OwnText::new(character, None).unwrap_or_default();
            }
        }
        for (code, selector, variant) in charmap.into_iter().flat_map(Charmap::variant_mappings) {
            let (Some(character), MapVariant::Variant(glyph)) = (char::from_u32(code), variant) else { continue };
            let Some(slot) = own.get_mut(glyph.to_u32() as usize) else { continue };
            let reached = slot.0 != 0 && slot.selector().is_none();
            if let Some(text) = char::from_u32(selector).and_then(|selector| OwnText::new(character, Some(selector)))
                && !reached
                && (slot.0 == 0 || text < *slot)
            {
                *slot = text;
            }
        }
        Texts(own.into())
    }

    /// The own text of a glyph.
    #[inline]
    pub fn get(&self, glyph: GlyphId) -> OwnText {
        self.0.get(usize::from(glyph.0)).copied().unwrap_or_default()
    }
}

/// Of the characters with one glyph, the one of the lowest rank names it.
fn rank(character: char) -> (bool, bool, bool, bool, char) {
    let forbidden = scan::forbidden(character.encode_utf8(&mut [0; 4])).is_some();
    let usual = scan::is_plain(character) || matches!(character, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}');
    let mut decomposes = false;
    decompose_compatible(character, |part| decomposes |= part != character);
    (forbidden, scan::is_private(character), !usual, decomposes, character)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::font::FaceId;
    use crate::font::face::Variant;
    use crate::font::faces::Faces;

    use super::*;

    fn bundled(file: &str) -> Faces {
        Faces::open(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts").join(file)]).unwrap()
    }

    fn own(faces: &Faces, character: char) -> String {
        let face = faces.get(FaceId(0));
        let text = face.texts().get(face.glyph(character).unwrap());
        text.character().into_iter().chain(text.selector()).collect()
    }

    #[test]
    fn a_text_is_compared_as_a_whole() {
        let plain = OwnText::new('葛', None).unwrap();
        let selected = OwnText::new('葛', Some('\u{E0103}')).unwrap();
        assert_eq!((selected.character(), selected.selector()), (Some('葛'), Some('\u{E0103}')));
        assert!(plain.is("葛") && selected.is("葛\u{E0103}"));
        for other in ["", "葛\u{E0103}", "葛城", "葛\u{E0103}城", "城"] {
            assert!(!plain.is(other), "{other:?}");
        }
        for other in ["", "葛", "葛\u{E0102}", "葛\u{FE03}", "葛\u{E0103}城"] {
            assert!(!selected.is(other), "{other:?}");
        }
        assert!(!OwnText::default().is("") && !OwnText::default().is("\0"));
        for selector in ['\u{FE00}', '\u{FE0F}', '\u{E0100}', '\u{E01EF}'] {
            assert_eq!(OwnText::new('葛', Some(selector)).unwrap().selector(), Some(selector));
        }
    }

    #[test]
    fn the_character_that_nothing_else_spells_names_a_glyph() {
        let moji = bundled("ipamj-mincho/ipamjm.ttf");
        let harano = bundled("haranoaji/HaranoAjiMincho-Regular.otf");
        for (faces, asked, named) in [
            // Radicals of the Kangxi block, which stands before the ideographs.
            (&harano, '\u{2F00}', "一"),
            (&harano, '\u{4E00}', "一"),
            (&harano, '\u{A0}', " "),
            (&harano, '\u{2003}', "\u{3000}"),
            (&harano, '…', "…"),
            (&harano, '－', "－"),
            // The soft hyphen and a combining mark, which no text may have alone, are smaller.
            (&moji, '\u{2212}', "\u{2212}"),
            (&moji, '\u{2014}', "\u{2014}"),
            (&moji, '-', "-"),
        ] {
            assert_eq!(own(faces, asked), named, "U+{:04X}", asked as u32);
        }
    }

    #[test]
    fn a_glyph_of_sequences_alone_has_the_smallest() {
        let moji = bundled("ipamj-mincho/ipamjm.ttf");
        let face = moji.get(FaceId(0));
        let Variant::Own(glyph) = face.variant('\u{9089}', '\u{E011F}') else { panic!("it has a glyph of its own") };
        let text = face.texts().get(glyph);
        let (base, selector) = (text.character().unwrap(), text.selector().unwrap());
        assert_eq!(face.variant(base, selector), Variant::Own(glyph));
        assert!(text <= OwnText::new('\u{9089}', Some('\u{E011F}')).unwrap());
        // The compatibility ideograph has the glyph of a sequence, and is what names it.
        assert_eq!(own(&moji, '\u{FA19}'), "\u{FA19}");
        assert_eq!(face.texts().get(GlyphId(0)).character(), None);
        assert_eq!(face.texts().get(GlyphId(u16::MAX)), OwnText::default());
    }
}
