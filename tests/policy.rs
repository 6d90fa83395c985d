//! The policy engine against the decision tables, random records and wrong files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod policy_support;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use shikaku::base::Date;
use shikaku::base::diagnostic::Source;
use shikaku::base::facts::Facts;
use shikaku::base::facts::Value;
use shikaku::base::field::Extra;
use shikaku::base::field::Field;
use shikaku::base::field::Fields;
use shikaku::base::field::Kind;
use shikaku::policy::codes;
use shikaku::policy::decide::DecideError;
use shikaku::policy::decide::decide;
use shikaku::policy::decision::Decision;
use shikaku::policy::decision::Digits;
use shikaku::policy::decision::DigitsPlace;
use shikaku::policy::decision::Document;
use shikaku::policy::decision::Expiry;
use shikaku::policy::decision::Outcome;
use shikaku::policy::expiry;
use shikaku::policy::explain::explain;
use shikaku::policy::model::Policy;
use shikaku::policy::read::read;
use shikaku::policy::versions::Version;

use crate::policy_support::Case;
use crate::policy_support::SYSTEMS;
use crate::policy_support::cases;
use crate::policy_support::chain;
use crate::policy_support::columns;
use crate::policy_support::facts;
use crate::policy_support::files;
use crate::policy_support::policy;
use crate::policy_support::source;

const YOKOGAWA_CASES: &str = "templates/yokogawa/cases.tsv";

fn check(policy: &Policy, case: &Case) {
    let decision = decide(policy, &facts(&case.inputs)).unwrap_or_else(|error| panic!("{}: {error}", case.id));
    let expected = [&case.document, &case.expiry, &case.last4, &case.reasons].map(String::clone);
    assert_eq!(columns(&decision), expected, "{} of {}", case.id, case.system);
}

#[test]
fn every_row_of_the_decision_table() {
    let policies: BTreeMap<&str, Policy> = SYSTEMS.iter().map(|system| (*system, policy(system))).collect();
    let cases = cases("tests/data/decisions.tsv", None);
    assert_eq!(cases.len(), 102);
    for case in &cases {
        check(&policies[case.system.as_str()], case);
    }
    let systems: BTreeSet<&str> = cases.iter().map(|case| case.system.as_str()).collect();
    assert_eq!(systems, SYSTEMS.iter().copied().collect());
}

#[test]
fn every_case_of_yokogawa() {
    let policy = policy("yokogawa");
    for case in cases(YOKOGAWA_CASES, Some("yokogawa")) {
        check(&policy, &case);
    }
}

#[test]
fn the_cases_of_yokogawa_reach_every_rule() {
    let policy = policy("yokogawa");
    let records: Vec<Facts> = cases(YOKOGAWA_CASES, Some("yokogawa")).iter().map(|case| facts(&case.inputs)).collect();
    let decisions: Vec<Decision<'_>> = records.iter().map(|facts| decide(&policy, facts).unwrap()).collect();
    for rule in policy.reasons() {
        let reached =
            decisions.iter().any(|decision| decision.reasons.iter().any(|reason| std::ptr::eq(*reason, rule)));
        assert!(reached, "no case reaches {} of {:?}", rule.code, rule.place.as_ref().map(|at| at.line_and_column()));
    }
}

#[test]
fn the_cases_of_yokogawa_stand_on_both_sides_of_every_day() {
    let policy = policy("yokogawa");
    let cases = cases(YOKOGAWA_CASES, Some("yokogawa"));
    let records: Vec<Facts> = cases.iter().map(|case| facts(&case.inputs)).collect();
    let mut thresholds = policy.thresholds();
    // The start gate, and one day of each kind of the half-year days.
    for day in ["2024-12-02", "2026-06-01", "2026-12-01"] {
        thresholds.insert((Field::ISSUE_DATE, day.parse().unwrap()));
    }
    assert!(thresholds.len() >= 9, "{thresholds:?}");
    for (field, day) in thresholds {
        for day in [day.pred_opt().unwrap(), day, day.succ_opt().unwrap()] {
            assert!(records.iter().any(|facts| facts.date(field) == Some(day)), "no case has {field:?} = {day}");
        }
    }
}

#[test]
fn half_years_of_yokogawa() {
    let policy = policy("yokogawa");
    for line in source("tests/data/yokogawa_halfyear.tsv").text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let record = facts(&serde_json::json!({
            "requested": "certificate", "applied": true, "myna": "lost", "issue_date": cells[0],
        }));
        let decision = decide(&policy, &record).unwrap();
        assert_eq!(decision.expiry.text().as_deref(), Some(cells[1]), "{line}");
    }
}

#[test]
fn fees_applications_and_titles_come_with_the_decision() {
    let policy = policy("casio");
    let reissue = facts(&serde_json::json!({
        "requested": "certificate", "issue_kind": "reissue", "applied": true, "reviewed": true, "myna": "lost",
        "medium": "plastic", "issue_date": "2025-03-01",
    }));
    let decision = decide(&policy, &reissue).unwrap();
    assert_eq!((decision.fee_yen, decision.needs_application), (Some(2000), Some(true)));
    assert_eq!(decision.title, Some("資格確認書"));
    assert_eq!(decision.outcome(), Outcome::Printed);
    let regular = facts(&serde_json::json!({"requested": "notice", "issue_date": "2025-03-01"}));
    let decision = decide(&policy, &regular).unwrap();
    assert_eq!((decision.fee_yen, decision.needs_application), (None, None));
    assert_eq!(decision.title, Some("資格情報のお知らせ"));
}

/// A rule of eligibility informs: the record's `applied` is what its conditions ask, and the reissue table speaks
/// first where both do.
#[test]
fn a_first_paper_may_need_an_application_and_a_fee() {
    let policy = inline(
        r#"
        reissue.certificate = { allowed = true, fee_yen = 2000, reason = "AGAIN", src = "test" }
        [[eligibility]]
        when = { applied = false }
        document = "none"
        needs_application = true
        reason = "NOT_APPLIED"
        src = "test"
        [[eligibility]]
        when = {}
        document = "certificate"
        needs_application = true
        fee_yen = 300
        reason = "APPLIED"
        src = "test"
        [[expiry_certificate]]
        when = { issue_date = { le = 2025-12-01 } }
        fixed = 2025-12-01
        reason = "EXP"
        src = "test"
        "#,
        &Fields::default(),
    );
    let policy = Version::new(None, None, policy);
    let charged = |inputs: serde_json::Value| {
        let record = facts(&inputs);
        let decision = decide(policy.policy(), &record).unwrap();
        let text = explain(Some(&policy), &decision, &Fields::default());
        (decision.codes(), decision.needs_application, decision.fee_yen, text)
    };
    let (codes, needed, fee, text) = charged(serde_json::json!({"issue_date": "2025-03-01"}));
    assert_eq!((codes.as_str(), needed, fee), ("NOT_APPLIED", Some(true), None));
    assert!(text.contains("application (申請): needed\nfee (手数料): not stated\n"), "{text}");
    let (_, needed, fee, text) = charged(serde_json::json!({"issue_date": "2025-03-01", "applied": true}));
    assert_eq!((needed, fee), (Some(true), Some(300)));
    assert!(text.contains("fee (手数料): 300 yen\n"), "{text}");
    let (_, needed, fee, _) = charged(serde_json::json!({
        "requested": "certificate", "issue_kind": "reissue", "issue_date": "2025-03-01", "applied": true,
    }));
    assert_eq!((needed, fee), (Some(true), Some(2000)));
    let (codes, needed, fee, _) = charged(serde_json::json!({"issue_date": "2026-03-01", "applied": true}));
    assert_eq!((codes.as_str(), needed, fee), ("ERR_NO_EXPIRY_RULE", None, None), "an error states nothing");
}

#[test]
fn a_run_knows_how_to_treat_each_decision() {
    let policies: BTreeMap<&str, Policy> = SYSTEMS.iter().map(|system| (*system, policy(system))).collect();
    for case in cases("tests/data/decisions.tsv", None) {
        let facts = facts(&case.inputs);
        let outcome = decide(&policies[case.system.as_str()], &facts).unwrap().outcome();
        let expected = match (case.document.as_str(), case.expiry.as_str(), case.reasons.as_str()) {
            ("hold", _, _) | (_, "UNSPECIFIED", _) => Outcome::Held,
            ("none", _, "NO_RULE") => Outcome::Rejected,
            ("none", _, reasons) if reasons.starts_with("ERR_") => Outcome::Rejected,
            ("none", _, _) => Outcome::None,
            (_, _, _) => Outcome::Printed,
        };
        assert_eq!(outcome, expected, "{}", case.id);
    }
}

#[test]
fn a_missing_field_is_named_only_when_it_is_read() {
    let kokuho = policy("kokuho-annual");
    let without_birth = facts(&serde_json::json!({"myna": "no_card", "issue_date": "2025-08-01"}));
    assert_eq!(decide(&kokuho, &without_birth), Err(DecideError::Needs(Field::BIRTH_DATE)));
    let kamagaya = policy("kamagaya");
    let holder = facts(&serde_json::json!({"myna": "usable", "issue_date": "2025-08-01"}));
    assert_eq!(decide(&kamagaya, &holder).unwrap().document, Document::Notice, "no rule asks for the age here");
    let changed = facts(&serde_json::json!({
        "myna": "usable", "issue_kind": "ratio_change", "issue_date": "2025-08-01",
    }));
    assert_eq!(decide(&kamagaya, &changed), Err(DecideError::Needs(Field::BIRTH_DATE)));
    let yokogawa = policy("yokogawa");
    let undated = facts(&serde_json::json!({"requested": "certificate", "applied": true, "myna": "lost"}));
    assert_eq!(decide(&yokogawa, &undated), Err(DecideError::Needs(Field::ISSUE_DATE)));
    let notice = facts(&serde_json::json!({"requested": "notice"}));
    assert_eq!(decide(&yokogawa, &notice).unwrap().document, Document::Notice);
    let backwards = facts(&serde_json::json!({
        "requested": "notice", "issue_date": "2025-08-01", "valid_from": "2025-07-31",
    }));
    assert_eq!(decide(&yokogawa, &backwards), Err(DecideError::StartBeforeIssue));
    let huge = facts(&serde_json::json!({
        "requested": "certificate", "applied": true, "reviewed": true, "myna": "lost", "medium": "paper",
        "paper_months": 4_000_000_000_u32, "issue_date": "2025-08-01",
    }));
    assert_eq!(decide(&policy("casio"), &huge), Err(DecideError::BeyondCalendar));
}

fn inline(text: &str, fields: &Fields) -> Policy {
    let own = Arc::new(Source { name: "own.toml".into(), text: text.into() });
    read(&[own, source("templates/base/policy.toml")], fields).unwrap_or_else(|errors| panic!("{errors:?}"))
}

#[test]
fn last4_is_inherited_key_by_key_and_asks_the_oldest_ancestor_last() {
    let fields = Fields::default();
    let policy = inline(
        r#"
        [[eligibility]]
        when = {}
        document = "notice"
        reason = "ALL"
        src = "test"
        [last4]
        place = "body"
        [[last4.rule]]
        when = { issue_kind = "campaign", last4 = { is = "set" } }
        show = true
        reason = "L4_CAMPAIGN"
        src = "test"
        "#,
        &fields,
    );
    let campaign = facts(&serde_json::json!({"issue_kind": "campaign", "last4": "0001"}));
    assert_eq!(decide(&policy, &campaign).unwrap().digits, Digits::Shown(DigitsPlace::Body));
    let regular = facts(&serde_json::json!({"last4": "0001"}));
    assert_eq!(decide(&policy, &regular).unwrap().codes(), "ALL+EXP_NONE_NOTICE+L4_NOT_STATED");
    assert_eq!(
        policy.fields_read().into_iter().collect::<Vec<_>>(),
        [
            Field::REQUESTED,
            Field::ISSUE_KIND,
            Field::ISSUE_DATE,
            Field::VALID_FROM,
            Field::LAST4,
            Field::LAST4_VERIFIED
        ]
    );
}

#[test]
fn a_pack_may_ask_for_its_own_fields_and_never_print_digits_on_a_notice() {
    let fields = Fields::new(vec![Extra { name: "section".into(), label: "所属".into(), kind: Kind::Text }]);
    let policy = inline(
        r#"
        [[eligibility]]
        when = { section = ["A", "B"] }
        document = "notice"
        reason = "SECTION"
        src = "test"
        [last4]
        never_on = ["certificate", "notice"]
        "#,
        &fields,
    );
    let mut record = Facts::new(&fields);
    assert_eq!(decide(&policy, &record).unwrap().codes(), "NO_RULE");
    record.set(fields.find("section").unwrap(), Value::Text("B"));
    assert_eq!(decide(&policy, &record).unwrap().codes(), "SECTION+EXP_NONE_NOTICE+L4_NEVER_ON_NOTICE");
}

#[test]
fn the_cap_whose_code_sorts_first_is_named() {
    let policy = inline(
        r#"
        [[eligibility]]
        when = {}
        document = "certificate"
        reason = "ALL"
        src = "test"
        [[expiry_certificate]]
        when = {}
        period = { years = 1, months = 6 }
        reason = "EXP"
        src = "test"
        [caps]
        residence_plus_one = true
        disability_book = true
        "#,
        &Fields::default(),
    );
    let capped = |residence: &str| {
        let record = facts(&serde_json::json!({
            "issue_date": "2025-08-01", "residence_until": residence, "disability_until": "2027-01-31",
        }));
        decide(&policy, &record).unwrap().codes()
    };
    assert_eq!(capped("2027-01-30"), "ALL+EXP+L4_NEVER_ON_CERTIFICATE", "on the computed day no cap is named");
    assert_eq!(capped("2027-01-29"), "ALL+EXP+CAP_RESIDENCE+L4_NEVER_ON_CERTIFICATE");
    let both = facts(&serde_json::json!({
        "issue_date": "2025-08-01", "residence_until": "2026-03-30", "disability_until": "2026-03-31",
    }));
    assert_eq!(decide(&policy, &both).unwrap().codes(), "ALL+EXP+CAP_DISABILITY_BOOK+L4_NEVER_ON_CERTIFICATE");
}

/// A policy that gives everybody a certificate with this expiry and these caps.
fn certificate(expiry: &str, caps: &str) -> Policy {
    let text = format!(
        "[[eligibility]]\nwhen = {{}}\ndocument = \"certificate\"\nreason = \"ALL\"\nsrc = \"test\"\n\
         [[expiry_certificate]]\nwhen = {{}}\n{expiry}\nreason = \"EXP\"\nsrc = \"test\"\n[caps]\n{caps}\n"
    );
    inline(&text, &Fields::default())
}

/// ブラザー健康保険組合 (brother-kenpo.jp): to 12/31, at most five years.
#[test]
fn five_years_cut_back_to_the_end_of_a_year() {
    let policy = certificate(r#"period = { years = 5, floor = "12-31" }"#, "");
    for (issued, last) in [
        ("2024-12-30", "2028-12-31"),
        ("2024-12-31", "2028-12-31"),
        ("2025-01-01", "2029-12-31"),
        ("2025-01-02", "2029-12-31"),
        ("2028-02-29", "2032-12-31"),
        ("2029-12-31", "2033-12-31"),
    ] {
        let record = facts(&serde_json::json!({"issue_date": issued}));
        assert_eq!(decide(&policy, &record).unwrap().expiry.text().as_deref(), Some(last), "{issued}");
    }
    let short = certificate(r#"period = { months = 3, floor = "12-31" }"#, "");
    for (issued, codes) in [
        ("2025-09-30", "ERR_EXPIRY_BEFORE_ISSUE"),
        ("2025-10-01", "ALL+EXP+L4_NEVER_ON_CERTIFICATE"),
        ("2025-12-31", "ALL+EXP+WARN_EXPIRES_ON_ISSUE_DAY+L4_NEVER_ON_CERTIFICATE"),
        ("2026-01-01", "ERR_EXPIRY_BEFORE_ISSUE"),
    ] {
        let record = facts(&serde_json::json!({"issue_date": issued}));
        assert_eq!(decide(&short, &record).unwrap().codes(), codes, "{issued}");
    }
}

/// 港区 (minato 20210917): renewed on 10/1, so each certificate ends on 9/30.
#[test]
fn renewal_on_the_first_of_october() {
    let policy = certificate(r#"annual = { month_day = "09-30", cycle_years = 1 }"#, "");
    for (issued, last) in [
        ("2025-09-29", "2025-09-30"),
        ("2025-09-30", "2025-09-30"),
        ("2025-10-01", "2026-09-30"),
        ("2028-02-29", "2028-09-30"),
    ] {
        let record = facts(&serde_json::json!({"issue_date": issued}));
        assert_eq!(decide(&policy, &record).unwrap().expiry.text().as_deref(), Some(last), "{issued}");
    }
}

/// 中野区 (FAQ 976140002): two months more while an application for residence runs.
#[test]
fn a_pending_residence_application_adds_two_months() {
    let policy = certificate(
        r#"annual = { month_day = "07-31", cycle_years = 1 }"#,
        "residence_plus_one = true\nresidence_pending_months = 2",
    );
    let capped = |until: &str, pending: Option<bool>| {
        let mut record = facts(&serde_json::json!({"issue_date": "2027-08-01", "residence_until": until}));
        if let Some(pending) = pending {
            record.set(Field::RESIDENCE_PENDING, Value::Flag(pending));
        }
        let decision = decide(&policy, &record).unwrap();
        (decision.expiry.text().unwrap().into_owned(), decision.codes().contains("CAP_RESIDENCE_PENDING"))
    };
    for (until, last) in [
        ("2028-01-30", "2028-03-30"),
        ("2028-01-31", "2028-03-31"),
        ("2028-02-01", "2028-04-01"),
        ("2028-02-28", "2028-04-28"),
        ("2028-02-29", "2028-04-30"),
        ("2028-03-01", "2028-05-01"),
        ("2027-12-30", "2028-02-29"),
        ("2027-12-31", "2028-02-29"),
        ("2028-05-29", "2028-07-29"),
        ("2028-05-30", "2028-07-30"),
    ] {
        assert_eq!(capped(until, Some(true)), (last.to_owned(), true), "{until}");
    }
    assert_eq!(capped("2028-05-31", Some(true)), ("2028-07-31".to_owned(), false), "the computed day is as early");
    assert_eq!(capped("2028-06-01", Some(true)), ("2028-07-31".to_owned(), false), "the computed day is earlier");
    for pending in [Some(false), None] {
        assert_eq!(capped("2028-02-29", pending), ("2028-03-01".to_owned(), false));
    }
    let undated = facts(&serde_json::json!({"issue_date": "2027-08-01", "residence_pending": true}));
    assert_eq!(decide(&policy, &undated), Err(DecideError::Needs(Field::RESIDENCE_UNTIL)));
    let without = certificate("fixed = 2028-07-31", "residence_plus_one = true");
    assert_eq!(decide(&without, &undated).unwrap().codes(), "ALL+EXP+L4_NEVER_ON_CERTIFICATE");
    assert!(policy.fields_read().contains(&Field::RESIDENCE_PENDING));
    assert!(!without.fields_read().contains(&Field::RESIDENCE_PENDING));
}

#[test]
fn an_explanation_names_rule_and_source_and_no_value_of_the_record() {
    let policy = Version::new(None, None, policy("yokogawa"));
    let record = facts(&serde_json::json!({
        "requested": "certificate", "applied": true, "myna": "needs_assistance", "issue_date": "2026-07-25",
        "birth_date": "1970-03-04", "name": "見本 花子",
    }));
    let decision = decide(policy.policy(), &record).unwrap();
    let text = explain(Some(&policy), &decision, &Fields::default());
    for expected in [
        "document: certificate (資格確認書)\n",
        "expiry (有効期限): 2026-12-01, the last valid day\n",
        "CERT_LISTED_GROUND: rule in templates/yokogawa/policy.toml, line ",
        "  asks: 要求帳票 (requested), マイナ保険証状態 (myna)\n",
        "  source: 横河電機健康保険組合, マイナ保険証について (令和6年10月), 資格確認書②",
        "L4_NEVER_ON_CERTIFICATE: holds in every policy\n",
    ] {
        assert!(text.contains(expected), "{expected}\n{text}");
    }
    for value in ["needs_assistance", "2026-07-25", "1970-03-04", "花子"] {
        assert!(!text.contains(value), "{value}\n{text}");
    }
}

#[test]
fn codes_are_unique_and_their_kinds_known() {
    let all: Vec<&str> = codes::all().map(|reason| reason.code.as_ref()).collect();
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    for system in SYSTEMS {
        for reason in policy(system).reasons() {
            assert!(!codes::is_reserved(&reason.code), "{system}: {}", reason.code);
            assert!(!reason.source.contains('「'), "{system}: {} copies its source", reason.code);
        }
    }
}

/// Each wrong file tells in its last lines what must be said of it: `#~ line:column: error: …`.
#[test]
fn wrong_files_are_told_with_their_places() {
    let base = source("templates/base/policy.toml");
    let names = files("tests/data/policy_errors");
    assert!(names.len() >= 8);
    let mut differences = Vec::new();
    for name in names {
        let own = source(&name);
        let expected: Vec<String> =
            own.text.lines().filter_map(|line| line.strip_prefix("#~ ")).map(|line| format!("{name}:{line}")).collect();
        let errors = read(&[own, Arc::clone(&base)], &Fields::default()).expect_err(&name);
        let found: Vec<String> = errors.iter().map(ToString::to_string).collect();
        if found != expected {
            differences.push(format!("{name} gives\n{}", found.join("\n").replace(&format!("{name}:"), "#~ ")));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Rules that overlap an earlier one, or are wider than it, are reached by some record.
#[test]
fn rules_that_only_overlap_are_kept() {
    let conditions = [
        r#"{ myna = ["usable", "no_card"] }"#,
        r#"{ myna = ["no_card", "lost"] }"#,
        r#"{ myna = "returned", applied = true }"#,
        r#"{ applied = true }"#,
        r#"{ issue_date = { ge = 2025-01-01, le = 2025-06-30 } }"#,
        r#"{ issue_date = { ge = 2025-06-30 } }"#,
        r#"{ paper_months = [1, 3] }"#,
        r#"{ paper_months = { ge = 1, le = 3 } }"#,
        r#"{ insurer_number = "A" }"#,
        r#"{ insurer_number = ["A", "B"] }"#,
        r#"{ insurer_number = { is = "set" } }"#,
        r#"{ age = { lt = 70 } }"#,
        r#"{ age = { lt = 71 } }"#,
        "{}",
    ];
    let rules = conditions
        .map(|when| format!("[[eligibility]]\nwhen = {when}\ndocument = \"notice\"\nreason = \"A\"\nsrc = \"test\"\n"));
    assert_eq!(inline(&rules.concat(), &Fields::default()).reasons().count(), conditions.len() + 1);
}

#[test]
fn a_policy_without_the_legal_limits_is_refused() {
    let own = Arc::new(Source { name: "own.toml".into(), text: "system_start = 2024-12-02\n".into() });
    let errors = read(&[own], &Fields::default()).unwrap_err();
    let expected = "own.toml:1:1: error: no `max_certificate_years` in the policy or in one that it inherits from \
                    (inherit from the pack `base`, which has it)";
    assert_eq!(errors[0].to_string(), expected);
    assert!(read(&chain("base"), &Fields::default()).is_ok());
}

fn some_date() -> impl Strategy<Value = Date> {
    let near = prop::sample::select(vec!["2024-12-01", "2025-07-31", "2025-12-01", "2026-07-31", "2029-11-30"]);
    let around = (near, -3_i64..4).prop_map(|(day, offset)| {
        let day: Date = day.parse().unwrap();
        day + chrono::Duration::days(offset)
    });
    let anywhere = (1930_i32..2045, 1_u32..366).prop_map(|(year, day)| Date::from_yo_opt(year, day).unwrap());
    prop_oneof![around, anywhere]
}

fn some_facts() -> impl Strategy<Value = Facts> {
    let fields = Fields::default();
    let mut choices: Vec<BoxedStrategy<(Field, Cell)>> = Vec::new();
    for field in Fields::default().iter() {
        let cell = match fields.kind(field) {
            Kind::Text => Just(Cell::Text).boxed(),
            Kind::Date => some_date().prop_map(Cell::Date).boxed(),
            Kind::Flag => any::<bool>().prop_map(Cell::Flag).boxed(),
            Kind::Integer => (0_u32..80).prop_map(Cell::Integer).boxed(),
            Kind::Choice(words) => prop::sample::select(words).prop_map(Cell::Choice).boxed(),
        };
        choices.push((Just(field), prop_oneof![2 => Just(Cell::Absent), 3 => cell]).boxed());
    }
    choices.prop_map(|cells| {
        let mut facts = Facts::new(&Fields::default());
        for (field, cell) in cells {
            match cell {
                Cell::Absent => facts.remove(field),
                Cell::Text => facts.set(field, Value::Text("0001")),
                Cell::Date(date) => facts.set(field, Value::Date(date)),
                Cell::Flag(flag) => facts.set(field, Value::Flag(flag)),
                Cell::Integer(number) => facts.set(field, Value::Integer(number)),
                Cell::Choice(word) => facts.set(field, Value::Choice(word)),
            }
        }
        facts
    })
}

#[derive(Clone, Copy, Debug)]
enum Cell {
    Absent,
    Text,
    Date(Date),
    Flag(bool),
    Integer(u32),
    Choice(&'static str),
}

fn promises(policy: &Policy, facts: &Facts) {
    let decision = decide(policy, facts);
    assert_eq!(decision, decide(policy, facts), "deciding twice");
    let Ok(decision) = decision else { return };
    let issued = facts.date(Field::ISSUE_DATE);
    let start = facts.date(Field::VALID_FROM).or(issued);
    if let Expiry::On(last) = decision.expiry {
        assert!(start.is_some_and(|start| start <= last), "expiry before the first day");
        assert!(issued.is_none_or(|issued| issued <= last), "expiry before the issue date");
        if decision.document == Document::Certificate {
            assert!(start.and_then(|start| expiry::period(start, 60)).is_some_and(|limit| last <= limit), "five years");
        }
    }
    let shown = matches!(decision.digits, Digits::Shown(_));
    match decision.document {
        Document::Certificate => {
            assert!(!shown, "digits on a certificate");
            assert!(issued.is_some_and(|day| day >= "2024-12-02".parse().unwrap()), "before the system started");
            assert!(matches!(decision.expiry, Expiry::On(_) | Expiry::Unspecified), "a certificate without expiry");
        }
        Document::Notice => assert!(decision.reasons.len() >= 3),
        Document::None | Document::Hold => {
            assert_eq!((decision.expiry, decision.digits), (Expiry::NotApplicable, Digits::NotApplicable));
            assert_eq!(decision.reasons.len(), 1, "the reason alone");
        }
    }
    if shown {
        assert!(facts.has(Field::LAST4), "digits that are not there");
        assert_ne!(facts.flag(Field::LAST4_VERIFIED), Some(false), "digits in doubt");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn promises_hold_for_any_record(facts in some_facts()) {
        thread_local! {
            static POLICIES: Vec<Policy> = SYSTEMS.iter().map(|system| policy(system)).collect();
        }
        POLICIES.with(|policies| policies.iter().for_each(|policy| promises(policy, &facts)));
    }
}
