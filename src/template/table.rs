//! Tables: rows of labels and values.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;

use crate::base::fit::two_lines_height;
use crate::base::geometry::Rect;
use crate::base::geometry::Size;
use crate::base::length::Length;
use crate::base::tint::Tint;
use crate::template::measure;
use crate::template::measure::Wrong;
use crate::template::model;
use crate::template::model::Condition;
use crate::template::model::Shape;
use crate::template::model::Style;
use crate::template::model::Test;
use crate::template::schema;
use crate::template::schema::Measure;
use crate::template::schema::Scalar;
use crate::template::shape::Drawn;
use crate::template::shape::align;
use crate::template::shape::empty;
use crate::template::values::Lines;
use crate::template::values::Values;
use crate::template::vocabulary::can_hold;

/// More different conditions than these make too many variants of a table.
const MOST_CONDITIONS: usize = 7;

/// What a row may grow to, in thousandths, when the table says nothing: 7.5 → 8.5 mm.
const GROW: u16 = 1133;

/// What the cells of a table share.
struct Shared<'a> {
    table: &'a schema::Table,
    width: Length,
    padding: Length,
    spread: Option<Length>,
}

/// Rows of labels and values.
pub(in crate::template) fn table(values: &mut Values<'_, '_>, table: &Spanned<schema::Table>) -> Option<Drawn> {
    let span = table.span();
    let table = table.get_ref();
    let at = values.point(&table.at);
    let width = values.positive(&table.width);
    let padding = values.or(table.padding.as_ref(), Length::units(540_000));
    let frame = values.or(table.frame.as_ref(), Length::units(63_500));
    let rule = values.or(table.rule.as_ref(), Length::units(31_750));
    let label_tint = values.tint(table.label_tint.as_ref(), Tint::permille(80).unwrap_or_default());
    let grow = grow(values, table);
    let height = table.height.as_ref().map(|height| values.positive(height));
    let spread = table.label_spread.as_ref().map(|spread| values.positive(spread));
    let spread = match spread {
        None => None,
        Some(spread) => Some(spread?),
    };
    let shared = Shared { table, width: width?, padding: padding?, spread };
    let rows = rows(values, &shared, span)?;
    let height = match height {
        None => None,
        Some(height) => Some(height?),
    };
    let at = at?;
    let tallest = tallest(&rows, &values.scope.when);
    if let (Some(room), Some(found)) = (height.filter(|room| *room < tallest), &table.height) {
        let wrong = Wrong::new(format!("the rows are {tallest} high together, the table {room}"));
        values.fail(found.span(), wrong.hint("make the table higher or the rows lower"));
        return None;
    }
    let extent = Rect { at, size: Size { width: shared.width, height: height.unwrap_or(tallest) } };
    values.inside(extent, Length::ZERO, table.at.span())?;
    let (width, padding) = (shared.width, shared.padding);
    let shape = model::Table {
        at,
        width,
        padding,
        frame: frame?,
        rule: rule?,
        label_tint: label_tint?,
        height,
        grow: grow?,
        rows,
    };
    Some(Drawn { shape: Shape::Table(shape), extent: Some(extent) })
}

/// What one row may grow to.
fn grow(values: &mut Values<'_, '_>, table: &schema::Table) -> Option<u16> {
    match (&table.grow, &table.height) {
        (None, _) => Some(GROW),
        (Some(grow), Some(_)) => values.get(grow, |scalar| measure::percentage(scalar, 1000, 2000)),
        (Some(grow), None) => {
            let wrong = Wrong::new("rows grow to fill the height of a table, and it has none");
            values.fail(grow.span(), wrong.hint("write `height` too, or leave `grow` out"));
            None
        }
    }
}

/// All rows; `None` when one is wrong.
fn rows(values: &mut Values<'_, '_>, shared: &Shared<'_>, span: Range<usize>) -> Option<Vec<model::Row>> {
    let mut rows = Vec::new();
    let mut conditions: BTreeSet<Condition> = BTreeSet::new();
    let mut right = true;
    let outer = values.scope.when.clone();
    for found in &shared.table.row {
        let Some(row) = row(values, shared, found) else {
            right = false;
            values.scope.when.clone_from(&outer);
            continue;
        };
        values.scope.when.clone_from(&outer);
        let few = conditions.len() <= MOST_CONDITIONS;
        conditions.extend(row.when.iter().map(|test| test.condition));
        if few && conditions.len() > MOST_CONDITIONS {
            let wrong = Wrong::new(format!("the rows of a table use at most {MOST_CONDITIONS} different conditions"));
            values.fail(found.span(), wrong.hint("put these rows into a table of their own"));
            right = false;
        }
        rows.push(row);
    }
    if shared.table.row.is_empty() {
        values.fail(span, Wrong::new("the table has no rows").hint("write [[item.table.row]]"));
        right = false;
    }
    right.then_some(rows)
}

/// One row. Leaves its conditions on the scope.
fn row(values: &mut Values<'_, '_>, shared: &Shared<'_>, found: &Spanned<schema::Row>) -> Option<model::Row> {
    let row = found.get_ref();
    let when = values.narrow(&row.when);
    let height = match row.height.as_ref().or(shared.table.row_height.as_ref()) {
        Some(height) => values.positive(height),
        None => {
            let hint = "write `height` in the row or `row_height` in the table";
            values.fail(found.span(), Wrong::new("the row has no height").hint(hint));
            None
        }
    };
    if row.cells.is_empty() {
        values.fail(found.span(), Wrong::new("the row has no cells"));
        return None;
    }
    let mut left = shared.width;
    let mut cells = Vec::new();
    for (index, found) in row.cells.iter().enumerate() {
        let last = index + 1 == row.cells.len();
        let cell = cell(values, shared, found);
        let width = cell_width(values, found, last);
        if let (Some(mut cell), Some(width)) = (cell, width) {
            left -= cell.label_width + width.unwrap_or(Length::ZERO);
            cell.width = width;
            cells.push(cell);
        }
    }
    if cells.len() < row.cells.len() {
        return None;
    }
    if left <= shared.padding * 2 {
        let used = shared.width - left;
        let wrong = Wrong::new(format!("the cells take {used} of {} before the last value", shared.width));
        values.fail(found.span(), wrong.hint("make labels or values narrower, or the table wider"));
        return None;
    }
    let row = model::Row { when: when?, height: height?, cells };
    let spans = found.get_ref().cells.iter().map(|cell| values.two_lines(cell.get_ref().fit.as_ref()));
    let spans: Vec<Option<Range<usize>>> = spans.collect();
    let mut right = true;
    for (cell, span) in row.cells.iter().zip(spans) {
        if let (Some(wrong), Some(span)) = (too_high(&row, cell), span) {
            values.fail(span, wrong);
            right = false;
        }
    }
    right.then_some(row)
}

/// What is wrong where two lines of a cell's value do not fit between the small line above it, or the row's upper
/// edge, and the row's lower edge.
fn too_high(row: &model::Row, cell: &model::Cell) -> Option<Wrong> {
    let size = cell.style.size.scale(i64::from(cell.fit.two_lines()?), 1000);
    let room = row.height - row.under(cell, row.height);
    if two_lines_height(size) <= room {
        return None;
    }
    let fits = |part: &i64| two_lines_height(cell.style.size.scale(*part, 100)) <= room;
    let hint = match (30..100).rev().find(fits) {
        Some(part) => format!("make the row higher, or write at most \"two-lines {part}%\""),
        None => "make the row higher".to_owned(),
    };
    Some(Wrong::new("two lines of this size do not fit the height of the row").hint(hint))
}

/// The width of a value's cell: the last one takes what is left, the others say theirs.
fn cell_width(values: &mut Values<'_, '_>, found: &Spanned<schema::Cell>, last: bool) -> Option<Option<Length>> {
    match (&found.get_ref().width, last) {
        (None, true) => Some(None),
        (Some(width), false) => values.positive(width).map(Some),
        (None, false) => {
            let wrong = Wrong::new("only the last cell of a row goes without a `width`");
            values.fail(found.span(), wrong.hint("write the width of its value"));
            None
        }
        (Some(width), true) => {
            let wrong = Wrong::new("the last cell of a row takes what is left of the width");
            values.fail(width.span(), wrong.hint("leave its `width` out"));
            None
        }
    }
}

/// A label and its value, without the value's width.
fn cell(values: &mut Values<'_, '_>, shared: &Shared<'_>, found: &Spanned<schema::Cell>) -> Option<model::Cell> {
    let cell = found.get_ref();
    let style = match cell.style.as_ref().or(shared.table.style.as_ref()) {
        Some(name) => values.style(name),
        None => {
            let hint = "write `style` in the cell or in the table";
            values.fail(found.span(), Wrong::new("the cell has no style").hint(hint));
            None
        }
    };
    let label = label(values, shared, found, style.as_ref());
    let empty = empty(cell.empty.unwrap_or_default());
    let value = match empty {
        model::Empty::Blank => values.words(&cell.value, Lines::One),
        model::Empty::Refuse | model::Empty::Dash => values.pattern(&cell.value, Lines::One),
    };
    let before = values.affix(cell.before.as_ref(), style.as_ref());
    let after = values.affix(cell.after.as_ref(), style.as_ref());
    let above = values.affix(cell.above.as_ref(), style.as_ref());
    let fit = values.ladder(cell.fit.as_ref());
    let align = align(cell.align.unwrap_or_default());
    let whole = values.one_line_if_spread(cell.fit.as_ref(), align);
    let label = label?;
    whole?;
    Some(model::Cell {
        label: label.words,
        label_style: label.style,
        label_width: label.width,
        label_spread: label.spread,
        width: None,
        value: value?,
        style: style?,
        before: before?,
        after: after?,
        above: above?,
        align,
        fit: fit?,
        empty,
    })
}

/// The label's half of a cell.
struct Label {
    words: Option<model::Pattern>,
    style: Arc<Style>,
    width: Length,
    spread: Option<Length>,
}

/// A label, or what stands for none.
fn label(
    values: &mut Values<'_, '_>,
    shared: &Shared<'_>,
    found: &Spanned<schema::Cell>,
    style: Option<&Arc<Style>>,
) -> Option<Label> {
    let cell = found.get_ref();
    let Some(words) = &cell.label else {
        let stray = [cell.label_style.as_ref().map(Spanned::span)]
            .into_iter()
            .chain([&cell.label_width, &cell.label_spread].map(|it| it.as_ref().map(Measure::span)))
            .flatten()
            .next();
        if let Some(span) = stray {
            values.fail(span, Wrong::new("the cell has no label").hint("write `label` or leave this out"));
            return None;
        }
        return style.map(|style| Label { words: None, style: Arc::clone(style), width: Length::ZERO, spread: None });
    };
    let pattern = values.pattern(words, Lines::One);
    let style = match cell.label_style.as_ref().or(shared.table.label_style.as_ref()) {
        Some(name) => values.style(name),
        None => style.cloned(),
    };
    let Some(wide) = cell.label_width.as_ref().or(shared.table.label_width.as_ref()) else {
        let hint = "write `label_width` in the cell or in the table";
        values.fail(found.span(), Wrong::new("the label has no width").hint(hint));
        return None;
    };
    let (span, width) = (wide.span(), values.positive(wide)?);
    let spread = spread(values, shared, cell, words.get_ref())?;
    if width - shared.padding * 2 < spread.unwrap_or(Length::units(1)) {
        let wrong = Wrong::new("the label is narrower than its words and the padding");
        values.fail(span, wrong.hint("make `label_width` wider or `label_spread` narrower"));
        return None;
    }
    Some(Label { words: Some(pattern?), style: style?, width, spread })
}

/// Over how much a label is spread: the cell's word, or the table's for two to four characters.
fn spread(
    values: &mut Values<'_, '_>,
    shared: &Shared<'_>,
    cell: &schema::Cell,
    words: &str,
) -> Option<Option<Length>> {
    match &cell.label_spread {
        Some(found) if *found.get_ref() == Scalar::Text("none".into()) => Some(None),
        Some(found) => values.positive(found).map(Some),
        None => Some(shared.spread.filter(|_| (2..=4).contains(&words.chars().count()))),
    }
}

/// The height of the rows in the variant of the table that is highest.
fn tallest(rows: &[model::Row], when: &[Test]) -> Length {
    let conditions: BTreeSet<Condition> = rows.iter().flat_map(|row| &row.when).map(|test| test.condition).collect();
    let variants = 0_u32..1 << conditions.len().min(MOST_CONDITIONS);
    let height = |variant: u32| {
        let bits = conditions.iter().enumerate();
        let mut tests: Vec<Test> =
            bits.map(|(bit, condition)| Test { condition: *condition, negated: variant & (1 << bit) == 0 }).collect();
        let shown = |row: &&model::Row| row.when.iter().all(|test| tests.contains(test));
        let height: Length = rows.iter().filter(shown).map(|row| row.height).sum();
        tests.extend(when);
        can_hold(&tests).then_some(height)
    };
    variants.filter_map(height).max().unwrap_or_default()
}
