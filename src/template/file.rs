//! One file of the template language, from text to the structs of the schema. Every item, row and
//! style that does not fit is reported, not the first only.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeTable;
use toml::de::DeValue;

use crate::base::diagnostic::Diagnostic;
use crate::base::diagnostic::Source;
use crate::base::toml::entries;
use crate::base::toml::parse;
use crate::base::toml::value;
use crate::template::schema::File;
use crate::template::schema::Item;
use crate::template::schema::Row;
use crate::template::schema::Style;

/// A file as far as it could be read.
pub(in crate::template) struct Parsed {
    /// The file; what is wrong is left out of it.
    pub file: File,
    /// Whether the keys beside items and styles could be read.
    pub head: bool,
}

/// Reads a file; `None` when it has no shape at all. What is wrong goes to `errors`.
pub(in crate::template) fn read(source: &Arc<Source>, errors: &mut Vec<Diagnostic>) -> Option<Parsed> {
    let table = parse(source).map_err(|found| errors.extend(found)).ok()?;
    let span = table.span();
    let mut table = table.into_inner();
    let items = table.remove("item").map(|list| items(source, list, errors));
    let styles = table.remove("style").map(|styles| self::styles(source, styles, errors));
    let rest: Result<File, Diagnostic> = value(source, Spanned::new(span, DeValue::Table(table)));
    let rest = rest.map_err(|error| errors.push(error)).ok();
    let head = rest.is_some();
    let mut file = rest.unwrap_or_default();
    file.item = items.unwrap_or_default();
    file.style = styles.unwrap_or_default();
    Some(Parsed { file, head })
}

/// The items of a list, each on its own.
fn items<'s>(source: &Arc<Source>, list: Spanned<DeValue<'s>>, errors: &mut Vec<Diagnostic>) -> Vec<Spanned<Item>> {
    let span = list.span();
    let DeValue::Array(list) = list.into_inner() else {
        errors.push(Diagnostic::error("items are a list").at(source, span).hint("write [[item]] with two brackets"));
        return Vec::new();
    };
    list.into_iter().filter_map(|entry| item(source, entry, errors)).collect()
}

/// One item; the rows of a table and the items of a slip are read on their own.
fn item<'s>(
    source: &Arc<Source>,
    mut entry: Spanned<DeValue<'s>>,
    errors: &mut Vec<Diagnostic>,
) -> Option<Spanned<Item>> {
    let span = entry.span();
    let rows = take(entry.get_mut(), "table", "row").map(|list| rows(source, list, errors));
    let inner = take(entry.get_mut(), "slip", "item").map(|list| items(source, list, errors));
    let mut item: Item = value(source, entry).map_err(|error| errors.push(error)).ok()?;
    if let (Some(table), Some(rows)) = (&mut item.table, rows) {
        table.get_mut().row = rows?;
    }
    if let (Some(slip), Some(inner)) = (&mut item.slip, inner) {
        slip.get_mut().item = inner;
    }
    Some(Spanned::new(span, item))
}

/// The rows of a table; `None` when none of them could be read.
fn rows<'s>(
    source: &Arc<Source>,
    list: Spanned<DeValue<'s>>,
    errors: &mut Vec<Diagnostic>,
) -> Option<Vec<Spanned<Row>>> {
    let before = errors.len();
    let rows = entries::<Row>(source, list, errors);
    (!rows.is_empty() || errors.len() == before).then_some(rows)
}

/// Takes the list out of a kind of item.
fn take<'s>(entry: &mut DeValue<'s>, kind: &str, list: &str) -> Option<Spanned<DeValue<'s>>> {
    let DeValue::Table(item) = entry else { return None };
    let DeValue::Table(inner) = item.get_mut(kind)?.get_mut() else { return None };
    inner.remove(list)
}

/// The styles of a file, each on its own.
fn styles<'s>(
    source: &Arc<Source>,
    styles: Spanned<DeValue<'s>>,
    errors: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Spanned<Style>> {
    let span = styles.span();
    let DeValue::Table(styles) = styles.into_inner() else {
        errors.push(Diagnostic::error("styles are tables").at(source, span).hint("write [style.NAME]"));
        return BTreeMap::new();
    };
    let styles: DeTable<'s> = styles;
    let mut read = BTreeMap::new();
    for (name, style) in styles {
        let span = name.span();
        match value(source, style) {
            Ok(style) => {
                read.insert(name.into_inner().into_owned(), Spanned::new(span, style));
            }
            Err(error) => errors.push(error),
        }
    }
    read
}
