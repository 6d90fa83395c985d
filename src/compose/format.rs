//! The formats of placeholders.

use std::fmt::Write;

use crate::base::Date;
use crate::base::facts::Value;
use crate::base::wareki;
use crate::base::wareki::Form;
use crate::template::model::Format;

/// The format cannot write the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwritable;

/// Writes a value in a format.
///
/// # Errors
/// When the format cannot write this value; what stands in `out` is then of no use.
pub fn write_value(value: Value<'_>, format: Format, out: &mut String) -> Result<(), Unwritable> {
    match value {
        Value::Text(text) | Value::Choice(text) => write_text(text, format, out),
        Value::Date(date) => write_date(date, format, out),
        Value::Integer(number) => write!(out, "{number}").map_err(|_| Unwritable),
        Value::Flag(_) => Err(Unwritable),
    }
}

fn write_date(date: Date, format: Format, out: &mut String) -> Result<(), Unwritable> {
    let form = match format {
        Format::Plain | Format::Wareki => Form::Kanji,
        Format::WarekiPadded => Form::KanjiPadded,
        Format::WarekiShort => Form::Short,
        Format::WarekiCompact => Form::Compact,
        Format::Iso => return write!(out, "{date}").map_err(|_| Unwritable),
        Format::Compact => return write!(out, "{}", date.format("%Y%m%d")).map_err(|_| Unwritable),
        Format::Symbol
        | Format::Significant
        | Format::Postal
        | Format::PostalArea
        | Format::PostalTown
        | Format::Masked
        | Format::Wide
        | Format::Registered => return Err(Unwritable),
    };
    wareki::write(date, form, out).map_err(|_| Unwritable)
}

fn write_text(text: &str, format: Format, out: &mut String) -> Result<(), Unwritable> {
    match format {
        Format::Plain | Format::Symbol | Format::Registered => out.push_str(text),
        Format::Significant => out.push_str(significant(text)),
        Format::Postal => {
            let [area, town] = postal_parts(text)?;
            write!(out, "{area}-{town}").map_err(|_| Unwritable)?;
        }
        Format::PostalArea => out.push_str(&postal_parts(text)?[0]),
        Format::PostalTown => out.push_str(&postal_parts(text)?[1]),
        Format::Masked => {
            out.push_str("＊＊＊＊　＊＊＊＊　");
            out.push_str(text);
        }
        Format::Wide => out.extend(text.chars().map(wide)),
        Format::Wareki
        | Format::WarekiPadded
        | Format::WarekiShort
        | Format::WarekiCompact
        | Format::Iso
        | Format::Compact => return Err(Unwritable),
    }
    Ok(())
}

/// The first three digits of a postcode, and the others.
fn postal_parts(text: &str) -> Result<[String; 2], Unwritable> {
    let digits = text.replace('-', "");
    let (area, town) = digits.split_at_checked(3).ok_or(Unwritable)?;
    Ok([area.to_owned(), town.to_owned()])
}

/// A number without its leading zeros; one zero stays.
fn significant(text: &str) -> &str {
    let digits = text.trim_start_matches('0');
    if digits.is_empty() && !text.is_empty() { &text[text.len() - 1..] } else { digits }
}

/// ASCII in full width, anything else as it is.
fn wide(letter: char) -> char {
    match letter {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(letter as u32 + 0xFEE0).unwrap_or(letter),
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: Value<'_>, format: Format) -> Result<String, Unwritable> {
        let mut out = String::new();
        write_value(value, format, &mut out).map(|()| out)
    }

    #[test]
    fn each_format_writes_as_its_description_says() {
        let day = Date::from_ymd_opt(2025, 6, 1).unwrap();
        let cases = [
            (Value::Text("0123"), Format::Plain, "0123"),
            (Value::Text("0123"), Format::Significant, "123"),
            (Value::Text("000"), Format::Significant, "0"),
            (Value::Text("1808750"), Format::Postal, "180-8750"),
            (Value::Text("180-8750"), Format::Postal, "180-8750"),
            (Value::Text("180-8750"), Format::PostalArea, "180"),
            (Value::Text("1808750"), Format::PostalTown, "8750"),
            (Value::Text("0012"), Format::Masked, "＊＊＊＊　＊＊＊＊　0012"),
            (Value::Text("2-9 A"), Format::Wide, "２－９　Ａ"),
            (Value::Choice("本人"), Format::Plain, "本人"),
            (Value::Choice("女"), Format::Registered, "女"),
            (Value::Integer(3), Format::Plain, "3"),
            (Value::Date(day), Format::Plain, "令和7年6月1日"),
            (Value::Date(day), Format::WarekiShort, "R7.6.1"),
            (Value::Date(day), Format::Iso, "2025-06-01"),
            (Value::Date(day), Format::Compact, "20250601"),
        ];
        for (value, format, expected) in cases {
            assert_eq!(written(value, format).as_deref(), Ok(expected), "{format:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(written(Value::Text("本人"), Format::Wareki).is_err());
        assert!(written(Value::Flag(true), Format::Plain).is_err());
        assert!(written(Value::Text("1"), Format::Postal).is_err());
    }
}
