//! All papers as pictures, against those in `tests/pictures`.
//!
//! After a wanted change of the layout: `SHIKAKU_BLESS=1 cargo test --test pictures` writes the pictures anew and
//! fails on purpose; look at them, then run again without it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;
mod reader;

use std::fs;
use std::path::{Path, PathBuf};

use image::{GrayImage, Luma};
use shikaku::engine::{Engine, Input, OpenOptions, Options};

use crate::product::{rows, to_csv};

/// Fine enough for every line of text to leave its mark, coarse enough for small files.
const DPI: f32 = 60.0;
/// How far a pixel may be off before it counts, of 255: antialiasing may round another way on another machine.
const PIXEL: u8 = 12;
/// Pixels that may be off by more than that.
const PIXELS: usize = 12;
/// The mean difference of all pixels, of 255.
const MEAN: f64 = 0.02;
/// The largest picture that may be checked in, in bytes.
const LARGEST: u64 = 80_000;

/// Name of the picture, pack, record of its sample, side.
const CASES: [(&str, &str, &str, usize); 37] = [
    ("notice-digits", "yokogawa", "Y00001", 0),
    ("notice-dependant-over-70", "yokogawa", "Y00011", 0),
    ("notice-long-name", "yokogawa", "Y00012", 0),
    ("notice-without-digits", "kenpo-2024", "K00015", 0),
    ("notice-shigaku", "shigaku", "S00003", 0),
    ("notice-confirmation", "number-confirmation", "N00001", 0),
    ("notice-confirmation-without-digits", "number-confirmation", "N00007", 0),
    ("notice-confirmation-over-70", "number-confirmation", "N00010", 0),
    ("portal", "number-confirmation", "N00017", 0),
    ("portal-over-70", "number-confirmation", "N00018", 0),
    ("notice-kokuho", "kamagaya", "KG00001", 0),
    ("notice-kokuho-over-70", "kokuho-annual", "KA00002", 0),
    ("notice-kouki", "kouki", "KK00015", 0),
    ("certificate-dependant", "yokogawa", "Y00020", 0),
    ("certificate-over-70", "yokogawa", "Y00021", 0),
    ("certificate-back", "yokogawa", "Y00022", 1),
    ("certificate-kokuho", "kokuho-annual", "KA00008", 0),
    ("certificate-kokuho-back", "kokuho-annual", "KA00008", 1),
    ("certificate-kokuho-protected", "kokuho-annual", "KA00011", 0),
    ("certificate-kouki", "kouki", "KK00004", 0),
    ("certificate-kouki-back", "kouki", "KK00004", 1),
    ("certificate-cut", "meltec-a", "A00009", 0),
    ("certificate-cut-back", "meltec-a", "A00011", 1),
    ("card-insured", "casio", "C00007", 0),
    ("card-dependant", "casio", "C00008", 0),
    ("card-over-70", "casio", "C00015", 0),
    ("card-back", "casio", "C00012", 1),
    ("card-kokuho", "kokuho-annual", "KA00014", 0),
    ("card-kokuho-special-expense", "kokuho-annual", "KA00015", 0),
    ("card-kouki", "kouki", "KK00009", 0),
    ("postcard", "sri", "R00016", 0),
    ("postcard-address", "sri", "R00016", 1),
    ("postcard-kokuho", "kokuho-annual", "KA00019", 0),
    ("postcard-kokuho-alias", "kokuho-annual", "KA00017", 0),
    ("postcard-kouki", "kouki", "KK00011", 0),
    ("postcard-address-household", "kokuho-annual", "KA00018", 1),
    ("postcard-address-vertical", "kouki", "KK00011", 1),
];

fn pdf(pack: &str, id: &str) -> Vec<u8> {
    let folder = Path::new("templates").join(pack);
    let sample = rows(&fs::read_to_string(folder.join("sample.csv")).unwrap());
    let row = sample.into_iter().find(|row| row.cells().any(|(_, cell)| cell == id)).unwrap();
    let engine = Engine::open(&folder, &OpenOptions::default()).unwrap();
    let mut pdf = Vec::new();
    let input = Input::bytes(to_csv(&[row]).into_bytes());
    engine.render(&input, &mut pdf, &Options::default(), &mut |_| {}).unwrap();
    pdf
}

/// Cards have smaller letters than sheets.
fn drawn(pack: &str, id: &str, side: usize) -> GrayImage {
    let pdf = pdf(pack, id);
    let is_card = reader::pages(&pdf)[side].size.0 < 90.0;
    reader::render(&pdf, side, if is_card { 2.0 * DPI } else { DPI })
}

fn reference(name: &str) -> PathBuf {
    Path::new("tests/pictures").join(format!("{name}.png"))
}

/// What differs: mean, and pixels beyond the tolerance; `None` when the sizes do.
fn difference(drawn: &GrayImage, wanted: &GrayImage) -> Option<(f64, usize)> {
    if drawn.dimensions() != wanted.dimensions() {
        return None;
    }
    let differences = drawn.pixels().zip(wanted.pixels()).map(|(one, other)| one[0].abs_diff(other[0]));
    let (mut sum, mut count) = (0, 0);
    for difference in differences {
        sum += u64::from(difference);
        count += usize::from(difference > PIXEL);
    }
    Some((sum as f64 / f64::from(drawn.width() * drawn.height()), count))
}

/// Wanted, drawn, and what differs, side by side.
fn panels(wanted: &GrayImage, drawn: &GrayImage) -> GrayImage {
    let (width, height) = (wanted.width().max(drawn.width()), wanted.height().max(drawn.height()));
    let at = |picture: &GrayImage, x, y| picture.get_pixel_checked(x, y).map_or(128, |pixel| pixel[0]);
    GrayImage::from_fn(width * 3, height, |x, y| {
        let (panel, x) = (x / width, x % width);
        let (one, other) = (at(wanted, x, y), at(drawn, x, y));
        Luma([match panel {
            0 => one,
            1 => other,
            _ => 255 - one.abs_diff(other),
        }])
    })
}

/// Compares a picture with its reference; says what is wrong.
fn compare(name: &str, drawn: &GrayImage) -> Result<(), String> {
    let path = reference(name);
    let found = image::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let wanted = found.to_luma8();
    let verdict = match difference(drawn, &wanted) {
        Some((mean, count)) if mean <= MEAN && count <= PIXELS => return Ok(()),
        Some((mean, count)) => format!("{count} pixels differ, {mean:.3} in the mean"),
        None => format!("{:?} instead of {:?} pixels", drawn.dimensions(), wanted.dimensions()),
    };
    let shown = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
    panels(&wanted, drawn).save(&shown).unwrap();
    Err(format!("{name}: {verdict}; wanted, drawn and difference are in {}", shown.display()))
}

#[test]
fn the_papers_look_as_they_did() {
    let bless = std::env::var_os("SHIKAKU_BLESS").is_some_and(|value| value == "1");
    let mut wrong = Vec::new();
    for (name, pack, id, side) in CASES {
        let drawn = drawn(pack, id, side);
        if bless {
            fs::create_dir_all("tests/pictures").unwrap();
            drawn.save(reference(name)).unwrap();
        } else if let Err(message) = compare(name, &drawn) {
            wrong.push(message);
        }
    }
    assert!(!bless, "the pictures were written anew: look at them, then run again without SHIKAKU_BLESS");
    assert!(
        wrong.is_empty(),
        "{}\nafter a wanted change: SHIKAKU_BLESS=1 cargo test --test pictures",
        wrong.join("\n")
    );
}

#[test]
fn each_picture_belongs_to_a_test_and_is_small() {
    let mut found = product::names(Path::new("tests/pictures"));
    found.retain(|name| name != "README.md");
    let mut known: Vec<String> = CASES.iter().map(|(name, ..)| format!("{name}.png")).collect();
    known.sort();
    assert_eq!(found, known);
    for (name, ..) in CASES {
        let size = fs::metadata(reference(name)).unwrap().len();
        assert!(size <= LARGEST, "{name}: {size} bytes");
    }
}

#[test]
fn one_stroke_more_or_less_is_seen() {
    let (name, pack, id, side) = CASES[0];
    let drawn = drawn(pack, id, side);
    let mut changed = drawn.clone();
    for x in 100..120 {
        changed.put_pixel(x, 300, Luma([if drawn.get_pixel(x, 300)[0] > 127 { 0 } else { 255 }]));
    }
    let (mean, count) = difference(&changed, &drawn).unwrap();
    assert!(count > PIXELS, "{name}: {mean} {count}");
    assert_eq!(difference(&drawn, &drawn), Some((0.0, 0)));
    assert_eq!(panels(&drawn, &changed).width(), drawn.width() * 3);
}

#[test]
fn the_code_on_a_notice_leads_to_the_portal() {
    // 20 mm from the left, 243 mm from the top, 20 mm wide: found by looking at the whole lower left.
    let page = reader::render(&pdf("yokogawa", "Y00001"), 0, 300.0);
    let (width, height) = page.dimensions();
    let corner = image::imageops::crop_imm(&page, 0, height * 2 / 3, width / 2, height / 3).to_image();
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(corner.width() as usize, corner.height() as usize, |x, y| {
            corner.get_pixel(x as u32, y as u32)[0]
        });
    let codes = prepared.detect_grids();
    assert_eq!(codes.len(), 1);
    assert_eq!(codes[0].decode().unwrap().1, "https://myna.go.jp/certificates/health-insurance-card");
}
