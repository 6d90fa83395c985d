//! Two looks of one document: `when` in `[[document]]`, and the look of マイナポータル's page.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;
mod reader;

use std::path::Path;

use shikaku::engine::{Engine, Input, OpenOptions, Options};

use crate::product::{Row, copy_of_pack, folder, sample_row, to_csv, write};

const FIELD: &str = "[field.layout]\nlabel = \"様式\"\ntype = \"text\"\n[columns]\n\"様式\" = \"layout\"\n";
const PORTAL: &str = "[[document]]\ndocument = \"notice\"\nsheet = \"A4\"\nwhen = { layout = \"portal\" }\n\
                      sides = [\"../base/portal.toml\"]\n";
const NOTICE: &str = "[[document]]\ndocument = \"notice\"\nsheet = \"A4\"\nsides = [\"../base/notice.toml\"]\n";

/// A pack beside `yokogawa` with papers of its own.
fn open(papers: &[&str]) -> Result<Engine, String> {
    let folder = folder();
    let pack = copy_of_pack(folder.path()).with_file_name("two");
    std::fs::create_dir(&pack).unwrap();
    let own = format!("inherit = \"yokogawa\"\nname = \"two\"\n{FIELD}{}", papers.concat());
    write(&pack, "pack.toml", own);
    let options = OpenOptions { fonts: Some(Path::new("fonts").to_path_buf()), ..OpenOptions::default() };
    Engine::open(&pack, &options).map_err(|error| error.to_string())
}

/// The record of a sample, as its CSV with one more column.
fn with_layout(row: &Row, layout: &str) -> String {
    let csv = to_csv(std::slice::from_ref(row));
    let (header, values) = csv.split_once('\n').unwrap();
    format!("{},様式\n{},{layout}\n", header.trim_end(), values.trim_end())
}

fn texts(engine: &Engine, csv: String) -> Vec<Vec<String>> {
    let mut pdf = Vec::new();
    engine.render(&Input::bytes(csv.into_bytes()), &mut pdf, &Options::default(), &mut |_| {}).unwrap();
    reader::texts(&pdf)
}

#[test]
fn a_record_chooses_its_look() {
    let engine = open(&[PORTAL, NOTICE]).unwrap();
    let row = sample_row("Y00001");
    let has = |pages: &[Vec<String>], words: &str| pages[0].join("\n").contains(words);
    let portal = texts(&engine, with_layout(&row, "portal"));
    assert!(has(&portal, "医療保険の資格情報") && has(&portal, row.get("氏名")));
    for more in ["昭和55年1月2日", "平成22年4月1日", "ミホン", "本人", "東京都", row.get("個人番号下4桁")]
    {
        assert!(!has(&portal, more), "the look of the portal has eight fields, and {more} is in none");
    }
    for layout in ["", "other"] {
        let notice = texts(&engine, with_layout(&row, layout));
        assert!(has(&notice, "昭和55年1月2日") && !has(&notice, "医療保険の資格情報"), "{layout:?}");
    }
}

#[test]
fn a_dash_stands_below_seventy() {
    let engine = open(&[PORTAL, NOTICE]).unwrap();
    let old = texts(&engine, with_layout(&sample_row("Y00011"), "portal"))[0].concat();
    assert!(old.contains("3割") && old.contains("令和7年7月31日") && !old.contains('—'), "{old}");
    let young = sample_row("Y00001").with("負担割合", "法定負担割合のとおり").with("発効期日", "R6.10.1");
    let young = texts(&engine, with_layout(&young, "portal"))[0].concat();
    assert!(!young.contains("法定") && young.matches('—').count() == 2, "{young}");
}

#[test]
fn a_wrong_condition_has_its_place() {
    let wrong = PORTAL.replace("layout =", "layuot =");
    let error = open(&[&wrong, NOTICE]).unwrap_err();
    assert!(error.contains("pack.toml:11:10: error: unknown field `layuot`"), "{error}");
    assert!(error.contains("did you mean `layout`?"), "{error}");
    let wrong = PORTAL.replace("{ layout = \"portal\" }", "\"portal\"");
    let error = open(&[&wrong, NOTICE]).unwrap_err();
    assert!(error.contains("`when` is a table"), "{error}");
}

#[test]
fn a_paper_that_no_record_reaches_is_an_error() {
    for papers in [[NOTICE, PORTAL], [NOTICE, NOTICE], [PORTAL, PORTAL]] {
        let error = open(&papers).unwrap_err();
        assert!(error.contains("no record reaches this paper: entry 1 serves them all"), "{error}");
    }
    let plastic = PORTAL.replace("sheet =", "medium = \"plastic\"\nsheet =");
    assert!(open(&[&plastic, PORTAL, NOTICE]).is_ok(), "a wider medium is reached by paper");
}

#[test]
fn without_a_paper_that_fits_a_record_is_refused() {
    let engine = open(&[PORTAL]).unwrap();
    let mut said = Vec::new();
    let csv = with_layout(&sample_row("Y00001"), "");
    let mut pdf = Vec::new();
    let input = Input::bytes(csv.into_bytes());
    engine.render(&input, &mut pdf, &Options::default(), &mut |event| said.push(format!("{event:?}"))).unwrap();
    assert!(said.concat().contains("NO_TEMPLATE"), "{said:?}");
}
