//! Every code point and every variation sequence of the bundled fonts: exactly what the font's own table says, or
//! refused. The tables are read a second time, by the reader in `tests/cmap`.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod cmap;

use std::fs;
use std::path::{Path, PathBuf};

use shikaku::font::faces::Faces;
use shikaku::font::resolve::{Cluster, Forbidden, Problem, Served, resolve};
use shikaku::font::{Chain, FaceId};

use crate::cmap::Cmap;

/// The fonts of the chains of `base`, as its pack.toml has them.
const CHAINS: [[&str; 3]; 3] = [
    ["ipamj-mincho/ipamjm.ttf", "haranoaji/HaranoAjiMincho-Regular.otf", "noto-latin/NotoSerif-Regular.ttf"],
    [
        "biz-udgothic/BIZUDGothic-Regular.ttf",
        "haranoaji/HaranoAjiGothic-Regular.otf",
        "noto-latin/NotoSans-Regular.ttf",
    ],
    ["biz-udgothic/BIZUDGothic-Bold.ttf", "haranoaji/HaranoAjiGothic-Bold.otf", "noto-latin/NotoSans-Bold.ttf"],
];

struct Bundle {
    faces: Faces,
    cmaps: Vec<Cmap>,
    chain: Chain,
}

impl Bundle {
    fn open(files: &[&str]) -> Bundle {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
        let files: Vec<PathBuf> = files.iter().map(|file| root.join(file)).collect();
        let cmaps = files.iter().map(|file| cmap::read(&fs::read(file).unwrap())).collect();
        let chain = Chain::new((0..files.len() as u16).map(FaceId).collect());
        Bundle { faces: Faces::open(&files).unwrap(), cmaps, chain }
    }

    fn find(&self, text: &str) -> Result<(Served, Vec<Cluster>), Problem> {
        let mut clusters = Vec::new();
        match resolve(&self.faces, &self.chain, text, &mut clusters) {
            Ok(resolution) => Ok((resolution.served, clusters)),
            Err(problems) => Err(problems[0].kind),
        }
    }

    /// Whether a text is one glyph, and of which face and number.
    fn one(&self, text: &str) -> Option<(usize, u16)> {
        match self.find(text).ok()?.1.as_slice() {
            [one] => Some((usize::from(one.face.0), one.glyph.0)),
            _ => None,
        }
    }
}

fn is_vietnamese(character: char) -> bool {
    ('\u{1EA0}'..='\u{1EF9}').contains(&character)
}

/// What no paper may carry, from lists other than the program's.
fn is_never_printed(character: char) -> bool {
    let combining = unicode_normalization::char::is_combining_mark(character);
    let invisible = matches!(character, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFD}')
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        || matches!(character, '\u{E0000}'..='\u{E0FFF}' | '\u{FE00}'..='\u{FE0F}' | '\u{3164}' | '\u{FFA0}');
    let private = matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
    character.is_control() || combining || invisible || private
}

#[test]
fn every_code_point_is_the_fonts_own_glyph_or_refused() {
    for files in CHAINS {
        let bundle = Bundle::open(&files);
        let mut printed = 0;
        for character in (0..=0x10_FFFF_u32).filter_map(char::from_u32) {
            let found = bundle.one(character.encode_utf8(&mut [0; 4]));
            let Some((face, glyph)) = found else { continue };
            printed += 1;
            assert!(!is_never_printed(character), "U+{:04X}", character as u32);
            assert_eq!(bundle.cmaps[face].characters.get(&character), Some(&glyph), "U+{:04X}", character as u32);
            let blank = bundle.faces.get(FaceId(face as u16)).ink(shikaku::font::GlyphId(glyph)).is_none();
            assert_eq!(blank, character.is_whitespace(), "U+{:04X} is blank", character as u32);
            // The first face that has it, Vietnamese by rule apart.
            if !is_vietnamese(character) {
                for (number, cmap) in bundle.cmaps[..face].iter().enumerate() {
                    let drawn = cmap.characters.get(&character).is_some_and(|glyph| {
                        let glyph = shikaku::font::GlyphId(*glyph);
                        bundle.faces.get(FaceId(number as u16)).ink(glyph).is_some() || blank
                    });
                    assert!(!drawn, "U+{:04X} is in font {number} already", character as u32);
                }
            }
        }
        assert!(printed > 16_000, "{files:?}: {printed}");
    }
}

#[test]
fn every_variation_sequence_is_the_fonts_own_glyph() {
    for files in CHAINS {
        let bundle = Bundle::open(&files);
        let mut count = 0;
        for (face, cmap) in bundle.cmaps.iter().enumerate() {
            for ((character, selector), glyph) in &cmap.sequences {
                let text = String::from_iter([*character, *selector]);
                let first = bundle.cmaps.iter().position(|cmap| cmap.sequences.contains_key(&(*character, *selector)));
                if first != Some(face) {
                    continue;
                }
                let glyph = glyph.or_else(|| cmap.characters.get(character).copied());
                let expected = glyph.map(|glyph| (face, glyph));
                assert_eq!(bundle.one(&text), expected, "{}", text.escape_unicode());
                count += 1;
            }
        }
        assert!(count > 14_000, "{files:?}: {count}");
    }
}

/// Moji_Joho and Adobe-Japan1: no ideograph has a selector of the supplement in both, so none can be taken for
/// the other, and a selector that neither lists is refused.
#[test]
fn the_two_collections_never_meet() {
    let bundle = Bundle::open(&CHAINS[0]);
    let (moji, adobe) = (&bundle.cmaps[0].sequences, &bundle.cmaps[1].sequences);
    let supplement = |selector: char| ('\u{E0100}'..='\u{E01EF}').contains(&selector);
    let ideographic = |sequences: &cmap::Sequences| sequences.keys().filter(|key| supplement(key.1)).count();
    assert_eq!((ideographic(moji), ideographic(adobe)), (11_385, 14_683));
    assert!(moji.keys().filter(|key| supplement(key.1)).all(|key| !adobe.contains_key(key)));
    let mut refused = 0;
    for base in "葛邉邊辻神福芦蓮斉進迫近吉高龍榊祁".chars() {
        for selector in '\u{E0100}'..='\u{E01EF}' {
            let known = [moji, adobe].iter().position(|known| known.contains_key(&(base, selector)));
            let text = String::from_iter([base, selector]);
            match known {
                Some(face) => assert_eq!(bundle.one(&text).map(|(face, _)| face), Some(face)),
                None => {
                    assert_eq!(bundle.find(&text).unwrap_err(), Problem::SequenceInNoFont);
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 3_000);
}

#[test]
fn one_font_for_a_whole_field_if_one_covers_it() {
    let bundle = Bundle::open(&CHAINS[0]);
    let table = [
        ("山田　太郎", Served::One(FaceId(0))),
        ("山田　㋿", Served::One(FaceId(1))),
        ("佐々木　鶴ヶ〻", Served::One(FaceId(0))),
        ("ｻｻｷ ﾊﾟﾝﾀﾞ", Served::One(FaceId(0))),
        ("𛀂𛀄𛀙", Served::One(FaceId(0))),
        ("㋿　𛀂", Served::Mixed(vec![FaceId(0), FaceId(1)])),
        ("ÅSTRÖM Łukasz", Served::One(FaceId(0))),
        ("Ế 山", Served::Mixed(vec![FaceId(0), FaceId(2)])),
        ("セ\u{309A}ト か\u{309A} ト\u{309A} ㇷ\u{309A}", Served::One(FaceId(0))),
        // NFC is a look-up key: the letter and its sound mark are printed as the one letter that they mean.
        ("か\u{3099}き\u{3099}", Served::One(FaceId(0))),
        ("E\u{302}\u{301} e\u{323}\u{302}", Served::One(FaceId(2))),
    ];
    for (text, expected) in table {
        assert_eq!(bundle.find(text).map(|found| found.0), Ok(expected), "{text}");
    }
    assert_eq!(bundle.one("か\u{3099}"), bundle.one("が"));
    assert_eq!(bundle.one("ｶ\u{FF9E}"), None, "two cells, as they were typed");
    assert_eq!(bundle.find("ｶ\u{FF9E}").unwrap().1.len(), 2);
    // A compatibility ideograph is itself, never what normalising would make of it.
    for (compatibility, unified) in [('\u{FA19}', '\u{795E}'), ('\u{F9DC}', '\u{9686}'), ('\u{2F9F4}', '\u{5DB2}')] {
        let [own, other] = [compatibility, unified].map(|one| bundle.one(&one.to_string()));
        assert!(own.is_some() && own != other);
        assert!(bundle.find(&format!("{compatibility}\u{3099}")).is_err());
        assert!(bundle.find(&format!("{compatibility}\u{E0100}")).is_err());
    }
}

#[test]
fn what_cannot_be_exact_is_refused_with_its_reason() {
    use Forbidden::{Control, DoubledSelector, Invisible, LoneMark, LoneSelector, Replacement, Script, Unassigned};
    let forbidden = |kind| Problem::Forbidden(kind);
    let table = [
        ("家\u{200D}族", forbidden(Invisible)),
        ("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", forbidden(Invisible)),
        ("山\u{FE0F}", Problem::SequenceInNoFont),
        ("★\u{FE0F}", Problem::SequenceInNoFont),
        ("1\u{FE0F}\u{20E3}", Problem::CharacterInNoFont),
        ("\u{1F600}", Problem::CharacterInNoFont),
        ("\u{1F1EF}\u{1F1F5}", Problem::CharacterInNoFont),
        ("\u{1F3F4}\u{E0067}\u{E007F}", forbidden(Invisible)),
        ("山\u{E0041}", forbidden(Invisible)),
        ("\u{FE0F}", forbidden(LoneSelector)),
        ("山 \u{E0100}", forbidden(LoneSelector)),
        ("か\u{3099}\u{FE00}", forbidden(LoneSelector)),
        ("葛\u{E0100}\u{E0103}", forbidden(DoubledSelector)),
        ("葛\u{E0103}\u{FE00}", forbidden(DoubledSelector)),
        ("葛\u{200C}\u{E0103}", forbidden(Invisible)),
        ("葛\u{34F}\u{E0103}", forbidden(Invisible)),
        ("葛\u{E0103}\u{309A}", Problem::SequenceInNoFont),
        ("山\u{200B}田", forbidden(Invisible)),
        ("\u{FEFF}山", forbidden(Invisible)),
        ("山\u{2066}田\u{2069}", forbidden(Invisible)),
        ("\u{61C}山", forbidden(Invisible)),
        ("山\u{378}", forbidden(Unassigned)),
        ("\u{FFFE}", forbidden(Unassigned)),
        ("山\u{E0FFF}", forbidden(Unassigned)),
        ("\u{FFFD}", forbidden(Replacement)),
        ("山\r\n田", forbidden(Control)),
        ("山\u{2028}田", forbidden(Control)),
        ("\u{309A}山", forbidden(LoneMark)),
        ("山 \u{301}", forbidden(LoneMark)),
        ("\u{F56}\u{F7C}\u{F51}", forbidden(Script)),
        ("\u{5E9}\u{5DC}\u{5D5}\u{5DD}", forbidden(Script)),
        ("\u{928}\u{92E}", forbidden(Script)),
        ("\u{182E}\u{180B}", forbidden(Script)),
        ("山\u{3099}", Problem::SequenceInNoFont),
        ("x\u{20DD}", Problem::SequenceInNoFont),
        ("\u{1100}\u{1161}\u{11A8}", Problem::CharacterInNoFont),
        ("\u{E000}\u{FE00}", Problem::PrivateUse),
    ];
    for files in CHAINS {
        let bundle = Bundle::open(&files);
        for (text, expected) in table {
            assert_eq!(bundle.find(text).unwrap_err(), expected, "{}", text.escape_unicode());
        }
    }
}
