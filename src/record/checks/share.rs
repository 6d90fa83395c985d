//! 負担割合, 限度額適用区分, 長期入院, and the months of a paper.

use chrono::Datelike;
use chrono::Days;
use chrono::Months;

use crate::base::Date;
use crate::base::facts::Value;
use crate::base::field::Field;
use crate::record::checks::Desk;
use crate::record::checks::insurer::Insurer;
use crate::record::problem::Code;

/// The ratio of those below 70 in words.
const STATUTORY: &str = "法定負担割合のとおり";

/// 区分Ⅱ in the codes of online eligibility checking and as papers print it.
const CATEGORY_TWO: &[&str] = &["A05", "B05", "オ", "低所得Ⅱ", "低所得II", "区分Ⅱ", "区分II"];

pub(crate) fn check(desk: &mut Desk<'_>, insurer: Option<Insurer>) {
    ratio(desk, insurer);
    desk.require(Field::RATIO, Field::RATIO_FROM);
    desk.require(Field::LIMIT_CATEGORY, Field::LIMIT_FROM);
    limit_category(desk);
    long_stay(desk);
    if desk.facts.get(Field::PAPER_MONTHS) == Some(Value::Integer(0)) {
        desk.error(Code::PaperMonths, Field::PAPER_MONTHS, "0 months", "write 1 or more, or leave the field empty");
    }
}

/// 1割 2割 3割 from 70 on or for 後期; 法定負担割合のとおり below 70. The class of those of 70 begins on the
/// first of the month after 70 is attained (菊川市, 山陽小野田市), so in the days between both are right.
fn ratio(desk: &mut Desk<'_>, insurer: Option<Insurer>) {
    let Some(ratio) = desk.facts.text(Field::RATIO) else { return };
    let kouki = insurer == Some(Insurer::Kouki);
    let day = ratio_day(desk);
    let attained = desk.facts.date(Field::BIRTH_DATE).and_then(seventy_attained);
    let of_age = day.zip(attained).map(|(day, attained)| day >= attained);
    let in_class = day.zip(attained).map(|(day, attained)| day >= first_of_next_month(attained));
    if ratio == STATUTORY {
        if in_class == Some(true) {
            let hint = "give 2割 or 3割 (後期: 1割, 2割 or 3割), or correct the date of birth";
            desk.error(Code::RatioForAge, Field::RATIO, "法定負担割合のとおり is for members below 70", hint);
        }
        return;
    }
    if !kouki && of_age == Some(false) {
        let hint = "leave the field empty or write 法定負担割合のとおり, or correct the date of birth";
        desk.error(Code::RatioForAge, Field::RATIO, "a ratio in 割 is for members from 70 on or of 後期", hint);
    }
    if ratio == "1割" && !kouki && insurer.is_some() {
        desk.error(Code::RatioForInsurer, Field::RATIO, "1割 is for 後期 only", "write 2割 or 3割");
    }
}

/// The day for which the ratio must be right: its own first day, or the first day of validity if
/// that is later.
fn ratio_day(desk: &Desk<'_>) -> Option<Date> {
    let start = desk.facts.date(Field::VALID_FROM).or_else(|| desk.facts.date(Field::ISSUE_DATE))?;
    Some(desk.facts.date(Field::RATIO_FROM).map_or(start, |from| from.max(start)))
}

/// The eve of the 70th birthday (年齢計算ニ関スル法律); of a 29 February in a common year, 28 February.
fn seventy_attained(birth: Date) -> Option<Date> {
    let year = birth.year() + 70;
    let birthday = birth.with_year(year).or_else(|| Date::from_ymd_opt(year, 3, 1))?;
    birthday.checked_sub_days(Days::new(1))
}

fn first_of_next_month(day: Date) -> Date {
    let first = day.with_day(1).unwrap_or(day);
    first.checked_add_months(Months::new(1)).unwrap_or(day)
}

fn limit_category(desk: &mut Desk<'_>) {
    let Some(text) = desk.facts.text(Field::LIMIT_CATEGORY) else { return };
    let looks_like_code = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if looks_like_code && !is_limit_code(text) {
        let hint = "write A01 to A06, B01 to B10 or the label that is printed";
        desk.error(Code::LimitCategory, Field::LIMIT_CATEGORY, "no such code", hint);
    }
}

/// A01 to A06, B01 to B10 (public source code of online eligibility checking).
fn is_limit_code(text: &str) -> bool {
    let number = text.get(1..).filter(|rest| rest.len() == 2).and_then(|rest| rest.parse::<u8>().ok());
    match (text.get(..1), number) {
        (Some("A"), Some(number)) => (1..=6).contains(&number),
        (Some("B"), Some(number)) => (1..=10).contains(&number),
        (Some(_) | None, _) => false,
    }
}

/// 長期入院 goes with 区分Ⅱ (五霞町, page006178: more than 90 days in 区分Ⅱ).
fn long_stay(desk: &mut Desk<'_>) {
    if !desk.facts.has(Field::LONG_STAY_FROM) {
        return;
    }
    match desk.facts.text(Field::LIMIT_CATEGORY) {
        None => desk.missing(Field::LIMIT_CATEGORY, Field::LONG_STAY_FROM),
        Some(category) if CATEGORY_TWO.contains(&category) => {}
        Some(_) => {
            let hint = "leave the field empty, or give 区分Ⅱ (オ, 低所得Ⅱ, A05, B05) as limit_category";
            desk.error(Code::LongStayCategory, Field::LONG_STAY_FROM, "goes with 区分Ⅱ only", hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seventy_is_attained_on_the_eve() {
        let day = |text: &str| Date::parse_from_str(text, "%Y-%m-%d").unwrap();
        for (birth, attained, class) in [
            ("1955-08-15", "2025-08-14", "2025-09-01"),
            ("1955-08-01", "2025-07-31", "2025-08-01"),
            ("1956-02-29", "2026-02-28", "2026-03-01"),
            ("1956-01-01", "2025-12-31", "2026-01-01"),
        ] {
            assert_eq!(seventy_attained(day(birth)), Some(day(attained)), "{birth}");
            assert_eq!(first_of_next_month(day(attained)), day(class), "{birth}");
        }
    }
}
