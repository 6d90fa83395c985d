//! Finished files: each correction of printpdf by its number in `docs/decisions/0001-pdf-engine.md`,
//! and what somebody else's reader finds in them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod marks;
mod reader;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use lopdf::{Dictionary, Document, Object};
use shikaku::base::geometry::{Point, Rect, Size};
use shikaku::base::length::Length;
use shikaku::base::stroke::Stroke;
use shikaku::base::tint::Tint;
use shikaku::font::{FaceId, GlyphId};
use shikaku::pdf::content::EncodeError;
use shikaku::pdf::encoder::{Encoder, Kit};
use shikaku::pdf::metadata::Metadata;
use shikaku::pdf::page::{EncodedPage, Scratch};
use shikaku::pdf::picture::Picture;
use shikaku::pdf::shell::{Compression, Plan, Shell, ShellError, build};
use shikaku::pdf::stamp::{StampError, Stamper};
use shikaku::pdf::usage::Usage;
use shikaku::sheet::{Box, Image, Line, Mark, Plate, PlateId, Run, Side};
use skrifa::instance::LocationRef;
use skrifa::{FontRef, MetadataProvider};

use crate::marks::{
    A4, DATA, FACES, FILES, GOTHIC, HARANO, MINCHO, PLATE, TITLE, at, bars, marks, pictures, rect, run,
};

fn sides() -> Vec<Side> {
    let a5 = Size { width: Length::mm(148), height: Length::mm(210) };
    vec![
        Side { size: A4, plates: vec![PLATE], marks: marks(0) },
        Side { size: a5, plates: vec![], marks: vec![Mark::Run(run(GOTHIC, "裏面", at(20, 20)))] },
    ]
}

static PICTURES: LazyLock<Vec<Picture>> = LazyLock::new(pictures);
static PLATES: LazyLock<Vec<Plate>> = LazyLock::new(|| {
    // Another one before it, that nothing uses.
    let unused = PlateId { template: 0, group: 0, mask: 0 };
    vec![Plate { id: PLATE, size: A4, marks: marks(100) }, Plate { id: unused, size: A4, marks: vec![] }]
});

fn encoder(compression: Compression) -> Encoder<'static> {
    Encoder::new(Kit { faces: &FACES, pictures: &PICTURES, compression }, PLATES.iter()).unwrap()
}

fn usage(sides: &[Side]) -> Usage {
    let mut usage = Usage::new();
    sides.iter().for_each(|side| usage.add_side(side));
    usage
}

fn shell(encoder: &Encoder, usage: &Usage) -> Result<Shell, ShellError> {
    let metadata =
        Metadata { title: TITLE.into(), date: chrono::NaiveDate::from_ymd_opt(2026, 11, 22), ..Metadata::default() };
    build(&Plan { encoder, usage, metadata: &metadata })
}

fn encoded(encoder: &Encoder, sides: &[Side]) -> Vec<EncodedPage> {
    let mut scratch = Scratch::default();
    sides.iter().map(|side| encoder.encode(side, &mut scratch).unwrap()).collect()
}

fn stamped(shell: &Shell, pages: &[EncodedPage]) -> Vec<u8> {
    let mut stamper = Stamper::new(Vec::new(), shell).unwrap();
    pages.iter().for_each(|page| stamper.page(page).unwrap());
    stamper.finish().unwrap()
}

/// A file of these sides, and of nothing else.
fn file(compression: Compression, sides: &[Side]) -> Vec<u8> {
    let encoder = encoder(compression);
    stamped(&shell(&encoder, &usage(sides)).unwrap(), &encoded(&encoder, sides))
}

fn sample(compression: Compression) -> Vec<u8> {
    file(compression, &sides())
}

static SAMPLE: LazyLock<Vec<u8>> = LazyLock::new(|| sample(Compression::Fast));

fn document() -> Document {
    Document::load_mem(&SAMPLE).unwrap()
}

/// Every dictionary of the file whose `key` is the name `value`.
fn dictionaries(document: &Document, key: &str, value: &str) -> Vec<Dictionary> {
    fn walk(object: &Object, found: &mut Vec<Dictionary>) {
        match object {
            Object::Dictionary(entries) => {
                found.push(entries.clone());
                entries.iter().for_each(|(_, value)| walk(value, found));
            }
            Object::Stream(stream) => walk(&Object::Dictionary(stream.dict.clone()), found),
            Object::Array(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    document.objects.values().for_each(|object| walk(object, &mut found));
    found.retain(|entries| {
        entries.get(key.as_bytes()).and_then(Object::as_name).is_ok_and(|name| name == value.as_bytes())
    });
    found
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

fn expected_texts(shift: i64) -> Vec<String> {
    let runs = marks(shift).into_iter().filter_map(|mark| match mark {
        Mark::Run(run) => Some(run.text),
        Mark::Line(_) | Mark::Box(_) | Mark::Bars(_) | Mark::Image(_) => None,
    });
    runs.collect()
}

#[test]
fn patch_1_and_2_plates_are_forms_with_box_and_resources() {
    let document = document();
    let forms = dictionaries(&document, "Subtype", "Form");
    assert_eq!(forms.len(), 1);
    let form = &forms[0];
    assert_eq!(form.get(b"FormType").unwrap().as_i64().unwrap(), 1);
    let bounds: Vec<f32> =
        form.get(b"BBox").unwrap().as_array().unwrap().iter().map(|n| n.as_float().unwrap()).collect();
    assert_eq!(bounds, [0.0, 0.0, 595.276, 841.89]);
    let resources = form.get(b"Resources").unwrap().as_dict().unwrap();
    assert_eq!(resources.get(b"Font").unwrap().as_dict().unwrap().len(), 3);
    assert_eq!(resources.get(b"XObject").unwrap().as_dict().unwrap().len(), 2);
}

#[test]
fn patch_3_glyphs_of_pages_alone_are_embedded() {
    assert_eq!(reader::pages(&SAMPLE)[1].texts(), ["裏面"]);
}

#[test]
fn patch_4_fonts_are_cut_down_and_tagged() {
    let document = document();
    let fonts = dictionaries(&document, "Type", "Font");
    // Plates and sheets have three each, in two dictionaries.
    assert_eq!(fonts.len(), 12);
    let descriptors = dictionaries(&document, "Type", "FontDescriptor");
    let names = fonts.iter().map(|font| font.get(b"BaseFont")).chain(descriptors.iter().map(|d| d.get(b"FontName")));
    let mut count = BTreeMap::new();
    for name in names {
        let name = String::from_utf8(name.unwrap().as_name().unwrap().to_vec()).unwrap();
        let (tag, plain) = name.split_once('+').unwrap();
        assert!(tag.len() == 6 && tag.bytes().all(|byte| byte.is_ascii_uppercase()), "{name}");
        assert!(FILES.iter().any(|(_, file)| *file == plain), "{name}");
        *count.entry(name).or_insert(0) += 1;
    }
    // Where plates and sheets show the same glyphs, the two subsets are one and have one tag.
    assert!(count.values().all(|count| count % 3 == 0) && count.values().sum::<i32>() == 18, "{count:?}");
    assert_eq!(count.keys().filter(|name| name.ends_with("+BIZUDGothic-Regular")).count(), 2, "{count:?}");
    assert!(SAMPLE.len() < 150_000, "{}", SAMPLE.len());
    for descriptor in descriptors {
        assert_eq!(descriptor.get(b"Flags").unwrap().as_i64().unwrap() & 0b10_0100, 4);
        assert_ne!(descriptor.get(b"FontBBox").unwrap().as_array().unwrap()[2].as_i64().unwrap(), 0);
        let ascent = descriptor.get(b"Ascent").unwrap().as_i64().unwrap();
        assert!((700..1200).contains(&ascent), "{ascent}");
    }
    // Codes in pages are glyphs of the face: a table of each font leads to its own numbers.
    let (plates, sheets): (Vec<_>, Vec<_>) = dictionaries(&document, "Subtype", "Type0")
        .into_iter()
        .partition(|font| font.get(b"Encoding").unwrap() == &Object::Name(b"Identity-H".to_vec()));
    assert_eq!((plates.len(), sheets.len()), (3, 3));
    for font in sheets {
        let encoding = font.get(b"Encoding").unwrap().as_reference().unwrap();
        let table = document.get_object(encoding).unwrap().as_stream().unwrap();
        let name = [font.get(b"BaseFont").unwrap().as_name().unwrap(), b"-H"].concat();
        assert_eq!(table.dict.get(b"CMapName").unwrap().as_name().unwrap(), name);
        assert_eq!(table.dict.get(b"WMode").unwrap().as_i64().unwrap(), 0);
        assert!(!table.dict.has(b"UseCMap"));
        let descendant = &font.get(b"DescendantFonts").unwrap().as_array().unwrap()[0];
        let descendant = document.dereference(descendant).unwrap().1.as_dict().unwrap();
        assert_eq!(table.dict.get(b"CIDSystemInfo").unwrap(), descendant.get(b"CIDSystemInfo").unwrap());
        let text = String::from_utf8(table.decompressed_content().unwrap()).unwrap();
        assert!(
            text.contains("/WMode 0 def") && text.contains("/Registry(Adobe)def\n/Ordering(Identity)def"),
            "{text}"
        );
        assert!(text.contains(&format!("/CMapName/{} def", String::from_utf8(name).unwrap())), "{text}");
    }
    for font in dictionaries(&document, "Subtype", "CIDFontType2") {
        assert_eq!(font.get(b"CIDToGIDMap").unwrap().as_name().unwrap(), b"Identity");
    }
}

#[test]
fn patch_5_a_missing_glyph_is_an_error_in_plates_and_pages() {
    let mut broken = run(GOTHIC, "表", at(20, 20));
    broken.glyphs[0].id = GlyphId(0);
    let side = Side { size: A4, plates: vec![], marks: vec![Mark::Run(broken)] };
    let encoder = encoder(Compression::Fast);
    let error = shell(&encoder, &usage(std::slice::from_ref(&side))).err().unwrap();
    assert!(matches!(error, ShellError::MissingGlyph { face: GOTHIC }), "{error}");
    assert_eq!(encoder.encode(&side, &mut Scratch::default()), Err(EncodeError::Glyph { face: GOTHIC }));
    for page in reader::pages(&SAMPLE) {
        assert!(page.runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.code != 0));
    }
}

#[test]
fn patch_6_and_7_text_is_exact_with_selectors_and_shared_glyphs() {
    let pages = reader::pages(&SAMPLE);
    let expected: Vec<String> = expected_texts(100).into_iter().chain(expected_texts(0)).collect();
    assert_eq!(pages[0].texts(), expected);
    // One glyph has three texts: the font's table can name only one of them.
    let shared = pages[0].run("祐\u{FE00}神\u{E0103}神\u{FE00}\u{FA19}");
    let codes: Vec<u32> = shared.glyphs.iter().map(|glyph| glyph.code).collect();
    assert!(codes[1] == codes[2] && codes[2] == codes[3], "{codes:?}");
    assert_eq!(shared.glyphs[1].text.as_deref(), Some("\u{FA19}"));
}

#[test]
fn patch_7_a_cluster_of_several_glyphs_has_one_text() {
    let mut cluster = run(GOTHIC, "か゜き", at(20, 20));
    cluster.text = "か\u{309A}き".into();
    cluster.glyphs[1].text = 6..6;
    cluster.glyphs[0].text = 0..6;
    let side = Side { size: A4, plates: vec![], marks: vec![Mark::Run(cluster)] };
    assert_eq!(reader::pages(&file(Compression::Fast, &[side]))[0].texts(), ["か\u{309A}き"]);
}

#[test]
fn patch_8_and_9_every_glyph_stands_where_the_sheet_says() {
    let pages = reader::pages(&SAMPLE);
    for (page, shift) in [(&pages[0].runs[..8], 100), (&pages[0].runs[8..], 0)] {
        let near = |value: f64, expected: f64| assert!((value - expected).abs() < 0.002, "{value} {expected}");
        for (shown, mark) in page.iter().zip(marks(shift).iter().filter_map(|mark| match mark {
            Mark::Run(run) => Some(run),
            Mark::Line(_) | Mark::Box(_) | Mark::Bars(_) | Mark::Image(_) => None,
        })) {
            let font = FontRef::new(&DATA[usize::from(mark.face.0)]).unwrap();
            let units = font.metrics(skrifa::instance::Size::unscaled(), LocationRef::default()).units_per_em;
            let advances = font.glyph_metrics(skrifa::instance::Size::unscaled(), LocationRef::default());
            let size = mark.size.to_units() as f64 / 360_000.0;
            let (sine, cosine) = f64::from(mark.rotate).to_radians().sin_cos();
            let mut pen = 0.0;
            assert_eq!(shown.glyphs.len(), mark.glyphs.len());
            for (glyph, expected) in shown.glyphs.iter().zip(&mark.glyphs) {
                near(glyph.x, mark.at.x.to_units() as f64 / 360_000.0 + pen * cosine);
                near(glyph.y, mark.at.y.to_units() as f64 / 360_000.0 - pen * sine);
                let advance = advances.advance_width(u32::from(expected.id.0).into()).unwrap() / f32::from(units);
                let advance = f64::from(advance) + f64::from(expected.space) / 1000.0;
                pen += advance * size * f64::from(mark.stretch) / 1000.0;
            }
            near(shown.size, mark.size.to_units() as f64 / 127_000.0);
            near(shown.rotation, mark.rotate.into());
            assert_eq!(shown.outlined, mark.outline.is_some());
        }
    }
}

#[test]
fn patch_10_only_device_gray_is_used() {
    let plain = sample(Compression::None);
    let document = Document::load_mem(&plain).unwrap();
    assert!(!contains(&plain, "DeviceRGB") && !contains(&plain, "DeviceCMYK"));
    let forms = document.objects.values().filter_map(|object| object.as_stream().ok());
    for stream in
        forms.filter(|stream| stream.dict.get(b"Subtype").is_ok_and(|kind| kind == &Object::Name(b"Form".to_vec())))
    {
        let operations = stream.decode_content().unwrap().operations;
        assert!(operations.iter().all(|operation| !["rg", "RG", "k", "K"].contains(&operation.operator.as_str())));
        assert!(operations.iter().any(|operation| operation.operator == "g"));
    }
}

#[test]
fn patch_12_and_19_boxes_stand_on_pages_and_are_inherited() {
    let document = document();
    let pages: Vec<&Dictionary> =
        document.get_pages().values().map(|id| document.get_dictionary(*id).unwrap()).collect();
    assert!(pages.iter().all(|page| page.has(b"TrimBox") && !page.has(b"Annots") && !page.has(b"Resources")));
    assert_eq!(pages.iter().map(|page| page.has(b"MediaBox")).collect::<Vec<_>>(), [false, true]);
    let sizes: Vec<(f64, f64)> = reader::pages(&SAMPLE).iter().map(|page| page.size).collect();
    assert!((sizes[0].0 - 210.0).abs() < 0.001 && (sizes[1].1 - 210.0).abs() < 0.001, "{sizes:?}");
}

#[test]
fn patch_11_14_and_15_no_label_and_no_version_that_is_not_true() {
    assert!(SAMPLE.starts_with(b"%PDF-1.6\n%\xE2\xE3\xCF\xD3\n"));
    let plain = sample(Compression::None);
    for label in ["GTS_PDFX", "pdfaid", "OutputIntent", "Trapped", "printpdf", "Illustrator", "1970", "MarkInfo"] {
        assert!(!contains(&plain, label), "{label}");
    }
}

#[test]
fn patch_16_metadata_is_well_formed_and_agrees() {
    let document = document();
    let catalog = document.catalog().unwrap();
    let xmp = document.get_object(catalog.get(b"Metadata").unwrap().as_reference().unwrap()).unwrap();
    let xmp = String::from_utf8(xmp.as_stream().unwrap().content.clone()).unwrap();
    assert!(xmp.contains("資格情報のお知らせ A &amp; B &lt;x&gt;</rdf:li>"), "{xmp}");
    assert!(xmp.contains("<xmp:CreateDate>2026-11-22</xmp:CreateDate>"), "{xmp}");
    assert_eq!(xmp.replace("&amp;", "").matches('&').count(), 2);
    let opened = xmp.matches('<').count() - xmp.matches("</").count() - xmp.matches("<?").count();
    assert_eq!(opened, xmp.matches("</").count(), "{xmp}");
    let info = document.get_dictionary(document.trailer.get(b"Info").unwrap().as_reference().unwrap()).unwrap();
    let title = info.get(b"Title").unwrap().as_str().unwrap();
    let units: Vec<u16> = title[2..].chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    assert_eq!(String::from_utf16(&units).unwrap(), TITLE);
    assert_eq!(info.get(b"CreationDate").unwrap().as_str().unwrap(), b"D:20261122");
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"ja-JP");
}

#[test]
fn patch_17_every_error_of_the_sink_is_returned() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let (encoder, sides) = (encoder(Compression::Fast), sides());
    let shell = shell(&encoder, &usage(&sides)).unwrap();
    let page = encoder.encode(&sides[0], &mut Scratch::default()).unwrap();
    let written = |room: usize| -> Result<Full, StampError> {
        let mut stamper = Stamper::new(Full(room), &shell)?;
        for _ in 0..2000 {
            stamper.page(&page)?;
        }
        stamper.finish()
    };
    assert!(matches!(written(100), Err(StampError::Io(_))));
    assert!(matches!(written(1 << 20), Err(StampError::Io(_))));
    let all = 100_000_000 - written(100_000_000).unwrap().0;
    assert!(matches!(written(all - 1), Err(StampError::Io(_))));
    assert!(written(all).is_ok());
}

#[test]
fn patch_18_same_input_same_bytes() {
    let sides = sides();
    let mut backwards = Usage::new();
    for side in sides.iter().rev() {
        let mut marks = side.marks.clone();
        marks.reverse();
        let mut part = Usage::new();
        part.add_side(&Side { marks, ..side.clone() });
        part.merge(std::mem::take(&mut backwards));
        backwards = part;
    }
    assert_eq!(usage(&sides), backwards);
    let encoder = encoder(Compression::Fast);
    let shell = shell(&encoder, &backwards).unwrap();
    let again = stamped(&shell, &encoded(&encoder, &sides));
    assert!(again == *SAMPLE);
    let one = stamped(&shell, &encoded(&encoder, &sides[..1]));
    let id = |bytes: &[u8]| Document::load_mem(bytes).unwrap().trailer.get(b"ID").unwrap().clone();
    assert_eq!(id(&again), id(&SAMPLE));
    assert_ne!(id(&one), id(&SAMPLE));
}

/// A sheet with every kind of mark and each face, and others around it.
#[test]
fn a_page_depends_on_its_side_alone() {
    let many: Vec<Side> = ["山田　太郎", "葛\u{E0103}飾", "祐\u{FE00}神\u{FA19}"]
        .into_iter()
        .zip([HARANO, MINCHO, MINCHO])
        .map(|(text, face)| Side { size: A4, plates: vec![], marks: vec![Mark::Run(run(face, text, at(20, 20)))] })
        .collect();
    let [front, back] = sides().try_into().unwrap();
    let alone = encoded(&encoder(Compression::Fast), std::slice::from_ref(&front));
    let mut other = vec![back];
    other.extend(many);
    other.push(front);
    let among = encoded(&encoder(Compression::Fast), &other);
    let last = among.last().unwrap();
    assert_eq!((last.stream(), last.digest(), last.size()), (alone[0].stream(), alone[0].digest(), alone[0].size()));

    // What was put away and taken out again is the same page.
    let encoder = encoder(Compression::Fast);
    let shell = shell(&encoder, &usage(&other)).unwrap();
    let pages = encoded(&encoder, &other);
    let kept = pages.iter().map(|page| encoder.page(page.size(), page.stream().to_vec(), page.digest()));
    assert!(stamped(&shell, &kept.collect::<Vec<_>>()) == stamped(&shell, &pages));
}

#[test]
fn a_run_that_is_called_plain_is_written_as_one_that_is_found_so() {
    let encoder = encoder(Compression::None);
    let stream = |run: Run| {
        let side = Side { size: A4, plates: vec![], marks: vec![Mark::Run(run)] };
        encoded(&encoder, &[side])[0].stream().to_vec()
    };
    let has = |stream: &[u8], part: &[u8]| stream.windows(part.len()).any(|window| window == part);
    // Of so many codes some have bytes that a string must escape.
    let words: String =
        ('あ'..='ん').chain('ア'..='ン').chain('0'..='9').chain("山川田中村見本太郎花子".chars()).collect();
    let found = stream(run(GOTHIC, &words, at(20, 20)));
    assert!(!has(&found, b"Span") && has(&found, b"\\"), "plain, with bytes to escape");
    assert!(found == stream(Run { plain: true, ..run(GOTHIC, &words, at(20, 20)) }));
}

#[test]
fn patch_19_the_page_tree_is_balanced_for_any_number_of_pages() {
    let side = Side { size: A4, plates: vec![PLATE], marks: vec![] };
    for (compression, count) in [Compression::None, Compression::Small]
        .into_iter()
        .flat_map(|compression| [1, 256, 257, 70_000].map(|count| (compression, count)))
    {
        let encoder = encoder(compression);
        let shell = shell(&encoder, &usage(std::slice::from_ref(&side))).unwrap();
        let page = encoder.encode(&side, &mut Scratch::default()).unwrap();
        let mut stamper = Stamper::new(Vec::new(), &shell).unwrap();
        (0..count).for_each(|_| stamper.page(&page).unwrap());
        assert_eq!(stamper.pages(), count);
        let bytes = stamper.finish().unwrap();
        let document = Document::load_mem(&bytes).unwrap();
        assert_eq!(document.get_pages().len() as u64, count);
        if compression == Compression::None {
            assert_eq!(document.objects.len() as u32, document.max_id);
        }
        let nodes = dictionaries(&document, "Type", "Pages");
        assert!(nodes.iter().all(|node| node.get(b"Kids").unwrap().as_array().unwrap().len() <= 256));
        let root = nodes.iter().filter(|node| !node.has(b"Parent"));
        assert_eq!(root.map(|root| root.get(b"Count").unwrap().as_i64().unwrap()).collect::<Vec<_>>(), [count as i64]);
    }
}

/// The same paper, packed in three ways, to a reader that is not ours.
#[test]
fn patch_22_a_small_file_shows_and_says_the_same() {
    let small = sample(Compression::Small);
    assert!(small.len() < SAMPLE.len() && contains(&small, "/ObjStm") && contains(&small, "/XRef"));
    assert!(!contains(&small, "/Type/Page/") && !contains(&small, "\nxref\n"));
    let plain = sample(Compression::None);
    let places = |bytes: &[u8]| format!("{:?}", reader::pages(bytes));
    assert_eq!(places(&small), places(&SAMPLE));
    assert_eq!(places(&plain), places(&SAMPLE));
    assert!(reader::render(&small, 0, 60.0) == reader::render(&SAMPLE, 0, 60.0));
    let document = Document::load_mem(&small).unwrap();
    assert_eq!(document.get_pages().len(), 2);
}

#[test]
fn patch_28_nothing_wrong_is_written() {
    let (encoder, sides) = (encoder(Compression::Fast), sides());
    let shell = shell(&encoder, &usage(&sides)).unwrap();
    let encode = |side: &Side| encoder.encode(side, &mut Scratch::default()).err();
    let small = Side { plates: vec![PLATE], ..sides[1].clone() };
    assert!(matches!(encode(&small), Some(EncodeError::PlateSize { plate: PLATE, .. })));
    let other = PlateId { group: 9, ..PLATE };
    assert_eq!(encode(&Side { plates: vec![other], ..sides[1].clone() }), Some(EncodeError::Plate(other)));
    let mut torn = run(GOTHIC, "裏面", at(20, 20));
    torn.glyphs[0].text = 1..3;
    assert_eq!(
        encode(&Side { marks: vec![Mark::Run(torn)], ..sides[1].clone() }),
        Some(EncodeError::Text { face: GOTHIC })
    );
    let picture = Mark::Image(Image { rect: rect(0, 0, 1, 1), index: 7 });
    assert_eq!(encode(&Side { marks: vec![picture], ..sides[1].clone() }), Some(EncodeError::Picture(7)));

    let stranger = Mark::Run(Run { face: FaceId(77), ..run(GOTHIC, "裏面", at(20, 20)) });
    assert_eq!(
        encode(&Side { marks: vec![stranger], ..sides[1].clone() }),
        Some(EncodeError::Face { face: FaceId(77) })
    );

    let foreign = self::encoder(Compression::Fast);
    let page = foreign.encode(&sides[1], &mut Scratch::default()).unwrap();
    let mut stamper = Stamper::new(Vec::new(), &shell).unwrap();
    assert!(matches!(stamper.page(&page), Err(StampError::ForeignPage)));
    assert!(matches!(stamper.finish(), Err(StampError::NoPages)));
}

#[test]
fn plates_and_pages_look_the_same() {
    let mut marks = marks(0);
    // Bars are rectangles on a plate and a mask on a page, which are the same where every edge lies between two dots.
    let dots = |count: i64| Length::units(count * 91_440);
    let bars = marks.iter_mut().find_map(|mark| match mark {
        Mark::Bars(bars) => Some(bars),
        Mark::Run(_) | Mark::Line(_) | Mark::Box(_) | Mark::Image(_) => None,
    });
    bars.unwrap().rect =
        Rect { at: Point { x: dots(80), y: dots(220) }, size: Size { width: dots(19 * 4), height: dots(32) } };
    marks.push(Mark::Run(Run { face: FaceId(77), ..Run::default() }));
    let plate = Plate { id: PLATE, size: A4, marks: marks.clone() };
    let sides = [Side { size: A4, plates: vec![PLATE], marks: vec![] }, Side { size: A4, plates: vec![], marks }];
    let kit = Kit { faces: &FACES, pictures: &PICTURES, compression: Compression::Fast };
    let encoder = Encoder::new(kit, [&plate]).unwrap();
    let bytes = stamped(&shell(&encoder, &usage(&sides)).unwrap(), &encoded(&encoder, &sides));
    if let Ok(folder) = std::env::var("SHIKAKU_SHOW") {
        std::fs::write(format!("{folder}/sample.pdf"), &*SAMPLE).unwrap();
        std::fs::write(format!("{folder}/plain.pdf"), sample(Compression::None)).unwrap();
        reader::render(&SAMPLE, 0, 110.0).save(format!("{folder}/sample.png")).unwrap();
    }
    let [one, two] = [0, 1].map(|page| reader::render(&bytes, page, 100.0));
    let different = one.pixels().zip(two.pixels()).filter(|(one, two)| one.0[0].abs_diff(two.0[0]) > 16).count();
    assert_eq!(different, 0);
    assert!(one.pixels().filter(|pixel| pixel.0[0] < 128).count() > 10_000);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_sheet_brings_a_panic(numbers in proptest::collection::vec(proptest::prelude::any::<i64>(), 40), glyph: u16) {
        let mut next = numbers.into_iter().cycle();
        let mut length = || Length::units(next.next().unwrap());
        let mut place = || Point { x: length(), y: length() };
        let (from, to) = (place(), place());
        let mut text = run(GOTHIC, "均等割付", place());
        text.glyphs[1].id = GlyphId(glyph);
        text.glyphs[2].space = glyph.into();
        text.glyphs[2].text = u32::from(glyph % 12)..u32::from(glyph / 7);
        text.rotate = glyph as i16;
        text.stretch = glyph;
        let (width, height) = (length(), length());
        let rect = Rect { at: from, size: Size { width, height } };
        text.size = length();
        text.outline = Some(length());
        let pen = Stroke { width: length(), tint: Tint::BLACK, dash: Some([length(), length()]) };
        let marks = vec![
            Mark::Box(Box { rect, stroke: Some(pen.clone()), fill: None }),
            Mark::Line(Line { from, to, stroke: pen }),
            Mark::Bars(bars(rect)),
            Mark::Image(Image { rect, index: 0 }),
            Mark::Run(text),
        ];
        let side = Side { size: Size { width, height }, plates: vec![], marks };
        static ENCODER: LazyLock<Encoder<'static>> = LazyLock::new(|| encoder(Compression::Fast));
        static SHELL: LazyLock<Shell> = LazyLock::new(|| shell(&ENCODER, &usage(&sides())).unwrap());
        let mut usage = Usage::new();
        usage.add_side(&side);
        if let Ok(page) = ENCODER.encode(&side, &mut Scratch::default()) {
            let mut stamper = Stamper::new(Vec::new(), &SHELL).unwrap();
            stamper.page(&page).unwrap();
            stamper.finish().unwrap();
        }
    }
}
