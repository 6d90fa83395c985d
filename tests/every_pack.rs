//! Every pack under `templates/`: its cases reach all of its rules and stand on both sides of every day, its sample
//! prints, and nothing of `refused.csv` does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[allow(dead_code, reason = "the tests of the policy engine use the rest")]
mod policy_support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use chrono::{Datelike, Days};
use shikaku::base::Date;
use shikaku::base::facts::Facts;
use shikaku::base::field::Field;
use shikaku::pack::Pack;
use shikaku::policy::decision::Document;
use shikaku::policy::expiry::{attains, month_end};
use shikaku::policy::model::Policy;

use crate::policy_support::{Case, cases, facts_with};

const KOKUHO: [&str; 2] = ["kokuho-annual", "kokuho-biennial"];

/// The packs with cases.
fn names() -> Vec<String> {
    let folders = fs::read_dir("templates").unwrap().map(|entry| entry.unwrap());
    let with_cases = folders.filter(|folder| folder.path().join("cases.tsv").is_file());
    let mut names: Vec<String> = with_cases.map(|folder| folder.file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() >= 5, "{names:?}");
    names
}

fn pack(name: &str) -> Pack {
    shikaku::pack::load(&Path::new("templates").join(name), None).unwrap_or_else(|errors| panic!("{name}: {errors:?}"))
}

/// The versions of its policy.
fn policies(pack: &Pack) -> impl Iterator<Item = &Policy> {
    pack.policies.versions().iter().map(|version| version.policy())
}

fn cases_of(name: &str) -> Vec<Case> {
    cases(&format!("templates/{name}/cases.tsv"), Some(name))
}

fn records(name: &str) -> Vec<Facts> {
    let fields = pack(name).fields;
    cases_of(name).iter().map(|case| facts_with(&case.inputs, &fields)).collect()
}

/// The first day of validity.
fn start(facts: &Facts) -> Option<Date> {
    facts.date(Field::VALID_FROM).or_else(|| facts.date(Field::ISSUE_DATE))
}

/// The day before, the day, the day after.
fn around(day: Date) -> [Date; 3] {
    [day.pred_opt().unwrap(), day, day.succ_opt().unwrap()]
}

#[test]
fn the_cases_reach_every_rule() {
    for name in names() {
        let pack = pack(&name);
        let records = records(&name);
        let decisions: Vec<_> = records.iter().map(|facts| pack.policies.decide(facts).unwrap()).collect();
        // The last rule about the digits is that of `base`, which asks nothing of packs without notices.
        let notices = decisions.iter().any(|decision| decision.document == Document::Notice);
        for rule in policies(&pack).flat_map(Policy::reasons).filter(|rule| notices || rule.code != "L4_NOT_STATED") {
            let reached =
                decisions.iter().any(|decision| decision.reasons.iter().any(|reason| std::ptr::eq(*reason, rule)));
            let place = rule.place.as_ref().map(|place| place.line_and_column());
            assert!(reached, "{name}: no case reaches {} of {place:?}", rule.code);
        }
    }
}

#[test]
fn the_cases_stand_on_both_sides_of_every_day() {
    for name in names() {
        let records = records(&name);
        for (field, day) in policies(&pack(&name)).flat_map(Policy::thresholds) {
            for day in around(day) {
                assert!(
                    records.iter().any(|facts| facts.date(field) == Some(day)),
                    "{name}: no case has {field:?} = {day}"
                );
            }
        }
    }
}

/// The years of 国保 and 後期 end on 7/31: cases begin on that day, on the eve and on the day after.
#[test]
fn the_cases_stand_around_the_end_of_the_year() {
    for name in KOKUHO.into_iter().chain(["kouki"]) {
        let starts: BTreeSet<Date> = records(name).iter().filter_map(start).collect();
        for day in ["07-30", "07-31", "08-01"] {
            assert!(
                starts.iter().any(|start| start.format("%m-%d").to_string() == day),
                "{name}: none begins on {day}"
            );
        }
    }
}

/// Where a rule asks for the age of 70, cases begin on the day on which it is attained, on its eve and on the day
/// after.
#[test]
fn the_cases_stand_around_the_age_of_70() {
    for name in KOKUHO.into_iter().chain(["kamagaya"]) {
        assert_near(name, "70", |facts| attains(facts.date(Field::BIRTH_DATE)?, 70));
    }
}

#[test]
fn the_cases_stand_around_every_cap() {
    for name in KOKUHO {
        let birth = |facts: &Facts| facts.date(Field::BIRTH_DATE);
        assert_near(name, "the month of 70", |facts| month_end(attains(birth(facts)?, 70)?));
        let first = |facts: &Facts| birth(facts).filter(|birth| birth.day() == 1);
        assert_near(name, "70 of those born on the 1st", |facts| month_end(attains(first(facts)?, 70)?));
        assert_near(name, "the eve of 75", |facts| attains(birth(facts)?, 75));
        let leap = |facts: &Facts| birth(facts).filter(|birth| (birth.month(), birth.day()) == (2, 29));
        assert_near(name, "the eve of 75 of those born on 29 February", |facts| attains(leap(facts)?, 75));
        assert_near(name, "residence", |facts| facts.date(Field::RESIDENCE_UNTIL)?.succ_opt());
        assert_near(name, "studies", |facts| facts.date(Field::STUDENT_UNTIL));
    }
    assert_near("kouki", "the 手帳", |facts| facts.date(Field::DISABILITY_UNTIL));
}

/// Some case begins on the day, some on its eve, some on the day after.
fn assert_near(name: &str, what: &str, day: impl Fn(&Facts) -> Option<Date>) {
    let records = records(name);
    for offset in 0..3 {
        let begins = |facts: &Facts| {
            let eve = day(facts)?.pred_opt()?;
            Some(start(facts)? == eve.checked_add_days(Days::new(offset))?)
        };
        assert!(records.iter().any(|facts| begins(facts) == Some(true)), "{name}: {what}, {offset} days after its eve");
    }
}

/// 鎌ケ谷市 names no expiry: that of another municipality must never reach its papers.
#[test]
fn kamagaya_has_no_expiry_of_another_municipality() {
    for facts in records("kamagaya") {
        let pack = pack("kamagaya");
        let decision = pack.policies.decide(&facts).unwrap();
        let codes = decision.codes();
        assert!(!codes.contains("CAP_") && !codes.contains("0731"), "{codes}");
        let expiry = decision.expiry.text();
        assert!(matches!(expiry.as_deref(), None | Some("none" | "unspecified")), "{expiry:?}");
    }
}

/// The summary of `shikaku check`, and its status.
fn check(name: &str, file: &str) -> (Option<i32>, String) {
    let folder = Path::new("templates").join(name);
    let mut command = Command::new(env!("CARGO_BIN_EXE_shikaku"));
    let run = command.arg("check").arg("--pack").arg(&folder).arg("--input").arg(folder.join(file)).output().unwrap();
    let said = String::from_utf8(run.stderr).unwrap() + &String::from_utf8(run.stdout).unwrap();
    let summary = said.lines().find(|line| line.contains(" records: ")).unwrap_or_else(|| panic!("{name}: {said}"));
    (run.status.code(), summary.to_owned())
}

#[test]
fn samples_print_and_refused_records_do_not() {
    for name in names() {
        let (status, summary) = check(&name, "sample.csv");
        assert_eq!(status, Some(0), "{name}: {summary}");
        assert!(!summary.contains(": 0 printed"), "{name}: {summary}");
        let (status, summary) = check(&name, "refused.csv");
        assert_eq!(status, Some(1), "{name}: {summary}");
        assert!(summary.contains(": 0 printed") && summary.contains(" 0 lawfully not printed"), "{name}: {summary}");
    }
}
