//! Small sheets by hand, with one of every kind of mark.

#![allow(dead_code, reason = "each test file uses its part of this")]

use std::sync::LazyLock;

use shikaku::base::geometry::{Point, Rect, Size};
use shikaku::base::length::Length;
use shikaku::base::modules::Modules;
use shikaku::base::stroke::Stroke;
use shikaku::base::tint::Tint;
use shikaku::font::faces::Faces;
use shikaku::font::{FaceId, GlyphId};
use shikaku::pdf::picture::{Picture, Pixels};
use shikaku::sheet::{Bars, Box, Glyph, Image, Line, Mark, PlateId, Run};
use skrifa::charmap::MapVariant;
use skrifa::{FontRef, MetadataProvider};

/// BIZ UDGothic: `glyf` outlines, figures half an em wide.
pub const GOTHIC: FaceId = FaceId(0);
/// IPAmj Mincho: `glyf` outlines, sequences of Moji_Joho.
pub const MINCHO: FaceId = FaceId(1);
/// Harano Aji Mincho: `CFF` outlines, sequences of Adobe-Japan1.
pub const HARANO: FaceId = FaceId(2);

/// The files with their PostScript names, by face.
pub const FILES: [(&str, &str); 3] = [
    ("fonts/biz-udgothic/BIZUDGothic-Regular.ttf", "BIZUDGothic-Regular"),
    ("fonts/ipamj-mincho/ipamjm.ttf", "IPAmjMincho"),
    ("fonts/haranoaji/HaranoAjiMincho-Regular.otf", "HaranoAjiMincho-Regular"),
];

/// What the files hold.
pub static DATA: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| FILES.iter().map(|(path, _)| std::fs::read(path).unwrap()).collect());

/// The usual paper.
pub const A4: Size = Size { width: Length::mm(210), height: Length::mm(297) };

/// The only plate.
pub const PLATE: PlateId = PlateId { template: 0, group: 1, mask: 0 };

/// A title that needs escaping.
pub const TITLE: &str = "資格情報のお知らせ A & B <x>";

/// The faces.
pub static FACES: LazyLock<Faces> = LazyLock::new(|| Faces::open(&FILES.map(|(path, _)| path.into())).unwrap());

/// A place in whole millimetres.
pub fn at(x: i64, y: i64) -> Point {
    Point { x: Length::mm(x), y: Length::mm(y) }
}

/// A rectangle in whole millimetres.
pub fn rect(x: i64, y: i64, width: i64, height: i64) -> Rect {
    Rect { at: at(x, y), size: Size { width: Length::mm(width), height: Length::mm(height) } }
}

/// Glyphs by the font's own tables: selectors join the character before them.
pub fn run(face: FaceId, text: &str, place: Point) -> Run {
    let font = FontRef::new(&DATA[usize::from(face.0)]).unwrap();
    let charmap = font.charmap();
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((start, character)) = characters.next() {
        let selector = characters.next_if(|(_, next)| matches!(u32::from(*next), 0xFE00..=0xFE0F | 0xE0100..=0xE01EF));
        let mut id = charmap.map(character).unwrap_or_default();
        if let Some((_, selector)) = selector {
            match charmap.map_variant(character, selector) {
                Some(MapVariant::Variant(variant)) => id = variant,
                Some(MapVariant::UseDefault) => {}
                None => panic!("no such sequence"),
            }
        }
        let end = characters.peek().map_or(text.len(), |(next, _)| *next);
        let id = GlyphId(u16::try_from(id.to_u32()).unwrap());
        assert_ne!(id.0, 0, "U+{:04X}", u32::from(character));
        glyphs.push(Glyph { id, text: start as u32..end as u32, space: 0 });
    }
    Run { face, size: Length::pt(10), at: place, stretch: 1000, text: text.into(), glyphs, ..Run::default() }
}

/// A stroke: its width in units of length, its tint in thousandths.
pub fn stroke(width: i64, tint: u16, dash: Option<[Length; 2]>) -> Stroke {
    Stroke { width: Length::units(width), tint: Tint::permille(tint).unwrap(), dash }
}

/// Ten bars, each as wide as the gap beside it.
pub fn bars(rect: Rect) -> Bars {
    Bars { rect, modules: Modules::new(19, (0..19).map(|module| module % 2 == 0).collect()) }
}

/// Something of every kind, with the texts that must be read back.
pub fn marks(shift: i64) -> Vec<Mark> {
    let mut tracked = run(GOTHIC, "均等割付", at(20, shift + 20));
    tracked.glyphs.iter_mut().for_each(|glyph| glyph.space = 500);
    let mut kerned = run(HARANO, "「約物」、ABC", at(70, shift + 20));
    kerned.glyphs.iter_mut().zip([0, 0, 0, -500, -500, 30, 7, 0]).for_each(|(glyph, space)| glyph.space = space);
    let mut narrow = run(GOTHIC, "長体で組む住所", at(130, shift + 20));
    narrow.stretch = 800;
    narrow.tint = Tint::permille(600).unwrap();
    let mut sample = run(GOTHIC, "見本", at(150, shift + 70));
    (sample.size, sample.rotate, sample.outline) = (Length::pt(60), 30, Some(Length::pt(1)));
    sample.tint = Tint::permille(300).unwrap();
    let mut marks: Vec<Mark> = vec![
        Mark::Box(Box {
            rect: rect(15, shift + 25, 80, 20),
            stroke: Some(stroke(63_500, 1000, None)),
            fill: Some(Tint::permille(100).unwrap()),
        }),
        Mark::Line(Line {
            from: at(15, shift + 50),
            to: at(195, shift + 50),
            stroke: stroke(127_000, 500, Some([Length::mm(2), Length::mm(1)])),
        }),
        Mark::Bars(bars(rect(20, shift + 55, 19, 8))),
        Mark::Image(Image { rect: rect(100, shift + 25, 20, 20), index: 0 }),
        Mark::Image(Image { rect: rect(125, shift + 25, 20, 20), index: 1 }),
    ];
    marks.extend([tracked, kerned, narrow, sample].map(Mark::Run));
    marks.extend(
        [
            run(MINCHO, "葛\u{E0103}飾区 葛城 𠮷田", at(20, shift + 32)),
            run(MINCHO, "祐\u{FE00}神\u{E0103}神\u{FE00}\u{FA19}", at(20, shift + 40)),
            run(HARANO, "𠮷野家 葛\u{E0101}西 辻\u{E0101}", at(55, shift + 32)),
            run(GOTHIC, "記号・番号 ()\\ 1234", at(55, shift + 40)),
        ]
        .map(Mark::Run),
    );
    marks
}

/// A gradient and a chequer-board.
pub fn pictures() -> Vec<Picture> {
    let gradient = (0..64 * 64).map(|pixel| (pixel % 64 * 4) as u8).collect();
    let checks = (0..16 * 2).map(|byte| if byte / 8 % 2 == 0 { 0xF0 } else { 0x0F }).collect();
    vec![
        Picture { width: 64, height: 64, pixels: Pixels::Gray(gradient) },
        Picture { width: 16, height: 16, pixels: Pixels::Bilevel(checks) },
    ]
}
