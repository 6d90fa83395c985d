//! The arithmetic of 有効期限: every function gives the last valid day, counted from the first.
//!
//! The first day counts, so a period ends on the day before the corresponding day; where the last month has
//! no such day it ends on that month's last day (民法143条2項, from memory, unverified).
//! `None` only beyond the years that the calendar of the program can name.

use std::fmt;

use chrono::Datelike;
use chrono::Months;

use crate::base::Date;

/// A day of every year; never 29 February, which some years lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    month: u32,
    day: u32,
}

impl MonthDay {
    /// `07-31`; `None` for anything else and for days that some year lacks.
    pub fn parse(text: &str) -> Option<MonthDay> {
        let (month, day) = text.split_once('-')?;
        let number = |part: &str| match part.as_bytes() {
            [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0')),
            _ => None,
        };
        let found = MonthDay { month: number(month)?, day: number(day)? };
        // 2023 is a common year: 29 February does not exist in it.
        found.in_year(2023).map(|_| found)
    }

    fn in_year(self, year: i32) -> Option<Date> {
        Date::from_ymd_opt(year, self.month, self.day)
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// The last day of a period of months that begins on `start`.
pub fn period(start: Date, months: u32) -> Option<Date> {
    let target = start.checked_add_months(Months::new(months))?;
    if target.day() == start.day() { target.pred_opt() } else { Some(target) }
}

/// The last month end that is not after `date`.
pub fn floor_to_month_end(date: Date) -> Option<Date> {
    match date.succ_opt() {
        Some(next) if next.day() == 1 => Some(date),
        Some(_) | None => date.with_day(1)?.pred_opt(),
    }
}

/// The last such day of a year that is not after `date`.
pub fn floor_to_month_day(date: Date, month_day: MonthDay) -> Option<Date> {
    let this_year = month_day.in_year(date.year())?;
    if this_year <= date { Some(this_year) } else { month_day.in_year(date.year() - 1) }
}

/// The last day of so many months that begin on the day after `last`: what is added to a period that ended then.
pub fn extended(last: Date, months: u32) -> Option<Date> {
    period(last.succ_opt()?, months)
}

/// The last day of the month of `date`.
pub fn month_end(date: Date) -> Option<Date> {
    date.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// The next of these days; `inclusive`: `start` itself may be one.
pub fn next_anchor(start: Date, anchors: &[MonthDay], inclusive: bool) -> Option<Date> {
    let from = if inclusive { start } else { start.succ_opt()? };
    anchors.iter().filter_map(|anchor| next_annual(from, *anchor, 1, 0)).min()
}

/// The next such day on or after `start`, in the years that differ from `epoch_year` by a multiple of
/// `cycle_years` (at least 1).
pub fn next_annual(start: Date, month_day: MonthDay, cycle_years: u16, epoch_year: i32) -> Option<Date> {
    let cycle = i32::from(cycle_years.max(1));
    let this_year = month_day.in_year(start.year())?;
    let year = if this_year < start { start.year() + 1 } else { start.year() };
    month_day.in_year(year + (epoch_year - year).rem_euclid(cycle))
}

/// The day on which somebody attains an age: the eve of the birthday, for 29 February the eve of 1 March in
/// a common year (年齢計算ニ関スル法律, from memory, unverified).
pub fn attains(birth: Date, age: u16) -> Option<Date> {
    birthday(birth, birth.year().checked_add(i32::from(age))?)?.pred_opt()
}

/// The age on a day, in the same reckoning; negative before the birth.
pub fn age_on(birth: Date, day: Date) -> Option<i32> {
    let tomorrow = day.succ_opt()?;
    let years = tomorrow.year() - birth.year();
    Some(if birthday(birth, tomorrow.year())? <= tomorrow { years } else { years - 1 })
}

fn birthday(birth: Date, year: i32) -> Option<Date> {
    Date::from_ymd_opt(year, birth.month(), birth.day()).or_else(|| Date::from_ymd_opt(year, 3, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
        table.lines().skip(1).map(|line| line.split('\t').collect())
    }

    #[test]
    fn ages_are_attained_on_the_eve_of_the_birthday() {
        for row in rows(include_str!("../../tests/data/birthday_expiry.tsv")) {
            let birth = day(row[0]);
            let attains70 = attains(birth, 70).unwrap();
            assert_eq!(attains70, day(row[1]), "{birth}: attains 70");
            assert_eq!(month_end(attains70).unwrap(), day(row[2]), "{birth}: month end");
            assert_eq!(month_end(attains70).unwrap().succ_opt().unwrap(), day(row[3]), "{birth}: ratio");
            assert_eq!(attains(birth, 75).unwrap().succ_opt().unwrap(), day(row[4]), "{birth}: 後期");
            assert_eq!(attains(birth, 75).unwrap(), day(row[5]), "{birth}: last day of 国保");
            assert_eq!(age_on(birth, attains70), Some(70), "{birth}");
            assert_eq!(age_on(birth, attains70.pred_opt().unwrap()), Some(69), "{birth}");
        }
        assert_eq!(attains(day("1952-02-29"), 72), Some(day("2024-02-28")));
        assert_eq!(age_on(day("2020-05-05"), day("2020-05-04")), Some(0));
        assert_eq!(age_on(day("2020-05-05"), day("2020-05-03")), Some(-1));
    }

    #[test]
    fn half_years_in_both_readings() {
        let anchors = [MonthDay::parse("06-01").unwrap(), MonthDay::parse("12-01").unwrap()];
        let transition_ends = day("2025-12-01");
        for row in rows(include_str!("../../tests/data/yokogawa_halfyear.tsv")) {
            let issued = day(row[0]);
            if issued > transition_ends {
                assert_eq!(next_anchor(issued, &anchors, true), Some(day(row[1])), "{issued} inclusive");
                assert_eq!(next_anchor(issued, &anchors, false), Some(day(row[2])), "{issued} exclusive");
            }
        }
    }

    #[test]
    fn periods_count_their_first_day() {
        let cases = [
            ("2024-12-02", 60, "2029-12-01"),
            ("2028-02-29", 60, "2033-02-28"),
            ("2025-01-31", 3, "2025-04-30"),
            ("2024-12-31", 3, "2025-03-30"),
            ("2025-01-01", 3, "2025-03-31"),
            ("2025-03-01", 0, "2025-02-28"),
        ];
        for (start, months, last) in cases {
            assert_eq!(period(day(start), months), Some(day(last)), "{start} + {months}");
        }
        assert_eq!(period(day("2025-01-01"), u32::MAX), None);
    }

    #[test]
    fn floors_keep_a_month_end() {
        for (date, floor) in [
            ("2025-04-07", "2025-03-31"),
            ("2025-03-31", "2025-03-31"),
            ("2025-03-30", "2025-02-28"),
            ("2024-02-29", "2024-02-29"),
            ("2024-02-28", "2024-01-31"),
            ("2025-01-15", "2024-12-31"),
        ] {
            assert_eq!(floor_to_month_end(day(date)), Some(day(floor)), "{date}");
        }
    }

    #[test]
    fn floors_keep_a_day_of_the_year() {
        let year_end = MonthDay::parse("12-31").unwrap();
        let autumn = MonthDay::parse("09-30").unwrap();
        for (date, month_day, floor) in [
            ("2029-12-30", year_end, "2028-12-31"),
            ("2029-12-31", year_end, "2029-12-31"),
            ("2030-01-01", year_end, "2029-12-31"),
            ("2028-02-29", year_end, "2027-12-31"),
            ("2028-09-29", autumn, "2027-09-30"),
            ("2028-09-30", autumn, "2028-09-30"),
            ("2028-10-01", autumn, "2028-09-30"),
        ] {
            assert_eq!(floor_to_month_day(day(date), month_day), Some(day(floor)), "{date}");
        }
    }

    /// The months begin on the day after, so a month end stays one.
    #[test]
    fn months_are_added_from_the_day_after() {
        for (last, months, extended_to) in [
            ("2025-08-30", 2, "2025-10-30"),
            ("2025-08-31", 2, "2025-10-31"),
            ("2025-09-01", 2, "2025-11-01"),
            ("2025-12-30", 2, "2026-02-28"),
            ("2025-12-31", 2, "2026-02-28"),
            ("2027-12-30", 2, "2028-02-29"),
            ("2027-12-31", 2, "2028-02-29"),
            ("2028-02-28", 2, "2028-04-28"),
            ("2028-02-29", 2, "2028-04-30"),
            ("2026-02-28", 2, "2026-04-30"),
            ("2026-04-30", 2, "2026-06-30"),
            ("2026-01-31", 1, "2026-02-28"),
        ] {
            assert_eq!(extended(day(last), months), Some(day(extended_to)), "{last} + {months}");
        }
    }

    #[test]
    fn annual_days_follow_their_cycle() {
        let july = MonthDay::parse("07-31").unwrap();
        for (start, cycle, epoch, last) in [
            ("2025-07-31", 1, 0, "2025-07-31"),
            ("2025-08-01", 1, 0, "2026-07-31"),
            ("2025-07-31", 2, 2025, "2025-07-31"),
            ("2025-08-01", 2, 2025, "2027-07-31"),
            ("2026-08-01", 2, 2025, "2027-07-31"),
            ("2023-08-01", 2, 2025, "2025-07-31"),
            ("2020-01-01", 2, 2025, "2021-07-31"),
        ] {
            assert_eq!(next_annual(day(start), july, cycle, epoch), Some(day(last)), "{start}");
        }
    }

    #[test]
    fn month_days_exist_in_every_year() {
        assert_eq!(MonthDay::parse("12-01").unwrap().to_string(), "12-01");
        for wrong in ["02-29", "02-30", "13-01", "1-01", "0601", "+1-01", "06-1", ""] {
            assert_eq!(MonthDay::parse(wrong), None, "{wrong}");
        }
    }
}
