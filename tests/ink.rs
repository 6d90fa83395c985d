//! No glyph's ink leaves its box: checked on the outlines of everything that a record puts on the paper, natural,
//! narrowed, condensed, made smaller, broken into two lines and turned.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod reader;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use shikaku::engine::{Engine, OpenOptions, RecordReport, Status, Work};
use shikaku::sheet::{Mark, Run};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};

const TABLE: &str = include_str!("data/hard-names.tsv");

/// Letters of 14 pt and of 10 pt, as units of 1/1000 mm.
const LARGE: f64 = 14.0 * 25.4 / 72.0;
const SMALL: f64 = 10.0 * 25.4 / 72.0;

/// What writing may draw above and below its em box, in parts of the em: diacritics of capitals, descenders.
const AIR: f64 = 0.25;

/// Left, top, right, bottom in millimetres.
type Rect = [f64; 4];

/// A text of the name: its place, alignment, style and ladder.
struct Line {
    at: [f64; 2],
    width: f64,
    rest: &'static str,
    size: f64,
}

const LINES: [Line; 9] = [
    Line {
        at: [10.0, 15.0],
        width: 50.0,
        size: SMALL,
        rest: r#"style = "mincho", fit = ["tighten 50%", "condense 60%", "shrink 45%"]"#,
    },
    Line {
        at: [70.0, 15.0],
        width: 30.0,
        size: LARGE,
        rest: r#"style = "large", align = "center", fit = ["shrink 50%", "two-lines 45% anywhere", "condense 40%", "shrink 30%"]"#,
    },
    Line {
        at: [110.0, 15.0],
        width: 40.0,
        size: LARGE,
        rest: r#"style = "large", align = "right", fit = ["tighten 40%", "condense 50%", "two-lines 60% anywhere", "condense 35%", "shrink 30%"]"#,
    },
    Line {
        at: [10.0, 35.0],
        width: 70.0,
        size: SMALL,
        rest: r#"style = "gothic", before = { value = "fj　" }, after = { value = "　様f", style = "mincho" }, fit = ["tighten 50%", "two-lines 70% anywhere", "tighten 30%", "condense 30%", "shrink 30%"]"#,
    },
    Line {
        at: [90.0, 35.0],
        width: 60.0,
        size: SMALL,
        rest: r#"style = "gothic", align = "justify", fit = ["condense 30%", "shrink 30%"]"#,
    },
    Line {
        at: [10.0, 50.0],
        width: 35.0,
        size: SMALL,
        rest: r#"style = "mincho", align = "right", fit = ["shrink 40%", "condense 30%"]"#,
    },
    Line {
        at: [55.0, 50.0],
        width: 35.0,
        size: SMALL,
        rest: r#"style = "latin", fit = ["condense 30%", "shrink 30%"]"#,
    },
    Line {
        at: [100.0, 50.0],
        width: 50.0,
        size: SMALL,
        rest: r#"style = "tracked", align = "center", fit = ["condense 30%", "shrink 30%"]"#,
    },
    Line {
        at: [30.0, 140.0],
        width: 70.0,
        size: SMALL,
        rest: r#"style = "mincho", align = "right", rotate = 30, fit = ["condense 50%", "two-lines 60% anywhere", "condense 40%", "shrink 40%"]"#,
    },
];

/// The cells of the table, without the padding of 1 mm at their left and right.
const CELLS: [Rect; 4] =
    [[11.0, 60.0, 59.0, 72.0], [61.0, 60.0, 149.0, 72.0], [11.0, 72.0, 49.0, 81.0], [51.0, 72.0, 149.0, 81.0]];

const CELLS_TOML: &str = r#"
[[item]]
[item.table]
at = ["10mm", "60mm"]
width = "140mm"
padding = "1mm"
[[item.table.row]]
height = "12mm"
cells = [
  { value = "{{ name }}", width = "50mm", style = "large", above = { value = "{{ name }}", style = "kana" }, fit = ["tighten 50%", "condense 70%", "two-lines 60% anywhere", "condense 40%", "shrink 30%"] },
  { value = "{{ name }}", style = "large", align = "right", fit = ["condense 30%", "shrink 50%"] },
]
[[item.table.row]]
height = "9mm"
cells = [
  { value = "{{ name }}", width = "40mm", style = "mincho", align = "center", fit = ["condense 80%", "two-lines 60% anywhere", "condense 30%", "shrink 40%"] },
  { value = "{{ name }}", style = "gothic", before = { value = "旧姓 " }, fit = ["condense 30%", "shrink 50%"] },
]
"#;

const STYLES: &str = r#"
sheet = { width = "160mm", height = "160mm" }
[style.large]
chain = "mincho"
size = "14pt"
[style.mincho]
chain = "mincho"
size = "10pt"
trim = true
[style.gothic]
chain = "gothic"
size = "10pt"
trim = true
[style.latin]
chain = "gothic"
size = "10pt"
tracking = "-0.1em"
[style.tracked]
chain = "gothic-bold"
size = "10pt"
tracking = "0.2em"
[style.kana]
chain = "gothic"
size = "5pt"
"#;

const PACK: &str = r#"
inherit = "base"
name = "ink"
[fonts.chain]
gothic = ["biz-udgothic/BIZUDGothic-Regular.ttf", "haranoaji/HaranoAjiGothic-Regular.otf", "noto-latin/NotoSans-Regular.ttf", "ipamj-mincho/ipamjm.ttf"]
gothic-bold = ["biz-udgothic/BIZUDGothic-Bold.ttf", "haranoaji/HaranoAjiGothic-Bold.otf", "noto-latin/NotoSans-Bold.ttf", "ipamj-mincho/ipamjm.ttf"]
mincho = ["ipamj-mincho/ipamjm.ttf", "haranoaji/HaranoAjiMincho-Regular.otf", "noto-latin/NotoSerif-Regular.ttf"]
[insurer]
number = "06139992"
placeholder_number = true
name = "見本健康保険組合"
[[document]]
document = "notice"
sheet = "A4"
sides = ["ink.toml"]
"#;

const POLICY: &str = r#"
title = { notice = "資格情報のお知らせ" }
[[eligibility]]
when = {}
document = "notice"
reason = "NOTICE_INK"
src = "derived: a test"
[[last4.rule]]
when = {}
show = false
reason = "L4_INK"
src = "derived: a test"
"#;

/// A pack whose only paper is this template.
fn engine(template: &str) -> Engine {
    let folder = tempfile::tempdir().unwrap();
    let (base, pack) = (folder.path().join("base"), folder.path().join("ink"));
    std::fs::create_dir_all(&pack).unwrap();
    std::fs::create_dir_all(base.join("parts")).unwrap();
    for file in ["pack.toml", "policy.toml"] {
        std::fs::copy(Path::new("templates/base").join(file), base.join(file)).unwrap();
    }
    for (file, text) in [("pack.toml", PACK), ("policy.toml", POLICY), ("ink.toml", template)] {
        std::fs::write(pack.join(file), text).unwrap();
    }
    let options = OpenOptions { fonts: Some("fonts".into()), ..OpenOptions::default() };
    Engine::open(&pack, &options).unwrap_or_else(|error| panic!("{error}"))
}

/// Every text, cell and turned text at once.
fn all() -> Engine {
    let mut template = STYLES.to_owned();
    for line in &LINES {
        let Line { at: [x, y], width, rest, .. } = line;
        let at = format!(r#"at = ["{x}mm", "{y}mm"], width = "{width}mm", value = "{{{{ name }}}}""#);
        writeln!(template, "[[item]]\ntext = {{ {at}, {rest} }}").unwrap();
    }
    engine(&(template + CELLS_TOML))
}

fn record(name: &str, kana: &str) -> Value {
    json!({
        "record_id": "Y1", "requested": "notice", "issue_kind": "campaign", "issue_date": "2024-10-25", "name": name,
        "name_kana": kana, "sex": "男", "birth_date": "1973-01-15", "member_kind": "本人",
        "acquired_on": "2010-04-01", "registered_on": "2010-04-10", "symbol": "0012", "number": "0345601",
        "branch": "00", "postal_code": "180-0000", "address": "東京都見本市見本町二丁目6番3号", "sample": true
    })
}

/// Composes a record.
fn composed(engine: &Engine, record: &Value, work: &mut Work) -> Result<Option<RecordReport>, RecordReport> {
    engine.compose(&engine.read_json(&record.to_string())?, work)
}

/// The boxes of the template.
fn boxes() -> Vec<Rect> {
    let line = |Line { at: [x, y], width, size, rest }: &Line| {
        let (mut above, mut below) = (0.88 + AIR, 0.12 + AIR);
        if let Some(percent) = rest.split("two-lines ").nth(1) {
            let part = percent.split('%').next().unwrap().parse::<f64>().unwrap() / 100.0;
            // Em boxes of two lines, a tenth of the size between them, around the middle of the one.
            let half = (2.1 / 2.0 + AIR) * part;
            (above, below) = (above.max(0.38 + half), below.max(half - 0.38));
        }
        [*x, y - above * size, x + width, y + below * size]
    };
    LINES[..8].iter().map(line).chain(CELLS).collect()
}

/// The ink of a run's glyphs, in millimetres from where it begins: right and down, as if it were not turned.
fn ink(run: &Run, fonts: &[Vec<u8>]) -> Vec<Rect> {
    let font = FontRef::new(&fonts[usize::from(run.face.0)]).unwrap();
    let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let em = f64::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
    let size = run.size.to_units() as f64 / 360_000.0;
    let stretch = f64::from(run.stretch) / 1000.0;
    let (mut pen, mut found) = (0.0, Vec::new());
    for glyph in &run.glyphs {
        let id = GlyphId::new(u32::from(glyph.id.0));
        if let Some(ink) = metrics.bounds(id).filter(|ink| ink.x_max > ink.x_min) {
            let [left, right] = [ink.x_min, ink.x_max].map(|x| (pen + f64::from(x) / em) * size * stretch);
            let [top, bottom] = [ink.y_max, ink.y_min].map(|y| -f64::from(y) / em * size);
            found.push([left, top, right, bottom]);
        }
        let advance = (f64::from(metrics.advance_width(id).unwrap()) * 1000.0 / em).round();
        pen += (advance + f64::from(glyph.space)) / 1000.0;
    }
    found
}

/// What lies outside the boxes of the template, in words without the name.
fn outside(work: &Work, fonts: &[Vec<u8>], boxes: &[Rect]) -> Option<String> {
    const ROUNDING: f64 = 0.001;
    for mark in &work.sheet.sides[0].marks {
        let Mark::Run(run) = mark else { continue };
        let [x, y] = [run.at.x, run.at.y].map(|length| length.to_units() as f64 / 360_000.0);
        let (home, origin) = if run.rotate == 0 {
            // What begins a little beside its box is measured all the same: a bracket by half an em.
            let home = boxes.iter().find(|[left, top, right, bottom]| {
                (left - 1.8..right + 0.9).contains(&x) && (*top..*bottom).contains(&y)
            });
            (*home.unwrap_or_else(|| panic!("a run at {x} {y} is in no box")), [x, y])
        } else {
            let Line { at, width, size, .. } = &LINES[8];
            let (sine, cosine) = f64::from(run.rotate).to_radians().sin_cos();
            let (right, down) = (x - at[0], y - at[1]);
            let along = right * cosine - down * sine;
            let across = right * sine + down * cosine;
            ([0.0, -(0.88 + AIR) * size, *width, (0.12 + AIR) * size], [along, across])
        };
        for [left, top, right, bottom] in ink(run, fonts) {
            let drawn = [left + origin[0], top + origin[1], right + origin[0], bottom + origin[1]];
            let beyond = [home[0] - drawn[0], home[1] - drawn[1], drawn[2] - home[2], drawn[3] - home[3]];
            if beyond.iter().any(|beyond| *beyond > ROUNDING) {
                return Some(format!("{drawn:.3?} leaves {home:.3?}, face {}", run.face.0));
            }
        }
    }
    None
}

/// The files of the pack's faces, by number.
fn fonts(engine: &Engine) -> Vec<Vec<u8>> {
    let files: BTreeSet<_> = engine.pack().chains.values().flatten().collect();
    files.into_iter().map(|file| std::fs::read(&file.path).unwrap()).collect()
}

/// Names that end well, with their kana.
fn hard_names() -> Vec<(&'static str, &'static str, &'static str)> {
    let rows = TABLE.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|cells| !cells[9].starts_with("error")).map(|cells| (cells[0], cells[2], cells[4])).collect()
}

#[test]
fn hard_names_stay_in_their_boxes() {
    let engine = all();
    let (fonts, boxes) = (fonts(&engine), boxes());
    let mut work = Work::default();
    let (mut wrong, mut steps) = (Vec::new(), BTreeSet::new());
    let names = hard_names();
    for (id, name, _) in &names {
        match composed(&engine, &record(name, "ミホン"), &mut work) {
            Ok(report) => {
                wrong.extend(outside(&work, &fonts, &boxes).map(|found| format!("{id}: {found}")));
                let findings = report.into_iter().flat_map(|report| report.findings);
                let words = ["spaces narrowed", "condensed", "made smaller", "in two lines", "between two letters"];
                let said: Vec<String> = findings.map(|finding| finding.message).collect();
                steps.extend(words.into_iter().filter(|word| said.iter().any(|said| said.contains(word))));
            }
            Err(report) => wrong.push(format!("{id}: {report}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(steps.len(), 5, "{steps:?}");
    assert!(names.len() > 70);
}

/// Words of what the fonts cover and names may have, up to 40 letters.
fn words(fonts: &[Vec<u8>]) -> impl Strategy<Value = String> {
    let covered = |data: &Vec<u8>| -> Vec<char> {
        let font = FontRef::new(data).unwrap();
        let points = font.charmap().mappings().filter_map(|(point, _)| char::from_u32(point));
        // Latin, Greek, Cyrillic and Japanese; signs, and marks on marks, may be as high as they like.
        let western = |it: &char| matches!(it, '0'..='\u{24F}' | '\u{370}'..='\u{481}' | '\u{1E00}'..='\u{1EFF}');
        let eastern = |it: &char| matches!(it, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF10}'..);
        let in_names = |it: &char| western(it) || eastern(it);
        points.filter(|it| it.is_alphanumeric() && in_names(it)).collect()
    };
    let sets: Vec<Vec<char>> = fonts.iter().map(covered).collect();
    let letters: Vec<char> = ('A'..='z').chain("　 ・ｱﾞ々ー（）「」、。\u{309A}".chars()).collect();
    (0..sets.len(), prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8), 1..40)).prop_map(
        move |(set, picks)| {
            let pick = |(index, kind): &(prop::sample::Index, u8)| {
                let from = if *kind == 0 { &letters } else { &sets[set] };
                from[index.index(from.len())]
            };
            picks.iter().map(pick).collect::<String>()
        },
    )
}

/// Runs a check on words that the engine sets; others are none of its business. How many were set.
fn on_words(engine: &Engine, fonts: &[Vec<u8>], check: impl Fn(&Work) -> Option<String>) -> usize {
    let mut runner = TestRunner::new(Config { cases: 2000, failure_persistence: None, ..Config::default() });
    let drawn = std::cell::Cell::new(0);
    runner
        .run(&words(fonts), |name| {
            let mut work = Work::default();
            if composed(engine, &record(&name, "ミホン"), &mut work).is_ok() {
                drawn.set(drawn.get() + 1);
                prop_assert_eq!(check(&work), None);
            }
            Ok(())
        })
        .unwrap();
    drawn.get()
}

#[test]
fn whatever_the_fonts_cover_stays_in_its_box() {
    let engine = all();
    let (fonts, boxes) = (fonts(&engine), boxes());
    let drawn = on_words(&engine, &fonts, |work| outside(work, &fonts, &boxes));
    assert!(drawn > 500, "{drawn} of 2000 names were set");
}

/// Paragraphs 25 mm wide, filled and ragged, with and without the white half of brackets.
const PARAGRAPHS: &str = r#"
sheet = "A4"
[style.mincho]
chain = "mincho"
size = "10pt"
[style.gothic]
chain = "gothic"
size = "10pt"
trim = true
[[item]]
paragraph = { at = ["20mm", "20mm"], width = "25mm", height = "200mm", style = "mincho", hanging = false, indent = "1em", value = "{{ name }}" }
[[item]]
paragraph = { at = ["70mm", "20mm"], width = "25mm", height = "200mm", style = "gothic", hanging = false, hang = "1em", value = "{{ name }}" }
[[item]]
paragraph = { at = ["120mm", "20mm"], width = "25mm", height = "200mm", align = "left", style = "gothic", hanging = false, value = "{{ name }}" }
[[item]]
paragraph = { at = ["170mm", "20mm"], width = "25mm", height = "200mm", align = "right", style = "mincho", value = "{{ name }}" }
"#;

#[test]
fn paragraphs_keep_to_their_measure() {
    let engine = engine(PARAGRAPHS);
    let fonts = fonts(&engine);
    let outside = |work: &Work| {
        let runs = work.sheet.sides[0]
            .marks
            .iter()
            .filter_map(|mark| if let Mark::Run(run) = mark { Some(run) } else { None });
        for run in runs {
            let x = run.at.x.to_units() as f64 / 360_000.0;
            let home = [20.0, 70.0, 120.0, 170.0].into_iter().find(|left| (left - 2.0..left + 27.0).contains(&x))?;
            for [left, _, right, _] in ink(run, &fonts) {
                if left + x < home - 0.001 || right + x > home + 25.001 {
                    return Some(format!("{} to {} leaves {home}", left + x, right + x));
                }
            }
        }
        None
    };
    let drawn = on_words(&engine, &fonts, outside);
    assert!(drawn > 500, "{drawn} of 2000 texts were set");
    let mut work = Work::default();
    for (id, name, _) in hard_names() {
        if composed(&engine, &record(name, "ミホン"), &mut work).is_ok() {
            assert_eq!(outside(&work), None, "{id}");
        }
    }
}

/// A name in both chains, one below the other.
const CHAINS: &str = r#"
sheet = "A4"
[style.mincho]
chain = "mincho"
size = "10pt"
[style.gothic]
chain = "gothic"
size = "10pt"
[[item]]
text = { at = ["10mm", "20mm"], width = "190mm", style = "mincho", value = "{{ name }}", fit = ["condense 30%"] }
[[item]]
text = { at = ["10mm", "40mm"], width = "190mm", style = "gothic", value = "{{ name }}", fit = ["condense 30%"] }
"#;

/// Two foreign readers extract every name of both tables that prints, code point by code point.
#[test]
fn every_name_that_prints_is_read_as_it_came() {
    let engine = engine(CHAINS);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("name.pdf");
    let text = |codes: &str| -> String {
        codes.split(' ').map(|code| char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap()).collect()
    };
    let more = include_str!("data/more-names.tsv").lines().skip(1).map(|line| text(line.split('\t').nth(1).unwrap()));
    let names = hard_names().into_iter().map(|(_, name, _)| name.to_owned()).chain(more);
    let mut printed = 0;
    for name in names {
        let Ok(record) = engine.read_json(&record(&name, "ミホン").to_string()) else { continue };
        let Ok(pdf) = engine.pdf(&record) else { continue };
        printed += 1;
        let runs = &reader::pages(&pdf)[0].runs;
        for (from, to) in [(10.0, 30.0), (30.0, 50.0)] {
            let read: String =
                runs.iter().filter(|run| (from..to).contains(&run.y)).map(|run| run.text.as_str()).collect();
            assert_eq!(read, name, "{}", name.escape_unicode());
        }
        std::fs::write(&file, &pdf).unwrap();
        let out = std::process::Command::new("pdftotext")
            .args(["-raw", "-enc", "UTF-8"])
            .arg(&file)
            .arg("-")
            .output()
            .unwrap();
        let read = String::from_utf8(out.stdout).unwrap();
        // This reader takes every space for the place between two words.
        let plain = |text: &str| text.replace(char::is_whitespace, "");
        assert_eq!(plain(&read), plain(&name).repeat(2), "{}", name.escape_unicode());
    }
    assert!(printed > 150, "{printed} names printed");
}

/// A card of its own: the name has 50 mm, and 11 mm of height with the kana.
const CARD: &str = r#"
sheet = "card"
[style.name]
chain = "mincho"
size = "10.5pt"
[style.kana]
chain = "gothic"
size = "5pt"
[[item]]
text = { at = ["20mm", "12mm"], width = "50mm", style = "kana", value = "{{ name_kana }}", fit = ["tighten 50%", "condense 50%", "shrink 70%"] }
[[item]]
text = { at = ["20mm", "17mm"], width = "50mm", style = "name", value = "{{ name }}", fit = ["tighten 50%", "condense 75%", "two-lines 55% anywhere", "condense 60%"] }
"#;

#[test]
fn every_hard_name_fits_notice_slip_and_card() {
    let notice = Engine::open(Path::new("templates/yokogawa"), &OpenOptions::default()).unwrap();
    let mut work = Work::default();
    let mut wrong = Vec::new();
    for (paper, engine) in [("notice and slip", notice), ("card", engine(CARD))] {
        for (id, name, kana) in hard_names() {
            let found = match composed(&engine, &record(name, kana), &mut work) {
                // Half-width kana and Ainu letters are no フリガナ of ours; the name may have them.
                Err(report) if report.reasons == ["KANA_FORM"] => composed(&engine, &record(name, "ミホン"), &mut work),
                other => other,
            };
            match found {
                Ok(report) => assert!(report.is_none_or(|report| report.status != Status::Rejected)),
                Err(report) => wrong.push(format!("{paper}, {id}: {report}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_broken_into_two_lines_reads_as_it_came() {
    let engine = engine(CARD);
    let mut broken = 0;
    for (id, name, _) in hard_names() {
        let record = engine.read_json(&record(name, "ミホン").to_string()).unwrap();
        let report = engine.compose(&record, &mut Work::default()).unwrap();
        broken += usize::from(report.and_then(|report| report.fit).is_some_and(|fit| fit.lines == 2));
        let pages = reader::pages(&engine.pdf(&record).unwrap());
        let read: String = pages[0].runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(read, format!("ミホン{name}"), "{id}");
    }
    assert!(broken >= 3, "{broken} names stand on two lines");
}

/// A column of 11 pt, 8 cm high, its middle 60 mm from the left.
const COLUMN: &str = r#"
sheet = "postcard"
[style.name]
chain = "mincho"
size = "11pt"
tracking = "0.5pt"
[[item]]
text = { at = ["60mm", "20mm"], direction = "vertical", height = "80mm", style = "name", value = "{{ name }}", fit = ["tighten 50%", "shrink 30%"] }
"#;

#[test]
fn columns_read_as_they_came_and_keep_to_their_strip() {
    let engine = engine(COLUMN);
    let fonts = fonts(&engine);
    let mut work = Work::default();
    for (id, name, _) in hard_names() {
        let report = composed(&engine, &record(name, "ミホン"), &mut work);
        report.unwrap_or_else(|report| panic!("{id}: {report}"));
        let record = engine.read_json(&record(name, "ミホン").to_string()).unwrap();
        let pages = reader::pages(&engine.pdf(&record).unwrap());
        assert_eq!(pages[0].runs.iter().map(|run| run.text.as_str()).collect::<String>(), name, "{id}");
        for mark in &work.sheet.sides[0].marks {
            let Mark::Run(run) = mark else { continue };
            let [x, y] = [run.at.x, run.at.y].map(|length| length.to_units() as f64 / 360_000.0);
            let em = run.size.to_units() as f64 / 360_000.0;
            for [left, top, right, bottom] in ink(run, &fonts) {
                let drawn = match run.rotate {
                    0 => [x + left, y + top, x + right, y + bottom],
                    _ => [x - bottom, y + left, x - top, y + right],
                };
                assert!(drawn[0] > 60.0 - 0.75 * em && drawn[2] < 60.0 + 0.75 * em, "{id}: {drawn:?}");
                assert!(drawn[1] > 20.0 - 0.1 * em && drawn[3] < 100.0 + 0.1 * em, "{id}: {drawn:?}");
            }
        }
    }
}

/// An address side in small: two columns where one is too short, and 様 below them.
const TWO_COLUMNS: &str = r#"
sheet = "postcard"
[style.name]
chain = "mincho"
size = "11pt"
tracking = "0.5pt"
leading = "1.4"
[[item]]
text = { at = ["60mm", "20mm"], direction = "vertical", height = "42mm", style = "name", digits = "mixed", value = "{{ name }}", after = { value = "　様" }, fit = ["tighten 50%", "shrink 80%", "two-lines 70% anywhere", "shrink 30%"] }
"#;

#[test]
fn two_columns_read_as_they_came_and_keep_to_their_strips() {
    let engine = engine(TWO_COLUMNS);
    let fonts = fonts(&engine);
    let mut broken = 0;
    for (id, name, _) in hard_names() {
        let mut work = Work::default();
        let report = composed(&engine, &record(name, "ミホン"), &mut work);
        let report = report.unwrap_or_else(|report| panic!("{id}: {report}"));
        let two = report.and_then(|report| report.fit).is_some_and(|fit| fit.lines == 2);
        broken += usize::from(two);
        let record = engine.read_json(&record(name, "ミホン").to_string()).unwrap();
        let pages = reader::pages(&engine.pdf(&record).unwrap());
        let read: String = pages[0].runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(read, format!("{name}　様"), "{id}");
        let (mut left, mut right) = (0, 0);
        for mark in &work.sheet.sides[0].marks {
            let Mark::Run(run) = mark else { continue };
            let [x, y] = [run.at.x, run.at.y].map(|length| length.to_units() as f64 / 360_000.0);
            let em = run.size.to_units() as f64 / 360_000.0;
            for [ink_left, top, ink_right, bottom] in ink(run, &fonts) {
                let drawn = match run.rotate {
                    0 => [x + ink_left, y + top, x + ink_right, y + bottom],
                    _ => [x - bottom, y + ink_left, x - top, y + ink_right],
                };
                let middle = (drawn[0] + drawn[2]) / 2.0 - 60.0;
                (left, right) = (left + usize::from(middle < -0.2 * em), right + usize::from(middle > 0.2 * em));
                let half = if two { 1.45 } else { 0.75 };
                assert!(drawn[0] > 60.0 - half * em && drawn[2] < 60.0 + half * em, "{id}: {drawn:?}");
                assert!(drawn[1] > 20.0 - 0.1 * em && drawn[3] < 62.0 + 0.1 * em, "{id}: {drawn:?}");
            }
        }
        assert!(!two || (left > 0 && right > 0), "{id}: both columns stand beside the middle");
    }
    assert!(broken >= 3, "{broken} names stand in two columns");
}

/// A name with kana above it, 60 mm wide, and 様.
const RUBY: &str = r#"
sheet = "postcard"
[style.name]
chain = "mincho"
size = "14pt"
[style.kana]
chain = "gothic"
size = "6pt"
[[item]]
text = { at = ["20mm", "30mm"], width = "60mm", style = "name", value = "{{ name }}", after = { value = "　様" }, ruby = { value = "{{ name_kana }}", style = "kana", fit = ["condense 40%", "shrink 40%"] }, fit = ["tighten 50%", "condense 40%", "shrink 40%"] }
"#;

/// The ink of the kana and of the name on the paper: left, top, right, bottom.
fn ruby_and_name(work: &Work, fonts: &[Vec<u8>]) -> [Option<Rect>; 3] {
    let mut found: [Option<Rect>; 3] = [None; 3];
    for mark in &work.sheet.sides[0].marks {
        let Mark::Run(run) = mark else { continue };
        let [x, y] = [run.at.x, run.at.y].map(|length| length.to_units() as f64 / 360_000.0);
        let place = if y < 28.0 { 0 } else { usize::from(run.text.contains('様')) + 1 };
        for [left, top, right, bottom] in ink(run, fonts) {
            let drawn = [x + left, y + top, x + right, y + bottom];
            let all = found[place].get_or_insert(drawn);
            *all = [all[0].min(drawn[0]), all[1].min(drawn[1]), all[2].max(drawn[2]), all[3].max(drawn[3])];
        }
    }
    found
}

#[test]
fn kana_stand_over_their_name_and_over_nothing_else() {
    let engine = engine(RUBY);
    let fonts = fonts(&engine);
    let mut work = Work::default();
    let long = "ミホンサンプル・マリア・コンセイソン・アパレシーダ・ドス・サントス・オリベイラ";
    for name in ["見本　太郎", "司　東", "見本", "Maria da Conceição", "寿限無　寿限無五劫擦切海砂利水魚水行末雲来末"]
    {
        for kana in ["ミホン　タロウ", "ア", "シバツジ　アズマノスケ", long] {
            composed(&engine, &record(name, kana), &mut work).unwrap_or_else(|report| panic!("{name}: {report}"));
            let [Some(ruby), Some(base), Some(after)] = ruby_and_name(&work, &fonts) else { panic!("{name} {kana}") };
            let middle = |[left, _, right, _]: Rect| (left + right) / 2.0;
            assert!((middle(ruby) - middle(base)).abs() < 1.0, "{name} {kana}: {ruby:?} {base:?}");
            assert!(ruby[3] < base[1] + 0.3, "{name} {kana}: {ruby:?} {base:?}");
            assert!(ruby[0] >= 20.0 && ruby[2].max(base[2]) < after[0] && after[2] <= 80.0, "{name} {kana}: {ruby:?}");
        }
    }
    // 1-2-1: three kana over a wide name leave half as much at the ends as between them, up to one kana.
    composed(&engine, &record("見本見本", "ミホン"), &mut work).unwrap();
    let runs =
        work.sheet.sides[0].marks.iter().filter_map(|mark| if let Mark::Run(run) = mark { Some(run) } else { None });
    let ruby = runs.into_iter().find(|run| run.text == "ミホン").unwrap();
    let em = 6.0 * 25.4 / 72.0;
    let start = ruby.at.x.to_units() as f64 / 360_000.0 - 20.0;
    let gap = f64::from(ruby.glyphs[0].space) / 1000.0 * em;
    let base = 4.0 * 14.0 * 25.4 / 72.0;
    assert!((start - em).abs() < 0.01, "{start}: the ends have one kana");
    assert!((2.0 * start + 2.0 * gap + 3.0 * em - base).abs() < 0.02);
    composed(&engine, &record("見本", "ミホンタ"), &mut work).unwrap();
    let Mark::Run(ruby) = &work.sheet.sides[0].marks[0] else { panic!("kana first") };
    let start = ruby.at.x.to_units() as f64 / 360_000.0 - 20.0;
    let gap = f64::from(ruby.glyphs[0].space) / 1000.0 * em;
    assert!((gap - 2.0 * start).abs() < 0.02, "{start} {gap}");
}

#[test]
fn kana_that_are_not_there_or_too_long_are_told() {
    let without = |template: &str| {
        let engine = engine(template);
        let mut record = record("見本　太郎", "ミホン");
        record.as_object_mut().unwrap().remove("name_kana");
        let mut work = Work::default();
        let report = composed(&engine, &record, &mut work);
        report.map(|_| work.sheet.sides[0].marks.len()).map_err(|report| report.reasons)
    };
    assert_eq!(without(RUBY), Ok(2), "the name and 様");
    let wanted = RUBY.replace("style = \"kana\",", "style = \"kana\", empty = \"refuse\",");
    assert_eq!(without(&wanted), Err(vec!["MISSING_FIELD".to_owned()]));
    let engine = engine(RUBY);
    let kana = "マリア".repeat(60);
    let report = composed(&engine, &record("見本", &kana), &mut Work::default()).unwrap_err();
    assert_eq!((report.reasons[0].as_str(), report.findings[0].field.as_deref()), ("TOO_LONG", Some("name_kana")));
    // Exact or refused, like every text: here the reading has what no font has.
    let engine = self::engine(&RUBY.replace("{{ name_kana }}", "{{ remarks_back }}"));
    let mut record = record("見本", "ミホン");
    record["remarks_back"] = json!("陳\u{8BD5}");
    let report = composed(&engine, &record, &mut Work::default()).unwrap_err();
    assert_eq!((report.reasons[0].as_str(), report.findings[0].field.as_deref()), ("GLYPH", Some("remarks_back")));
}

#[test]
fn brackets_stand_flush_where_the_style_asks() {
    let template = |trim: bool| {
        format!(
            "sheet = \"postcard\"\n[style.name]\nchain = \"gothic\"\nsize = \"10pt\"\ntrim = {trim}\n[[item]]\n\
             text = {{ at = [\"20mm\", \"30mm\"], width = \"60mm\", style = \"name\", value = \"{{{{ name }}}}\" }}\n[[item]]\n\
             text = {{ at = [\"20mm\", \"40mm\"], width = \"60mm\", align = \"right\", style = \"name\", value = \"{{{{ name }}}}\" }}\n[[item]]\n\
             text = {{ at = [\"20mm\", \"50mm\"], width = \"60mm\", align = \"justify\", style = \"name\", value = \"{{{{ name }}}}\" }}\n"
        )
    };
    let edges = |trim: bool| {
        let engine = engine(&template(trim));
        let fonts = fonts(&engine);
        let mut work = Work::default();
        composed(&engine, &record("「見本」（太郎）", "ミホン"), &mut work).unwrap();
        let edge = |mark: &Mark| {
            let Mark::Run(run) = mark else { panic!("a run") };
            let drawn = ink(run, &fonts);
            let x = run.at.x.to_units() as f64 / 360_000.0;
            [drawn[0][0] + x - 20.0, 80.0 - x - drawn[drawn.len() - 1][2]]
        };
        work.sheet.sides[0].marks.iter().map(edge).collect::<Vec<[f64; 2]>>()
    };
    let (trimmed, plain) = (edges(true), edges(false));
    let half = SMALL / 2.0;
    for (line, sides) in [(0, &[0][..]), (1, &[1]), (2, &[0, 1])] {
        for side in sides {
            let (with, without) = (trimmed[line][*side], plain[line][*side]);
            assert!(with >= 0.0 && with < 0.2 * half + 0.4, "line {line}: {with}");
            assert!((without - with - half).abs() < 0.02, "line {line}: {with} {without}");
        }
    }
}

#[test]
fn labels_and_values_of_a_row_share_a_baseline() {
    let template = r#"
sheet = "postcard"
[style.label]
chain = "gothic"
size = "7pt"
[style.large]
chain = "mincho"
size = "14pt"
[style.small]
chain = "gothic"
size = "8pt"
[[item]]
[item.table]
at = ["10mm", "60mm"]
width = "80mm"
style = "large"
label_style = "label"
label_width = "15mm"
[[item.table.row]]
height = "9mm"
cells = [
  { label = "氏名", value = "{{ name }}", width = "25mm" },
  { label = "性別", value = "{{ sex }}", style = "small", before = { value = "（", style = "label" }, after = { value = "）", style = "large" } },
]
"#;
    let engine = engine(template);
    let record = engine.read_json(&record("見本", "ミホン").to_string()).unwrap();
    let pages = reader::pages(&engine.pdf(&record).unwrap());
    let baselines: BTreeSet<i64> = pages[0].runs.iter().map(|run| (run.y * 1000.0).round() as i64).collect();
    let sizes: BTreeSet<i64> = pages[0].runs.iter().map(|run| run.size.round() as i64).collect();
    assert_eq!(pages[0].texts().concat().chars().count(), 9, "{:?}", pages[0].texts());
    assert_eq!((baselines.len(), sizes), (1, BTreeSet::from([7, 8, 14])), "{baselines:?}");
}
