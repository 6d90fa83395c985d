//! Reading a pack's TOML files: serde fills the structs, this adds places, hints and siblings.

use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error};
use toml::value::Datetime;

use crate::base::Date;
use crate::base::diagnostic::{Diagnostic, Source, nearest};

/// Reads a whole file into a struct. Arrays of tables that should report every wrong entry, not the
/// first only, are taken out of the table with [`parse`] and [`entries`] instead.
///
/// # Errors
/// Every syntax error of the file, or the first key or value that does not fit the struct.
pub fn read<'s, T: Deserialize<'s>>(source: &'s Arc<Source>) -> Result<T, Vec<Diagnostic>> {
    let table = parse(source)?;
    let span = table.span();
    value(source, Spanned::new(span, DeValue::Table(table.into_inner()))).map_err(|error| vec![error])
}

/// The file as a table whose keys and values know their places.
///
/// # Errors
/// Every syntax error of the file.
pub fn parse(source: &Arc<Source>) -> Result<Spanned<DeTable<'_>>, Vec<Diagnostic>> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    if errors.is_empty() {
        return Ok(table);
    }
    Err(errors.iter().map(|error| diagnostic(source, error, 0..source.text.len().min(1))).collect())
}

/// One value as a struct, an enum or a list.
///
/// # Errors
/// The first key or value inside it that does not fit.
pub fn value<'s, T: Deserialize<'s>>(source: &Arc<Source>, value: Spanned<DeValue<'s>>) -> Result<T, Diagnostic> {
    let span = value.span();
    T::deserialize(value.into_deserializer()).map_err(|error| diagnostic(source, &error, span))
}

/// Every entry of an array on its own, so that each wrong one is reported.
pub fn entries<'s, T: Deserialize<'s>>(
    source: &Arc<Source>,
    array: Spanned<DeValue<'s>>,
    errors: &mut Vec<Diagnostic>,
) -> Vec<Spanned<T>> {
    let span = array.span();
    let DeValue::Array(items) = array.into_inner() else {
        errors.push(Diagnostic::error("a list is expected here").at(source, span));
        return Vec::new();
    };
    let mut read = Vec::with_capacity(items.len());
    for item in items {
        let span = item.span();
        match value(source, item) {
            Ok(entry) => read.push(Spanned::new(span, entry)),
            Err(error) => errors.push(error),
        }
    }
    read
}

/// A bare day, without a time.
///
/// # Errors
/// When there is a time beside it, or none but a time.
pub fn day(source: &Arc<Source>, day: &Spanned<Datetime>) -> Result<Date, Diagnostic> {
    let wrong = || Diagnostic::error("a day is expected here").at(source, day.span());
    day_of(day.get_ref()).ok_or_else(|| wrong().hint("write it bare, without a time: 2025-12-01"))
}

/// The day of a date without a time; `None` for anything else.
pub fn day_of(day: &Datetime) -> Option<Date> {
    match (day.date, day.time, day.offset) {
        (Some(date), None, None) => {
            Date::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
        }
        (_, _, _) => None,
    }
}

/// An error of the TOML crate as ours.
fn diagnostic(source: &Arc<Source>, error: &Error, fallback: Range<usize>) -> Diagnostic {
    let message = error.message();
    let found = Diagnostic::error(message).at(source, error.span().unwrap_or(fallback));
    match suggestion(message) {
        Some(hint) => found.hint(hint),
        None => found,
    }
}

/// serde lists the known names after "expected"; the nearest one is probably meant.
fn suggestion(message: &str) -> Option<String> {
    let rest = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))?;
    let (word, expected) = rest.split_once('`')?;
    let known = expected.split('`').skip(1).step_by(2);
    nearest(word, known).map(|name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Item {
        #[expect(dead_code, reason = "only its name matters to the test")]
        value: Spanned<String>,
    }

    fn source(text: &str) -> Arc<Source> {
        Arc::new(Source { name: "a.toml".into(), text: text.into() })
    }

    #[test]
    fn a_mistyped_key_has_its_place_and_a_hint() {
        let source = source("# 氏名\nvalu = \"氏名\"\n");
        let errors = read::<Item>(&source).unwrap_err();
        let text = errors[0].to_string();
        assert!(text.starts_with("a.toml:2:1: error: unknown field `valu`"), "{text}");
        assert!(text.ends_with("(did you mean `value`?)"), "{text}");
    }

    #[test]
    fn every_wrong_entry_is_reported() {
        let source = source("item = [\n{ value = 1 },\n{ value = \"a\" },\n{ vale = \"b\" }]\n");
        let mut table = parse(&source).unwrap().into_inner();
        let mut errors = Vec::new();
        let items: Vec<Spanned<Item>> = entries(&source, table.remove("item").unwrap(), &mut errors);
        assert_eq!((items.len(), errors.len()), (1, 2));
        assert!(errors[0].to_string().starts_with("a.toml:2:11:"), "{}", errors[0]);
    }

    #[test]
    fn several_syntax_errors_come_together() {
        let source = source("a = \nb = [1,,2]\n");
        assert_eq!(parse(&source).unwrap_err().len(), 2);
    }
}
