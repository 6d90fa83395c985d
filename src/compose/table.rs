//! Setting a table: frame, rules, label cells and the baselines that labels and values share.

use crate::base::fit::Ladder;
use crate::base::geometry::{Point, Rect, Size};
use crate::base::length::Length;
use crate::base::row::{Baselines, baselines};
use crate::base::stroke::Stroke;
use crate::base::tint::Tint;
use crate::compose::line::LineSlot;
use crate::compose::prepare::Build;
use crate::sheet::{Box, Line, Mark};
use crate::template::model::{Align, Cell, Condition, Empty, Row, Table, Test};

/// The conditions that decide which rows are there, each once, in order of appearance.
pub fn conditions(table: &Table) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for test in table.rows.iter().flat_map(|row| &row.when) {
        if !conditions.contains(&test.condition) {
            conditions.push(test.condition);
        }
    }
    conditions
}

/// Sets the table as it is when exactly the conditions of `mask` hold.
pub fn build(table: &Table, conditions: &[Condition], mask: u16, build: &mut Build<'_, '_>) {
    let holds = |test: &Test| {
        let bit = conditions.iter().position(|condition| *condition == test.condition);
        bit.is_some_and(|bit| mask & (1 << bit) != 0) != test.negated
    };
    let rows: Vec<&Row> = table.rows.iter().filter(|row| row.when.iter().all(holds)).collect();
    if rows.is_empty() {
        return;
    }
    let mut bands = Vec::with_capacity(rows.len());
    let mut y = table.at.y;
    for (row, height) in rows.iter().zip(heights(table, &rows)) {
        bands.push((*row, Band { y, height, baseline: baseline(row, y, height) }));
        y += height;
    }
    draw(table, &bands, build);
    for (row, band) in &bands {
        for (cell, place) in places(table, row) {
            set_label(table, cell, place, band, build);
            set_value(table, (row, cell), place, band, build);
        }
    }
}

/// Draws the cells: tints lie under rules, rules under the frame, and all of it under the words. A stroke
/// without a width and a tint of nothing are not drawn: the one would be a hairline, the other white.
fn draw(table: &Table, bands: &[(&Row, Band)], build: &mut Build<'_, '_>) {
    let (left, right) = (table.at.x, table.at.x + table.width);
    let mut rules = Vec::new();
    for (row, band) in bands {
        if band.y != table.at.y {
            rules.push([Point { x: left, y: band.y }, Point { x: right, y: band.y }]);
        }
        for (cell, place) in places(table, row) {
            let edges = [Some(place.x), cell.label.as_ref().map(|_| place.value_x)];
            for x in edges.into_iter().flatten().filter(|x| *x != left) {
                rules.push([Point { x, y: band.y }, Point { x, y: band.y + band.height }]);
            }
            if cell.label.is_some() && table.label_tint.to_permille() > 0 {
                let size = Size { width: cell.label_width, height: band.height };
                let rect = Rect { at: Point { x: place.x, y: band.y }, size };
                build.mark(Mark::Box(Box { rect, stroke: None, fill: Some(table.label_tint) }));
            }
        }
    }
    for [from, to] in rules.into_iter().filter(|_| table.rule > Length::ZERO) {
        let stroke = Stroke { width: table.rule, tint: Tint::BLACK, dash: None };
        build.mark(Mark::Line(Line { from, to, stroke }));
    }
    if table.frame == Length::ZERO {
        return;
    }
    let height = bands.iter().map(|(_, band)| band.height).sum();
    let rect = Rect { at: table.at, size: Size { width: table.width, height } };
    let stroke = Stroke { width: table.frame, tint: Tint::BLACK, dash: None };
    build.mark(Mark::Box(Box { rect, stroke: Some(stroke), fill: None }));
}

/// Where a cell lies across the table.
#[derive(Clone, Copy)]
struct Place {
    /// The left edge of the label, or of the value where there is none.
    x: Length,
    /// The left edge of the value.
    value_x: Length,
    /// The width of the value's cell.
    width: Length,
}

/// The cells of a row from the left; the last one takes what is left of the width.
fn places<'r>(table: &'r Table, row: &'r Row) -> impl Iterator<Item = (&'r Cell, Place)> {
    let right = table.at.x + table.width;
    let mut x = table.at.x;
    row.cells.iter().enumerate().map(move |(index, cell)| {
        let label = if cell.label.is_some() { cell.label_width } else { Length::ZERO };
        let value_x = x + label;
        let last = index + 1 == row.cells.len();
        let width = cell.width.filter(|_| !last).unwrap_or(right - value_x);
        let place = Place { x, value_x, width };
        x = value_x + width;
        (cell, place)
    })
}

/// Where a row lies.
struct Band {
    y: Length,
    height: Length,
    baseline: Baselines,
}

/// The rows' heights, grown alike when there is room because others are left out.
fn heights(table: &Table, rows: &[&Row]) -> Vec<Length> {
    let natural: Length = rows.iter().map(|row| row.height).sum();
    let part = match table.height {
        Some(room) => room.permille_of(natural).unwrap_or(1000).clamp(1000, i64::from(table.grow).max(1000)),
        None => 1000,
    };
    rows.iter().map(|row| row.height.scale(part, 1000)).collect()
}

/// The baselines of a row at `y`: the largest value stands in the optical middle.
fn baseline(row: &Row, y: Length, height: Length) -> Baselines {
    let [value, above] = row.sizes();
    let Baselines { above, value } = baselines(height, value, above);
    Baselines { above: y + above, value: y + value }
}

fn set_label(table: &Table, cell: &Cell, place: Place, band: &Band, build: &mut Build<'_, '_>) {
    let Some(label) = &cell.label else { return };
    let (x, width, align) = match cell.label_spread {
        Some(spread) => (place.x + (cell.label_width - spread) / 2, spread, Align::Justify),
        None => (place.x + table.padding, cell.label_width - table.padding * 2, Align::Center),
    };
    let line = LineSlot {
        at: Point { x, y: band.baseline.value },
        width,
        align,
        lettering: build.lettering(&cell.label_style),
        value: build.parts(label),
        before: None,
        after: None,
        ruby: None,
        fit: Ladder::default(),
        middle: Length::ZERO,
        empty: Empty::Blank,
        rotate: 0,
        outline: None,
    };
    build.line(line);
}

fn set_value(table: &Table, (row, cell): (&Row, &Cell), place: Place, band: &Band, build: &mut Build<'_, '_>) {
    let (x, width) = (place.value_x + table.padding, place.width - table.padding * 2);
    if let Some(above) = &cell.above {
        let line = LineSlot {
            at: Point { x, y: band.baseline.above },
            width,
            align: cell.align,
            lettering: build.lettering(&above.style),
            value: build.parts(&above.pattern),
            before: None,
            after: None,
            ruby: None,
            fit: cell.fit.one_line(),
            middle: Length::ZERO,
            empty: Empty::Blank,
            rotate: 0,
            outline: None,
        };
        build.line(line);
    }
    let line = LineSlot {
        at: Point { x, y: band.baseline.value },
        width,
        align: cell.align,
        lettering: build.lettering(&cell.style),
        value: build.parts(&cell.value),
        before: build.affix(cell.before.as_ref()),
        after: build.affix(cell.after.as_ref()),
        ruby: None,
        fit: cell.fit.clone(),
        middle: band.y + (row.under(cell, band.height) + band.height) / 2 - band.baseline.value,
        empty: cell.empty,
        rotate: 0,
        outline: None,
    };
    build.line(line);
}
