//! No parser trusts its input: the bodies of the fuzz targets (`fuzz/src/lib.rs`), with bytes that proptest makes
//! by spoiling good files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;

#[path = "../fuzz/src/lib.rs"]
mod bodies;
#[path = "../src/font/synthetic.rs"]
mod synthetic;

/// What files break on.
const SCRAPS: &[&str] = &[
    "\"",
    "'",
    "\"\"\"",
    "=",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "{{",
    "}}",
    "|",
    ",",
    ".",
    "-",
    "not:",
    "#",
    "\n",
    "\r",
    "\t",
    " ",
    "　",
    "\\",
    "\0",
    "\u{feff}",
    "0",
    "-1",
    "1e9",
    "9999999999999999999",
    "0.1",
    "12:00",
    "2024-02-30",
    "令和",
    "元年",
    "R6.",
    "mm",
    "pt",
    "Q",
    "%",
    "true",
    "葛\u{e0100}",
    "\u{e000}",
    "\u{202e}",
    "\u{301}",
    "𠮷",
    "\u{10ffff}",
    "123456789018",
    "text = ",
    "part = ",
    "when = ",
    "inherit = ",
    "../",
    "value",
    "Ａ",
    "ｱ",
    "ẞ",
    "ắ",
];

/// Places as parts of 65 536, what to cut there, and what to put in.
type Spoil = Vec<(u16, u8, Vec<u8>)>;

fn spoil() -> impl Strategy<Value = Spoil> {
    let scrap = prop_oneof![
        3 => prop::sample::select(SCRAPS).prop_map(|scrap| scrap.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..5),
    ];
    let cut = prop_oneof![2 => Just(0_u8), 2 => 0..6_u8, 1 => any::<u8>()];
    prop::collection::vec((any::<u16>(), cut, scrap), 0..6)
}

fn spoiled(good: &[u8], spoil: &Spoil) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for (place, cut, scrap) in spoil {
        let at = usize::from(*place) * (bytes.len() + 1) / 65_536;
        let end = (at + usize::from(*cut)).min(bytes.len());
        bytes.splice(at..end, scrap.iter().copied());
    }
    bytes
}

fn file(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// So many cases, or a multiple of it where somebody wants to search longer.
fn config(cases: u32) -> ProptestConfig {
    let factor = std::env::var("ANY_INPUT_FACTOR").map_or(1, |factor| factor.parse().unwrap());
    let cases = cases.saturating_mul(factor);
    ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

/// Tries a body on good files, whole and spoiled in many ways.
fn try_body(body: fn(&[u8]), cases: u32, good: &[Vec<u8>]) {
    good.iter().for_each(|good| body(good));
    let config = config(cases);
    let input = (prop::sample::select(good.to_vec()), spoil()).prop_map(|(good, spoil)| spoiled(&good, &spoil));
    proptest!(config, |(bytes in input)| body(&bytes));
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn records() {
    let sample = file("templates/yokogawa/sample.csv");
    let rows: Vec<u8> = sample.split_inclusive(|byte| *byte == b'\n').take(4).flatten().copied().collect();
    let json =
        br#"{"record_id":"1","name":"\u5c71","last4":"1234","sample":true,"issue_date":"2024-12-02","number":"0001"}"#;
    let with = |choice: u8, file: &[u8]| [&[choice], file].concat();
    try_body(bodies::records, 1000, &[with(0, &rows), with(4, &rows), with(1, json), with(3, json)]);
}

#[test]
fn dates() {
    let good = [
        "2024-12-02",
        "20241202",
        "2024/12/2",
        "令和6年12月2日",
        "平成元年1月8日",
        "R6.12.2",
        "Ｒ061202",
        "令和7年 6月15日",
    ];
    try_body(bodies::dates, 20_000, &texts(&good));
}

#[test]
fn lengths() {
    try_body(bodies::lengths, 20_000, &texts(&["12.5mm", "9pt", "13Q", "-0.25mm", "10mm"]));
}

#[test]
fn templates() {
    let good = ["base/notice.toml", "base/certificate.toml", "base/parts/slip.toml", "base/parts/portal.toml"];
    try_body(bodies::template, 1000, &good.map(|path| file(&format!("templates/{path}"))));
}

#[test]
fn placeholders() {
    let good = [
        "{{ name }}",
        "{{ issue_date | wareki-short }}交付",
        "〒{{ postal_code | postal }}",
        "{{ pack.portal_url }}",
        "{ }}",
    ];
    try_body(bodies::placeholder, 2000, &texts(&good));
}

#[test]
fn policies() {
    let good = ["templates/base/policy.toml", "templates/yokogawa/policy.toml", "templates/kouki/policy.toml"];
    try_body(bodies::policy, 2000, &good.map(file));
}

#[test]
fn packs() {
    let own = "inherit = \"base\"\nname = \"any\"\n[insurer]\nnumber = \"06139992\"\n[columns]\n\"氏\" = \"name\"\n\
               [field.ward]\nlabel = \"区\"\ntype = \"text\"\n[text]\na = \"b\"\n[defaults]\nmedium = \"paper\"\n\
               [fonts.chain]\ngothic = [\"noto-latin/NotoSans-Regular.ttf\"]\n";
    try_body(bodies::pack, 1000, &[file("templates/base/pack.toml"), own.as_bytes().to_vec()]);
}

#[test]
fn fonts() {
    // The tables lie at the front; what follows are outlines.
    let cut = |path: &str, length: usize| file(path).into_iter().take(length).collect::<Vec<u8>>();
    let good = [file("fonts/noto-latin/NotoSans-Regular.ttf"), cut("fonts/noto-latin/NotoSans-Regular.ttf", 4000)];
    try_body(bodies::font, 300, &good);
}

/// Small fonts, where each byte matters: 外字, a collection, one that varies.
#[test]
fn small_fonts() {
    use synthetic::{Recipe, collection};
    let plain = synthetic::file(&Recipe::default());
    let varies = synthetic::file(&Recipe { varies: true, permission: Some(0), ..Recipe::default() });
    let both = collection(&[Recipe::default(), Recipe { varies: true, ..Recipe::default() }]);
    let good = [plain, varies, both].map(|file| fs::read(file.path()).unwrap());
    try_body(bodies::font, 1000, &good);
    let config = config(4000);
    let change = (any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(0), Just(255), Just(128)]);
    proptest!(config, |(good in prop::sample::select(good.to_vec()), changes in prop::collection::vec(change, 1..6))| {
        let mut bytes = good;
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        bodies::font(&bytes);
    });
}

/// Spoils nothing but the tables' directory and the tables themselves, so that many files still open.
#[test]
fn fonts_spoiled_in_place() {
    let good = file("fonts/noto-latin/NotoSans-Regular.ttf");
    let config = config(300);
    proptest!(config, |(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..8))| {
        let mut bytes = good.clone();
        for (place, byte, in_directory) in changes {
            let within = if in_directory { 400 } else { bytes.len() };
            let at = place.index(within);
            bytes[at] = byte;
        }
        bodies::font(&bytes);
    });
}

#[test]
fn text() {
    let good = ["山田　太郎", "葛󠄃城　例子", "𠮷野 髙﨑", "NGUYỄN THỊ MỸ DUYÊN", "が゙ｶﾞ", "〒180-0000", ""];
    try_body(bodies::text, 3000, &texts(&good));
}

#[test]
fn pictures() {
    // A gray PNG and what is left of a JPEG.
    let png =
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\0\0\0\0\xb8\x1f9\xc6\0\0\0\x10IDATx\xdac`h\xf8\xcf\xf0\
                \xbf\x81\x01\0\x0c\0\x02\xffB\x0f\xd11\0\0\0\0IEND\xaeB`\x82";
    let jpeg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xdb\0C\0";
    try_body(bodies::picture, 2000, &[png.to_vec(), jpeg.to_vec()]);
}

#[test]
fn codes() {
    try_body(bodies::codes, 200, &texts(&["https://myna.go.jp/", "A123456789", "ab12cd34", "12345678901234567890"]));
}
