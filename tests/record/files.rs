//! Files, encodings, columns and the values of the pack.

use std::io::Read;

use crate::CSV;
use crate::cp932;
use crate::read;
use crate::refusal;
use crate::summary;
use crate::try_read;
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
use shikaku::record::problem::Code;
use shikaku::record::problem::Rejection;
use shikaku::record::raw::RawRecord;
use shikaku::record::reader::Format;
use shikaku::record::reader::LONGEST_RECORD;
use shikaku::record::reader::ReadError;
use shikaku::record::reader::Reader;

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
