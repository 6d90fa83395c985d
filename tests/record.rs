//! Records in, records or rejections out.
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on fails the test")]

use std::io::Read;

use proptest::prelude::*;
use shikaku::base::Date;
use shikaku::base::facts::Value;
use shikaku::base::field::Extra;
use shikaku::base::field::Field;
use shikaku::base::field::Fields;
use shikaku::base::field::Kind;
use shikaku::record::Record;
use shikaku::record::columns::Columns;
use shikaku::record::columns::HeaderError;
use shikaku::record::defaults::OwnedValue;
use shikaku::record::encoding::Encoding;
use shikaku::record::intake::Intake;
use shikaku::record::parse::parse;
use shikaku::record::problem::Code;
use shikaku::record::problem::Rejection;
use shikaku::record::problem::Warnings;
use shikaku::record::raw::RawRecord;
use shikaku::record::reader::Format;
use shikaku::record::reader::LONGEST_RECORD;
use shikaku::record::reader::ReadError;
use shikaku::record::reader::Reader;

type Outcome = Result<(Record, Warnings), Rejection>;

const CSV: (Format, Encoding) = (Format::Csv, Encoding::Auto);

fn try_read(input: impl Read, kind: (Format, Encoding), intake: &Intake) -> Result<Vec<Outcome>, ReadError> {
    let mut reader = Reader::open(input, kind.0, kind.1, intake)?;
    let mut raw = RawRecord::default();
    let mut outcomes = Vec::new();
    while reader.next(&mut raw)? {
        let mut record = Record::new(&intake.fields);
        let outcome = parse(&raw, reader.layout(), intake, &mut record);
        outcomes.push(outcome.map(|warnings| (record, warnings)));
    }
    Ok(outcomes)
}

fn read(input: &[u8], kind: (Format, Encoding)) -> Vec<Outcome> {
    try_read(input, kind, &Intake::new(Fields::default())).unwrap()
}

fn json(line: &str) -> Outcome {
    read(line.as_bytes(), (Format::JsonLines, Encoding::Utf8)).remove(0)
}

fn refusal(input: &[u8], kind: (Format, Encoding)) -> ReadError {
    try_read(input, kind, &Intake::new(Fields::default())).unwrap_err()
}

/// Per record: the row and line, and the name or the first code.
fn summary(outcomes: &[Outcome]) -> Vec<String> {
    let line = |outcome: &Outcome| match outcome {
        Ok((record, _)) => format!("{}:{} {}", record.row, record.line, record.facts.text(Field::NAME).unwrap_or("-")),
        Err(rejection) => format!("{}:{} {}", rejection.row, rejection.line, rejection.problems[0].code.as_str()),
    };
    outcomes.iter().map(line).collect()
}

fn cp932(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

/// A record that every check accepts, with more members put in or in the place of its own.
fn member(more: &str) -> String {
    let mut record: serde_json::Value = serde_json::from_str(
        r#"{"record_id": "R-1", "issue_date": "2025-01-10", "name": "見本 花子", "name_kana": "ミホン・ハナコー",
            "birth_date": "1980-05-17", "member_kind": "本人", "acquired_on": "2010-04-01",
            "insurer_number": "06139992", "symbol": "0123", "number": "0004321", "branch": "00"}"#,
    )
    .unwrap();
    let more: serde_json::Value = serde_json::from_str(more).unwrap();
    for (key, value) in more.as_object().unwrap() {
        record[key] = value.clone();
    }
    record.to_string()
}

#[test]
fn the_plain_record_is_accepted() {
    let (record, warnings) = json(&member("{}")).unwrap();
    assert_eq!(warnings, Warnings::default());
    assert_eq!((record.id(), record.row, record.line), (Some("R-1"), 1, 1));
    assert_eq!(record.facts.text(Field::NUMBER), Some("0004321"));
    assert_eq!(format!("{record:?}"), "Record { row: 1, line: 1, facts: Facts(●) }");
}

/// One way to be rejected per line: what is put into the record, code, field.
const REJECTED: &[(&str, &str, &str)] = &[
    (r#"{"symbol": 123}"#, "WRONG_TYPE", "symbol"),
    (r#"{"number": 4321.5}"#, "WRONG_TYPE", "number"),
    (r#"{"name": ["甲乙"]}"#, "WRONG_TYPE", "name"),
    (r#"{"issue_date": 20250110}"#, "WRONG_TYPE", "issue_date"),
    (r#"{"applied": "true"}"#, "WRONG_TYPE", "applied"),
    (r#"{"applied": 1}"#, "WRONG_TYPE", "applied"),
    (r#"{"sequence": "17"}"#, "WRONG_TYPE", "sequence"),
    (r#"{"sequence": -17}"#, "NOT_AN_INTEGER", "sequence"),
    (r#"{"sequence": 99999999999}"#, "NOT_AN_INTEGER", "sequence"),
    (r#"{"issue_date": "10.1.2025"}"#, "NOT_A_DATE", "issue_date"),
    (r#"{"issue_date": "2025-02-29"}"#, "NO_SUCH_DAY", "issue_date"),
    (r#"{"issue_date": "平成31年5月1日"}"#, "OUTSIDE_ERA", "issue_date"),
    (r#"{"birth_date": "明治5年1月1日"}"#, "LUNISOLAR_DATE", "birth_date"),
    (r#"{"sex": "female"}"#, "NOT_A_CHOICE", "sex"),
    (r#"{"specific_disease": "4"}"#, "NOT_A_CHOICE", "specific_disease"),
    (r#"{"last4": "987"}"#, "LAST4_FORM", "last4"),
    (r#"{"last4": "98765"}"#, "LAST4_FORM", "last4"),
    (r#"{"last4": "９８７６"}"#, "LAST4_FORM", "last4"),
    (r#"{"last4": " 9876"}"#, "LAST4_FORM", "last4"),
    (r#"{"last4": 9876}"#, "WRONG_TYPE", "last4"),
    (r#"{"last4": "123456789019"}"#, "TWELVE_DIGITS", "last4"),
    (r#"{"last4": "1234 5678 9019"}"#, "TWELVE_DIGITS", "last4"),
    (r#"{"last4": "1234-5678-9019"}"#, "TWELVE_DIGITS", "last4"),
    (r#"{"last4": "１２３４５６７８９０１９"}"#, "TWELVE_DIGITS", "last4"),
    (r#"{"last4": "No.123456789019"}"#, "TWELVE_DIGITS", "last4"),
    (r#"{"last4": 123456789019}"#, "TWELVE_DIGITS", "last4"),
    (r#"{"last4": ["123456789019"]}"#, "TWELVE_DIGITS", "last4"),
    (r#"{"record_id": "123456789019"}"#, "TWELVE_DIGITS", "record_id"),
    (r#"{"enclosure_group": "1234　5678　9019"}"#, "TWELVE_DIGITS", "enclosure_group"),
    (r#"{"sequence": 123456789019}"#, "TWELVE_DIGITS", "sequence"),
    (r#"{"remarks_back": "番号は1234 5678 9018です"}"#, "TWELVE_DIGITS", "remarks_back"),
    (r#"{"memo": "123456789019"}"#, "TWELVE_DIGITS", "-"),
    (r#"{"memo": {"a": [123456789019]}}"#, "TWELVE_DIGITS", "-"),
    (r#"{"123456789019": true}"#, "TWELVE_DIGITS", "-"),
    (r#"{"customer_barcode": "123456789018"}"#, "TWELVE_DIGITS", "customer_barcode"),
    (r#"{"customer_barcode": "1234567-89018", "postal_code": "999-9999"}"#, "TWELVE_DIGITS", "customer_barcode"),
    (r#"{"name": "甲\ufffd乙"}"#, "REPLACEMENT_CHARACTER", "name"),
    (r#"{"name": "甲\u0007乙"}"#, "CONTROL_CHARACTER", "name"),
    (r#"{"name": "甲\n乙"}"#, "CONTROL_CHARACTER", "name"),
    (r#"{"name": "甲\u202e乙"}"#, "CONTROL_CHARACTER", "name"),
    (r#"{"name": "甲\u200b乙"}"#, "CONTROL_CHARACTER", "name"),
    (r#"{"insurer_number": "0613999"}"#, "INSURER_NUMBER_FORM", "insurer_number"),
    (r#"{"insurer_number": "０６１３９９９２"}"#, "INSURER_NUMBER_FORM", "insurer_number"),
    (r#"{"insurer_number": "06139993"}"#, "INSURER_CHECK_DIGIT", "insurer_number"),
    (r#"{"insurer_number": "138015"}"#, "INSURER_CHECK_DIGIT", "insurer_number"),
    (r#"{"insurer_number": "00000000"}"#, "INSURER_NUMBER_UNASSIGNED", "insurer_number"),
    (r#"{"symbol": "公立東京"}"#, "NOT_DIGITS", "symbol"),
    (r#"{"number": "00-4321"}"#, "NOT_DIGITS", "number"),
    (r#"{"branch": "7"}"#, "BRANCH_FORM", "branch"),
    (r#"{"branch": "０７"}"#, "BRANCH_FORM", "branch"),
    (r#"{"insurer_number": "39129994", "symbol": null, "branch": null, "number": "0765432"}"#, "NUMBER_FORM", "number"),
    (
        r#"{"insurer_number": "39129994", "symbol": "0765", "branch": null, "number": "01234567"}"#,
        "NOT_FOR_KOUKI",
        "symbol",
    ),
    (r#"{"name_kana": "みほん"}"#, "KANA_FORM", "name_kana"),
    (r#"{"name_kana": "ミホン1"}"#, "KANA_FORM", "name_kana"),
    (r#"{"member_kind": "家族"}"#, "MISSING_FIELD", "insured_name"),
    (r#"{"birth_date": "1872-12-31"}"#, "BIRTH_TOO_EARLY", "birth_date"),
    (r#"{"birth_date": "2025-01-11", "acquired_on": null}"#, "BIRTH_AFTER_ISSUE", "birth_date"),
    (r#"{"valid_from": "2025-01-09"}"#, "START_BEFORE_ISSUE", "valid_from"),
    (r#"{"acquired_on": "1980-05-16"}"#, "ACQUIRED_BEFORE_BIRTH", "acquired_on"),
    (r#"{"ratio": "3割"}"#, "RATIO_FOR_AGE", "ratio"),
    (r#"{"ratio": "法定負担割合のとおり", "birth_date": "1954-12-31"}"#, "RATIO_FOR_AGE", "ratio"),
    (r#"{"ratio": "1割", "birth_date": "1950-01-01"}"#, "RATIO_FOR_INSURER", "ratio"),
    (r#"{"ratio_from": "2025-02-03"}"#, "MISSING_FIELD", "ratio"),
    (r#"{"limit_from": "2025-02-03"}"#, "MISSING_FIELD", "limit_category"),
    (r#"{"limit_category": "A07"}"#, "LIMIT_CATEGORY", "limit_category"),
    (r#"{"limit_category": "B11"}"#, "LIMIT_CATEGORY", "limit_category"),
    (r#"{"long_stay_from": "2025-02-03"}"#, "MISSING_FIELD", "limit_category"),
    (r#"{"long_stay_from": "2025-02-03", "limit_category": "A01"}"#, "LONG_STAY_CATEGORY", "long_stay_from"),
    (r#"{"paper_months": 0}"#, "PAPER_MONTHS", "paper_months"),
    (r#"{"postal_code": "154-023"}"#, "POSTAL_CODE", "postal_code"),
    (r#"{"postal_code": "１５４００２３"}"#, "POSTAL_CODE", "postal_code"),
    (r#"{"customer_barcode": "154002312-3-4-5-6-7-8"}"#, "CUSTOMER_BARCODE", "customer_barcode"),
    (r#"{"customer_barcode": "1540023x"}"#, "CUSTOMER_BARCODE", "customer_barcode"),
    (r#"{"reissue_cause": "lost_or_damaged"}"#, "REISSUE_CAUSE", "reissue_cause"),
    (r#"{"reissue_cause": "lost_or_damaged", "issue_kind": "renewal"}"#, "REISSUE_CAUSE", "reissue_cause"),
    (r#"{"view_restricted": false, "myna": "view_restricted"}"#, "VIEW_RESTRICTED", "view_restricted"),
    (r#"{"view_restricted": true, "myna": "usable"}"#, "VIEW_RESTRICTED", "view_restricted"),
];

#[test]
fn every_check_rejects_with_code_and_field_and_without_the_value() {
    let fields = Fields::default();
    for (more, code, field) in REJECTED {
        let Err(rejection) = json(&member(more)) else { panic!("accepted: {more}") };
        let found: Vec<(&str, &str)> = rejection
            .problems
            .iter()
            .map(|problem| (problem.code.as_str(), problem.field.map_or("-", |field| fields.name(field))))
            .collect();
        assert_eq!(found, [(*code, *field)], "{more}");
        let values: serde_json::Value = serde_json::from_str(more).unwrap();
        let told = format!("{rejection:?}");
        for value in values.as_object().unwrap().values() {
            let bare = value.to_string().trim_matches('"').to_owned();
            let one_word =
                ["1割", "false", "true", "null", "view_restricted", "usable", "法定負担割合のとおり", "家族"];
            assert!(one_word.contains(&bare.as_str()) || bare.len() < 2 || !told.contains(&bare), "{bare} in {told}");
        }
    }
}

#[test]
fn every_code_about_a_json_record_is_in_the_table() {
    let elsewhere = [
        "UNCLOSED_QUOTE",
        "TEXT_AFTER_QUOTE",
        "RECORD_TOO_LONG",
        "COLUMN_COUNT",
        "EMPTY_RECORD",
        "ENCODING",
        "NOT_JSON",
        "REPEATED_FIELD",
        "NOT_A_FLAG",
        "DIFFERS_FROM_PACK",
        "LOST_BEFORE_ISSUE",
        "REPEATED_RECORD_ID",
    ];
    for code in Code::ALL {
        let tested = REJECTED.iter().any(|(_, known, _)| *known == code.as_str());
        assert_ne!(tested, elsewhere.contains(&code.as_str()), "{}", code.as_str());
    }
}

#[test]
fn values_on_the_right_side_of_a_limit_are_accepted() {
    for more in [
        r#"{"birth_date": "1873-01-01"}"#,
        r#"{"birth_date": "2025-01-10", "acquired_on": "2025-01-10", "valid_from": "2025-01-10"}"#,
        r#"{"last4": "0001"}"#,
        r#"{"last4": "", "name_alias": null}"#,
        r#"{"insurer_number": "138016", "symbol": "国-1", "number": "ア12", "member_kind": "家族"}"#,
        r#"{"insurer_number": "  138016", "symbol": "1"}"#,
        r#"{"insurer_number": "00138016", "symbol": "1"}"#,
        r#"{"insurer_number": "33120015", "symbol": "警"}"#,
        r#"{"insurer_number": "39129994", "symbol": null, "branch": null, "number": "01234567", "ratio": "1割"}"#,
        r#"{"name_kana": "ﾐﾎﾝ ﾊﾅｺ"}"#,
        r#"{"name": "髙\udb40\udd00﨑\ue000"}"#,
        r#"{"remarks_back": "一\n二"}"#,
        r#"{"member_kind": "家族", "insured_name": "見本 太郎"}"#,
        r#"{"ratio": "法定負担割合のとおり"}"#,
        r#"{"ratio": "2割", "birth_date": "1955-01-11"}"#,
        r#"{"ratio": "法定負担割合のとおり", "birth_date": "1955-01-11"}"#,
        r#"{"ratio": "2割", "birth_date": "1955-01-20", "ratio_from": "2025-02-01"}"#,
        r#"{"limit_category": "A05", "limit_from": "2025-02-03", "long_stay_from": "2025-02-03"}"#,
        r#"{"limit_category": "低所得Ⅱ", "long_stay_from": "2025-02-03"}"#,
        r#"{"limit_category": "***"}"#,
        r#"{"limit_category": "B10"}"#,
        r#"{"specific_disease": "2", "paper_months": 3}"#,
        r#"{"postal_code": "154-0023", "customer_barcode": "15400231-2-3"}"#,
        r#"{"postal_code": "1234567", "customer_barcode": "123456789018"}"#,
        r#"{"customer_barcode": "123456789019"}"#,
        r#"{"issue_kind": "reissue", "reissue_cause": "lost_or_damaged"}"#,
        r#"{"view_restricted": true, "myna": "view_restricted"}"#,
        r#"{"insurer_phone": "0120-00-0000", "sequence": 0}"#,
    ] {
        if let Err(rejection) = json(&member(more)) {
            panic!("{more}: {rejection:?}");
        }
    }
}

#[test]
fn restriction_is_implied_both_ways() {
    let facts = |more: &str| json(&member(more)).unwrap().0.facts;
    for more in [
        r#"{"view_restricted": true}"#,
        r#"{"view_restricted": true, "myna": "unknown"}"#,
        r#"{"myna": "view_restricted"}"#,
    ] {
        let facts = facts(more);
        assert_eq!(facts.flag(Field::VIEW_RESTRICTED), Some(true), "{more}");
        assert_eq!(facts.text(Field::MYNA), Some("view_restricted"), "{more}");
    }
    assert!(!facts(r#"{"view_restricted": false}"#).has(Field::MYNA));
    assert!(!facts(r#"{"myna": "usable"}"#).has(Field::VIEW_RESTRICTED));
}

#[test]
fn what_only_warns() {
    let warned = |more: &str| -> Vec<Code> {
        json(&member(more)).unwrap().1.problems.iter().map(|problem| problem.code).collect()
    };
    assert_eq!(warned(r#"{"lost_on": "2025-01-09"}"#), [Code::LostBeforeIssue]);
    assert_eq!(warned(r#"{"lost_on": "2025-01-10"}"#), []);
    assert_eq!(warned(r#"{"sample": true, "insurer_number": "06139993"}"#), [Code::InsurerCheckDigit]);
    assert_eq!(warned(r#"{"sample": true, "insurer_number": "00000000"}"#), [Code::InsurerUnassigned]);
    let (_, warnings) = json(&member(r#"{"memo": "x", "更新": 1}"#)).unwrap();
    assert_eq!(warnings.unknown, ["memo", "更新"]);
}

#[test]
fn all_problems_of_a_record_come_together() {
    let rejection =
        json(&member(r#"{"sex": "x", "branch": "1", "member_kind": "家族", "insured_name": 5}"#)).unwrap_err();
    let codes: Vec<Code> = rejection.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(
        codes,
        [Code::WrongType, Code::NotAChoice, Code::BranchForm],
        "a refused field is not called missing too"
    );
    assert_eq!(rejection.record_id.as_deref(), Some("R-1"));
}

#[test]
fn faulty_characters_are_named() {
    let rejection = json(&member(r#"{"name": "甲\u0007\u0000\u0007"}"#)).unwrap_err();
    assert_eq!(rejection.problems[0].codepoints, ['\0', '\u{7}']);
    assert_eq!(rejection.problems[0].message, "氏名 (name): holds characters that do not print: U+0000, U+0007");
}

#[test]
fn an_id_that_may_be_a_number_is_not_told() {
    let rejection = json(&member(r#"{"record_id": "1234-5678-9019"}"#)).unwrap_err();
    assert_eq!(rejection.record_id, None);
}

#[test]
fn broken_lines_cost_themselves_only() {
    let lines =
        "{\"name\":\"一\"}\r\n\n{\"name\":\n[]\n{\"name\":\"二\",\"name\":\"三\"}\n\u{feff}{}\n{\"name\":\"四\"}";
    assert_eq!(
        summary(&read(lines.as_bytes(), (Format::JsonLines, Encoding::Auto))),
        ["1:1 一", "2:3 NOT_JSON", "3:4 NOT_JSON", "4:5 REPEATED_FIELD", "5:6 NOT_JSON", "6:7 四"]
    );
}

#[test]
fn broken_rows_cost_themselves_only() {
    let file = "record_id,name,remarks_back\n1,一,x\n2,二\n3,\"三\"x,y\n\n4,四,\"a\r\n\"\"b\"\"\n5,五,z\n,,\n6,六,\"\"\n7,\"七,x\n8,八,x";
    let outcomes = read(file.as_bytes(), CSV);
    assert_eq!(
        summary(&outcomes),
        [
            "1:2 一",
            "2:3 COLUMN_COUNT",
            "3:4 TEXT_AFTER_QUOTE",
            "4:6 TEXT_AFTER_QUOTE",
            "5:7 TEXT_AFTER_QUOTE",
            "6:8 五",
            "7:9 EMPTY_RECORD",
            "8:10 六",
            "9:11 UNCLOSED_QUOTE",
            "10:12 八"
        ]
    );
    assert!(outcomes[1].as_ref().unwrap_err().record_id.is_none());
}

#[test]
fn line_feeds_in_quotes_belong_to_the_value() {
    let file = "name,address\r\n一,\"東京都\n\"\"港\"\"区\"\r\n二,大阪\r\n";
    let outcomes = read(file.as_bytes(), CSV);
    assert_eq!(summary(&outcomes), ["1:2 一", "2:4 二"]);
    assert_eq!(outcomes[0].as_ref().unwrap().0.facts.text(Field::ADDRESS), Some("東京都\n\"港\"区"));
    let rejection = read("name,address\n一,\"東京都\r\n港区\"\n".as_bytes(), CSV).remove(0).unwrap_err();
    assert_eq!(rejection.problems[0].codepoints, ['\r']);
}

#[test]
fn a_row_across_lines_names_its_lines() {
    let rejection = read("name,branch\n\"一\n二\"\n".as_bytes(), CSV).remove(0).unwrap_err();
    assert_eq!(
        rejection.problems[0].message,
        "the row has 1 cells, the header has 2; by its quotes the row runs from line 2 to line 3"
    );
}

#[test]
fn cells_get_their_types() {
    let file = "name,applied,reviewed,overseas,pull_flag,sequence,specific_disease,birth_date,number,sex\n\
                一,true,0,有,無,007,3,昭和55年5月17日,0004321,女\n";
    let (record, _) = read(file.as_bytes(), CSV).remove(0).unwrap();
    let facts = &record.facts;
    let flags = [Field::APPLIED, Field::REVIEWED, Field::OVERSEAS, Field::PULL_FLAG].map(|field| facts.flag(field));
    assert_eq!(flags, [Some(true), Some(false), Some(true), Some(false)]);
    assert!(facts.get(Field::SEQUENCE) == Some(Value::Integer(7)));
    assert!(facts.get(Field::SPECIFIC_DISEASE) == Some(Value::Choice("C")));
    assert_eq!(facts.date(Field::BIRTH_DATE), Date::from_ymd_opt(1980, 5, 17));
    assert_eq!(facts.text(Field::NUMBER), Some("0004321"));
    for (cell, code) in [
        ("applied\nTRUE\n", Code::NotAFlag),
        ("sequence\n+7\n", Code::NotAnInteger),
        ("sequence\n７\n", Code::NotAnInteger),
    ] {
        assert_eq!(read(cell.as_bytes(), CSV).remove(0).unwrap_err().problems[0].code, code, "{cell}");
    }
}

#[test]
fn twelve_digits_in_a_column_that_nobody_knows() {
    let rejection = read(b"record_id,memo\nA,1234 5678 9019\n", CSV).remove(0).unwrap_err();
    assert_eq!((rejection.problems[0].code, rejection.problems[0].field), (Code::TwelveDigits, None));
    assert!(rejection.problems[0].message.starts_with("column 2: "));
    assert_eq!(rejection.record_id.as_deref(), Some("A"));
}

#[test]
fn encodings() {
    let text = "name,address\n髙橋,﨑①㈱\n";
    let utf8 = text.as_bytes();
    let marked = [b"\xef\xbb\xbf", utf8].concat();
    let shift_jis = [cp932(text), b"\xf0\x40,\xf9\xfc\n".to_vec()].concat();
    for (file, encoding, expected) in [
        (utf8, Encoding::Auto, vec!["1:2 髙橋"]),
        (utf8, Encoding::Utf8, vec!["1:2 髙橋"]),
        (&marked, Encoding::Auto, vec!["1:2 髙橋"]),
        (&marked, Encoding::Utf8, vec!["1:2 髙橋"]),
        (&shift_jis, Encoding::Auto, vec!["1:2 髙橋", "2:3 \u{e000}"]),
        (&shift_jis, Encoding::Cp932, vec!["1:2 髙橋", "2:3 \u{e000}"]),
        (&shift_jis, Encoding::Utf8, vec!["1:2 ENCODING", "2:3 ENCODING"]),
    ] {
        assert_eq!(summary(&read(file, (Format::Csv, encoding))), expected);
    }
    let json = cp932("{\"name\": \"表示ソ\"}\n");
    assert_eq!(summary(&read(&json, (Format::JsonLines, Encoding::Auto))), ["1:1 表示ソ"]);
}

#[test]
fn a_record_in_another_encoding_is_rejected_not_reinterpreted() {
    let cases = [
        (
            [cp932("name\n山田\n"), "佐藤\n".as_bytes().to_vec(), cp932("鈴木\n")].concat(),
            ["1:2 山田", "2:3 ENCODING", "3:4 鈴木"],
        ),
        (
            ["name\n山田\n".as_bytes().to_vec(), cp932("佐藤\n"), "鈴木\n".as_bytes().to_vec()].concat(),
            ["1:2 山田", "2:3 ENCODING", "3:4 鈴木"],
        ),
        ([b"name\n\xff\xff\n".to_vec(), cp932("佐藤\n鈴木\n")].concat(), ["1:2 ENCODING", "2:3 佐藤", "3:4 鈴木"]),
    ];
    for (file, expected) in cases {
        assert_eq!(summary(&read(&file, CSV)), expected);
    }
    let rejection = read(&[cp932("name\n山田\n"), "佐藤\n".as_bytes().to_vec()].concat(), CSV).remove(1).unwrap_err();
    let problem = &rejection.problems[0];
    assert!(problem.message.contains("CP932 was detected") && problem.hint.unwrap().contains("--encoding"));
}

#[test]
fn an_encoding_that_shows_late_is_still_found() {
    let ascii = "abc\n".repeat(40_000);
    let file = [format!("name\n{ascii}").into_bytes(), cp932("山田\n")].concat();
    let outcomes = read(&file, CSV);
    assert_eq!(summary(&outcomes[40_000..]), ["40001:40002 山田"]);
}

#[test]
fn files_that_cannot_be_read() {
    assert!(matches!(refusal(b"", CSV), ReadError::NoHeader));
    assert!(matches!(refusal(b"\xef\xbb\xbf\n", CSV), ReadError::NoHeader));
    assert!(matches!(refusal(b"\xff\xfen\0a\0", CSV), ReadError::Utf16));
    assert!(matches!(refusal(b"\xef\xbb\xbfname\n", (Format::Csv, Encoding::Cp932)), ReadError::MarkContradicts));
    assert!(matches!(refusal(&cp932("name,氏名\n"), (Format::Csv, Encoding::Utf8)), ReadError::HeaderEncoding(_)));
    assert!(matches!(refusal(b"name,\xff\n", CSV), ReadError::HeaderEncoding(_)));
    assert!(matches!(refusal(b"name,\"x\n", CSV), ReadError::HeaderBroken(Code::UnclosedQuote)));
    assert!(matches!(refusal(b"name,sex\rA,B\r", CSV), ReadError::HeaderLineEnd));
    assert!(matches!(
        refusal(b"name,sex,name\n", CSV),
        ReadError::Header(HeaderError::RepeatedColumn { first: 1, second: 3 })
    ));
    let no_header = refusal("山田太郎,女\n".as_bytes(), CSV);
    assert!(
        matches!(no_header, ReadError::Header(HeaderError::NoKnownColumn)) && !no_header.to_string().contains("山田")
    );
    assert!(read(b"", (Format::JsonLines, Encoding::Auto)).is_empty());
}

#[test]
fn the_pack_names_columns_and_adds_fields() {
    let own = Extra { name: "section".into(), label: "所属".into(), kind: Kind::Text };
    let fields = Fields::new(vec![own]);
    let section = fields.find("section").unwrap();
    let headers = [("氏名".to_owned(), Field::NAME), ("所属コード".to_owned(), section)];
    let mut intake = Intake::new(fields);
    intake.columns = Columns::new(&intake.fields, &headers);
    let file = "氏名,所属コード,備考,123456789019,branch\n山田,007,x,y,01\n".as_bytes();
    let reader = Reader::open(file, Format::Csv, Encoding::Auto, &intake).unwrap();
    assert_eq!(reader.layout().unknown().collect::<Vec<_>>(), ["備考", "column 4"]);
    let (record, _) = try_read(file, CSV, &intake).unwrap().remove(0).unwrap();
    assert_eq!(record.facts.text(section), Some("007"));
    let twice = "氏名,name\n".as_bytes();
    assert!(matches!(
        try_read(twice, CSV, &intake),
        Err(ReadError::Header(HeaderError::RepeatedColumn { first: 1, second: 2 }))
    ));
}

#[test]
fn the_pack_supplies_values_and_objects_to_others() {
    let mut intake = Intake::new(Fields::default());
    let issue = Date::from_ymd_opt(2025, 1, 10).unwrap();
    intake.defaults.values =
        vec![(Field::MEDIUM, OwnedValue::Choice("paper")), (Field::ISSUE_DATE, OwnedValue::Date(issue))];
    intake.defaults.fixed = vec![(Field::INSURER_NUMBER, "138016".into()), (Field::POLICY_ID, "kokuho-annual".into())];
    let run = |line: &str| try_read(line.as_bytes(), (Format::JsonLines, Encoding::Auto), &intake).unwrap().remove(0);
    let (record, _) = run("{}").unwrap();
    assert_eq!(record.facts.text(Field::MEDIUM), Some("paper"));
    assert_eq!(record.facts.date(Field::ISSUE_DATE), Some(issue));
    assert_eq!(record.facts.text(Field::POLICY_ID), Some("kokuho-annual"));
    let (record, _) = run(r#"{"medium": "plastic", "issue_date": "R7.2.1", "insurer_number": "00138016"}"#).unwrap();
    assert_eq!(record.facts.text(Field::MEDIUM), Some("plastic"));
    assert_eq!(record.facts.date(Field::ISSUE_DATE), Date::from_ymd_opt(2025, 2, 1));
    assert_eq!(record.facts.text(Field::INSURER_NUMBER), Some("00138016"));
    for (line, field) in
        [(r#"{"policy_id": "kouki"}"#, Field::POLICY_ID), (r#"{"insurer_number": "133991"}"#, Field::INSURER_NUMBER)]
    {
        let problem = &run(line).unwrap_err().problems[0];
        assert_eq!((problem.code, problem.field), (Code::DiffersFromPack, Some(field)));
        assert!(!problem.message.contains("kouki") && !problem.message.contains("133991"));
    }
    // The issue date of the run takes part in the checks.
    assert_eq!(run(r#"{"valid_from": "2025-01-09"}"#).unwrap_err().problems[0].code, Code::StartBeforeIssue);
}

#[test]
fn a_record_without_end_is_left_out_and_the_rest_read() {
    let long = "x".repeat(LONGEST_RECORD + 100_000);
    let file = format!("name,branch\n一,01\n{long},02\n三,03\n\"{long}\",04\n五,05\n");
    assert_eq!(
        summary(&read(file.as_bytes(), CSV)),
        ["1:2 一", "2:3 RECORD_TOO_LONG", "3:4 三", "4:5 RECORD_TOO_LONG", "5:6 五"]
    );
    let lines = "\"open\n".to_owned() + &"1,01\n".repeat(LONGEST_RECORD / 4);
    let outcomes = read(format!("name,branch\n{lines}").as_bytes(), CSV);
    assert_eq!(outcomes.len(), LONGEST_RECORD / 4 + 1);
    assert!(outcomes.iter().skip(1).all(|outcome| outcome.is_ok()));
    let json = format!("{{\"name\":\"{long}\"}}\n{{\"name\":\"二\"}}\n");
    assert_eq!(summary(&read(json.as_bytes(), (Format::JsonLines, Encoding::Auto))), ["1:1 RECORD_TOO_LONG", "2:2 二"]);
}

/// Hands out a few bytes at a time, as a pipe may.
struct Trickle<'a>(&'a [u8]);

impl Read for Trickle<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = out.len().min(7);
        self.0.read(&mut out[..count])
    }
}

#[test]
fn records_across_chunks_arrive_whole() {
    let rows: String = (0..20_000).map(|row| format!("{row},\"山\"\"田, {row}\",\"東京\n都\"\n")).collect();
    let file = format!("record_id,name,address\n{rows}");
    for outcomes in
        [read(file.as_bytes(), CSV), try_read(Trickle(file.as_bytes()), CSV, &Intake::new(Fields::default())).unwrap()]
    {
        assert_eq!(outcomes.len(), 20_000);
        for (row, outcome) in outcomes.iter().enumerate() {
            let (record, _) = outcome.as_ref().unwrap();
            assert_eq!(record.facts.text(Field::NAME).unwrap(), format!("山\"田, {row}"));
            assert_eq!((record.row, record.line), (row as u64 + 1, 2 * row as u64 + 2));
        }
    }
}

#[test]
fn parsing_may_run_on_many_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<RawRecord>();
    shared::<Intake>();
    shared::<Record>();
    shared::<Rejection>();
}

fn any_file() -> impl Strategy<Value = Vec<u8>> {
    let scraps: &[&[u8]] = &[
        b"\"",
        b"\"\"",
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b"1",
        b"123456789018",
        b"\x83\x5c",
        b"\xe5\xb1\xb1",
        b"\xff",
        b"\xc4\xb0",
        b"{\"name\":\"",
        b"\"}",
        b"{",
        b"}",
        b"[",
        b":",
        b"\xef\xbb\xbf",
        b"name",
        b"\\",
        b"\0",
    ];
    let scrap = prop_oneof![
        4 => prop::sample::select(scraps).prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(scrap, 0..40).prop_map(|scraps| scraps.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_rejected(body in any_file(), header in prop::bool::ANY) {
        let file = if header { [b"record_id,name,last4\n".to_vec(), body].concat() } else { body };
        for format in [Format::Csv, Format::JsonLines] {
            for encoding in [Encoding::Auto, Encoding::Utf8, Encoding::Cp932] {
                let Ok(outcomes) = try_read(file.as_slice(), (format, encoding), &Intake::new(Fields::default())) else { continue };
                for (index, outcome) in outcomes.iter().enumerate() {
                    let row = match outcome {
                        Ok((record, _)) => {
                            let last4 = record.facts.text(Field::LAST4);
                            prop_assert!(last4.is_none_or(|digits| digits.len() == 4));
                            record.row
                        }
                        Err(rejection) => {
                            prop_assert!(!rejection.problems.is_empty());
                            let told = format!("{rejection:?}");
                            prop_assert!(!told.contains("123456789018"));
                            rejection.row
                        }
                    };
                    prop_assert_eq!(row, index as u64 + 1);
                }
            }
        }
    }

    #[test]
    fn text_comes_back_code_point_by_code_point(rows in prop::collection::vec(("[^\\p{C}\u{fffd}0-9]{1,20}", "[ -~あ-ん\n\u{10000}-\u{2ffff}]{0,20}"), 1..8)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["name", "remarks_back"]).unwrap();
        for (name, remarks) in &rows {
            writer.write_record([name, remarks]).unwrap();
        }
        let file = writer.into_inner().unwrap();
        let outcomes = try_read(file.as_slice(), (Format::Csv, Encoding::Utf8), &Intake::new(Fields::default())).unwrap();
        prop_assert_eq!(outcomes.len(), rows.len());
        for (outcome, (name, remarks)) in outcomes.iter().zip(&rows) {
            match outcome {
                Ok((record, _)) => {
                    prop_assert_eq!(record.facts.text(Field::NAME), Some(name.as_str()));
                    prop_assert_eq!(record.facts.text(Field::REMARKS_BACK).unwrap_or(""), remarks);
                }
                // Noncharacters and line separators are refused by name, nothing else is.
                Err(rejection) => prop_assert!(rejection.problems.iter().all(|problem| problem.code == Code::ControlCharacter)),
            }
        }
    }
}
