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
[style.gothic]
chain = "gothic"
size = "10pt"
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
            // What begins a little beside its box is measured all the same.
            let home = boxes.iter().find(|[left, top, right, bottom]| {
                (left - 0.9..right + 0.9).contains(&x) && (*top..*bottom).contains(&y)
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

#[test]
fn whatever_the_fonts_cover_stays_in_its_box() {
    let engine = all();
    let (fonts, boxes) = (fonts(&engine), boxes());
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
    let letters: Vec<char> = ('A'..='z').chain("　 ・ｱﾞ々ー（）\u{309A}".chars()).collect();
    let word = move || {
        let sets = sets.clone();
        let letters = letters.clone();
        (0..sets.len(), prop::collection::vec((any::<prop::sample::Index>(), 0..4_u8), 1..40)).prop_map(
            move |(set, picks)| {
                let pick = |(index, kind): &(prop::sample::Index, u8)| {
                    let from = if *kind == 0 { &letters } else { &sets[set] };
                    from[index.index(from.len())]
                };
                picks.iter().map(pick).collect::<String>()
            },
        )
    };
    let mut runner = TestRunner::new(Config { cases: 2000, failure_persistence: None, ..Config::default() });
    let drawn = std::cell::Cell::new(0);
    runner
        .run(&word(), |name| {
            let mut work = Work::default();
            // Refused names are none of this test's business.
            if composed(&engine, &record(&name, "ミホン"), &mut work).is_ok() {
                drawn.set(drawn.get() + 1);
                prop_assert_eq!(outside(&work, &fonts, &boxes), None);
            }
            Ok(())
        })
        .unwrap();
    assert!(drawn.get() > 500, "{} of 2000 names were set", drawn.get());
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
