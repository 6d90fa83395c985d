//! Every printed field against its record, code point by code point, read back by somebody else's reader.
//! What must stand where is worked out from the sample's CSV without the library.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;
mod reader;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use shikaku::engine::{Engine, Input, OpenOptions, Options, Summary};
use shikaku::pdf::shell::Compression;
use shikaku::policy::decision::{Decision, Digits, Document, Expiry};
use shikaku::record::reader::Format;

use crate::product::expected::{self, Pair, Paper};
use crate::product::{PACK, Row, sample, sample_row, to_csv, to_json_lines};
use crate::reader::{Page, Run};

/// Left, top, right, bottom in millimetres.
type Rect = [f64; 4];

/// The slip at the lower right of a notice.
const SLIP: Rect = [114.4, 233.02, 200.0, 287.0];
/// What a window envelope shows.
const ADDRESSEE: Rect = [20.0, 14.0, 120.0, 52.0];
/// Issue date and insurer at the upper right.
const SENDER: Rect = [121.0, 14.0, 200.0, 60.0];

/// The labels of the tables.
const LABELS: [&str; 18] = [
    "記号",
    "番号",
    "枝番",
    "氏名",
    "性別",
    "生年月日",
    "本人・家族",
    "資格取得年月日",
    "交付年月日",
    "被保険者",
    "被保険者氏名",
    "負担割合",
    "発効期日",
    "有効期限",
    "限度額適用区分",
    "長期入院",
    "特定疾病区分",
    "保険者番号",
];
const MORE_LABELS: [&str; 2] = ["保険者名", "個人番号（下4桁）"];

static ENGINE: LazyLock<Engine> = LazyLock::new(|| open(Path::new(PACK)));
static PRINTED: LazyLock<Vec<(Row, Vec<Page>)>> = LazyLock::new(|| printed(&ENGINE, &sample()));

fn open(pack: &Path) -> Engine {
    Engine::open(pack, &OpenOptions { fonts: Some("fonts".into()), ..OpenOptions::default() }).unwrap()
}

fn rendered(engine: &Engine, csv: &str) -> (Vec<u8>, Summary) {
    let mut pdf = Vec::new();
    let input = Input::bytes(csv.as_bytes());
    let summary = engine.render(&input, &mut pdf, &Options::default(), &mut |_| {}).unwrap();
    (pdf, summary)
}

/// The records that are printed, each with its pages, in order.
fn printed(engine: &Engine, rows: &[Row]) -> Vec<(Row, Vec<Page>)> {
    let (pdf, summary) = rendered(engine, &to_csv(rows));
    let mut pages = reader::pages(&pdf).into_iter();
    let mut printed = Vec::new();
    for row in rows {
        let count = match expected::paper(row) {
            Some(Paper::Notice) => 1,
            Some(Paper::Certificate) => 2,
            None => continue,
        };
        printed.push((row.clone(), pages.by_ref().take(count).collect::<Vec<_>>()));
    }
    assert_eq!(pages.count(), 0, "more pages than records call for");
    assert!(printed.iter().all(|(_, pages)| !pages.is_empty()), "fewer pages than records call for");
    assert_eq!(summary.printed, printed.len() as u64);
    printed
}

/// A record's decision.
fn decided<T>(engine: &Engine, row: &Row, look: impl FnOnce(&Decision<'_>) -> T) -> T {
    let record = engine.read_json(&to_json_lines(std::slice::from_ref(row))).unwrap();
    look(&engine.decide(&record).unwrap())
}

/// Runs that follow each other on one baseline without a gap.
#[derive(Clone, Debug)]
struct Line {
    text: String,
    x: f64,
    y: f64,
    end: f64,
    runs: Vec<Run>,
}

/// The upright text of a page, fixed or not; the 見本 across the sheet is none.
fn lines(page: &Page) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for run in page.runs.iter().filter(|run| !run.outlined) {
        assert_eq!(run.rotation, 0.0, "{}", run.text);
        match lines.last_mut() {
            Some(last) if (last.y - run.y).abs() < 0.01 && (last.end - run.x).abs() < 0.05 => {
                last.text.push_str(&run.text);
                last.end = run.end.0;
                last.runs.push(run.clone());
            }
            Some(_) | None => {
                lines.push(Line { text: run.text.clone(), x: run.x, y: run.y, end: run.end.0, runs: vec![run.clone()] })
            }
        }
    }
    lines
}

fn is_in(line: &Line, [left, top, right, bottom]: Rect) -> bool {
    line.x >= left && line.end <= right && line.y >= top && line.y <= bottom
}

/// Removes and returns the lines within a rectangle, from top to bottom.
fn take(lines: &mut Vec<Line>, rect: Rect) -> Vec<Line> {
    let mut taken: Vec<Line> = lines.extract_if(.., |line| is_in(line, rect)).collect();
    taken.sort_by(|one, other| one.y.total_cmp(&other.y));
    taken
}

fn is_label(text: &str) -> bool {
    LABELS.contains(&text) || MORE_LABELS.contains(&text)
}

/// Removes the labels of a table with the value to the right of each.
fn take_table(lines: &mut Vec<Line>) -> Vec<Pair> {
    let labels: Vec<Line> = lines.extract_if(.., |line| is_label(&line.text)).collect();
    let right_of = |label: &Line, line: &Line| (line.y - label.y).abs() < 0.1 && line.x > label.end;
    let mut pairs = Vec::new();
    for label in &labels {
        let next_label = labels.iter().filter(|other| right_of(label, other)).map(|other| other.x);
        let limit = next_label.fold(f64::INFINITY, f64::min);
        let values: Vec<Line> = lines.extract_if(.., |line| right_of(label, line) && line.x < limit).collect();
        let value = values.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("|");
        let known = LABELS.iter().chain(&MORE_LABELS).find(|known| **known == label.text).unwrap();
        pairs.push((*known, value));
    }
    pairs.sort();
    pairs
}

/// Removes the labels of the slip with the value under each.
fn take_slip(lines: &mut Vec<Line>, labels: &[Pair]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (label, _) in labels {
        let Some(at) = lines.iter().position(|line| line.text == *label) else { continue };
        let label_line = lines.remove(at);
        let under = |line: &Line| (line.x - label_line.x).abs() < 0.2 && (2.0..6.0).contains(&(line.y - label_line.y));
        let values: Vec<Line> = lines.extract_if(.., |line| under(line)).collect();
        let value = values.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("|");
        pairs.push((*label, value));
    }
    pairs.sort();
    pairs
}

/// Removes lines that must be there, each exactly once.
fn take_each(lines: &mut Vec<Line>, texts: &[String], id: &str) {
    for text in texts {
        let found: Vec<usize> = (0..lines.len()).filter(|index| lines[*index].text == *text).collect();
        assert_eq!(found.len(), 1, "{id}: {text:?} in {:?}", texts_of(lines));
        lines.remove(found[0]);
    }
}

fn texts_of(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

/// The texts that packs give to their templates, a pack's own before its parent's.
fn pack_texts(packs: &[&str]) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for pack in packs {
        let file: toml::Table = fs::read_to_string(Path::new(pack).join("pack.toml")).unwrap().parse().unwrap();
        for (name, text) in file.get("text").and_then(toml::Value::as_table).into_iter().flatten() {
            texts.entry(name.clone()).or_insert_with(|| text.as_str().unwrap().to_owned());
        }
    }
    texts
}

/// The words of all templates of the pack, with what does not depend on the record put in.
static FIXED: LazyLock<String> = LazyLock::new(|| {
    let mut words = String::new();
    for folder in ["templates/base", "templates/base/parts", "templates/yokogawa"] {
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|name| name == "toml")) {
            words.push_str(&fs::read_to_string(file).unwrap());
        }
    }
    for (name, text) in pack_texts(&["templates/yokogawa", "templates/base"]) {
        words = words.replace(&format!("{{{{ pack.{name} }}}}"), &text);
    }
    for (placeholder, text) in [
        ("{{ title_legal }}", "資格情報通知書"),
        ("{{ title }}", "資格情報のお知らせ"),
        ("健康保険　資格情報のお知らせ", "健康保険　資格確認書"),
        ("{{ insurer_name }}", expected::INSURER),
        ("{{ insurer_address }}", expected::INSURER_ADDRESS),
        ("{{ insurer_phone }}", expected::INSURER_PHONE),
    ] {
        words = words.replace(placeholder, text);
    }
    words
});

/// Whatever is left must be words that the templates fix.
fn assert_fixed(lines: &[Line], id: &str) {
    for run in lines.iter().flat_map(|line| &line.runs) {
        assert!(FIXED.contains(&run.text), "{id}: {:?} is neither of the record nor of the template", run.text);
    }
}

/// The block of the addressee: postcode, address on as many lines as it takes, name.
fn check_addressee(lines: &mut Vec<Line>, row: &Row) {
    let block = take(lines, ADDRESSEE);
    let texts = texts_of(&block);
    assert_eq!(texts[0], format!("〒{}", row.get("郵便番号")), "{}", row.id());
    assert_eq!(texts[1..texts.len() - 1].concat(), row.get("住所"), "{}", row.id());
    assert_eq!(texts[texts.len() - 1], format!("{}　様", expected::name(row)), "{}", row.id());
}

fn check_kana(lines: &mut Vec<Line>, row: &Row) {
    take_each(lines, &[row.get("フリガナ").to_owned()], row.id());
}

fn check_front(lines: &mut Vec<Line>, row: &Row) {
    check_addressee(lines, row);
    assert_eq!(texts_of(&take(lines, SENDER)), expected::sender(row), "{}", row.id());
    assert_eq!(take_table(lines), expected::table(row), "{}", row.id());
    check_kana(lines, row);
}

fn check_notice(row: &Row, page: &Page) {
    let mut body = lines(page);
    let mut slip = take(&mut body, SLIP);
    check_front(&mut body, row);
    assert_fixed(&body, row.id());
    assert_eq!(take_slip(&mut slip, &expected::slip(row)), expected::slip(row), "{}", row.id());
    take_each(&mut slip, &expected::slip_lines(row), row.id());
    assert_fixed(&slip, row.id());
}

fn check_certificate(row: &Row, pages: &[Page]) {
    let mut front = lines(&pages[0]);
    check_front(&mut front, row);
    let kind =
        if row.get("本人・家族") == "家族" { "家族（被扶養者）" } else { "本人（被保険者）" };
    take_each(&mut front, &[kind.to_owned()], row.id());
    assert_fixed(&front, row.id());
    let mut back = lines(&pages[1]);
    take_each(&mut back, &expected::back(row), row.id());
    assert_fixed(&back, row.id());
}

#[test]
fn every_printed_field_is_that_of_its_record() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (row, pages) in PRINTED.iter() {
        match expected::paper(row).unwrap() {
            Paper::Notice => check_notice(row, &pages[0]),
            Paper::Certificate => check_certificate(row, pages),
        }
        *seen.entry(row.get("要求帳票")).or_default() += 1;
    }
    assert!(PRINTED.len() >= 20 && seen.len() == 2, "the sample has lost its records: {seen:?}");
}

#[test]
fn the_sample_holds_what_is_hard() {
    let rows = sample();
    assert!(rows.len() >= 24);
    let texts: String = rows.iter().flat_map(|row| ["氏名", "通称名"].map(|header| row.get(header))).collect();
    for hard in ["𠮷", "髙", "﨑", "葛\u{E0103}", "邉\u{E0102}", "辻\u{E0102}", "Ễ", "〻"] {
        assert!(texts.contains(hard), "{hard}");
    }
    assert!(texts.chars().filter(|letter| matches!(u32::from(*letter), 0xE0100..=0xE01EF)).count() >= 4);
    assert!(rows.iter().any(|row| row.get("健保組合登録日").is_empty() && !row.get("個人番号下4桁").is_empty()));
    for (header, cell) in
        [("本人・家族", "家族"), ("負担割合", "2割"), ("性別の表面表示", "see_back"), ("発行区分", "reissue")]
    {
        assert!(rows.iter().any(|row| row.get(header) == cell), "{header}");
    }
    for hard in ["通称名", "旧姓", "備考"] {
        assert!(PRINTED.iter().any(|(row, _)| !row.get(hard).is_empty()), "{hard}");
    }
    assert!(rows.iter().all(|row| row.get("見本") == "1"));
}

#[test]
fn every_glyph_says_its_own_text() {
    // Without ActualText, by the fonts' own tables: nothing is unmapped.
    for (row, pages) in PRINTED.iter() {
        for glyph in pages.iter().flat_map(|page| &page.runs).flat_map(|run| &run.glyphs) {
            assert!(glyph.text.as_deref().is_some_and(|text| !text.contains('\u{FFFD}')), "{}", row.id());
        }
    }
}

#[test]
fn papers_and_dates_are_those_that_the_policy_decides() {
    for row in sample() {
        let (document, expiry) = match expected::paper(&row) {
            Some(Paper::Notice) => (Document::Notice, Expiry::Never),
            Some(Paper::Certificate) => {
                let (year, month, day) = expected::expiry(&row);
                let last = chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap();
                (Document::Certificate, Expiry::On(last))
            }
            None => (Document::None, Expiry::NotApplicable),
        };
        decided(&ENGINE, &row, |decision| {
            assert_eq!((decision.document, &decision.expiry), (document, &expiry), "{}", row.id());
        });
    }
}

#[test]
fn the_sample_mark_lies_on_every_side() {
    for (row, pages) in PRINTED.iter() {
        for (number, page) in pages.iter().enumerate() {
            let marks = page.runs.iter().filter(|run| run.outlined && run.text == "見本").count();
            let expected = if expected::paper(row) == Some(Paper::Notice) { 2 } else { 1 };
            assert_eq!(marks, expected, "{} page {number}", row.id());
        }
    }
}

// ---- The last four digits

/// The runs that are exactly these digits: on the slip, and elsewhere.
fn digit_runs(page: &Page, digits: &str) -> [usize; 2] {
    let found = |inside: bool| {
        let within =
            |run: &&Run| (run.x >= SLIP[0] && run.end.0 <= SLIP[2] && run.y >= SLIP[1] && run.y <= SLIP[3]) == inside;
        page.runs.iter().filter(|run| run.text == digits).filter(within).count()
    };
    [found(true), found(false)]
}

/// The digits nowhere, not even inside a longer text other than the record's own numbers.
fn assert_no_digits(row: &Row, pages: &[Page], digits: &str) {
    let own = ["記号", "番号", "郵便番号", "住所"].map(|header| row.get(header));
    for run in pages.iter().flat_map(|page| &page.runs) {
        let is_own = own.iter().any(|own| !own.is_empty() && run.text.contains(own));
        assert!(
            is_own || !run.text.contains(digits),
            "{}: the digits stand in a text that must not have them",
            row.id()
        );
    }
}

#[test]
fn digits_show_exactly_where_the_decision_says() {
    let mut shown = 0;
    for (row, pages) in PRINTED.iter() {
        let place = decided(&ENGINE, row, |decision| decision.digits);
        assert_eq!(matches!(place, Digits::Shown(_)), expected::digits(row).is_some(), "{}", row.id());
        let digits = row.get("個人番号下4桁");
        match expected::digits(row) {
            Some(digits) => {
                shown += 1;
                assert_eq!(digit_runs(&pages[0], digits), [1, 1], "{}", row.id());
            }
            None if digits.is_empty() => {
                let masks = pages.iter().flat_map(|page| &page.runs).filter(|run| run.text.contains('＊')).count();
                assert_eq!(masks, 0, "{}: a mask without digits", row.id());
            }
            None => assert_no_digits(row, pages, digits),
        }
    }
    assert!(shown >= 5 && shown < PRINTED.len(), "the sample has lost its digits");
}

#[test]
fn a_certificate_never_shows_digits() {
    let certificates: Vec<Row> = sample()
        .into_iter()
        .filter(|row| expected::paper(row) == Some(Paper::Certificate))
        .map(|row| row.with("個人番号下4桁", "9753"))
        .collect();
    for (row, pages) in printed(&ENGINE, &certificates) {
        check_certificate(&row, &pages);
        assert_no_digits(&row, &pages, "9753");
    }
}

#[test]
fn the_policy_says_on_which_part_the_digits_stand() {
    let folder = product::folder();
    let pack = product::copy_of_pack(folder.path());
    let policy = pack.join("policy.toml");
    let rules = fs::read_to_string(&policy).unwrap();
    let row = sample_row("Y00001").with("個人番号下4桁", "9753");
    for (place, expected) in [("body", [0, 1]), ("slip", [1, 0]), ("both", [1, 1])] {
        let (before, after) = rules.split_once("[[last4.rule]]").unwrap();
        fs::write(&policy, format!("{before}[last4]\nplace = \"{place}\"\n\n[[last4.rule]]{after}")).unwrap();
        let printed = printed(&open(&pack), std::slice::from_ref(&row));
        assert_eq!(digit_runs(&printed[0].1[0], "9753"), expected, "{place}");
        let all: String = printed[0].1[0].runs.iter().map(|run| run.text.as_str()).collect();
        assert_eq!(all.matches("9753").count(), expected.iter().sum::<usize>(), "{place}");
    }
}

// ---- Same bytes, same order

#[test]
fn a_small_file_says_the_same() {
    let rendered = |compression| {
        let mut pdf = Vec::new();
        let options = Options { compression, threads: 2, ..Options::default() };
        ENGINE.render(&Input::bytes(to_csv(&sample()).as_bytes()), &mut pdf, &options, &mut |_| {}).unwrap();
        pdf
    };
    let [fast, small] = [Compression::Fast, Compression::Small].map(rendered);
    assert!(small.len() < fast.len());
    assert_eq!(reader::texts(&small), reader::texts(&fast));
}

#[test]
fn threads_change_no_byte() {
    let csv = many(400);
    let input = Input::bytes(csv.as_bytes());
    let run = |threads| {
        let mut pdf = Vec::new();
        let options = Options { threads, ..Options::default() };
        ENGINE.render(&input, &mut pdf, &options, &mut |_| {}).unwrap();
        pdf
    };
    let first = run(1);
    for threads in [1, 4, 3] {
        assert!(run(threads) == first, "{threads} threads");
    }
    assert!(open(Path::new(PACK)).render(&input, &mut Vec::new(), &Options::default(), &mut |_| {}).is_ok());
}

/// Copies of the sample's records under numbers of their own, refused ones among them.
fn many(count: usize) -> String {
    let sample = sample();
    let copies = (0..count).map(|index| {
        let row = sample[index % sample.len()].clone();
        let row = row.with("整理番号", &format!("M{index:06}")).with("番号", &format!("{index:06}"));
        if index % 17 == 3 { row.with("郵便番号", "18-00000") } else { row }
    });
    to_csv(&copies.collect::<Vec<_>>())
}

#[test]
fn records_keep_their_order() {
    let rows = product::rows(&many(120));
    let printable: Vec<&Row> =
        rows.iter().filter(|row| row.get("郵便番号") == "180-0000" && expected::paper(row).is_some()).collect();
    let mut pdf = Vec::new();
    let options = Options { threads: 4, ..Options::default() };
    ENGINE.render(&Input::bytes(to_csv(&rows).as_bytes()), &mut pdf, &options, &mut |_| {}).unwrap();
    let number = |page: &Page| {
        let mut body = lines(page);
        take(&mut body, SLIP);
        take_table(&mut body).into_iter().find(|(label, _)| *label == "番号").map(|(_, value)| value)
    };
    let numbers: Vec<String> = reader::pages(&pdf).iter().filter_map(number).collect();
    assert_eq!(numbers, printable.iter().map(|row| row.get("番号")).collect::<Vec<_>>());
}

#[test]
fn csv_and_json_lines_give_the_same_bytes() {
    let rows = sample();
    let mut pdf = Vec::new();
    let options = Options { format: Format::JsonLines, ..Options::default() };
    ENGINE.render(&Input::bytes(to_json_lines(&rows).as_bytes()), &mut pdf, &options, &mut |_| {}).unwrap();
    assert!(pdf == rendered(&ENGINE, &to_csv(&rows)).0);
}
