//! Days and their order.

use crate::base::Date;
use crate::base::field::Field;
use crate::record::checks::Desk;
use crate::record::problem::Code;
use crate::record::problem::Problem;

/// The first day of the Gregorian calendar in Japan; earlier dates cannot be told in eras.
const FIRST_BIRTH: Option<Date> = Date::from_ymd_opt(1873, 1, 1);

pub(crate) fn check(desk: &mut Desk<'_>) {
    let date = |field| desk.facts.date(field);
    let (issue, birth) = (date(Field::ISSUE_DATE), date(Field::BIRTH_DATE));
    let (start, acquired, lost) = (date(Field::VALID_FROM), date(Field::ACQUIRED_ON), date(Field::LOST_ON));
    if birth < FIRST_BIRTH && birth.is_some() {
        desk.error(Code::BirthTooEarly, Field::BIRTH_DATE, "before 1873-01-01", "correct the date");
    }
    if is_before(issue, birth) {
        desk.error(Code::BirthAfterIssue, Field::BIRTH_DATE, "after the issue date", "correct one of the dates");
    }
    if is_before(start, issue) {
        desk.error(Code::StartBeforeIssue, Field::VALID_FROM, "before the issue date", "correct one of the dates");
    }
    if is_before(acquired, birth) {
        desk.error(
            Code::AcquiredBeforeBirth,
            Field::ACQUIRED_ON,
            "before the date of birth",
            "correct one of the dates",
        );
    }
    if is_before(lost, issue) {
        let problem = Problem::of(Code::LostBeforeIssue, Field::LOST_ON, desk.fields, "before the issue date");
        desk.found.warning(problem.hint("the paper is printed; leave the record out if it is not wanted"));
    }
}

/// Whether both days are known and the first is the earlier one.
fn is_before(first: Option<Date>, second: Option<Date>) -> bool {
    matches!((first, second), (Some(first), Some(second)) if first < second)
}
