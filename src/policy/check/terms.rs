//! Certificates that would be valid for longer than the law allows, found before one is issued.

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::base::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::facts::Facts;
use crate::base::facts::Value;
use crate::base::field::Field;
use crate::policy::check::boundary::days;
use crate::policy::condition::Condition;
use crate::policy::condition::Subject;
use crate::policy::decide::computed;
use crate::policy::expiry;
use crate::policy::expiry::MonthDay;
use crate::policy::given::Given;
use crate::policy::model::Floor;
use crate::policy::model::Rule;
use crate::policy::model::Shape;
use crate::policy::versions::Version;

/// Years of which every day of a shape is tried: two leap years and all cycles up to their length.
const YEARS: i32 = 9;

/// Rules of `expiry_certificate` that pass the limit for some first day, or end before it. Each is tried on the days
/// that matter to it: its own limits, the days of the year that it names, and 29 February.
pub(super) fn too_long(version: &Version) -> Vec<Diagnostic> {
    let rules = &version.policy().expiry_certificate;
    let complain = |(index, rule): (usize, &Rule<Shape>)| complaint(version, rules.get(..index)?, rule);
    rules.iter().enumerate().filter_map(complain).collect()
}

fn complaint(version: &Version, earlier: &[Rule<Shape>], rule: &Rule<Shape>) -> Option<Diagnostic> {
    let policy = version.policy();
    let starts = starts(version, rule);
    let mut facts = Facts::default();
    for issue in &starts {
        facts.set(Field::ISSUE_DATE, Value::Date(*issue));
        for start in starts.range(issue..) {
            facts.set(Field::VALID_FROM, Value::Date(*start));
            let Ok(given) = Given::new(&facts) else { continue };
            if !may_hold(rule, &given) || earlier.iter().any(|rule| always_holds(rule, &given)) {
                continue;
            }
            let Ok(Some(last)) = computed(&rule.then, &given) else { continue };
            let limit = expiry::period(*start, policy.max_certificate_years * 12)?;
            if last > limit {
                let years = policy.max_certificate_years;
                let message = format!(
                    "a certificate valid from {start} would end on {last}; {years} years, the most that is allowed, \
                     end on {limit}"
                );
                let found = Diagnostic::error(message).at(&rule.place.source, rule.place.span.clone());
                return Some(found.hint("shorten it, or bound issue_date in the rule's `when`"));
            }
            if last < *start && matches!(rule.then, Shape::Period { .. }) {
                let message =
                    format!("a certificate valid from {start} would be cut back to {last}, before its first day");
                let found = Diagnostic::warning(message).at(&rule.place.source, rule.place.span.clone());
                return Some(
                    found.hint("such a record is rejected; let the period be longer than what `floor` cuts off"),
                );
            }
        }
    }
    None
}

/// Whether the rule can hold on these days, whatever else it asks.
fn may_hold(rule: &Rule<Shape>, given: &Given<'_>) -> bool {
    rule.when.iter().filter(|condition| is_of_days(condition)).all(|condition| condition.holds(given) == Ok(true))
}

/// Whether the rule holds on these days for every record.
fn always_holds(rule: &Rule<Shape>, given: &Given<'_>) -> bool {
    rule.when.iter().all(|condition| is_of_days(condition) && condition.holds(given) == Ok(true))
}

fn is_of_days(condition: &Condition) -> bool {
    matches!(condition.subject, Subject::Field(Field::ISSUE_DATE | Field::VALID_FROM))
}

/// The days on which a rule is tried, as far as the version serves them.
fn starts(version: &Version, rule: &Rule<Shape>) -> BTreeSet<Date> {
    let policy = version.policy();
    let tests: Vec<_> =
        rule.when.iter().filter(|condition| is_of_days(condition)).map(|condition| &condition.test).collect();
    let mut starts = days(&tests);
    let first = version.first().map_or(policy.system_start, |first| first.max(policy.system_start));
    starts.insert(first);
    for year in first.year()..=first.year() + YEARS {
        for day in days_of_year(&rule.then) {
            let day = expiry::next_annual(Date::from_ymd_opt(year, 1, 1).unwrap_or(first), day, 1, 0);
            starts.extend(day.into_iter().flat_map(|day| [day.pred_opt(), Some(day), day.succ_opt()]).flatten());
        }
        starts.extend(Date::from_ymd_opt(year, 2, 29));
    }
    starts.retain(|start| first <= *start && version.last().is_none_or(|last| *start <= last));
    starts
}

/// The days of the year that a shape names.
fn days_of_year(shape: &Shape) -> Vec<MonthDay> {
    match shape {
        Shape::Anchors { month_days, .. } => month_days.clone(),
        Shape::Annual(annual) => vec![annual.month_day],
        Shape::Period { floor: Some(Floor::MonthDay(day)), .. } => vec![*day],
        Shape::Period { floor: Some(Floor::MonthEnd) | None, .. }
        | Shape::Fixed(_)
        | Shape::Never(_)
        | Shape::Unspecified => Vec::new(),
    }
}
