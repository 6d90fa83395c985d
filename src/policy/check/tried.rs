//! Which rules and limits the cases of a pack try.

use crate::base::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Place;
use crate::base::facts::Facts;
use crate::base::field::Field;
use crate::base::field::Fields;
use crate::policy::check::boundary::day;
use crate::policy::check::boundary::limits;
use crate::policy::condition::Condition;
use crate::policy::condition::Subject;
use crate::policy::condition::Test;
use crate::policy::decision::Decision;
use crate::policy::decision::Reason;
use crate::policy::expiry;
use crate::policy::given::Given;
use crate::policy::given::number_of;
use crate::policy::model::RuleHead;
use crate::policy::versions::Version;

/// A case that has been decided.
#[derive(Debug)]
pub struct Tried<'p> {
    /// Its record.
    pub facts: Facts,
    /// What the policy said of it.
    pub decision: Decision<'p>,
}

/// Rules that no case reaches, and limits of days and ages without a case on both sides; each a warning. Only the
/// rules that stand in an `own` file are looked at.
pub fn untried(
    version: &Version,
    tried: &[&Tried<'_>],
    own: &dyn Fn(&Place) -> bool,
    fields: &Fields,
) -> Vec<Diagnostic> {
    let policy = version.policy();
    let mut found = Vec::new();
    for rule in policy.heads().filter(|rule| own(rule.place)) {
        if !is_reached(rule.reason, tried) {
            found.push(unreached(&rule.reason.code, rule.place));
        }
        for condition in rule.when {
            found.extend(missing(&rule, condition, tried, fields));
        }
    }
    for reason in policy.reissue.reasons() {
        if let Some(place) = reason.place.as_ref().filter(|place| own(place) && !is_reached(reason, tried)) {
            found.push(unreached(&reason.code, place));
        }
    }
    found
}

/// The first days of versions that no case tries; each needs a case on that day and one on the day before, which the
/// version before serves or none.
pub fn untried_starts(versions: &[Version], issued: &dyn Fn(Date) -> bool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for version in versions {
        let (Some(first), Some(place)) = (version.first(), version.place()) else { continue };
        let days = [first.pred_opt(), Some(first)].into_iter().flatten();
        let lacks: Vec<String> = days.filter(|day| !issued(*day)).map(|day| day.to_string()).collect();
        if !lacks.is_empty() {
            let message = format!("no case is issued on {}, where this version begins", lacks.join(" and "));
            let warning = Diagnostic::warning(message).at(&place.source, place.span.clone());
            found.push(warning.hint("add cases issued on its first day and on the day before"));
        }
    }
    found
}

fn is_reached(reason: &Reason, tried: &[&Tried<'_>]) -> bool {
    tried.iter().any(|case| case.decision.reasons.iter().any(|given| std::ptr::eq(*given, reason)))
}

fn unreached(code: &str, place: &Place) -> Diagnostic {
    let found =
        Diagnostic::warning(format!("no case reaches this rule ({code})")).at(&place.source, place.span.clone());
    found.hint("add a line to cases.tsv with a record that it decides")
}

/// The days at the limits of a condition that no case has. A case counts where the rule's other conditions hold.
fn missing(rule: &RuleHead<'_>, condition: &Condition, tried: &[&Tried<'_>], fields: &Fields) -> Option<Diagnostic> {
    let near: Vec<&Facts> =
        tried.iter().map(|case| &case.facts).filter(|facts| others(rule, condition, facts)).collect();
    let mut lacks: Vec<String> = Vec::new();
    for limit in limits(&condition.test) {
        match (condition.subject, &condition.test) {
            (Subject::Age, _) => lacks.extend(ages(limit, &near)),
            (Subject::Field(field), Test::Days(_)) => lacks.extend(days(field, limit, &near)),
            // A number has no day before it; the rule itself needs a case all the same.
            (Subject::Field(_), _) => {}
        }
    }
    if lacks.is_empty() {
        return None;
    }
    lacks.dedup();
    let what = match condition.subject {
        Subject::Age => "the age".to_owned(),
        Subject::Field(field) => fields.title(field),
    };
    let message = format!("no case tries {what} {} in this rule ({})", lacks.join(", "), rule.reason.code);
    let found = Diagnostic::warning(message).at(&rule.place.source, rule.place.span.clone());
    Some(found.hint("add cases for the day before, the day and the day after, in which its other conditions hold"))
}

/// Whether all conditions but one hold. The issue date and the first day move together, as the one is never after the
/// other: where one of them is tried, the other is not asked.
fn others(rule: &RuleHead<'_>, but: &Condition, facts: &Facts) -> bool {
    let Ok(given) = Given::new(facts) else { return false };
    let is_day = |one: &Condition| matches!(one.subject, Subject::Field(Field::ISSUE_DATE | Field::VALID_FROM));
    let is_asked = |one: &Condition| !(std::ptr::eq(one, but) || is_day(one) && is_day(but));
    let mut rest = rule.when.iter().filter(|condition| is_asked(condition));
    rest.all(|condition| condition.holds(&given) == Ok(true))
}

/// The days around a limit that no case has: both sides of it, and one day further on either side.
fn days(field: Field, limit: i64, near: &[&Facts]) -> Vec<String> {
    let has = |wanted: i64| {
        near.iter().any(|facts| {
            let start = || facts.date(Field::ISSUE_DATE).filter(|_| field == Field::VALID_FROM);
            facts.date(field).or_else(start).is_some_and(|day| number_of(day) == wanted)
        })
    };
    if day(limit).is_none() {
        return Vec::new();
    }
    let mut lacks: Vec<i64> = [limit, limit + 1].into_iter().filter(|wanted| !has(*wanted)).collect();
    if !has(limit - 1) && !has(limit + 2) {
        lacks.push(limit + 2);
    }
    lacks.into_iter().filter_map(day).map(|day| day.to_string()).collect()
}

/// The edges of a birthday that no case has: the first day of validity on the day on which the age is attained, the
/// day before, and one day further on either side.
fn ages(limit: i64, near: &[&Facts]) -> Vec<String> {
    let Ok(age) = u16::try_from(limit + 1) else { return Vec::new() };
    let has = |wanted: i64| {
        near.iter().any(|facts| {
            let start = facts.date(Field::VALID_FROM).or_else(|| facts.date(Field::ISSUE_DATE));
            let attained = facts.date(Field::BIRTH_DATE).and_then(|birth| expiry::attains(birth, age));
            start.zip(attained).is_some_and(|(start, attained)| number_of(start) - number_of(attained) == wanted)
        })
    };
    let mut lacks = Vec::new();
    if !has(-1) {
        lacks.push(format!("on the day before {age} is attained"));
    }
    if !has(0) {
        lacks.push(format!("on the day on which {age} is attained (the eve of the birthday)"));
    }
    if !has(1) && !has(-2) {
        lacks.push(format!("on the day after {age} is attained"));
    }
    lacks
}
