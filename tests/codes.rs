//! Codes on finished pages, read back from pictures of them, and what a job adds to a sheet.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod reader;
mod shelf;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::GrayImage;
use shikaku::base::diagnostic::{Diagnostic, Source};
use shikaku::base::field::Fields;
use shikaku::base::geometry::{Point, Rect, Size};
use shikaku::base::length::Length;
use shikaku::base::modules::Modules;
use shikaku::code::code128::code128;
use shikaku::code::datamatrix::data_matrix;
use shikaku::compose::Art;
use shikaku::compose::context::Constants;
use shikaku::compose::galley::Galley;
use shikaku::compose::house::House;
use shikaku::compose::imprint::Imprint;
use shikaku::compose::prepare::{Workshop, prepare};
use shikaku::compose::problem::ProblemKind;
use shikaku::compose::typeset::Typesetter;
use shikaku::font::faces::Faces;
use shikaku::font::source::FontSource;
use shikaku::sheet::{Mark, Side};
use shikaku::template::read;
use shikaku::template::vocabulary::Vocabulary;
use shikaku::{Engine, OpenOptions};

use crate::shelf::Shelf;

/// What each record of `tests/data/codes` says in its four codes: two QR codes, a Data Matrix, a Code 128.
const SAID: [[&str; 4]; 3] = [
    ["https://www.example.jp/hoken/?a=1&b=02", "Y00001", "DM-Y00001;0012", "C-Y00001-0012"],
    ["00045678901234567890", "Y-123456789", "DM-Y-123456789;7", "C-Y-123456789-7"],
    ["資格情報のお知らせ（見本）", "y_3", "DM-y_3;0099", "C-y_3-0099"],
];
const FIXED: &str = "https://myna.go.jp/";

/// The pages of the records, one file each.
fn pages() -> Vec<Vec<u8>> {
    let (shelf, data) = (Shelf::new(), Path::new("tests/data/codes"));
    let pack = shelf.pack("codes", "");
    for name in ["pack.toml", "policy.toml", "codes.toml"] {
        std::fs::copy(data.join(name), pack.join(name)).unwrap();
    }
    let engine = Engine::open(&pack, &OpenOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let records = std::fs::read_to_string(data.join("records.jsonl")).unwrap();
    let pdf = |line| engine.pdf(&engine.read_json(line).unwrap_or_else(|error| panic!("{error}")));
    records.lines().map(|line| pdf(line).unwrap_or_else(|error| panic!("{error}"))).collect()
}

/// What the QR code at a place of a page says, its quiet zone around it.
fn read(page: &GrayImage, dpi: f64, place: Rect) -> String {
    const QUIET: Length = Length::mm(3);
    let dots = |length: Length| (length.to_units() as f64 / 360_000.0 / 25.4 * dpi) as u32;
    let (x, y) = (dots(place.at.x - QUIET), dots(place.at.y - QUIET));
    let side = dots(place.size.width + QUIET * 2);
    let picture = image::imageops::crop_imm(page, x, y, side, side).to_image();
    let grey = |x: usize, y: usize| picture.get_pixel(x as u32, y as u32).0[0];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side as usize, side as usize, grey);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "{dpi} {place:?}");
    grids[0].decode().unwrap().1
}

fn rect(x: &str, y: &str, width: &str, height: &str) -> Rect {
    let [x, y, width, height] = [x, y, width, height].map(|length| Length::parse(length).unwrap());
    Rect { at: Point { x, y }, size: Size { width, height } }
}

/// Modules whose middle has the other colour in a picture.
fn wrong(picture: &GrayImage, dpi: f64, place: Rect, modules: &Modules) -> usize {
    let dots = |length: Length| length.to_units() as f64 / 360_000.0 / 25.4 * dpi;
    let (width, height) = (modules.width() as f64, modules.height() as f64);
    let middle = |start, size, n: usize, of| (dots(start) + dots(size) * (n as f64 + 0.5) / of) as u32;
    let mut wrong = 0;
    for (row, cells) in modules.rows().enumerate() {
        for (column, dark) in cells.iter().enumerate() {
            let x = middle(place.at.x, place.size.width, column, width);
            let y = middle(place.at.y, place.size.height, row, height);
            wrong += usize::from((picture.get_pixel(x, y).0[0] < 128) != *dark);
        }
    }
    wrong
}

#[test]
fn codes_are_read_from_pages_at_300_and_600_dpi() {
    for (page, [long, short, matrix, bars]) in pages().iter().zip(SAID) {
        for dpi in [300.0, 600.0] {
            let picture = reader::render(page, 0, dpi);
            let dpi = f64::from(dpi);
            for (place, text) in [
                (rect("8.3mm", "7.1mm", "17.3mm", "17.3mm"), long),
                (rect("32.7mm", "7.1mm", "14.9mm", "14.9mm"), short),
                (rect("8.3mm", "48.1mm", "13.1mm", "13.1mm"), FIXED),
            ] {
                assert_eq!(read(&picture, dpi, place), text);
            }
            let [matrix, bars] = [data_matrix(matrix).unwrap(), code128(bars).unwrap()];
            let fixed = [data_matrix(&format!("{FIXED}dm")).unwrap(), code128(FIXED).unwrap()];
            for (place, modules) in [
                (rect("55.9mm", "7.7mm", "9.7mm", "9.7mm"), matrix),
                (rect("78.3mm", "8.3mm", "57.7mm", "9.1mm"), bars),
                (rect("55.9mm", "48.1mm", "8.9mm", "8.9mm"), fixed[0].clone()),
                (rect("78.3mm", "48.1mm", "57.7mm", "9.1mm"), fixed[1].clone()),
            ] {
                assert_eq!(wrong(&picture, dpi, place, &modules), 0, "{dpi} {place:?}");
            }
        }
    }
}

/// No grey, as there would be on the edges of rectangles, and so no light line between dark neighbours.
#[test]
fn neighbours_leave_no_line_between_them() {
    for page in pages() {
        let picture = reader::render(&page, 0, 600.0);
        // The upper row is what records fill.
        let upper = image::imageops::crop_imm(&picture, 0, 0, picture.width(), picture.height() / 2).to_image();
        assert!(upper.pixels().all(|pixel| matches!(pixel.0[0], 0 | 255)));
        assert!(upper.pixels().filter(|pixel| pixel.0[0] == 0).count() > 100_000);
    }
}

const CHAINS: [(&str, &str); 1] = [("gothic", "fonts/biz-udgothic/BIZUDGothic-Regular.ttf")];

/// The items of a template on a small sheet, made ready.
fn art(items: &str) -> Result<Art, Vec<Diagnostic>> {
    let head = "sheet = { width = \"100mm\", height = \"60mm\" }\n[style.body]\nchain = \"gothic\"\nsize = \"8pt\"\n";
    let source = Arc::new(Source { name: "t.toml".into(), text: format!("{head}{items}") });
    let (fields, texts) = (Fields::default(), BTreeSet::from(["line".to_owned()]));
    let chains = CHAINS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let vocabulary = Vocabulary { fields: &fields, texts: &texts, chains: &chains };
    let fetch = |_: &str| Err(Diagnostic::error("no file"));
    let template = read::read(&source, &vocabulary, &fetch)?;
    let files: Vec<FontSource> = CHAINS.iter().map(|(_, file)| FontSource::file(PathBuf::from(file))).collect();
    let chains: BTreeMap<String, Vec<FontSource>> =
        CHAINS.iter().map(|(name, file)| ((*name).to_owned(), vec![FontSource::file(PathBuf::from(file))])).collect();
    let setter = Typesetter::new(Faces::open_all(&files).map_err(|_| Vec::new())?, &files, &chains, House::default());
    let constants = Constants { texts: BTreeMap::from([("line".into(), "LINE-2".into())]), ..Constants::default() };
    let mut picture = |_: &Path, _: Rect| Err("no picture".to_owned());
    let mut workshop = Workshop { setter: &setter, constants: &constants, picture: &mut picture };
    let board = prepare(&template, 0, &mut workshop)?;
    Ok(Art { setter, boards: vec![board] })
}

const NUMBER: &str = "[[item]]\ntext = { at = [\"10mm\", \"10mm\"], width = \"60mm\", style = \"body\", \
                      value = \"{{ pack.line }} {{ job.id }}-{{ job.sequence | digits:7 }} {{ job.page }}/{{ job.pages }}\", \
                      before = { value = \"No. \" } }\n";
const CODE: &str = "[[item]]\ndatamatrix = { at = [\"10mm\", \"20mm\"], side = \"12mm\", \
                    value = \"{{ job.id }};{{ job.sequence | digits:7 }};{{ job.page | digits:2 }}/{{ job.pages | digits:2 }};{{ job.group_end }}\" }\n";

const IMPRINT: Imprint<'_> = Imprint { job: "K26-03", sequence: 4711, page: 1, pages: 2, group_end: true };

fn texts(side: &Side) -> String {
    let words = side.marks.iter().filter_map(|mark| match mark {
        Mark::Run(run) => Some(run.text.as_str()),
        Mark::Line(_) | Mark::Box(_) | Mark::Bars(_) | Mark::Image(_) => None,
    });
    words.collect()
}

fn imprinted(art: &Art, imprint: &Imprint<'_>) -> Result<Side, ProblemKind> {
    let (mut side, mut galley) = (Side::default(), Galley::default());
    match art.imprint(0, imprint, &mut side, &mut galley) {
        Ok(()) => Ok(side),
        Err(problems) => Err(problems[0].kind.clone()),
    }
}

#[test]
fn a_job_fills_its_imprints() {
    let art = art(&format!("{NUMBER}{CODE}")).unwrap();
    assert!(art.has_imprint(0) && !art.has_imprint(1));
    let side = imprinted(&art, &IMPRINT).unwrap();
    assert_eq!(texts(&side), "No. LINE-2 K26-03-0004711 1/2");
    assert_eq!(side.size.width, Length::mm(100));
    assert!(side.plates.is_empty());
    let code = art.control_code(0, &IMPRINT).unwrap();
    assert_eq!(code, "K26-03;0004711;01/02;1");
    let bars: Vec<_> = side
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Bars(bars) => Some(bars),
            Mark::Run(_) | Mark::Line(_) | Mark::Box(_) | Mark::Image(_) => None,
        })
        .collect();
    assert_eq!(bars.len(), 1);
    assert_eq!(bars[0].modules, data_matrix(&code).unwrap());
    let last = Imprint { group_end: false, ..IMPRINT };
    assert_eq!(art.control_code(0, &last).unwrap(), "K26-03;0004711;01/02;0");
    assert_eq!(self::art(NUMBER).unwrap().control_code(0, &IMPRINT), None);
}

#[test]
fn a_side_is_replaced_and_notes_are_not_the_jobs() {
    let art = art(&NUMBER.replace("\"60mm\"", "\"47mm\", fit = [\"condense 50%\"]")).unwrap();
    let (mut side, mut galley) = (Side::default(), Galley::default());
    for sequence in [1, 2] {
        art.imprint(0, &Imprint { sequence, job: "WWWWWWWWWWWW", ..IMPRINT }, &mut side, &mut galley).unwrap();
        assert_eq!(texts(&side), format!("No. LINE-2 WWWWWWWWWWWW-000000{sequence} 1/2"));
        assert!(galley.notes.is_empty() && galley.marks.is_empty());
    }
}

#[test]
fn a_number_with_more_digits_than_its_place_is_refused() {
    let art = art(CODE).unwrap();
    assert!(imprinted(&art, &Imprint { sequence: 9_999_999, ..IMPRINT }).is_ok());
    assert_eq!(imprinted(&art, &Imprint { sequence: 10_000_000, ..IMPRINT }).unwrap_err(), ProblemKind::Format);
    assert_eq!(imprinted(&art, &Imprint { pages: 100, ..IMPRINT }).unwrap_err(), ProblemKind::Format);
    assert_eq!(art.control_code(0, &Imprint { pages: 100, ..IMPRINT }), None);
}

/// What does not fit the last sheet of a large job is found before the first one.
#[test]
fn the_longest_imprint_must_fit() {
    for (items, message) in [
        (NUMBER.replace("60mm", "30mm"), "the text is 46.567mm wide, and there is room for 24.356mm"),
        (CODE.replace("12mm", "3mm"), "the modules of the code would be 0.136mm wide, and a printer needs 0.17mm"),
        (CODE.replace("{{ job.id }};", "資"), "a Data Matrix holds ASCII only"),
        (NUMBER.replace("{{ pack.line }} ", "\u{1F600}"), "U+1F600"),
    ] {
        let errors = art(&items).err().unwrap_or_default();
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert!(errors[0].message.contains(message), "{}", errors[0]);
        assert!(errors[0].place.is_some());
    }
}

#[test]
fn samples_have_every_character_of_a_job() {
    let art = art(&NUMBER.replace("digits:7", "digits:3")).unwrap();
    let (mut seen, mut sides) = (BTreeSet::new(), 0);
    art.imprint_samples(0, &mut Galley::default(), |side| {
        seen.extend(texts(side).chars());
        sides += 1;
    });
    assert_eq!(sides, 37);
    for character in ('A'..='Z').chain('0'..='9').chain(['-', '/']) {
        assert!(seen.contains(&character), "{character}");
    }
}
