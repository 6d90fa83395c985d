//! 和暦: dates in Japanese eras, read and written.
//!
//! The day on which two eras meet belongs to the new one. The first days are those of the usual
//! tables (明治 1868-01-25, 大正 1912-07-30, 昭和 1926-12-25, 平成 1989-01-08, 令和 2019-05-01).

use chrono::Datelike;

use crate::base::Date;

/// An era: its name, its letter in short forms, the first day.
struct Era {
    name: &'static str,
    letter: char,
    first: Date,
}

/// From the newest to the oldest.
const ERAS: &[Era] = &[
    era("令和", 'R', 2019, 5, 1),
    era("平成", 'H', 1989, 1, 8),
    era("昭和", 'S', 1926, 12, 25),
    era("大正", 'T', 1912, 7, 30),
    era("明治", 'M', 1868, 1, 25),
];

const fn era(name: &'static str, letter: char, year: i32, month: u32, day: u32) -> Era {
    match Date::from_ymd_opt(year, month, day) {
        Some(first) => Era { name, letter, first },
        None => unreachable!(),
    }
}

/// The year in which Japan adopted the Gregorian calendar, on 1 January. Earlier era dates are
/// lunisolar and are not read.
const GREGORIAN_SINCE: i32 = 1873;

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// 令和7年6月1日; the first year of an era is 元年.
    Kanji,
    /// 令和7年 6月 1日: month and day two places wide, filled with a space (U+0020).
    KanjiPadded,
    /// R7.6.1; the first year of an era is 1.
    Short,
    /// R070601.
    Compact,
}

/// Why a date cannot be written in an era.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Before 1868-01-25.
    #[error("the day lies before 明治")]
    BeforeMeiji,
    /// The compact form has two digits for the year.
    #[error("the year of the era has more than two digits")]
    LongYear,
}

/// Why a text is not read as a date. Never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// None of the forms that [`parse`] lists.
    #[error("not a date in a known form")]
    Form,
    /// A form that is known, but a day that no calendar has (2月30日).
    #[error("no such day in the calendar")]
    NoSuchDay,
    /// A day outside the era that it names (平成31年5月1日, 令和元年4月30日).
    #[error("the day lies outside the era")]
    OutsideEra,
    /// An era date before 1873-01-01, when the calendar was lunisolar.
    #[error("an era date before 1873 is of the old lunisolar calendar")]
    Lunisolar,
}

/// Appends a date in its era.
///
/// # Errors
/// The day lies before 明治, or the form has no room for the year; nothing is appended then.
pub fn write(date: Date, form: Form, out: &mut String) -> Result<(), WriteError> {
    let era = ERAS.iter().find(|era| era.first <= date).ok_or(WriteError::BeforeMeiji)?;
    let year = date.year() - era.first.year() + 1;
    let (month, day) = (date.month(), date.day());
    if form == Form::Compact && year > 99 {
        return Err(WriteError::LongYear);
    }
    let year = year.unsigned_abs();
    match form {
        Form::Kanji | Form::KanjiPadded => out.push_str(era.name),
        Form::Short | Form::Compact => out.push(era.letter),
    }
    let [after_year, after_month, after_day, fill] = match form {
        Form::Kanji => ["年", "月", "日", ""],
        Form::KanjiPadded => ["年", "月", "日", " "],
        Form::Short => [".", ".", "", ""],
        Form::Compact => ["", "", "", "0"],
    };
    match form {
        Form::Kanji | Form::KanjiPadded if year == 1 => out.push('元'),
        Form::Kanji | Form::KanjiPadded | Form::Short => figures(year, "", out),
        Form::Compact => figures(year, fill, out),
    }
    out.push_str(after_year);
    figures(month, fill, out);
    out.push_str(after_month);
    figures(day, fill, out);
    out.push_str(after_day);
    Ok(())
}

/// Appends a number, one digit filled up to two places.
fn figures(number: u32, fill: &str, out: &mut String) {
    if number < 10 {
        out.push_str(fill);
    }
    out.push_str(itoa::Buffer::new().format(number));
}

/// Reads a date: `2024-12-02`, `20241202`, `2024/12/2`, `2024年12月2日`, `令和6年12月2日`,
/// `令和元年5月1日`, `R6.12.2`, `R6/12/2`, `R6年12月2日`, `R061202`. Digits, letters and separators
/// may be full-width; spaces may stand anywhere but between two digits (`令和7年 6月15日`).
/// With hyphens, month and day have two digits; the year has four wherever no era is named.
///
/// # Errors
/// The text has another form, or names a day that does not exist or that is not of its era.
pub fn parse(text: &str) -> Result<Date, ParseError> {
    let mut buffer = [0; ROOM];
    // Full-width characters and the ideographic space begin with one of two bytes of UTF-8.
    let is_plain = !text.bytes().any(|byte| matches!(byte, b' ' | 0xe3 | 0xef));
    let text = if is_plain { text } else { plain(text, &mut buffer)? };
    match named_era(text) {
        Some((era, rest)) => era_date(era, rest),
        None => gregorian(text),
    }
}

/// The longest date in plain form is 令和10年12月31日, 27 bytes.
const ROOM: usize = 32;

/// The text with ASCII digits, letters and separators, without spaces.
fn plain<'b>(text: &str, buffer: &'b mut [u8; ROOM]) -> Result<&'b str, ParseError> {
    let mut length = 0;
    let mut previous = None;
    let mut space = false;
    for character in text.chars() {
        let character = match character {
            ' ' | '\u{3000}' => {
                space = true;
                continue;
            }
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
            other => other,
        };
        if space && character.is_ascii_digit() && previous.is_some_and(|before: char| before.is_ascii_digit()) {
            return Err(ParseError::Form);
        }
        let end = length + character.len_utf8();
        character.encode_utf8(buffer.get_mut(length..end).ok_or(ParseError::Form)?);
        (length, previous, space) = (end, Some(character), false);
    }
    std::str::from_utf8(&buffer[..length]).map_err(|_| ParseError::Form)
}

/// The era in front and what follows it.
fn named_era(text: &str) -> Option<(&'static Era, &str)> {
    ERAS.iter().find_map(|era| {
        let rest = text.strip_prefix(era.name).or_else(|| text.strip_prefix(era.letter))?;
        Some((era, rest))
    })
}

fn gregorian(text: &str) -> Result<Date, ParseError> {
    let (year, month, day) = if let Some(parts) = separated(text, '-', '-', "") {
        if parts.1.len() != 2 || parts.2.len() != 2 {
            return Err(ParseError::Form);
        }
        parts
    } else if let Some(parts) = separated(text, '/', '/', "").or_else(|| separated(text, '年', '月', "日")) {
        parts
    } else {
        columns(text, 4).ok_or(ParseError::Form)?
    };
    if year.len() != 4 {
        return Err(ParseError::Form);
    }
    date(number(year)?, month, day)
}

fn era_date(era: &Era, text: &str) -> Result<Date, ParseError> {
    let (year, month, day) = separated(text, '年', '月', "日")
        .or_else(|| separated(text, '.', '.', ""))
        .or_else(|| separated(text, '/', '/', ""))
        .or_else(|| columns(text, 2))
        .ok_or(ParseError::Form)?;
    let year = match year {
        "元" if text.contains('年') => 1,
        digits => number(digits)?,
    };
    if year == 0 {
        return Err(ParseError::NoSuchDay);
    }
    let day = date(era.first.year() + year - 1, month, day)?;
    let until = ERAS.iter().rev().map(|next| next.first).find(|first| *first > era.first);
    if day < era.first || until.is_some_and(|until| day >= until) {
        return Err(ParseError::OutsideEra);
    }
    if day.year() < GREGORIAN_SINCE {
        return Err(ParseError::Lunisolar);
    }
    Ok(day)
}

/// Year, month and day between separators.
fn separated<'a>(text: &'a str, first: char, second: char, end: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (year, rest) = text.split_once(first)?;
    let (month, rest) = rest.split_once(second)?;
    Some((year, month, rest.strip_suffix(end)?))
}

/// Year, month and day as digits of fixed width.
fn columns(text: &str, year: usize) -> Option<(&str, &str, &str)> {
    if text.len() != year + 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((text.get(..year)?, text.get(year..year + 2)?, text.get(year + 2..)?))
}

/// Up to four digits.
fn number(digits: &str) -> Result<i32, ParseError> {
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseError::Form);
    }
    digits.parse().map_err(|_| ParseError::Form)
}

fn date(year: i32, month: &str, day: &str) -> Result<Date, ParseError> {
    if month.len() > 2 || day.len() > 2 {
        return Err(ParseError::Form);
    }
    let (month, day) = (number(month)?.unsigned_abs(), number(day)?.unsigned_abs());
    if year == 0 {
        return Err(ParseError::NoSuchDay);
    }
    Date::from_ymd_opt(year, month, day).ok_or(ParseError::NoSuchDay)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FORMS: [Form; 4] = [Form::Kanji, Form::KanjiPadded, Form::Short, Form::Compact];

    fn day(text: &str) -> Date {
        Date::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    fn written(date: Date, form: Form) -> String {
        let mut out = String::new();
        write(date, form, &mut out).unwrap();
        out
    }

    #[test]
    fn the_table_is_written_and_read() {
        let table = include_str!("../../tests/data/wareki.tsv");
        for line in table.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let date = day(cells[0]);
            for (form, expected) in FORMS.into_iter().zip(&cells[1..5]) {
                assert_eq!(written(date, form), **expected, "{line}");
                let read = if date.year() < GREGORIAN_SINCE { Err(ParseError::Lunisolar) } else { Ok(date) };
                assert_eq!(parse(expected), read, "{expected}");
            }
        }
        assert_eq!(table.lines().count(), 15);
    }

    #[test]
    fn forms_that_are_read() {
        for (text, expected) in [
            ("2024-12-02", "2024-12-02"),
            ("２０２４－１２－０２", "2024-12-02"),
            ("20240401", "2024-04-01"),
            ("2024/4/1", "2024-04-01"),
            ("2024/04/01", "2024-04-01"),
            ("2024年4月1日", "2024-04-01"),
            ("R6.12.2", "2024-12-02"),
            ("R06.12.02", "2024-12-02"),
            ("Ｒ６．１２．２", "2024-12-02"),
            ("R6/12/2", "2024-12-02"),
            ("R6 年 8 月 20 日", "2024-08-20"),
            ("令和7年 6月15日", "2025-06-15"),
            ("令和　７年　６月１５日", "2025-06-15"),
            ("令和元年5月1日", "2019-05-01"),
            ("令和1年5月1日", "2019-05-01"),
            ("平成31年4月30日", "2019-04-30"),
            ("昭和64年1月7日", "1989-01-07"),
            ("大正15年12月24日", "1926-12-24"),
            ("明治45年7月29日", "1912-07-29"),
            ("令和6年2月29日", "2024-02-29"),
        ] {
            assert_eq!(parse(text), Ok(day(expected)), "{text}");
        }
    }

    #[test]
    fn texts_that_are_refused() {
        for (text, expected) in [
            ("平成31年5月1日", ParseError::OutsideEra),
            ("令和元年4月30日", ParseError::OutsideEra),
            ("昭和元年12月24日", ParseError::OutsideEra),
            ("昭和64年1月8日", ParseError::OutsideEra),
            ("H310501", ParseError::OutsideEra),
            ("明治5年12月2日", ParseError::Lunisolar),
            ("令和7年2月29日", ParseError::NoSuchDay),
            ("2023-02-29", ParseError::NoSuchDay),
            ("20241301", ParseError::NoSuchDay),
            ("令和0年5月1日", ParseError::NoSuchDay),
            ("0000-01-01", ParseError::NoSuchDay),
            ("", ParseError::Form),
            ("令和", ParseError::Form),
            ("令和6年", ParseError::Form),
            ("令和6年12月", ParseError::Form),
            ("令和6年12月2", ParseError::Form),
            ("2024-1-2", ParseError::Form),
            ("2024-12/02", ParseError::Form),
            ("2024.12.2", ParseError::Form),
            ("24-12-02", ParseError::Form),
            ("24/12/02", ParseError::Form),
            ("2024-12-02T00:00", ParseError::Form),
            ("R元.5.1", ParseError::Form),
            ("r6.12.2", ParseError::Form),
            ("R6.12.", ParseError::Form),
            ("R60102", ParseError::Form),
            ("R6-12-02", ParseError::Form),
            ("2024 12 02", ParseError::Form),
            ("令和6年1 2月2日", ParseError::Form),
            ("+2024-12-02", ParseError::Form),
            ("2024-+1-02", ParseError::Form),
            ("令和7年6月15日発行のお知らせのとおり", ParseError::Form),
            ("慶応3年1月1日", ParseError::Form),
        ] {
            assert_eq!(parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn days_without_an_era_are_not_written() {
        let mut out = String::from("x");
        assert_eq!(write(day("1868-01-24"), Form::Kanji, &mut out), Err(WriteError::BeforeMeiji));
        assert_eq!(write(day("2118-01-01"), Form::Compact, &mut out), Err(WriteError::LongYear));
        assert_eq!(out, "x");
    }

    proptest! {
        #[test]
        fn every_form_is_read_back(days in 0i64..=83_000) {
            let date = day("1873-01-01") + chrono::Duration::days(days);
            for form in FORMS {
                prop_assert_eq!(parse(&written(date, form)), Ok(date));
            }
            prop_assert_eq!(parse(&date.to_string()), Ok(date));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[0-9０-９RHSTM令和平成昭元年月日./ 　-]{0,20}") {
            let _ = parse(&text);
        }
    }
}
