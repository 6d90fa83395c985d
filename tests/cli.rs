//! The program from outside: exit status, stdout, stderr, report, and what it leaves in a folder.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod product;
mod reader;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use encoding_rs::SHIFT_JIS;

use crate::product::expected::{self, Paper};
use crate::product::{
    PACK, REFUSED, Row, SAMPLE, assert_ended, folder, json_lines, many, names, program, render, run, run_with, sample,
    sample_row, text, to_csv, to_json_lines, write,
};

/// The sample's PDF as the program makes it.
fn sample_pdf(more: &[&str]) -> Vec<u8> {
    let folder = folder();
    let out = folder.path().join("out.pdf");
    let ran = render(Path::new(SAMPLE), &out, more);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    fs::read(out).unwrap()
}

// ---- All is well

#[test]
fn the_sample_prints_and_says_so() {
    let folder = folder();
    let out = folder.path().join("notice.pdf");
    let ran = render(Path::new(SAMPLE), &out, &[]);
    let rows = sample();
    let papers: Vec<Paper> = rows.iter().filter_map(expected::paper).collect();
    let pages: usize = papers.iter().map(|paper| if *paper == Paper::Notice { 1 } else { 2 }).sum();
    let summary = format!(
        "{} records: {} printed on {pages} pages (1 made to fit, 1 to look at), {} lawfully not printed, 0 held, 0 rejected\n",
        rows.len(),
        papers.len(),
        rows.len() - papers.len(),
    );
    let warned = "row 24 (Y00024) printed: WARN_EXPIRES_ON_ISSUE_DAY: the last valid day is the day of issue\n";
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr), (Some(0), "", format!("{warned}{summary}")));
    assert_eq!(names(folder.path()), ["notice.pdf"]);
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(reader::pages(&fs::read(out).unwrap()).len(), pages);
}

#[test]
fn quiet_says_nothing() {
    let folder = folder();
    let ran = render(Path::new(SAMPLE), &folder.path().join("out.pdf"), &["--quiet"]);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (Some(0), "", ""));
}

#[test]
fn each_process_and_each_number_of_threads_gives_the_same_bytes() {
    let first = sample_pdf(&[]);
    for more in [["--threads", "1"], ["--threads", "4"], ["--threads", "0"], ["--threads", "1"]] {
        assert!(sample_pdf(&more) == first, "{more:?}");
    }
}

#[test]
fn a_file_under_the_final_name_is_replaced_as_a_whole() {
    let folder = folder();
    let out = write(folder.path(), "out.pdf", "what was there before");
    assert_eq!(render(Path::new(SAMPLE), &out, &[]).status, Some(0));
    assert!(fs::read(&out).unwrap() == sample_pdf(&[]));
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o7777, 0o600);
}

// ---- Input

#[test]
fn a_pipe_is_as_good_as_a_file() {
    let folder = folder();
    let out = folder.path().join("out.pdf");
    let arguments = ["render", "--pack", PACK, "--input", "-", "--format", "csv", "--out", text(&out)];
    let ran = run_with(&arguments, &fs::read(SAMPLE).unwrap());
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(fs::read(&out).unwrap() == sample_pdf(&[]));
    assert_eq!(names(folder.path()), ["out.pdf"]);
}

#[test]
fn the_format_of_a_pipe_must_be_told() {
    let folder = folder();
    let out = folder.path().join("out.pdf");
    let ran = run_with(&["render", "--pack", PACK, "--input", "-", "--out", text(&out)], b"");
    let said = "error: the name of the input does not tell its format; give --format csv or --format jsonl\n";
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (Some(2), "", said));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn cp932_gives_the_same_papers_as_utf_8() {
    let encode = |text: &str| {
        let (bytes, _, lost) = SHIFT_JIS.encode(text);
        let same = SHIFT_JIS.decode_without_bom_handling(&bytes).0 == text;
        (!lost && same).then(|| bytes.into_owned())
    };
    let rows: Vec<Row> =
        sample().into_iter().filter(|row| encode(&to_csv(std::slice::from_ref(row))).is_some()).collect();
    assert!(rows.len() > 15 && rows.iter().any(|row| row.get("氏名").starts_with("髙﨑")));
    let csv = to_csv(&rows);
    let folder = folder();
    let utf8 = write(folder.path(), "utf8.csv", &csv);
    let marked = write(folder.path(), "marked.csv", format!("\u{feff}{}", csv.replace('\n', "\r\n")));
    let cp932 = write(folder.path(), "cp932.csv", encode(&csv).unwrap());
    let out = folder.path().join("out.pdf");
    assert_eq!(render(&utf8, &out, &[]).status, Some(0));
    let expected = fs::read(&out).unwrap();
    let ways: [(&Path, &[&str]); 5] = [
        (&cp932, &[]),
        (&cp932, &["--encoding", "cp932"]),
        (&marked, &[]),
        (&marked, &["--encoding", "utf-8"]),
        (&utf8, &["--encoding", "utf-8"]),
    ];
    for (input, more) in ways {
        let ran = render(input, &out, more);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        assert!(fs::read(&out).unwrap() == expected, "{} {more:?}", input.display());
    }
}

#[test]
fn json_lines_give_the_same_bytes_as_csv() {
    let folder = folder();
    let input = write(folder.path(), "sample.jsonl", to_json_lines(&sample()));
    let out = folder.path().join("out.pdf");
    let ran = render(&input, &out, &[]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(fs::read(out).unwrap() == sample_pdf(&[]));
}

#[test]
fn the_issue_date_of_the_run_serves_records_without_one() {
    let folder = folder();
    let dated = write(folder.path(), "dated.csv", to_csv(&[sample_row("Y00001")]));
    let bare = write(folder.path(), "bare.csv", to_csv(&[sample_row("Y00001").with("交付年月日", "")]));
    let out = folder.path().join("out.pdf");
    assert_eq!(render(&dated, &out, &[]).status, Some(0));
    let expected = fs::read(&out).unwrap();
    assert_eq!(render(&bare, &out, &["--issue-date", "2024-10-25"]).status, Some(0));
    assert!(fs::read(&out).unwrap() == expected);
    assert_eq!(render(&bare, &folder.path().join("none.pdf"), &[]).status, Some(1));
}

#[test]
fn unknown_columns_are_named_once() {
    let folder = folder();
    let rows = [sample_row("Y00001"), sample_row("Y00002")].map(|row| row.with("社員区分", "正"));
    let input = write(folder.path(), "a.csv", to_csv(&rows));
    let ran = render(&input, &folder.path().join("out.pdf"), &[]);
    assert_eq!(ran.status, Some(0));
    let said = "warning: no field takes the column \"社員区分\"; it is left out\n";
    assert_eq!(ran.stderr.matches(said).count(), 1, "{}", ran.stderr);
}

// ---- Reports

#[test]
fn the_report_has_a_line_for_each_record_with_something_to_say() {
    let folder = folder();
    let report = folder.path().join("report.jsonl");
    let ran = render(Path::new(SAMPLE), &folder.path().join("out.pdf"), &["--report", text(&report)]);
    assert_eq!(ran.status, Some(0));
    let written = fs::read_to_string(&report).unwrap();
    assert_eq!(fs::metadata(&report).unwrap().permissions().mode() & 0o7777, 0o600);
    let none = written.lines().find(|line| line.contains("Y00025")).unwrap();
    let expected = "{\"row\":25,\"record_id\":\"Y00025\",\"status\":\"none\",\"reasons\":[\"CERT_APPLICATION_REQUIRED\"],\
                    \"field\":null,\"codepoints\":[],\"fit\":null,\"findings\":[{\"code\":\"CERT_APPLICATION_REQUIRED\",\
                    \"field\":null,\"message\":\"decided by: 横河電機健康保険組合, マイナ保険証について (令和6年10月), \
                    資格確認書①: always on application\",\"hint\":null,\"codepoints\":[]}]}";
    assert_eq!(none, expected);
    let lines = json_lines(&written);
    let about = |id: &str| lines.iter().find(|line| line["record_id"] == id).unwrap();
    assert_eq!(about("Y00026")["reasons"][0], "CERT_REFUSED_MYNA_USABLE");
    assert_eq!(about("Y00027")["reasons"][0], "CERT_REFUSED_OLD_CARD_VALID");
    assert_eq!(
        (&about("Y00024")["status"], &about("Y00024")["reasons"][0]),
        (&"warned".into(), &"WARN_EXPIRES_ON_ISSUE_DAY".into())
    );
    let fitted = about("Y00012");
    assert_eq!(
        (&fitted["status"], &fitted["reasons"][0], &fitted["field"]),
        (&"fitted".into(), &"FITTED".into(), &"name".into())
    );
    let fit = &fitted["fit"];
    // Of all that was done on the sheet, the tightest relative to its style.
    assert_eq!((&fit["field"], &fit["step"], &fit["percent"]), (&"name".into(), &"shrink".into(), &60.0.into()));
    assert!((6.0..10.5).contains(&fit["size"].as_f64().unwrap()), "{fit}");
    let said: Vec<&str> = lines.iter().map(|line| line["record_id"].as_str().unwrap()).collect();
    assert_eq!(said, ["Y00012", "Y00024", "Y00025", "Y00026", "Y00027"]);
}

#[test]
fn the_tightest_sheets_are_listed_without_a_value() {
    let heads = "row\trecord_id\tfield\tstep\tletters_percent\twidth_percent\tsize_pt\tspaces_percent\tlines\n";
    let folder = folder();
    let out = folder.path().join("out.pdf");
    let ran = render(Path::new(SAMPLE), &out, &["--tightest", "50"]);
    assert_eq!(
        (ran.status, ran.stdout),
        (Some(0), format!("{heads}12\tY00012\tname\tshrink\t43\t60\t7.528\t100\t1\n"))
    );
    let ran = run(&["check", "--quiet", "--pack", PACK, "--input", SAMPLE, "--tightest", "0"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), heads));
    assert_eq!(run(&["check", "--pack", PACK, "--tightest", "5"]).status, Some(2));
}

#[test]
fn json_messages_are_one_object_a_line() {
    let folder = folder();
    let report = folder.path().join("report.jsonl");
    let more = ["--message-format", "json", "--report", text(&report)];
    let ran = render(Path::new(SAMPLE), &folder.path().join("out.pdf"), &more);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(0), ""));
    let messages = json_lines(&ran.stderr);
    let records: Vec<_> =
        messages.iter().filter(|line| line["event"] == "record").map(|line| line["record"].clone()).collect();
    assert_eq!(records, json_lines(&fs::read_to_string(report).unwrap()));
    let summary = messages.last().unwrap();
    assert_eq!(summary["event"], "summary");
    assert_eq!(summary["printed"].as_u64().unwrap() as usize, sample().iter().filter_map(expected::paper).count());
    let counts = ["none", "held", "rejected", "fitted", "warned"].map(|count| summary[count].as_u64().unwrap());
    assert_eq!(counts, [3, 0, 0, 1, 1]);
}

#[test]
fn refused_records_are_named_on_stderr_without_their_values() {
    let folder = folder();
    let input = write(folder.path(), "a.csv", to_csv(&[sample_row("Y00001"), sample_row("Y00002").with("枝番", "7")]));
    let ran = render(&input, &folder.path().join("out.pdf"), &[]);
    let expected = "row 2 (Y00002) rejected: BRANCH_FORM: 枝番 (branch): not two digits (write two half-width digits, 00 for example)\n\
                    2 records: 1 printed on 1 pages (0 made to fit, 0 to look at), 0 lawfully not printed, 0 held, 1 rejected\n";
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (Some(1), "", expected));
}

#[test]
fn check_says_what_render_would_refuse_and_writes_nothing() {
    let folder = folder();
    let [first, second] = ["1.jsonl", "2.jsonl"].map(|name| folder.path().join(name));
    let checked = run(&["check", "--pack", PACK, "--input", REFUSED, "--report", text(&first)]);
    assert_eq!(checked.status, Some(1));
    render(Path::new(REFUSED), &folder.path().join("out.pdf"), &["--report", text(&second)]);
    assert_eq!(fs::read(first).unwrap(), fs::read(second).unwrap());
    let alone = run(&["check", "--pack", PACK]);
    assert_eq!((alone.status, alone.stderr.as_str()), (Some(0), ""));
    assert!(alone.stdout.starts_with("pack yokogawa: good\n"), "{}", alone.stdout);
    assert!(alone.stdout.contains("placeholder"), "{}", alone.stdout);
}

// ---- Nothing, or nothing at all

#[test]
fn strict_writes_nothing_if_a_record_is_refused() {
    let folder = folder();
    let input = write(folder.path(), "a.csv", to_csv(&[sample_row("Y00001"), sample_row("Y00002").with("枝番", "7")]));
    let out = folder.path().join("out.pdf");
    let ran = render(&input, &out, &["--strict"]);
    assert_ended(&ran, 1, "row 2 (Y00002) rejected: BRANCH_FORM", folder.path(), &["a.csv"]);
    assert!(sample_pdf(&["--strict"]) == sample_pdf(&[]), "with nothing refused, --strict changes nothing");
}

#[test]
fn without_anything_to_print_there_is_no_file() {
    let folder = folder();
    let input = write(folder.path(), "a.csv", to_csv(&[sample_row("Y00025"), sample_row("Y00026")]));
    let ran = render(&input, &folder.path().join("out.pdf"), &[]);
    assert_ended(&ran, 1, "warning: there was nothing to print, so no file was made\n", folder.path(), &["a.csv"]);
    let header = to_csv(&sample()).lines().next().unwrap().to_owned() + "\n";
    let input = write(folder.path(), "a.csv", header);
    let ran = render(&input, &folder.path().join("out.pdf"), &[]);
    assert_ended(&ran, 1, "0 records: 0 printed on 0 pages", folder.path(), &["a.csv"]);
}

#[test]
fn what_was_there_stays_when_nothing_is_printed() {
    let folder = folder();
    let input = write(folder.path(), "a.csv", to_csv(&[sample_row("Y00025")]));
    let out = write(folder.path(), "out.pdf", "what was there before");
    assert_eq!(render(&input, &out, &[]).status, Some(1));
    assert_eq!(fs::read_to_string(out).unwrap(), "what was there before");
}

// ---- Wrong usage, wrong packs: 2

#[test]
fn wrong_usage_ends_with_2() {
    let folder = folder();
    let out = folder.path().join("out.pdf");
    let given = |more: &[&str]| run(&[&["render", "--out", text(&out)], more].concat());
    let cases: [&[&str]; 6] = [
        &["--pack", PACK],
        &["--pack", PACK, "--input", SAMPLE, "--colour", "red"],
        &["--pack", PACK, "--input", SAMPLE, "--threads", "many"],
        &["--pack", PACK, "--input", SAMPLE, "--issue-date", "2024-02-30"],
        &["--pack", "templates/none", "--input", SAMPLE],
        &["--pack", PACK, "--fonts", "templates", "--input", SAMPLE],
    ];
    for more in cases {
        let ran = given(more);
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""), "{more:?}");
        assert!(ran.stderr.starts_with("error"), "{more:?}: {}", ran.stderr);
    }
    assert_eq!(run(&[]).status, Some(2));
    assert!(names(folder.path()).is_empty());
}

#[test]
fn input_that_is_no_table_ends_with_2() {
    let folder = folder();
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain("氏名".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let cases: [(&[u8], &str); 4] = [
        (&wide, "UTF-16"),
        (b"", "empty"),
        (b"a,b,c\n1,2,3\n", "no column is known"),
        ("氏名,氏名\n一,二\n".as_bytes(), "columns 1 and 2"),
    ];
    for (content, said) in cases {
        let input = write(folder.path(), "a.csv", content);
        let ran = render(&input, &folder.path().join("out.pdf"), &[]);
        assert_ended(&ran, 2, said, folder.path(), &["a.csv"]);
    }
}

#[test]
fn an_unknown_key_of_a_pack_is_shown_at_its_place_with_a_hint() {
    let folder = folder();
    let pack = product::copy_of_pack(folder.path());
    let file = pack.join("pack.toml");
    let content = fs::read_to_string(&file).unwrap();
    let line = content.lines().position(|line| line.starts_with("phone")).unwrap() + 1;
    fs::write(&file, content.replace("\nphone", "\nphoen")).unwrap();
    let out = folder.path().join("out.pdf");
    let arguments = ["render", "--pack", text(&pack), "--fonts", "fonts", "--input", SAMPLE, "--out", text(&out)];
    let ran = run(&arguments);
    assert_ended(&ran, 2, &format!("pack.toml:{line}:1"), folder.path(), &["templates"]);
    for said in ["phoen", "`phone`"] {
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    let ran = run(&[arguments.as_slice(), &["--message-format", "json"]].concat());
    assert_eq!(ran.status, Some(2));
    let messages = json_lines(&ran.stderr);
    assert!(messages[0].to_string().contains("phoen"), "{}", ran.stderr);
}

// ---- One file each

#[test]
fn one_file_for_each_record() {
    let folder = folder();
    let out = folder.path().join("papers");
    let ran = render(Path::new(SAMPLE), &out, &["--split-by", "record"]);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert_eq!(names(folder.path()), ["papers"]);
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o7777, 0o700);
    let printed =
        sample().into_iter().enumerate().filter_map(|(index, row)| Some((index + 1, expected::paper(&row)?, row)));
    let printed: Vec<_> = printed.collect();
    let files: Vec<String> = printed.iter().map(|(row, ..)| format!("{row:07}.pdf")).collect();
    assert_eq!(names(&out), files);
    for ((_, paper, row), file) in printed.iter().zip(&files) {
        let path = out.join(file);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        let pages = reader::pages(&fs::read(path).unwrap());
        assert_eq!(pages.len(), if *paper == Paper::Notice { 1 } else { 2 }, "{file}");
        assert!(pages[0].texts().contains(&row.get("番号")), "{file}");
    }
    let again = render(Path::new(SAMPLE), &out, &["--split-by", "record"]);
    assert_ended(&again, 3, "it exists already", folder.path(), &["papers"]);
}

#[test]
fn each_file_is_packed_as_asked() {
    let folder = folder();
    let size = |how: &str| {
        let out = folder.path().join(how);
        let ran = render(Path::new(SAMPLE), &out, &["--split-by", "record", "--limit", "1", "--compress", how]);
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let bytes = fs::read(out.join("0000001.pdf")).unwrap();
        (reader::texts(&bytes), bytes.len())
    };
    let [(texts, none), (fast_texts, fast), (small_texts, small)] = ["none", "fast", "small"].map(size);
    assert!(none > fast && fast > small, "{none} {fast} {small}");
    assert!(texts == fast_texts && texts == small_texts);
}

// ---- decide and schema

#[test]
fn decide_prints_one_line_for_each_record() {
    let ran = run(&["decide", "--pack", PACK, "--input", SAMPLE]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), sample().len());
    let expected = [
        (
            0,
            "{\"record_id\":\"Y00001\",\"document\":\"notice\",\"expiry\":\"none\",\"last4\":\"shown\",\"title\":\"資格情報のお知らせ\",\
             \"reasons\":[\"NOTICE_ALL_MEMBERS\",\"EXP_NONE_NOTICE\",\"L4_INCUMBENT\"],\"fee_yen\":null,\"needs_application\":null}",
        ),
        (
            16,
            "{\"record_id\":\"Y00017\",\"document\":\"notice\",\"expiry\":\"none\",\"last4\":\"hidden\",\"title\":\"資格情報のお知らせ\",\
              \"reasons\":[\"NOTICE_ALL_MEMBERS\",\"EXP_NONE_NOTICE\",\"L4_REISSUE_NOT_STATED\"],\"fee_yen\":null,\"needs_application\":true}",
        ),
        (
            20,
            "{\"record_id\":\"Y00021\",\"document\":\"certificate\",\"expiry\":\"2026-06-01\",\"last4\":\"hidden\",\"title\":\"資格確認書\",\
              \"reasons\":[\"CERT_LISTED_GROUND\",\"EXP_HALFYEAR_ANCHOR\",\"L4_NEVER_ON_CERTIFICATE\"],\"fee_yen\":null,\"needs_application\":true}",
        ),
        (
            24,
            "{\"record_id\":\"Y00025\",\"document\":\"none\",\"expiry\":null,\"last4\":null,\"title\":null,\
              \"reasons\":[\"CERT_APPLICATION_REQUIRED\"],\"fee_yen\":null,\"needs_application\":true}",
        ),
    ];
    for (index, line) in expected {
        assert_eq!(lines[index], line);
    }
}

#[test]
fn decide_needs_only_what_the_policy_reads() {
    let line = "{\"record_id\":\"P1\",\"requested\":\"certificate\",\"applied\":true,\"myna\":\"no_card\",\"issue_date\":\"2026-05-20\"}\n";
    let ran = run_with(&["decide", "--pack", PACK, "--input", "-", "--format", "jsonl"], line.as_bytes());
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.contains("\"expiry\":\"2026-06-01\""), "{}", ran.stdout);
}

#[test]
fn decide_reports_what_it_cannot_read() {
    let folder = folder();
    let rows = [sample_row("Y00001"), sample_row("Y00002").with("枝番", "7")];
    let input = write(folder.path(), "a.csv", to_csv(&rows));
    let report = folder.path().join("report.jsonl");
    let ran = run(&["decide", "--pack", PACK, "--input", text(&input), "--report", text(&report)]);
    assert_eq!((ran.status, ran.stdout.lines().count()), (Some(1), 1), "{}", ran.stderr);
    let lines = json_lines(&fs::read_to_string(report).unwrap());
    assert_eq!((lines.len(), &lines[0]["reasons"][0]), (1, &"BRANCH_FORM".into()));
}

#[test]
fn decide_explains_with_rule_and_source() {
    let ran = run(&["decide", "--pack", PACK, "--input", SAMPLE, "--explain"]);
    assert_eq!(ran.status, Some(0));
    let first: Vec<&str> = ran.stdout.lines().skip(1).take_while(|line| line.starts_with("  ")).collect();
    let first = first.join("\n");
    for said in ["L4_INCUMBENT", "横河電機健康保険組合", "policy.toml"] {
        assert!(first.contains(said), "{said}: {first}");
    }
}

#[test]
fn a_reader_who_has_enough_is_no_failure() {
    let folder = folder();
    let input = write(folder.path(), "many.csv", many(3000));
    let mut child =
        program(&["decide", "--pack", PACK, "--input", text(&input)]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn schema_prints_json_and_lists() {
    let ran = run(&["schema", "--pack", PACK]);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
    let schema: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(schema["$schema"].as_str().unwrap().starts_with("https://json-schema.org/"));
    let properties = schema["properties"].as_object().unwrap();
    for field in ["name", "birth_date", "last4", "sample"] {
        assert!(properties.contains_key(field), "{field}");
    }
    for (list, known) in
        [("fields", "last4\t"), ("formats", "wareki"), ("conditions", "digits-in-body"), ("reasons", "TWELVE_DIGITS\t")]
    {
        let ran = run(&["schema", "--list", list]);
        assert_eq!(ran.status, Some(0));
        assert!(ran.stdout.contains(known), "{list}");
    }
}
