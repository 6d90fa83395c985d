//! What `shikaku check` finds in packs that open: rules, limits, cases, placeholders, titles.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod product;
mod shelf;

use std::fs;

use shikaku::base::diagnostic::Severity;
use shikaku::{Engine, Event, Input, OpenOptions, Options};

use crate::product::{PACK, json_lines, run, text, write};
use crate::shelf::{Shelf, notice};

const TITLE: &str =
    "title = { notice = \"資格情報通知書\", notice_legal = \"資格情報通知書\", certificate = \"資格確認書\" }\n";
const HEADER: &str = "id\tinputs\texpected_document\texpected_expiry\texpected_last4\texpected_reasons\tsource\n";
const NO_CASES: &str = "the pack has rules of its own and no cases.tsv";

fn rule(list: &str, when: &str, outcome: &str, reason: &str) -> String {
    format!("[[{list}]]\nwhen = {when}\n{outcome}\nreason = \"{reason}\"\nsrc = \"test\"\n")
}

fn eligible(when: &str, document: &str, reason: &str) -> String {
    rule("eligibility", when, &format!("document = \"{document}\""), reason)
}

fn certificate(when: &str, outcome: &str, reason: &str) -> String {
    rule("expiry_certificate", when, outcome, reason)
}

/// What check says of a pack with these rules and cases: one line each, with its file's name only.
fn found(rules: &str, cases: Option<&str>) -> Vec<String> {
    let shelf = Shelf::new();
    let pack = shelf.pack("checked", "");
    fs::write(pack.join("policy.toml"), format!("{TITLE}{rules}")).unwrap();
    if let Some(cases) = cases {
        fs::write(pack.join("cases.tsv"), format!("{HEADER}{cases}")).unwrap();
    }
    let found = shelf.open("checked").unwrap_or_else(|error| panic!("{error}")).check().found;
    assert!(found.iter().all(|found| found.hint.is_some() && found.place.is_some()), "{found:?}");
    let folder = format!("{}/", pack.display());
    found.iter().map(|found| found.to_string().replace(&folder, "")).collect()
}

/// The same for rules alone.
fn rules(rules: &str) -> Vec<String> {
    let mut found = found(rules, None);
    found.retain(|line| !line.contains(NO_CASES));
    found
}

// ---- Rules

#[test]
fn a_rule_that_several_hide_together_is_found() {
    let three = [
        eligible("{ applied = true }", "certificate", "A"),
        eligible("{ myna = \"usable\" }", "notice", "B"),
        eligible("{ applied = false }", "notice", "C"),
        eligible("{ myna = [\"lost\", \"no_card\"] }", "certificate", "D"),
    ];
    let expected = "policy.toml:18:8: error: no record reaches this rule: wherever it holds, one of the rules in lines \
                    3, 13 holds before it (move it before them, or remove it)";
    assert_eq!(rules(&three.concat()), [expected]);
    let days = [
        eligible("{ issue_date = { le = 2025-12-01 } }", "notice", "A"),
        eligible("{ issue_date = { ge = 2025-12-02 }, age = { lt = 70 } }", "notice", "B"),
        eligible("{ age = { ge = 70 } }", "notice", "C"),
        eligible("{ issue_date = { ge = 2025-12-02 }, birth_date = { le = 1990-01-01 } }", "notice", "D"),
    ];
    assert_eq!(rules(&days.concat()).len(), 1);
    let gap = days.concat().replace("ge = 2025-12-02 }, age", "ge = 2025-12-03 }, age");
    assert_eq!(rules(&gap), Vec::<String>::new(), "somebody below 70 on 2025-12-02 reaches it");
}

/// A birth and an age hang together: who is born by 1950 is 70 in 2025.
#[test]
fn conditions_that_contradict_each_other_are_found() {
    for (when, contradicts) in [
        ("{ birth_date = { le = 1950-01-01 }, age = { lt = 70 }, issue_date = { ge = 2025-01-01 } }", true),
        ("{ birth_date = { le = 1950-01-01 }, age = { lt = 75 }, issue_date = { ge = 2024-12-31 } }", true),
        ("{ birth_date = { le = 1950-01-01 }, age = { lt = 75 }, issue_date = { ge = 2024-12-30 } }", false),
        ("{ issue_date = { ge = 2026-08-01 }, valid_from = { le = 2026-07-31 } }", true),
        ("{ issue_date = { ge = 2026-07-31 }, valid_from = { le = 2026-07-31 } }", false),
        ("{ age = { lt = 0 } }", false),
    ] {
        let found = rules(&eligible(when, "notice", "A"));
        assert_eq!(!found.is_empty(), contradicts, "{when}: {found:?}");
        assert!(found.iter().all(|line| line.contains("error: no record fulfils all these conditions")), "{found:?}");
    }
    let early = certificate("{ issue_date = { le = 2024-12-01 } }", "fixed = 2025-12-01", "EXP");
    assert_eq!(rules(&early).len(), 1, "no certificate is issued before the system started");
    assert_eq!(rules(&early.replace("2024-12-01", "2024-12-02")), Vec::<String>::new());
}

/// Too many combinations are not tried: the list is held against one rule at a time only, at once.
#[test]
fn a_list_with_too_many_combinations_is_let_be() {
    let texts = ["employer_name", "address", "remarks_back", "insured_name", "household_head", "postal_code", "number"];
    let mut list: Vec<String> = Vec::new();
    for (index, field) in texts.iter().enumerate() {
        for value in ["a", "b", "c", "d", "e", "f"] {
            list.push(eligible(&format!("{{ {field} = \"{value}\" }}"), "notice", &format!("R{index}")));
        }
    }
    list.push(eligible("{ applied = true }", "notice", "A"));
    list.push(eligible("{ applied = false }", "notice", "B"));
    list.push(eligible("{ reviewed = true }", "notice", "C"));
    let began = std::time::Instant::now();
    assert_eq!(rules(&list.concat()), Vec::<String>::new());
    assert!(began.elapsed().as_secs() < 30, "it is not tried");
}

// ---- Terms

#[test]
fn a_certificate_that_can_pass_five_years_is_found() {
    for (when, outcome, said) in [
        ("{}", "fixed = 2029-12-01", None),
        (
            "{}",
            "fixed = 2029-12-02",
            Some("valid from 2024-12-02 would end on 2029-12-02; 5 years, the most that is allowed, end on 2029-12-01"),
        ),
        ("{ issue_date = { ge = 2025-12-01 } }", "fixed = 2030-11-30", None),
        (
            "{ issue_date = { ge = 2025-11-30 } }",
            "fixed = 2030-11-30",
            Some("valid from 2025-11-30 would end on 2030-11-30"),
        ),
        ("{ valid_from = { ge = 2025-12-01 } }", "fixed = 2030-11-30", None),
        ("{}", "period = { years = 5 }", None),
        ("{}", "period = { months = 61 }", Some("5 years")),
        ("{}", "period = { months = 61, floor = \"month_end\" }", Some("5 years")),
        ("{}", "period = { years = 5, floor = \"12-31\" }", None),
        ("{}", "annual = { month_day = \"07-31\", cycle_years = 5, epoch_year = 2025 }", None),
        (
            "{}",
            "annual = { month_day = \"07-31\", cycle_years = 6, epoch_year = 2025 }",
            Some("would end on 2031-07-31"),
        ),
        (
            "{}",
            "period = { months = 3, floor = \"12-31\" }",
            Some("warning: a certificate valid from 2025-01-01 would be cut"),
        ),
    ] {
        let found = rules(&certificate(when, outcome, "EXP"));
        match said {
            None => assert_eq!(found, Vec::<String>::new(), "{when} {outcome}"),
            Some(said) => assert!(found.len() == 1 && found[0].contains(said), "{when} {outcome}: {found:?}"),
        }
    }
    let after = [
        certificate("{ issue_date = { le = 2025-11-30 } }", "fixed = 2025-12-01", "A"),
        certificate("{}", "fixed = 2030-11-30", "B"),
    ];
    assert_eq!(rules(&after.concat()), Vec::<String>::new(), "an earlier rule takes the days before");
    let begins_later = [
        certificate("{ issue_date = { le = 2025-12-01 } }", "fixed = 2025-12-01", "A"),
        certificate("{ issue_date = { ge = 2025-06-02 }, medium = \"paper\" }", "fixed = 2030-12-02", "B"),
    ];
    let found = rules(&begins_later.concat());
    assert!(found.len() == 1 && found[0].contains("valid from 2025-12-02 would end on 2030-12-02"), "{found:?}");
    let shorter = format!("max_certificate_years = 3\n{}", certificate("{}", "period = { years = 4 }", "EXP"));
    assert!(rules(&shorter)[0].contains("3 years, the most that is allowed"));
}

// ---- Cases

fn case(id: &str, inputs: &str, expected: &str) -> String {
    format!("{id}\t{inputs}\t{expected}\ttest\n")
}

const ALL: &str = "notice\tnone\thidden\tALL+EXP_NONE_NOTICE+L4_NOT_STATED";

#[test]
fn a_pack_without_cases_is_warned_of_and_one_without_rules_is_not() {
    let all = eligible("{}", "notice", "ALL");
    assert_eq!(found(&all, None).len(), 1);
    assert!(found(&all, None)[0].contains(&format!("policy.toml:1:1: warning: {NO_CASES}")));
    assert_eq!(found(&all, Some(&case("A", "{}", ALL))), Vec::<String>::new());
    let shelf = Shelf::new();
    let child = shelf.child("child", "yokogawa", "");
    assert!(Engine::open(&child, &OpenOptions::default()).unwrap().check().found.is_empty());
}

#[test]
fn a_case_that_does_not_hold_is_an_error_at_its_cell() {
    let all = eligible("{}", "notice", "ALL");
    let cases = [
        case("A", "{}", &ALL.replace("hidden", "shown")),
        case("B", "{}", &ALL.replace("notice", "certificate")),
        case("C", "{}", &ALL.replace("+L4", "+X4")),
        case("D", "{\"branch\": \"7\"}", ALL),
        case("E", "{\"requestd\": \"notice\"}", ALL),
        case("F", "7", ALL),
        case("F", "{}", ALL),
        "G\t{}\n".to_owned(),
    ];
    let found = found(&all, Some(&cases.concat()));
    let expected = [
        "cases.tsv:8:1: error: a case needs an id of its own (number them: M001, M002, …)",
        "cases.tsv:9:1: error: 2 cells, and the header has 7 (cells are separated by single tabs)",
        "cases.tsv:2:18: error: case A: expected_last4 is `shown`, the policy gives `hidden` \
         (ALL+EXP_NONE_NOTICE+L4_NOT_STATED) (",
        "cases.tsv:3:6: error: case B: expected_document is `certificate`, the policy gives `notice` (",
        "cases.tsv:4:25: error: case C: expected_reasons is `ALL+EXP_NONE_NOTICE+X4_NOT_STATED`, the policy gives \
         `ALL+EXP_NONE_NOTICE+L4_NOT_STATED` (",
        "cases.tsv:5:3: error: case D: BRANCH_FORM: 枝番 (branch): not two digits (",
        "cases.tsv:6:3: error: case E: there is no field `requestd` (",
        "cases.tsv:7:3: error: case F: NOT_JSON: ",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}

#[test]
fn wrong_columns_of_the_cases_are_errors() {
    let shelf = Shelf::new();
    let pack = shelf.pack("checked", "");
    fs::write(pack.join("policy.toml"), format!("{TITLE}{}", eligible("{}", "notice", "ALL"))).unwrap();
    fs::write(pack.join("cases.tsv"), HEADER.replace("inputs", "input")).unwrap();
    let found = shelf.open("checked").unwrap().check().found;
    let found: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found[0].contains("cases.tsv:1:4: error: unknown column `input` (did you mean `inputs`?)"), "{found:?}");
    assert!(found[1].contains("cases.tsv:1:1: error: the column `inputs` is missing"), "{found:?}");
}

#[test]
fn limits_and_rules_without_a_case_are_warnings() {
    let two = [
        eligible("{ applied = true, issue_date = { le = 2025-12-01 } }", "none", "EARLY"),
        eligible("{}", "notice", "ALL"),
    ];
    let late = |id: &str, day: &str| case(id, &format!("{{\"applied\": true, \"issue_date\": \"{day}\"}}"), ALL);
    let early = |id: &str, day: &str| {
        case(id, &format!("{{\"applied\": true, \"issue_date\": \"{day}\"}}"), "none\t-\t-\tEARLY")
    };
    let full = [early("A", "2025-11-30"), early("B", "2025-12-01"), late("C", "2025-12-02")];
    assert_eq!(found(&two.concat(), Some(&full.concat())), Vec::<String>::new());
    let after = [early("B", "2025-12-01"), late("C", "2025-12-02"), late("D", "2025-12-03")];
    assert_eq!(found(&two.concat(), Some(&after.concat())), Vec::<String>::new(), "the day after on the other side");
    let hint = "(add cases for the day before, the day and the day after, in which its other conditions hold)";
    let lacks = |days: &str| {
        format!("policy.toml:3:8: warning: no case tries 交付年月日 (issue_date) {days} in this rule (EARLY) {hint}")
    };
    assert_eq!(found(&two.concat(), Some(&full[..2].concat())).first(), Some(&lacks("2025-12-02")));
    assert_eq!(found(&two.concat(), Some(&full[1..].concat())), [lacks("2025-12-03")]);
    // A case in which another condition of the rule does not hold tries nothing.
    let other = full[2].replace("\"applied\": true", "\"applied\": false");
    assert_eq!(found(&two.concat(), Some(&[full[0].clone(), full[1].clone(), other].concat())), [lacks("2025-12-02")]);
    let unreached = "policy.toml:8:8: warning: no case reaches this rule (ALL) \
                     (add a line to cases.tsv with a record that it decides)";
    assert_eq!(found(&two.concat(), Some(&full[..2].concat())).last().map(String::as_str), Some(unreached));
}

/// The first day is never before the issue date, so no record has a late issue date and an early first day.
#[test]
fn the_issue_date_and_the_first_day_move_together() {
    let two = [
        eligible("{ issue_date = { le = 2026-07-31 }, valid_from = { le = 2026-07-31 } }", "none", "EARLY"),
        eligible("{}", "notice", "ALL"),
    ];
    let on = |id: &str, day: &str, expected: &str| case(id, &format!("{{\"issue_date\": \"{day}\"}}"), expected);
    let early = "none\t-\t-\tEARLY";
    let cases = [on("A", "2026-07-30", early), on("B", "2026-07-31", early), on("C", "2026-08-01", ALL)];
    assert_eq!(found(&two.concat(), Some(&cases.concat())), Vec::<String>::new());
    assert_eq!(found(&two.concat(), Some(&cases[..2].concat())).len(), 3);
}

/// A number of months has no day before it: a case that reaches the rule is enough.
#[test]
fn numbers_are_no_limits() {
    let two = [eligible("{ paper_months = { ge = 3 } }", "none", "LONG"), eligible("{}", "notice", "ALL")];
    let cases = [case("A", "{\"paper_months\": 12}", "none\t-\t-\tLONG"), case("B", "{}", ALL)];
    assert_eq!(found(&two.concat(), Some(&cases.concat())), Vec::<String>::new());
}

#[test]
fn the_edge_of_a_birthday_needs_three_cases() {
    let two = [eligible("{ age = { ge = 70 } }", "none", "SENIOR"), eligible("{}", "notice", "ALL")];
    let born = |id: &str, birth: &str, expected: &str| {
        case(id, &format!("{{\"issue_date\": \"2025-08-01\", \"birth_date\": \"{birth}\"}}"), expected)
    };
    let senior = "none\t-\t-\tSENIOR";
    let full = [born("A", "1955-08-03", ALL), born("B", "1955-08-02", senior), born("C", "1955-08-01", senior)];
    assert_eq!(found(&two.concat(), Some(&full.concat())), Vec::<String>::new());
    for (left_out, said) in [
        (0, "on the day before 70 is attained"),
        (1, "on the day on which 70 is attained (the eve of the birthday)"),
        (2, "on the day after 70 is attained"),
    ] {
        let mut rest = full.to_vec();
        rest.remove(left_out);
        rest.push(born("Y", "1990-01-01", ALL));
        let found = found(&two.concat(), Some(&rest.concat()));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(&format!("no case tries the age {said} in this rule (SENIOR)")), "{found:?}");
    }
}

#[test]
fn only_the_packs_own_rules_need_cases() {
    let shelf = Shelf::new();
    let child = shelf.child("child", "yokogawa", "");
    fs::write(child.join("policy.toml"), "max_certificate_years = 4\n").unwrap();
    let open = || Engine::open(&child, &OpenOptions::default()).unwrap();
    assert!(open().check().found.is_empty(), "no rule of its own");
    fs::write(child.join("policy.toml"), certificate("{}", "period = { years = 1 }", "EXP_YEAR")).unwrap();
    fs::write(child.join("cases.tsv"), HEADER).unwrap();
    let found: Vec<String> = open().check().found.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("no case reaches this rule (EXP_YEAR)"), "{found:?}");
}

/// Each version has cases of its own.
#[test]
fn a_case_tries_the_version_of_its_issue_date() {
    let shelf = Shelf::new();
    let list = "[[policy]]\nfile = \"a.toml\"\nuntil = 2026-07-31\n[[policy]]\nfile = \"b.toml\"\nfrom = 2026-08-01\n";
    let pack = shelf.pack("checked", list);
    for (file, code) in [("a.toml", "A"), ("b.toml", "B")] {
        fs::write(pack.join(file), format!("{TITLE}{}", eligible("{}", "notice", code))).unwrap();
    }
    let expected = ALL.replace("ALL", "A");
    fs::write(pack.join("cases.tsv"), format!("{HEADER}{}", case("1", "{\"issue_date\": \"2026-07-31\"}", &expected)))
        .unwrap();
    let checked = shelf.open("checked").unwrap().check();
    let found: Vec<String> = checked.found.iter().map(ToString::to_string).collect();
    assert_eq!((checked.cases, found.len()), (1, 2), "{found:?}");
    assert!(found[0].contains("pack.toml:7:8: warning: no case is issued on 2026-08-01, where this version begins"));
    assert!(found[1].contains("b.toml:3:8: warning: no case reaches this rule (B)"), "{found:?}");
}

// ---- Placeholders and titles

#[test]
fn a_placeholder_that_no_record_of_the_insurer_fills_is_an_error() {
    let shelf = Shelf::new();
    for (name, number, unfit) in [
        ("kenpo", "06139992", &[][..]),
        ("kokuho", "138016", &["被保険者氏名 (insured_name)"]),
        ("kouki", "39129994", &["記号 (symbol)", "枝番 (branch)", "被保険者氏名 (insured_name)"]),
    ] {
        let own = format!(
            "[insurer]\nnumber = \"{number}\"\nplaceholder_number = true\n[[document]]\ndocument = \"notice\"\n\
             sheet = \"A4\"\nsides = [\"side.toml\"]\n"
        );
        let pack = shelf.child(name, "yokogawa", &own);
        let item = |field: &str, when: &str| {
            format!(
                "[[item]]\n{when}text = {{ at = [\"20mm\", \"30mm\"], width = \"100mm\", style = \"value\", value = \"{{{{ {field} }}}}\", \
                 empty = \"blank\" }}\n"
            )
        };
        let side = [
            "sheet = \"A4\"\nuse = [\"../base/styles.toml\"]\n".to_owned(),
            item("symbol", ""),
            item("branch", ""),
            item("insured_name", ""),
            item("employer_name", "when = [\"has:employer_name\"]\n"),
        ];
        fs::write(pack.join("side.toml"), side.concat()).unwrap();
        let engine = Engine::open(&pack, &OpenOptions::default()).unwrap_or_else(|error| panic!("{error}"));
        let found = engine.check().found;
        assert_eq!(found.len(), unfit.len(), "{name}: {found:?}");
        for (found, unfit) in found.iter().zip(unfit) {
            assert_eq!(found.severity, Severity::Error);
            let said = found.to_string();
            assert!(said.contains("side.toml:") && said.contains(&format!("has no {unfit}")), "{said}");
        }
    }
}

fn with_title(shelf: &Shelf, title: &str) -> Engine {
    let pack = shelf.folder("titled");
    if !pack.exists() {
        shelf.pack("titled", "");
    }
    let title = format!("title = {{ {title}, certificate = \"資格確認書\" }}\n");
    fs::write(pack.join("policy.toml"), title + &eligible("{}", "notice", "ALL")).unwrap();
    fs::write(pack.join("cases.tsv"), format!("{HEADER}{}", case("A", "{}", ALL))).unwrap();
    shelf.open("titled").unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn an_old_title_is_said_once_for_a_run() {
    let shelf = Shelf::new();
    let pack = shelf.pack("titled", "");
    for (title, old) in [
        ("notice = \"資格情報のお知らせ\"", true),
        ("notice = \"資格情報のお知らせ\", notice_legal = \"資格情報通知書\"", false),
        ("notice = \"資格情報のお知らせ（資格情報通知書）\", slip = \"資格情報通知書\"", false),
    ] {
        let engine = with_title(&shelf, title);
        let found: Vec<String> = engine.check().found.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), usize::from(old), "{title}: {found:?}");
        assert!(found.iter().all(|line| line.contains("policy.toml:1:1: warning: OLD_TITLE: ")), "{found:?}");
        let second = notice("2025-04-01").replace("Y00001", "Y00002");
        let records = format!("{}\n{second}\n", notice("2025-04-01"));
        let input = Input::bytes(records.clone().into_bytes());
        let options = Options { format: shikaku::record::reader::Format::JsonLines, ..Options::default() };
        let mut said = 0;
        let survey =
            engine.survey(&input, &options, &mut |event| said += usize::from(matches!(event, Event::Run(_)))).unwrap();
        assert_eq!((survey.summary.printed, survey.summary.warned), (2, 0));
        assert_eq!(said, usize::from(old), "{title}");
        if old {
            let folder = product::folder();
            let records = write(folder.path(), "two.jsonl", records);
            let report = folder.path().join("report.jsonl");
            let out = folder.path().join("out.pdf");
            let ran = run(&[
                "render",
                "--pack",
                text(&pack),
                "--input",
                text(&records),
                "--out",
                text(&out),
                "--report",
                text(&report),
            ]);
            assert_eq!(ran.status, Some(0), "{}", ran.stderr);
            assert_eq!(ran.stderr.matches("warning: OLD_TITLE: ").count(), 1, "{}", ran.stderr);
            let lines = json_lines(&fs::read_to_string(report).unwrap());
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert_eq!((&lines[0]["row"], &lines[0]["status"]), (&serde_json::Value::Null, &"run".into()));
            assert_eq!(lines[0]["reasons"], serde_json::json!(["OLD_TITLE"]));
        }
    }
}

// ---- What a run warns of

#[test]
fn a_lost_member_a_paper_for_a_day_and_a_samples_number_are_reported() {
    let shelf = Shelf::new();
    let pack = shelf.pack("warned", "");
    fs::write(pack.join("policy.toml"), format!("{TITLE}{}", eligible("{}", "notice", "ALL"))).unwrap();
    let settings = fs::read_to_string(pack.join("pack.toml")).unwrap();
    fs::write(pack.join("pack.toml"), settings.replace("number = \"06139992\"\nplaceholder_number = true\n", ""))
        .unwrap();
    let engine = shelf.open("warned").unwrap();
    let mut record: serde_json::Value = serde_json::from_str(&notice("2025-04-01")).unwrap();
    record["lost_on"] = "2025-03-31".into();
    record["insurer_number"] = "06139993".into();
    let input = Input::bytes(format!("{record}\n").into_bytes());
    let options = Options { format: shikaku::record::reader::Format::JsonLines, ..Options::default() };
    let mut reasons = Vec::new();
    let survey = engine.survey(&input, &options, &mut |event| {
        if let Event::Record(report) = event {
            reasons.extend(report.reasons.clone());
        }
    });
    assert_eq!(survey.unwrap().summary.warned, 1);
    assert_eq!(reasons, ["INSURER_CHECK_DIGIT", "LOST_BEFORE_ISSUE"]);
}

#[test]
fn no_rule_names_the_empty_field() {
    let shelf = Shelf::new();
    let pack = shelf.pack("asked", "");
    fs::write(pack.join("policy.toml"), format!("{TITLE}{}", eligible("{ requested = \"notice\" }", "notice", "A")))
        .unwrap();
    let engine = shelf.open("asked").unwrap();
    let bare = engine.read_json(&notice("2025-04-01").replace("\"notice\"", "\"\"")).unwrap();
    let report = engine.compose(&bare, &mut Default::default()).unwrap_err();
    assert_eq!((report.reasons[0].as_str(), report.field.as_deref()), ("NO_RULE", Some("requested")));
    let hint = "要求帳票 (requested) is empty or `auto`, and no rule of this pack chooses the paper then: write notice or \
                certificate";
    assert_eq!(report.findings[0].hint.as_deref(), Some(hint));
    let folder = product::folder();
    let input = write(folder.path(), "one.jsonl", notice("2025-04-01").replace("\"notice\"", "\"\"") + "\n");
    let ran = run(&["decide", "--pack", text(&pack), "--input", text(&input), "--explain"]);
    assert!(ran.stdout.ends_with(&format!("  next: {hint}\n")), "{}", ran.stdout);
    let auto = engine.read_json(&notice("2025-04-01").replace("\"notice\"", "\"auto\"")).unwrap();
    let report = engine.compose(&auto, &mut Default::default()).unwrap_err();
    assert_eq!((report.field.as_deref(), report.findings[0].hint.as_deref()), (Some("requested"), Some(hint)));
    let other = engine.read_json(&notice("2025-04-01").replace("\"notice\"", "\"certificate\"")).unwrap();
    let report = engine.compose(&other, &mut Default::default()).unwrap_err();
    assert_eq!(report.field, None);
    assert!(report.findings[0].hint.as_deref().unwrap().starts_with("add a rule to `eligibility`"), "{report}");
}

// ---- The program

#[test]
fn errors_end_check_with_2_and_warnings_do_not() {
    let shelf = Shelf::new();
    let pack = shelf.pack("checked", "");
    fs::write(pack.join("policy.toml"), format!("{TITLE}{}", eligible("{}", "notice", "ALL"))).unwrap();
    let ran = run(&["check", "--pack", text(&pack)]);
    assert_eq!(ran.status, Some(0));
    assert!(ran.stderr.starts_with(&format!("warning: {NO_CASES}\n")), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("pack checked: good, with a warning\n"), "{}", ran.stdout);
    let quiet = run(&["check", "--pack", text(&pack), "--quiet"]);
    assert_eq!((quiet.status, quiet.stdout.as_str(), quiet.stderr.as_str()), (Some(0), "", ""));
    fs::write(pack.join("cases.tsv"), format!("{HEADER}{}", case("A", "{}", &ALL.replace("hidden", "shown")))).unwrap();
    let ran = run(&["check", "--pack", text(&pack), "--quiet"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
    assert!(
        ran.stderr.starts_with("error: case A: expected_last4 is `shown`, the policy gives `hidden`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_list_of_reasons_has_the_packs_own() {
    let all = run(&["schema", "--list", "reasons"]).stdout;
    for code in
        ["GLYPH", "TOO_LONG", "OLD_TITLE", "BRANCH_FORM", "NO_RULE", "REISSUE_APPLICATION_REQUIRED", "CAP_AGE75"]
    {
        assert_eq!(all.lines().filter(|line| line.starts_with(&format!("{code}\t"))).count(), 1, "{code}");
    }
    assert!(!all.contains("CERT_LISTED_GROUND"));
    let own = run(&["schema", "--list", "reasons", "--pack", PACK]).stdout;
    assert!(own.starts_with(&all), "the pack's come behind");
    for code in ["CERT_LISTED_GROUND", "EXP_TRANSITION_FIXED", "L4_INCUMBENT"] {
        assert_eq!(own.lines().filter(|line| line.starts_with(&format!("{code}\t横河電機"))).count(), 1, "{code}");
    }
}

/// A notice that ends and does not say so would be used for ever.
#[test]
fn an_expiry_that_no_side_prints_is_an_error() {
    let shelf = Shelf::new();
    let pack = shelf.pack("silent", "");
    let manifest = fs::read_to_string(pack.join("pack.toml")).unwrap().replace("notice.toml", "portal.toml");
    fs::write(pack.join("pack.toml"), manifest).unwrap();
    for (outcome, silent) in
        [("fixed = 2026-03-31", true), ("none = true", false), ("none = true\ncaps_apply = true", false)]
    {
        let policy = eligible("{}", "notice", "ALL") + &rule("expiry_notice", "{}", outcome, "EXP_DAY");
        fs::write(pack.join("policy.toml"), format!("{TITLE}{policy}")).unwrap();
        let said = shelf.open("silent").err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(said.contains("no side of it prints {{ expiry }}"), silent, "{outcome}: {said}");
    }
}
