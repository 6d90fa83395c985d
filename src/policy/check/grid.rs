//! Rules that several earlier ones hide together, and conditions that contradict each other.
//!
//! The conditions of a list cut the values of each field into a few classes: the words that it names and the others,
//! the days on both sides of each limit, absent. One value of each class stands for all of it, so trying every
//! combination tries every record. The issue date, the first day, the date of birth and the age hang together and are
//! tried as one.

use std::collections::BTreeSet;

use chrono::Datelike;

use crate::base::Date;
use crate::base::diagnostic::Diagnostic;
use crate::base::facts::Facts;
use crate::base::facts::Value;
use crate::base::field::Field;
use crate::policy::check::boundary::days;
use crate::policy::check::boundary::numbers;
use crate::policy::condition::Condition;
use crate::policy::condition::Subject;
use crate::policy::condition::Test;
use crate::policy::expiry;
use crate::policy::given::Given;
use crate::policy::model::RuleHead;

/// So many combinations are tried; a list that has more is only held against one earlier rule at a time, when the
/// pack is opened.
const MOST: usize = 200_000;

/// So many combinations of days are tried, for the same reason.
const MOST_DAYS: usize = 2_000_000;

/// What a rule's conditions say of a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    Yes,
    No,
    /// It cannot be asked: the age of a person without a date of birth.
    Undecided,
}

/// The classes of values of fields that hang together: what each rule says of each class.
type Axis = BTreeSet<Vec<Says>>;

/// What the combinations say of one rule.
#[derive(Clone, Default)]
struct Seen {
    holds: bool,
    reached: bool,
    /// The earlier rules that won where it holds.
    before: BTreeSet<usize>,
}

/// The rules of one list that no record reaches; none is asked for an issue date before `first_issue`.
pub(super) fn unreached(rules: &[RuleHead<'_>], first_issue: Option<Date>) -> Vec<Diagnostic> {
    let Some(axes) = axes(rules, first_issue) else { return Vec::new() };
    let combinations = axes.iter().try_fold(1_usize, |product, axis| product.checked_mul(axis.len()));
    if combinations.is_none_or(|count| count > MOST) {
        return Vec::new();
    }
    let seen = seen(rules.len(), &axes);
    rules.iter().zip(&seen).filter_map(|(rule, seen)| complaint(rule, seen, rules)).collect()
}

fn complaint(rule: &RuleHead<'_>, seen: &Seen, rules: &[RuleHead<'_>]) -> Option<Diagnostic> {
    let (message, hint) = match seen {
        Seen { reached: true, .. } => return None,
        Seen { holds: false, .. } => (
            "no record fulfils all these conditions: they contradict each other".to_owned(),
            "有効開始年月日 (valid_from) is never before 交付年月日 (issue_date), the age follows from the date of birth, \
             and no certificate is issued before `system_start`",
        ),
        Seen { before, .. } => {
            let lines: Vec<String> = before
                .iter()
                .filter_map(|index| rules.get(*index))
                .map(|rule| rule.place.line_and_column().0.to_string())
                .collect();
            let message = match lines.is_empty() {
                true => "no record reaches this rule: an earlier one cannot be decided where it holds".to_owned(),
                false => format!(
                    "no record reaches this rule: wherever it holds, one of the rules in lines {} holds before it",
                    lines.join(", ")
                ),
            };
            (message, "move it before them, or remove it")
        }
    };
    Some(Diagnostic::error(message).at(&rule.place.source, rule.place.span.clone()).hint(hint))
}

/// Tries every combination.
fn seen(rules: usize, axes: &[Axis]) -> Vec<Seen> {
    let axes: Vec<Vec<&Vec<Says>>> = axes.iter().map(|axis| axis.iter().collect()).collect();
    let mut at = vec![0_usize; axes.len()];
    let mut seen = vec![Seen::default(); rules];
    loop {
        let mut winner = None;
        let mut decided = true;
        for (rule, seen) in seen.iter_mut().enumerate() {
            match said(&axes, &at, rule) {
                Says::No => continue,
                Says::Undecided => decided = false,
                Says::Yes => {
                    seen.holds = true;
                    match winner {
                        Some(winner) => drop(seen.before.insert(winner)),
                        None if decided => {
                            seen.reached = true;
                            winner = Some(rule);
                        }
                        None => {}
                    }
                }
            }
        }
        let Some(wheel) = (0..axes.len()).find(|wheel| at[*wheel] + 1 < axes[*wheel].len()) else { return seen };
        at[wheel] += 1;
        at[..wheel].fill(0);
    }
}

/// What all conditions of a rule say together; one that does not hold spares the others.
fn said(axes: &[Vec<&Vec<Says>>], at: &[usize], rule: usize) -> Says {
    let says = axes.iter().zip(at).map(|(axis, at)| axis[*at][rule]);
    says.fold(Says::Yes, |all, one| match (all, one) {
        (Says::No, _) | (_, Says::No) => Says::No,
        (Says::Undecided, _) | (_, Says::Undecided) => Says::Undecided,
        (Says::Yes, Says::Yes) => Says::Yes,
    })
}

/// `None` when there are too many days to try.
fn axes(rules: &[RuleHead<'_>], first_issue: Option<Date>) -> Option<Vec<Axis>> {
    let subjects: BTreeSet<Field> = conditions(rules).flat_map(|condition| lone(&condition.subject)).collect();
    let mut axes: Vec<Axis> = subjects.into_iter().map(|field| of_field(rules, field)).collect();
    if conditions(rules).any(|condition| lone(&condition.subject).is_none()) || first_issue.is_some() {
        axes.push(of_days(rules, first_issue)?);
    }
    Some(axes)
}

fn conditions<'p>(rules: &[RuleHead<'p>]) -> impl Iterator<Item = &'p Condition> {
    rules.iter().flat_map(|rule| rule.when)
}

/// The field of a condition that hangs together with no other; `None` for the days that do.
fn lone(subject: &Subject) -> Option<Field> {
    match subject {
        Subject::Age | Subject::Field(Field::ISSUE_DATE | Field::VALID_FROM | Field::BIRTH_DATE) => None,
        Subject::Field(field) => Some(*field),
    }
}

/// What each rule says of a record with these facts, asked about these subjects only.
fn verdict(rules: &[RuleHead<'_>], facts: &Facts, asks: impl Fn(&Subject) -> bool) -> Option<Vec<Says>> {
    let given = Given::new(facts).ok()?;
    let says = |rule: &RuleHead<'_>| {
        for condition in rule.when.iter().filter(|condition| asks(&condition.subject)) {
            match condition.holds(&given) {
                Ok(true) => {}
                Ok(false) => return Says::No,
                Err(_) => return Says::Undecided,
            }
        }
        Says::Yes
    };
    Some(rules.iter().map(says).collect())
}

fn of_field(rules: &[RuleHead<'_>], field: Field) -> Axis {
    let asks = |subject: &Subject| *subject == Subject::Field(field);
    let tests: Vec<&Test> =
        conditions(rules).filter(|condition| asks(&condition.subject)).map(|condition| &condition.test).collect();
    let mut axis = Axis::new();
    let mut facts = Facts::default();
    axis.extend(verdict(rules, &facts, asks));
    // A value that no condition names.
    let mut values = vec![Value::Text("\u{0}")];
    for test in &tests {
        match test {
            Test::Absent | Test::Present => {}
            Test::Flag(_) => values = vec![Value::Flag(true), Value::Flag(false)],
            Test::Words { known, .. } => values = known.iter().map(|word| Value::Choice(word)).collect(),
            Test::Texts(texts) => values.extend(texts.iter().map(|text| Value::Text(text))),
            Test::Days(_) => values = days(&tests).into_iter().map(Value::Date).collect(),
            Test::Numbers(_) => values = whole(&tests),
        }
    }
    for value in values {
        facts.set(field, value);
        axis.extend(verdict(rules, &facts, asks));
    }
    axis
}

fn whole(tests: &[&Test]) -> Vec<Value<'static>> {
    numbers(tests).into_iter().filter_map(|number| u32::try_from(number).ok()).map(Value::Integer).collect()
}

/// The days that hang together. Far more days are tried than there are classes: each combination of a day at a limit
/// of its own, the other days at theirs, and a birth that gives each age at a limit on that day.
fn of_days(rules: &[RuleHead<'_>], first_issue: Option<Date>) -> Option<Axis> {
    let tests = |wanted: Subject| -> Vec<&Test> {
        conditions(rules).filter(|condition| condition.subject == wanted).map(|condition| &condition.test).collect()
    };
    let of = |field: Field| days(&tests(Subject::Field(field)));
    let births = of(Field::BIRTH_DATE);
    let ages: Vec<i32> = numbers(&tests(Subject::Age)).into_iter().filter_map(|age| i32::try_from(age).ok()).collect();
    let mut starts: BTreeSet<Date> = of(Field::ISSUE_DATE).into_iter().chain(of(Field::VALID_FROM)).collect();
    starts.extend(first_issue);
    starts.extend(Date::from_ymd_opt(2025, 6, 15));
    for birth in &births {
        let attained = ages.iter().filter_map(|age| expiry::attains(*birth, u16::try_from(*age).ok()?));
        starts.extend(attained.collect::<Vec<_>>());
    }
    if starts.len().pow(2).saturating_mul(births.len() + ages.len() + 1) > MOST_DAYS {
        return None;
    }
    let asks = |subject: &Subject| lone(subject).is_none();
    let mut axis = Axis::new();
    let mut facts = Facts::default();
    for issue in starts.iter().filter(|issue| first_issue.is_none_or(|first| first <= **issue)) {
        facts.set(Field::ISSUE_DATE, Value::Date(*issue));
        for start in starts.range(issue..) {
            facts.set(Field::VALID_FROM, Value::Date(*start));
            facts.remove(Field::BIRTH_DATE);
            axis.extend(verdict(rules, &facts, asks));
            let aged = ages.iter().filter_map(|age| born(*start, *age));
            for birth in births.iter().copied().chain(aged) {
                facts.set(Field::BIRTH_DATE, Value::Date(birth));
                axis.extend(verdict(rules, &facts, asks));
            }
        }
    }
    Some(axis)
}

/// A day of birth that gives this age on `start`: the one on which it is attained there. On 28 February of a leap
/// year only those attain an age who were born on the 29th; for other ages one attained the day before.
fn born(start: Date, age: i32) -> Option<Date> {
    let eve = start.succ_opt()?;
    let year = eve.year().checked_sub(age)?;
    let birth = eve.with_year(year).or_else(|| start.with_year(year))?;
    (expiry::age_on(birth, start) == Some(age)).then_some(birth)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_for_each_age() {
        for start in ["2025-08-01", "2028-02-28", "2028-02-29", "2025-12-31"] {
            let start: Date = start.parse().unwrap();
            for age in [0, 1, 69, 70, 71, 120] {
                let birth = born(start, age).unwrap();
                assert_eq!(expiry::age_on(birth, start), Some(age), "{start}, {age}");
                let before = start.pred_opt().unwrap();
                let attained_before =
                    start.to_string() == "2028-02-28" && !(2028 - age).unsigned_abs().is_multiple_of(4);
                let younger = if attained_before { age } else { age - 1 };
                assert_eq!(expiry::age_on(birth, before), Some(younger), "{start}, {age}");
            }
        }
    }
}
