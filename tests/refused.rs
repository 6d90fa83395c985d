//! One record for each way to be refused: each for its own reason, and never with a value of its own in the report.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use shikaku::record::problem::Code;

use crate::product::{PACK, REFUSED, Row, json_lines, names, render, rows, run, sample_row, text, to_csv, write};

/// Row, record, all its reasons, the field and the code points of the first.
type Case = (u64, &'static str, &'static [&'static str], &'static str, &'static [&'static str]);

/// What `refused.csv` must come to, row by row. `-`: none.
const CASES: &[Case] = &[
    (1, "Y00101", &["TWELVE_DIGITS"], "last4", &[]),
    (2, "Y00102", &["LAST4_FORM"], "last4", &[]),
    (3, "Y00103", &["NO_SUCH_DAY"], "birth_date", &[]),
    (4, "Y00104", &["OUTSIDE_ERA"], "birth_date", &[]),
    (5, "Y00105", &["BIRTH_TOO_EARLY"], "birth_date", &[]),
    (6, "Y00106", &["BIRTH_AFTER_ISSUE"], "birth_date", &[]),
    (7, "Y00107", &["ACQUIRED_BEFORE_BIRTH"], "acquired_on", &[]),
    (8, "Y00108", &["NOT_A_CHOICE"], "sex", &[]),
    (9, "Y00109", &["BRANCH_FORM"], "branch", &[]),
    (10, "Y00110", &["NOT_DIGITS"], "number", &[]),
    (11, "Y00111", &["MISSING_FIELD"], "insured_name", &[]),
    (12, "Y00112", &["KANA_FORM"], "name_kana", &[]),
    (13, "Y00113", &["RATIO_FOR_AGE"], "ratio", &[]),
    (14, "Y00114", &["MISSING_FIELD"], "ratio", &[]),
    (15, "Y00115", &["POSTAL_CODE"], "postal_code", &[]),
    (16, "Y00116", &["GLYPH"], "name", &["U+845B", "U+E01EF"]),
    (17, "Y00117", &["GLYPH"], "name", &["U+8BD5"]),
    (18, "Y00118", &["GLYPH"], "name", &["U+E000"]),
    (19, "Y00119", &["CONTROL_CHARACTER"], "name", &["U+202E"]),
    (20, "Y00120", &["GLYPH"], "name", &["U+E0102"]),
    (21, "Y00121", &["REPLACEMENT_CHARACTER"], "name", &["U+FFFD"]),
    (22, "Y00122", &["TOO_LONG"], "name", &[]),
    (23, "Y00123", &["MISSING_FIELD"], "name", &[]),
    (24, "Y00124", &["MISSING_FIELD"], "acquired_on", &[]),
    (25, "Y00125", &["PLACEHOLDER_INSURER"], "-", &[]),
    (26, "Y00126", &["FORMAT"], "name", &[]),
    (27, "Y00101", &["REPEATED_RECORD_ID"], "record_id", &[]),
    (28, "Y00128", &["NOT_A_FLAG"], "applied", &[]),
    (29, "Y00129", &["EXPIRY_DIFFERS"], "expiry", &[]),
    (30, "Y00130", &["NO_RULE"], "requested", &[]),
    (31, "Y00131", &["DIFFERS_FROM_PACK"], "insurer_number", &[]),
    (32, "Y00132", &["NOT_A_DATE"], "birth_date", &[]),
    (33, "Y00133", &["LUNISOLAR_DATE"], "birth_date", &[]),
    (34, "Y00134", &["NOT_AN_INTEGER"], "sequence", &[]),
    (35, "Y00135", &["START_BEFORE_ISSUE"], "valid_from", &[]),
    (36, "Y00136", &["RATIO_FOR_INSURER"], "ratio", &[]),
    (37, "Y00137", &["LIMIT_CATEGORY"], "limit_category", &[]),
    (38, "Y00138", &["LONG_STAY_CATEGORY"], "long_stay_from", &[]),
    (39, "Y00139", &["PAPER_MONTHS"], "paper_months", &[]),
    (40, "Y00140", &["CUSTOMER_BARCODE"], "customer_barcode", &[]),
    (41, "Y00141", &["REISSUE_CAUSE"], "reissue_cause", &[]),
    (42, "Y00142", &["VIEW_RESTRICTED"], "view_restricted", &[]),
    (43, "Y00143", &["DIFFERS_FROM_PACK", "INSURER_NUMBER_FORM"], "insurer_number", &[]),
    (44, "Y00144", &["DIFFERS_FROM_PACK", "INSURER_CHECK_DIGIT"], "insurer_number", &[]),
    (45, "Y00145", &["DIFFERS_FROM_PACK", "INSURER_NUMBER_UNASSIGNED"], "insurer_number", &[]),
    (46, "Y00146", &["DIFFERS_FROM_PACK", "NOT_FOR_KOUKI", "NUMBER_FORM"], "insurer_number", &[]),
    (47, "Y00147", &["TWELVE_DIGITS"], "remarks_back", &[]),
    (48, "Y00148", &["TOO_MANY_LINES"], "address", &[]),
    (49, "Y00149", &["NO_TEMPLATE"], "-", &[]),
    (50, "Y00150", &["ERR_EXPIRY_BEFORE_ISSUE"], "-", &[]),
    (51, "Y00151", &["UNDECIDABLE"], "issue_date", &[]),
    (52, "Y00152", &["NO_RULE"], "requested", &[]),
    (53, "Y00153", &["MISSING_FIELD"], "birth_date", &[]),
    (54, "-", &["EMPTY_RECORD"], "-", &[]),
    (55, "-", &["COLUMN_COUNT"], "-", &[]),
    (56, "-", &["TEXT_AFTER_QUOTE"], "-", &[]),
    (57, "-", &["UNCLOSED_QUOTE"], "-", &[]),
];

/// Columns whose cells are words of a closed list, which messages may name; and the record's own id.
const WORDS: [&str; 6] = ["整理番号", "要求帳票", "発行区分", "性別の表面表示", "マイナ保険証状態", "sheet"];

/// A report with what the run said on stderr.
struct Refusal {
    status: Option<i32>,
    lines: Vec<Value>,
    said: String,
    made: Vec<String>,
}

fn refuse(pack: &str, input: &Path) -> Refusal {
    let folder = product::folder();
    let (out, report) = (folder.path().join("out.pdf"), folder.path().join("report.jsonl"));
    let arguments = ["render", "--pack", pack, "--fonts", "fonts", "--message-format", "json", "--input", text(input)];
    let ran = run(&[arguments.as_slice(), &["--out", text(&out), "--report", text(&report)]].concat());
    let written = fs::read_to_string(&report).unwrap_or_default();
    let said = ran.stdout + &ran.stderr + &written;
    Refusal { status: ran.status, lines: json_lines(&written), said, made: names(folder.path()) }
}

fn refuse_text(name: &str, content: impl AsRef<[u8]>) -> Refusal {
    let folder = product::folder();
    refuse(PACK, &write(folder.path(), name, content))
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

#[test]
fn each_record_is_refused_for_the_reason_it_is_there_for() {
    let refusal = refuse(PACK, Path::new(REFUSED));
    for (line, (row, id, reasons, field, codepoints)) in refusal.lines.iter().zip(CASES) {
        let id = Some(*id).filter(|id| *id != "-");
        assert_eq!((line["row"].as_u64(), line["record_id"].as_str()), (Some(*row), id));
        assert_eq!(line["status"], "rejected", "row {row}");
        assert_eq!(words(&line["reasons"]), *reasons, "row {row}");
        assert_eq!(line["field"].as_str().unwrap_or("-"), *field, "row {row}");
        assert_eq!(words(&line["codepoints"]), *codepoints, "row {row}");
        let finding = &line["findings"][0];
        assert!(!finding["message"].as_str().unwrap().is_empty(), "row {row}");
    }
    assert_eq!(refusal.lines.len(), CASES.len());
    assert_eq!((refusal.status, refusal.made), (Some(1), vec!["report.jsonl".to_owned()]));
}

#[test]
fn no_report_repeats_a_value() {
    let refusal = refuse(PACK, Path::new(REFUSED));
    let file = fs::read_to_string(REFUSED).unwrap();
    // The broken rows at the end are no CSV for a reader that is not ours; they hold no values either.
    let whole: String = file.lines().take(54).map(|line| line.to_owned() + "\n").collect();
    let records = rows(&whole);
    assert_eq!(records.len(), 53);
    for record in &records {
        for (header, cell) in record.cells().filter(|(header, _)| !WORDS.contains(header)) {
            assert!(cell.chars().count() < 3 || !refusal.said.contains(cell), "{header} of {}", record.id());
        }
    }
}

#[test]
fn every_way_to_be_refused_has_a_record() {
    // Beside the file: what a UTF-8 CSV of this pack cannot hold, each in a test of its own below.
    let elsewhere = ["RECORD_TOO_LONG", "ENCODING", "NOT_JSON", "REPEATED_FIELD", "WRONG_TYPE"];
    // A warning: the paper is printed.
    let no_refusal = ["LOST_BEFORE_ISSUE"];
    let shown: BTreeSet<&str> = CASES.iter().flat_map(|(_, _, reasons, ..)| reasons.iter().copied()).collect();
    for code in Code::ALL.iter().map(|code| code.as_str()) {
        let known = shown.contains(code) || elsewhere.contains(&code) || no_refusal.contains(&code);
        assert!(known, "{code} has no record in refused.csv");
    }
    for code in
        ["GLYPH", "TOO_LONG", "TOO_MANY_LINES", "FORMAT", "NO_TEMPLATE", "PLACEHOLDER_INSURER", "EXPIRY_DIFFERS"]
    {
        assert!(shown.contains(code), "{code}");
    }
}

#[test]
fn what_only_json_lines_or_bytes_can_hold_is_refused_too() {
    let good = product::to_json_lines(&[sample_row("Y00001")]);
    let without = |key: &str| {
        let mut record: serde_json::Map<String, Value> = serde_json::from_str(&good).unwrap();
        record.remove(key);
        serde_json::to_string(&record).unwrap()
    };
    let with = |key: &str, value: &str| format!("{},\"{key}\":{value}}}\n", without(key).strip_suffix('}').unwrap());
    let mut bytes = to_csv(&[sample_row("Y00001")]).into_bytes();
    let at = bytes.windows(3).rposition(|window| window == "見".as_bytes()).unwrap();
    bytes[at] = 0xFF;
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("a.jsonl", b"[1, 2]\n".to_vec(), "NOT_JSON", "-"),
        ("a.jsonl", with("氏名", "\"一郎\", \"氏名\": \"二郎\"").into_bytes(), "REPEATED_FIELD", "name"),
        ("a.jsonl", with("番号", "345601").into_bytes(), "WRONG_TYPE", "number"),
        ("a.jsonl", with("備考", &format!("\"{}\"", "長".repeat(400_000))).into_bytes(), "RECORD_TOO_LONG", "-"),
        ("a.csv", bytes, "ENCODING", "-"),
    ];
    for (name, content, code, field) in cases {
        let refusal = refuse_text(name, content);
        assert_eq!(refusal.lines.len(), 1, "{code}: {}", refusal.said);
        let line = &refusal.lines[0];
        assert_eq!(words(&line["reasons"]), [code]);
        assert!(field == "-" || line["field"] == field, "{code}");
        assert_eq!((refusal.status, refusal.made), (Some(1), vec!["report.jsonl".to_owned()]), "{code}");
        assert!(!refusal.said.contains("見本") && !refusal.said.contains("郎"), "{code}");
    }
}

#[test]
fn a_whole_my_number_comes_in_nowhere_and_is_repeated_nowhere() {
    // 123456789018 has a right check digit, 123456789012 has not.
    let spellings = [
        "123456789018",
        "1234 5678 9018",
        "1234-5678-9018",
        "１２３４５６７８９０１８",
        "１２３４－５６７８－９０１８",
        "123456789012",
        "No.123456789018",
        "個人番号：1234　5678　9018",
        "1234567890189",
    ];
    for (number, spelling) in spellings.iter().enumerate() {
        let record = sample_row("Y00001").with("個人番号下4桁", spelling);
        let json = product::to_json_lines(std::slice::from_ref(&record));
        for refusal in [refuse_text("a.csv", to_csv(&[record])), refuse_text("a.jsonl", json)] {
            assert_eq!(refusal.status, Some(1), "spelling {number}");
            assert_eq!(refusal.made, ["report.jsonl"], "spelling {number}");
            assert_eq!(words(&refusal.lines[0]["reasons"]), ["TWELVE_DIGITS"], "spelling {number}");
            for part in ["123456789", "5678", "9018", "9012", "１２３４", "９０１８", spelling] {
                assert!(!refusal.said.contains(part), "spelling {number} is repeated");
            }
        }
    }
}

#[test]
fn a_whole_my_number_is_found_in_every_column() {
    let sample = sample_row("Y00001");
    let headers: Vec<String> = sample.cells().map(|(header, _)| header.to_owned()).collect();
    for header in headers.iter().map(String::as_str).chain(["知らない欄"]) {
        let record = sample.clone().with(header, "1234-5678-9018");
        let refusal = refuse_text("a.csv", to_csv(&[record]));
        assert_eq!(refusal.status, Some(1), "{header}");
        assert!(words(&refusal.lines[0]["reasons"]).contains(&"TWELVE_DIGITS"), "{header}");
        assert!(!refusal.said.contains("5678"), "{header}");
        assert_eq!(refusal.made, ["report.jsonl"], "{header}");
    }
}

#[test]
fn a_refused_record_leaves_the_others_alone() {
    let folder = product::folder();
    let good = sample_row("Y00001");
    let bad = sample_row("Y00002").with("枝番", "0");
    let alone = write(folder.path(), "alone.csv", to_csv(std::slice::from_ref(&good)));
    let both = write(folder.path(), "both.csv", to_csv(&[bad, good]));
    let (first, second) = (folder.path().join("1.pdf"), folder.path().join("2.pdf"));
    assert_eq!(render(&alone, &first, &[]).status, Some(0));
    assert_eq!(render(&both, &second, &[]).status, Some(1));
    assert!(fs::read(first).unwrap() == fs::read(second).unwrap());
}

#[test]
fn what_a_person_must_decide_is_held() {
    let folder = product::folder();
    let pack = product::copy_of_pack(folder.path());
    let policy = pack.join("policy.toml");
    let rules = fs::read_to_string(&policy).unwrap();
    let waits =
        "reissue.notice = { allowed = \"undetermined\", reason = \"REISSUE_NOT_DETERMINED\", src = \"a test\" }";
    let changed: Vec<&str> =
        rules.lines().map(|line| if line.starts_with("reissue.notice") { waits } else { line }).collect();
    fs::write(&policy, changed.join("\n")).unwrap();
    let input = write(folder.path(), "a.csv", to_csv(&[sample_row("Y00017")]));
    let refusal = refuse(text(&pack), &input);
    assert_eq!(refusal.status, Some(1), "{}", refusal.said);
    assert_eq!(refusal.lines[0]["status"], "held");
    assert_eq!(words(&refusal.lines[0]["reasons"]), ["REISSUE_NOT_DETERMINED"]);
    assert_eq!(refusal.made, ["report.jsonl"]);
}

#[test]
fn rows_with_the_same_id_are_refused_whatever_became_of_the_first() {
    let rows: Vec<Row> = vec![
        sample_row("Y00001"),
        sample_row("Y00002").with("整理番号", "Y00001"),
        sample_row("Y00025"),
        sample_row("Y00003").with("整理番号", "Y00025"),
    ];
    let refusal = refuse_text("a.csv", to_csv(&rows));
    let shown: Vec<(u64, Vec<&str>)> =
        refusal.lines.iter().map(|line| (line["row"].as_u64().unwrap(), words(&line["reasons"]))).collect();
    let repeated = vec!["REPEATED_RECORD_ID"];
    assert_eq!(shown, [(2, repeated.clone()), (3, vec!["CERT_APPLICATION_REQUIRED"]), (4, repeated)]);
}
