//! 資格確認書 as cards and postcards: the shared templates of `base` under the rules of three kinds of insurer.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;
mod reader;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use shikaku::engine::{Engine, OpenOptions};

use crate::reader::Page;

/// Nothing that is read stands nearer to an edge than this, in millimetres.
const SAFE: f64 = 3.0;

/// Hundredths of a millimetre that the PDF's numbers may be off.
const ROUNDING: f64 = 0.02;

/// A kind of insurer: its templates end in `suffix`, and its rules are a policy of the tests.
struct Family {
    suffix: &'static str,
    policy: &'static str,
    number: &'static str,
}

const KENPO: Family = Family { suffix: "", policy: "casio", number: "06139992" };
const KOKUHO: Family = Family { suffix: "-kokuho", policy: "kokuho-annual", number: "138016" };
const KOUKI: Family = Family { suffix: "-kouki", policy: "kouki", number: "39129994" };

static ENGINES: LazyLock<[(Family, Engine); 3]> = LazyLock::new(|| [KENPO, KOKUHO, KOUKI].map(open));

/// A pack that prints cards and postcards.
fn open(family: Family) -> (Family, Engine) {
    let folder = product::folder();
    let pack = product::copy_of_pack(folder.path()).with_file_name("trial");
    fs::create_dir(&pack).unwrap();
    let Family { suffix, policy, number } = &family;
    let address = match *suffix {
        "-kokuho" => "postcard-address-household",
        "-kouki" => "postcard-address-vertical",
        _ => "postcard-address",
    };
    let policy = fs::read_to_string(format!("templates/{policy}/policy.toml")).unwrap();
    product::write(&pack, "policy.toml", policy);
    let manifest = format!(
        r#"inherit = "base"
name = "trial"

[insurer]
number = "{number}"
placeholder_number = true
name = "見本保険者"
address = "東京都見本市見本町一丁目1番1号"
phone = "00-0000-0000"

[[document]]
document = "certificate"
sheet = "card"
sides = ["../base/card{suffix}.toml", "../base/card-back.toml"]

[[document]]
document = "certificate"
sheet = "postcard"
sides = ["../base/postcard{suffix}.toml", "../base/{address}.toml"]
"#
    );
    product::write(&pack, "pack.toml", manifest);
    let options = OpenOptions { fonts: Some("fonts".into()), ..OpenOptions::default() };
    let engine = Engine::open(Path::new(&pack), &options).unwrap_or_else(|error| panic!("{suffix}: {error}"));
    (family, engine)
}

/// A record that every family prints, without one optional item.
fn bare(family: &Family, sheet: &str) -> Map<String, Value> {
    let record = json!({
        "record_id": "T0001", "requested": "certificate", "applied": true, "reviewed": true, "myna": "no_card",
        "medium": "plastic", "sheet": sheet, "issue_date": "2025-12-20", "sample": true,
        "name": "見本　太郎", "name_kana": "ミホン　タロウ", "sex": "男", "birth_date": "1953-01-15",
        "acquired_on": "2015-04-01", "number": "12345678",
        "postal_code": "180-8750", "address": "東京都見本市見本町二丁目6番3号", "address_mode": "back_blank",
    });
    let record =
        if family.suffix == "-kouki" { record } else { with(&record, &json!({ "symbol": "12", "branch": "02" })) };
    let own = match family.suffix {
        "" => json!({ "member_kind": "本人" }),
        _ => json!({}),
    };
    with(&record, &own).as_object().unwrap().clone()
}

/// Every optional item that is no exception for the name or the sex.
fn optional() -> Value {
    json!({
        "ratio": "2割", "ratio_from": "2025-12-01", "ratio_until": "2026-07-31", "limit_category": "区分Ⅱ",
        "limit_from": "2025-12-02", "long_stay_from": "2025-12-03", "specific_disease": "B",
        "address_mode": "front", "remarks_back": "保険者が必要と認めた事項。", "special_expense": true,
    })
}

fn with(record: &Value, more: &Value) -> Value {
    let both = [record, more].map(|value| value.as_object().unwrap().clone());
    Value::Object(both.into_iter().flatten().collect())
}

/// The two sides of each sheet of each family, for a bare record with more in it.
fn sides(more: &Value) -> Vec<(&'static str, &'static str, Vec<Page>)> {
    let mut found = Vec::new();
    for (family, engine) in ENGINES.iter() {
        for sheet in ["card", "postcard"] {
            let record = with(&Value::Object(bare(family, sheet)), more);
            let record = engine.read_json(&record.to_string()).unwrap_or_else(|error| panic!("{error}"));
            let pdf = engine.pdf(&record).unwrap_or_else(|error| panic!("{}{sheet}: {error}", family.suffix));
            found.push((family.suffix, sheet, reader::pages(&pdf)));
        }
    }
    found
}

/// All words of a side in the order of drawing.
/// What a page says, run by run, and again without breaks: in a column each letter is a run.
fn words(page: &Page) -> String {
    format!("{}\n{}", page.texts().join("\n"), page.texts().concat())
}

#[test]
fn what_the_record_asks_for_is_printed_and_nothing_else() {
    let labels = ["負担割合", "限度額適用区分", "長期入院", "特定疾病区分", "特別療養費の対象者", "見本町二丁目"];
    for (family, sheet, pages) in sides(&json!({})) {
        let front = words(&pages[0]);
        assert_eq!(pages.len(), 2);
        for label in labels {
            assert!(!front.contains(label), "{family} {sheet}: {label} of a bare record");
        }
        for always in [
            "資格確認書",
            "見本　太郎",
            "ミホン　タロウ",
            "昭和28年1月15日",
            "平成27年4月1日",
            "12345678",
            "令和7年12月20日交付",
            "見本保険者",
            "00-0000-0000",
        ] {
            assert!(front.contains(always), "{family} {sheet}: {always}");
        }
        // The person writes the address in.
        assert!(pages.iter().any(|page| page.texts().contains(&"住所")), "{family} {sheet}");
    }
    for (family, sheet, pages) in sides(&optional()) {
        let front = words(&pages[0]);
        for label in labels.iter().filter(|label| !(family.is_empty() && label.starts_with("特別"))) {
            assert!(front.contains(label), "{family} {sheet}: {label}");
        }
        for value in ["2割", "令和7年12月1日", "令和8年7月31日", "区分Ⅱ", "令和7年12月2日", "令和7年12月3日", "B"]
        {
            assert!(front.contains(value), "{family} {sheet}: {value}");
        }
        let remarks = if sheet == "card" { &pages[1] } else { &pages[0] };
        assert!(words(remarks).contains("保険者が必要と認めた事項。"), "{family} {sheet}");
    }
}

#[test]
fn rows_without_rules_draw_no_strokes_and_no_tints() {
    // The band, the frame of 有効期限 with its tint and its rule, the room for the seal.
    for (family, _, pages) in sides(&json!({})).iter().filter(|(_, sheet, _)| *sheet == "card") {
        assert_eq!(pages[0].paths.len(), 5, "{family}");
    }
}

#[test]
fn a_false_flag_is_no_special_expense() {
    for (family, sheet, pages) in sides(&json!({ "special_expense": false })) {
        assert!(!words(&pages[0]).contains("特別療養費"), "{family} {sheet}");
    }
}

#[test]
fn no_address_of_a_protected_person_is_printed() {
    for (family, sheet, pages) in
        sides(&json!({ "view_restricted": true, "myna": "view_restricted", "address_mode": "front" }))
    {
        for page in &pages {
            let words = words(page);
            assert!(!words.contains("見本町二丁目") && !words.contains("8750"), "{family} {sheet}");
            assert!(!page.texts().contains(&"住所"), "{family} {sheet}: a label tells of an address left out");
        }
    }
}

#[test]
fn remarks_say_what_is_registered() {
    let more = json!({ "name_alias": "見本　通称", "name_former": "旧姓", "sex_front_mode": "see_back" });
    for (family, sheet, pages) in sides(&more) {
        let (front, back) = (words(&pages[0]), words(&pages[1]));
        let (remarks, see) = if sheet == "card" { (&back, "裏面参照") } else { (&front, "備考欄参照") };
        assert!(front.contains("見本（旧姓）通称") && front.contains(see), "{family} {sheet}: {front}");
        for line in ["見本　太郎", "戸籍上の性別は男", "氏名欄の括弧内は旧姓"] {
            assert!(remarks.contains(line), "{family} {sheet}: {line}");
        }
        if sheet == "postcard" {
            assert!(back.contains("見本　通称") && !back.contains("見本　太郎"), "the letter goes to the name in use");
        }
    }
}

#[test]
fn the_postcode_stands_in_its_boxes() {
    for (family, sheet, pages) in sides(&json!({})).into_iter().filter(|(_, sheet, _)| *sheet == "postcard") {
        let digits = ["180", "8750"].map(|digits| &pages[1].run(digits).glyphs);
        let found: Vec<f64> = digits.into_iter().flatten().map(|glyph| glyph.x).collect();
        for (x, left) in found.iter().zip([44.3, 51.3, 58.3, 65.9, 72.7, 79.5, 86.3]) {
            // A figure of 14 pt is half an em wide.
            let middle = x + 14.0 * 25.4 / 72.0 / 4.0;
            assert!((middle - (left + 5.7 / 2.0)).abs() < 0.15, "{family} {sheet}: {middle}");
        }
    }
}

#[test]
fn every_name_that_the_fonts_have_fits() {
    let table = fs::read_to_string("tests/data/hard-names.tsv").unwrap();
    let rows: Vec<Vec<&str>> = table.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let names: Vec<&str> = rows.iter().filter(|row| !row[9].starts_with("error")).map(|row| row[2]).collect();
    assert!(names.len() > 70);
    for (family, engine) in ENGINES.iter() {
        for sheet in ["card", "postcard"] {
            for name in &names {
                let own = match family.suffix {
                    "" => json!({ "name": name, "insured_name": name, "member_kind": "家族" }),
                    "-kokuho" => json!({ "name": name, "household_head": name }),
                    _ => json!({ "name": name }),
                };
                let record = with(&Value::Object(bare(family, sheet)), &own);
                let record = engine.read_json(&record.to_string()).unwrap_or_else(|error| panic!("{error}"));
                assert!(engine.pdf(&record).is_ok(), "{}{sheet}: {name}", family.suffix);
            }
        }
    }
}

#[test]
fn nothing_that_is_read_stands_near_an_edge() {
    let more = json!({ "name_alias": "見本　通称", "name_former": "旧姓", "sex_front_mode": "see_back" });
    for (family, sheet, pages) in sides(&with(&optional(), &more)) {
        for (side, page) in pages.iter().enumerate() {
            let (width, height) = page.size;
            for run in page.runs.iter().filter(|run| !run.outlined) {
                let em = run.size * 25.4 / 72.0;
                // The bracket of 本人（被保険者） stands flush, and its white half behind the edge.
                let white = if run.text.ends_with('）') { em / 2.0 } else { 0.0 };
                let inside = run.x >= SAFE - ROUNDING
                    && run.y - em * 0.88 >= SAFE - ROUNDING
                    && run.end.0 - white <= width - SAFE + ROUNDING
                    && run.y + em * 0.12 <= height - SAFE + ROUNDING;
                assert!(inside, "{family} {sheet}, side {}: {:?} at {}, {}", side + 1, run.text, run.x, run.y);
            }
        }
    }
}
