//! The certificates of `templates/base`, each with nothing that it need not carry, with everything that it may, and
//! with what changes a front or a back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod certificate_support;
mod product;
mod reader;

use serde_json::{Map, Value, json};
use shikaku::engine::Engine;

use crate::certificate_support::{FAMILIES, Family, LONG, pages, with};
use crate::reader::{Page, Run};

/// Where A4 is folded, from the top, in millimetres.
const FOLDS: [f64; 2] = [99.0, 198.0];
/// What stays clear of a fold and of a cut.
const CLEAR: f64 = 3.0;
/// The card to cut out, front and back: left, top, right, bottom.
const CARD: [[f64; 4]; 2] = [[114.4, 233.02, 200.0, 287.0], [10.0, 233.02, 95.6, 287.0]];

/// Calls `look` with each certificate and its pages: bare, full, protected, with other names, without options.
fn each_paper(mut look: impl FnMut(&Family, &str, &[Page])) {
    for family in &FAMILIES {
        let folder = product::folder();
        let engine = family.engine(folder.path());
        for (case, record) in cases(family) {
            look(family, case, &pages(&engine, record));
        }
    }
}

fn cases(family: &Family) -> Vec<(&'static str, Map<String, Value>)> {
    let former =
        json!({"name": "旧姓　併記子", "name_former": "前野", "name_alias": "例山　灯", "sex_front_mode": "see_back"});
    vec![
        ("bare", family.record()),
        ("full", family.full_record()),
        ("full with the address on the back", with(family.full_record(), json!({"address_mode": "back_blank"}))),
        ("other names", with(family.full_record(), former)),
        ("no options", with(family.record(), json!({"address_mode": "none", "organ_donation": false}))),
        ("protected", with(family.full_record(), json!({"view_restricted": true, "myna": null}))),
    ]
}

/// The em box of a run: top and bottom.
fn em_box(run: &Run) -> (f64, f64) {
    let em = run.size * 25.4 / 72.0;
    (run.y - 0.88 * em, run.y + 0.12 * em)
}

/// Lines across 見本 apart, which is turned.
fn upright(page: &Page) -> impl Iterator<Item = &Run> {
    page.runs.iter().filter(|run| run.rotation.abs() < 0.1)
}

#[test]
fn nothing_lies_near_a_fold() {
    let mut seen = 0;
    each_paper(|family, case, pages| {
        assert_eq!(pages.len(), 2, "{}: {case}", family.template);
        for page in pages {
            let texts = upright(page).map(|run| (em_box(run), run.text.clone()));
            let paths = page.paths.iter().map(|path| ((path[1], path[3]), format!("a path {path:?}")));
            for ((top, bottom), what) in texts.chain(paths) {
                seen += 1;
                for fold in FOLDS {
                    let clear = bottom <= fold - CLEAR || fold + CLEAR <= top;
                    assert!(clear, "{}: {case}: {what} at {top:.1} to {bottom:.1}", family.template);
                }
            }
        }
    });
    assert!(seen > 2000, "{seen}");
}

#[test]
fn words_keep_clear_of_the_cut() {
    let mut seen = 0;
    each_paper(|family, case, pages| {
        if family.template != "certificate-cut" {
            return;
        }
        for (page, card) in pages.iter().zip(CARD) {
            for run in upright(page).filter(|run| run.y > card[1] && run.x < card[2] && run.end.0 > card[0]) {
                seen += 1;
                let (top, bottom) = em_box(run);
                // The bracket of 本人（被保険者） stands flush, and its white half behind the edge.
                let white = if run.text.ends_with('）') { run.size * 25.4 / 72.0 / 2.0 } else { 0.0 };
                let inside = card[0] + CLEAR <= run.x && run.end.0 - white <= card[2] - CLEAR;
                let within = card[1] + CLEAR <= top && bottom <= card[3] - CLEAR;
                assert!(inside && within, "{case}: {:?} at {:.1}, {:.1}", run.text, run.x, run.y);
            }
        }
    });
    assert!(seen > 200, "{seen}");
}

#[test]
fn no_line_holds_a_stray_character_or_two() {
    each_paper(|family, case, pages| {
        for run in pages.iter().flat_map(upright) {
            let stray = run.text.ends_with('。') && run.text.chars().count() < 4;
            assert!(!stray, "{}: {case}: {:?}", family.template, run.text);
        }
    });
}

/// All words of a page.
fn words(page: &Page) -> String {
    page.runs.iter().map(|run| run.text.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_front_carries_what_the_record_has() {
    each_paper(|family, case, pages| {
        if case != "full" {
            return;
        }
        let front = words(&pages[0]);
        let mut wanted = vec![LONG, "昭和", "平成22年4月1日", "令和8年1月10日", "男", "B05", "令和7年10月1日"];
        wanted.extend(match family.template {
            "certificate-kokuho" => vec!["国民健康保険資格確認書", "支給の対象者", "令和8年7月31日まで有効", "2割"],
            "certificate-kouki" => vec!["後期高齢者医療資格確認書", "支給の対象者", "01234567", "2割", "39139993"],
            _ => vec!["健康保険　資格確認書", "家族（被扶養者）", "令和8年3月31日", "2割", "02"],
        });
        for text in wanted {
            assert!(front.contains(text), "{}: {text} in {front}", family.template);
        }
        let labels = front.lines().filter(|line| ["記号", "枝番"].contains(&line.replace('\u{3000}', "").as_str()));
        assert_eq!(labels.count() == 0, family.kouki(), "{}: {front}", family.template);
        let back = words(&pages[1]);
        for text in ["注意事項", "この欄には、保険者が必要と認めた事項を記載します。", "臓器提供に関する意思表示"]
        {
            assert!(back.contains(text), "{}: {text} in {back}", family.template);
        }
    });
}

#[test]
fn optional_items_are_absent_where_the_record_has_none() {
    each_paper(|family, case, pages| {
        let all = pages.iter().map(words).collect::<Vec<_>>().join("\n");
        if case == "bare" {
            for label in ["限度額適用区分", "特定疾病区分", "特別療養費", "長期入院", "発効期日"]
            {
                let wanted = label == "発効期日" && family.kouki();
                assert_eq!(all.contains(label), wanted, "{}: {label}", family.template);
            }
            assert!(all.contains("臓器提供に関する意思表示"), "{}: the column is the default", family.template);
        }
        if case == "no options" {
            assert!(!all.contains("臓器"), "{}: {all}", family.template);
            assert!(!all.lines().any(|line| line == "住所"), "{}: {all}", family.template);
        }
    });
}

#[test]
fn other_names_stand_on_the_front_and_registered_ones_on_the_back() {
    each_paper(|family, case, pages| {
        if case != "other names" {
            return;
        }
        let (front, back) = (words(&pages[0]), words(&pages[1]));
        for text in ["例山（前野）灯", "裏面参照"] {
            assert!(front.contains(text), "{}: {text} in {front}", family.template);
        }
        assert!(!front.contains("併記子"), "{}: {front}", family.template);
        for text in ["戸籍上の氏名　旧姓　併記子", "戸籍上の性別は男", "氏名欄の括弧内は旧姓"]
        {
            assert!(back.contains(text), "{}: {text} in {back}", family.template);
        }
    });
}

#[test]
fn a_paper_of_kokuho_goes_to_the_head_of_the_household() {
    let family = Family::named("certificate-kokuho");
    let folder = product::folder();
    let engine = family.engine(folder.path());
    let addressee = |engine: &Engine, record| {
        let page = pages(engine, record).remove(0);
        let window = |run: &&Run| (20.0..120.0).contains(&run.x) && (30.0..52.0).contains(&run.y);
        page.runs.iter().filter(window).map(|run| run.text.clone()).collect::<String>()
    };
    assert_eq!(addressee(&engine, with(family.record(), json!({"household_head": "見本　一郎"}))), "見本　一郎　様");
    assert_eq!(addressee(&engine, family.record()), "見本　太郎　様");
}
