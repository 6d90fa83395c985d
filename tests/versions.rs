//! A pack with versions of its policy: which one serves a record, and lists that are wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod reader;
mod shelf;

use std::fs;

use shikaku::base::diagnostic::Severity;
use shikaku::engine::Status;
use shikaku::{Engine, OpenOptions};

use crate::shelf::Shelf;

const OLD: &str = r#"
title = { notice = "資格情報のお知らせ", notice_legal = "資格情報通知書", certificate = "資格確認書" }
[[eligibility]]
when = { requested = "certificate" }
document = "certificate"
reason = "CERT_OLD"
src = "test"
[[eligibility]]
when = {}
document = "notice"
reason = "NOTICE_OLD"
src = "test"
[[expiry_certificate]]
when = {}
fixed = 2026-07-31
reason = "EXP_OLD"
src = "test"
"#;

const NEW: &str = r#"
title = { notice = "資格情報通知書（新）", notice_legal = "資格情報通知書", certificate = "資格確認書" }
[[eligibility]]
when = {}
document = "notice"
reason = "NOTICE_NEW"
src = "test"
"#;

const LIST: &str = r#"
[[policy]]
file = "old.toml"
from = 2024-12-02
until = 2026-07-31

[[policy]]
file = "new.toml"
from = 2026-08-01
"#;

/// A shelf with the pack `versions`, which has the two policies and this list of them.
fn shelf(list: &str) -> Shelf {
    let shelf = Shelf::new();
    let pack = shelf.pack("versions", list);
    fs::write(pack.join("old.toml"), OLD).unwrap();
    fs::write(pack.join("new.toml"), NEW).unwrap();
    shelf
}

fn decided(engine: &Engine, issued: &str) -> String {
    let record = engine.read_json(&format!("{{\"requested\": \"notice\", \"issue_date\": \"{issued}\"}}")).unwrap();
    engine.decide(&record).unwrap().codes()
}

#[test]
fn the_issue_date_chooses_the_version() {
    let shelf = shelf(LIST);
    let engine = shelf.open("versions").unwrap();
    for (issued, reason) in [
        ("2024-12-01", "NO_POLICY_VERSION"),
        ("2024-12-02", "NOTICE_OLD"),
        ("2024-12-03", "NOTICE_OLD"),
        ("2026-07-30", "NOTICE_OLD"),
        ("2026-07-31", "NOTICE_OLD"),
        ("2026-08-01", "NOTICE_NEW"),
        ("2099-12-31", "NOTICE_NEW"),
    ] {
        assert_eq!(decided(&engine, issued).split('+').next(), Some(reason), "{issued}");
    }
    let undated = engine.read_json("{\"requested\": \"notice\"}").unwrap();
    let report = engine.decide(&undated).unwrap_err();
    assert_eq!((report.reasons[0].as_str(), report.field.as_deref()), ("UNDECIDABLE", Some("issue_date")));
    assert!(report.to_string().contains("交付年月日 (issue_date)"), "{report}");
}

#[test]
fn a_record_outside_all_versions_is_rejected() {
    let shelf = shelf(LIST);
    let engine = shelf.open("versions").unwrap();
    let record = engine.read_json("{\"requested\": \"notice\", \"issue_date\": \"2024-12-01\"}").unwrap();
    let report = engine.compose(&record, &mut Default::default()).unwrap_err();
    assert_eq!(report.status, Status::Rejected);
    assert_eq!((report.reasons[0].as_str(), report.field.as_deref()), ("NO_POLICY_VERSION", Some("issue_date")));
    assert!(report.findings[0].hint.as_deref().unwrap().contains("[[policy]]"), "{report}");
}

/// The title is fixed artwork: each version has its own.
#[test]
fn each_version_prints_its_own_title() {
    let shelf = shelf(LIST);
    let engine = shelf.open("versions").unwrap();
    for (issued, title) in [("2026-07-31", "資格情報のお知らせ"), ("2026-08-01", "資格情報通知書（新）")]
    {
        let record = engine.read_json(&shelf::notice(issued)).unwrap();
        assert_eq!(engine.decide(&record).unwrap().title, Some(title));
        let pages = reader::pages(&engine.pdf(&record).unwrap());
        assert!(pages[0].texts().contains(&title), "{issued}: {:?}", pages[0].texts());
    }
}

#[test]
fn the_ends_may_be_open() {
    let open = LIST.replace("from = 2024-12-02\n", "");
    let shelf = shelf(&open);
    let engine = shelf.open("versions").unwrap();
    assert_eq!(decided(&engine, "2024-09-01").split('+').next(), Some("NOTICE_OLD"));
    let shut = LIST.replace("from = 2026-08-01", "from = 2026-08-01\nuntil = 2027-07-31");
    let shelf = self::shelf(&shut);
    let engine = shelf.open("versions").unwrap();
    assert_eq!(decided(&engine, "2027-08-01"), "NO_POLICY_VERSION");
}

#[test]
fn wrong_lists_are_told_with_their_places() {
    let second = "from = 2026-08-01";
    for (list, expected) in [
        (
            LIST.replace(second, "from = 2026-08-02"),
            "11:8: error: a gap: no version serves the issue dates from 2026-08-01 to 2026-08-01 \
             (the versions follow each other, oldest first: `from = 2026-08-01`, or another `until` before)",
        ),
        (
            LIST.replace(second, "from = 2026-07-31"),
            "11:8: error: an overlap: two versions serve the issue dates from 2026-07-31 to 2026-07-31 \
             (the versions follow each other, oldest first: `from = 2026-08-01`, or another `until` before)",
        ),
        (
            LIST.replace(second, ""),
            "10:8: error: only the first version may leave `from` out \
             (write the first issue date that it serves: `from = 2026-08-01`)",
        ),
        (
            LIST.replace("until = 2026-07-31", ""),
            "5:8: error: only the last version may leave `until` out \
             (write the last issue date that it serves: `until = 2026-07-31`)",
        ),
        (
            LIST.replace("from = 2024-12-02", "from = 2026-08-05"),
            "7:9: error: it would end before it begins, on 2026-08-05 (`until` is its last issue date)",
        ),
        (
            LIST.replace("from = 2024-12-02", "from = 2024-12-02T00:00:00"),
            "6:8: error: a day is expected here (write it bare, without a time: 2025-12-01)",
        ),
        (LIST.replace("new.toml", "newer.toml"), "10:8: error: cannot read "),
        (LIST.replace("until", "untill"), "7:1: error: unknown field `untill`"),
    ] {
        let error = shelf(&list).open("versions").unwrap_err().0;
        let text = error.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(text.contains(&format!("pack.toml:{expected}")), "{text}\n{expected}");
        assert!(error.iter().all(|error| error.severity == Severity::Error));
    }
}

#[test]
fn a_policy_that_the_list_does_not_name_is_an_error() {
    let shelf = shelf(LIST);
    fs::write(shelf.folder("versions").join("policy.toml"), NEW).unwrap();
    let text = shelf.open("versions").unwrap_err().to_string();
    assert!(text.contains("5:8: error: policy.toml stands beside the list of versions"), "{text}");
    let named = LIST.replace("new.toml", "policy.toml");
    let shelf = self::shelf(&named);
    fs::write(shelf.folder("versions").join("policy.toml"), NEW).unwrap();
    assert_eq!(decided(&shelf.open("versions").unwrap(), "2026-08-01").split('+').next(), Some("NOTICE_NEW"));
}

/// What is wrong with a version is told once, and with its own file; each version inherits from the ancestors.
#[test]
fn versions_inherit_from_the_policies_of_the_ancestors() {
    let shelf = shelf(LIST);
    let wrong = NEW.replace("when = {}", "when = { requestd = \"notice\" }");
    fs::write(shelf.folder("versions").join("new.toml"), wrong).unwrap();
    let errors = shelf.open("versions").unwrap_err().0;
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].to_string().contains("new.toml:4:10: error: unknown field `requestd`"), "{}", errors[0]);
}

#[test]
fn a_list_is_not_inherited() {
    let shelf = shelf(LIST);
    let child = shelf.child("child", "versions", "");
    let text = Engine::open(&child, &OpenOptions::default()).unwrap_err().to_string();
    let said = "pack.toml:1:11: error: `versions` lists versions of its policy, and a list is not inherited \
                (list the versions that hold here: [[policy]] with file, from and until; a file of the parent is \
                \"../versions/…\")";
    assert!(text.contains(said), "{text}");
    let own = LIST.replace("file = \"", "file = \"../versions/");
    let child = shelf.child("other", "versions", &own);
    let engine = Engine::open(&child, &OpenOptions::default()).unwrap();
    assert_eq!(decided(&engine, "2026-08-01").split('+').next(), Some("NOTICE_NEW"));
}
