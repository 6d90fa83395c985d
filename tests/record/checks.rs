//! What every field must hold.

use crate::json;
use shikaku::base::field::Field;
use shikaku::base::field::Fields;
use shikaku::record::problem::Code;
use shikaku::record::problem::Warnings;

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
